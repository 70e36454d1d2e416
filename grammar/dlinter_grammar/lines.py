"""Physical lines to logical ones: directives, comments, continuations (parser.go, Parse)."""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_grammar.directives import read_directives
from dlinter_grammar.flags import utf8
from dlinter_grammar.nodes import Comment, Document, Heredoc, Span, TextMap
from dlinter_grammar.problems import problem
from dlinter_grammar.spaces import SPACE

#: a line that looks like an instruction: where an unterminated heredoc is taken to end
_INSTRUCTION = re.compile(
    "(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER"
    "|VOLUME|WORKDIR)[ \t]"
)
#: A physical line may have that many bytes before its line feed (bufio.MaxScanTokenSize - 1).
MAX_LINE = 65535
TOO_LONG = f"dockerfile line greater than max allowed size of {MAX_LINE}"
NO_INSTRUCTIONS = "file with no instructions"


class LogicalLine:
    """A line with its continuations: what an instruction is read from.

    ``number`` is its first physical line, ``start`` the file offset of its first non-blank character.
    """

    __slots__ = ("blanks", "comments", "map", "number", "prev_comments", "start")

    def __init__(self, number: int, start: int, text_map: TextMap, prev_comments: list[Comment]) -> None:
        self.number = number
        self.start = start
        self.map = text_map
        self.prev_comments = prev_comments
        self.comments: list[Comment] = []
        self.blanks: list[Span] = []


