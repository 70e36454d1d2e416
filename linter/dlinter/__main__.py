"""The command ``dlint``. What hooks and editors ask for is done without loading typer."""

from __future__ import annotations

import gc
import sys

COMMANDS = (
    "ast", "cache", "completion", "config", "context", "explain", "format", "migrate", "proof", "rules", "server",
)  # fmt: skip


def main() -> None:
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


if __name__ == "__main__":
    main()
