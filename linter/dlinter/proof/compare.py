"""Compares two abstract builds, stage by stage."""

from __future__ import annotations

from dlinter.proof.purpose import PURPOSE
from dlinter.proof.report import Report
from dlinter.proof.split import Split
from dlinter.proof.stages import StagePair, compare_arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from dlinter.proof.build import Build
    from dlinter.proof.context import Context
    from dlinter.proof.neutral import Neutral


def compare(
    before: Build,
    after: Build,
    neutral: Neutral,
    targets: Collection[str] | None,
    context: Context | None,
) -> Report:
    """Every difference between *before* and *after* that *neutral* does not allow."""
    report = Report()
    for name in ("escape", "syntax", "check"):
        old, new = before.directives.get(name), after.directives.get(name)
        if (name, new or "") in neutral.purpose.directives and old != new:
            neutral.use(f"{PURPOSE}directive={name}={new or ''}")
        elif old != new:
            report.add(f"the directive {name} is now {new or 'missing'}, before it was {old or 'missing'}")
    compare_arguments(report, "global ", before.arguments, after.arguments)
    if [e.key for e in before.preamble] != [e.key for e in after.preamble]:
        report.add("what stands before the first FROM is different")
    split = Split.between(before, after, neutral)
    if split is not None:
        split.compare(report, context)
        return report
    if len(before.stages) != len(after.stages):
        report.add(f"there are now {len(after.stages)} stages, before {len(before.stages)}")
    for old_stage, new_stage in zip(before.stages, after.stages, strict=False):
        report.stage = f"{old_stage.index}" + (f" ({old_stage.name})" if old_stage.name else "")
        StagePair(report, neutral, old_stage, new_stage, context).compare()
    report.stage = ""
    _names(report, neutral, before, after, targets)
    return report


def _names(report: Report, neutral: Neutral, before: Build, after: Build, targets: Collection[str] | None) -> None:
    """Names by which something outside may ask for a stage still mean the same one. None: any may be asked for."""
    for name, index in before.names.items():
        if targets is not None and name not in targets:
            continue
        now = after.names.get(name)
        for old, new in neutral.purpose.stages:
            if now is None and old == name and after.names.get(new) == index:
                now = index
                neutral.use(f"{PURPOSE}stage={old}=>{new}")
        if now != index:
            line = before.stages[index].line
            report.add(f"the stage at line {line} cannot be built by its name {name} any more", line)
