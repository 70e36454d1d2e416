"""``.dockerignore`` as the builder reads it (moby/patternmatcher and its ignorefile).

Patterns are anchored at the root of the context; ``*`` and ``?`` stop at a slash, ``**`` does not; a match of any
parent directory counts; the last pattern that matches decides, and ``!`` takes back in.
"""

from __future__ import annotations

from posixpath import normpath

_STAR = 1
_ANY = 2
_ANY_FOLDERS = 3
_ANYTHING = 4


class PatternError(ValueError):
    """A pattern that the builder refuses; the text is its message."""


class Pattern:
    """One line: ``text`` cleaned and without its ``!``, ``exception`` true if it had one."""

    __slots__ = ("_steps", "exception", "line", "text")

    def __init__(self, text: str, exception: bool, line: int) -> None:
        self.text = text
        self.exception = exception
        self.line = line
        self._steps: list[object] | None = None

    def __repr__(self) -> str:
        return f"Pattern({'!' if self.exception else ''}{self.text!r})"

    def matches(self, path: str) -> bool:
        """True if *path* itself, with slashes and without one in front, is meant."""
        text = self.text
        if text.startswith("**") and not any(char in text[2:] for char in "*?[]\\"):
            rest = text[2:]
            return path.endswith(rest) or (rest[:1] == "/" and path == rest[1:])
        if not any(char in text for char in "*?[]\\"):
            return path == text
        if text.endswith("**") and not any(char in text[:-2] for char in "*?[]\\"):
            return path.startswith(text[:-2])
        if self._steps is None:
            self._steps = _compiled(text)
        return _run(self._steps, path)


class Ignore:
    """All patterns of a file.

    :raises PatternError: the builder would refuse one of them.
    """

    __slots__ = ("patterns",)

    def __init__(self, text: str) -> None:
        self.patterns: list[Pattern] = []
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
            if line.startswith("#") or not line.strip():
                continue
            word = line.strip()
            exception = word.startswith("!")
            if exception:
                word = word[1:].strip()
                if not word:
                    raise PatternError('illegal exclusion pattern: "!"')
            word = _clean(word)
            if len(word) > 1 and word.startswith("/"):
                word = word[1:]
            _check(word)
            self.patterns.append(Pattern(word, exception, number))

    @property
    def exceptions(self) -> bool:
        """True if a pattern takes something back in."""
        return any(pattern.exception for pattern in self.patterns)

    def match(self, path: str) -> Pattern | None:
        """The pattern that leaves *path* out of the context, None if it is in (MatchesOrParentMatches)."""
        path = _clean(path)
        parents = path.split("/")[:-1]
        found: Pattern | None = None
        for pattern in self.patterns:
            if pattern.exception != (found is not None):
                continue
            if pattern.matches(path) or any(pattern.matches("/".join(parents[: n + 1])) for n in range(len(parents))):
                found = None if pattern.exception else pattern
        return found


def _clean(path: str) -> str:
    """filepath.Clean."""
    path = normpath(path)
    return path[1:] if path.startswith("//") else path


def _check(pattern: str) -> None:
    """What filepath.Match refuses: a bracket that is not closed or holds nothing, a backslash at the end."""
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "\\":
            if at == len(pattern):
                raise PatternError("syntax error in pattern")
            at += 1
        elif char == "[":
            _, at = _bracket(pattern, at)


def _bracket(pattern: str, at: int) -> tuple[tuple[bool, list[tuple[str, str]]], int]:
    """The set of characters that begins behind a ``[`` at *at*, and where it ends."""
    negated = pattern[at : at + 1] == "^"
    if negated:
        at += 1
    ranges: list[tuple[str, str]] = []
    while pattern[at : at + 1] != "]" or not ranges:
        low, at = _member(pattern, at)
        high = low
        if pattern[at : at + 1] == "-":
            high, at = _member(pattern, at + 1)
        ranges.append((low, high))
    return (negated, ranges), at + 1


def _member(pattern: str, at: int) -> tuple[str, int]:
    char = pattern[at : at + 1]
    if char in ("", "-", "]"):
        raise PatternError("syntax error in pattern")
    if char == "\\":
        at += 1
        char = pattern[at : at + 1]
        if not char:
            raise PatternError("syntax error in pattern")
    return char, at + 1


def _compiled(pattern: str) -> list[object]:
    steps: list[object] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*" and pattern[at : at + 1] == "*":
            at += 1
            if pattern[at : at + 1] == "/":
                at += 1
            steps.append(_ANYTHING if at == len(pattern) else _ANY_FOLDERS)
        elif char == "*":
            steps.append(_STAR)
        elif char == "?":
            steps.append(_ANY)
        elif char == "[":
            members, at = _bracket(pattern, at)
            steps.append(members)
        elif char == "\\" and at < len(pattern):
            steps.append(pattern[at])
            at += 1
        else:
            steps.append(char)
    return steps


def _run(steps: list[object], path: str) -> bool:
    """Go through *path* with all places in *steps* at once: linear in both, whatever the pattern."""
    # a place inside _ANY_FOLDERS is the step's number as a negative: past it only behind a slash
    places = _closure({0}, steps)
    for char in path:
        following: set[int] = set()
        for place in places:
            if place < 0:
                following.add(place)
                if char == "/":
                    following.add(-place)
                continue
            if place >= len(steps):
                continue
            step = steps[place]
            if step == _ANYTHING or (step == _STAR and char != "/"):
                following.add(place)
            elif step == _ANY_FOLDERS:
                following.add(-place - 1)
                if char == "/":
                    following.add(place + 1)
            elif step == _ANY:
                if char != "/":
                    following.add(place + 1)
            elif isinstance(step, tuple):
                negated, ranges = step
                if any(low <= char <= high for low, high in ranges) != negated:
                    following.add(place + 1)
            elif step == char:
                following.add(place + 1)
        places = _closure(following, steps)
    return len(steps) in places


def _closure(places: set[int], steps: list[object]) -> set[int]:
    """The places and those reached from them without a character."""
    waiting = list(places)
    for place in waiting:
        if 0 <= place < len(steps) and steps[place] in (_STAR, _ANYTHING, _ANY_FOLDERS) and place + 1 not in places:
            places.add(place + 1)
            waiting.append(place + 1)
    return places
