"""The names of a file, stages and variables: where each stands, and which places mean the same thing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dlinter.facts.scopes import triggers_of
from dlinter.server.features import Range
from dlinter.server.features.places import logical, scripts_in
from dlinter.server.features.shell_names import shell_names
from dlinter.tree import Add, Arg, Cmd, Copy, Entrypoint, Env, From, Healthcheck, Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.facts import Variable
    from dlinter.facts.expansion import Expansion
    from dlinter.tree import Dockerfile, Instruction, Stage, Token

#: the scope before the first FROM, beside the indexes of stages
GLOBAL = -1


@dataclass(slots=True)
class StageMention(Range):
    """A place that means ``stage``. ``text`` is what stands there; ``named`` is false for a number or a variable."""

    stage: Stage
    text: str
    named: bool
    write: bool
    instruction: Instruction


@dataclass(slots=True)
class VariableMention(Range):
    """A place of a variable's name. ``scope`` is the index of the stage, or :data:`GLOBAL`.

    ``variable`` is the setting that it reads or, where ``write``, makes; None where it is not set or not known.
    ``via`` is ``"build"`` where BuildKit reads it, ``"shell"`` where the shell of RUN does, ``"container"`` where that
    of CMD, ENTRYPOINT or HEALTHCHECK does, ``"comment"`` where a comment describes it. ``local`` is true in a script
    that sets the name itself; ``readable`` is false in one that does not parse.
    """

    name: str
    scope: int
    write: bool
    via: str
    instruction: Instruction
    variable: Variable | None
    local: bool = False
    readable: bool = True


# -- stages ------------------------------------------------------------------------------------------------------------


def stage_mentions(file: Dockerfile) -> list[StageMention]:
    """Every place that means a stage of the file, in order."""
    found = [mention for instruction in file.walk() for mention in _stages_of(instruction)]
    return sorted(found, key=lambda mention: mention.start)


def _stages_of(instruction: Instruction) -> Iterator[StageMention]:
    graph = instruction.file.facts.graph
    if isinstance(instruction, From):
        own = instruction.stage
        if own is None:
            return
        alias, image = instruction.alias, instruction.image
        if image is not None and image.value:
            parent = graph.parent(own)
            if parent is not None:
                yield _stage_mention(parent, image, image.value, instruction)
        if alias is not None:
            yield from _comments(own, alias, instruction)
            mention = _stage_mention(own, alias, alias.value, instruction)
            mention.write = True
            yield mention
    elif isinstance(instruction, (Copy, Add)):
        flag = instruction.flag("from")
        if flag is not None and flag.value is not None and flag.value.value:
            stage = graph.find(flag.value.value)
            if stage is not None:
                yield _stage_mention(stage, flag.value, flag.value.value, instruction)
    elif isinstance(instruction, Run):
        yield from _mounts_of(instruction)


def _comments(stage: Stage, alias: Token, instruction: Instruction) -> Iterator[StageMention]:
    for start, end in described(instruction, alias.value):
        yield StageMention(start, end, stage, alias.value, True, False, instruction)


def _mounts_of(instruction: Run) -> Iterator[StageMention]:
    from dlinter_grammar.mounts import split_fields

    graph = instruction.file.facts.graph
    for flag in instruction.flags:
        if flag.name != "mount" or flag.value is None or "from" not in flag.value.value.lower():
            continue
        fields = split_fields(flag.value.value)
        for field in fields if isinstance(fields, list) else ():
            if field.key == "from" and field.value:
                stage = graph.named.get(field.value.lower())
                if stage is not None:
                    yield _stage_mention(stage, flag.value, field.value, instruction, field.end - len(field.value))


def _stage_mention(stage: Stage, token: Token, name: str, instruction: Instruction, at: int = 0) -> StageMention:
    start, end = locate(instruction, token, name, at)
    named = instruction.file.text[start:end].lower() == stage.name == name.lower()
    return StageMention(start, end, stage, name, named, False, instruction)


def described(instruction: Instruction, name: str) -> Iterator[tuple[int, int]]:
    """Where the comments right above *instruction* begin with *name*: BuildKit takes such a line for a description."""
    for comment in instruction.syntax.prev_comments:
        match = re.match(rf"#\s*({re.escape(name)})(?=\s)", comment.text)
        if match is not None:
            yield comment.start + match.start(1), comment.start + match.end(1)


def locate(instruction: Instruction, token: Token, word: str, at: int = 0) -> tuple[int, int]:
    """Where *word*, at *at* of the token's value, stands in the file; all of the token if that cannot be said."""
    text = instruction.file.text
    text_map = instruction.syntax.map
    if token.end - token.start == len(token.value):
        start = token.start + at
        if text[start : start + len(word)] == word:
            return start, start + len(word)
    base = logical(text_map, token.start)
    raw = text_map.text[base : base + len(token.text)]
    found = raw.find(word, at)
    if found < 0:
        found = raw.find(word)
    if found >= 0 and word:
        return text_map.span(base + found, base + found + len(word))
    return token.start, token.end


# -- variables ---------------------------------------------------------------------------------------------------------


def variable_mentions(file: Dockerfile, name: str) -> list[VariableMention]:
    """Every place of the variable *name*, in whatever scope, in order."""
    found: list[VariableMention] = []
    if name in file.text:
        for instruction in file.walk():
            found += (mention for mention in mentions_in(instruction, name) if mention.name == name)
    unique = {(mention.start, mention.end): mention for mention in found}
    return sorted(unique.values(), key=lambda mention: mention.start)


