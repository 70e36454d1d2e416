"""The format for people: the source line, the exact span underlined, why it matters and what ``--fix`` can do."""

from __future__ import annotations

from dlinter.edits import Safety
from dlinter.output.style import Style, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlinter.output import FileReport, Look
    from dlinter.rule import Finding
    from dlinter.source import Source

_TAB = 4
#: source lines longer than this are shown around the span only
_WIDTH = 110


def render(reports: Sequence[FileReport], look: Look) -> str:
    style = Style(look.color)
    blocks = [_block(report.source, finding, style) for report in reports for finding in report.findings]
    return "\n".join(blocks) + ("\n" if blocks else "")


def _block(source: Source, finding: Finding, style: Style) -> str:
    line, column = source.position(finding.start)
    last, _ = source.position(max(finding.end - 1, finding.start))
    info = finding.rule
    head = f"{style.bold(printable(source.path))}:{line}:{column}: {style.severity(finding)} {style.bold(info.name)}"
    lines = [head, f"  {printable(finding.message)}"]
    margin = len(str(last if last - line < 3 else line))
    gutter = " " * margin + " |"
    lines.append(f"  {style.dim(gutter)}")
    shown = range(line, last + 1) if last - line < 3 else range(line, line + 1)
    for number in shown:
        text = source.line_text(number)
        start = source.starts[number - 1]
        if number == 1 and text.startswith("\ufeff"):
            text, start = text[1:], start + 1
        first = max(finding.start - start, 0) if number == line else len(text) - len(text.lstrip())
        end = min(max(finding.end - start, first + 1), max(len(text), first + 1))
        if number != line and not text.strip():
            continue
        text, first, end = _window(text, first, end)
        before, under = _columns(text[:first]), max(_columns(text[first:end]), 1)
        lines.append(f"  {style.dim(f'{number:>{margin}} |')} {printable(text).expandtabs(_TAB)}".rstrip())
        marker = style.level(finding.severity, "^" * under)
        lines.append(f"  {style.dim(gutter)} {' ' * before}{marker}")
    if last - line >= 3:
        lines.append(f"  {style.dim(gutter)} {style.dim(f'… up to line {last}')}")
    lines.append(f"  {style.dim(' ' * margin + ' =')} why: {info.why}")
    lines.append(f"  {style.dim(' ' * margin + ' =')} fix: {_remedy(finding)}")
    return "\n".join(lines) + "\n"


def _remedy(finding: Finding) -> str:
    fix = finding.fix
    if fix is None:
        return f"by hand; `dlint explain {finding.rule.code}` shows how"
    title, _, example = fix.title.partition("\n")
    what = f" ({title[0].lower() + title[1:]})" if title else ""
    if fix.needs is not Safety.HINT:
        command = "`dlint --fix`" if fix.needs is Safety.SAFE else "`dlint --fix --unsafe-fixes`"
        return f"{command} mends it{', but may change the build' if fix.safety is Safety.UNSAFE else ''}{what}"
    shown = "".join(f"\n        {printable(line).expandtabs(_TAB)}".rstrip(" ") for line in example.splitlines())
    return f"suggestion only{what}{shown}"


def _columns(text: str) -> int:
    """The width of *text* on a terminal, tabs expanded (Unicode Standard Annex 11)."""
    if text.isascii() and text.isprintable():
        return len(text)
    from unicodedata import combining, east_asian_width

    width = 0
    for char in text:
        if char == "\t":
            width += _TAB - width % _TAB
        elif not combining(char):
            width += 2 if east_asian_width(char) in "WF" else 1
    return width


def _window(text: str, first: int, end: int) -> tuple[str, int, int]:
    """*text* cut to the neighbourhood of ``first``-``end`` if it is very long."""
    if len(text) <= _WIDTH:
        return text, first, end
    begin = max(0, first - 40)
    if begin < 4:
        begin = 0
    stop = min(len(text), begin + _WIDTH)
    prefix = "…" if begin else ""
    suffix = "…" if stop < len(text) else ""
    shift = len(prefix) - begin
    return prefix + text[begin:stop] + suffix, first + shift, min(end, stop) + shift
