"""The order of steps, and what it costs in the build cache."""

from __future__ import annotations

from posixpath import join, normpath

from dlinter import (
    UNSAFE,
    Add,
    Arg,
    Command,
    Copy,
    Edit,
    Findings,
    Fix,
    Instruction,
    Label,
    Run,
    Severity,
    Stage,
    report,
    rule,
)
from dlinter.packages import package_call
from dlinter.shell_edits import delete_instruction
from dlinter_grammar import regex as re
from dlinter_rules.chains import previous
from dlinter_rules.common import unseen_script
from dlinter_rules.proven import proven

#: arguments that are another in every build
_VOLATILE = (
    "GIT_SHA GIT_COMMIT GIT_HASH GIT_REV GIT_REVISION GIT_COMMIT_SHA GIT_COMMIT_HASH GIT_SHA1 GITHUB_SHA COMMIT "
    "COMMIT_SHA COMMIT_HASH COMMIT_ID VCS_REF VCS_SHA VCS_REVISION REVISION CI_COMMIT_SHA SOURCE_COMMIT BUILD_DATE "
    "BUILD_TIME BUILD_TIMESTAMP BUILD_NUMBER BUILD_ID BUILDDATE BUILD_COMMIT BUILD_REV BUILD_SHA"
)


@rule(
    "DL5005",
    "cache-volatile-arg-early",
    on=Stage,
    reads="file",
    mentions=tuple(_VOLATILE.lower().split()),
    severity=Severity.INFO,
)
def cache_volatile_arg_early(stage: Stage) -> Findings:
    r"""Declare an argument that always changes after the steps that do not need it

    Every RUN after an ARG sees it, so each build with another value runs all of them again.

    ```dockerfile bad
    FROM node:20
    ARG GIT_SHA
    WORKDIR /app
    COPY . .
    RUN npm ci
    ENV GIT_SHA=$GIT_SHA
    ```
    ```dockerfile unsafe
    FROM node:20
    WORKDIR /app
    COPY . .
    RUN npm ci
    ARG GIT_SHA
    ENV GIT_SHA=$GIT_SHA
    ```
    A label is no step, so it goes along:
    ```dockerfile bad
    FROM node:20
    ARG BUILD_DATE=unknown
    LABEL org.opencontainers.image.created=$BUILD_DATE
    RUN npm ci
    CMD ["node", "."]
    ```
    ```dockerfile unsafe
    FROM node:20
    RUN npm ci
    ARG BUILD_DATE=unknown
    LABEL org.opencontainers.image.created=$BUILD_DATE
    CMD ["node", "."]
    ```
    ```dockerfile good
    FROM node:20
    ARG NODE_ENV
    ARG GIT_SHA
    RUN echo "$GIT_SHA" > /revision
    RUN npm ci
    ```
    ```dockerfile good
    FROM node:20
    RUN npm ci
    ARG GIT_SHA
    LABEL revision=$GIT_SHA
    ```
    A script may read it from its environment, where that stands in its name:
    ```dockerfile good
    FROM golang:1.22
    ARG COMMIT
    RUN make build
    ```
    """
    for arg in stage.instructions:
        if not isinstance(arg, Arg) or len(arg.pairs) != 1 or arg.pairs[0].key.value not in _VOLATILE.split():
            continue
        name = arg.pairs[0].key.value
        later = [i for i in stage.instructions if i.index > arg.index]
        mentions = re.compile(rf"\b{name}\b")
        using = [i for i in later if mentions.search("\n".join([i.syntax.map.text, *(h.content for h in i.heredocs)]))]
        labels = [i for i in using if isinstance(i, Label)]
        real = [i for i in using if not isinstance(i, Label)]
        if not using:
            continue
        runs = [i for i in later if isinstance(i, Run) and (not real or i.index < real[0].index)]
        if not runs or any(_reads(command) for run in runs for command in run.commands):
            continue
        labels = [label for label in labels if label.index < runs[-1].index]
        message = f"Declare {name} later: the RUN at line {runs[0].line} does not need it, and runs in every build"
        yield report(arg.pairs[0].key, message, _later([arg, *labels], runs[-1], later))


_BUILDERS = ("go", "cargo", "mvn", "gradle", "mage", "bazel", "goreleaser", "task", "docker")


def _reads(command: Command) -> bool:
    """True for a build tool, whose files may use any variable."""
    return unseen_script(command) or command.name in _BUILDERS


def _later(block: list[Instruction], run: Run, later: list[Instruction]) -> Fix | None:
    file = run.file
    removed = []
    for instruction in block:
        edit = delete_instruction(instruction)
        if edit is None or instruction.syntax.prev_comments:
            return None
        removed.append(edit)
    text = "".join(file.text[edit.start : edit.end] for edit in removed)
    if not text.endswith("\n") or file.text[run.syntax.close - 1 : run.syntax.close] != "\n":
        return None
    texts = [instruction.syntax.map.text for instruction in file.instructions]
    if any(texts.count(instruction.syntax.map.text) > 1 for instruction in block):
        return None
    inserted = Edit(run.syntax.close, run.syntax.close, text)
    purpose = "option-of-user:instruction-"
    names = [f"{purpose}{what}={i.syntax.map.text}" for i in block for what in ("removed", "added")]
    return Fix([*removed, inserted], UNSAFE, "Move it behind the last step that does not need it", names)