class Reader:
    """Hands out the logical lines and heredoc bodies of a document.

    ``position`` is the offset of the next physical line, ``line`` the number of physical lines read so far.
    """

    __slots__ = ("_pending", "_terminators", "document", "escape", "line", "position", "size", "text")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.size = len(document.text)
        self.position, self.line = read_directives(document)
        self.escape = document.escape
        self._pending: list[Comment] = []
        self._terminators: Terminators | None = None

    def logical_line(self) -> LogicalLine | None:
        """The next logical line, or None at the end; comments on the way go to the document."""
        text, size, escape = self.text, self.size, self.escape
        position = self.position
        while position < size:
            after = text.find("\n", position) + 1 or size
            raw = text[position:after].rstrip("\r\n")
            self.line += 1
            if after - position > MAX_LINE // 4:
                self._measure(position, after, TOO_LONG if self.document.instructions else NO_INSTRUCTIONS)
            body = raw.lstrip(SPACE)
            start = position + len(raw) - len(body)
            if not body:
                position = after
                continue
            if body[0] == "#":
                self._comment(start, body, indent=raw[: start - position])
                position = after
                continue
            self.position = after
            pending, self._pending = self._pending, []
            kept = body.rstrip(" \t")
            if kept[-1] == escape and (len(kept) == 1 or kept[-2] != escape):
                return self._continued(start, kept[:-1], pending)
            return LogicalLine(self.line, start, TextMap(body, (0,), (start,)), pending)
        self.position = position
        return None

    def _continued(self, start: int, first: str, pending: list[Comment]) -> LogicalLine:
        """A line whose first physical line ends with the escape token."""
        text, size, escape = self.text, self.size, self.escape
        pieces, offsets, sources, length = [first], [0], [start], len(first)
        logical = LogicalLine(self.line, start, TextMap("", offsets, sources), pending)
        position = self.position
        more = True
        while more and position < size:
            after = text.find("\n", position) + 1 or size
            raw = text[position:after].rstrip("\r\n")
            self.line += 1
            if after - position > MAX_LINE // 4:
                # the scanner, asked once more, hands out the beginning of the line
                self._measure(position, after, TOO_LONG, self.line)
            body = raw.lstrip(SPACE)
            if not body:
                logical.blanks.append(Span(position, after))
            elif body[0] == "#":
                begin = position + len(raw) - len(body)
                logical.comments.append(Comment(begin, begin + len(body), body, self.line))
            else:
                kept = raw.rstrip(" \t")
                more = kept[-1] == escape and (len(kept) == 1 or kept[-2] != escape)
                piece = kept[:-1] if more else raw
                if not length:
                    # what comes before the first non-blank character is trimmed by splitCommand
                    piece = piece.lstrip(SPACE)
                    sources[0] = logical.start = position + len(raw) - len(body)
                    pieces[0] = piece
                    length = len(piece)
                elif piece:
                    pieces.append(piece)
                    offsets.append(length)
                    sources.append(position)
                    length += len(piece)
            position = after
        self.position = position
        logical.map.text = "".join(pieces)
        return logical

    def _comment(self, start: int, body: str, indent: str) -> None:
        comment = Comment(start, start + len(body), body, self.line)
        if indent:
            # BuildKit cuts one byte, be it the "#", a blank, or a part of a blank
            rest = utf8(indent[0])[1:].decode("utf-8", "surrogateescape")
            comment.value = (rest + indent[1:] + body).strip(SPACE)
        self.document.comments.append(comment)
        if comment.value:
            self._pending.append(comment)
        else:
            self._pending.clear()

    def _measure(self, start: int, end: int, message: str, line: int | None = None) -> None:
        """Complain about a line that is too long; BuildKit takes it for the end of the file and says so or so."""
        content = self.text[start:end].removesuffix("\n")
        try:
            length = len(content.encode("utf-8", "surrogateescape"))
        except UnicodeEncodeError:
            length = len(content.encode("utf-8", "surrogatepass"))
        if length > MAX_LINE:
            number = self.line - 1 if line is None else line
            self.document.problems.append(problem("line-too-long", (start, end), number, message))

    def heredoc_body(self, heredoc: Heredoc, instruction: int) -> None:
        """Take the body of *heredoc*, of the instruction at line *instruction*, from the next physical lines.

        BuildKit gives up on an unterminated one. Here its body ends before the next line that looks like an
        instruction: the rest of the file stays readable.
        """
        text, size = self.text, self.size
        name, chomp = heredoc.name, heredoc.chomp
        heredoc.start = position = self.position
        if self._terminators is None:
            lines = 0
            while position < size:
                after = text.find("\n", position) + 1 or size
                line = text[position:after].rstrip("\r\n")
                lines += 1
                if after - position > MAX_LINE // 4:
                    self._measure(position, after, "unterminated heredoc", instruction)
                if line == name or (chomp and line.lstrip("\t") == name):
                    self._end_body(heredoc, position, after, self.line + lines)
                    return
                position = after
            # look up all further ones: a search to the end of the file for each would be quadratic
            self._terminators = Terminators(text, self.position, self.line)
        found = self._terminators.find(name, chomp, self.position)
        if found is not None:
            self._end_body(heredoc, *found)
            return
        position = self.position
        while position < size and not _INSTRUCTION.match(text, position):
            position = text.find("\n", position) + 1 or size
            self.line += 1
        heredoc.end = heredoc.close = self.position = position
        heredoc.content = text[heredoc.start : position]

    def _end_body(self, heredoc: Heredoc, end: int, close: int, line: int) -> None:
        heredoc.end = end
        heredoc.close = self.position = close
        heredoc.content = self.text[heredoc.start : end]
        heredoc.terminated = True
        self.line = line


class Terminators:
    """Where each text stands as a whole line, from *position* on, *line* lines having been read before it."""

    __slots__ = ("_exact", "_untabbed")

    def __init__(self, text: str, position: int, line: int) -> None:
        #: text -> (offset, offset of the next line, line number), last line first
        self._exact: dict[str, list[tuple[int, int, int]]] = {}
        #: the same without leading tabs
        self._untabbed: dict[str, list[tuple[int, int, int]]] = {}
        entries = []
        while position < len(text):
            after = text.find("\n", position) + 1 or len(text)
            line += 1
            entries.append((position, after, line))
            position = after
        for entry in reversed(entries):
            content = text[entry[0] : entry[1]].rstrip("\r\n")
            self._exact.setdefault(content, []).append(entry)
            self._untabbed.setdefault(content.lstrip("\t"), []).append(entry)

    def find(self, name: str, chomp: bool, position: int) -> tuple[int, int, int] | None:
        """The first line at or after *position* that is *name*; *position* must not fall from call to call."""
        lines = (self._untabbed if chomp else self._exact).get(name, [])
        while lines and lines[-1][0] < position:
            lines.pop()
        return lines[-1] if lines else None
