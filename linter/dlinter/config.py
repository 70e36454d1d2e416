"""Settings from files: ``.dlint.yaml``, ``dlint.toml`` or ``[tool.dlint]`` in ``pyproject.toml``, the nearest first.

Where there is none of ours, hadolint's configuration is read (:mod:`dlinter.hadolint_config`).
"""

from __future__ import annotations

import os

from dlinter.config_keys import KEYS, Wrong, checked
from dlinter.settings import FileSettings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAMES = (".dlint.yaml", ".dlint.yml", "dlint.toml", ".dlint.toml", "pyproject.toml")
_ATTRIBUTES = tuple(key.attribute for key in KEYS)


class ConfigError(Exception):
    """A configuration that cannot be used; the text names file, line, key and remedy."""


class Config:
    """What a configuration file says: one attribute for each of :data:`dlinter.config_keys.KEYS`.

    ``path`` is the file, None without one. ``origins`` tells of each attribute that was set where that happened.
    A *lenient* one may name rules that do not exist, as hadolint's may.
    """

    __slots__ = (*_ATTRIBUTES, "_by_path", "_settings", "lenient", "origins", "path")

    baseline: str | None
    build_args: dict[str, str]
    context: str | None
    exclude: tuple[str, ...]
    fail_level: str
    format: str
    format_indent: str
    format_operators: str
    ignore: tuple[str, ...]
    ignore_comments: bool
    label_schema: dict[str, str]
    per_path: dict[str, dict[str, Any]]
    profile: str
    rules: dict[str, dict[str, Any]]
    select: tuple[str, ...]
    severity: dict[str, str]
    shellcheck: bool
    strict_labels: bool
    targets: tuple[str, ...]
    trusted_registries: tuple[str, ...]

    def __init__(self, path: str | None = None) -> None:
        self.path = path
        self.lenient = False
        self.origins: dict[str, str] = {}
        self._settings: FileSettings | None = None
        self._by_path: dict[tuple[str, ...], Config] = {}
        for key in KEYS:
            setattr(self, key.attribute, key.default)

    def key(self) -> str:
        """Equal for configurations that mean the same."""
        return repr([getattr(self, name) for name in _ATTRIBUTES] + [self.lenient])

    def set(self, values: dict[str, Any], origin: str) -> None:
        """Take over *values* by attribute."""
        for name, value in values.items():
            setattr(self, name, value)
            self.origins[name] = origin

    @property
    def folder(self) -> str:
        """The folder that paths in the configuration start from."""
        return os.path.dirname(os.path.abspath(self.path)) if self.path else os.getcwd()

    @property
    def settings(self) -> FileSettings:
        """What rules may know of it."""
        if self._settings is None:
            context = None if self.context is None else os.path.join(self.folder, self.context)
            self._settings = FileSettings(
                build_args=self.build_args, trusted_registries=self.trusted_registries,
                label_schema=self.label_schema, strict_labels=self.strict_labels, context=context,
                targets=self.targets,
            )  # fmt: skip
        return self._settings

    def for_path(self, path: str) -> Config:
        """The configuration for the file at *path*: with what ``per-path`` adds for it.

        Lists and mappings grow, everything else is replaced; later patterns win.
        """
        if not self.per_path:
            return self
        from pathspec import GitIgnoreSpec

        name = os.path.relpath(os.path.abspath(path), self.folder).replace(os.sep, "/")
        patterns = tuple(each for each in self.per_path if GitIgnoreSpec.from_lines([each]).match_file(name))
        if not patterns:
            return self
        if patterns not in self._by_path:
            found = Config(self.path)
            found.lenient = self.lenient
            for attribute in _ATTRIBUTES:
                setattr(found, attribute, getattr(self, attribute))
            found.origins = dict(self.origins)
            for pattern in patterns:
                where = f"{self.path}, per-path {pattern!r}"
                for attribute, value in self.per_path[pattern].items():
                    old = getattr(found, attribute)
                    found.set({attribute: _grown(old, value)}, where)
            self._by_path[patterns] = found
        return self._by_path[patterns]


def _grown(old: Any, value: Any) -> Any:
    """*value* added to *old*: lists and mappings grow, at every level; everything else is replaced."""
    if isinstance(value, dict):
        inner = {key: _grown(old[key], each) for key, each in value.items() if isinstance(old.get(key), dict)}
        return {**old, **value, **inner}
    return old + value if isinstance(value, tuple) else value


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
    """The configuration in *path*; one called like hadolint's is read as hadolint does.

    :raises ConfigError: it cannot be read, or a key or value in it is wrong.
    """
    from dlinter.hadolint_config import is_hadolints

    if is_hadolints(path):
        from dlinter.hadolint_config import load as load_hadolint

        return load_hadolint(path)
    data = read(path)
    table = from_yaml(path, data) if path.endswith((".yaml", ".yml")) else _toml(path, data)
    config = Config(path)
    try:
        config.set(checked(table), path)
    except Wrong as error:
        from dlinter.config_lines import line_of

        line = line_of(path, data.decode("utf-8", "replace"), error.where)
        raise ConfigError(f"{path}:{line}: {error}" if line else f"{path}: {error}") from None
    return config


def read(path: str) -> bytes:
    """The bytes of the file.

    :raises ConfigError: it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error


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


def from_yaml(path: str, data: bytes) -> dict[Any, Any]:
    """The mapping in a YAML file.

    :raises ConfigError: it is no YAML, or no mapping.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        table = YAML(typ="safe", pure=True).load(data)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark is not None else path
        raise ConfigError(f"{where}: not valid YAML: {getattr(error, 'problem', None) or error}") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid YAML: {error}") from error
    if table is None:
        return {}
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: must be a mapping of settings, is a {type(table).__name__}")
    return table
