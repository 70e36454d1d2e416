"""Settings from files: ``.dlint.yaml``, ``dlint.toml`` or ``[tool.dlint]`` in ``pyproject.toml``, the nearest first."""

from __future__ import annotations

import os

from dlinter.selection import unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAMES = (".dlint.yaml", ".dlint.yml", "dlint.toml", ".dlint.toml", "pyproject.toml")
LEVELS = ("error", "warning", "info", "style", "none")


class ConfigError(Exception):
    """A configuration that cannot be used; the text names file, key and remedy."""


class Config:
    """What a configuration file says; every attribute has the default that holds without one.

    ``severity`` maps rules to ``error``, ``warning``, ``info``, ``style`` or ``off``; ``rules`` maps rules to their
    options; ``exclude`` has patterns in the syntax of ``.gitignore``.
    """

    __slots__ = ("exclude", "fail_level", "ignore", "path", "profile", "rules", "select", "severity")

    def __init__(self, path: str | None = None) -> None:
        self.path = path
        self.profile = "default"
        self.select: tuple[str, ...] = ()
        self.ignore: tuple[str, ...] = ()
        self.severity: dict[str, str] = {}
        self.rules: dict[str, dict[str, Any]] = {}
        self.exclude: tuple[str, ...] = ()
        self.fail_level = "style"

    def key(self) -> str:
        """Equal for configurations that mean the same."""
        return repr([getattr(self, name) for name in self.__slots__ if name != "path"])


def locate(folder: str) -> str | None:
    """The configuration file nearest to *folder*: in it or in a folder above it."""
    each = os.path.abspath(folder)
    while True:
        for name in NAMES:
            path = os.path.join(each, name)
            if os.path.isfile(path) and (name != "pyproject.toml" or _mentions_us(path)):
                return path
        parent = os.path.dirname(each)
        if parent == each:
            return None
        each = parent


def _mentions_us(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return b"tool.dlint" in file.read()
    except OSError:
        return False


def load(path: str) -> Config:
    """The configuration in *path*.

    :raises ConfigError: it cannot be read, or a key or value in it is wrong.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    table = _yaml(path, data) if path.endswith((".yaml", ".yml")) else _toml(path, data)
    return from_table(table, path)


def _toml(path: str, data: bytes) -> dict[str, Any]:
    import tomllib

    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    if os.path.basename(path) == "pyproject.toml":
        tool = table.get("tool", {})
        found = tool.get("dlint", {}) if isinstance(tool, dict) else {}
        if not isinstance(found, dict):
            raise ConfigError(f"{path}: [tool.dlint] must be a table")
        return found
    return table


def _yaml(path: str, data: bytes) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        table = YAML(typ="safe", pure=True).load(data)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark is not None else path
        raise ConfigError(f"{where}: not valid YAML: {getattr(error, 'problem', None) or error}") from error
    if table is None:
        return {}
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: must be a mapping of settings, is a {type(table).__name__}")
    return table


def from_table(table: dict[str, Any], path: str) -> Config:
    """The configuration that *table* describes; *path* is for messages.

    :raises ConfigError: a key is unknown or a value of the wrong kind.
    """
    config = Config(path)
    known = [name.replace("_", "-") for name in Config.__slots__ if name != "path"]
    for key, value in table.items():
        if key not in known:
            raise ConfigError(f"{path}: {unknown('key', str(key), known)} (keys: {', '.join(known)})")
        name = key.replace("-", "_")
        if key in ("select", "ignore", "exclude"):
            setattr(config, name, _words(path, key, value))
        elif key in ("severity", "rules"):
            setattr(config, name, _mapping(path, key, value))
        elif not isinstance(value, str):
            raise ConfigError(f"{path}: {key} takes a word, not {value!r}")
        elif key == "fail-level" and value not in LEVELS:
            raise ConfigError(f"{path}: {unknown('fail-level', value, LEVELS)} (levels: {', '.join(LEVELS)})")
        else:
            setattr(config, name, value)
    return config


def _words(path: str, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ConfigError(f"{path}: {key} takes a list of words, not {value!r}")
    return tuple(value)


def _mapping(path: str, key: str, value: Any) -> dict[str, Any]:
    inner = str if key == "severity" else dict
    if not isinstance(value, dict) or not all(isinstance(k, str) and isinstance(v, inner) for k, v in value.items()):
        example = "DL3007: info" if key == "severity" else "DL3015: {managers: [apt-get]}"
        raise ConfigError(f"{path}: {key} takes a mapping such as {{{example}}}, not {value!r}")
    return value
