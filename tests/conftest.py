"""What holds for every test."""

from __future__ import annotations

import os
import sys

import pytest

# programs of the environment are found without activating it, and python3 is the one that runs the tests
os.environ["PATH"] = os.pathsep.join((os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)))


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing that an earlier run found is used, and nothing is left in the user's cache."""
    folder = tmp_path_factory.getbasetemp() / "cache" / str(next(_NUMBERS))
    monkeypatch.setenv("DLINT_CACHE_DIR", str(folder))


_NUMBERS = iter(range(10**9))
