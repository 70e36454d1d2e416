"""The entry point: :func:`parse`."""

from __future__ import annotations

from dlinter_grammar.checks import instruction_problems, parser_problems
from dlinter_grammar.heredocs import find_heredocs
from dlinter_grammar.instructions import ARGUMENTS, read_instruction
from dlinter_grammar.lexer import LexError
from dlinter_grammar.lines import NO_INSTRUCTIONS, Reader
from dlinter_grammar.nodes import Document
from dlinter_grammar.problems import problem
from dlinter_grammar.stages import dispatch_problems

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_grammar.lines import LogicalLine
    from dlinter_grammar.nodes import Instruction, SyntaxProblem

_HEREDOC_KEYWORDS = frozenset({"add", "copy", "run"})


def parse(text: str) -> Document:
    """Parse the whole text of a Dockerfile. Never raises: what BuildKit refuses is in ``problems``.

    Bytes that are no UTF-8 are expected as surrogates (``errors="surrogateescape"``). The problems are in the order
    in which BuildKit would come upon them: those of the level "parser", then "instruction", then "dispatch".
    """
    document = Document(text)
    reader = Reader(document)
    problems = document.problems
    found: list[SyntaxProblem] = []
    in_stage = False
    while (line := reader.logical_line()) is not None:
        instruction = read_instruction(line.map, line.number, document.escape)
        parser_problems(instruction, problems)
        _complete(instruction, line, reader)
        instruction_problems(instruction, found)
        if not in_stage and instruction.keyword != "arg":
            if instruction.keyword in ARGUMENTS and instruction.keyword != "from":
                message = "no build stage in current context"
                found.append(problem("no-stage", instruction.name, instruction.line, message))
            in_stage = True
        document.instructions.append(instruction)
    if not document.instructions and not problems:
        problems.append(problem("no-instructions", (0, 0), reader.line, NO_INSTRUCTIONS))
    problems += found
    problems += dispatch_problems(document)
    return document


def _complete(instruction: Instruction, line: LogicalLine, reader: Reader) -> None:
    """Add what the reader knows: comments, heredoc bodies, the end."""
    instruction.comments = line.comments
    instruction.blanks = line.blanks
    instruction.prev_comments = line.prev_comments
    if "<<" in line.map.text:
        _read_heredocs(instruction, reader)
    instruction.last_line = reader.line
    instruction.close = reader.position
    if instruction.inner is not None:
        instruction.inner.last_line = reader.line
        instruction.inner.close = reader.position


def _read_heredocs(instruction: Instruction, reader: Reader) -> None:
    inner = instruction.inner if instruction.keyword == "onbuild" else instruction
    if inner is None or inner.keyword not in _HEREDOC_KEYWORDS or inner.form == "json":
        return
    problems = reader.document.problems
    try:
        heredocs = find_heredocs(instruction.map, len(instruction.map.text))
    except LexError as error:
        problems.append(problem("invalid-heredoc-name", instruction, instruction.line, str(error)))
        return
    complete = True
    for heredoc in heredocs:
        if not complete:
            heredoc.start = heredoc.end = heredoc.close = reader.position
            continue
        reader.heredoc_body(heredoc, instruction.line)
        complete = heredoc.terminated
        if not complete:
            message = "unterminated heredoc"
            problems.append(problem("unterminated-heredoc", heredoc.word, instruction.line, message))
    instruction.heredocs = inner.heredocs = heredocs
