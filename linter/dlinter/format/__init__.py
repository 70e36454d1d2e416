"""Formats Dockerfiles: another layout, the same tokens.

For editors: :func:`format_text` and :func:`format_range` take a source and give the formatted one, the same object
where nothing is to be changed; :func:`style_for` says which style holds for a path.
"""

from __future__ import annotations

from dlinter.format.formatter import Defect, FormatError, Formatted, formatted
from dlinter.format.style import DEFAULT, Style, style_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.source import Source

__all__ = [
    "DEFAULT", "Defect", "FormatError", "Formatted", "Style", "format_range", "format_text", "formatted", "style_for",
]  # fmt: skip


def format_text(source: Source, style: Style = DEFAULT) -> Source:
    """*source* formatted; as it is where BuildKit could not parse it."""
    return _quiet(source, style, None)


def format_range(source: Source, start: int, end: int, style: Style = DEFAULT) -> Source:
    """*source* with those instructions formatted, whole, that the characters *start* to *end* touch."""
    return _quiet(source, style, (start, end))


def _quiet(source: Source, style: Style, part: tuple[int, int] | None) -> Source:
    try:
        return formatted(source, style, part).source
    except FormatError:
        return source
