"""Parser directives: ``# escape=```, ``# syntax=...``, ``# check=...`` (parser/directives.go).

BuildKit reads them twice, by two implementations that disagree: the parser (:func:`read_directives`), for which only
``escape`` has an effect, and one for ``syntax`` and ``check`` (:func:`detect_directive`).
"""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_grammar.nodes import Directive, Token
from dlinter_grammar.problems import problem
from dlinter_grammar.spaces import REGEXP_SPACE, SPACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_grammar.nodes import Document

DIRECTIVES = frozenset({"check", "escape", "syntax"})

_KEY = re.compile(r"([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=")


def read_directives(document: Document) -> tuple[int, int]:
    """Fill ``document.directives``; the offset and the number of the lines that they and the BOM take up.

    The run of directives ends at the first line that is not one. Their errors are reported one line too low.
    """
    text = document.text
    position = 0
    if text.startswith("\ufeff"):
        document.bom = True
        position = 1
    seen: set[str] = set()
    count = 0
    while position < len(text):
        after = text.find("\n", position) + 1 or len(text)
        line = text[position:after].rstrip("\r\n")
        body = line.lstrip(SPACE)
        directive = parse_directive(body, position + len(line) - len(body), count + 1)
        if directive is None:
            break
        name, value = directive.name.value, directive.value
        if name in seen:
            message = f"only one {name} parser directive can be used"
            at = directive.name
            document.problems.append(problem("duplicate-directive", at, count, message))
        elif name == "escape":
            if value.text in ("\\", "`"):
                document.escape = value.text
            else:
                message = f"invalid escape token '{value.text}' does not match ` or \\"
                document.problems.append(problem("invalid-escape", value, count, message))
        seen.add(name)
        document.directives.append(directive)
        count += 1
        position = after
    return position, count


def parse_directive(line: str, start: int, number: int, prefix: str = "#") -> Directive | None:
    """The directive that is *line*, which stands at *start* of the file, or None.

    Go's ``^([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(.+?)\\s*$`` behind the prefix and Unicode blanks, in linear time: a value of
    blanks only is the last of them.
    """
    if not line.startswith(prefix):
        return None
    body = line[len(prefix) :]
    at = len(prefix) + len(body) - len(body.lstrip(SPACE))
    match = _KEY.match(line, at)
    if match is None or match[1].lower() not in DIRECTIVES or match.end() == len(line):
        return None
    rest = line[match.end() :]
    stripped = rest.lstrip(REGEXP_SPACE)
    value = stripped.rstrip(REGEXP_SPACE) or rest[-1]
    value_at = start + match.end() + len(rest) - (len(stripped) or 1)
    name = Token(start + at, start + at + len(match[1]), match[1], match[1].lower())
    return Directive(start, start + len(line), name, Token(value_at, value_at + len(value), value), number)


def detect_directive(text: str, name: str) -> str | None:
    """The value of the directive *name* as DetectSyntax and ParseDirective read it, None if there is none.

    BuildKit uses this way for ``syntax`` and ``check``: a first line ``#!`` is skipped, indented directives do not
    count; for ``syntax`` there is also ``// syntax=`` and a file that is one JSON object. Of ``check``, and of the
    image that ``syntax`` names, only what comes before the first blank counts.
    """
    start = 1 if text.startswith("\ufeff") else 0
    if text.startswith("#!", start):
        start = text.find("\n", start) + 1 or len(text)
    found = _directive_in_run(text, start, name, "#")
    if found is None and name == "syntax":
        found = _directive_in_run(text, start, name, "//")
        if found is None and text[start:].lstrip(" \t\r\n").startswith("{"):
            found = _json_member(text[start:], name)
    return found


def _directive_in_run(text: str, position: int, name: str, prefix: str) -> str | None:
    seen = set()
    while position < len(text):
        after = text.find("\n", position) + 1 or len(text)
        line = text[position:after].removesuffix("\n").removesuffix("\r")
        directive = parse_directive(line, position, 0, prefix)
        if directive is None or directive.name.value in seen:
            return None
        if directive.name.value == name:
            return directive.value.text
        seen.add(directive.name.value)
        position = after
    return None


def _json_member(text: str, name: str) -> str | None:
    from json import loads

    try:
        members = loads(text)
    except (ValueError, RecursionError):
        return None
    value = members.get(name)
    return value if isinstance(value, str) else None
