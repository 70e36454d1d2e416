"""What our own fixes make of the files that other tools broke: right, or nothing."""

from __future__ import annotations

import pytest
from test_wrong_fixes import WRONG

from dlinter.catalogue import known_rules
from dlinter.data.images import IMAGES
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


@pytest.mark.parametrize("image", sorted(IMAGES))
@pytest.mark.parametrize("steps", ["", "WORKDIR /srv/app\nCOPY . .\n", "COPY app.sh /bin/\n"])
def test_rule_and_proof_agree_which_images_leave_cmd_alone(image: str, steps: str) -> None:
    for safety in (Safety.SAFE, Safety.UNSAFE):
        assert not fix(Source(f"FROM {image}\n{steps}CMD app\n"), DISPATCHER, safety).refused
