"""The image of dlint itself: clean under its own strict profile, built by a real engine, and at work."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from build_engine import Engine

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text()
BASE, STAND_IN = "python:3.13-slim-bookworm", "python:3.11-slim"
BAD = "FROM example.com/base:12\nRUN apt-get install --no-install-recommends curl\n"


@pytest.mark.builds
def test_the_image_builds_and_runs(engine: Engine, reachable: dict[str, bool], tmp_path: Path) -> None:
    if not reachable["pip"]:
        pytest.skip("builds cannot ask the index of Python packages")
    assert TEXT.count(BASE) == 2
    context = tmp_path / "context"
    context.mkdir()
    for name in ("linter", "grammar", "rules", "docs"):
        shutil.copytree(ROOT / name, context / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".dockerignore"):
        shutil.copy(ROOT / name, context / name)
    (context / "secret").write_text("not for the image\n")
    done = engine.build(TEXT.replace(BASE, STAND_IN), context, "dlint-itself")
    assert done.ok, done.log
    config = engine.inspect("dlint-itself")["Config"]
    assert (config["User"], config["Entrypoint"], config["WorkingDir"]) == ("65532:65532", ["dlint"], "/work")
    version = engine.run("dlint-itself", "--version")
    assert (version.code, version.out[:6]) == (0, "dlint ")
    quiet = engine.run("dlint-itself")
    assert (quiet.code, quiet.out) == (0, "") and "no Dockerfile found" in quiet.err

    probe = "FROM dlint-itself\nCOPY --chown=65532:65532 Dockerfile.bad /work/Dockerfile\n"
    (tmp_path / "probe").mkdir()
    (tmp_path / "probe" / "Dockerfile.bad").write_text(BAD)
    assert engine.build(probe, tmp_path / "probe", "dlint-at-work").ok
    found = engine.run("dlint-at-work", "-f", "concise")
    assert found.code == 1 and found.out.startswith("Dockerfile:2:13: DL3014 "), found.err
    assert "ShellCheck" not in found.err
