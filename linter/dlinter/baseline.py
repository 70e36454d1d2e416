"""Findings that are known and left for later: ``--write-baseline`` writes them down, ``--baseline`` leaves them out.

A finding is known by its file, its rule, the text of its line without blanks, and which of several equal ones it is:
it stays known while lines move, and is news once its line changes. The file is JSON, sorted, one entry a line::

    {"version": 1, "findings": {"docker/Dockerfile": {"DL3008": ["0123456789abcdef"]}}}
"""

from __future__ import annotations

import json
import os

from dlinter.config import ConfigError
from dlinter.output.fingerprints import marks
from dlinter.shell_codes import SHELLCHECK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from dlinter.linting import Linter, Outcome
    from dlinter.options import Settings
    from dlinter.rule import Finding
    from dlinter.source import Source

#: where ``--write-baseline`` writes to if nothing else is said
NAME = ".dlint-baseline.json"
_VERSION = 1
_HELP = "`dlint --write-baseline` makes a new one"


class Baseline:
    """The known findings of many files: by file, from the folder of the baseline on, and by rule."""

    __slots__ = ("entries", "path")

    def __init__(self, path: str, entries: Mapping[str, Mapping[str, Collection[str]]]) -> None:
        self.path = path
        self.entries = {name: {code: set(found) for code, found in rules.items()} for name, rules in entries.items()}

    @classmethod
    def load(cls, path: str) -> Baseline:
        """The baseline in the file *path*.

        :raises ConfigError: there is none.
        """
        try:
            with open(path, encoding="utf-8") as file:
                table = json.load(file)
        except OSError as error:
            writes = f"`dlint --write-baseline --baseline {path}` writes one"
            raise ConfigError(f"{path}: {error.strerror or error}; {writes}") from error
        except json.JSONDecodeError as error:
            raise ConfigError(f"{path}:{error.lineno}: not valid JSON: {error.msg}; {_HELP}") from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"{path}: not valid UTF-8; {_HELP}") from error
        version = table.get("version") if isinstance(table, dict) else None
        if isinstance(version, int) and version > _VERSION:
            raise ConfigError(f"{path}: was written by a newer dlint; update dlint, or {_HELP}")
        findings = table.get("findings") if isinstance(table, dict) and version == _VERSION else None
        if findings is None or not _right(findings):
            raise ConfigError(f"{path}: is no baseline; {_HELP}")
        return cls(path, findings)

    def name(self, path: str) -> str:
        """What the file at *path* is called here."""
        real, folder = os.path.realpath(path), os.path.dirname(os.path.realpath(self.path))
        try:
            return os.path.relpath(real, folder).replace(os.sep, "/")
        except ValueError:  # on another drive
            return real.replace(os.sep, "/")

    def unknown(self, source: Source, findings: list[Finding]) -> list[Finding]:
        """Those of *findings*, which are all that there are in *source*, that are no entries here."""
        rules = self.entries.get(self.name(source.path))
        if not rules:
            return findings
        pairs = zip(findings, _marks(source, findings), strict=True)
        return [finding for finding, mark in pairs if mark not in rules.get(finding.code, ())]

    def gone(self, source: Source, findings: list[Finding], ran: Collection[str]) -> int:
        """How many entries of the file are not among its *findings* any more, although their rule *ran*."""
        rules = self.entries.get(self.name(source.path), {})
        found = set(_marks(source, findings))
        return sum(len(known - found) for code, known in rules.items() if code in ran)

    def lost(self) -> int:
        """How many entries belong to files that do not exist any more."""
        return sum(len(known) for name in self._missing() for known in self.entries[name].values())

    def _missing(self) -> list[str]:
        folder = os.path.dirname(os.path.realpath(self.path))
        return [name for name in self.entries if not os.path.exists(os.path.join(folder, name))]

    def update(self, source: Source, findings: Iterable[Finding], ran: Collection[str]) -> None:
        """Make *findings* the entries of the file; those of rules that did not run stay."""
        findings = list(findings)
        rules = {code: known for code, known in self.entries.get(self.name(source.path), {}).items() if code not in ran}
        for finding, mark in zip(findings, _marks(source, findings), strict=True):
            rules.setdefault(finding.code, set()).add(mark)
        self.entries[self.name(source.path)] = rules

    def write(self) -> None:
        """Replace the file in one step, without the files that do not exist any more.

        :raises ConfigError: it cannot be written.
        """
        for name in self._missing():
            del self.entries[name]
        findings = {
            name: {code: sorted(known) for code, known in sorted(rules.items()) if known}
            for name, rules in sorted(self.entries.items())
        }
        table = {"version": _VERSION, "findings": {name: rules for name, rules in findings.items() if rules}}
        temporary = f"{self.path}.{os.getpid()}"
        try:
            with open(temporary, "w", encoding="utf-8", newline="\n") as file:
                file.write(json.dumps(table, indent=2) + "\n")
            os.replace(temporary, self.path)
        except OSError as error:
            raise ConfigError(f"cannot write {self.path}: {error.strerror or error}") from error

    def __len__(self) -> int:
        return sum(len(known) for rules in self.entries.values() for known in rules.values())


