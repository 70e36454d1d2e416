"""hadolint's configuration: its file, found where hadolint looks, and its environment variables.

Source: ``Hadolint/Config/{Configfile,Environment,Configuration}.hs`` of hadolint 2.15. Lists of all sources are put
together; where one code gets several severities, error beats warning beats info beats style.
"""

from __future__ import annotations

import os

from dlinter.rule import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from dlinter.config import Config

_LEVELS = ("error", "warning", "info", "style")
_THRESHOLDS = (*_LEVELS, "ignore", "none")
_TRUE = frozenset(("1", "y", "on", "true", "yes"))
_NAMES = (".hadolint.yaml", ".hadolint.yml", "hadolint.yaml", "hadolint.yml")
FORMATS = (
    "tty", "json", "checkstyle", "codeclimate", "gitlab_codeclimate", "gnu", "codacy", "sonarqube", "sarif", "junit",
)  # fmt: skip
#: rules of hadolint that are no warnings (``severity`` in ``Hadolint/Rule/*.hs`` of 2.15)
_SEVERITIES = {
    Severity.ERROR: "3000 3004 3011 3012 3020 3021 3023 3024 3026 3043 3044 3061 4000 4004",
    Severity.INFO: "3001 3009 3010 3015 3019 3047 3049 3050 3059 3060 3066",
    Severity.STYLE: "3048",
}
_FLAGS = {
    "strict-labels": "strict_labels",
    "no-fail": "no_fail",
    "no-color": "no_color",
    "verbose": "verbose",
    "disable-ignore-pragma": "disable_ignore_pragma",
}


class Hadolint:
    """What one source says. Flags and the threshold are None where it says nothing of them."""

    __slots__ = (
        "disable_ignore_pragma", "formats", "ignored", "label_schema", "no_color", "no_fail", "override",
        "strict_labels", "threshold", "trusted_registries", "verbose",
    )  # fmt: skip

    def __init__(self) -> None:
        self.ignored: list[str] = []
        self.override: dict[str, list[str]] = {level: [] for level in _LEVELS}
        self.trusted_registries: list[str] = []
        self.label_schema: dict[str, str] = {}
        self.formats: list[str] = []
        self.strict_labels: bool | None = None
        self.no_fail: bool | None = None
        self.no_color: bool | None = None
        self.verbose: bool | None = None
        self.disable_ignore_pragma: bool | None = None
        self.threshold: str | None = None

    def __add__(self, later: Hadolint) -> Hadolint:
        """Both together; what *later* says of flags and the threshold counts."""
        found = Hadolint()
        found.ignored = self.ignored + later.ignored
        found.override = {level: self.override[level] + later.override[level] for level in _LEVELS}
        found.trusted_registries = self.trusted_registries + later.trusted_registries
        found.label_schema = {**self.label_schema, **later.label_schema}
        found.formats = self.formats + later.formats
        for name in (*_FLAGS.values(), "threshold"):
            value = getattr(later, name)
            setattr(found, name, getattr(self, name) if value is None else value)
        return found

    def __bool__(self) -> bool:
        lists = self.ignored or self.trusted_registries or self.label_schema or self.formats
        flags = any(getattr(self, name) is not None for name in (*_FLAGS.values(), "threshold"))
        return bool(lists or any(self.override.values()) or flags)

    def severities(self) -> dict[str, str]:
        """The severity of each code that gets one and is not left out."""
        found: dict[str, str] = {}
        for level in reversed(_LEVELS):
            found.update(dict.fromkeys(self.override[level], level))
        return {code: level for code, level in found.items() if code not in self.ignored}

    def values(self) -> dict[str, Any]:
        """The same as settings of ours, by attribute of :class:`dlinter.config.Config`."""
        found: dict[str, Any] = {}
        if self.ignored:
            found["ignore"] = tuple(dict.fromkeys(self.ignored))
        if any(self.override.values()):
            found["severity"] = self.severities()
        if self.trusted_registries:
            found["trusted_registries"] = tuple(self.trusted_registries)
        if self.label_schema:
            found["label_schema"] = self.label_schema
        if self.strict_labels is not None:
            found["strict_labels"] = self.strict_labels
        if self.disable_ignore_pragma is not None:
            found["ignore_comments"] = not self.disable_ignore_pragma
        if self.formats:
            found["format"] = self.formats[0]
        if self.threshold is not None:
            found["fail_level"] = "style" if self.threshold in ("ignore", "none") else self.threshold
        if self.no_fail:
            found["fail_level"] = "none"
        return found


def severity_of(code: str) -> Severity:
    """The severity that hadolint gives its rule *code*."""
    return next((level for level, codes in _SEVERITIES.items() if code[2:] in codes.split()), Severity.WARNING)


def is_hadolints(path: str) -> bool:
    """True if the file is called as hadolint's configuration is."""
    folder, name = os.path.split(path)
    return name in _NAMES or (name in ("config.yaml", "config.yml") and os.path.basename(folder) == ".hadolint")


def locate() -> str | None:
    """The file that hadolint would read, the first that exists in its order."""
    return next((path for path in _places() if os.path.isfile(path)), None)


