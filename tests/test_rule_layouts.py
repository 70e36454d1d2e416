"""What examples cannot show: files that BuildKit refuses, other line ends, missing ones."""

from __future__ import annotations

import pytest

from dlinter.catalogue import known_rules
from dlinter.edits import Safety
from dlinter.engine import Dispatcher
from dlinter.fixer import fix
from dlinter.selection import RuleSet, find
from dlinter.source import Source


def fixed(code: str, text: str, safety: Safety = Safety.SAFE) -> str:
    result = fix(Source(text), Dispatcher(RuleSet(find(known_rules(), code))), safety)
    assert not result.refused
    return result.source.text


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("DL9002", "FROM a", "FROM a\n"),
        ("DL9002", "FROM a\r\nRUN b", "FROM a\r\nRUN b\r\n"),
        ("DL9002", "FROM a\r\n\r\n\r\n", "FROM a\r\n"),
        ("DL9002", "FROM a\nRUN <<E\nb\n\n", "FROM a\nRUN <<E\nb\n\n"),
        ("DL9002", "FROM a\nRUN <<E\nb\nE", "FROM a\nRUN <<E\nb\nE\n"),
        ("DL9001", "FROM a \r\nRUN b \\ \r\n  && c\r\n", "FROM a\r\nRUN b \\\r\n  && c\r\n"),
        ("DL9001", "# escape=`\nFROM a\nRUN b ` \n  && c\\ \n", "# escape=`\nFROM a\nRUN b `\n  && c\\\n"),
        ("DL9004", "FROM a\r\nLABEL b=1\r\nLABEL c=2\r\n", "FROM a\r\nLABEL b=1 \\\r\n      c=2\r\n"),
        ("DL9004", "# escape=`\nFROM a\nLABEL b=1\nLABEL c=2\n", "# escape=`\nFROM a\nLABEL b=1 `\n      c=2\n"),
        ("DL2101", "FROM a\nEXPOSE 80  # web\n", "FROM a\n# web\nEXPOSE 80\n"),
        ("DL2101", "FROM a\r\n\tEXPOSE 80 # web\r\n", "FROM a\r\n\t# web\r\n\tEXPOSE 80\r\n"),
        ("DL2101", "FROM a\nONBUILD EXPOSE 80 # web\n", "FROM a\nONBUILD EXPOSE 80 # web\n"),
        ("DL8101", "FROM a\nONBUILD RUN npm ci\n", "FROM a\nONBUILD RUN npm ci\n"),
        ("DL8101", "FROM node:20\nRUN <<E\nnpm ci\nE\n", "FROM node:20\nRUN <<E\nnpm ci\nE\n"),
        ("DL8101", "FROM node:20\nRUN npm ci &\n", "FROM node:20\nRUN npm ci &\n"),
        ("DL8101", "FROM node:20\nRUN npm ci || true\n", "FROM node:20\nRUN npm ci || true\n"),
        (
            "DL8101",
            "FROM node:20\r\nRUN a \\\r\n\t&& npm ci \\\r\n\t# c\r\n\t&& b\r\n",
            "FROM node:20\r\nRUN a \\\r\n\t&& npm ci \\\r\n\t&& npm cache clean --force \\\r\n\t# c\r\n\t&& b\r\n",
        ),
        ("DL2110", 'FROM a\nSHELL ["x"]\nCMD ["sh","-c","a b"]\n', 'FROM a\nSHELL ["x"]\nCMD ["sh","-c","exec a b"]\n'),
        ("DL2110", 'FROM a\nCMD ["sh","-c","a \\"b\\" &"]\n', 'FROM a\nCMD ["sh","-c","a \\"b\\" &"]\n'),
    ],
)  # fmt: skip
def test_fixes(code: str, before: str, after: str) -> None:
    safety = Safety.UNSAFE if code == "DL8101" else Safety.SAFE
    assert fixed(code, before, safety) == after


@pytest.mark.parametrize("between", ["USER x\n", "# why\n", "ENV A=1\n"])
@pytest.mark.parametrize("end", ["", " &", " && exec sh", "; exit 0"])
def test_a_removal_only_moves_where_it_does_the_same(between: str, end: str) -> None:
    text = f"FROM a\nRUN curl -o /b u://c/d{end}\n{between}RUN rm /b\n"
    assert fixed("DL5001", text) == text
    plain = f"FROM a\nRUN curl -o /b u://c/d{end}\nRUN rm /b\n"
    assert (fixed("DL5001", plain) != plain) is (end == "")
