"""dlint-hadolint: hadolint's options, configuration, environment, output and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

import pytest
from test_cli import PYTHONPATH

from dlinter.hadolint import UsageError, parse, run
from dlinter.hadolint_config import from_environment, load, locate

TEXT = "FROM debian\nRUN cd /tmp && echo a\nLABEL Bad=1\nMAINTAINER x\n"
CLEAN = "FROM debian:12\nCOPY a /a\n"


class Done:
    """What a run of the command left behind."""

    def __init__(self, returncode: int, stdout: str, stderr: str) -> None:
        self.returncode = returncode
        self.stdout = stdout
        self.stderr = stderr


def hadolint(*arguments: str, cwd: Path, stdin: str = "", **env: str) -> Done:
    """Run the command in this process, which is faster."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("HADOLINT_", "NO_COLOR"))}
    clean |= {"HOME": str(cwd / "home"), "XDG_CONFIG_HOME": str(cwd / "xdg"), **env}
    data = TextIOWrapper(BytesIO(stdin.encode()))
    with (
        redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err, chdir(cwd),
        patch.dict(os.environ, clean, clear=True), patch.object(sys, "stdin", data),
    ):  # fmt: skip
        code = run(arguments)
    return Done(code, out.getvalue(), err.getvalue())


def codes(done: Done) -> list[str]:
    return [found["code"] for found in json.loads(done.stdout)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text(TEXT)
    (tmp_path / "clean").write_text(CLEAN)
    (tmp_path / "bad").write_text("FROM debian:12\nFOO bar\nMAINTAINER x\n")
    return tmp_path


def test_tty_by_default(folder: Path) -> None:
    done = hadolint("Dockerfile", cwd=folder)
    lines = [line.split(": ")[0] for line in done.stdout.splitlines()]
    assert lines == ["Dockerfile:1 DL3006 warning", "Dockerfile:2 DL3003 warning", "Dockerfile:3 DL3048 style",
                     "Dockerfile:4 DL4000 error"]  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")


def test_a_parse_error_has_no_code_there_and_spoils_nothing(folder: Path) -> None:
    done = hadolint("--no-color", "bad", "missing", "clean", cwd=folder)
    assert done.stdout.splitlines()[0] == "bad:2:1 unknown instruction: FOO (did you mean FROM?)"
    assert "bad:3 DL4000 error" in done.stdout
    assert "missing" in done.stderr and done.returncode == 1
    assert codes(hadolint("-f", "json", "bad", cwd=folder)) == ["DL1000", "DL4000"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["Dockerfile"], 1),
        (["clean"], 0),
        (["bad", "-t", "error"], 1),
        (["bad", "--ignore", "DL4000", "-t", "error"], 1),
        (["bad", "--no-fail"], 0),
        (["Dockerfile", "--no-fail"], 0),
        (["Dockerfile", "-f", "codeclimate"], 0),
        (["Dockerfile", "-f", "codacy"], 0),
        (["Dockerfile", "-f", "gitlab_codeclimate"], 1),
        (["Dockerfile", "--ignore", "DL4000", "-t", "error"], 0),
        (["Dockerfile", "--ignore", "DL4000", "-terror"], 0),
        (["Dockerfile", "--warning", "DL4000", "--failure-threshold=error"], 0),
        (["Dockerfile", "--ignore=DL4000", "--ignore=DL3006", "--ignore", "DL3003"], 0),
        (["Dockerfile", "--ignore=DL4000", "--ignore=DL3006", "--ignore", "DL3003", "-t", "style"], 1),
        (["Dockerfile", "--ignore=DL4000", "--ignore=DL3006", "--ignore", "DL3003", "-t", "none"], 1),
        (["clean", "missing"], 1),
        (["missing", "--no-fail"], 1),
        ([], 1),
        (["--no-such-option", "clean"], 1),
        (["-f", "xml", "clean"], 1),
        (["-t", "high", "clean"], 1),
        (["-c", "missing.yaml", "clean"], 1),
        (["--help"], 0),
        (["-v"], 0),
    ],
    ids=str,
)
def test_exit_codes(folder: Path, arguments: list[str], code: int) -> None:
    assert hadolint(*arguments, cwd=folder).returncode == code


