"""Stages and their names."""

from __future__ import annotations

from dlinter import UNSAFE, Dockerfile, Edit, Findings, Fix, Severity, Stage, report, rule


@rule(
    "DL3024",
    "stage-name-duplicate",
    on=Dockerfile,
    mentions=("as",),
    severity=Severity.ERROR,
    profiles=("default", "hadolint"),
    aliases=("DuplicateStageName", "DS-0012", "CKV_DOCKER_11", "DF042"),
)
def stage_name_duplicate(file: Dockerfile) -> Findings:
    r"""Give every stage a name of its own

    COPY --from means the last stage of a name, FROM the last one so far, so one word stands for two things.

    ```dockerfile bad
    FROM golang:1.22 AS build
    RUN make server
    FROM node:20 AS Build
    RUN make client
    FROM scratch
    COPY --from=build /out /
    ```
    ```dockerfile good
    FROM golang:1.22 AS server
    RUN make server
    FROM node:20 AS client
    RUN make client
    FROM scratch
    COPY --from=server /out /
    ```
    """
    seen: dict[str, Stage] = {}
    for stage in file.stages:
        alias = stage.base.alias
        if alias is None or stage.name is None:
            continue
        other = seen.setdefault(stage.name, stage)
        if other is not stage:
            yield report(alias, f"Rename stage {stage.name}: line {other.base.line} has one of that name")


@rule(
    "DL3063",
    "stage-name-reserved",
    on=Stage,
    reads="file",
    mentions=("as",),
    profiles=("default", "hadolint"),
    aliases=("ReservedStageName",),
)
def stage_name_reserved(stage: Stage) -> Findings:
    r"""Call no stage scratch or context

    FROM scratch means the empty image and --from=context the build context; a stage of that name hides them.

    A build may ask for the stage by its name, so renaming it is a matter for you:
    ```dockerfile bad
    FROM golang:1.22 AS scratch
    RUN make
    FROM alpine:3.20
    COPY --from=scratch /app /app
    ```
    ```dockerfile unsafe
    FROM golang:1.22 AS scratch-stage
    RUN make
    FROM alpine:3.20
    COPY --from=scratch-stage /app /app
    ```
    ```dockerfile good
    FROM golang:1.22 AS from-scratch
    FROM scratch
    COPY --from=from-scratch /app /app
    ```
    """
    alias = stage.base.alias
    if alias is not None and stage.name in ("scratch", "context"):
        yield report(
            alias, f"Rename the stage: {stage.name} is a reserved word", _renamed(stage, f"{stage.name}-stage")
        )


def _renamed(stage: Stage, name: str) -> Fix | None:
    from dlinter_rules.casing import references

    alias = stage.base.alias
    if alias is None or any(other.name in (name, stage.name) for other in stage.file.stages if other is not stage):
        return None
    places = [alias, *references(stage)]
    text = stage.file.text
    if any(text[place.start : place.end].lower() != stage.name for place in places):
        return None
    return Fix([Edit(place.start, place.end, name) for place in places], UNSAFE, f"Rename it to {name}")
