"""What fixes declare to change, put to the proof."""

from __future__ import annotations

from collections import Counter

from dlinter.edits import Edit, Fix, Safety, splice
from dlinter.proof import PURPOSE, prove
from dlinter.proof.build import folded
from dlinter.proof.directives import directives
from dlinter.source import Source
from dlinter.tree import Add, Copy, Dockerfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.context import Context

#: declared by an UNSAFE fix that changes the instructions it touches in a way that has no name
TOUCHED = PURPOSE.rstrip(":")
#: declared by a fix that writes a source of COPY, which is not there, in the case of the file that is: today the build
#: ends there, or runs where case does not matter
PATH_IN_CASE = "path-in-case"
#: names whose conditions depend on the files of the build context
_CONTEXTUAL = frozenset(["add-is-copy", "copied-again", "mode-in-copy", "owner-in-copy", "step-moved-up"])


def changed_build(before: Dockerfile, after: Dockerfile, fixes: list[Fix]) -> str | None:
    """What *after* builds otherwise than *before*, beyond what *fixes* declare; None if nothing.

    An UNSAFE fix may leave it at the name :data:`TOUCHED`, or at none at all: then the instructions that it touches
    may be others, and everything else must be equal.
    """
    cased = [fix for fix in fixes if PATH_IN_CASE in fix.neutral]
    if cased:
        reason = _other_path(before, cased)
        if reason is not None:
            return reason
        text = splice(before.text, [edit for fix in cased for edit in fix.edits])
        before = Dockerfile(Source(text, before.path, before.source.encoding), settings=before.settings)
        fixes = [fix for fix in fixes if fix not in cased]
    names: dict[str, None] = {}
    assumed: dict[str, None] = {}
    vague: list[Fix] = []
    for fix in fixes:
        precise = [name for name in fix.neutral if name != TOUCHED]
        names.update(dict.fromkeys(precise))
        if fix.safety is Safety.SAFE:
            if any(name.startswith(TOUCHED) for name in fix.neutral):
                return "a SAFE fix declares what only an UNSAFE one may"
            continue
        assumed.update(dict.fromkeys(name for name in precise if not name.startswith(PURPOSE)))
        if not precise:
            vague.append(fix)
    edits = sorted({edit for fix in fixes for edit in fix.edits}, key=lambda e: (e.start, e.end))
    touching = {edit for fix in vague for edit in fix.edits}
    names.update(dict.fromkeys(_directives(before, after, touching)))
    proof = prove(
        before.document,
        after.document,
        names,
        assume=assumed,
        comments=not any(fix.comments for fix in fixes),
        targets=_targets(before),
        context=_context(before) if not _CONTEXTUAL.isdisjoint(names) else None,
        touched=_touched(before, after, edits, touching),
    )
    if not proof.same:
        return f"it would not be the same build: {proof.differences[0]}"
    if any(fix.others and fix.safety is Safety.SAFE for fix in fixes):
        return _copied_otherwise(before, after)
    return None


def _other_path(file: Dockerfile, fixes: list[Fix]) -> str | None:
    """Why *fixes* do more than write sources of COPY and ADD, which are missing, as the files are called; or None."""
    context = file.facts.context
    tokens = {(s.start, s.end): s for copy in file.walk() if isinstance(copy, Copy | Add) for s in copy.sources}
    for edit in (edit for fix in fixes for edit in fix.edits):
        token = tokens.get((edit.start, edit.end))
        if token is None or context is None or "$" in edit.text or edit.text.casefold() != token.value.casefold():
            return "it does not correct the case of a path"
        if len(edit.text) != edit.end - edit.start:
            return "it changes the length of a path"
        if context.on_disk(token.value) is not None or context.on_disk(edit.text) is None:
            return f"{token.value} may be there"
    return None


def _copied_otherwise(before: Dockerfile, after: Dockerfile) -> str | None:
    """What a COPY, an ADD or a mount brings no longer, or newly, when further files have changed; None if nothing."""
    from dlinter.facts.context import brought

    old, new = brought(before), brought(after)
    if old is None or new is None:
        return "it cannot be told what the build copies"
    return next((f"the build would not copy {path} as before" for path in sorted(old ^ new)), None)


def _targets(file: Dockerfile) -> tuple[str, ...] | None:
    """The stages that something outside refers to, None if that is not known."""
    targets = file.settings.targets
    return targets if targets and "" not in targets else None


def _context(file: Dockerfile) -> Context | None:
    """Answers about the build context, where it is certain which one that is."""
    known = file.facts.build_context
    if not known.certain or known.files is None:
        return None
    from dlinter.context.answers import answers

    return answers(known.files)


def _touched(
    before: Dockerfile, after: Dockerfile, edits: list[Edit], touching: set[Edit]
) -> tuple[set[int], set[int]]:
    """The lines, before and after *edits*, of the instructions that those in *touching* change."""
    old: dict[int, str] = {}
    new: dict[int, str] = {}
    shift = 0
    for edit in edits:
        length = len(edit.text)
        if edit in touching:
            old.update(_instructions(before, edit.start, edit.end))
            new.update(_instructions(after, edit.start + shift, edit.start + shift + length))
        shift += length - (edit.end - edit.start)
    gone, come = Counter(old.values()) - Counter(new.values()), Counter(new.values()) - Counter(old.values())
    return {line for line, text in old.items() if gone[text]}, {line for line, text in new.items() if come[text]}


def _directives(before: Dockerfile, after: Dockerfile, touching: set[Edit]) -> list[str]:
    """The names that admit what *touching* makes of the directives."""
    top = max((directive.end for directive in before.directives), default=-1)
    if not any(edit.start <= top for edit in touching):
        return []
    kept, found = directives(before.document), directives(after.document)
    return [f"{PURPOSE}directive={name}={found.get(name, '')}" for name in kept if kept[name] != found.get(name)]


def _instructions(file: Dockerfile, start: int, end: int) -> dict[int, str]:
    """The instructions that the range touches, folded, by the line they begin at."""
    return {
        instruction.line: folded(instruction.syntax)
        for instruction in file.instructions
        if instruction.start <= end and (start <= instruction.end or start < instruction.syntax.close)
    }
