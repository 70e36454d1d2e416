"""Cuts globs, brace expansions and tildes out of the unquoted literals of a word.

Facts: POSIX.1-2017 XCU 2.6.1 (tilde), 2.13 (patterns); bash manual, Brace Expansion; bash's braces.c.
"""

from __future__ import annotations

from dlinter_grammar import regex as re

from .shell_nodes import Glob, Literal, Part
from .shell_quotes import unescape

_SPECIAL = re.compile(r"\\[\s\S]|\.\.|[*?\[\]{},]")
_TILDE = re.compile(r"~(?:[A-Za-z0-9_.+-]*)(?=/|\Z)")
_VALUE_TILDE = re.compile(r"~(?:[A-Za-z0-9_.+-]*)(?=[/:]|\Z)")
_SEQUENCE = re.compile(r"(?:([-+]?[0-9]+)\.\.[-+]?[0-9]+|[A-Za-z]\.\.[A-Za-z])(?:\.\.[-+]?[0-9]+)?")


def split_globs(text: str, parts: list[Part], *, braces: bool) -> list[Part]:
    """*parts* of a word of *text* with globs, a leading tilde and, if *braces*, brace expansions as parts."""
    ranges: list[tuple[int, int]] = []
    first = parts[0]
    if type(first) is Literal and not first.quoted:
        tilde = _TILDE.match(text, first.start, first.end)
        if tilde is not None and (tilde.end() < first.end or len(parts) == 1):
            ranges.append(tilde.span())

    open_braces: list[list[int]] = []  # offset, has a comma, has two dots
    bracket = -1
    for part in parts:
        if type(part) is not Literal or part.quoted:
            continue
        for found in _SPECIAL.finditer(text, part.start, part.end):
            at = found.start()
            c = found[0]
            if c == "*" or c == "?":
                ranges.append((at, at + 1))
            elif c == "[":
                if bracket < 0:
                    bracket = at
            elif c == "]":
                if bracket >= 0 and at > bracket + 1 and not (at == bracket + 2 and text[bracket + 1] in "!^"):
                    _cover(ranges, bracket, at + 1)
                    bracket = -1
            elif not braces:
                continue
            elif c == "{":
                open_braces.append([at, 0, 0])
            elif c == "}":
                if open_braces:
                    start, comma, dots = open_braces.pop()
                    if comma or (dots and _SEQUENCE.fullmatch(text, start + 1, at)):
                        _cover(ranges, start, at + 1)
            elif open_braces and (c == "," or c == ".."):
                open_braces[-1][1 if c == "," else 2] = 1
    return _split(text, parts, ranges) if ranges else parts


def split_tildes(text: str, parts: list[Part], separators: str = ":") -> list[Part]:
    """*parts* of a word of *text* with the tildes at its start and after *separators* as their own parts."""
    ranges: list[tuple[int, int]] = []
    for part in parts:
        if type(part) is Literal and not part.quoted:
            for found in _VALUE_TILDE.finditer(text, part.start, part.end):
                start, end = found.span()
                begins = part is parts[0] if start == part.start else text[start - 1] in separators
                if begins and (end < part.end or part is parts[-1]):
                    ranges.append((start, end))
    return _split(text, parts, ranges) if ranges else parts


def _cover(ranges: list[tuple[int, int]], start: int, end: int) -> None:
    """Adds a range in place of those inside it, which come last."""
    while ranges and ranges[-1][0] > start:
        ranges.pop()
    if not ranges or ranges[-1][1] <= start:
        ranges.append((start, end))


def _split(text: str, parts: list[Part], ranges: list[tuple[int, int]]) -> list[Part]:
    result: list[Part] = []
    todo = iter(ranges)
    start, end = next(todo)
    for part in parts:
        if type(part) is not Literal or part.quoted:
            result.append(part)
            continue
        at = part.start
        while at < part.end:
            while end <= at:
                start, end = next(todo, (len(text), len(text) + 1))
            if start <= at:
                stop = min(end, part.end)
                result.append(Glob(at, stop, text[at:stop]))
            else:
                stop = min(start, part.end)
                result.append(Literal(at, stop, False, unescape(text[at:stop])))
            at = stop
    return result
