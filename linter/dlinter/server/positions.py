"""The way between character offsets and the positions of the protocol."""

from __future__ import annotations

import re
from bisect import bisect_right

#: what ends a line in the protocol; in a Dockerfile only the newline does
_LINE_END = re.compile(r"\r\n|\n|\r")
#: code units of a character by encoding: beyond which characters there is one more
_STEPS = {"utf-8": ("\x7f", "\u07ff", "\uffff"), "utf-16": ("\uffff",), "utf-32": ()}


class Lines:
    """The lines of *text*, and positions in it counted in units of *encoding*: ``utf-8``, ``utf-16`` or ``utf-32``.

    Lines and columns are 0-based. What lies outside of the text is taken for the nearest place in it, as the protocol
    asks for.
    """

    __slots__ = ("_ascii", "_starts", "_steps", "text")

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.text = text
        self._ascii = text.isascii()
        self._steps = _STEPS.get(encoding, _STEPS["utf-16"])
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def __len__(self) -> int:
        return len(self._starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of the character at *offset*."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        if self._ascii:
            return line, offset - start
        return line, self._units(self.text[start:offset])

    def offset(self, line: int, column: int) -> int:
        """The offset of that place; inside of a character, that of the character."""
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[line], self.end(line)
        if self._ascii:
            return min(start + max(column, 0), end)
        at, done = start, 0
        while at < end:
            done += self._units(self.text[at])
            if done > column:
                break
            at += 1
        return at

    def start(self, line: int) -> int:
        """The offset at which *line* begins."""
        return self._starts[line]

    def end(self, line: int) -> int:
        """The offset of the line end of *line*, or of the text's end."""
        if line + 1 >= len(self._starts):
            return len(self.text)
        end = self._starts[line + 1] - 1
        return end - 1 if self.text[end] == "\n" and self.text[end - 1 : end] == "\r" else end

    def _units(self, text: str) -> int:
        return len(text) + sum(char > step for step in self._steps for char in text)
