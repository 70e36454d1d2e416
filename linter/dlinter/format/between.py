"""The lines between instructions: comments and empty lines."""

from __future__ import annotations

from dlinter.format.gaps import spaced
from dlinter_grammar.directives import parse_directive
from dlinter_grammar.spaces import SPACE

BLANKS = " \t\r\n"


def is_between(region: str) -> bool:
    """True if there is nothing but comments and empty lines in *region*."""
    return all(line.strip(SPACE)[:1] in ("", "#") for line in region.split("\n"))


def between(region: str, newline: str, *, first: bool, stage: bool, trim: bool) -> str:
    """What should stand in *region*, which ends where an instruction begins.

    Comments begin in the first column, no two lines in a row are empty. *first* says that it is the top of the file,
    which begins with no empty line; *stage* that a line should be empty before the comments of a new stage.
    """
    lines = region.split("\n")[:-1]
    found: list[str] = []
    for line in lines:
        text = line.strip(SPACE)
        if text or (found and found[-1]) or (first is False and not found):
            found.append(_comment(line, trim) if text else "")
    if first and lines and not lines[0].strip(SPACE) and _directive(lines):
        found.insert(0, "")
    if stage and "" not in found:
        found.insert(0, "")
    return "".join(line + newline for line in found)


def after(region: str, newline: str, trim: bool) -> str:
    """What should stand in *region*, which ends the file."""
    lines = between(region + "\n", newline, first=False, stage=False, trim=trim)
    return lines.rstrip(BLANKS) + (newline if lines.strip(BLANKS) else "")


def _comment(line: str, trim: bool) -> str:
    body = line.lstrip(SPACE).rstrip("\r")
    if parse_directive(body, 0, 0) is not None:
        return line.rstrip("\r")
    return spaced(body.rstrip(" \t") if trim else body)


def _directive(lines: list[str]) -> bool:
    """True if the first comment would be a directive at the very top of the file."""
    comment = next((line.strip(SPACE) for line in lines if line.strip(SPACE)), "")
    return parse_directive(comment, 0, 0) is not None
