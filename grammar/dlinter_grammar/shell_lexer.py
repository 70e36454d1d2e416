"""Cuts a shell script into the tokens of ``shell.lark``.

``position`` says where the next token stands (``shell_positions.py``); the parser needs no say in it.
"""

from __future__ import annotations

from dlinter_grammar import regex as re

from .shell_globs import split_globs, split_tildes
from .shell_heredocs import HereDocuments, delimiter
from .shell_nodes import Assignment, Literal, Operator, Part, ShellWord
from .shell_positions import (
    AFTER_WORD,
    ARGUMENTS,
    ASSIGNING,
    BANGED,
    BINARY,
    CASE_IN,
    CASE_SUBJECT,
    CLAUSE,
    CLOSING,
    COMMAND,
    DECLARATION,
    DECLARING,
    FOR_IN,
    FOR_NAME,
    LEFT_OPERAND,
    NO_TIME,
    OPENING,
    PATTERN_NEXT,
    PATTERN_WORD,
    PIPED,
    PREFIX,
    RESERVED,
    RESERVING,
    RIGHT_OPERAND,
    TARGET,
    TERM,
    TERM_END,
    TESTING,
    UNARY,
    UNARY_OPERAND,
)
from .shell_words import CASE, PLAIN, REGEX, VALUE

