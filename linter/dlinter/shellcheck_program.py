"""Where ShellCheck is."""

from __future__ import annotations

import os
import sys


def locate() -> str | None:
    """ShellCheck's program: the one installed beside this Python, else the first on the PATH."""
    name = "shellcheck.exe" if os.name == "nt" else "shellcheck"
    folders = [os.path.dirname(sys.executable), *os.environ.get("PATH", os.defpath).split(os.pathsep)]
    for folder in folders:
        path = os.path.join(folder, name)
        if folder and os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    return None
