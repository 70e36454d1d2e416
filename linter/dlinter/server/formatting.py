"""Formatting of documents and ranges: as few edits as lead to the formatted text."""

from __future__ import annotations

from dlinter.format import format_range, format_text, style_for
from dlinter.format.style import Style
from dlinter.server.changes import differences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lsprotocol import types

    from dlinter.edits import Edit
    from dlinter.server.analysis import Analysis
    from dlinter.server.documents import Document


def formatted(
    document: Document,
    analysis: Analysis,
    options: types.FormattingOptions | None = None,
    part: tuple[int, int] | None = None,
) -> list[Edit]:
    """The edits that format *document*, or the instructions that *part* of it touches.

    What is configured wins over the editor's *options*.
    """
    plan = analysis.plan
    if not plan.options.format:
        return []
    style = style_for(document.path or analysis.file.path, plan.config)
    if style.indent is None and options is not None:
        indent = " " * options.tab_size if options.insert_spaces else "\t"
        style = Style(indent, style.operators, style.newline, style.final_newline, style.trim)
    source = analysis.file.source
    result = format_text(source, style) if part is None else format_range(source, *part, style)
    return differences(source.text, result.text)
