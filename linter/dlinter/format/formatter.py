"""Formats a source, and hands out only what was shown to be the same file but for its layout."""

from __future__ import annotations

from dlinter.edits import splice
from dlinter.format.guard import changed_build, differing
from dlinter.format.layout import Plan
from dlinter.format.lines import line_end, with_line_ends
from dlinter.format.style import DEFAULT, Style
from dlinter.source import Source
from dlinter.tree import Dockerfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

#: problems besides those of BuildKit's parser with which a file cannot be read
_UNREADABLE = frozenset({"unknown-instruction"})


class FormatError(Exception):
    """A file that is no Dockerfile; the text says at which line and why."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.reason = message


class Defect:
    """A mistake of the formatter: what it would have changed besides the layout, so that it left it as it was.

    ``line`` is that of the instruction, 0 where it is the whole file.
    """

    __slots__ = ("line", "reason")

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason

    def __repr__(self) -> str:
        return f"Defect({self.line}, {self.reason!r})"


class Formatted:
    """``source`` is the result, the very source that was given where nothing changed."""

    __slots__ = ("defects", "source")

    def __init__(self, source: Source, defects: list[Defect]) -> None:
        self.source = source
        self.defects = defects


def formatted(source: Source, style: Style = DEFAULT, part: tuple[int, int] | None = None) -> Formatted:
    """*source* laid out as *style* says; of *part* (start and end) only those instructions that it touches.

    :raises FormatError: BuildKit could not parse it.
    """
    file = Dockerfile(source)
    _readable(file)
    newline = style.newline or line_end(source.text)
    subject = file
    if part is None:
        text = with_line_ends(file, newline)
        if text != source.text:
            subject = Dockerfile(Source(text, source.path, source.encoding))
    plan = Plan(subject, style, newline)
    return _Attempt(file, subject, plan, part).result()


def _readable(file: Dockerfile) -> None:
    for problem in file.document.problems:
        if problem.name != "no-instructions" and (problem.level == "parser" or problem.name in _UNREADABLE):
            raise FormatError(problem.line, problem.message)


class _Attempt:
    """Applies a plan, and takes back what changes more than layout: single instructions, else everything."""

    def __init__(self, before: Dockerfile, subject: Dockerfile, plan: Plan, part: tuple[int, int] | None) -> None:
        self.before = before
        self.subject = subject
        self.plan = plan
        self.part = part
        self.defects: list[Defect] = []

    def result(self) -> Formatted:
        refused: set[int] = set()
        for _ in range(3):
            after = self._apply(refused)
            if after.text == self.before.text:
                return Formatted(self.before.source, self.defects)
            culprits = self._culprits(after)
            if not culprits:
                return Formatted(after.source, self.defects)
            if None in culprits or refused.issuperset(culprits):
                break
            for index, reason in culprits.items():
                if index is not None and index not in refused:
                    refused.add(index)
                    self.defects.append(Defect(self.before.instructions[index].line, reason))
        self.defects.append(Defect(0, next(iter(culprits.values()))))
        return Formatted(self.before.source, self.defects)

    def _apply(self, refused: Collection[int]) -> Dockerfile:
        groups = [edits for index, edits in self.plan.edits.items() if index not in refused and self._touched(index)]
        text = splice(self.subject.text, [edit for edits in groups for edit in edits])
        source = self.before.source
        return Dockerfile(Source(text, source.path, source.encoding))

    def _touched(self, index: int) -> bool:
        if self.part is None:
            return True
        start, end = self.part
        nodes = self.subject.instructions
        begin = nodes[index - 1].syntax.close if index else 0
        close = nodes[index].syntax.close if index < len(nodes) else len(self.subject.text) + 1
        return begin <= end and start < close

    def _culprits(self, after: Dockerfile) -> dict[int | None, str]:
        """The instructions that are not the same any more, each with what differs; None where it is none of them."""
        different = differing(self.before, after)
        if different is None:
            return {None: "the file would be read in another way"}
        if different:
            return dict.fromkeys(different, "its words or comments would change")
        lines = {node.line: node.index for node in self.before.instructions}
        return {lines.get(line): reason for line, reason in changed_build(self.before, after)}
