"""What the grammar hands out: nodes that know where they stand in the file.

Every offset is a character offset into the decoded text of the whole file (``str`` index), every
line number is 1-based. ``text`` is what stands there with line continuations folded away.
"""

from __future__ import annotations

from bisect import bisect_right

from dlinter_grammar.spaces import SPACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Span:
    """A half-open range ``start``-``end`` of the file."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.start}, {self.end})"


class Token(Span):
    """A word or a string: ``text`` as written with continuations folded, ``value`` as BuildKit stores it.

    The two differ in JSON form, where ``text`` is the quoted string and ``value`` the decoded one; in flags, where
    ``value`` has no quotes; and where BuildKit drops or replaces characters (bytes that are no UTF-8).
    """

    __slots__ = ("text", "value")

    def __init__(self, start: int, end: int, text: str, value: str | None = None) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.value = text if value is None else value

    def __repr__(self) -> str:
        return f"Token({self.start}, {self.end}, {self.text!r})"


class TextMap:
    """A text put together from pieces of the file, and the way back from its offsets to the file's.

    ``offsets[i]`` is where piece *i* begins in ``text``, ``sources[i]`` where it begins in the file.
    """

    __slots__ = ("offsets", "sources", "text")

    def __init__(self, text: str, offsets: Sequence[int], sources: Sequence[int]) -> None:
        self.text = text
        self.offsets = offsets
        self.sources = sources

    def at(self, offset: int) -> int:
        """The file offset of the character at *offset*."""
        piece = bisect_right(self.offsets, offset) - 1
        return self.sources[piece] + offset - self.offsets[piece]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The file range of ``text[start:end]``; an end at a border belongs to the piece before it."""
        if end <= start:
            at = self.at(start)
            return at, at
        return self.at(start), self.at(end - 1) + 1


class Comment(Span):
    """A comment from its ``#`` to the end of the line (line end left out): ``text`` is all of it, ``#`` included.

    ``value`` is what BuildKit keeps of it in ``PrevComment``: blanks at both ends cut, and without the ``#`` unless
    the comment is indented.
    """

    __slots__ = ("line", "text", "value")

    def __init__(self, start: int, end: int, text: str, line: int) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.line = line
        self.value = text[1:].strip(SPACE)


class Directive(Span):
    """A parser directive such as ``# escape=```: ``name`` in lower case, ``value`` as written, both with spans."""

    __slots__ = ("line", "name", "value")

    def __init__(self, start: int, end: int, name: Token, value: Token, line: int) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.value = value
        self.line = line


class Flag(Span):
    """``--name=value`` before the arguments. ``value`` is None where there is no ``=``; its ``value`` has no quotes."""

    __slots__ = ("name", "value")

    def __init__(self, start: int, end: int, name: str, value: Token | None) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.value = value


class Heredoc(Span):
    """One here-document. ``start``-``end`` is the body in the file, up to but without the line of the terminator.

    ``close`` is the end of the terminator's line (line end included); ``word`` the ``<<EOF`` word in the instruction.
    ``content`` is the body as in the file (tabs of ``<<-`` kept). ``fd`` is None or the number before ``<<``.
    A heredoc that is not ``terminated`` ends before the next line that looks like an instruction; a later one of the
    same instruction is empty.
    """

    __slots__ = ("chomp", "close", "content", "expand", "fd", "name", "terminated", "word")

    def __init__(self, word: Token, name: str, chomp: bool, expand: bool, fd: int | None = None) -> None:
        self.start = -1
        self.end = -1
        self.word = word
        self.name = name
        self.chomp = chomp
        self.expand = expand
        self.fd = fd
        self.close = -1
        self.content = ""
        self.terminated = False


class Pair(Span):
    """``key=value`` of ENV, LABEL and ARG, quotes kept. ``value`` is None for ``ARG name`` and where it is missing."""

    __slots__ = ("key", "value")

    def __init__(self, start: int, end: int, key: Token, value: Token | None) -> None:
        self.start = start
        self.end = end
        self.key = key
        self.value = value


