"""Directives, check options and the comments that dlint and hadolint read."""

from __future__ import annotations

import re

from dlinter.server.features import Completion
from dlinter.server.features.prose import checks, directives
from dlinter.server.features.rules import all_rules
from dlinter_grammar.directives import parse_directive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.tree import Dockerfile

_CODES = re.compile(
    r"#[ \t]*(dlint|hadolint)[ \t]*:?[ \t]*(?:(?:stage|global)[ \t]+)?ignore[ \t]*[=:][ \t]*([\w.,\- \t]*)\Z", re.I
)
_TOOL = re.compile(r"#[ \t]*(dlint|hadolint)[ \t]*:?[ \t]+([a-z \t]*)\Z", re.I)
_CHECK = re.compile(r"#[ \t]*check[ \t]*=[ \t]*([^ \t]*)\Z", re.I)
_VALUE = re.compile(r"#[ \t]*(syntax|escape)[ \t]*=[ \t]*(\S*)\Z", re.I)
_WORD = re.compile(r"#[ \t]*(\w*)\Z")


def complete_comment(file: Dockerfile, offset: int) -> Iterator[Completion]:
    """What may be written in the comment whose line *offset* is in."""
    start = file.source.line_start(offset)
    line = file.text[start:offset].lstrip("\ufeff \t")
    top = _at_top(file, start)
    if match := _CODES.match(line):
        yield from _codes(offset, match[1].lower(), match[2], _rest(file, offset))
    elif match := _CHECK.match(line):
        yield from _check(file, offset, match[1], top=top)
    elif top and (match := _VALUE.match(line)):
        for order, (value, meaning) in enumerate(directives.VALUES[match[1].lower()].items()):
            begin = offset - len(match[2])
            yield Completion(begin, _rest(file, offset), value, "value", value, meaning, order=order)
    elif match := _TOOL.match(line):
        begin = offset - len(match[2])
        for name, meaning in directives.PRAGMAS.items():
            yield Completion(begin, offset, f"{name}=", "property", f"{name}=", "", meaning, more=name != "shell")
    elif match := _WORD.match(line):
        yield from _words(file, offset, offset - len(match[1]), top=top)


def _at_top(file: Dockerfile, start: int) -> bool:
    """True if a directive on the line that begins at *start* would count: nothing but directives stands above it."""
    above = file.text[:start].lstrip("\ufeff")
    return all(parse_directive(line.lstrip(), 0, 0) is not None for line in above.split("\n")[:-1])


def _rest(file: Dockerfile, offset: int) -> int:
    """Where the word at *offset* ends."""
    text = file.text
    while offset < len(text) and (text[offset].isalnum() or text[offset] in "-_."):
        offset += 1
    return offset


def _words(file: Dockerfile, offset: int, start: int, *, top: bool) -> Iterator[Completion]:
    """The first word behind the ``#``."""
    given = {each.name.value for each in file.directives}
    for name, meaning in directives.DIRECTIVES.items():
        if name == "check" or (top and name not in given):
            if name == "check" and top and name in given:
                continue
            about = f"{meaning}\n\n[{name}]({directives.url(name)})"
            yield Completion(start, offset, f"{name}=", "keyword", f"{name}=", "directive", about, more=True)
    for name in ("ignore", "stage ignore", "global ignore"):
        label = f"dlint {name}="
        yield Completion(start, offset, label, "keyword", label, "", directives.PRAGMAS[name], more=True, order=1)


def _check(file: Dockerfile, offset: int, value: str, *, top: bool) -> Iterator[Completion]:
    """Options of a check directive; checks behind ``skip=``, those that are there already left out."""
    *before, part = value.split(";")
    key, equals, names = part.partition("=")
    if not equals:
        given = {each.partition("=")[0] for each in before}
        for text, meaning in directives.VALUES["check"].items():
            name = text.partition("=")[0]
            if name not in given and (top or name == "skip"):
                yield Completion(
                    offset - len(key), offset, text, "property", text, "", meaning, more=text.endswith("=")
                )  # fmt: skip
        return
    if key == "error":
        for truth in ("true", "false"):
            yield Completion(offset - len(names), _rest(file, offset), truth, "value", truth)
        return
    *taken, last = names.split(",")
    begin = offset - len(last)
    if not taken:
        yield Completion(begin, _rest(file, offset), "all", "value", "all", "every check", order=1)
    for name, meaning in checks.CHECKS.items():
        if name not in taken:
            about = f"{meaning}\n\n[{name}]({checks.url(name)})"
            yield Completion(begin, _rest(file, offset), name, "constant", name, "", about)


def _codes(offset: int, tool: str, text: str, end: int) -> Iterator[Completion]:
    """The rules that a comment may silence."""
    *taken, last = re.split(r"[,\s]+", text)
    known = {each.lower() for each in taken}
    start = offset - len(last)
    by_name = bool(last) and not re.match(r"(?:DL|SC)", last, re.I)
    for info in all_rules():
        if info.code.lower() in known or info.name in known:
            continue
        if tool == "hadolint" and not info.code.startswith(("DL3", "DL4", "SC")):
            continue
        if by_name and info.code.startswith("SC"):
            continue
        about = f"{info.title}.\n\n{info.why}\n\n[{info.code}]({info.url})"
        words = f"{info.code} {info.name}" if by_name else ""
        yield Completion(start, end, info.code, "constant", info.code, info.name, about, filter=words)
        if tool == "dlint" and by_name:
            yield Completion(start, end, info.name, "constant", info.name, info.code, about, order=1)
    if not taken:
        yield Completion(start, end, "all", "constant", "all", "every rule", order=2)
