"""Directives, comments, line numbers, limits."""

from __future__ import annotations

import pytest
from grammar_helpers import names, only

from dlinter_grammar.directives import detect_directive
from dlinter_grammar.dockerfile import parse


@pytest.mark.parametrize(
    ("text", "escape", "directives"),
    [
        ("# escape=`\nFROM a\n", "`", ["escape"]),
        ("#escape = ` \nFROM a\n", "`", ["escape"]),
        ("# ESCAPE=`\nFROM a\n", "`", ["escape"]),
        ("  # escape=`\nFROM a\n", "`", ["escape"]),
        ("#\u3000escape=`\r\nFROM a\r\n", "`", ["escape"]),
        ("# escape=\\\nFROM a\n", "\\", ["escape"]),
        ("# syntax=x\n# check=y\n# escape=`\nFROM a\n", "`", ["syntax", "check", "escape"]),
        ("\ufeff# escape=`\nFROM a\n", "`", ["escape"]),
        ("\n# escape=`\nFROM a\n", "\\", []),
        ("# a comment\n# escape=`\nFROM a\n", "\\", []),
        ("# foo=bar\n# escape=`\nFROM a\n", "\\", []),
        ("# escape=\n# syntax=x\nFROM a\n", "\\", []),
        ("#!/bin/sh\n# escape=`\nFROM a\n", "\\", []),
        ("// escape=`\nFROM a\n", "\\", []),
        ("FROM a\n# escape=`\n", "\\", []),
        ("# escape=` # note\nFROM a\n", "\\", ["escape"]),
        ("# syntax=a \\\n# escape=`\nFROM a\n", "`", ["syntax", "escape"]),
    ],
)
def test_directives(text: str, escape: str, directives: list[str]) -> None:
    document = parse(text)
    assert document.escape == escape
    assert [directive.name.value for directive in document.directives] == directives
    for directive in document.directives:
        for token in (directive.name, directive.value):
            assert text[token.start : token.end] == token.text
        assert directive.line == text.count("\n", 0, directive.start) + 1


def test_a_directive_is_no_comment() -> None:
    document = parse("# syntax=a\n# escape=`\n# b\nFROM a\n")
    assert [comment.text for comment in document.comments] == ["# b"]
    assert [comment.value for comment in document.instructions[0].prev_comments] == ["b"]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("# syntax=docker/dockerfile:1 --x\nFROM a\n", "syntax", "docker/dockerfile:1 --x"),
        ("#!/usr/bin/env x\n# check=skip=all\nFROM a\n", "check", "skip=all"),
        (" # check=skip=all\nFROM a\n", "check", None),
        ("// syntax=a\nFROM b\n", "syntax", "a"),
        ("// check=a\nFROM b\n", "check", None),
        ('{"x": [1], "syntax": "a\\u0062"}', "syntax", "ab"),
        ('{"syntax": 1}', "syntax", None),
        ("# escape=`\n# syntax=a\nFROM b\n", "syntax", "a"),
        ("\ufeff# syntax=a\nFROM b\n", "syntax", "a"),
        ("FROM a\n# syntax=b\n", "syntax", None),
        ("# syntax=a\n# syntax=b\n", "syntax", "a"),
    ],
)
def test_detected_directives(text: str, name: str, expected: str | None) -> None:
    assert detect_directive(text, name) == expected


def test_comments_before_an_instruction() -> None:
    document = parse("# one\n\n# two\n#\n# three\n  # four\nFROM a\n# five \nRUN b \\\n# inside\n c\n# last\n")
    first, second = document.instructions
    assert [comment.value for comment in first.prev_comments] == ["three", "# four"]
    assert [comment.value for comment in second.prev_comments] == ["five"]
    assert [comment.text for comment in second.comments] == ["# inside"]
    texts = [comment.text for comment in document.comments]
    assert texts == ["# one", "# two", "#", "# three", "# four", "# five ", "# last"]
    assert [comment.line for comment in document.comments] == [1, 3, 4, 5, 6, 8, 12]


def test_line_numbers() -> None:
    text = "\n# c\nFROM a\n\n\nENV G \\\n/go\n\nRUN x \\\n\t&& y \\\n\n\n && z \\\n# d\n\nCMD <<E\n"
    lines = [(instruction.line, instruction.last_line) for instruction in parse(text).instructions]
    assert lines == [(3, 3), (6, 7), (9, 16)]
    lines = [(i.line, i.last_line) for i in parse("FROM a\nRUN <<A <<B\nx\nA\n\nB\nRUN c\n").instructions]
    assert lines == [(1, 1), (2, 6), (7, 7)]


def test_original_ends() -> None:
    instruction = only("RUN a  \r\n")
    assert (instruction.end, instruction.close) == (7, 9)
    assert instruction.map.text == "RUN a  "


LONG = "x" * 65530
LETTER = "\u00fc"
BYTE = "\udcff"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (f"FROM a\nRUN {LONG}xx\nRUN b\n", 1, "dockerfile line greater than max allowed size of 65535"),
        (f"FROM a\nRUN a \\\n{LONG}123456\n", 3, "dockerfile line greater than max allowed size of 65535"),
        (f"# a\n\nFROM {LONG}x\n", 2, "file with no instructions"),
        (f"FROM a\nRUN <<E\n{LONG}123456\nE\n", 2, "unterminated heredoc"),
        (f"FROM a\n#{LETTER * 32768}\n", 1, "dockerfile line greater than max allowed size of 65535"),
        (f"FROM a\n#{BYTE * 65535}", 1, "dockerfile line greater than max allowed size of 65535"),
    ],
)
def test_long_lines(text: str, line: int, message: str) -> None:
    [problem] = [problem for problem in parse(text).problems if problem.name == "line-too-long"]
    assert (problem.line, problem.message) == (line, message)
    assert text[problem.start : problem.end].rstrip("\n") in text.split("\n")


@pytest.mark.parametrize(
    "text", [f"FROM a\nRUN {LONG}x\n", f"FROM a\n#{LETTER * 32767}\n", f"FROM a\n#{BYTE * 65534}\n"]
)
def test_lines_that_just_fit(text: str) -> None:
    assert names(parse("FROM a\n" + text)) == []


def test_a_joined_line_has_no_limit() -> None:
    assert names(parse("FROM a\nRUN " + "\\\n".join([LONG] * 4) + "\n")) == []
