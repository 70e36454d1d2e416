"""The keys of the configuration: one table that reading, checking, the JSON schema and the pages are made from."""

from __future__ import annotations

from dlinter.selection import FIXING, PROFILES, SelectionError, fixing_of, unknown
from dlinter.settings import LABEL_TYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LEVELS = ("error", "warning", "info", "style", "none")
SEVERITIES = ("error", "warning", "info", "style", "off")
FORMATS = (
    "full", "concise", "json", "markdown", "github", "gitlab", "azure", "sarif", "junit", "rdjson", "rdjsonl", "tty",
    "checkstyle", "codeclimate", "gitlab_codeclimate", "gnu", "codacy", "sonarqube",
)  # fmt: skip


class Key:
    """One key. ``kind`` is ``"choice"``, ``"text"``, ``"flag"``, ``"words"`` (a list), ``"map"`` (name to text, one of
    ``choices`` if there are any), ``"options"`` (rule to its options) or ``"paths"`` (pattern to further settings).

    With ``inner`` the key may stand below ``per-path`` too.
    """

    __slots__ = ("choices", "default", "example", "help", "inner", "kind", "name")

    def __init__(
        self,
        name: str,
        kind: str,
        help: str,
        default: Any = None,
        *,
        choices: tuple[str, ...] = (),
        example: str = "",
        inner: bool = True,
    ) -> None:
        self.name = name
        self.kind = kind
        self.help = help
        self.choices = choices
        self.example = example
        self.inner = inner
        self.default: Any = {"words": (), "map": {}, "options": {}, "paths": {}}.get(kind, default)

    @property
    def attribute(self) -> str:
        return self.name.replace("-", "_")


KEYS: tuple[Key, ...] = (
    Key("profile", "choice", "The set of rules to begin with.", "default", choices=PROFILES),
    Key("select", "words", "Rules to run besides the profile's: codes, names, beginnings of codes, or ALL."),
    Key("ignore", "words", "Rules to leave out."),
    Key("severity", "map", "Rules with another severity than their own; off leaves a rule out.", choices=SEVERITIES,
        example="DL3007: info"),
    Key("rules", "options", "Options of single rules; every rule has fix: always, never or unsafe.",
        example="DL3025: {allow-exec: false, fix: always}"),
    Key("fail-level", "choice", "The least severity that makes the exit code 1.", "style", choices=LEVELS),
    Key("per-path", "paths", "Further settings for files that match a pattern in the syntax of .gitignore.",
        example='"test/": {ignore: [DL3007]}', inner=False),
    Key("exclude", "words", "Files and folders that are not searched, in the syntax of .gitignore.", inner=False),
    Key("trusted-registries", "words", "Registries that images may come from, with * at either end; empty: all."),
    Key("label-schema", "map", "Labels that every image must have, and what their values are.", choices=LABEL_TYPES,
        example="org.opencontainers.image.source: url"),
    Key("strict-labels", "flag", "Whether labels that are not in the schema are found.", False),
    Key("build-args", "map", "Values of build arguments, as --build-arg gives them.", example='VERSION: "3.12"'),
    Key("context", "text", "The folder of the build context, from this file's folder on."),
    Key("targets", "words", "The stages that are built; by default the last one."),
    Key("shellcheck", "flag", "Whether ShellCheck looks at the shell scripts.", True),
    Key("ignore-comments", "flag", "Whether comments in the Dockerfile silence findings.", True),
    Key("baseline", "text", "A file of known findings that are left out, from this file's folder on.", inner=False),
    Key("format", "choice", "How findings are printed.", "full", choices=FORMATS, inner=False),
    Key("format-indent", "choice", "One level of indentation for dlint format; auto: .editorconfig's, else the file's.",
        "auto", choices=("auto", "tab", "2", "3", "4", "8")),
    Key("format-operators", "choice", "Where &&, || and | stand beside a line break; auto: where the file mostly has "
        "them.", "auto", choices=("auto", "leading", "trailing", "keep")),
)  # fmt: skip
BY_NAME = {key.name: key for key in KEYS}


class Wrong(Exception):
    """A key or value that cannot be used; ``where`` leads to it from the top of the file."""

    def __init__(self, message: str, *where: str) -> None:
        super().__init__(message)
        self.where = where


