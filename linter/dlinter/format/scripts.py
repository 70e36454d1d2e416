"""The layout of the script that an instruction hands to a shell."""

from __future__ import annotations

import re

from dlinter.format.gaps import Gap, offset
from dlinter.format.shell_layout import Depths, ShellLine
from dlinter.format.shell_tokens import shell_tokens
from dlinter.format.tokens import innermost
from dlinter_grammar.shell import explicit_powershell
from dlinter_grammar.spaces import SPACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.format.shell_tokens import ShellTokens
    from dlinter.tree import Instruction as Node

_OPERATORS = frozenset({"&&", "||", "|", "|&"})
_WINDOWS = re.compile(r"windows|nanoserver", re.I)


def script_start(node: Node) -> int | None:
    """Where the shell form of *node* begins in its logical line, None if it has none."""
    inner = innermost(node.syntax)
    if inner.form != "shell" or not inner.args or inner.keyword == "shell":
        return None
    start = offset(inner.map, inner.args[0].start)
    return start if inner.map.text.startswith(inner.args[0].text, start) else None


def script_tokens(node: Node, start: int) -> ShellTokens | None:
    """The tokens of the script that begins at *start*.

    None if no POSIX shell or bash reads it for sure; ONBUILD's runs in an image that is not known yet.
    """
    syntax = node.syntax
    line = syntax.map.text[start:].rstrip(SPACE)
    if syntax.inner is not None or not _reads(node, line):
        return None
    heredocs = syntax.heredocs
    return shell_tokens(line, node.file.text[heredocs[0].start : heredocs[-1].close] if heredocs else "")


def _reads(node: Node, line: str) -> bool:
    facts = node.file.facts
    if node.stage is not None and facts.has_shell(node):
        from dlinter.proof.body import Body

        return Body(facts.shell(node), line, ()).readable
    if explicit_powershell(line) or facts.dialect(node) not in ("sh", "bash"):
        return False
    # an image of Windows has another shell than the default one
    return node.file.escape == "\\" and not any(_WINDOWS.search(stage.base.text) for stage in node.file.stages)


class ScriptLayout:
    """The gaps of a script. *first* is the gap before it.

    ``operators`` are those of lists (``"&&"``) and pipelines (``"|"``), each with the gaps on both sides.
    """

    __slots__ = ("_first", "_start", "_tokens", "gaps", "operators")

    def __init__(self, node: Node, start: int, tokens: ShellTokens, first: Gap | None) -> None:
        self._tokens = tokens
        self._start = start
        self._first = first
        self.gaps: list[Gap] = []
        self.operators: list[tuple[str, Gap, Gap]] = []
        before = ""
        for begin, end, kind in tokens.gaps:
            space = "" if kind == "SEMI" else " " if before == "SEMI" and kind != "RPAR" else None
            gap = Gap(node.file.text, node.syntax.map, start + begin, start + end, space, node.file.escape)
            self.gaps.append(gap)
            before = kind
        self._pair()

    def _pair(self) -> None:
        tokens = self._tokens
        for index in range(len(self.gaps) - 1):
            at, end = tokens.gaps[index][1], tokens.gaps[index + 1][0]
            kind = tokens.operators.get(at)
            if kind is not None and tokens.text[at:end] in _OPERATORS:
                before, after = self.gaps[index : index + 2]
                before.space = after.space = " "
                if before.valid and after.valid and before.broken != after.broken:
                    self.operators.append((kind, before, after))

    def indent(self, base: int) -> None:
        """Give the lines their depths; *base* is that of the script's top level."""
        gaps = self.gaps if self._first is None else [self._first, *self.gaps]
        broken = [gap for gap in gaps if gap.valid and gap.broken]
        if broken:
            lines = [ShellLine(gap.token - self._start, gap.column) for gap in broken]
            Depths(self._tokens.text, self._tokens.root, lines, base)
            for gap, line in zip(broken, lines, strict=True):
                gap.depth = line.depth
