"""How findings are printed. :func:`render` knows the formats; their modules are loaded when asked for."""

from __future__ import annotations

from dlinter.rule import Finding
from dlinter.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class FileReport:
    """The findings of one file, with its text to point into; ``path`` is what machines are told it is called."""

    __slots__ = ("findings", "path", "source")

    def __init__(self, source: Source, findings: Sequence[Finding], path: str | None = None) -> None:
        self.source = source
        self.findings = findings
        self.path = source.path if path is None else path


def render(name: str, reports: Sequence[FileReport], *, color: bool = False, tool: str = "dlint") -> str:
    """The text of *reports* in the format called *name*; *tool* is what the program calls itself in it."""
    if name == "json":
        from dlinter.output.json import render as render_json

        return render_json(reports)
    if name == "concise":
        from dlinter.output.concise import render as render_concise

        return render_concise(reports, color)
    if name == "tty":
        from dlinter.output.lines import tty

        return tty(reports, color)
    if name == "gnu":
        from dlinter.output.lines import gnu

        return gnu(reports, tool)
    if name == "sarif":
        from dlinter.output.sarif import render as render_sarif

        return render_sarif(reports, tool)
    if name in ("checkstyle", "junit"):
        from dlinter.output import xml

        return xml.checkstyle(reports) if name == "checkstyle" else xml.junit(reports, tool)
    if name in ("codeclimate", "gitlab_codeclimate", "codacy", "sonarqube"):
        from dlinter.output import reports as formats

        if name == "sonarqube":
            return formats.sonarqube(reports, tool)
        one = {
            "codeclimate": formats.codeclimate, "gitlab_codeclimate": formats.gitlab_codeclimate,
            "codacy": formats.codacy,
        }[name]  # fmt: skip
        return one(reports)
    from dlinter.output.full import render as render_full

    return render_full(reports, color)