class Instruction(Span):
    """One instruction as BuildKit's parser sees it.

    ``start`` is the first character of the keyword; ``end`` the end of the logical line's last character,
    heredoc bodies not included (``close`` is the end of the last physical line read, terminators and line end
    included). ``line``/``last_line`` are BuildKit's StartLine and EndLine.

    ``args`` is BuildKit's chain of ``Next`` nodes (for ENV and LABEL the flattened key/value/separator chain is
    ``pairs``; ``args`` is then empty). ``form`` says how they were read:

    ``"json"``    a JSON array (``args`` are its strings)
    ``"shell"``   the rest as one string, possibly none (CMD, ENTRYPOINT, RUN, SHELL, HEALTHCHECK CMD)
    ``"words"``   words (FROM, EXPOSE, COPY, ADD, VOLUME)
    ``"text"``    the rest as one argument (WORKDIR, USER, STOPSIGNAL, MAINTAINER)
    ``"pairs"``   ``key=value`` words (ENV, LABEL, ARG)
    ``"legacy"``  ``ENV key the rest`` (exactly one pair)
    ``"none"``    nothing could be read (an error says why), or an unknown keyword

    HEALTHCHECK: ``kind`` is the word NONE or CMD (or whatever stands there) and ``args`` what follows it.
    ONBUILD: ``inner`` is the trigger instruction, with its own flags and arguments; it shares ``map`` and, if it can
    have them, ``heredocs`` with the instruction around it.
    ``map`` is the logical line from its first non-blank character; ``rest`` the offset in ``map.text`` at which the
    arguments after the flags begin (== len(map.text) if there are none).
    """

    __slots__ = (
        "args",
        "blanks",
        "close",
        "comments",
        "flags",
        "form",
        "heredocs",
        "inner",
        "keyword",
        "kind",
        "last_line",
        "line",
        "map",
        "name",
        "pairs",
        "prev_comments",
        "rest",
    )

    def __init__(self, start: int, end: int, name: Token, line: int, text_map: TextMap) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.keyword = name.text.lower()
        self.line = line
        self.last_line = line
        self.close = end
        self.map = text_map
        self.rest = len(text_map.text)
        self.flags: list[Flag] = []
        self.args: list[Token] = []
        self.pairs: list[Pair] = []
        self.form = "none"
        self.kind: Token | None = None
        self.inner: Instruction | None = None
        self.heredocs: list[Heredoc] = []
        #: comments inside the continuation
        self.comments: list[Comment] = []
        #: empty lines inside the continuation, each with its line end
        self.blanks: list[Span] = []
        #: the comments before it that BuildKit calls PrevComment (since the last instruction or empty comment)
        self.prev_comments: list[Comment] = []

    def __repr__(self) -> str:
        return f"Instruction({self.map.text!r})"


class SyntaxProblem(Span):
    """Something BuildKit would refuse. ``name`` is a key of :data:`dlinter_grammar.problems.PROBLEMS`.

    ``level`` is ``"parser"`` (the whole file is rejected), ``"instruction"`` or ``"dispatch"``; ``message`` is
    BuildKit's own text without the ``dockerfile parse error on line N:`` prefix; ``suggestion`` a replacement for
    the text at the span, or None.
    """

    __slots__ = ("level", "line", "message", "name", "suggestion")

    def __init__(
        self, start: int, end: int, name: str, level: str, line: int, message: str, suggestion: str | None = None
    ) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.level = level
        self.line = line
        self.message = message
        self.suggestion = suggestion

    def __repr__(self) -> str:
        return f"SyntaxProblem({self.name!r}, {self.level!r}, line {self.line}, {self.message!r})"


class Document:
    """A parsed file. ``comments`` are all comments outside continuations that are not directives, in order."""

    __slots__ = ("bom", "comments", "directives", "escape", "instructions", "problems", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.bom = False
        self.escape = "\\"
        self.directives: list[Directive] = []
        self.comments: list[Comment] = []
        self.instructions: list[Instruction] = []
        self.problems: list[SyntaxProblem] = []
