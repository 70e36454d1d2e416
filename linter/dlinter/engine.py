"""Runs rules over a tree: every node once, each rule on the kinds of node that it asked for."""

from __future__ import annotations

from dlinter.builtin import as_hadolint
from dlinter.pragma_rules import PRAGMA_RULES, pragma_findings
from dlinter.pragmas import Places, Pragmas
from dlinter.rule import Finding, Rule, RuleInfo
from dlinter.selection import RuleSet
from dlinter.shell_codes import SHELLCHECK
from dlinter.syntax_rules import SHELL_ERROR, SYNTAX, syntax_findings
from dlinter.tree import Dockerfile
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from dlinter.shellcheck import ShellCheck


class RuleFailure(Exception):
    """A rule raised an exception: a defect of the rule, not of the file. The text names both, ``code`` the rule."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Dispatcher:
    """The rules of a run by kind of node; made once, used for every file.

    ``shellcheck`` looks at the scripts, None for nobody. ``everything`` are all rules there are, so that a comment
    which names one that does not run is told from one that names none. Without *pragmas* comments silence nothing.
    """

    __slots__ = ("_commands", "_judged", "_kinds", "_known", "_quick", "pragmas", "rules", "shellcheck")

    def __init__(
        self,
        rules: RuleSet,
        shellcheck: ShellCheck | None = None,
        everything: Iterable[RuleInfo] = (),
        *,
        pragmas: bool = True,
    ) -> None:
        self.rules = rules
        self.shellcheck = shellcheck if shellcheck is not None and shellcheck.wanted(rules) else None
        self.pragmas = pragmas
        self._quick: Dispatcher | None = None
        self._known = _words(everything or rules.rules)
        ran = [info for info in rules.rules if info.code not in PRAGMA_RULES]
        if self.shellcheck is None or self.shellcheck.path is None:
            ran = [info for info in ran if info.code not in SHELLCHECK]
        self._judged = _words(ran)
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
        return self.completed(file, self.own(file))

    def own(self, file: Dockerfile) -> list[Finding]:
        """What the rules say of *file*, ShellCheck's not asked and comments not heeded: for :meth:`completed`.

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
        return found + syntax_findings(file, self.rules)

    def completed(self, file: Dockerfile, own: Iterable[Finding]) -> list[Finding]:
        """:meth:`own` with ShellCheck's findings, in source order, those silenced by comments left out."""
        found = list(own)
        if self.shellcheck is not None:
            self._ask_shellcheck(self.shellcheck, file, found)
        found = self._visible(file, found)
        if self.rules.fixing:
            for finding in found:
                finding.fix = self.rules.fix(finding.rule, finding.fix)
        return found

    def codes(self) -> frozenset[str]:
        """The codes of the rules that run: those of ShellCheck only where it does."""
        shellcheck = self.shellcheck is not None and not self.shellcheck.missed
        return frozenset(info.code for info in self.rules.rules if shellcheck or info.code not in SHELLCHECK)

    def without_shellcheck(self) -> Dispatcher:
        """The same rules without those of ShellCheck."""
        if self._quick is None:
            self._quick = Dispatcher(self.rules, pragmas=self.pragmas)
            self._quick._known = self._known
        return self._quick

    def prepare(self, files: Iterable[Dockerfile]) -> None:
        """Do for all *files* at once what is cheaper that way; :meth:`findings` works without it too."""
        if self.shellcheck is not None:
            self.shellcheck.prepare(files)

    def _ask_shellcheck(self, shellcheck: ShellCheck, file: Dockerfile, found: list[Finding]) -> None:
        """Add what ShellCheck finds. A script that cannot be read is reported once: by us, or as hadolint does."""
        says = shellcheck.findings(file, self.rules)
        if self.rules.profile == "hadolint":
            if shellcheck.path is not None:
                found[:] = [finding for finding in found if finding.rule.code != SHELL_ERROR]
        elif any(finding.rule.code == SHELL_ERROR for finding in found):
            broken = [(s.start, s.end) for i in file.walk() for s in i.scripts if s.error is not None]
            says = [f for f in says if not (f.code < "SC2" and any(a <= f.start <= b for a, b in broken))]
        found += says

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
            message = f"rule {info.code} {info.name} failed: {type(error).__name__}: {error}"
            raise RuleFailure(message, info.code) from error

    def _visible(self, file: Dockerfile, found: list[Finding]) -> list[Finding]:
        if not self.pragmas:
            kept = sorted(found, key=_place)
            return [as_hadolint(f) for f in kept] if self.rules.profile == "hadolint" else kept
        pragmas = Pragmas(file)
        instruction = Places(file).instruction
        kept = [f for f in found if not pragmas.silenced(f, instruction(f.start))]
        if self.rules.profile != "hadolint" and _CHECK.search(file.text) is not None:
            from dlinter.check_directive import apply_checks

            kept = apply_checks(file, kept, self.rules, instruction)
        more = pragma_findings(file, pragmas, self.rules, self._known, self._judged)
        # a comment may silence what is said of it, but only one for the whole file can mean that
        kept += [f for f in more if not any(pragma.names(f) for pragma in pragmas.everywhere)]
        kept.sort(key=_place)
        return [as_hadolint(f) for f in kept] if self.rules.profile == "hadolint" else kept


#: what may be a directive for BuildKit's own checks
_CHECK = re.compile(r"#\s*check\s*=", re.I)


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.start, finding.end, finding.rule.code


def _words(rules: Iterable[RuleInfo]) -> frozenset[str]:
    """Everything that a comment may call one of *rules*, in lower case."""
    words = {word.lower() for info in rules for word in (info.code, info.name, *info.aliases)}
    return frozenset(words | {"all"})


_RUNS = frozenset({"run", "cmd", "entrypoint", "healthcheck"})
