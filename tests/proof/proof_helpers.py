"""Short ways to ask for a proof."""

from __future__ import annotations

from dlinter.proof import Proof, prove

BASE = "FROM debian:12\n"


def proof(before: str, after: str, *neutral: str, base: str = BASE, **options: object) -> Proof:
    """The proof of two files that share their first lines; without *neutral* only layout may differ."""
    return prove(base + before, base + after, neutral, **options)  # type: ignore[arg-type]


def same(before: str, after: str, *neutral: str, base: str = BASE, **options: object) -> None:
    """The builds are the same, and each of *neutral* was needed for it."""
    found = proof(before, after, *neutral, base=base, **options)
    assert found.same, [str(d) for d in found.differences]
    assert set(found.used) == set(neutral)


def differs(before: str, after: str, *neutral: str, says: str = "", base: str = BASE, **options: object) -> None:
    """The builds are not the same, and a difference says so with the words *says*."""
    found = proof(before, after, *neutral, base=base, **options)
    assert not found.same
    text = "\n".join(str(d) for d in found.differences)
    assert says in text, text
