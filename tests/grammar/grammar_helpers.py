"""What the grammar tests share."""

from __future__ import annotations

from dlinter_grammar.dockerfile import parse
from dlinter_grammar.nodes import Document, Instruction


def only(text: str) -> Instruction:
    """The only instruction of *text*."""
    [instruction] = parse(text).instructions
    return instruction


def shape(instruction: Instruction) -> tuple[object, ...]:
    """Keyword, flags if any, and arguments as BuildKit's tree has them; JSON form is a list, a trigger a tuple."""
    parts: list[object] = [instruction.keyword]
    if instruction.flags:
        parts.append({flag.name: flag.value and flag.value.value for flag in instruction.flags})
    if instruction.inner is not None:
        return (*parts, shape(instruction.inner))
    if instruction.kind is not None:
        parts.append(instruction.kind.value)
    parts += [(pair.key.value, pair.value and pair.value.value) for pair in instruction.pairs]
    values = [token.value for token in instruction.args]
    return (*parts, values) if instruction.form == "json" else (*parts, *values)


def shapes(text: str) -> list[tuple[object, ...]]:
    """The shape of every instruction of *text*."""
    return [shape(instruction) for instruction in parse(text).instructions]


def names(document: Document) -> list[str]:
    """The names of its problems."""
    return [problem.name for problem in document.problems]
