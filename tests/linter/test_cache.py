"""Results of earlier runs: the same findings, never a wrong one, whatever became of the records."""

from __future__ import annotations

import os
import time
from marshal import loads
from pathlib import Path

import pytest

from dlinter.cache import RESULTS, SHELLCHECK, Answers, Store, clean, digest, folder
from dlinter.linting import Linter, Outcome
from dlinter.options import Settings
from dlinter.results import identity

TEXT = (
    "FROM debian:12\nMAINTAINER a\nRUN apt-get update && apt-get install curl\nRUN cd /a && ls $x\n"
    "COPY app.txt .\nCMD echo a\udcff\n"
)


def settings(**values: object) -> Settings:
    found = Settings()
    found.isolated = True
    found.profile = "all"
    for name, value in values.items():
        setattr(found, name, value)
    return found


def lint(path: Path, **values: object) -> Outcome:
    return next(iter(Linter(settings(**values)).run_all([str(path)])))


def shown(outcome: Outcome) -> list[object]:
    assert outcome.report is not None
    return [
        (f.code, f.rule.name, f.start, f.end, f.message, f.severity, f.fix and (repr(f.fix), f.fix.title, f.fix.needs,
         f.fix.neutral, f.fix.comments, f.fix.others)) for f in outcome.report.findings
    ]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Dockerfile"
    path.write_bytes(TEXT.encode("utf-8", "surrogateescape"))
    return path


