"""Findings as the protocol's diagnostics."""

from __future__ import annotations

from hashlib import blake2b

from lsprotocol import types

from dlinter.edits import Safety
from dlinter.rule import Severity
from dlinter.server.related import related

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dlinter.edits import Fix
    from dlinter.rule import Finding
    from dlinter.server.analysis import Analysis
    from dlinter.server.documents import Document
    from dlinter.server.positions import Lines

    Shown = types.PublishDiagnosticsClientCapabilities | types.DiagnosticClientCapabilities

#: the name that diagnostics carry
SOURCE = "dlint"
SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
    Severity.STYLE: types.DiagnosticSeverity.Hint,
}
#: rules whose findings are about something without effect
_UNNECESSARY = frozenset(["DL1002", "DL1005", "DL2107", "DL3001", "DL3012", "DL3065", "DL4003", "DL4004", "DL8005"])
#: rules whose findings are about something that is to go away
_DEPRECATED = frozenset(["DL2010", "DL4000", "DL7004"])


class Client:
    """What of a diagnostic the client can show."""

    __slots__ = ("data", "href", "related", "tags")

    def __init__(self, *, href: bool = True, related: bool = True, tags: bool = True, data: bool = True) -> None:
        self.href = href
        self.related = related
        self.tags = tags
        self.data = data

    @classmethod
    def of(cls, capabilities: Shown | None) -> Client:
        if capabilities is None:
            return cls(href=False, related=False, tags=False, data=False)
        return cls(
            href=bool(capabilities.code_description_support),
            related=bool(capabilities.related_information),
            tags=capabilities.tag_support is not None,
            data=bool(capabilities.data_support),
        )


def diagnostics(document: Document, analysis: Analysis, client: Client) -> list[types.Diagnostic]:
    """The findings of *analysis*, which is of the document's text, in source order."""
    return [diagnostic(document, analysis, finding, client) for finding in analysis.findings]


def diagnostic(document: Document, analysis: Analysis, finding: Finding, client: Client) -> types.Diagnostic:
    """One finding: its exact range, its code with the page about it, and what mends it as data."""
    lines = document.lines
    found = types.Diagnostic(
        range=range_of(lines, finding.start, finding.end),
        message=_plain(finding.message),
        severity=SEVERITIES[finding.severity],
        code=finding.code,
        source=SOURCE,
    )
    if client.href:
        found.code_description = types.CodeDescription(href=finding.rule.url)
    if client.tags:
        found.tags = _tags(finding.code)
    if client.related:
        found.related_information = [
            types.DiagnosticRelatedInformation(
                types.Location(document.uri, range_of(lines, place.start, place.end)), message
            )
            for place, message in related(analysis.file, finding)
        ] or None
    if client.data and finding.fix is not None:
        found.data = _data(lines, finding, finding.fix)
    return found


def _tags(code: str) -> list[types.DiagnosticTag] | None:
    if code in _UNNECESSARY:
        return [types.DiagnosticTag.Unnecessary]
    return [types.DiagnosticTag.Deprecated] if code in _DEPRECATED else None


def _data(lines: Lines, finding: Finding, fix: Fix) -> dict[str, Any]:
    edits = [
        {"range": _as_json(range_of(lines, edit.start, edit.end)), "newText": _plain(edit.text)} for edit in fix.edits
    ]
    return {
        "title": title_of(finding), "safety": fix.safety.name.lower(), "isPreferred": fix.needs is Safety.SAFE,
        "edits": edits,
    }  # fmt: skip


def title_of(finding: Finding) -> str:
    """What the finding's fix does, in the imperative."""
    assert finding.fix is not None
    return _plain((finding.fix.title or finding.rule.title).partition("\n")[0])


def range_of(lines: Lines, start: int, end: int) -> types.Range:
    """The range of the protocol for two offsets."""
    return types.Range(types.Position(*lines.position(start)), types.Position(*lines.position(end)))


def result_id(found: list[types.Diagnostic]) -> str:
    """Equal for reports that show the same."""
    return blake2b(repr(found).encode("utf-8", "replace"), digest_size=12).hexdigest()


def _as_json(range: types.Range) -> dict[str, dict[str, int]]:
    return {
        name: {"line": place.line, "character": place.character}
        for name, place in (("start", range.start), ("end", range.end))
    }


def _plain(text: str) -> str:
    """*text* without lone surrogates, which JSON readers refuse."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
