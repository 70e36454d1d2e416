"""Shows that two Dockerfiles are the same build, up to a closed list of changes that do not matter.

It errs on one side only: what it cannot show to be equal is different. It knows nothing of rules and edits.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from dlinter.proof.context import Context
    from dlinter.proof.neutral import NEUTRAL
    from dlinter.proof.purpose import PURPOSE
    from dlinter.proof.report import Difference, Proof
    from dlinter_grammar.nodes import Document

__all__ = ["NEUTRAL", "PURPOSE", "Difference", "Proof", "prove"]


def __getattr__(name: str) -> object:
    # some rules ask single modules of the proof: they should not get all of them
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from dlinter.rule import imported

    home = {"NEUTRAL": "neutral", "PURPOSE": "purpose"}.get(name, "report")
    found = globals()[name] = getattr(imported(f"{__name__}.{home}"), name)
    return found


def prove(
    before: str | Document,
    after: str | Document,
    neutral: Iterable[str] | None = None,
    strict: bool = False,
    *,
    assume: Iterable[str] = (),
    comments: bool = False,
    targets: Collection[str] | None = None,
    context: Context | None = None,
    touched: tuple[Collection[int], Collection[int]] = ((), ()),
) -> Proof:
    """Whether the file *after* is the same build as the file *before*.

    *neutral* names the neutral changes that are admitted, None all of :data:`NEUTRAL`; what an UNSAFE fix does on
    purpose is named too, as described by :class:`dlinter.proof.purpose.Purpose`. *strict* admits nothing but layout.
    *assume* names neutral changes of which the user answers for what only a look at the files or the base image could
    tell: ``add-is-copy``, ``answer-yes``, ``direct-pid1``, ``key-renamed``, ``mode-in-copy``, ``owner-in-copy``,
    ``package-cache-off``, ``package-lists-removed``. *comments* asks that all of them survive and that pragmas stay
    with their instruction. *targets* are the names of stages that something outside refers to, None if that is not
    known. *context* answers for the files of the build context. *touched* are the lines, before and after, at which
    instructions begin that an UNSAFE fix changes in a way that has no name: they are left out of both builds.

    ValueError for a name that is not known.
    """
    from dlinter.proof.comments import lost
    from dlinter.proof.compare import compare
    from dlinter.proof.neutral import NEUTRAL, Neutral
    from dlinter.proof.purpose import PURPOSE
    from dlinter.proof.report import Proof

    admitted = frozenset() if strict else NEUTRAL if neutral is None else frozenset(neutral)
    unknown = {name for name in admitted if name not in NEUTRAL and not name.startswith(PURPOSE.rstrip(":"))}
    if unknown:
        raise ValueError(f"unknown neutral changes: {', '.join(sorted(unknown))}")
    if isinstance(before, str) and before == after:
        return Proof([], ())
    found = Neutral.between(before, after, admitted, frozenset(assume), touched)
    report = compare(found.before, found.after, found, targets, context)
    if comments:
        for text, line in lost(found.before, found.after):
            report.add(text, line)
    return Proof(report.found, found.used)
