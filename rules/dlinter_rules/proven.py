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
    if others:
        return _proven(file, edits, title, (), others)
    part, inside = _around(file, edits)
    fix = _proven(part, inside, title, neutral)
    if fix is None or part is file:
        return fix
    if fix.safety is not SAFE and not _alone(fix.neutral, file, part):
        return _proven(file, edits, title, ())
    return Fix(edits, fix.safety, title, fix.neutral)


def accepted(file: Dockerfile, edits: list[Edit], neutral: Iterable[str]) -> bool:
    """True if the proof accepts *neutral* of *edits*, in what is built on the stages that they touch, too."""
    from dlinter.declared import changed_build
    from dlinter.edits import splice
    from dlinter.tree import Dockerfile

    part, inside = _around(file, edits, with_children=True)
    after = Dockerfile(splice(part.text, inside), settings=part.settings)
    return changed_build(part, after, [Fix(inside, SAFE, "", neutral)]) is None


def _proven(
    file: Dockerfile,
    edits: list[Edit],
    title: str,
    neutral: Iterable[str],
    others: Iterable[tuple[str, str]] = (),
) -> Fix | None:
    from dlinter.declared import changed_build
    from dlinter.edits import splice
    from dlinter.tree import Dockerfile

    after = Dockerfile(splice(file.text, edits), settings=file.settings)
    if neutral:
        fix = Fix(edits, SAFE, title, neutral)
        if changed_build(file, after, [fix]) is None:
            return fix
    fix = Fix(edits, UNSAFE, title, exchanged(file, after), others=others)
    return fix if changed_build(file, after, [fix]) is None else None


def _alone(names: Iterable[str], file: Dockerfile, part: Dockerfile) -> bool:
    """True if none of the instructions that *names* declare stands in *file* outside of *part* too."""
    from collections import Counter

    known, here = Counter(_texts(file)), Counter(_texts(part))
    texts = [name.partition("=")[2] for name in names]
    return all(known[text] == here[text] for text in texts)


def _around(file: Dockerfile, edits: list[Edit], with_children: bool = False) -> tuple[Dockerfile, list[Edit]]:
    """The stages that *edits* touch with those that they are built on, of all others only FROM; *edits* in it.

    With those that are built on them if *with_children*.

    Whoever applies a fix asks the proof about the whole file: in a long file that is too much for a finding alone.
    """
    from dlinter.tree import Dockerfile

    ends = [*(each.start for each in file.stages[1:]), len(file.text) + 1]
    touched = [s for s, end in zip(file.stages, ends, strict=True) if any(s.start <= e.start < end for e in edits)]
    if with_children:
        touched += [child for stage in touched for child in file.facts.descendants(stage)]
    kept = {each.index for stage in touched for each in file.facts.chain(stage)}
    if len(kept) == len(file.stages):
        return file, edits
    pieces = [file.text[: file.stages[0].start]]
    size = len(pieces[0])
    moves = [(0, 0)]
    for stage, end in zip(file.stages, ends, strict=True):
        text = file.text[stage.start : end] if stage.index in kept else f"{stage.base.text}\n"
        moves.append((stage.start, size - stage.start))
        pieces.append(text)
        size += len(text)
    near = []
    for edit in edits:
        shift = next(by for start, by in reversed(moves) if start <= edit.start)
        near.append(Edit(edit.start + shift, edit.end + shift, edit.text))
    settings = file.settings if file.facts.build_context.certain else file.settings.without_files()
    return Dockerfile("".join(pieces), file.path, settings), near


def exchanged(file: Dockerfile, after: Dockerfile) -> list[str]:
    """What a fix declares that turns *file* into *after* by changing and moving whole instructions."""
    old, new = _texts(file), _texts(after)
    kept = _common(old, new)
    names: list[str] = []
    for what, texts in (("removed", old), ("added", new)):
        left = list(kept)
        for text in texts:
            if left and text == left[0]:
                left.pop(0)
            else:
                names.append(f"option-of-user:instruction-{what}={text}")
    return names


def _common(old: list[str], new: list[str]) -> list[str]:
    """The longest list of texts that both have in the same order."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if old[-at - 1] != new[-at - 1]), rest)
    begin, end = old[:head], old[len(old) - tail :]
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    rows = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            rows[i][j] = rows[i + 1][j + 1] + 1 if old[i] == new[j] else max(rows[i + 1][j], rows[i][j + 1])
    found: list[str] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            found.append(old[i])
            i, j = i + 1, j + 1
        elif rows[i + 1][j] >= rows[i][j + 1]:
            i += 1
        else:
            j += 1
    return [*begin, *found, *end]


def _texts(file: Dockerfile) -> list[str]:
    return [instruction.syntax.map.text for instruction in file.instructions]
