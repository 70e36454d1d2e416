"""The process of the command ``dlint``: its end, and what it does not wait for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_START = "from dlinter.__main__ import start; sys.argv = ['dlint', '--no-cache', *ARGUMENTS]; start()"


def started(folder: Path, *words: str, before: str = "", **options: object) -> subprocess.CompletedProcess[str]:
    program = f"import sys; ARGUMENTS = {list(words)}; {before}\n{_START}"
    path = os.pathsep.join(str(ROOT / name) for name in ("linter", "grammar", "rules"))
    environment = {"PYTHONPATH": path, "DLINT_CACHE_DIR": str(folder / "cache")}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=folder, env=environment, text=True, **{"capture_output": True, **options})  # type: ignore[call-overload, no-any-return]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Clean").write_text("FROM debian:12\nEXPOSE 80\n")
    (tmp_path / "Bad").write_text("FROM debian\n")
    return tmp_path


@pytest.mark.parametrize(("name", "code"), [("Clean", 0), ("Bad", 1), ("None", 1)])
def test_exit_code_and_output_are_those_of_main(folder: Path, name: str, code: int) -> None:
    done = started(folder, name)
    usual = started(folder, name, before="import atexit; atexit.register(int)")
    assert done.returncode == code
    assert (done.stdout, done.stderr, done.returncode) == (usual.stdout, usual.stderr, usual.returncode)
    assert done.stdout or done.stderr


def test_the_end_is_not_waited_for(folder: Path) -> None:
    # what Python would do with this at its end is seen
    loud = "loud = type('Loud', (), {'__del__': lambda self: print('end')})()"
    assert "end" not in started(folder, "Clean", before=loud).stdout
    assert "end" in started(folder, "Clean", before=f"import atexit; atexit.register(int); {loud}").stdout


@pytest.mark.parametrize(
    "before",
    [
        "import atexit; atexit.register(print, 'end')",
        "import threading, time; threading.Thread(target=lambda: (time.sleep(0.2), print('end'))).start()",
    ],
    ids=["function", "thread"],
)
def test_what_was_to_be_done_at_the_end_is_done(folder: Path, before: str) -> None:
    assert started(folder, "Clean", before=before).stdout.splitlines()[-1] == "end"


def test_a_profiler_gets_its_end(folder: Path) -> None:
    path = os.pathsep.join(str(ROOT / name) for name in ("linter", "grammar", "rules"))
    command = [sys.executable, "-m", "cProfile", "-m", "dlinter", "--no-cache", "Clean"]
    done = subprocess.run(command, cwd=folder, env={"PYTHONPATH": path}, capture_output=True, text=True)
    assert "function calls" in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no file that is always full")
def test_output_that_cannot_be_written_is_no_success(folder: Path) -> None:
    with open("/dev/full", "w") as full:
        done = started(folder, "--version", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 120
    assert "No space left" in done.stderr


def test_output_that_nobody_flushed_is_written(folder: Path) -> None:
    assert started(folder, "--version").stdout.startswith("dlint ")


def test_a_reader_that_is_gone_is_no_mistake(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = started(folder, "Bad", capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")
