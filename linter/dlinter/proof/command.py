"""``dlint proof BEFORE AFTER``: says whether two files are the same build."""

from __future__ import annotations

import sys

from dlinter.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.report import Proof


def run_proof(before: str, after: str, strict: bool = False, format: str = "text") -> int:
    """Print what is different between the builds of the files *before* and *after*; 0 if nothing, 1 if anything is.

    2 if one of them cannot be read. *strict* allows for layout only, else for every neutral change. *format* is
    ``"text"`` or ``"json"``.
    """
    from dlinter.proof import prove

    texts = []
    for path in (before, after):
        try:
            with open(path, "rb") as file:
                texts.append(Source.from_bytes(file.read(), path).text)
        except OSError as error:
            print(f"dlint: {path}: {error.strerror}", file=sys.stderr)
            return 2
    proof = prove(texts[0], texts[1], strict=strict)
    print(as_json(proof) if format == "json" else as_text(proof, before, after))
    return 0 if proof.same else 1


def as_text(proof: Proof, before: str, after: str) -> str:
    """One line a difference, with its place in both files."""
    if proof.same:
        used = ", ".join(proof.used)
        return f"same build, but for: {used}" if used else "same build"
    lines = []
    for difference in proof.differences:
        places = [f"{path}:{line}" for path, line in ((before, difference.before), (after, difference.after)) if line]
        lines.append(" ".join([*places, str(difference)]))
    count = len(proof.differences)
    return "\n".join([*lines, f"not the same build: {count} difference{'s' if count > 1 else ''}"])


def as_json(proof: Proof) -> str:
    """The proof as one JSON object."""
    import json

    differences = [
        {"stage": d.stage, "before": d.before, "after": d.after, "message": d.what} for d in proof.differences
    ]
    return json.dumps({"same": proof.same, "neutral": proof.used, "differences": differences}, indent=2)
