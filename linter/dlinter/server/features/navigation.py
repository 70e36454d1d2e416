"""Where names are defined and used, and how to change one: stages, variables, heredocs."""

from __future__ import annotations

from dlinter.server.features import Definition, Name, Occurrence, Range, RenameError
from dlinter.server.features.names import (
    GLOBAL,
    StageMention,
    VariableMention,
    families,
    mentions_in,
    stage_mentions,
    variable_mentions,
)
from dlinter.server.features.places import clamp, comment_at, instruction_at, is_word, whole
from dlinter.tree import Arg, Dockerfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeVar

    from dlinter.edits import Edit
    from dlinter.tree import Heredoc, Instruction

    Place = TypeVar("Place", bound=Range)


def definitions(file: Dockerfile, offset: int) -> list[Definition]:
    """Where the name at *offset* is defined: the FROM of a stage, the ARG or ENV of a variable.

    An ARG that takes its value from one before the first FROM leads there, the end of a heredoc to its beginning.
    """
    offset = clamp(file, offset)
    stage = stage_mention_at(file, offset)
    if stage is not None:
        base = stage.stage.base
        selection = base.alias or base.name
        return [_definition(stage, whole(base), (selection.start, selection.end))]
    found = variable_mention_at(file, offset)
    if found is not None:
        setting = _setting(file, found)
        if setting is None:
            return []
        origin = Range(min(found.start, offset), found.end)
        return [_definition(origin, (setting.instruction.start, setting.instruction.end), (setting.start, setting.end))]
    tag = _heredoc_tag(file, offset)
    if tag is not None:
        origin = next(place for place in tag if place.start <= offset <= place.end)
        return [_definition(origin, (tag[0].start, tag[0].end), (tag[0].start, tag[0].end))]
    return []


def _definition(origin: Range, target: tuple[int, int], selection: tuple[int, int]) -> Definition:
    start, end = min(target[0], selection[0]), max(target[1], selection[1])
    return Definition(Range(origin.start, origin.end), Range(start, end), Range(*selection))


def references(file: Dockerfile, offset: int, *, declaration: bool = True) -> list[Occurrence]:
    """Every place of what is named at *offset*; without *declaration* only those that use it."""
    return [place for place in highlights(file, offset) if declaration or not place.write]


def highlights(file: Dockerfile, offset: int) -> list[Occurrence]:
    """Every place of what is named at *offset*, in order, each with whether it is set there."""
    offset = clamp(file, offset)
    stage = stage_mention_at(file, offset)
    if stage is not None:
        same = [mention for mention in stage_mentions(file) if mention.stage is stage.stage]
        return [Occurrence(mention.start, mention.end, mention.write) for mention in same]
    found = variable_mention_at(file, offset)
    if found is not None:
        return [Occurrence(mention.start, mention.end, mention.write) for mention in same_variable(file, found)]
    tag = _heredoc_tag(file, offset)
    if tag is not None:
        return [Occurrence(place.start, place.end, number == 0) for number, place in enumerate(tag)]
    return []


def prepare_rename(file: Dockerfile, offset: int) -> Name | None:
    """The name at *offset*, if it is one that can be changed in this file."""
    from dlinter.server.features.renaming import obstacle

    offset = clamp(file, offset)
    found: Range | None = stage_mention_at(file, offset) or variable_mention_at(file, offset)
    if found is None:
        tag = _heredoc_tag(file, offset)
        found = next((place for place in tag if place.start <= offset <= place.end), None) if tag else None
    if found is None or offset < found.start or obstacle(file, found) is not None:
        return None
    return Name(found.start, found.end, file.text[found.start : found.end])


def rename(file: Dockerfile, offset: int, name: str) -> list[Edit]:
    """The edits that give what is named at *offset* the new *name* wherever it is meant.

    :raises RenameError: there is nothing to rename, *name* cannot be its name, or something else would change.
    """
    from dlinter.server.features.renaming import obstacle, renamed

    offset = clamp(file, offset)
    found: Range | None = stage_mention_at(file, offset) or variable_mention_at(file, offset)
    if found is None:
        tag = _heredoc_tag(file, offset)
        if tag is None:
            raise RenameError("There is no name of a stage, a variable or a heredoc here.")
        why = obstacle(file, tag[0])
        if why is not None:
            raise RenameError(why)
        return renamed(file, tag, name, "heredoc")
    why = obstacle(file, found)
    if why is not None:
        raise RenameError(why)
    if isinstance(found, StageMention):
        stages = [each for each in stage_mentions(file) if each.stage is found.stage and each.named]
        return renamed(file, stages, name, "stage")
    assert isinstance(found, VariableMention)
    return renamed(file, same_variable(file, found), name, "variable")


