"""Lints or fixes one file after another, each under the configuration that is nearest to it."""

from __future__ import annotations

import os

from dlinter.config import Config, locate
from dlinter.config import load as load_config
from dlinter.edits import Safety
from dlinter.engine import Dispatcher, RuleFailure
from dlinter.files import ReadError, read, write
from dlinter.fixer import Refusal, fix
from dlinter.options import Settings
from dlinter.output import FileReport
from dlinter.plugins import load as load_rules
from dlinter.rule import Severity
from dlinter.selection import SelectionError, select
from dlinter.source import Source
from dlinter.syntax_rules import SYNTAX
from dlinter.tree import Dockerfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.rule import RuleInfo


class Outcome:
    """What became of one file.

    ``report`` holds the findings that are left (None if the file could not be read), ``error`` a message for
    standard error with ``internal`` telling whether it is a defect of dlint or a rule, ``fixed`` the number of fixes
    applied, ``fixed_source`` the file after them if it changed, ``original`` the file before, ``failing`` whether a
    finding reaches the fail level.
    """

    __slots__ = ("error", "failing", "fixed", "fixed_source", "internal", "original", "path", "refused", "report")

    def __init__(self, path: str) -> None:
        self.path = path
        self.report: FileReport | None = None
        self.error: str | None = None
        self.internal = False
        self.fixed = 0
        self.fixed_source: Source | None = None
        self.original: Source | None = None
        self.refused: list[Refusal] = []
        self.failing = False


class Linter:
    """Lints files as *settings* say; configurations and rule sets are read once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._rules: list[RuleInfo] | None = None
        self._configs: dict[str, Config] = {}
        self._dispatchers: dict[str, Dispatcher] = {}
        self._named: Config | None = None

    @property
    def rules(self) -> list[RuleInfo]:
        """Every rule there is, by code."""
        if self._rules is None:
            self._rules = sorted([*load_rules(), *SYNTAX.values()], key=lambda info: info.code)
        return self._rules

    def config(self, path: str) -> Config:
        """The configuration for the file at *path*.

        :raises dlinter.config.ConfigError: it is wrong.
        """
        if self.settings.isolated:
            return Config()
        if self.settings.config is not None:
            if self._named is None:
                self._named = load_config(self.settings.config)
            return self._named
        folder = os.path.dirname(os.path.abspath(path))
        if folder not in self._configs:
            found = locate(folder)
            self._configs[folder] = Config() if found is None else load_config(found)
        return self._configs[folder]

    def dispatcher(self, config: Config) -> Dispatcher:
        """The rules that command line and *config* choose together.

        :raises SelectionError: a rule or profile does not exist.
        """
        key = config.key()
        if key not in self._dispatchers:
            settings = self.settings
            try:
                chosen = select(
                    self.rules, settings.profile or config.profile, config.select, config.ignore, config.severity,
                    config.rules,
                )  # fmt: skip
            except SelectionError as error:
                raise SelectionError(f"{config.path}: {error}" if config.path else str(error)) from None
            chosen.adjust(self.rules, settings.select, settings.ignore)
            self._dispatchers[key] = Dispatcher(chosen)
        return self._dispatchers[key]

    def run(self, path: str) -> Outcome:
        """Lint, and if asked for fix, the file at *path*; problems with it end up in the outcome.

        :raises dlinter.config.ConfigError: its configuration is wrong.
        :raises SelectionError: a rule or profile does not exist.
        """
        settings = self.settings
        outcome = Outcome(path)
        name = settings.stdin_filename if path == "-" else path
        config = self.config(name or "Dockerfile")
        dispatcher = self.dispatcher(config)
        try:
            source = read(path, settings.stdin_filename)
            if settings.fix or settings.diff:
                safety = Safety.UNSAFE if settings.unsafe_fixes else Safety.SAFE
                result = fix(source, dispatcher, safety)
                findings = result.remaining
                outcome.refused = result.refused
                if result.source.text != source.text:
                    outcome.original, outcome.fixed_source = source, result.source
                    outcome.fixed = len(result.applied)
                    if settings.fix and not settings.diff and path != "-":
                        write(path, result.source.to_bytes(), source.to_bytes())
                source = result.source
            else:
                findings = dispatcher.findings(Dockerfile(source))
        except ReadError as error:
            outcome.error = str(error)
            return outcome
        except RuleFailure as error:
            outcome.error = f"{path}: {error}"
            outcome.internal = True
            return outcome
        outcome.report = FileReport(source, findings)
        level = settings.fail_level or config.fail_level
        if level != "none":
            least = Severity[level.upper()]
            outcome.failing = any(f.severity >= least for f in findings)
        return outcome
