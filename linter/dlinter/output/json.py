"""One array of objects: hadolint's keys ``code column file level line message`` and more."""

from __future__ import annotations

import json

from dlinter.output.fingerprints import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from dlinter.edits import Fix
    from dlinter.output import FileReport, Look
    from dlinter.rule import Finding
    from dlinter.source import Source


def render(reports: Sequence[FileReport], look: Look) -> str:
    objects = [_object(report.source, finding) for report in reports for finding in report.findings]
    return json.dumps(objects, ensure_ascii=True, indent=2) + "\n"


def _object(source: Source, finding: Finding) -> dict[str, Any]:
    line, column = source.position(finding.start)
    end_line, end_column = source.position(finding.end)
    info = finding.rule
    return {
        "code": info.code,
        "column": column,
        "file": clean(source.path),
        "level": finding.severity.name.lower(),
        "line": line,
        "message": clean(finding.message),
        "name": info.name,
        "aliases": list(info.aliases),
        "end_line": end_line,
        "end_column": end_column,
        "url": info.url,
        "fix": None if finding.fix is None else _fix(source, finding.fix, info.title),
    }


def _fix(source: Source, fix: Fix, title: str) -> dict[str, Any]:
    edits = []
    for edit in fix.edits:
        line, column = source.position(edit.start)
        end_line, end_column = source.position(edit.end)
        edits.append(
            {"line": line, "column": column, "end_line": end_line, "end_column": end_column, "text": clean(edit.text)}
        )
    return {"safety": fix.safety.name.lower(), "title": fix.title or title, "edits": edits}