# A backslash at the very end is a line continuation: bash's shell_getc ends every script with a newline.
_BLANK = re.compile(r"(?:[ \t]++|\\(?:\n|\Z))*+(?:#[^\n]*+)?")
_PLAIN = re.compile(r"""[^ \t\n;&|<>()$`"'\\*?\[{~]++(?=[ \t\n;&|)]|\Z)""")
_OPERATOR = re.compile(
    r"[\n()]|;(?:(?:\\\n)*+(?:;(?:(?:\\\n)*+&)?|&))?|&(?:(?:\\\n)*+&|(?!(?:\\\n)*+>))|\|(?:(?:\\\n)*+[|&])?"
)
_REDIRECTION = re.compile(
    r"&(?:\\\n)*+>(?:(?:\\\n)*+>)?"
    r"|<(?:(?:\\\n)*+(?:<(?:(?:\\\n)*+[-<])?|[&>])|(?!(?:\\\n)*+\())"
    r"|>(?:(?:\\\n)*+[>&|]|(?!(?:\\\n)*+\())"
)
_FD = re.compile(r"(?:[0-9]{1,9}|\{[A-Za-z_][A-Za-z_0-9]*+(?:\[[^\]\s]*\])?\})(?=[<>])")
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z_0-9]*+)(?:(\+?=)|\[)")
_ASSIGNED = re.compile(r"\+?=")
_TIME_OPTIONS = re.compile(r"(?:[ \t]++-p(?=[ \t\n;&|<>()]|\Z))?(?:[ \t]++--(?=[ \t\n;&|<>()]|\Z))?")

_OPERATORS = {
    "\n": "NEWLINE",
    ";": "SEMI",
    "&": "AMP",
    "&&": "AND",
    "||": "OR",
    "|": "PIPE",
    "|&": "PIPE_AMP",
    ";;": "CLAUSE_END",
    ";&": "CLAUSE_END",
    ";;&": "CLAUSE_END",
    "(": "LPAR",
    ")": "RPAR",
}


class Lexer(HereDocuments):
    """Tokens of one script: ``next`` moves on and returns the kind of the token, ``value`` holds its node."""

    __slots__ = ("after_target", "position", "subject", "value")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.position = COMMAND
        self.after_target = ARGUMENTS
        self.subject = FOR_IN
        self.value: Operator | ShellWord | Assignment | None = None

    def next(self) -> str:
        """The kind of the next token, ``"$END"`` at the end."""
        text = self.text
        end = self.end
        start = _BLANK.match(text, self.at, end).end()  # type: ignore[union-attr]
        found = _PLAIN.match(text, start, end)
        if found is not None:
            at = found.end()
            if self.position == ARGUMENTS:
                self.at = at
                word = text[start:at]
                self.value = ShellWord(start, at, word, (Literal(start, at, False, word),))
                return "WORD"
            return self.plain(start, at)
        if start >= end:
            self.at = start
            if self.position == BANGED:
                self.position = NO_TIME
                return self.token("NOTHING", start, start)
            self.value = Operator(start, start, "")
            return "$END"
        c = text[start]
        position = self.position
        if position == RIGHT_OPERAND and self.subject == REGEX and c != "\n":
            return self.expanding(start)
        if c in "\n;&|()" and (operator := _OPERATOR.match(text, start, end)) is not None:
            return self.operator(start, operator.end(), operator[0])
        if c in "<>&" and (operator := _REDIRECTION.match(text, start, end)) is not None:
            return self.redirection(start, operator.end(), operator[0])
        if (c.isdigit() or c == "{") and (fd := self.descriptor(start)):
            self.at = fd
            return self.token("FD", start, self.at)
        return self.expanding(start)

    def token(self, kind: str, start: int, end: int, text: str | None = None) -> str:
        """Makes the token; *text* where line continuations are cut out."""
        self.value = Operator(start, end, self.text[start:end] if text is None else text)
        return kind

    # -- operators ------------------------------------------------------------------------------------------------

    def operator(self, start: int, end: int, text: str) -> str:
        """A control operator, and what it says about the next token."""
        if len(text) > 1 and "\\" in text:
            text = text.replace("\\\n", "")
        kind = _OPERATORS[text]
        position = self.position
        if text == "(" or text == ")":
            return self.parenthesis(start, text)
        if position == BANGED and (text == "\n" or text == ";"):
            self.at = start
            self.position = NO_TIME
            return self.token("NOTHING", start, start)
        self.at = end
        if text == "\n":
            if self.pending or self.early:
                self.here_documents()
            if position == TERM or position == TERM_END:
                self.skip_lines()
                return Lexer.next(self)
            if position != CLAUSE and position != PIPED:
                self.position = COMMAND
        elif kind == "CLAUSE_END":
            self.position = CLAUSE
        elif position in TESTING:
            self.position = TERM
        elif text == "|":
            self.position = PATTERN_WORD if position == PATTERN_NEXT else PIPED
        else:
            self.position = PIPED if text == "|&" else COMMAND
        self.value = Operator(start, end, text)
        return kind

    def skip_lines(self) -> None:
        """Passes over line ends, blanks and comments: cond_skip_newlines."""
        while True:
            start = _BLANK.match(self.text, self.at, self.end).end()  # type: ignore[union-attr]
            if not self.text.startswith("\n", start) or start >= self.end:
                return
            self.at = start + 1
            if self.pending or self.early:
                self.here_documents()

    def parenthesis(self, start: int, text: str) -> str:
        """``(``, ``((`` or ``)``."""
        position = self.position
        self.at = start + 1
        if text == ")":
            if position < CLAUSE or position > PATTERN_NEXT:
                self.depth -= 1
            self.position = TERM_END if position in TESTING else COMMAND
            return self.token("RPAR", start, start + 1)
        if self.text.startswith("(", start + 1) and (position in RESERVING or position == FOR_NAME):
            word = self.arithmetic_command(start)
            if word is not None:
                self.at = word.end
                self.value = word
                self.position = NO_TIME
                return "ARITH_FOR" if position == FOR_NAME else "ARITH"
        if position == CLAUSE:
            self.position = PATTERN_WORD
        else:
            self.enter(start)
            if position != TERM:
                self.position = COMMAND
        return self.token("LPAR", start, start + 1)

    def arithmetic_command(self, start: int) -> ShellWord | None:
        """``((...))`` at *start*, or None where it is a subshell in a subshell (parse_dparen)."""
        parts: list[Part] = []
        end = self.arithmetic(start, start + 2, parts, False)
        return ShellWord(start, end, self.text[start:end], tuple(parts)) if end else None

    def redirection(self, start: int, end: int, text: str) -> str:
        """A redirection operator."""
        if "\\" in text:
            text = text.replace("\\\n", "")
        position = self.position
        if position in TESTING and (text == "<" or text == ">"):
            self.at = end
            self.position = RIGHT_OPERAND
            self.subject = VALUE
            return self.token("BINARY", start, end)
        self.at = end
        self.after_target = PREFIX if position in ASSIGNING else ARGUMENTS
        self.position = TARGET
        return self.token("REDIRECT", start, end, text)

    def descriptor(self, start: int) -> int:
        """The end of a file descriptor before a redirection operator, or 0."""
        found = _FD.match(self.text, start, self.end)
        if found is None or _REDIRECTION.match(self.text, found.end(), self.end) is None:
            return 0
        if self.position == TARGET and type(self.value) is Operator and self.value.text in (">&", "<&"):
            return 0
        return found.end()

    # -- words ----------------------------------------------------------------------------------------------------

    def plain(self, start: int, end: int) -> str:
        """A word of plain characters that does not stand among arguments."""
        text = self.text[start:end]
        position = self.position
        if position in RESERVING:
            reserved = RESERVED.get(text)
            if reserved is not None and (text != "time" or position == COMMAND or position == BANGED):
                return self.reserved(start, end, text)
        elif position == TARGET:
            return self.target(start)
        elif position >= FOR_IN and (special := self.special(start, end, text)):
            return special
        if "=" in text and (position in ASSIGNING or position == DECLARATION):
            return self.expanding(start)
        self.at = end
        self.moved(position, text)
        self.value = ShellWord(start, end, text, (Literal(start, end, False, text),))
        return "WORD"

    def expanding(self, start: int) -> str:
        """Any other word."""
        position = self.position
        if position == TARGET:
            return self.target(start)
        if position in ASSIGNING:
            found = _ASSIGNMENT.match(self.text, start, self.end)
            if found is not None:
                kind = self.assignment(start, found)
                if kind:
                    return kind
        word = self.word(start, self.kind_of_word(position), self.array_at(start) if position == DECLARATION else -1)
        if word.end == start:
            raise self.fail(f"unexpected {self.text[start]}", start)
        if position == DECLARATION and "=~" in word.text:
            word.parts = tuple(split_tildes(self.text, list(word.parts), "=:"))
        # A word with line continuations or braces may still be a reserved one, if nothing in it is quoted.
        if len(word.parts) == 1 and type(word.parts[0]) is Literal and not word.parts[0].quoted:
            text = word.text.replace("\\\n", "")
            if text.endswith("\\") and word.end == self.end:
                text = text[:-1]
            if position in RESERVING:
                if text in RESERVED and (text != "time" or position == COMMAND or position == BANGED):
                    return self.reserved(start, word.end, text)
            elif position >= FOR_IN and (special := self.special(start, word.end, text)):
                return special
        self.moved(position, word.text)
        self.value = word
        return "WORD"

    def kind_of_word(self, position: int) -> int:
        """How a word reads at *position*."""
        if position == RIGHT_OPERAND:
            return self.subject
        if position == CLAUSE or position == PATTERN_WORD:
            return CASE
        return VALUE if position in TESTING or position == CASE_SUBJECT else PLAIN

    def moved(self, position: int, text: str) -> None:
        """Sets the position after a word."""
        if position != DECLARATION:
            self.position = AFTER_WORD.get(position, ARGUMENTS)
            if text in DECLARING and position in ASSIGNING:
                self.position = DECLARATION

    def reserved(self, start: int, end: int, text: str) -> str:
        """A reserved word."""
        kind, position = RESERVED[text]
        if text in OPENING:
            self.enter(start)
        elif text in CLOSING:
            self.depth -= 1
        elif text == "in":
            position = CLAUSE if self.subject == CASE_IN else ARGUMENTS
        elif text == "time":
            end = _TIME_OPTIONS.match(self.text, end, self.end).end()  # type: ignore[union-attr]
        if text == "case":
            self.subject = CASE_IN
        elif text == "for" or text == "select":
            self.subject = FOR_IN
        self.at = end
        self.position = position
        return self.token(kind, start, end, text)

    def special(self, start: int, end: int, text: str) -> str:
        """The token of a word that is reserved only at this position, or an empty string."""
        position = self.position
        if position == FOR_IN or position == CASE_IN:
            if text == "in" or (text == "do" and position == FOR_IN):
                return self.reserved(start, end, text)
        elif position == CLAUSE:
            if text == "esac":
                return self.reserved(start, end, text)
        elif position in TESTING:
            return self.test_word(start, end, text)
        return ""

    def test_word(self, start: int, end: int, text: str) -> str:
        """A word of [[ ]] that is no operand, or an empty string (cond_term)."""
        position = self.position
        kind = ""
        if text == "]]":
            return self.reserved(start, end, text)
        if position == TERM:
            if text == "!":
                kind = "BANG"
            elif text in UNARY:
                kind = "UNARY"
                self.position = UNARY_OPERAND
        elif position == LEFT_OPERAND and text in BINARY:
            kind = "BINARY"
            self.position = RIGHT_OPERAND
            self.subject = BINARY[text]
        if not kind:
            return ""
        self.at = end
        return self.token(kind, start, end)

    # -- assignments ----------------------------------------------------------------------------------------------

    def assignment(self, start: int, found: re.Match[str]) -> str:
        """The assignment that *found* begins, or an empty string where ``name[...]`` is no assignment."""
        text = self.text
        name = found[1]
        operator = found[2]
        at = found.end()
        index = None
        if operator is None:
            close = self.paired(at, "[", "]", [], True)
            index = text[at : close - 1]
            assigned = _ASSIGNED.match(text, close, self.end)
            if assigned is None:
                self.known.clear()
                return self.subscripted(start, close)
            operator = assigned[0]
            at = assigned.end()
        array = None
        value = None
        if text.startswith("(", at) and at < self.end:
            array = self.array(at + 1)
            end = self.at
            self.word(end, VALUE)  # bash takes a=(b)c for one word
            end = self.at
        else:
            value = self.word(at, VALUE)
            end = value.end
        self.position = PREFIX
        self.value = Assignment(start, end, name, value, operator == "+=", index, array)
        return "ASSIGN"

    def subscripted(self, start: int, close: int) -> str:
        """A command whose name looks like ``name[...]``: the brackets belong to it, blanks in them too."""
        parts: list[Part] = [Literal(start, close, False, self.text[start:close])]
        end = self.parts(close, PLAIN, -1, parts)
        self.moved(self.position, "")
        self.at = end
        self.value = ShellWord(start, end, self.text[start:end], tuple(split_globs(self.text, parts, braces=False)))
        return "WORD"

    def array_at(self, start: int) -> int:
        """Where the ``(`` of ``name=(`` stands in the word at *start*, or -1."""
        found = _ASSIGNMENT.match(self.text, start, self.end)
        if found is None or found[2] is None:
            return -1
        return found.end()

    def array(self, start: int) -> tuple[ShellWord, ...]:
        text = self.text
        words: list[ShellWord] = []
        at = start
        while True:
            at = _BLANK.match(text, at, self.end).end()  # type: ignore[union-attr]
            if at >= self.end:
                raise self.fail("unterminated array", start - 1)
            c = text[at]
            if c == ")":
                self.at = at + 1
                return tuple(words)
            if c == "\n":
                self.at = at + 1
                if self.pending or self.early:
                    self.here_documents()
                at = self.at
                continue
            if (c.isdigit() or c == "{") and (fd := self.descriptor(at)):
                raise self.fail(f"unexpected {text[at:fd]}", at)
            word = self.element(at) if c == "[" else self.word(at)
            at = self.at
            if at == word.start:
                raise self.fail(f"unexpected {c}", at)
            words.append(word)

    def element(self, start: int) -> ShellWord:
        """``[index]=value`` in an array."""
        parts: list[Part] = []
        close = self.paired(start + 1, "[", "]", parts, True)
        parts.clear()
        assigned = _ASSIGNED.match(self.text, close, self.end)
        at = close if assigned is None else assigned.end()
        parts.append(Literal(start, at, False, self.text[start:at]))
        end = self.parts(at, VALUE, -1, parts)
        self.at = end
        return ShellWord(start, end, self.text[start:end], tuple(parts))

    # -- redirections ---------------------------------------------------------------------------------------------

    def target(self, start: int) -> str:
        """The word after a redirection operator."""
        operator = self.value
        text = self.text
        self.position = self.after_target
        kind = operator.text if type(operator) is Operator else ""
        if kind == "<<" or kind == "<<-":
            word = self.word(start, VALUE)
            if word.end == start:
                raise self.fail(f"unexpected {text[start]}", start)
            quoted = any(c in word.text for c in "\\'\"")
            value = delimiter(word.text) if quoted else word.text
            word = ShellWord(start, word.end, word.text, (Literal(start, word.end, quoted, value),))
        elif text[start] == "-" and (kind == "<&" or kind == ">&"):
            self.at = start + 1
            word = ShellWord(start, start + 1, "-", (Literal(start, start + 1, False, "-"),))
        else:
            word = self.word(start)
            if word.end == start:
                raise self.fail(f"unexpected {text[start]}", start)
        self.value = word
        return "WORD"
