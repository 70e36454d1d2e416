"""What is known of base images: names, tags, distributions, tools, ends of life; and that the data are fresh."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dlinter.data import refresh
from dlinter.images import Image, Reference, canonical, default_shell, lookup
from dlinter.tags import newest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "linter" / "dlinter" / "data"


def image(text: str) -> Image:
    found = lookup(Reference(text))
    assert found is not None, text
    return found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("python", "python"),
        ("docker.io/library/python:3", "python"),
        ("index.docker.io/library/python", "python"),
        ("library/python", "python"),
        ("arm32v7/python:3.6", "python"),
        ("public.ecr.aws/docker/library/node:18", "node"),
        ("mirror.gcr.io/library/alpine", "alpine"),
        ("stackbrew/ubuntu:14.04", "stackbrew/ubuntu"),
        ("bitnami/node", "bitnami/node"),
        ("localhost:5000/python", "localhost:5000/python"),
        ("quay.io/library/python", "quay.io/library/python"),
        ("arm32v7/team/python", "arm32v7/team/python"),
    ],
)
def test_canonical(text: str, name: str) -> None:
    assert canonical(Reference(text)) == name


@pytest.mark.parametrize("text", ["acme/app:1", "$BASE", "debian:${RELEASE}", "localhost:5000/python", "pythonista"])
def test_not_known(text: str) -> None:
    assert lookup(Reference(text)) is None


@pytest.mark.parametrize(
    ("text", "distro", "codename", "release", "explicit"),
    [
        # distributions
        ("debian", "debian", "trixie", "13", False),
        ("debian:stretch-slim", "debian", "stretch", "9", True),
        ("debian:9.5", "debian", "stretch", "9", True),
        ("debian:stable-slim", "debian", "trixie", "13", False),
        ("debian:jessie-20180101", "debian", "jessie", "8", True),
        ("debian:sid", "debian", "sid", None, False),
        ("debian:testing", "debian", "forky", None, False),
        ("ubuntu:20.04", "ubuntu", "focal", "20.04", True),
        ("ubuntu:focal-20200423", "ubuntu", "focal", "20.04", True),
        ("ubuntu:14.04.3", "ubuntu", "trusty", "14.04", True),
        ("alpine:3.9.4", "alpine", None, "3.9", True),
        ("alpine:edge", "alpine", "edge", None, False),
        ("alpine:3", "alpine", None, "3.24", False),
        ("gliderlabs/alpine", "alpine", None, None, False),
        ("gliderlabs/alpine:3.4", "alpine", None, "3.4", True),
        ("centos:centos6.7", "centos", None, "6", True),
        ("centos:7.6.1810", "centos", None, "7", True),
        ("quay.io/centos/centos:stream9", "centos-stream", None, "9", True),
        ("fedora:31", "fedora", None, "31", True),
        ("fedora:rawhide", "fedora", "rawhide", None, False),
        ("amazonlinux:2018.03", "amazonlinux", None, "2018.03", True),
        ("amazonlinux:2", "amazonlinux", None, "2", True),
        ("registry.access.redhat.com/ubi8/ubi-minimal:8.4", "rhel", None, "8", True),
        ("oraclelinux:8-slim", "oraclelinux", None, "8", True),
        ("scratch", "scratch", None, None, False),
        # the tag names the distribution
        ("python:3.9-slim-bookworm", "debian", "bookworm", "12", True),
        ("node:18-alpine3.19", "alpine", None, "3.19", True),
        ("nvidia/cuda:10.0-cudnn7-devel-ubuntu18.04", "ubuntu", "bionic", "18.04", True),
        ("nvidia/cuda:12.2.0-base-ubuntu2204", "ubuntu", "jammy", "22.04", True),
        ("nvidia/cuda:9.0-devel-centos7", "centos", None, "7", True),
        ("bitnami/node:12-debian-10-r0", "debian", "buster", "10", True),
        ("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", "debian", "bookworm", "12", True),
        ("gcr.io/distroless/static-debian12:nonroot", "distroless", "bookworm", "12", True),
        ("balenalib/raspberrypi3-alpine-node:8", "alpine", None, None, False),
        ("golang:1.13-windowsservercore", "windows", None, None, False),
        # history tells where the tag points
        ("python:3.9-slim", "debian", "trixie", "13", False),
        ("python:3.7.3", "debian", "stretch", "9", False),
        ("python:3.7.4", "debian", "buster", "10", False),
        ("node:carbon", "debian", "stretch", "9", False),
        ("node:8-alpine", "alpine", None, "3.11", False),
        ("golang:1.12", "debian", "buster", "10", False),
        ("openjdk:8-jre-alpine", "alpine", None, "3.9", False),
        ("openjdk:16", "oraclelinux", None, "8", False),
        ("java:8", "debian", "jessie", "8", False),
        ("tomcat:9-jre8-alpine", "alpine", None, "3.9", False),
        ("tomcat:8.5", "ubuntu", "jammy", "22.04", False),
        ("mysql:8.0", "oraclelinux", None, "9", False),
        ("php:5.6-apache", "debian", "stretch", "9", False),
        ("ros:kinetic-ros-base", "ubuntu", "xenial", "16.04", False),
        ("mcr.microsoft.com/dotnet/core/sdk:3.1", "debian", "buster", "10", False),
        ("mcr.microsoft.com/dotnet/sdk:8.0.100", "debian", "bookworm", "12", False),
        ("mcr.microsoft.com/dotnet/sdk:10.0", "ubuntu", "noble", "24.04", False),
        ("mcr.microsoft.com/dotnet/sdk:8.0-alpine", "alpine", None, None, False),
        # nothing is guessed
        ("python:3.99", "debian", None, None, False),
        ("python:3.15.0rc9", "debian", None, None, False),
        ("python:3.12-made-up", "debian", None, None, False),
        ("tomcat:99", None, None, None, False),
        ("python@sha256:abc", None, None, None, False),
        ("python:3.9-alpine@sha256:abc", "alpine", None, None, False),
        ("python:3.9@sha256:abc", "debian", None, None, False),
        ("debian@sha256:abc", "debian", None, None, False),
        ("debian:latest@sha256:abc", "debian", None, None, False),
        ("golang:1.10rc1", "debian", None, None, False),
        ("debian:bookworm@sha256:abc", "debian", "bookworm", "12", True),
    ],
)
def test_distribution(text: str, distro: str | None, codename: str | None, release: str | None, explicit: bool) -> None:
    found = image(text)
    assert (found.distro, found.codename, found.release, found.explicit) == (distro, codename, release, explicit)


@pytest.mark.parametrize(
    ("text", "family", "sh", "userland", "managers"),
    [
        ("debian:12", "debian", "dash", "gnu", ("apt-get", "apt")),
        ("python:3.9-alpine", "alpine", "ash", "busybox", ("apk",)),
        ("centos:7", "rhel", "bash", "gnu", ("yum",)),
        ("centos:8", "rhel", "bash", "gnu", ("dnf", "yum")),
        ("fedora:21", "rhel", "bash", "gnu", ("yum",)),
        ("fedora:40", "rhel", "bash", "gnu", ("dnf",)),
        ("redhat/ubi9-minimal", "rhel", "bash", "gnu", ("microdnf",)),
        ("oraclelinux:8", "rhel", "bash", "gnu", ("dnf", "yum")),
        ("oraclelinux:8-slim", "rhel", "bash", "gnu", ("microdnf",)),
        ("oraclelinux:7-slim", "rhel", "bash", "gnu", ("yum",)),
        ("mysql:8.0", "rhel", "bash", "gnu", ("microdnf",)),
        ("amazonlinux:2023", "rhel", "bash", "gnu", ("dnf", "yum")),
        ("opensuse/leap:15.1", "suse", "bash", "gnu", ("zypper",)),
        ("archlinux", "arch", "bash", "gnu", ("pacman",)),
        ("busybox", "busybox", "ash", "busybox", ()),
        ("scratch", "scratch", "", "", ()),
        ("gcr.io/distroless/base", "distroless", "", "", ()),
        ("mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled", "ubuntu", "", "", ()),
        ("mcr.microsoft.com/windows/nanoserver:1809", "windows", "", "", ()),
        ("tomcat:99", None, None, None, None),
    ],
)
def test_system(text: str, family: str | None, sh: str | None, userland: str | None, managers: tuple[str, ...]) -> None:
    found = image(text)
    assert (found.family, found.sh, found.userland, found.managers) == (family, sh, userland, managers)


@pytest.mark.parametrize(
    ("text", "tool", "there"),
    [
        ("debian:12-slim", "curl", False),
        ("debian:12-slim", "bash", True),
        ("debian:12-slim", "ps", False),
        ("debian:jessie", "ps", None),
        ("node:18", "git", True),
        ("node:18-slim", "git", False),
        ("node:18-slim", "curl", False),
        ("node:8-slim", "curl", None),
        ("node:8", "curl", True),
        ("node:18-alpine", "bash", False),
        ("node:18-alpine", "wget", True),
        ("python:3.9-slim", "ca-certificates", True),
        ("golang:1.20", "gcc", True),
        ("golang:1.20-alpine", "bash", False),
        ("golang:1.20-alpine", "git", None),
        ("buildpack-deps:bookworm-curl", "git", None),
        ("buildpack-deps:bookworm-scm", "git", True),
        ("php:8-fpm-alpine", "curl", True),
        ("scratch", "sh", False),
        ("gcr.io/distroless/base:debug", "sh", None),
        ("gcr.io/distroless/base", "sh", False),
        ("ubuntu:14.04", "sudo", True),
        ("ubuntu:16.04", "sudo", False),
        ("centos:7", "python", True),
        ("amazonlinux:2", "tar", False),
        ("anapsix/alpine-java:8", "bash", None),
        ("openjdk:8", "curl", None),
        ("openjdk:8", "apk", False),
        ("frolvlad/alpine-glibc", "apt-get", False),
        ("busybox:ubuntu-14.04", "curl", False),
        ("debian:12", "frobnicate", None),
        ("python@sha256:abc", "curl", None),
    ],
)
def test_tools(text: str, tool: str, there: bool | None) -> None:
    assert image(text).has(tool) is there


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("python:3.6-slim-stretch", [("debian", "stretch", "2022-06-30"), ("python", "3.6", "2021-12-23")]),
        ("node:carbon-alpine", [("alpine", "3.11", "2021-11-01"), ("node", "8", "2019-12-31")]),
        ("golang:1.9.2-alpine3.6", [("alpine", "3.6", "2019-05-01"), ("golang", "1.9", "2018-08-24")]),
        ("ubuntu:16.04", [("ubuntu", "16.04", "2021-04-30")]),
        ("centos:8", [("centos", "8", "2021-12-31")]),
        ("postgres:9.6.24-alpine3.15", [("alpine", "3.15", "2023-11-01"), ("postgres", "9.6", "2021-11-11")]),
        ("microsoft/dotnet:2.1-sdk-stretch", [("debian", "stretch", "2022-06-30"), ("dotnet", "2.1", "2021-08-21")]),
        ("alpine:edge", []),
        ("scratch", []),
    ],
)  # fmt: skip
def test_ends(text: str, ends: list[tuple[str, str, str]]) -> None:
    assert [(end.product, end.cycle, end.date) for end in image(text).ends] == ends


def test_ended_on_a_day() -> None:
    found = image("python:3.6-slim-stretch")
    assert found.ended("2021-12-23") == ()
    assert [end.product for end in found.ended("2022-01-01")] == ["python"]
    assert len(found.ended("2023-01-01")) == 2


def test_archived_mirrors() -> None:
    assert image("debian:stretch").archived is True
    assert image("debian:bookworm").archived is False
    assert image("ubuntu:17.10").archived is True
    assert image("ubuntu:18.04").archived is False
    assert image("debian:sid").archived is None


def test_configuration() -> None:
    node = image("node:18")
    assert node.entrypoint == ("docker-entrypoint.sh",)
    assert node.wrapper
    assert node.user == "root"
    assert "NODE_VERSION" in node.env
    assert node.env["NODE_VERSION"] is None
    golang = image("golang:1.20")
    assert (golang.workdir, golang.env["GOPATH"], golang.entrypoint) == ("/go", "/go", ())
    assert image("php:8-apache").ports == ("80",)
    assert image("php:8-fpm").cmd == ("php-fpm",)
    assert image("cimg/node:16").user == "circleci"
    assert image("bitnami/node").user is None
    assert image("gcr.io/distroless/base:nonroot").user == "65532"
    assert image("nginx").entrypoint is None
    assert image("golang:1.13-windowsservercore").workdir is None


def test_shell() -> None:
    assert image("debian").shell == ("/bin/sh", "-c")
    assert image("mcr.microsoft.com/windows/servercore:ltsc2022").shell == ("cmd", "/S", "/C")
    assert image("cimg/node:16").shell[:1] == ("/bin/bash",)
    assert image("golang:1.13-windowsservercore").shell[:1] == ("powershell",)
    assert default_shell(Reference("golang:1.13-nanoserver")) == ("cmd", "/S", "/C")
    assert default_shell(None) == ("/bin/sh", "-c")


def test_retired() -> None:
    assert (image("java:8").retired, image("java:8").successor) == ("2016", "eclipse-temurin")
    assert image("python").retired is None


def test_data_are_fresh() -> None:
    for name, text in refresh.modules(DATA / "images.toml").items():
        assert (DATA / f"{name}.py").read_text(encoding="utf-8") == text, f"run python -m dlinter.data.refresh: {name}"


def test_refresh_refuses_an_unknown_key() -> None:
    with pytest.raises(ValueError, match="unknown key 'familly'"):
        refresh.fields("distro.x", {"familly": "debian"})


def test_every_entry_can_be_looked_up() -> None:
    from dlinter.data.images import ALIASES, IMAGES

    for name in [*IMAGES, *ALIASES]:
        found = image(name.replace("*", "x"))
        assert found.source, name


def test_data_are_imported_when_asked_for() -> None:
    code = "import sys, dlinter.images; print([name for name in sys.modules if name.startswith('dlinter.data.')])"
    path = f"{ROOT / 'linter'}:{ROOT / 'grammar'}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": path})
    assert done.stdout.strip() == "[]", done.stderr


def test_the_newest_version_of_official_images_is_as_long_as_their_releases() -> None:
    assert newest("node") is not None and newest("node").isdecimal()  # type: ignore[union-attr]
    assert (newest("python") or "").count(".") == 1
    # latest is an older one there, or nothing is known
    assert newest("amazoncorretto") is None
    assert newest("busybox") == "1.38"
    assert newest("centos") is None
    assert newest("example/app") is None
