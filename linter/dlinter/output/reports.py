"""Formats in JSON that other programs ask for: Code Climate, GitLab, Codacy, SonarQube."""

from __future__ import annotations

import json

from dlinter.output.fingerprints import clean, fingerprints
from dlinter.output.paths import from_root
from dlinter.rule import Finding, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from dlinter.output import FileReport, Look

#: as hadolint has them (Hadolint/Formatter/Codeclimate.hs)
_CLIMATE = {Severity.ERROR: "blocker", Severity.WARNING: "major", Severity.INFO: "info", Severity.STYLE: "minor"}
_SONAR = {Severity.ERROR: "HIGH", Severity.WARNING: "MEDIUM", Severity.INFO: "LOW", Severity.STYLE: "LOW"}


def _climate(reports: Sequence[FileReport]) -> Iterator[dict[str, Any]]:
    """Issues as the Code Climate engine specification has them."""
    for report in reports:
        for finding, mark in fingerprints(report):
            line, column = report.source.position(finding.start)
            end_line, end_column = report.source.position(finding.end)
            yield {
                "type": "issue",
                "check_name": finding.code,
                "description": clean(finding.message),
                "content": {"body": f"{finding.rule.why}\n\n{finding.rule.url}".strip()},
                "categories": ["Style" if finding.severity is Severity.STYLE else "Bug Risk"],
                "severity": _CLIMATE[finding.severity],
                "fingerprint": mark,
                "location": {
                    "path": clean(from_root(report.path, "CI_PROJECT_DIR")),
                    "lines": {"begin": line, "end": end_line},
                    "positions": {
                        "begin": {"line": line, "column": column},
                        "end": {"line": end_line, "column": end_column},
                    },
                },
            }


def codeclimate(reports: Sequence[FileReport], look: Look) -> str:
    """One object a finding, each followed by a NUL."""
    return "".join(json.dumps(issue) + "\0" for issue in _climate(reports))


def gitlab(reports: Sequence[FileReport], look: Look) -> str:
    """One array, for ``artifacts: reports: codequality``."""
    return json.dumps(list(_climate(reports)), indent=2) + "\n"


def codacy(reports: Sequence[FileReport], look: Look) -> str:
    """One object a finding and line."""
    return "".join(
        json.dumps(
            {
                "filename": clean(report.path),
                "line": report.source.line(finding.start),
                "message": clean(finding.message),
                "patternId": finding.code,
            }
        )
        + "\n"
        for report in reports
        for finding in report.findings
    )


def sonarqube(reports: Sequence[FileReport], look: Look) -> str:
    """Generic issues as SonarQube 10.3 imports them: lines count from 1, columns from 0."""
    rules: dict[str, dict[str, Any]] = {}
    issues: list[dict[str, Any]] = []
    for report in reports:
        for finding in report.findings:
            rules.setdefault(finding.code, _sonar_rule(finding, look.tool))
            line, column = report.source.position(finding.start)
            end_line, end_column = report.source.position(finding.end)
            place: dict[str, int] = {"startLine": line}
            if (end_line, end_column) > (line, column):
                # an empty range is refused, and so is a column behind the end of its line
                width = len(report.source.line_text(end_line))
                place |= {"endLine": end_line, "startColumn": column - 1, "endColumn": min(end_column - 1, width)}
                if end_line == line and place["endColumn"] <= column - 1:
                    place = {"startLine": line}
            issues.append(
                {
                    "ruleId": finding.code,
                    "effortMinutes": 5,
                    "primaryLocation": {
                        "message": clean(finding.message),
                        "filePath": clean(report.path),
                        "textRange": place,
                    },
                }
            )
    return json.dumps({"rules": list(rules.values()), "issues": issues}, indent=2) + "\n"


def _sonar_rule(finding: Finding, tool: str) -> dict[str, Any]:
    info = finding.rule
    quality = "SECURITY" if info.code.startswith("DL7") else "RELIABILITY" if info.severity >= 2 else "MAINTAINABILITY"
    return {
        "id": info.code,
        "name": info.title,
        "description": f"{info.why} {info.url}".strip(),
        "engineId": tool,
        "cleanCodeAttribute": "CONVENTIONAL",
        "type": "VULNERABILITY" if quality == "SECURITY" else "BUG" if quality == "RELIABILITY" else "CODE_SMELL",
        "severity": {3: "CRITICAL", 2: "MAJOR", 1: "MINOR", 0: "INFO"}[int(info.severity)],
        "impacts": [{"softwareQuality": quality, "severity": _SONAR[info.severity]}],
    }
