"""Colours for shell scripts: a lexer that gives up on nothing, because what is being typed does not parse yet.

It reads the file itself, continuations and comments between them included, and knows quotes, expansions and
substitutions in each other, commands, options and assignments, but no grammar.
"""

from __future__ import annotations

import re

from dlinter.commands import WRAPPERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    #: start, end, kind, modifiers
    Piece: TypeAlias = tuple[int, int, str, tuple[str, ...]]

_DECLARED = ("declaration",)
_BUILTIN = ("defaultLibrary",)
#: after these a command follows
_BEFORE_COMMAND = frozenset({"if", "then", "else", "elif", "while", "until", "do", "!", "{", "time", "coproc"})
_KEYWORDS = _BEFORE_COMMAND | {"fi", "done", "esac", "}", "for", "case", "select", "function", "[[", "]]", "in"}
_BUILTINS = frozenset([
    "[", ".", "alias", "builtin", "cd", "command", "declare", "echo", "eval", "exec", "exit", "export", "false",
    "local", "printf", "pwd", "read", "readonly", "return", "set", "shift", "source", "test", "trap", "true", "type",
    "typeset", "ulimit", "umask", "unset", "wait",
])  # fmt: skip

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*(?:\[[^\]\s]*\])?)(\+?=)", re.A)
_PATTERN = r"""
      (?P<blank>(?:[ \t\r\f\v]|%s[ \t]*\r?\n)+)
    | (?P<newline>\n)
    | (?P<single>'[^']*'?)
    | (?P<double>"(?:[^"\\$`]|\\.)*")
    | (?P<quote>")
    | (?P<variable>\$(?:[A-Za-z_]\w*|[0-9@*#?$!_-]|\{[^{}$`'"\\\n]*\}))
    | (?P<arithmetic>\$\(\()
    | (?P<substitution>\$\(|`|[<>]\()
    | (?P<brace>\$\{)
    | (?P<heredoc>[0-9]*<<-?[ \t]*(?:'[^'\n]*'|"[^"\n]*"|\\?[\w.-]+))
    | (?P<redirect>[0-9]*(?:<<<|<<-?|<>|>>|>\||[<>]&?)[0-9-]*|&>>?)
    | (?P<operator>&&|\|\||;;&?|;&|\|&|[|&;])
    | (?P<open>\()
    | (?P<close>\))
    | (?P<comment>\#)
    | (?P<word>(?:[^\s'"$`\\|&;<>()]|\\[^\n])+)
    | (?P<other>.)
"""
_STRING = re.compile(
    r"""(?P<text>(?:[^"\\$`]|\\.)+)|(?P<quote>")|(?P<variable>\$(?:[A-Za-z_]\w*|[0-9@*#?$!_-]|\{[^{}$`'"\\\n]*\}))"""
    r"""|(?P<arithmetic>\$\(\()|(?P<substitution>\$\(|`)|(?P<brace>\$\{)|(?P<other>.)""",
    re.S | re.A,
)
_BRACE = re.compile(
    r"""(?P<text>[^}$`"']+)|(?P<end>\})|(?P<single>'[^']*'?)|(?P<quote>")|(?P<variable>\$(?:\w+|\{[^{}$`'"\\\n]*\}))"""
    r"""|(?P<substitution>\$\(|`)|(?P<brace>\$\{)|(?P<other>.)""",
    re.S | re.A,
)
_ARITHMETIC = re.compile(
    r"(?P<end>\)\))|(?P<variable>\$?\{?[A-Za-z_]\w*\}?)|(?P<number>\d+)|(?P<operator>[-+*/%<>=!&|^~?:,]+)"
    r"|(?P<substitution>\$\(|`)|(?P<other>.)",
    re.S | re.A,
)
_patterns: dict[str, re.Pattern[str]] = {}


def shell_tokens(text: str, start: int, end: int, escape: str, *, script: bool) -> list[Piece]:
    """The coloured parts of ``text[start:end]``, in order; they may go over line ends.

    In a *script* (the body of a heredoc) a line end ends a command, and the escape token is a backslash; in a shell
    form a line that begins with ``#`` is a comment of the Dockerfile, and any other comment goes to the end.
    """
    lexer = _Lexer(text, end, "\\" if script else escape, script)
    lexer.run(start)
    return lexer.found


