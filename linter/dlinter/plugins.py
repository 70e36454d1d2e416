"""Where rules come from: every package named by an entry point of the group ``dlint.rules``.

The built-in rules take the same way. A package may carry a generated module ``index`` with ``RULES``, so that its
rules are known without importing them; without one its modules are imported and searched.
"""

from __future__ import annotations

import os
import sys

from dlinter.rule import Rule, RuleInfo, imported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GROUP = "dlint.rules"


class PluginError(Exception):
    """A rule package that cannot be used; the text names it and the remedy."""


def entry_points() -> dict[str, str]:
    """Name and package of every entry point of our group on ``sys.path``; the first of a name wins.

    Reads ``entry_points.txt`` of the installed distributions itself: importlib.metadata takes 30 ms to import.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in sorted(names):
            if name.endswith((".dist-info", ".egg-info")):
                for key, package in _read(os.path.join(folder, name, "entry_points.txt")):
                    found.setdefault(key, package)
    return found


def _read(path: str) -> Iterator[tuple[str, str]]:
    """The lines of our group in one ``entry_points.txt`` (PyPA entry points specification)."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError):
        return
    if f"[{GROUP}]" not in text:
        return
    inside = False
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            inside = line == f"[{GROUP}]"
        elif inside and "=" in line and not line.startswith(("#", ";")):
            key, _, package = line.partition("=")
            yield key.strip(), package.split("[", 1)[0].strip()


def load(packages: Mapping[str, str] | None = None) -> list[RuleInfo]:
    """The rules of all *packages* by entry point, of those that :func:`entry_points` gives by default, sorted by code.

    :raises PluginError: a package cannot be imported, or two rules share a code or a name.
    """
    packages = {"builtin": "dlinter_rules", **(entry_points() if packages is None else packages)}
    rules: list[RuleInfo] = []
    for key, package in packages.items():
        try:
            rules += rules_of(package)
        except Exception as error:
            raise PluginError(
                f"rule package {package!r} (entry point {key!r}) cannot be loaded: {type(error).__name__}: {error}"
            ) from error
    taken: dict[str, RuleInfo] = {}
    for info in rules:
        for word in (info.code, info.name):
            other = taken.setdefault(word.lower(), info)
            if other is not info:
                raise PluginError(f"two rules are called {word!r}: one in {other.module}, one in {info.module}")
    return sorted(rules, key=lambda info: info.code)


def rules_of(package: str) -> list[RuleInfo]:
    """The rules of one package: those of its ``index``, else of every module in it."""
    name = f"{package}.index"
    if hasattr(imported(package), "__path__"):
        try:
            return [RuleInfo(*row) for row in imported(name).RULES]
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
    return scan(package)


def scan(package: str) -> list[RuleInfo]:
    """The rules found by importing *package* and every module in it."""
    from pkgutil import iter_modules

    root = imported(package)
    names = [module.name for module in iter_modules(getattr(root, "__path__", ())) if module.name != "index"]
    modules = [root, *(imported(f"{package}.{name}") for name in names)]
    found = {
        id(value): RuleInfo.of(value, module.__name__, name)
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Rule)
    }
    return list(found.values())
