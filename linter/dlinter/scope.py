"""Which findings of a file are reported and mended: those on changed lines, and those that no baseline knows."""

from __future__ import annotations

from dlinter.edits import moved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dlinter.baseline import Baseline
    from dlinter.edits import Edit
    from dlinter.rule import Finding
    from dlinter.source import Source


class Scope:
    """What of one file counts; without a *baseline* and *changed* lines everything does.

    ``changed`` are ranges of characters, first and behind the last one; None stands for the whole file.
    """

    __slots__ = ("baseline", "changed")

    def __init__(self, baseline: Baseline | None = None, changed: Iterable[tuple[int, int]] | None = None) -> None:
        self.baseline = baseline
        self.changed = None if changed is None else tuple(changed)

    @property
    def whole(self) -> bool:
        """True if everything counts."""
        return self.baseline is None and self.changed is None

    def reported(self, source: Source, findings: list[Finding]) -> list[Finding]:
        """Those of *findings*, which are all that there are in *source*, that count."""
        if self.baseline is not None:
            findings = self.baseline.unknown(source, findings)
        if self.changed is None:
            return findings
        lines = {n for a, b in self.changed for n in range(source.line(a), source.line(max(b - 1, a)) + 1)}

        def touched(finding: Finding) -> bool:
            first, last = source.line(finding.start), source.line(max(finding.end - 1, finding.start))
            return any(number in lines for number in range(first, last + 1))

        return [finding for finding in findings if touched(finding)]

    def after(self, edits: Sequence[Edit]) -> Scope:
        """The scope of the file after *edits*, in source order, whose lines have changed then."""
        if self.changed is None or not edits:
            return self
        ranges = [(moved(start, edits), moved(end, edits)) for start, end in self.changed]
        shift = 0
        for edit in edits:
            start = edit.start + shift
            ranges.append((start, start + len(edit.text)))
            shift += len(edit.text) - (edit.end - edit.start)
        return Scope(self.baseline, ranges)


#: everything counts
EVERYTHING = Scope()
