"""The gaps of a shell script: whatever its lexer skips between two tokens, at any depth."""

from __future__ import annotations

from dlinter_grammar.shell import Parser
from dlinter_grammar.shell_nodes import AndOr, Pipeline, ShellSyntaxError, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_grammar.shell_nodes import Script


class ShellTokens:
    """A parsed script. ``gaps`` are ``(start, end, kind)``: blanks and the token after them, in order.

    ``operators`` gives ``"&&"`` or ``"|"`` for where a list or a pipeline has an operator.
    """

    __slots__ = ("gaps", "operators", "root", "size", "text")

    def __init__(self, text: str, size: int, root: Script, gaps: dict[int, tuple[int, str]]) -> None:
        self.text = text
        self.size = size
        self.root = root
        self.gaps = [(gaps[end][0], end, gaps[end][1]) for end in sorted(gaps)]
        self.operators: dict[int, str] = {}
        for node in walk(root):
            if type(node) is AndOr or type(node) is Pipeline:
                kind = "&&" if type(node) is AndOr else "|"
                for operator in node.operators:
                    self.operators[operator.start] = kind

    def segments(self) -> list[str]:
        """The text between the gaps: equal for scripts that differ in layout only."""
        found = []
        at = 0
        for start, end, _ in self.gaps:
            if start > at:
                found.append(self.text[at:start])
            at = end
        found.append(self.text[at:])
        return found


class _Recorder(Parser):
    """Notes what is skipped before each token."""

    __slots__ = ("gaps",)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.gaps: dict[int, tuple[int, str]] = {}

    def next(self) -> str:
        before = self.at
        kind = super().next()
        start = self.at if self.value is None else self.value.start
        if start and not self.text[before:start].strip(" \t"):
            self.gaps[start] = before, kind
        return kind


def shell_tokens(line: str, bodies: str = "") -> ShellTokens | None:
    """The tokens of the script *line*, whose here-documents are *bodies*; None if it does not parse."""
    recorder = _Recorder(f"{line}\n{bodies}" if bodies else line)
    try:
        root = recorder.whole()
    except ShellSyntaxError:
        return None
    gaps = {end: (start, kind) for end, (start, kind) in recorder.gaps.items() if end < len(line)}
    return ShellTokens(line, len(line), root, gaps)
