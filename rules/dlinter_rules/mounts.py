"""Mounts that a RUN gets: of caches, and of secrets in place of arguments."""

from __future__ import annotations

from functools import cache

from dlinter import UNSAFE, Arg, Command, Edit, Findings, Fix, Run, Severity, report, rule
from dlinter.packages import package_call
from dlinter.shell_edits import delete_instruction
from dlinter_grammar import regex as re
from dlinter_rules.common import program, runs_as_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dlinter import Dockerfile, Instruction

_FRONTEND = re.compile(r"(?:docker\.io/)?docker/dockerfile(?::1(?:\.(\d+)(?:\.\d+)?)?)?(?:@sha256:[0-9a-f]+)?")
#: where root has the caches of programs, and the beginnings of variables that say otherwise
_CACHES = {
    "pip": ("/root/.cache/pip", "PIP_"),
    "npm": ("/root/.npm", "NPM_CONFIG_CACHE"),
    "go": ("/root/.cache/go-build", "GO"),
}
_WORK = {"pip": ("install", "wheel", "download"), "npm": ("ci", "install"), "go": ("build", "install", "test")}


def frontend_knows(file: Dockerfile, minor: int) -> bool:
    """True unless the directive ``syntax`` names a frontend older than ``docker/dockerfile:1.minor``, or another."""
    name = next((d.value.text for d in file.directives if d.name.text.lower() == "syntax"), None)
    if name is None:
        return True
    match = _FRONTEND.fullmatch(name)
    return match is not None and (match[1] is None or int(match[1]) >= minor)


def add_mount(run: Instruction, mount: str) -> Edit:
    """``--mount=mount`` as the last flag of *run*."""
    if run.flags:
        return Edit(run.flags[-1].end, run.flags[-1].end, f" --mount={mount}")
    return Edit(run.name.end, run.name.end, f" --mount={mount}")


def as_secret(arg: Arg, name: str) -> Fix | None:
    """The argument *name* as a secret of the RUN instructions that use it; None if anything else does.

    The variable holds the same, but the build has to be called with ``--secret`` instead of ``--build-arg``; needs
    ``docker/dockerfile:1.10`` (``env=`` of secret mounts, in BuildKit 0.16).
    """
    stage = arg.stage
    if stage is None or len(arg.pairs) != 1 or arg.pairs[0].value is not None or not frontend_knows(arg.file, 10):
        return None
    removed = delete_instruction(arg)
    mentions = re.compile(rf"(?<![\w]){re.escape(name)}(?!\w)")
    users: list[Run] = []
    for other in arg.file.instructions:
        text = other.syntax.map.text + "".join(heredoc.content for heredoc in other.heredocs)
        if other is arg or not mentions.search(text):
            continue
        if not isinstance(other, Run) or other.stage is not stage or other.index < arg.index or other.in_onbuild:
            return None
        if any(mount.type == "secret" for mount in other.mounts) or re.search(rf"\b{re.escape(name)}=", text):
            return None
        users.append(other)
    if removed is None or not users or arg.file.facts.descendants(stage) or arg.syntax.prev_comments:
        return None
    edits = [removed, *(add_mount(run, f"type=secret,id={name},env={name},required=true") for run in users)]
    purpose = "option-of-user:"
    flag = f"{purpose}flag=--mount=env={name},id={name},required=true,type=secret"
    title = f"Mount it as a secret, for docker build --secret id={name}"
    return Fix(edits, UNSAFE, title, (f"{purpose}instruction-removed={arg.syntax.map.text}", flag))


@rule(
    "DL5010",
    "cache-mount-opportunity",
    on=Command,
    reads="file",
    named=("pip", "pip3", "npm", "go", "python", "python3"),
    severity=Severity.STYLE,
    profiles=(),
)
def cache_mount_opportunity(command: Command) -> Findings:
    r"""Keep what a package manager downloads in a cache mount

    The mount outlives the layer, so that a changed list of packages does not download all of them again.

    It takes BuildKit, it is empty on every machine that does not keep it, and it has to lie where the user who runs
    the step has the cache:
    ```dockerfile bad
    FROM python:3.12
    COPY requirements.txt .
    RUN pip install -r requirements.txt
    ```
    ```dockerfile unsafe
    FROM python:3.12
    COPY requirements.txt .
    RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
    ```
    ```dockerfile bad
    FROM node:20
    RUN --network=default npm ci && npm run build
    ```
    ```dockerfile unsafe
    FROM node:20
    RUN --network=default --mount=type=cache,target=/root/.npm npm ci && npm run build
    ```
    Another frontend may not know it, and a later step may read the cache:
    ```dockerfile bad
    # syntax=docker/dockerfile:1.1
    FROM golang:1.22
    RUN go build ./...
    ```
    ```dockerfile bad
    FROM node:20
    RUN npm ci
    RUN cp -r /root/.npm /srv/cache
    ```
    ```dockerfile good
    FROM python:3.12
    RUN --mount=type=cache,target=/root/.cache/pip pip install flask
    RUN --mount=type=bind,source=a,target=/a pip install flask
    RUN pip list && npm run build
    USER app
    RUN pip install flask
    ```
    ```dockerfile good
    FROM python:3.12
    ENV PIP_NO_CACHE_DIR=1
    RUN pip install flask
    ```
    """
    run = command.instruction
    call = package_call(command)
    if not isinstance(run, Run) or call is None or call.subcommand not in _WORK.get(call.manager, ()) or run.in_onbuild:
        return
    target, prefix = _CACHES[call.manager]
    if run.mounts or command.wrappers or run.file.facts.env(run).some(_decides(prefix)) or not runs_as_root(run):
        return
    mentioned = run.file.facts.once(_names_a_cache)
    folder = target.rpartition("/")[2]
    near = any(folder in text for text in run.file.facts.known(_paths, run))
    fix = None
    if frontend_knows(run.file, 2) and not mentioned and not near and not run.file.facts.once(_handed_on):
        title = f"Mount a cache at {target}"
        fix = Fix([add_mount(run, f"type=cache,target={target}")], UNSAFE, title, ("cache-mount",))
    yield report(program(command), f"Mount a cache at {target}, where {call.manager} keeps its downloads", fix)


@cache
def _decides(prefix: str) -> Callable[[str], bool]:
    """Whether a variable says where a cache is, for a package manager whose own begin with *prefix*."""

    def decides(name: str) -> bool:
        upper = name.upper()
        return upper in ("HOME", "XDG_CACHE_HOME") or (upper.startswith(prefix) and upper not in _HARMLESS)

    return decides


def _paths(run: Run) -> list[str]:
    """The words with a slash."""
    return [word.text for command in run.commands for word in command.words if "/" in word.text]


def _names_a_cache(file: Dockerfile) -> bool:
    return any(_CACHE.search(each.syntax.map.text) for each in file.instructions)


#: a folder of caches, whoever's
_CACHE = re.compile(r"/\.(?:cache|npm)(?![\w.])")
#: variables of images that say nothing of a cache
_HARMLESS = frozenset(
    {"GOPATH", "GOLANG_VERSION", "GOTOOLCHAIN", "GOOS", "GOARCH", "GOPROXY", "GO111MODULE", "GO_VERSION"}
)


def _handed_on(file: Dockerfile) -> bool:
    """True if a stage takes files of root's home, or everything, from another one."""
    for other in file.instructions:
        if other.keyword in ("copy", "add") and any(flag.name == "from" for flag in other.flags):
            sources = [token.value for token in other.args[:-1]]
            if any(source.rstrip("/") in ("", "/root") or source.startswith("/root/") for source in sources):
                return True
    return False
