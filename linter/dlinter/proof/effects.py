"""Aligns the effects of two stages: equal one by one, or different by neutral changes only.

Both lists are walked once from front to back. RUNs are taken apart into the elements of their and-lists, so that
borders between layers can be told from what the layers do.
"""

from __future__ import annotations

from dlinter.proof.body import EXEC, VERBATIM
from dlinter.proof.forms import Forms
from dlinter.proof.moves import Moves
from dlinter.proof.neutral import Neutral, Where
from dlinter.proof.places import elements_of
from dlinter.proof.shellstate import divisible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.context import Context
    from dlinter.proof.report import Report
    from dlinter.proof.state import Effect


class Alignment:
    """One pair of lists of effects."""

    __slots__ = ("forms", "moves", "neutral", "report", "xs", "ys")

    def __init__(self, report: Report, neutral: Neutral, context: Context | None) -> None:
        self.report = report
        self.neutral = neutral
        self.forms = Forms(neutral)
        self.moves = Moves(neutral, self.forms, context)
        self.xs: list[Effect] = []
        self.ys: list[Effect] = []

    def compare(self, xs: list[Effect], ys: list[Effect]) -> None:
        self.xs, self.ys = xs, ys
        keys = {x.key for x in xs}
        other = {y.key for y in ys}
        i = j = 0
        while i < len(xs) and j < len(ys):
            x, y = xs[i], ys[j]
            if x.key == y.key and not self.moves.waiting:
                i += 1
                j += 1
                continue
            step = self.group(i, j) or self.moves.step(xs, ys, i, j)
            if step is None and x.kind == y.kind and not self.different(x, y):
                step = 1, 1
            if step is not None:
                i += step[0]
                j += step[1]
            elif x.key == y.key:
                i += 1
                j += 1
            elif y.key in keys and x.key not in other:
                self.report.gone(x)
                i += 1
            elif x.key in other and y.key not in keys:
                self.report.new(y)
                j += 1
            elif x.key in other and y.key in keys:
                self.report.moved(x, y)
                i += 1
                j += 1
            else:
                self.report.changed(x, y, self.different(x, y))
                i += 1
                j += 1
        for x in xs[i:]:
            if not self.moves.lost(x):
                self.report.gone(x)
        for y in ys[j:]:
            self.report.new(y)
        for x in self.moves.left():
            self.report.gone(x)

    def different(self, x: Effect, y: Effect) -> list[str]:
        """The fields in which two effects differ, ``""`` for the command itself."""
        names = self.moves.fields(x, y)
        if x.kind == y.kind and (x.body is None) != (y.body is None):
            names.append("instruction")
        elif x.body is not None and y.body is not None and x.kind == y.kind:
            names += [] if x.body.key == y.body.key or self.bodies(x, y) else [""]
        return names

    def bodies(self, x: Effect, y: Effect) -> bool:
        """True if two commands, each as a whole, are the same."""
        assert x.body is not None and y.body is not None
        if x.body.alone != y.body.alone or x.body.quoting != y.body.quoting:
            return False
        if x.body.alone:
            return self.heredocs(x, y)
        return self.forms.same(x.body.form, y.body.form, self.where(x, y))

    def where(self, x: Effect, y: Effect) -> Where:
        assert y.body is not None
        run = x.kind == "run" == y.kind
        return Where(x if run else None, y if run else None, y.body.errexit)

    def heredocs(self, x: Effect, y: Effect) -> bool:
        """Scripts in heredocs stay byte for byte, but for what a neutral change explains."""
        assert x.body is not None and y.body is not None
        if x.body.text == y.body.text:
            return True
        old, new = x.body.form, y.body.form
        if old == new or VERBATIM in (old[0], new[0]) or EXEC in (old[0], new[0]):
            return False
        lines = [[line for line in b.text.split("\n") if line.lstrip()[:1] == "#"] for b in (x.body, y.body)]
        return lines[0] == lines[1] and self.forms.same(old, new, self.where(x, y))

    # -- RUNs -----------------------------------------------------------------------------------------------------

    def group(self, i: int, j: int) -> tuple[int, int] | None:
        """How many RUNs from *i* and *j* on do the same, with whatever borders between them; None if they do not."""
        if self.xs[i].kind != "run" or self.ys[j].kind != "run":
            return None
        mark = len(self.neutral.used)
        waiting = list(self.moves.waiting)
        found = self.walk(i, j)
        if found is None:
            del self.neutral.used[mark:]
            self.moves.waiting = waiting
            self.moves.absorbable = []
        return found

    def walk(self, i: int, j: int) -> tuple[int, int] | None:
        xs, ys = self.xs, self.ys
        first_i, first_j = i, j
        x, y = xs[i], ys[j]
        if self.moves.fields(x, y):
            return None
        single = len(elements_of(x)) == 1 and len(elements_of(y)) == 1 and not self.moves.waiting
        if single and self.bodies(x, y):
            return 1, 1
        borders = "layer-border" in self.neutral.admitted
        old, new = elements_of(x), elements_of(y)
        a = b = 0
        absorbed = self.moves.absorb(xs, i)
        while True:
            if a < len(old) and b < len(new):
                where = self.where(x, y)
                where.tail = b == len(new) - 1 and a == len(old) - 1
                within = where.part(2)
                if self.plain(x, y) and self.forms.same(old[a], new[b], where):
                    a += 1
                    b += 1
                elif self.moves.waited(x, y, new[b], b, new) or self.forms.added(new[b], within):
                    b += 1
                elif self.neutral.use(self.neutral.lost_command(old[a], within)):
                    a += 1
                else:
                    return None
                continue
            if a == len(old) and b == len(new):
                taken = self.moves.absorbed(absorbed)
                if taken is None:
                    return None
                return i - first_i + 1 + taken, j - first_j + 1
            # one side has come to the end of a RUN within a RUN of the other
            if a == len(old):
                where = self.where(x, y)
                where.tail = b == len(new) - 1
                # what comes next in the other list rather goes with the same there
                following = elements_of(xs[i + 1])[:1] if i + 1 < len(xs) and xs[i + 1].kind == "run" else ()
                joined = borders and following == (new[b],)
                if not joined and self.forms.added(new[b], where):
                    b += 1
                    continue
                if not borders or i + 1 >= len(xs) or xs[i + 1].kind != "run" or self.moves.fields(xs[i + 1], y):
                    return None
                if divisible(y, new, b) is not None or not self.plain(xs[i + 1], y):
                    return None
                i += 1
                x, old, a = xs[i], elements_of(xs[i]), 0
            else:
                if self.neutral.use(self.neutral.lost_command(old[a], self.where(x, y))):
                    a += 1
                    continue
                if not borders or j + 1 >= len(ys) or ys[j + 1].kind != "run" or self.moves.fields(x, ys[j + 1]):
                    return None
                if divisible(x, old, a) is not None or not self.plain(x, ys[j + 1]):
                    return None
                j += 1
                y, new, b = ys[j], elements_of(ys[j]), 0
            self.neutral.use("layer-border")

    @staticmethod
    def plain(x: Effect, y: Effect) -> bool:
        """True if neither is a heredoc's script, which is compared as a whole only."""
        assert x.body is not None and y.body is not None
        return not x.body.alone and not y.body.alone
