"""Where a key stands in a configuration file, for messages: neither parser says so for what it parsed."""

from __future__ import annotations

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ruamel.yaml.nodes import Node


def line_of(path: str, text: str, where: Sequence[str]) -> int | None:
    """The 1-based line of the key that *where* leads to from the top, or of the nearest key above it."""
    if path.endswith((".yaml", ".yml")):
        return _yaml(text, where)
    return _toml(text, where, ("tool", "dlint") if path.endswith("pyproject.toml") else ())


def _yaml(text: str, where: Sequence[str]) -> int | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import MappingNode

    node: Node | None = YAML(typ="rt", pure=True).compose(text)
    line: int | None = None
    for word in where:
        if not isinstance(node, MappingNode):
            break
        pair = next(((key, value) for key, value in node.value if key.value == word), None)
        if pair is None:
            break
        line = pair[0].start_mark.line + 1
        node = pair[1]
    return line


_TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_WORD = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*(\.|=|$)""")


def _words(text: str) -> list[str]:
    """The parts of a dotted key, quotes removed, up to the equals sign."""
    found: list[str] = []
    at = 0
    while match := _WORD.match(text, at):
        found.append(match[1].strip("\"'"))
        at = match.end()
        if match[2] != ".":
            break
    return found


def _toml(text: str, where: Sequence[str], prefix: tuple[str, ...]) -> int | None:
    """The line of the longest key that begins *where*; keys inside inline tables count as their line."""
    wanted = [*prefix, *where]
    best: tuple[int, int] | None = None
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _TABLE.match(line)
        if match is not None:
            table = _words(match[1])
            key = table
        else:
            words = _words(line) if "=" in line else []
            key = [*table, *words] if words else []
        length = len(key)
        if key and key == wanted[:length] and length > len(prefix) and (best is None or length > best[0]):
            best = (length, number)
    return best[1] if best is not None else None
