"""What ``.editorconfig`` files say about a file (https://spec.editorconfig.org, version 0.17)."""

from __future__ import annotations

import os
import re

NAME = ".editorconfig"
#: a section's name and a value may be that long at most, as in the reference implementation
_LONGEST = 4096

_GLOB = re.compile(
    r"(?P<range>\{(?P<low>[+-]?\d+)\.\.(?P<high>[+-]?\d+)\})|\\(?P<escaped>.)|(?P<stars>\*\*/|/\*\*/|\*\*)|(?P<other>.)",
    re.S,
)


def properties(path: str) -> dict[str, str]:
    """The properties of the file at *path*, names and values in lower case; those of the nearest files win.

    Files are read from its folder upwards up to one that is a root; what cannot be read is passed over.
    """
    path = os.path.abspath(path)
    found: dict[str, str] = {}
    folder = os.path.dirname(path)
    while True:
        text = _read(os.path.join(folder, NAME))
        if text is not None:
            name = os.path.relpath(path, folder).replace(os.sep, "/")
            root, values = parse(text, name)
            found = {**values, **found}
            if root:
                break
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    return {name: value for name, value in found.items() if value != "unset"}


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            return file.read()
    except OSError:
        return None


def parse(text: str, name: str) -> tuple[bool, dict[str, str]]:
    """Whether the file *text* is a root, and what its sections say about the file *name*, relative to it."""
    root = False
    matching: bool | None = None
    found: dict[str, str] = {}
    for line in text.splitlines():
        line = line.strip()
        if not line or line[0] in "#;":
            continue
        if line.startswith("[") and line.endswith("]"):
            matching = matches(line[1:-1], name)
            continue
        key, equals, value = line.partition("=")
        key, value = key.strip().lower(), value.strip().lower()
        if not equals or not key:
            continue
        if matching is None:
            root = root or (key == "root" and value == "true")
        elif matching:
            found[key] = value
    return root, found


def matches(glob: str, name: str) -> bool:
    """Whether the section *glob* speaks of the file *name*; without a slash it does so in every folder below."""
    if not glob or len(glob) > _LONGEST:
        return False
    anchored = "/" in glob
    try:
        pattern = re.compile(_pattern(glob.removeprefix("/")), re.S)
    except re.error:
        return False
    return pattern.fullmatch(name if anchored else name.rpartition("/")[2]) is not None


def _pattern(glob: str) -> str:
    """A regular expression for *glob*: ``*`` ``**`` ``?`` ``[seq]`` ``[!seq]`` ``{a,b}`` ``{1..9}``."""
    balanced = glob.count("{") == glob.count("}")
    pieces: list[str] = []
    depth = at = 0
    while at < len(glob):
        match = _GLOB.match(glob, at)
        assert match is not None
        at = match.end()
        char = match["other"]
        if match["range"]:
            low, high = sorted((int(match["low"]), int(match["high"])))
            pieces.append(f"(?:{'|'.join(map(str, range(low, min(high, low + 1000) + 1)))})")
        elif match["escaped"] is not None:
            pieces.append(re.escape(match["escaped"]))
        elif match["stars"]:
            pieces.append({"**/": "(?:.*/)?", "/**/": "/(?:.*/)?", "**": ".*"}[match["stars"]])
        elif char == "*":
            pieces.append("[^/]*")
        elif char == "?":
            pieces.append("[^/]")
        elif char == "[" and (close := _class_end(glob, at)):
            pieces.append(_class(glob[at : close - 1]))
            at = close
        elif char == "{" and balanced:
            if "," in glob[at : glob.find("}", at)]:
                depth += 1
                pieces.append("(?:")
            else:
                pieces.append(r"\{")
        elif char == "}" and depth:
            depth -= 1
            pieces.append(")")
        elif char == "," and depth:
            pieces.append("|")
        else:
            pieces.append(re.escape(char))
    return "".join(pieces)


def _class_end(glob: str, start: int) -> int:
    """The offset after the bracket that closes a class, 0 where none does or a slash stands in it."""
    close = glob.find("]", start + 1) + 1
    return 0 if "/" in glob[start:close] else close


def _class(text: str) -> str:
    negated = text.startswith("!")
    inside = re.sub(r"([\\\[\]^&~|])", r"\\\1", text[1:] if negated else text)
    return f"[{'^/' if negated else ''}{inside}]"
