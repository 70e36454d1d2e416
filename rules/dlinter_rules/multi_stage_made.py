"""Which paths a stage certainly does not have."""

from __future__ import annotations

from posixpath import normpath

from dlinter import Add, Command, Copy, Instruction, Run, Stage, Workdir
from dlinter.packages import package_call
from dlinter_rules.common import image_of
from dlinter_rules.multi_stage_products import located, option_value, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: official images that have nothing in folders of one's own
_PLAIN = frozenset({
    "almalinux", "alpine", "amazonlinux", "buildpack-deps", "busybox", "centos", "composer", "debian",
    "eclipse-temurin", "elixir", "erlang", "fedora", "gcc", "golang", "gradle", "maven", "nginx", "node", "openjdk",
    "php", "python", "rockylinux", "ruby", "rust", "scratch", "ubuntu",
})  # fmt: skip
#: folders that images have, and that tools write to
_SYSTEM = frozenset({
    "bin", "boot", "dev", "etc", "go", "home", "lib", "lib32", "lib64", "libx32", "media", "mnt", "opt", "proc", "root",
    "run", "sbin", "srv", "sys", "tmp", "usr", "var", "data", "docker-entrypoint.d",
})  # fmt: skip
#: commands that write nothing outside of system folders and the directory they run in
_HERE = frozenset({
    "apk", "apt", "apt-get", "bun", "bundle", "bundler", "cargo", "composer", "corepack", "dnf", "dotnet", "gem", "go",
    "gradle", "gradlew", "mvn", "mvnw", "npm", "pip", "pip3", "pnpm", "rustup", "yarn", "yum",
})  # fmt: skip
_BUILDERS = frozenset({"cargo", "dotnet", "go", "gradle", "gradlew", "mvn", "mvnw", "rustup"})
#: commands that make nothing
_NOTHING = frozenset({
    "[", "cat", "cd", "chgrp", "chmod", "chown", "echo", "env", "exit", "export", "false", "find", "grep", "id", "ls",
    "printf", "pwd", "rm", "rmdir", "set", "sleep", "strip", "test", "true", "uname", "which",
})  # fmt: skip
#: commands that make what their operands name
_NAMED = frozenset({"cp", "install", "ln", "mkdir", "mv", "touch"})


def never_made(stage: Stage, path: str) -> bool:
    """True if the absolute *path*, which may have wildcards, is certainly not there at the end of *stage*."""
    first = path.strip("/").partition("/")[0]
    if not first or first in _SYSTEM or set(path) & set("$*?[\\"):
        return False
    image = image_of(stage)
    if image is None or image.name not in _PLAIN or (image.family != "scratch" and not image.reference.official):
        return False
    facts = stage.file.facts
    root = facts.graph.root(stage)
    if root.base.image is None or "$" in root.base.image.value:
        return False
    for each in facts.chain(stage):
        for instruction in each.instructions[1:]:
            if instruction.keyword == "onbuild" or (
                instruction.keyword in ("env", "arg") and f"/{first}" in instruction.text
            ):
                return False
            places = _places(instruction)
            if places is None:
                return False
            for place in places:
                if place == "/" or place.split("/")[1] == first:
                    return False
    return True


def _places(instruction: Instruction) -> list[str] | None:
    """The paths below which *instruction* may make something; None if that may be anywhere."""
    facts = instruction.file.facts
    if isinstance(instruction, Workdir):
        path = facts.workdir(instruction, base=True)
        text = None if instruction.value is None else facts.expand(instruction.value, instruction).value
        found = resolve(path, text) if text else None
        return None if found is None else [found]
    if isinstance(instruction, Copy | Add):
        text = None if instruction.destination is None else facts.expand(instruction.destination, instruction).value
        found = resolve(facts.workdir(instruction, base=True), text) if text else None
        return None if found is None else [found]
    if isinstance(instruction, Run):
        return _run(instruction)
    return []


def _run(run: Run) -> list[str] | None:
    if run.form != "shell" or run.heredocs or not run.scripts or any(s.root is None for s in run.scripts):
        return None
    found: list[str] = []
    for mount in run.mounts:
        if mount.type == "bind" and mount.target is None:
            return None
    for command, folder in located(run):
        if folder is None or not command.name:
            return None
        places = _command(command, folder)
        if places is None or any(place is None for place in places):
            return None
        found += [place for place in places if place is not None]
    return found


def _command(command: Command, folder: str) -> list[str | None] | None:
    """The paths below which *command* may make something, None for one that is not known; None if all are not."""
    found: list[str | None] = [*_redirected(command, folder)]
    if command.wrappers or command.script is None:
        return None
    if command.name in _NOTHING:
        if command.name == "find" and command.option("-exec", "-execdir", "-fprint") is not None:
            return None
        return found
    if command.name in _NAMED:
        return found + [resolve(folder, w.value or "$") for w in command.args if w.text[:1] != "-"] + _valued(command)
    if command.name == "git" and command.operand("clone") is not None:
        operands = [w.value for w in command.args if w.text[:1] != "-"]
        return [*found, folder, *(resolve(folder, w or "$") for w in operands if w is None or "://" not in w)]
    if command.name in ("curl", "wget", "tar", "unzip"):
        return [*found, folder, *(resolve(folder, w.value or "$") for w in command.args), *_valued(command)]
    if command.name in _HERE:
        call = package_call(command)
        known = call is not None and call.action in ("install", "update", "upgrade", "remove", "clean")
        if not known and command.name not in _BUILDERS:
            # a script of the project may write anywhere
            return None
        operands = [resolve(folder, w.value or "$") for w in command.args if w.text[:1] != "-"]
        return [*found, folder, *operands, *_valued(command)]
    return None


def _valued(command: Command) -> list[str | None]:
    """What options with a value of their own name."""
    found: list[str | None] = []
    for word in command.args:
        text = word.value if word.value is not None else "$"
        if text[:1] == "-" and "=" in text:
            found += _absolute(text.partition("=")[2])
        elif text[:1] == "-" and "/" in text:
            found += _absolute(text[text.index("/") :])
        elif text.startswith("/"):
            found.append(normpath(text))
    output = option_value(command, "-o", "-O", "-d", "-C", "-t")
    if output is not None and output.startswith("/"):
        found.append(normpath(output))
    return found


def _absolute(text: str) -> list[str | None]:
    if "$" in text:
        return [None]
    return [normpath(text)] if text.startswith("/") else []


def _redirected(command: Command, folder: str) -> Iterator[str | None]:
    for redirect in command.simple.redirects if command.simple is not None else ():
        if redirect.operator.startswith(">") and redirect.target is not None:
            yield resolve(folder, redirect.target.value or "$")
