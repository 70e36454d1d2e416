"""Comments that silence findings, or name the shell.

``# dlint ignore=CODE,name -- reason`` for the instruction that follows (blank lines and further comments may stand
between; inside a continuation it is the instruction it stands in), ``# dlint stage ignore=…`` for the stage whose
FROM follows or in which it stands, ``# dlint global ignore=…`` for the file. hadolint's spelling of the same three
is read too. ``all`` silences every rule. ``# hadolint shell=…`` names the shell of what follows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.rule import Finding
    from dlinter.tree import Comment, Dockerfile, Instruction

_PRAGMA = re.compile(
    r"[ \t]*(dlint|hadolint)[ \t]*:?[ \t]*(?:(stage|global)[ \t]+)?ignore[ \t]*[=:][ \t]*"
    r"([\w.-]*\w(?:[ \t]*,[ \t]*[\w.-]*\w|[ \t]+(?:DL|SC)\d{4}\b)*)[ \t]*,?(?:[ \t].*|--.*|\#.*)?",
    re.I,
)
_SHELL = re.compile(r"[ \t]*(?:dlint|hadolint)[ \t]+shell[ \t]*=[ \t]*(\S.*?)[ \t]*(?:#.*)?", re.I)


class Pragma:
    """One comment. ``tool`` is ``"dlint"`` or ``"hadolint"``, ``scope`` ``""``, ``"stage"`` or ``"global"``.

    ``words`` are the rules it names in lower case; ``used`` collects those that silenced a finding. ``start`` and
    ``end`` are where the words stand in the file.
    """

    __slots__ = ("comment", "end", "scope", "start", "tool", "used", "words")

    def __init__(self, comment: Comment, tool: str, scope: str, start: int, text: str) -> None:
        self.comment = comment
        self.tool = tool
        self.scope = scope
        self.start = start
        self.end = start + len(text)
        self.words = tuple(word.lower() for word in re.split(r"[,\s]+", text))
        self.used: set[str] = set()

    def names(self, finding: Finding) -> bool:
        """True if the pragma names the finding's rule by code, name or an alias; the words that do are ``used``."""
        info = finding.rule
        known = {info.code.lower(), info.name, *(alias.lower() for alias in info.aliases), "all"}
        found = known.intersection(self.words)
        self.used |= found
        return bool(found)


def pragma_of(comment: Comment) -> Pragma | None:
    """The pragma that *comment* is, or None."""
    hash_at = comment.text.find("#") + 1
    match = _PRAGMA.fullmatch(comment.text, hash_at)
    if match is None:
        return None
    return Pragma(comment, match[1].lower(), (match[2] or "").lower(), comment.start + match.start(3), match[3])


def shell_of(comment: Comment) -> str | None:
    """The shell that *comment* names (``# hadolint shell=/bin/bash``), or None."""
    match = _SHELL.fullmatch(comment.text, comment.text.find("#") + 1)
    return match[1] if match is not None else None


class Places:
    """Which instruction a place in the file belongs to, so that a comment above that instruction covers it: the one
    that it is in, or the next one for what stands between two. What belongs to the directives has none.
    """

    __slots__ = ("_closes", "_first", "_instructions")

    def __init__(self, file: Dockerfile) -> None:
        self._instructions = file.instructions
        self._closes = [max(i.syntax.close, i.end) for i in file.instructions]
        self._first = max((directive.end for directive in file.directives), default=-1)

    def instruction(self, offset: int) -> Instruction | None:
        if offset <= self._first or not self._instructions:
            return None
        index = bisect_right(self._closes, offset)
        if index == len(self._closes):
            return self._instructions[-1]
        return self._instructions[index]


class Pragmas:
    """The pragmas of a file, sorted by what they cover; ``idle`` are those that no instruction follows."""

    __slots__ = ("everywhere", "idle", "instructions", "stages")

    def __init__(self, file: Dockerfile) -> None:
        self.everywhere: list[Pragma] = []
        self.stages: dict[int, list[Pragma]] = {}
        self.instructions: dict[int, list[Pragma]] = {}
        self.idle: list[Pragma] = []
        if "ignore" not in file.text.lower():
            return
        closes = [i.syntax.close for i in file.instructions]
        for comment in file.comments:
            pragma = pragma_of(comment)
            if pragma is None:
                continue
            index = bisect_left(closes, comment.end)
            following = file.instructions[index] if index < len(file.instructions) else None
            if pragma.scope == "global":
                self.everywhere.append(pragma)
            elif pragma.scope == "stage":
                stage = following.stage if following is not None else file.stages[-1] if file.stages else None
                (self.idle if stage is None else self.stages.setdefault(stage.index, [])).append(pragma)
            else:
                (self.idle if following is None else self.instructions.setdefault(following.index, [])).append(pragma)

    def all(self) -> list[Pragma]:
        """Every pragma in the order of the file."""
        found = [*self.everywhere, *self.idle]
        for group in (*self.stages.values(), *self.instructions.values()):
            found += group
        return sorted(found, key=lambda pragma: pragma.start)

    def silenced(self, finding: Finding, instruction: Instruction | None) -> bool:
        """True if a pragma covers *finding*, which stands in *instruction*. Every one that does counts as used."""
        covering = self.everywhere
        if instruction is not None:
            covering = covering + self.instructions.get(instruction.index, [])
            if instruction.stage is not None:
                covering = covering + self.stages.get(instruction.stage.index, [])
        return sum([pragma.names(finding) for pragma in covering]) > 0


def named_shells(file: Dockerfile) -> list[tuple[int, tuple[str, ...]]]:
    """Where comments name a shell, and its words. One before the first instruction holds for every stage without one
    of its own, one in a stage for what follows there, as in hadolint.
    """
    if "lint" not in file.text or "shell" not in file.text:
        return []
    named = ((comment.start, shell_of(comment)) for comment in file.document.comments)
    return [(start, tuple(text.split())) for start, text in named if text]
