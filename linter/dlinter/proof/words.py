"""Words of a Dockerfile by parts, and the variables they may see.

A value is a tuple of texts and variables. What a variable holds is seldom known (build arguments can be given from
outside, base images bring their own environment), so a variable that is not known to be fixed text stays one, with
the identity of what it was bound to. Two values are the same when they are equal as tuples.

Read anew from BuildKit's shell/lex.go, apart from the library that rules and fixes use, so that a mistake there cannot
hide a wrong fix here.
"""

from __future__ import annotations

from hashlib import blake2b

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable

    #: ``("$", name, operator, what follows the operator, binding, quoted)``
    Variable = tuple[str, str, str, str, bytes, bool]
    Value = tuple["str | Variable", ...]

#: text longer than this is not carried into other values, so that their size stays linear
LONG = 2048
#: identity of a name that the file does not set
UNSET = b""

_NAME = re.compile(r"[^\W\d]\w*|\d+|[@*#?$!-]")
_OPERATOR = re.compile(r":[-+?]|[-+?]|##?|%%?|//?")


def digest(*things: Hashable) -> bytes:
    """A fingerprint of *things*, made of texts, bytes, numbers and tuples."""
    return blake2b(repr(things).encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Scope:
    """The variables that an instruction sees. ``key`` is a fingerprint of all of them, whatever their order."""

    __slots__ = ("_literals", "bindings", "key", "values")

    def __init__(self, parent: Scope | None = None) -> None:
        self.bindings: dict[str, bytes] = dict(parent.bindings) if parent else {}
        self._literals: dict[str, str] = dict(parent._literals) if parent else {}
        #: what each name was set to, for messages
        self.values: dict[str, Value | None] = dict(parent.values) if parent else {}
        self.key: int = parent.key if parent else 0

    def set(self, name: str, value: Value) -> None:
        """ENV: the name holds *value* from here on."""
        self._bind(name, digest("env", name, value), value)
        if all(type(part) is str for part in value):
            text = "".join(part for part in value if type(part) is str)
            if len(text) <= LONG:
                self._literals[name] = text

    def declare(self, name: str, default: Value | None) -> None:
        """ARG: the name holds what is given from outside, else *default*, else what it held before."""
        self._bind(name, digest("arg", name, default or "", default is None, self.bindings.get(name, UNSET)), default)

    def _bind(self, name: str, binding: bytes, value: Value | None) -> None:
        old = self.bindings.get(name)
        if old is not None:
            self.key ^= int.from_bytes(digest(name, old), "big")
        self.key ^= int.from_bytes(digest(name, binding), "big")
        self.bindings[name] = binding
        self.values[name] = value
        self._literals.pop(name, None)

    def literal(self, name: str) -> str | None:
        """The text that *name* is known to hold, or None."""
        return self._literals.get(name)

    def resolve(self, text: str, escape: str, splitting: bool = False) -> Value:
        """The value of the word *text*, quotes removed and what is known put in.

        *splitting* is for EXPOSE, where what a variable holds is split into words unless it is quoted.
        """
        return self._resolve(text, escape, splitting, 0)

    def _resolve(self, text: str, escape: str, splitting: bool, depth: int) -> Value:
        if "$" not in text and '"' not in text and "'" not in text and escape not in text:
            return (text,) if text else ()
        pieces = split(text, escape)
        if pieces is None:
            return ("\0unread", text, *(str(self.bindings.get(name, UNSET)) for name in _NAME.findall(text)))
        result: list[str | Variable] = []
        for piece in pieces:
            if type(piece) is str:
                _push(result, piece)
                continue
            name, operator, word, quoted = _reference(piece)
            known = self._literals.get(name)
            if known is not None and not operator and (quoted or not splitting or not re.search(r"\s", known)):
                _push(result, known)
            else:
                inner = self.bindings.get(name, UNSET)
                if operator and "$" in word:
                    below: Value = self._resolve(word, escape, splitting, depth + 1) if depth < 20 else ()
                    inner = digest(inner, below, word)
                result.append(("$", name, operator, word, inner, quoted or not splitting))
        return tuple(result)


def _push(result: list[str | Variable], text: str) -> None:
    if not text:
        return
    if result and type(result[-1]) is str:
        result[-1] += text
    else:
        result.append(text)


def _reference(piece: str | tuple[str, str, str, bool]) -> tuple[str, str, str, bool]:
    assert not isinstance(piece, str)
    return piece


def split(text: str, escape: str) -> list[str | tuple[str, str, str, bool]] | None:
    """The parts of a word: texts, and ``(name, operator, rest, quoted)``. None where BuildKit would fail on it."""
    if "<<" in text or "\0" in text:
        return None
    parts: list[str | tuple[str, str, str, bool]] = []
    quote = ""
    at = 0
    size = len(text)
    while at < size:
        char = text[at]
        if quote == "'":
            end = text.find("'", at)
            if end < 0:
                return None
            parts.append(text[at:end])
            quote = ""
            at = end + 1
        elif char == quote:
            quote = ""
            at += 1
        elif char in "\"'" and not quote:
            quote = char
            at += 1
        elif char == escape:
            following = text[at + 1 : at + 2]
            if quote and following not in ('"', "$", escape):
                parts.append(char)
                at += 1
            else:
                # a lone escape token at the end is dropped
                parts.append(following)
                at += 2
        elif char == "$":
            found = _variable(text, at, bool(quote), escape)
            if found is None:
                return None
            part, at = found
            parts.append(part)
        else:
            parts.append(char)
            at += 1
    return None if quote else parts


def _variable(text: str, at: int, quoted: bool, escape: str) -> tuple[str | tuple[str, str, str, bool], int] | None:
    """The variable or the lone dollar sign at *at*, and the offset behind it."""
    if not text.startswith("{", at + 1):
        name = _NAME.match(text, at + 1)
        return ("$", at + 1) if name is None else ((name[0], "", "", quoted), name.end())
    name = _NAME.match(text, at + 2)
    if name is None:
        return None
    if text.startswith("}", name.end()):
        return (name[0], "", "", quoted), name.end() + 1
    operator = _OPERATOR.match(text, name.end())
    if operator is None:
        return None
    end = _closing(text, operator.end(), escape)
    if end < 0:
        return None
    return (name[0], operator[0], text[operator.end() : end], quoted), end + 1


def _closing(text: str, at: int, escape: str) -> int:
    """The offset of the brace that ends ``${…``, or -1. Anything but nested braces and variables is not read."""
    depth = 0
    while at < len(text):
        char = text[at]
        if char == "}":
            if not depth:
                return at
            depth -= 1
        elif char == "$" and text.startswith("{", at + 1):
            depth += 1
            at += 1
        elif char == escape or char in "\"'":
            return -1
        at += 1
    return -1


def text_of(value: Value | None) -> str | None:
    """The text of a value without variables, None for any other."""
    if value is None or len(value) > 1:
        return None
    if not value:
        return ""
    only = value[0]
    return only if type(only) is str and not only.startswith("\0") else None


def show(value: Value | None) -> str:
    """A value as a reader would write it."""
    if value is None:
        return "nothing"
    if value and value[0] == "\0unread":
        return str(value[1])
    return "".join(p if type(p) is str else f"${{{p[1]}{p[2]}{p[3]}}}" for p in value)
