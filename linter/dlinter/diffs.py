"""Changes as unified diffs."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.source import Source


def unified(before: Source | None, after: Source) -> bytes:
    """The change as a unified diff that ``git apply`` and ``patch -p1`` take, in the file's own encoding.

    Without *before* the file is a new one.
    """
    from difflib import unified_diff

    path = after.path
    name = "Dockerfile" if path == "-" else os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)
    name = name.replace(os.sep, "/")
    old, was = ([], "/dev/null") if before is None else (_lines(before.text), f"a/{name}")
    lines = unified_diff(old, _lines(after.text), was, f"b/{name}")
    text = "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
    return after.to_bytes(text)


def _lines(text: str) -> list[str]:
    """*text* cut after every newline and nowhere else."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
