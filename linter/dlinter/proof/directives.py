"""The directives at the top of a file."""

from __future__ import annotations

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_grammar.nodes import Document

_DIRECTIVE = re.compile(r"#\s*(syntax|escape|check)\s*=\s*(.+?)\s*\Z", re.IGNORECASE)


def directives(document: Document) -> dict[str, str]:
    """What the directives at the top amount to (parser/directives.go: ParseAll and DetectSyntax).

    ``syntax`` and ``check`` count only without blanks before them, and also below a line ``#!…``.
    """
    found = {"escape": document.escape}
    lines = iter(document.text.removeprefix("\ufeff").split("\n"))
    for number, line in enumerate(lines):
        if not number and line.startswith("#!"):
            continue
        match = _DIRECTIVE.match(line.rstrip("\r"))
        if match is None:
            break
        if match[1].lower() != "escape":
            found.setdefault(match[1].lower(), match[2])
    return found
