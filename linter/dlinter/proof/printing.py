"""``echo`` against ``printf``: what each writes, where the shell that runs them is known.

dash expands escapes in what echo is given and knows ``-n`` alone; bash and BusyBox's ash expand them after ``-e``
(dash(1), bash(1), coreutils/echo.c of BusyBox). In dash ``%b`` is what echo does.
"""

from __future__ import annotations

from itertools import pairwise

from dlinter.proof.body import DEFAULT_SHELL, PLAIN_SHELL
from dlinter.proof.normal import CMD, LITERAL, SUBSTITUTION, VARIABLE
from dlinter.proof.oneword import NO, Values
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.proof.normal import Form, Word

    #: a text, or ``("%b" or "%s", what is expanded or left for %b to expand)``
    Piece = str | tuple[str, object]

_ESCAPE = re.compile(r"\\(.?)", re.S)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_REDEFINED = re.compile(r"xpg_echo|(?:\A|[;&|])\s*(?:alias|enable)\s")
_OPTIONS = frozenset({"BASHOPTS", "SHELLOPTS", "BASH_ENV", "ENV"})
_OPTION = re.compile(r"-[neE]+")
_FORMAT = re.compile(r"%(.?)|([^%]+)", re.S)
#: escapes that end the output, or are read differently
_UNCERTAIN = frozenset("c0123456789xuU")


def written_alike(a: Form, b: Form, values: Values | None) -> bool:
    """True if the echo *a* and the printf, or other echo, *b* write the same, where *values* hold."""
    run = None if values is None else values.run
    if values is None or run is None or run.body is None or a[0] != CMD or b[0] != CMD or a[1] or b[1] or a[3] != b[3]:
        return False
    if (
        a[2][:1] != ("echo",)
        or b[2][:1] not in (("printf",), ("echo",))
        or run.body.shell not in (DEFAULT_SHELL, PLAIN_SHELL)
    ):
        return False
    if run.body.alone and run.body.text.lstrip("\t").startswith("#!"):
        return False
    if _REDEFINED.search(run.body.text) or values.functions:
        return False
    assert run.stage is not None
    if any(name in _OPTIONS for stage in run.stage.chain() for name, *_ in stage.bound):
        return False
    shell = values.shell
    old = _echo(a[2][1:], shell, values)
    new = (_echo if b[2][0] == "echo" else _printf)(b[2][1:], shell, values)
    return old is not None and old == new


def _echo(words: tuple[Word, ...], shell: str, values: Values) -> list[Piece] | None:
    newline, escapes = True, shell == "dash"
    if shell == "dash":
        if words[:1] == ("-n",):
            newline, words = False, words[1:]
    elif shell in ("ash", "bash"):
        while words and type(words[0]) is str and _OPTION.fullmatch(words[0]):
            newline = newline and "n" not in words[0]
            escapes = _last_of("eE", words[0], "e" if escapes else "E") == "e"
            words = words[1:]
        if words and not _begins_plainly(words[0]):
            return None
    else:
        return None
    found: list[Piece] = []
    for number, word in enumerate(words):
        if number:
            found.append(" ")
        pieces = _pieces(word, shell, escapes, values)
        if pieces is None:
            return None
        found += pieces
    return _joined([*found, "\n"] if newline else found)


def _last_of(letters: str, option: str, default: str) -> str:
    return next((letter for letter in reversed(option) if letter in letters), default)


def _begins_plainly(word: Word) -> bool:
    """True if *word* is no option, whatever is expanded in it."""
    if type(word) is str:
        return True
    return bool(word) and word[0][0] == LITERAL and bool(word[0][1]) and not word[0][1].startswith("-")


def _printf(words: tuple[Word, ...], shell: str, values: Values) -> list[Piece] | None:
    if not words or type(words[0]) is not str or words[0].startswith("-"):
        return None
    rest = list(words[1:])
    found: list[Piece] = []
    for match in _FORMAT.finditer(words[0]):
        if match[2] is not None:
            text = _decoded(match[2])
            if text is None:
                return None
            found.append(text)
        elif match[1] == "%":
            found.append("%")
        elif match[1] in ("s", "b") and rest:
            pieces = _pieces(rest.pop(0), shell, match[1] == "b", values)
            if pieces is None:
                return None
            found += pieces
        else:
            return None
    return None if rest else _joined(found)


def _pieces(word: Word, shell: str, escapes: bool, values: Values) -> list[Piece] | None:
    """What becomes of *word*; None where that cannot be told."""
    found: list[Piece] = []
    parts: Form = ((LITERAL, word, ""),) if type(word) is str else tuple(word)
    for part in parts:
        if part[0] == LITERAL:
            if "$'" in part[2] or '$"' in part[2] or part[2][-1:] == "$":
                return None  # bash and dash read it otherwise
            text = _decoded(part[1]) if escapes else part[1]
            if text is not None:
                found.append(text)
                continue
            odd = any(match[1] in _UNCERTAIN or not match[1] for match in _ESCAPE.finditer(part[1]))
            if shell != "dash" or odd:
                return None
            found.append(("%b", part[1]))
        elif part[0] not in (VARIABLE, SUBSTITUTION) or not part[1]:
            return None
        elif not escapes or values.part(part) != NO:
            found.append(("%s", part))
        elif shell == "dash":
            found.append(("%b", part))
        else:
            return None
    if escapes and any(_open(one) and type(two) is tuple for one, two in _pairs(word)):
        return None
    return found


def _pairs(word: Word) -> Iterator[tuple[object, object]]:
    """Each text of *word* with the expansion behind it."""
    for one, two in pairwise(word):
        if type(one) is tuple and one[0] == LITERAL and type(two) is tuple and two[0] != LITERAL:
            yield one[1], two


def _open(text: object) -> bool:
    """True if *text* ends within an escape."""
    return type(text) is str and (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _decoded(text: str) -> str | None:
    """*text* with its escapes expanded; None where one of them is not the same everywhere."""
    if any(match[1] not in _SIMPLE for match in _ESCAPE.finditer(text)):
        return None
    return _ESCAPE.sub(lambda match: _SIMPLE[match[1]], text)


def _joined(pieces: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        if type(piece) is str and found and type(found[-1]) is str:
            found[-1] += piece
        elif piece:
            found.append(piece)
    return found
