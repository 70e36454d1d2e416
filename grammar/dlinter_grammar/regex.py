"""Regular expressions that cost nothing until they are used, and little then.

Stands in for :mod:`re` (``from dlinter_grammar import regex as re``): a file needs few of the expressions that there
are, and compiling one takes longer than parsing an instruction. A compiled one is used at full speed.

Importing :mod:`re` and compiling what one file needs is a third of a short run. So what ``re`` makes of the expressions
of this project is kept in ``regex_tables``; everything else, and Pythons that it was not made for, import ``re``.
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
            compiled = _compiled(self.pattern, self._flags)
            for each in _METHODS:
                setattr(self, each, getattr(compiled, each))
            return getattr(compiled, name)

    #: versions of the format of compiled expressions that the tables hold for: Python 3.11, 3.12 and 3.13
    MAGICS = frozenset((20220615, 20221023, 20230612))
    #: what was taken from the tables, by expression and flags
    _made = {}
    _rows = None

    def _compiled(pattern, flags):
        key = pattern, flags
        found = _made.get(key)
        if found is None:
            row = (_tables() if _rows is None else _rows).get(key)
            if row is None:
                import re

                return re.compile(pattern, flags)
            import _sre

            code, flags, groups, names = row
            index = [None] * (groups + 1)
            for name, number in names:
                index[number] = name
            numbers = list(map(int, code.split()))
            found = _made[key] = _sre.compile(pattern, flags, numbers, groups, dict(names), tuple(index))
        return found

    def _tables():
        """The rows of the tables; none on a Python that they were not made for."""
        global _rows
        _rows = {}
        try:
            from _sre import CODESIZE, MAGIC

            if CODESIZE == 4 and MAGIC in MAGICS:
                from dlinter_grammar.regex_tables import ROWS as _rows
        except ImportError:
            pass
        return _rows

    def _finding(name):
        def find(pattern, string, flags=0):
            return getattr(_compiled(pattern, flags), name)(string)

        return find

    findall, finditer, fullmatch, match, search = map(_finding, ("findall", "finditer", "fullmatch", "match", "search"))

    def split(pattern, string, maxsplit=0, flags=0):
        return _compiled(pattern, flags).split(string, maxsplit)

    def sub(pattern, repl, string, count=0, flags=0):
        return _compiled(pattern, flags).sub(repl, string, count)

    def __getattr__(name):
        import re

        found = globals()[name] = getattr(re, name)
        return found
