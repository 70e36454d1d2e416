"""How deep the lines of a shell script stand, from its syntax.

A line goes one level deeper than the line on which what it continues begins. Where both are customary, a chain that
stands flush or deeper, arguments below the first line, patterns of ``case``, arguments of options, the author decides.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from dlinter_grammar.shell_nodes import (
    AndOr,
    Compound,
    Function,
    Pipeline,
    Script,
    ShellWord,
    Simple,
    Statement,
    children,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlinter_grammar.shell_nodes import ShellNode

#: a line is deeper than another from that many columns on
_DEEPER = 2


class ShellLine:
    """A line that begins with the token at ``start`` of the script, in ``column`` so far; ``depth`` is its level."""

    __slots__ = ("column", "depth", "path", "start")

    def __init__(self, start: int, column: int) -> None:
        self.start = start
        self.column = column
        self.depth = 0
        #: the nodes around the token, outermost first, and the child of the last one that begins with it
        self.path: tuple[list[ShellNode], ShellNode | None] = ([], None)


class Depths:
    """Gives the *lines* of a script their depths; *base* is that of its top level."""

    def __init__(self, text: str, root: Script, lines: Sequence[ShellLine], base: int) -> None:
        self.text = text
        self.root = root
        self.lines = lines
        self.base = base
        self._starts = [line.start for line in lines]
        self._children: dict[ShellNode, tuple[list[ShellNode], list[int]]] = {}
        self._chosen: dict[ShellNode, int] = {}
        self._levels: dict[ShellNode, list[int]] = {}
        for line in lines:
            line.path = self._path(line.start)
        self._chain = min((line.column for line in lines if self._is_chain(line)), default=None)
        for line in lines:
            line.depth = max(self._depth(line), 1)

    def _path(self, start: int) -> tuple[list[ShellNode], ShellNode | None]:
        node: ShellNode = self.root
        path = [node]
        while True:
            if node not in self._children:
                found = list(children(node))
                self._children[node] = found, [child.start for child in found]
            found, starts = self._children[node]
            index = bisect_right(starts, start) - 1
            if index < 0 or found[index].end <= start:
                return path, None
            child = found[index]
            if child.start == start:
                return path, child
            node = child
            path.append(node)

    def _line(self, start: int) -> ShellLine | None:
        """The line on which the token at *start* stands, None for the first one."""
        index = bisect_right(self._starts, start) - 1
        return self.lines[index] if index >= 0 else None

    def _opening(self, node: ShellNode) -> int:
        """The depth at which a construct stands; the first line counts as the top level."""
        line = self._line(node.start)
        return self.base if line is None else line.depth

    def _is_chain(self, line: ShellLine) -> bool:
        node = line.path[0][-1]
        if type(node) is Pipeline or type(node) is AndOr:
            return self._line(node.start) is None and not _nested(line.path[0])
        return node is self.root

    def _depth(self, line: ShellLine) -> int:
        path, child = line.path
        node = path[-1]
        if type(node) is Script:
            return self._in_script(path, line)
        if type(node) is Compound:
            return self._in_compound(node, child, line)
        if type(node) is AndOr:
            return self._in_chain(node, path, line)
        if type(node) is Pipeline:
            return self._below(node, path)
        if type(node) is Simple:
            return self._argument(node, path, line)
        if type(node) is Function or type(node) is Statement or child is None:
            return self._opening(node)
        return self._opening(node) + 1

    def _in_script(self, path: list[ShellNode], line: ShellLine) -> int:
        if path[-1] is self.root:
            return self.base
        around = path[-2]
        if type(around) is Compound and around.kind == "case":
            return self._clause(around, line)
        return self._opening(around) + 1

    def _in_compound(self, node: Compound, child: ShellNode | None, line: ShellLine) -> int:
        opening = self._opening(node)
        if node.kind == "case":
            if type(child) is ShellWord or self.text.startswith("(", line.start):
                return opening + self._choice(node, line)
            if child is not None or self.text.startswith(";", line.start):
                return self._clause(node, line)
        if child is None and not (node.kind == "test" and not self.text.startswith("]]", line.start)):
            return opening
        return opening + 1

    def _clause(self, node: Compound, line: ShellLine) -> int:
        """The depth of a body of ``case``: one more than that of its pattern."""
        count = bisect_left(node.words, line.start, key=_start)
        return self._opening(node.words[count - 1] if count > 1 else node) + 1

    def _choice(self, node: ShellNode, line: ShellLine) -> int:
        """1 if the author put *line*, the first of its kind in *node*, deeper than where *node* begins, else 0."""
        if node not in self._chosen:
            first = self._line(node.start)
            self._chosen[node] = int(first is None or line.column >= first.column + _DEEPER)
        return self._chosen[node]

    def _in_chain(self, node: AndOr, path: list[ShellNode], line: ShellLine) -> int:
        first = self._line(node.start)
        if first is None or node.start == self.root.statements[0].start:
            return self.base + (first is None and _nested(path))
        return first.depth + self._choice(node, line)

    def _below(self, node: ShellNode, path: list[ShellNode]) -> int:
        """One level deeper than the line on which *node* begins."""
        first = self._line(node.start)
        return self.base + _nested(path) if first is None else first.depth + 1

    def _argument(self, node: Simple, path: list[ShellNode], line: ShellLine) -> int:
        levels = self._levels.get(node)
        if levels is None:
            levels = self._levels[node] = [line.column]
            on_first = self._line(node.start) is None and not _nested(path)
            self._chosen[node] = int(on_first and self._chain is not None and line.column >= self._chain + _DEEPER)
        while len(levels) > 1 and line.column <= levels[-1] - _DEEPER:
            levels.pop()
        if line.column >= levels[-1] + _DEEPER and self._takes_arguments(node, line):
            levels.append(line.column)
        return self._below(node, path) + self._chosen[node] + len(levels) - 1

    def _takes_arguments(self, node: Simple, line: ShellLine) -> bool:
        """True if the line before *line* begins with an option, a bracket or the command: others have none below."""
        before = self._line(line.start - 1)
        if before is None:
            return False
        is_command = bool(node.words) and node.words[0].start == before.start
        return is_command or self.text.startswith(("-", "\\(", "$("), before.start)


def _nested(path: Sequence[ShellNode]) -> bool:
    """True inside of a construct with a body: those begin at the top level even on the first line."""
    return any(type(node) is Script for node in path[1:])


def _start(node: ShellNode) -> int:
    return node.start
