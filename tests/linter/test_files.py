"""Which files are found, and that writing is all or nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from dlinter.files import ReadError, find, is_dockerfile, read, write

YES = (
    "Dockerfile dockerfile DOCKERFILE Containerfile containerfile Dockerfile.dev Dockerfile.18.04 dev.Dockerfile "
    "app.dockerfile Dockerfile-dev Dockerfile_dev my.app.Containerfile Dockerfile.alpine-3.20"
)
NO = (
    "Dockerfile.dockerignore Dockerfile.md Dockerfile.sh Dockerfile.j2 Dockerfile.tmpl Dockerfile.template "
    "Dockerfile.orig Dockerfile.yml Dockerfile~ Dockerfiles NotDockerfile Dockerfile2 README.md dockerfile.py"
)


@pytest.mark.parametrize("name", YES.split())
def test_names_taken_for_dockerfiles(name: str) -> None:
    assert is_dockerfile(name)


@pytest.mark.parametrize("name", NO.split())
def test_names_left_out(name: str) -> None:
    assert not is_dockerfile(name)


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("FROM scratch\n")


def found(root: Path, *excluded: str) -> list[str]:
    return [os.path.relpath(path, root).replace(os.sep, "/") for path in find([str(root)], excluded)]


def test_folders_are_searched_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b/Dockerfile", "a/x/dev.Dockerfile", "Dockerfile", "node_modules/p/Dockerfile", "src/app.py")
    assert found(tmp_path) == ["Dockerfile", "a/x/dev.Dockerfile", "b/Dockerfile"]


def test_gitignore_is_respected_at_every_level(tmp_path: Path) -> None:
    make(tmp_path, "build/Dockerfile", "a/Dockerfile", "a/Dockerfile.old1", "a/keep/Dockerfile.old1")
    (tmp_path / ".gitignore").write_text("/build/\nDockerfile.old*\n")
    (tmp_path / "a/keep/.gitignore").write_text("!Dockerfile.old1\n")
    assert found(tmp_path) == ["a/Dockerfile", "a/keep/Dockerfile.old1"]


def test_gitignore_above_the_folder_counts_inside_a_repository(tmp_path: Path) -> None:
    make(tmp_path, "a/b/Dockerfile", "a/b/Dockerfile.x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("a/b/Dockerfile.x\n")
    assert found(tmp_path / "a") == ["b/Dockerfile"]


def test_excluded_patterns(tmp_path: Path) -> None:
    make(tmp_path, "vendor/Dockerfile", "Dockerfile")
    assert found(tmp_path, "vendor/") == ["Dockerfile"]


def test_a_named_file_is_always_linted_and_only_once(tmp_path: Path) -> None:
    make(tmp_path, "Dockerfile.j2")
    path = str(tmp_path / "Dockerfile.j2")
    assert list(find([path, path, str(tmp_path)])) == [path]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    make(tmp_path, "a/Dockerfile")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    assert found(tmp_path) == ["a/Dockerfile"]


def test_reading_nothing_says_what(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"no-such-file.*No such file"):
        read(str(tmp_path / "no-such-file"))


def test_writing_keeps_mode_and_links(tmp_path: Path) -> None:
    target = tmp_path / "real"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link = tmp_path / "Dockerfile"
    link.symlink_to("real")
    write(str(link), b"new", b"old")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["Dockerfile", "real"]


def test_hard_links_stay_together(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"long old text")
    os.link(tmp_path / "a", tmp_path / "b")
    write(str(tmp_path / "a"), b"new", b"long old text")
    assert (tmp_path / "b").read_bytes() == b"new"


def test_a_file_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"theirs")
    with pytest.raises(ReadError, match="changed by someone else"):
        write(str(path), b"ours", b"old")
    assert path.read_bytes() == b"theirs"


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ReadError, match="No space left on device; nothing was written"):
        write(str(path), b"new", b"old")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["Dockerfile"]
