"""What of the layout can be chosen."""

from __future__ import annotations

from dlinter.format.editorconfig import properties

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.config import Config


class Style:
    """Choices for one file.

    ``indent`` is one level of indentation, ``"\\t"`` or blanks; None for what the file itself uses most. ``operators``
    says where ``&&``, ``||`` and ``|`` stand when a line breaks beside them: ``"leading"``, ``"trailing"``, ``"keep"``,
    or ``"auto"`` for what the file does more often. ``newline`` is the line end, None for the file's own.
    ``final_newline`` and ``trim`` ask for a line end after the last line and for no blanks at the end of lines.
    """

    __slots__ = ("final_newline", "indent", "newline", "operators", "trim")

    def __init__(
        self,
        indent: str | None = None,
        operators: str = "auto",
        newline: str | None = None,
        final_newline: bool = True,
        trim: bool = True,
    ) -> None:
        self.indent = indent
        self.operators = operators
        self.newline = newline
        self.final_newline = final_newline
        self.trim = trim


#: what holds where nothing is configured
DEFAULT = Style()


_NEWLINES = {"lf": "\n", "crlf": "\r\n"}


def style_for(path: str, config: Config | None = None) -> Style:
    """The style of the file at *path*: from *config*, where it is silent from the nearest ``.editorconfig`` files."""
    found = properties(path)
    indent = _indent(found)
    operators = "auto"
    if config is not None:
        operators = config.format_operators
        if config.format_indent != "auto":
            indent = "\t" if config.format_indent == "tab" else " " * int(config.format_indent)
    return Style(
        indent,
        operators,
        _NEWLINES.get(found.get("end_of_line", "")),
        found.get("insert_final_newline") != "false",
        found.get("trim_trailing_whitespace") != "false",
    )


def _indent(found: dict[str, str]) -> str | None:
    """One level as ``indent_style`` and ``indent_size`` have it; a size of 1 could not show what is deeper."""
    style, size = found.get("indent_style"), found.get("indent_size", "")
    if style == "tab":
        return "\t"
    if size == "tab":
        size = found.get("tab_width", "")
    if size.isdecimal() and 2 <= int(size) <= 8:
        return " " * int(size)
    return "    " if style == "space" else None
