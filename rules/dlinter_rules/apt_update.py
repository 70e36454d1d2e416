"""Installing with apt without package lists."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Add, Command, Copy, Edit, Findings, Fix, Instruction, Run, report, rule
from dlinter.packages import Package, package_call
from dlinter.shell_edits import chain, simple
from dlinter_grammar import regex as re
from dlinter_rules.chains import only_script
from dlinter_rules.common import APT, LISTS, certain, commands_before, image_of, unseen_script

#: what changes where apt looks for packages
_SOURCES = re.compile(r"/etc/apt|sources\.list|add-apt-repository|apt-key|add-architecture|deb http|extrepo")


@rule("DL8002", "apt-install-without-update", on=Run, mentions=("apt",), aliases=("BP009",))
def apt_install_without_update(run: Run) -> Findings:
    r"""Run apt-get update in the RUN that installs

    The lists of an earlier step are as old as its layer in the cache, and images come without any.

    Where there certainly are none, nothing could be installed without it:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get install -y curl
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    ```
    What was installed before may have brought the package along, which newer lists would upgrade:
    ```dockerfile bad
    FROM ubuntu:24.04
    RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
    RUN mkdir /x \
     && DEBIAN_FRONTEND=noninteractive apt-get install -y \
            curl
    ```
    ```dockerfile unsafe
    FROM ubuntu:24.04
    RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
    RUN mkdir /x \
     && apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y \
            curl
    ```
    Newer lists may bring newer versions:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y git
    RUN apt-get install -y curl
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get update && apt-get install -y git
    RUN apt-get update && apt-get install -y curl
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    RUN curl -fsSL https://example.com/setup | bash - && apt-get install -y nodejs
    RUN apt-get install -y /tmp/a.deb ./b.deb
    RUN --mount=type=cache,target=/var/lib/apt/lists apt-get install -y curl
    ```
    A script that ran before may have done it:
    ```dockerfile good
    FROM debian:12
    COPY setup.sh /
    RUN /setup.sh
    RUN apt-get install -y nodejs
    ```
    A lone update has a rule of its own:
    ```dockerfile good
    FROM debian:12
    RUN apt-get update
    RUN apt-get install -y curl
    ```
    Whether another base image brings lists along is not known:
    ```dockerfile good
    FROM example.com/base
    RUN apt-get install -y curl
    ```
    """
    if any((mount.target or "").startswith("/var/lib/apt") for mount in run.mounts):
        return
    if run.in_onbuild or run.stage is None:
        return
    if any(target == LISTS or LISTS.startswith(f"{target}/") for target in run.scratch_mounts):
        return
    for command in run.commands:
        if command.name in APT:
            if command.operand("update") is not None or command.option("-U", "--update") is not None:
                return
            if _installs(command):
                state = _lists(run)
                if state is not None:
                    words = [word for word in command.args if word.value == "install"]
                    yield report(words[0], fix=_refreshed(run, command, state))
                return
        elif unseen_script(command):
            return


def _untouched(run: Run) -> bool:
    """True if nothing before *run* installed anything, so that everything it asks for is missing, or brought lists."""
    image = image_of(run.stage)
    if image is None or image.name not in ("debian", "ubuntu") or not certain(run.stage):
        return False
    if any(command.name in (*APT, "dpkg") or unseen_script(command) for command in commands_before(run)):
        return False
    for copy in run.file.facts.before(run, Copy, Add):
        place = copy.args[-1].value.rstrip("/") if copy.args else ""
        if not place.startswith("/") or LISTS.startswith(f"{place}/") or place.startswith("/var/lib/apt"):
            return False
    return True


def _packages(command: Command) -> list[Package]:
    call = package_call(command)
    return call.packages if call is not None else []


def _installs(command: Command) -> bool:
    call = package_call(command)
    if call is None or call.subcommand != "install" or call.opaque or not call.packages:
        return False
    if call.has("--no-download", "-s", "--simulate", "--dry-run", "--print-uris", "-h", "--help"):
        return False
    return all(package.kind == "name" for package in call.packages)


def _lists(run: Run) -> bool | None:
    """True if there certainly are no lists, False if there are old ones, None if it is not known."""
    last = next(run.file.facts.before(run, Run, where=_touches_lists), None)
    if last is not None:
        return {_GONE: True, _OLD: False}.get(last.file.facts.known(_lists_after, last))
    image = image_of(run.stage)
    return True if image is not None and image.name in ("debian", "ubuntu") and not image.archived else None


#: what a RUN leaves of the lists: as they were, none, old ones, or what is not known
_SAME, _GONE, _OLD, _UNKNOWN = range(4)


def _touches_lists(run: Instruction) -> bool:
    return run.file.facts.known(_lists_after, run) != _SAME


def _lists_after(run: Instruction) -> int:
    if not isinstance(run, Run) or not run.commands or run.heredocs:
        return _UNKNOWN
    updated = removed = opaque = installed = False
    for command in run.commands:
        if command.name in APT and command.operand("update") is not None:
            updated, removed = True, False
        elif command.name in APT:
            installed = installed or command.operand("install", "upgrade", "dist-upgrade", "build-dep") is not None
        elif command.name in ("rm", "find") and any(word.text.startswith(LISTS) for word in command.args):
            removed = True
        elif unseen_script(command):
            opaque = True
    if any(LISTS.startswith(target) for target in run.scratch_mounts):
        return _UNKNOWN
    if removed:
        return _GONE
    if opaque or (updated and not installed):
        return _UNKNOWN
    return _OLD if updated else _SAME


def _changes_sources(instruction: Instruction) -> bool:
    return _SOURCES.search(instruction.syntax.map.text) is not None


def _refreshed(run: Run, command: Command, missing: bool) -> Fix | None:
    script = only_script(run)
    elements = chain(script) if script is not None else None
    if script is None or elements is None or command.wrappers not in ([], ["sudo"]):
        return None
    if command.wrappers and command.words[1].text[:1] == "-":
        return None
    before = run.file.facts.before(run, Instruction, where=_changes_sources)
    changed = _changes_sources(run) or next(before, None) is not None
    for element in elements:
        if simple(element) is command.simple and command.simple is not None:
            update = " ".join([*command.wrappers, command.name, "update"])
            at = script.at(element.start)
            edits = [Edit(at, at, f"{update} && ")]
            from dlinter.proof.lists import THERE

            wanted = {package.name for package in _packages(command)}
            if missing and not changed and not wanted <= THERE and _untouched(run):
                return Fix(edits, SAFE, "Update the lists first", ("lists-fetched",))
            return Fix(edits, UNSAFE, "Update the lists first", ("option-of-user",))
    return None
