"""The images that a file is built from, in FROM, COPY --from and RUN --mount."""

from __future__ import annotations

from dlinter import UNSAFE, Findings, Fix, From, Severity, Stage, replace, report, rule
from dlinter.images import Reference, lookup, today

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.tree import Token


def images(stage: Stage) -> Iterator[tuple[str, Token, Reference]]:
    """The images that *stage* names with how (``from copy mount``) and where, as far as they are known by name.

    Names that are most likely a misspelt stage's, and named contexts, are left out.
    """
    contexts = {name.lower() for name in stage.file.settings.contexts}
    for need in stage.file.facts.graph.needs(stage):
        name = need.name
        if need.stage is not None or "$" in name or name.lower() in contexts or name == "scratch":
            continue
        if need.user is not stage or need.instruction.stage is not stage:
            continue
        reference = Reference(name)
        if reference.path != reference.path.lower():
            continue  # no image at all
        if need.kind == "from" or set(name) & set("/:.@") or (not name.isdecimal() and lookup(reference) is not None):
            yield need.kind, need.token, reference


@rule(
    "DL3006",
    "base-image-untagged",
    on=Stage,
    profiles=("default", "hadolint", "cis"),
    aliases=("DS-0001", "CKV_DOCKER_7", "S6596", "DF001", "DD001", "DKL-DI-0006"),
)
def base_image_untagged(stage: Stage) -> Findings:
    r"""Name a version of the image

    Without a tag it is latest: every release changes the result without a change in this file.

    ```dockerfile bad
    FROM debian
    ```
    ```dockerfile unsafe
    FROM debian:13
    ```
    ```dockerfile bad
    FROM python
    ```
    ```dockerfile unsafe
    FROM python:3.14
    ```
    ```dockerfile bad
    FROM arm32v7/node
    ```
    ```dockerfile unsafe
    FROM arm32v7/node:26
    ```
    What is not kept up any more, and what the tables do not know, is yours to choose:
    ```dockerfile bad
    FROM java
    ```
    ```dockerfile bad
    FROM example/app
    ```
    ```dockerfile bad
    ARG IMAGE=registry.example.com:5000/team/base
    FROM $IMAGE
    ```
    ```dockerfile bad
    FROM debian:12
    COPY --from=busybox /bin/busybox /bin/
    ```
    ```dockerfile bad
    FROM debian:12
    RUN --mount=type=bind,from=ghcr.io/astral-sh/uv,target=/uv /uv/uv --version
    ```
    ```dockerfile good
    FROM debian:12 AS Build
    FROM debian@sha256:a8560b36e8b8210634f77d9f7f9efd7ffa463e380b75e2e74aff4511df3ef88c
    FROM scratch
    FROM build
    COPY --from=0 /a /b
    COPY --from=nginx:1.27 /a /b
    ```
    What an argument without a default stands for is not known:
    ```dockerfile good
    ARG IMAGE
    FROM $IMAGE
    ```
    """
    for _, token, reference in images(stage):
        if reference.tag is None and reference.digest is None:
            yield report(token, f"Name a version of {reference.name}", _released(stage, token, reference))


def _released(stage: Stage, token: Token, reference: Reference) -> Fix | None:
    """The release that latest stood for when the tables were made (:mod:`dlinter.data.tags`)."""
    from dlinter.tags import newest

    base, image = stage.base.image, lookup(reference)
    if base is None or token.start != base.start or token.text != reference.text or image is None:
        return None
    if image.retired or image.archived or image.explicit:
        return None
    tag = (image.release if image.name == image.distro else None) or newest(image.name)
    if not tag:
        return None
    release = f"{reference.name}:{tag}"
    return Fix([replace(token, release)], UNSAFE, f"Write {release}", (f"option-of-user:base={release}",))


