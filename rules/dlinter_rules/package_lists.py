"""Lists of packages: what stands there twice, and their order."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from dlinter import SAFE, UNSAFE, Add, Command, Copy, Edit, Findings, Fix, Run, Severity, Stage, report, rule
from dlinter.commands import Word
from dlinter.packages import Package, PackageCall, package_call
from dlinter.shell_edits import delete_word
from dlinter_grammar import regex as re
from dlinter_rules.common import APT, unseen_script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter import Instruction, Script
    from dlinter.edits import Safety
    from dlinter_grammar.shell_nodes import Node

_SYSTEM = (
    "apt-get", "apt", "aptitude", "apk", "yum", "dnf", "dnf5", "microdnf", "tdnf", "zypper", "pacman",
)  # fmt: skip


def _installed(command: Command) -> tuple[PackageCall, list[Package]] | None:
    """The call and its packages with a plain name, if *command* installs some."""
    call = package_call(command)
    if call is None or call.subcommand not in ("install", "add") or call.opaque:
        return None
    if any(package.kind in ("url", "unknown") for package in call.packages):
        # a line of the list is another command that lacks its &&
        return None
    return call, [p for p in call.packages if p.kind == "name" and p.name and not p.name.isdigit()]


def _word(command: Command, package: Package) -> Word:
    found = package.word
    assert isinstance(found, Word)
    return found


@rule(
    "DL8005",
    "duplicate-package-in-list",
    on=Command,
    named=(*_SYSTEM, "npm", "gem"),
    severity=Severity.INFO,
)
def duplicate_package_in_list(command: Command) -> Findings:
    r"""Name each package once

    The second time has no effect, and whoever takes the first one out wonders why the package is still there.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y \
        curl \
        git \
        curl
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y \
        curl \
        git
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk add --no-cache curl git curl && echo done
    ```
    ```dockerfile fixed
    FROM alpine:3.20
    RUN apk add --no-cache curl git && echo done
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get install -y curl git && apt-get install -y curl
    RUN apt-get install -y curl curl=7.88 libc6:i386 libc6
    RUN apt-get install -y curl git \
        curl -fsSL https://example.com/setup
    RUN npm install -g a@1 a@2
    ```
    """
    found = _installed(command)
    if found is None:
        return
    seen: set[tuple[str | None, str | None]] = set()
    again: list[Word] = []
    for package in found[1]:
        key = (package.name, package.version)
        if key in seen:
            again.append(_word(command, package))
        seen.add(key)
    fix = _without(command, again, UNSAFE if command.name == "pacman" else SAFE) if again else None
    for word in again:
        yield report(word, f"Name {word.text} once", fix)


def _without(command: Command, words: list[Word], safety: Safety) -> Fix | None:
    if command.script is None or command.instruction.in_onbuild:
        return None
    edits = [edit for edit in map(delete_word, words) if edit is not None]
    if len(edits) < len(words) or any(a.clashes(b) for a, b in pairwise(edits)):
        return None
    names = ["package-named-again" if safety is SAFE else "option-of-user"]
    return Fix(edits, safety, f"Leave out {words[0].text}", names)


#: what changes which packages apt would choose
_CHANGES = re.compile(
    r"/etc/apt|sources\.list|add-apt-repository|apt-add-repository|apt-key|apt-mark|dpkg|deb http|aptitude|"
    r"\b(?:remove|purge|autoremove|upgrade|dist-upgrade|full-upgrade)\b"
)


@rule("DL8003", "apt-package-installed-twice", on=Stage, mentions=("apt",), severity=Severity.INFO)
def apt_package_installed_twice(stage: Stage) -> Findings:
    r"""Install each package once

    The second time has no effect, and whoever takes the first one out wonders why the package is still there.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl git && apt-get install -y --no-install-recommends make curl
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y curl git && apt-get install -y --no-install-recommends make
    ```
    With other package lists the second time may bring a newer version:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    RUN apt-get update && apt-get install -y \
        git \
        curl
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    RUN apt-get update && apt-get install -y \
        git
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    RUN apt-get update && apt-get install -y curl
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get update && apt-get install -y nodejs && apt-get purge -y nodejs
    RUN curl -fsSL https://example.com/setup | bash -
    RUN apt-get install -y nodejs
    RUN add-apt-repository ppa:a/b && apt-get update && apt-get install -y nodejs
    COPY a.list /etc/apt/sources.list.d/
    RUN apt-get update && apt-get install -y nodejs
    RUN apt-get install -y nodejs=20.1 && apt-get install -y --reinstall nodejs
    ```
    A branch may not be taken:
    ```dockerfile good
    FROM debian:12
    RUN if [ -n "$A" ]; then apt-get install -y curl; else apt-get install -y curl wget; fi
    ```
    """
    seen: dict[tuple[str | None, str | None], Command] = {}
    for instruction in stage.instructions:
        if isinstance(instruction, (Copy, Add)):
            place = instruction.destination.value if instruction.destination is not None else "/"
            if place.startswith(("/etc/apt", "/usr/share/keyrings", "$")) or place.strip("./") in ("", "etc"):
                seen.clear()
        if not isinstance(instruction, Run) or instruction.in_onbuild:
            continue
        if _CHANGES.search(instruction.syntax.map.text) or instruction.heredocs:
            seen.clear()
            continue
        for command in instruction.commands:
            if command.name not in APT:
                if unseen_script(command):
                    seen.clear()
                continue
            found = _installed(command)
            if found is None or not _unconditional(command):
                continue
            call, packages = found
            if call.has("-t", "--target-release", "--default-release", "--reinstall", "--only-upgrade", "-d", "-s"):
                continue
            yield from _again(command, packages, seen)
            for package in packages:
                seen.setdefault((package.name, package.version), command)


def _again(command: Command, packages: list[Package], seen: dict[tuple[str | None, str | None], Command]) -> Findings:
    again = [package for package in packages if (package.name, package.version) in seen]
    again = [package for package in again if seen[package.name, package.version] is not command]
    operands = [word for word in command.args if word.text[:1] != "-"]
    if not again:
        return
    run = command.instruction
    first = [seen[package.name, package.version] for package in again]
    same = all(_same_lists(each, command) for each in first)
    words = [_word(command, package) for package in again]
    left = len(operands) - 1 > len(again)
    fix = _without(command, words, SAFE if same else UNSAFE) if left else None
    for word, each in zip(words, first, strict=True):
        line = run.file.source.line(each.start)
        yield report(word, f"Leave {word.text} out: it is installed at line {line}", fix)


def _same_lists(first: Command, second: Command) -> bool:
    """True if both are in one RUN with nothing between that may change what apt chooses."""
    if first.instruction is not second.instruction:
        return False
    changes = first.instruction.file.facts.known(_changing, first.instruction)
    following = bisect_right(changes, first.start)
    return following == len(changes) or changes[following] >= second.start


def _changing(run: Instruction) -> list[int]:
    """Where the commands of *run* stand that may change what apt chooses."""
    from dlinter.proof.packages import HARMLESS

    return sorted(
        command.start
        for command in run.commands
        if (command.operand("install") is None if command.name in APT else command.name not in HARMLESS)
    )


def _unconditional(command: Command) -> bool:
    """True if the command certainly runs: it is an element of the script or of an and-list in it."""
    script = command.script
    if script is None:
        return True
    if script.root is None or script is not command.instruction.scripts[0]:
        return False
    return id(command.simple) in command.instruction.file.facts.known(_known_elements, script)


def _known_elements(script: Script) -> set[int]:
    """The nodes of :func:`_elements` by identity."""
    return {id(node) for node in _elements(script)}


def _elements(script: Script) -> Iterator[Node]:
    """The statements of a script, and the elements of its and-lists."""
    from dlinter_grammar.shell_nodes import AndOr

    for statement in script.root.statements if script.root is not None else ():
        node = statement.node
        if isinstance(node, AndOr) and all(operator.text == "&&" for operator in node.operators):
            yield from node.items
        else:
            yield node


@rule(
    "DL9005",
    "sort-packages",
    on=Command,
    named=(*_SYSTEM, "gem"),
    severity=Severity.STYLE,
    profiles=(),
    aliases=("S7018",),
)
def sort_packages(command: Command) -> Findings:
    r"""Sort the list of packages

    In order a package is found at once, and two people do not add it twice.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y --no-install-recommends \
            wget \
            curl=7.88.* \
            build-essential \
        && rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y --no-install-recommends \
            build-essential \
            curl=7.88.* \
            wget \
        && rm -rf /var/lib/apt/lists/*
    ```
    A comment says something of the packages below it, so such a list stays as it is:
    ```dockerfile good
    FROM debian:12
    RUN apt-get install -y \
            wget \
            # for the build
            make \
            gcc
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get install -y wget curl
    RUN apt-get install -y \
        wget curl \
        make
    RUN apt-get install -y \
        wget \
        $PACKAGES \
        curl
    RUN apt-get install -y \
        wget \
        curl- \
        automake
    RUN apt-get install -y \
        automake \
        Xvfb
    ```
    """
    found = _installed(command)
    if found is None or command.script is None or command.instruction.in_onbuild:
        return
    call, packages = found
    operands = {id(word) for word in call.operands}
    words = [word for word in command.args if id(word) in operands]
    if len(words) < 3 or len(packages) != len(words):
        return
    if any(word.value is None and "*" not in word.text for word in words) or any(w.text[-1] in "+-" for w in words):
        return
    source = command.instruction.file.source
    lines = [source.line(word.start) for word in words]
    if any(b - a != 1 for a, b in pairwise(lines)) or lines[0] == source.line(command.start):
        return
    texts = [word.text for word in words]
    wanted = sorted(texts, key=lambda text: (text.strip("\"'").casefold(), text))
    if texts == wanted:
        return
    edits = [Edit(w.start, w.end, text) for w, text in zip(words, wanted, strict=True) if w.text != text]
    # pacman takes its sub-command for an option, which the proof does not read
    safety, names = (UNSAFE, ["option-of-user"]) if command.name == "pacman" else (SAFE, ["packages-sorted"])
    first = next(word for word, text in zip(words, wanted, strict=True) if word.text != text)
    yield report(first, fix=Fix(edits, safety, "Sort the list", names))
