"""Takes quotes and escapes off a shell word (POSIX.1-2017 XCU 2.2; bash manual, ANSI-C Quoting)."""

from __future__ import annotations

from dlinter_grammar import regex as re

_UNQUOTE = re.compile(r"\\([\s\S]|\Z)")
_UNQUOTE_DOUBLE = re.compile(r'\\([$`"\\\n])')
_UNQUOTE_BACKQUOTE = re.compile(r"\\([$`\\])")
_ESCAPED = re.compile(
    r"\\(?:([abeEfnrtv\\'\"?])|([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|c([\s\S]))"
)
_NAMED = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def unescape(text: str) -> str:
    """Unquoted *text* without its backslashes and line continuations, such as one at the end of the script."""
    return _UNQUOTE.sub(_kept, text)


def unescape_double(text: str) -> str:
    """The same for text between double quotes, where a backslash means itself before most characters."""
    return _UNQUOTE_DOUBLE.sub(_kept, text)


def unescape_backquote(text: str, quoted: bool) -> str:
    """The script between backquotes, which stand in double quotes if *quoted*."""
    return (_UNQUOTE_DOUBLE.sub if quoted else _UNQUOTE_BACKQUOTE.sub)(_kept, text)


def ansi_value(text: str) -> str:
    """What ``$'text'`` stands for (bash manual, ANSI-C quoting); it ends at a NUL."""
    if "\\" not in text:
        return text
    return _ESCAPED.sub(_ansi_character, text).partition("\0")[0]


def _kept(match: re.Match[str]) -> str:
    return "" if match[1] == "\n" else match[1]


def _ansi_character(match: re.Match[str]) -> str:
    named, octal, hexadecimal, short, long, control = match.groups()
    if named is not None:
        return _NAMED.get(named, named)
    if control is not None:
        return chr(ord(control.upper()) & 0x1F) if control != "?" else "\x7f"
    code = int(octal, 8) & 0xFF if octal is not None else int(hexadecimal or short or long, 16)
    return chr(code) if code < 0x110000 else match[0]
