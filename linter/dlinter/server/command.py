"""``dlint server``: from its options to a running server."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

USAGE = """Usage: dlint server [OPTIONS]

Speak the Language Server Protocol on standard input and output.

Options:
  --stdio             Ignored: there is no other way to speak.
  --log-level LEVEL   What is logged to standard error: error, warning (default), info or debug.
  --version           Print the version.
  --help              Show this.
"""
_LEVELS = ("error", "warning", "info", "debug")


def main(arguments: list[str]) -> int:
    """Run the server until the client ends it.

    Returns 0 after shutdown and exit, 1 if the client went without shutdown, 2 for a wrong option.
    """
    level = "warning"
    at = 0
    while at < len(arguments):
        name, equals, value = arguments[at].partition("=")
        at += 1
        if name == "--log-level":
            if not equals:
                value = arguments[at] if at < len(arguments) else ""
                at += 1
            if value not in _LEVELS:
                return _wrong(f"--log-level takes one of {', '.join(_LEVELS)}, not {value!r}")
            level = value
        elif name in ("--help", "-h"):
            print(USAGE, end="")
            return 0
        elif name == "--version":
            from dlinter.version import __version__

            print(f"dlint {__version__}")
            return 0
        elif name != "--stdio" and not name.startswith("--clientProcessId"):
            return _wrong(f"no such option: {arguments[at - 1]}; see dlint server --help")
    try:
        import pygls  # noqa: F401
    except ImportError as error:
        return _wrong(f"the language server needs pygls, which cannot be imported ({error}): pip install pygls")
    return _serve(sys.stdin.buffer, sys.stdout.buffer, level)


def _wrong(message: str) -> int:
    print(f"dlint: error: {message}", file=sys.stderr)
    return 2


def _serve(reader: BinaryIO, writer: BinaryIO, level: str) -> int:
    import gc
    import logging

    # thousands of classes are made now, and none of them is garbage
    gc.disable()
    # nothing but the protocol may go to standard output
    sys.stdout = sys.stderr
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="dlint: %(levelname)s: %(message)s")
    logging.getLogger("dlinter").setLevel(level.upper())
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    from dlinter.server.wiring import make_server

    server = make_server()
    # a tree of thousands of nodes lives until the next keystroke: looking for garbage in it is time lost
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()
    server.start_io(reader, writer)
    return 0 if server.ended else 1
