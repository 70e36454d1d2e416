"""Expressions that are compiled when first used."""

from __future__ import annotations

import _sre
import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dlinter.expressions import row
from dlinter_grammar import regex
from dlinter_grammar.regex_tables import ROWS

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
        _ = pattern.nothing


@pytest.mark.parametrize("name", ["I", "M", "S", "A", "IGNORECASE", "MULTILINE", "DOTALL", "ASCII", "VERBOSE"])
def test_flags_are_those_of_re(name: str) -> None:
    assert getattr(regex, name) == getattr(re, name)


def test_no_module_imports_re_for_itself() -> None:
    for package in ("grammar", "linter", "rules"):
        for path in (ROOT / package).rglob("*.py"):
            if OTHERS.isdisjoint(path.parts):
                for node in ast.parse(path.read_text()).body:
                    assert not (isinstance(node, ast.Import) and node.names[0].name == "re"), path


@pytest.mark.parametrize("key", ROWS, ids=ascii)
def test_what_is_kept_is_what_re_makes(key: tuple[str | bytes, int]) -> None:
    assert ROWS[key] == row(*key)


@pytest.mark.skipif(_sre.MAGIC not in regex.MAGICS, reason="the tables were not made for this Python")
def test_what_is_kept_needs_no_re() -> None:
    code = (
        "import sys; from dlinter_grammar import regex, regex_tables\n"
        "for pattern, flags in regex_tables.ROWS: regex.compile(pattern, flags).search\n"
        "regex.match('[A-Za-z]:', 'c:'), regex.split(r'[,\\s]+', 'a,b')\n"
        "print('re' in sys.modules)"
    )
    environment = {"PYTHONPATH": str(ROOT / "grammar")}
    done = subprocess.run([sys.executable, "-S", "-c", code], env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.mark.parametrize("text", ["", "a, b", "1.22-alpine3", "Ünï\ncode", "x=$(date) # c"])
def test_kept_expressions_find_what_those_of_re_find(text: str) -> None:
    for pattern, flags in ROWS:
        if isinstance(pattern, str):
            ours, theirs = regex.compile(pattern, flags), re.compile(pattern, flags)
            for method in ("findall", "fullmatch", "match", "search", "split"):
                assert repr(getattr(ours, method)(text)) == repr(getattr(theirs, method)(text)), pattern
            assert (ours.groups, ours.flags, ours.groupindex) == (theirs.groups, theirs.flags, theirs.groupindex)


def test_functions_are_those_of_re(monkeypatch: pytest.MonkeyPatch) -> None:
    for rows in (ROWS, {}):
        monkeypatch.setattr(regex, "_rows", rows)
        monkeypatch.setattr(regex, "_made", {})
        assert regex.split(r"[,\s]+", "a, b,c", 1) == re.split(r"[,\s]+", "a, b,c", maxsplit=1)
        assert regex.sub("a", "b", "aaa", 2) == "bba"
        assert regex.findall(r"\d+", "1.22") == ["1", "22"]
        assert [found[0] for found in regex.finditer("A", "xaA", regex.I)] == ["a", "A"]


def test_a_python_that_the_tables_were_not_made_for_uses_re(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regex, "MAGICS", frozenset())
    assert regex._tables() == {}
    monkeypatch.undo()
    assert (regex._tables() == ROWS) is (_sre.MAGIC in regex.MAGICS)
