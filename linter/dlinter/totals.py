"""What all files of a run come to: the figures of the last line, added up while the files come by."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.linting import Outcome
    from dlinter.options import Settings


class Totals:
    """Figures over outcomes. ``files`` are those that could be read, ``safe`` and ``unsafe`` problems with such fixes.

    ``unchecked`` is what kept ShellCheck from looking at scripts, if anything; ``gone`` counts entries of baselines.
    """

    __slots__ = ("changed", "failing", "files", "fixed", "gone", "held", "problems", "safe", "unchecked", "unsafe")

    def __init__(self) -> None:
        self.files = self.problems = self.safe = self.unsafe = 0
        self.fixed = self.changed = self.held = self.gone = 0
        self.failing = False
        self.unchecked = ""

    def add(self, outcome: Outcome) -> None:
        if outcome.counts is not None:
            problems, safe, unsafe = outcome.counts
            self.files += 1
            self.problems += problems
            self.safe += safe
            self.unsafe += unsafe
        self.fixed += len(outcome.applied)
        self.changed += (outcome.fixed_source is not None) + len(outcome.others)
        self.held += outcome.held
        self.gone += outcome.gone
        self.failing = self.failing or outcome.failing
        self.unchecked = self.unchecked or outcome.unchecked

    def line(self, settings: Settings) -> str:
        """What a person wants to know in the end, empty if that is nothing."""
        parts: list[str] = []
        if self.fixed:
            verb = "Would fix" if settings.diff else "Fixed"
            parts.append(f"{verb} {_count(self.fixed, 'problem')} in {_count(self.changed, 'file')}.")
        if self.problems:
            verb = "Left" if self.fixed else "Found"
            parts.append(f"{verb} {_count(self.problems, 'problem')} in {_count(self.files, 'file')}.")
            if self.safe and not (settings.fix or settings.diff):
                more = f", `--unsafe-fixes` {self.unsafe} more" if self.unsafe else ""
                parts.append(f"`--fix` mends {self.safe}{more}.")
            elif self.unsafe and not settings.unsafe_fixes:
                parts.append(f"`--unsafe-fixes` mends {self.unsafe} more.")
        elif self.files:
            parts.append("No problems left." if self.fixed else f"No problems found in {_count(self.files, 'file')}.")
        if self.held:
            parts.append(f"{_count(self.held, 'problem')} in the baseline.")
        return " ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
