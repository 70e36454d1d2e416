"""The gaps of one instruction, outside of shell scripts."""

from __future__ import annotations

import re

from dlinter.format.gaps import Gap, offset
from dlinter_grammar.spaces import SPACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_grammar.nodes import Instruction, Span, TextMap, Token

_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\],]')
_JSON_BLANKS = " \t\r\n"


def gaps(instruction: Instruction, text: str, escape: str) -> list[Gap]:
    """The gaps between keyword, flags and arguments; a script is one argument."""
    found: list[Gap] = []
    line = instruction.map.text
    at = 0
    for start, end in _tokens(instruction):
        if at and not line[at:start].strip(" \t"):
            found.append(Gap(text, instruction.map, at, start, None, escape))
        at = end
    if innermost(instruction).form == "json":
        found += _json_gaps(instruction.map, text, at, escape)
    return found


def innermost(instruction: Instruction) -> Instruction:
    """The trigger of ONBUILD, else the instruction itself."""
    while instruction.inner is not None:
        instruction = instruction.inner
    return instruction


def keywords(instruction: Instruction) -> list[Token]:
    """The words of the language: the name, ``AS`` of FROM, ``CMD`` and ``NONE`` of HEALTHCHECK, those of a trigger."""
    found = [instruction.name]
    if instruction.keyword == "from" and len(instruction.args) == 3:
        found.append(instruction.args[1])
    if instruction.kind is not None:
        found.append(instruction.kind)
    if instruction.inner is not None:
        found += keywords(instruction.inner)
    return found


def _tokens(instruction: Instruction) -> list[tuple[int, int]]:
    """The ranges of the tokens in the logical line; those of a JSON array are left out."""
    found: list[Span] = [instruction.name, *instruction.flags]
    if instruction.kind is not None:
        found.append(instruction.kind)
    if instruction.form == "legacy":
        pair = instruction.pairs[0]
        found += [each for each in (pair.key, pair.value) if each is not None]
    elif instruction.form != "json":
        found += [*instruction.args, *instruction.pairs]
    ranges = [_range(instruction.map, span) for span in found]
    if instruction.inner is not None:
        ranges += _tokens(instruction.inner)
    return ranges


def _range(text_map: TextMap, span: Span) -> tuple[int, int]:
    start = offset(text_map, span.start)
    return start, (offset(text_map, span.end - 1) + 1 if span.end > span.start else start)


def _json_gaps(text_map: TextMap, text: str, start: int, escape: str) -> list[Gap]:
    line = text_map.text.rstrip(SPACE)
    found: list[Gap] = []
    at, before = start, ""
    while at < len(line):
        after = at + len(line[at:]) - len(line[at:].lstrip(_JSON_BLANKS))
        match = _JSON.match(line, after)
        if match is None:
            break
        if "\r" not in line[at:after]:
            space = None if not before else " " if before == "," and match[0] != "]" else ""
            gap = Gap(text, text_map, at, after, space, escape)
            gap.depth = 0 if match[0] == "]" else 1
            found.append(gap)
        at, before = match.end(), match[0][0]
    return found
