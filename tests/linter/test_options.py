"""The fast command line and typer's read the same arguments the same way."""

from __future__ import annotations

import pytest

from dlinter import cli
from dlinter.options import FORMAT_OPTIONS, OPTIONS, Settings, parse

SAME = [
    [],
    ["a", "b"],
    ["--fix", "x"],
    ["x", "--fix", "--unsafe-fixes"],
    ["--select", "DL3009,DL3014", "--select=x", "--ignore", "a, b"],
    ["-f", "json", "-q", "-j", "2", "."],
    ["--format=concise", "--color=never", "--fail-level", "error"],
    ["--profile", "strict", "--config", "c.toml", "--isolated"],
    ["-o", "out.txt", "--statistics", "--diff", "--exit-zero", "--force-exclude"],
    ["--stdin-filename", "docker/Dockerfile", "-"],
    ["--build-arg", "A=1,2", "--build-arg=B", "--fix-only", "DL3014,x", "--explain"],
    ["--baseline", "known.json", "--since=origin/main", "--write-baseline"],
    ["--", "--fix"],
    ["--version"],
]
WRONG = [
    ["--no-such-option"],
    ["--format", "x"],
    ["--jobs", "many"],
    ["--select"],
    ["-fjson"],
    ["--fix=yes"],
]


def by_typer(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    seen: list[Settings] = []

    def record(settings: Settings) -> int:
        seen.append(settings)
        return 0

    monkeypatch.setattr("dlinter.run.run", record)
    cli.main(arguments)
    return seen[0]


@pytest.mark.parametrize("arguments", SAME, ids=" ".join)
def test_both_read_the_same(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    fast = parse(arguments)
    assert fast is not None
    assert vars(fast) == vars(by_typer(arguments, monkeypatch))


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_what_is_unusual_goes_to_typer(arguments: list[str]) -> None:
    assert parse(arguments) is None


def test_the_table_and_the_settings_agree() -> None:
    settings = vars(Settings())
    options = (*OPTIONS, *FORMAT_OPTIONS)
    assert {option.name for option in options} | {"paths"} == set(settings)
    assert all(settings[option.name] == option.default for option in options)
