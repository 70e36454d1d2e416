"""``--since``: only what stands on lines that differ from a revision."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from test_cli import dlint

from dlinter.edits import Edit, splice
from dlinter.rule import Finding, RuleInfo, Severity
from dlinter.scope import EVERYTHING, Scope
from dlinter.source import Source

OLD = "FROM example.com/base:12\nRUN apt-get install --no-install-recommends curl\n"
NEW = "RUN apt-get install --no-install-recommends wget\n"


def git(folder: Path, *words: str) -> str:
    names = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for who in ("AUTHOR", "COMMITTER"):
        names |= {f"GIT_{who}_NAME": "x", f"GIT_{who}_EMAIL": "x@example.com"}
    done = subprocess.run(["git", *words], cwd=folder, env={**os.environ, **names}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "work"
    (top / "docker").mkdir(parents=True)
    git(top, "init", "-q", "-b", "main")
    for path in (top / "Dockerfile", top / "docker" / "Dockerfile"):
        path.write_text(OLD)
    git(top, "add", ".")
    git(top, "commit", "-qm", "one")
    return top


def places(folder: Path, *arguments: str, rev: str = "HEAD") -> list[str]:
    done = dlint("-q", "-f", "concise", "--since", rev, *arguments, cwd=folder)
    assert done.returncode == (1 if done.stdout else 0), done.stderr
    return [line.split()[0] for line in done.stdout.splitlines()]


def test_nothing_changed_nothing_found(folder: Path) -> None:
    done = dlint("--since", "HEAD", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "",
        "dlint: note: no Dockerfile here changed since HEAD\n",
    )


def test_changed_lines_and_no_others(folder: Path) -> None:
    (folder / "Dockerfile").write_text("# more\n" + OLD + NEW)
    assert places(folder) == ["Dockerfile:4:13:"]
    assert places(folder / "docker", "../Dockerfile", "Dockerfile") == ["../Dockerfile:4:13:"]
    git(folder, "add", ".")
    assert places(folder) == ["Dockerfile:4:13:"], "the index makes no difference"
    git(folder, "commit", "-qm", "two")
    assert places(folder) == []
    assert places(folder, rev="HEAD~1") == ["Dockerfile:4:13:"]


def test_a_finding_over_several_lines_counts_if_one_of_them_changed(folder: Path) -> None:
    (folder / "Dockerfile").write_text(OLD.replace(" curl", " \\\n  curl"))
    assert places(folder) == ["Dockerfile:2:13:"]
    git(folder, "commit", "-qam", "two")
    (folder / "Dockerfile").write_text(OLD.replace(" curl", " \\\n  curl \\\n  git"))
    assert places(folder) == [], "the command's word has not changed"


def test_what_git_does_not_know_counts_wholly(folder: Path) -> None:
    (folder / "new.Dockerfile").write_text(OLD)
    (folder / ".gitignore").write_text("ignored.Dockerfile\n")
    (folder / "ignored.Dockerfile").write_text(OLD)
    assert places(folder) == ["new.Dockerfile:2:13:"]
    assert places(folder, "ignored.Dockerfile") == ["ignored.Dockerfile:2:13:"]
    git(folder, "add", "new.Dockerfile")
    assert places(folder) == ["new.Dockerfile:2:13:"]


def test_a_file_that_moved_counts_where_it_changed(folder: Path) -> None:
    (folder / "Dockerfile").write_text(OLD + "ENV A=1\nENV B=2\n")
    git(folder, "commit", "-qam", "two")
    git(folder, "mv", "Dockerfile", "app ä*.Dockerfile")
    (folder / "app ä*.Dockerfile").write_text(OLD + "ENV A=1\nENV B=2\n" + NEW)
    assert places(folder) == ["app"]
    assert "app ä*.Dockerfile:5:13:" in dlint("-f", "concise", "--since", "HEAD", cwd=folder).stdout


def test_links_lead_to_what_changed(folder: Path) -> None:
    (folder / "link.Dockerfile").symlink_to("docker/Dockerfile")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "two")
    assert places(folder, "link.Dockerfile") == []
    (folder / "docker" / "Dockerfile").write_text(OLD + NEW)
    assert places(folder, "link.Dockerfile") == ["link.Dockerfile:3:13:"]


def test_a_branch_counts_from_where_it_began(folder: Path) -> None:
    git(folder, "switch", "-qc", "feature")
    (folder / "Dockerfile").write_text(OLD + NEW)
    git(folder, "commit", "-qam", "mine")
    git(folder, "switch", "-q", "main")
    (folder / "docker" / "Dockerfile").write_text("FROM example.com/base:12\n")
    git(folder, "commit", "-qam", "theirs")
    git(folder, "switch", "-q", "feature")
    assert places(folder, rev="main") == ["Dockerfile:3:13:"]


def test_without_common_history_the_revision_itself_counts(folder: Path) -> None:
    git(folder, "switch", "-q", "--orphan", "other")
    (folder / "Dockerfile").write_text(OLD + NEW)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "other")
    assert places(folder, rev="main") == ["Dockerfile:3:13:"]


def test_settings_of_git_make_no_difference(folder: Path) -> None:
    settings = {"color.ui": "always", "diff.noprefix": "true", "diff.external": "false", "diff.renames": "false",
                "core.pager": "false", "diff.context": "9", "diff.interHunkContext": "9"}  # fmt: skip
    for key, value in settings.items():
        git(folder, "config", key, value)
    (folder / "Dockerfile").write_text("# more\n" + OLD + NEW)
    assert places(folder) == ["Dockerfile:4:13:"]


def test_hooks_may_point_git_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere/.git")
    monkeypatch.setenv("GIT_WORK_TREE", "/nowhere")
    monkeypatch.setenv("GIT_GLOB_PATHSPECS", "1")
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=9")
    (folder / "docker" / "Dockerfile").write_text(OLD + NEW)
    assert places(folder) == ["docker/Dockerfile:3:13:"]


def test_other_encodings_and_line_ends(folder: Path) -> None:
    (folder / "Dockerfile").write_bytes(OLD.replace("\n", "\r\n").encode() + b"# \0 caf\xe9\r\n")
    git(folder, "commit", "-qam", "two")
    (folder / "Dockerfile").write_bytes(OLD.replace("\n", "\r\n").encode() + b"# \0 caf\xe9\r\n" + NEW.encode())
    assert places(folder, "--ignore", "DL1") == ["Dockerfile:4:13:"]


def test_fix_mends_what_is_reported_and_nothing_else(folder: Path) -> None:
    (folder / "Dockerfile").write_text(OLD + NEW)
    diff = dlint("--diff", "--since", "HEAD", cwd=folder).stdout
    assert [line for line in diff.splitlines() if line[0] in "+-"][2:] == [
        "-" + NEW.rstrip(), "+" + NEW.rstrip().replace("install --", "install -y --"),
    ]  # fmt: skip
    assert dlint("--fix", "--since", "HEAD", cwd=folder).returncode == 0
    assert (folder / "Dockerfile").read_text() == OLD + NEW.replace("install --", "install -y --")
    assert (folder / "docker" / "Dockerfile").read_text() == OLD


def test_add_ignores_and_baselines_go_along(folder: Path) -> None:
    (folder / "Dockerfile").write_text(OLD + NEW)
    assert dlint("--add-ignores", "--since", "HEAD", cwd=folder).returncode == 0
    assert (folder / "Dockerfile").read_text() == OLD + "# dlint ignore=DL3014\n" + NEW
    (folder / "Dockerfile").write_text(OLD + NEW)
    assert dlint("--write-baseline", cwd=folder).returncode == 0
    (folder / "Dockerfile").write_text(OLD + NEW + NEW.replace("wget", "git"))
    assert places(folder, "--baseline", ".dlint-baseline.json") == ["Dockerfile:4:13:"]


@pytest.mark.parametrize("rev", ["no-such-branch", "HEAD~7", "-x", "", "HEAD:Dockerfile"])
def test_a_revision_that_is_none_is_an_error(folder: Path, rev: str) -> None:
    done = dlint("--since", rev, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("dlint: error: --since") and (not rev or rev in done.stderr)


def test_shallow_clones_are_told_what_to_do(folder: Path) -> None:
    (folder / "Dockerfile").write_text(OLD + NEW)
    git(folder, "commit", "-qam", "two")
    git(folder.parent, "clone", "-q", "--depth=1", f"file://{folder}", "shallow")
    done = dlint("--since", "HEAD~1", cwd=folder.parent / "shallow")
    assert done.returncode == 2 and "fetch-depth: 0" in done.stderr


def test_outside_of_a_repository_it_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(OLD)
    done = dlint("--since", "HEAD", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "dlint: error: --since needs a git repository, and Dockerfile lies in none\n"
    done = dlint("--since", "HEAD", "-", cwd=tmp_path, stdin=OLD)
    assert done.returncode == 2 and "standard input" in done.stderr


def test_without_git_it_is_an_error(folder: Path, tmp_path: Path) -> None:
    done = dlint("--since", "HEAD", cwd=folder, env={"PATH": str(tmp_path)})
    assert done.returncode == 2 and "--since needs git, which cannot be run" in done.stderr


def test_missing_files_are_still_missing(folder: Path) -> None:
    done = dlint("--since", "HEAD", "nowhere", cwd=folder)
    assert done.returncode == 1 and "nowhere: No such file or directory" in done.stderr


# -- scopes -----------------------------------------------------------------------------------------------------------

INFO = RuleInfo("DL9000", "x", Severity.ERROR, "", (), (), (), (), "t", "w", "", "")


def lines(scope: Scope, text: str) -> list[int]:
    """The lines of *text* that are in *scope*."""
    source = Source(text)
    ends = [*source.starts[1:], len(text)]
    found = [
        Finding(INFO, a, max(b - 1, a), "m", Severity.ERROR, None) for a, b in zip(source.starts, ends, strict=True)
    ]
    return [source.line(finding.start) for finding in scope.reported(source, found)]


def test_a_scope_moves_with_edits_and_grows_by_them() -> None:
    text = "one\ntwo\nthree\nfour\n"
    scope = Scope(changed=[(4, 8)])
    assert lines(scope, text) == [2] and lines(EVERYTHING, text) == [1, 2, 3, 4, 5]
    edits = [Edit(0, 0, "zero\n"), Edit(4, 7, "2\n2"), Edit(8, 14, ""), Edit(14, 18, "IV\nV")]
    after = splice(text, edits)
    assert after == "zero\none\n2\n2\nIV\nV\n"
    assert lines(scope.after(edits), after) == [1, 3, 4, 5, 6]
    assert EVERYTHING.after(edits) is EVERYTHING


def test_a_scope_takes_empty_files_and_ends() -> None:
    assert lines(Scope(changed=[]), "") == []
    assert lines(Scope(changed=[(0, 0)]), "") == [1]
    assert lines(Scope(changed=[(7, 9)]), "FROM a\nb\n") == [2]
