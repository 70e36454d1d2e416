"""Outline, folding, selection, links and signatures."""

from __future__ import annotations

from pathlib import Path

import pytest
from features_helpers import WEB, at, place

from dlinter.images import Reference
from dlinter.server.features import SYMBOL_KINDS, Symbol
from dlinter.server.features.folding import folds
from dlinter.server.features.links import image_page, links
from dlinter.server.features.selection import selection
from dlinter.server.features.signature import signature
from dlinter.server.features.symbols import symbols
from dlinter.settings import FileSettings
from dlinter.tree import Dockerfile


def outline(found: list[Symbol], depth: int = 0) -> list[str]:
    rows = []
    for each in found:
        assert each.kind in SYMBOL_KINDS and each.start <= each.name_start <= each.name_end <= each.end
        rows.append(f"{'  ' * depth}{each.name}: {each.detail}".rstrip(": "))
        rows += outline(each.children, depth + 1)
    return rows


def test_the_outline_goes_by_stage() -> None:
    assert outline(symbols(Dockerfile(WEB))) == [
        "ARG PYTHON: 3.12",
        "base: FROM python:${PYTHON}-slim",
        "  ARG PYTHON",
        "  ENV",
        "    APP_HOME: /srv/app",
        "    PIP_NO_CACHE_DIR: 1",
        "  WORKDIR: $APP_HOME",
        "wheels: FROM base",
        "  RUN: apt-get update && apt-get install -y --no-install-recommend…",
        "  COPY: requirements.txt ./",
        '  RUN: pip wheel -r requirements.txt -w "$APP_HOME/wheels"',
        "base: stage 2",
        "  COPY: ${APP_HOME}/wheels /wheels/",
        "  COPY: /etc/pip.conf /etc/",
        "  RUN: <<EOF",
        "  EXPOSE: 8000/tcp",
        "  USER: nobody",
        '  HEALTHCHECK: CMD curl -f "http://localhost:8000$APP_HOME" || exit 1',
        '  CMD: exec gunicorn --chdir "$APP_HOME" app:app',
    ]


def test_the_outline_of_odd_things() -> None:
    assert outline(symbols(Dockerfile("FROM\nONBUILD RUN x\nMAINTAINER me\nFOO bar"))) == [
        "FROM: stage 0", "  ONBUILD", "    RUN: x", "  MAINTAINER: me", "  FOO: bar",
    ]  # fmt: skip
    assert [each.deprecated for each in symbols(Dockerfile("FROM a\nMAINTAINER me"))[0].children] == [True]


def test_folds() -> None:
    file = Dockerfile(WEB)
    found = [(file.source.line(fold.start), file.source.line(fold.end), fold.kind) for fold in folds(file)]
    assert found == [
        (3, 7, "region"), (5, 6, "region"), (9, 16, "region"), (11, 14, "region"), (18, 29, "region"),
        (21, 25, "region"),
    ]  # fmt: skip


def test_comments_and_several_heredocs_fold() -> None:
    file = Dockerfile("# a\n# b\n\n# c\nFROM x\nRUN y \\\n # d\n # e\n z\nCOPY <<A <<B /x/\n1\nA\n2\nB\n")
    found = [(file.source.line(fold.start), file.source.line(fold.end), fold.kind, fold.text) for fold in folds(file)]
    assert found == [
        (1, 2, "comment", ""), (5, 14, "region", ""), (6, 9, "region", ""), (7, 8, "comment", ""),
        (10, 14, "region", ""), (11, 12, "region", "<<A"), (13, 14, "region", "<<B"),
    ]  # fmt: skip


def parts(marker: str, number: int = 0) -> list[str]:
    file = Dockerfile(WEB)
    return [WEB[each.start : each.end] for each in selection(file, place(WEB, marker, number) + 1)]


def test_selection_grows_from_word_to_file() -> None:
    found = parts('package";')
    assert found[:3] == ["$package", '"$package"', 'echo "$package"']
    assert any(each == 'for package in a b; do echo "$package"; done' for each in found)
    assert found[-3].startswith("RUN --mount") and found[-3].endswith("done")
    assert found[-2].startswith("FROM base AS wheels") and found[-2].endswith('wheels"')
    assert found[-1] == WEB


def test_selection_of_flags_pairs_and_comments() -> None:
    assert parts("from=wheels", 0)[:2] == ["--from=wheels", "COPY --from=wheels ${APP_HOME}/wheels /wheels/"]
    assert parts("/srv/app")[:2] == ["/srv/app", "APP_HOME=/srv/app"]
    assert parts("what has")[:2] == ["what", "# what has to be compiled"]
    assert parts("wheels/*.whl")[:2] == ["/wheels/*.whl", "pip install /wheels/*.whl"]


