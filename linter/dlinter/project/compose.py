"""What compose files build (https://github.com/compose-spec/compose-spec/blob/main/build.md).

They are composed, not constructed: nodes know their places, and tags of programs' own do no harm.
"""

from __future__ import annotations

import os

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dlinter.project import NAMES, Build, ProjectError, local
from dlinter.project.inline import VARIABLE, Inline, block, opaque, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from dlinter_grammar import regex as re

    #: the keys of a mapping, merged ones and those of extended services included
    Table: TypeAlias = dict[str, Node]

#: services that extend services that extend services …
_DEPTH = 10


def builds(path: str) -> list[Build]:
    """What the compose file at *path* builds, in its order.

    A file such as ``compose.override.yaml`` is read on top of the one that it goes with.

    :raises ProjectError: it cannot be read.
    """
    return _File(path).builds()


def inlines(text: str, path: str) -> list[tuple[Build, Inline]]:
    """The Dockerfiles in the compose file *text*, each once, with the first build that has it.

    :raises ProjectError: it is no YAML.
    """
    found = {
        build.inline.start: (build, build.inline) for build in reversed(_File(path, text).builds()) if build.inline
    }
    return [found[start] for start in sorted(found)]


class _File:
    __slots__ = ("folder", "path", "services", "text")

    def __init__(self, path: str, text: str | None = None) -> None:
        self.path = path
        self.folder = os.path.dirname(os.path.abspath(path))
        self.text = _read(path) if text is None else text
        root = _root(self.text, path)
        services = _table(root).get("services")
        self.services = {name: _table(node) for name, node in _table(services).items()} if services else {}

    def builds(self) -> list[Build]:
        base = self._base()
        found: list[Build] = []
        for name, service in self.services.items():
            below = base.services.get(name, {}) if base is not None else {}
            build = self._build_table(service, _build_of(below) if below else {}, 0)
            if build is not None and "build" in service | self._extended(service, 0):
                found.append(self._build(name, service, build))
        return found

    def _base(self) -> _File | None:
        """The file that this one is put on top of."""
        if os.path.basename(self.path) in NAMES:
            return None
        for name in NAMES:
            path = os.path.join(self.folder, name)
            if name.endswith(("yaml", "yml")) and os.path.isfile(path):
                try:
                    return _File(path)
                except ProjectError:
                    return None
        return None

    def _extended(self, service: Table, depth: int) -> Table:
        """The service that *service* extends, with what that one extends."""
        extends = service.get("extends")
        if extends is None or depth > _DEPTH:
            return {}
        table = _table(extends)
        name = _text(table.get("service")) if table else _text(extends)
        file = _text(table.get("file"))
        source: _File = self
        if file:
            try:
                source = _File(os.path.join(self.folder, file))
            except ProjectError:
                return {}
            if source.folder != self.folder:
                return {}
        found = source.services.get(name or "", {})
        return source._extended(found, depth + 1) | found

    def _build_table(self, service: Table, below: Table, depth: int) -> Table | None:
        extended = self._extended(service, depth)
        table = below | _build_of(extended) | _build_of(service)
        return table or None

    def _build(self, name: str, service: Table, table: Table) -> Build:
        context = local(self.folder, _path(table.get("context")) or ".")
        inline = table.get("dockerfile_inline")
        found = None
        if isinstance(inline, ScalarNode) and "build" in service and inline in _build_of(service).values():
            found = self._inline(inline)
        dockerfile = None
        if context is not None and inline is None:
            dockerfile = local(context, _path(table.get("dockerfile")) or "Dockerfile")
        platforms = [_path(node) or "" for node in _list(table.get("platforms"))] or [
            _path(service.get("platform")) or ""
        ]
        contexts = _pairs(table.get("additional_contexts"))
        build = Build(
            self.path, name, context, dockerfile, found, _path(table.get("target")), _pairs(table.get("args")),
            contexts, [platform for platform in platforms if platform],
        )  # fmt: skip
        own = _build_of(service)
        target = _text(own.get("target"))
        if target and "$" not in target:
            build.places["target"] = _span(own["target"])
        for key, node in _keys(own.get("args")):
            build.places[f"args.{key}"] = _span(node)
        if not {"command", "entrypoint", "network_mode"} & set(service):
            said = " ".join(value or "" for value in _pairs(service.get("environment")).values())
            ports = [(port, *_span(node)) for node in _list(service.get("ports")) for port in _ports(node)]
            build.published = [port for port in ports if str(port[0]) not in said]
        return build

    def _inline(self, node: ScalarNode) -> Inline:
        start, end = node.start_mark.index, node.end_mark.index
        if node.style == "|":
            return block(self.text, start, end, node.value)
        if node.style in ("'", '"'):
            return quoted(self.text, start, end, node.value)
        return opaque(node.value, start)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except UnicodeDecodeError:
        raise ProjectError(f"{path}: is not UTF-8; convert it") from None
    except OSError as error:
        raise ProjectError(f"{path}: {error.strerror or error}") from error


