"""The action for GitHub and the component for GitLab: valid, safe against what inputs hold, and at work."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from test_cli import BAD, GOOD, PYTHONPATH, ROOT
from test_hooks import project

__all__ = ["project"]
ACTION = YAML(typ="safe").load(ROOT / "action.yml")
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
#: what a shell would act on if it saw it
EVIL = (
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned;",
    '"; touch pwned; "',
    "'; touch pwned; '",
    "x\ntouch pwned\n",
)
EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")


def check(kind: str, path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{kind}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def shellcheck(script: str, shell: str) -> None:
    program = shutil.which("shellcheck")
    if program is None:
        pytest.skip("ShellCheck is not installed")
    done = subprocess.run([program, "--shell", shell, "-"], input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


# -- GitHub -----------------------------------------------------------------------------------------------------------


def test_the_action_is_one() -> None:
    check("github-actions", ROOT / "action.yml")
    for step in STEPS.values():
        if "uses" in step:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"]), "pinned"
        else:
            assert "${{" not in step["run"], "what inputs hold comes through the environment"
            shellcheck(step["run"], "bash")
    used = set(EXPRESSION.findall((ROOT / "action.yml").read_text()))
    assert {f"inputs.{name}" for name in ACTION["inputs"]} == {name for name in used if name.startswith("inputs.")}


def test_zizmor_finds_nothing_in_the_action() -> None:
    program = shutil.which("zizmor")
    if program is None:
        pytest.skip("zizmor is not installed")
    done = subprocess.run([program, "--offline", str(ROOT / "action.yml")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


class Runner:
    """Runs steps of the action as GitHub's runner does."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"
        self.temp = folder / "temp"
        for each in (self.workspace, self.temp):
            each.mkdir()
        self.results: dict[str, str] = {"steps.python.outputs.python-path": sys.executable}
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "GITHUB_ACTION_PATH": str(ROOT),
            "RUNNER_TEMP": str(self.temp), "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_OUTPUT": str(folder / "output"), "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            **{key: value for key, value in os.environ.items() if key.startswith("PIP_") or "proxy" in key.lower()},
        }  # fmt: skip

    def install(self) -> None:
        """A command that stands in for the one that would be installed."""
        program = self.temp / "dlint" / "bin" / "dlint"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nPYTHONPATH={PYTHONPATH} exec {sys.executable} -m dlinter "$@"\n')
        program.chmod(0o755)

    def value(self, text: str, inputs: dict[str, str]) -> str:
        known = {f"inputs.{name}": each["default"] for name, each in ACTION["inputs"].items()}
        known |= {f"inputs.{name}": value for name, value in inputs.items()} | self.results
        return EXPRESSION.sub(lambda match: known[match[1]], text)

    def run(self, name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        step = STEPS[name]
        inputs = {key.replace("_", "-"): value for key, value in inputs.items()}
        environment = {key: self.value(value, inputs) for key, value in step["env"].items()}
        script = self.temp / "script.sh"
        script.write_text(step["run"])
        Path(self.environment["GITHUB_OUTPUT"]).write_text("")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace / self.value(step.get("working-directory", "."), inputs),
            env=self.environment | environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    @property
    def outputs(self) -> dict[str, str]:
        lines = Path(self.environment["GITHUB_OUTPUT"]).read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    found = Runner(tmp_path)
    (found.workspace / "Dockerfile").write_text(BAD)
    return found


def test_the_action_lints(runner: Runner) -> None:
    runner.install()
    done = runner.run("Lint")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::warning title=dlint DL3014") and "file=Dockerfile,line=2" in done.stdout
    assert runner.outputs == {"exit-code": "1", "issue-count": "1"}
    assert "DL3014" in Path(runner.environment["GITHUB_STEP_SUMMARY"]).read_text()
    (runner.workspace / "Dockerfile").write_text(GOOD)
    done = runner.run("Lint")
    assert (done.returncode, done.stdout, runner.outputs) == (0, "", {"exit-code": "0", "issue-count": "0"})


def test_the_inputs_of_the_action(runner: Runner) -> None:
    runner.install()
    (runner.workspace / "sub").mkdir()
    (runner.workspace / "sub" / "a b.Dockerfile").write_text(BAD)
    (runner.workspace / "c.yaml").write_text("ignore: [DL3014]\n")
    done = runner.run(
        "Lint", files="a b.Dockerfile\n../Dockerfile\n", working_directory="sub", sarif_file="out file.sarif",
        args="--select DL3006\n\n  --ignore DL3006 ", fail_level="error",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert runner.outputs == {"exit-code": "0", "issue-count": "2", "sarif-file": "out file.sarif"}
    assert "file=sub/a b.Dockerfile,line=2" in done.stdout and "file=Dockerfile,line=2" in done.stdout
    [run] = json.loads((runner.workspace / "sub" / "out file.sarif").read_text())["runs"]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert places == ["sub/a%20b.Dockerfile", "Dockerfile"]
    assert runner.run("Lint", config="c.yaml").stdout == ""
    done = runner.run("Lint", args="--no-such-option", sarif_file="x.sarif")
    assert done.returncode == 2 and runner.outputs == {"exit-code": "2", "issue-count": "0"}


@pytest.mark.parametrize("name", ["files", "args", "config", "fail-level", "sarif-file"])
def test_no_input_of_the_action_is_run(runner: Runner, name: str) -> None:
    runner.install()
    for evil in EVIL:
        runner.run("Lint", **{name: evil})
        assert runner.outputs.get("exit-code") != "0" or name == "sarif-file"
        assert not list(runner.workspace.rglob("pwned")), evil


@pytest.mark.parametrize("version", [*EVIL, "1 --index-url=http://example.com", "1\n2"])
def test_a_version_is_a_version(runner: Runner, version: str) -> None:
    done = runner.run("Install dlint", version=version)
    assert done.returncode == 2 and done.stdout.startswith("::error title=dlint::")
    assert not list(runner.workspace.rglob("pwned")) and not (runner.temp / "dlint").exists()


def test_the_action_installs_what_it_came_with(runner: Runner, project: tuple[Path, str, Path]) -> None:
    runner.environment["GITHUB_ACTION_PATH"] = str(project[0])
    done = runner.run("Install dlint")
    assert done.returncode == 0, done.stdout + done.stderr
    done = runner.run("Lint")
    assert done.returncode == 1 and runner.outputs["issue-count"] == "1", done.stdout + done.stderr
    prefix = runner.temp / "dlint"
    installed = ("man/man1/dlint.1", "bash-completion/completions/dlint", "zsh/site-functions/_dlint")
    assert all((prefix / "share" / name).is_file() for name in (*installed, "fish/vendor_completions.d/dlint.fish"))


# -- GitLab -----------------------------------------------------------------------------------------------------------

COMPONENT = ROOT / "templates" / "dlint.yml"
INPUT = re.compile(r"\$\[\[ *inputs\.([\w-]+) *\]\]")


def job(**inputs: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The head of the component, and its jobs with *inputs* put in as GitLab does: into values, not into text."""
    head, body = YAML(typ="safe").load_all(COMPONENT)
    values = {name: each["default"] for name, each in head["spec"]["inputs"].items()} | inputs

    def filled(node: Any) -> Any:
        if isinstance(node, dict):
            return {filled(key): filled(value) for key, value in node.items()}
        if isinstance(node, list):
            return [filled(each) for each in node]
        return INPUT.sub(lambda match: values[match[1]], node) if isinstance(node, str) else node

    return head, filled(body)


def test_the_component_is_one(tmp_path: Path) -> None:
    head, body = job()
    assert set(INPUT.findall(COMPONENT.read_text())) == set(head["spec"]["inputs"])
    (tmp_path / "jobs.yml").write_text(json.dumps(body))
    (tmp_path / "head.yml").write_text(json.dumps(head))
    check("gitlab-ci", tmp_path / "jobs.yml")
    check("gitlab-ci", tmp_path / "head.yml")
    assert not any(INPUT.search(line) for line in body["dlint"]["script"])
    # words are to be split at blanks
    shellcheck("# shellcheck disable=SC2086\n:\n" + "\n".join(body["dlint"]["script"]), "sh")


def in_gitlab(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the job's script with a command that stands in for the one that would be installed."""
    [found] = job(**inputs)[1].values()
    program = folder.parent / "dlint"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={PYTHONPATH} exec {sys.executable} -m dlinter "$@"\n')
    program.chmod(0o755)
    script = "\n".join(found["script"][2:]).replace("/tmp/dlint/bin/dlint", str(program))
    environment = {"PATH": os.environ["PATH"], "CI_PROJECT_DIR": str(folder), **found["variables"]}
    command = ["sh", "-e", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_component_lints(tmp_path: Path) -> None:
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "Dockerfile").write_text(BAD)
    done = in_gitlab(folder)
    assert done.returncode == 1 and "Dockerfile:2:13: DL3014" in done.stdout
    [issue] = json.loads((folder / "gl-code-quality-report.json").read_text())
    assert issue["location"]["path"] == "Dockerfile" and issue["location"]["lines"]["begin"] == 2
    assert in_gitlab(folder, args="--ignore DL3014 --profile default").returncode == 0
    assert in_gitlab(folder, args="--no-such-option").returncode == 2


@pytest.mark.parametrize("name", ["args", "files"])
def test_no_input_of_the_component_is_run(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "Dockerfile").write_text(BAD)
    for evil in EVIL:
        assert in_gitlab(folder, **{name: evil}).returncode in (1, 2)
        assert not list(tmp_path.rglob("pwned")), evil
