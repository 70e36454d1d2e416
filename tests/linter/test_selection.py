"""Choosing rules by code, name, alias and profile."""

from __future__ import annotations

import pytest

from dlinter.catalogue import known_rules
from dlinter.rule import Severity
from dlinter.selection import SelectionError, find, profile_rules, select

RULES = known_rules()


@pytest.mark.parametrize("word", ["DL3000", "dl3000", "workdir-relative", "WorkdirRelativePath", "DS-0009"])
def test_code_name_and_alias_find_a_rule(word: str) -> None:
    assert [info.code for info in find(RULES, word)] == ["DL3000"]


def test_the_beginning_of_codes_finds_all_of_them() -> None:
    assert {info.code for info in find(RULES, "DL30")} >= {"DL3000", "DL3007", "DL3009"}


def test_a_misspelt_rule_gets_a_suggestion() -> None:
    with pytest.raises(SelectionError, match="unknown rule 'workdir-relativ'; did you mean 'workdir-relative'"):
        find(RULES, "workdir-relativ")


def test_a_misspelt_profile_gets_a_suggestion() -> None:
    with pytest.raises(SelectionError, match="did you mean 'strict'"):
        profile_rules(RULES, "strct")


def test_profiles() -> None:
    assert all(info.severity > Severity.STYLE for info in profile_rules(RULES, "strict"))
    assert profile_rules(RULES, "all") == RULES
    hadolint = {info.code for info in profile_rules(RULES, "hadolint")}
    assert "DL3009" in hadolint and "DL2002" not in hadolint


def test_chosen_ignored_and_severities() -> None:
    rules = select(RULES, "hadolint", ["DL2002"], ["DL3009"], {"DL3014": "error", "DL3007": "off"})
    codes = {info.code for info in rules.rules}
    assert "DL2002" in codes
    assert codes.isdisjoint({"DL3009", "DL3007"})
    by_code = {info.code: rules.severity(info) for info in rules.rules}
    assert by_code["DL3014"] is Severity.ERROR
    assert by_code["DL3042"] is Severity.WARNING, "as hadolint has it"


def test_an_unknown_severity_or_option_is_refused() -> None:
    with pytest.raises(SelectionError, match="unknown severity 'warn'; did you mean 'warning'"):
        select(RULES, severities={"DL3014": "warn"})
    with pytest.raises(SelectionError, match="unknown option of apt-install-without-yes 'managers'"):
        select(RULES, options={"DL3014": {"managers": ["apt"]}})
