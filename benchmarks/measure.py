"""What a process costs: processor time, wall time and memory, its children included."""

from __future__ import annotations

import os
import statistics
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Cost:
    """Seconds of ``cpu`` and ``wall``, and ``memory`` in MB at its highest."""

    __slots__ = ("cpu", "memory", "wall")

    def __init__(self, cpu: float, wall: float, memory: float) -> None:
        self.cpu = cpu
        self.wall = wall
        self.memory = memory


def run(command: list[str], environment: Mapping[str, str] | None = None) -> Cost:
    """The cost of *command*, whose output goes nowhere; its exit status does not matter."""
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    begin = time.perf_counter()
    process = os.posix_spawnp(command[0], command, {**os.environ, **(environment or {})}, file_actions=quiet)
    _, _, usage = os.wait4(process, 0)
    wall = time.perf_counter() - begin
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def interleaved(commands: Mapping[str, tuple[list[str], Mapping[str, str]]], rounds: int) -> dict[str, Cost]:
    """The medians of *rounds* runs of each command, run in turn so that a busy machine meets all of them alike."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, (command, environment) in commands.items():
            costs[name].append(run(command, environment))
    return {
        name: Cost(*(statistics.median(getattr(cost, what) for cost in found) for what in ("cpu", "wall", "memory")))
        for name, found in costs.items()
    }
