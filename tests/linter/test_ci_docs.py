"""What the pages on pipelines and hooks show is tried: workflows, hooks and commands."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pre_commit import clientlib
from ruamel.yaml import YAML
from test_cli import BAD, PYTHONPATH, ROOT
from test_hooks import HOOKS, commit
from test_pipelines import ACTION, check, job

from dlinter.config_keys import FORMATS
from dlinter.options import parse

PAGES = ("README.md", "docs/ci.md", "docs/pre-commit.md")
KINDS = {".github/workflows/dlint.yml": "github-workflows", ".gitlab-ci.yml": "gitlab-ci",
         "azure-pipelines.yml": "azure-pipelines"}  # fmt: skip
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Where a block of code stands, and its text."""
    for page in PAGES:
        text = (ROOT / page).read_text()
        if page == "README.md":
            text = text[text.index("### In pipelines and hooks") : text.index("## Rules")]
        for number, match in enumerate(_BLOCK.finditer(text)):
            if match[1] == language:
                yield f"{page}-{number}", match[2]


YAMLS = dict(blocks("yaml"))


@pytest.mark.parametrize("name", YAMLS)
def test_files_in_yaml_are_valid(name: str, tmp_path: Path) -> None:
    text = YAMLS[name]
    kind = KINDS.get(text.split("\n")[0].removeprefix("# "))
    path = tmp_path / "file.yml"
    path.write_text(text)
    if kind is not None:
        check(kind, path)
        return
    for repository in clientlib.load_config(str(path))["repos"]:
        assert re.fullmatch(r"v\d+\.\d+\.\d+", repository["rev"])
        for hook in repository["hooks"]:
            assert hook["id"] in HOOKS
            assert parse(hook.get("args", [])) is not None


def test_inputs_and_outputs_exist() -> None:
    steps = [
        step
        for text in YAMLS.values()
        for job_ in (YAML(typ="safe").load(text).get("jobs") or {}).values()
        for step in job_["steps"]
    ]
    ours = [step for step in steps if step["uses"].startswith("dlint-dev/dlint@")]
    assert len(ours) == 3
    for step in ours:
        assert set(step.get("with", {})) <= set(ACTION["inputs"])
    used = {name for text in YAMLS.values() for name in re.findall(r"steps\.dlint\.outputs\.([\w-]+)", text)}
    assert used and used <= set(ACTION["outputs"])
    page = (ROOT / "docs" / "ci.md").read_text()
    inputs = job()[0]["spec"]["inputs"]
    for name in (*ACTION["inputs"], *inputs):
        assert f"`{name}`" in page or f"{name}:" in page, name
    for text in YAMLS.values():
        for include in YAML(typ="safe").load(text).get("include") or ():
            assert set(include.get("inputs", {})) <= set(inputs)


def test_formats_that_are_named_exist() -> None:
    for page in PAGES:
        named = re.findall(r"(?:--format|-f) ([a-z_]+)", (ROOT / page).read_text())
        assert set(named) <= set(FORMATS), page
    readme = (ROOT / "README.md").read_text()
    assert all(f"`{name}`" in readme for name in FORMATS)


SCRIPTS = {name: text for name, text in blocks("sh") if not re.search(r"^(docker|reviewdog)\b", text)}


@pytest.mark.parametrize("name", SCRIPTS)
def test_commands_do_what_is_said(name: str, tmp_path: Path) -> None:
    work = tmp_path / "work"
    for folder in (work, tmp_path / "bin", *(tmp_path / each for each in (
        ".local/share/bash-completion/completions", ".config/fish/completions", ".zfunc"
    ))):  # fmt: skip
        folder.mkdir(parents=True)
    (work / "Dockerfile").write_text(BAD)
    commit(work)
    subprocess.run(["git", "update-ref", "refs/remotes/origin/main", "HEAD"], cwd=work, check=True)
    program = tmp_path / "bin" / "dlint"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={PYTHONPATH} exec python3 -m dlinter "$@"\n')
    reader = tmp_path / "bin" / "reviewdog"
    reader.write_text(f"#!/bin/sh\ncat > {tmp_path}/diagnostics\n")
    for each in (program, reader):
        each.chmod(0o755)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-euc", SCRIPTS[name]], cwd=work, env={**os.environ, "PATH": path, "HOME": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    if "--write-baseline" in SCRIPTS[name]:
        assert (work / ".dlint-baseline.json").exists()
    if "reviewdog" in SCRIPTS[name]:
        assert json.loads((tmp_path / "diagnostics").read_text())["code"]["value"] == "DL3014"
