"""``python -m benchmarks``: what dlint costs beside other tools, and how that grows.

Inputs are made here, or given with ``--files``. Nothing is fetched but the other tools, into an environment of their
own. Programs run in turn over the same files; every figure is the median of several runs.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks import inputs, peers
from benchmarks.measure import PATIENCE, Cost, failed, interleaved, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.measure import Environment
    from benchmarks.peers import Peer

#: the same in every run: no configuration of the user, nothing of earlier runs
_COLD = {"DLINT_CACHE_DIR": os.devnull}
#: seconds that a peer may take for all files: where it would need more it gets fewer
_BUDGET = 30.0
_SAMPLE = 20
_PARSE = """\
import sys
from dlinter_grammar.dockerfile import parse
for path in sys.argv[1:]:
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        parse(file.read())
"""


class Bench:
    """One run of the benchmark in the folder *work*."""

    def __init__(self, work: Path, found: list[Peer], arguments: argparse.Namespace) -> None:
        self.work = work
        self.linters = [peer for peer in found if peer.name not in (peers.PARSER, peers.LANGUAGE_SERVER)]
        self.parsers = [peer for peer in found if peer.name == peers.PARSER]
        self.dlint = [arguments.dlint] if arguments.dlint else [sys.executable, "-m", "dlinter"]
        self.python = arguments.python or sys.executable
        self.rounds = arguments.rounds
        self.jobs = str(os.cpu_count() or 1)

    def compare(self, title: str, own: Mapping[str, list[str]], paths: list[str], *, bare: bool = False) -> None:
        """Print a table of dlint, once for each of *own*'s options, and the other linters over *paths*."""
        commands: dict[str, tuple[list[str], Environment]] = {}
        if bare:
            commands["python -I -c pass"] = ([self.python, "-I", "-c", "pass"], {})
        for name, options in own.items():
            warm = {"DLINT_CACHE_DIR": str(self.work / "cache")}
            command = [*self.dlint, "--isolated", *options, *paths]
            if "--no-cache" not in options:
                run(command, warm)
            commands[name] = (command, _COLD if "--no-cache" in options else warm)
        self.measured(title, commands, self.linters, paths)

    def measured(
        self, title: str, commands: dict[str, tuple[list[str], Environment]], others: list[Peer], paths: list[str]
    ) -> None:
        """Print the table of *commands* over *paths*, and of *others* over as many of them as they manage in time."""
        counts = dict.fromkeys(commands, len(paths))
        for peer in others:
            if not peer.trouble:
                counts[peer.name] = count = self.bearable(peer, paths)
                commands[peer.name] = ([*peer.command, *paths[:count]], {})
        costs = {name: cost.each(counts[name]) for name, cost in interleaved(commands, self.rounds).items()}
        for name, count in counts.items():
            if count < len(paths):
                costs[name].remark = "; ".join(filter(None, [f"{count} files", costs[name].remark]))
        costs |= {peer.name: failed(peer.trouble) for peer in others if peer.trouble}
        self.table(title, costs)

    def bearable(self, peer: Peer, paths: list[str]) -> int:
        """How many of *paths* the peer can do within the budget."""
        if len(paths) <= _SAMPLE:
            return len(paths)
        cost = run([*peer.command, *paths[:_SAMPLE]])
        return max(_SAMPLE, min(len(paths), int(_SAMPLE * _BUDGET / max(cost.wall, 0.001))))

    def table(self, title: str, costs: Mapping[str, Cost]) -> None:
        print(f"\n{title}")
        first = next(iter(costs.values()))
        print(f"  {'':34}{'CPU ms':>10}{'wall ms':>10}{'MB':>7}{'CPU ratio':>11}{'wall ratio':>11}")
        for name, cost in costs.items():
            if cost.trouble:
                print(f"  {name:34}  {cost.trouble}")
                continue
            ratios = f"{cost.cpu / first.cpu:>11.2f}{cost.wall / first.wall:>11.2f}" if first.cpu else ""
            remark = f"  ({cost.remark})" if cost.remark else ""
            print(f"  {name:34}{cost.cpu * 1000:>10.2f}{cost.wall * 1000:>10.2f}{cost.memory:>7.0f}{ratios}{remark}")
        sys.stdout.flush()

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
            "dlint, no ShellCheck, warm": ["--no-shellcheck", "-j1"],
        }
        self.compare(f"{len(paths)} files, for each of them", own, paths)

    def long(self, lines: int) -> None:
        path = self.work / f"long-{lines}" / "Dockerfile"
        path.parent.mkdir()
        path.write_text(inputs.dockerfile(lines, 1))
        own = {"dlint": ["--no-cache"], "dlint, no ShellCheck": ["--no-cache", "--no-shellcheck"]}
        self.compare(f"one file of {lines} lines", own, [str(path)])

    def parser(self, paths: list[str]) -> None:
        own = {"dlint's parser": ([sys.executable, "-c", _PARSE, *paths], {})}
        self.measured(f"the parser alone, for each of {len(paths)} files", own, self.parsers, paths)

    def growth(self, many: int) -> None:
        """How time and memory grow with the number of files."""
        paths = inputs.write(self.work / "grown", many)
        base = [*self.dlint, "--isolated", "--no-cache", "--no-shellcheck", f"-j{self.jobs}"]
        title = f"growth with the number of files (no ShellCheck, {self.jobs} processes, for each file)"
        costs = {}
        for count in (25, 500, many):
            if count <= many:
                rounds = self.rounds if count <= 500 else 1
                command = {"": ([*base, *([str(self.work / "grown")] if count == many else paths[:count])], _COLD)}
                costs[f"{count} files"] = interleaved(command, rounds, patience=4 * PATIENCE)[""].each(count)
        self.table(title, costs)

    def fixer(self, paths: list[str]) -> None:
        """The fixer within one process, start-up left out."""
        from dlinter.edits import Safety
        from dlinter.engine import Dispatcher
        from dlinter.fixer import fix
        from dlinter.plugins import load
        from dlinter.selection import select
        from dlinter.source import Source

        texts = [Path(path).read_bytes().decode("utf-8", "surrogateescape") for path in paths[:100]]
        dispatcher = Dispatcher(select(load()))
        fix(Source(texts[0]), dispatcher, Safety.UNSAFE)
        begin = time.process_time()
        changed = sum(fix(Source(text), dispatcher, Safety.UNSAFE).source.text != text for text in texts)
        took = time.process_time() - begin
        print(
            f"\nthe fixer: {took * 1000 / len(texts):.1f} ms a file ({changed} of {len(texts)} changed, no ShellCheck)"
        )