def _root(text: str, path: str) -> Node | None:
    try:
        found: Node | None = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise ProjectError(f"{path}:{line}: is no YAML: {error.problem or error.context}; mend that line") from error
    except YAMLError as error:
        raise ProjectError(f"{path}: is no YAML: {str(error).splitlines()[0]}") from error
    return found


def _table(node: Node | None) -> Table:
    """The keys of a mapping; those that ``<<`` brings come first, so that its own count."""
    if not isinstance(node, MappingNode):
        return {}
    found: Table = {}
    for key, value in node.value:
        if isinstance(key, ScalarNode) and key.value == "<<":
            for merged in reversed(value.value if isinstance(value, SequenceNode) else [value]):
                found |= _table(merged)
    found |= {key.value: value for key, value in node.value if isinstance(key, ScalarNode) and key.value != "<<"}
    return found


def _build_of(service: Table) -> Table:
    """What ``build:`` of *service* says; a lone word is the context."""
    node = service.get("build")
    return {"context": node} if isinstance(node, ScalarNode) else _table(node)


def _list(node: Node | None) -> list[Node]:
    return node.value if isinstance(node, SequenceNode) else []


def _text(node: Node | None) -> str | None:
    """The text of a scalar, None for null."""
    if not isinstance(node, ScalarNode) or str(node.ctag) == "tag:yaml.org,2002:null":
        return None
    return str(node.value)


def _path(node: Node | None) -> str | None:
    """The text of a scalar with the defaults of its variables; None where there is none."""
    text = _text(node)
    return None if text is None else interpolated(text)[0]


def _pairs(node: Node | None) -> dict[str, str | None]:
    """A mapping, or a list of ``KEY=VALUE``; None for a value that the environment gives."""
    found: dict[str, str | None] = {}
    for item in _list(node):
        key, equals, value = (_text(item) or "").partition("=")
        found[key] = _certain(value) if equals else None
    for key, each in _table(node).items():
        text = _number(each) if isinstance(each, ScalarNode) else None
        found[key] = None if text is None else _certain(text)
    return found


def _keys(node: Node | None) -> list[tuple[str, Node]]:
    """The names of a mapping, or of a list of ``KEY=VALUE``, with the nodes that hold them."""
    found = [((_text(item) or "").partition("=")[0], item) for item in _list(node)]
    if isinstance(node, MappingNode):
        found += [(key.value, key) for key, _ in node.value if isinstance(key, ScalarNode) and key.value != "<<"]
    return [(key, item) for key, item in found if key and "$" not in key]


def _ports(node: Node) -> list[int]:
    """The container's port of ``"8080:80"``, of ``80/tcp`` and of the long form."""
    table = _table(node)
    text = _text(table.get("target")) if table else _text(node)
    if (_text(table.get("protocol")) or "tcp") != "tcp":
        return []
    port, _, protocol = (text or "").rpartition(":")[2].partition("/")
    return [int(port)] if port.isdecimal() and protocol in ("", "tcp") else []


def _span(node: Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _number(node: ScalarNode) -> str | None:
    """The text of a scalar; numbers and truth values as Go prints them."""
    text, tag = _text(node), str(node.ctag).rpartition(":")[2]
    if text is None or tag not in ("int", "float", "bool"):
        return text
    if tag == "bool":
        return text.lower()
    try:
        value = float(text) if tag == "float" else int(text.replace("_", ""), 0)
    except ValueError:
        return text
    return str(int(value)) if value == int(value) else str(value)


def _certain(text: str) -> str | None:
    value, certain = interpolated(text)
    return value if certain else None


def interpolated(text: str) -> tuple[str | None, bool]:
    """*text* with its variables replaced by their defaults, None if one has none; and whether there were none."""
    certain = known = True

    def replaced(match: re.Match[str]) -> str:
        nonlocal certain, known
        if match[1]:
            return "$"
        certain = False
        known = known and match["how"] == "-"
        return match["word"] or ""

    value = VARIABLE.sub(replaced, text)
    return (value if known else None), certain
