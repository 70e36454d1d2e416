"""The gaps of a shell script: whatever its lexer skips between two tokens, at any depth."""

from __future__ import annotations

from dlinter_grammar.shell import Parser
from dlinter_grammar.shell_nodes import AndOr, Compound, Operator, Pipeline, ShellSyntaxError, Simple, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_grammar.shell_nodes import Part, Script


class ShellTokens:
    """A parsed script. ``gaps`` are ``(start, end, kind)``: blanks and the token after them, in order.

    ``operators`` gives ``"&&"`` or ``"|"`` for where a list or a pipeline has an operator.
    """

    __slots__ = ("gaps", "operators", "root", "text")

    def __init__(self, text: str, root: Script, gaps: dict[int, tuple[int, str]], operators: dict[int, str]) -> None:
        self.text = text
        self.root = root
        self.gaps = [(start, end, kind) for end, (start, kind) in gaps.items()]
        self.operators = operators

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
    """Notes what is skipped before each token, but for those in ``${ }``, arithmetic and here-documents' names."""

    __slots__ = ("gaps", "inside")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.gaps: dict[int, tuple[int, str]] = {}
        self.inside = 0

    def next(self) -> str:
        before = self.at
        kind = super().next()
        start = self.at if self.value is None else self.value.start
        if start and not self.inside and not self.text[before:start].strip(" \t"):
            self.gaps[start] = before, kind
        return kind

    def brace(self, start: int, inner: int, parts: list[Part], quoted: bool) -> int:
        with self:
            return super().brace(start, inner, parts, quoted)

    def paired(self, start: int, opening: str, closing: str, parts: list[Part], subscript: bool = False) -> int:
        with self:
            return super().paired(start, opening, closing, parts, subscript)

    def target(self, start: int) -> str:
        if type(self.value) is Operator and self.value.text in ("<<", "<<-"):
            with self:
                return super().target(start)
        return super().target(start)

    def __enter__(self) -> None:
        self.inside += 1

    def __exit__(self, *_: object) -> None:
        self.inside -= 1


def shell_tokens(line: str, bodies: str = "") -> ShellTokens | None:
    """The tokens of the script *line*, whose here-documents are *bodies*.

    None if it does not parse, or defines an alias: then what looks like blanks between words may be anything.
    """
    recorder = _Recorder(f"{line}\n{bodies}" if bodies else line)
    try:
        root = recorder.whole()
    except ShellSyntaxError:
        return None
    kept: list[tuple[int, int]] = []
    operators: dict[int, str] = {}
    for node in walk(root):
        if type(node) is AndOr or type(node) is Pipeline:
            kind = "&&" if type(node) is AndOr else "|"
            operators.update((operator.start, kind) for operator in node.operators)
        elif type(node) is Compound and _is_kept(node, recorder.text):
            kept.append((node.start, node.end))
        elif type(node) is Simple and node.words and node.words[0].value == "alias":
            return None
    gaps: dict[int, tuple[int, str]] = {}
    inside = 0
    at = 0
    for end in sorted(recorder.gaps):
        while at < len(kept) and kept[at][0] < end:
            inside = max(inside, kept[at][1])
            at += 1
        if inside <= end < len(line):
            gaps[end] = recorder.gaps[end]
    return ShellTokens(line, root, gaps, operators)


def _is_kept(node: Compound, text: str) -> bool:
    """True for what shells read by rules of their own: ``[[ ]]``, ``(( ))``, and ``case`` with ``;&``."""
    return node.kind in ("test", "arith") or (node.kind == "case" and ";&" in text[node.start : node.end])
