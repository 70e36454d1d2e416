"""What our own fixes make of the files that other tools broke: right, or nothing."""

from __future__ import annotations

import pytest
from test_wrong_fixes import WRONG

from dlinter.catalogue import known_rules
from dlinter.edits import Safety
from dlinter.engine import Dispatcher
from dlinter.fixer import fix
from dlinter.proof import prove
from dlinter.selection import select
from dlinter.source import Source
from dlinter_grammar.dockerfile import parse

DISPATCHER = Dispatcher(select(known_rules(), "all"))


@pytest.mark.parametrize("name", WRONG)
def test_right_or_withheld(name: str) -> None:
    before, wrong, _ = WRONG[name]
    safe = fix(Source(before), DISPATCHER)
    unsafe = fix(Source(before), DISPATCHER, Safety.UNSAFE)
    for result in (safe, unsafe):
        assert not result.refused
        assert result.source.text != wrong
        assert len(parse(result.source.text).problems) <= len(parse(before).problems)
    found = prove(before, safe.source.text)
    assert found.same, found.differences