def test_several_formats_and_outputs_are_paired(folder: Path) -> None:
    done = hadolint("-f", "json", "-o", "a.json", "-f", "gnu", "-f", "tty", "Dockerfile", cwd=folder)
    assert json.loads((folder / "a.json").read_text())[0]["code"] == "DL3006"
    assert done.stdout.startswith("hadolint:Dockerfile:1:")
    assert "\nDockerfile:1 DL3006" in done.stdout
    hadolint("-o", "b.txt", "Dockerfile", cwd=folder)
    assert (folder / "b.txt").read_text().startswith("Dockerfile:1 DL3006")


def test_the_path_in_reports(folder: Path) -> None:
    done = hadolint("-f", "checkstyle", "-f", "json", "--file-path-in-report", "x/y", "Dockerfile", cwd=folder)
    assert 'name="x/y"' in done.stdout and '"file": "Dockerfile"' in done.stdout


def test_standard_input(folder: Path) -> None:
    assert hadolint("-", cwd=folder, stdin=TEXT).stdout.startswith("-:1 DL3006 warning")


def test_severities_and_rules_that_are_off(folder: Path) -> None:
    done = hadolint("-f", "json", "--error", "DL3006", "--info", "DL3006", "Dockerfile", cwd=folder)
    assert {found["code"]: found["level"] for found in json.loads(done.stdout)}["DL3006"] == "error"
    (folder / "p").write_text("FROM debian:12\n# hadolint ignore=DL3003\nRUN cd /tmp && echo a\n")
    assert codes(hadolint("-f", "json", "p", cwd=folder)) == []
    assert codes(hadolint("-f", "json", "--style", "DL1001", "p", cwd=folder)) == ["DL1001"]
    assert codes(hadolint("-f", "json", "--disable-ignore-pragma", "p", cwd=folder)) == ["DL3003"]


def test_trusted_registries_and_labels_reach_the_rules(folder: Path) -> None:
    from dlinter.config import Config

    (folder / ".hadolint.yaml").write_text("trustedRegistries: [a.b]\nlabel-schema: {x: email}\nstrict-labels: true\n")
    found = parse(["--trusted-registry", "c.d", "--require-label", "y:url", "--require-label=z", "D"]).said
    assert found.trusted_registries == ["c.d"] and found.label_schema == {"y": "url", "z": "text"}
    config = Config()
    config.set(found.values(), "")
    assert config.settings.trusted_registries == ("c.d",) and config.settings.label_schema["y"] == "url"


# -- configuration ----------------------------------------------------------------------------------------------------


def test_the_file_is_read_with_all_its_keys(folder: Path) -> None:
    (folder / ".hadolint.yaml").write_text(
        "ignored:\n  - DL3006\noverride:\n  style: [DL4000]\n  info: [DL3003, DL4000]\n"
        "failure-threshold: warning\nno-such-key: 1\n"
    )
    done = hadolint("-f", "json", "Dockerfile", cwd=folder)
    levels = {found["code"]: found["level"] for found in json.loads(done.stdout)}
    assert levels == {"DL3003": "info", "DL3048": "style", "DL4000": "info"}
    assert done.returncode == 0
    assert hadolint("-t", "info", "Dockerfile", cwd=folder).returncode == 1


def test_a_broken_file_is_reported_and_the_defaults_hold(folder: Path) -> None:
    (folder / ".hadolint.yaml").write_text("ignored: DL3006\n")
    done = hadolint("-f", "json", "Dockerfile", cwd=folder)
    assert ".hadolint.yaml:1: ignored takes a list" in done.stderr
    assert "DL3006" in codes(done)
    assert hadolint("clean", cwd=folder).returncode == 0


