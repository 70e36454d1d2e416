"""Commands that a pipeline's runner reads from what a step prints: GitHub's and Azure's."""

from __future__ import annotations

from dlinter.output.fingerprints import clean
from dlinter.output.paths import from_root
from dlinter.rule import Severity
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dlinter.output import FileReport, Look

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice", Severity.STYLE: "notice"}
#: as the runner turns them back (actions/runner, src/Runner.Common/ActionCommand.cs)
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}
#: as the agent turns them back (azure-pipelines-agent, src/Agent.Sdk/CommandStringConvertor.cs)
_AZURE = {"\r": "%0D", "\n": "%0A", "]": "%5D", ";": "%3B"}
#: a percent sign that the agent would read as one of these; it warns of others that are escaped
_PERCENT = re.compile("%(?=0D|0A|5D|3B|AZP25)")


def _escaped(text: object, table: Mapping[str, str]) -> str:
    return "".join(table.get(char, char) for char in clean(str(text)))


def github(reports: Sequence[FileReport], look: Look) -> str:
    """``::error file=…,line=…::message``, one a finding.

    Columns are told only of what lies in one line: the runner refuses them otherwise
    (actions/runner, src/Runner.Worker/ActionCommandManager.cs).
    """
    lines: list[str] = []
    for report in reports:
        path = from_root(report.path, "GITHUB_WORKSPACE")
        for finding in report.findings:
            line, column = report.source.position(finding.start)
            end_line, end_column = report.source.position(finding.end)
            properties: dict[str, object] = {
                "title": f"{look.tool} {finding.code} ({finding.rule.name})", "file": path, "line": line,
                "endLine": end_line,
            }  # fmt: skip
            if line == end_line:
                properties |= {"col": column, "endColumn": end_column}
            shown = ",".join(f"{key}={_escaped(value, _PROPERTY)}" for key, value in properties.items())
            lines.append(f"::{_GITHUB[finding.severity]} {shown}::{_escaped(finding.message, _DATA)}\n")
    return "".join(lines)


def azure(reports: Sequence[FileReport], look: Look) -> str:
    """``##vso[task.logissue …]message``, one a finding; Azure Pipelines know errors and warnings only."""
    lines: list[str] = []
    for report in reports:
        for finding in report.findings:
            line, column = report.source.position(finding.start)
            properties = {
                "type": "error" if finding.severity is Severity.ERROR else "warning",
                "sourcepath": from_root(report.path, "BUILD_SOURCESDIRECTORY"), "linenumber": line,
                "columnnumber": column, "code": finding.code,
            }  # fmt: skip
            shown = "".join(f"{key}={_azure(value)};" for key, value in properties.items())
            lines.append(f"##vso[task.logissue {shown}]{_azure(f'{finding.message} ({finding.rule.name})')}\n")
    return "".join(lines)


def _azure(text: object) -> str:
    return _escaped(_PERCENT.sub("%AZP25", str(text)), _AZURE)