def _pattern(escape: str) -> re.Pattern[str]:
    if escape not in _patterns:
        _patterns[escape] = re.compile(_PATTERN % re.escape(escape), re.S | re.A | re.X)
    return _patterns[escape]


class _Lexer:
    """The state: what encloses the current place, outermost first, and whether a command may begin here."""

    __slots__ = (
        "assigning", "command", "end", "found", "fresh", "outer", "passed", "pattern", "script", "stack", "text",
        "valued",
    )  # fmt: skip

    def __init__(self, text: str, end: int, escape: str, script: bool) -> None:
        self.text = text
        self.end = end
        self.script = script
        self.pattern = _pattern(escape)
        self.found: list[Piece] = []
        #: what closes it: ``)``, a backquote, ``"``, ``}``, ``))``, or ``(`` for a subshell
        self.stack: list[str] = []
        self.command = True
        #: true at the beginning of a word
        self.fresh = True
        #: true in the value of an assignment, behind which a command may still come
        self.assigning = False
        #: ``command`` and ``assigning`` around each level of the stack
        self.outer: list[tuple[bool, bool]] = []
        #: so many words are no commands: the target of a redirection, the value of an option of sudo and its like
        self.passed = 0
        #: the options of such a program that take a value
        self.valued: tuple[str, ...] = ()

    def run(self, at: int) -> None:
        while at < self.end:
            inside = self.stack[-1] if self.stack else ""
            if inside == '"':
                at = self.enclosed(_STRING, at, "string")
            elif inside == "}":
                at = self.enclosed(_BRACE, at, "string")
            elif inside == "))":
                at = self.enclosed(_ARITHMETIC, at, "")
            else:
                at = self.plain(at)

    def add(self, start: int, end: int, kind: str, modifiers: tuple[str, ...] = ()) -> None:
        found = self.found
        if kind == "string" and found and found[-1][1] == start and found[-1][2] == "string":
            found[-1] = (found[-1][0], end, kind, modifiers)
        else:
            found.append((start, end, kind, modifiers))

    def push(self, closes: str) -> None:
        self.stack.append(closes)
        self.outer.append((self.command, self.assigning))
        self.restart()

    def pop(self) -> None:
        self.stack.pop()
        command, self.assigning = self.outer.pop()
        self.command = command and self.assigning
        self.fresh = False

    def restart(self) -> None:
        """A new command may begin."""
        self.command = self.fresh = True
        self.assigning = False
        self.passed = 0
        self.valued = ()

    def part(self) -> None:
        """Quotes or an expansion: a part of a word, which is no command any more unless it is an assigned value."""
        if self.fresh and self.passed:
            self.passed -= 1
        elif not self.assigning:
            self.command = False
        self.fresh = False

    # -- within quotes, braces, arithmetic ----------------------------------------------------------------------------

    def enclosed(self, pattern: re.Pattern[str], at: int, plain: str) -> int:
        """Go on in a string, ``${…}`` or ``$((…))``, what is nothing else being *plain*, up to a change of state."""
        depth = len(self.stack)
        while at < self.end and len(self.stack) == depth:
            match = pattern.match(self.text, at, self.end)
            if match is None:
                return self.end
            kind = match.lastgroup
            start, at = at, match.end()
            if kind in ("text", "other"):
                if plain:
                    self.add(start, at, plain)
            elif kind in ("variable", "number", "operator"):
                self.add(start, at, kind)
            elif kind == "single":
                self.add(start, at, "string")
            elif kind == "end":
                self.add(start, at, "variable" if match[0] == "}" else "operator")
                self.pop()
            elif kind == "quote":
                self.add(start, at, "string")
                if self.stack[-1] == '"':
                    self.pop()
                else:
                    self.push('"')
            else:
                self.nested(kind or "", start, at)
        return at

    def nested(self, kind: str, start: int, end: int) -> None:
        """``$(``, a backquote, ``${`` or ``$((`` opens."""
        if kind == "brace":
            name = re.compile(r"[#!]?\w*", re.A).match(self.text, end, self.end)
            self.add(start, end if name is None else name.end(), "variable")
            self.push("}")
        elif kind == "arithmetic":
            self.add(start, end, "operator")
            self.push("))")
        elif self.text[start] == "`" and "`" in self.stack:
            self.add(start, end, "operator")
            while self.stack[-1] != "`":
                self.pop()
            self.pop()
        else:
            self.add(start, end, "operator")
            self.push("`" if self.text[start] == "`" else ")")

    # -- commands --------------------------------------------------------------------------------------------------

    def plain(self, at: int) -> int:
        """Go on where commands stand, up to a change of state."""
        text, end, pattern = self.text, self.end, self.pattern
        depth = len(self.stack)
        while at < end and len(self.stack) == depth:
            match = pattern.match(text, at, end)
            if match is None:
                return end
            kind = match.lastgroup
            start, at = at, match.end()
            if kind == "blank":
                self.fresh = True
                self.assigning = False
            elif kind == "word":
                if self.fresh:
                    self.word(start, at)
                self.fresh = False
            elif kind == "single" or kind == "double":
                self.add(start, at, "string")
                self.part()
            elif kind == "variable":
                self.add(start, at, "variable")
                self.part()
            elif kind == "operator":
                self.add(start, at, "operator")
                self.restart()
            elif kind == "newline":
                if self.script:
                    self.restart()
                self.fresh = True
            elif kind == "comment":
                at = self.comment(start, at)
            else:
                at = self.rare(kind or "", start, at)
        return at

    def rare(self, kind: str, start: int, at: int) -> int:
        if kind == "quote":
            self.add(start, at, "string")
            self.push('"')
        elif kind == "redirect":
            self.add(start, at, "operator")
            if self.text[at - 1] in "<>&":
                self.passed += 1
                self.fresh = True
        elif kind == "heredoc":
            name = start
            while self.text[name] in "0123456789<- \t":
                name += 1
            self.add(start, name, "operator")
            self.add(name, at, "macro")
            self.fresh = False
        elif kind == "open":
            self.add(start, at, "operator")
            self.push("(")
        elif kind == "close":
            self.add(start, at, "operator")
            closed = self.stack[-1] if self.stack else ""
            if closed in ("(", ")"):
                self.pop()
            if closed != ")":
                # behind the parentheses of a function or the pattern of a case
                self.restart()
        elif kind in ("arithmetic", "substitution", "brace"):
            self.nested(kind, start, at)
        else:
            self.fresh = False
        return at

    def word(self, start: int, end: int) -> None:
        """A word, or its beginning before quotes and expansions."""
        word = self.text[start:end]
        if self.passed:
            self.passed -= 1
            return
        if not self.command:
            if word[0] == "-":
                self.add(start, start + (word.find("=") if "=" in word else len(word)), "parameter")
            elif word in ("in", "]]", "do") and (word != "in" or self.pending()):
                self.add(start, end, "keyword")
            elif self.loops():
                self.add(start, end, "variable", _DECLARED)
            return
        if word in _KEYWORDS:
            self.add(start, end, "keyword")
            self.command = word in _BEFORE_COMMAND
            return
        match = _ASSIGNMENT.match(word)
        if match is not None:
            self.add(start, start + match.end(1), "variable", _DECLARED)
            self.add(start + match.end(1), start + match.end(), "operator")
            self.assigning = True
            return
        if self.text[end : end + 1] == ")" and not (self.stack and self.stack[-1] in ("(", ")")):
            return
        if word[0] == "-":
            self.add(start, end, "parameter")
            self.passed = 1 if word in self.valued else 0
            return
        self.add(start, end, "function", _BUILTIN if word in _BUILTINS else ())
        options, self.passed = WRAPPERS.get(word, ("", 0))
        self.valued = tuple(options.split())
        self.command = word in WRAPPERS

    def loops(self) -> bool:
        """True behind ``for`` or ``select``."""
        if not self.found or self.found[-1][2] != "keyword":
            return False
        return self.text[self.found[-1][0] : self.found[-1][1]] in ("for", "select")

    def pending(self) -> bool:
        """True if the ``in`` of a for or case is still to come: one of those words stands shortly before."""
        for _, _, kind, _ in reversed(self.found[-4:]):
            if kind == "keyword":
                return True
            if kind == "operator":
                return False
        return False

    def comment(self, start: int, at: int) -> int:
        """A ``#``: a comment at the beginning of a word, else a part of it."""
        if not self.fresh:
            return at
        line = self.text.rfind("\n", 0, start) + 1
        stop = self.text.find("\n", at, self.end)
        stop = self.end if stop < 0 else stop
        if not self.script and self.text[line:start].strip():
            stop = self.end
        if "`" in self.stack:
            close = self.text.find("`", at, stop)
            stop = stop if close < 0 else close
        self.add(start, stop, "comment")
        return stop
