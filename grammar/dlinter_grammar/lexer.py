"""BuildKit's shell lexer (shell/lex.go), restated with the position of every character of its words."""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_grammar.gotext import quote, valid_runes
from dlinter_grammar.spaces import SPACE

#: deeper nesting of ``${a:-${b:-...}}`` counts as a failure of the lexer
MAX_DEPTH = 100
QUOTES = "'\""
MISSING_BRACE = "syntax error: missing '}'"

_SPECIAL = frozenset("@*#?-$!")
_PLAIN = re.compile(rf"[^$<'\"\\`{SPACE}]+")
_SPACES = re.compile(f"[{SPACE}]+")
_HEREDOC_BLANKS = re.compile(r"[\t\r ]*")


class LexError(Exception):
    """BuildKit's lexer would return an error; the message is its text."""


class Lexer:
    """shell.Lex with no variable set and SkipUnsetEnv: what it cannot expand it keeps.

    ``raw_quotes`` and ``raw_escapes`` keep quotes and escape tokens; without ``quotes`` they mean nothing (bodies of
    heredocs); ``strict`` raises for substitutions that fail whatever the value, as when SkipUnsetEnv is off.
    """

    def __init__(
        self,
        text: str,
        escape: str = "\\",
        *,
        raw_quotes: bool = False,
        raw_escapes: bool = False,
        quotes: bool = True,
        strict: bool = False,
    ) -> None:
        self._escape = escape
        self._quotes = QUOTES if quotes else ""
        self._strict = strict
        #: an invalid byte is read as U+FFFD, a BOM at the beginning is skipped (text/scanner)
        self._text = valid_runes(text)
        self._position = 1 if self._text.startswith("\ufeff") else 0
        self._raw_quotes = raw_quotes
        self._raw_escapes = raw_escapes
        self._depth = 0
        #: pieces of the current word with its range; the lexer shares this buffer with what it calls for ``${a:-b}``
        self._buffer: list[str] = []
        self._start = self._end = 0
        self._words: list[tuple[str, int, int]] = []

    def words(self) -> list[tuple[str, int, int]]:
        """The words with their ranges. Blanks within quotes, escaped or after ``<<`` do not end a word."""
        text, size = self._text, len(self._text)
        while self._position < size:
            start = self._position
            char = text[start]
            plain = _PLAIN.match(text, start)
            if plain is not None:
                self._position = plain.end()
                self._add(plain[0], start, self._position)
            elif char == "$":
                self._add_split(self._dollar(), start)
            elif char == "<":
                self._add(self._less(), start, self._position)
            elif char in self._quotes:
                self._add(self._quoted(), start, self._position)
            elif char == self._escape:
                self._position = min(start + 2, size)
                escaped = text[start : start + 2] if self._raw_escapes else text[start + 1 : start + 2]
                self._add(escaped, start, self._position)
            elif char in SPACE:
                self._flush()
                self._position += 1
            else:
                self._position += 1
                self._add(char, start, self._position)
        self._flush()
        return self._words

    def result(self) -> str:
        """The text as a whole, blanks kept (ProcessWord)."""
        return self._word("", self._raw_escapes, "")

    def _add(self, text: str, start: int, end: int) -> None:
        if text:
            if not self._buffer:
                self._start = start
            self._buffer.append(text)
            self._end = end

    def _add_split(self, text: str, start: int) -> None:
        """Add what ``$...`` gave; its blanks end words."""
        exact = len(text) == self._position - start
        at = 0
        for space in _SPACES.finditer(text):
            self._add(
                text[at : space.start()], *((start + at, start + space.start()) if exact else (start, self._position))
            )
            self._flush()
            at = space.end()
        self._add(text[at:], start + at if exact else start, self._position)

    def _flush(self) -> None:
        if self._buffer:
            self._words.append(("".join(self._buffer), self._start, self._end))
            self._buffer.clear()

    def _less(self) -> str:
        """``<``, or ``<<`` with the blanks after it (processPossibleHeredoc)."""
        text, start = self._text, self._position
        if not text.startswith("<<", start):
            self._position += 1
            return "<"
        blanks = _HEREDOC_BLANKS.match(text, start + 2)
        assert blanks is not None
        self._position = blanks.end()
        return text[start : self._position]

    def _quoted(self) -> str:
        if self._text[self._position] == "'":
            return self._single_quoted()
        return self._double_quoted()

    def _single_quoted(self) -> str:
        start = self._position + 1
        end = self._text.find("'", start)
        if end < 0:
            self._position = len(self._text)
            raise LexError("unexpected end of statement while looking for matching single-quote")
        self._position = end + 1
        content = self._text[start:end]
        return f"'{content}'" if self._raw_quotes else content

    def _double_quoted(self) -> str:
        text, size = self._text, len(self._text)
        result = ['"'] if self._raw_quotes else []
        self._position += 1
        while self._position < size:
            start = self._position
            char = text[start]
            if char == '"':
                self._position += 1
                if self._raw_quotes:
                    result.append(char)
                return "".join(result)
            if char == "$":
                result.append(self._dollar())
                continue
            self._position += 1
            if char == self._escape:
                following = text[start + 1 : start + 2]
                if self._raw_escapes:
                    result.append(char)
                if not following:
                    continue
                if following in ('"', "$", self._escape):
                    self._position += 1
                    char = following
            result.append(char)
        raise LexError("unexpected end of statement while looking for matching double-quote")

    def _name(self) -> str:
        text, size, start = self._text, len(self._text), self._position
        position = start
        first = text[start : start + 1]
        if first in _SPECIAL:
            position += 1
        elif first.isdecimal():
            while position < size and text[position].isdecimal():
                position += 1
        else:
            while position < size and (text[position].isalpha() or text[position].isdecimal() or text[position] == "_"):
                position += 1
        self._position = position
        return text[start:position]

    def _dollar(self) -> str:
        """``$name`` or ``${...}`` kept, with escapes and quotes in it treated as the lexer does (processDollar)."""
        text = self._text
        self._position += 1
        if not text.startswith("{", self._position):
            return "$" + self._name()
        self._position += 1
        first = text[self._position : self._position + 1]
        if not first:
            raise LexError(MISSING_BRACE)
        if first in "{}:":
            raise LexError("syntax error: bad substitution")
        name = self._name()
        operator = text[self._position : self._position + 1]
        self._position += 1
        if operator == "}":
            return "${" + name + "}"
        if operator == ":":
            modifier = text[self._position : self._position + 1]
            self._position += 1
            if modifier and modifier in "#%":
                raise LexError(f"unsupported modifier (:{modifier}) in substitution")
            word = self._word("}", False, MISSING_BRACE)
            if self._strict and modifier not in ("+", "-", "?"):
                raise LexError(f"unsupported modifier (:{modifier}) in substitution")
            return "${" + name + ":" + modifier + word + "}"
        if operator and operator in "+-?#%":
            trims = operator in "#%"
            word = self._word("}", trims, MISSING_BRACE)
            if trims and self._strict:
                pattern = word.removeprefix(operator)
                _check_pattern(pattern if operator == "#" else _reversed(pattern))
            return "${" + name + operator + word + "}"
        if operator == "/":
            if text.startswith("/", self._position):
                self._position += 1
            pattern = self._word("/", True, "syntax error: missing '/' in ${}")
            replacement = self._word("}", True, MISSING_BRACE)
            if self._strict:
                _check_pattern(pattern)
            return "${" + name + "/" + pattern + "/" + replacement + "}"
        raise LexError(f"unsupported modifier ({operator or chr(0xFFFD)}) in substitution")

    def _word(self, stop: str, raw_escapes: bool, unfinished: str) -> str:
        """The word of a substitution, up to *stop* or, if that is empty, to the end.

        What came before it in the outer word is forgotten: BuildKit uses one buffer for both.
        """
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise LexError("substitutions nested too deeply")
        outer, self._raw_escapes = self._raw_escapes, raw_escapes
        try:
            result = self._until(stop)
        except LexError as error:
            # whatever went wrong, at the end of the text it is the missing end that counts
            if stop and self._position >= len(self._text):
                raise LexError(unfinished) from error
            raise
        self._buffer.clear()
        self._raw_escapes = outer
        self._depth -= 1
        return result

    def _until(self, stop: str) -> str:
        text, size = self._text, len(self._text)
        result: list[str] = []
        while self._position < size:
            char = text[self._position]
            if char == stop:
                self._position += 1
                return "".join(result)
            if char == "$":
                result.append(self._dollar())
            elif char == "<":
                result.append(self._less())
            elif char in self._quotes:
                result.append(self._quoted())
            else:
                self._position += 1
                if char == self._escape:
                    if self._raw_escapes:
                        result.append(char)
                    char = text[self._position : self._position + 1]
                    self._position += 1
                result.append(char)
        if stop:
            raise LexError("the end is missing")
        return "".join(result)


def _check_pattern(pattern: str) -> None:
    """Raise for what convertShellPatternToRegex refuses: an escape of an ordinary character."""
    i = 0
    while i < len(pattern):
        if pattern[i] == "\\":
            following = pattern[i + 1 : i + 2]
            i += 1
            if following and following in "}/":
                continue
            if following not in ("*", "?", "\\"):
                raise LexError(
                    f"invalid pattern ({pattern}) in substitution: invalid escape '\\{following or chr(0xFFFD)}'"
                )
        i += 1


def _reversed(pattern: str) -> str:
    """reversePattern: for a suffix, pattern and text are turned round, escapes staying in front."""
    return "".join(reversed(re.findall(r"\\.|.", pattern, re.DOTALL)))


def process_word(text: str, escape: str) -> str:
    """*text* with quotes and escape tokens removed and variables kept; :class:`LexError` with BuildKit's text."""
    lexer = Lexer(text, escape, strict=True)
    try:
        return lexer.result()
    except LexError as error:
        raise LexError(f"failed to process {quote(text)}: {error}") from None
