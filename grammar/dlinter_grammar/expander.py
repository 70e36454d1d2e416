"""One word being expanded as BuildKit does it: shellWord of frontend/dockerfile/shell/lex.go, method by method."""

from __future__ import annotations

from .patterns import PatternError, replace, trim_prefix, trim_suffix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import NoReturn

_SPACES = frozenset("\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a")
_SPACES |= frozenset("\u2028\u2029\u202f\u205f\u3000")
_SPECIAL = frozenset("@*#?-$!0")
_EOF = ""
_MAX_DEPTH = 64
_LONG = 100


class Reference:
    """``$name`` or ``${name...}`` in a word: where it stands and what it asks for.

    ``operator`` is ``""`` or BuildKit's modifier: ``:-``, ``-``, ``:+``, ``+``, ``:?``, ``?``, ``#``, ``%``, ``/``, or
    one that it does not support. ``is_set`` tells whether the environment has the name. ``has_default`` is true where
    an unset name leads to a text of its own (``:-``, ``-``) or to none on purpose (``:+``, ``+``).
    """

    __slots__ = ("end", "is_set", "name", "operator", "start")

    def __init__(self, name: str, start: int, end: int, operator: str, is_set: bool) -> None:
        self.name = name
        self.start = start
        self.end = end
        self.operator = operator
        self.is_set = is_set

    @property
    def has_default(self) -> bool:
        """Whether the word says what stands in for an unset name."""
        return self.operator in (":-", "-", ":+", "+")

    def __repr__(self) -> str:
        return f"Reference({self.name!r}, {self.start}, {self.end}, {self.operator!r}, {self.is_set})"


class ExpansionError(Exception):
    """A word that BuildKit refuses; the message is BuildKit's."""


def _spaced(text: str) -> bool:
    """True if there is white space in *text*; a long one is sought through for each in turn, which is faster."""
    if len(text) < _LONG:
        return not _SPACES.isdisjoint(text)
    return any(space in text for space in _SPACES)


class _Words:
    """The words of a value (wordsStruct). The buffer is shared with nested words, as it is in BuildKit."""

    __slots__ = ("buffer", "in_word", "words")

    def __init__(self, buffer: list[str]) -> None:
        self.buffer = buffer
        self.in_word = False
        self.words: list[str] = []

    def add(self, text: str) -> None:
        if text and not _spaced(text):
            self.buffer.append(text)
            self.in_word = True
            return
        for char in text:
            if char not in _SPACES:
                self.buffer.append(char)
                self.in_word = True
            elif self.in_word and self.buffer:
                self.words.append("".join(self.buffer))
                self.buffer.clear()
                self.in_word = False

    def add_raw(self, text: str) -> None:
        if text:
            self.buffer.append(text)
        self.in_word = True

    def finish(self) -> list[str]:
        if self.buffer:
            self.words.append("".join(self.buffer))
            self.buffer.clear()
            self.in_word = False
        return self.words


