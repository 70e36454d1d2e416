"""The fix loop: lint, apply what fits together, check the result, again until nothing changes."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter

from dlinter.declared import changed_build
from dlinter.edits import Edit, Fix, Safety, moved, splice
from dlinter.scope import EVERYTHING, Scope
from dlinter.settings import DEFAULTS, FileSettings
from dlinter.source import Source
from dlinter.tree import Dockerfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.engine import Dispatcher
    from dlinter.rule import Finding

#: rounds after which a file that still changes is left as it was
ROUNDS = 10


class Refusal:
    """A fix that was not applied because the file would not have been right after it: a defect of its rule."""

    __slots__ = ("code", "line", "name", "reason")

    def __init__(self, code: str, name: str, line: int, reason: str) -> None:
        self.code = code
        self.name = name
        self.line = line
        self.reason = reason

    def __repr__(self) -> str:
        return f"Refusal({self.code}, line {self.line}, {self.reason!r})"


class Result:
    """What :func:`fix` made: the ``source`` after it and its ``scope``, the findings that ``remain``, ``applied`` and
    ``refused``. ``settings`` tell of other files that the fixes want changed.
    """

    __slots__ = ("applied", "refused", "remaining", "scope", "settings", "source")

    def __init__(
        self, file: Dockerfile, remaining: list[Finding], applied: list[Finding], refused: list[Refusal], scope: Scope
    ) -> None:
        self.source = file.source
        self.settings = file.settings
        self.remaining = remaining
        self.applied = applied
        self.refused = refused
        self.scope = scope


def fix(
    source: Source,
    dispatcher: Dispatcher,
    safety: Safety = Safety.SAFE,
    only: frozenset[str] | None = None,
    settings: FileSettings = DEFAULTS,
    scope: Scope = EVERYTHING,
) -> Result:
    """Apply every fix that needs no more than *safety* until none is left; *only* limits them to these codes.

    Findings out of *scope* are not mended; they are among those that remain.

    A result that does not settle within :data:`ROUNDS` rounds is thrown away: the original comes back, with a
    refusal that says so.
    """
    applied: list[Finding] = []
    #: what was refused of the file as it stands: another round may make a fix right
    blocked: dict[tuple[str, Fix], Refusal] = {}
    file = Dockerfile(source, settings=settings)
    seen = {_state(file)}
    first = findings = dispatcher.findings(file)
    begin = scope

    def wanted() -> list[Finding]:
        return [
            f
            for f in scope.reported(file.source, findings)
            if f.fix is not None
            and f.fix.needs <= safety
            and (only is None or f.rule.code in only)
            and (f.rule.code, f.fix) not in blocked
        ]

    for _ in range(ROUNDS):
        after, found, good, culprits = _checked(file, findings, _compatible(wanted()), dispatcher)
        for finding, reason in culprits:
            assert finding.fix is not None
            line = file.source.line(finding.start)
            refusal = Refusal(finding.rule.code, finding.rule.name, line, reason)
            blocked[finding.rule.code, finding.fix] = refusal
        if after is None:
            if culprits:
                continue
            return Result(file, findings, applied, list(blocked.values()), scope)
        applied += good
        if _state(after) in seen:
            break
        seen.add(_state(after))
        blocked.clear()
        scope = scope.after(_edits(good))
        file, findings = after, found
    else:
        if not wanted():
            return Result(file, findings, applied, list(blocked.values()), scope)
    last = applied[-1].rule
    unsettled = Refusal(last.code, last.name, 1, f"the fixes did not settle within {ROUNDS} rounds")
    return Result(Dockerfile(source, settings=settings), first, [], [*blocked.values(), unsettled], begin)


def refusal(file: Dockerfile, findings: list[Finding], chosen: list[Finding], dispatcher: Dispatcher) -> str | None:
    """Why the fixes of *chosen*, which fit together, must not be applied to *file* with its *findings*, in words; None
    if they may.
    """
    after = _apply(file, chosen)
    return objection(file, after, findings, dispatcher.findings(after), chosen)


def _compatible(findings: list[Finding]) -> list[Finding]:
    """The findings whose fixes fit together, first come first served in source order."""

    def place(finding: Finding) -> tuple[int, int, str]:
        assert finding.fix is not None
        where = finding.fix if finding.fix.edits else finding
        return where.start, where.end, finding.rule.code

    taken: list[Finding] = []
    edits: list[Edit] = []
    others: dict[str, str] = {}
    for finding in sorted(findings, key=place):
        assert finding.fix is not None
        if any(others.get(path, text) != text for path, text in finding.fix.others):
            continue  # it is made anew in the next round, from what the file is then
        new = [edit for edit in finding.fix.edits if not _present(edits, edit)]
        if not any(_clashes(edits, edit) for edit in new):
            taken.append(finding)
            others.update(finding.fix.others)
            for edit in new:
                insort(edits, edit, key=_start)
    return taken


def _start(edit: Edit) -> int:
    return edit.start


def _present(edits: list[Edit], edit: Edit) -> bool:
    at = bisect_left(edits, edit.start, key=_start)
    return at < len(edits) and edits[at] == edit


def _clashes(edits: list[Edit], edit: Edit) -> bool:
    """True if *edit* clashes with one of *edits*, which are sorted and do not clash among themselves."""
    at = bisect_left(edits, edit.start, key=_start)
    return any(edit.clashes(other) for other in edits[max(at - 1, 0) : at]) or (
        at < len(edits) and (edits[at].start < edit.end or edits[at].start == edit.start)
    )


def _checked(
    file: Dockerfile, findings: list[Finding], taken: list[Finding], dispatcher: Dispatcher
) -> tuple[Dockerfile | None, list[Finding], list[Finding], list[tuple[Finding, str]]]:
    """What comes of those fixes of *taken* that pass every check.

    That is the file after them (None if there are none) with its findings, what they mended, and the others with the
    reason. A set that fails is halved until the culprit stands alone.
    """
    if not taken:
        return None, [], [], []
    after = _apply(file, taken)
    found = dispatcher.findings(after)
    reason = objection(file, after, findings, found, taken)
    if reason is None:
        return after, found, taken, []
    if len(taken) == 1:
        return None, [], [], [(taken[0], reason)]
    half = len(taken) // 2
    culprits: list[tuple[Finding, str]] = []
    good: list[Finding] = []
    for part in (taken[:half], taken[half:]):
        _, _, fine, bad = _checked(file, findings, part, dispatcher)
        good += fine
        culprits += bad
    if not good:
        return None, [], [], culprits
    if len(good) == len(taken):
        # each half is right alone, both together are not: one half now, the other in the next round
        good = taken[:half]
    after = _apply(file, good)
    found = dispatcher.findings(after)
    if objection(file, after, findings, found, good) is None:
        return after, found, good, culprits
    first, found, good, bad = _checked(file, findings, good[:1], dispatcher)
    return first, found, good, culprits + bad


def _apply(file: Dockerfile, taken: list[Finding]) -> Dockerfile:
    text = splice(file.text, _edits(taken))
    others = [other for finding in taken if finding.fix is not None for other in finding.fix.others]
    settings = file.settings.amended(others)
    return Dockerfile(Source(text, file.source.path, file.source.encoding), settings=settings)


def _edits(taken: list[Finding]) -> list[Edit]:
    edits: dict[Edit, None] = {}
    for finding in taken:
        assert finding.fix is not None
        edits.update(dict.fromkeys(finding.fix.edits))
    return sorted(edits, key=lambda e: (e.start, e.end))


def _state(file: Dockerfile) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text of *file* and of those that fixes change with it."""
    return file.text, tuple(sorted(file.settings.amendments.items()))


