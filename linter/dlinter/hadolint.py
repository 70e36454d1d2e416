"""``dlint-hadolint``: hadolint's command line. Same options, same configuration, same output, same exit codes.

Source: ``Hadolint/Config/Commandline.hs`` and ``app/Main.hs`` of hadolint 2.15, and the program itself. The rules are
those of the profile ``hadolint``; where hadolint stops or says nothing, this goes on: a file that is missing or cannot
be read spoils no other, and colours are for terminals.
"""

from __future__ import annotations

import os
import sys

from dlinter.hadolint_config import FORMATS, Hadolint, from_environment, from_file, locate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlinter.linting import Outcome
    from dlinter.output import FileReport

_LEVELS = ("error", "warning", "info", "style")
#: option -> short form, metavar (empty: a flag), help
_OPTIONS: dict[str, tuple[str, str, str]] = {
    "help": ("h", "", "Show this help text"),
    "version": ("v", "", "Show version"),
    "config": ("c", "FILENAME", "Path to the configuration file"),
    "file-path-in-report": ("", "FILEPATHINREPORT", "The file path referenced in the generated report. This only "
        "applies for the 'checkstyle', 'codeclimate', 'sonarqube', 'junit' and 'gitlab_codeclimate' formats"),
    "output": ("o", "OUTPUT", "Output destination file"),
    "no-fail": ("", "", "Don't exit with a failure status code when any rule is violated"),
    "no-color": ("", "", "Don't colorize output"),
    "verbose": ("V", "", "Enables verbose logging to stderr"),
    "format": ("f", "ARG", f"The output format for the results [{' | '.join(FORMATS)}] (default: tty)"),
    **{level: ("", "RULECODE", f"Make the rule `RULECODE` have the level `{level}`") for level in _LEVELS},
    "ignore": ("", "RULECODE", "A rule to ignore"),
    "trusted-registry": ("", "REGISTRY", "A docker registry to allow to appear in FROM instructions"),
    "require-label": ("", "LABELSCHEMA", "A label that has to be there with its type, such as maintainer:text"),
    "strict-labels": ("", "", "Do not permit labels other than specified in `label-schema`"),
    "disable-ignore-pragma": ("", "", "Disable inline ignore pragmas `# hadolint ignore=DLxxxx`"),
    "failure-threshold": ("t", "THRESHOLD", "Exit with failure code only when rules with a severity equal to or above "
        "THRESHOLD are violated. Accepted values: [error | warning | info | style | ignore | none] (default: info)"),
}  # fmt: skip
_SHORT = {short: name for name, (short, _, _) in _OPTIONS.items() if short}
_LABEL_TYPES = ("", "text", "rawtext", "url", "spdx", "hash", "rfc3339", "semver", "email")
#: formats that are told the path of --file-path-in-report
_PATHED = frozenset(("checkstyle", "codeclimate", "gitlab_codeclimate", "sonarqube", "junit"))


class UsageError(Exception):
    """A command line that hadolint does not take."""


class Arguments:
    """The parsed command line; ``said`` is what it says of the things a configuration file can say too."""

    __slots__ = ("config", "files", "help", "outputs", "report_path", "said", "version")

    def __init__(self) -> None:
        self.files: list[str] = []
        self.outputs: list[str] = []
        self.config: str | None = None
        self.report_path: str | None = None
        self.help = False
        self.version = False
        self.said = Hadolint()


def parse(words: Sequence[str]) -> Arguments:
    """The command line in *words*.

    :raises UsageError: an option or value does not exist.
    """
    found = Arguments()
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            found.files += words[at:]
            break
        if not word.startswith("-") or word == "-":
            found.files.append(word)
            continue
        value: str | None = None
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            value = value if equals else None
        else:
            name = _SHORT.get(word[1], "")
            rest = word[2:]
            if rest and name and _OPTIONS[name][1]:
                value = rest
            elif rest and name:
                words = [*words[:at], f"-{rest}", *words[at:]]
        if name not in _OPTIONS:
            raise UsageError(f"Invalid option `{word}'")
        if not _OPTIONS[name][1]:
            if value is not None:
                raise UsageError(f"Invalid option `{word}'")
            _flag(found, name)
            continue
        if value is None:
            if at >= len(words):
                raise UsageError(f"The option `{word}` expects an argument.")
            value = words[at]
            at += 1
        _set(found, name, value)
    return found


def _flag(found: Arguments, name: str) -> None:
    if name in ("help", "version"):
        setattr(found, name, True)
    else:
        setattr(found.said, name.replace("-", "_"), True)


