"""The command from outside: output, exit codes, standard input, bad files, broken pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHONPATH = os.pathsep.join(str(ROOT / name) for name in ("linter", "grammar", "rules"))
BAD = "FROM example.com/base:12\nRUN apt-get install --no-install-recommends curl\n"
GOOD = "FROM example.com/base:12\nRUN apt-get install -y --no-install-recommends curl\n"


def dlint(
    *arguments: str, cwd: Path, stdin: str | bytes = "", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "dlinter", *arguments],
        cwd=cwd,
        input=data,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": PYTHONPATH, "COLUMNS": "120", **(env or {})},
        timeout=60,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode()
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text(BAD)
    return tmp_path


def test_full_output_shows_the_span_and_the_remedy(folder: Path) -> None:
    done = dlint(cwd=folder)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "Dockerfile:2:13: DL3014 warning apt-install-without-yes",
        "  Answer apt's question beforehand with -y",
        "    |",
        "  2 | RUN apt-get install --no-install-recommends curl",
        "    |             ^^^^^^^",
        '    = why: A build has nobody to answer "Do you want to continue?", so apt stops there.',
        "    = fix: `dlint --fix` mends it (add -y to apt-get)",
        "",
    ]
    assert done.stderr == "Found 1 problem in 1 file. `--fix` mends 1.\n"


def test_concise_and_quiet(folder: Path) -> None:
    done = dlint("-f", "concise", "-q", "Dockerfile", cwd=folder)
    line = "Dockerfile:2:13: DL3014 warning: Answer apt's question beforehand with -y  [*] (apt-install-without-yes)\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, line, "")


def test_json_has_hadolints_keys_and_ours(folder: Path) -> None:
    [found] = json.loads(dlint("-f", "json", "./Dockerfile", cwd=folder).stdout)
    assert found["file"] == "./Dockerfile"
    assert (found["code"], found["line"], found["column"], found["level"]) == ("DL3014", 2, 13, "warning")
    assert (found["end_line"], found["end_column"]) == (2, 20)
    assert found["name"] == "apt-install-without-yes" and isinstance(found["aliases"], list) and found["url"]
    assert found["fix"] == {
        "safety": "safe",
        "title": "Add -y to apt-get",
        "edits": [{"line": 2, "column": 20, "end_line": 2, "end_column": 20, "text": " -y"}],
    }


def test_no_findings_is_an_empty_array(folder: Path) -> None:
    done = dlint("-f", "json", "--ignore", "DL3014", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_fix_writes_and_a_second_run_changes_nothing(folder: Path) -> None:
    done = dlint("--fix", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "Fixed 1 problem in 1 file. No problems left.\n"
    assert (folder / "Dockerfile").read_text() == GOOD
    assert dlint("--fix", cwd=folder).stderr == "No problems found in 1 file.\n"


def test_diff_writes_nothing_and_applies_with_git(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "Dockerfile").write_bytes(BAD.replace("\n", "\r\n").rstrip().encode())
    done = dlint("--diff", ".", cwd=folder)
    assert done.returncode == 1
    assert (folder / "Dockerfile").read_text() == BAD
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    raw = subprocess.run(
        [sys.executable, "-m", "dlinter", "--diff", "."],
        cwd=folder,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": PYTHONPATH},
    ).stdout
    subprocess.run(["git", "apply", "-"], cwd=folder, input=raw, check=True)
    assert (folder / "Dockerfile").read_text() == GOOD
    assert (folder / "sub" / "Dockerfile").read_bytes() == GOOD.replace("\n", "\r\n").rstrip().encode()
    assert dlint("--diff", ".", cwd=folder).returncode == 0


def test_fix_only_and_explain(folder: Path) -> None:
    (folder / "Dockerfile").write_text(
        "FROM example.com/base:12 as a\nRUN apt-get install --no-install-recommends curl\n"
    )
    done = dlint("--fix", "--fix-only", "apt-install-without-yes", "--explain", cwd=folder)
    assert (
        folder / "Dockerfile"
    ).read_text() == "FROM example.com/base:12 as a\nRUN apt-get install -y --no-install-recommends curl\n"
    line = "dlint: Dockerfile: DL3014 apt-install-without-yes: Add -y to apt-get (safe; changes: answer-yes)"
    assert line in done.stderr.splitlines()


def test_build_args_are_known_to_rules(folder: Path) -> None:
    (folder / "Dockerfile").write_text("ARG TAG=1\nFROM debian:$TAG\n")
    assert "DL3007" not in dlint("-f", "concise", cwd=folder).stdout
    assert "DL3007" in dlint("-f", "concise", "--build-arg", "TAG=latest", cwd=folder).stdout
    assert dlint("--build-arg", "=x", cwd=folder).returncode == 2


def test_the_ignore_file_of_the_context_is_known(folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM example.com/base:12\nCOPY secret /\n")
    assert dlint("-f", "concise", "--select", "DL2016", cwd=folder).stdout == ""
    (folder / ".dockerignore").write_text("sec*\n")
    found = dlint("-f", "concise", "--select", "DL2016", cwd=folder).stdout
    assert found.startswith("Dockerfile:2:6: DL2016 ")
    (folder / "Dockerfile.dockerignore").write_text("other\n")
    assert dlint("-f", "concise", "--select", "DL2016", cwd=folder).stdout == ""


def test_proof(folder: Path) -> None:
    (folder / "yes").write_text(GOOD)
    (folder / "other").write_text(GOOD.replace("curl", "wget"))
    same = dlint("proof", "Dockerfile", "yes", cwd=folder)
    assert (same.returncode, same.stdout) == (0, "same build, but for: answer-yes\n")
    assert dlint("proof", "--strict", "Dockerfile", "yes", cwd=folder).returncode == 1
    other = dlint("proof", "Dockerfile", "other", cwd=folder)
    assert other.returncode == 1
    assert "RUN at line 2 now runs" in other.stdout and "not the same build: 1 difference" in other.stdout


def test_standard_input(folder: Path) -> None:
    done = dlint("-f", "concise", "-", "--stdin-filename", "docker/Dockerfile", cwd=folder, stdin=BAD)
    assert done.stdout.startswith("docker/Dockerfile:2:13: DL3014")
    fixed = dlint("--fix", "-", cwd=folder, stdin=BAD)
    assert (fixed.returncode, fixed.stdout) == (0, GOOD)
    assert dlint("--fix", "-", cwd=folder, stdin=GOOD.encode() + b"# caf\xe9").returncode == 0


def test_one_bad_file_hides_nothing(folder: Path) -> None:
    done = dlint("-f", "concise", "nowhere", "Dockerfile", cwd=folder)
    assert done.returncode == 1
    assert "Dockerfile:2:13: DL3014" in done.stdout
    assert "nowhere: No such file or directory" in done.stderr


def test_what_buildkit_refuses_is_a_finding_among_others(folder: Path) -> None:
    (folder / "Dockerfile").write_text(
        "FROM example.com/base:12\nRUNN x\nRUN apt-get install --no-install-recommends curl\n"
    )
    done = dlint("-f", "concise", cwd=folder)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert len(lines) == 2 and "unknown instruction: RUNN" in lines[0] and "DL3014" in lines[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-such-option"],
        ["--format", "xml"],
        ["--profile", "x"],
        ["--select", "no-such-rule"],
        ["--config", "missing.toml"],
        ["explain", "no-such-rule"],
        ["ast"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(folder: Path, arguments: list[str]) -> None:
    done = dlint(*arguments, cwd=folder)
    assert done.returncode == 2
    assert done.stderr and not done.stdout


def test_a_wrong_configuration_exits_with_2(folder: Path) -> None:
    (folder / ".dlint.yaml").write_text("profil: all\n")
    done = dlint(cwd=folder)
    assert done.returncode == 2
    assert "did you mean 'profile'" in done.stderr
    assert dlint("--isolated", cwd=folder).returncode == 1


def test_fail_level_and_exit_zero(folder: Path) -> None:
    assert dlint("--fail-level", "error", cwd=folder).returncode == 0
    assert dlint("--fail-level", "warning", cwd=folder).returncode == 1
    assert dlint("--fail-level", "none", cwd=folder).returncode == 0
    assert dlint("--exit-zero", cwd=folder).returncode == 0


def test_statistics(folder: Path) -> None:
    done = dlint("--statistics", "Dockerfile", cwd=folder)
    assert done.stdout == "1  DL3014  [*] apt-install-without-yes\n"


def test_output_file(folder: Path) -> None:
    done = dlint("-o", "report.json", "-f", "json", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(json.loads((folder / "report.json").read_text())) == 1


def test_colours_only_where_wanted(folder: Path) -> None:
    assert "\x1b" not in dlint(cwd=folder).stdout
    assert "\x1b[" in dlint("--color", "always", cwd=folder).stdout
    assert "\x1b[" in dlint(cwd=folder, env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b" not in dlint(cwd=folder, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout


def test_many_files_in_order_whatever_the_number_of_processes(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"Dockerfile.{number:02}").write_text(BAD)
    one = dlint("-f", "concise", "-j", "1", cwd=tmp_path)
    two = dlint("-f", "concise", "-j", "2", cwd=tmp_path)
    assert one.stdout == two.stdout
    assert len(one.stdout.splitlines()) == 60


def test_a_broken_pipe_ends_quietly(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        "FROM example.com/base:12\n" + "RUN apt-get install --no-install-recommends curl\n" * 3000
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "dlinter", "-f", "concise"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": PYTHONPATH},
    )
    assert process.stdout is not None and process.stderr is not None
    assert b"DL3014" in process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
@pytest.mark.parametrize("form", ["concise", "json"])
def test_output_that_cannot_be_written_is_said(tmp_path: Path, form: str) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dlinter", "-f", form],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": PYTHONPATH},
            timeout=60,
        )
    assert done.stderr == b"dlint: error: the output cannot be written: No space left on device\n"
    assert done.returncode == 2


def test_rules_and_explain(folder: Path) -> None:
    table = dlint("rules", cwd=folder).stdout
    assert "DL3014  apt-install-without-yes" in table
    listed = json.loads(dlint("rules", "--format", "json", cwd=folder).stdout)
    assert {"code", "name", "severity", "fix", "profiles"} <= set(listed[0])
    page = dlint("explain", "apt-install-without-yes", cwd=folder).stdout
    assert page.startswith("# DL3014 apt-install-without-yes") and "After `--fix`:" in page


def test_ast(folder: Path) -> None:
    (folder / "Dockerfile").write_text('# escape=`\nFROM a AS b\nCOPY --chown=x <<EOF /d\nhi\nEOF\nCMD ["x"]\nFOO\n')
    done = dlint("ast", "Dockerfile", cwd=folder)
    tree = json.loads(done.stdout)
    assert (tree["path"], tree["escape"]) == ("Dockerfile", "`")
    assert tree["directives"] == [{"name": "escape", "value": "`", "line": 1}]
    copy, cmd = tree["instructions"][1:3]
    assert (copy["start_line"], copy["end_line"], copy["flags"]) == (3, 5, ["--chown=x"])
    assert copy["heredocs"] == [{"name": "EOF", "expand": True, "chomp": False, "content": "hi\n"}]
    assert (cmd["args"], cmd["json"]) == (["x"], True)
    assert tree["errors"] == [{"line": 7, "message": tree["errors"][0]["message"], "level": "instruction"}] and tree[
        "errors"
    ][0]["message"].startswith("unknown instruction: FOO")


def test_help_names_the_options_and_commands(folder: Path) -> None:
    done = dlint("--help", cwd=folder)
    assert done.returncode == 0
    for word in ("--unsafe-fixes", "--fail-level", "dlint explain", "PATHS"):
        assert word in done.stdout


def test_no_dockerfile_is_no_error(tmp_path: Path) -> None:
    done = dlint(cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "no Dockerfile found" in done.stderr


def test_a_rule_that_fails_is_an_internal_error(folder: Path) -> None:
    site = folder / "site"
    (site / "acme_rules-1.dist-info").mkdir(parents=True)
    (site / "acme_rules-1.dist-info" / "entry_points.txt").write_text("[dlint.rules]\nacme = acme_rules\n")
    (site / "acme_rules.py").write_text(
        "from dlinter import From, report, rule\n\n"
        "@rule('ACME1', 'acme-one', on=From)\n"
        "def one(base):\n"
        "    'Title\\n\\n    Why.'\n"
        "    if base.image.value == 'bad':\n        raise KeyError('x')\n"
        "    yield report(base)\n"
    )
    (folder / "Dockerfile.bad").write_text("FROM bad\n")
    path = {"PYTHONPATH": os.pathsep.join([PYTHONPATH, str(site)])}
    done = dlint("-f", "concise", cwd=folder, env=path)
    assert done.returncode == 2
    assert "Dockerfile.bad: rule ACME1 acme-one failed: KeyError: 'x'" in done.stderr
    assert "Dockerfile:1:1: ACME1 warning: Title" in done.stdout