def test_the_search_order(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = folder / "home"
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "xdg"))
    places = [
        folder / ".hadolint.yaml", folder / ".hadolint.yml", folder / "xdg" / "hadolint.yaml",
        folder / "xdg" / "hadolint.yml", home / ".hadolint" / "hadolint.yaml", home / ".hadolint" / "hadolint.yml",
        home / ".hadolint" / "config.yaml", home / ".hadolint" / "config.yml", home / ".hadolint.yaml",
        home / ".hadolint.yml",
    ]  # fmt: skip
    for place in reversed(places):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("ignored: []\n")
        found = locate()
        assert found is not None and Path(found).resolve() == place.resolve()


def test_the_environment() -> None:
    said = from_environment(
        {
            "HADOLINT_IGNORE": "DL3006, DL3003",
            "HADOLINT_OVERRIDE_ERROR": "DL3001", "HADOLINT_OVERRIDE_INFO": "DL3001",
            "HADOLINT_TRUSTED_REGISTRIES": "a,b", "HADOLINT_REQUIRE_LABELS": "x:email,y:", "HADOLINT_NOFAIL": "Yes",
            "HADOLINT_STRICT_LABELS": "off", "HADOLINT_FORMAT": "json,nonsense,gnu", "NO_COLOR": "",
            "HADOLINT_FAILURE_THRESHOLD": "Error", "HADOLINT_DISABLE_IGNORE_PRAGMA": "1", "HADOLINT_VERBOSE": "y",
        }
    )  # fmt: skip
    assert said.ignored == ["DL3006", " DL3003"], "hadolint does not trim"
    assert said.severities() == {"DL3001": "error"}
    assert said.trusted_registries == ["a", "b"] and said.label_schema == {"x": "email", "y": "text"}
    assert (said.no_fail, said.strict_labels, said.verbose, said.no_color) == (True, False, True, True)
    assert (said.formats, said.threshold, said.disable_ignore_pragma) == (["json", "gnu"], "error", True)
    assert not from_environment({"HADOLINT_FAILURE_THRESHOLD": "x"})


def test_environment_file_and_command_line_add_up(folder: Path) -> None:
    (folder / ".hadolint.yaml").write_text("ignored: [DL3003]\nfailure-threshold: error\n")
    done = hadolint(
        "-f", "json", "--ignore", "DL3048", "Dockerfile", cwd=folder, HADOLINT_IGNORE="DL3006",
        HADOLINT_FAILURE_THRESHOLD="style",
    )  # fmt: skip
    assert codes(done) == ["DL4000"] and done.returncode == 1
    assert hadolint("clean", cwd=folder, HADOLINT_FORMAT="json").stdout == "[]\n"


def test_ours_comes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dlinter.linting import Linter
    from dlinter.options import Settings

    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    (folder / ".hadolint.yaml").write_text("ignored: [DL3006]\nfailure-threshold: error\n")
    config = Linter(Settings()).config("Dockerfile")
    assert (config.profile, config.ignore, config.fail_level) == ("hadolint", ("DL3006",), "error")
    (folder / ".dlint.yaml").write_text("profile: strict\n")
    config = Linter(Settings()).config("Dockerfile")
    assert (config.profile, config.ignore, config.fail_level) == ("strict", (), "style")


def test_the_environment_alone_keeps_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HADOLINT_IGNORE", "DL3006,DL9999")
    config = load(None)
    assert (config.profile, config.ignore) == ("default", ("DL3006", "DL9999"))
    assert "environment" in config.origins["ignore"]


@pytest.mark.parametrize(
    "words", [["-f"], ["-x"], ["--strict-labels=yes"], ["--require-label", "a:nothing"], ["-t", "x"]]
)
def test_wrong_usage(words: list[str]) -> None:
    with pytest.raises(UsageError):
        parse(words)


def test_short_options_together() -> None:
    found = parse(["-Vfjson", "-cx.yaml", "--", "-f"])
    assert found.said.verbose and found.said.formats == ["json"] and found.config == "x.yaml" and found.files == ["-f"]


def test_the_program(folder: Path) -> None:
    command = [sys.executable, "-m", "dlinter.hadolint", "-f", "json", "Dockerfile"]
    env = {**os.environ, "PYTHONPATH": PYTHONPATH}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=env, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)[0]["code"] == "DL3006"
