"""``dlint migrate``: from hadolint's configuration and hooks to ours, shown as a diff first."""

from __future__ import annotations

import os
from io import StringIO
from itertools import pairwise

from dlinter.config import ConfigError
from dlinter.hadolint_config import Hadolint, from_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ruamel.yaml.comments import CommentedMap

_OLD = (".hadolint.yaml", ".hadolint.yml")
NEW = ".dlint.yaml"
#: hadolint's keys that keep their value, and what they are called here
_KEYS = {"ignored": "ignore", "trustedRegistries": "trusted-registries", "label-schema": "label-schema",
         "strict-labels": "strict-labels"}  # fmt: skip


class Change:
    """One file: its text before and after, None where it is not there. ``notes`` are for the user."""

    def __init__(self, path: str, before: str | None, after: str | None, notes: list[str] | None = None) -> None:
        self.path = path
        self.before = before
        self.after = after
        self.notes = notes or []


def plan(folder: str) -> list[Change]:
    """What is to be done in *folder*; nothing if hadolint is not used in it.

    :raises dlinter.config.ConfigError: hadolint's configuration is wrong, or there is one of ours already.
    """
    from dlinter import migrate_ci

    found: list[Change] = []
    said = Hadolint()
    for path, swap_of in _pipelines(folder):
        before = _read(os.path.join(folder, path))
        if "hadolint" not in before:
            continue
        swap = getattr(migrate_ci, swap_of)(before)
        said = said + swap.said
        if swap.text != before or swap.notes:
            found.append(Change(path, before, swap.text, swap.notes))
    old = next((name for name in _OLD if os.path.isfile(os.path.join(folder, name))), None)
    if old is None and not any(change.before != change.after for change in found):
        return found
    if os.path.exists(os.path.join(folder, NEW)):
        raise ConfigError(f"{os.path.join(folder, NEW)}: is there already")
    notes: list[str] = []
    text = _read(os.path.join(folder, old)) if old is not None else ""
    if old is not None:
        from_file(os.path.join(folder, old))  # says what is wrong with it, and where
    after = configuration(text, said, notes)
    found.insert(0, Change(NEW, None, after, notes))
    if old is not None:
        found.insert(1, Change(old, text, None))
    return found


def _pipelines(folder: str) -> Iterator[tuple[str, str]]:
    if os.path.isfile(os.path.join(folder, ".pre-commit-config.yaml")):
        yield ".pre-commit-config.yaml", "pre_commit"
    workflows = os.path.join(".github", "workflows")
    if os.path.isdir(os.path.join(folder, workflows)):
        for name in sorted(os.listdir(os.path.join(folder, workflows))):
            if name.endswith((".yml", ".yaml")):
                yield os.path.join(workflows, name), "workflow"
    if os.path.isfile(os.path.join(folder, ".gitlab-ci.yml")):
        yield ".gitlab-ci.yml", "gitlab"


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error


