"""Semantic tokens: the colours of keywords, flags, names, values, comments and of the shell inside RUN."""

from __future__ import annotations

import re
from bisect import bisect_left

from dlinter.images import Reference
from dlinter.pragmas import named_shells, pragma_of
from dlinter.server.features import SemanticToken
from dlinter.server.features.shell_tokens import shell_tokens
from dlinter.tree import (
    Arg,
    Cmd,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    Unknown,
)
from dlinter_grammar.dialects import dialect as dialect_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.server.features.shell_tokens import Piece
    from dlinter.tree import Comment, Dockerfile, Flag, Heredoc, Instruction, Token

_DECLARED = ("declaration",)
_DEPRECATED = ("deprecated",)
_VARIABLE = re.compile(r"\$(?:[A-Za-z_]\w*|\{[^}\s]*\}?)", re.A)
_WORDS = re.compile(r"[\w.-]+")
_FIELD = re.compile(r"([^=,]*)(=?)([^,]*)(,?)")
_PORT = re.compile(r"([\d-]+)(/\w+)?", re.A)
#: for the shells of Windows: no more than strings, variables, options and comments
_WINDOWS = re.compile(
    r"""(?P<string>"[^"\n]*"?|'[^'\n]*'?)|(?P<variable>\$\{?[\w:]+\}?|%\w+%)|(?P<parameter>(?<=\s)-[A-Za-z][\w-]*)"""
    r"""|(?P<operator>&&|\|\||[|;&])|(?P<comment>(?m:^[ \t]*\#[^\n]*))""",
    re.A,
)


def tokens(file: Dockerfile, start: int = 0, end: int | None = None) -> list[SemanticToken]:
    """The tokens that touch ``start``-``end`` (the whole file by default): in order, never overlapping, none over a
    line end.
    """
    end = len(file.text) if end is None else end
    pieces: list[Piece] = []
    dialects = _Dialects(file)
    for directive in file.directives:
        pieces += _directive(directive.start, directive.name, directive.value)
    for comment in file.comments:
        if comment.end >= start and comment.start <= end:
            pieces += _comment(comment)
    for instruction in file.instructions:
        if instruction.start <= end and max(instruction.end, instruction.syntax.close) >= start:
            pieces += _instruction(instruction, dialects)
    pieces.sort(key=lambda piece: piece[0])
    return list(_lines(file, pieces, start, end))


def _lines(file: Dockerfile, pieces: list[Piece], first: int, last: int) -> Iterator[SemanticToken]:
    """*pieces* cut at line ends, without those that begin before the end of the one before."""
    text = file.text
    at = 0
    for start, end, kind, modifiers in pieces:
        if start < at:
            start = at
        if start >= end or end <= first or start >= last:
            continue
        at = end
        if text.find("\n", start, end) < 0:
            yield SemanticToken(start, end, kind, modifiers)
            continue
        while start < end:
            stop = text.find("\n", start, end)
            stop = end if stop < 0 else stop
            part = text[start:stop]
            left = start + len(part) - len(part.lstrip(" \t\r"))
            right = start + len(part.rstrip(" \t\r"))
            if right > left and not (right == left + 1 and text[left] == file.escape and stop < end):
                yield SemanticToken(left, right, kind, modifiers)
            start = stop + 1


def _directive(start: int, name: Token, value: Token) -> Iterator[Piece]:
    yield start, name.start, "comment", ()
    yield name.start, name.end, "keyword", ()
    yield name.end, value.start, "operator", ()
    yield value.start, value.end, "string", ()


def _comment(comment: Comment) -> Iterator[Piece]:
    pragma = pragma_of(comment) if "ignore" in comment.text.lower() else None
    if pragma is None:
        yield comment.start, comment.end, "comment", ()
        return
    yield comment.start, pragma.start, "comment", ("documentation",)
    text = comment.text[pragma.start - comment.start : pragma.end - comment.start]
    for match in _WORDS.finditer(text):
        yield pragma.start + match.start(), pragma.start + match.end(), "macro", ()
    yield pragma.end, comment.end, "comment", ()


# -- instructions ------------------------------------------------------------------------------------------------------


