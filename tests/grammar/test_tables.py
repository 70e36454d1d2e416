"""The compiled tables are those of the grammar, and run like Lark."""

from __future__ import annotations

import random
import re
import time
from itertools import product

import pytest
from lark import Lark, Token, Tree

from dlinter_grammar import build
from dlinter_grammar.dockerfile_tables import AFTER_KEYWORD, TERMINALS
from dlinter_grammar.instructions import ARGUMENTS, machine
from dlinter_grammar.lines import Reader
from dlinter_grammar.machine import Branch, Leaf
from dlinter_grammar.nodes import Document

PIECES = [
    *("a", "b", "x.y", "=", "=b", "c=", "'", '"', '"a"', "'b", "c'", '"d\\"e"', "\\", "`", '\\"', "--", "--a", "--b=c"),
    *('--d="e', 'f"', "--g='h", '--""', "[", "]", '["a"]', '["a",', '"b"]', "[1]", '{"a":1}', "$x", "${x:-y}", "<<"),
    *("<<E", "#", ",", ":", "\x0b", "\x0c", "\x1c", "\xa0", "\u3000", "\u00fc", "\\\\", "``", "as", "AS", "CMD"),
    *("NONE", "run", "\t"),
]


@pytest.fixture(scope="module")
def larks() -> dict[str, Lark]:
    return {escape: build.dockerfile_lark(escape) for escape in build.ESCAPES}


def same(ours: Branch | Leaf, theirs: Tree[Token] | Token) -> bool:
    if isinstance(ours, Leaf):
        return isinstance(theirs, Token) and (ours.kind, ours.start, ours.end) == (
            theirs.type,
            theirs.start_pos,
            theirs.end_pos,
        )
    return (
        isinstance(theirs, Tree)
        and ours.kind == theirs.data
        and len(ours.children) == len(theirs.children)
        and all(map(same, ours.children, theirs.children))
    )


def test_the_tables_are_fresh() -> None:
    for path, source in build.modules().items():
        assert path.read_text("utf-8") == source, "run python -m dlinter_grammar.build"


def test_check_reports_stale_tables(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    path = build.HERE / "dockerfile_tables.py"
    assert build.main(["--check"]) == 0
    monkeypatch.setattr(build, "modules", lambda: {path: "other"})
    assert build.main(["--check"]) == 1
    assert "dockerfile_tables.py is stale" in capsys.readouterr().out


def generated(count: int) -> list[str]:
    chance = random.Random(7)
    texts = []
    for _ in range(count):
        words = chance.choices(PIECES, k=chance.randint(0, 7))
        texts.append(
            "".join(word + chance.choice(["", " ", "  ", "\t"]) for word in words).strip(" \t\x0b\x0c\xa0\u3000")
        )
    return texts


@pytest.mark.parametrize("escape", build.ESCAPES)
def test_instructions_like_lark(larks: dict[str, Lark], escape: str) -> None:
    names = sorted(AFTER_KEYWORD)
    for i, rest in enumerate(generated(3000)):
        name = names[i % len(names)]
        text = f"{name if i % 2 else name.upper()} {rest}".rstrip(" ")
        ours = machine(escape).instruction(text, name, 0, len(name), len(text))
        assert same(ours, larks[escape].parse(text, start=name)), text


@pytest.mark.parametrize("escape", build.ESCAPES)
def test_arguments_like_lark(larks: dict[str, Lark], escape: str) -> None:
    for text, symbol in product(generated(200), sorted(set(ARGUMENTS.values()))):
        if text:
            ours = machine(escape).arguments(text, symbol, 0, len(text))
            assert same(ours, larks[escape].parse(text, start=symbol)), (symbol, text)


def test_files_like_lark(larks: dict[str, Lark]) -> None:
    text = """\
FROM --platform=$P a:b AS c
ENV a=b "c=d" \\
 e='f g'
LABEL x y z
RUN --mount=type=cache,target=/x \\
a && b
CMD ["a", "b"]
HEALTHCHECK --interval=5s CMD ["x"]
ONBUILD COPY --from=a b c
ARG q r=s
EXPOSE 1 2
USER a b
VOLUME [a
foo --bar baz
"""
    reader = Reader(Document(text))
    count = 0
    while (line := reader.logical_line()) is not None:
        logical = line.map.text
        keyword = logical.split()[0]
        name = keyword.lower() if keyword.lower() in AFTER_KEYWORD else "unknown"
        ours = machine("\\").instruction(logical, name, 0, len(keyword), len(logical))
        assert same(ours, larks["\\"].parse(logical, start=name)), logical
        count += 1
    assert count == 12


def test_terminals_begin_as_the_table_says() -> None:
    """A terminal that is not tried for a character does not match there."""
    tails = ["", "a", "=", '"', "'", " ", "-", "--", "]", "\\", "`", 'a"b']
    for terminals in TERMINALS.values():
        for name, (pattern, starts) in terminals.items():
            compiled = re.compile(pattern)
            for char in map(chr, range(128)):
                if char not in starts:
                    assert not any(compiled.match(char + tail) for tail in tails), (name, char)


def test_faster_than_lark(larks: dict[str, Lark]) -> None:
    texts = [
        "RUN apt-get update && apt-get install -y curl",
        "COPY --chown=a:b c d /e/",
        "ENV A=b C='d e'",
        "FROM a AS b",
    ]
    jobs = [(text, text.split()[0].lower(), len(text.split()[0])) for text in texts] * 60
    ours = theirs = 0.0
    for _ in range(3):
        start = time.process_time()
        for text, name, length in jobs:
            machine("\\").instruction(text, name, 0, length, len(text))
        middle = time.process_time()
        for text, name, _ in jobs:
            larks["\\"].parse(text, start=name)
        ours += middle - start
        theirs += time.process_time() - middle
    assert theirs > 2 * ours
