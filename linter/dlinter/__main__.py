"""The command ``dlint``. What hooks and editors ask for is done without loading typer."""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

COMMANDS = (
    "ast", "cache", "completion", "config", "context", "explain", "format", "migrate", "proof", "rules", "server",
)  # fmt: skip


def start() -> NoReturn:
    """The whole process: :func:`main`, and then an end without what Python tidies up, a sixth of a short run."""
    try:
        main()
    except SystemExit as stop:
        if isinstance(stop.code, int) and not _awaited() and _flushed():
            import os

            os._exit(stop.code)
        raise


def main() -> NoReturn:
    """Run the command line in ``sys.argv`` and exit."""
    # a run over one file ends before there is anything to collect
    gc.set_threshold(50_000)
    arguments = sys.argv[1:]
    if arguments[:1] == ["server"]:
        from dlinter.server.command import main as serve

        sys.exit(serve(arguments[1:]))
    if not arguments or arguments[0] not in COMMANDS:
        from dlinter.options import parse

        settings = parse(arguments)
        if settings is not None:
            if settings.version:
                from dlinter.version import show

                sys.exit(show())
            from dlinter.run import run

            sys.exit(run(settings))
    elif arguments[0] == "format":
        from dlinter.options import FORMAT_OPTIONS, by_word, parse

        settings = parse(arguments[1:], by_word(FORMAT_OPTIONS))
        if settings is not None:
            from dlinter.format.command import run as run_format

            sys.exit(run_format(settings))
    from dlinter.cli import main as typer_main

    sys.exit(typer_main(arguments))


def _awaited() -> bool:
    """True if something counts on Python's own end: functions for it, threads, a debugger or profiler."""
    import atexit

    threading = sys.modules.get("threading")
    monitoring = getattr(sys, "monitoring", None)
    return bool(
        atexit._ncallbacks()
        or (threading is not None and threading.active_count() > 1)
        or sys.flags.inspect
        or sys.gettrace()
        or sys.getprofile()
        or (monitoring is not None and any(map(monitoring.get_tool, range(6))))
    )


def _flushed() -> bool:
    """True if all output is written; where it cannot be, Python says so at its end."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    start()
