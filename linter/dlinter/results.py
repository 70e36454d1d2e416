"""Findings of earlier runs: kept by everything that they follow from, and used while all of it is the same.

That is the text and its path, the configuration and the options, the day, the versions of dlint, Python, ShellCheck
and of rule packages, and every answer that the build context gave to a rule.
"""

from __future__ import annotations

import os
import sys
from time import gmtime, strftime

from dlinter.cache import RESULTS, Store, digest, stamp
from dlinter.edits import Edit, Fix, Safety
from dlinter.rule import Finding, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from dlinter.rule import RuleInfo
    from dlinter.settings import FileSettings
    from dlinter.source import Source

#: answers of the build context beyond which asking again would take longer than linting
_MOST_ASKED = 1000


class Kept:
    """What was found: ``findings``, and ``unchecked`` as in an outcome."""

    __slots__ = ("findings", "unchecked")

    def __init__(self, findings: list[Finding], unchecked: str) -> None:
        self.findings = findings
        self.unchecked = unchecked


class Results:
    """The findings of earlier runs with the same options, *identity*: everything but the file and its settings."""

    __slots__ = ("_identity", "_store")

    def __init__(self, identity: Iterable[str], store: Store | None = None) -> None:
        self._identity = digest(*identity)
        self._store = Store(RESULTS) if store is None else store

    def key(self, source: Source, configuration: str, settings: FileSettings) -> bytes:
        return digest(self._identity, configuration, repr(settings), source.path, source.encoding, source.text)

    def get(self, key: bytes, settings: FileSettings, rules: Callable[[str], RuleInfo | None]) -> Kept | None:
        """What was found under *key*, if the build context still answers alike; *rules* gives a rule by its code."""
        record = self._store.get(key)
        if not isinstance(record, tuple) or len(record) != 3:
            return None
        asked, unchecked, rows = record
        if asked:
            context = settings.files
            if context is None or not context.unchanged(asked):
                return None
        found = _restored(rows, rules)
        return None if found is None else Kept(found, unchecked)

    def put(self, key: bytes, findings: Iterable[Finding], unchecked: str, settings: FileSettings) -> None:
        """Keep *findings* for the next run."""
        asked = settings.asked
        if len(asked) <= _MOST_ASKED:
            self._store.put(key, (asked, unchecked, [_row(finding) for finding in findings]))


def _restored(rows: Iterable[tuple[Any, ...]], rules: Callable[[str], RuleInfo | None]) -> list[Finding] | None:
    """The findings that *rows* stand for; None where one is of a rule that *rules* does not know."""
    found: list[Finding] = []
    for code, start, end, message, severity, fix in rows:
        info = rules(code)
        if info is None:
            return None
        found.append(Finding(info, start, end, message, Severity(severity), None if fix is None else _fix(fix)))
    return found


def _row(finding: Finding) -> tuple[Any, ...]:
    fix = finding.fix
    data = None
    if fix is not None:
        edits = tuple((edit.start, edit.end, edit.text) for edit in fix.edits)
        data = (edits, int(fix.safety), fix.title, fix.neutral, fix.comments, fix.others, int(fix.needs))
    return finding.code, finding.start, finding.end, finding.message, int(finding.severity), data


def _fix(data: tuple[Any, ...]) -> Fix:
    edits, safety, title, neutral, comments, others, needs = data
    fix = Fix([Edit(*edit) for edit in edits], Safety(safety), title, neutral, comments, others)
    fix.needs = Safety(needs)
    return fix


def identity(packages: Iterable[str], shellcheck: str | None) -> list[str]:
    """What findings follow from besides files and configuration: the program and its plugins, *packages* by name.

    *shellcheck* is the path of ShellCheck's program, None where it is not asked.
    """
    from dlinter.version import __version__

    own = os.path.dirname(os.path.abspath(__file__))
    found = [__version__, sys.version, *_days(), stamp(shellcheck) if shellcheck else ""]
    if os.path.exists(os.path.join(own, os.pardir, os.pardir, "pyproject.toml")):
        # a checkout: its version stays while its code changes
        root = os.path.dirname(os.path.dirname(own))
        found += [_newest(os.path.join(root, name)) for name in ("grammar", "linter", "rules")]
    for package in packages:
        found.append(package)
        for folder in sys.path:
            path = os.path.join(folder, *package.split("."))
            if os.path.isdir(path) or os.path.isfile(path + ".py"):
                found.append(_newest(path) if os.path.isdir(path) else stamp(path + ".py"))
                break
    return found


def _days() -> tuple[str, str]:
    """Today, here and in UTC: from one day to the next the support of a release may end."""
    return strftime("%Y-%m-%d"), strftime("%Y-%m-%d", gmtime())


def _newest(path: str) -> str:
    """The Python files below *path*: how many there are, how long they are together, and the time of the newest."""
    count = size = newest = 0
    for folder, _, names in os.walk(path):
        for name in names:
            if name.endswith(".py"):
                try:
                    found = os.stat(os.path.join(folder, name))
                except OSError:
                    continue
                count, size, newest = count + 1, size + found.st_size, max(newest, found.st_mtime_ns)
    return f"{path} {count} {size} {newest}"
