"""The option ``fix`` of every rule, through the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlinter.cli import main as command
from dlinter.linting import Linter
from dlinter.options import Settings

BEFORE = "FROM debian:12\nRUN apt-get update && apt-get install curl && rm -rf /var/lib/apt/lists/*\n"
SAFE = BEFORE.replace("install curl", "install -y curl")
UNSAFE = BEFORE.replace("install curl", "install -y --no-install-recommends curl")
YES, RECOMMENDS = "DL3014", "apt-install-recommends"


@pytest.fixture
def fixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """What the command makes of the file under a configuration."""
    monkeypatch.chdir(tmp_path)

    def run(config: str, *arguments: str) -> str:
        (tmp_path / ".dlint.yaml").write_text(f"{config}\nselect: [DL3015]\n")
        file = tmp_path / "Dockerfile"
        file.write_text(BEFORE)
        assert command(["--no-shellcheck", "-q", *arguments, "Dockerfile"]) in (0, 1)
        return file.read_text()

    return run


@pytest.mark.parametrize(
    ("config", "safe", "unsafe"),
    [
        ("", SAFE, UNSAFE),
        (f"rules: {{{RECOMMENDS}: {{fix: always}}}}", UNSAFE, UNSAFE),
        (f"rules: {{{RECOMMENDS}: {{fix: never}}}}", SAFE, SAFE),
        (f"rules: {{{RECOMMENDS}: {{fix: unsafe}}}}", SAFE, UNSAFE),
        (f"rules: {{{YES}: {{fix: unsafe}}}}", BEFORE, UNSAFE),
        (f"rules: {{{YES}: {{fix: never}}, {RECOMMENDS}: {{fix: never}}}}", BEFORE, BEFORE),
        ("rules: {DL3: {fix: never}}", BEFORE, BEFORE),
        (f"per-path: {{Dockerfile: {{rules: {{{RECOMMENDS}: {{fix: always}}}}}}}}", UNSAFE, UNSAFE),
    ],
)
def test_what_is_mended(fixed, config: str, safe: str, unsafe: str) -> None:  # type: ignore[no-untyped-def]
    assert fixed(config, "--fix") == safe
    assert fixed(config, "--fix", "--unsafe-fixes") == unsafe


def test_it_stands_beside_other_options(fixed) -> None:  # type: ignore[no-untyped-def]
    config = (
        "rules: {DL3025: {allow-exec: false, fix: never}}\nper-path: {Dockerfile: {rules: {DL3025: {fix: always}}}}"
    )
    assert fixed(config, "--fix") == SAFE
    found = Linter(Settings()).config("Dockerfile").rules
    assert found == {"DL3025": {"allow-exec": False, "fix": "always"}}


def test_fixes_of_shellcheck_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".dlint.yaml").write_text("select: [SC2006]\nrules: {SC2006: {fix: always}}")
    file = tmp_path / "Dockerfile"
    file.write_text("FROM debian:12\nRUN echo `date`\n")
    command(["-q", "--fix", "Dockerfile"])
    assert "echo $(date)" in file.read_text()


def test_findings_say_what_will_mend_them(fixed, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    fixed(f"rules: {{{RECOMMENDS}: {{fix: always}}, {YES}: {{fix: unsafe}}}}")
    assert "`dlint --fix` mends it, but may change the build (add --no-install-recommends)" in capsys.readouterr().out
    fixed(f"rules: {{{RECOMMENDS}: {{fix: always}}, {YES}: {{fix: unsafe}}}}", "-f", "concise")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  [")[1][:2] for line in lines if "[" in line] == ["+]", "*]"]
    fixed(f"rules: {{{RECOMMENDS}: {{fix: never}}}}")
    assert "by hand" in capsys.readouterr().out


def test_another_word_is_an_error_with_its_line(fixed, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(AssertionError):
        fixed("rules:\n  DL3014:\n    fix: alway\n")
    error = capsys.readouterr().err
    assert (
        ".dlint.yaml:3: rules: DL3014: unknown fix 'alway'; did you mean 'always'? (fix: always, never, unsafe)"
        in error
    )
