"""hadolint's formats of one line a finding: ``tty``, without a column, and ``gnu``, with one."""

from __future__ import annotations

from dlinter.output.style import printable
from dlinter.rule import Finding, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlinter.output import FileReport, Look
    from dlinter.source import Source

#: as hadolint colours them (Hadolint/Formatter/TTY.hs)
_COLOURS = {Severity.ERROR: "\x1b[1m\x1b[91m", Severity.WARNING: "\x1b[1m\x1b[93m", Severity.INFO: "\x1b[92m",
            Severity.STYLE: "\x1b[96m"}  # fmt: skip
#: hadolint's code of what cannot be read; it prints none there
UNREADABLE = "DL1000"


def tty(reports: Sequence[FileReport], look: Look) -> str:
    """``path:line CODE severity: message``."""
    return "".join(_tty(report.source, finding, look.color) for report in reports for finding in report.findings)


def _tty(source: Source, finding: Finding, color: bool) -> str:
    line, column = source.position(finding.start)
    path, message = printable(source.path), printable(finding.message)
    if finding.code == UNREADABLE:
        return f"{path}:{line}:{column} {message}\n"
    level = finding.severity.name.lower()
    shown = f"{_COLOURS[finding.severity]}{level}\x1b[0m" if color else level
    return f"{path}:{line} {finding.code} {shown}: {message}\n"


def gnu(reports: Sequence[FileReport], look: Look) -> str:
    """``tool:path:line:column: CODE severity: message`` (GNU coding standards, 4.4 Formatting Error Messages)."""
    lines: list[str] = []
    for report in reports:
        path = printable(report.source.path)
        for finding in report.findings:
            line, column = report.source.position(finding.start)
            what = "" if finding.code == UNREADABLE else f"{finding.code} {finding.severity.name.lower()}: "
            lines.append(f"{look.tool}:{path}:{line}:{column}: {what}{printable(finding.message)}\n")
    return "".join(lines)
