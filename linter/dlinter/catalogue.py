"""What there is to say about rules: the table of all, the page of one."""

from __future__ import annotations

import json

from dlinter.builtin import builtin
from dlinter.plugins import load
from dlinter.rule import RuleInfo, Severity
from dlinter.shell_codes import SHELLCHECK

_FIXES = {"safe": "--fix", "unsafe": "--unsafe-fixes", "": ""}


def known_rules() -> list[RuleInfo]:
    """Every rule, those of the grammar and ShellCheck's too, sorted by code."""
    return sorted([*load(), *builtin()], key=lambda info: info.code)


def profiles_of(info: RuleInfo) -> tuple[str, ...]:
    """The profiles that *info* belongs to, the implied ones too."""
    strict = ("strict",) if info.severity > Severity.STYLE else ()
    return (*info.profiles, *strict, "all")


def as_table(rules: list[RuleInfo]) -> str:
    """One line a rule, columns aligned; ShellCheck's are one line together."""
    rows = [("CODE", "NAME", "SEVERITY", "FIX", "PROFILES", "TITLE")]
    shell = [info for info in rules if info.code in SHELLCHECK]
    if shell:
        title = f"{len(shell)} checks of ShellCheck, https://www.shellcheck.net/wiki/"
        rows.append(("SC", "shellcheck-…", "", _FIXES["unsafe"], "", title))
    for info in rules:
        if info.code in SHELLCHECK:
            continue
        profiles = ",".join(profiles_of(info))
        rows.append((info.code, info.name, info.severity.name.lower(), _FIXES[info.fix], profiles, info.title))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)) for row in rows]
    return "".join(f"{line}  {row[5]}\n" for line, row in zip(lines, rows, strict=True))


def as_json(rules: list[RuleInfo]) -> str:
    """One array of objects."""
    objects = [
        {
            "code": info.code,
            "name": info.name,
            "severity": info.severity.name.lower(),
            "fix": info.fix or None,
            "profiles": list(profiles_of(info)),
            "aliases": list(info.aliases),
            "title": info.title,
            "why": info.why,
            "url": info.url,
        }
        for info in rules
    ]
    return json.dumps(objects, indent=2) + "\n"


def page(info: RuleInfo) -> str:
    """The rule's page in Markdown."""
    fix = {"safe": "`dlint --fix`", "unsafe": "`dlint --fix --unsafe-fixes`", "": "by hand"}[info.fix]
    facts = [
        f"- severity: {info.severity.name.lower()}",
        f"- fix: {fix}",
        f"- profiles: {', '.join(profiles_of(info))}",
    ]
    if info.aliases:
        facts.append(f"- also known as: {', '.join(info.aliases)}")
    head = f"# {info.code} {info.name}\n\n{info.title}\n\n" + "\n".join(facts) + "\n\n"
    if info.code in SHELLCHECK:
        return head + f"{info.why}\n\n" + _ignore(info)
    if not info.attribute:
        return head + f"{info.why}\n"
    rule = info.load()
    body = rule.doc.split("\n", 1)[1].strip() if "\n" in rule.doc else ""
    for kind, heading in (
        ("bad", "Found:"), ("fixed", "After `--fix`:"), ("unsafe", "After `--fix --unsafe-fixes`:"), ("good", "Fine:"),
    ):  # fmt: skip
        body = body.replace(f"```dockerfile {kind}\n", f"{heading}\n\n```dockerfile\n")
    options = "".join(
        f"- `{key.replace('_', '-')}`, default `{_shown(value)}`\n" for key, value in rule.options.items()
    )
    return head + body + "\n\n" + (f"## Options\n\n{options}\n" if options else "") + _ignore(info)


def _ignore(info: RuleInfo) -> str:
    return f"Silence one finding: `# dlint ignore={info.code} -- the reason` above the instruction.\n"


def _shown(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value)