# -- what is here ------------------------------------------------------------------------------------------------------


def stage_mention_at(file: Dockerfile, offset: int) -> StageMention | None:
    """The place of a stage's name that *offset* is in or at the end of."""
    return _at(stage_mentions(file), offset)


def variable_mention_at(file: Dockerfile, offset: int) -> VariableMention | None:
    """The place of a variable's name that *offset* is in or at the end of, a ``$`` or ``${`` before it included."""
    text = file.text
    if text[offset : offset + 1] == "$":
        offset += 2 if text[offset + 1 : offset + 2] == "{" else 1
    elif text[offset - 1 : offset + 1] == "${" and offset:
        offset += 1
    before, after = text[offset - 1 : offset] if offset else "", text[offset : offset + 1]
    if not is_word(before or " ") and not is_word(after or " "):
        return None
    instruction = instruction_at(file, offset)
    comment = comment_at(file, offset)
    if comment is not None and (instruction is None or comment.end <= instruction.start):
        instruction = next((each for each in file.instructions if each.start > offset), None)
    return _at(list(mentions_in(instruction)), offset) if instruction is not None else None


def _at(mentions: Sequence[Place], offset: int) -> Place | None:
    inside = [mention for mention in mentions if mention.start <= offset <= mention.end]
    return min(inside, key=lambda mention: (mention.end == offset, mention.end - mention.start), default=None)


def same_variable(file: Dockerfile, found: VariableMention) -> list[VariableMention]:
    """Every place that means the same variable as *found*, in order."""
    mentions = variable_mentions(file, found.name)
    if found.local:
        start, end = whole(found.instruction)
        return [each for each in mentions if each.local and start <= each.start < end]
    family = families(file, found.name)
    wanted = family.get(found.scope)
    return [
        each
        for each in mentions
        if not each.local and family.get(each.scope) == wanted and (each.variable is None) == (found.variable is None)
    ]


def _setting(file: Dockerfile, found: VariableMention) -> VariableMention | None:
    """The ARG or ENV that *found* gets its value from."""
    mentions = same_variable(file, found)
    settings = [each for each in mentions if each.write and (found.local or each.via == "build")]
    node = found.variable.node if found.variable is not None else None
    origin = found.variable.origin if found.variable is not None else ""
    if found.write and found.via == "build":
        outer = [each for each in settings if node is not None and node.start <= each.start < node.end]
        return outer[0] if outer and outer[0].scope == GLOBAL != found.scope else found
    if origin in ("global", "predefined", "build-arg") and found.scope != GLOBAL:
        declared = [each for each in settings if isinstance(each.instruction, Arg) and each.scope != GLOBAL]
        settings = _before(file, declared, found) or settings
        return settings[-1] if settings else None
    if node is not None:
        exact = [each for each in settings if node.start <= each.start < node.end]
        if exact:
            return exact[0]
    before = _before(file, settings, found)
    return before[-1] if before else settings[0] if settings else None


def _before(file: Dockerfile, settings: list[VariableMention], found: VariableMention) -> list[VariableMention]:
    """Those that stand before *found* in its own stage or, if there are none, in the stages that it is built on."""
    if found.scope == GLOBAL or found.instruction.stage is None:
        return [each for each in settings if each.start <= found.start]
    for stage in file.facts.chain(found.instruction.stage):
        own = [each for each in settings if each.scope == stage.index]
        if stage.index == found.scope and found.via != "container":
            own = [each for each in own if each.start <= found.start]
        if own:
            return own
    return []


# -- heredocs ----------------------------------------------------------------------------------------------------------


def _heredoc_tag(file: Dockerfile, offset: int) -> list[Range] | None:
    """The places of the name of the heredoc that *offset* is at: in the word ``<<EOF`` and on the line that ends it."""
    instruction = instruction_at(file, offset)
    if instruction is None:
        return None
    for heredoc in instruction.heredocs:
        places = _tag_places(instruction, heredoc)
        if places is not None and any(place.start <= offset <= place.end for place in places):
            return places
    return None


def _tag_places(instruction: Instruction, heredoc: Heredoc) -> list[Range] | None:
    text = instruction.file.text
    word = text.find(heredoc.name, heredoc.word.start, heredoc.word.end)
    if word < 0 or not heredoc.name or not heredoc.terminated:
        return None
    end = text.find(heredoc.name, heredoc.end, heredoc.close)
    if end < 0:
        return None
    return [Range(word, word + len(heredoc.name)), Range(end, end + len(heredoc.name))]
