"""SARIF 2.1.0 (OASIS), with all that GitHub's code scanning asks for."""

from __future__ import annotations

import json
import os
from urllib.parse import quote

from dlinter.catalogue import page
from dlinter.edits import Fix, Safety
from dlinter.output.fingerprints import clean, fingerprints, line_hashes
from dlinter.output.paths import from_root
from dlinter.rule import Finding, RuleInfo, Severity
from dlinter.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from dlinter.output import FileReport, Look
    from dlinter.source import Source

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note", Severity.STYLE: "note"}
_PROBLEMS = {
    Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation",
    Severity.STYLE: "recommendation",
}  # fmt: skip
#: GitHub calls more than 6.9 high, more than 3.9 medium
_SECURITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.5", Severity.INFO: "3.0", Severity.STYLE: "1.0"}


def render(reports: Sequence[FileReport], look: Look) -> str:
    rules: dict[str, RuleInfo] = {}
    for report in reports:
        for finding in report.findings:
            rules.setdefault(finding.code, finding.rule)
    order = {code: index for index, code in enumerate(sorted(rules))}
    results = [result for report in reports for result in _results(report, order)]
    run = {
        "tool": {
            "driver": {
                "name": look.tool,
                "semanticVersion": __version__,
                "version": __version__,
                "informationUri": "https://github.com/dlint-dev/dlint",
                "rules": [_rule(rules[code]) for code in order],
            }
        },
        "automationDetails": {"id": f"{look.tool}/"},
        "columnKind": "unicodeCodePoints",
        "defaultSourceLanguage": "dockerfile",
        "results": results,
    }
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, indent=2) + "\n"


def _rule(info: RuleInfo) -> dict[str, Any]:
    why = info.why or info.title
    security = info.code.startswith("DL7")
    properties = {
        "tags": ["dockerfile", *(["security"] if security else [])],
        "precision": "high",
        "problem.severity": _PROBLEMS[info.severity],
        **({"security-severity": _SECURITY[info.severity]} if security else {}),
    }
    return {
        "id": info.code,
        "name": "".join(part.capitalize() for part in info.name.split("-")),
        "shortDescription": {"text": info.title[:1024]},
        "fullDescription": {"text": why[:1024]},
        "help": {
            "text": f"{info.title}\n\n{why}\n\n{info.url}",
            "markdown": f"{page(info)}\n[{info.code} {info.name}]({info.url})",
        },
        "helpUri": info.url,
        "defaultConfiguration": {"level": _LEVELS[info.severity]},
        "properties": properties,
    }


def _results(report: FileReport, order: dict[str, int]) -> list[dict[str, Any]]:
    if not report.findings:
        return []
    source = report.source
    hashes = line_hashes(source)
    place = {"uri": uri(report.path)}
    found = []
    for finding, mark in fingerprints(report):
        line = source.line(finding.start)
        result: dict[str, Any] = {
            "ruleId": finding.code,
            "ruleIndex": order[finding.code],
            "level": _LEVELS[finding.severity],
            "message": {"text": clean(finding.message)},
            "locations": [{"physicalLocation": {"artifactLocation": place, "region": _region(source, finding)}}],
            "partialFingerprints": {
                "primaryLocationLineHash": hashes[min(line, len(hashes)) - 1],
                "dlintFingerprint/v1": mark,
            },
        }
        if finding.fix is not None and finding.fix.safety is not Safety.HINT:
            result["fixes"] = [_fix(source, finding.fix, finding.rule.title, place)]
        found.append(result)
    return found


def _region(source: Source, finding: Finding) -> dict[str, Any]:
    region: dict[str, Any] = dict(_range(source, finding.start, finding.end))
    if finding.code.startswith("SC"):
        region["sourceLanguage"] = "shellscript"
    return region


def _range(source: Source, start: int, end: int) -> dict[str, int]:
    line, column = source.position(start)
    end_line, end_column = source.position(end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _fix(source: Source, fix: Fix, title: str, place: dict[str, str]) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _range(source, edit.start, edit.end), "insertedContent": {"text": clean(edit.text)}}
        for edit in fix.edits
    ]
    return {
        "description": {"text": fix.title or title},
        "artifactChanges": [{"artifactLocation": place, "replacements": replacements}],
    }


def uri(path: str) -> str:
    """*path* as a reference relative to GitHub's checkout or the current folder where it lies there (RFC 3986)."""
    if path == "-":
        return "stdin"
    name = from_root(path, "GITHUB_WORKSPACE")
    if os.path.isabs(name):
        return "file://" + ("" if name.startswith("/") else "/") + _quoted(name)
    return _quoted(name)


def _quoted(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"), safe="/:" if os.name == "nt" else "/")
