"""dlint format from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_cli import ROOT, dlint
from test_structure import loaded

from dlinter.cli import settings_of
from dlinter.options import FORMAT_OPTIONS, by_word, parse

UGLY = "from debian:12\nrun a \\\n && b\n"
NEAT = "FROM debian:12\nRUN a \\\n    && b\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".editorconfig").write_text("root = true\n")
    (tmp_path / "Dockerfile").write_text(UGLY)
    (tmp_path / "neat.Dockerfile").write_text(NEAT)
    return tmp_path


def test_files_are_written(folder: Path) -> None:
    os.chmod(folder / "Dockerfile", 0o640)
    done = dlint("format", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "1 file formatted, 1 file left unchanged\n"
    assert (folder / "Dockerfile").read_text() == NEAT
    assert (folder / "Dockerfile").stat().st_mode & 0o777 == 0o640
    done = dlint("format", "Dockerfile", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "1 file left unchanged\n")


def test_check_names_files_and_writes_nothing(folder: Path) -> None:
    done = dlint("format", "--check", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "Dockerfile\n")
    assert done.stderr == "1 file would be formatted, 1 file already formatted\n"
    assert (folder / "Dockerfile").read_text() == UGLY
    done = dlint("format", "--check", "-q", "neat.Dockerfile", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_diff_can_be_applied(folder: Path) -> None:
    done = dlint("format", "--diff", cwd=folder)
    assert done.returncode == 1
    assert done.stdout.startswith("--- a/Dockerfile\n+++ b/Dockerfile\n")
    assert (folder / "Dockerfile").read_text() == UGLY
    subprocess.run(["git", "apply"], input=done.stdout.encode(), cwd=folder, check=True)
    assert (folder / "Dockerfile").read_text() == NEAT
    assert dlint("format", "--diff", cwd=folder).returncode == 0


def test_standard_input(folder: Path) -> None:
    done = dlint("format", "-", cwd=folder, stdin=UGLY)
    assert (done.returncode, done.stdout, done.stderr) == (0, NEAT, "")
    assert dlint("format", "-", cwd=folder, stdin=NEAT).stdout == NEAT
    done = dlint("format", "--check", "-", "--stdin-filename", "x/Dockerfile", cwd=folder, stdin=UGLY)
    assert (done.returncode, done.stdout) == (1, "x/Dockerfile\n")
    assert dlint("format", "--diff", "-", cwd=folder, stdin=UGLY).stdout.startswith("--- a/Dockerfile\n")
    (folder / "x").mkdir()
    (folder / "x" / ".editorconfig").write_text("[Dockerfile]\nindent_style = tab\n")
    done = dlint("format", "-", "--stdin-filename", "x/Dockerfile", cwd=folder, stdin=UGLY)
    assert done.stdout == NEAT.replace("    ", "\t")


def test_configuration(folder: Path) -> None:
    (folder / ".dlint.yaml").write_text("format-indent: 2\nformat-operators: trailing\nexclude: [neat.Dockerfile]\n")
    done = dlint("format", "--force-exclude", "Dockerfile", "neat.Dockerfile", cwd=folder)
    assert done.stderr == "1 file formatted\n"
    assert (folder / "Dockerfile").read_text() == "FROM debian:12\nRUN a && \\\n  b\n"
    assert dlint("format", "-", "--isolated", cwd=folder, stdin=UGLY).stdout == NEAT
    (folder / "other.yaml").write_text("format-indent: tab\n")
    done = dlint("format", "-", "--config", "other.yaml", cwd=folder, stdin=UGLY)
    assert done.stdout == NEAT.replace("    ", "\t")
    (folder / ".dlint.yaml").write_text("format-indent: 5\n")
    done = dlint("format", cwd=folder)
    assert done.returncode == 2
    assert "format-indent" in done.stderr and ".dlint.yaml:1" in done.stderr


def test_what_cannot_be_formatted(folder: Path) -> None:
    (folder / "bad.Dockerfile").write_text("FROM a\nfoo bar\n")
    done = dlint("format", "bad.Dockerfile", "Dockerfile", cwd=folder)
    assert done.returncode == 2
    assert "dlint: error: bad.Dockerfile:2: not formatted: unknown instruction: foo\n" in done.stderr
    assert (folder / "bad.Dockerfile").read_text() == "FROM a\nfoo bar\n"
    assert (folder / "Dockerfile").read_text() == NEAT
    done = dlint("format", "missing", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("dlint: error: missing: ")
    done = dlint("format", "-", cwd=folder, stdin="foo\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert dlint("format", "--nonsense", cwd=folder).returncode == 2


def test_many_files_in_several_processes(tmp_path: Path) -> None:
    (tmp_path / ".editorconfig").write_text("root = true\n")
    for number in range(60):
        (tmp_path / f"Dockerfile.{number}").write_text(UGLY)
    done = dlint("format", "--jobs", "2", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "60 files formatted\n")
    assert {path.read_text() for path in tmp_path.glob("Dockerfile.*")} == {NEAT}


def test_help_and_the_fast_way_have_the_same_options() -> None:
    arguments = ["--check", "--diff", "-q", "--isolated", "--jobs", "3", "--config", "a", "--stdin-filename", "b", "c"]
    quick = parse(arguments, by_word(FORMAT_OPTIONS))
    assert quick is not None
    values = {option.name: getattr(quick, option.name) for option in FORMAT_OPTIONS}
    assert vars(settings_of(["c"], values, FORMAT_OPTIONS)) == vars(quick)
    assert parse(["--fix"], by_word(FORMAT_OPTIONS)) is None
    done = dlint("format", "--help", cwd=ROOT)
    assert done.returncode == 0
    assert all(f"--{option.long}" in done.stdout for option in FORMAT_OPTIONS)


def test_linting_does_not_load_the_formatter(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(UGLY)
    code = "from dlinter.options import parse\nfrom dlinter.run import run\nrun(parse(['-f', 'concise', 'Dockerfile']))"
    assert not [name for name in loaded(code, tmp_path) if name.startswith("dlinter.format")]


def test_the_fast_way_loads_no_typer(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(UGLY)
    code = f"import sys\nsys.argv = ['dlint', 'format', '--check', 'Dockerfile']\n{_MAIN}"
    assert "typer" not in loaded(code, tmp_path)


_MAIN = "from dlinter.__main__ import main\ntry:\n    main()\nexcept SystemExit:\n    pass"


def test_a_mistake_of_the_formatter_is_reported(folder: Path) -> None:
    program = (
        "import sys\nfrom dlinter.format import formatter\n"
        "formatter.changed_build = lambda before, after: [(2, 'RUN differs')]\n"
        f"sys.argv = ['dlint', 'format', 'Dockerfile']\n{_MAIN}"
    )
    path = os.pathsep.join(str(ROOT / name) for name in ("linter", "grammar", "rules"))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env={**os.environ, "PYTHONPATH": path}, capture_output=True
    )
    assert b"Dockerfile: left as it is, this is a defect of dlint format: RUN differs" in done.stderr
    assert (folder / "Dockerfile").read_text() == UGLY