_SYSTEM = frozenset({"apt-get", "apt", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper"})
#: folders that packages have files in
_SYSTEM_FOLDERS = ("/etc", "/usr", "/var", "/lib", "/bin", "/sbin", "/root", "/run", "/boot")


@rule("DL5006", "cache-expensive-after-copy", on=Run)
def cache_expensive_after_copy(run: Run) -> Findings:
    r"""Install system packages before copying the code

    Every change of any file of the code makes the build download and install the packages again.

    ```dockerfile bad
    FROM python:3.12
    WORKDIR /app
    COPY . .
    RUN apt-get update \
        && apt-get install -y libpq5 \
        && rm -rf /var/lib/apt/lists/*
    RUN pip install --no-cache-dir .
    ```
    ```dockerfile unsafe
    FROM python:3.12
    WORKDIR /app
    RUN apt-get update \
        && apt-get install -y libpq5 \
        && rm -rf /var/lib/apt/lists/*
    COPY . .
    RUN pip install --no-cache-dir .
    ```
    ```dockerfile good
    FROM alpine:3.20
    COPY sources.list /etc/apk/repositories
    RUN apk add --no-cache curl
    COPY . /
    RUN apk add --no-cache git
    COPY . /app
    RUN apk add --no-cache make && make -C /app
    COPY packages /app/packages
    RUN apk add --no-cache bash
    COPY --from=build . /app
    RUN apk add --no-cache jq
    COPY . /app
    RUN apk add --no-cache --allow-untrusted ./local.apk
    RUN xargs apk add < packages.txt
    ```
    Where the build context is known, it shows that the packages do without its files:
    ```yaml context
    setup.py: from setuptools import setup
    app/main.py: print()
    ```
    ```dockerfile bad
    FROM debian:12
    WORKDIR /app
    COPY . .
    RUN apt-get update && apt-get install -y --no-install-recommends python3-pip
    RUN pip install .
    ```
    ```dockerfile fixed
    FROM debian:12
    WORKDIR /app
    RUN apt-get update && apt-get install -y --no-install-recommends python3-pip
    COPY . .
    RUN pip install .
    ```
    """
    copies: list[Copy | Add] = []
    before = previous(run)
    while isinstance(before, (Copy, Add)) and before.flag("from") is None and not before.heredocs:
        copies.append(before)
        before = previous(before)
    whole = [copy for copy in copies if any(source.value in (".", "./", "*") for source in copy.sources)]
    if not whole or run.heredocs or run.mounts or not run.commands or not _packages_only(run):
        return
    if any(not _apart(copy) for copy in copies):
        return
    message = f"Install these packages before the COPY at line {whole[-1].line}: they do not need it"
    yield report(run.name, message, _before(run, copies[-1]))


def _apart(copy: Copy | Add) -> bool:
    """True if what is copied goes to a folder that no package has files in."""
    target = copy.destination
    if target is None or "$" in target.value:
        return False
    folder = copy.file.facts.workdir(copy)
    if folder is None and not target.value.startswith("/"):
        return False
    place = normpath(join(folder or "/", target.value))
    if place.startswith(("/usr/src/", "/usr/local/app", "/var/app", "/var/task")):
        return True
    return place != "/" and not any(place == f or place.startswith(f"{f}/") for f in _SYSTEM_FOLDERS)


def _packages_only(run: Run) -> bool:
    """True if the RUN does nothing but install packages by name and clean up after it."""
    installs = False
    script = run.scripts[0] if run.scripts else None
    if script is None or script.root is None or len(run.scripts) != 1:
        return False
    for command in run.commands:
        if command.simple is None or command.simple.redirects or command.wrappers:
            return False
        if any(word.value is None and not word.text.startswith(("/var/", "/tmp/")) for word in command.args):
            return False
        if command.name == "rm":
            if not all(word.text.startswith(("-", "/var/", "/tmp/", "/root/.cache")) for word in command.args):
                return False
        elif command.name not in _SYSTEM:
            return False
        else:
            call = package_call(command)
            if call is None or call.action is None or any(p.kind not in ("name", "virtual") for p in call.packages):
                return False
            installs = installs or call.action == "install"
    return installs


def _before(run: Run, copy: Copy | Add) -> Fix | None:
    file = run.file
    start = file.source.line_start(run.start)
    if file.text[start : run.start].strip() or run.syntax.prev_comments or file.text[run.syntax.close - 1] != "\n":
        return None
    first = copy.syntax.prev_comments[0].start if copy.syntax.prev_comments else copy.start
    at = file.source.line_start(first)
    text = file.text[start : run.syntax.close]
    edits = [Edit(at, at, text), Edit(start, run.syntax.close, "")]
    return proven(file, edits, "Install them first", ["step-moved-up"])
