"""Comments that silence findings.

``# dlint ignore=CODE,name -- reason`` for the instruction that follows (blank lines and further comments may stand
between; inside a continuation it is the instruction it stands in), ``# dlint stage ignore=…`` for the stage whose
FROM follows or in which it stands, ``# dlint global ignore=…`` for the file. hadolint's spelling of the same three
is read too. ``all`` silences every rule.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from dlinter.rule import Finding
from dlinter.tree import Comment, Dockerfile, Instruction

_PRAGMA = re.compile(
    r"\s*(dlint|hadolint)\s*:?\s*(?:(stage|global)\s+)?ignore\s*[=:]\s*([\w.,/\s-]*?)\s*(?:(?:--|#).*)?$", re.I
)


class Pragma:
    """One comment: ``words`` in lower case, ``scope`` ``""``, ``"stage"`` or ``"global"``."""

    __slots__ = ("comment", "scope", "words")

    def __init__(self, comment: Comment, scope: str, words: tuple[str, ...]) -> None:
        self.comment = comment
        self.scope = scope
        self.words = words

    def names(self, finding: Finding) -> bool:
        """True if the pragma names the finding's rule by code, name or an alias."""
        info = finding.rule
        known = {info.code.lower(), info.name, *(alias.lower() for alias in info.aliases), "all"}
        return not known.isdisjoint(self.words)


def pragma_of(comment: Comment) -> Pragma | None:
    """The pragma that *comment* is, or None."""
    match = _PRAGMA.match(comment.text.lstrip().removeprefix("#"))
    if match is None:
        return None
    words = tuple(word.lower() for word in re.split(r"[,\s]+", match[3]) if word)
    return Pragma(comment, (match[2] or "").lower(), words) if words else None


class Pragmas:
    """The pragmas of a file, sorted by what they cover."""

    __slots__ = ("everywhere", "instructions", "stages")

    def __init__(self, file: Dockerfile) -> None:
        self.everywhere: list[Pragma] = []
        self.stages: dict[int, list[Pragma]] = {}
        self.instructions: dict[int, list[Pragma]] = {}
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
                if stage is not None:
                    self.stages.setdefault(stage.index, []).append(pragma)
            elif following is not None:
                self.instructions.setdefault(following.index, []).append(pragma)

    def silenced(self, finding: Finding, instruction: Instruction | None) -> bool:
        """True if a pragma covers *finding*, which stands in *instruction*."""
        if any(pragma.names(finding) for pragma in self.everywhere):
            return True
        if instruction is None:
            return False
        stage = instruction.stage
        covering = self.instructions.get(instruction.index, [])
        if stage is not None:
            covering = covering + self.stages.get(stage.index, [])
        return any(pragma.names(finding) for pragma in covering)
