"""``# check=``: what BuildKit reads, and what dlint shows of its findings then. The cases were run with BuildKit."""

from __future__ import annotations

import pytest

from dlinter.check_directive import CHECKS, Checks, OptionError, parse_options
from dlinter.engine import Dispatcher
from dlinter.plugins import load
from dlinter.rule import Severity
from dlinter.selection import RuleSet, select
from dlinter.tree import Dockerfile

RULES = [info for info in load() if set(info.aliases) & CHECKS]
DEFAULTS = [info for info in RULES if "InvalidDefinitionDescription" not in info.aliases]


def seen(text: str, rules: RuleSet | None = None) -> set[tuple[str, int]]:
    """BuildKit's name and the line of each finding."""
    file = Dockerfile(text)
    found = Dispatcher(rules or RuleSet(DEFAULTS)).findings(file)
    return {(name, file.source.line(f.start)) for f in found for name in CHECKS.intersection(f.rule.aliases)}


def test_every_check_has_a_rule() -> None:
    assert {alias for info in RULES for alias in info.aliases if alias in CHECKS} == CHECKS


@pytest.mark.parametrize(
    ("text", "skip", "skip_all", "experimental", "error"),
    [
        ("", (), False, (), False),
        ("skip=A", ("A",), False, (), False),
        ("skip=A,B;error=true", ("A", "B"), False, (), True),
        ("skip=all;experimental=X;error=0", (), True, ("X",), False),
        (" skip = A ;error = T ", ("A",), False, (), True),
        ("skip=all,A", ("all", "A"), False, (), False),
        ("skip=A;skip=B", ("B",), False, (), False),
        ("skip=A;skip=all", (), True, (), False),
        ("skip=A;error=true;skip=B;error=false", ("B;error=false",), False, (), True),
        ("skip=", ("",), False, (), False),
    ],
)
def test_options(text: str, skip: tuple[str, ...], skip_all: bool, experimental: tuple[str, ...], error: bool) -> None:
    found = parse_options(text)
    assert (found.skip, found.skip_all, found.experimental, found.error) == (skip, skip_all, experimental, error)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("skip=all;", 'invalid check option ""'),
        ("ignore=A", 'invalid check option "ignore"'),
        ("skip", 'invalid check option "skip"'),
        ("Skip=A", 'invalid check option "Skip"'),
        ("error=maybe", 'failed to parse check option "error=maybe"'),
        ("skip=A;error=true;error=true;x", 'failed to parse check option "error=true;x"'),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(OptionError, match="check option") as error:
        parse_options(text)
    assert str(error.value).startswith(message)


TWO = "FROM debian:12 AS Base\nCMD date\n"
BOTH = {("StageNameCasing", 1), ("JSONArgsRecommended", 2)}


def below(found: set[tuple[str, int]], lines: int) -> set[tuple[str, int]]:
    return {(name, line + lines) for name, line in found}


@pytest.mark.parametrize(
    ("head", "left"),
    [
        ("# nothing\n", {"StageNameCasing", "JSONArgsRecommended"}),
        ("# check=skip=StageNameCasing\n", {"JSONArgsRecommended"}),
        ("# check=skip=all\n", set()),
        ("# Check = skip=all\n", set()),
        ("#check=skip=all\n", set()),
        ("\ufeff# check=skip=all\n", set()),
        ("#!/usr/bin/env x\n# check=skip=all\n", set()),
        ("# syntax=docker/dockerfile:1\n# check=skip=all\n", set()),
        # names as BuildKit writes them, no blank, nothing in front
        ("# check=skip=stagenamecasing\n", {"StageNameCasing", "JSONArgsRecommended"}),
        ("# check=skip=JSONArgsRecommended, StageNameCasing\n", {"StageNameCasing"}),
        ("  # check=skip=all\n", {"StageNameCasing", "JSONArgsRecommended"}),
        # in the comments before FROM it is one for FROM alone
        ("\n# check=skip=all\n", {"JSONArgsRecommended"}),
        ("# hello\n# check=skip=all\n", {"JSONArgsRecommended"}),
        ("# check=skip=all\n#\n", set()),
        ("\n# check=skip=all\n#\n", {"StageNameCasing", "JSONArgsRecommended"}),
        ("\n# check=skip=all\n\n# hello\n", {"JSONArgsRecommended"}),
        ("\n  # check=skip=all\n", {"StageNameCasing", "JSONArgsRecommended"}),
        ("\n# check=skip=FromAsCasing\n# check=skip=all\n", {"StageNameCasing", "JSONArgsRecommended"}),
        ("\n# check=ignore=all\n# check=skip=all\n", {"StageNameCasing", "JSONArgsRecommended"}),
    ],
)
def test_where_it_counts(head: str, left: set[str]) -> None:
    lines = head.count("\n")
    assert seen(head + TWO) == {(name, line) for name, line in below(BOTH, lines) if name in left}


