"""Lints or fixes one file after another, each under the configuration that is nearest to it."""

from __future__ import annotations

import os

from dlinter.config import Config, locate
from dlinter.config import load as load_config
from dlinter.edits import Safety, splice
from dlinter.engine import Dispatcher, RuleFailure
from dlinter.files import OtherFile, ReadError, read, write_together
from dlinter.output import FileReport, render
from dlinter.plugins import entry_points
from dlinter.plugins import load as load_rules
from dlinter.project import Projects, is_project
from dlinter.project.settings import build_args, file_settings
from dlinter.rule import Finding, Severity
from dlinter.scope import Scope
from dlinter.selection import SelectionError, find, of_profile, select
from dlinter.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dlinter.baseline import Baseline
    from dlinter.fixer import Refusal
    from dlinter.options import Settings
    from dlinter.results import Kept, Results
    from dlinter.rule import RuleInfo
    from dlinter.settings import FileSettings
    from dlinter.shellcheck import ShellCheck
    from dlinter.since import Changes
    from dlinter.tree import Dockerfile


class Outcome:
    """What became of one file.

    ``report`` holds the findings that are left (None if the file could not be read), ``error`` a message for
    standard error with ``internal`` telling whether it is a defect of dlint or a rule, ``applied`` the findings
    that were mended, ``fixed_source`` the file after them if it changed, ``original`` the file before, ``failing``
    whether a finding reaches the fail level, ``unchecked`` what kept ShellCheck from looking at scripts, if anything,
    ``unreadable`` whether it is no Dockerfile that BuildKit takes. ``held`` is how many findings the baseline left out,
    ``gone`` how many of its entries for the file were not found, if there is one (``based``). ``others`` are further
    files that the fixes changed. ``text`` is what is printed of the file, once :meth:`close` made it.
    """

    __slots__ = (
        "_counts", "applied", "based", "error", "failing", "fixed_source", "gone", "held", "internal", "original",
        "others", "path", "refused", "report", "text", "unchecked", "unreadable",
    )  # fmt: skip

    def __init__(self, path: str) -> None:
        self.path = path
        self.report: FileReport | None = None
        self.error: str | None = None
        self.internal = False
        self.applied: list[Finding] = []
        self.fixed_source: Source | None = None
        self.original: Source | None = None
        self.refused: list[Refusal] = []
        self.failing = False
        self.unchecked = ""
        self.unreadable = False
        self.others: list[OtherFile] = []
        self.held = 0
        self.gone = 0
        self.based = False
        self.text: str | None = None
        self._counts: tuple[int, int, int] | None = None

    @property
    def counts(self) -> tuple[int, int, int] | None:
        """How many findings are left, and how many of them have a fix that needs ``--fix`` or ``--unsafe-fixes``."""
        if self.report is None:
            return self._counts
        needs = [finding.fix.needs for finding in self.report.findings if finding.fix is not None]
        return len(self.report.findings), needs.count(Safety.SAFE), needs.count(Safety.UNSAFE)

    def close(self, name: str, color: bool) -> None:
        """Make the text that the format *name* has for the file, and let go of what only that needed."""
        if self.text is None:
            found = self.report is not None and self.report.findings
            self.text = render(name, [self.report], color=color) if self.report is not None and found else ""
            self._counts = self.counts
            self.report = None

    def count(self, scope: Scope, source: Source, findings: list[Finding], dispatcher: Dispatcher) -> None:
        """Count which of all the *findings* in *source* the baseline knows, and which of its entries are gone."""
        if scope.baseline is not None:
            self.based = True
            self.held = len(findings) - len(scope.baseline.unknown(source, findings))
            self.gone = scope.baseline.gone(source, findings, dispatcher.codes())


class Opened:
    """A file that is about to be linted; ``kept`` is what an earlier run found under ``key``, if anything."""

    __slots__ = ("_file", "config", "kept", "key", "settings", "source")

    def __init__(self, source: Source, config: Config, settings: FileSettings) -> None:
        self.source = source
        self.config = config
        self.settings = settings
        self.key = b""
        self.kept: Kept | None = None
        self._file: Dockerfile | None = None

    @property
    def file(self) -> Dockerfile:
        if self._file is None:
            from dlinter.tree import Dockerfile

            self._file = Dockerfile(self.source, settings=self.settings)
        return self._file


