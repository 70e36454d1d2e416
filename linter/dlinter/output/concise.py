"""One line a finding: ``path:line:column: CODE severity: message``."""

from __future__ import annotations

from dlinter.output.style import Style, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlinter.output import FileReport, Look
    from dlinter.rule import Finding


def render(reports: Sequence[FileReport], look: Look) -> str:
    style = Style(look.color)
    lines: list[str] = []
    for report in reports:
        path = report.source.path
        for finding in report.findings:
            line, column = report.source.position(finding.start)
            head = f"{style.bold(printable(path))}:{line}:{column}: {style.severity(finding)}"
            lines.append(f"{head}: {printable(finding.message)}{mark(finding)} ({finding.rule.name})")
    return "".join(line + "\n" for line in lines)


def mark(finding: Finding) -> str:
    """``[*]`` where ``--fix`` mends it, ``[+]`` where ``--unsafe-fixes`` is needed too."""
    if finding.fix is None:
        return ""
    return ("  [*]", "  [+]", "")[finding.fix.needs]
