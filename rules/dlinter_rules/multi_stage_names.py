"""Names of stages that look like something else."""

from __future__ import annotations

from dlinter import Dockerfile, Findings, report, rule


@rule("DL5107", "stage-name-shadows-image", on=Dockerfile, profiles=())
def stage_name_shadows_image(file: Dockerfile) -> Findings:
    r"""Call no stage like an image that is used later

    FROM takes the stage, however much it looks like the image from the registry.

    ```dockerfile bad
    FROM alpine:3.20 AS node
    RUN apk add --no-cache nodejs
    FROM node
    COPY . /app
    ```
    ```dockerfile good
    FROM alpine:3.20 AS node-runtime
    RUN apk add --no-cache nodejs
    FROM node-runtime
    COPY . /app
    ```
    ```dockerfile good
    FROM node:22 AS node
    FROM node
    COPY . /app
    ```
    """
    graph = file.facts.graph
    for stage in file.stages:
        image, parent = stage.base.image, graph.parent(stage)
        if parent is None or image is None or parent.name is None or parent.base.alias is None:
            continue
        base = file.facts.base(parent)
        named = _official(parent.name)
        if named is None or base is None or base.path.rpartition("/")[2] == named:
            continue
        yield report(image, f"{parent.name} is the stage at line {parent.base.line} here, not the image of that name")


def _official(name: str) -> str | None:
    """*name* if an official image has it."""
    from dlinter.data.images import IMAGES

    return name if name in IMAGES and "/" not in name and name != "scratch" else None
