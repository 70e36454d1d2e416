"""Other places that a finding is about: the instruction that wins, the first of two that share a name."""

from __future__ import annotations

from dlinter.tree import Cmd, Entrypoint, Healthcheck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dlinter.edits import Spanned
    from dlinter.rule import Finding
    from dlinter.tree import Dockerfile, Instruction

    #: a place and what is to be said of it
    Place = tuple[Spanned, str]


def related(file: Dockerfile, finding: Finding) -> list[Place]:
    """The places that help to understand *finding*; mostly none."""
    find = _BY_CODE.get(finding.code)
    return [] if find is None else find(file, finding)


def _winner(kind: type[Instruction]) -> Callable[[Dockerfile, Finding], list[Place]]:
    def find(file: Dockerfile, finding: Finding) -> list[Place]:
        for stage in file.stages:
            of_kind = list(stage.of(kind))
            if len(of_kind) > 1 and stage.start <= finding.start < of_kind[-1].start:
                return [(of_kind[-1].name, f"Only this {of_kind[-1].keyword.upper()} has an effect")]
        return []

    return find


def _namesake(file: Dockerfile, finding: Finding) -> list[Place]:
    stage = next((s for s in file.stages if s.start <= finding.start <= s.base.end), None)
    if stage is None:
        return []
    same = [other for other in file.stages[: stage.index] if other.name == stage.name and stage.name]
    return [(other.base.alias or other.base.name, "The first stage of that name") for other in same[:1]]


_BY_CODE = {
    "DL3012": _winner(Healthcheck),
    "DL3024": _namesake,
    "DL4003": _winner(Cmd),
    "DL4004": _winner(Entrypoint),
}
