"""docs/profiles.md says what the profiles are."""

from __future__ import annotations

import re
from pathlib import Path

from dlinter.catalogue import known_rules, profiles_of
from dlinter.selection import PROFILE_OPTIONS, PROFILES

TEXT = (Path(__file__).parent.parent / "docs" / "profiles.md").read_text()
LEFT_OUT, CIS = (TEXT.split(f"\n## {head}\n")[1].split("\n## ")[0] for head in ("What `default` leaves out", "`cis`"))
RULES = {info.code: info for info in known_rules()}


def codes(text: str) -> set[str]:
    return set(re.findall(r"DL\d{4}", text))


def test_every_profile_is_described() -> None:
    assert re.findall(r"^\| `(\w+)` \|", TEXT, re.M) == list(PROFILES)


def test_what_default_leaves_out_is_in_strict() -> None:
    for row in re.findall(r"^\| DL.*", LEFT_OUT, re.M):
        for code in codes(row.split("|")[1]):
            assert "default" not in profiles_of(RULES[code]) and "strict" in profiles_of(RULES[code]), code


def test_options_of_the_profile_are_named() -> None:
    assert codes(LEFT_OUT.split("Three rules")[1]) == set(PROFILE_OPTIONS["default"])


def test_cis_is_what_the_table_says() -> None:
    found = {
        code
        for code, info in RULES.items()
        if "cis" in profiles_of(info) and code[:3] in ("DL2", "DL3", "DL6", "DL7", "DL8")
    }
    assert codes(CIS) == found


def test_recommendations_are_where_the_rules_put_themselves() -> None:
    rows = {number: codes(rules) for number, rules in re.findall(r"^\| (4\.\d+) [^|]*\|([^|]*)\|", CIS, re.M)}
    for code, info in RULES.items():
        for alias in info.aliases:
            if alias.startswith("CIS-4"):
                assert code in rows[alias.removeprefix("CIS-")], (code, alias)