def test_before_an_instruction() -> None:
    text = "FROM debian:12\n# check=skip=JSONArgsRecommended\nCMD date\nENTRYPOINT date\n"
    assert seen(text) == {("JSONArgsRecommended", 4)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "FROM debian:12\n# check=skip=ConsistentInstructionCasing\nrun x\nRUN y\n",
            {("ConsistentInstructionCasing", 3)},
        ),
        ("FROM a AS b\n# check=skip=DuplicateStageName\nFROM a AS b\n", {("DuplicateStageName", 3)}),
        ("FROM debian:12\n# check=skip=NoEmptyContinuation\nRUN x \\\n\n y\n", {("NoEmptyContinuation", 4)}),
        ("# check=skip=NoEmptyContinuation\nFROM debian:12\nRUN x \\\n\n y\n", set()),
    ],
)
def test_checks_of_the_whole_file_look_at_the_top_only(text: str, found: set[tuple[str, int]]) -> None:
    assert seen(text) == found


def test_an_instruction_without_effect_is_skipped_at_its_successor() -> None:
    text = 'FROM debian:12\n%sCMD ["a"]\n%sCMD ["b"]\n'
    comment = "# check=skip=MultipleInstructionsDisallowed\n"
    assert seen(text % (comment, "")) == {("MultipleInstructionsDisallowed", 3)}
    assert seen(text % ("", comment)) == set()


def test_rules_that_are_not_buildkits_stay() -> None:
    rules = select(load(), "default")
    file = Dockerfile("# check=skip=all\nFROM debian:latest AS Base\n")
    assert {f.code for f in Dispatcher(rules).findings(file)} == {"DL3007"}


def test_hadolint_knows_no_directives() -> None:
    text = "# check=skip=all\nFROM debian:12\nCMD date\n"
    assert seen(text, select(load(), "default")) == set()
    assert ("JSONArgsRecommended", 3) in seen(text, select(load(), "hadolint"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# check=experimental=all\n# what for\nARG A\n# B it is\nARG B\nFROM scratch\n", {3}),
        ("# check=experimental=InvalidDefinitionDescription;skip=all\n# what for\nARG A\nFROM scratch\n", {3}),
        ("# check=experimental=Other\n# what for\nARG A\nFROM scratch\n", set()),
        ("# first\nARG A\n# check=experimental=all\n# second\nARG B\nFROM scratch\n", {5}),
        ("# first\nARG A\nFROM scratch\n", set()),
    ],
)
def test_experimental(text: str, found: set[int]) -> None:
    assert {line for name, line in seen(text) if name == "InvalidDefinitionDescription"} == found


def test_error() -> None:
    file = Dockerfile("# check=error=true\nFROM debian:latest AS Base\nWORKDIR /a\nWORKDIR b\n")
    found = {f.code: f.severity for f in Dispatcher(select(load(), "default")).findings(file)}
    # what BuildKit would not have reported makes no build fail
    assert found == {"DL2001": Severity.ERROR, "DL3000": Severity.STYLE, "DL3007": Severity.WARNING}
    mild = select(load(), "default", severities={"DL2001": "info"})
    assert [f.severity for f in Dispatcher(mild).findings(file) if f.code == "DL2001"] == [Severity.INFO]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("FROM scratch\n  # check=skip=all\nCMD x\n", ["it is indented"]),
        ("  # check=skip=all\nFROM scratch\n", ["it is indented"]),
        ("FROM scratch\n# check=skip=all\n#\nCMD x\n", ["an empty comment stands between it and the instruction"]),
        ("FROM scratch\n# check=skip=A\n# check=skip=B\nCMD x\n", ["there is one before it"]),
        ("FROM scratch\n# check=skip=all\n", ["no instruction follows"]),
        ("FROM scratch\nRUN x \\\n# check=skip=all\n y\n", ["it stands inside an instruction"]),
        ("# check=skip=all\nFROM scratch\n# check=skip=all\nCMD x\n", []),
        ("# HEALTHCHECK=1\nFROM scratch\n", []),
    ],
)
def test_what_only_looks_like_one(text: str, reasons: list[str]) -> None:
    assert [useless.reason for useless in Checks(Dockerfile(text)).useless] == reasons