def _set(found: Arguments, name: str, value: str) -> None:
    said = found.said
    if name == "config":
        found.config = value
    elif name == "output":
        found.outputs.append(value)
    elif name == "file-path-in-report":
        found.report_path = value
    elif name == "format":
        if value not in FORMATS:
            raise UsageError(f"option -f: unknown format `{value}'")
        said.formats.append(value)
    elif name in _LEVELS:
        said.override[name].append(value)
    elif name == "ignore":
        said.ignored.append(value)
    elif name == "trusted-registry":
        said.trusted_registries.append(value)
    elif name == "require-label":
        label, _, kind = value.partition(":")
        if kind not in _LABEL_TYPES:
            raise UsageError(f"option --require-label: unknown label type `{kind}'")
        said.label_schema[label] = "text" if kind in ("", "rawtext") else kind
    elif value.lower() in (*_LEVELS, "ignore", "none"):
        said.threshold = value.lower()
    else:
        raise UsageError(f"option -t: unknown threshold `{value}'")


def usage() -> str:
    """The help text."""
    from textwrap import wrap

    head = "dlint-hadolint - hadolint's command line for dlint\n\nUsage: dlint-hadolint [OPTIONS] [DOCKERFILE...]\n\n"
    lines = [head + "Available options:"]
    for name, (short, metavar, text) in _OPTIONS.items():
        head = f"  {f'-{short},' if short else ''}--{name}{f' {metavar}' if metavar else ''}"
        first, *rest = wrap(text, 54)
        if len(head) > 25:
            lines.append(head)
            head = ""
        lines += [f"{head:<27}{first}", *(" " * 27 + line for line in rest)]
    return "\n".join(lines) + "\n"


def run(words: Sequence[str]) -> int:
    """Do what *words* say and return the exit code: 0 or, for findings, mistakes and defects alike, 1."""
    from dlinter.config import Config, ConfigError
    from dlinter.linting import Linter
    from dlinter.options import Settings

    try:
        arguments = parse(words)
    except UsageError as error:
        print(f"{error}\n\n{usage()}", end="", file=sys.stderr)
        return 1
    if arguments.help:
        print(usage(), end="")
        return 0
    if arguments.version:
        from dlinter.version import __version__

        print(f"dlint {__version__}, as hadolint 2.15.1")
        return 0
    if not arguments.files:
        print("Please provide a Dockerfile")
        return 1
    path = arguments.config or locate()
    said = from_environment()
    if path is not None:
        try:
            said = said + from_file(path)
        except ConfigError as error:
            print(f"dlint-hadolint: {error}", file=sys.stderr)
            if arguments.config is not None and not os.path.exists(path):
                return 1
    said = said + arguments.said
    if said.verbose:
        print(f"Configuration file used: {path}" if path else "No configuration was specified.", file=sys.stderr)
        print(said.values(), file=sys.stderr)
    config = Config(path)
    config.lenient = True
    config.set({"profile": "hadolint", "fail_level": "info", **said.values()}, "hadolint")
    settings = Settings()
    settings.jobs = 1
    linter = Linter(settings)
    linter.use(config)
    outcomes = list(linter.run_all(arguments.files))
    reports = [outcome.report for outcome in outcomes if outcome.report is not None]
    for outcome in outcomes:
        if outcome.error is not None:
            print(f"dlint-hadolint: {outcome.error}", file=sys.stderr)
    _write(arguments, said, reports)
    return _exit_code(said, outcomes)


def _write(arguments: Arguments, said: Hadolint, reports: list[FileReport]) -> None:
    """Every format to its destination: paired in order, what is left over to standard output, or as tty."""
    from itertools import zip_longest

    from dlinter.output import FileReport, render

    formats = said.formats or ["tty"] * max(1, len(arguments.outputs))
    for name, target in zip_longest(formats, arguments.outputs):
        name = name or "tty"
        shown = reports
        if arguments.report_path is not None and name in _PATHED:
            shown = [FileReport(report.source, report.findings, arguments.report_path) for report in reports]
        to_file = target is not None and target != "-"
        color = not to_file and not said.no_color and sys.stdout.isatty()
        text = render(name, shown, color=color, tool="hadolint")
        if to_file:
            with open(target, "w", encoding="utf-8", errors="replace", newline="") as file:
                file.write(text)
        else:
            sys.stdout.write(text)
    sys.stdout.flush()


def _exit_code(said: Hadolint, outcomes: list[Outcome]) -> int:
    """As ``exitProgram`` of hadolint; a file that cannot be read is a failure there too, but of the whole run."""
    if any(outcome.error is not None for outcome in outcomes):
        return 1
    if said.no_fail or "codeclimate" in said.formats or "codacy" in said.formats:
        return 0
    return 1 if any(outcome.failing or outcome.unreadable for outcome in outcomes) else 0


def main() -> None:
    """Run the command line in ``sys.argv`` and exit."""
    from dlinter.plugins import PluginError
    from dlinter.run import quiet_stdout
    from dlinter.selection import SelectionError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = run(sys.argv[1:])
    except (PluginError, SelectionError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            quiet_stdout()
        else:
            print(f"dlint-hadolint: {error}", file=sys.stderr)
        code = 1
    sys.exit(code)


if __name__ == "__main__":
    main()
