"""``python -m benchmarks``: what dlint costs beside hadolint and tally, and how that grows.

Inputs are made here, or given with ``--files``. Nothing is fetched but the other linters, into an environment of their
own. Linters run in turn over the same files; every figure is the median of several runs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import inputs, peers
from benchmarks.measure import Cost, interleaved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.peers import Peer

#: the same in every run: no configuration of the user, nothing of earlier runs
_COLD = {"DLINT_CACHE_DIR": os.devnull}


class Bench:
    """One run of the benchmark in the folder *work*."""

    def __init__(self, work: Path, found: list[Peer], arguments: argparse.Namespace) -> None:
        self.work = work
        self.peers = found
        self.dlint = [arguments.dlint] if arguments.dlint else [sys.executable, "-m", "dlinter"]
        self.python = arguments.python or sys.executable
        self.rounds = arguments.rounds
        self.jobs = str(os.cpu_count() or 1)

    def compare(self, title: str, own: Mapping[str, list[str]], paths: list[str], *, bare: bool = False) -> None:
        """Print a table of dlint, once for each of *own*'s options, and the peers over *paths*."""
        commands: dict[str, tuple[list[str], Mapping[str, str]]] = {}
        if bare:
            commands["python -I -c pass"] = ([self.python, "-I", "-c", "pass"], {})
        for name, options in own.items():
            warm = {"DLINT_CACHE_DIR": str(self.work / "cache")}
            command = [*self.dlint, "--isolated", *options, *paths]
            if "--no-cache" not in options:
                interleaved({name: (command, warm)}, 1)
            commands[name] = (command, _COLD if "--no-cache" in options else warm)
        for peer in self.peers:
            commands[peer.name] = ([*peer.command, *paths], {})
        self.table(title, interleaved(commands, self.rounds))

    def table(self, title: str, costs: Mapping[str, Cost]) -> None:
        print(f"\n{title}", flush=True)
        first = next(iter(costs.values()))
        print(f"  {'':34}{'CPU ms':>10}{'wall ms':>10}{'MB':>7}{'CPU ratio':>11}{'wall ratio':>11}")
        for name, cost in costs.items():
            ratios = f"{cost.cpu / first.cpu:>11.2f}{cost.wall / first.wall:>11.2f}"
            print(f"  {name:34}{cost.cpu * 1000:>10.1f}{cost.wall * 1000:>10.1f}{cost.memory:>7.0f}{ratios}")

    def single(self) -> None:
        for title, text in (("one small file", inputs.SMALL), ("one file with shell scripts", inputs.TYPICAL)):
            path = self.work / title.replace(" ", "-") / "Dockerfile"
            path.parent.mkdir()
            path.write_text(text)
            own = {
                "dlint": ["--no-cache"],
                "dlint, no ShellCheck": ["--no-cache", "--no-shellcheck"],
                "dlint, warm": [],
            }
            self.compare(title, own, [str(path)], bare=True)

    def many(self, paths: list[str]) -> None:
        own = {
            "dlint": ["--no-cache", "-j1"],
            f"dlint -j{self.jobs}": ["--no-cache", f"-j{self.jobs}"],
            "dlint, no ShellCheck": ["--no-cache", "--no-shellcheck", "-j1"],
            "dlint, warm": ["-j1"],
        }
        self.compare(f"{len(paths)} files", own, paths)

    def long(self, lines: int) -> None:
        path = self.work / f"long-{lines}" / "Dockerfile"
        path.parent.mkdir()
        path.write_text(inputs.dockerfile(lines, 1))
        own = {"dlint, no ShellCheck": ["--no-cache", "--no-shellcheck"]}
        self.compare(f"one file of {lines} lines", own, [str(path)])

    def growth(self, paths: list[str]) -> None:
        """How time grows: with the number of files, and with the length of one."""
        base = ["--no-cache", "--no-shellcheck", "-j1"]
        commands: dict[str, tuple[list[str], Mapping[str, str]]] = {}
        sizes = [count for count in (5, 25, 100, 500) if count <= len(paths)]
        for count in sizes:
            commands[f"{count} files"] = ([*self.dlint, "--isolated", *base, *paths[:count]], _COLD)
        lengths = (50, 500, 5000)
        for lines in lengths:
            path = self.work / f"grown-{lines}" / "Dockerfile"
            path.parent.mkdir()
            path.write_text(inputs.dockerfile(lines, 2))
            commands[f"{lines} lines"] = ([*self.dlint, "--isolated", *base, "--profile=all", str(path)], _COLD)
        costs = interleaved(commands, self.rounds)
        print("\ngrowth (no ShellCheck, one process)")
        for name, cost in costs.items():
            count = int(name.split()[0])
            print(
                f"  {name:34}{cost.cpu * 1000:>10.1f} ms{cost.cpu * 1000 / count:>10.3f} ms each{cost.memory:>7.0f} MB"
            )

    def parts(self, paths: list[str]) -> None:
        """The parser alone, and the fixer, within one process."""
        from dlinter.edits import Safety
        from dlinter.engine import Dispatcher
        from dlinter.fixer import fix
        from dlinter.plugins import load
        from dlinter.selection import select
        from dlinter.source import Source
        from dlinter_grammar.dockerfile import parse

        texts = [Path(path).read_bytes().decode("utf-8", "surrogateescape") for path in paths]
        lines = sum(text.count("\n") for text in texts)
        begin = time.process_time()
        for text in texts:
            parse(text)
        took = time.process_time() - begin
        print(f"\nthe parser alone: {took * 1000 / len(texts):.2f} ms a file, {lines / took:,.0f} lines a second")
        dispatcher = Dispatcher(select(load()))
        some = texts[:100]
        begin = time.process_time()
        changed = sum(fix(Source(text), dispatcher, Safety.UNSAFE).source.text != text for text in some)
        took = time.process_time() - begin
        print(f"the fixer: {took * 1000 / len(some):.1f} ms a file ({changed} of {len(some)} changed)")


def server() -> None:
    """The language server's answer to a keystroke, if that benchmark is there."""
    script = Path(__file__).with_name("server.py")
    if script.exists():
        print("\nthe language server", flush=True)
        subprocess.run([sys.executable, str(script)], check=False)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("--files", help="a folder whose Dockerfiles are used instead of generated ones")
    parser.add_argument("--count", type=int, default=500, help="how many files (500)")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything runs (5)")
    parser.add_argument("--dlint", help="the command to measure; by default this Python's")
    parser.add_argument("--python", help="the bare interpreter to compare with; by default this one")
    parser.add_argument("--peers", default=",".join(peers.PEERS), help="linters to compare with; empty for none")
    parser.add_argument("--environment", default=Path(tempfile.gettempdir()) / "dlint-peers", type=Path,
                        help="where the other linters are installed")  # fmt: skip
    arguments = parser.parse_args()
    found = peers.installed(arguments.environment, arguments.peers.split(",")) if arguments.peers else []
    work = Path(tempfile.mkdtemp(prefix="dlint-benchmarks-"))
    try:
        if arguments.files:
            paths = [str(path) for path in sorted(Path(arguments.files).rglob("*ockerfile*")) if path.is_file()]
            paths = paths[:: max(len(paths) // arguments.count, 1)][: arguments.count]
        else:
            paths = inputs.write(work / "files", arguments.count)
        bench = Bench(work, found, arguments)
        bench.single()
        bench.many(paths)
        bench.long(5000)
        bench.growth(paths)
        bench.parts(paths)
    finally:
        shutil.rmtree(work)
    server()


if __name__ == "__main__":
    main()
