"""Regular expressions that cost nothing until they are used.

Stands in for :mod:`re` (``from dlinter_grammar import regex as re``): a file needs few of the expressions that there
are, and compiling one takes longer than parsing an instruction. A compiled one is used at full speed.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import ASCII as ASCII
    from re import DOTALL as DOTALL
    from re import IGNORECASE as IGNORECASE
    from re import MULTILINE as MULTILINE
    from re import VERBOSE as VERBOSE
    from re import A as A
    from re import I as I
    from re import M as M
    from re import Match as Match
    from re import Pattern as Pattern
    from re import S as S
    from re import compile as compile
    from re import error as error
    from re import escape as escape
    from re import findall as findall
    from re import finditer as finditer
    from re import fullmatch as fullmatch
    from re import match as match
    from re import search as search
    from re import split as split
    from re import sub as sub
else:
    # the values of re.RegexFlag, whose import is half of what importing re takes
    I = IGNORECASE = 2  # noqa: E741
    M = MULTILINE = 8
    S = DOTALL = 16
    VERBOSE = 64
    A = ASCII = 256

    _METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")

    class compile:
        """A pattern: its methods appear when one of them is first asked for."""

        __slots__ = ("_flags", "pattern", *_METHODS)

        def __init__(self, pattern, flags=0):
            self.pattern = pattern
            self._flags = flags

        def __getattr__(self, name):
            import re

            compiled = re.compile(self.pattern, self._flags)
            for each in _METHODS:
                setattr(self, each, getattr(compiled, each))
            return getattr(compiled, name)

    def __getattr__(name):
        import re

        found = globals()[name] = getattr(re, name)
        return found
