"""What the editor configures: one table for initializationOptions, workspace/configuration and didChangeConfiguration.

::

    {"enable": true, "configuration": "path/to/.dlint.yaml" or {settings of .dlint.yaml},
     "configurationPreference": "editorFirst" | "filesystemFirst" | "editorOnly",
     "lint": {settings of .dlint.yaml, in camelCase or with hyphens}, "format": {"enable": true},
     "fixAll": true, "codeAction": {"disableRuleComment": {"enable": true}},
     "logLevel": "warning", "workspaceTrusted": true}

Names and precedence are those of ruff's language server, so that nobody has to learn others.
"""

from __future__ import annotations

import re

from dlinter.config_keys import BY_NAME, Wrong, checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PREFERENCES = ("editorFirst", "filesystemFirst", "editorOnly")
LOG_LEVELS = ("error", "warning", "info", "debug")

_CAMEL = re.compile(r"(?<=[a-z])([A-Z])")
#: keys that editor extensions keep for themselves
_CLIENT = frozenset(
    ["path", "interpreter", "importStrategy", "trace", "server", "showNotifications", "cwd", "workspace"]
)


class EditorOptions:
    """The options of one folder or editor. ``lint`` holds the settings by attribute of the configuration; ``file`` is
    a configuration file to use. ``wrong`` are the complaints about what could not be used.
    """

    __slots__ = (
        "comment_actions", "enable", "file", "fix_all", "format", "lint", "log_level", "preference", "trusted", "wrong",
    )  # fmt: skip

    def __init__(self, table: Any = None) -> None:
        self.enable = True
        self.file: str | None = None
        self.preference = PREFERENCES[0]
        self.lint: dict[str, Any] = {}
        self.format = True
        self.fix_all = True
        self.comment_actions = True
        self.log_level = ""
        self.trusted = True
        self.wrong: list[str] = []
        self._read(_unwrapped(table))

    def key(self) -> str:
        """Equal for options that mean the same for linting."""
        return repr((self.enable, self.file, self.preference, sorted(self.lint.items()), self.trusted))

    def _read(self, table: dict[str, Any]) -> None:
        for name, value in table.items():
            if name in _CLIENT or value is None:
                continue
            if name == "lint":
                self._lint(value)
            elif name == "configuration":
                self._configuration(value)
            elif name == "configurationPreference":
                self.preference = self._choice(name, value, PREFERENCES, self.preference)
            elif name == "logLevel":
                self.log_level = self._choice(name, value, LOG_LEVELS, self.log_level)
            elif name in ("enable", "fixAll", "workspaceTrusted"):
                attribute = {"fixAll": "fix_all", "workspaceTrusted": "trusted"}.get(name, name)
                setattr(self, attribute, self._flag(name, value, getattr(self, attribute)))
            elif name == "format":
                self.format = self._inner(name, value, "enable", self.format)
            elif name == "codeAction":
                inner = value.get("disableRuleComment") if isinstance(value, dict) else None
                if inner is not None:
                    self.comment_actions = self._inner("codeAction.disableRuleComment", inner, "enable", True)
            elif _hyphened(name) in BY_NAME:
                self._lint({name: value})
            else:
                self.wrong.append(f"{name} is no setting of dlint")

    def _lint(self, table: Any) -> None:
        if not isinstance(table, dict):
            self.wrong.append(f"lint takes an object, not {table!r}")
            return
        for name, value in table.items():
            if name == "enable":
                self.enable = self._flag("lint.enable", value, self.enable)
                continue
            try:
                self.lint.update(checked({_hyphened(name): value}))
            except Wrong as error:
                self.wrong.append(str(error))

    def _configuration(self, value: Any) -> None:
        if isinstance(value, str):
            self.file = value or None
        elif isinstance(value, dict):
            self._lint(value)
        else:
            self.wrong.append(f"configuration takes the path of a file or an object, not {value!r}")

    def _flag(self, name: str, value: Any, default: bool) -> bool:
        if isinstance(value, bool):
            return value
        self.wrong.append(f"{name} takes true or false, not {value!r}")
        return default

    def _choice(self, name: str, value: Any, choices: tuple[str, ...], default: str) -> str:
        if value in choices:
            return str(value)
        self.wrong.append(f"{name} takes one of {', '.join(choices)}, not {value!r}")
        return default

    def _inner(self, name: str, value: Any, key: str, default: bool) -> bool:
        if not isinstance(value, dict):
            self.wrong.append(f"{name} takes an object, not {value!r}")
            return default
        return self._flag(f"{name}.{key}", value[key], default) if key in value else default


def _unwrapped(table: Any) -> dict[str, Any]:
    """*table* without the names that editors put around it: ``dlint``, ``settings``."""
    for name in ("dlint", "settings", "dlint"):
        if isinstance(table, dict) and isinstance(table.get(name), dict):
            table = table[name]
    return table if isinstance(table, dict) else {}


def _hyphened(name: str) -> str:
    return _CAMEL.sub(r"-\1", name).lower()
