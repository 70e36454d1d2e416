"""The examples in a rule's docstring: documentation that is run as tests."""

from __future__ import annotations

import re

_BLOCK = re.compile(r"^```dockerfile (bad|fixed|unsafe|good)\n(.*?)^```$", re.M | re.S)


class Example:
    """A ``bad`` block with the files that the fixes make of it (None where no such block follows)."""

    __slots__ = ("bad", "fixed", "unsafe")

    def __init__(self, bad: str) -> None:
        self.bad = bad
        self.fixed: str | None = None
        self.unsafe: str | None = None


def examples(doc: str) -> tuple[list[Example], list[str]]:
    """The bad and the good examples of the docstring *doc* (indentation removed).

    :raises ValueError: a ``fixed`` or ``unsafe`` block that follows no ``bad`` block.
    """
    bad: list[Example] = []
    good: list[str] = []
    current: Example | None = None
    for kind, text in _BLOCK.findall(doc):
        if kind == "bad":
            current = Example(text)
            bad.append(current)
        elif kind == "good":
            current = None
            good.append(text)
        elif current is None:
            raise ValueError(f"a {kind} block must follow a bad block")
        elif kind == "fixed":
            current.fixed = text
        else:
            current.unsafe = text
    return bad, good


def best_fix(doc: str) -> str:
    """``"safe"`` if an example shows a safe fix, ``"unsafe"`` if only unsafe ones, else ``""``."""
    bad, _ = examples(doc)
    if any(example.fixed is not None for example in bad):
        return "safe"
    return "unsafe" if any(example.unsafe is not None for example in bad) else ""