@rule(
    "DL3007",
    "base-image-latest-tag",
    on=Stage,
    profiles=("default", "hadolint", "cis"),
    aliases=("DS-0001", "CKV_DOCKER_7", "S6596", "DKL-DI-0006"),
)
def base_image_latest_tag(stage: Stage) -> Findings:
    r"""Name a version of the base image instead of latest

    Every release behind latest changes the image without a change in this file, and nobody can say which was used.

    ```dockerfile bad
    FROM docker.io/library/alpine:latest AS base
    ```
    ```dockerfile unsafe
    FROM docker.io/library/alpine:3.24 AS base
    ```
    ```dockerfile bad
    FROM centos:latest
    ```
    ```dockerfile bad
    ARG VERSION=latest
    FROM node:${VERSION}
    ```
    ```dockerfile bad
    FROM debian:${RELEASE:-latest}
    ```
    ```dockerfile bad
    FROM debian:12
    COPY --from=nginx:latest /etc/nginx /etc/nginx
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
    for _, token, reference in images(stage):
        if reference.tag == "latest" and reference.digest is None:
            fix = _released(stage, token, reference)
            yield report(token, f"Name a version of {reference.name} instead of latest", fix)


@rule(
    "DL3026",
    "base-image-registry-not-allowed",
    on=Stage,
    severity=Severity.ERROR,
    profiles=("default", "hadolint", "cis"),
    aliases=("DF065", "CIS-4.2", "CIS-DI-0002"),
)
def base_image_registry_not_allowed(stage: Stage) -> Findings:
    r"""Take images from the registries that are allowed

    An image from elsewhere was checked by nobody whom you chose.

    ```yaml settings
    trusted-registries: [registry.example.com, "*.ghcr.io", "quay*"]
    ```
    ```dockerfile bad
    FROM debian:12
    ```
    ```dockerfile bad
    FROM registry.example.com/debian:12
    COPY --from=busybox /bin/busybox /bin/
    RUN --mount=from=localhost:5000/tool:1,target=/tool /tool/run
    ```
    ```dockerfile good
    FROM registry.example.com/debian:12 AS Build
    FROM build
    FROM scratch
    COPY --from=build /a /b
    COPY --from=eu.ghcr.io/team/tool:1 /a /b
    COPY --from=quay.io/team/tool:1 /a /b
    ```
    Names without a registry are Docker Hub's:
    ```yaml settings
    trusted-registries: [docker.io]
    ```
    ```dockerfile good
    FROM debian:12
    FROM team/app:1
    FROM index.docker.io/library/debian:12
    ```
    """
    allowed = stage.file.settings.trusted_registries
    if not allowed:
        return
    for _, token, reference in images(stage):
        if not any(_matches(reference.registry, pattern) for pattern in allowed):
            yield report(token, f"The registry {reference.registry} is not allowed")


def _matches(registry: str, pattern: str) -> bool:
    """True if *pattern*, with ``*`` at either end or alone, stands for *registry*."""
    pattern = "docker.io" if pattern in _HUB else pattern
    if pattern == "*" or pattern == registry:
        return True
    if pattern.startswith("*"):
        return registry.endswith(pattern[1:])
    return pattern.endswith("*") and registry.startswith(pattern[:-1])


_HUB = ("hub.docker.com", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com")


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


@rule("DL8410", "base-image-floating-distro", on=From, severity=Severity.INFO, profiles=())
def base_image_floating_distro(base: From) -> Findings:
    r"""Name the release of the distribution in the tag of a language's image

    The tag moves to the next Debian or Alpine by itself, where packages have other names and libraries other versions.

    ```dockerfile bad
    FROM python:3.12-slim
    ```
    ```dockerfile bad
    FROM node:22-alpine
    ```
    ```dockerfile good
    FROM python:3.12-slim-bookworm
    ```
    ```dockerfile good
    FROM node:22-alpine3.20
    ```
    ```dockerfile good
    FROM debian:12
    FROM python:3.12.4-slim
    FROM python:3.12-slim@sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d
    FROM python
    ```
    What is no longer built stays what it is:
    ```dockerfile good
    FROM python:3.6-slim
    FROM java:8
    ```
    """
    stage = base.stage
    if stage is None or stage.file.facts.parent(stage) is not None or base.image is None or "$" in base.image.value:
        return
    reference = stage.file.facts.base(stage)
    image = None if reference is None else lookup(reference)
    if reference is None or image is None or image.explicit or not reference.tag or reference.digest:
        return
    if not image.version or image.version.count(".") > 1 or image.retired or image.ended(today()):
        return
    if image.distro not in ("debian", "alpine", "ubuntu") or image.name == image.distro:
        return
    release = image.codename or image.release
    if release and not image.name.startswith(("debian", "ubuntu", "alpine")):
        yield report(base.image, f"The tag means {image.distro} {release} until the image moves on: name the release")
