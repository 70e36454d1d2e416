"""What files are called in reports that a service reads: it knows them from the root of its checkout on."""

from __future__ import annotations

import os


def from_root(path: str, *variables: str) -> str:
    """*path* with ``/``, relative to the checkout that one of the environment *variables* names, else to the current
    folder; links are followed. A file outside of both keeps its absolute path, ``-`` stays.
    """
    if path == "-":
        return path
    real = os.path.realpath(path)
    for folder in (*(os.environ.get(name, "") for name in variables), os.curdir):
        if not folder:
            continue
        try:
            relative = os.path.relpath(real, os.path.realpath(folder))
        except ValueError:  # on another drive
            continue
        if not relative.startswith(os.pardir + os.sep):
            return relative.replace(os.sep, "/")
    return real.replace(os.sep, "/")
