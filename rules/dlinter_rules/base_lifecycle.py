"""Base images whose time is over."""

from __future__ import annotations

from dlinter import Command, Findings, From, Run, Severity, Stage, report, rule
from dlinter.images import Image, lookup, today
from dlinter_grammar import regex as re
from dlinter_rules.base_image import images
from dlinter_rules.common import certain, certainly_runs, image_of

#: what somebody writes who knows that the mirrors moved
_MOVED = re.compile(
    r"archive\.debian\.org|old-releases\.ubuntu|vault\.centos|snapshot\.debian|sources\.list|yum\.repos\.d|mirrorlist|"
    r"archive\.kernel\.org|linuxsoft|/etc/apk/repositories"
)


@rule("DL8401", "base-image-end-of-life", on=Stage, profiles=("default", "cis"), aliases=("CIS-4.4",))
def base_image_end_of_life(stage: Stage, *, day: str = "") -> Findings:
    r"""Move to a base image that still gets security fixes

    Nobody mends what is found in it from then on, and sooner or later its packages move to an archive.

    The option `day` is the day to judge by, such as `2026-12-31`; without it that is today.
    ```dockerfile bad
    FROM debian:8
    ```
    ```dockerfile bad
    ARG NODE=14
    FROM node:${NODE}-alpine AS build
    FROM nginx:stable
    COPY --from=build /app /usr/share/nginx/html
    ```
    ```dockerfile bad
    FROM python:2.7
    ```
    ```dockerfile good
    FROM almalinux:10
    FROM alpine:edge
    FROM debian:trixie
    FROM example.com/debian:8
    ```
    Where a step fails because of it, that is what is reported (DL8403):
    ```dockerfile good
    FROM debian:8
    RUN apt-get update && apt-get install -y curl
    ```
    """
    judged = day or today()
    if _failing(stage) is not None:
        return
    for how, token, reference in images(stage):
        image = lookup(reference)
        if how != "from" or image is None or image.retired is not None or reference.digest is not None:
            continue
        ended = sorted(image.ended(judged), key=lambda end: (end.product != image.name, end.date))
        if not ended or (not image.explicit and ended[0].product != image.name):
            continue
        end = ended[0]
        what = f"{end.product} {end.cycle}"
        yield report(token, f"{what} gets no security fixes since {end.date}: move to a newer release")


@rule("DL8402", "base-image-deprecated-repository", on=From)
def base_image_deprecated_repository(base: From) -> Findings:
    r"""Take an image that is still maintained

    Its tags stay where they are, so what is in them grows older with every day.

    ```dockerfile bad
    FROM openjdk:17-jdk-slim
    ```
    ```dockerfile bad
    FROM centos:7
    ```
    ```dockerfile good
    FROM centos:7
    RUN yum install -y nginx
    ```
    ```dockerfile good
    FROM eclipse-temurin:21
    FROM rockylinux:9
    FROM registry.example.com/openjdk:17
    ```
    """
    stage = base.stage
    if stage is None or _failing(stage) is not None:
        return
    for how, token, reference in images(stage):
        image = lookup(reference)
        if how == "from" and image is not None and image.retired is not None:
            instead = f": take {image.successor}" if image.successor else ""
            yield report(token, f"{image.name} is not maintained since {image.retired}{instead}")


@rule("DL8403", "apt-on-archived-release", on=Stage, mentions=("apt", "yum", "dnf"), severity=Severity.ERROR)
def apt_on_archived_release(stage: Stage) -> Findings:
    r"""Move to a newer release, or point the package manager to the archive

    The mirrors gave the release up, so the step fails with errors 404.

    ```dockerfile bad
    FROM debian:stretch
    RUN apt-get update && apt-get install -y curl
    ```
    ```dockerfile bad
    FROM centos:7
    RUN yum install -y epel-release
    RUN yum install -y nginx
    ```
    ```dockerfile good
    FROM debian:bookworm
    RUN apt-get update && apt-get install -y curl
    ```
    ```dockerfile good
    FROM debian:stretch
    RUN sed -i s/deb.debian.org/archive.debian.org/ /etc/apt/sources.list && apt-get update
    ```
    ```dockerfile good
    FROM centos:7
    COPY CentOS-Base.repo /etc/yum.repos.d/
    RUN yum install -y nginx
    ```
    """
    command, image = _failing(stage), image_of(stage)
    if command is not None and image is not None:
        yield report(command, f"{_name(image)} is archived: its mirrors have no packages any more")


def _failing(stage: Stage) -> Command | None:
    """The first call of a package manager that asks mirrors for a release that they do not have any more."""
    image = image_of(stage)
    if image is None or not image.archived or not certain(stage) or image.reference.digest is not None:
        return None
    before = [i for each in stage.file.facts.chain(stage) for i in each.instructions]
    if any(_MOVED.search(i.syntax.map.text) or any(_MOVED.search(h.content) for h in i.heredocs) for i in before):
        return None
    if any(i.keyword in ("copy", "add") and _covers_sources(i.args[-1].value if i.args else "") for i in before):
        return None
    for run in stage.of(Run):
        for command in run.commands:
            if command.name in ("apt-get", "apt", "yum", "dnf") and certainly_runs(command):
                from dlinter.packages import package_call

                call = package_call(command)
                if call is not None and call.action in ("update", "install", "upgrade"):
                    return command
    return None


def _covers_sources(destination: str) -> bool:
    return destination == "/" or destination.startswith(("/etc", "$"))


def _name(image: Image) -> str:
    codename = f" ({image.codename})" if image.codename else ""
    return f"{image.distro} {image.release}{codename}"
