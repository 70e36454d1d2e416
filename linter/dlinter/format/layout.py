"""From a parsed file to the edits that lay it out, in groups that can be left out one by one."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter

from dlinter.edits import Edit
from dlinter.format.between import after, between, is_between
from dlinter.format.gaps import offset
from dlinter.format.scripts import ScriptLayout, script_start, script_tokens
from dlinter.format.tokens import gaps, innermost, keywords
from dlinter_grammar.instructions import ARGUMENTS
from dlinter_grammar.spaces import SPACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.format.gaps import Gap
    from dlinter.format.style import Style
    from dlinter.tree import Dockerfile
    from dlinter.tree import Instruction as Node
    from dlinter_grammar.nodes import Instruction

#: one level of indentation that is taken over from a file, the one that wins a tie first
_UNITS = ("    ", "\t", "  ")
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
        self._scripts: dict[int, ScriptLayout] = {}
        self._refused = sorted(problem.start for problem in file.document.problems if problem.level == "instruction")
        self._trailing = re.compile(re.escape(file.escape) + r"([ \t]+)(?=\r?\n)")
        self._read()
        self._move_operators()
        self._indent()
        self._between()
        for index, edits in self.edits.items():
            self.edits[index] = [edit for edit in edits if self.text[edit.start : edit.end] != edit.text]

    # -- the tokens -----------------------------------------------------------------------------------------------

    def _read(self) -> None:
        for node in self.file.instructions:
            if self._is_left(node):
                continue
            self._gaps[node.index] = found = gaps(node.syntax, self.text, self.escape)
            start = script_start(node)
            tokens = None if start is None else script_tokens(node, start)
            if start is not None and tokens is not None:
                first = next((gap for gap in found if gap.token == start), None)
                script = self._scripts[node.index] = ScriptLayout(node, start, tokens, first)
                found += script.gaps

    def _is_left(self, node: Node) -> bool:
        """True if the instruction stays as it is: not understood, or under the pragma."""
        syntax = node.syntax
        if syntax.keyword not in ARGUMENTS or innermost(syntax).form == "none":
            return True
        if bisect_left(self._refused, syntax.start) < bisect_left(self._refused, syntax.close):
            return True
        if node.stage is None and syntax.keyword != "arg":
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

    # -- the choices ----------------------------------------------------------------------------------------------

    def _move_operators(self) -> None:
        for kind in ("&&", "|"):
            found = [each[1:] for script in self._scripts.values() for each in script.operators if each[0] == kind]
            wanted = self.style.operators
            if wanted == "auto" and found:
                leading = sum(left.broken for left, _ in found) * 2 - len(found)
                wanted = "leading" if leading > 0 or (not leading and found[0][0].broken) else "trailing"
            for left, right in found:
                if wanted == ("trailing" if left.broken else "leading"):
                    left.swap(right)

    def _unit(self) -> str:
        """The indentation that the file uses most for one level; four blanks without any."""
        votes: Counter[str] = Counter()
        for found in self._gaps.values():
            votes.update(gap.indent for gap in found if gap.valid and gap.broken and gap.depth == 1)
        return max(_UNITS, key=lambda unit: votes[unit])

    # -- the edits ------------------------------------------------------------------------------------------------

    def _indent(self) -> None:
        for index, script in self._scripts.items():
            script.indent(_base(self.file.instructions[index].syntax, self._gaps[index]))
        unit = self.style.indent or self._unit()
        for index, found in self._gaps.items():
            syntax = self.file.instructions[index].syntax
            edits = [Edit(gap.start, gap.end, gap.layout(unit, self.escape, self.newline)) for gap in found]
            words = [w for w in keywords(syntax) if w.text.isascii() and self.text[w.start : w.end] == w.text]
            edits += [Edit(word.start, word.end, word.text.upper()) for word in words]
            self.edits[index] = edits + (self._line_ends(syntax, found) if self.style.trim else [])

    def _line_ends(self, syntax: Instruction, found: list[Gap]) -> list[Edit]:
        """Cut the blanks behind escape tokens inside of words, and those behind the instruction."""
        edits = []
        ends = sorted((gap.end, gap.start) for gap in found)
        end = syntax.map.at(len(syntax.map.text.rstrip(SPACE)) - 1) + 1
        for match in self._trailing.finditer(self.text, syntax.start, end):
            index = bisect_right(ends, (match.start(), end))
            if index == len(ends) or ends[index][1] > match.start():
                edits.append(Edit(match.start(1), match.end(1), ""))
        blanks = self.text[end : syntax.heredocs[0].start if syntax.heredocs else syntax.close].rstrip("\r\n")
        if blanks and not blanks.strip(" \t"):
            edits.append(Edit(end, end + len(blanks), ""))
        return edits

    def _between(self) -> None:
        """The lines between the instructions, and the blanks before each."""
        nodes = self.file.instructions
        for node in nodes:
            start = self._end(node.index - 1)
            region = self.text[start : node.start]
            if not is_between(region):
                continue
            stage = node.stage is not None and node.stage.index > 0 and node is node.stage.base
            text = between(
                region, self.newline,
                first=start == self.file.document.bom,
                stage=stage and nodes[node.index - 1].keyword != "from",
                trim=self.style.trim,
            )  # fmt: skip
            end = node.start if node.index in self._gaps else start + region.rfind("\n") + 1
            self.edits.setdefault(node.index, []).append(Edit(start, end, text))
        self._after(self._end(len(nodes) - 1))

    def _after(self, start: int) -> None:
        text = after(self.text[start:], self.newline, self.style.trim)
        if self.style.final_newline and start and self.text[start - 1] != "\n":
            text = text or self.newline
        elif not self.style.final_newline and not self.text.endswith("\n"):
            text = text.removesuffix(self.newline)
        self.edits.setdefault(len(self.file.instructions), []).append(Edit(start, len(self.text), text))


def _base(syntax: Instruction, found: list[Gap]) -> int:
    """The depth of the script's top level: one more than that of the line with the keyword it belongs to."""
    kind = innermost(syntax).kind
    if kind is None:
        return 1
    at = offset(syntax.map, kind.start)
    return 2 if any(gap.broken and gap.token == at for gap in found) else 1
