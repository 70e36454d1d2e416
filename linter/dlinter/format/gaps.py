"""What lies between the tokens of an instruction: blanks, line breaks, and the comments in them."""

from __future__ import annotations

import re
from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_grammar.nodes import TextMap

_BREAKS = {
    escape: re.compile(
        rf"[ \t]*(?:{re.escape(escape)}[ \t]*\r?\n(?P<lines>(?:[ \t]*(?:#[^\n]*|{re.escape(escape)}[ \t]*)?\r?\n)*)"
        r"(?P<indent>[ \t]*))?\Z"
    )
    for escape in "\\`"
}
#: comments of text or of commented-out code; ``#!``, ``##``, ``#---`` and what other tools may look for are none
_UNSPACED = re.compile(r"#(?=[\w/\"'`$.(\[&|]|--?\w)")
#: columns to which a tab counts when lines are compared
_TAB = 4


class Gap:
    """The layout ``start``-``end`` of the file between two tokens.

    ``space`` is what belongs there if no line ends in it, None for one blank where there is any. ``broken`` tells
    whether a line ends in it; then ``lines`` are the lines between, each a comment or ``""`` for a lone escape token,
    ``indent`` the blanks before the next token, and ``depth`` the levels that it gets. ``token`` is the offset of the
    next token in the logical line. Without ``valid`` it holds something else than layout and stays as it is.
    """

    __slots__ = ("broken", "depth", "end", "indent", "lines", "space", "start", "text", "token", "valid")

    def __init__(self, text: str, text_map: TextMap, start: int, end: int, space: str | None, escape: str) -> None:
        self.token = end
        self.start = text_map.at(start - 1) + 1
        self.end = text_map.at(end)
        self.text = text[self.start : self.end]
        self.space = space
        self.broken = "\n" in self.text
        self.depth = 1
        self.indent = ""
        self.lines: list[str] = []
        match = _BREAKS[escape].match(self.text)
        self.valid = match is not None
        if match is not None and self.broken:
            self.indent = match["indent"]
            self.lines = _lines(match["lines"])

    @property
    def column(self) -> int:
        """The column at which the next token stands, tabs counted as four."""
        return len(self.indent) + (_TAB - 1) * self.indent.count("\t")

    def swap(self, other: Gap) -> None:
        """Exchange the line breaks of two gaps: the token between moves to the other end of the line."""
        for name in ("broken", "lines", "indent"):
            mine, its = getattr(self, name), getattr(other, name)
            setattr(self, name, its)
            setattr(other, name, mine)
        self.space = other.space = " "

    def layout(self, indent: str, escape: str, newline: str) -> str:
        """What should stand there; *indent* is one level."""
        if not self.valid:
            return self.text
        if not self.broken:
            return (" " if self.text else "") if self.space is None else self.space
        before = indent * self.depth
        lines = [before + (line or escape) + newline for line in self.lines]
        return f" {escape}{newline}{''.join(lines)}{before}"


def _lines(text: str) -> list[str]:
    """Comments and lone escape tokens, at most one of the latter in a row; empty lines are left out."""
    found: list[str] = []
    for line in text.split("\n"):
        line = line.strip(" \t\r")
        if line.startswith("#"):
            found.append(spaced(line))
        elif line and (not found or found[-1]):
            found.append("")
    return found


def spaced(comment: str) -> str:
    """*comment* with a blank after its ``#`` where text or a command follows."""
    return f"# {comment[1:]}" if _UNSPACED.match(comment) else comment


def offset(text_map: TextMap, place: int) -> int:
    """Where the character at *place* of the file stands in the logical line."""
    piece = bisect_right(text_map.sources, place) - 1
    return text_map.offsets[piece] + place - text_map.sources[piece]
