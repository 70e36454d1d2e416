"""What goes on in a container that keeps running: its first process, and its health check."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from build_engine import Engine, Ran

_Found = TypeVar("_Found")
#: seconds to wait for what has to come, and for what must not
_COMES, _STAYS_AWAY = 60, 1


def first_process(engine: Engine, tag: str, *, ends: bool) -> tuple[str, int | None]:
    """The name of process 1, and the exit code if SIGTERM *ends* the container, which has to say ``ready``."""
    container = engine.started(tag)
    try:
        assert _awaited(lambda: "ready" in engine.docker("logs", container), _COMES), "it does not say that it is ready"
        name = engine.docker("exec", container, "cat", "/proc/1/comm").strip()
        engine.docker("kill", "--signal=TERM", container)
        gone = _awaited(lambda: not engine.state_of(container)["Running"], _COMES if ends else _STAYS_AWAY)
        return name, int(engine.state_of(container)["ExitCode"]) if gone else None
    finally:
        engine.remove(container)


def health(engine: Engine, tag: str) -> Ran:
    """What the first run of the health check did; the container has to live long enough."""
    container = engine.started(tag)
    try:
        log = _awaited(lambda: engine.state_of(container)["Health"]["Log"], _COMES)
        assert log, "its health is never checked"
        return Ran(log[0]["ExitCode"], log[0]["Output"], "")
    finally:
        engine.remove(container)


def _awaited(ask: Callable[[], _Found], seconds: float) -> _Found:
    """What *ask* answers, once that is something, or after *seconds*."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer or time.monotonic() > deadline:
            return answer
        time.sleep(0.1)
