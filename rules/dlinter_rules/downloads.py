"""wget and curl."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Command, Findings, Fix, Instruction, Run, Severity, Stage, report, rule
from dlinter.shell_edits import insert_words
from dlinter_grammar.shell_nodes import Substitution, walk
from dlinter_rules.common import certain, certainly_runs, commands_before, first_calls, image_of, in_run, program
from dlinter_rules.options import short_options

#: the short options of GNU wget that take a value (wget(1))
_WGET = "oaeiBtOTPwQlADIXRU"
#: package managers of systems whose wget is GNU's
_GNU = ("apt-get", "apt", "aptitude", "yum", "dnf", "microdnf", "zypper", "pacman")
_INSTALLERS = frozenset({"install", "add", "in", "-S", "-Sy", "-Syu"})


@rule(
    "DL3047",
    "wget-progress-noise",
    on=Command,
    named=("wget",),
    severity=Severity.INFO,
    profiles=("hadolint",),
    aliases=("DF056",),
)
def wget_progress_noise(command: Command) -> Findings:
    r"""Tell wget to show less progress

    Without a terminal wget writes a line for every 50 kB, which fills the build's log.

    ```dockerfile bad
    FROM debian:12
    RUN wget https://example.com/a.tgz && wget -O b.tgz https://example.com/b.tgz
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN wget --progress=dot:giga https://example.com/a.tgz && wget --progress=dot:giga -O b.tgz https://example.com/b.tgz
    ```
    A name that follows an option is none:
    ```dockerfile bad
    FROM centos:7
    RUN wget -Oq https://example.com/a.tgz
    ```
    ```dockerfile fixed
    FROM centos:7
    RUN wget --progress=dot:giga -Oq https://example.com/a.tgz
    ```
    The wget of BusyBox does not know the option. It writes a line a second, and with `-q` its errors only:
    ```dockerfile bad
    FROM alpine:3.20
    RUN wget https://example.com/a.tgz
    ```
    ```dockerfile fixed
    FROM alpine:3.20
    RUN wget -q https://example.com/a.tgz
    ```
    ```dockerfile bad
    FROM registry.example.com/java:8
    RUN apk add --no-cache curl && wget -O b.tgz https://example.com/a.tgz
    ```
    ```dockerfile fixed
    FROM registry.example.com/java:8
    RUN apk add --no-cache curl && wget -q -O b.tgz https://example.com/a.tgz
    ```
    ```dockerfile good
    FROM alpine:3.20
    RUN VERSION=$(wget -O- https://example.com/version) && wget https://example.com/a.tgz 2> /dev/null
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk add --no-cache wget
    RUN wget https://example.com/a.tgz
    ```
    ```dockerfile fixed
    FROM alpine:3.20
    RUN apk add --no-cache wget
    RUN wget --progress=dot:giga https://example.com/a.tgz
    ```
    ```dockerfile bad
    FROM registry.example.com/base:1
    RUN apt-get update && apt-get install -y wget && rm -rf /var/lib/apt/lists/* && wget https://example.com/a.tgz
    ```
    ```dockerfile fixed
    FROM registry.example.com/base:1
    RUN apt-get update && apt-get install -y wget && rm -rf /var/lib/apt/lists/* && wget --progress=dot:giga https://example.com/a.tgz
    ```
    Which wget an unknown image has is not known:
    ```dockerfile bad
    FROM registry.example.com/base:1
    RUN wget https://example.com/a.tgz
    ```
    ```dockerfile unsafe
    FROM registry.example.com/base:1
    RUN wget -q https://example.com/a.tgz
    ```
    ```dockerfile good
    FROM debian:12
    RUN wget -q https://example.com/a.tgz && wget -nv https://example.com/b.tgz && wget -qO- https://example.com/c
    RUN wget --progress=bar https://example.com/a.tgz && wget --no-verbose https://example.com/b.tgz
    RUN wget -o log https://example.com/a.tgz && wget -a log https://example.com/b.tgz
    RUN wget --spider https://example.com/ && wget --version
    ```
    """
    if not in_run(command) or not command.args or _silent(command):
        return
    kind, seen = _wget(command), _visible(command)
    aliased = any(other.name == "alias" for other in command.instruction.commands)  # which may mean anything
    if kind == "busybox" and not seen:
        return
    fix = None
    if kind == "gnu" and seen:
        option = "--progress=dot:giga"
        known = certain(command.instruction.stage) and "/" not in _image_name(command)
        # the other sign is that of files for Windows
        safe = (known or _is_told(command)) and command.instruction.file.escape == "\\"
        names = "log-noise" if safe else f"option-of-user:words-added={option}"
        fix = Fix([insert_words(program(command), option)], SAFE if safe else UNSAFE, f"Add {option}", (names,))
    elif seen:
        # both know it, but GNU's hides its errors, too
        safe = kind == "busybox"
        names = "log-noise" if safe else "option-of-user:words-added=-q"
        fix = Fix([insert_words(program(command), "-q")], SAFE if safe else UNSAFE, "Add -q", (names,))
    yield report(command, fix=None if command.instruction.in_onbuild or aliased else fix)


def _is_told(command: Command) -> bool:
    """True if steps call the package manager of a distribution whose wget is GNU's."""
    run = command.instruction
    return any(other.name in _GNU and certainly_runs(other) for other in [*commands_before(run), *run.commands])


