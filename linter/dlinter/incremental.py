"""What the rules said of the last version of a file, so that the next one is asked only where it may differ.

What a rule says of a node follows from the node's stage and those that it is built on, from what stands before the
first FROM, from the FROM of every stage, from who copies from whom, and from files of the build context: while all of
that is as it was, so are the findings, moved to where the stage stands now. Rules that ask more say ``whole_file``,
and are asked again about everything.
"""

from __future__ import annotations

from dlinter.cache import digest
from dlinter.engine import has_error
from dlinter.images import today
from dlinter.rule import Finding
from dlinter.tree import with_triggers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dlinter.engine import Due
    from dlinter.settings import FileSettings
    from dlinter.tree import Dockerfile, Stage

#: questions to the build context that are asked again at every change
_MOST_ASKED = 2000


class Earlier:
    """The answers of the rules for one file, stage by stage, of its last version."""

    __slots__ = ("_asked", "_due", "_header", "_parts", "_said", "_settings")

    def __init__(self) -> None:
        self._due: Due | None = None
        self._settings: FileSettings | None = None
        self._parts: tuple[Due, Due] | None = None
        self._header: object = None
        self._asked: dict[tuple[str, str], object] = {}
        self._said: dict[bytes, _Said] = {}

    def ask(self, due: Due, file: Dockerfile, found: list[Finding]) -> bool:
        """Add to *found* what *due* say of *file*. True if there is a script that a shell cannot read.

        :raises RuleFailure: a rule raised an exception.
        """
        whole, near = self._prepare(due, file)
        whole.ask(file, file.stages, file.instructions, found)
        near.ask(None, (), file.preamble, found)
        unreadable = any(has_error(each) for each in with_triggers(file.preamble))
        keys: list[bytes] = []
        said: dict[bytes, _Said] = {}
        for stage in file.stages:
            parent = file.facts.parent(stage)
            before, behind = _around(stage)
            text = file.text[before:behind]
            key = digest(str(stage.index), text, b"" if parent is None else keys[parent.index])
            keys.append(key)
            places = _Places(stage)
            known = self._said.get(key)
            answer = None if known is None else known.at(places)
            if answer is None:
                new: list[Finding] = []
                near.ask(None, (stage,), stage.instructions, new)
                answer = _Said(places, new, any(has_error(each) for each in with_triggers(stage.instructions)))
            found += answer.findings
            unreadable = unreadable or answer.unreadable
            if answer.lasting:
                said[key] = answer
        self._said = said
        self._asked = dict(file.settings.asked)
        return unreadable

    def _prepare(self, due: Due, file: Dockerfile) -> tuple[Due, Due]:
        """The tasks that want the whole file, and the others; what was said is forgotten where it does not hold."""
        if self._parts is None or self._due is not due:
            self._said = {}
            self._due = due
            self._parts = due.only(lambda task: task.info.whole_file), due.only(lambda task: not task.info.whole_file)
        files = file.settings.files
        if files is not None and len(files.asked) > _MOST_ASKED:
            files.asked.clear()
            self._said = {}
        header = _header(file)
        same = header == self._header and file.settings is self._settings
        if not same or (self._asked and (files is None or not files.unchanged(self._asked))):
            self._said = {}
        self._header, self._settings = header, file.settings
        return self._parts


def _header(file: Dockerfile) -> object:
    """What every stage's findings may follow from."""
    graph, context = file.facts.graph, file.facts.build_context
    first = file.stages[0].start if file.stages else len(file.text)
    needs = [
        (need.kind, need.name, stage.index, -1 if need.stage is None else need.stage.index)
        for stage in file.stages
        for need in graph.needs(stage)
    ]
    froms = [stage.base.text for stage in file.stages]
    return file.text[:first], froms, needs, context.files is None, context.certain, file.source.encoding, today()


def _around(stage: Stage) -> tuple[int, int]:
    """The range of *stage* with what stands between it and its neighbours."""
    stages, index = stage.file.stages, stage.index
    before = stages[index - 1].end if index else 0
    return before, stages[index + 1].start if index + 1 < len(stages) else len(stage.file.text)


class _Places:
    """Where a stage and those that it is built on stand: ranges, what begins where, and at which lines."""

    __slots__ = ("lines", "ranges", "starts")

    def __init__(self, stage: Stage) -> None:
        chain = list(stage.file.facts.chain(stage))
        self.ranges = [_around(each) for each in chain]
        self.starts = [each.start for each in chain]
        self.lines = [each.base.line for each in chain]

    def moves(self, other: _Places) -> Callable[[int], int] | None:
        """Where an offset is in *other*, which is of the same stages; None if everything is where it was."""
        shifts = [new - old for old, new in zip(self.starts, other.starts, strict=True)]
        if not any(shifts):
            return None

        def move(offset: int) -> int:
            for (before, behind), shift in zip(self.ranges, shifts, strict=True):
                if before <= offset <= behind:
                    return offset + shift
            raise ValueError(offset)

        return move

    def hold(self, offset: int) -> bool:
        return any(before <= offset <= behind for before, behind in self.ranges)


class _Said:
    """What the rules said of one stage. ``lasting`` is false if it cannot be moved with the stage."""

    __slots__ = ("_lines", "findings", "lasting", "places", "unreadable")

    def __init__(self, places: _Places, findings: list[Finding], unreadable: bool) -> None:
        self.places = places
        self.findings = findings
        self.unreadable = unreadable
        self._lines = any("line " in finding.message for finding in findings)
        self.lasting = all(places.hold(offset) for finding in findings for offset in _offsets(finding))

    def at(self, places: _Places) -> _Said | None:
        """The same where the stages are at *places* now; None if it names lines that are elsewhere."""
        if self._lines and self.places.lines != places.lines:
            return None
        move = self.places.moves(places)
        if move is None:
            return self
        return _Said(places, [_moved(finding, move) for finding in self.findings], self.unreadable)


def _offsets(finding: Finding) -> Iterator[int]:
    yield finding.start
    yield finding.end
    for edit in () if finding.fix is None else finding.fix.edits:
        yield edit.start
        yield edit.end


def _moved(finding: Finding, move: Callable[[int], int]) -> Finding:
    fix = None if finding.fix is None else finding.fix.moved(move)
    return Finding(finding.rule, move(finding.start), move(finding.end), finding.message, finding.severity, fix)
