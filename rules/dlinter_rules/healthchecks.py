"""HEALTHCHECK."""

from __future__ import annotations

from dlinter import Dockerfile, Findings, Severity, report, rule


@rule(
    "DL3057",
    "healthcheck-missing",
    on=Dockerfile,
    severity=Severity.INFO,
    profiles=(),
    aliases=("DS-0026", "CKV_DOCKER_2", "DF012", "CIS-4.6", "CIS-DI-0006", "DD012"),
)
def healthcheck_missing(file: Dockerfile) -> Findings:
    r"""Say with HEALTHCHECK how to tell that the container works

    Docker and Compose restart what fails its check; Kubernetes has probes of its own and ignores it.

    ```dockerfile bad
    FROM nginx:1.27
    COPY site /usr/share/nginx/html
    ```
    Only the image that is built counts, with what it takes over from its parent stages:
    ```dockerfile good
    FROM golang:1.22 AS build
    RUN go build -o /app
    FROM debian:12 AS base
    HEALTHCHECK CMD ["/app", "check"]
    FROM base
    COPY --from=build /app /app
    ```
    ```dockerfile good
    FROM nginx:1.27
    HEALTHCHECK NONE
    ```
    """
    for stage in file.facts.graph.targets:
        if file.facts.healthcheck(stage) is None:
            yield report(stage.base)
