"""Comments that silence findings, those that only look like it, and those that silence nothing."""

from __future__ import annotations

import pytest

from dlinter.add_ignores import with_ignores
from dlinter.catalogue import known_rules
from dlinter.engine import Dispatcher
from dlinter.fixer import fix
from dlinter.pragma_rules import PRAGMA_RULES
from dlinter.pragmas import Places
from dlinter.selection import RuleSet, find
from dlinter.source import Source
from dlinter.tree import Dockerfile

KNOWN = known_rules()
APT = "RUN apt-get install -y curl && apt-get install wget\n"


def dispatcher(*words: str, pragmas: bool = True) -> Dispatcher:
    rules = RuleSet([info for word in words for info in find(KNOWN, word)])
    return Dispatcher(rules, everything=KNOWN, pragmas=pragmas)


RULES = dispatcher("DL3014")
CHECKED = dispatcher("DL3014", "DL3020", "DL1002", "DL1003", "DL1004")


def codes(text: str, rules: Dispatcher = RULES) -> list[str]:
    return [finding.rule.code for finding in rules.findings(Dockerfile(text))]


def fixed(text: str, rules: Dispatcher = CHECKED) -> str:
    result = fix(Source(text), rules)
    assert result.refused == []
    return result.source.text


def test_without_a_comment_it_is_found() -> None:
    assert codes("FROM debian:12\n" + APT) == ["DL3014"]


@pytest.mark.parametrize(
    "comment",
    [
        "# dlint ignore=DL3014",
        "# dlint ignore=apt-install-without-yes -- nobody asks",
        "#dlint: ignore = dl3009, DL3014",
        "# hadolint ignore=DL3014 # why",
        "# hadolint ignore=DL3009,DL3014",
        "# hadolint ignore=DL3009 DL3014",
        "# HADOLINT  Ignore = dl3014,",
        "# hadolint ignore=DL3014 because nobody asks",
        "# dlint ignore=all",
        "# dlint ignore=DL3014\n\n# another comment",
        "# dlint ignore=DL3014\n# dlint ignore=DL3009",
        "# dlint ignore=DL3009\n# hadolint ignore=DL3014\n\n",
    ],
)
def test_silenced(comment: str) -> None:
    assert codes(f"FROM debian:12\n{comment}\n{APT}") == []
    assert codes(f"FROM debian:12\n{comment}\n{APT}", dispatcher("DL3014", pragmas=False)) == ["DL3014"]


@pytest.mark.parametrize(
    "comment",
    ["# dlint ignore=DL3009", "# ignore=DL3014", "# dlint ignored DL3014", "# dlint ignore=", "# DL3014 is ignored"],
)
def test_not_silenced(comment: str) -> None:
    assert codes(f"FROM debian:12\n{comment}\n{APT}") == ["DL3014"]


def test_only_the_next_instruction_is_covered() -> None:
    assert codes(f"FROM debian:12\n# dlint ignore=DL3014\n{APT}{APT}") == ["DL3014"]


def test_inside_a_continuation() -> None:
    assert codes("FROM debian:12\nRUN true && \\\n  # dlint ignore=DL3014\n  apt-get install curl\n") == []


def test_stage_and_file() -> None:
    stage = "# dlint stage ignore=DL3014\nFROM debian:12\n" + APT + "FROM debian:12\n" + APT
    assert codes(stage) == ["DL3014"]
    assert codes("FROM debian:12\n" + APT + APT + "# dlint global ignore=DL3014\n") == []


def test_a_comment_in_a_heredoc_is_data() -> None:
    text = "FROM debian:12\nCOPY <<EOF /x\n# dlint global ignore=DL3014\nEOF\n" + APT
    assert codes(text) == ["DL3014"]


# -- comments that are wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "code", "after"),
    [
        ("# dlint ignore=DL3014", "DL1002", ""),
        ("# dlint ignore=DL3014,DL3020 -- why", "DL1002", "# dlint ignore=DL3020 -- why\n"),
        ("# dlint ignore=DL3020,apt-install-without-yes", "DL1002", "# dlint ignore=DL3020\n"),
        ("# dlint ignore=DL3020\n# dlint ignore=DL3014", "DL1002", "# dlint ignore=DL3020\n"),
        ("# hadolint ignore DL3020", "DL1003", "# dlint ignore=DL3020\n"),
        ("# hadolint disable=DL3020 # no ADD", "DL1003", "# dlint ignore=DL3020 -- no ADD\n"),
        ("# dlint: ignores DL3020", "DL1003", "# dlint ignore=DL3020\n"),
        ("# hadoline ignore=DL3020", "DL1003", "# dlint ignore=DL3020\n"),
        ("# hadlint stage ignore=DL3020", "DL1003", "# dlint stage ignore=DL3020\n"),
        ("# hadoop disabled", None, None),
        ("# dlint ignore=", "DL1003", ""),
        ("# dlint ignore=DL3O20", "DL1004", "# dlint ignore=DL3020\n"),
        ("# dlint ignore=add-insted-of-copy", "DL1004", None),
        ("# dlint ignore=DL3020,nonsense", "DL1004", "# dlint ignore=DL3020\n"),
        ("# hadolint ignore=DL3999", None, None),
        ("# dlint ignore=DL3009", None, None),
        ("# hadolint ignore=DL3014", None, None),
        ("# hadolint is not run here", None, None),
        ("# dlint finds DL3020 here", None, None),
        ("# hadolint shell=bash", None, None),
        ("# lint everything", None, None),
    ],
)
def test_what_is_wrong_with_a_comment(comment: str, code: str | None, after: str | None) -> None:
    text = f"FROM debian:12\n{comment}\nADD a /a\n"
    found = [each for each in codes(text, CHECKED) if each in PRAGMA_RULES]
    assert found == ([] if code is None else [code])
    if after is not None:
        rules = dispatcher("DL3014", "DL1002", "DL1003", "DL1004")
        assert fixed(text, rules) == f"FROM debian:12\n{after}ADD a /a\n"


