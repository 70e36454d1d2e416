"""Runs the tables that Lark compiled from ``dockerfile.lark``: LALR(1) with a contextual lexer, without Lark.

Each parser state has the list of the terminals that it accepts, in Lark's order; those that cannot begin with the next
character are not tried. Trees are those of Lark's own engine (helper rules flattened, filtered terminals dropped), only
lighter: tokens are positions in the text.
"""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_grammar.dockerfile_tables import (
    AFTER_KEYWORD,
    ENDS,
    IGNORED,
    ROWS,
    RULES,
    SCANNERS,
    STARTS,
    STATE_SCANNERS,
    TERMINALS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Match: TypeAlias = Callable[[str, int, int], re.Match[str] | None]
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


#: instructions whose trees are kept, and how long they may be
_MOST, _LONGEST = 4000, 500


class Machine:
    """The parser for one escape token."""

    def __init__(self, escape: str) -> None:
        self._terminals = TERMINALS[escape]
        #: compiled when first needed: most files need a handful
        self._matches: dict[str, Match] = {}
        #: by scanner, then by the next character: the terminals to try
        self._scanners: list[dict[str, list[tuple[str, Match]]]] = [{} for _ in SCANNERS]
        #: the trees of instructions, which nobody changes: the next version of a file has most of them too
        self._known: dict[tuple[str, str, int, int, int], Branch] = {}

    def instruction(self, text: str, name: str, start: int, position: int, end: int) -> Branch:
        """Parse the instruction *name*, ``text[start:end]``, whose keyword ends at *position*."""
        key = text, name, start, position, end
        found = self._known.get(key)
        if found is None:
            begin: list[Value] = [Leaf(name.upper(), start, position)]
            found = self._run(text, position, end, [STARTS[name], AFTER_KEYWORD[name]], begin, ENDS[name])
            if len(text) <= _LONGEST:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[key] = found
        return found

    def arguments(self, text: str, symbol: str, position: int, end: int) -> Branch:
        """Parse the arguments ``text[position:end]`` by the start symbol *symbol*."""
        return self._run(text, position, end, [STARTS[symbol]], [], ENDS[symbol])

    def _candidates(self, scanner: int, char: str) -> list[tuple[str, Match]]:
        """The terminals that can begin with *char*, in the order of Lark's scanner."""
        result = []
        for name in SCANNERS[scanner]:
            pattern, starts = self._terminals[name]
            if char in starts or char > "\x7f":
                if name not in self._matches:
                    self._matches[name] = re.compile(pattern).match
                result.append((name, self._matches[name]))
        self._scanners[scanner][char] = result
        return result

    def _run(self, text: str, position: int, end: int, states: list[int], values: list[Value], final: int) -> Branch:
        scanners = self._scanners
        state = states[-1]
        while True:
            leaf: Leaf | None = None
            kind = "$END"
            if position < end:
                char = text[position]
                if char == " ":
                    # only ignored terminals begin with it
                    position += 1
                    continue
                number = STATE_SCANNERS[state]
                for terminal, match in scanners[number].get(char) or self._candidates(number, char):
                    found = match(text, position, end)
                    if found is not None:
                        kind = terminal
                        break
                else:
                    raise UnexpectedTextError(text, position)
                start, position = position, found.end()
                if kind in IGNORED:
                    continue
                leaf = Leaf(kind, start, position)
            action = ROWS[state].get(kind)
            while action is not None and action < 0:
                origin, length, name, inlined, only_child, kept = RULES[~action]
                if only_child and length == 1:
                    del states[-1]
                    state = ROWS[states[-1]][origin]
                    states.append(state)
                    if leaf is None and state == final:
                        return values[-1]  # type: ignore[return-value]
                    action = ROWS[state].get(kind)
                    continue
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
                else:
                    values.append(Branch(name, children))
                state = ROWS[states[-1]][origin]
                if leaf is None and state == final:
                    return values[-1]  # type: ignore[return-value]
                states.append(state)
                action = ROWS[state].get(kind)
            if action is None or leaf is None:
                raise UnexpectedTextError(text, position)
            values.append(leaf)
            states.append(action)
            state = action