@pytest.mark.parametrize(
    ("image", "page"),
    [
        ("debian:12", "https://hub.docker.com/_/debian"),
        ("docker.io/library/debian", "https://hub.docker.com/_/debian"),
        ("bitnami/redis:7", "https://hub.docker.com/r/bitnami/redis"),
        ("quay.io/centos/centos:stream9", "https://quay.io/repository/centos/centos"),
        ("ghcr.io/astral-sh/uv:latest", "https://ghcr.io/astral-sh/uv"),
        ("mcr.microsoft.com/dotnet/sdk:8.0", "https://mcr.microsoft.com/artifact/mar/dotnet/sdk"),
        ("gcr.io/distroless/static", "https://gcr.io/distroless/static"),
        ("eu.gcr.io/project/image", "https://eu.gcr.io/project/image"),
        ("public.ecr.aws/lambda/python:3.12", "https://gallery.ecr.aws/lambda/python"),
        ("localhost:5000/mine", None),
        ("registry.example.com/mine:1", None),
        ("$IMAGE:1", None),
        ("a b", None),
    ],
)
def test_pages_of_images(image: str, page: str | None) -> None:
    assert image_page(Reference(image)) == page


def shown(text: str, context: Path | None = None) -> list[tuple[str, str]]:
    file = Dockerfile(text, settings=FileSettings(context=None if context is None else str(context)))
    return [(file.text[each.start : each.end], each.target) for each in links(file)]


def test_links_of_images() -> None:
    assert shown(WEB) == [
        ("docker/dockerfile:1", "https://hub.docker.com/r/docker/dockerfile"),
        ("python:${PYTHON}-slim", "https://hub.docker.com/_/python"),
    ]
    assert shown("FROM scratch\nCOPY --from=nginx:1 /a /b\nRUN --mount=from=golang,target=/x y")[1:] == [
        ("nginx:1", "https://hub.docker.com/_/nginx"), ("golang", "https://hub.docker.com/_/golang"),
    ]  # fmt: skip
    assert shown("ARG IMAGE\nFROM ${IMAGE}") == []
    assert len(shown("FROM scratch\nCOPY --from=7 /a /b\nCOPY --from=context /a /b")) == 1


def test_links_of_sources(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.py").write_text("")
    text = "FROM busybox AS a\nARG D=src\nCOPY $D/main.py ../../src missing *.py /x/\nCOPY --from=a src /y\n"
    assert shown(text, tmp_path)[1:] == [
        ("$D/main.py", str(tmp_path / "src" / "main.py")), ("../../src", str(tmp_path / "src")),
    ]  # fmt: skip


def test_links_of_add() -> None:
    text = "FROM scratch\nARG V=1\nADD https://example.com/$V.tgz git@github.com:moby/buildkit.git#v1 /x/"
    assert shown(text)[1:] == [
        ("https://example.com/$V.tgz", "https://example.com/1.tgz"),
        ("git@github.com:moby/buildkit.git#v1", "https://github.com/moby/buildkit"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM |", "image"),
        ("FROM --plat|", "[--platform=platform]"),
        ("FROM a |", "[AS name]"),
        ("COPY a |", "destination"),
        ("COPY a| b c", "source"),
        ("COPY a b| c", "..."),
        ("COPY --from=x a b|", "destination"),
        ('COPY ["a", "b|"]', "destination"),
        ("ENV A|", "NAME"),
        ("ENV A=|", "value"),
        ("ENV A=1 |", "..."),
        ("RUN --mount=|", "[OPTIONS]"),
        ("RUN make|", "command"),
        ('RUN ["make", "|', "parameter"),
        ("RUN <<|EOF\nEOF\n", "<<EOF"),
        ("CMD |", "executable"),
        ("EXPOSE 80|", "port"),
        ("EXPOSE 80/|", "[/protocol]"),
        ("USER me:|", "[:group]"),
        ("HEALTHCHECK --interval=1s |", "CMD"),
        ("HEALTHCHECK CMD tr|", "command"),
        ("HEALTHCHECK NO|NE", "NONE"),
        ("ONBUILD COPY a |", "destination"),
        ("WORKDIR |", "path"),
    ],
)
def test_the_part_of_the_signature_at_the_cursor(text: str, expected: str) -> None:
    found = signature(*at(f"FROM x\n{text}" if not text.startswith("FROM") else text))
    assert found is not None and found.active is not None
    part = found.parameters[found.active]
    assert found.label[part.start : part.end] == expected and part.documentation


@pytest.mark.parametrize("text", ["RU|N x", "# a |b\nFROM x", "RUN <<E\na|\nE\n", "FOO |bar", "|"])
def test_no_signature(text: str) -> None:
    assert signature(*at(text)) is None
