"""What can be folded: stages, instructions over several lines, heredocs, blocks of comments."""

from __future__ import annotations

from dlinter.server.features import Fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.tree import Dockerfile, Stage


def folds(file: Dockerfile) -> list[Fold]:
    """Every fold in the order of the file, outer ones first; each ends on a later line than it begins."""
    found = [*_stages(file), *_instructions(file), *_comments(file)]
    line = file.source.line
    found = [fold for fold in found if line(fold.end) > line(fold.start)]
    return sorted(found, key=lambda fold: (fold.start, -fold.end))


def _stages(file: Dockerfile) -> Iterator[Fold]:
    for stage in file.stages:
        yield Fold(stage.start, _last(stage), "region")


def _last(stage: Stage) -> int:
    return _end(stage.file.text, max(stage.end, stage.instructions[-1].syntax.close))


def _end(text: str, offset: int) -> int:
    """*offset*, or that of the line end before it."""
    if text[offset - 1 : offset] == "\n":
        offset -= 1
    return offset


def _instructions(file: Dockerfile) -> Iterator[Fold]:
    for instruction in file.instructions:
        syntax = instruction.syntax
        yield Fold(instruction.start, _end(file.text, max(syntax.close, syntax.end)), "region")
        if len(syntax.heredocs) > 1:
            for heredoc in syntax.heredocs:
                if heredoc.terminated and heredoc.close > heredoc.start:
                    yield Fold(heredoc.start, _end(file.text, heredoc.close), "region", f"<<{heredoc.name}")


def _comments(file: Dockerfile) -> Iterator[Fold]:
    """Comments on lines that follow one another, outside of instructions and within."""
    block: list[int] = []
    last = -1
    for comment in file.comments:
        if comment.line != last + 1:
            if block:
                yield Fold(block[0], block[1], "comment")
            block = [comment.start, comment.end]
        else:
            block[1] = comment.end
        last = comment.line
    if block:
        yield Fold(block[0], block[1], "comment")
