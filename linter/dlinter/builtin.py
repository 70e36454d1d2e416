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

TARGET, BUILD_ARG, PORT = "DL2141", "DL2142", "DL2143"
#: about compose files, found by :mod:`dlinter.project.wiring`
WIRING = {
    info.code: info
    for info in (
        RuleInfo(
            TARGET, "compose-target-unknown", Severity.ERROR, "", ("default",), (), (), (),
            "Name a stage of the Dockerfile as the target of a compose file",
            "The build fails.", __name__, "",
        ),
        RuleInfo(
            BUILD_ARG, "compose-build-arg-undeclared", Severity.WARNING, "", ("default",), (), (), (),
            "Declare the ARG that a compose file gives a value",
            "The value has no effect: a build sees only the arguments that its Dockerfile declares.", __name__, "",
        ),
        RuleInfo(
            PORT, "compose-port-not-exposed", Severity.INFO, "", (), (), (), (),
            "Publish the port that the image exposes",
            "Most likely nothing listens on the other one, and connections to it are refused.", __name__, "",
        ),
    )
}  # fmt: skip


def as_hadolint(finding: Finding) -> Finding:
    """*finding* as hadolint would call it: what cannot be read has one code."""
    if finding.code.startswith("DL1") and finding.code in SYNTAX:
        finding.rule = PARSE_ERROR
    return finding


def documented() -> list[RuleInfo]:
    """Those that have a page of ours."""
    return [PARSE_ERROR, *SYNTAX.values(), *PRAGMA_RULES.values(), *WIRING.values()]


def builtin() -> list[RuleInfo]:
    """All of them. They have no function: ``info.attribute`` is empty."""
    return [*SYNTAX.values(), *PRAGMA_RULES.values(), *WIRING.values(), *SHELLCHECK.values()]
