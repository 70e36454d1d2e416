"""``--add-ignores``: comments that silence what remains, one for each instruction."""

from __future__ import annotations

from dlinter.edits import Edit, splice
from dlinter.pragma_rules import PRAGMA_RULES
from dlinter.pragmas import Places, Pragma, Pragmas
from dlinter.source import Source
from dlinter.syntax_rules import SYNTAX
from dlinter.tree import Dockerfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dlinter.rule import Finding


def with_ignores(source: Source, findings: Sequence[Finding]) -> Source:
    """*source* with comments that silence *findings*, see :func:`ignores`."""
    return Source(splice(source.text, ignores(source, findings)), source.path, source.encoding)


def ignores(source: Source, findings: Sequence[Finding]) -> list[Edit]:
    """Comments that silence *findings*; what BuildKit refuses and what is wrong with comments stays.

    Codes go into the comment that the instruction has already, else into a new one above it. What belongs to no
    instruction is silenced for the file.
    """
    file = Dockerfile(source)
    if not file.instructions:
        return []
    places = Places(file)
    codes: dict[int, dict[str, None]] = {}
    for finding in sorted(findings, key=lambda finding: finding.code):
        if finding.code not in SYNTAX and finding.code not in PRAGMA_RULES:
            instruction = places.instruction(finding.start)
            codes.setdefault(-1 if instruction is None else instruction.index, {})[finding.code] = None
    pragmas = Pragmas(file)
    edits: list[Edit] = []
    for index, wanted in codes.items():
        instruction = file.instructions[max(index, 0)]
        if index < 0:
            edits.append(ignore_edit(file, instruction.start, pragmas.everywhere, wanted, "global"))
        else:
            edits.append(ignore_edit(file, instruction.start, pragmas.instructions.get(index, ()), wanted))
    first = [edit for edit in edits if edit.start == edit.end]
    if len({edit.start for edit in first}) < len(first):
        # the comment for the file and that for the first instruction begin at one place
        both = [edit for edit in first if edit.start == first[0].start]
        edits = [edit for edit in edits if edit not in both]
        edits.append(Edit(both[0].start, both[0].start, "".join(edit.text for edit in both)))
    return sorted(edits, key=lambda edit: edit.start)


def ignore_edit(
    file: Dockerfile, start: int, existing: Iterable[Pragma], wanted: Iterable[str], scope: str = "", reason: str = ""
) -> Edit:
    """The edit that lets a comment silence the codes *wanted*: the last of the *existing*, else a new one with *reason*
    above the instruction at *start*. *scope* is ``""``, ``"stage"`` or ``"global"``.
    """
    for pragma in reversed(list(existing)):
        old = file.text[pragma.start : pragma.end]
        more = [code for code in wanted if code.lower() not in pragma.words]
        return Edit(pragma.end, pragma.end, "".join(f",{code}" for code in more)) if old else Edit(start, start, "")
    line = file.source.line_start(start)
    line += file.text.startswith("\ufeff", line)
    indent = file.text[line:start]
    end = "\r\n" if "\r\n" in file.text[:4096] else "\n"
    words = f"{scope} ignore" if scope else "ignore"
    comment = f"# dlint {words}={','.join(wanted)}" + (f" -- {reason}" if reason else "")
    return Edit(line, line, f"{indent if not indent.strip() else ''}{comment}{end}")
