"""Ever larger parts of the file around a place: word, command, list, instruction, stage, file."""

from __future__ import annotations

from dlinter.server.features import Range
from dlinter.server.features.places import clamp, comment_at, instruction_at, line_range, scripts_in, stage_at, whole
from dlinter.tree import Arg, Env, Label, Onbuild
from dlinter_grammar.shell_nodes import Glob, Literal, ShellNode, children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.scripts import Script
    from dlinter.tree import Dockerfile, Instruction


def selection(file: Dockerfile, offset: int) -> list[Range]:
    """The parts of the file that *offset* is in, the smallest first, each within the next; the last is the file."""
    offset = clamp(file, offset)
    found = {(0, len(file.text))}
    found.update((start, end) for start, end in _parts(file, offset) if 0 <= start <= offset <= end and start < end)
    ranges: list[Range] = []
    for start, end in sorted(found, key=lambda span: (span[1] - span[0], span[0])):
        # parts that begin at the cursor and end at it would cross: the first of two stays
        if not ranges or (start <= ranges[-1].start and ranges[-1].end <= end):
            ranges.append(Range(start, end))
    return ranges


def _parts(file: Dockerfile, offset: int) -> Iterator[tuple[int, int]]:
    stage = stage_at(file, offset)
    if stage is not None:
        yield stage.start, max(stage.end, whole(stage.instructions[-1])[1])
    comment = comment_at(file, offset)
    if comment is not None:
        yield _word(file.text, offset)
        yield comment.start, comment.end
        return
    for directive in file.directives:
        if directive.start <= offset <= directive.end:
            yield directive.start, directive.end
            yield directive.name.start, directive.name.end
            yield directive.value.start, directive.value.end
    instruction = instruction_at(file, offset)
    if instruction is None:
        return
    yield whole(instruction)
    if isinstance(instruction.parent, Onbuild):
        yield whole(instruction.parent)
    yield from _arguments(instruction, offset)
    yield from _scripted(instruction, offset)


def _word(text: str, offset: int) -> tuple[int, int]:
    start = end = offset
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _arguments(instruction: Instruction, offset: int) -> Iterator[tuple[int, int]]:
    """The keyword, flags, words, pairs and heredocs; the arguments together."""
    yield instruction.name.start, instruction.name.end
    syntax = instruction.syntax
    if syntax.rest < len(syntax.map.text):
        yield syntax.map.span(syntax.rest, len(syntax.map.text.rstrip()))
    for flag in instruction.flags:
        yield flag.start, flag.end
        if flag.value is not None:
            yield flag.value.start, flag.value.end
    for token in instruction.args:
        yield token.start, token.end
        if instruction.form == "json":
            yield token.start + 1, token.end - 1
    if isinstance(instruction, (Arg, Env, Label)):
        for pair in instruction.pairs:
            yield pair.start, pair.end
            yield pair.key.start, pair.key.end
            if pair.value is not None:
                yield pair.value.start, pair.value.end
    for heredoc in instruction.heredocs:
        yield heredoc.word.start, heredoc.word.end
        yield heredoc.start, heredoc.end
        if heredoc.start <= offset <= heredoc.end:
            yield line_range(instruction.file.source, offset)


def _scripted(instruction: Instruction, offset: int) -> Iterator[tuple[int, int]]:
    for script in scripts_in(instruction):
        yield script.start, script.end
        if script.root is not None and script.start <= offset <= script.end:
            yield from _nodes(script, script.root, offset)


def _nodes(script: Script, node: ShellNode, offset: int) -> Iterator[tuple[int, int]]:
    """The shell's own parts around *offset*: lists, pipelines, commands, words, expansions."""
    waiting = [node]
    while waiting:
        for child in children(waiting.pop()):
            start, end = script.span(child.start, child.end)
            if start <= offset <= end:
                if not isinstance(child, (Literal, Glob)):
                    yield start, end
                waiting.append(child)
