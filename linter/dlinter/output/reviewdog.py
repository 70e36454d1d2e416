"""reviewdog's formats ``rdjson`` and ``rdjsonl``, with the fixes that keep the build as suggestions.

Positions are 1-based lines and columns in bytes of UTF-8 (reviewdog, proto/rdf/reviewdog.proto).
"""

from __future__ import annotations

import json

from dlinter.edits import Fix, Safety, splice
from dlinter.output.fingerprints import clean
from dlinter.rule import Finding, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from dlinter.output import FileReport, Look
    from dlinter.source import Source

_URL = "https://github.com/dlint-dev/dlint"
_LEVELS = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO", Severity.STYLE: "INFO"}


def rdjson(reports: Sequence[FileReport], look: Look) -> str:
    """One ``DiagnosticResult``."""
    result = {"source": {"name": look.tool, "url": _URL}, "diagnostics": list(_diagnostics(reports))}
    return json.dumps(result, indent=2) + "\n"


def rdjsonl(reports: Sequence[FileReport], look: Look) -> str:
    """One ``Diagnostic`` a line."""
    source = {"name": look.tool, "url": _URL}
    return "".join(json.dumps({**each, "source": source}) + "\n" for each in _diagnostics(reports))


def _diagnostics(reports: Sequence[FileReport]) -> Iterator[dict[str, Any]]:
    for report in reports:
        for finding in report.findings:
            yield _diagnostic(report, finding)


def _diagnostic(report: FileReport, finding: Finding) -> dict[str, Any]:
    source, info = report.source, finding.rule
    found: dict[str, Any] = {
        "message": clean(finding.message),
        "location": {"path": clean(report.path), "range": _range(source, finding.start, finding.end)},
        "severity": _LEVELS[finding.severity],
        "code": {"value": info.code, **({"url": info.url} if info.url else {})},
    }
    if finding.fix is not None and finding.fix.safety is Safety.SAFE:
        found["suggestions"] = [_suggestion(source, finding.fix)]
    return found


def _suggestion(source: Source, fix: Fix) -> dict[str, Any]:
    """The fix as one replacement: reviewdog takes several for choices, not for parts."""
    start, end = fix.start, fix.end
    after = splice(source.text[:end], fix.edits)[start:]
    return {"range": _range(source, start, end), "text": clean(after)}


def _range(source: Source, start: int, end: int) -> dict[str, dict[str, int]]:
    return {"start": _position(source, start), "end": _position(source, end)}


def _position(source: Source, offset: int) -> dict[str, int]:
    return {"line": source.line(offset), "column": source.byte_column(offset)}
