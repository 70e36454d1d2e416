"""What a script gives to its variables, read from its normal form."""

from __future__ import annotations

from dlinter.proof.normal import (
    ANDOR,
    CMD,
    FUNCTION,
    GROUP,
    LITERAL,
    MATH,
    RAW,
    SCRIPT,
    SUBSTITUTION,
    TEXT,
    VARIABLE,
    parts_of,
)
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.proof.normal import Form, Word

    #: the elements of a statement with the names in them; whether it is a pure and-list, and in the background
    Statement = tuple[list[tuple[Form, frozenset[str]]], bool, bool]

_CHANGING = frozenset({".", "source", "eval", "trap"})
_BY_NAME = frozenset({"read", "getopts", "unset", "declare", "typeset", "local", "mapfile", "readarray", "let"})
_HANDING_ON = frozenset({"command", "builtin"})
_NAMING = _BY_NAME | _HANDING_ON | {"printf", "export", "readonly"}
_NAME = re.compile(r"\w+")


def set_unseen(form: Form, name: str) -> bool:
    """True if *name* may be set in *form* otherwise than by ``name=value``, ``export name=value`` and loops."""
    return runs_unseen(form) or any(sets_unseen(part, name) for part in parts_of(form) if may_set(part))


def names_in(form: object) -> frozenset[str]:
    """Every name in the texts of *form*."""
    texts = (each for part in parts_of((form,)) for each in part if type(each) is str)
    return frozenset(name for text in texts for name in _NAME.findall(text))


def may_set(part: Form) -> bool:
    """True if *part* may have to do with what a variable holds."""
    kind = part[0] if part else None
    if kind == CMD and len(part) == 4:
        program = part[2][0] if part[2] else ""
        return bool(part[1]) or program in _NAMING
    if kind == VARIABLE:
        return "=" in part[3]
    if kind == SUBSTITUTION:
        return runs_unseen(part[3])
    return kind in (FUNCTION, MATH, TEXT, RAW, GROUP) and (kind != GROUP or part[3] is not None)


def sets_unseen(part: Form, name: str) -> bool:
    """True if *part* may set *name* in a way that is not looked into."""
    kind = part[0]
    if kind == FUNCTION:
        return True
    if kind in (MATH, TEXT, RAW, VARIABLE, SUBSTITUTION):
        return _mentions(part, name)
    if kind == CMD and part[2]:
        program, *operands = part[2]
        named = program == "printf" and operands[:1] == ["-v"]
        return (program in _BY_NAME or program in _HANDING_ON or named) and _mentions(tuple(operands), name)
    return False


def runs_unseen(form: object) -> bool:
    """True if a command of *form*, those in substitutions aside, may set any variable."""
    if type(form) is not tuple or not form or form[0] == SUBSTITUTION:
        return False
    if form[0] == CMD and len(form) == 4 and form[2]:
        program = form[2][0]
        if program in _HANDING_ON and len(form[2]) > 1:
            program = form[2][1]
        if type(program) is str:
            if program in _CHANGING:
                return True
        elif not any(part[0] == LITERAL and "/" in part[1] for part in program):
            return True
    return any(runs_unseen(part) for part in form)


def _mentions(form: object, name: str) -> bool:
    """True if a text anywhere in *form* has *name* in it."""
    pattern = re.compile(rf"(?<!\w){name}(?!\w)").search
    return any(type(each) is str and pattern(each) is not None for part in parts_of((form,)) for each in part)


def assigned(form: Form, name: str) -> Iterator[Word | None]:
    """Every value that *form* gives to *name*; None for one that cannot be told."""
    for part in parts_of(form):
        if may_set(part):
            yield from given(part, name)


def given(part: Form, name: str) -> Iterator[Word | None]:
    if part[0] == CMD:
        for other, append, index, value in part[1]:
            if other == name:
                yield None if append or index is not None else value
        if part[2] and part[2][0] in ("export", "readonly"):
            for word in part[2][1:]:
                yield from _exported(word, name)
    elif part[0] == GROUP and part[3] == name:
        words = [word for word in part[2] if type(word) is str or not _is_body(word)]
        yield from words if part[1] == "for in" and words else (None,)


def _is_body(form: Form) -> bool:
    return bool(form) and type(form[0]) is int


def _exported(word: Word, name: str) -> Iterator[Word | None]:
    if type(word) is str:
        if word.startswith(name + "="):
            yield word[len(name) + 1 :]
    elif word and word[0][0] == LITERAL and word[0][1].startswith(name + "="):
        rest = word[0][1][len(name) + 1 :]
        # what is not quoted is split, unless it is one word
        yield ((LITERAL, rest, ""),) * bool(rest) + tuple(word[1:])


def in_loops(form: object, name: str) -> bool:
    """True if *name* is met nowhere but in the bodies of loops over it."""
    if type(form) is str:
        return not _mentions(form, name)
    if type(form) is not tuple or not form:
        return True
    if form[0] == GROUP and form[1] == "for in" and form[3] == name:
        return all(_is_body(part) or not _mentions(part, name) for part in form[2] if type(part) is tuple)
    return all(in_loops(part, name) for part in form)


def elements(form: Form) -> list[Statement]:
    """The elements of each statement with the names in them; whether it is a pure and-list, and in the background."""
    found = []
    for node, background in form[1] if form[0] == SCRIPT else ((form, False),):
        items, operators = (node[1], node[2]) if node[0] == ANDOR else ((node,), ())
        found.append(([(item, names_in(item)) for item in items], set(operators) <= {"&&"}, background))
    return found


def set_first(statements: list[Statement], name: str) -> bool:
    """True if they set *name* before anything else that has to do with it, whatever other commands do."""
    for at, (items, pure, background) in enumerate(statements):
        for number, (item, names) in enumerate(items):
            if name in names and _sets(item, name):
                later = any(name in others for each, _, _ in statements[at + 1 :] for _, others in each)
                return not background and (not number or (pure and not later))
            if name in names:
                return False
    return False


def _sets(form: Form, name: str) -> bool:
    """True if *form* does nothing but assign, to *name* among others."""
    if form[0] != CMD or form[3]:
        return False
    if not form[2]:
        return any(assigned[0] == name for assigned in form[1])
    return form[2][0] == "export" and any(list(_exported(word, name)) for word in form[2][1:])
