"""Properties of the proof, and layout that means nothing, on files that look like real ones."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import KINDS
from test_mutations import generated

from dlinter.proof import prove
from dlinter.proof.build import Build
from dlinter.tree import Dockerfile, Run

texts = st.one_of(
    st.integers(0, 10**6).map(generated),
    st.text(alphabet="FROMRUNENVabc =\"'$\\\n#<&|;{}[]", max_size=80).map(lambda t: "FROM a\n" + t),
    st.lists(
        st.sampled_from(["FROM a\n", "RUN a $(b", "\n", "RUN ", "\\\n", "ENV a", "=", "'", "<<EOF\n", "EOF\n", "[]"])
    ).map("".join),
)


@settings(max_examples=150, deadline=None)
@given(texts)
def test_every_file_is_the_same_as_itself(text: str) -> None:
    assert prove(text, text).same
    # a comment at the end makes it go the long way
    longer = text if text.endswith("\n") else text + "\n"
    if prove(longer, longer + "# end\n", strict=True).differences:
        assert (
            Build(longer).document.instructions[-1].last_line
            != Build(longer + "# end\n").document.instructions[-1].last_line
        )


@settings(max_examples=150, deadline=None)
@given(texts, texts, st.sampled_from(sorted(KINDS)), st.integers(0, 99))
def test_strict_is_symmetric(first: str, second: str, kind: str, seed: int) -> None:
    damaged = KINDS[kind](random.Random(seed), Dockerfile(generated(seed))) or first
    for a, b in ((first, second), (generated(seed), damaged)):
        assert prove(a, b, strict=True).same is prove(b, a, strict=True).same


@settings(max_examples=60, deadline=None)
@given(texts, texts)
def test_strict_is_stricter(first: str, second: str) -> None:
    if prove(first, second, strict=True).same:
        found = prove(first, second)
        assert found.same and not found.used


Layout = Callable[[random.Random, Dockerfile], str]


def comment_lines(rng: random.Random, file: Dockerfile) -> str:
    """A comment before any instruction."""
    text = file.text
    for instruction in reversed(file.instructions):
        if rng.random() < 0.5:
            at = file.source.line_start(instruction.start)
            text = text[:at] + "# why\n\n" + text[at:]
    return text


def comments_moved(rng: random.Random, file: Dockerfile) -> str:
    """Comments to the end, unless they are directives or stand inside an instruction."""
    text, moved = file.text, ""
    for comment in reversed(file.document.comments):
        text = text[: comment.start] + text[comment.end :]
        moved = f"{comment.text}\n" + moved
    return text.rstrip("\n") + "\n" + moved


def continuations(rng: random.Random, file: Dockerfile) -> str:
    """Line breaks before ``&&`` in scripts, with any indentation."""
    text = file.text
    for instruction in reversed(file.instructions):
        if isinstance(instruction, Run) and instruction.form == "shell" and not instruction.heredocs:
            piece = text[instruction.start : instruction.end]
            if not re.search("[\"'#]", piece):
                piece = re.sub(r" && ", lambda m: " \\\n" + " " * rng.randint(0, 8) + "&& ", piece)
                text = text[: instruction.start] + piece + text[instruction.end :]
    return text


def indentation(rng: random.Random, file: Dockerfile) -> str:
    """Other blanks at the beginning of continuation lines outside of quotes and heredocs."""
    text = file.text
    for instruction in reversed(file.instructions):
        piece = text[instruction.start : instruction.end]
        if isinstance(instruction, Run) and not re.search("[\"']", piece):
            piece = re.sub(r"(?<=\\\n)[ \t]*", lambda m: "\t" * rng.randint(1, 3), piece)
            text = text[: instruction.start] + piece + text[instruction.end :]
    return text


def keyword_case(rng: random.Random, file: Dockerfile) -> str:
    text = file.text
    for instruction in reversed(file.instructions):
        name = instruction.name
        text = text[: name.start] + text[name.start : name.end].lower() + text[name.end :]
    return text


def quotes(rng: random.Random, file: Dockerfile) -> str:
    """Quotes around fixed words of commands that need none."""
    text = file.text
    spans = [
        (w.start, w.end)
        for i in file.instructions
        if isinstance(i, Run) and not i.heredocs
        for c in i.commands
        if c.script is not None and c.script.quoting == ""
        for w in c.words[1:]
        if re.fullmatch(r"[\w./:-]+", w.text) and file.text[w.start : w.end] == w.text
    ]
    for start, end in sorted(spans, reverse=True):
        if rng.random() < 0.3:
            quote = rng.choice("'\"")
            text = text[:start] + quote + text[start:end] + quote + text[end:]
    return text


def blank_lines(rng: random.Random, file: Dockerfile) -> str:
    """Blanks at the ends of lines and empty lines between instructions."""
    text = file.text
    for instruction in reversed(file.instructions):
        if not instruction.heredocs and instruction.end == len(text[: instruction.end].rstrip()):
            text = text[: instruction.end] + "  " + text[instruction.end :]
        if rng.random() < 0.5:
            at = instruction.syntax.close
            text = text[:at] + "\n\n" + text[at:]
    return text


LAYOUTS: list[Layout] = [comment_lines, comments_moved, continuations, indentation, keyword_case, quotes, blank_lines]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_means_nothing(layout: Layout) -> None:
    changed = 0
    for seed in range(120):
        file = Dockerfile(generated(seed))
        after = layout(random.Random(seed), file)
        changed += after != file.text
        found = prove(file.text, after, strict=True)
        assert found.same, (after, found.differences)
    assert changed


def test_unchanged_files_are_quick() -> None:
    text = "FROM debian:12\n" + "RUN apt-get update && apt-get install -y a b c && rm -rf /var/lib/apt/lists/*\n" * 39
    best = 1.0
    for _ in range(5):
        start = time.perf_counter()
        assert prove(text, "# a\n" + text).same
        best = min(best, time.perf_counter() - start)
    assert best < 0.05


def test_time_is_linear() -> None:
    def seconds(count: int) -> float:
        before = "FROM debian:12\n" + "".join(f"RUN apt-get install a{n}\nENV A{n}=$A{n - 1}\n" for n in range(count))
        after = before.replace("install", "install -y")
        start = time.perf_counter()
        assert prove(before, after).same
        return time.perf_counter() - start

    seconds(20)
    small, large = min(seconds(100) for _ in range(3)), min(seconds(800) for _ in range(3))
    assert large < small * 8 * 3


def test_a_file_of_differences_is_linear() -> None:
    def seconds(count: int) -> float:
        before = "FROM debian:12\n" + "".join(f"RUN a{n} && b\n" for n in range(count))
        after = "FROM debian:12\n" + "".join(f"RUN c{n} && b\n" for n in range(count))
        start = time.perf_counter()
        assert not prove(before, after).same
        return time.perf_counter() - start

    seconds(20)
    assert seconds(1600) < max(seconds(200), 0.02) * 8 * 4
