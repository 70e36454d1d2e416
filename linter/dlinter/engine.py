"""Runs rules over a tree: every node once, each rule on the kinds of node that it asked for."""

from __future__ import annotations

from bisect import bisect_right

from dlinter.pragmas import Pragmas
from dlinter.rule import Finding, Rule, RuleInfo
from dlinter.selection import RuleSet
from dlinter.syntax_rules import SYNTAX, syntax_findings
from dlinter.tree import Dockerfile, Instruction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class RuleFailure(Exception):
    """A rule raised an exception: a defect of the rule, not of the file. The text names both."""


class Dispatcher:
    """The rules of a run by kind of node; made once, used for every file."""

    __slots__ = ("_commands", "_kinds", "rules")

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._kinds: dict[str, list[RuleInfo]] = {}
        self._commands: dict[str, list[RuleInfo]] = {}
        for info in rules.rules:
            for kind in info.on:
                if kind == "Command" and info.named:
                    for name in info.named:
                        self._commands.setdefault(name, []).append(info)
                elif info.code not in SYNTAX:
                    self._kinds.setdefault(kind, []).append(info)

    def findings(self, file: Dockerfile) -> list[Finding]:
        """The findings of *file* in source order, those silenced by pragmas left out.

        :raises RuleFailure: a rule raised an exception.
        """
        found: list[Finding] = []
        kinds = self._kinds
        self._run("Dockerfile", file, found)
        if "Stage" in kinds:
            for stage in file.stages:
                self._run("Stage", stage, found)
        scripts = "Script" in kinds
        commands = bool(self._commands) or "Command" in kinds
        for instruction in file.walk():
            name = type(instruction).__name__
            if name in kinds:
                self._run(name, instruction, found)
            if scripts:
                for script in instruction.scripts:
                    self._run("Script", script, found)
            if commands and instruction.keyword in _RUNS:
                for command in instruction.commands:
                    self._run("Command", command, found)
                    for info in self._commands.get(command.name, ()):
                        self._check(info, command, found)
        found += syntax_findings(file, self.rules)
        return self._visible(file, found)

    def _run(self, kind: str, node: object, found: list[Finding]) -> None:
        for info in self._kinds.get(kind, ()):
            self._check(info, node, found)

    def _check(self, info: RuleInfo, node: Any, found: list[Finding]) -> None:
        rule: Rule = info.load()
        severity = self.rules.severity(info)
        overridden = info.code in self.rules.severities
        try:
            for report in rule.check(node, **self.rules.options.get(info.code, {})):
                level = severity if overridden or report.severity is None else report.severity
                found.append(Finding(info, report.start, report.end, report.message or rule.title, level, report.fix))
        except Exception as error:
            raise RuleFailure(f"rule {info.code} {info.name} failed: {type(error).__name__}: {error}") from error

    def _visible(self, file: Dockerfile, found: list[Finding]) -> list[Finding]:
        pragmas = Pragmas(file)
        starts = [i.start for i in file.instructions]

        def instruction(offset: int) -> Instruction | None:
            index = bisect_right(starts, offset) - 1
            return file.instructions[index] if index >= 0 else None

        kept = [f for f in found if not pragmas.silenced(f, instruction(f.start))]
        kept.sort(key=lambda f: (f.start, f.end, f.rule.code))
        return kept


_RUNS = frozenset({"run", "cmd", "entrypoint", "healthcheck"})


def lint(file: Dockerfile, rules: RuleSet) -> list[Finding]:
    """The findings of *rules* in *file*."""
    return Dispatcher(rules).findings(file)
