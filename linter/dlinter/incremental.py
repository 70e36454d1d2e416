"""What the rules said of the last version of a file, so that the next one is asked only where it may differ.

What a rule says of a node follows from the stages that it ``reads`` (see :func:`dlinter.rule.rule`), from what stands
before the first FROM, from the FROM of every stage, from who copies from whom, and from files of the build context:
while all of that is as it was, so are the findings, moved to where the stage stands now. Rules that read the file are
asked again about everything.
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
        self._parts: dict[str, Due] = {}
        self._header: object = None
        self._asked: dict[tuple[str, str], object] = {}
        self._said: dict[bytes, _Said] = {}

    def ask(self, due: Due, file: Dockerfile, found: list[Finding]) -> bool:
        """Add to *found* what *due* say of *file*. True if there is a script that a shell cannot read.

        :raises RuleFailure: a rule raised an exception.
        """
        self._prepare(due, file)
        self._parts["file"].ask(file, file.stages, file.instructions, found)
        for part in ("stage", "family"):
            self._parts[part].ask(None, (), file.preamble, found)
        said: dict[bytes, _Said] = {}
        for part, stage, members, key in _questions(file):
            places = _Places(members)
            known = self._said.get(key)
            answer = None if known is None else known.at(places)
            if answer is None:
                new: list[Finding] = []
                self._parts[part].ask(None, (stage,), stage.instructions, new)
                answer = _Said(places, new, any(has_error(each) for each in with_triggers(stage.instructions)))
            said[key] = answer
            found += answer.findings
        unreadable = any(answer.unreadable for answer in said.values())
        self._said = {key: answer for key, answer in said.items() if answer.lasting}
        self._asked = dict(file.settings.asked)
        return unreadable or any(has_error(each) for each in with_triggers(file.preamble))

    def _prepare(self, due: Due, file: Dockerfile) -> None:
        """Forget what was said where it does not hold for *file*."""
        if self._due is not due:
            self._said = {}
            self._due = due
            for part in ("file", "family", "stage"):
                self._parts[part] = due.only(lambda task, part=part: task.info.reads == part)  # type: ignore[misc]
        files = file.settings.files
        if files is not None and len(files.asked) > _MOST_ASKED:
            files.asked.clear()
            self._said = {}
        header = _header(file)
        same = header == self._header and file.settings is self._settings
        if not same or (self._asked and (files is None or not files.unchanged(self._asked))):
            self._said = {}
        self._header, self._settings = header, file.settings


def _questions(file: Dockerfile) -> Iterator[tuple[str, Stage, list[Stage], bytes]]:
    """What is asked of each stage: which rules, the stages that they read, and a name for all that these contain."""
    facts = file.facts
    own = [digest(str(stage.index), file.text[slice(*_around(stage))]) for stage in file.stages]
    chains: list[bytes] = []
    families: dict[int, tuple[list[Stage], bytes]] = {}
    for stage in file.stages:
        parent = facts.parent(stage)
        chains.append(digest(own[stage.index], b"" if parent is None else chains[parent.index]))
        yield "stage", stage, list(facts.chain(stage)), chains[-1]
        root = facts.graph.root(stage)
        if root.index not in families:
            members = [root, *facts.descendants(root)]
            families[root.index] = members, digest(*(own[each.index] for each in members))
        members, key = families[root.index]
        yield "family", stage, members, digest(str(stage.index), key)


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
    """Where stages stand: ranges, what begins where, and at which lines."""

    __slots__ = ("lines", "ranges", "starts")

    def __init__(self, stages: list[Stage]) -> None:
        self.ranges = [_around(each) for each in stages]
        self.starts = [each.start for each in stages]
        self.lines = [each.base.line for each in stages]

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
