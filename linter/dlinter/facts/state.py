"""What an image or container is at one place: the last instruction of each kind that acts there.

A place is an instruction (what holds before it) or a stage (what holds at its end). Parent stages count, ONBUILD
triggers do not.
"""

from __future__ import annotations

from bisect import bisect_left
from posixpath import join, normpath

from dlinter.facts.scopes import expanded, value_of
from dlinter.tree import (
    Cmd,
    Entrypoint,
    Expose,
    Healthcheck,
    Instruction,
    Label,
    Shell,
    Stage,
    User,
    Volume,
    Workdir,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dlinter.facts import Facts
    from dlinter.tree import Pair


def before(
    facts: Facts,
    place: Instruction | Stage,
    kinds: tuple[type[Instruction], ...],
    where: Callable[[Instruction], bool] | None = None,
) -> Iterator[Instruction]:
    """The instructions of these kinds that act on *place*, the nearest first, through parent stages."""
    stage = place if isinstance(place, Stage) else place.stage
    if stage is None:
        return
    found = facts.of_kinds(stage, kinds, where)
    at = len(found)
    if found and not isinstance(place, Stage) and found[-1].index >= place.index:
        at = bisect_left(found, place.index, key=_index)
    while True:
        while at:
            at -= 1
            yield found[at]
        stage = facts.above(stage, kinds, where)
        if stage is None:
            return
        found = facts.of_kinds(stage, kinds, where)
        at = len(found)


def _index(instruction: Instruction) -> int:
    return instruction.index


def shell_words(facts: Facts, place: Instruction | Stage) -> tuple[str, ...] | None:
    """The words of the SHELL instruction or of the comment that names a shell in force, None if there is neither."""
    named = facts.named_shells
    stage = place if isinstance(place, Stage) else place.stage
    limit = len(facts.file.text) if isinstance(place, Stage) else place.start
    for each in facts.chain(stage) if named and stage is not None else ():
        inside = [
            (start, words) for start, words in named if each.start < start < (limit if each is stage else each.end)
        ]
        shells = [
            i
            for i in facts.of_kinds(each, (Shell,))
            if i.form == "json" and i.args and (each is not stage or i.start < limit)
        ]
        if inside and (not shells or shells[-1].start < inside[-1][0]):
            return inside[-1][1]
        if shells:
            break
    for other in before(facts, place, (Shell,)):
        if other.form == "json" and other.args:
            return tuple(word.value for word in other.args)
    first = [words for start, words in named if start < facts.file.instructions[0].start]
    return first[-1] if first else None


def user(facts: Facts, place: Instruction | Stage) -> str | None:
    for other in before(facts, place, (User,)):
        if isinstance(other, User) and other.value is not None:
            return value_of(other.value.value, facts.environment(other), facts.file.escape)
    return None


def workdir(facts: Facts, place: Instruction | Stage, known: dict[int, str | None]) -> str | None:
    """The working directory, relative to the base image's unless absolute; None where a variable decides.

    *known* keeps what each WORKDIR makes of it.
    """
    steps: list[Workdir] = []
    path: str | None = ""
    for other in before(facts, place, (Workdir,)):
        if other.index in known:
            path = known[other.index]
            break
        if isinstance(other, Workdir):
            steps.append(other)
    for step in reversed(steps):
        text = None
        if step.value is not None:
            text = value_of(step.value.value, facts.environment(step), facts.file.escape)
        if text is None or (path is None and not text.startswith("/")):
            path = None
        else:
            path = joined(path or "", text)
            if len(path) > _LONGEST:
                path = None
        known[step.index] = path
    return path


#: PATH_MAX
_LONGEST = 4096


def joined(directory: str, path: str) -> str:
    """*path* as seen from *directory*; ``""`` is the directory that nothing has changed yet."""
    if not directory and not path:
        return ""
    path = normpath(join(directory, path))
    return path[1:] if path.startswith("//") else path


def cmd(facts: Facts, place: Instruction | Stage) -> Cmd | None:
    """The CMD in force. An ENTRYPOINT in a stage that had no CMD before it throws the inherited one away."""
    entered: Stage | None = None
    for other in before(facts, place, (Cmd, Entrypoint)):
        if entered is not None and other.stage is not entered:
            return None
        if isinstance(other, Cmd):
            return other
        entered = other.stage
    return None


def entrypoint(facts: Facts, place: Instruction | Stage) -> Entrypoint | None:
    found = next(before(facts, place, (Entrypoint,)), None)
    return found if isinstance(found, Entrypoint) else None


def healthcheck(facts: Facts, place: Instruction | Stage) -> Healthcheck | None:
    found = next(before(facts, place, (Healthcheck,)), None)
    return found if isinstance(found, Healthcheck) else None


def labels(facts: Facts, place: Instruction | Stage) -> dict[str, tuple[str | None, Pair]]:
    """The labels that the file sets: key to value (None if not known) and the pair that set it last."""
    found: dict[str, tuple[str | None, Pair]] = {}
    escape = facts.file.escape
    for other in before(facts, place, (Label,)):
        if isinstance(other, Label):
            env = facts.environment(other)
            for pair in reversed(other.pairs):
                key = value_of(pair.key.value, env, escape)
                if key is not None and key not in found:
                    value = None if pair.value is None else value_of(pair.value.value, env, escape)
                    found[key] = (value, pair)
    return dict(reversed(found.items()))


def volumes(facts: Facts, place: Instruction | Stage) -> dict[str, Volume]:
    """The volumes that the file declares, each with the instruction that did it first."""
    found: dict[str, Volume] = {}
    for other in before(facts, place, (Volume,)):
        if isinstance(other, Volume):
            env = facts.environment(other)
            for token in reversed(other.args):
                path = value_of(token.value, env, facts.file.escape)
                if path:
                    found.pop(path, None)
                    found[path] = other
    return dict(reversed(found.items()))


def ports(facts: Facts, place: Instruction | Stage) -> dict[str, Expose]:
    """The ports that the file exposes as ``80/tcp``, ranges as ``80-90/udp``, each with its first EXPOSE."""
    found: dict[str, Expose] = {}
    for other in before(facts, place, (Expose,)):
        if isinstance(other, Expose):
            env = facts.environment(other)
            for token in reversed(other.args):
                for word in reversed(expanded(token.value, env, facts.file.escape).words or []):
                    port, _, protocol = word.rpartition(":")[2].partition("/")
                    key = f"{port}/{protocol.lower() or 'tcp'}"
                    found.pop(key, None)
                    found[key] = other
    return dict(reversed(found.items()))
