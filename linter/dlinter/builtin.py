"""The rules that no package brings: what the grammar refuses, what is wrong with ignore comments, ShellCheck's."""

from __future__ import annotations

from dlinter.pragma_rules import PRAGMA_RULES
from dlinter.rule import Finding, RuleInfo, Severity
from dlinter.shell_codes import SHELLCHECK
from dlinter.syntax_rules import SYNTAX

#: what hadolint calls everything that it cannot read; in the profile ``hadolint`` so do we
PARSE_ERROR = RuleInfo(
    "DL1000", "parse-error", Severity.ERROR, "", ("hadolint",), (), (), (), "BuildKit cannot read the file",
    "The build fails. Outside of the profile hadolint every kind of mistake has a code of its own, DL1101 and up.",
    __name__, "",
)  # fmt: skip


def refused(finding: Finding) -> bool:
    """True if *finding* says that BuildKit does not take the file."""
    return finding.code in SYNTAX or finding.code == PARSE_ERROR.code


def as_hadolint(finding: Finding) -> Finding:
    """*finding* as hadolint would call it: what cannot be read has one code."""
    if finding.code.startswith("DL1") and finding.code in SYNTAX:
        finding.rule = PARSE_ERROR
    return finding


def documented() -> list[RuleInfo]:
    """Those that have a page of ours."""
    return [PARSE_ERROR, *SYNTAX.values(), *PRAGMA_RULES.values()]


def builtin() -> list[RuleInfo]:
    """All of them. They have no function: ``info.attribute`` is empty."""
    return [*SYNTAX.values(), *PRAGMA_RULES.values(), *SHELLCHECK.values()]
