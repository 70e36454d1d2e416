"""The answer: the same build, or the differences in words that a user understands."""

from __future__ import annotations

from dlinter.proof.state import bound
from dlinter.proof.words import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from dlinter.proof.body import Body
    from dlinter.proof.state import Effect

#: more than this many differences are not listed
MOST = 20


class Difference:
    """One thing that differs. ``stage`` is a name or number, ``""`` outside of stages; lines are 1-based, or None."""

    __slots__ = ("after", "before", "stage", "what")

    def __init__(self, what: str, before: int | None = None, after: int | None = None, stage: str = "") -> None:
        self.what = what
        self.before = before
        self.after = after
        self.stage = stage

    def __str__(self) -> str:
        return f"{self.what} (in stage {self.stage})" if self.stage else self.what

    def __repr__(self) -> str:
        return f"Difference({self.what!r})"


class Proof:
    """``same`` is true if the builds were shown to be equal; else ``differences`` says where they are not.

    ``used`` names the neutral changes without which they would not be equal, in the order in which they were met.
    """

    __slots__ = ("differences", "same", "used")

    def __init__(self, differences: list[Difference], used: Iterable[str]) -> None:
        self.differences = differences
        self.same = not differences
        self.used = list(dict.fromkeys(used)) if not differences else []

    def __bool__(self) -> bool:
        return self.same

    def __repr__(self) -> str:
        return f"Proof(same, {self.used})" if self.same else f"Proof({self.differences})"


class Report:
    """Collects differences, each once."""

    __slots__ = ("_known", "found", "stage")

    def __init__(self) -> None:
        self.found: list[Difference] = []
        self.stage = ""
        self._known: set[str] = set()

    def add(self, what: str, before: int | None = None, after: int | None = None) -> None:
        if what not in self._known and len(self.found) < MOST:
            self._known.add(what)
            self.found.append(Difference(what, before, after, self.stage))

    # -- effects --------------------------------------------------------------------------------------------------

    def gone(self, effect: Effect) -> None:
        self.add(f"{_place(effect)} is gone: {_summary(effect)}", effect.line)

    def new(self, effect: Effect) -> None:
        self.add(f"{_place(effect)} is new: {_summary(effect)}", None, effect.line)

    def moved(self, before: Effect, after: Effect) -> None:
        self.add(
            f"{_place(before)} now comes at another place, at line {after.line}: {_summary(before)}",
            before.line,
            after.line,
        )

    def changed(self, before: Effect, after: Effect, names: list[str]) -> None:
        """Two effects at the same place that differ in the fields *names*; the command itself is ``""``."""
        if before.kind != after.kind:
            self.add(
                f"{_place(before)} became {after.keyword} at line {after.line}: {_summary(after)}",
                before.line,
                after.line,
            )
            return
        for name in names:
            if name:
                what = _field(before, after, name)
            else:
                assert before.body is not None and after.body is not None
                what = f"{_place(after)} now runs `{after.body.shown()}`, before it ran `{before.body.shown()}`"
                if before.body.shown() == after.body.shown():
                    what = f"{_place(after)}: {_fine(before.body, after.body)}"
            self.add(what, before.line, after.line)


def _fine(before: Body, after: Body) -> str:
    if before.alone != after.alone:
        return "the script is now in another form"
    return f"the script differs in its quotes or in the text of a heredoc: {after.shown()}"


def _place(effect: Effect) -> str:
    return f"{effect.keyword} at line {effect.line}"


def _summary(effect: Effect) -> str:
    if effect.body is not None:
        return f"`{effect.body.shown()}`"
    fields = effect.fields
    if effect.kind == "copy":
        sources = " ".join(plain(source) for source in fields["sources"])  # type: ignore[attr-defined]
        return f"{sources} to {plain(fields['destination'])}"
    for name in ("path", "text", "instruction", "image"):
        if name in fields:
            return plain(fields[name])
    return effect.kind


def _field(before: Effect, after: Effect, name: str) -> str:
    old, new = before.fields.get(name), after.fields.get(name)
    place = _place(after)
    if name == "directory":
        return f"{place} now runs in {plain(new)}, before it ran in {plain(old)}"
    if name == "user":
        verb = "runs" if after.kind == "run" else "creates the directory"
        return f"{place} now {verb} as {_user(new)}, before as {_user(old)}"
    if name == "shell":
        return f"{place} is now read by the shell {plain(new)}, before by {plain(old)}"
    if name == "environment":
        return f"{place} sees other variables: {variables(before, after)}"
    if name == "path":
        return f"{place} now makes {plain(new)}, before {plain(old)}"
    if name == "written":
        return f"{place} now says {plain(new)}, before {plain(old)}"
    if name == "destination":
        return f"{place} now writes to {plain(new)}, before to {plain(old)}"
    if name == "sources":
        return f"{place} now copies {plain(new)}, before {plain(old)}"
    if name in ("image", "stage"):
        return f"{place}: the base is now {_base(after)}, before it was {_base(before)}"
    if name == "bodies":
        return f"{place}: the text of its heredoc is another"
    if name == "instruction":
        return f"{place} was {plain(old)} before"
    if name == "mounts":
        return f"{place} has other mounts: {plain(new)}, before {plain(old)}"
    if name[:2] == "--":
        if old is None:
            return f"{place} has the new flag {name}={plain(new)}"
        if new is None:
            return f"{place} has lost the flag {name}={plain(old)}"
        return f"{place} now has {name}={plain(new)}, before {name}={plain(old)}"
    return f"{place} differs in its {name}: {plain(new)}, before {plain(old)}"


def _base(effect: Effect) -> str:
    stage = effect.fields.get("stage")
    return f"stage {stage}" if stage is not None else plain(effect.fields.get("image"))


def _user(user: object) -> str:
    return "the base image's user" if user is None else plain(user)


def variables(before: Effect, after: Effect) -> str:
    """Which variables differ between what two effects see."""
    assert before.stage is not None and after.stage is not None
    old, new = bound(before.stage, before.seen), bound(after.stage, after.seen)
    for name in [*old, *new]:
        if name not in new:
            return f"{_variable(name)} is not set any more"
        if name not in old:
            return f"{_variable(name)} is now set to {show(new[name][1])}"
        if old[name] != new[name]:
            kinds = (old[name][0], new[name][0])
            if kinds[0] != kinds[1]:
                return f"{_variable(name)} is now set by {kinds[1]}, before by {kinds[0]}"
            return f"{_variable(name)} is now {show(new[name][1])}, before it was {show(old[name][1])}"
    return "they were set in another order"


def _variable(name: str) -> str:
    return "a variable with a variable name" if name.startswith("\0") else name


def plain(value: Any) -> str:
    """A value of a field as text."""
    if value is None or value == ():
        return "nothing"
    if type(value) is tuple:
        if value and value[0] == "\0heredoc":
            return f"the heredoc {value[1]}"
        if value and value[0] == "$":
            return show((value,))
        if all(type(part) is str or (type(part) is tuple and part[:1] == ("$",)) for part in value):
            if all(type(part) is str for part in value) and len(value) > 1 and value[-1] != "\0/":
                return " ".join(value)
            return show(tuple(part for part in value if part != "\0/"))
        if all(type(part) is tuple and len(part) == 2 and type(part[0]) is str for part in value):
            return ",".join(f"{key}={plain(part)}" for key, part in value)
        return " ".join(plain(part) for part in value)
    return str(value)
