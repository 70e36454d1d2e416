"""The generated tables: up to date, the same trees as Lark's own engine makes, and cheap to import."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lark import Lark, Token, Tree, UnexpectedToken
from test_shell import TREES
from test_shell_errors import ACCEPTED, REFUSED

from dlinter_grammar import shell_tables
from dlinter_grammar.shell import Parser, ShellSyntaxError
from dlinter_grammar.shell_build import compile_shell, lark

LARK = lark()
UNNAMED = {"and_or", "pipeline", "command", "compound", "condition"}


class Recorder(Parser):
    """Keeps the tokens of each run of the machine: of the script, and of each substitution in it."""

    __slots__ = ("runs", "stopped", "tokens")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.runs: list[tuple[str, list[str]]] = []
        self.tokens: list[str] = []
        self.stopped = False  # by a token, rather than by something that is no token

    def run(self, start: str) -> Any:
        outer = self.tokens
        self.tokens = mine = []
        try:
            return super().run(start)
        finally:
            self.tokens = outer
            self.runs.append((start, mine))

    def unexpected(self, kind: str) -> ShellSyntaxError:
        self.stopped = True
        return super().unexpected(kind)

    def next(self) -> str:
        kind = super().next()
        self.tokens.append(kind)
        return kind


class Replay(Parser):
    """Runs the machine over tokens that are given, and builds trees of names."""

    __slots__ = ("kinds",)

    rules = tuple(
        (length, shell_tables.SYMBOLS[origin], lambda parser, v, name=name: combine(name, list(v)))
        for name, length, origin in shell_tables.RULES
    )

    def __init__(self, kinds: list[str]) -> None:
        super().__init__("")
        self.kinds: Iterator[str] = iter(kinds)

    def next(self) -> str:
        kind = next(self.kinds, "$END")
        self.value = kind  # type: ignore[assignment]
        return kind


def combine(name: str, children: list[Any]) -> Any:
    """Lists as lists, everything else as a tuple with the alternative's name."""
    if name == "none":
        return []
    if name == "one":
        return children
    if name == "add":
        return [*children[0], children[-1]]
    return children[0] if name == "skip" else (name, *children)


def from_lark(tree: Any) -> Any:
    """Lark's tree in the same form."""
    if isinstance(tree, Token):
        return str(tree)
    assert isinstance(tree, Tree)
    children = [from_lark(child) for child in tree.children]
    if tree.data in UNNAMED:
        return children[0]
    return combine(str(tree.data), children)


def tokens(kinds: list[str]) -> Any:
    return [Token(kind, kind) for kind in kinds if kind != "$END"]


def parse_with_lark(engine: Lark, kinds: list[str], start: str) -> Any:
    return engine.parse(tokens(kinds), start=start)


def test_tables_are_up_to_date() -> None:
    assert Path(shell_tables.__file__).read_text("utf-8") == compile_shell()


SCRIPTS = [*TREES, *ACCEPTED, "a $(b; c | d) `e && f` ${g:-$(h)} <(i)", "for x in a; do if b; then c; fi; done"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_same_trees_as_lark(script: str) -> None:
    recorder = Recorder(script)
    recorder.whole()
    assert recorder.runs
    for start, kinds in recorder.runs:
        assert Replay(kinds).run(start) == from_lark(parse_with_lark(LARK, kinds, start))  # type: ignore[comparison-overlap]


@pytest.mark.parametrize("script", REFUSED)
def test_same_errors_as_lark(script: str) -> None:
    """Lark refuses the token at which the machine stopped, and none before it."""
    recorder = Recorder(script)
    with pytest.raises(ShellSyntaxError):
        recorder.whole()
    if recorder.stopped:
        start, kinds = recorder.runs[0]
        with pytest.raises(UnexpectedToken) as refused:
            parse_with_lark(LARK, kinds, start)
        assert refused.value.token.type == kinds[-1]


def test_imports_nothing_slow() -> None:
    code = (
        "import sys; import dlinter_grammar.shell, dlinter_grammar.expand; "
        "print(*sorted({'lark', 'typing', 'dataclasses', 'inspect', 'interegular'} & set(sys.modules)))"
    )
    root = Path(shell_tables.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], env={"PYTHONPATH": str(root)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_tables_stay_small() -> None:
    assert Path(shell_tables.__file__).stat().st_size < 30_000
