"""apt-get update: alone in its RUN, and not there at all."""

from __future__ import annotations

from bisect import bisect_right

from dlinter import SAFE, UNSAFE, Add, Command, Copy, Edit, Findings, Fix, Instruction, Label, Run, report, rule
from dlinter.packages import Package, package_call
from dlinter.shell_edits import chain, delete_instruction, simple
from dlinter_grammar import regex as re
from dlinter_rules.apt_lists import fetches_lists, reads_lists
from dlinter_rules.chains import only_script
from dlinter_rules.common import APT, LISTS, certain, commands_before, image_of, unseen_script

#: what changes where apt looks for packages
_SOURCES = re.compile(r"/etc/apt|sources\.list|add-apt-repository|apt-key|add-architecture|deb http|extrepo")


@rule(
    "DL8001",
    "apt-update-alone",
    on=Run,
    mentions=("apt",),
    profiles=("default", "cis"),
    aliases=("DD002", "CIS-4.7"),
)
def apt_update_alone(run: Run) -> Findings:
    r"""Run apt-get update in the same RUN as the install that needs it

    The layer of a lone update stays in the cache, and later installs fail on lists that are months old.

    ```dockerfile bad
    FROM ubuntu:22.04
    RUN apt-get update
    RUN apt-get install -y nginx && rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile fixed
    FROM ubuntu:22.04
    RUN apt-get update && apt-get install -y nginx && rm -rf /var/lib/apt/lists/*
    ```
    Two installs that share one update cannot be told what the other's lists were, so this needs a look:
    ```dockerfile bad
    FROM ubuntu:22.04
    RUN apt-get update
    RUN apt-get install -y nginx
    RUN apt-get install -y curl
    ```
    A command list in which a failure is ignored keeps its meaning:
    ```dockerfile bad
    FROM ubuntu:22.04
    RUN apt-get update
    RUN apt-get install -y nginx; echo done
    ```
    ```dockerfile good
    FROM ubuntu:22.04
    RUN apt-get update && apt-get install -y nginx
    ```
    ```dockerfile good
    FROM ubuntu:22.04
    RUN apt-get update && ./install.sh
    ```
    """
    if run.in_onbuild or run.stage is None:
        return
    commands = run.commands
    updates = [command for command in commands if fetches_lists(command)]
    if not updates or any(not fetches_lists(command) for command in commands):
        return
    readers = run.file.facts.of_kinds(run.stage, (Instruction,), _reading)
    yield report(updates[0], fix=_moved(run, readers[bisect_right(readers, run.index, key=lambda each: each.index) :]))


def _reading(instruction: Instruction) -> bool:
    return any(reads_lists(command) for command in instruction.commands)


def _moved(run: Run, readers: list[Instruction]) -> Fix | None:
    """The update moved to the head of its only reader, if nothing between them can notice."""
    from dlinter_grammar.shell_nodes import Simple

    assert run.stage is not None
    if len(readers) != 1 or run.heredocs or run.form != "shell" or len(run.scripts) != 1:
        return None
    target = readers[0]
    between = [i for i in run.stage.instructions if run.index < i.index < target.index]
    if not isinstance(target, Run) or target.form != "shell" or target.heredocs or len(target.scripts) != 1:
        return None
    if any(not isinstance(i, Label) for i in between) or run.file.facts.children(run.stage):
        return None
    if [flag_text(run, f) for f in run.flags] != [flag_text(target, f) for f in target.flags]:
        return None
    source, destination = run.scripts[0], target.scripts[0]
    elements = chain(source)
    if elements is None or len(elements) != 1 or not isinstance(elements[0], Simple) or elements[0].redirects:
        return None
    if chain(destination) is None or any(fetches_lists(command) for command in target.commands):
        return None
    removed = delete_instruction(run)
    if removed is None or run.syntax.comments:
        return None
    text = source.text[elements[0].start : elements[0].end]
    return Fix(
        [removed, Edit(destination.start, destination.start, f"{text} && ")],
        SAFE,
        "Move the update into the RUN that installs",
        ("lists-refreshed-together", "layer-border"),
    )


def flag_text(instruction: Instruction, flag: object) -> str:
    """A flag as written."""
    from dlinter.tree import Flag

    assert isinstance(flag, Flag)
    return instruction.file.text[flag.start : flag.end]


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
