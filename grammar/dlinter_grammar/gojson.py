"""JSON as Go's encoding/json reads it, without the json module: which texts are arrays, and what a string means."""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_grammar.gotext import valid_runes

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))")
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")


def decode_string(quoted: str) -> str:
    """The text of a valid JSON string with its quotes. A lone surrogate and an invalid byte become U+FFFD."""
    body = valid_runes(quoted[1:-1])
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


_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:([\[\]{},:])|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")"""
    r"""|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)|(true|false|null))"""
)
#: encoding/json, maxNestingDepth
MAX_DEPTH = 10000


def is_array(text: str) -> bool:
    """Whether json.Unmarshal reads *text*, from its ``[`` on, into a list of anything.

    False for a number that no float64 holds: that is an error of its own.
    """
    if not text.startswith("["):
        return False
    token = _TOKEN.match
    closers: list[str] = []
    #: what may come: "value", "value]" (or the end of an empty list), "key}", "key", ":", "," (or the end)
    state = "value"
    position = 0
    while True:
        match = token(text, position)
        if match is None:
            return False
        position = match.end()
        mark = match[1]
        if mark in ("[", "{") and state in ("value", "value]"):
            closers.append("]" if mark == "[" else "}")
            if len(closers) > MAX_DEPTH:
                return False
            state = "value]" if mark == "[" else "key}"
            continue
        if mark in ("]", "}"):
            if state not in (",", "value]" if mark == "]" else "key}") or closers[-1] != mark:
                return False
            closers.pop()
            if not closers:
                return not text[position:].strip(" \t\r\n")
            state = ","
        elif mark == "," and state == ",":
            state = "value" if closers[-1] == "]" else "key"
        elif mark == ":" and state == ":":
            state = "value"
        elif match[2] and state in ("key", "key}"):
            state = ":"
        elif mark is None and state in ("value", "value]"):
            if match[3] and float(match[3]) in (float("inf"), float("-inf")):
                return False
            state = ","
        else:
            return False
