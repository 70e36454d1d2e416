"""What the builder really receives of a context, next to what dlint says it does."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_engine import Engine
from image_layers import files, layers_of

from dlinter.context import Context, Folder

pytestmark = pytest.mark.builds

_TREE = (
    "a.txt", "b.log", "src/main.py", "src/main.log", "src/deep/x.txt", "src/deep/y.log", "docs/README.md",
    "docs/a/b.md", "node_modules/keep/index.js", "node_modules/left/index.js", "web/node_modules/x.js", ".env",
    ".git/HEAD", "[odd]/x", "with space/x", "Upper.TXT",
)  # fmt: skip
_IGNORED = (
    "", "*.log", "**/*.log", "node_modules", "**/node_modules", "*\n!src", "*\n!src/*.py", "*\n!src/deep",
    "**\n!**/*.txt",
    "docs\n!docs/README.md", "docs/*\n!docs/a", "docs/**\n!docs/a/b.md", "src/**/x.txt", "/src/deep/", "./docs/../src",
    "!a.txt\n*.txt", "# comment\n\n  *.txt  \n", "a.txt # no comment", "[a-b].*", "?.txt", "\\[odd\\]", "with space",
    ".*",
    "node_modules\n!node_modules/keep", "*.txt\n!a.txt\na.*", "s*c", "src/deep/*", "**/deep", "**/deep/**", "*/*.md",
    "\ufeffa.txt", "upper.txt", "src/", "//src", "**",
)  # fmt: skip


@pytest.mark.parametrize("text", _IGNORED)
def test_the_builder_receives_what_dlint_says(text: str, engine: Engine, tmp_path: Path) -> None:
    for name in _TREE:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / ".dockerignore").write_text(text)
    done = engine.build("FROM scratch\nCOPY . /all/\nCOPY --chmod=644 <<x /x\nx\n", tmp_path, "context", no_cache=True)
    assert done.ok, done.log
    found = files(layers_of(engine.inspect("context")))
    plain = [path for path, file in found.items() if file.kind == "file"]
    received = {path.removeprefix("/all/") for path in plain if path.startswith("/all/")}
    assert received == {path for path, _ in Context(Folder(str(tmp_path)), text).walk()}
