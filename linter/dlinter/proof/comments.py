"""Comments: all of them survive, and those that silence a finding stay with their instruction."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.build import Build
    from dlinter_grammar.nodes import Comment, Document

_PRAGMA = re.compile(
    r"#\s*(?:dlint|hadolint|tally|checkov|trivy|kics|semgrep|nosec|nosemgrep|shellcheck|check=)\b", re.I
)


def is_pragma(comment: Comment) -> bool:
    """True if a tool may take *comment* for an order that holds for the instruction below it."""
    return _PRAGMA.match(comment.text.lstrip()) is not None


def lost(before: Build, after: Build) -> list[tuple[str, int]]:
    """What became of comments that it should not, each with its line before."""
    old, new = _comments(before.document), _comments(after.document)
    left = Counter(comment.text.strip() for comment in new)
    found = []
    for comment in old:
        text = comment.text.strip()
        if left[text]:
            left[text] -= 1
        else:
            found.append((f"the comment at line {comment.line} is gone: {text}", comment.line))
    if not found and any(is_pragma(comment) for comment in old):
        first, second = _pragmas(before.document, old), _pragmas(after.document, new)
        for number, (text, keyword, line) in enumerate(first):
            if number >= len(second) or second[number][:2] != (text, keyword):
                found.append((f"the comment at line {line} stands at another instruction now: {text}", line))
                break
    return found


def _comments(document: Document) -> list[Comment]:
    inner = [comment for instruction in document.instructions for comment in instruction.comments]
    return sorted(document.comments + inner, key=lambda comment: comment.start)


def _pragmas(document: Document, comments: list[Comment]) -> list[tuple[str, str, int]]:
    """Every pragma with the keyword of the instruction that it stands before, or in."""
    closes = [instruction.close for instruction in document.instructions]
    found = []
    for comment in comments:
        if is_pragma(comment):
            index = bisect_left(closes, comment.end)
            following = document.instructions[index].keyword if index < len(closes) else ""
            found.append((comment.text.strip(), following, comment.line))
    return found
