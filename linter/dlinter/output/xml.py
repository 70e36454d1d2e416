"""Formats in XML: ``checkstyle`` and ``junit``. Well-formed whatever the file holds."""

from __future__ import annotations

from dlinter.rule import Severity
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dlinter.output import FileReport, Look

#: what XML 1.0 allows in no form (section 2.2)
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
#: checkstyle knows no style
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info", Severity.STYLE: "info"}


def escape(text: str) -> str:
    """*text* for an attribute in double quotes; what XML cannot hold becomes U+FFFD."""
    return re.sub('[&<>"\n\r\t]', lambda match: _ESCAPES[match[0]], _FORBIDDEN.sub("\ufffd", text))


def _element(name: str, attributes: Mapping[str, object], text: str | None = None, close: bool = True) -> str:
    shown = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())
    if text is not None:
        body = _FORBIDDEN.sub("\ufffd", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return f"<{name}{shown}>{body}</{name}>\n"
    return f"<{name}{shown}/>\n" if close else f"<{name}{shown}>\n"


def checkstyle(reports: Sequence[FileReport], look: Look) -> str:
    """One ``file`` each, one ``error`` a finding (checkstyle's XMLLogger)."""
    parts = [_HEAD, '<checkstyle version="4.3">\n']
    for report in reports:
        parts.append(_element("file", {"name": report.path}, close=False))
        for finding in report.findings:
            line, column = report.source.position(finding.start)
            attributes = {
                "line": line, "column": column, "severity": _LEVELS[finding.severity], "message": finding.message,
                "source": finding.code,
            }  # fmt: skip
            parts.append("  " + _element("error", attributes))
        parts.append("</file>\n")
    return "".join([*parts, "</checkstyle>\n"])


def junit(reports: Sequence[FileReport], look: Look) -> str:
    """One ``testsuite`` a file; a finding is a failing test, a file without any one that passes.

    Places are told in the texts: the schema that Jenkins checks (xunit-plugin, junit-10.xsd) has no attribute for them.
    """
    total = sum(len(report.findings) for report in reports)
    tests = sum(max(len(report.findings), 1) for report in reports)
    parts = [
        _HEAD,
        _element("testsuites", {"name": look.tool, "tests": tests, "failures": total, "errors": 0}, close=False),
    ]
    for report in reports:
        path, findings = report.path, report.findings
        suite = {
            "name": path, "package": look.tool, "tests": max(len(findings), 1), "failures": len(findings),
            "errors": 0, "skipped": 0, "time": "0", "file": path,
        }  # fmt: skip
        parts.append(_element("testsuite", suite, close=False))
        if not findings:
            parts.append("  " + _element("testcase", {"name": look.tool, "classname": path, "time": "0"}))
        for finding in findings:
            line, column = report.source.position(finding.start)
            level = finding.severity.name.lower()
            case = {"name": f"{look.tool}.{finding.code}", "classname": path, "time": "0"}
            text = f"{path}:{line}:{column}: {finding.code} {level}: {finding.message}"
            failure = _element("failure", {"message": finding.message, "type": level}, text)
            parts += ["  ", _element("testcase", case, close=False), "    ", failure, "  </testcase>\n"]
        parts.append("</testsuite>\n")
    return "".join([*parts, "</testsuites>\n"])
