"""Baselines: what is known is not reported and not mended, whatever moves; what is new is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_cli import dlint

OLD = "FROM example.com/base:12\nRUN apt-get install --no-install-recommends curl\n"
NEW = "RUN apt-get install --no-install-recommends wget\n"
FILE = ".dlint-baseline.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docker").mkdir()
    for path in (tmp_path / "Dockerfile", tmp_path / "docker" / "Dockerfile"):
        path.write_text(OLD)
    done = dlint("--write-baseline", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"dlint: note: 2 findings written to {FILE}\n"
    return tmp_path


def entries(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / FILE).read_text())["findings"]
    assert isinstance(found, dict)
    return found


def places(folder: Path, *arguments: str, cwd: Path | None = None) -> list[str]:
    done = dlint("-q", "-f", "concise", "--baseline", str(folder / FILE), *arguments, cwd=cwd or folder)
    assert done.returncode == (1 if done.stdout else 0), done.stderr
    return [" ".join(line.split()[:2]) for line in done.stdout.splitlines()]


def test_what_is_known_is_left_out(folder: Path) -> None:
    done = dlint("--baseline", FILE, cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "No problems found in 2 files. 2 problems in the baseline.\n"
    assert len(dlint("-q", "-f", "concise", cwd=folder).stdout.splitlines()) == 2


def test_it_stays_known_while_lines_move_and_blanks_change(folder: Path) -> None:
    (folder / "Dockerfile").write_text("# a comment\n\n" + OLD.replace("install --", "install    --") + NEW)
    assert places(folder) == ["Dockerfile:5:13: DL3014"]


def test_a_line_that_changes_is_news(folder: Path) -> None:
    (folder / "Dockerfile").write_text(OLD.replace("curl", "curl git"))
    assert places(folder) == ["Dockerfile:2:13: DL3014"]


def test_one_more_of_the_same_is_news(folder: Path) -> None:
    (folder / "Dockerfile").write_text(OLD + "RUN apt-get install --no-install-recommends curl\n")
    assert places(folder, "--ignore", "DL8003") == ["Dockerfile:3:13: DL3014"]


def test_the_same_line_in_another_file_is_news(folder: Path) -> None:
    (folder / "Containerfile").write_text(OLD)
    assert places(folder) == ["Containerfile:2:13: DL3014"]


def test_how_files_are_named_does_not_matter(folder: Path) -> None:
    assert places(folder, "../docker/./Dockerfile", str(folder / "Dockerfile"), cwd=folder / "docker") == []
    (folder / "link").symlink_to("Dockerfile")
    assert places(folder, "link") == []


def test_fix_mends_what_is_reported_and_nothing_else(folder: Path) -> None:
    (folder / "Dockerfile").write_text(OLD + NEW)
    done = dlint("--fix", "--baseline", FILE, cwd=folder)
    assert done.returncode == 0, done.stdout
    assert done.stderr == "Fixed 1 problem in 1 file. No problems left. 2 problems in the baseline.\n"
    assert (folder / "Dockerfile").read_text() == OLD + NEW.replace("install --", "install -y --")
    assert (folder / "docker" / "Dockerfile").read_text() == OLD
    before = (folder / "Dockerfile").read_text()
    assert dlint("--fix", "--baseline", FILE, cwd=folder).returncode == 0
    assert (folder / "Dockerfile").read_text() == before


def test_add_ignores_silences_what_is_reported_and_nothing_else(folder: Path) -> None:
    (folder / "Dockerfile").write_text(OLD + NEW)
    assert dlint("--add-ignores", "--baseline", FILE, cwd=folder).returncode == 0
    assert (folder / "Dockerfile").read_text() == OLD + "# dlint ignore=DL3014\n" + NEW


def test_entries_that_occur_no_more_are_noted_and_dropped(folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM example.com/base:12\n")
    done = dlint("--baseline", FILE, cwd=folder)
    note = f"dlint: note: 1 entry of {FILE} occurs no more; `dlint --write-baseline` drops what is gone\n"
    assert done.returncode == 0 and done.stderr.endswith(note)
    (folder / "docker" / "Dockerfile").unlink()
    done = dlint("--baseline", FILE, "Dockerfile", cwd=folder)
    assert f"2 entries of {FILE} occur no more" in done.stderr
    assert dlint("-q", "--baseline", FILE, cwd=folder).stderr == ""
    assert dlint("--write-baseline", cwd=folder).returncode == 0
    assert entries(folder) == {}


def test_what_was_not_looked_at_is_not_gone(folder: Path) -> None:
    before = (folder / FILE).read_bytes()
    assert "no more" not in dlint("--baseline", FILE, "Dockerfile", cwd=folder).stderr
    assert "no more" not in dlint("--baseline", FILE, "--ignore", "DL3014", cwd=folder).stderr
    assert dlint("--write-baseline", "Dockerfile", cwd=folder).returncode == 0
    assert dlint("--write-baseline", "--ignore", "DL3014", cwd=folder).returncode == 0
    assert (folder / FILE).read_bytes() == before


def test_the_file_is_sorted_and_changes_only_where_findings_do(folder: Path) -> None:
    before = (folder / FILE).read_text().splitlines()
    (folder / "Dockerfile").write_text("# one more line\n" + OLD + NEW)
    assert dlint("--write-baseline", cwd=folder).returncode == 0
    after = (folder / FILE).read_text().splitlines()
    assert list(entries(folder)) == ["Dockerfile", "docker/Dockerfile"]
    marks = entries(folder)["Dockerfile"]["DL3014"]
    assert marks == sorted(marks) and len(marks) == 2
    assert len([line for line in after if line not in before]) <= 2, "the new entry, and a comma"
    assert "apt-get" not in (folder / FILE).read_text(), "nothing of what stands in the file"


def test_fix_and_write_takes_down_what_is_left(folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM example.com/base\nRUN apt-get install --no-install-recommends curl\n")
    assert dlint("--fix", "--write-baseline", cwd=folder).returncode == 0
    assert "-y" in (folder / "Dockerfile").read_text()
    assert set(entries(folder)) == {"Dockerfile"} and set(entries(folder)["Dockerfile"]) == {"DL3006"}
    assert places(folder) == []


def test_the_configuration_may_name_it(folder: Path) -> None:
    (folder / ".dlint.yaml").write_text(f"baseline: {FILE}\n")
    assert dlint(cwd=folder).returncode == 0
    assert dlint("Dockerfile", cwd=folder / "docker").returncode == 0
    assert dlint("--isolated", cwd=folder).returncode == 1
    (folder / ".dlint.yaml").write_text("baseline: ci/known.json\n")
    done = dlint(cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith("dlint: error: ci/known.json: No such file") and "--write-baseline" in done.stderr
    (folder / "ci").mkdir()
    assert dlint("--write-baseline", "-j", "1", cwd=folder / "docker").returncode == 0
    assert list(json.loads((folder / "ci" / "known.json").read_text())["findings"]) == ["../docker/Dockerfile"]
    assert dlint("Dockerfile", cwd=folder / "docker").returncode == 0


def test_dockerfiles_in_compose_files_are_known_too(folder: Path) -> None:
    text = "services:\n  a:\n    build:\n      dockerfile_inline: |\n" + "".join(
        f"        {x}\n" for x in OLD.splitlines()
    )
    compose = folder / "compose.yaml"
    compose.write_text(text)
    assert dlint("--write-baseline", "compose.yaml", cwd=folder).returncode == 0
    assert set(entries(folder)["compose.yaml"]) == {"DL3014"}
    assert places(folder, "compose.yaml") == []
    compose.write_text(text + f"        {NEW}")
    assert places(folder, "compose.yaml") == ["compose.yaml:7:21: DL3014"]
    assert places(folder, "compose.yaml", "--fix") == ["compose.yaml:7:21: DL3014"]
    assert compose.read_text() == text + f"        {NEW}", "nothing is mended that is not reported"


def test_many_processes_know_it_too(folder: Path) -> None:
    for number in range(40):
        (folder / f"Dockerfile.{number:02}").write_text(OLD)
    assert dlint("--write-baseline", "-j", "2", cwd=folder).returncode == 0
    (folder / "Dockerfile.07").write_text(OLD + NEW)
    (folder / "Dockerfile.08").write_text("FROM example.com/base:12\n")
    done = dlint("-f", "concise", "--baseline", FILE, "-j", "2", cwd=folder)
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["Dockerfile.07:3:13:"]
    assert "41 problems in the baseline" in done.stderr and "1 entry of" in done.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", ":1: not valid JSON"),
        ("[]", "is no baseline"),
        ('{"version": 1, "findings": {"a": {"DL3014": "x"}}}', "is no baseline"),
        ('{"version": 2}', "was written by a newer dlint"),
        ('{"version": 1}', "is no baseline"),
    ],
)
def test_a_file_that_is_none_is_an_error_with_a_remedy(folder: Path, text: str, message: str) -> None:
    (folder / FILE).write_text(text)
    done = dlint("--baseline", FILE, cwd=folder)
    assert done.returncode == 2 and done.stdout == ""
    assert message in done.stderr and FILE in done.stderr and "dlint" in done.stderr.partition(";")[2]
    assert dlint("--write-baseline", cwd=folder).returncode == 2, "nothing that is there is overwritten unread"
    assert (folder / FILE).read_text() == text


@pytest.mark.parametrize("more", [["--diff"], ["--since", "HEAD"], ["--add-ignores"], ["-"]], ids=" ".join)
def test_what_makes_no_sense_together_is_refused(folder: Path, more: list[str]) -> None:
    before = (folder / FILE).read_bytes()
    done = dlint("--write-baseline", *more, cwd=folder)
    assert done.returncode == 2 and "--write-baseline" in done.stderr
    assert (folder / FILE).read_bytes() == before
