"""Runs rules over a tree: every node once, each rule on the kinds of node that it asked for."""

from __future__ import annotations

from dlinter.rule import Finding
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from dlinter.incremental import Earlier
    from dlinter.pragmas import Pragmas
    from dlinter.rule import Check, RuleInfo, Severity
    from dlinter.selection import RuleSet
    from dlinter.shellcheck import ShellCheck
    from dlinter.tree import Dockerfile, Instruction, Stage


#: tables of due rules that are kept for files that mention the same
_TABLES = 200


class RuleFailure(Exception):
    """A rule raised an exception: a defect of the rule, not of the file. The text names both, ``code`` the rule."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Task:
    """One rule as it runs: with its severity (``fixed`` if the user chose it) and options; imported when it is due."""

    __slots__ = ("check", "fixed", "info", "options", "severity", "title")

    def __init__(self, info: RuleInfo, rules: RuleSet) -> None:
        self.info = info
        self.severity: Severity = rules.severity(info)
        self.fixed = info.code in rules.severities
        self.options = rules.options.get(info.code) or {}
        self.check: Check | None = None
        self.title = ""

    def run(self, node: Any, found: list[Finding]) -> None:
        """Add what the rule says of *node*.

        :raises RuleFailure: it raised an exception.
        """
        info = self.info
        check = self.check
        if check is None:
            rule = info.load()
            check = self.check = rule.check
            self.title = rule.title
        try:
            for each in check(node, **self.options):
                level = self.severity if self.fixed or each.severity is None else each.severity
                found.append(Finding(info, each.start, each.end, each.message or self.title, level, each.fix))
        except Exception as error:
            message = f"rule {info.code} {info.name} failed: {type(error).__name__}: {error}"
            raise RuleFailure(message, info.code) from error


class Due:
    """The tasks of a file by kind of node, and by name of command."""

    __slots__ = ("kinds", "named")

    def __init__(self, kinds: dict[str, list[Task]], named: dict[str, list[Task]]) -> None:
        self.kinds = kinds
        self.named = named

    def only(self, wanted: Callable[[Task], bool]) -> Due:
        """Those that *wanted* says yes to."""
        kinds, named = (
            {key: row for key, tasks in part.items() if (row := [task for task in tasks if wanted(task)])}
            for part in (self.kinds, self.named)
        )
        return Due(kinds, named)

    def ask(
        self,
        file: Dockerfile | None,
        stages: Iterable[Stage],
        instructions: Iterable[Instruction],
        found: list[Finding],
    ) -> None:
        """Add what they say of these nodes and of the triggers, scripts and commands in *instructions*."""
        from dlinter.tree import with_triggers

        kinds, named = self.kinds, self.named
        if file is not None:
            for task in kinds.get("Dockerfile", ()):
                task.run(file, found)
        for stage in stages:
            for task in kinds.get("Stage", ()):
                task.run(stage, found)
        scripts, commands = kinds.get("Script", ()), kinds.get("Command", ())
        for instruction in with_triggers(instructions):
            for task in kinds.get(type(instruction).__name__, ()):
                task.run(instruction, found)
            if scripts:
                for script in instruction.scripts:
                    for task in scripts:
                        task.run(script, found)
            if instruction.keyword in _RUNS and (commands or (named and _may_run(instruction, named))):
                for command in instruction.commands:
                    for task in commands:
                        task.run(command, found)
                    for task in named.get(command.name, ()):
                        task.run(command, found)


class Dispatcher:
    """The rules of a run by kind of node; made once, used for every file.

    ``shellcheck`` looks at the scripts, None for nobody. ``everything`` are all rules there are, so that a comment
    which names one that does not run is told from one that names none. Without *pragmas* comments silence nothing.
    """

    __slots__ = (
        "_all",
        "_everything",
        "_quick",
        "_shellcheck",
        "_tables",
        "_wanted",
        "_words",
        "pragmas",
        "rules",
    )

    def __init__(
        self,
        rules: RuleSet,
        shellcheck: ShellCheck | Callable[[], ShellCheck] | None = None,
        everything: Iterable[RuleInfo] | Callable[[], Iterable[RuleInfo]] = (),
        *,
        pragmas: bool = True,
    ) -> None:
        self.rules = rules
        self._shellcheck = shellcheck if shellcheck is not None and rules.asks_shellcheck else None
        self.pragmas = pragmas
        self._quick: Dispatcher | None = None
        self._everything = everything
        self._words: tuple[frozenset[str], frozenset[str]] | None = None
        self._wanted = {info.mentions for info in rules.checking if info.mentions}
        self._tables: dict[frozenset[tuple[str, ...]], Due] = {}
        self._all = Due({}, {})
        for info in rules.checking:
            task = Task(info, rules)
            for kind in info.on:
                if kind == "Command" and info.named:
                    for name in info.named:
                        self._all.named.setdefault(name, []).append(task)
                else:
                    self._all.kinds.setdefault(kind, []).append(task)

    @property
    def shellcheck(self) -> ShellCheck | None:
        """Who looks at the scripts."""
        if callable(self._shellcheck):
            self._shellcheck = self._shellcheck()
        return self._shellcheck

    def findings(self, file: Dockerfile) -> list[Finding]:
        """The findings of *file* in source order, those silenced by pragmas left out.

        :raises RuleFailure: a rule raised an exception.
        """
        return self.completed(file, self.own(file))

    def own(self, file: Dockerfile, earlier: Earlier | None = None) -> list[Finding]:
        """What the rules say of *file*, ShellCheck's not asked and comments not heeded: for :meth:`completed`.

        With what was said of an *earlier* version of the file only what may have changed is asked again.

        :raises RuleFailure: a rule raised an exception.
        """
        found: list[Finding] = []
        due = self._due(file)
        if earlier is None:
            due.ask(file, file.stages, file.instructions, found)
            unreadable = any(has_error(instruction) for instruction in file.walk())
        else:
            unreadable = earlier.ask(due, file, found)
        if unreadable or file.document.problems or file.source.encoding != "utf-8":
            from dlinter.syntax_rules import syntax_findings

            found += syntax_findings(file, self.rules)
        return found

    def _due(self, file: Dockerfile) -> Due:
        """The tasks without those that want texts which *file* has not."""
        text = file.text.lower().replace("\r", "").replace(f"{file.escape}\n", "")
        idle = frozenset(words for words in self._wanted if not any(word in text for word in words))
        found = self._tables.get(idle)
        if found is None:
            if len(self._tables) > _TABLES:
                self._tables.clear()
            found = self._tables[idle] = self._all.only(lambda task: task.info.mentions not in idle)
        return found

    def completed(self, file: Dockerfile, own: Iterable[Finding]) -> list[Finding]:
        """:meth:`own` with ShellCheck's findings, in source order, those silenced by comments left out."""
        found = list(own)
        if self._shellcheck is not None and (_has_scripts(file) or self.rules.profile == "hadolint"):
            self._ask_shellcheck(file, found)
        found = self._visible(file, found)
        if self.rules.fixing:
            for finding in found:
                finding.fix = self.rules.fix(finding.rule, finding.fix)
        return found

    @property
    def unchecked(self) -> str:
        """What kept ShellCheck from looking at scripts, if anything."""
        return "" if self._shellcheck is None or callable(self._shellcheck) else self._shellcheck.missed

    def codes(self) -> frozenset[str]:
        """The codes of the rules that run: those of ShellCheck only where it does."""
        from dlinter.shell_codes import SHELLCHECK

        shellcheck = self.shellcheck is not None and not self.shellcheck.missed
        return frozenset(info.code for info in self.rules.rules if shellcheck or info.code not in SHELLCHECK)

    def without_shellcheck(self) -> Dispatcher:
        """The same rules without those of ShellCheck."""
        if self._quick is None:
            self._quick = Dispatcher(self.rules, pragmas=self.pragmas)
            self._quick._everything = self._everything
        return self._quick

    def prepare(self, files: Iterable[Dockerfile]) -> None:
        """Do for all *files* at once what is cheaper that way; :meth:`findings` works without it too."""
        if self._shellcheck is not None:
            wanted = [file for file in files if _has_scripts(file)]
            if wanted and self.shellcheck is not None:
                self.shellcheck.prepare(wanted)

    def _ask_shellcheck(self, file: Dockerfile, found: list[Finding]) -> None:
        """Add what ShellCheck finds. A script that cannot be read is reported once: by us, or as hadolint does."""
        from dlinter.syntax_rules import SHELL_ERROR

        shellcheck = self.shellcheck
        assert shellcheck is not None
        says = shellcheck.findings(file, self.rules)
        if self.rules.profile == "hadolint":
            if shellcheck.path is not None:
                found[:] = [finding for finding in found if finding.rule.code != SHELL_ERROR]
        elif any(finding.rule.code == SHELL_ERROR for finding in found):
            broken = [(s.start, s.end) for i in file.walk() for s in i.scripts if s.error is not None]
            says = [f for f in says if not (f.code < "SC2" and any(a <= f.start <= b for a, b in broken))]
        found += says

    def _visible(self, file: Dockerfile, found: list[Finding]) -> list[Finding]:
        kept = self._heeding(file, found) if self.pragmas else found
        kept = sorted(kept, key=_place)
        if self.rules.profile == "hadolint":
            from dlinter.builtin import as_hadolint

            return [as_hadolint(finding) for finding in kept]
        return kept

    def _heeding(self, file: Dockerfile, found: list[Finding]) -> list[Finding]:
        """What comments leave of *found*, and what is to be said of the comments."""
        text = file.text.lower()
        checks = "check" in text and self.rules.profile != "hadolint" and _CHECK.search(text) is not None
        if not checks and "lint" not in text and "hado" not in text:
            return found
        from dlinter.pragmas import Places, Pragmas

        pragmas = Pragmas(file)
        instruction = Places(file).instruction
        kept = [f for f in found if not pragmas.silenced(f, instruction(f.start))]
        if checks:
            from dlinter.check_directive import apply_checks

            kept = apply_checks(file, kept, self.rules, instruction)
        more = self._of_comments(file, pragmas)
        # a comment may silence what is said of it, but only one for the whole file can mean that
        return kept + [f for f in more if not any(pragma.names(f) for pragma in pragmas.everywhere)]

    def _of_comments(self, file: Dockerfile, pragmas: Pragmas) -> list[Finding]:
        from dlinter.pragma_rules import PRAGMA_RULES, pragma_findings

        if self._words is None:
            ran = [info for info in self.rules.rules if info.code not in PRAGMA_RULES]
            if self.shellcheck is None or self.shellcheck.path is None:
                from dlinter.shell_codes import SHELLCHECK

                ran = [info for info in ran if info.code not in SHELLCHECK]
            everything = self._everything() if callable(self._everything) else self._everything
            self._words = _words(everything or self.rules.rules), _words(ran)
        return pragma_findings(file, pragmas, self.rules, *self._words)


#: what may be a directive for BuildKit's own checks
_CHECK = re.compile(r"#\s*check\s*=")


def _may_run(instruction: Instruction, named: Iterable[str]) -> bool:
    """False if *instruction* certainly has no command of one of these names: its text would have it, quoted or not."""
    text = instruction.syntax.map.text.translate(_QUOTING)
    return bool(instruction.heredocs) or "u00" in text or any(name in text for name in named)


def has_error(instruction: Instruction) -> bool:
    """True if a shell cannot read a script of *instruction*."""
    return any(script.error is not None for script in instruction.scripts)


def _has_scripts(file: Dockerfile) -> bool:
    """True if there is an instruction that ShellCheck may look at."""
    return any(instruction.keyword in ("run", "healthcheck") for instruction in file.walk())


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.start, finding.end, finding.rule.code


def _words(rules: Iterable[RuleInfo]) -> frozenset[str]:
    """Everything that a comment may call one of *rules*, in lower case."""
    words = {word.lower() for info in rules for word in (info.code, info.name, *info.aliases)}
    return frozenset(words | {"all"})


_QUOTING = dict.fromkeys(map(ord, "\"'\\"))
_RUNS = frozenset({"run", "cmd", "entrypoint", "healthcheck"})
