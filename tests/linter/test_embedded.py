"""Mistakes in programs and data inside a Dockerfile are shown at their own place."""

from __future__ import annotations

import pytest

from dlinter.engine import Dispatcher
from dlinter.plugins import load
from dlinter.selection import RuleSet
from dlinter.tree import Dockerfile


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("FROM a\nCOPY <<-'EOF' /app/main.py\n\tdef main():\n\t  return (\n\tEOF\n", "(\n\tEOF"),
        ("FROM a\nCOPY <<-'EOF' /app/main.py\n\tdef main():\n\t  return 1\n\tEOF\n", None),
        ("FROM a\nCOPY <<EOF /a.json\n{\n  'a': 1\n}\nEOF\n", "'a': 1"),
        ("FROM a\nRUN python3 -c 'import os \\\n  print(1)'\n", "print(1)"),
        ("FROM a\nRUN python3 -c 'a = 1\\\n; b = ('\n", "('\n"),
        ("FROM a\nRUN true && python3 <<'X' && true\nif 1\n  pass\nX\n", "1\n  pass"),
        ("FROM a\nRUN true && python3 <<X\nprint $A\nX\n", None),
        ('FROM a\nCMD ["python3", "-c", "a b"]\n', 'b"]'),
        ('FROM a\nCMD ["python3", "-c", "a \\"x\\""]\n', '"a '),
        ("FROM a\nRUN python -c 'print 1'\n", None),
        ("FROM python:3.12\nRUN python -c 'print 1'\n", "print 1"),
        ("FROM a\nRUN python3 script.py -c 'a b'\n", None),
        ("FROM a\nRUN python3 -m pip -c 'a b'\n", None),
        ("FROM a\nRUN <<EOF\n#!/usr/bin/python3\na b\nEOF\n", "b\nEOF"),
    ],
)
def test_places(text: str, where: str | None) -> None:
    wanted = [info for info in load() if info.code in ("DL2112", "DL2113")]
    found = Dispatcher(RuleSet(wanted)).findings(Dockerfile(text))
    if where is None:
        assert not found
        return
    assert len(found) == 1
    assert text[found[0].start :].startswith(where)
