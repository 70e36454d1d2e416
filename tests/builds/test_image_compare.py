"""What counts as a difference of two images."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from image_compare import MAY_GO, VOLATILE, file_differences, matches, setting_differences, size
from image_layers import Entry, Layer, files, read_layer

FILE = Entry("file", 0o644, 0, 0, 3, "abc")
FOLDER = Entry("folder", 0o755, 0, 0)


def settings(author: str = "", **config: Any) -> dict[str, Any]:
    return {"Config": {"Labels": None, "Cmd": None, **config}, "Author": author, "Architecture": "amd64"}


def test_layers_lie_on_one_another() -> None:
    lower = Layer({"/a": FOLDER, "/a/b": FILE, "/a/c": FOLDER, "/a/c/d": FILE, "/e": FOLDER, "/e/f": FILE, "/ab": FILE})
    assert files((lower, Layer({}, frozenset({"/a"})))).keys() == {"/e", "/e/f", "/ab"}
    assert files((lower, Layer({"/a": FOLDER}, emptied=frozenset({"/a"})))).keys() == {"/a", "/e", "/e/f", "/ab"}
    assert files((lower, Layer({"/e": FILE}))).keys() == {"/a", "/a/b", "/a/c", "/a/c/d", "/e", "/ab"}
    assert files((lower, Layer({"/a/b": replace(FILE, mode=0o755)})))["/a/b"].mode == 0o755


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "link"},
        {"mode": 0o600},
        {"uid": 1},
        {"gid": 1},
        {"size": 4},
        {"digest": "abd"},
        {"link": "x"},
        {"attributes": (("security.capability", b"x"),)},
    ],
)
def test_every_property_counts(changed: dict[str, Any]) -> None:
    [line] = file_differences({"/a": FILE}, {"/a": replace(FILE, **changed)})
    assert line.startswith(f"changed: /a: {next(iter(changed))} ")
    assert not file_differences({"/a": FILE}, {"/a": replace(FILE, **changed)}, may_differ=("/a",))
    assert file_differences({"/a": FILE}, {"/a": replace(FILE, **changed)}, may_go=("/a",))


def test_what_may_go_may_not_come() -> None:
    lists = {"/var/lib/apt/lists/x": FILE}
    patterns = MAY_GO["package-lists-removed"]
    assert file_differences(lists, {}) == ["gone: /var/lib/apt/lists/x"]
    assert file_differences(lists, {}, patterns) == []
    assert file_differences({}, lists, patterns) == ["new: /var/lib/apt/lists/x"]
    assert file_differences({"/var/lib/apt/lists": FOLDER}, {}, patterns) == ["gone: /var/lib/apt/lists"]


def test_logs_do_not_count() -> None:
    assert matches("/var/log/apt/term.log", VOLATILE)
    assert not matches("/var/log/lastlog", VOLATILE)
    lower = Layer({"/a": FILE, "/var/log/dpkg.log": FILE})
    assert size((lower, Layer({"/a": FILE}))) == 6


def test_settings_count() -> None:
    assert setting_differences(settings(Cmd=["a"]), settings(Cmd=["a"], Image="x")) == []
    assert setting_differences(settings(Cmd=["a"]), settings(Cmd=["b"])) == ["Cmd: ['a'] -> ['b']"]
    assert setting_differences(settings(Env=["A=1", "B=2"]), settings(Env=["B=2", "A=1"]))
    assert setting_differences(settings(author="Jo"), settings()) == ["Author: 'Jo' -> ''"]


def test_an_author_may_become_a_label() -> None:
    authors = {"org.opencontainers.image.authors": "Jo"}
    neutral = ("key-renamed",)
    assert setting_differences(settings(author="Jo"), settings(Labels=authors), neutral) == []
    assert setting_differences(settings(author='"Jo"'), settings(Labels=authors), neutral) == []
    assert setting_differences(settings(author="Jo"), settings(Labels=authors))
    assert setting_differences(settings(author="Ji"), settings(Labels=authors), neutral)
    assert setting_differences(settings(author="Jo"), settings(Labels={**authors, "a": "b"}), neutral)
    assert setting_differences(settings(author="Jo", Labels={**authors}), settings(Labels=authors), neutral)


@pytest.mark.parametrize(
    ("script", "words", "same"),
    [
        ("a b", ["a", "b"], True),
        ("a 'b c' \"\\$d\"", ["a", "b c", "$d"], True),
        ("a  b \\\n c", ["a", "b", "c"], True),
        ("a b", ["a", "b", "c"], False),
        ("a $HOME", ["a", "$HOME"], False),
    ],
)
def test_a_shell_may_make_way_for_the_same_words(script: str, words: list[str], same: bool) -> None:
    before, after = settings(Cmd=["/bin/sh", "-c", script]), settings(Cmd=words)
    assert (setting_differences(before, after, ("direct-pid1",)) == []) is same
    assert setting_differences(before, after)


@pytest.mark.parametrize(
    ("shell", "script", "after", "same"),
    [
        ("/bin/sh", "a $B", "exec a $B", True),
        ("sh", "exec a; b\n $C", "exec a; exec b\n $C", True),
        ("sh", "a &&\tb $C", "a &&    exec b $C", True),
        ("sh", "a $B", "a $B", True),
        ("sh", "a $B", "exec a $C", False),
        ("sh", "a exec b", "a exec exec  b", False),
        ("sh", "a; b", "exec a; exec b", False),
    ],
)
def test_a_shell_may_make_way_at_one_place(shell: str, script: str, after: str, same: bool) -> None:
    for name in ("Cmd", "Entrypoint"):
        old, new = settings(**{name: [shell, "-c", script]}), settings(**{name: [shell, "-c", after]})
        assert (setting_differences(old, new, ("shell-makes-way",)) == []) is same
        assert (setting_differences(old, new) == []) is (script == after)
    assert setting_differences(
        settings(Cmd=["sh", "-c", "a"]), settings(Cmd=["ash", "-c", "exec a"]), ("shell-makes-way",)
    )


def test_the_shell_of_a_health_check_is_sh() -> None:
    def checked(*test: str, **others: Any) -> dict[str, Any]:
        return settings(Healthcheck={"Test": [*test]}, **others)

    assert setting_differences(checked("CMD-SHELL", "a $B"), checked("CMD", "/bin/sh", "-c", "a $B")) == []
    assert setting_differences(checked("CMD-SHELL", "a $B"), checked("CMD", "/bin/sh", "-c", "a B"))
    assert setting_differences(checked("CMD-SHELL", "a $B"), checked("CMD", "/bin/bash", "-c", "a $B"))


def test_root_may_become_a_number() -> None:
    for name, number in (("root", "0"), ("root:root", "0:0"), ("root:0", "0:0")):
        assert setting_differences(settings(User=name), settings(User=number), ("root-by-number",)) == []
        assert setting_differences(settings(User=name), settings(User=number))
    for name, number in (("root", "0:0"), ("app", "0"), ("", "0"), ("root", "1")):
        assert setting_differences(settings(User=name), settings(User=number), ("root-by-number",))


def test_a_layer_is_read_without_times(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/shadow").write_text("root:*:19000:0:99999:7:::\napp:!:20000::::::\n")
    (tmp_path / "a.pyc").write_bytes(bytes(8) + b"time" + b"code")
    (tmp_path / "link").symlink_to("etc/shadow")
    (tmp_path / "again.pyc").hardlink_to(tmp_path / "a.pyc")
    first = read_layer(tmp_path)
    (tmp_path / "etc/shadow").write_text("root:*:20001:0:99999:7:::\napp:!:20001::::::\n")
    (tmp_path / "a.pyc").write_bytes(bytes(8) + b"emit" + b"code")
    assert read_layer(tmp_path) == first
    assert first.entries["/link"].link == "etc/shadow"
    assert first.entries["/again.pyc"] == first.entries["/a.pyc"]
    assert len(first.names & {"/again.pyc", "/a.pyc"}) == 1
    (tmp_path / "etc/shadow").write_text("root:*:20001:0:99999:7:::\napp:x:20001::::::\n")
    assert read_layer(tmp_path) != first
