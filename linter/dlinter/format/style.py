"""What of the layout can be chosen."""

from __future__ import annotations


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
