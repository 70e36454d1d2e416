"""Compose files: what they build, what that says of a Dockerfile, and the Dockerfiles that stand in them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dlinter.__main__ import main
from dlinter.config import Config
from dlinter.project import Build, ProjectError, Projects, is_project
from dlinter.project.compose import inlines, interpolated
from dlinter.project.settings import file_settings
from dlinter.source import Source
from dlinter.tree import Dockerfile


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml").replace("_env", ".env")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def builds(folder: Path, text: str, name: str = "compose.yaml") -> dict[str, Build]:
    (folder / name).write_text(text)
    return {build.name: build for build in Projects().builds(str(folder / name))}


def test_every_form_of_build(tmp_path: Path) -> None:
    found = builds(
        tmp_path,
        """
services:
  short: {build: ./a}
  long:
    platform: linux/arm64
    build:
      context: b
      dockerfile: ../docker/Dockerfile.prod
      target: run
      args: {A: 1, B: "x y", C: true, D: 3.10, E: "${E}", F: null, G: $$x}
      additional_contexts: {base: "docker-image://alpine"}
  list:
    build:
      args: [A=1, "B=${B:-2}", C]
      additional_contexts: [other=../o]
      platforms: [linux/amd64, linux/arm64]
  remote: {build: "https://github.com/docker/example.git#main"}
  default: {build: "${DIR:-./c}"}
  unknown: {build: "${DIR}"}
  image: {image: alpine}
""",
    )
    assert list(found) == ["short", "long", "list", "remote", "default", "unknown"]
    assert found["short"].dockerfile == str(tmp_path / "a/Dockerfile")
    long = found["long"]
    assert (long.context, long.dockerfile) == (str(tmp_path / "b"), str(tmp_path / "docker/Dockerfile.prod"))
    assert (long.target, long.contexts, long.platforms) == ("run", ("base",), ("linux/arm64",))
    assert long.args == {"A": "1", "B": "x y", "C": "true", "D": "3.1", "E": None, "F": None, "G": "$x"}
    assert found["list"].args == {"A": "1", "B": None, "C": None}
    assert (found["list"].contexts, found["list"].platforms) == (("other",), ("linux/amd64", "linux/arm64"))
    assert found["remote"].context is None and found["remote"].dockerfile is None
    assert found["default"].dockerfile == str(tmp_path / "c/Dockerfile")


def test_merge_keys_extends_and_tags_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, common_yaml="services:\n  base: {build: {context: app, target: one}}\n")
    found = builds(
        tmp_path,
        """
x-build: &build {context: app, args: {A: "1"}}
services:
  merged:
    build: {<<: *build, target: two}
  extended:
    extends: {file: common.yaml, service: base}
  again:
    extends: extended
    build: {dockerfile: Other}
    ports: !reset []
""",
    )
    app = str(tmp_path / "app")
    assert (found["merged"].context, found["merged"].target, found["merged"].args) == (app, "two", {"A": "1"})
    assert (found["extended"].context, found["extended"].target) == (app, "one")
    assert (found["again"].dockerfile, found["again"].target) == (f"{app}/Other", "one")


def test_an_override_is_read_on_top(tmp_path: Path) -> None:
    write(tmp_path, compose_yaml="services:\n  a: {build: {context: app, target: prod}}\n  b: {build: b}\n")
    found = builds(tmp_path, "services:\n  a: {build: {target: dev}}\n  b: {ports: []}\n", "compose.override.yaml")
    assert list(found) == ["a"]
    assert (found["a"].context, found["a"].target) == (str(tmp_path / "app"), "dev")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", ("a", True)),
        ("$$a", ("$a", True)),
        ("${A:-x}/y", ("x/y", False)),
        ("${A-x}", ("x", False)),
        ("$A/y", (None, False)),
        ("${A:?must}", (None, False)),
    ],
)
def test_variables(text: str, value: tuple[str | None, bool]) -> None:
    assert interpolated(text) == value


def test_mistakes_name_the_line(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"compose.yaml:3: is no YAML: .*; mend that line"):
        builds(tmp_path, "services:\n  a: {build: [\n")


@pytest.mark.parametrize("name", ["compose.yaml", "docker-compose.prod.yml", "dev.compose.yaml", "docker-bake.hcl"])
def test_names(name: str) -> None:
    assert is_project(name) and not is_project(f"x{name}x")


def known(path: Path) -> tuple[str | None, tuple[str, ...], dict[str, str]]:
    found = file_settings(str(path), Config(), Projects())
    return found.context and os.path.relpath(found.context, path.parent), found.targets, found.build_args


def test_files_beside_and_above_tell_the_context(tmp_path: Path) -> None:
    write(
        tmp_path,
        compose_yaml="services:\n  a: {build: {dockerfile: docker/app/Dockerfile, target: x, args: [A=1]}}\n",
        docker__app__Dockerfile="FROM a\n",
    )
    dockerfile = tmp_path / "docker/app/Dockerfile"
    assert known(dockerfile) == (None, (), {}), "what lies above counts in a git repository only"
    (tmp_path / ".git").mkdir()
    assert known(dockerfile) == ("../..", ("x", ""), {"A": "1"})
    (tmp_path / "compose.prod.yaml").write_text(
        "services:\n  a: {build: {context: ., dockerfile: docker/app/Dockerfile, args: [A=2]}}\n"
    )
    assert known(dockerfile) == ("../..", ("x", ""), {}), "they agree on no value"
    (tmp_path / "docker/compose.yaml").write_text("services:\n  a: {build: app}\n")
    assert known(dockerfile)[0] is None, "they agree on no context"


def test_the_last_stage_counts_as_built(tmp_path: Path) -> None:
    write(tmp_path, compose_yaml="services:\n  a: {build: {target: one}}\n")
    text = "FROM a AS one\nFROM b AS two\nFROM c AS three\n"
    settings = file_settings(str(tmp_path / "Dockerfile"), Config(), Projects())
    graph = Dockerfile(text, settings=settings).facts.graph
    assert [stage.name for stage in graph.targets] == ["one", "three"]


def test_nothing_is_opened_where_no_compose_file_is_near(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a/b").mkdir(parents=True)
    asked: list[str] = []
    monkeypatch.setattr(os, "listdir", lambda folder: asked.append(folder) or [])
    projects = Projects()
    assert projects.of(str(tmp_path / "a/b/Dockerfile")) == [] and not asked
    monkeypatch.setattr(os.path, "isfile", lambda path: asked.append(path) or False)
    assert projects.of(str(tmp_path / "a/b/Dockerfile.other")) == [] and not asked, "each folder is looked at once"


INLINE = """\
services:
  a:
    build:
      context: .
      dockerfile_inline: |2-  # two more

          FROM python:3.9
          MAINTAINER $$me

          CMD python app.py
    ports: []
  b:
    build:
      dockerfile_inline: "FROM alpine:3\\nMAINTAINER \\"x\\"\\n"
  c:
    build:
      dockerfile_inline: |
        FROM alpine:${V:-3}
        MAINTAINER $V
