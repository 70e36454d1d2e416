"""Runs the tables that Lark compiled from ``dockerfile.lark``: LALR(1) with a contextual lexer, without Lark.

Each parser state has one regular expression, over the terminals that it accepts. Trees are those of Lark's own
engine (helper rules flattened, filtered terminals dropped), only lighter: tokens are positions in the text.
"""

from __future__ import annotations

import re

from dlinter_grammar.dockerfile_tables import AFTER_KEYWORD, ENDS, IGNORED, PATTERNS, ROWS, RULES, SCANNERS, STARTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Match: TypeAlias = Callable[[str, int, int], re.Match[str] | None]
    Rule: TypeAlias = tuple[str, int, str, bool, bool, tuple[int, ...] | None]
    Value: TypeAlias = "Leaf | Branch | list[Leaf | Branch]"


class Leaf:
    """A token: the name of its terminal and its range in the text."""

    __slots__ = ("end", "kind", "start")

    def __init__(self, kind: str, start: int, end: int) -> None:
        self.kind = kind
        self.start = start
        self.end = end


class Branch:
    """What a rule matched, named after the rule or its alias."""

    __slots__ = ("children", "kind")

    def __init__(self, kind: str, children: list[Leaf | Branch]) -> None:
        self.kind = kind
        self.children = children


class UnexpectedTextError(Exception):
    """The grammar does not cover the text. It covers every logical line, so this is a fault of ours."""


class Machine:
    """The parser for one escape token."""

    def __init__(self, escape: str) -> None:
        self._patterns = PATTERNS[escape]
        #: by parser state, compiled when first needed: most files need a handful of the patterns
        self._matchers: list[Match | None] = [None] * len(SCANNERS)

    def instruction(self, text: str, name: str, start: int, position: int, end: int) -> Branch:
        """Parse the instruction *name*, ``text[start:end]``, whose keyword ends at *position*."""
        return self._run(
            text, position, end, [STARTS[name], AFTER_KEYWORD[name]], [Leaf(name.upper(), start, position)], ENDS[name]
        )

    def arguments(self, text: str, symbol: str, position: int, end: int) -> Branch:
        """Parse the arguments ``text[position:end]`` by the start symbol *symbol*."""
        return self._run(text, position, end, [STARTS[symbol]], [], ENDS[symbol])

    def _compile(self, state: int) -> Match:
        pattern = SCANNERS[state]
        match: Match = re.compile(self._patterns[pattern]).match
        for other, number in enumerate(SCANNERS):
            if number == pattern:
                self._matchers[other] = match
        return match

    def _run(self, text: str, position: int, end: int, states: list[int], values: list[Value], final: int) -> Branch:
        matchers = self._matchers
        while True:
            leaf: Leaf | None = None
            kind = "$END"
            if position < end:
                match = matchers[states[-1]] or self._compile(states[-1])
                found = match(text, position, end)
                if found is None:
                    raise UnexpectedTextError(text, position)
                start, position = found.span()
                kind = found.lastgroup or ""
                if kind in IGNORED:
                    continue
                leaf = Leaf(kind, start, position)
            while True:
                action = ROWS[states[-1]].get(kind)
                if action is None:
                    raise UnexpectedTextError(text, position)
                if action >= 0:
                    states.append(action)
                    values.append(leaf)  # type: ignore[arg-type]
                    break
                _reduce(RULES[~action], states, values)
                if leaf is None and states[-1] == final:
                    return values[-1]  # type: ignore[return-value]


def _reduce(rule: Rule, states: list[int], values: list[Value]) -> None:
    """Replace the symbols of *rule* on the stacks by what it makes of them."""
    origin, length, kind, inlined, only_child, kept = rule
    children: list[Leaf | Branch] = []
    if length:
        parts = values[-length:]
        if kept is not None:
            parts = [parts[i] for i in kept]
        for part in parts:
            if type(part) is list:
                children += part
            else:
                children.append(part)  # type: ignore[arg-type]
        del values[-length:]
        del states[-length:]
    if inlined:
        values.append(children)
    elif only_child and len(children) == 1:
        values.append(children[0])
    else:
        values.append(Branch(kind, children))
    states.append(ROWS[states[-1]][origin])
