"""The table of fixes in docs/fixes.md says what the rules do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dlinter.catalogue import known_rules

ROOT = Path(__file__).parent.parent
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "fixes.md").read_text().splitlines()
    if re.match(r"\|.*\| DL\d{4} \|", line)
]
RULES = {info.code: info for info in known_rules()}
CASES = set(re.findall(r'Case\(\s+"([\w-]+)"', "".join(p.read_text() for p in (ROOT / "tests/builds").glob("*.py"))))
#: fixes that are SAFE in a file only that has problems, or with a build context: no example of the rule shows it
UNSEEN = {"DL2101"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_row(row: list[str]) -> None:
    _, code, applied, _, built = row
    info = RULES[code]
    if code not in UNSEEN:
        assert {"`--fix`": "safe", "`--unsafe-fixes`": "unsafe", "by hand": ""}[applied] == info.fix
    assert not built or built in CASES


def test_every_safe_fix_is_listed() -> None:
    listed = {row[1] for row in ROWS} | {"DL3003"}
    assert not [c for c, info in RULES.items() if info.fix == "safe" and c not in listed and not c.startswith("DL1")]
