"""What git knows of the files of a build context: which are tracked, with which mode."""

from __future__ import annotations

import os
import subprocess

#: seconds after which git is not waited for
_PATIENCE = 10


def tracked(root: str, path: str) -> dict[str, int] | None:
    """The tracked files at or below *path* of the folder *root*, with their modes: ``0o100644``, ``0o100755`` …

    None where there is no git, no repository, or it does not answer.
    """
    command = [
        "git",
        "-c",
        "core.fsmonitor=false",
        "-C",
        root,
        "ls-files",
        "-s",
        "-z",
        "--",
        f":(literal){path or '.'}",
    ]
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, stdin=subprocess.DEVNULL, timeout=_PATIENCE,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    if done.returncode:
        return None
    found: dict[str, int] = {}
    for line in done.stdout.decode("utf-8", "surrogateescape").split("\0"):
        head, _, name = line.partition("\t")
        if name:
            found[name] = int(head.partition(" ")[0], 8)
    return found


def mode(root: str | None, path: str) -> int | None:
    """The mode of the tracked file at *path* of *root*; None if it is not tracked, or nothing is known."""
    found = None if root is None else tracked(root, path)
    return None if found is None else found.get(path)


def left_out(root: str | None, path: str) -> bool:
    """True if *path* is there but neither it nor anything in it is tracked, in a repository that tracks other files."""
    if root is None or tracked(root, path) != {}:
        return False
    return bool(tracked(root, ""))
