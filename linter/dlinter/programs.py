"""Runs a program on a text, as ``subprocess`` would: importing that takes longer than most programs run."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: bytes that are read at once
_CHUNK = 65_536


def output(command: list[str], data: bytes, environment: Mapping[str, str], patience: float) -> bytes | None:
    """What *command* prints with *data* as its standard input; None if it takes longer than *patience* seconds.

    :raises OSError: it cannot be started.
    """
    # without all of them a pipe could get one of their numbers
    standard = None not in (sys.stdin, sys.stdout, sys.stderr)
    if standard and sys.platform in ("linux", "darwin"):
        return _spawned(command, data, environment, patience)
    import subprocess

    try:
        return subprocess.run(command, input=data, capture_output=True, timeout=patience, env=environment).stdout
    except subprocess.TimeoutExpired:
        return None


def _spawned(command: list[str], data: bytes, environment: Mapping[str, str], patience: float) -> bytes | None:
    inside, to_write = os.pipe()
    to_read, outside = os.pipe()
    try:
        pid = os.posix_spawn(
            command[0],
            command,
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, inside, 0),
                (os.POSIX_SPAWN_DUP2, outside, 1),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
        )
    except OSError:
        os.close(to_read)
        os.close(to_write)
        raise
    finally:
        os.close(inside)
        os.close(outside)
    found: bytes | None = None
    try:
        found = _talk(to_read, to_write, data, patience)
    finally:
        os.close(to_read)
        if found is None:
            os.kill(pid, 9)
        os.waitpid(pid, 0)
    return found


def _talk(to_read: int, to_write: int, data: bytes, patience: float) -> bytes | None:
    """Write *data* and read to the end, whichever is possible, in *patience* seconds; closes *to_write*."""
    from select import PIPE_BUF, POLLOUT, poll
    from time import monotonic

    end = monotonic() + patience
    waiting = poll()
    waiting.register(to_read)
    waiting.register(to_write, POLLOUT)
    found: list[bytes] = []
    at = 0
    writing = True
    try:
        while (left := end - monotonic()) > 0:
            for file, _ in waiting.poll(left * 1000):
                if file == to_read:
                    piece = os.read(to_read, _CHUNK)
                    if not piece:
                        return b"".join(found)
                    found.append(piece)
                elif writing:
                    try:
                        at += os.write(to_write, data[at : at + PIPE_BUF])
                    except BrokenPipeError:
                        at = len(data)
                    if at >= len(data):
                        waiting.unregister(to_write)
                        os.close(to_write)
                        writing = False
        return None
    finally:
        if writing:
            os.close(to_write)
