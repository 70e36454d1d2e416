"""Every block in every rule's docstring is a test: what is found, what the fixes make of it, what is fine."""

from __future__ import annotations

import pytest
from dlinter.edits import Safety
from dlinter.engine import Dispatcher
from dlinter.examples import Example, examples
from dlinter.fixer import fix
from dlinter.plugins import load
from dlinter.rule import Finding, RuleInfo
from dlinter.selection import RuleSet
from dlinter.source import Source
from dlinter.tree import Dockerfile
from dlinter_grammar.dockerfile import parse

RULES = load()
BAD = [
    pytest.param(info, example, id=f"{info.code}-bad{number}")
    for info in RULES
    for number, example in enumerate(examples(info.load().doc)[0])
]
GOOD = [
    pytest.param(info, text, id=f"{info.code}-good{number}")
    for info in RULES
    for number, text in enumerate(examples(info.load().doc)[1])
]


def dispatcher(info: RuleInfo) -> Dispatcher:
    return Dispatcher(RuleSet([info]))


def findings(info: RuleInfo, text: str) -> list[Finding]:
    return dispatcher(info).findings(Dockerfile(text))


@pytest.mark.parametrize(("info", "example"), BAD)
def test_bad_is_found(info: RuleInfo, example: Example) -> None:
    found = findings(info, example.bad)
    assert found
    assert all(0 <= f.start < f.end <= len(example.bad) and f.message for f in found)


@pytest.mark.parametrize(("info", "example"), BAD)
@pytest.mark.parametrize("safety", [Safety.SAFE, Safety.UNSAFE])
def test_fixed_as_shown(info: RuleInfo, example: Example, safety: Safety) -> None:
    wanted = example.fixed
    if safety is Safety.UNSAFE and example.unsafe is not None:
        wanted = example.unsafe
    result = fix(Source(example.bad), dispatcher(info), safety)
    assert not result.refused
    assert result.source.text == (example.bad if wanted is None else wanted)
    again = fix(result.source, dispatcher(info), safety)
    assert again.source.text == result.source.text, "a second run changes something"


@pytest.mark.parametrize(("info", "text"), GOOD)
def test_good_is_quiet(info: RuleInfo, text: str) -> None:
    assert findings(info, text) == []


@pytest.mark.parametrize(("info", "example"), BAD)
def test_examples_are_dockerfiles(info: RuleInfo, example: Example) -> None:
    for text in (example.bad, example.fixed, example.unsafe):
        if text is not None:
            assert parse(text).problems == []


@pytest.mark.parametrize("info", RULES, ids=lambda info: info.code)
def test_documented(info: RuleInfo) -> None:
    rule = info.load()
    bad, good = examples(rule.doc)
    assert bad and good
    assert 10 <= len(rule.title) <= 90 and not rule.title.endswith(".")
    assert 20 <= len(rule.why) <= 140 and rule.why.endswith(".")
    assert rule.code == info.code and rule.name == info.name
    assert set(rule.profiles) <= {"default", "hadolint", "cis"}