def checked(table: dict[Any, Any], *where: str) -> dict[str, Any]:
    """The values in *table* by attribute, lists as tuples.

    :raises Wrong: a key is unknown or a value of the wrong kind.
    """
    inner = bool(where)
    keys = {name: key for name, key in BY_NAME.items() if key.inner or not inner}
    found: dict[str, Any] = {}
    for name, value in table.items():
        key = keys.get(name)
        if key is None:
            if inner and name in BY_NAME:
                raise Wrong(f"{name} cannot be set per path", *where, str(name))
            raise Wrong(f"{unknown('key', str(name), keys)} (keys: {', '.join(keys)})", *where, str(name))
        found[key.attribute] = _value(key, value, (*where, name))
    return found


def _value(key: Key, value: Any, where: tuple[str, ...]) -> Any:
    name = key.name
    if key.kind == "flag":
        if not isinstance(value, bool):
            raise Wrong(f"{name} takes true or false, not {value!r}", *where)
    elif key.kind in ("text", "choice"):
        if type(value) is int and str(value) in key.choices:
            return str(value)
        if not isinstance(value, str):
            raise Wrong(f"{name} takes a word, not {value!r}", *where)
        if key.choices and value not in key.choices:
            raise Wrong(f"{unknown(name, value, key.choices)} ({_plural(name)}: {', '.join(key.choices)})", *where)
    elif key.kind == "words":
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise Wrong(f"{name} takes a list of words, not {value!r}", *where)
        return tuple(value)
    elif key.kind == "map":
        return _map(key, value, where)
    else:
        if not isinstance(value, dict) or not all(isinstance(k, str) and isinstance(v, dict) for k, v in value.items()):
            raise Wrong(f"{name} takes a mapping such as {{{key.example}}}, not {value!r}", *where)
        if key.kind == "paths":
            return {pattern: checked(inner, name, pattern) for pattern, inner in value.items()}
        for word, options in value.items():
            try:
                fixing_of(options.get("fix", FIXING[0]))
            except SelectionError as error:
                raise Wrong(f"{name}: {word}: {error}", *where, word, "fix") from None
    return value


def _map(key: Key, value: Any, where: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(value, dict):
        raise Wrong(f"{key.name} takes a mapping such as {{{key.example}}}, not {value!r}", *where)
    for word, text in value.items():
        if not isinstance(word, str):
            raise Wrong(f"{key.name} takes a mapping such as {{{key.example}}}, not {value!r}", *where)
        if not isinstance(text, str):
            raise Wrong(f"{key.name}: {word} takes a text, not {text!r}; quote it", *where, word)
        if key.choices and text not in key.choices:
            kind = "severity" if key.name == "severity" else "type"
            choices = ", ".join(key.choices)
            raise Wrong(f"{key.name}: {unknown(kind, text, key.choices)} ({choices})", *where, word)
    return value


def _plural(name: str) -> str:
    return {"fail-level": "levels"}.get(name, name + "s")


def schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of a configuration file."""
    inner = {key.name: _schema(key) for key in KEYS if key.inner}
    properties = {key.name: _schema(key) for key in KEYS}
    properties["per-path"]["additionalProperties"] = {
        "type": "object", "properties": inner, "additionalProperties": False,
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://raw.githubusercontent.com/dlint-dev/dlint/main/linter/dlinter/dlint.schema.json",
        "title": "Configuration of dlint",
        "description": ".dlint.yaml, dlint.toml, or [tool.dlint] in pyproject.toml",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _schema(key: Key) -> dict[str, Any]:
    texts: dict[str, Any] = {"type": "string"}
    if key.choices:
        numbers = [int(choice) for choice in key.choices if choice.isdecimal()]
        texts = {"type": ["string", "integer"] if numbers else "string", "enum": [*key.choices, *numbers]}
    kinds: dict[str, dict[str, Any]] = {
        "flag": {"type": "boolean"},
        "text": texts,
        "choice": texts,
        "words": {"type": "array", "items": {"type": "string"}},
        "map": {"type": "object", "additionalProperties": texts},
        "options": {
            "type": "object",
            "additionalProperties": {"type": "object", "properties": {"fix": {"type": "string", "enum": list(FIXING)}}},
        },
        "paths": {"type": "object"},
    }
    found = {"description": key.help, **kinds[key.kind]}
    if key.default is not None and key.kind in ("flag", "choice"):
        found["default"] = key.default
    return found
