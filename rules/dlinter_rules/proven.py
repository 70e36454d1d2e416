"""Fixes that are as safe as the proof says."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Edit, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlinter import Dockerfile


def proven(
    file: Dockerfile,
    edits: list[Edit],
    title: str,
    neutral: Iterable[str],
    others: Iterable[tuple[str, str]] = (),
) -> Fix | None:
    """The fix that makes *edits*: SAFE if the proof accepts *neutral* of it.

    Otherwise it is UNSAFE and declares the instructions that come and go, and those that are elsewhere; None if even
    then something else would be another build.
    """
    from dlinter.declared import changed_build
    from dlinter.edits import splice
    from dlinter.tree import Dockerfile

    after = Dockerfile(splice(file.text, edits), settings=file.settings)
    if neutral and not others:
        fix = Fix(edits, SAFE, title, neutral)
        if changed_build(file, after, [fix]) is None:
            return fix
    fix = Fix(edits, UNSAFE, title, exchanged(file, after), others=others)
    return fix if changed_build(file, after, [fix]) is None else None


def exchanged(file: Dockerfile, after: Dockerfile) -> list[str]:
    """What a fix declares that turns *file* into *after* by changing and moving whole instructions."""
    from difflib import SequenceMatcher

    old, new = _texts(file), _texts(after)
    names: list[str] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            names += [f"option-of-user:instruction-removed={text}" for text in old[i:j]]
            names += [f"option-of-user:instruction-added={text}" for text in new[k:m]]
    return names


def _texts(file: Dockerfile) -> list[str]:
    return [instruction.syntax.map.text for instruction in file.instructions]
