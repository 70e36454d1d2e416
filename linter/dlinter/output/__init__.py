"""How findings are printed. :func:`render` knows the formats; their modules are loaded when asked for."""

from __future__ import annotations

from dlinter.rule import imported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dlinter.rule import Finding
    from dlinter.source import Source

#: format -> module in this package and function there
_FORMATS = {
    "azure": ("annotations", "azure"),
    "checkstyle": ("xml", "checkstyle"),
    "codacy": ("reports", "codacy"),
    "codeclimate": ("reports", "codeclimate"),
    "concise": ("concise", "render"),
    "full": ("full", "render"),
    "github": ("annotations", "github"),
    "gitlab": ("reports", "gitlab"),
    "gitlab_codeclimate": ("reports", "gitlab"),
    "gnu": ("lines", "gnu"),
    "json": ("json", "render"),
    "junit": ("xml", "junit"),
    "markdown": ("markdown", "render"),
    "rdjson": ("reviewdog", "rdjson"),
    "rdjsonl": ("reviewdog", "rdjsonl"),
    "sarif": ("sarif", "render"),
    "sonarqube": ("reports", "sonarqube"),
    "tty": ("lines", "tty"),
}

#: formats in which what is printed of several files is what is printed of each
SEPARATE = frozenset({"full", "concise", "tty", "gnu"})


class FileReport:
    """The findings of one file, with its text to point into; ``path`` is what machines are told it is called."""

    __slots__ = ("findings", "path", "source")

    def __init__(self, source: Source, findings: Sequence[Finding], path: str | None = None) -> None:
        self.source = source
        self.findings = findings
        self.path = source.path if path is None else path


class Look:
    """What a format may know besides the findings: whether to use ``color``, and what the program calls itself."""

    __slots__ = ("color", "tool")

    def __init__(self, color: bool = False, tool: str = "dlint") -> None:
        self.color = color
        self.tool = tool


def render(name: str, reports: Sequence[FileReport], *, color: bool = False, tool: str = "dlint") -> str:
    """The text of *reports* in the format called *name*; *tool* is what the program calls itself in it."""
    module, function = _FORMATS[name]
    one: Callable[[Sequence[FileReport], Look], str] = getattr(imported(f"dlinter.output.{module}"), function)
    return one(reports, Look(color, tool))
