"""The neutral changes of COPY and ADD, most of which depend on the files of the build context."""

from __future__ import annotations

from itertools import takewhile

from dlinter.proof.context import Copied, Step
from dlinter.proof.normal import CMD, SCRIPT, and_list
from dlinter.proof.paths import clean
from dlinter.proof.shellstate import divisible
from dlinter.proof.unpacked import files_alone
from dlinter.proof.words import text_of
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable

    from dlinter.proof.context import Context
    from dlinter.proof.neutral import Neutral
    from dlinter.proof.normal import Form
    from dlinter.proof.state import Effect

_ARCHIVE = re.compile(r"\.(?:tar|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst|lzma|t?lz|Z)\Z", re.IGNORECASE)
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|git@|.*\.git(?:#|\Z)", re.IGNORECASE)


class Copies:
    """Asked by :class:`dlinter.proof.moves.Moves`."""

    __slots__ = ("context", "neutral")

    def __init__(self, neutral: Neutral, context: Context | None) -> None:
        self.neutral = neutral
        self.context = context

    def add_is_copy(self, x: Effect) -> bool:
        """True if an ADD does nothing that COPY does not."""
        if "add-is-copy" not in self.neutral.admitted:
            return False
        if not {"--checksum", "--unpack", "--keep-git-dir"}.isdisjoint(x.fields):
            return False
        relaxed = "add-is-copy" in self.neutral.assume
        for source in x.fields["sources"]:  # type: ignore[attr-defined]
            if source[:1] == ("\0heredoc",):
                continue
            text = text_of(source)
            if text is None or _REMOTE.match(text) or _ARCHIVE.search(text):
                return False
            # the root of the context is a folder, whatever the context holds
            if clean("/" + text) == "/":
                continue
            if not relaxed and self.context is not None and not self.context.plain(text):
                return False
        return relaxed or self.context is not None or files_alone(self.neutral.before, x)

    def trigger_copies(self, x: Effect) -> bool:
        """The same of an ADD that ONBUILD leaves: its files are those of another context."""
        if not {"add-is-copy"} <= self.neutral.admitted & self.neutral.assume or x.fields["flags"]:
            return False
        words = x.fields["words"]
        assert isinstance(words, tuple)
        return not any(_REMOTE.match(word) or _ARCHIVE.search(word) or "$" in word for word in words)

    # copied-again, step-moved-up

    def moved_up(self, xs: list[Effect], ys: list[Effect], i: int, j: int) -> tuple[int, int] | None:
        """Steps that come before copies now, perhaps behind a new copy of the few files they read.

        The copies stand behind the steps in the same order. What is passed by is the same on both sides: RUNs that do
        without the copies, folders and copies to other places. Of the last RUN the first elements may be enough.
        """
        if self.context is None or xs[i].kind != "copy":
            return None
        later = {y.key for y in ys[j:]}
        copies = list(takewhile(lambda x: x.kind == "copy" and x.key in later, xs[i:]))
        needed = list(takewhile(lambda y: y.kind == "copy" and all(y.key != x.key for x in xs[i:]), ys[j:]))
        if not copies or any(not self.again(early, copies) for early in needed):
            return None
        ready = [*_copied_before(ys[j]), *needed]
        while copies:
            found = self.crossed(xs, ys, i + len(copies), j + len(needed), copies, ready)
            if found is not None:
                if needed and not self.neutral.use("copied-again"):
                    return None
                return (found[0] - i, found[1] - j) if self.neutral.use("step-moved-up") else None
            copies.pop()
        return None

    def crossed(
        self, xs: list[Effect], ys: list[Effect], a: int, b: int, copies: list[Effect], needed: list[Effect]
    ) -> tuple[int, int] | None:
        """Where both lists go on when *copies* have passed the steps at *a*, which are those at *b*."""
        keys: list[Hashable] = [copy.key for copy in copies]
        runs = 0
        while a < len(xs) and b < len(ys):
            if [y.key for y in ys[b : b + len(keys)]] == keys:
                return (a, b + len(keys)) if runs else None
            x, y = xs[a], ys[b]
            if not self.passes(y, copies, needed):
                return None
            if x.key != y.key:
                return self.split(xs, ys, a, b, keys)
            runs += x.kind == "run"
            # until a RUN may have changed it, what was passed by is there as well
            needed = [*needed, y] if not runs and copied(y) is not None else needed
            a, b = a + 1, b + 1
        return (a, b + len(keys)) if runs and keys == [y.key for y in ys[b : b + len(keys)]] else None

    def split(self, xs: list[Effect], ys: list[Effect], a: int, b: int, keys: list[Hashable]) -> tuple[int, int] | None:
        """The same where one RUN became two, of which the second stands behind the copies."""
        after = b + 1 + len(keys)
        if (
            after >= len(ys)
            or [y.key for y in ys[b + 1 : after]] != keys
            or "layer-border" not in self.neutral.admitted
        ):
            return None
        x, first, second = xs[a], ys[b], ys[after]
        if x.kind != "run" or second.kind != "run" or x.fields != first.fields or x.fields != second.fields:
            return None
        bodies = [each.body for each in (x, first, second)]
        if any(body is None or body.alone or body.shell is None for body in bodies):
            return None
        whole, *halves = (and_list(body.form) for body in bodies)  # type: ignore[union-attr]
        if (*halves[0], *halves[1]) != whole or divisible(x, whole, len(halves[0])) is not None:
            return None
        return (a + 1, after + 1) if self.neutral.use("layer-border") else None

    def passes(self, y: Effect, copies: list[Effect], needed: list[Effect]) -> bool:
        """True if *y* does the same before *copies* as behind them, as long as *needed* come first."""
        assert self.context is not None
        sure = tuple(each for each in map(copied, copies) if each is not None)
        ready = tuple(each for each in map(copied, needed) if each is not None)
        if len(sure) < len(copies):
            return False
        if y.kind == "directory":
            path = text_of(y.fields["path"])  # type: ignore[arg-type]
            if path is None:
                return False
            # whoever makes a folder gives it an owner
            made = [each.destination for each in ready]
            return all(path in made or path.split("/")[1] != each.destination.split("/")[1] for each in sure)
        if y.kind == "copy":
            place, other = y.place, copied(y)
            if place is None:
                return False
            return all(
                _apart(place, each.destination) or (other is not None and self.context.disjoint(other, each))
                for each in sure
            )
        if y.kind != "run" or y.body is None or y.body.alone or not y.body.readable or y.fields["mounts"]:
            return False
        folder = text_of(y.fields["directory"])  # type: ignore[arg-type]
        if folder is None:
            return False
        step = Step(y.body.text, folder, _variables(y))
        return self.context.independent(step, sure, ready)

    def again(self, early: Effect, copies: list[Effect]) -> bool:
        """True if one of *copies* brings all that *early* brings, to the same place, with the same owner and mode."""
        assert self.context is not None
        first = copied(early)
        for each in copies:
            other = copied(each)
            if first is None or other is None:
                continue
            names = set(early.fields) | set(each.fields)
            if early.keyword == "ADD" and not all(map(self.context.plain, first.sources)):
                continue
            alike = all(early.fields.get(n) == each.fields.get(n) for n in names - {"sources", "destination", "json"})
            if alike and self.context.covered(first, other):
                return True
        return False

    # owner-in-copy, mode-in-copy

    def merged_into_copy(self, xs: list[Effect], ys: list[Effect], i: int, j: int) -> tuple[int, int] | None:
        """``COPY a /b`` and ``RUN chown u:g /b`` against ``COPY --chown=u:g a /b``, and the same of chmod."""
        if i + 1 >= len(xs) or xs[i].kind != "copy" or ys[j].kind != "copy" or xs[i + 1].kind != "run":
            return None
        body = xs[i + 1].body
        form: Form = body.form if body is not None and not body.alone else (SCRIPT, ())
        if form[0] != CMD or form[1] or form[3] or not form[2] or xs[i + 1].fields["mounts"]:
            return None
        words = form[2]
        names = {"chown": ("owner-in-copy", "--chown"), "chmod": ("mode-in-copy", "--chmod")}
        if words[0] not in names or any(type(word) is not str for word in words):
            return None
        change, flag = names[words[0]]
        recursive = words[1:2] == ("-R",)
        operands = words[2:] if recursive else words[1:]
        if len(operands) != 2 or not _plain_identity(operands[0], flag) or operands[0][:1] == "-":
            return None
        x, y = xs[i], ys[j]
        given = y.fields.get(flag)
        same = {name for name in {*x.fields, *y.fields} - {flag} if x.fields.get(name) == y.fields.get(name)}
        if flag in x.fields or given != ((operands[0],),) or len(same) != len({*x.fields, *y.fields} - {flag}):
            return None
        destination, sources = x.place, _sources(x)
        if destination is None or sources is None or len(sources) != 1 or clean(operands[1]) != destination:
            return None
        if not operands[1].startswith("/") or operands[1].endswith("/"):
            return None
        slash = x.fields["destination"][-1:] == ("\0/",)  # type: ignore[index]
        file = not slash and self.context is not None and self.context.file(sources[0])
        if not (file and not recursive) and change not in self.neutral.assume:
            return None
        return (2, 1) if self.neutral.use(change) else None


def _plain_identity(text: str, flag: str) -> bool:
    """An owner with its group, which ``--chown`` would choose otherwise; a mode in octal."""
    if flag == "--chown":
        return re.fullmatch(r"[\w][\w-]*:[\w][\w-]*", text) is not None
    return re.fullmatch(r"0?[0-7]{3}", text) is not None


def _sources(effect: Effect) -> tuple[str, ...] | None:
    """The sources of a copy from the context, where they are fixed text."""
    if "--from" in effect.fields:
        return None
    found = [text_of(source) for source in effect.fields["sources"]]  # type: ignore[attr-defined]
    return tuple(t for t in found if t is not None) if None not in found else None


def copied(effect: Effect) -> Copied | None:
    """A copy from the context of which it is known what it brings, and where to; None for every other."""
    if effect.kind != "copy":
        return None
    sources, place = _sources(effect), effect.place
    if sources is None or place is None or not effect.fields.keys() <= _PLAIN_FLAGS:
        return None
    slash = effect.fields["destination"][-1:] == ("\0/",)  # type: ignore[index]
    return Copied(sources, place, slash or place in _directories(effect))


#: what a copy may have beside the flags that leave something out or put it elsewhere
_PLAIN_FLAGS = frozenset({"instruction", "sources", "bodies", "destination", "json", "--chown", "--chmod", "--link"})


def _copied_before(effect: Effect) -> list[Effect]:
    """The copies directly before *effect*, whose files nothing has changed since."""
    assert effect.stage is not None
    before = reversed(effect.stage.effects[: effect.position])
    return [each for each in takewhile(lambda e: e.kind in ("copy", "directory"), before) if copied(each) is not None]


def _directories(effect: Effect) -> set[str]:
    """The folders that are there before *effect*, as somebody worked in them or copied into them."""
    found: set[str] = set()
    for stage in effect.stage.chain() if effect.stage is not None else ():
        for each in stage.effects[: effect.position] if stage is effect.stage else stage.effects:
            path = text_of(each.fields["path"]) if each.kind == "directory" else None  # type: ignore[arg-type]
            if path is not None:
                found.add(path)
    return found


def _variables(effect: Effect) -> dict[str, str | None]:
    """The variables that the file has set before *effect*."""
    found: dict[str, str | None] = {}
    for stage in effect.stage.chain() if effect.stage is not None else ():
        for name, kind, value in reversed(stage.bound[: effect.seen] if stage is effect.stage else stage.bound):
            parts = value or ()
            text = "".join(part if type(part) is str else "$" for part in parts)
            # what ARG holds may be given from outside
            found.setdefault(name, None if kind == "ARG" or "\0" in text else text)
    return found


def _apart(path: str, other: str) -> bool:
    """True if neither of two places lies in the other."""
    path, other = path.rstrip("/") + "/", other.rstrip("/") + "/"
    return not path.startswith(other) and not other.startswith(path)