def configuration(text: str, said: Hadolint, notes: list[str]) -> str:
    """hadolint's configuration in *text*, and what commands *said*, as one of ours; comments are kept."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.explicit_start = text.startswith("---")
    if _indented(text):
        yaml.indent(mapping=2, sequence=4, offset=2)
    old = yaml.load(text) or CommentedMap()
    new = CommentedMap()
    _move_comments(old, new)
    for key in old:
        for name, value in _converted(str(key), old, notes):
            new[name] = value
            if key in old.ca.items and name not in new.ca.items:
                new.ca.items[name] = old.ca.items[key]
    _extend(new, said)
    if "fail-level" not in new:
        new["fail-level"] = "info"
    new.insert(0, "profile", "hadolint")
    _drop_unknown(new, notes)
    out = StringIO()
    yaml.dump(new, out)
    made = out.getvalue()
    lost = [line for line in _comments(text) if line not in set(_comments(made))]
    return made + "".join(f"{line}\n" for line in lost)


def _indented(text: str) -> bool:
    """True if lists are written further in than their key."""
    lines = [line for line in text.splitlines() if line.strip() and line.lstrip()[0] != "#"]
    return any(
        a.rstrip().endswith(":") and a[:1] != " " and b.startswith(" ") and b.lstrip().startswith("- ")
        for a, b in pairwise(lines)
    )


def _move_comments(old: CommentedMap, new: CommentedMap) -> None:
    if old.ca.comment is not None:
        new.ca.comment = old.ca.comment
    if old.ca.end:
        new.ca.end = old.ca.end


def _converted(key: str, old: CommentedMap, notes: list[str]) -> Iterator[tuple[str, Any]]:
    """Our keys for one of hadolint's."""
    from ruamel.yaml.comments import CommentedMap

    value = old[key]
    if key in _KEYS:
        if value is not None:
            yield _KEYS[key], value
    elif key == "override" and value:
        severity = CommentedMap()
        for level in ("style", "info", "warning", "error"):
            codes = value.get(level) or []
            for index, code in enumerate(codes):
                if code in (old.get("ignored") or ()):
                    continue
                severity[code] = level
                if hasattr(codes, "ca") and index in codes.ca.items:
                    severity.ca.items[code] = [None, None, codes.ca.items[index][0], None]
        if severity:
            yield "severity", severity
    elif key == "failure-threshold":
        yield "fail-level", "style" if str(value).lower() in ("ignore", "none") else str(value).lower()
    elif key == "no-fail":
        if value:
            yield "fail-level", "none"
    elif key == "disable-ignore-pragma":
        if value:
            yield "ignore-comments", False
    elif key in ("format", "formats"):
        first = value if isinstance(value, str) else next(iter(value or ()), None)
        if first is not None and str(first) != "tty":
            yield "format", str(first)
    elif key not in ("no-color", "verbose", "override"):
        notes.append(f"{key} is no key of hadolint's either, and was left out")


def _extend(new: CommentedMap, said: Hadolint) -> None:
    """Add what commands said."""
    for code, level in said.severities().items():
        new.setdefault("severity", {})[code] = level
    for name, words in (("trusted-registries", said.trusted_registries),):
        if words:
            new[name] = list(dict.fromkeys([*new.get(name, ()), *words]))
    if said.label_schema:
        new["label-schema"] = {**new.get("label-schema", {}), **said.label_schema}
    if said.strict_labels:
        new["strict-labels"] = True
    if said.disable_ignore_pragma:
        new["ignore-comments"] = False


def _drop_unknown(new: CommentedMap, notes: list[str]) -> None:
    """Leave out codes that are no rules here: they would be mistakes."""
    from dlinter.catalogue import known_rules

    known = {word.lower() for info in known_rules() for word in (info.code, *info.aliases)}
    ignore = new.get("ignore") or []
    for index in range(len(ignore) - 1, -1, -1):
        if str(ignore[index]).lower() not in known:
            notes.append(f"{ignore[index]} is no rule here, and was left out of ignore")
            del ignore[index]
    severity = new.get("severity") or {}
    for code in [code for code in severity if str(code).lower() not in known]:
        notes.append(f"{code} is no rule here, and was left out of severity")
        del severity[code]
    for name in ("ignore", "severity"):
        if name in new and not new[name]:
            del new[name]


def _comments(text: str) -> list[str]:
    """The comments of a YAML file, each from its hash on."""
    found: list[str] = []
    for line in text.splitlines():
        at = 0 if line.startswith("#") else line.find(" #") + 1
        if line.startswith("#") or at > 0:
            found.append(line[at:].strip())
    return found


def diff(change: Change) -> str:
    """The change as a unified diff."""
    from difflib import unified_diff

    name = change.path.replace(os.sep, "/")
    before = (change.before or "").splitlines(keepends=True)
    after = (change.after or "").splitlines(keepends=True)
    old = "/dev/null" if change.before is None else f"a/{name}"
    new = "/dev/null" if change.after is None else f"b/{name}"
    lines = unified_diff(before, after, old, new)
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def write(folder: str, change: Change) -> None:
    """Carry the change out."""
    path = os.path.join(folder, change.path)
    if change.after is None:
        os.unlink(path)
    elif change.after != change.before:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(change.after)
