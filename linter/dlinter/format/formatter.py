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
    from collections.abc import Collection, Iterable

#: how often instructions are taken back before the whole file is
_ATTEMPTS = 4
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

    def result(self) -> Formatted:
        refused: dict[int, str] = {}
        reason = ""
        for _ in range(_ATTEMPTS):
            text = self._apply([index for index in self.plan.edits if index not in refused])
            if text == self.before.text:
                return self._done(self.before.source, refused)
            after = self._file(text)
            culprits, reason = self._culprits(after)
            if not reason:
                return self._done(after.source, refused)
            if not culprits:
                culprits = self._alone(refused)
            if refused.keys() >= culprits.keys():
                break
            refused |= culprits
        return Formatted(self.before.source, [Defect(0, reason)])

    def _done(self, source: Source, refused: dict[int, str]) -> Formatted:
        nodes = self.before.instructions
        lines = [(nodes[index].line if index < len(nodes) else 0, reason) for index, reason in refused.items()]
        return Formatted(source, [Defect(line, reason) for line, reason in sorted(lines)])

    def _apply(self, indices: Iterable[int]) -> str:
        edits = [edit for index in indices if self._touched(index) for edit in self.plan.edits[index]]
        return splice(self.subject.text, edits)

    def _file(self, text: str) -> Dockerfile:
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

    def _culprits(self, after: Dockerfile) -> tuple[dict[int, str], str]:
        """The instructions that are not the same any more, and what differs; none where it is none of them."""
        different = differing(self.before, after)
        if different is None:
            return {}, "the file would be read in another way"
        if different:
            reason = "its words or comments would change"
            return dict.fromkeys(different, reason), reason
        found = changed_build(self.before, after)
        numbers = {node.line: node.index for node in self.before.instructions}
        culprits = {numbers[line]: reason for line, reason in found if line in numbers}
        return culprits, found[0][1] if found else ""

    def _alone(self, refused: Collection[int]) -> dict[int, str]:
        """The instructions that change more than layout even if nothing else is touched."""
        found = {}
        for index, edits in self.plan.edits.items():
            if edits and index not in refused:
                reason = self._culprits(self._file(self._apply([index])))[1]
                if reason:
                    found[index] = reason
        return found
