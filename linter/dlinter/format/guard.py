"""Looks at a formatted file: are its tokens those of the file before, is it the same build?"""

from __future__ import annotations

from dlinter.format.gaps import spaced
from dlinter.format.scripts import script_start, script_tokens
from dlinter.format.tokens import innermost, keywords
from dlinter_grammar.directives import detect_directive
from dlinter_grammar.spaces import SPACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.tree import Dockerfile
    from dlinter.tree import Instruction as Node
    from dlinter_grammar.nodes import Comment, Instruction


def differing(before: Dockerfile, after: Dockerfile) -> list[int] | None:
    """The numbers of the instructions whose tokens or comments differ; None if the files cannot be compared."""
    if len(before.instructions) != len(after.instructions) or _frame(before) != _frame(after):
        return None
    pairs = zip(before.instructions, after.instructions, strict=True)
    return [old.index for old, new in pairs if _tokens(old) != _tokens(new)]


def changed_build(before: Dockerfile, after: Dockerfile) -> list[tuple[int, str]]:
    """How the builds differ: each difference with its line before, 0 where it has none."""
    from dlinter.proof import prove

    proof = prove(before.document, after.document, strict=True)
    return [(difference.before or 0, str(difference)) for difference in proof.differences]


def _frame(file: Dockerfile) -> object:
    """What is in no instruction: directives, comments after the last one, and what BuildKit has to say."""
    document = file.document
    directives = [(each.name.value, each.value.text) for each in document.directives]
    found = [detect_directive(document.text, name) for name in ("syntax", "check")]
    problems = [(problem.name, problem.level) for problem in document.problems]
    last = max((i.syntax.close for i in file.instructions), default=0)
    comments = _texts([comment for comment in document.comments if comment.start >= last])
    return document.bom, document.escape, directives, found, problems, comments


def _tokens(node: Node) -> object:
    syntax = node.syntax
    heredocs = [(each.name, each.chomp, each.expand, each.fd, each.content) for each in syntax.heredocs]
    return (
        _arguments(node, syntax),
        [word.text.lower() for word in keywords(syntax)],
        heredocs,
        _texts(syntax.comments),
        _texts(_above(node)),
    )


def _arguments(node: Node, syntax: Instruction) -> object:
    names = keywords(syntax)
    args: object = [arg.value for arg in syntax.args if arg not in names]
    if innermost(syntax) is syntax and (start := script_start(node)) is not None:
        args = _script(node, syntax, start)
    pairs = [(pair.key.value, None if pair.value is None else pair.value.value) for pair in syntax.pairs]
    flags = [(flag.name, None if flag.value is None else flag.value.value) for flag in syntax.flags]
    inner = None if syntax.inner is None else _arguments(node, syntax.inner)
    return syntax.form, flags, args, pairs, inner


def _script(node: Node, syntax: Instruction, start: int) -> object:
    tokens = script_tokens(node, start)
    return syntax.map.text[start:].rstrip(SPACE) if tokens is None else tokens.segments()


def _above(node: Node) -> list[Comment]:
    """The comments between the instruction and the one before it."""
    index = node.index
    start = node.file.instructions[index - 1].syntax.close if index else 0
    return [comment for comment in node.file.document.comments if start <= comment.start < node.start]


def _texts(comments: list[Comment]) -> list[str]:
    return [spaced(comment.text.rstrip(" \t\r")) for comment in comments]
