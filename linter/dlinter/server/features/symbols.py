"""The outline of a file: stages with their instructions, the names that ARG, ENV and LABEL give below those."""

from __future__ import annotations

from dlinter.server.features import Symbol
from dlinter.server.features.places import whole
from dlinter.tree import Arg, Env, Expose, From, Healthcheck, Label, Maintainer, Onbuild, Volume

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.tree import Dockerfile, Instruction, Stage

_KINDS = {
    "arg": "variable", "env": "variable", "label": "key", "run": "function", "cmd": "event", "entrypoint": "event",
    "healthcheck": "event", "onbuild": "event", "copy": "property", "add": "property",
}  # fmt: skip
_PAIR_KINDS = {"arg": "variable", "env": "variable", "label": "key"}
_LONGEST = 60


def symbols(file: Dockerfile) -> list[Symbol]:
    """What stands before the first FROM, then the stages; instructions and pairs are children, in order."""
    return [*map(_instruction, file.preamble), *map(_stage, file.stages)]


def _stage(stage: Stage) -> Symbol:
    base = stage.base
    selection = base.alias or base.image or base.name
    image = base.image.value if base.image is not None else ""
    name = base.alias.value if base.alias is not None else image or "FROM"
    detail = f"FROM {image}" if base.alias is not None else f"stage {stage.index}"
    end = max(stage.end, whole(stage.instructions[-1])[1])
    children = [_instruction(each) for each in stage.instructions if not isinstance(each, From)]
    return Symbol(stage.start, end, name, detail, "module", selection.start, selection.end, children)


def _instruction(instruction: Instruction) -> Symbol:
    start, end = whole(instruction)
    keyword = instruction.keyword.upper() or "?"
    pairs = instruction.pairs if isinstance(instruction, (Arg, Env, Label)) else []
    detail = _detail(instruction)
    found = Symbol(
        start, end, keyword, detail, _KINDS.get(instruction.keyword, "property"), instruction.name.start,
        instruction.name.end, deprecated=isinstance(instruction, Maintainer),
    )  # fmt: skip
    if len(pairs) == 1:
        # one name needs no level of its own
        key = pairs[0].key
        if key.value:
            found.name, found.name_start, found.name_end = f"{keyword} {key.value}", key.start, key.end
            found.detail = _short(pairs[0].value.value) if pairs[0].value is not None else ""
        return found
    for pair in pairs:
        if pair.key.value:
            value = _short(pair.value.value) if pair.value is not None else ""
            kind = _PAIR_KINDS[instruction.keyword]
            found.children.append(
                Symbol(pair.start, pair.end, pair.key.value, value, kind, pair.key.start, pair.key.end)
            )
    if isinstance(instruction, Onbuild) and instruction.inner is not None:
        found.children.append(_instruction(instruction.inner))
    return found


def _detail(instruction: Instruction) -> str:
    """What stands behind the keyword and its flags, in one line."""
    if isinstance(instruction, (Arg, Env, Label, Onbuild)):
        return ""
    if isinstance(instruction, (Expose, Volume)):
        return _short(" ".join(token.value for token in instruction.args))
    text = instruction.syntax.map.text[instruction.syntax.rest :]
    if isinstance(instruction, Healthcheck) and instruction.kind is not None and not text:
        return instruction.kind.value
    return _short(text)


def _short(text: str) -> str:
    # no more than the beginning is looked at: a script may be long
    text = " ".join(text[: 4 * _LONGEST].split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