def objection(
    before: Dockerfile, after: Dockerfile, findings: list[Finding], found: list[Finding], taken: list[Finding]
) -> str | None:
    """Why *after*, with the findings *found*, must not be written, in words, or None.

    It may have no problem that *before* had not, must keep every comment but those that a fix names, must not have
    the findings any more that were fixed, and must be the same build but for what the fixes declare.
    """
    old = Counter((p.name, p.message) for p in before.document.problems)
    for problem in after.document.problems:
        old[problem.name, problem.message] -= 1
        if old[problem.name, problem.message] < 0:
            return f"the file would no longer be read: {problem.message}"
    lost = _lost_comments(before, after)
    for finding in taken:
        for comment in finding.fix.comments if finding.fix is not None else ():
            if comment in lost:
                lost.remove(comment)
    if lost:
        return f"a comment would be lost: {lost[0]}"
    edits = _edits(taken)
    fixed = {(f.rule.code, moved(f.start, edits), f.message) for f in taken}
    for finding in found:
        if (finding.rule.code, finding.start, finding.message) in fixed and not _same_elsewhere(
            finding, findings, taken
        ):
            return f"the finding would still be there: {finding.message}"
    return changed_build(before, after, [f.fix for f in taken if f.fix is not None])


def _same_elsewhere(finding: Finding, findings: list[Finding], taken: list[Finding]) -> bool:
    """True if another finding of that rule, not fixed in this round, may have moved to the place."""
    return any(f.rule.code == finding.rule.code and f.message == finding.message and f not in taken for f in findings)


def _lost_comments(before: Dockerfile, after: Dockerfile) -> list[str]:
    lost = Counter(comment.text for comment in before.comments)
    lost.subtract(comment.text for comment in after.comments)
    return [text for text, count in lost.items() if count > 0]
