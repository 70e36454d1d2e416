"""What stands at an offset of the file."""

from __future__ import annotations

from bisect import bisect_right

from dlinter.tree import Onbuild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.scripts import Script
    from dlinter.source import Source
    from dlinter.tree import Comment, Dockerfile, Heredoc, Instruction, Stage, Token
    from dlinter_grammar.nodes import TextMap


def clamp(file: Dockerfile, offset: int) -> int:
    """*offset*, or the nearest one that the file has."""
    return min(max(offset, 0), len(file.text))


def line_range(source: Source, offset: int) -> tuple[int, int]:
    """The line of *offset* without its line end."""
    start = source.line_start(offset)
    end = source.text.find("\n", start)
    end = len(source.text) if end < 0 else end
    if end > start and source.text[end - 1] == "\r":
        end -= 1
    return start, end


def whole(instruction: Instruction) -> tuple[int, int]:
    """The range of *instruction* with its heredocs, without the last line end."""
    syntax = instruction.syntax
    end = max(syntax.end, syntax.close)
    text = instruction.file.text
    if end > syntax.end and text[end - 1 : end] == "\n":
        end -= 1
        if text[end - 1 : end] == "\r":
            end -= 1
    return syntax.start, max(end, syntax.end)


def instruction_at(file: Dockerfile, offset: int, *, inner: bool = True) -> Instruction | None:
    """The instruction that *offset* is in or at the end of; of an ONBUILD the trigger, if it is in that and *inner*."""
    index = bisect_right(file.instructions, offset, key=lambda instruction: instruction.start) - 1
    if index < 0:
        return None
    found = file.instructions[index]
    if offset > whole(found)[1]:
        return None
    while inner and isinstance(found, Onbuild) and found.inner is not None and offset >= found.inner.start:
        found = found.inner
    return found


def stage_at(file: Dockerfile, offset: int) -> Stage | None:
    """The stage that begins at or before *offset*, None before the first."""
    index = bisect_right(file.stages, offset, key=lambda stage: stage.start) - 1
    return file.stages[index] if index >= 0 else None


def comment_at(file: Dockerfile, offset: int) -> Comment | None:
    """The comment that *offset* is in or at the end of; directives are none."""
    comments = file.comments
    index = bisect_right(comments, offset, key=lambda comment: comment.start) - 1
    return comments[index] if index >= 0 and offset <= comments[index].end else None


def heredoc_at(instruction: Instruction, offset: int) -> Heredoc | None:
    """The heredoc whose body *offset* is in."""
    for heredoc in instruction.heredocs:
        if heredoc.start <= offset < heredoc.end or heredoc.start == offset == heredoc.end:
            return heredoc
    return None


def scripts_in(instruction: Instruction) -> list[Script]:
    """All scripts of *instruction*, those that its own scripts hand to a shell too."""
    scripts = list(instruction.scripts)
    for command in instruction.commands:
        if command.script is not None and all(command.script is not script for script in scripts):
            scripts.append(command.script)
    return scripts


def covers(token: Token | None, offset: int) -> bool:
    """True if *offset* is in *token* or at its end."""
    return token is not None and token.start <= offset <= token.end


def logical(text_map: TextMap, offset: int) -> int:
    """The offset in the logical line of the character at *offset* of the file; of one that is left out, the next."""
    piece = bisect_right(text_map.sources, offset) - 1
    if piece < 0:
        return 0
    found = text_map.offsets[piece] + offset - text_map.sources[piece]
    limit = text_map.offsets[piece + 1] if piece + 1 < len(text_map.offsets) else len(text_map.text)
    return min(found, limit)


def is_word(char: str) -> bool:
    """True for a character of a variable's name."""
    return char.isalnum() or char == "_"
