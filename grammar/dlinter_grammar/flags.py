"""Builder flags: the words ``--name=value`` before the arguments (parser/split_command.go, extractBuilderFlags)."""

from __future__ import annotations

from dlinter_grammar.nodes import Flag, TextMap, Token
from dlinter_grammar.spaces import BYTE_SPACE

QUOTES = "\"'"


def read_flag(text_map: TextMap, start: int, end: int, escape: str) -> Flag:
    """The flag that ``text_map.text[start:end]`` is; quotes and escape tokens go, within quotes too."""
    raw = text_map.text[start:end]
    if '"' in raw or "'" in raw or escape in raw:
        word, equals = _unquote(raw, escape)
    else:
        word, equals = raw, raw.find("=")
    return _flag(text_map, start, end, word, equals)


def _flag(text_map: TextMap, start: int, end: int, word: str, equals: int) -> Flag:
    """*word* is the flag without its quotes, *equals* where its first ``=`` stands in the raw text, or -1."""
    name, _, value = word.partition("=")
    at, stop = text_map.span(start, end)
    if equals < 0:
        return Flag(at, stop, name[2:], None)
    begin = start + equals + 1
    return Flag(
        at,
        stop,
        name[2:],
        Token(
            text_map.at(begin - 1) + 1 if begin == end else text_map.at(begin), stop, text_map.text[begin:end], value
        ),
    )


def _unquote(raw: str, escape: str) -> tuple[str, int]:
    """*raw* without quotes and escape tokens, and the offset in *raw* of the first ``=`` that remains, or -1."""
    result = []
    equals = -1
    quote = ""
    i = 0
    while i < len(raw):
        char = raw[i]
        if quote and char == quote:
            quote = ""
        elif not quote and char in QUOTES:
            quote = char
        else:
            if char == escape:
                i += 1
                char = raw[i : i + 1]
            if char == "=" and equals < 0:
                equals = i
            result.append(char)
        i += 1
    return "".join(result), equals


def scan_flags(text_map: TextMap, position: int, end: int, escape: str) -> tuple[list[Flag], int, str]:
    """Flags in ``text_map.text[position:end]`` as BuildKit scans them: byte by byte.

    A byte above 7F is written as the character of that number, so ``ü`` becomes ``Ã¼``; and the bytes 85 and A0 are
    white space even within a character, so ``à`` ends a word. Returns the flags, the offset of what follows, and the
    bytes (as U+DC80...) that a cut character left over there, which begin BuildKit's arguments.
    """
    text = text_map.text
    flags: list[Flag] = []
    word: list[str] = []
    start = equals = -1
    quote = ""
    escaped = False
    i = position
    while i < end:
        char = text[i]
        data = utf8(char)
        for number, byte in enumerate(data):
            if start < 0:
                if byte in BYTE_SPACE:
                    continue
                if number or text[i : i + 2] != "--":
                    left = "".join(chr(0xDC00 + rest) for rest in data[number:]) if number else ""
                    return flags, i + 1 if number else i, left
                start, equals, word = i, -1, []
            one = chr(byte)
            if escaped:
                escaped = False
            elif quote and one == quote:
                quote = ""
                continue
            elif not quote and byte in BYTE_SPACE:
                if "".join(word) == "--":
                    left = "".join(chr(0xDC00 + rest) for rest in data[number:]) if number else ""
                    return flags, i + 1 if number else i, left
                flags.append(_flag(text_map, start, i + 1 if number else i, "".join(word), equals))
                start = -1
                continue
            elif not quote and one in QUOTES:
                quote = one
                continue
            elif one == escape:
                escaped = True
                continue
            if one == "=" and equals < 0:
                equals = i - start
            word.append(one)
        i += 1
    if start >= 0 and "".join(word) != "--":
        flags.append(_flag(text_map, start, end, "".join(word), equals))
    return flags, end, ""


def utf8(char: str) -> bytes:
    if "\udc80" <= char <= "\udcff":
        return bytes([ord(char) - 0xDC00])
    return char.encode("utf-8", "surrogatepass")
