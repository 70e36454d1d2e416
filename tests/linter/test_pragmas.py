"""Comments that silence findings, and those that only look like it."""

from __future__ import annotations

import pytest
from dlinter.catalogue import known_rules
from dlinter.engine import Dispatcher
from dlinter.selection import RuleSet
from dlinter.tree import Dockerfile

RULES = Dispatcher(RuleSet([info for info in known_rules() if info.code in ("DL3009", "DL3014")]))
APT = "RUN apt-get install -y curl && apt-get install wget\n"


def codes(text: str) -> list[str]:
    return [finding.rule.code for finding in RULES.findings(Dockerfile(text))]


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
        "# dlint ignore=all",
        "# dlint ignore=DL3014\n\n# another comment",
        "# dlint ignore=DL3014\n# dlint ignore=DL3009",
    ],
)
def test_silenced(comment: str) -> None:
    assert codes(f"FROM debian:12\n{comment}\n{APT}") == []


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
