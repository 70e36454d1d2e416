"""The rules that no package brings: what the grammar refuses, what is wrong with ignore comments, ShellCheck's."""

from __future__ import annotations

from dlinter.pragma_rules import PRAGMA_RULES
from dlinter.rule import RuleInfo
from dlinter.shell_codes import SHELLCHECK
from dlinter.syntax_rules import SYNTAX


def documented() -> list[RuleInfo]:
    """Those that have a page of ours."""
    return [*SYNTAX.values(), *PRAGMA_RULES.values()]


def builtin() -> list[RuleInfo]:
    """All of them. They have no function: ``info.attribute`` is empty."""
    return [*documented(), *SHELLCHECK.values()]
