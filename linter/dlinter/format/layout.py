"""From a parsed file to the edits that lay it out, in groups that can be left out one by one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter

from dlinter.edits import Edit
from dlinter.format.between import after, between
from dlinter.format.gaps import Gap, offset
from dlinter.format.shell_layout import Depths, ShellLine
from dlinter.format.shell_tokens import shell_tokens
from dlinter.format.tokens import gaps, innermost, keywords, script_start
from dlinter_grammar.instructions import ARGUMENTS
from dlinter_grammar.shell import explicit_powershell
from dlinter_grammar.spaces import SPACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.format.shell_tokens import ShellTokens
    from dlinter.format.style import Style
    from dlinter.tree import Dockerfile
    from dlinter.tree import Instruction as Node
    from dlinter_grammar.nodes import Instruction

#: widths of indentation that are taken over from a file, the one that wins a tie first
_WIDTHS = ("    ", "\t", "  ")
_SH_LIKE = frozenset({"sh", "bash"})
_OFF = re.compile(r"#[ \t]*dlint[ \t]+format[ \t]*[:=][ \t]*off\b", re.I)


class Plan:
    """The layout of a file: ``edits`` by instruction, those of the lines before it included.

    What stands after the last instruction has the number of instructions as its key.
    """

    def __init__(self, file: Dockerfile, style: Style, newline: str) -> None:
        self.file = file
        self.style = style
        self.newline = newline
        self.text = file.text
        self.escape = file.escape
        self.edits: dict[int, list[Edit]] = {}
        self._gaps: dict[int, list[Gap]] = {}
        self._pairs: list[tuple[str, Gap, Gap]] = []
        self._scripts: list[tuple[list[Gap], ShellTokens, int, int]] = []
        self._trailing = re.compile(re.escape(self.escape) + r"([ \t]+)(?=\r?\n)")
        self._refused = {problem.line for problem in file.document.problems if problem.level == "instruction"}
        self._make()

    def _make(self) -> None:
        for node in self.file.instructions:
            if not self._is_left(node):
                self._read(node)
        self._move_operators()
        for found, tokens, start, base in self._scripts:
            _indent(found, tokens, start, base)
        indent = self.style.indent or self._customary()
        for index, found in self._gaps.items():
            syntax = self.file.instructions[index].syntax
            edits = self.edits.setdefault(index, [])
            for gap in found:
                edits.append(Edit(gap.start, gap.end, gap.layout(indent, self.escape, self.newline)))
            for word in keywords(syntax):
                if word.text.isascii() and self.text[word.start : word.end] == word.text:
                    edits.append(Edit(word.start, word.end, word.text.upper()))
            edits += self._line_ends(syntax, found)
        self._between()
        for index, edits in self.edits.items():
            self.edits[index] = [edit for edit in edits if self.text[edit.start : edit.end] != edit.text]

    def _is_left(self, node: Node) -> bool:
        """True if the instruction stays as it is: not understood, or under the pragma."""
        syntax = node.syntax
        if syntax.keyword not in ARGUMENTS or syntax.line in self._refused or innermost(syntax).form == "none":
            return True
        above = self.text[self._end(node.index - 1) : node.start]
        if "dlint" not in above and not syntax.comments:
            return False
        comments = [line.strip() for line in above.split("\n")] + [comment.text for comment in syntax.comments]
        return any(_OFF.match(comment) for comment in comments)

    def _end(self, index: int) -> int:
        """Where the instruction of that number ends, line end and here-documents included."""
        if index >= 0:
            return self.file.instructions[index].syntax.close
        at = int(self.file.document.bom)
        for directive in self.file.directives:
            at = self.text.find("\n", directive.end) + 1 or len(self.text)
        return at

    # -- one instruction ------------------------------------------------------------------------------------------

    def _read(self, node: Node) -> None:
        syntax = node.syntax
        found = gaps(syntax, self.text, self.escape)
        self._gaps[node.index] = found
        start = script_start(syntax)
        if start is None:
            return
        tokens = self._tokens(node, start)
        if tokens is None:
            return
        first = next((gap for gap in found if gap.token == start), None)
        inside: list[Gap] = []
        for begin, end, kind in tokens.gaps:
            before = tokens.gaps[len(inside) - 1][2] if inside else ""
            gap = self._shell_gap(syntax, start + begin, start + end, before, kind)
            inside.append(gap)
        self._pair(tokens, inside)
        found += inside
        lines = [*([first] if first is not None else []), *inside]
        self._scripts.append((lines, tokens, start, _base(syntax, found, start)))

    def _tokens(self, node: Node, start: int) -> ShellTokens | None:
        syntax = innermost(node.syntax)
        if explicit_powershell(syntax.args[0].text) or node.file.facts.dialect(node) not in _SH_LIKE:
            return None
        bodies = self.text[syntax.heredocs[0].start : syntax.heredocs[-1].close] if syntax.heredocs else ""
        return shell_tokens(syntax.map.text[start:].rstrip(SPACE), bodies)

    def _shell_gap(self, syntax: Instruction, start: int, end: int, before: str, kind: str) -> Gap:
        space = "" if kind == "SEMI" else " " if before == "SEMI" and kind != "RPAR" else None
        return Gap(self.text, syntax.map, start, end, space, self.escape)

    def _pair(self, tokens: ShellTokens, inside: list[Gap]) -> None:
        """Note the gaps on both sides of the operators of lists and pipelines."""
        for index in range(len(inside) - 1):
            kind = tokens.operators.get(tokens.gaps[index][1])
            if kind is not None:
                before, after = inside[index], inside[index + 1]
                before.space = after.space = " "
                if before.valid and after.valid:
                    self._pairs.append((kind, before, after))

    def _line_ends(self, syntax: Instruction, found: list[Gap]) -> list[Edit]:
        """Cut the blanks behind escape tokens inside of words, and those behind the instruction."""
        if not self.style.trim:
            return []
        edits = []
        ends = sorted((gap.end, gap.start) for gap in found)
        end = syntax.map.at(len(syntax.map.text.rstrip(SPACE)) - 1) + 1
        for match in self._trailing.finditer(self.text, syntax.start, end):
            index = bisect_right(ends, (match.start(), end))
            if index == len(ends) or ends[index][1] > match.start():
                edits.append(Edit(match.start(1), match.end(1), ""))
        after = syntax.heredocs[0].start if syntax.heredocs else syntax.close
        tail = self.text[end:after]
        blanks = tail.rstrip("\r\n")
        if blanks and not blanks.strip(" \t"):
            edits.append(Edit(end, end + len(blanks), ""))
        return edits

    # -- the file -------------------------------------------------------------------------------------------------

    def _move_operators(self) -> None:
        movable = [each for each in self._pairs if each[1].broken != each[2].broken]
        for kind in ("&&", "|"):
            pairs = [(left, right) for each, left, right in movable if each == kind]
            wanted = self.style.operators
            if wanted == "auto" and pairs:
                leading = sum(left.broken for left, _ in pairs) * 2 - len(pairs)
                wanted = "leading" if leading > 0 or (not leading and pairs[0][0].broken) else "trailing"
            for left, right in pairs:
                if wanted == ("trailing" if left.broken else "leading"):
                    left.swap(right)

    def _customary(self) -> str:
        """The indentation that the file uses most for one level; four blanks without any."""
        votes: Counter[str] = Counter()
        for found in self._gaps.values():
            for gap in found:
                if gap.valid and gap.broken and gap.depth == 1:
                    for unit in _WIDTHS:
                        votes[unit] += gap.indent == unit
        return max(_WIDTHS, key=lambda unit: votes[unit])

    def _between(self) -> None:
        """The lines between the instructions, and the blanks before each."""
        nodes = self.file.instructions
        for node in nodes:
            start = self._end(node.index - 1)
            region = self.text[start : node.start]
            if any(line.strip(SPACE)[:1] not in ("", "#") for line in region.split("\n")):
                continue
            before = nodes[node.index - 1].keyword if node.index else ""
            stage = node.keyword == "from" and before != "from" and node.stage is not None and node.stage.index > 0
            text = between(
                region, self.newline, first=not start - self.file.document.bom, stage=stage, trim=self.style.trim
            )
            end = node.start if node.index in self._gaps else start + len(region) - len(region.split("\n")[-1])
            self.edits.setdefault(node.index, []).append(Edit(start, end, text))
        start = self._end(len(nodes) - 1)
        text = after(self.text[start:], self.newline, self.style.trim)
        if self.style.final_newline and nodes and not self.text.endswith("\n"):
            text = text or self.newline
        elif not self.style.final_newline and not self.text.endswith("\n"):
            text = text.removesuffix(self.newline)
        self.edits.setdefault(len(nodes), []).append(Edit(start, len(self.text), text))


def _base(syntax: Instruction, found: list[Gap], start: int) -> int:
    """The depth of the script's top level: one more than that of the line with the keyword it belongs to."""
    kind = innermost(syntax).kind
    if kind is None:
        return 1
    at = offset(syntax.map, kind.start)
    return 2 if any(gap.broken and gap.token == at for gap in found) else 1


def _indent(found: list[Gap], tokens: ShellTokens, start: int, base: int) -> None:
    broken = [gap for gap in found if gap.valid and gap.broken]
    lines = [ShellLine(gap.token - start, gap.column) for gap in broken]
    if lines:
        Depths(tokens.text, tokens.root, lines, base)
        for gap, line in zip(broken, lines, strict=True):
            gap.depth = line.depth
