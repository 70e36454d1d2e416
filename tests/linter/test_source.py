"""Decoding without loss, and positions in characters, bytes and UTF-16 units."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dlinter.source import Source


@given(st.binary(max_size=60))
def test_every_byte_survives(data: bytes) -> None:
    assert Source.from_bytes(data).to_bytes() == data


def test_utf16_is_read_as_such_and_written_back() -> None:
    data = b"\xff\xfe" + "FROM a\n".encode("utf-16-le")
    source = Source.from_bytes(data)
    assert source.text == "\ufeffFROM a\n"
    assert source.to_bytes() == data


def test_positions_count_what_their_readers_count() -> None:
    source = Source("FROM a\nRUN echo '🐳é' x\n")
    offset = source.text.index(" x") + 1
    assert source.position(offset) == (2, 15)
    assert source.utf16(offset) == (1, 15)
    assert source.byte_column(offset) == 19


def test_the_byte_order_mark_is_no_column() -> None:
    source = Source("\ufeffFROM a\n")
    assert source.position(1) == (1, 1)
    assert source.position(6) == (1, 6)


def test_only_a_newline_ends_a_line() -> None:
    source = Source("a\x0bb\rc\u2028d\r\ne")
    assert source.line(len(source.text)) == 2
    assert source.line_text(1) == "a\x0bb\rc\u2028d"


def test_end_of_file_has_a_position() -> None:
    assert Source("").position(0) == (1, 1)
    assert Source("a\n").position(2) == (2, 1)
