"""Renaming: what stands in its way, and the proof that nothing else changes."""

from __future__ import annotations

import re

from dlinter.edits import Edit
from dlinter.server.features import RenameError
from dlinter.server.features.names import (
    StageMention,
    VariableMention,
    families,
    mentions_in,
    scope_of,
    stage_mentions,
    variable_mentions,
)
from dlinter.server.features.places import instruction_at, whole
from dlinter.server.features.prose.variables import describe
from dlinter.source import Source
from dlinter.tree import Add, Copy, Dockerfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from dlinter.facts import Variable
    from dlinter.server.features import Range

_STAGE = re.compile(r"[a-z][a-z0-9-_.]*", re.A)
_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.A)
_HEREDOC = re.compile(r"[A-Za-z_][\w-]*", re.A)
#: names of stages that BuildKit reads otherwise (ReservedStageName)
_RESERVED = ("context", "scratch")


def obstacle(file: Dockerfile, found: Range) -> str | None:
    """Why the name cannot be changed in this file alone, in a sentence for the user, or None."""
    if isinstance(found, StageMention):
        if found.stage.name is None:
            return "The stage has no name: add one behind AS."
        return None if found.named else "The stage is not called by its name here."
    if not isinstance(found, VariableMention):
        copies = isinstance(instruction_at(file, found.start), (Add, Copy))
        return "The name of the heredoc may be the name of the file that is made." if copies else None
    if found.local:
        return f"{found.name} is a variable of this script alone: what it calls may depend on the name."
    if describe(found.name) is not None:
        return f"{found.name} is set by the builder under that name."
    return _set_elsewhere(file, found)


def _set_elsewhere(file: Dockerfile, found: VariableMention) -> str | None:
    family = families(file, found.name)
    mentions = [each for each in variable_mentions(file, found.name) if family.get(each.scope) == family[found.scope]]
    if not any(each.write and each.via == "build" for each in mentions):
        return f"{found.name} is not set in this file."
    for each in mentions:
        line = file.source.line(each.start)
        if not each.readable:
            return f"The script in line {line} mentions {found.name} and cannot be read."
        if each.local or each.write:
            continue
        outside = each.variable is not None and each.variable.node is None
        unknown = each.variable is None and each.instruction.stage is not None and each.via != "container"
        if unknown and each.instruction.stage is not None:
            unknown = each.scope >= 0 and not file.facts.complete(each.instruction.stage)
        if outside or unknown:
            return f"In line {line} {found.name} comes, or may come, from the base image."
    return _quoted(file, found.name, family, family[found.scope])


def _quoted(file: Dockerfile, name: str, scopes: dict[int, int], family: int) -> str | None:
    """Why text that only looks like a use of *name* stands in the way: what is written to a file may be read later."""
    pattern = re.compile(rf"\$\{{?{re.escape(name)}(?!\w)", re.A)
    starts = {each.start for each in variable_mentions(file, name)}
    for instruction in file.walk():
        if scopes.get(scope_of(instruction)) != family:
            continue
        comments = instruction.syntax.comments
        for match in pattern.finditer(file.text, *whole(instruction)):
            commented = any(comment.start <= match.start() < comment.end for comment in comments)
            if match.end() - len(name) not in starts and not commented:
                line = file.source.line(match.start())
                return f"In line {line} {match[0]} stands in quotes, and something may read it later."
    return None


def renamed(file: Dockerfile, places: Sequence[Range], name: str, kind: str) -> list[Edit]:
    """The edits that write *name* at *places*.

    :raises RenameError: it is no name of that *kind*, or the file would mean something else.
    """
    old = {file.text[place.start : place.end] for place in places}
    if old == {name}:
        return []
    _check(file, name, kind, respelt=all(each.lower() == name for each in old))
    edits = [Edit(place.start, place.end, name) for place in places]
    text = file.text
    changed = _edited(text, 0, len(text), edits)
    after = Dockerfile(Source(changed, file.path, file.source.encoding), settings=file.settings)
    if _meaning(file, edits) != _meaning(after, []):
        raise RenameError(f"With the name {name} something in the file would mean something else.")
    return edits


def _check(file: Dockerfile, name: str, kind: str, *, respelt: bool) -> None:
    if kind == "variable":
        if not _VARIABLE.fullmatch(name):
            raise RenameError("A variable's name has letters, digits and _, and no digit first.")
        if describe(name) is not None:
            raise RenameError(f"{name} has a meaning for the builder.")
    elif kind == "heredoc":
        if not _HEREDOC.fullmatch(name):
            raise RenameError("A heredoc's name should have letters, digits, - and _, and a letter first.")
    elif not _STAGE.fullmatch(name):
        raise RenameError("A stage's name has small letters, digits and -_., and a letter first.")
    elif name in file.facts.graph.named and not respelt:
        raise RenameError(f"There is a stage called {name} already.")
    elif name in _RESERVED or name in {context.lower() for context in file.settings.contexts}:
        raise RenameError(f"{name} is the name of something else.")


def _edited(text: str, start: int, end: int, edits: list[Edit]) -> str:
    """``text[start:end]`` after those of the *edits* that lie in it."""
    pieces, at = [], start
    for edit in edits:
        if start <= edit.start and edit.end <= end:
            pieces += [text[at : edit.start], edit.text]
            at = edit.end
    return "".join([*pieces, text[at:end]])


def _meaning(file: Dockerfile, edits: list[Edit]) -> list[Any]:
    """What every name of the file leads to, by numbers that do not depend on names, with *edits* made."""
    names = {edit.start: edit.text for edit in edits}
    pairs: dict[int, int] = {}
    instructions = list(file.walk())
    for instruction in instructions:
        for pair in instruction.syntax.pairs:
            pairs[pair.start] = len(pairs)
    found: list[Any] = [problem.name for problem in file.document.problems]
    for each in instructions:
        bodies = [(_edited(file.text, body.start, body.end, edits), body.expand) for body in each.heredocs]
        found.append((each.keyword, len(each.args), len(each.flags), bodies))
    for stage in file.stages:
        needs = [
            (need.kind, need.stage.index if need.stage else None if "$" in need.name else need.name)
            for need in file.facts.graph.needs(stage)
        ]
        found.append((needs, None if file.facts.parent(stage) else file.facts.base_name(stage)))
    found += [
        (names.get(mention.start, mention.text.lower()), mention.stage.index, mention.write)
        for mention in stage_mentions(file)
    ]
    for instruction in instructions:
        for use in mentions_in(instruction):
            name = names.get(use.start, use.name)
            found.append((name, use.write, use.via, use.local, _place(use.variable, pairs)))
    return found


def _place(variable: Variable | None, pairs: dict[int, int]) -> tuple[Any, ...]:
    if variable is None:
        return ()
    return variable.origin, variable.value, None if variable.node is None else pairs.get(variable.node.start)
