"""The Python program that a container runs, found among the files of the build context."""

from __future__ import annotations

import os
from posixpath import join

from dlinter import UNSAFE, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter import Stage, Word
    from dlinter_rules.python_source import Serving
    from dlinter_rules.started import Started


class Program:
    """A Python file of the build context: its ``path`` there, its ``text``, and the ``word`` that names it."""

    __slots__ = ("path", "text", "word")

    def __init__(self, path: str, text: str, word: Word) -> None:
        self.path = path
        self.text = text
        self.word = word


def program_of(stage: Stage, started: Started) -> Program | None:
    """The file that *started* runs as ``__main__``; None where it is no Python, or not certainly from the context."""
    word = _named(started)
    if word is None or word.value is None:
        return None
    text = word.value
    names = (
        [f"{text.replace('.', '/')}.py", f"{text.replace('.', '/')}/__main__.py"] if _module(started, word) else [text]
    )
    workdir = stage.file.facts.workdir(stage, base=True)
    for name in names:
        found = file_at(stage, name if name.startswith("/") else join(workdir, name) if workdir else None)
        if found is not None:
            return Program(found[0], found[1], word)
    return None


def file_at(stage: Stage, path: str | None) -> tuple[str, str] | None:
    """Path in the build context, and text, of what lies at the absolute *path* of the image; None if not known."""
    from dlinter.facts.copied import origin

    context = stage.file.facts.context
    if context is None or path is None or not stage.file.facts.build_context.certain:
        return None
    found = origin(stage, path)
    text = None if found is None else context.text(found)
    return None if found is None or text is None else (found, text)


def servings_of(stage: Stage, started: Started) -> Iterator[tuple[Program, Serving]]:
    """The calls with which the program serves when it is run."""
    found = program_of(stage, started)
    if found is not None:
        from dlinter_rules.python_source import servings

        for serving in servings(found.text):
            yield found, serving


def rewritten(stage: Stage, program: Program, serving: Serving, change: str, title: str) -> Fix | None:
    """The fix that writes *program* anew after *change*, a function of :mod:`dlinter_rules.python_fixes`."""
    from dlinter_rules import python_fixes

    context = stage.file.facts.context
    text: str | None = getattr(python_fixes, change)(program.text, serving)
    if text is None or context is None:
        return None
    path = program.path if context.root is None else os.path.join(context.root, program.path)
    return Fix([], UNSAFE, f"{title} in {program.path}", others=[(path, text)])


def _named(started: Started) -> Word | None:
    """The word that names the script or the module."""
    if started.program.value is not None and started.program.value.endswith(".py"):
        return started.program
    if not started.name.startswith("python") or "2" in started.name:
        return None
    at = 0
    while at < len(started.args):
        text = started.args[at].value
        if text is None or text in ("-c", "-"):
            return None
        if text == "-m":
            return started.args[at + 1] if at + 1 < len(started.args) else None
        if text in ("-W", "-X"):
            at += 2
        elif text.startswith("-"):
            at += 1
        else:
            return started.args[at]
    return None


def _module(started: Started, word: Word) -> bool:
    """True if *word* stands behind ``-m``."""
    at = next((number for number, each in enumerate(started.args) if each is word), 0)
    return at > 0 and started.args[at - 1].value == "-m"
