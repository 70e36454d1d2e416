"""FROM: base images and stage names."""

from __future__ import annotations

from dlinter import Findings, Fix, From, Severity, replace, report, rule
from dlinter.images import Reference


@rule(
    "DL3007",
    "base-image-latest-tag",
    on=From,
    profiles=("default", "hadolint", "cis"),
    aliases=("DS-0001", "CKV_DOCKER_7", "S6596", "DKL-DI-0006"),
)
def base_image_latest_tag(base: From) -> Findings:
    r"""Name a version of the base image instead of latest

    Every release behind latest changes the image without a change in this file, and nobody can say which was used.

    ```dockerfile bad
    FROM alpine:latest
    ```
    ```dockerfile bad
    ARG VERSION=latest
    FROM node:${VERSION}
    ```
    ```dockerfile bad
    FROM debian:${RELEASE:-latest}
    ```
    ```dockerfile good
    FROM alpine:3.20
    FROM alpine:latest@sha256:a8560b36e8b8210634f77d9f7f9efd7ffa463e380b75e2e74aff4511df3ef88c
    FROM registry.example.com/latest:1.2
    ```
    What an argument without a default stands for is not known:
    ```dockerfile good
    ARG IMAGE
    FROM $IMAGE
    ```
    """
    if base.image is None or base.stage is None or base.file.facts.parent(base.stage) is not None:
        return
    reference = base.file.facts.base(base.stage)
    if reference is not None and reference.tag == "latest" and reference.digest is None:
        yield report(base.image, _message(reference))


def _message(reference: Reference) -> str:
    return f"Name a version of {reference.name} instead of latest"


@rule(
    "DL2002",
    "from-as-casing",
    on=From,
    severity=Severity.STYLE,
    aliases=("FromAsCasing",),
)
def from_as_casing(base: From) -> Findings:
    r"""Write FROM and AS in the same case

    A line that mixes both is harder to read; BuildKit warns about it.

    ```dockerfile bad
    FROM golang:1.22 as build
    ```
    ```dockerfile fixed
    FROM golang:1.22 AS build
    ```
    ```dockerfile bad
    from golang:1.22 AS build
    ```
    ```dockerfile fixed
    from golang:1.22 as build
    ```
    ```dockerfile good
    FROM golang:1.22 AS build
    from scratch as tools
    From busybox aS box
    ```
    """
    word = base.as_keyword
    keyword = base.name.text
    if word is None or not (keyword.isupper() or keyword.islower()):
        return
    wanted = word.text.upper() if keyword.isupper() else word.text.lower()
    if word.text != wanted:
        yield report(word, fix=Fix([replace(word, wanted)], title=f"Write {wanted}"))
