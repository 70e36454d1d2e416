"""Line ends."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.tree import Dockerfile

_END = re.compile(r"\r?\n")


def line_end(text: str) -> str:
    """The line end that *text* has more often."""
    windows = text.count("\r\n")
    return "\r\n" if windows * 2 > text.count("\n") else "\n"


def with_line_ends(file: Dockerfile, newline: str) -> str:
    """The text of the file with the line ends *newline*, but for here-documents, whose bodies they belong to."""
    text = file.text
    if newline == "\n" and "\r" not in text:
        return text
    pieces = []
    at = 0
    for node in file.instructions:
        for heredoc in node.heredocs:
            pieces.append(_END.sub(newline, text[at : heredoc.start]))
            pieces.append(text[heredoc.start : heredoc.close])
            at = heredoc.close
    pieces.append(_END.sub(newline, text[at:]))
    return "".join(pieces)
