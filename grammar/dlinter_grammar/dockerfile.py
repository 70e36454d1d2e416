"""The entry point: :func:`parse`."""

from __future__ import annotations

from dlinter_grammar.heredocs import LexError, find_heredocs
from dlinter_grammar.instructions import read_instruction
from dlinter_grammar.lines import LogicalLine, Reader
from dlinter_grammar.nodes import Document, Instruction

_HEREDOC_KEYWORDS = frozenset({"add", "copy", "run"})


def parse(text: str) -> Document:
    """Parse the whole text of a Dockerfile. Never raises: what BuildKit refuses is in ``problems``."""
    document = Document(text)
    reader = Reader(document)
    escape = document.escape
    while (line := reader.logical_line()) is not None:
        instruction = read_instruction(line.map, line.number, escape)
        _complete(instruction, line, reader)
        document.instructions.append(instruction)
    return document


def _complete(instruction: Instruction, line: LogicalLine, reader: Reader) -> None:
    """What the reader knows: comments, heredoc bodies, the end."""
    instruction.comments = line.comments
    instruction.blanks = line.blanks
    instruction.prev_comments = line.prev_comments
    if "<<" in line.map.text:
        inner = instruction.inner if instruction.keyword == "onbuild" else instruction
        if inner is not None and inner.keyword in _HEREDOC_KEYWORDS and inner.form != "json":
            try:
                instruction.heredocs = find_heredocs(line.map, len(line.map.text))
            except LexError:
                pass
            for heredoc in instruction.heredocs:
                reader.heredoc_body(heredoc)
                if not heredoc.terminated:
                    break
            inner.heredocs = instruction.heredocs
    instruction.last_line = reader.line
    instruction.close = reader.position
    if instruction.inner is not None:
        instruction.inner.last_line = reader.line
        instruction.inner.close = reader.position
