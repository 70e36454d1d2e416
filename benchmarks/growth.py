"""``python -m benchmarks.growth``: what a line of a long file costs, beside one of a short file.

Everything runs in this process, without ShellCheck, so that start-up is left out on both sides. What is compared is
one long file with as many short ones as have the same number of lines, all of them different.
"""

from __future__ import annotations

import argparse
import gc
import time

from benchmarks.shapes import shapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.engine import Dispatcher

SHORT, LONG = 50, 5000


def cost(texts: list[str], dispatcher: Dispatcher) -> float:
    """Seconds of processor time to lint *texts* one after another."""
    from dlinter.tree import Dockerfile

    dispatcher.findings(Dockerfile(texts[0]))  # imports the rules
    gc.collect()
    begin = time.process_time()
    for text in texts:
        dispatcher.findings(Dockerfile(text))
    return time.process_time() - begin


def main() -> None:
    from dlinter.engine import Dispatcher
    from dlinter.plugins import load
    from dlinter.selection import select

    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__.split("\n")[0])
    parser.add_argument("--profile", default="default")
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    dispatcher = Dispatcher(select(load(), arguments.profile))
    gc.set_threshold(50_000)  # as the command does
    print(f"\ngrowth with the length of a file (profile {arguments.profile}, no ShellCheck, microseconds a line)")
    print(f"  {'':34}{f'{SHORT} lines':>12}{f'{LONG} lines':>12}{'ratio':>8}")
    for name in shapes(SHORT, 1):
        pairs = []
        for round_ in range(1, arguments.rounds + 1):
            # other numbers in every round and on both sides, so that nothing is known from before
            first = 4 * LONG * round_
            short = [shapes(SHORT, first + SHORT * number)[name] for number in range(LONG // SHORT)]
            long = [shapes(LONG, first + 2 * LONG)[name]]
            pairs.append((cost(short, dispatcher), cost(long, dispatcher)))
        # whatever else the machine does can only add to them
        before, after = (min(times) * 1e6 / LONG for times in zip(*pairs, strict=True))
        print(f"  {name:34}{before:>12.0f}{after:>12.0f}{after / before:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
