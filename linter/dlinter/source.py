"""The bytes of a file, the text that is parsed, and the way between their positions."""

from __future__ import annotations

from bisect import bisect_right

_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class Source:
    """A file's text and where its lines begin.

    ``text`` keeps every byte: what is no UTF-8 becomes a lone surrogate (PEP 383) and is written back as it was.
    A byte-order mark stays in the text as its first character. A file in UTF-16 is decoded as such so that people
    get findings they can read; BuildKit itself cannot read it, and a finding says so.
    """

    __slots__ = ("_starts", "encoding", "path", "text")

    def __init__(self, text: str, path: str = "Dockerfile", encoding: str = "utf-8") -> None:
        self.text = text
        self.path = path
        self.encoding = encoding
        self._starts: list[int] | None = None

    @classmethod
    def from_bytes(cls, data: bytes, path: str = "Dockerfile") -> Source:
        encoding = _UTF16.get(data[:2])
        if encoding is not None and len(data) % 2 == 0:
            return cls(data.decode(encoding, "surrogatepass"), path, encoding)
        return cls(data.decode("utf-8", "surrogateescape"), path)

    def to_bytes(self, text: str | None = None) -> bytes:
        """*text* (this file's own by default) in the encoding the file was read in."""
        text = self.text if text is None else text
        return text.encode(self.encoding, "surrogateescape" if self.encoding == "utf-8" else "surrogatepass")

    @property
    def starts(self) -> list[int]:
        """The offsets at which lines begin; only a newline ends a line, as in BuildKit."""
        if self._starts is None:
            starts = [0]
            at = self.text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.text.find("\n", at + 1)
            self._starts = starts
        return self._starts

    def line(self, offset: int) -> int:
        """The 1-based line of the character at *offset*."""
        return bisect_right(self.starts, offset)

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of *offset*, columns counted in characters."""
        line = self.line(offset)
        start = self.starts[line - 1]
        column = offset - start + 1
        if line == 1 and self.text.startswith("\ufeff") and column > 1:
            column -= 1
        return line, column

    def utf16(self, offset: int) -> tuple[int, int]:
        """The 0-based line and column in UTF-16 code units, as the Language Server Protocol counts."""
        line = self.line(offset)
        before = self.text[self.starts[line - 1] : offset]
        return line - 1, len(before) + sum(char > "\uffff" for char in before)

    def byte_column(self, offset: int) -> int:
        """The 1-based column of *offset* counted in bytes of UTF-8."""
        before = self.text[self.starts[self.line(offset) - 1] : offset]
        return len(before.encode("utf-8", "surrogateescape")) + 1

    def line_text(self, line: int) -> str:
        """The text of the 1-based *line* without its line end."""
        starts = self.starts
        end = starts[line] if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end].rstrip("\r\n")

    def line_start(self, offset: int) -> int:
        """The offset at which the line of *offset* begins."""
        return self.starts[self.line(offset) - 1]