def check(settings: Settings, files: Iterable[str]) -> None:
    """Refuse what cannot be asked for together with ``--write-baseline``.

    :raises ConfigError: it is asked for.
    """
    for option in ("add-ignores", "diff", "fix-only", "since"):
        if getattr(settings, option.replace("-", "_")):
            raise ConfigError(f"--write-baseline takes down all findings there are; leave out --{option}")
    if "-" in files:
        raise ConfigError("--write-baseline needs files; what comes from standard input has no name to be known by")


def record(linter: Linter, outcomes: Iterable[Outcome]) -> list[str]:
    """Write what was found into the baselines of the files; says of each what became of it.

    Entries of files that were not looked at, and of rules that did not run, stay.

    :raises ConfigError: a baseline that is there cannot be read or written.
    """
    found: dict[str, Baseline] = {}
    for outcome in outcomes:
        config = linter.config(outcome.path)
        path = linter.baseline_path(config) or NAME
        if path not in found:
            found[path] = Baseline.load(path) if os.path.exists(path) else Baseline(path, {})
        if outcome.report is not None:
            found[path].update(outcome.report.source, outcome.report.findings, _ran(linter, outcome))
    for baseline in found.values():
        baseline.write()
    return [f"{_counted(len(each), 'finding')} written to {path}" for path, each in found.items()]


def leftovers(linter: Linter, outcomes: Iterable[Outcome]) -> list[str]:
    """What to say of entries that occur no more."""
    gone: dict[str, int] = {}
    baselines: dict[str, Baseline] = {}
    for outcome in outcomes:
        baseline = linter.baseline(linter.config(outcome.path))
        if baseline is not None:
            baselines[baseline.path] = baseline
            gone[baseline.path] = gone.get(baseline.path, 0) + outcome.gone
    total = {path: number + baselines[path].lost() for path, number in gone.items()}
    return [
        f"{_counted(number, 'entry')} of {path} occur{'s' if number == 1 else ''} no more; "
        "`dlint --write-baseline` drops what is gone"
        for path, number in total.items()
        if number
    ]


def _ran(linter: Linter, outcome: Outcome) -> frozenset[str]:
    codes = linter.dispatcher(linter.config(outcome.path)).codes()
    return codes if not outcome.unchecked else codes.difference(SHELLCHECK)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else noun[:-1] + 'ies' if noun.endswith('y') else noun + 's'}"


def _marks(source: Source, findings: Iterable[Finding]) -> list[str]:
    """Short marks that say nothing of the file's name, nor of what stands in it."""
    return [mark[:16] for mark in marks(source, findings, "")]


def _right(findings: Any) -> bool:
    return isinstance(findings, dict) and all(
        isinstance(rules, dict)
        and all(isinstance(known, list) and all(isinstance(mark, str) for mark in known) for known in rules.values())
        for rules in findings.values()
    )