class Expander:
    """One word being expanded (shellWord)."""

    __slots__ = (
        "at",
        "buffer",
        "depth",
        "env",
        "escape",
        "keep_unset",
        "quotes",
        "raw_escapes",
        "raw_quotes",
        "references",
        "text",
    )

    def __init__(
        self,
        text: str,
        env: Mapping[str, str | None],
        escape: str,
        keep_unset: bool,
        raw_quotes: bool,
        raw_escapes: bool,
        quotes: bool,
    ) -> None:
        self.text = text
        # text/scanner drops a byte order mark at the start
        self.at = 1 if text.startswith("\ufeff") else 0
        self.env = env
        self.escape = escape
        self.keep_unset = keep_unset
        self.raw_quotes = raw_quotes
        self.raw_escapes = raw_escapes
        self.quotes = quotes
        self.references: list[Reference] = []
        self.buffer: list[str] = []
        self.depth = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def next(self) -> str:
        char = self.text[self.at : self.at + 1]
        self.at += 1
        return char

    def process(self, stop: str | None, raw_escapes: bool) -> tuple[str | None, list[str] | None]:
        """The value and the words up to *stop*, which is taken off, or to the end (processStopOn)."""
        special: dict[str, Callable[[], str | None]] = {"$": self.dollar, "<": self.possible_heredoc}
        if self.quotes:
            special["'"] = self.single_quote
            special['"'] = self.double_quote
        self.buffer.clear()
        words = _Words(self.buffer)
        result: list[str] = []
        known = True
        outer = self.raw_escapes
        self.raw_escapes = raw_escapes
        while char := self.peek():
            if char == stop:
                break
            if char in special:
                piece = special[char]()
                if piece is None:
                    known = False
                    continue
                result.append(piece)
                if char == "$":
                    words.add(piece)
                else:
                    words.add_raw(piece)
                continue
            self.at += 1
            if char == self.escape:
                if raw_escapes:
                    words.add_raw(char)
                    result.append(char)
                char = self.next()
                if not char:
                    break
                words.add_raw(char)
            else:
                words.add(char)
            result.append(char)
        self.raw_escapes = outer
        if stop is not None and self.next() != stop:
            raise ExpansionError(f"unexpected end of statement while looking for matching {stop}")
        split = words.finish()
        return ("".join(result), split) if known else (None, None)

    def single_quote(self) -> str:
        self.at += 1
        close = self.text.find("'", self.at)
        if close < 0:
            self.at = len(self.text)
            raise ExpansionError("unexpected end of statement while looking for matching single-quote")
        content = self.text[self.at : close]
        self.at = close + 1
        return f"'{content}'" if self.raw_quotes else content

    def double_quote(self) -> str | None:
        result = [self.next() if self.raw_quotes else ""]
        if not self.raw_quotes:
            self.at += 1
        known = True
        while char := self.peek():
            if char == '"':
                self.at += 1
                if self.raw_quotes:
                    result.append(char)
                return "".join(result) if known else None
            if char == "$":
                value = self.dollar()
                if value is None:
                    known = False
                else:
                    result.append(value)
                continue
            self.at += 1
            if char == self.escape:
                if self.raw_escapes:
                    result.append(char)
                following = self.peek()
                if not following:
                    continue
                if following in ('"', "$", self.escape):
                    char = self.next()
            result.append(char)
        raise ExpansionError("unexpected end of statement while looking for matching double-quote")

    def possible_heredoc(self) -> str:
        self.at += 1
        if self.peek() != "<":
            return "<"
        start = self.at
        self.at += 1
        while self.peek() and self.peek() in "\t\r ":
            self.at += 1
        return "<" + self.text[start : self.at]

    def dollar(self) -> str | None:
        start = self.at
        self.at += 1
        if self.peek() != "{":
            name = self.name()
            if not name:
                return "$"
            value, is_set = self.get(name, start, "")
            return f"${name}" if self.keep_unset and not is_set else value
        self.at += 1
        if (char := self.peek()) == _EOF:
            raise ExpansionError("syntax error: missing '}'")
        if char in "{}:":
            raise ExpansionError("syntax error: bad substitution")
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise ExpansionError(f"substitutions nest deeper than {_MAX_DEPTH} levels")
        try:
            return self.braced(start, self.name())
        finally:
            self.depth -= 1

    def braced(self, start: int, name: str) -> str | None:
        """``${name...}`` from after the name."""
        char = self.next()
        if char == "}":
            value, is_set = self.get(name, start, "")
            return f"${{{name}}}" if self.keep_unset and not is_set else value
        if char == "/":
            return self.replacement(start, name)
        modifier = char
        if char == ":":
            char = self.next()
            modifier += char or "\ufffd"
        elif not char or char not in "+-?#%":
            self.unsupported(start, name, char or "\ufffd")
        cuts = char == "#" or char == "%"
        if modifier[0] == ":" and cuts:
            self.unsupported(start, name, modifier)
        word = self.nested("}", cuts, "}", name, start, modifier)
        value, is_set = self.get(name, start, modifier)
        if self.keep_unset and not is_set:
            return None if word is None else f"${{{name}{modifier}{word}}}"
        if cuts:
            return self.cut(char, word, value)
        colon = modifier[0] == ":"
        if char == "-":
            if not is_set or (colon and value == ""):
                return word
            # An unknown value may be empty: what comes is then either.
            return value
        if char == "+":
            if not is_set or (colon and value == ""):
                return ""
            return word if value is not None or not colon or word == "" else None
        if char == "?":
            if is_set and not (colon and value == ""):
                return value
            message = f"is not allowed to be {'empty' if is_set else 'unset'}"
            raise ExpansionError(f"{name}: {message if word == '' else word or '…'}")
        raise ExpansionError(f"unsupported modifier ({modifier}) in substitution")

    def nested(self, stop: str, raw_escapes: bool, missing: str, name: str, start: int, operator: str) -> str | None:
        """The word of a modifier; the reference is kept even where the word fails."""
        try:
            return self.process(stop, raw_escapes)[0]
        except ExpansionError:
            self.get(name, start, operator)
            if self.at >= len(self.text):
                raise ExpansionError(
                    "syntax error: missing '/' in ${}" if missing == "/" else "syntax error: missing '}'"
                ) from None
            raise

    def cut(self, char: str, pattern: str | None, value: str | None) -> str | None:
        """``#``, ``##``, ``%`` and ``%%``."""
        if pattern is None:
            return None
        greedy = pattern.startswith(char)
        if greedy:
            pattern = pattern[1:]
        try:
            cut = (trim_suffix if char == "%" else trim_prefix)(pattern, value or "", greedy)
        except PatternError as error:
            raise ExpansionError(str(error)) from None
        return None if value is None else cut

    def replacement(self, start: int, name: str) -> str | None:
        """``/`` and ``//``."""
        everywhere = self.peek() == "/"
        if everywhere:
            self.at += 1
        pattern = self.nested("/", True, "/", name, start, "/")
        text = self.nested("}", True, "}", name, start, "/")
        value, is_set = self.get(name, start, "/")
        if pattern is None or text is None:
            return None
        if self.keep_unset and not is_set:
            return f"${{{name}/{pattern}/{text}}}"
        try:
            replaced = replace(pattern, text, value or "", everywhere)
        except PatternError as error:
            raise ExpansionError(str(error)) from None
        return None if value is None else replaced

    def unsupported(self, start: int, name: str, modifier: str) -> NoReturn:
        self.get(name, start, modifier)
        raise ExpansionError(f"unsupported modifier ({modifier}) in substitution")

    def name(self) -> str:
        """A name, all digits, one special parameter, or nothing (processName)."""
        text = self.text
        start = self.at
        first = self.peek()
        if not first:
            return ""
        if first.isdecimal():
            while self.peek().isdecimal():
                self.at += 1
        elif first in _SPECIAL:
            self.at += 1
        else:
            while (char := self.peek()) and (char == "_" or char.isalpha() or char.isdecimal()):
                self.at += 1
        return text[start : self.at]

    def get(self, name: str, start: int, operator: str) -> tuple[str | None, bool]:
        """The value of a variable, ``""`` if unset, and whether it is set; keeps the reference up to here."""
        is_set = name in self.env
        self.references.append(Reference(name, start, min(self.at, len(self.text)), operator, is_set))
        return (self.env[name], True) if is_set else ("", False)
