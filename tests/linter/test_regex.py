"""Expressions that are compiled when first used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from dlinter_grammar import regex

ROOT = Path(__file__).parents[2]
#: they make tables or run for long: the time to compile is not noticed there
OTHERS = {"build.py", "collect.py", "refresh.py", "server", "format"}


def test_a_pattern_is_compiled_when_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda pattern, flags=0: made.append(pattern) or compile_(pattern, flags))
    pattern = regex.compile("(a)b", regex.I)
    assert made == []
    assert pattern.fullmatch("AB") is not None
    assert pattern.search("xab") is not None
    assert made == ["(a)b"]


def test_it_is_what_re_makes() -> None:
    pattern = regex.compile(r"(?P<one>\d)x", regex.M | regex.S)
    assert pattern.pattern == r"(?P<one>\d)x"
    assert pattern.groups == 1
    assert pattern.sub("-", "1x2x") == "--"
    assert regex.fullmatch("a+", "aaa") is not None
    with pytest.raises(AttributeError):
        _ = pattern.nothing  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["I", "M", "S", "A", "IGNORECASE", "MULTILINE", "DOTALL", "ASCII", "VERBOSE"])
def test_flags_are_those_of_re(name: str) -> None:
    assert getattr(regex, name) == getattr(re, name)


def test_no_module_imports_re_for_itself() -> None:
    for package in ("grammar", "linter", "rules"):
        for path in (ROOT / package).rglob("*.py"):
            if OTHERS.isdisjoint(path.parts):
                for node in ast.parse(path.read_text()).body:
                    assert not (isinstance(node, ast.Import) and node.names[0].name == "re"), path