def records(kind: str = RESULTS) -> list[Path]:
    return sorted(path for path in (Path(folder()) / kind).rglob("*") if path.is_file())


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets no file be linted: what is found then comes from the cache."""

    def refuse(self: object, file: object) -> None:
        raise AssertionError("linted")

    monkeypatch.setattr("dlinter.engine.Dispatcher.findings", refuse)


def test_the_second_run_finds_the_same_without_linting(file: Path, request: pytest.FixtureRequest) -> None:
    first = lint(file)
    assert len(shown(first)) > 5
    request.getfixturevalue("frozen")
    second = lint(file)
    assert shown(second) == shown(first)
    assert (second.failing, second.unreadable, second.unchecked) == (first.failing, first.unreadable, first.unchecked)


@pytest.mark.parametrize(
    "changed",
    [{"profile": "default"}, {"ignore": ("DL3009",)}, {"select": ("DL3001",)}, {"no_shellcheck": True},
     {"build_arg": ("a=1",)}, {"no_cache": True}, {"add_ignores": True, "diff": True}],
)  # fmt: skip
def test_other_options_are_another_question(file: Path, changed: dict[str, object], frozen: None) -> None:
    with pytest.raises(AssertionError, match="linted"):
        lint(file, **changed)


def test_without_cache_nothing_is_kept(file: Path) -> None:
    lint(file, no_cache=True)
    assert not Path(folder()).exists()


def test_what_rules_read_in_the_context_counts(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text("FROM debian:12\nCOPY app.txt other.txt /a/\n")
    (tmp_path / "app.txt").write_text("a")
    (tmp_path / "other.txt").write_text("a")
    assert "DL6003" not in [row[0] for row in shown(lint(path)) if isinstance(row, tuple)]
    (tmp_path / ".dockerignore").write_text("app.txt\n")
    before = shown(lint(path))
    assert before == shown(lint(path, no_cache=True))
    (tmp_path / "app.txt").unlink()
    assert shown(lint(path)) == shown(lint(path, no_cache=True))


def test_a_day_later_is_another_question(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity([], None)
    assert identity([], None) == before
    monkeypatch.setattr("dlinter.results.gmtime", lambda: time.gmtime(0))
    assert identity([], None) != before


def test_a_configuration_that_changes_is_seen(file: Path) -> None:
    config = file.parent / ".dlint.yaml"
    config.write_text("ignore: [DL4000]\n")
    chosen = {"isolated": False, "profile": None}
    assert all(row[0] != "DL4000" for row in shown(lint(file, **chosen)) if isinstance(row, tuple))
    config.write_text("ignore: []\n")
    assert any(row[0] == "DL4000" for row in shown(lint(file, **chosen)) if isinstance(row, tuple))


def test_fixes_are_made_from_scratch(file: Path) -> None:
    lint(file)
    outcome = lint(file, fix=True)
    assert outcome.applied and outcome.fixed_source is not None
    assert lint(file).report is not None


def test_a_clean_file_is_not_linted_again_to_fix_it(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text('FROM debian:12.5\nUSER 1000\nCMD ["a"]\n')
    assert shown(lint(path, profile="default")) == []
    request.getfixturevalue("frozen")
    outcome = lint(path, profile="default", fix=True)
    assert shown(outcome) == [] and outcome.fixed_source is None


def test_damage_costs_time_and_nothing_else(file: Path) -> None:
    first = shown(lint(file))
    record = records()[0]
    whole = record.read_bytes()
    for at in range(0, len(whole), max(len(whole) // 60, 1)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :], whole[at:] or b"a"):
            record.write_bytes(damaged)
            assert shown(lint(file)) == first
            assert loads(record.read_bytes()[16:]) == loads(whole[16:])


def test_every_byte_of_a_record_is_guarded(tmp_path: Path) -> None:
    store, key = Store("x", str(tmp_path)), digest("a")
    value = ({("entry", "a"): (1, "b")}, "", [("DL1", 0, 1, "\udcff", 2, None)])
    store.put(key, value)
    assert store.get(key) == value
    record = next(path for path in tmp_path.rglob("*") if path.is_file() and path.name != "CACHEDIR.TAG")
    whole = record.read_bytes()
    for at in range(len(whole)):
        for damaged in (
            whole[:at],
            whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :],
            whole[:at] + whole[at + 1 :],
        ):
            record.write_bytes(damaged)
            assert store.get(key) is None


def test_a_record_in_anothers_place_is_none(tmp_path: Path) -> None:
    store = Store("x", str(tmp_path))
    store.put(digest("a"), 1)
    store.put(digest("b"), 2)
    places = [tmp_path / "x" / digest(name).hex()[:2] / digest(name).hex()[2:] for name in "ab"]
    os.replace(places[0], places[1])
    assert store.get(digest("b")) is None


def test_parts_of_a_name_are_kept_apart() -> None:
    assert len({digest("a", "b"), digest("ab"), digest("", "ab"), digest("a", b"b", ""), digest()}) == 5
    assert digest("a") == digest(b"a")


def test_a_cache_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlinter.cache._MOST", 4)
    store = Store("x", str(tmp_path))
    keys = [b"\0" + digest(str(number))[1:] for number in range(40)]
    for key in keys:
        store.put(key, 1)
    left = [key for key in keys if store.get(key) == 1]
    assert 1 <= len(left) <= 4


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    monkeypatch.setenv("DLINT_CACHE_DIR", str(blocked))
    assert shown(lint(file)) == shown(lint(file))
    assert blocked.read_text() == "a file"


def test_answers_outlive_the_run(tmp_path: Path) -> None:
    comments = [{"code": 2086, "line": 1}]
    first = Answers("shellcheck 1", Store(SHELLCHECK, str(tmp_path)))
    first["a"] = comments
    first.setdefault("b", [])
    second = Answers("shellcheck 1", Store(SHELLCHECK, str(tmp_path)))
    assert "a" in second and second["a"] == comments
    assert "b" in first and "b" not in second
    assert "a" not in Answers("shellcheck 2", Store(SHELLCHECK, str(tmp_path)))


def test_cleaning_leaves_what_is_not_ours(tmp_path: Path) -> None:
    Store(RESULTS, str(tmp_path)).put(digest("a"), 1)
    (tmp_path / "mine").write_text("a")
    assert clean(str(tmp_path)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert clean(str(tmp_path)) == 0


def test_the_command_cleans(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from dlinter.cli import main

    lint(file)
    count = len(records()) + len(records(SHELLCHECK))
    assert main(["cache", "folder"]) == 0
    assert capsys.readouterr().out == f"{folder()}\n"
    assert main(["cache", "clean"]) == 0
    assert f"Removed {count} record" in capsys.readouterr().out
    assert not Path(folder()).exists()


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DLINT_CACHE_DIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert folder() == str(tmp_path / "x" / "dlint")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert folder() == str(tmp_path / ".cache" / "dlint")
    monkeypatch.setattr("sys.platform", "darwin")
    assert folder() == str(tmp_path / "Library" / "Caches" / "dlint")