def mentions_in(instruction: Instruction, name: str | None = None) -> Iterator[VariableMention]:
    """The variables of one instruction; with *name* the others may be left out."""
    syntax = instruction.syntax
    first = syntax.prev_comments[0].start if syntax.prev_comments else syntax.start
    if name is not None and instruction.file.text.find(name, first, max(syntax.end, syntax.close)) < 0:
        return
    yield from _settings(instruction)
    if "$" in syntax.map.text or any(heredoc.expand for heredoc in syntax.heredocs):
        yield from _expanded(instruction)
    if isinstance(instruction, (Run, Cmd, Entrypoint, Healthcheck)):
        yield from _scripted(instruction)


def scope_of(instruction: Instruction) -> int:
    """The scope that *instruction* reads: FROM reads that before the first FROM."""
    if instruction.stage is None or isinstance(instruction, From):
        return GLOBAL
    return instruction.stage.index


def _settings(instruction: Instruction) -> Iterator[VariableMention]:
    """The keys of ARG and ENV."""
    if not isinstance(instruction, (Arg, Env)):
        return
    scope = scope_of(instruction)
    for pair in instruction.pairs:
        key = pair.key.value
        if not key or not all(char.isalnum() or char == "_" for char in key):
            continue
        if pair.key.end - pair.key.start != len(key):
            start, end = locate(instruction, pair.key, key)
        else:
            start, end = pair.key.start, pair.key.end
        after = instruction.file.facts.environment(instruction, max(pair.end, instruction.end))
        variable = after.variable(key)
        if isinstance(instruction, Arg):
            for at, stop in described(instruction, key):
                yield VariableMention(at, stop, key, scope, False, "comment", instruction, variable)
        yield VariableMention(start, end, key, scope, True, "build", instruction, variable)


def _expanded(instruction: Instruction) -> Iterator[VariableMention]:
    """The variables that BuildKit itself expands."""
    scope = scope_of(instruction)
    for expansion in instruction.file.facts.expansions(instruction):
        for reference in expansion.result.references:
            start, end = _name_span(instruction, expansion, reference.name, reference.start)
            if end > start:
                variable = expansion.env.variable(reference.name)
                yield VariableMention(start, end, reference.name, scope, False, "build", instruction, variable)


def _name_span(instruction: Instruction, expansion: Expansion, name: str, at: int) -> tuple[int, int]:
    """Where the name of a reference at *at* of the expanded word stands; an empty range if that cannot be said."""
    token = expansion.token
    word = expansion.part
    text = instruction.file.text
    value = token.text if word == "heredoc" else token.value
    skip = 2 if value[at + 1 : at + 2] == "{" else 1
    if token.end - token.start == len(value) and text.startswith(name, token.start + at + skip):
        return token.start + at + skip, token.start + at + skip + len(name)
    # continuations, quotes or escapes shift it: count the references to the name before it
    pattern = re.compile(rf"\$\{{?{re.escape(name)}(?!\w)")
    number = len(pattern.findall(value, 0, at + skip + len(name))) - 1
    text_map = instruction.syntax.map
    base = logical(text_map, token.start)
    limit = logical(text_map, max(token.end - 1, token.start)) + 1
    matches = list(pattern.finditer(text_map.text, base, limit))
    if not 0 <= number < len(matches):
        return token.start, token.start
    end = matches[number].end()
    start, stop = text_map.span(end - len(name), end)
    return (start, stop) if stop - start == len(name) else (start, start)


def _scripted(instruction: Instruction) -> Iterator[VariableMention]:
    """The variables of its scripts."""
    facts = instruction.file.facts
    runs = isinstance(instruction, Run)
    place: Instruction | Stage = instruction if runs or instruction.stage is None else instruction.stage
    env = facts.environment(place)
    secrets = {mount.env for mount in instruction.mounts if mount.env} if isinstance(instruction, Run) else set()
    scope = GLOBAL if instruction.stage is None else instruction.stage.index
    for script in scripts_in(instruction):
        if "$" not in script.text and "=" not in script.text and "%" not in script.text:
            continue
        names = shell_names(script)
        own = {each.name for each in names if each.write} | secrets
        for each in names:
            start, end = script.span(each.start, each.end)
            if end - start != len(each.name):
                continue
            variable = env.variable(each.name)
            if not runs and variable is not None and variable.origin not in ("env", "image", "builder"):
                variable = None
            local = each.name in secrets or (each.name in own and variable is None)
            yield VariableMention(
                start, end, each.name, scope, each.write, "shell" if runs else "container", instruction, variable,
                local, script.root is not None or script.dialect in ("powershell", "cmd"),
            )  # fmt: skip


def families(file: Dockerfile, name: str) -> dict[int, int]:
    """Scope to the family that its variable *name* belongs to: in scopes of one family it is the same variable.

    A stage shares what its parent hands on, and with the part before the first FROM what both declare.
    """
    facts = file.facts
    found = {GLOBAL: GLOBAL}
    declared = any(pair.key.value == name for each in file.preamble if isinstance(each, Arg) for pair in each.pairs)
    for stage in file.stages:
        found[stage.index] = stage.index
        parent = facts.parent(stage)
        if parent is not None:
            env = facts.environment(parent)
            if name in env or env.declared(name):
                _join(found, stage.index, parent.index)
        if (declared or facts.global_environment.variable(name) is not None) and _redeclares(stage, name):
            _join(found, stage.index, GLOBAL)
    return found


def _redeclares(stage: Stage, name: str) -> bool:
    instructions = (*stage.instructions, *triggers_of(stage))
    return any(pair.key.value == name for each in instructions if isinstance(each, Arg) for pair in each.pairs)


def _join(families: dict[int, int], one: int, other: int) -> None:
    old, new = families[one], families[other]
    for scope, family in families.items():
        if family == old:
            families[scope] = new
