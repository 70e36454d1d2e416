"""Whatever has been typed so far: no function fails, and every range lies where it should."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import pairwise

import pytest
from features_helpers import TODAY

from dlinter.server.features import Range, RenameError, Symbol
from dlinter.server.features.completion import complete
from dlinter.server.features.folding import folds
from dlinter.server.features.hover import hover
from dlinter.server.features.links import links
from dlinter.server.features.navigation import definitions, highlights, prepare_rename, references, rename
from dlinter.server.features.selection import selection
from dlinter.server.features.signature import signature
from dlinter.server.features.symbols import symbols
from dlinter.server.features.tokens import tokens
from dlinter.tree import Dockerfile

SEEDS = [
    "# syntax=x:1\n# check=skip=UndefinedVar;error=true\nARG V=3\n# dlint ignore=DL3008 -- x\n"
    "FROM --platform=$BUILDPLATFORM python:${V} AS base\n",
    'FROM a AS x\nARG V\nENV A=/a \\\n  # note\n  B="$A b"\nCOPY --from=x --chown="$V" ["a b", "$A/"]\n',
    'FROM a AS x\nRUN --mount=type=cache,dst=$A,from=x \\\n  echo "${A:-x}" $(date) `id` && for i in 1; do $i; done\n',
    "FROM a\nENV A=1\nCOPY <<E <<'F' /x/\nh $A\nE\ni\nF\nONBUILD RUN sh -c 'echo \"$A\"'\n",
    "FROM a\nRUN <<-E\n\tset -e\n\texport A=$((1 + A))\n\tE\nHEALTHCHECK --interval=5s CMD a || b\nEXPOSE 80/tcp\n",
    '# escape=`\nFROM mcr.microsoft.com/windows/nanoserver\nSHELL ["powershell"]\nRUN $env:A; `\n  exit\nUSER a\n',
]
CHARACTERS = "${}\"'\\`\n \t#<>|&;()=:,/@[]-aAé\u2028\r\ufeff\U0001d4b3\0"


def mutated(number: int) -> str:
    """One of the seeds after some typing, deleting, doubling and shuffling."""
    chance = random.Random(number)
    text = SEEDS[number % len(SEEDS)]
    for _ in range(chance.randint(1, 6)):
        at, kind = chance.randrange(len(text) + 1), chance.random()
        if kind < 0.4:
            text = text[:at] + chance.choice(CHARACTERS) + text[at:]
        elif kind < 0.65:
            text = text[:at] + text[at + chance.randint(1, 12) :]
        elif kind < 0.75:
            text = text[:at]
        elif kind < 0.9:
            text = text[:at] + text[at : at + chance.randint(1, 30)] * 2 + text[at:]
        else:
            lines = text.split("\n")
            chance.shuffle(lines)
            text = "\n".join(lines)
    return text


def inside(text: str, ranges: Iterable[Range]) -> None:
    for each in ranges:
        assert 0 <= each.start <= each.end <= len(text), each


def in_order(text: str, ranges: Iterable[Range]) -> None:
    last = 0
    for each in ranges:
        assert last <= each.start < each.end <= len(text), each
        last = each.end


def nested(found: list[Symbol], start: int, end: int) -> None:
    for each in found:
        assert start <= each.start <= each.name_start <= each.name_end <= each.end <= end and each.name
        nested(each.children, each.start, each.end)


@pytest.mark.parametrize("number", range(200))
def test_every_function_at_every_offset(number: int) -> None:
    text = mutated(number)
    file = Dockerfile(text)
    nested(symbols(file), 0, len(text))
    inside(text, folds(file))
    inside(text, links(file))
    coloured = tokens(file)
    in_order(text, coloured)
    assert all("\n" not in text[each.start : each.end] for each in coloured)
    for offset in range(len(text) + 1):
        _at(file, text, offset)


def _at(file: Dockerfile, text: str, offset: int) -> None:
    about = hover(file, offset, TODAY)
    assert about is None or (0 <= about.start <= offset <= about.end <= len(text) and about.text)
    for each in complete(file, offset, TODAY):
        assert each.start <= offset <= each.end and "\n" not in text[each.start : each.end] and each.text
    for link in definitions(file, offset):
        inside(text, (link.origin, link.target, link.selection))
        assert link.target.start <= link.selection.start and link.selection.end <= link.target.end
        assert link.origin.start <= offset <= link.origin.end
    places = highlights(file, offset)
    in_order(text, places)
    assert references(file, offset, declaration=False) == [each for each in places if not each.write]
    name = prepare_rename(file, offset)
    if name is not None and offset == name.start:
        assert name.text == text[name.start : name.end]
        try:
            assert [(edit.start, edit.end) for edit in rename(file, offset, "newname")]
        except RenameError as error:
            assert str(error)
    shown = signature(file, offset)
    assert shown is None or shown.active is None or 0 <= shown.active < len(shown.parameters)
    grown = selection(file, offset)
    inside(text, grown)
    assert all(b.start <= a.start and a.end <= b.end for a, b in pairwise(grown))


def test_an_offset_outside_of_the_file_is_taken_for_its_end() -> None:
    file = Dockerfile("FROM a AS b")
    for offset in (-5, 99):
        assert isinstance(complete(file, offset, TODAY), list) and isinstance(selection(file, offset), list)
        assert hover(file, offset) == hover(file, 0 if offset < 0 else len(file.text))
