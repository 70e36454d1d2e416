"""Paths as values: joined and cleaned as far as they are fixed text."""

from __future__ import annotations

from dlinter.proof.words import digest, show, text_of
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable

    from dlinter.proof.words import Value, Variable


def opaque(label: str, *identity: Hashable) -> Variable:
    """A part of a value of which only the identity is known."""
    return ("$", label, "", "", digest(*identity), True)


def join(folder: Value, value: Value) -> Value:
    """*value* as seen from *folder* (system.NormalizePath): cleaned where it is fixed text."""
    text = text_of(value)
    base = text_of(folder)
    if text is not None and "\\" not in text and not re.match("[A-Za-z]:", text):
        if text.startswith("/"):
            return (clean(text),)
        if base is not None:
            return (clean(f"{base}/{text}"),)
        cleaned = clean("/" + text)
        if ".." not in text.split("/"):
            return folder if cleaned == "/" else (*folder, cleaned)
    elif value and type(value[0]) is str and value[0].startswith("/"):
        return value
    return (opaque(f"{_brief(value)} seen from {_brief(folder)}", folder, value),)


def _brief(value: Value) -> str:
    return show(value)[:80]


def clean(path: str) -> str:
    """Go's path.Clean of an absolute path."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def ends_in_slash(value: Value) -> bool:
    return bool(value) and type(value[-1]) is str and value[-1].endswith("/")
