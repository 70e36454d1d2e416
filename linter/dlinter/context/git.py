"""What git knows of the files of a build context: which are tracked, with which mode."""

from __future__ import annotations

import os
import subprocess

#: seconds after which git is not waited for
_PATIENCE = 10


def tracked(root: str, *paths: str) -> dict[str, int] | None:
    """The tracked files at or below *paths* of the folder *root*, with their modes: ``0o100644``, ``0o100755`` …

    None where there is no git, no repository, or it does not answer.
    """
    places = [f":(literal){path or '.'}" for path in paths]
    command = ["git", "-c", "core.fsmonitor=false", "-C", root, "ls-files", "-s", "-z", "--", *places]
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


def left_out(root: str, path: str) -> bool:
    """True if *path* is there but neither it nor anything in it is tracked, in a repository that tracks other files."""
    return tracked(root, path) == {} and bool(tracked(root, ""))


def stamp(folder: str) -> tuple[int, int] | None:
    """When the index of the repository that *folder* lies in was written, and its size; None where there is none."""
    each = os.path.abspath(folder)
    while not os.path.exists(os.path.join(each, ".git")):
        parent = os.path.dirname(each)
        if parent == each:
            return None
        each = parent
    place = os.path.join(each, ".git")
    try:
        if os.path.isfile(place):  # of a work tree or a submodule: a line that names the real one
            with open(place, encoding="utf-8") as file:
                place = os.path.join(each, file.read().partition(":")[2].strip())
        found = os.stat(os.path.join(place, "index"))
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size