def _instruction(instruction: Instruction, dialects: _Dialects) -> list[Piece]:
    name = instruction.name
    deprecated = _DEPRECATED if isinstance(instruction, Maintainer) else ()
    pieces: list[Piece] = []
    if not isinstance(instruction, Unknown):
        pieces.append((name.start, name.end, "keyword", deprecated))
    for flag in instruction.flags:
        pieces += _flag(instruction, flag)
    if isinstance(instruction, Onbuild):
        return pieces + (_instruction(instruction.inner, dialects) if instruction.inner is not None else [])
    if isinstance(instruction, (Run, Cmd, Entrypoint, Healthcheck)):
        pieces += _command(instruction, dialects)
    else:
        pieces += _arguments(instruction)
    return pieces


def _flag(instruction: Instruction, flag: Flag) -> Iterator[Piece]:
    value = flag.value
    if value is None:
        yield flag.start, flag.end, "parameter", ()
        return
    yield flag.start, value.start - 1, "parameter", ()
    yield value.start - 1, value.start, "operator", ()
    text = instruction.file.text
    if flag.name == "mount":
        yield from _fields(text, value)
    elif flag.name == "from":
        yield value.start, value.end, "namespace", ()
    else:
        yield from _with_variables(text, value.start, value.end, "string")


def _fields(text: str, value: Token) -> Iterator[Piece]:
    """``key=value`` with commas between."""
    for match in _FIELD.finditer(text, value.start, value.end):
        if match.end(1) > match.start(1):
            yield match.start(1), match.end(1), "property", ()
        if match[2]:
            yield match.start(2), match.end(2), "operator", ()
            kind = "namespace" if match[1].strip().lower() == "from" else "string"
            yield from _with_variables(text, match.start(3), match.end(3), kind)
        if match[4]:
            yield match.start(4), match.end(4), "operator", ()


def _with_variables(text: str, start: int, end: int, kind: str) -> Iterator[Piece]:
    """``text[start:end]`` as *kind* but for the variables in it."""
    at = start
    if text.find("$", start, end) >= 0:
        for match in _VARIABLE.finditer(text, start, end):
            if match.start() > at:
                yield at, match.start(), kind, ()
            yield match.start(), match.end(), "variable", ()
            at = match.end()
    if end > at:
        yield at, end, kind, ()


def _arguments(instruction: Instruction) -> Iterator[Piece]:
    text = instruction.file.text
    if isinstance(instruction, From):
        yield from _from(instruction)
    elif isinstance(instruction, (Arg, Env, Label)):
        kind = "property" if isinstance(instruction, Label) else "variable"
        for pair in instruction.pairs:
            yield pair.key.start, pair.key.end, kind, _DECLARED
            if pair.value is not None:
                if pair.value.start > pair.key.end and instruction.form != "legacy":
                    yield pair.key.end, pair.key.end + 1, "operator", ()
                yield from _with_variables(text, pair.value.start, pair.value.end, "string")
    elif isinstance(instruction, Expose):
        for token in instruction.args:
            match = _PORT.fullmatch(text, token.start, token.end)
            if match is None:
                yield from _with_variables(text, token.start, token.end, "string")
                continue
            yield match.start(1), match.end(1), "number", ()
            if match[2]:
                yield match.start(2), match.end(2), "property", ()
    elif isinstance(instruction, Stopsignal):
        for token in instruction.args:
            yield from _with_variables(text, token.start, token.end, "number" if token.value.isdigit() else "macro")
    else:
        yield from _words(instruction)


def _from(instruction: From) -> Iterator[Piece]:
    text = instruction.file.text
    image, stage = instruction.image, instruction.stage
    if image is not None:
        if stage is not None and instruction.file.facts.parent(stage) is not None and "$" not in image.value:
            yield image.start, image.end, "namespace", ()
        else:
            name = image.start + len(Reference(image.value).name) if "$" not in image.value else image.end
            yield from _with_variables(text, image.start, min(name, image.end), "class")
            if name < image.end:
                yield name, name + 1, "operator", ()
                yield name + 1, image.end, "property", ()
    if instruction.as_keyword is not None:
        yield instruction.as_keyword.start, instruction.as_keyword.end, "keyword", ()
    if instruction.alias is not None:
        yield instruction.alias.start, instruction.alias.end, "namespace", _DECLARED
    for token in instruction.args[1:] if len(instruction.args) != 3 else ():
        yield token.start, token.end, "string", ()


