"""Parsing costs time in proportion to the size, whatever stands in the file."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest

from dlinter_grammar.dockerfile import parse

SHAPES: dict[str, Callable[[int], str]] = {
    "instructions": lambda n: "FROM a\n" + "RUN b c d\n" * n,
    "stages": lambda n: "".join(f"FROM a AS s{i}\nCOPY --from=s{i - 1 if i else 'x'} a b\n" for i in range(n)),
    "continuations": lambda n: "RUN a" + " \\\n b" * n,
    "comments in a continuation": lambda n: "RUN a \\\n" + "# c\n" * n + "b",
    "blanks in a continuation": lambda n: "RUN a \\\n" + "\n" * n + "b",
    "comments": lambda n: "# c\n" * n,
    "arguments before FROM": lambda n: "ARG a=b\n" * n,
    "words": lambda n: "COPY " + "a " * n,
    "pairs": lambda n: "ENV " + "a=b " * n,
    "bare words": lambda n: "ENV a=b " + "c " * n,
    "flags": lambda n: "RUN " + "--a=b " * n + "c",
    "flags byte by byte": lambda n: "RUN " + "--\u00e0=b " * n + "c",
    "strings": lambda n: "CMD [" + '"a", ' * n + '"b"]',
    "strings without an end": lambda n: "CMD [" + '"a", ' * n,
    "brackets": lambda n: "CMD " + "[" * n,
    "quotes": lambda n: "ENV a=" + "\"'" * n,
    "quotes without =": lambda n: "ENV " + '"\'" ' * n,
    "escapes": lambda n: "ENV a=" + "\\" * n,
    "blanks": lambda n: "RUN a" + " " * n + "b",
    "wide blanks": lambda n: "RUN " + "\u3000" * n + "b",
    "one long line": lambda n: "RUN " + "x" * n * 10,
    "heredocs": lambda n: "FROM a\n" + "RUN <<E\nb\nE\n" * n,
    "heredocs without an end": lambda n: "FROM a\n" + "".join(f"RUN <<E{i}\nb\n" for i in range(n)),
    "heredocs on one line": lambda n: "RUN " + "<<E " * n + "\n" + "b\nE\n" * n,
    "a long body": lambda n: "RUN <<E\n" + "b c d\n" * n + "E\n",
    "substitutions": lambda n: "ENV a=" + "${x:-" * n,
    "substitutions and a heredoc": lambda n: "RUN " + "${x:-y}" * n + " <<E\nE",
    "nested triggers": lambda n: "ONBUILD " * n + "RUN a",
    "directives": lambda n: "# escape=" + " " * n + "x" + " " * n + "\nFROM a",
    "misspelt keywords": lambda n: "RUNN a\n" * n,
    "a long keyword": lambda n: "R" * n * 5 + " a",
    "mounts": lambda n: "FROM a\nRUN --mount=" + "a=b," * n + " c",
    "unknown flags": lambda n: "FROM a\nCOPY " + "--frm=b " * n + "c d",
    "ports": lambda n: "FROM a\nEXPOSE " + "x:y:z " * n,
    "an image name": lambda n: "FROM " + "a-" * n,
    "an image path": lambda n: "FROM " + "a/" * n,
    "carriage returns": lambda n: "RUN a" + "\r" * n + "b",
    "copies in a circle": lambda n: "".join(f"FROM a AS s{i}\nCOPY --from=s{(i + 1) % n} a b\n" for i in range(n)),
}


def cost(text: str, times: int) -> float:
    best = float("inf")
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        parse(text)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("name", SHAPES)
def test_linear(name: str) -> None:
    size = 500
    small = cost(SHAPES[name](size), 3)
    while small < 0.0005 and size < 16000:
        size *= 2
        small = cost(SHAPES[name](size), 3)
    # linear behaviour makes it 16, quadratic 256
    assert cost(SHAPES[name](16 * size), 1) < 90 * small + 0.01


def test_large_files() -> None:
    parse("RUN " + "x" * 2_000_000)
    document = parse("FROM a\n" + "RUN b\n" * 30_000 + "# c\n" * 30_000 + "RUN d" + " \\\n e" * 40_000)
    assert (len(document.instructions), len(document.comments)) == (30_002, 30_000)
    assert not document.problems
