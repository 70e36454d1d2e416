"""What bake files build (https://docs.docker.com/build/bake/reference/): in JSON, or in HCL by python-hcl2."""

from __future__ import annotations

import json
import os
from itertools import product

from dlinter.project import Build, ProjectError, local
from dlinter.project.inline import opaque
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeAlias

    #: values by name; None for one that is not known
    Values: TypeAlias = dict[str, Any]

_VARIABLE = re.compile(r"\$(\$?)\{([^}]*)\}")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
#: combinations of a matrix that are looked at
_MATRIX = 64


def builds(path: str) -> list[Build]:
    """What the targets of the bake file at *path* build, in its order; those called ``_…`` are only inherited from.

    :raises ProjectError: it cannot be read.
    """
    table = _hcl(path) if path.lower().endswith(".hcl") else _json(path)
    variables = {name: _value(block.get("default"), {}) for name, block in table["variable"].items()}
    variables = {name: _value(block.get("default"), variables) for name, block in table["variable"].items()}
    found: list[Build] = []
    for name in table["target"]:
        if not name.startswith("_"):
            merged = _inherited(name, table["target"], ())
            found += [_build(path, name, merged, values) for values in _matrix(merged.get("matrix"), variables)]
    return found


def _build(path: str, name: str, target: Values, variables: Values) -> Build:
    def text(key: str, default: str | None = None) -> str | None:
        value = _value(target[key], variables) if target.get(key) is not None else default
        return value if isinstance(value, str) else None

    folder = os.path.dirname(os.path.abspath(path))
    where = text("context", ".")
    context = None if where is None else local(folder, where)
    inline = text("dockerfile-inline")
    file = text("dockerfile", "Dockerfile")
    dockerfile = None if context is None or file is None or target.get("dockerfile-inline") else local(context, file)
    fixed = {key: value for key, value in variables.items() if key in _mapping(target.get("matrix"))}
    args = {key: _text(_value(value, fixed)) for key, value in _mapping(target.get("args")).items()}
    platforms = _value(target.get("platforms") or [], variables)
    return Build(
        path, name, context, dockerfile, None if inline is None else opaque(inline, 0), text("target"), args,
        _mapping(target.get("contexts")), [each for each in platforms or () if isinstance(each, str)],
    )  # fmt: skip


def _inherited(name: str, targets: Mapping[str, Values], seen: tuple[str, ...]) -> Values:
    """The target *name* on top of those that it inherits from."""
    own = targets.get(name, {})
    found: Values = {}
    parents = _value(own.get("inherits") or [], {})
    for parent in parents if isinstance(parents, list) else []:
        if isinstance(parent, str) and parent not in seen:
            found = _merged(found, _inherited(parent, targets, (*seen, name)))
    return _merged(found, own)


def _merged(below: Values, above: Values) -> Values:
    maps = {key: {**_mapping(below.get(key)), **_mapping(above.get(key))} for key in ("args", "contexts")}
    return {**below, **above, **maps}


def _mapping(value: object) -> Values:
    return value if isinstance(value, dict) else {}


def _matrix(matrix: object, variables: Values) -> list[Values]:
    """The variables for each combination of a matrix."""
    axes = {name: _value(values, variables) for name, values in _mapping(matrix).items()}
    if not all(isinstance(values, list) for values in axes.values()):
        return [{**variables, **dict.fromkeys(axes)}]
    combined = [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
    return [{**variables, **values} for values in combined[:_MATRIX]]


class Expression:
    """Something to be worked out: ``text`` in the language of HCL."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def _value(value: object, variables: Values) -> Any:
    """*value* with its variables replaced; None for what cannot be worked out without running bake."""
    if isinstance(value, Expression):
        return variables.get(value.text) if _NAME.fullmatch(value.text) else None
    if isinstance(value, list):
        found = [_value(each, variables) for each in value]
        return None if any(each is None for each in found) else found
    if not isinstance(value, str):
        return value
    known = True

    def replaced(match: re.Match[str]) -> str:
        nonlocal known
        if match[1]:
            return match[0][1:]
        word = _text(variables.get(match[2].strip()))
        known = known and word is not None
        return word or ""

    text = _VARIABLE.sub(replaced, value)
    return text if known else None


def _text(value: object) -> str | None:
    """A value of an argument, as bake hands it on."""
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int | float) else None


def _json(path: str) -> dict[str, dict[str, Values]]:
    try:
        with open(path, encoding="utf-8-sig") as file:
            found = json.load(file)
    except OSError as error:
        raise ProjectError(f"{path}: {error.strerror or error}") from error
    except json.JSONDecodeError as error:
        raise ProjectError(f"{path}:{error.lineno}: is no JSON: {error.msg}; mend that line") from error
    except UnicodeDecodeError:
        raise ProjectError(f"{path}: is not UTF-8; convert it") from None
    table = _mapping(found)
    return {kind: {n: _mapping(b) for n, b in _mapping(table.get(kind)).items()} for kind in ("target", "variable")}


def _hcl(path: str) -> dict[str, dict[str, Values]]:
    try:
        import hcl2
        from lark.exceptions import UnexpectedInput
    except ImportError:
        raise ProjectError(f"{path}: needs python-hcl2 to be read; pip install 'dlinter[bake]'") from None
    try:
        with open(path, encoding="utf-8-sig") as file:
            found = hcl2.load(file)
    except OSError as error:
        raise ProjectError(f"{path}: {error.strerror or error}") from error
    except UnexpectedInput as error:
        raise ProjectError(f"{path}:{error.line}: is no HCL that can be read; mend that line") from error
    except (UnicodeDecodeError, ValueError) as error:
        raise ProjectError(f"{path}: is no HCL that can be read: {error}") from error
    table: dict[str, dict[str, Values]] = {"target": {}, "variable": {}}
    for kind, blocks in table.items():
        for each in found.get(kind, ()):
            for label, body in each.items():
                if isinstance(body, dict):
                    blocks[label.strip('"')] = {key: _plain(value) for key, value in body.items()}
    return table


def _plain(value: object) -> object:
    """What python-hcl2 gives, strings without their quotes and everything else that is no literal an expression."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key).strip('"'): _plain(each) for key, each in value.items()}
    if not isinstance(value, str):
        return value
    if value.startswith('"<<'):
        return value[1:-1].split("\n", 1)[1].rpartition("\n")[0] + "\n"
    if value.startswith('"'):
        try:
            return json.loads(value)
        except ValueError:
            return value[1:-1]
    if value == "null":
        return None
    return Expression(value[2:-1].strip() if value.startswith("${") else value)
