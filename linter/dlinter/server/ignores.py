"""Comments that silence a finding for its instruction, its stage or the file."""

from __future__ import annotations

from dlinter.add_ignores import ignore_edit
from dlinter.pragma_rules import PRAGMA_RULES
from dlinter.pragmas import Places, Pragmas
from dlinter.syntax_rules import SYNTAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.edits import Edit
    from dlinter.rule import Finding
    from dlinter.tree import Dockerfile

#: what stands in a new comment until the user says it better
REASON = "TODO: why"


def ignores(file: Dockerfile, finding: Finding) -> Iterator[tuple[str, Edit]]:
    """What can be silenced, in words, with the edit that does it; nothing for what BuildKit refuses."""
    if finding.code in SYNTAX or finding.code in PRAGMA_RULES or not file.instructions:
        return
    pragmas = Pragmas(file)
    instruction = Places(file).instruction(finding.start)
    code = [finding.code]
    if instruction is not None:
        existing = pragmas.instructions.get(instruction.index, [])
        yield "this instruction", ignore_edit(file, instruction.start, existing, code, reason=REASON)
        stage = instruction.stage
        if stage is not None:
            existing = pragmas.stages.get(stage.index, [])
            yield "this stage", ignore_edit(file, stage.start, existing, code, "stage", REASON)
    yield "this file", ignore_edit(file, file.instructions[0].start, pragmas.everywhere, code, "global", REASON)
