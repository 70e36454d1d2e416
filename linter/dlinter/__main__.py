"""The command ``dlint``. What hooks and editors ask for is done without loading typer."""

from __future__ import annotations

import sys

COMMANDS = ("ast", "config", "explain", "migrate", "proof", "rules")


def main() -> None:
    """Run the command line in ``sys.argv`` and exit."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] not in COMMANDS:
        from dlinter.options import parse

        settings = parse(arguments)
        if settings is not None:
            from dlinter.run import run

            sys.exit(run(settings))
    from dlinter.cli import main as typer_main

    sys.exit(typer_main(arguments))


if __name__ == "__main__":
    main()
