"""The manifest of the extension for VS Code, ``editors/vscode/package.json``, as far as it says what dlint says."""

from __future__ import annotations

import json

from dlinter.config_keys import KEYS, schema
from dlinter.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PREFIX = "dlint.lint."
#: keys that mean nothing for a file that is open in an editor
_COMMAND_LINE = frozenset(["baseline", "exclude", "fail-level", "format"])


def manifest(old: str) -> str:
    """*old* with the version of dlint and a setting for every key of the configuration."""
    table: dict[str, Any] = json.loads(old)
    table["version"] = __version__
    settings = table["contributes"]["configuration"]["properties"]
    others = {name: setting for name, setting in settings.items() if not name.startswith(PREFIX)}
    table["contributes"]["configuration"]["properties"] = {**others, **lint_settings()}
    return json.dumps(table, indent=2, ensure_ascii=False) + "\n"


def lint_settings() -> dict[str, Any]:
    """The settings below ``dlint.lint`` by name, with type, default and description."""
    properties = schema()["properties"]
    found = {}
    for key in KEYS:
        if key.name in _COMMAND_LINE:
            continue
        setting = dict(properties[key.name])
        text = setting.pop("description")
        empty = {"text": "", "words": [], "flag": False}.get(key.kind, {})
        setting.update(default=key.default or empty, scope="resource", markdownDescription=text)
        found[PREFIX + camel(key.name)] = setting
    return found


def camel(name: str) -> str:
    """``strict-labels`` as ``strictLabels``."""
    first, *rest = name.split("-")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)