def test_an_unknown_name_is_pointed_at_with_a_suggestion() -> None:
    text = "FROM debian:12\n# dlint ignore=DL3014,add-intead-of-copy\nADD a /a\n"
    [finding] = [f for f in CHECKED.findings(Dockerfile(text)) if f.code == "DL1004"]
    assert text[finding.start : finding.end] == "add-intead-of-copy"
    assert "did you mean" in finding.message


def test_what_does_not_run_is_not_judged() -> None:
    assert codes("FROM debian:12\n# dlint ignore=SC2086,DL3020\nRUN true\n", dispatcher("DL3014", "DL1002")) == []


def test_hadolints_comments_are_judged_only_if_asked() -> None:
    text = "FROM debian:12\n# hadolint ignore=DL3014\nRUN true\n"
    assert codes(text, dispatcher("DL3014", "DL1005")) == ["DL1005"]
    assert fixed(text, dispatcher("DL3014", "DL1005")) == "FROM debian:12\nRUN true\n"


def test_a_comment_in_a_continuation_goes_with_its_line() -> None:
    text = "FROM debian:12\nRUN true && \\\n    # dlint ignore=DL3014\n    # keep\n    true\n"
    assert fixed(text) == "FROM debian:12\nRUN true && \\\n    # keep\n    true\n"


def test_no_comment_is_removed_that_keeps_the_next_from_being_a_directive() -> None:
    text = "# dlint global ignore=DL3014\n# escape=`\nFROM debian:12\nRUN dir c:\\\n"
    assert codes(text, CHECKED) == ["DL1002"]
    assert fixed(text) == text


def test_inline_comments_can_be_forbidden() -> None:
    text = "FROM debian:12\n# hadolint ignore=DL3014\n" + APT + "# hadolint global ignore=DL3020\n"
    assert codes(text, dispatcher("DL1001")) == ["DL1001"]


# -- --add-ignores ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("FROM debian:12\n" + APT, "FROM debian:12\n# dlint ignore=DL3014\n" + APT),
        ("FROM debian:12\r\n  ADD a /a\r\n", "FROM debian:12\r\n  # dlint ignore=DL3020\r\n  ADD a /a\r\n"),
        (
            "FROM debian:12\n# dlint ignore=DL3009 -- why\n# else\n" + APT,
            "FROM debian:12\n# dlint ignore=DL3009,DL3014 -- why\n# else\n" + APT,
        ),
        (
            "FROM debian:12\nRUN a && \\\n  # hadolint ignore=DL3009\n  apt-get install b\n",
            "FROM debian:12\nRUN a && \\\n  # hadolint ignore=DL3009,DL3014\n  apt-get install b\n",
        ),
        (
            "FROM debian:12\nRUN <<EOF\napt-get install b\nEOF\n",
            "FROM debian:12\n# dlint ignore=DL3014\nRUN <<EOF\napt-get install b\nEOF\n",
        ),
        ("# escape=`\nFROM debian:12\n", "# escape=`\nFROM debian:12\n"),
    ],
)
def test_add_ignores(text: str, after: str) -> None:
    source = with_ignores(Source(text), CHECKED.findings(Dockerfile(text)))
    assert source.text == after
    assert codes(after, CHECKED) == []
    assert with_ignores(source, CHECKED.findings(Dockerfile(after))).text == after


def test_add_ignores_leaves_errors_that_stop_the_build() -> None:
    text = "FROM debian:12\nFOO bar\n"
    rules = dispatcher("DL1", "DL3014")
    assert codes(text, rules)
    assert with_ignores(Source(text), rules.findings(Dockerfile(text))).text == text


def test_what_stands_between_instructions_belongs_to_the_next() -> None:
    text = "# escape=`\nFROM debian:12\n# a\nRUN <<EOF\nx\nEOF\n# b\n\nCOPY a /a\n# c\n"
    file = Dockerfile(text)
    places = Places(file)

    def at(word: str) -> int | None:
        found = places.instruction(text.index(word))
        return None if found is None else found.index

    assert [at(word) for word in ("escape", "FROM", "# a", "x\n", "# b", "COPY", "# c")] == [None, 0, 1, 1, 2, 2, 2]
