"""Rebuilds what is generated: ``python -m dlinter.generate`` in a checkout, with ``--check`` to compare only.

Generated are the index of the built-in rules, the pages under ``docs/rules``, the JSON schema of the configuration, the
manual page, the completion scripts, the settings in the manifest of the extension for VS Code, the compiled regular
expressions and, through :mod:`dlinter_grammar.build`, the parser's tables.
"""

from __future__ import annotations

import json
import os
import sys

from dlinter.builtin import documented
from dlinter.catalogue import page, profiles_of
from dlinter.completion import SHELLS, script
from dlinter.config_keys import schema
from dlinter.expressions import tables
from dlinter.manual import page as manual
from dlinter.plugins import scan
from dlinter.rule import RuleInfo
from dlinter.vscode import manifest

_HEAD = (
    '"""The rules of this package, for those who want to know them without importing them. Generated: do not edit.\n\n'
    'Rebuild with ``python -m dlinter.generate``.\n"""\n\n'
)


def index(package: str) -> str:
    """The text of the module ``index`` of a rule package."""
    rows = sorted(info.row() for info in scan(package))
    lines = [_HEAD, "RULES = (\n"]
    lines += ["    (\n" + "".join(f"        {_literal(value)},\n" for value in row) + "    ),\n" for row in rows]
    lines.append(")\n")
    return "".join(lines)


def _literal(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, tuple):
        items = [_literal(item) for item in value]
        return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
    return repr(value)


def overview(rules: list[RuleInfo]) -> str:
    """The table of all rules in Markdown."""
    fixes = {"safe": "`--fix`", "unsafe": "`--unsafe-fixes`", "": ""}
    lines = ["# Rules\n\n", "| code | name | severity | fix | profiles | what to do |\n", "|---|---|---|---|---|---|\n"]
    for info in rules:
        profiles = ", ".join(profiles_of(info))
        lines.append(
            f"| [{info.code}]({info.code}.md) | {info.name} | {info.severity.name.lower()} | {fixes[info.fix]} "
            f"| {profiles} | {info.title} |\n"
        )
    return "".join(lines)


def files(root: str) -> dict[str, str]:
    """Path and text of every generated file of the checkout at *root*, the grammar's tables left out."""
    package = "dlinter_rules"
    found = {os.path.join(root, "rules", package, "index.py"): index(package)}
    rules = sorted([*scan(package), *documented()], key=lambda info: info.code)
    found[os.path.join(root, "linter", "dlinter", "dlint.schema.json")] = json.dumps(schema(), indent=2) + "\n"
    docs = os.path.join(root, "docs", "rules")
    found[os.path.join(docs, "README.md")] = overview(rules)
    for info in rules:
        found[os.path.join(docs, f"{info.code}.md")] = page(info)
    found[os.path.join(root, "docs", "dlint.1")] = manual()
    for shell in SHELLS:
        found[os.path.join(root, "docs", "completion", f"dlint.{shell}")] = script(shell)
    found[os.path.join(root, "grammar", "dlinter_grammar", "regex_tables.py")] = tables(root)
    extension = os.path.join(root, "editors", "vscode", "package.json")
    old = _read(extension)
    if old is not None:
        found[extension] = manifest(old)
    return found


def stale(root: str) -> list[str]:
    """The generated files that are missing, differ, or should not be there any more."""
    wanted = files(root)
    docs = os.path.join(root, "docs", "rules")
    extra = [os.path.join(docs, name) for name in (os.listdir(docs) if os.path.isdir(docs) else [])]
    return [path for path, text in wanted.items() if _read(path) != text] + [p for p in extra if p not in wanted]


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None


def main(arguments: list[str]) -> int:
    """Rebuild, or with ``--check`` compare; returns the exit code."""
    from dlinter_grammar.build import main as build_tables

    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    if not os.path.exists(os.path.join(root, "pyproject.toml")):
        print("dlint: error: run this in a checkout of the project", file=sys.stderr)
        return 2
    old = stale(root)
    if "--check" in arguments:
        for path in old:
            print(f"stale: {path}")
        return 1 if old or build_tables(["--check"]) else 0
    wanted = files(root)
    for path in old:
        if path in wanted:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(wanted[path])
        else:
            os.unlink(path)
        print(f"rebuilt: {path}" if path in wanted else f"removed: {path}")
    return build_tables([])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