def _places() -> Iterator[str]:
    home = os.environ.get("HOME") or os.path.expanduser("~")
    settings = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    for folder, name in (
        (os.getcwd(), ".hadolint"), (settings, "hadolint"), (os.path.join(home, ".hadolint"), "hadolint"),
        (os.path.join(home, ".hadolint"), "config"), (home, ".hadolint"),
    ):  # fmt: skip
        for ending in (".yaml", ".yml"):
            path = os.path.join(folder, name + ending)
            yield os.path.basename(path) if folder == os.getcwd() else path


def from_file(path: str) -> Hadolint:
    """What the file says. Keys that hadolint does not know are passed over, as it does.

    :raises dlinter.config.ConfigError: it cannot be read, or a value is of the wrong kind.
    """
    from dlinter.config import from_yaml, read

    data = read(path)
    return _from_table(path, data, from_yaml(path, data))


def _from_table(path: str, data: bytes, table: dict[Any, Any]) -> Hadolint:
    found = Hadolint()

    def wrong(message: str, *where: str) -> Exception:
        from dlinter.config import ConfigError
        from dlinter.config_lines import line_of

        return ConfigError(f"{path}:{line_of(path, data.decode('utf-8', 'replace'), where) or 1}: {message}")

    def words(value: Any, *where: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(word, (str, int)) for word in value):
            raise wrong(f"{where[-1]} takes a list, not {value!r}", *where)
        return [str(word) for word in value]

    for key, value in table.items():
        if value is None and key in ("ignored", "trustedRegistries", "label-schema", "override", "formats"):
            continue
        if key == "ignored":
            found.ignored = words(value, key)
        elif key == "trustedRegistries":
            found.trusted_registries = words(value, key)
        elif key == "override":
            if not isinstance(value, dict):
                raise wrong(f"override takes a mapping, not {value!r}", key)
            for level in _LEVELS:
                if value.get(level) is not None:
                    found.override[level] = words(value[level], key, level)
        elif key == "label-schema":
            if not isinstance(value, dict):
                raise wrong(f"label-schema takes a mapping, not {value!r}", key)
            found.label_schema = {str(name): _label_type(str(kind)) for name, kind in value.items()}
        elif key in _FLAGS:
            if not isinstance(value, bool):
                raise wrong(f"{key} takes true or false, not {value!r}", key)
            setattr(found, _FLAGS[key], value)
        elif key == "failure-threshold":
            if str(value).lower() not in _THRESHOLDS:
                raise wrong(f"failure-threshold takes one of {', '.join(_THRESHOLDS)}, not {value!r}", key)
            found.threshold = str(value).lower()
        elif key == "format":
            found.formats.insert(0, str(value))
        elif key == "formats":
            found.formats += words(value, key)
    found.formats = [name for name in found.formats if name in FORMATS]
    return found


def _label_type(text: str) -> str:
    """hadolint's name of a type as ours: ``rawtext`` and nothing at all are text."""
    return text if text in ("url", "spdx", "hash", "rfc3339", "semver", "email") else "text"


def from_environment(environ: Mapping[str, str] | None = None) -> Hadolint:
    """What the environment says. Lists are cut at commas and nowhere else; wrong values are passed over."""
    env = os.environ if environ is None else environ
    found = Hadolint()

    def words(name: str) -> list[str]:
        text = env.get(name, "")
        return text.split(",") if text else []

    def flag(name: str) -> bool | None:
        text = env.get(name)
        return None if text is None else text.lower() in _TRUE

    found.ignored = words("HADOLINT_IGNORE")
    for level in _LEVELS:
        found.override[level] = words(f"HADOLINT_OVERRIDE_{level.upper()}")
    found.trusted_registries = words("HADOLINT_TRUSTED_REGISTRIES")
    for word in words("HADOLINT_REQUIRE_LABELS"):
        name, _, kind = word.partition(":")
        found.label_schema[name] = _label_type(kind)
    found.formats = [name for name in words("HADOLINT_FORMAT") if name in FORMATS]
    found.strict_labels = flag("HADOLINT_STRICT_LABELS")
    found.disable_ignore_pragma = flag("HADOLINT_DISABLE_IGNORE_PRAGMA")
    found.no_fail = flag("HADOLINT_NOFAIL")
    found.verbose = flag("HADOLINT_VERBOSE")
    if "NO_COLOR" in env:
        found.no_color = True
    threshold = env.get("HADOLINT_FAILURE_THRESHOLD", "").lower()
    found.threshold = threshold if threshold in _THRESHOLDS else None
    return found


def load(path: str | None) -> Config:
    """hadolint's file at *path* as a configuration of ours, with what the environment says; None for no file.

    A file means the profile ``hadolint`` and its threshold ``info``; the environment alone changes neither.
    """
    from dlinter.config import Config

    config = Config(path)
    config.lenient = True
    said = from_environment()
    if path is not None:
        config.set({"profile": "hadolint", "fail_level": "info"}, f"{path}, as hadolint has it")
        file = from_file(path)
        config.set((said + file).values(), path)
    environment = said.values()
    for attribute in environment:
        config.origins[attribute] = "environment (HADOLINT_…)"
        if path is not None and attribute in file.values():
            config.origins[attribute] = f"{path} and environment (HADOLINT_…)"
    if path is None:
        config.set(environment, "environment (HADOLINT_…)")
    return config
