"""Cuts words of a shell script into their parts: quotes, expansions, substitutions and globs.

Facts: POSIX.1-2017 XCU 2.2 (quoting), 2.6 (expansions), 2.13 (patterns); where bash goes further or differs, the
functions of its parse.y named below. Every regular expression here is linear, and no text is scanned twice.
"""

from __future__ import annotations

from dlinter_grammar import regex as re

from .shell_globs import split_globs, split_tildes
from .shell_nodes import (
    Arithmetic,
    Array,
    Expansion,
    Glob,
    Literal,
    Part,
    Script,
    ShellSyntaxError,
    ShellWord,
    Substitution,
)
from .shell_quotes import ansi_value, unescape, unescape_backquote, unescape_double

MAX_DEPTH = 64
"""How deep compound commands and substitutions may nest: far more than people write, far less than Python can."""

# How a word is read. PLAIN: globs, braces, a tilde. VALUE, right of ``=`` and where nothing is split: tildes only.
# CASE: a pattern, so no braces. PATTERN: the right side of ``==`` in [[ ]], where bash allows extended globs. REGEX: of
# ``=~``, where parentheses and bars belong to the word.
PLAIN, VALUE, CASE, PATTERN, REGEX = range(5)

_LITERAL = re.compile(r"""(?:[^ \t\n;&|<>()$`"'\\]++|\\[\s\S]?|\$(?![A-Za-z_0-9@*#?$!({\['"-]|\\\n))*+""")
_DOUBLE = re.compile(r"""(?:[^"\\$`]++|\\[\s\S]|\$(?![A-Za-z_0-9@*#?$!({\[-]|\\\n))*+""")
_PARAMETER = re.compile(r"\$(?:\\\n)*(?:([A-Za-z_][A-Za-z_0-9]*+(?:(?:\\\n)++[A-Za-z_0-9]++)*+)|[0-9@*#?$!-])")
_DOLLAR = re.compile(r"\$(?:\\\n)*")
_BACKQUOTE = re.compile(r"(?:[^`\\]++|\\[\s\S])*+")
_ANSI = re.compile(r"(?:[^'\\]++|\\[\s\S])*+")
_BRACE = re.compile(r"""(?:[^}'"`$\\<>]++|\\[\s\S]|[<>](?!\()|\$(?![A-Za-z_0-9@*#?$!({\['"-]))*+""")
_PAIRED = re.compile(r"""(?:[^()\[\]'"`$\\]++|\\[\s\S]|\$(?![A-Za-z_0-9@*#?$!({'"-]))*+""")
_SIMPLE_BRACE = re.compile(r"\$\{[^}'\"`$\\()\[\]]*\}")

_HEADER = re.compile(
    r"""(?P<length>\#(?=[A-Za-z_0-9]|[@*?$!\#-]\}))
      | (?P<indirect>!(?=[A-Za-z_0-9]|[@*\#?$!-]\}))
      | (?P<name>[A-Za-z_][A-Za-z_0-9]*|[0-9]+|[@*\#?!-]|\$(?![({]))
        (?P<operator>:[-=?+]|[-=?+:@\[]|\#\#?|%%?|//?|\^\^?|,,?)?""",
    re.VERBOSE,
)

_SHIFTING = re.compile(r"\\[$`\\]")
_SHIFTING_QUOTED = re.compile(r'\\[$`\\"]')
_EXTENDED = re.compile(r"(?:[^\\]|\\[\s\S])*?[?*+@!]\Z")
_GLOB = re.compile(r"[*?\[{~]")


