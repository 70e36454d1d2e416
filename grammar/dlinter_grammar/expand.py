"""BuildKit's variable expansion (frontend/dockerfile/shell/lex.go) as a library.

``expand`` gives what an instruction would receive, the variables it took on the way, or BuildKit's error. A variable
may be known to be set without its value being known (None in the environment): the result is then unknown wherever it
depends on that value. Names are case-sensitive, as they are everywhere but on Windows builders.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .expander import Reference

#: besides the escape character, what a word has to have for the expansion to change or split it
_ACTIVE = frozenset("$<'\"\ufeff\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000")
_ACTIVE |= frozenset(map(chr, range(0x2000, 0x200B)))

EXPANDS: dict[str, tuple[str, ...]] = {
    "ADD": ("sources", "destination", "--chown", "--chmod", "--checksum", "heredocs"),
    "ARG": ("values",),
    "COPY": ("sources", "destination", "--chown", "--chmod", "heredocs"),
    "ENV": ("keys", "values"),
    "EXPOSE": ("words",),
    "FROM": ("name", "--platform"),
    "LABEL": ("keys", "values"),
    "RUN": ("--mount",),
    "STOPSIGNAL": ("argument",),
    "USER": ("argument",),
    "VOLUME": ("words",),
    "WORKDIR": ("argument",),
}
"""What BuildKit expands, by instruction (instructions/commands.go, Expand; dockerfile2llb/convert.go).

FROM sees the global ARGs only, every other instruction its stage's environment. Of ``--mount`` all values but ``from``;
heredocs of COPY and ADD only where their name is not quoted, with ``literal_quotes``. EXPOSE expands with ``split``.
Instructions that are not listed expand nothing; ONBUILD does when its instruction runs.
"""


class Expanded:
    """The result of an expansion.

    ``value`` is None where it depends on an unknown variable, and where there is an ``error``; so is ``words``, the
    value split at white space outside of quotes. ``references`` are the variables of the word in source order.
    """

    __slots__ = ("error", "references", "value", "words")

    def __init__(
        self, value: str | None, words: list[str] | None, references: tuple[Reference, ...], error: str | None
    ) -> None:
        self.value = value
        self.words = words
        self.references = references
        self.error = error

    @property
    def unset(self) -> tuple[str, ...]:
        """The names that the environment lacks, once each, in source order, with a default or not."""
        return tuple(dict.fromkeys(found.name for found in self.references if not found.is_set))

    def __repr__(self) -> str:
        return f"Expanded({self.value!r}, {self.words!r}, {self.references!r}, {self.error!r})"


def expand(
    word: str,
    env: Mapping[str, str | None],
    escape: str = "\\",
    *,
    keep_unset: bool = False,
    raw_quotes: bool = False,
    raw_escapes: bool = False,
    literal_quotes: bool = False,
) -> Expanded:
    """What BuildKit makes of *word* in *env*, where None is the value of a variable that is set to something unknown.

    *keep_unset* leaves references to unset names as they are (SkipUnsetEnv), *raw_quotes* and *raw_escapes* keep those
    characters, *literal_quotes* takes quotes for common characters (SkipProcessQuotes, for heredocs).
    """
    if escape not in word and _ACTIVE.isdisjoint(word):
        return Expanded(word, [word] if word else [], (), None)
    from .expander import Expander, ExpansionError
    from .gotext import quote

    lexer = Expander(word, env, escape, keep_unset, raw_quotes, raw_escapes, not literal_quotes)
    value: str | None = None
    words: list[str] | None = None
    error: str | None = None
    try:
        value, words = lexer.process(None, raw_escapes)
    except ExpansionError as failure:
        error = f"failed to process {quote(word)}: {failure}"
    references = tuple(sorted(lexer.references, key=_position))
    return Expanded(value, words, references, error)


def process_words(word: str, env: Mapping[str, str | None], escape: str = "\\") -> list[str] | None:
    """*word* expanded, then split at white space outside of quotes (ProcessWords, for EXPOSE); None if unknown."""
    return expand(word, env, escape).words


def unquote_value(word: str, escape: str = "\\") -> str:
    """*word* without its quotes and escapes, references kept as written; *word* itself where BuildKit would fail."""
    value = expand(word, {}, escape, keep_unset=True).value
    return word if value is None else value


def references(word: str, escape: str = "\\", *, literal_quotes: bool = False) -> list[tuple[str, int, int, str]]:
    """Name, start, end and operator of each variable in *word*, nested ones too, in source order; nothing is expanded.

    They end where BuildKit gives up: at an unterminated quote, a bad substitution or an unsupported modifier.
    """
    found = expand(word, {}, escape, keep_unset=True, literal_quotes=literal_quotes).references
    return [(reference.name, reference.start, reference.end, reference.operator) for reference in found]


def _position(reference: Reference) -> tuple[int, int]:
    return reference.start, -reference.end
