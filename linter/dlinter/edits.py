"""Edits and fixes: plain ``(start, end, text)`` on the file, grouped so that they apply together or not at all."""

from __future__ import annotations

from dlinter.levels import Level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Protocol

    class Spanned(Protocol):
        """Anything with a range in the file."""

        @property
        def start(self) -> int: ...
        @property
        def end(self) -> int: ...


class Safety(Level):
    """How far a fix may be trusted."""

    #: keeps what the build does; applied by ``--fix``
    SAFE = 0
    #: may change what the build does; needs ``--unsafe-fixes``
    UNSAFE = 1
    #: only shown
    HINT = 2


SAFE, UNSAFE, HINT = Safety.SAFE, Safety.UNSAFE, Safety.HINT


class Edit:
    """Replace ``start``-``end`` (character offsets) of the file by ``text``."""

    __slots__ = ("end", "start", "text")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start = start
        self.end = end
        self.text = text

    def __repr__(self) -> str:
        return f"Edit({self.start}, {self.end}, {self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Edit) and (self.start, self.end, self.text) == (other.start, other.end, other.text)

    def __hash__(self) -> int:
        return hash((self.start, self.end, self.text))

    def clashes(self, other: Edit) -> bool:
        """True if both cannot be applied: they overlap, or begin at one place so that their order would be a guess."""
        if self == other:
            return False
        return (self.start < other.end and other.start < self.end) or self.start == other.start


class Fix:
    """Edits that apply together or not at all.

    ``neutral`` names the changes to the build that the fix makes on purpose and that do not matter, from the closed
    list in :mod:`dlinter.proof.neutral`. ``title`` says in the imperative what it does; by default the rule's own.
    ``comments`` are the comments, from ``#`` to the end of the line, that it takes out or rewrites on purpose: every
    other comment has to be there still when the fix is done. ``needs`` is how much the user has to allow for it to be
    applied: its ``safety``, unless the configuration says otherwise. ``others`` are further files of the build context
    with their text after the fix, such as ``.dockerignore``; they are written with the Dockerfile or not at all.
    """

    __slots__ = ("comments", "edits", "needs", "neutral", "others", "safety", "title")

    def __init__(
        self,
        edits: Iterable[Edit],
        safety: Safety = SAFE,
        title: str = "",
        neutral: Iterable[str] = (),
        comments: Iterable[str] = (),
        others: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.edits = tuple(sorted(dict.fromkeys(edits), key=lambda e: (e.start, e.end)))
        self.safety = self.needs = safety
        self.title = title
        self.neutral = tuple(neutral)
        self.comments = tuple(comments)
        self.others = tuple(others)
        if not self.edits and not self.others:
            raise ValueError("a fix needs at least one edit")
        if any(a.clashes(b) for a, b in zip(self.edits, self.edits[1:], strict=False)):
            raise ValueError(f"the edits of a fix overlap: {self.edits}")

    def __repr__(self) -> str:
        return f"Fix({list(self.edits)}, {self.safety.name})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fix) and (self.edits, self.others) == (other.edits, other.others)

    def __hash__(self) -> int:
        return hash((self.edits, self.others))

    def __add__(self, other: Fix) -> Fix:
        """Both as one fix, as careful as the more careful of them."""
        neutral = dict.fromkeys(self.neutral + other.neutral)
        comments = self.comments + other.comments
        safety = max(self.safety, other.safety)
        others = {**dict(self.others), **dict(other.others)}.items()
        return Fix(self.edits + other.edits, safety, self.title or other.title, neutral, comments, others)

    def marked(self, safety: Safety, title: str = "") -> Fix:
        """The same edits with another safety."""
        return Fix(self.edits, safety, title or self.title, self.neutral, self.comments, self.others)

    def needing(self, needs: Safety) -> Fix:
        """The same fix, applied when the user allows *needs*."""
        found = self.marked(self.safety)
        found.needs = needs
        return found

    def moved(self, place: Callable[[int], int]) -> Fix:
        """The same fix where the offsets of the file have become what *place* gives for them."""
        found = self.needing(self.needs)
        found.edits = tuple(Edit(place(edit.start), place(edit.end), edit.text) for edit in self.edits)
        return found

    @property
    def start(self) -> int:
        """Where the first edit begins, 0 where the Dockerfile stays as it is."""
        return self.edits[0].start if self.edits else 0

    @property
    def end(self) -> int:
        return max((edit.end for edit in self.edits), default=0)


def insert_before(at: Spanned, text: str) -> Edit:
    """*text* directly before *at*."""
    return Edit(at.start, at.start, text)


def insert_after(at: Spanned, text: str) -> Edit:
    """*text* directly after *at*."""
    return Edit(at.end, at.end, text)


def replace(at: Spanned, text: str) -> Edit:
    """*text* instead of *at*."""
    return Edit(at.start, at.end, text)


def delete(at: Spanned) -> Edit:
    """Nothing instead of *at*."""
    return Edit(at.start, at.end, "")


def splice(text: str, edits: Sequence[Edit]) -> str:
    """*text* with all *edits* applied; they must not clash."""
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        pieces.append(text[at : edit.start])
        pieces.append(edit.text)
        at = edit.end
    pieces.append(text[at:])
    return "".join(pieces)


def moved(offset: int, edits: Sequence[Edit]) -> int:
    """Where the character at *offset* stands after *edits*; inside a replaced range, the end of its replacement."""
    shift = 0
    for edit in edits:
        if edit.end <= offset:
            shift += len(edit.text) - (edit.end - edit.start)
        elif edit.start < offset:
            return edit.start + shift + len(edit.text)
    return offset + shift