class Words:
    """Reads words of one script. ``text[:end]`` is what there is to read; ``at`` is where a word ended."""

    __slots__ = ("at", "depth", "end", "known", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = len(text)
        self.at = 0
        self.depth = 0
        self.known: dict[int, tuple[Script, int]] = {}

    def block(self, start: int, end: int | None = None) -> Script:
        """The script of a substitution: up to its parenthesis, or up to *end* between backquotes. Moves ``at``."""
        raise NotImplementedError

    def validate(self, body: str, offset: int) -> None:
        """Refuses a script whose escapes were removed, so that no position in it is true."""
        raise NotImplementedError

    def fail(self, message: str, offset: int) -> ShellSyntaxError:
        """The error to raise."""
        return ShellSyntaxError(message, offset)

    def enter(self, offset: int) -> None:
        """One level deeper."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"commands nest deeper than {MAX_DEPTH} levels", offset)

    # -- words ----------------------------------------------------------------------------------------------------

    def word(self, start: int, kind: int = PLAIN, array_at: int = -1) -> ShellWord:
        """The word at *start*; ``at`` is its end, and *start* where there is none (read_token_word).

        *array_at* is where a ``(`` begins the elements of a compound assignment.
        """
        parts: list[Part] = []
        end = self.parts(start, kind, array_at, parts)
        text = self.text[start:end]
        if kind == VALUE:
            if "~" in text:
                parts = split_tildes(self.text, parts)
        elif kind == REGEX:
            parts = [Glob(p.start, p.end, self.text[p.start : p.end]) if _unquoted(p) else p for p in parts]
        elif _GLOB.search(text) and text != "[":
            parts = split_globs(self.text, parts, braces=kind == PLAIN)
        self.at = end
        return ShellWord(start, end, text, tuple(parts))

    def parts(self, start: int, kind: int, array_at: int, parts: list[Part]) -> int:
        """Appends the parts of the word at *start* without cutting globs out of literals; returns its end."""
        text = self.text
        end = self.end
        i = start
        while True:
            j = _LITERAL.match(text, i, end).end()  # type: ignore[union-attr]
            if j > i:
                value = text[i:j]
                if "\\" in value:
                    value = unescape(value)
                parts.append(Literal(i, j, False, value))
                i = j
            if i >= end:
                return i
            c = text[i]
            if c == '"':
                i = self.double(i + 1, parts)
            elif c == "'":
                i = self.single(i + 1, parts)
            elif c == "$":
                i = self.dollar(i, parts, False)
            elif c == "`":
                i = self.backquote(i, parts, False)
            elif (c == "<" or c == ">") and text.startswith("(", i + 1) and i + 1 < end:
                script = self.substitution(i + 2)
                parts.append(Substitution(i, self.at, False, c + "(", script))
                i = self.at
            elif c == "(" and i == array_at:
                words = self.array(i + 1)
                parts.append(Array(i, self.at, words))
                i = self.at
            elif kind == REGEX and (c == "(" or c == "|"):
                j = i + 1 if c == "|" else self.paired(i + 1, "(", ")", parts)
                parts.append(Literal(i, j, False, text[i:j]))
                i = j
            elif (
                c == "("
                and kind == PATTERN
                and parts
                and _EXTENDED.match(text, parts[-1].start, i)
                and _unquoted(parts[-1])
            ):
                last = parts.pop()
                if last.start < i - 1:
                    parts.append(Literal(last.start, i - 1, False, unescape(text[last.start : i - 1])))
                j = self.paired(i + 1, "(", ")", [])
                parts.append(Glob(i - 1, j, text[i - 1 : j]))
                i = j
            else:
                return i

    # -- quotes ---------------------------------------------------------------------------------------------------

    def single(self, start: int, parts: list[Part]) -> int:
        """``'...'`` from after the opening quote; returns the offset after the closing one."""
        close = self.text.find("'", start, self.end)
        if close < 0:
            raise self.fail("unterminated single quote", start - 1)
        parts.append(Literal(start, close, True, self.text[start:close]))
        return close + 1

    def ansi(self, start: int, parts: list[Part]) -> int:
        """``$'...'`` from after the opening quote."""
        close = _ANSI.match(self.text, start, self.end).end()  # type: ignore[union-attr]
        if close >= self.end or self.text[close] != "'":
            raise self.fail("unterminated single quote", start - 2)
        parts.append(Literal(start, close, True, ansi_value(self.text[start:close])))
        return close + 1

    def double(self, start: int, parts: list[Part]) -> int:
        """``"..."`` from after the opening quote."""
        text = self.text
        end = self.end
        i = start
        while True:
            j = _DOUBLE.match(text, i, end).end()  # type: ignore[union-attr]
            if j > i:
                value = text[i:j]
                if "\\" in value:
                    value = unescape_double(value)
                parts.append(Literal(i, j, True, value))
                i = j
            if i >= end or (c := text[i]) == "\\":
                raise self.fail("unterminated double quote", start - 1)
            if c == '"':
                if i == start:
                    parts.append(Literal(i, i, True, ""))
                return i + 1
            i = self.dollar(i, parts, True) if c == "$" else self.backquote(i, parts, True)

    def backquote(self, start: int, parts: list[Part], quoted: bool) -> int:
        """```...``` at *start*. Its end is the next backquote without a backslash, whatever is inside."""
        text = self.text
        close = _BACKQUOTE.match(text, start + 1, self.end).end()  # type: ignore[union-attr]
        if close >= self.end or text[close] != "`":
            raise self.fail("unterminated backquote", start)
        self.enter(start)
        body = text[start + 1 : close]
        shifting = _SHIFTING_QUOTED.search if quoted else _SHIFTING.search
        depth = self.depth - 1
        script = None
        if shifting(body):
            self.validate(unescape_backquote(body, quoted), start + 1)
        else:
            script = self.block(start + 1, close)
        self.depth = depth
        parts.append(Substitution(start, close + 1, quoted, "`", script))
        return close + 1

    # -- expansions -----------------------------------------------------------------------------------------------

    def dollar(self, start: int, parts: list[Part], quoted: bool) -> int:
        """What a ``$`` at *start* begins."""
        text = self.text
        found = _PARAMETER.match(text, start, self.end)
        if found is not None:
            end = found.end()
            name = found[1] or found[0][-1]
            if "\\" in name:
                name = name.replace("\\\n", "")
            parts.append(Expansion(start, end, quoted, name, "", "", ()))
            return end
        i = _DOLLAR.match(text, start, self.end).end()  # type: ignore[union-attr]
        c = text[i] if i < self.end else ""
        if c == "{":
            return self.brace(start, i + 1, parts, quoted)
        if c == "(":
            if text.startswith("(", i + 1):
                end = self.arithmetic(start, i + 2, parts, quoted)
                if end:
                    return end
            parts.append(Substitution(start, 0, quoted, "$(", self.substitution(i + 1)))
            parts[-1].end = self.at
            return self.at
        if c == "[":
            nested: list[Part] = []
            end = self.paired(i + 1, "[", "]", nested)
            parts.append(Arithmetic(start, end, quoted, scripts_of(nested), tuple(nested)))
            return end
        if not quoted and c == "'":
            return self.ansi(i + 1, parts)
        if not quoted and c == '"':
            return self.double(i + 1, parts)
        parts.append(Literal(start, i, quoted, "$"))
        return i

    def substitution(self, start: int) -> Script:
        """The script from *start* up to its closing parenthesis; ``at`` is the offset after that."""
        known = self.known.get(start)
        if known is not None:
            script, self.at = known
            return script
        depth = self.depth
        self.enter(start - 1)
        script = self.block(start)
        self.depth = depth
        return script

    def arithmetic(self, start: int, inner: int, parts: list[Part], quoted: bool) -> int:
        """``$((...))`` whose text begins at *inner*; 0 if the parentheses do not close together.

        Then it is a command substitution that begins with a subshell (POSIX.1-2017 XCU 2.6.3).
        """
        nested: list[Part] = []
        end = self.paired(inner, "(", ")", nested)
        if not self.text.startswith(")", end) or end >= self.end:
            return 0
        parts.append(Arithmetic(start, end + 1, quoted, scripts_of(nested), tuple(nested)))
        return end + 1

    def paired(self, start: int, opening: str, closing: str, parts: list[Part], subscript: bool = False) -> int:
        """The offset after the *closing* that matches the *opening* before *start* (parse_matched_pair).

        The expansions in between are appended to *parts*. Substitutions are remembered, as the text may turn out to
        be no arithmetic and be read again.
        """
        text = self.text
        end = self.end
        i = start
        open_ = 1
        self.enter(start - 1)
        while True:
            i = _PAIRED.match(text, i, end).end()  # type: ignore[union-attr]
            if i >= end:
                raise self.fail(f"unterminated {opening}", start - 1)
            c = text[i]
            if c == closing:
                open_ -= 1
                i += 1
                if not open_:
                    self.depth -= 1
                    return i
            elif c == opening:
                open_ += 1
                i += 1
            elif c == "$":
                i = self.paired_dollar(i, parts, subscript)
            elif c in "()[]":
                i += 1
            else:
                i = self.quote(i, parts)

    def paired_dollar(self, start: int, parts: list[Part], subscript: bool) -> int:
        """A ``$`` inside a pair. In arithmetic bash sees ``${`` as two characters; braces with more in it stay so."""
        text = self.text
        following = text[start + 1]
        if following == "'":
            return self.ansi(start + 2, [])
        if following == '"':
            return self.double(start + 2, parts)
        if following == "(":
            self.dollar(start, parts, False)
            last = parts[-1]
            if type(last) is Substitution and last.script is not None:
                self.known[start + 2] = last.script, last.end
            return last.end
        if following == "{" and not subscript and not _SIMPLE_BRACE.match(text, start, self.end):
            return start + 1
        return self.dollar(start, parts, False)

    def quote(self, start: int, parts: list[Part]) -> int:
        """A quoted string or backquotes inside a pair; literals in it are dropped. A lone backslash fails."""
        found: list[Part] = []
        c = self.text[start]
        if c == "'":
            end = self.single(start + 1, found)
        elif c == '"':
            end = self.double(start + 1, found)
        elif c == "`":
            end = self.backquote(start, found, False)
        else:
            raise self.fail("the script ends after a backslash", start)
        parts += [part for part in found if type(part) is not Literal]
        return end

    def brace(self, start: int, inner: int, parts: list[Part], quoted: bool) -> int:
        """``${...}`` whose text begins at *inner*. As in bash, single quotes count in it even inside double ones."""
        text = self.text
        end = self.end
        header = _HEADER.match(text, inner, end)
        name = operator = ""
        i = inner
        if header is not None:
            i = header.end()
            if header["length"]:
                operator = "#len"
            elif header["indirect"]:
                operator = "!"
            elif header["operator"] or text.startswith("}", i):
                name = header["name"]
                operator = header["operator"] or ""
            else:
                i = inner
        word = i
        nested: list[Part] = []
        self.enter(start)
        while True:
            i = _BRACE.match(text, i, end).end()  # type: ignore[union-attr]
            if i >= end:
                raise self.fail("unterminated ${", start)
            c = text[i]
            if c == "}":
                break
            if c == "$":
                if text[i + 1] == "'":
                    i = self.ansi(i + 2, [])
                elif text[i + 1] == '"':
                    i = self.double(i + 2, nested)
                else:
                    i = self.dollar(i, nested, quoted)
            elif c in "<>":
                script = self.substitution(i + 2)
                nested.append(Substitution(i, self.at, quoted, c + "(", script))
                i = self.at
            else:
                i = self.quote(i, nested)
        self.depth -= 1
        inside = tuple(part for part in nested if type(part) is not Literal)
        parts.append(Expansion(start, i + 1, quoted, name, operator, text[word:i], scripts_of(inside), inside))
        return i + 1

    # -- arrays ---------------------------------------------------------------------------------------------------

    def array(self, start: int) -> tuple[ShellWord, ...]:
        """The elements of a compound assignment from after its ``(``; moves ``at`` (parse_compound_assignment)."""
        raise NotImplementedError


def scripts_of(parts: tuple[Part, ...] | list[Part]) -> tuple[Script, ...]:
    """The scripts of all command substitutions in *parts*, however deep in expansions, in source order."""
    scripts: list[Script] = []
    for part in parts:
        if type(part) is Substitution:
            if part.script is not None:
                scripts.append(part.script)
        elif type(part) is Expansion or type(part) is Arithmetic:
            scripts += part.scripts
    return tuple(scripts)


def _unquoted(part: Part) -> bool:
    return type(part) is Literal and not part.quoted
