"""JSON as Go's encoding/json reads it, without the json module: which texts are arrays, and what a string means."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))")
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")


def decode_string(quoted: str) -> str:
    """The text of a valid JSON string with its quotes. A lone surrogate and an invalid byte become U+FFFD."""
    body = quoted[1:-1]
    if not body.isascii():
        body = _SURROGATES.sub("\ufffd", body)
    if "\\" not in body:
        return body
    decoded = _ESCAPE.sub(_unescape, body)
    return decoded if decoded.isascii() else _SURROGATES.sub(_join, decoded)


def _unescape(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return _SIMPLE.get(match[2], match[2])


def _join(match: re.Match[str]) -> str:
    pair = match[0]
    if len(pair) == 1:
        return "\ufffd"
    return chr(0x10000 + ((ord(pair[0]) - 0xD800) << 10) + ord(pair[1]) - 0xDC00)
