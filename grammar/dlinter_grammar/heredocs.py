"""Which words of a logical line are heredocs (parser.go, heredocsFromLine and ParseHeredoc).

BuildKit splits the *whole* line with its shell lexer (shell/lex.go), always with ``\\`` as escape token, quotes and
escapes kept, no variable set. If the lexer fails, the line has no heredocs at all.
"""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_grammar.gotext import quote
from dlinter_grammar.lexer import Lexer, LexError
from dlinter_grammar.nodes import Heredoc, TextMap, Token
from dlinter_grammar.spaces import REGEXP_SPACE

#: parser.go, reHeredoc
_HEREDOC = re.compile(rf"([0-9]*)<<(-?)[{REGEXP_SPACE}]*([^<]*)\Z")


def find_heredocs(text_map: TextMap, end: int) -> list[Heredoc]:
    """The heredocs of the logical line in order, without bodies. :class:`LexError` if a name cannot be unquoted."""
    try:
        words = Lexer(text_map.text[:end], raw_quotes=True, raw_escapes=True).words()
    except LexError:
        return []
    found = []
    for word, start, stop in words:
        heredoc = parse_heredoc(word, Token(*text_map.span(start, stop), text_map.text[start:stop], word))
        if heredoc is not None:
            found.append(heredoc)
    return found


def parse_heredoc(word: str, token: Token) -> Heredoc | None:
    """The heredoc that *word* announces, or None. ``expand`` is false if any part of its name is quoted."""
    if "<<" not in word:
        return None
    match = _HEREDOC.match(word)
    if match is None or not match[3]:
        return None
    try:
        words = Lexer(match[3]).words()
        raw = Lexer(match[3], raw_quotes=True).words()
    except LexError as error:
        raise LexError(f"failed to process {quote(match[3])}: {error}") from None
    if len(words) != 1:
        return None
    name = words[0][0]
    expand = len(raw) == 1 and _quotes(name) == _quotes(raw[0][0])
    # strconv.ParseUint stops at the largest number there is
    number = min(int(match[1][:20]), 2**64 - 1) if match[1] else None
    return Heredoc(token, name, match[2] == "-", expand, number)


def _quotes(text: str) -> int:
    return text.count("'") + text.count('"')
