"""The neutral changes of COPY and ADD, most of which depend on the files of the build context."""

from __future__ import annotations

from dlinter.proof.normal import CMD, SCRIPT
from dlinter.proof.paths import clean
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
            if not relaxed and (self.context is None or not self.context.plain(text)):
                return False
        return True

    def trigger_copies(self, x: Effect) -> bool:
        """The same of an ADD that ONBUILD leaves: its files are those of another context."""
        if not {"add-is-copy"} <= self.neutral.admitted & self.neutral.assume or x.fields["flags"]:
            return False
        words = x.fields["words"]
        assert isinstance(words, tuple)
        return not any(_REMOTE.match(word) or _ARCHIVE.search(word) or "$" in word for word in words)

    # copied-again, step-moved-up

    def moved_up(self, xs: list[Effect], ys: list[Effect], i: int, j: int) -> tuple[int, int] | None:
        """A RUN that comes before copies now, perhaps behind a new copy of the few files it reads."""
        if self.context is None or xs[i].kind != "copy":
            return None
        copies = 0
        while i + copies < len(xs) and xs[i + copies].kind == "copy":
            copies += 1
        needed: list[Effect] = []
        at = j
        while at < len(ys) and ys[at].kind == "copy" and ys[at].key != xs[i].key:
            needed.append(ys[at])
            at += 1
        if any(not self.again(early, xs[i : i + copies]) for early in needed):
            return None
        if i + copies >= len(xs) or at + copies >= len(ys) or ys[at].kind != "run" or ys[at].body is None:
            return None
        if xs[i + copies].key != ys[at].key or [e.key for e in xs[i : i + copies]] != [
            e.key for e in ys[at + 1 : at + 1 + copies]
        ]:
            return None
        known = [text for early in needed for text in _sources(early) or ()]
        for each in xs[i : i + copies]:
            sources = _sources(each)
            if sources is None or not self.context.independent(ys[at].body.text, sources, tuple(known)):  # type: ignore[union-attr]
                return None
        if needed and not self.neutral.use("copied-again"):
            return None
        return (copies + 1, at - j + 1 + copies) if self.neutral.use("step-moved-up") else None

    def again(self, early: Effect, copies: list[Effect]) -> bool:
        """True if one of *copies* brings all that *early* brings, to the same place, with the same owner and mode."""
        assert self.context is not None
        sources, place = _sources(early), _place(early)
        for each in copies:
            other, destination = _sources(each), _place(each)
            if sources is None or other is None or place is None or destination is None:
                continue
            names = set(early.fields) | set(each.fields)
            alike = all(early.fields.get(n) == each.fields.get(n) for n in names - {"sources", "destination", "json"})
            if alike and self.context.covered(sources, place, other, destination):
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
        destination, sources = _place(x), _sources(x)
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


def _place(effect: Effect) -> str | None:
    place: tuple[Hashable, ...] = effect.fields["destination"]  # type: ignore[assignment]
    return text_of(place[:-1] if place[-1:] == ("\0/",) else place)  # type: ignore[arg-type]
