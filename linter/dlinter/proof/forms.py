"""Compares two scripts in normal form: equal, or different by neutral changes only."""

from __future__ import annotations

from dlinter.proof.body import EXEC
from dlinter.proof.calls import scripts_in
from dlinter.proof.checksums import spaced
from dlinter.proof.folders import enters
from dlinter.proof.neutral import Neutral, Where
from dlinter.proof.normal import ANDOR, BODY, CMD, FUNCTION, GROUP, PIPE, SCRIPT, SUBSTITUTION, normal
from dlinter.proof.oneword import Values, exported_apart, quoted
from dlinter.proof.packages import ordered
from dlinter.proof.printing import written_alike
from dlinter.proof.purpose import PURPOSE
from dlinter.proof.teed import written_directly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dlinter.proof.normal import Form, Word
    from dlinter.proof.state import Effect


class Forms:
    """Compares the forms of one pair of builds. ``extra`` is asked about a command that only one side has."""

    __slots__ = ("_values", "extra", "neutral")

    def __init__(self, neutral: Neutral) -> None:
        self.neutral = neutral
        self._values: dict[int, Values] = {}
        self.extra: Callable[[Form, Where], str] = neutral.extra_command

    def same(self, a: Form, b: Form, where: Where) -> bool:
        """True if *a* before and *b* after do the same at *where*, up to admitted changes."""
        if a == b:
            return True
        if not self.neutral.admitted:
            return False
        mark = len(self.neutral.used)
        if self._same(a, b, where):
            return True
        del self.neutral.used[mark:]
        return False

    def _same(self, a: Form, b: Form, where: Where) -> bool:
        kind, other = a[0], b[0]
        if kind == CMD and other == CMD:
            return self.commands(a, b, where)
        if kind == SCRIPT or other == SCRIPT:
            return self.scripts(_statements(a), _statements(b), where)
        if kind == ANDOR or other == ANDOR:
            return self.lists(a, b, where)
        if kind == PIPE and other == CMD:
            return written_directly(a, b, where) and self.neutral.use("written-directly")
        if kind != other:
            return False
        if kind == EXEC:
            return self.commands((CMD, (), a[1], ()), (CMD, (), b[1], ()), where)
        if kind == PIPE:
            return a[1:3] == b[1:3] and a[4] == b[4] and len(a[3]) == len(b[3]) and self.pipes(a, b, where)
        if kind == GROUP:
            return self.groups(a, b, where)
        if kind == FUNCTION:
            return a[1] == b[1] and a[3] == b[3] and self.same(a[2], b[2], where.part(0))
        return False

    # -- lists ----------------------------------------------------------------------------------------------------

    def lists(self, a: Form, b: Form, where: Where) -> bool:
        """And-or lists, a single command as a list of one."""
        xs, xo = (a[1], a[2]) if a[0] == ANDOR else ((a,), ())
        ys, yo = (b[1], b[2]) if b[0] == ANDOR else ((b,), ())
        if "||" not in xo and "||" not in yo:
            return self.chains(xs, ys, where)
        if yo[: len(xo)] != xo or any(operator != "&&" for operator in yo[len(xo) :]):
            return False
        for number, (x, y) in enumerate(zip(xs, ys, strict=False)):
            if not self.same(x, y, item_place(ys, yo, number, where)):
                return False
        return len(ys) >= len(xs) and all(
            self.added(ys[number], item_place(ys, yo, number, where)) for number in range(len(xs), len(ys))
        )

    def chains(self, xs: tuple[Form, ...], ys: tuple[Form, ...], where: Where) -> bool:
        """Two lists with ``&&`` only."""
        i = j = 0
        operators = ("&&",) * (len(ys) - 1)
        while i < len(xs) or j < len(ys):
            place = item_place(ys, operators, min(j, len(ys) - 1), where)
            # what only one side has stands at the end of the RUN if nothing of the other side is left
            end = item_place(ys, operators, min(j, len(ys) - 1), where)
            end.tail = end.tail and i == len(xs)
            if i < len(xs) and j < len(ys) and self.same(xs[i], ys[j], place):
                i += 1
                j += 1
            elif i < len(xs) and j + 1 < len(ys) and self.exported(xs[i], ys[j], ys[j + 1], where):
                i += 1
                j += 2
            elif j < len(ys) and self.added(ys[j], end):
                j += 1
            elif i < len(xs) and self.neutral.use(self.neutral.lost_command(xs[i], place)):
                i += 1
            else:
                return False
        return True

    def added(self, form: Form, where: Where) -> bool:
        return self.neutral.use(self.extra(form, where))

    def scripts(self, xs: tuple[tuple[Form, bool], ...], ys: tuple[tuple[Form, bool], ...], where: Where) -> bool:
        """Statements one after another."""
        errexit = where.errexit
        i = j = 0
        while i < len(xs) or j < len(ys):
            last = j >= len(ys) - 1
            place = where.part(where.fatal if last else 1 if errexit and where.fatal else 0, tail=last)
            place.errexit = errexit
            if self.joined(xs, i, ys, j, place):
                errexit = errexit_after(ys[j][0], errexit)
                i += 2
                j += 1
                continue
            pair = ys[j : j + 2]
            alone = i < len(xs) and len(pair) == 2 and not (xs[i][1] or pair[0][1] or pair[1][1])
            if alone and self.exported(xs[i][0], pair[0][0], pair[1][0], where):
                i += 1
                j += 2
                continue
            if i < len(xs) and j < len(ys) and xs[i][1] == ys[j][1]:
                if xs[i][1]:
                    place.fatal = 0
                if self.same(xs[i][0], ys[j][0], place):
                    errexit = errexit_after(ys[j][0], errexit)
                    i += 1
                    j += 1
                    continue
            if j < len(ys) and not ys[j][1] and self.neutral.purpose.commands_added and self.added(ys[j][0], place):
                errexit = errexit_after(ys[j][0], errexit)
                j += 1
            elif i < len(xs) and not xs[i][1] and self.neutral.purpose.commands_removed:
                if not self.neutral.use(self.neutral.lost_command(xs[i][0], place)):
                    return False
                i += 1
            else:
                return False
        return True

    def exported(self, old: Form, first: Form, second: Form, where: Where) -> bool:
        """True if a variable that was set as it was exported is set before."""
        if "set-then-exported" not in self.neutral.admitted or where.inner:
            return False
        return exported_apart(old, first, second, self.values(where.before)) and self.neutral.use("set-then-exported")

    def joined(
        self, xs: tuple[tuple[Form, bool], ...], i: int, ys: tuple[tuple[Form, bool], ...], j: int, where: Where
    ) -> bool:
        """True if ``cd a; b`` has become ``cd a && b`` where cd cannot fail."""
        if "cd-cannot-fail" not in self.neutral.admitted or i + 1 >= len(xs) or j >= len(ys):
            return False
        (entering, back), (rest, behind), (new, background) = xs[i], xs[i + 1], ys[j]
        if back or behind or background or new[0] != ANDOR or new[1][0] != entering or new[2][0] != "&&":
            return False
        after = new[1][1] if len(new[1]) == 2 else (ANDOR, new[1][1:], new[2][1:])
        if where.inner or not enters(entering, where.before) or not self.same(rest, after, where):
            return False
        return self.neutral.use("cd-cannot-fail")

    def pipes(self, a: Form, b: Form, where: Where) -> bool:
        size = len(b[3])
        for number, (x, y) in enumerate(zip(a[3], b[3], strict=True)):
            last = number == size - 1
            read = 0 if last else 2 if b[4][number] == "|&" else 1
            fatal = where.fatal if last and not b[1] else 0
            if self.same(x, y, where.part(fatal, size == 1, number > 0, read)):
                continue
            handed_on = not last and a[3][number + 1] == b[3][number + 1] and b[4][number] == "|"
            if not (handed_on and spaced(x, y, b[3][number + 1]) and self.neutral.use("checksum-spaced")):
                return False
        return True

    def groups(self, a: Form, b: Form, where: Where) -> bool:
        if (a[1], a[3]) != (b[1], b[3]) or len(a[2]) != len(b[2]) or not self.settings(a[4], b[4], where):
            return False
        kind = b[1]
        fed = any(operator[:1] == "<" for _, operator, _, _ in b[4])
        read = 0
        for fd, operator, _, _ in b[4]:
            if ">" in operator:
                read = max(read, 1 if fd in ("", "1") and operator in (">", ">>", ">|") else 2)
        count = sum(1 for part in b[2] if part[:1] == (BODY,))
        number = -1
        for x, y in zip(a[2], b[2], strict=True):
            if x == y:
                number += y[:1] == (BODY,)
                continue
            if x[:1] != (BODY,) or y[:1] != (BODY,):
                if self.quoted(x, y, where.part(0, captured=2)):
                    continue
                return False
            number += 1
            if kind == "subshell":
                fatal = 2 if where.fatal else 0
            elif kind in ("brace", "case"):
                fatal = where.fatal
            elif kind == "if":
                condition = number % 2 == 0 and number != count - 1
                fatal = 0 if condition else where.fatal
            elif kind in ("while", "until") and number == 0:
                fatal = 0
            else:
                fatal = 1 if where.errexit and where.fatal else 0
            piped = fed or kind in ("while", "until")
            if not self.same(x[1], y[1], where.part(fatal, False, piped, read)):
                return False
        return True

    # -- commands -------------------------------------------------------------------------------------------------

    def commands(self, a: Form, b: Form, where: Where) -> bool:
        """Two simple commands word by word, the packages of an installation in any order."""
        if not self.settings(a[1], b[1], where) or not self.settings(a[3], b[3], where):
            return False
        if self.aligned(a, b, where):
            return True
        echoes = "echo-as-printf" in self.neutral.admitted and a[2][:1] == ("echo",) and not where.inner
        if echoes and written_alike(a, b, self.values(where.before)):
            return self.neutral.use("echo-as-printf")
        if "packages-sorted" not in self.neutral.admitted:
            return False
        xs, ys = ordered(a[2]), ordered(b[2])
        if xs is None or ys is None or (xs, ys) == (a[2], b[2]):
            return False
        return self.aligned((CMD, a[1], xs, a[3]), (CMD, b[1], ys, b[3]), where) and self.neutral.use("packages-sorted")

    def values(self, run: Effect | None) -> Values | None:
        """What is known of the values in *run*."""
        if run is None or run.body is None or run.stage is None:
            return None
        if id(run) not in self._values:
            self._values[id(run)] = Values(run)
        return self._values[id(run)]

    def settings(self, xs: Form, ys: Form, where: Where) -> bool:
        """The assignments or redirections of two commands: the same, up to quotes that mean nothing."""
        if xs == ys:
            return True
        if "one-word-quoted" not in self.neutral.admitted or len(xs) != len(ys):
            return False
        place = where.part(0, captured=2)
        for x, y in zip(xs, ys, strict=True):
            if x != y and not (
                len(x) == len(y) == 4
                and all(old == new or self.quoted(old, new, place) for old, new in zip(x, y, strict=True))
            ):
                return False
        return True

    def quoted(self, x: object, y: object, where: Where) -> bool:
        """Two words that differ in quotes around what is one word anyway."""
        if "one-word-quoted" not in self.neutral.admitted or type(x) is not tuple or type(y) is not tuple:
            return False
        if self.parts(x, y, where):
            return True
        values = None if where.inner else self.values(where.before)
        return quoted(x, y, values) and self.neutral.use("one-word-quoted")

    def aligned(self, a: Form, b: Form, where: Where) -> bool:
        """Two commands word by word, up to admitted changes."""
        mark = len(self.neutral.used)
        if self._aligned(a, b, where):
            return True
        del self.neutral.used[mark:]
        return False

    def _aligned(self, a: Form, b: Form, where: Where) -> bool:
        xs, ys = a[2], b[2]
        i = j = 0
        neutral = self.neutral
        while i < len(xs) or j < len(ys):
            both = i < len(xs) and j < len(ys)
            if both and (
                xs[i] == ys[j]
                or self.words(a, b, i, j, where)
                or neutral.use(neutral.other_word(a, b, i, j))
                or neutral.use(neutral.other_spelling(a, b, i, j, where))
            ):
                i += 1
                j += 1
            elif j < len(ys) and neutral.use(neutral.extra_word(a, b, j, where)):
                j += 1
            elif i < len(xs) and neutral.use(neutral.lost_word(a, i, b, where)):
                i += 1
            elif count := self.added_words(ys, j, where):
                j += count
            elif count := self.phrase(xs, i, neutral.purpose.words_removed, "words-removed"):
                i += count
            else:
                return False
        return True

    def added_words(self, words: tuple[Word, ...], at: int, where: Where) -> int:
        """How many words at *at* are new, on purpose or because they say what is so anyway."""
        return self.phrase(words, at, self.neutral.purpose.words_added, "words-added") or self.neutral.numbered(
            words, at, where
        )

    def phrase(self, words: tuple[Word, ...], at: int, known: list[tuple[str, ...]], kind: str) -> int:
        """How many words at *at* are added or taken out on purpose."""
        for phrase in known:
            if (
                phrase
                and words[at : at + len(phrase)] == phrase
                and self.neutral.use(PURPOSE + kind + "=" + " ".join(phrase))
            ):
                return len(phrase)
        return 0

    def words(self, a: Form, b: Form, i: int, j: int, where: Where) -> bool:
        """Two different words that hold scripts: ``sh -c '…'`` and ``$(…)``."""
        x, y = a[2][i], b[2][j]
        if type(x) is str and type(y) is str:
            old, new = scripts_in(a[2]), scripts_in(b[2])
            if old is None or new is None or old[0] != i or new[0] != j:
                return False
            before, after = normal(x), normal(y)
            place = where.part(2 if where.fatal else 0)
            place.errexit = False
            place.inner = True
            mark = len(self.neutral.used)
            # a string that means the same is still another string; only a neutral change in it is none
            return (
                before is not None
                and after is not None
                and self.same(before, after, place)
                and len(self.neutral.used) > mark
            )
        return type(x) is tuple and type(y) is tuple and (self.parts(x, y, where) or self.quoted(x, y, where))

    def parts(self, x: Word, y: Word, where: Where) -> bool:
        if len(x) != len(y):
            return False
        for old, new in zip(x, y, strict=True):
            if old == new:
                continue
            if old[0] != SUBSTITUTION or new[0] != SUBSTITUTION or old[1:3] != new[1:3]:
                return False
            if not self.same(old[3], new[3], where.part(0, captured=1)):
                return False
        return True


def item_place(items: tuple[Form, ...], operators: tuple[str, ...], number: int, where: Where) -> Where:
    """Where item *number* of an and-or list stands: whether its failure is the failure of the list."""
    last = number >= len(items) - 1
    if "||" in operators[number:]:
        return where.part(0, last)
    if last:
        return where.part(where.fatal, True)
    return where.part(2 if where.fatal == 2 else 0)


def _statements(form: Form) -> tuple[tuple[Form, bool], ...]:
    statements: tuple[tuple[Form, bool], ...] = form[1] if form[0] == SCRIPT else ((form, False),)
    return statements


def errexit_after(form: Form, errexit: bool) -> bool:
    """Whether ``set -e`` is in force after *form*, if it was before."""
    if form[0] == ANDOR:
        for item in form[1]:
            errexit = errexit_after(item, errexit)
    elif form[0] == CMD and form[2] and form[2][0] == "set":
        words = form[2]
        for number, word in enumerate(words):
            if type(word) is not str or word[:1] not in "-+" or not number:
                continue
            named = word[1:] == "o" or word[-1:] == "o"
            if "e" in word[1:] or (named and words[number + 1 : number + 2] == ("errexit",)):
                errexit = word[:1] == "-"
    return errexit
