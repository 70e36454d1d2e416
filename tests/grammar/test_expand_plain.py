"""Words without anything to expand take a short way; the long one gives the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dlinter_grammar.expand import expand
from dlinter_grammar.expander import _SPACES, Expander

CHARS = st.sampled_from(["a", "1", "/", ".", "$", "<", "'", '"', "\\", "`", "\ufeff", "é", "}", *sorted(_SPACES)])


@given(st.text(CHARS, max_size=6), st.sampled_from("\\`"), st.booleans())
def test_both_ways_agree(word: str, escape: str, literal: bool) -> None:
    found = expand(word, {}, escape, literal_quotes=literal)
    if found.error is None:
        assert (found.value, found.words) == Expander(word, {}, escape, False, False, False, not literal).process(
            None, False
        )
