"""The variables that a shell script reads and sets, with where their names stand."""

from __future__ import annotations

import re

from dlinter_grammar.shell_nodes import Arithmetic, Assignment, Compound, Expansion, Redirect, Simple, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.scripts import Script

#: builtins that take names of variables: all of their words, or those that begin with ``name=``
_NAMING = frozenset({"export", "unset", "read", "readonly", "local", "declare", "typeset", "printenv", "getopts"})
_NAME = re.compile(r"[A-Za-z_]\w*", re.A)
_BRACED = re.compile(r"\$\{[#!]?([A-Za-z_]\w*)", re.A)
#: in here-documents and in scripts that do not parse
_LOOSE = re.compile(r"(?<!\\)\$(?:\{[#!]?)?([A-Za-z_]\w*)", re.A)
_LOOSE_SET = re.compile(r"(?:^|(?<=[\s;&|(]))([A-Za-z_]\w*)\+?=", re.A | re.M)
_POWERSHELL = re.compile(r"\$\{?env:(\w+)", re.I)
_BATCH = re.compile(r"[%!](\w+)(?=[%!:])")


class ShellName:
    """One name: ``start``-``end`` are offsets in the script, ``write`` is true where it is set or unset."""

    __slots__ = ("end", "name", "start", "write")

    def __init__(self, name: str, start: int, end: int, write: bool) -> None:
        self.name = name
        self.start = start
        self.end = end
        self.write = write


def shell_names(script: Script) -> list[ShellName]:
    """Every variable of *script* in source order; by pattern where the script is not sh-like or does not parse."""
    if script.root is None:
        found = list(_loose(script))
    else:
        found = [name for node in walk(script.root) for name in _of(script.text, node)]
    unique = {(name.start, name.end): name for name in found}
    return sorted(unique.values(), key=lambda name: name.start)


def _loose(script: Script) -> Iterator[ShellName]:
    if script.dialect == "powershell":
        patterns = [(_POWERSHELL, False)]
    elif script.dialect == "cmd":
        patterns = [(_BATCH, False)]
    else:
        patterns = [(_LOOSE_SET, True), (_LOOSE, False)]
    for pattern, write in patterns:
        for match in pattern.finditer(script.text):
            yield ShellName(match[1], match.start(1), match.end(1), write)


def _of(text: str, node: object) -> Iterator[ShellName]:
    """The names that *node* itself holds, not its children."""
    if isinstance(node, Expansion):
        yield from _expansion(text, node)
    elif isinstance(node, Arithmetic):
        for match in _NAME.finditer(text, node.start, node.end):
            if text[match.start() - 1] not in "$#{" and not text[match.start() - 1].isalnum():
                yield ShellName(match[0], match.start(), match.end(), False)
    elif isinstance(node, Assignment):
        yield ShellName(node.name, node.start, node.start + len(node.name), True)
    elif isinstance(node, Compound):
        if node.variable is not None and node.kind in ("for", "select"):
            at = re.compile(rf"\b{re.escape(node.variable)}\b").search(text, node.start, node.end)
            if at is not None:
                yield ShellName(node.variable, at.start(), at.end(), True)
    elif isinstance(node, Redirect):
        if node.body is not None and node.operator in ("<<", "<<-") and not set(node.target.text) & set("'\"\\"):
            for match in _LOOSE.finditer(text, *node.body):
                yield ShellName(match[1], match.start(1), match.end(1), False)
    elif isinstance(node, Simple):
        yield from _arguments(node)


def _expansion(text: str, node: Expansion) -> Iterator[ShellName]:
    if node.name and _NAME.fullmatch(node.name):
        start = text.find(node.name, node.start, node.end)
        if start >= 0:
            yield ShellName(node.name, start, start + len(node.name), node.operator in (":=", "="))
    else:
        match = _BRACED.match(text, node.start, node.end)
        if match is not None:
            yield ShellName(match[1], match.start(1), match.end(1), False)


def _arguments(command: Simple) -> Iterator[ShellName]:
    """The plain names among the words of ``export``, ``read``, ``unset`` and their like."""
    if not command.words or command.words[0].value not in _NAMING:
        return
    for word in command.words[1:]:
        match = _NAME.match(word.text)
        if match is not None and word.text[match.end() : match.end() + 1] in ("", "=", "+"):
            write = command.words[0].value != "printenv"
            yield ShellName(match[0], word.start, word.start + match.end(), write)
