"""Rules that are asked only where the file mentions something."""

from __future__ import annotations

import pytest

from dlinter import Dockerfile, Findings, From, report, rule
from dlinter.engine import Dispatcher
from dlinter.plugins import load
from dlinter.rule import RuleInfo
from dlinter.selection import RuleSet


@rule("X1", "x", on=From, mentions=("apt", "apk"))
def mentioning(base: From) -> Findings:
    """Message"""
    yield report(base)


def found(text: str) -> int:
    return len(Dispatcher(RuleSet([RuleInfo.of(mentioning, __name__, "mentioning")])).findings(Dockerfile(text)))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("FROM a\nRUN apt\n", 1),
        ("FROM a\nRUN APK\n", 1),
        ("FROM a\nRUN a\\\npk\n", 1),
        ("FROM a\nRUN a\\\r\npk\r\n", 1),
        ("# escape=`\nFROM a\nRUN a`\npk\n", 1),
        ("FROM a\nRUN yum\n", 0),
        ("FROM a\nRUN a pk\n", 0),
    ],
)
def test_a_rule_is_asked_where_its_texts_occur(text: str, count: int) -> None:
    assert found(text) == count


def test_the_texts_are_in_lower_case() -> None:
    for info in load():
        assert isinstance(info.mentions, tuple)
        assert all(word and word == word.lower() for word in info.mentions), info
