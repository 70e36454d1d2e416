"""How findings are printed. One module a format; each has ``render(reports, options) -> str``."""

from __future__ import annotations

from dlinter.rule import Finding
from dlinter.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class FileReport:
    """The findings of one file, with its text to point into."""

    __slots__ = ("findings", "source")

    def __init__(self, source: Source, findings: Sequence[Finding]) -> None:
        self.source = source
        self.findings = findings


def render(name: str, reports: Sequence[FileReport], *, color: bool = False) -> str:
    """The text of *reports* in the format called *name*."""
    if name == "json":
        from dlinter.output.json import render as render_json

        return render_json(reports)
    if name == "concise":
        from dlinter.output.concise import render as render_concise

        return render_concise(reports, color)
    from dlinter.output.full import render as render_full

    return render_full(reports, color)