def _image_name(command: Command) -> str:
    image = image_of(command.instruction.stage)
    return image.name if image is not None else ""


_SILENT = (
    "--progress", "--quiet", "--no-verbose", "--output-file", "--append-output", "--spider", "--version", "--help",
    "--show-progress", "--background", "-nv",
)  # fmt: skip


def _silent(command: Command) -> bool:
    if any(word.text.split("=", 1)[0] in _SILENT for word in command.args):
        return True
    return not short_options(command.args, _WGET).isdisjoint("qoaVhb")


def _visible(command: Command) -> bool:
    """True if what the command says about its progress reaches the log: it is in no substitution."""
    if command.script is None or command.script.root is None or command.simple is None:
        return True
    if any(redirect.fd == "2" for redirect in command.simple.redirects):
        return False
    inner = [node for node in walk(command.script.root) if isinstance(node, Substitution)]
    at = command.simple
    return not any(node.start <= at.start and at.end <= node.end for node in inner)


def _wget(command: Command) -> str:
    """``"gnu"``, ``"busybox"`` or ``""``: whose wget the command will run, as far as base image and file tell."""
    if "busybox" in command.wrappers:
        return "busybox"
    run = command.instruction
    earlier = [other for other in run.commands if other.start < command.start] + list(commands_before(run))
    if any(other.name == "apk" and _installs(other, "wget") for other in earlier):
        return "gnu"
    image = image_of(run.stage)
    if image is not None and image.userland:
        return image.userland
    if any(other.name in _GNU and certainly_runs(other) for other in [*earlier, *run.commands]):
        return "gnu"
    return "busybox" if any(other.name == "apk" for other in [*earlier, *run.commands]) else ""


def _installs(command: Command, package: str) -> bool:
    """True if *command* is a package manager's installation of *package*, with a version or not."""
    texts = [word.text for word in command.args]
    return not _INSTALLERS.isdisjoint(texts) and any(text.split("=", 1)[0] == package for text in texts)


@rule(
    "DL4001",
    "wget-and-curl-both",
    on=Stage,
    profiles=("hadolint",),
    aliases=("DS-0014", "DF058"),
)
def wget_and_curl_both(stage: Stage) -> Findings:
    r"""Download with wget or with curl, not with both

    One of them is enough, and the other takes room and needs updates.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl wget && rm -rf /var/lib/apt/lists/*
    RUN curl -fsSLO https://example.com/a.tgz
    RUN wget -q https://example.com/b.tgz
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk add --no-cache curl && curl -fsSL https://example.com/a | sh
    RUN wget -qO- https://example.com/b | sh
    ```
    What the base image has anyway costs nothing:
    ```dockerfile good
    FROM buildpack-deps:bookworm
    RUN curl -fsSLO https://example.com/a.tgz
    RUN wget -q https://example.com/b.tgz
    ```
    ```dockerfile good
    FROM debian:12 AS one
    RUN apt-get update && apt-get install -y curl && curl -fsSLO https://example.com/a.tgz
    FROM debian:12
    RUN apt-get update && apt-get install -y wget && wget -q https://example.com/b.tgz
    HEALTHCHECK CMD curl -f http://localhost/
    ```
    """
    image = image_of(stage)
    if image is not None and image.has("curl") and image.has("wget"):
        return
    facts, calls = stage.file.facts, first_calls(stage)
    own = sorted((calls[name] for name in _CALLING if name in calls), key=lambda command: command.start)
    parent = facts.parent(stage) if own else None
    used = {
        name
        for name, calling in _CALLING.items()
        if parent is not None and next(facts.before(parent, Run, where=calling), None) is not None
    }
    new = [command for command in own if command.name not in used]
    if new and len(new) + len(used) == 2:
        yield report(program(new[-1]))


def _calls_curl(run: Instruction) -> bool:
    return any(command.name == "curl" for command in run.commands)


def _calls_wget(run: Instruction) -> bool:
    return any(command.name == "wget" for command in run.commands)


_CALLING = {"curl": _calls_curl, "wget": _calls_wget}
