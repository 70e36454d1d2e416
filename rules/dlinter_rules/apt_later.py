"""What later steps may do with apt's lists, and their removal where the proof shows that it is nothing."""

from __future__ import annotations

from dlinter.edits import SAFE, Fix
from dlinter.shell_edits import append_command
from dlinter.tree import Add, Copy, Run
from dlinter_grammar import regex as re
from dlinter_rules.apt_lists import (
    fetches_lists,
    looks_at_lists,
    read,
    readers_of,
    reads_lists,
    removal_of,
    removes_lists,
)
from dlinter_rules.chains import previous
from dlinter_rules.common import APT, certainly_runs, traps, unseen_script
from dlinter_rules.proven import accepted
from dlinter_rules.run_layers import in_one, long_kinds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.commands import Command
    from dlinter.edits import Edit
    from dlinter.tree import Stage

#: what takes long, and may be in one step with an installation all the same
_TOGETHER = frozenset({*APT, "curl", "wget"})
#: a script that the proof knows to refresh the lists
_REFRESHING = re.compile(r"//deb\.nodesource\.com/setup")
_NAMES = ("package-lists-removed",)
_TITLE = "Remove the lists at the end of this RUN"


def removed_as_proven(run: Run, update: Command) -> Fix | None:
    """The removal of the lists of *update* at the end of *run*, where the proof knows the scripts that run later.

    Else the steps directly behind that read them become one with *run*. None where neither is known to change nothing.
    """
    if not run.scripts or traps(run.scripts[0]):
        return None
    if _left_to_scripts(run):
        edit = append_command(run.scripts[0], removal_of(update))
        if edit is not None and accepted(run.file, [edit], _NAMES):
            return Fix([edit], SAFE, _TITLE, _NAMES)
    return _together(run, update)


def _together(run: Run, update: Command) -> Fix | None:
    edits: list[Edit] = []
    last = run
    for reader in readers_of(run):
        if not isinstance(reader, Run) or previous(reader) is not last:
            return None
        fix = None if (long_kinds(last) | long_kinds(reader)) - _TOGETHER else in_one(last, reader)
        if fix is None:
            return None
        edits += fix.edits
        last = reader
    if last is run or not (later_use(last) or _left_to_scripts(last)) or traps(last.scripts[0]):
        return None
    names: tuple[str, ...] = ("layer-border",)
    if not any(removes_lists(command) for command in last.commands):
        edit = append_command(last.scripts[0], removal_of(update))
        if edit is None:
            return None
        edits.append(edit)
        names += _NAMES
    title = "Join the steps that read the lists, and remove them there"
    return Fix(edits, SAFE, title, names) if accepted(run.file, edits, names) else None


def _left_to_scripts(run: Run) -> bool:
    """True if only steps of the build may need the lists of *run*, and nothing that is started later."""
    assert run.stage is not None
    facts = run.file.facts
    brought = facts.known(_brought, run.stage)
    for stage in [run.stage, *facts.descendants(run.stage)]:
        for instruction in stage.following(run) if stage is run.stage else stage.instructions:
            step = isinstance(instruction, Run)
            if stage is run.stage and step and _REFRESHING.search(instruction.syntax.map.text):
                return True
            for command in instruction.commands:
                if stage is run.stage and fetches_lists(command) and _refreshes(command):
                    return True
                if reads_lists(command) or looks_at_lists(command) or command.name in brought:
                    return False
                if not step and unseen_script(command) and not read(command):
                    return False
    return True


def _refreshes(update: Command) -> bool:
    """True if the lists are those of *update* once its step has run."""
    return isinstance(update.instruction, Run) and not update.instruction.in_onbuild and certainly_runs(update)


def _brought(stage: Stage) -> frozenset[str]:
    """The last names of all words of COPY and ADD in *stage*, in what it is built on and what is built on it."""
    facts = stage.file.facts
    stages = [*facts.chain(stage), *facts.descendants(stage)]
    return frozenset[str]().union(*(facts.known(_names, each) for each in stages))


def _names(stage: Stage) -> frozenset[str]:
    return frozenset(word.value.rstrip("/").rpartition("/")[2] for files in stage.of(Copy, Add) for word in files.args)


def later_use(run: Run) -> bool | None:
    """None if a later step needs the lists, False if a script that runs later might, True if nothing can."""
    assert run.stage is not None
    facts = run.file.facts
    sure = True
    brought = facts.known(_brought, run.stage)
    for stage in [run.stage, *facts.descendants(run.stage)]:
        for instruction in stage.following(run) if stage is run.stage else stage.instructions:
            fresh = False
            for command in instruction.commands:
                if fetches_lists(command):
                    if stage is run.stage and _refreshes(command):
                        # what follows reads the lists of this one
                        return sure
                    fresh = True
                elif not fresh and (reads_lists(command) or looks_at_lists(command)):
                    return None
                elif not fresh and (unseen_script(command) or command.name in brought) and not read(command):
                    sure = False
            if isinstance(instruction, Run) and not instruction.commands:
                sure = False
    return sure