def _words(instruction: Instruction) -> Iterator[Piece]:
    text = instruction.file.text
    heredocs = {heredoc.word.start for heredoc in instruction.heredocs}
    for token in instruction.args:
        if token.start not in heredocs:
            yield from _with_variables(text, token.start, token.end, "string")
    for heredoc in instruction.heredocs:
        yield from _heredoc_word(heredoc)
        yield from _body(instruction, heredoc, expand=heredoc.expand)


# -- commands ----------------------------------------------------------------------------------------------------------


class _Dialects:
    """The shell of each instruction; asked for once for all that stand between two SHELLs of a stage."""

    __slots__ = ("_known", "_named", "_shells")

    def __init__(self, file: Dockerfile) -> None:
        self._known: dict[tuple[int, int], str] = {}
        self._named = bool(named_shells(file))
        self._shells = [each.start for each in file.instructions if isinstance(each, Shell)]

    def of(self, instruction: Instruction) -> str:
        facts = instruction.file.facts
        if self._named or instruction.stage is None:
            return facts.dialect(instruction)
        place = instruction.stage.index, bisect_left(self._shells, instruction.start)
        if place not in self._known:
            self._known[place] = facts.dialect(instruction)
        return self._known[place]


def _command(instruction: Instruction, dialects: _Dialects) -> Iterator[Piece]:
    syntax, text = instruction.syntax, instruction.file.text
    if isinstance(instruction, Healthcheck) and instruction.kind is not None:
        yield instruction.kind.start, instruction.kind.end, "keyword", ()
    if instruction.form == "json":
        for token in instruction.args:
            yield token.start, token.end, "string", ()
        return
    if not instruction.args:
        return
    argument = instruction.args[0]
    dialect = dialects.of(instruction)
    alone = len(syntax.heredocs) == 1 and syntax.heredocs[0].word.text.strip() == argument.text.strip()
    if alone:
        yield from _heredoc_word(syntax.heredocs[0])
    elif dialect in ("powershell", "cmd"):
        for match in _WINDOWS.finditer(text, argument.start, argument.end):
            yield match.start(), match.end(), match.lastgroup or "string", ()
    else:
        yield from shell_tokens(text, argument.start, argument.end, instruction.file.escape, script=False)
    for heredoc in syntax.heredocs:
        body = _shell_of(heredoc, argument.text, dialect if alone else "")
        if body in ("sh", "bash"):
            yield from shell_tokens(text, heredoc.start, heredoc.end, "\\", script=True)
            yield from _terminator(text, heredoc)
        else:
            yield from _body(instruction, heredoc, expand=heredoc.expand and not alone)


def _shell_of(heredoc: Heredoc, command: str, dialect: str) -> str:
    """What runs the body: the *dialect* of a script of its own, a shell that the *command* starts; "" for data."""
    first = heredoc.content.lstrip("\t").split("\n", 1)[0]
    if dialect and first.startswith("#!"):
        words = [word for word in first[2:].split() if not word.endswith("/env") and not word.startswith("-")]
        return dialect_of(words) if words else ""
    if dialect:
        return dialect
    words = command.split("<<", 1)[0].split()
    name = words[0].rsplit("/", 1)[-1] if words else ""
    return "sh" if name in ("sh", "bash", "ash", "dash") else ""


def _heredoc_word(heredoc: Heredoc) -> Iterator[Piece]:
    word = heredoc.word
    operator = word.start + len(word.text) - len(word.text.lstrip("0123456789<-"))
    yield word.start, operator, "operator", ()
    yield operator, word.end, "macro", ()


def _body(instruction: Instruction, heredoc: Heredoc, *, expand: bool) -> Iterator[Piece]:
    text = instruction.file.text
    if expand:
        yield from _with_variables(text, heredoc.start, heredoc.end, "string")
    elif heredoc.end > heredoc.start:
        yield heredoc.start, heredoc.end, "string", ()
    yield from _terminator(text, heredoc)


def _terminator(text: str, heredoc: Heredoc) -> Iterator[Piece]:
    if heredoc.terminated:
        at = text.find(heredoc.name, heredoc.end, heredoc.close)
        if at >= 0 and heredoc.name:
            yield at, at + len(heredoc.name), "macro", ()
