"""Where the cursor is within an instruction that may be half typed."""

from __future__ import annotations

from dataclasses import dataclass

from dlinter.server.features.places import instruction_at, logical
from dlinter.tree import Onbuild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.tree import Dockerfile, Instruction


@dataclass(slots=True)
class Cursor:
    """``behind`` is what stands between the keyword and the cursor, continuations folded; ``word`` the last word of it.

    ``start`` is where that word begins in the file.
    """

    file: Dockerfile
    instruction: Instruction
    offset: int
    behind: str
    word: str
    start: int

    @property
    def words(self) -> list[str]:
        """The words before the one at the cursor, flags left out."""
        before = self.behind[: len(self.behind) - len(self.word)].split()
        while before and before[0].startswith("--"):
            del before[0]
        return before

    @property
    def in_flags(self) -> bool:
        """True if only flags stand before the word at the cursor."""
        return not self.words

    def end(self, stops: str = "") -> int:
        """Where the word at the cursor ends: at a blank or one of *stops*."""
        text, at = self.file.text, self.offset
        while at < len(text) and not text[at].isspace() and text[at] not in stops:
            at += 1
        return at


def open_instruction(file: Dockerfile, offset: int) -> Instruction | None:
    """The instruction that what is typed at *offset* belongs to, or None where a new one begins there.

    Behind a continuation that is the instruction before, empty lines and comments between them or not.
    """
    found = instruction_at(file, offset)
    if found is not None:
        return found
    before = [each for each in file.instructions if each.start <= offset][-1:]
    if not before or before[0].heredocs:
        return None
    last = before[0]
    between = file.text[last.end : offset]
    first, newline, rest = between.partition("\n")
    if not newline or first.strip() != file.escape:
        return None
    if any(line.strip() and not line.lstrip().startswith("#") for line in rest.split("\n")):
        return None
    while isinstance(last, Onbuild) and last.inner is not None:
        last = last.inner
    return last


def cursor_in(instruction: Instruction, offset: int) -> Cursor | None:
    """The cursor at *offset*, None at or before the end of the keyword."""
    syntax = instruction.syntax
    file = instruction.file
    if offset <= instruction.name.end:
        return None
    first = logical(syntax.map, instruction.name.end)
    here = max(logical(syntax.map, offset), first) if offset <= syntax.end else len(syntax.map.text)
    behind = syntax.map.text[first:here]
    word = "" if not behind or behind[-1].isspace() else behind.split()[-1]
    start = offset - len(word)
    if file.text[start:offset] != word:
        word, start = "", offset
    return Cursor(file, instruction, offset, behind, word, start)
