"""What a rule is written with: `rule` and `report`, the tree, the edits; most of it is imported when asked for."""

from __future__ import annotations

from dlinter.rule import Finding, Findings, Report, Rule, Severity, imported, report, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.commands import Command, Word
    from dlinter.edits import HINT, SAFE, UNSAFE, Edit, Fix, Safety, delete, insert_after, insert_before, replace
    from dlinter.scripts import Script
    from dlinter.tree import (
        Add,
        Arg,
        Cmd,
        Copy,
        Dockerfile,
        Entrypoint,
        Env,
        Expose,
        From,
        Healthcheck,
        Instruction,
        Label,
        Maintainer,
        Onbuild,
        Run,
        Shell,
        Stage,
        Stopsignal,
        Token,
        User,
        Volume,
        Workdir,
    )

__all__ = [
    "HINT",
    "SAFE",
    "UNSAFE",
    "Add",
    "Arg",
    "Cmd",
    "Command",
    "Copy",
    "Dockerfile",
    "Edit",
    "Entrypoint",
    "Env",
    "Expose",
    "Finding",
    "Findings",
    "Fix",
    "From",
    "Healthcheck",
    "Instruction",
    "Label",
    "Maintainer",
    "Onbuild",
    "Report",
    "Rule",
    "Run",
    "Safety",
    "Script",
    "Severity",
    "Shell",
    "Stage",
    "Stopsignal",
    "Token",
    "User",
    "Volume",
    "Word",
    "Workdir",
    "delete",
    "insert_after",
    "insert_before",
    "replace",
    "report",
    "rule",
]

#: where they are, those of the tree left out
_HOMES = {
    "dlinter.commands": frozenset(("Command", "Word")),
    "dlinter.scripts": frozenset(("Script",)),
    "dlinter.edits": frozenset(
        ("HINT", "SAFE", "UNSAFE", "Edit", "Fix", "Safety", "delete", "insert_after", "insert_before", "replace")
    ),
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = next((module for module, names in _HOMES.items() if name in names), "dlinter.tree")
    found = globals()[name] = getattr(imported(home), name)
    return found
