"""What the base image has, and what is asked of it."""

from __future__ import annotations

from dlinter import Add, Command, Copy, Findings, Healthcheck, Instruction, Run, Script, Severity, report, rule
from dlinter.images import today
from dlinter.packages import package_call
from dlinter_grammar.shell_nodes import Pipeline
from dlinter_rules.common import certain, first_calls, image_of, in_run, program, ran_before, steps, unseen_script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.images import Image

#: tools that people take for given
_TOOLS = ("curl", "wget", "git", "bash", "unzip", "make", "gcc", "python3", "sudo", "xz")
#: what brings no program into the image
_HARMLESS = frozenset({
    ":", "[", "addgroup", "adduser", "awk", "cat", "cd", "chgrp", "chmod", "chown", "chpasswd", "date",
    "debconf-set-selections", "echo", "env", "export", "grep", "groupadd", "groupmod", "id", "ldconfig",
    "locale-gen", "ls", "mkdir", "passwd", "printf", "pwd", "rm", "rmdir", "sed", "set", "sleep", "tee", "test",
    "touch", "true", "uname", "update-ca-certificates", "update-locale", "useradd", "usermod", "whoami",
})  # fmt: skip


@rule(
    "DL8404",
    "wrong-package-manager-for-base",
    on=Command,
    named=("apk", "apt-get", "apt", "yum", "dnf", "microdnf", "zypper", "pacman"),
    severity=Severity.ERROR,
)
def wrong_package_manager(command: Command) -> Findings:
    r"""Call the package manager that the base image has

    The step stops the build: there is no such program.

    ```dockerfile bad
    FROM python:3.12-slim
    RUN apk add --no-cache curl
    ```
    ```dockerfile bad
    FROM node:22-alpine
    RUN apt-get update && apt-get install -y git
    ```
    ```dockerfile good
    FROM node:22-alpine
    RUN apk add --no-cache git
    RUN if command -v apt-get; then apt-get update; fi
    ```
    ```dockerfile good
    ARG BASE=node:22-alpine
    FROM $BASE
    RUN apt-get update
    ```
    ```dockerfile good
    FROM node:22-alpine
    COPY --from=tools /usr/bin/apt-get /usr/bin/
    RUN apt-get update
    ```
    """
    image, stage = _image(command.instruction), command.instruction.stage
    if image is None or stage is None or not in_run(command) or image.has(command.name) is not False:
        return
    if first_calls(stage).get(command.name) is not command or command.wrappers:
        return
    if _needed(command) and not _brought(command.instruction):
        theirs = f": it has {image.managers[0]}" if image.managers else ""
        yield report(program(command), f"{_what(image)} has no {command.name}{theirs}")


@rule("DL8405", "tool-not-available-in-base", on=Command, named=_TOOLS, severity=Severity.ERROR)
def tool_not_available(command: Command) -> Findings:
    r"""Install a program before calling it

    The base image does not have it, so the step fails with status 127.

    ```dockerfile bad
    FROM debian:12
    RUN curl -fsSL https://example.com/setup.tgz | tar xz
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN bash -c 'echo hello'
    ```
    ```dockerfile bad
    FROM python:3.12-slim
    WORKDIR /app
    RUN git clone https://example.com/app.git . && apt-get update && apt-get install -y git
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && curl -fsSL https://example.com/setup.tgz | tar xz
    ```
    ```dockerfile good
    FROM python:3.12
    RUN curl -fsSL https://example.com/setup.tgz | tar xz
    ```
    ```dockerfile good
    FROM debian:12
    COPY tools/ /usr/local/bin/
    RUN curl -fsSL https://example.com/setup.tgz | tar xz
    ```
    ```dockerfile good
    FROM debian:12
    RUN curl --version || true
    ```
    """
    image = _image(command.instruction)
    if image is None or not in_run(command) or image.has(command.name) is not False:
        return
    if not _needed(command) or command.wrappers or "/" in (program(command).value or ""):
        return
    if not _brought(command.instruction) and not _installed(command):
        yield report(program(command), f"{_what(image)} has no {command.name}: install it first")


@rule("DL8406", "shell-not-available-in-base", on=Run, mentions=("scratch", "distroless"), severity=Severity.ERROR)
def shell_not_available(run: Run) -> Findings:
    r"""Run commands in a stage that has a shell

    The image has no /bin/sh, so no RUN in shell form can start.

    ```dockerfile bad
    FROM scratch
    COPY app /app
    RUN chmod +x /app
    ```
    ```dockerfile bad
    FROM gcr.io/distroless/static-debian12
    RUN mkdir /data
    ```
    ```dockerfile good
    FROM scratch
    ADD rootfs.tar.xz /
    RUN ldconfig
    ```
    ```dockerfile good
    FROM scratch
    COPY --from=busybox /bin/ /bin/
    RUN mkdir /data
    ```
    ```dockerfile good
    FROM gcr.io/distroless/static-debian12:debug
    RUN ["/app", "--init"]
    ```
    """
    image = _image(run)
    if image is None or image.sh != "" or run.form != "shell" or run.in_onbuild or image.family == "windows":
        return
    if image.family not in ("scratch", "distroless") or "debug" in (image.reference.tag or ""):
        return
    if run.file.facts.has_shell(run) or any(True for _ in run.file.facts.before(run, Add)):
        return
    for copy in run.file.facts.before(run, Copy):
        target = copy.args[-1].value if copy.args else ""
        if copy.flag("from") is not None or target.rstrip("/") in ("", "/bin", ".") or "rootfs" in copy.syntax.map.text:
            return
    yield report(run.name, f"{_what(image)} has no shell to run this in")


