"""Colours (ECMA-48 SGR), or none."""

from __future__ import annotations

from dlinter.rule import Finding, Severity

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36", Severity.STYLE: "34"}


class Style:
    """Wraps text in escape sequences if *color*."""

    __slots__ = ("color",)

    def __init__(self, color: bool) -> None:
        self.color = color

    def _wrap(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color else text

    def bold(self, text: str) -> str:
        return self._wrap("1", text)

    def dim(self, text: str) -> str:
        return self._wrap("2", text)

    def level(self, severity: Severity, text: str) -> str:
        return self._wrap("1;" + _COLOURS[severity], text)

    def severity(self, finding: Finding) -> str:
        """``CODE severity`` in the colour of the severity."""
        return self.level(finding.severity, f"{finding.rule.code} {finding.severity.name.lower()}")


def printable(text: str) -> str:
    """*text* with control characters, lone surrogates and bidirectional marks made visible; tabs stay."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\t" else _visible(char) for char in text)


def _visible(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\ufffd"
