"""What the command prints, and in which words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlinter.proof import prove
from dlinter.proof.command import run_proof

BEFORE = "FROM debian:12\nWORKDIR /srv\nRUN apt-get install a\nCMD b\n"


def written(folder: Path, before: str, after: str) -> tuple[str, str]:
    (folder / "before").write_text(before)
    (folder / "after").write_text(after)
    return str(folder / "before"), str(folder / "after")


def test_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_proof(*written(tmp_path, BEFORE, "# a\n" + BEFORE), True, "text") == 0
    assert capsys.readouterr().out == "same build\n"


def test_same_but_for_neutral_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = written(tmp_path, BEFORE, BEFORE.replace("install", "install -y"))
    assert run_proof(*paths, False, "text") == 0
    assert capsys.readouterr().out == "same build, but for: answer-yes\n"
    assert run_proof(*paths, True, "text") == 1
    out = capsys.readouterr().out
    assert out.splitlines()[0].endswith(
        "RUN at line 3 now runs `apt-get install -y a`, before it ran `apt-get install a` (in stage 0)"
    )
    assert out.splitlines()[-1] == "not the same build: 1 difference"


def test_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = written(tmp_path, BEFORE, "\n" + BEFORE.replace("RUN apt-get install a", "RUN c"))
    assert run_proof(before, after) == 1
    assert capsys.readouterr().out.startswith(f"{before}:3 {after}:4 RUN at line 4 now runs `c`")


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_proof(*written(tmp_path, BEFORE, BEFORE.replace("/srv", "/opt")), False, "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["same"]
    assert found["differences"][0] == {
        "stage": "0", "before": 2, "after": 2, "message": "WORKDIR at line 2 now makes /opt, before /srv",
    }  # fmt: skip


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_proof(str(tmp_path / "a"), str(tmp_path / "b")) == 2
    assert "No such file" in capsys.readouterr().err


def test_a_cause_is_named_once_and_lists_end() -> None:
    runs = "".join(f"RUN a{n}\n" for n in range(50))
    found = prove("FROM a\nENV A=1\n" + runs, "FROM a\nENV A=2\n" + runs)
    assert str(found.differences[0]) == "ENV A is now 2, before 1 (in stage 0)"
    assert len(found.differences) <= 20
