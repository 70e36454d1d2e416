"""Fixes that change a file besides the Dockerfile, the modes that git keeps, and ``dlint context``."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import dlinter.files
from dlinter.__main__ import main
from dlinter.edits import SAFE, UNSAFE, Fix
from dlinter.files import ReadError, write_together

DOCKERFILE = "FROM python:3.12\nMAINTAINER me\nCOPY . /app\nRUN pip install -r /app/requirements.txt\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a secret and a virtual environment that git does not track."""
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "requirements.txt").write_text("flask\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    (tmp_path / ".env").write_text("DB_PASSWORD=kX9vQ2mLp81zRt\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/pyvenv.cfg").write_text("home = /usr/bin\n")
    return tmp_path


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stop, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["dlint", "--no-shellcheck", "--isolated", *words])
        main()
    assert isinstance(stop.value.code, int)
    return stop.value.code


def test_the_ignore_file_is_written_with_the_dockerfile(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(project / "Dockerfile")
    run(path, "--fix")
    assert not (project / ".dockerignore").exists(), "it is UNSAFE"
    assert run(path, "--diff", "--unsafe-fixes", "--fix-only", "DL6014,DL4000", "-q") == 1
    shown = capsys.readouterr().out
    assert "--- /dev/null\n+++ b/" in shown and ".dockerignore\n@@ -0,0 +1,3 @@\n+.env\n+.git\n+.venv\n" in shown
    assert not (project / ".dockerignore").exists()
    run(path, "--fix", "--unsafe-fixes", "--fix-only", "DL6014")
    assert (project / ".dockerignore").read_text() == ".env\n.git\n.venv\n"
    assert (project / ".dockerignore").stat().st_mode & 0o600 == 0o600
    capsys.readouterr()
    run(path, "-f", "concise")
    assert "DL6014" not in capsys.readouterr().out


def test_an_ignore_file_of_its_own_is_completed(project: Path) -> None:
    (project / "Dockerfile.dockerignore").write_bytes(b"*.log\r\n.env")
    run(str(project / "Dockerfile"), "--fix", "--unsafe-fixes", "--fix-only", "DL6014", "-q")
    assert (project / "Dockerfile.dockerignore").read_bytes() == b"*.log\r\n.env\r\n.git\r\n.venv\r\n"
    assert not (project / ".dockerignore").exists()


def test_two_dockerfiles_complete_the_same_file(project: Path) -> None:
    (project / "Dockerfile.two").write_text("FROM node:20\nCOPY . /app\nRUN npm ci\n")
    (project / "node_modules/a").mkdir(parents=True)
    (project / "node_modules/a/index.js").touch()
    run(str(project), "--fix", "--unsafe-fixes", "--fix-only", "DL6014", "-q", "--jobs", "1")
    assert (project / ".dockerignore").read_text() == ".env\n.git\n.venv\n**/node_modules\n"


def test_a_failure_leaves_nothing_half(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (project / "Dockerfile").read_text()
    (project / ".dockerignore").write_text("*.log\n")
    real = dlinter.files.write

    def fail(path: str, data: bytes, expected: bytes | None) -> None:
        if path.endswith(".dockerignore"):
            raise ReadError(f"{path}: No space left on device; nothing was written")
        real(path, data, expected)

    monkeypatch.setattr(dlinter.files, "write", fail)
    assert run(str(project / "Dockerfile"), "--fix", "--unsafe-fixes", "--fix-only", "DL6014,DL4000") == 1
    assert "No space left" in capsys.readouterr().err
    assert (project / "Dockerfile").read_text() == before
    assert (project / ".dockerignore").read_text() == "*.log\n"


def test_a_new_file_that_someone_else_made_meanwhile_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    with pytest.raises(ReadError, match="made by someone else meanwhile"):
        write_together([(str(tmp_path / "new"), b"x", None), (str(tmp_path / "a"), b"ours", None)])
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text() == "mine"


def test_a_safe_one_must_not_change_what_is_copied(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from dlinter.engine import Dispatcher
    from dlinter.fixer import fix
    from dlinter.plugins import scan
    from dlinter.selection import RuleSet
    from dlinter.settings import FileSettings
    from dlinter.source import Source
    from dlinter.tree import Dockerfile

    [info] = [info for info in scan("dlinter_rules") if info.code == "DL6014"]
    place = str(project / ".dockerignore")
    settings = FileSettings(context=str(project), ignore_path=place)
    source = Source(DOCKERFILE)
    [finding] = Dispatcher(RuleSet([info])).findings(Dockerfile(source, settings=settings))
    finding.fix = Fix([], SAFE, others=[(place, ".env\n.git\n.venv\n")])

    class Wrong(Dispatcher):
        def findings(self, file: Dockerfile) -> list:  # type: ignore[type-arg]
            return [] if file.settings.amendments else [finding]

    result = fix(source, Wrong(RuleSet([info])), SAFE, settings=settings)
    [refusal] = result.refused
    assert refusal.reason.startswith("the build would not copy .")
    finding.fix = finding.fix.marked(UNSAFE)
    assert fix(source, Wrong(RuleSet([info])), UNSAFE, settings=settings).settings.amendments == {
        place: ".env\n.git\n.venv\n"
    }


def test_the_case_of_a_path_is_corrected_only_if_it_is_missing(tmp_path: Path) -> None:
    (tmp_path / "App.py").touch()
    (tmp_path / "Dockerfile").write_text("FROM python:3.12\nCOPY app.py /x/\nCOPY App.py /y/\n")
    run(str(tmp_path / "Dockerfile"), "--fix", "--select", "DL6021", "--context", str(tmp_path), "-q")
    assert "COPY App.py /x/\n" in (tmp_path / "Dockerfile").read_text()


def test_the_mode_in_git_counts(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "run.sh").write_text("#!/bin/sh\nexec app\n")
    (project / "Dockerfile").write_text('FROM debian:12\nCOPY run.sh /\nENTRYPOINT ["/run.sh"]\n')
    run(str(project / "Dockerfile"), "-f", "concise", "-q")
    assert "DL6024" not in capsys.readouterr().out, "git does not know it"
    git(project, "add", "run.sh")
    run(str(project / "Dockerfile"), "-f", "concise", "-q")
    assert "DL6024" in capsys.readouterr().out
    git(project, "update-index", "--chmod=+x", "run.sh")
    run(str(project / "Dockerfile"), "-f", "concise", "-q")
    assert "DL6024" not in capsys.readouterr().out, "an answer of the cache"


def context(*words: str) -> int:
    with pytest.raises(SystemExit) as stop, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["dlint", "context", *words])
        main()
    assert isinstance(stop.value.code, int)
    return stop.value.code


def test_dlint_context(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "data").mkdir()
    (project / "data/large.bin").write_bytes(b"x" * 2_000_000)
    (project / ".dockerignore").write_text(".git\n")
    assert context(str(project), "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["files"] == 6 and found["size"] > 2_000_000 and not found["certain"]
    assert found["folders"][0] == {"path": "data/", "size": 2_000_000, "files": 1}
    assert found["largest"][0] == {"path": "data/large.bin", "size": 2_000_000}
    assert {item["path"]: item["kind"] for item in found["unwanted"]} == {".env": "secret", ".venv": "installed"}
    assert found["saved"]["files"] == 2
    assert found["better_ignore_file"].splitlines()[0] == ".git"
    assert context(str(project / "Dockerfile")) == 0
    shown = capsys.readouterr().out
    assert "2.0 MB in 6 files are sent" in shown and ".env (passwords)" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none"], "none: No such file or directory"),
        ([".", "--context", "none"], "none: is no folder; --context takes the one that docker build is given"),
    ],
)
def test_mistakes(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert context(*words) == 1
    assert message in capsys.readouterr().err


def test_an_ignore_file_that_the_builder_refuses(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / ".dockerignore").write_text("a\n[\n")
    assert context(str(project)) == 1
    assert ".dockerignore: the builder refuses it: syntax error in pattern" in capsys.readouterr().err
