"""Go's ways with text that show in BuildKit's behaviour and messages: quoting, numbers, durations, nearest words."""

from __future__ import annotations

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    '"': '\\"',
    "\\": "\\\\",
}
_DURATION_PART = re.compile(r"([0-9]*)(?:\.([0-9]*))?([^0-9.]*)")
#: nanoseconds
_UNITS = {
    "ns": 1,
    "us": 10**3,
    "\u00b5s": 10**3,
    "\u03bcs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}


def valid_runes(text: str) -> str:
    """*text* as Go writes it rune by rune: each byte that is no UTF-8 becomes U+FFFD."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)


def quote(text: str) -> str:
    """``%q``, strconv.Quote."""
    return '"' + "".join(_quoted(char) for char in text) + '"'


def _quoted(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def lower(text: str) -> str:
    """strings.ToLower, which maps "\u0130" to one letter."""
    return text.replace("\u0130", "i").lower()


def parse_int(text: str, base: int, bits: int, *, signed: bool) -> tuple[int, str]:
    """strconv.ParseInt or ParseUint: the number and the reason of the failure, one of them empty (0 or ``""``)."""
    digits = text[1:] if signed and text[:1] in ("+", "-") else text
    allowed = "0123456789"[:base]
    if not digits or digits.strip(allowed):
        return 0, "invalid syntax"
    digits = digits.lstrip("0") or "0"
    if len(digits) > 64:
        return 0, "value out of range"
    value = int(digits, base)
    if text[0] == "-":
        value = -value
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    return (value, "") if low <= value <= high else (0, "value out of range")


def parse_bool(text: str) -> bool | None:
    """strconv.ParseBool; None if it is none."""
    if text in ("1", "t", "T", "TRUE", "true", "True"):
        return True
    if text in ("0", "f", "F", "FALSE", "false", "False"):
        return False
    return None


def parse_duration(text: str) -> tuple[int, str]:
    """time.ParseDuration: nanoseconds and the error text, one of them empty."""
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0, ""
    invalid = f"time: invalid duration {_duration_quote(text)}"
    if not rest:
        return 0, invalid
    part = _DURATION_PART.match
    total = 0
    position = 0
    while position < len(rest):
        match = part(rest, position)
        assert match is not None
        whole, fraction, unit = match[1], match[2] or "", match[3]
        if not whole and not fraction:
            return 0, invalid
        if not unit:
            return 0, f"time: missing unit in duration {_duration_quote(text)}"
        if unit not in _UNITS:
            return 0, f"time: unknown unit {_duration_quote(unit)} in duration {_duration_quote(text)}"
        if len(whole) > 40:
            return 0, invalid
        total += int(whole or "0") * _UNITS[unit]
        total += int(fraction[:18] or "0") * _UNITS[unit] // 10 ** len(fraction[:18])
        if total > 2**63:
            return 0, invalid
        position = match.end()
    if text[0] == "-":
        return -total, ""
    return (total, "") if total < 2**63 else (0, invalid)


def _duration_quote(text: str) -> str:
    """The quoting of package time: bytes, not characters."""
    result = []
    for char in text:
        if char in '"\\':
            result.append("\\" + char)
        elif " " <= char < "\x7f":
            result.append(char)
        else:
            result += [f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogatepass")]
    return '"' + "".join(result) + '"'


def nearest(word: str, options: Iterable[str]) -> str | None:
    """The option less than three edits away from *word* (util/suggest), the first of the nearest ones.

    BuildKit takes the options in the random order of a Go map; here their order is the preference.
    """
    best, distance = None, 3
    for option in options:
        if option == word:
            return None
        if abs(len(option) - len(word)) < distance:
            edits = _levenshtein(word, option)
            if edits < distance:
                best, distance = option, edits
    return best


def _levenshtein(first: str, second: str) -> int:
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
