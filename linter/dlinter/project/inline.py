"""Dockerfiles that stand in compose files: their text, where each character stands, and how it is written back."""

from __future__ import annotations

from dlinter.edits import Edit, Fix, splice
from dlinter.rule import Finding
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

#: a variable, which compose replaces before anything else; two dollars stand for one
VARIABLE = re.compile(
    r"\$(?:(\$)|\{(?P<braced>[A-Za-z_]\w*)(?::?(?P<how>[-?+])(?P<word>[^}]*))?\}|(?P<name>[A-Za-z_]\w*))"
)
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", " ": " ",
    '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_HEX = {"x": 2, "u": 4, "U": 8}


class Inline:
    """A Dockerfile in another file: ``text`` as the builder gets it, ``start`` and ``end`` of what it was read from.

    ``places`` has the offset in the file for every character of ``text`` and for its end. ``indent`` is the
    indentation of a literal block scalar, None for a text that is not written back: a quoted or folded one, or one
    in which compose replaces variables.
    """

    __slots__ = ("end", "indent", "places", "start", "text")

    def __init__(self, text: str, places: Sequence[int], start: int, end: int, indent: str | None) -> None:
        self.text = text
        self.places = places
        self.start = start
        self.end = end
        self.indent = indent

    def __repr__(self) -> str:
        return f"Inline({self.start}, {self.end}, {self.text!r})"

    def written(self, text: str) -> str:
        """What stands in the file for the Dockerfile *text*."""
        assert self.indent is not None
        lines = text.replace("$", "$$").split("\n")
        return "\n".join(self.indent + line if line.strip("\r") else line for line in lines)

    def finding(self, finding: Finding, file: str) -> Finding:
        """*finding* of the Dockerfile as one of *file*, the text that it stands in."""
        fix = None if finding.fix is None or self.indent is None else self._fix(finding.fix, file)
        start, end = self.places[finding.start], self.places[finding.end]
        return Finding(finding.rule, start, max(end, start + 1), finding.message, finding.severity, fix)

    def _fix(self, fix: Fix, file: str) -> Fix | None:
        if fix.others:
            return None
        old, new = file[self.start : self.end], self.written(splice(self.text, fix.edits))
        if old == new:
            return None
        head = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        tail = 0
        while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        edit = Edit(self.start + head, self.end - tail, new[head : len(new) - tail])
        found = Fix([edit], fix.safety, fix.title, fix.neutral, fix.comments)
        return found.needing(fix.needs)


def block(file: str, start: int, end: int, value: str) -> Inline:
    """The Dockerfile in a literal block scalar of *file* that begins with the ``|`` at *start*.

    *end* is where the scalar ends, *value* what YAML makes of it.
    """
    begin = at = file.find("\n", start) + 1
    lines = file[at:end].split("\n")
    wanted = value.split("\n")
    first = next((n for n, line in enumerate(wanted) if line.strip()), len(lines))
    if at == 0 or first >= len(lines):
        return opaque(value, start)
    width = len(_spaces(lines[first])) - len(_spaces(wanted[first]))
    last = max(n for n, line in enumerate(wanted) if line.strip())
    text = ""
    places: list[int] = []
    for number, line in enumerate(lines[: last + 1]):
        content = line[width:] + ("\n" if number < len(lines) - 1 else "")
        if line[:width].strip("\r ") or number >= len(wanted) or content.rstrip("\r\n") != wanted[number]:
            return opaque(value, start)
        offset = at + min(width, len(line))
        text += content
        places += range(offset, offset + len(content))
        at = offset + len(content)
    found = _undollared(text, [*places, at], begin, at)
    if all(match[1] for match in VARIABLE.finditer(text)):
        found.indent = " " * width
        if found.written(found.text) != file[begin:at]:
            found.indent = None
    return found


def _spaces(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]


def _undollared(text: str, places: list[int], start: int, end: int) -> Inline:
    """The Dockerfile in *text* after compose: two dollars made one, variables replaced by their defaults.

    One without a default is replaced by its name: its value is not known.
    """
    found: list[str] = []
    kept: list[int] = []
    at = 0
    for match in VARIABLE.finditer(text):
        word = "$" if match[1] else match["word"] if match["how"] == "-" else match["braced"] or match["name"]
        found += [text[at : match.start()], word]
        kept += [*places[at : match.start()], *([places[match.start()]] * len(word))]
        at = match.end()
    return Inline("".join(found) + text[at:], [*kept, *places[at:]], start, end, None)


def quoted(file: str, start: int, end: int, value: str) -> Inline:
    """The Dockerfile in a quoted scalar of *file* between *start* and *end*; it is not written back."""
    raw = file[start + 1 : end - 1]
    text = ""
    places: list[int] = []
    at = 0
    while at < len(raw):
        char, width = raw[at], 1
        if file[start] == '"' and char == "\\" and at + 1 < len(raw):
            kind = raw[at + 1]
            width = 2 + _HEX.get(kind, 0)
            char = chr(int(raw[at + 2 : at + width], 16)) if kind in _HEX else _ESCAPES.get(kind, kind)
        elif file[start] == "'" and raw[at : at + 2] == "''":
            width = 2
        text += char
        places.append(start + 1 + at)
        at += width
    return _undollared(text, [*places, end - 1], start, end) if text == value else opaque(value, start)


def opaque(value: str, start: int) -> Inline:
    """A Dockerfile of which no character's place is known but the first one's."""
    return _undollared(value, [start] * (len(value) + 1), start, start)
