"""What holds for every test."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing that an earlier run found is used, and nothing is left in the user's cache."""
    folder = tmp_path_factory.getbasetemp() / "cache" / str(next(_NUMBERS))
    monkeypatch.setenv("DLINT_CACHE_DIR", str(folder))


_NUMBERS = iter(range(10**9))
