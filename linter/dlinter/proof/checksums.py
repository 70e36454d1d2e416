"""Lines for programs that check sums: a sum, two characters, a file name."""

from __future__ import annotations

from dlinter.proof.normal import CMD, LITERAL, VARIABLE
from dlinter.proof.tables import listed
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.normal import Form, Word

_CHECKERS = listed(
    "md5sum sha1sum sha224sum sha256sum sha384sum sha512sum sha3sum shasum gmd5sum gsha1sum gsha256sum gsha512sum"
)
#: a sum, or a variable in its place, with one blank before the name; what may stand behind it
_LINE = re.compile(r"(?:\0|[0-9A-Fa-f]{32,128})( )(?![ *\t])[^\s\\]+(?:\\n)?")
_FORMATS = ("%s %s", "%s %s\\n")


def spaced(before: Form, after: Form, checker: Form) -> bool:
    """True if ``echo`` or ``printf`` hands one line to *checker*, now with two blanks behind the sum instead of one.

    GNU's programs read both (coreutils, src/digest.c, split_3), BusyBox's only two (coreutils/md5_sha1_sum.c).
    """
    if before[0] != CMD or after[0] != CMD or before[1] != after[1] or before[3] or after[3] or not _checks(checker):
        return False
    xs, ys = before[2], after[2]
    if len(xs) != len(ys) or xs[:1] not in (("echo",), ("printf",)):
        return False
    different = [at for at, (x, y) in enumerate(zip(xs, ys, strict=True)) if x != y]
    operands = [at for at, word in enumerate(xs) if at and word not in ("-n", "-e", "-ne", "-en")]
    if different != operands[:1]:
        return False
    old, new = _flat(xs[different[0]]), _flat(ys[different[0]])
    if old is None or new is None or _variables(xs[different[0]]) != _variables(ys[different[0]]):
        return False
    if len(operands) == 3 and xs[0] == "printf":
        return old in _FORMATS and new == old.replace(" ", "  ", 1)
    match = _LINE.fullmatch(old)
    return len(operands) == 1 and match is not None and new == f"{old[: match.end(1)]} {old[match.end(1) :]}"


def _checks(command: Form) -> bool:
    if command[0] != CMD or command[1] or not command[2] or type(command[2][0]) is not str:
        return False
    words = [word for word in command[2][1:] if type(word) is str]
    asked = any(word == "--check" or (word[:1] == "-" and word[1:2] != "-" and "c" in word) for word in words)
    return command[2][0].rpartition("/")[2] in _CHECKERS and asked


def _flat(word: Word) -> str | None:
    """The text of *word* with ``\\0`` for each variable; None if anything else in it is not fixed."""
    if type(word) is str:
        return None if "\0" in word else word
    pieces = []
    for part in word:
        if part[0] == VARIABLE and part[1] and not part[3]:
            pieces.append("\0")
        elif part[0] == LITERAL:
            pieces.append(part[1])
        else:
            return None
    return "".join(pieces)


def _variables(word: Word) -> list[object]:
    return [] if type(word) is str else [part for part in word if part[0] == VARIABLE]
