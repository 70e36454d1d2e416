"""Edits and fixes as values: splicing, clashes, and where offsets go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlinter.edits import SAFE, UNSAFE, Edit, Fix, moved, splice


def test_splice_applies_all_edits_to_the_original_offsets() -> None:
    edits = [Edit(8, 8, "!"), Edit(0, 1, "J"), Edit(4, 6, "")]
    assert splice("hello world", edits) == "Jellwo!rld"


def test_overlapping_edits_are_no_fix() -> None:
    with pytest.raises(ValueError, match="overlap"):
        Fix([Edit(0, 5, "a"), Edit(3, 7, "b")])


def test_two_insertions_at_one_place_clash() -> None:
    assert Edit(3, 3, "a").clashes(Edit(3, 3, "b"))
    assert not Edit(3, 3, "a").clashes(Edit(3, 3, "a"))
    assert not Edit(0, 3, "").clashes(Edit(3, 3, "b"))


def test_adding_fixes_keeps_the_more_careful_safety() -> None:
    both = Fix([Edit(0, 1, "a")], SAFE, "one", ("x",)) + Fix([Edit(2, 3, "b")], UNSAFE, "two", ("x", "y"))
    assert both.safety is UNSAFE
    assert both.neutral == ("x", "y")
    assert both.title == "one"


@given(st.text(min_size=1, max_size=30), st.data())
def test_a_character_outside_the_edits_moves_with_its_text(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    edits = [Edit(start, end, data.draw(st.text(max_size=3))) for start, end in pairs]
    result = splice(text, edits)
    for offset, char in enumerate(text):
        if not any(edit.start <= offset < edit.end for edit in edits):
            assert result[moved(offset, edits)] == char
