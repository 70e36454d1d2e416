"""Severities and safeties behave as members of an IntEnum do."""

from __future__ import annotations

import copy
import pickle
from enum import IntEnum

import pytest

from dlinter.edits import Safety
from dlinter.rule import Severity


class Wanted(IntEnum):
    STYLE = 0
    INFO = 1
    WARNING = 2
    ERROR = 3


def test_members_are_those_of_an_enum() -> None:
    assert [(each.name, each.value) for each in Severity] == [(each.name, each.value) for each in Wanted]
    for ours, theirs in zip(Severity, Wanted, strict=True):
        assert Severity[ours.name] is Severity(ours.value) is Severity(ours) is getattr(Severity, ours.name) is ours
        assert isinstance(ours, Severity) and ours == theirs and hash(ours) == hash(theirs)
        assert (str(ours), f"{ours}", f"{ours:>3}") == (str(theirs), f"{theirs}", f"{theirs:>3}")
        assert repr(ours) == repr(theirs).replace("Wanted", "Severity")
    assert len(list(Safety)) == 3 and max(Safety.SAFE, Safety.HINT) is Safety.HINT
    assert Severity.INFO < Severity.ERROR and not isinstance(Severity.INFO, Safety)


def test_what_is_no_member() -> None:
    with pytest.raises(KeyError):
        Severity["warning"]
    with pytest.raises(KeyError):
        Severity["__str__"]
    with pytest.raises(ValueError, match="7 is not a valid Severity"):
        Severity(7)


def test_members_stay_the_same_when_copied() -> None:
    assert copy.deepcopy(Severity.ERROR) is Severity.ERROR
    assert pickle.loads(pickle.dumps([Safety.HINT]))[0] is Safety.HINT
