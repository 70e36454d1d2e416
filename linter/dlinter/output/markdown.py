"""A table in Markdown, for pull requests and for the summary of a pipeline's step."""

from __future__ import annotations

from dlinter.edits import Safety
from dlinter.output.fingerprints import clean
from dlinter.output.paths import from_root
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlinter.output import FileReport, Look
    from dlinter.rule import Finding

#: what means something in Markdown or HTML, and what would end a cell
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&$]")
#: what services take for the name of a person to be told
_MENTION = re.compile(r"(?<![\w/])@(?=\w)")
_FIXES = {Safety.SAFE: "`--fix`", Safety.UNSAFE: "`--unsafe-fixes`", Safety.HINT: ""}
#: bytes that GitHub takes as the summary of a step, less what the end of it needs
_LIMIT = 1_000_000


def render(reports: Sequence[FileReport], look: Look) -> str:
    """A heading and a table for each file that has findings, and how many there are."""
    blocks = [_block(report) for report in reports if report.findings]
    return "\n".join([*blocks, _total(reports, look.tool)])


def summary(reports: Sequence[FileReport]) -> str:
    """The same below a heading, cut where it would be longer than GitHub takes."""
    total = _total(reports, "dlint")
    text = "\n".join(["## dlint\n", total, *(_block(report) for report in reports if report.findings)])
    data = text.encode()
    if len(data) <= _LIMIT:
        return text
    kept = data[:_LIMIT].decode("utf-8", "ignore")
    return f"{kept[: kept.rindex(chr(10))]}\n\nThe rest is too long to be shown here.\n"


def _total(reports: Sequence[FileReport], tool: str) -> str:
    number = sum(len(report.findings) for report in reports)
    files = f"{len(reports)} file{'' if len(reports) == 1 else 's'}"
    if not number:
        return f"{tool} found no problems in {files}.\n"
    return f"{tool} found {number} problem{'' if number == 1 else 's'} in {files}.\n"


def _block(report: FileReport) -> str:
    lines = [f"### {escaped(from_root(report.path, 'GITHUB_WORKSPACE', 'CI_PROJECT_DIR'))}\n\n"]
    lines.append("| line | rule | severity | message | fix |\n|---:|---|---|---|---|\n")
    lines += [_row(report, finding) for finding in report.findings]
    return "".join(lines)


def _row(report: FileReport, finding: Finding) -> str:
    line, column = report.source.position(finding.start)
    info = finding.rule
    fix = _FIXES[finding.fix.safety] if finding.fix is not None else ""
    rule = f"[{info.code}]({info.url})" if info.url else info.code
    level = finding.severity.name.lower()
    return f"| {line}:{column} | {rule} {info.name} | {level} | {escaped(finding.message)} | {fix} |\n"


def escaped(text: str) -> str:
    """*text* as Markdown that shows it as it is, in one line; it calls nobody."""
    text = " ".join(clean(text).split())
    return _MENTION.sub("@<!-- -->", _SPECIAL.sub(lambda match: "\\" + match[0], text))
