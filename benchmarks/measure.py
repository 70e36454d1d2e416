"""What a process costs: processor time, wall time and memory, its children included."""

from __future__ import annotations

import os
import signal
import statistics
import tempfile
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Environment = Mapping[str, str]

#: seconds after which a process is ended
PATIENCE = 120.0
#: what linters exit with that did their work: nothing found, and something
_DONE = (0, 1)


class Cost:
    """Seconds of ``cpu`` and ``wall``, and ``memory`` in MB at its highest, of the process itself.

    ``trouble`` says what went wrong, and is empty if nothing did; ``remark`` how it was measured, if otherwise than
    the rest.
    """

    __slots__ = ("cpu", "memory", "remark", "trouble", "wall")

    def __init__(self, cpu: float, wall: float, memory: float, trouble: str = "", remark: str = "") -> None:
        self.cpu = cpu
        self.wall = wall
        self.memory = memory
        self.trouble = trouble
        self.remark = remark

    def each(self, count: int) -> Cost:
        """The cost of one of *count*."""
        return Cost(self.cpu / count, self.wall / count, self.memory, self.trouble, self.remark)


def failed(reason: str) -> Cost:
    return Cost(0.0, 0.0, 0.0, reason)


def run(command: list[str], environment: Environment | None = None, patience: float = PATIENCE) -> Cost:
    """The cost of *command*, whose output goes nowhere; it is ended after *patience* seconds."""
    with tempfile.TemporaryFile() as errors:
        actions = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)]
        begin = time.perf_counter()
        try:
            process = os.posix_spawnp(command[0], command, {**os.environ, **(environment or {})}, file_actions=actions)
        except OSError as error:
            return failed(f"cannot be started: {error.strerror or error}")
        timer = threading.Timer(patience, os.kill, (process, signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(process, 0)
        timer.cancel()
        wall = time.perf_counter() - begin
        code = os.waitstatus_to_exitcode(status)
        trouble = ""
        if code == -signal.SIGKILL and wall >= patience:
            trouble = f"took more than {patience:.0f} seconds"
        elif code not in _DONE:
            errors.seek(0)
            trouble = _trouble(code, errors.read().decode(errors="replace"))
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, trouble)


def _trouble(code: int, errors: str) -> str:
    """What became of a process that ended with *code* and said *errors*."""
    what = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
    lines = errors.split("\n\n")[0].strip().splitlines()
    return f"{what}: {lines[-1].strip()[:90]}" if lines else what


def median(costs: list[Cost]) -> Cost:
    """The medians of *costs*, or the first trouble among them."""
    for cost in costs:
        if cost.trouble:
            return cost
    cpu, wall, memory = (statistics.median(getattr(cost, what) for cost in costs) for what in ("cpu", "wall", "memory"))
    return Cost(cpu, wall, memory)


def interleaved(
    commands: Mapping[str, tuple[list[str], Environment]], rounds: int, slow: float = 20.0, patience: float = PATIENCE
) -> dict[str, Cost]:
    """The medians of *rounds* runs of each command, run in turn so that a busy machine meets all of them alike.

    What fails is not run again; what takes longer than *slow* seconds runs once, and its cost says so.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, (command, environment) in commands.items():
            if not any(cost.trouble or cost.wall > slow for cost in costs[name]):
                costs[name].append(run(command, environment, patience))
    found = {name: median(of_command) for name, of_command in costs.items()}
    for name, cost in found.items():
        if rounds > len(costs[name]) and not cost.trouble:
            cost.remark = f"{len(costs[name])} of {rounds} rounds"
    return found