def _builtin() -> list[RuleInfo]:
    from dlinter.builtin import builtin

    return builtin()


class Linter:
    """Lints files as *settings* say; configurations and rule sets are read once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._packages: dict[str, str] | None = None
        self._own: list[RuleInfo] | None = None
        self._rules: list[RuleInfo] | None = None
        self._configs: dict[str, Config] = {}
        self._dispatchers: dict[str, Dispatcher] = {}
        self._named: Config | None = None
        self._hadolints: Config | None = None
        self._shellchecks: dict[bool, ShellCheck] = {}
        self._opened: dict[str, Opened] = {}
        self._results: Results | None = None
        self._by_code: dict[str, RuleInfo] = {}
        self._build_args = build_args(settings.build_arg)
        #: the compose and bake files that tell how Dockerfiles are built
        self.projects = Projects(path for path in settings.paths if path != "-" and is_project(path))
        self._baselines: dict[str, Baseline] = {}
        self._changes: Changes | None = None

    @property
    def rules(self) -> list[RuleInfo]:
        """Every rule there is, by code."""
        if self._rules is None:
            self._rules = sorted([*self.own, *_builtin()], key=lambda info: info.code)
        return self._rules

    @property
    def packages(self) -> dict[str, str]:
        """The packages of rules by entry point."""
        if self._packages is None:
            self._packages = entry_points()
        return self._packages

    @property
    def own(self) -> list[RuleInfo]:
        """Every rule that has a function, by code."""
        if self._own is None:
            self._own = load_rules(self.packages)
        return self._own

    def config(self, path: str) -> Config:
        """The configuration for the file at *path*: the nearest of ours, else hadolint's.

        :raises dlinter.config.ConfigError: it is wrong.
        """
        found = self._config(path).for_path(path)
        found.settings.build_args.update(self._build_args)
        if self.settings.context is not None:
            found.settings.context = os.path.abspath(self.settings.context)
        return found

    def use(self, config: Config) -> None:
        """Lint every file under *config*, whatever lies beside it."""
        self._named = config

    def forget(self) -> None:
        """Read configurations anew from here on."""
        self._configs.clear()
        self.projects.forget()
        self._named = self._hadolints = None

    def _config(self, path: str) -> Config:
        if self._named is not None:
            return self._named
        if self.settings.isolated:
            return Config()
        if self.settings.config is not None:
            self._named = load_config(self.settings.config)
            return self._named
        folder = os.path.dirname(os.path.abspath(path))
        if folder not in self._configs:
            found = locate(folder)
            self._configs[folder] = self._hadolint() if found is None else load_config(found)
        return self._configs[folder]

    def _hadolint(self) -> Config:
        """hadolint's configuration where there is none of ours, the defaults where there is neither."""
        if self._hadolints is None:
            from dlinter.hadolint_config import load, locate

            self._hadolints = load(locate())
        return self._hadolints

    def dispatcher(self, config: Config) -> Dispatcher:
        """The rules that command line and *config* choose together.

        :raises SelectionError: a rule or profile does not exist.
        """
        key = config.key()
        if key not in self._dispatchers:
            settings = self.settings
            profile = settings.profile or config.profile
            ignore, severity = config.ignore, config.severity
            if config.lenient and (ignore or severity):
                ignore, severity = self._existing(ignore, severity)
            words = (config.select, ignore, severity, config.rules, settings.select, settings.ignore)
            try:
                if any(words) or profile == "hadolint":
                    chosen = select(self.rules, profile, config.select, ignore, severity, config.rules)
                else:
                    chosen = of_profile(self.own, profile, _builtin)
            except SelectionError as error:
                raise SelectionError(f"{config.path}: {error}" if config.path else str(error)) from None
            if settings.select or settings.ignore:
                chosen.adjust(self.rules, settings.select, settings.ignore)
            asked = config.shellcheck and not settings.no_shellcheck
            shellcheck = (lambda: self._shellcheck(profile)) if asked else None
            self._dispatchers[key] = Dispatcher(chosen, shellcheck, lambda: self.rules, pragmas=config.ignore_comments)
        return self._dispatchers[key]

    def _existing(self, ignore: Iterable[str], severity: Mapping[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
        """The same without codes that are no rules of ours."""
        known = {word.lower() for info in self.rules for word in (info.code, info.name, *info.aliases)}
        kept = {code: level for code, level in severity.items() if code.lower() in known}
        return tuple(code for code in ignore if code.lower() in known), kept

    def _shellcheck(self, profile: str) -> ShellCheck:
        hadolint = profile == "hadolint"
        if hadolint not in self._shellchecks:
            from dlinter.shellcheck import ShellCheck, answers, locate

            program = locate()
            kept = None if program is None or self.settings.no_cache else answers(program, hadolint)
            self._shellchecks[hadolint] = ShellCheck(program, kept, hadolint=hadolint)
        return self._shellchecks[hadolint]

    def baseline(self, config: Config) -> Baseline | None:
        """The baseline whose findings are left out, if any: the command line's, else that of *config*.

        :raises dlinter.config.ConfigError: it cannot be read.
        """
        path = self.baseline_path(config)
        if path is None or self.settings.write_baseline:
            return None
        if path not in self._baselines:
            from dlinter.baseline import Baseline

            self._baselines[path] = Baseline.load(path)
        return self._baselines[path]

    def baseline_path(self, config: Config) -> str | None:
        """Where the baseline is, or is to be written."""
        if self.settings.baseline is not None or config.baseline is None:
            return self.settings.baseline
        return os.path.relpath(os.path.join(config.folder, config.baseline))

    @property
    def changes(self) -> Changes | None:
        """What changed since the revision that was named."""
        if self._changes is None and self.settings.since is not None:
            from dlinter.since import Changes

            self._changes = Changes(self.settings.since)
        return self._changes

    def scope(self, path: str, source: Source, config: Config) -> Scope:
        """Which findings in the file at *path* are reported and mended.

        :raises dlinter.config.ConfigError: the baseline cannot be read, or git cannot tell what changed.
        """
        changed = self.changes.ranges(path, source) if self.changes is not None else None
        return Scope(self.baseline(config), changed)

    def run_all(self, paths: Iterable[str]) -> Iterator[Outcome]:
        """What becomes of each of *paths*; what is cheaper for many at once is done for all of them beforehand.

        :raises dlinter.config.ConfigError: a configuration is wrong.
        :raises SelectionError: a rule or profile does not exist.
        """
        paths = list(paths)
        if len(paths) > 1:
            groups: dict[str, list[Opened]] = {}
            for path in paths:
                if path != "-" and not is_project(path):
                    try:
                        opened = self._opened[path] = self._open(path)
                    except ReadError:
                        continue
                    if opened.kept is None:
                        groups.setdefault(opened.config.key(), []).append(opened)
            for group in groups.values():
                dispatcher = self.dispatcher(group[0].config)
                dispatcher.prepare(each.file for each in group)
        for path in paths:
            yield self.run(path)
            self._opened.pop(path, None)

    @property
    def results(self) -> Results | None:
        """What earlier runs found, None if that is not to be used."""
        settings = self.settings
        if self._results is None and not settings.no_cache and not settings.add_ignores:
            from dlinter.results import Results, identity
            from dlinter.shellcheck_program import locate

            packages = [package for name, package in sorted(self.packages.items()) if name != "builtin"]
            options = repr((settings.profile, settings.select, settings.ignore, settings.no_shellcheck))
            program = None if settings.no_shellcheck else locate()
            self._results = Results([*identity(packages, program), options])
        return self._results

    def _open(self, path: str) -> Opened:
        """The file at *path* with its settings.

        :raises ReadError: it cannot be read.
        """
        name = (self.settings.stdin_filename if path == "-" else path) or "Dockerfile"
        config = self.config(name)
        known = file_settings(name, config, self.projects)
        results = self.results
        if results is None:
            self.dispatcher(config)
        opened = Opened(read(path, self.settings.stdin_filename), config, known)
        if results is not None:
            opened.key = results.key(opened.source, config.key(), known)
            opened.kept = results.get(opened.key, known, self.by_code)
        return opened

    def by_code(self, code: str) -> RuleInfo | None:
        """The rule that findings with *code* are of."""
        if not self._by_code:
            self._by_code = {info.code: info for info in self.own}
        if code not in self._by_code and self._rules is None:
            from dlinter.builtin import PARSE_ERROR

            self._by_code |= {info.code: info for info in (*self.rules, PARSE_ERROR)}
        return self._by_code.get(code)

    def _findings(self, opened: Opened, outcome: Outcome) -> list[Finding]:
        """All that there is to find in *opened*; *outcome* learns what kept ShellCheck from its scripts."""
        dispatcher = self.dispatcher(opened.config)
        found = dispatcher.findings(opened.file)
        outcome.unchecked = dispatcher.unchecked
        if self.results is not None and outcome.unchecked != "failed":
            self.results.put(opened.key, found, outcome.unchecked, opened.settings)
        return found

    def run(self, path: str) -> Outcome:
        """Lint, and if asked for fix, the file at *path*; problems with it end up in the outcome.

        :raises dlinter.config.ConfigError: its configuration is wrong.
        :raises SelectionError: a rule or profile does not exist.
        """
        if path != "-" and is_project(path):
            from dlinter.project.linting import run

            return run(self, path)
        settings = self.settings
        outcome = Outcome(path)
        try:
            opened = self._opened.get(path) or self._open(path)
            config, known, kept = opened.config, opened.settings, opened.kept
            source = original = opened.source
            scope = self.scope(path, source, config)
            fixing = settings.fix or (settings.diff and not settings.add_ignores)
            if kept is not None and not (fixing and kept.findings):
                everything = kept.findings
                outcome.unchecked = kept.unchecked
            elif fixing:
                dispatcher = self.dispatcher(config)
                source, everything, scope = self.fixed(source, dispatcher, known, scope, outcome)
                known = known.amended((each.path, each.text) for each in outcome.others)
                outcome.unchecked = dispatcher.unchecked
            else:
                everything = self._findings(opened, outcome)
            findings = scope.reported(source, everything)
            if settings.add_ignores and findings:
                from dlinter.add_ignores import ignores
                from dlinter.tree import Dockerfile

                for _ in range(5):  # a new comment may be a finding in its turn
                    comments = ignores(source, findings)
                    silenced = splice(source.text, comments)
                    if silenced == source.text:
                        break
                    source, scope = Source(silenced, source.path, source.encoding), scope.after(comments)
                    everything = self.dispatcher(config).findings(Dockerfile(source, settings=known))
                    findings = scope.reported(source, everything)
            changes: list[tuple[str, bytes, bytes | None]] = []
            if source.text != original.text:
                outcome.original, outcome.fixed_source = original, source
                changes = [(path, source.to_bytes(), original.to_bytes())] if path != "-" else []
            changes += [(each.path, each.after, each.before) for each in outcome.others]
            if changes and not settings.diff:
                write_together(changes)
                if outcome.others:
                    self._opened.clear()
        except ReadError as error:
            outcome.error = str(error)
            return outcome
        except RuleFailure as error:
            outcome.error = f"{path}: {error}"
            outcome.internal = True
            return outcome
        if scope.baseline is not None:
            outcome.count(scope, source, everything, self.dispatcher(config))
        outcome.report = FileReport(source, findings)
        outcome.unreadable = any(finding.rule.refusal for finding in findings)
        level = settings.fail_level or config.fail_level
        if level != "none":
            least = Severity[level.upper()]
            outcome.failing = any(f.severity >= least for f in findings)
        return outcome

    def fixed(
        self, source: Source, dispatcher: Dispatcher, known: FileSettings, scope: Scope, outcome: Outcome
    ) -> tuple[Source, list[Finding], Scope]:
        """The source after all fixes, what is left to find, and the scope that *scope* has become."""
        from dlinter.fixer import fix

        safety = Safety.UNSAFE if self.settings.unsafe_fixes else Safety.SAFE
        named = [find(self.rules, word) for word in self.settings.fix_only]
        only = frozenset(info.code for infos in named for info in infos) if named else None
        if safety is Safety.SAFE and dispatcher.shellcheck is not None:
            # ShellCheck's fixes are never SAFE: let it look at the result only
            first = fix(source, dispatcher.without_shellcheck(), safety, only, settings=known, scope=scope)
            outcome.refused += first.refused
            outcome.applied += first.applied
            source, scope, known = first.source, first.scope, first.settings
        result = fix(source, dispatcher, safety, only, settings=known, scope=scope)
        outcome.refused += [each for each in result.refused if repr(each) not in map(repr, outcome.refused)]
        outcome.applied += result.applied
        outcome.others = [OtherFile(path, text) for path, text in result.settings.amendments.items()]
        return result.source, result.remaining, result.scope