"""


def test_a_dockerfile_in_a_block_keeps_its_places() -> None:
    found = [inline for _, inline in inlines(INLINE, "compose.yaml")]
    assert [inline.text for inline in found] == [
        "\n  FROM python:3.9\n  MAINTAINER $me\n\n  CMD python app.py\n",
        'FROM alpine:3\nMAINTAINER "x"\n',
        "FROM alpine:3\nMAINTAINER V\n",
    ]
    assert [inline.indent for inline in found] == [" " * 8, None, None]
    source = Source(INLINE)
    for inline in found:
        for word in ("FROM", "MAINTAINER", "CMD"):
            at = inline.text.find(word)
            if at >= 0:
                assert INLINE.startswith(word, inline.places[at])
        assert inline.places[len(inline.text)] == inline.end or inline.indent is None
    assert source.position(found[0].places[found[0].text.find("CMD")]) == (10, 11)


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stop, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["dlint", *words])
        main()
    assert isinstance(stop.value.code, int)
    return stop.value.code


def test_it_is_linted_and_mended_in_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text(INLINE)
    assert run(str(path), "-f", "concise", "--no-shellcheck") == 1
    places = [
        line.split(" ")[0].rpartition("compose.yaml:")[2] + line.split(" ")[1]
        for line in capsys.readouterr().out.splitlines()
    ]
    assert [place for place in places if "DL4000" in place] == ["8:11:DL4000", "14:42:DL4000", "19:9:DL4000"]
    run(str(path), "--fix", "--no-shellcheck", "-q")
    assert path.read_text() == INLINE.replace(
        "          MAINTAINER $$me", '          LABEL org.opencontainers.image.authors="\\$$me"'
    ).replace("CMD python app.py", 'CMD ["python", "app.py"]')


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_ends_are_kept(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "compose.yaml"
    text = "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM a:1\n        MAINTAINER me\n# end\n"
    path.write_bytes(text.replace("\n", ending).encode())
    run(str(path), "--fix", "--no-shellcheck", "-q")
    assert (
        path.read_bytes()
        == text.replace("MAINTAINER me", 'LABEL org.opencontainers.image.authors="me"').replace("\n", ending).encode()
    )


def test_a_named_compose_file_lints_what_it_builds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, app__Dockerfile="FROM debian:12\nMAINTAINER x\n", my_compose_yaml="services:\n  a: {build: app}\n")
    (tmp_path / "my_compose.yaml").rename(tmp_path / "my.compose.yaml")
    assert run("my.compose.yaml", "-f", "concise", "--no-shellcheck") == 1
    assert capsys.readouterr().out.startswith("app/Dockerfile:2:1: DL4000")
    (tmp_path / "app/Dockerfile").unlink()
    assert run("my.compose.yaml") == 1
    assert "my.compose.yaml: a is built from app/Dockerfile, which is missing" in capsys.readouterr().err
    (tmp_path / "my.compose.yaml").write_text("services: {}\n")
    assert run("my.compose.yaml") == 0
    assert "dlint: note: my.compose.yaml builds nothing" in capsys.readouterr().err


def test_the_context_can_be_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, docker__Dockerfile="FROM debian:12\nCOPY app.log /\n")
    (tmp_path / ".dockerignore").write_text("*.log\n")
    path = str(tmp_path / "docker/Dockerfile")
    run(path, "-f", "concise", "-q")
    assert "DL2016" not in capsys.readouterr().out
    run(path, "-f", "concise", "-q", "--context", str(tmp_path))
    assert "DL2016" in capsys.readouterr().out