def compiled() -> None:
    """Compile the modules of dlint, as an installer does: without that every start would take several times as long."""
    import dlinter
    import dlinter_grammar
    import dlinter_rules

    # in another process, because what a process had for memory counts for those that it starts
    folders = [str(Path(str(package.__file__)).parent) for package in (dlinter, dlinter_grammar, dlinter_rules)]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *folders], check=False)


def part(arguments: list[str]) -> None:
    """Another part of the benchmark in a process of its own, which may fail."""
    sys.stdout.flush()
    try:
        done = subprocess.run([sys.executable, *arguments], check=False, timeout=PATIENCE * 2)
    except subprocess.TimeoutExpired:
        print(f"  took too long: {' '.join(arguments)}")
        return
    if done.returncode:
        print(f"  failed with exit status {done.returncode}: {' '.join(arguments)}")


def server(found: list[Peer]) -> None:
    """The language servers' answers to a keystroke."""
    print("\nthe language server")
    command = [str(Path(__file__).with_name("server.py")), "--runs", "8"]
    for peer in found:
        if peer.name in (peers.LANGUAGE_SERVER, "tally"):
            if peer.trouble:
                print(f"  {peer.name}: {peer.trouble}")
            else:
                command += [f"--{peer.name}", peer.command[0]]
    part(command)


def machine() -> str:
    """What it runs on, and how busy that is."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, load {load:.1f}"
    return f"{date.today()}, Python {platform.python_version()}, {system}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("--files", help="a folder whose Dockerfiles are used instead of generated ones")
    parser.add_argument("--count", type=int, default=500, help="how many files (500)")
    parser.add_argument("--most", type=int, default=10_000, help="how many files growth is followed to (10000)")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything runs (5)")
    parser.add_argument("--dlint", help="the command to measure; by default this Python's")
    parser.add_argument("--python", help="the bare interpreter to compare with; by default this one")
    parser.add_argument("--peers", default=",".join(peers.PEERS), help="what to compare with; empty for nothing")
    parser.add_argument("--environment", default=Path(tempfile.gettempdir()) / "dlint-peers", type=Path,
                        help="where the other tools are installed")  # fmt: skip
    arguments = parser.parse_args()
    begin = time.monotonic()
    print(machine())
    compiled()
    found = peers.installed(arguments.environment, arguments.peers.split(",")) if arguments.peers else []
    work = Path(tempfile.mkdtemp(prefix="dlint-benchmarks-"))
    try:
        if arguments.files:
            paths = [str(path) for path in sorted(Path(arguments.files).rglob("*ockerfile*")) if path.is_file()]
            paths = paths[:: max(len(paths) // arguments.count, 1)][: arguments.count]
            if not paths:
                parser.error(f"no Dockerfiles in {arguments.files}: name a folder that holds some")
        else:
            paths = inputs.write(work / "files", arguments.count)
        bench = Bench(work, found, arguments)
        bench.single()
        bench.many(paths)
        bench.long(5000)
        bench.parser(paths)
        bench.fixer(paths)
        bench.growth(arguments.most)
    finally:
        shutil.rmtree(work)
    part(["-m", "benchmarks.growth", "--rounds", str(min(arguments.rounds, 2))])
    server(found)
    print(f"\n{(time.monotonic() - begin) / 60:.1f} minutes, {machine()}")


if __name__ == "__main__":
    main()
