"""The build context: what is sent, what a source stands for, which folder it is, and what the proof may ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlinter.context import Context, Folder, Memory
from dlinter.context.answers import answers
from dlinter.proof.context import Copied
from dlinter.settings import FileSettings
from dlinter.tree import Dockerfile

FILES = {
    "app.py": "print()",
    "requirements.txt": "flask\n",
    "docs/index.md": "x",
    "docs/a/b.md": "x",
    "node_modules/left/index.js": "x",
    "node_modules/keep/index.js": "x",
    "run.sh": {"text": "#!/bin/sh\n", "mode": 0o755},
    "link": {"link": "docs"},
    "out": {"link": "/../app.py"},
    "loop": {"link": "loop"},
    "empty/": None,
}


@pytest.fixture(params=["memory", "disk"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Folder | Memory:
    if request.param == "memory":
        return Memory(FILES)
    for path, value in FILES.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        details = value if isinstance(value, dict) else {"text": value}
        if path.endswith("/"):
            place.mkdir()
        elif "link" in details:
            place.symlink_to(str(details["link"]))
        else:
            place.write_text(str(details["text"]))
            place.chmod(int(str(details.get("mode", 0o644))))
    return Folder(str(tmp_path))


def test_without_an_ignore_file_everything_is_sent(files: Folder | Memory) -> None:
    context = Context(files)
    assert [path for path, _ in context.walk()] == [
        "app.py", "link", "loop", "out", "requirements.txt", "run.sh", "docs/index.md", "docs/a/b.md",
        "node_modules/keep/index.js", "node_modules/left/index.js",
    ]  # fmt: skip
    assert context.kind("docs") == context.kind("./docs/") == context.kind("/docs") == context.kind("") == "folder"
    assert context.text("link/index.md") == "x"
    assert context.text("out") == "print()"
    assert context.kind("loop") == context.kind("none") == ""
    assert context.entry("run.sh") is not None and context.entry("run.sh").mode == 0o755  # type: ignore[union-attr]
    assert context.kind("empty") == "folder"


def test_what_is_left_out_is_not_there(files: Folder | Memory) -> None:
    context = Context(files, "node_modules\n!node_modules/keep\n*.py\n")
    assert context.kind("app.py") == ""
    assert context.on_disk("app.py") is not None
    assert str(context.ignored("app.py")) == "Pattern('*.py')"
    assert context.kind("node_modules") == "folder"
    assert context.kind("node_modules/left") == ""
    assert [path for path, _ in context.walk("node_modules")] == ["node_modules/keep/index.js"]
    assert context.kind("out") == "", "a link to a file that is left out"


def test_what_a_source_stands_for(files: Folder | Memory) -> None:
    context = Context(files, "docs/a\n")
    assert context.matches("*.txt") == ["requirements.txt"]
    assert context.matches("docs/*") == ["docs/index.md"]
    assert context.matches("d*/i*.md") == ["docs/index.md"]
    assert context.matches("nothing") == context.matches("*.nothing") == []
    assert context.matches(".") == [""]
    assert context.matches("[") == []


def test_questions_are_remembered(files: Folder | Memory) -> None:
    context = Context(files)
    context.text("requirements.txt")
    context.matches("*.none")
    context.kind("later")
    asked = dict(context.asked)
    assert Context(files).unchanged(asked)
    assert not Context(Memory({**FILES, "requirements.txt": "django\n"})).unchanged(asked)
    assert not Context(Memory({**FILES, "later": ""})).unchanged(asked)


@pytest.mark.parametrize(
    ("text", "found", "certain"),
    [
        ("FROM a\nCOPY app.py docs/ /x/\n", True, True),
        ("FROM a\nCOPY app.py missing /x/\n", True, False),
        ("FROM a\nCOPY missing /x/\n", False, False),
        ("FROM a\nCOPY *.py /x/\nADD https://example.com/x /\n", True, True),
        ("FROM a\nCOPY . /x/\n", True, True),
        ("FROM a\nARG D=docs\nCOPY $D /x/\n", True, True),
    ],
)
def test_the_folder_of_the_file_is_the_context_if_something_speaks_for_it(
    tmp_path: Path, text: str, found: bool, certain: bool
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "app.py").touch()
    known = Dockerfile(text, settings=FileSettings(folder=str(tmp_path))).facts.build_context
    assert (known.files is not None, known.certain) == (found, certain)


def test_a_named_context_is_certain_and_a_lonely_dockerfile_has_none(tmp_path: Path) -> None:
    text = "FROM a\nCOPY . /x/\n"
    (tmp_path / "Dockerfile").write_text(text)
    assert Dockerfile(text, settings=FileSettings(folder=str(tmp_path))).facts.context is None
    assert Dockerfile(text, settings=FileSettings(context=str(tmp_path))).facts.build_context.certain
    assert Dockerfile(text).facts.context is None


def test_answers_for_the_proof() -> None:
    head = bytearray(512)
    head[:1], head[257:262] = b"a", b"ustar"
    head[148:156] = b"        "
    head[148:156] = b"%06o\0 " % sum(head)
    known = answers(
        Context(
            Memory({"a.gz": b"\x1f\x8b\x08x", "plain.gz": "text", "hidden": bytes(head) + b"x", "d/a.txt": "", "b": ""})
        )
    )
    assert known.plain("plain.gz") and known.plain("d") and known.plain("*b")
    assert not known.plain("a.gz") and not known.plain("hidden") and not known.plain("*") and not known.plain("no")
    assert known.file("b") and not known.file("d") and not known.file("no")
    assert known.covered(Copied(("b",), "/app", True), Copied((".",), "/app", True))
    assert known.covered(Copied(("d",), "/app/d", True), Copied((".",), "/app", True))
    assert not known.covered(Copied(("b",), "/app", True), Copied((".",), "/srv", True))
    assert not known.covered(Copied(("d",), "/app", True), Copied((".",), "/app", True))
    assert not known.covered(Copied(("no",), "/app", True), Copied((".",), "/app", True))
