"""One engine for all tests of real builds, a limit on their time, and a table of what they did."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
from build_engine import Engine
from debian_packages import Unavailable
from figures import Figures
from stand_ins import engine_with_images

#: a small request to each index of packages that cases ask
_PROBES = {
    "apt": "FROM debian:bookworm\nRUN apt-get update\n",
    "pip": "FROM python:3.11-slim\nRUN pip download --no-cache-dir --no-deps --dest /tmp six==1.16.0\n",
    "npm": "FROM node:18-slim\nRUN npm view is-number@7.0.0 version\n",
}
_LIMIT = float(os.environ.get("DLINT_BUILDS_SECONDS", "inf"))
_STARTED = time.monotonic()


_FIGURES = Figures()


@pytest.fixture(scope="session")
def figures() -> Figures:
    return _FIGURES


@pytest.fixture(scope="session")
def running_engine(figures: Figures) -> Iterator[Engine]:
    start = time.monotonic()
    try:
        engine = engine_with_images()
    except Unavailable as reason:
        pytest.skip(f"no images are built: {reason}")
    figures.setup = time.monotonic() - start
    yield engine
    engine.stop()


@pytest.fixture
def engine(running_engine: Engine) -> Engine:
    if time.monotonic() - _STARTED > _LIMIT:
        pytest.skip(f"no time left: {_LIMIT:.0f} s (DLINT_BUILDS_SECONDS) are over")
    return running_engine


@pytest.fixture(scope="session")
def reachable(running_engine: Engine) -> dict[str, bool]:
    """Which indexes of packages steps of a build can ask."""
    context = running_engine.state / "nothing"
    context.mkdir()
    return {name: running_engine.build(probe, context, f"probe-{name}").ok for name, probe in _PROBES.items()}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _FIGURES.pairs:
        return
    terminalreporter.section("real builds")
    width = max(len(pair.name) for pair in _FIGURES.pairs)
    for pair in _FIGURES.pairs:
        before, after = (size / 1e6 for size in pair.sizes)
        first, second = pair.seconds
        terminalreporter.line(
            f"{pair.name:<{width}} {first:5.1f} s {second:5.1f} s {before:8.2f} MB -> {after:6.2f} MB  {pair.fixes}"
        )
    spent = time.monotonic() - _STARTED
    terminalreporter.line(f"{len(_FIGURES.pairs)} pairs, setup {_FIGURES.setup:.0f} s, {spent:.0f} s in all")
