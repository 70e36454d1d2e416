"""JSON read and written by the part of :mod:`json` that is compiled: the rest imports ``re``, for many times the work.

Where Python has no such part, :mod:`json` does it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def string(text: str) -> str:
    """*text* as a JSON string, letters outside ASCII as they are."""
    try:
        from _json import encode_basestring
    except ImportError:
        from json.encoder import encode_basestring  # type: ignore[attr-defined, no-redef, unused-ignore]
    return str(encode_basestring(text))


class _Options:
    """What the reader asks for: those of ``json.loads``."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float
    memo: dict[str, str] = {}  # noqa: RUF012


def value(data: bytes) -> Any:
    """What the JSON in *data* says.

    :raises ValueError: it is none.
    """
    text = data.decode("utf-8").strip()
    make_scanner: Any
    try:
        from _json import make_scanner
    except ImportError:
        from json import loads

        return loads(text)
    try:
        found, end = make_scanner(_Options)(text, 0)
    except StopIteration:
        end = -1
    if end != len(text):
        raise ValueError("not JSON")
    return found
