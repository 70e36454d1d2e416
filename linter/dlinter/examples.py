"""The examples in a rule's docstring: documentation that is run as tests."""

from __future__ import annotations

from dlinter_grammar import regex as re

_BLOCK = re.compile(
    r"^```(?:dockerfile (bad|fixed|unsafe|good)|yaml (settings|context)|((?:dockerignore|python) (?:fixed|unsafe)))\n"
    r"(.*?)^```$",
    re.M | re.S,
)


class Example:
    """A ``bad`` block with the files that the fixes make of it (None where no such block follows).

    ``settings`` is the text of the ``yaml settings`` block before it, ``context`` that of the ``yaml context`` block:
    the files of the build context by path. Each holds up to the next one of its kind. ``other`` has what the SAFE
    (``fixed``) and the UNSAFE fixes make of another file, from ``dockerignore`` and ``python`` blocks.
    """

    __slots__ = ("bad", "context", "fixed", "other", "settings", "unsafe")

    def __init__(self, bad: str, settings: str = "", context: str = "") -> None:
        self.bad = bad
        self.settings = settings
        self.context = context
        self.fixed: str | None = None
        self.unsafe: str | None = None
        self.other: dict[str, str] = {}


class Quiet:
    """A ``good`` block with its settings and its build context."""

    __slots__ = ("context", "settings", "text")

    def __init__(self, text: str, settings: str = "", context: str = "") -> None:
        self.text = text
        self.settings = settings
        self.context = context


def examples(doc: str) -> tuple[list[Example], list[Quiet]]:
    """The bad and the good examples of the docstring *doc* (indentation removed).

    :raises ValueError: a ``fixed`` or ``unsafe`` block that follows no ``bad`` block.
    """
    bad: list[Example] = []
    good: list[Quiet] = []
    settings = context = ""
    current: Example | None = None
    for block, setting, other, text in _BLOCK.findall(doc):
        kind = block or setting or other
        if kind == "settings":
            settings = text
        elif kind == "context":
            context = text
        elif kind == "bad":
            current = Example(text, settings, context)
            bad.append(current)
        elif kind == "good":
            current = None
            good.append(Quiet(text, settings, context))
        elif current is None:
            raise ValueError(f"a {kind} block must follow a bad block")
        elif other:
            current.other[kind.partition(" ")[2]] = text
        elif kind == "fixed":
            current.fixed = text
        else:
            current.unsafe = text
    return bad, good


def best_fix(doc: str) -> str:
    """``"safe"`` if an example shows a safe fix, ``"unsafe"`` if only unsafe ones, else ``""``."""
    bad, _ = examples(doc)
    if any(example.fixed is not None or "fixed" in example.other for example in bad):
        return "safe"
    return "unsafe" if any(example.unsafe is not None or example.other for example in bad) else ""