@rule("DL8407", "healthcheck-uses-missing-tool", on=Healthcheck, severity=Severity.ERROR)
def healthcheck_uses_missing_tool(healthcheck: Healthcheck) -> Findings:
    r"""Check the health with a program that the image has

    Where it is missing the check fails every time, and the container is unhealthy for good.

    ```dockerfile bad
    FROM python:3.12-slim
    COPY . /app
    HEALTHCHECK CMD curl -f http://localhost/ || exit 1
    ```
    ```dockerfile bad
    FROM node:22-alpine
    RUN apk add --no-cache tini
    HEALTHCHECK CMD ["curl", "-f", "http://localhost/"]
    ```
    ```dockerfile good
    FROM node:22-alpine
    HEALTHCHECK CMD wget -q --spider http://localhost/ || exit 1
    ```
    ```dockerfile good
    FROM python:3.12-slim
    RUN apt-get update && apt-get install -y --no-install-recommends curl
    HEALTHCHECK CMD curl -f http://localhost/ || exit 1
    ```
    ```dockerfile good
    FROM python:3.12-slim
    COPY --from=build /usr/bin/curl /usr/bin/
    HEALTHCHECK CMD curl -f http://localhost/ || exit 1
    ```
    """
    image = _image(healthcheck)
    if image is None or healthcheck.stage is None:
        return
    stage = healthcheck.stage
    if _brought(stage.instructions[-1]) or stage.file.facts.children(stage):
        return
    if next(stage.file.facts.before(stage, Run, where=_may_bring_one), None) is not None:
        return
    for command in healthcheck.commands[:1]:
        if command.name in ("curl", "wget") and image.has(command.name) is False:
            yield report(program(command), f"{_what(image)} has no {command.name}, and nothing here installs it")


def _may_bring_one(run: Instruction) -> bool:
    return any(_may_bring(command) for command in run.commands)


def _may_bring(command: Command) -> bool:
    """True if *command* may install curl or wget: apk and a list without recommendations bring what they name."""
    call = package_call(command)
    if call is None:
        return unseen_script(command) or command.name in ("curl", "wget", "dpkg", "rpm", "tar", "ln", "mv", "cp")
    if call.action not in ("install", "upgrade") or call.manager in ("pip", "npm", "yarn", "pnpm", "gem", "bundle"):
        return False
    if call.manager != "apk" and not call.has("--no-install-recommends"):
        return True
    return call.opaque or any(
        p.name is None or "curl" in p.name or "wget" in p.name or p.name.startswith("$") for p in call.packages
    )


def _image(instruction: Instruction) -> Image | None:
    """What is known for certain of the base image."""
    image = image_of(instruction.stage) if certain(instruction.stage) and not instruction.in_onbuild else None
    return image if image is not None and _sure(image) else None


def _needed(command: Command) -> bool:
    """True if *command* runs in any case, alone or in a pipe, and its RUN cannot do without it."""
    script, scripts = command.script, command.instruction.scripts
    if script is None or not scripts or script is not scripts[0]:
        return script is None
    return script.instruction.file.facts.known(_steps_of, script).get(id(command.simple), False)


def _steps_of(script: Script) -> dict[int, bool]:
    """:func:`steps` by the identity of each command, those in pipes too."""
    found: dict[int, bool] = {}
    for node, fatal in steps(script):
        for each in (node, *node.commands) if isinstance(node, Pipeline) else (node,):
            found.setdefault(id(each), fatal)
    return found


def _what(image: Image) -> str:
    return image.reference.text


def _brought(instruction: Instruction) -> bool:
    """True if files that may be programs were copied into the image before *instruction*."""
    return next(instruction.file.facts.before(instruction, Copy, Add, where=_brings), None) is not None


def _brings(copy: Instruction) -> bool:
    target = copy.args[-1].value.rstrip("/") if copy.args else ""
    if target in ("", ".") and copy.flag("from") is None and isinstance(copy, Copy) and _inside(copy):
        return False
    if isinstance(copy, Add) and not target:
        return True
    return copy.flag("from") is not None or target in ("", "/usr", "/usr/local", "/opt") or "bin" in target


def _inside(copy: Instruction) -> bool:
    """True if a relative destination lies in a folder for the application."""
    workdir = copy.file.facts.workdir(copy, base=True)
    return workdir is not None and workdir not in ("/", "/usr", "/usr/local") and "bin" not in workdir


def _installed(command: Command) -> bool:
    """True if something before *command* may have installed programs."""
    return ran_before(command, _may_install)


def _may_install(command: Command) -> bool:
    call = package_call(command)
    return command.name not in _HARMLESS and (call is None or call.action not in ("update", "clean", "remove"))


def _sure(image: Image) -> bool:
    """True if the data are those of this very tag: old tags of images that changed since may be others."""
    constant = image.family in ("alpine", "busybox", "scratch", "distroless") or image.name == image.distro
    return constant or not image.ended(today())
