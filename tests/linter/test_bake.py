"""Bake files, in JSON and in HCL: targets, inheritance, variables, matrices, and what they say of a Dockerfile."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from dlinter.config import Config
from dlinter.project import Build, ProjectError, Projects
from dlinter.project.settings import file_settings

HCL = """
variable "TAG" {
  default = "1.0"
}
variable "DIR" { default = "web" }
group "default" {
  targets = ["app", "inline"]
}
target "_common" {
  args = { V = "fixed", T = TAG, "quoted" = "x${TAG}" }
  platforms = ["linux/amd64"]
}
target "app" {
  inherits   = ["_common"]
  context    = "./${DIR}"
  dockerfile = "Dockerfile.prod"
  target     = "run"
  args       = { W = 2 }
  contexts   = { base = "target:inline", other = "docker-image://alpine" }
}
target "inline" {
  dockerfile-inline = <<EOT
FROM alpine
RUN true
EOT
}
target "many" {
  name = "many-${kind}"
  matrix = { kind = ["one", "two"] }
  dockerfile = "${kind}/Dockerfile"
  args = { KIND = kind }
}
target "remote" { context = "https://github.com/docker/example.git" }
target "unknown" { context = nowhere }
"""


def builds(path: Path, text: str) -> list[Build]:
    path.write_text(text)
    return Projects().builds(str(path))


def check(found: list[Build], folder: Path) -> None:
    app, inline, one, two, remote, unknown = found
    assert (app.name, app.context, app.target) == ("app", str(folder / "web"), "run")
    assert app.dockerfile == str(folder / "web/Dockerfile.prod")
    assert app.args == {"V": "fixed", "T": None, "quoted": None, "W": "2"}, "a variable may be given another value"
    assert (app.contexts, app.platforms) == (("base", "other"), ("linux/amd64",))
    assert inline.dockerfile is None and inline.inline is not None and inline.inline.text == "FROM alpine\nRUN true\n"
    assert [each.dockerfile for each in (one, two)] == [str(folder / name / "Dockerfile") for name in ("one", "two")]
    assert (one.args, two.args) == ({"KIND": "one"}, {"KIND": "two"})
    assert remote.context is None and unknown.context is None


def test_hcl(tmp_path: Path) -> None:
    check(builds(tmp_path / "docker-bake.hcl", HCL), tmp_path)


def test_json(tmp_path: Path) -> None:
    data = {
        "variable": {"TAG": {"default": "1.0"}, "DIR": {"default": "web"}},
        "target": {
            "_common": {"args": {"V": "fixed", "T": "${TAG}", "quoted": "x${TAG}"}, "platforms": ["linux/amd64"]},
            "app": {
                "inherits": ["_common"],
                "context": "./${DIR}",
                "dockerfile": "Dockerfile.prod",
                "target": "run",
                "args": {"W": 2},
                "contexts": {"base": "target:inline", "other": "docker-image://alpine"},
            },
            "inline": {"dockerfile-inline": "FROM alpine\nRUN true\n"},
            "many": {
                "matrix": {"kind": ["one", "two"]},
                "dockerfile": "${kind}/Dockerfile",
                "args": {"KIND": "${kind}"},
            },
            "remote": {"context": "https://github.com/docker/example.git"},
            "unknown": {"context": "${NOWHERE}"},
        },
    }
    check(builds(tmp_path / "docker-bake.json", json.dumps(data)), tmp_path)


def test_inheriting_in_circles_ends(tmp_path: Path) -> None:
    text = '{"target": {"a": {"inherits": ["b"], "target": "x"}, "b": {"inherits": ["a"], "context": "c"}}}'
    a, b = builds(tmp_path / "docker-bake.json", text)
    assert (a.target, b.target, a.context) == ("x", "x", str(tmp_path / "c"))


def test_what_it_says_of_a_dockerfile(tmp_path: Path) -> None:
    (tmp_path / "docker-bake.json").write_text('{"target": {"a": {"dockerfile": "docker/Dockerfile", "target": "x"}}}')
    (tmp_path / ".git").mkdir()
    (tmp_path / "docker").mkdir()
    found = file_settings(str(tmp_path / "docker/Dockerfile"), Config(), Projects())
    assert (found.context, found.targets) == (str(tmp_path), ("x", ""))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("docker-bake.json", '{\n  "target": [}\n', r"docker-bake.json:2: is no JSON: .*; mend that line"),
        ("docker-bake.hcl", 'target "a" {\n  context = = "x"\n}\n', r"docker-bake.hcl:2: is no HCL .*; mend that line"),
    ],
)
def test_mistakes_name_the_line(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=message):
        builds(tmp_path / name, text)


def test_without_the_library_hcl_is_passed_over_unless_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "hcl2", None)
    path = tmp_path / "docker-bake.hcl"
    path.write_text('target "a" {}\n')
    assert Projects().of(str(tmp_path / "Dockerfile")) == []
    with pytest.raises(ProjectError, match=r"needs python-hcl2 .* pip install 'dlinter\[bake\]'"):
        Projects([str(path)]).of(str(tmp_path / "Dockerfile"))
