"""The manual page dlint(1), made from what the commands take (man(7) of groff and mandoc)."""

from __future__ import annotations

from dlinter.config_keys import KEYS
from dlinter.usage import Usage, usages
from dlinter.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlinter.options import Option

_DESCRIPTION = """\
dlint checks Dockerfiles and Containerfiles as BuildKit reads them, the shell scripts in them included, and mends what
can be mended. Paths are files, folders that are searched for Dockerfiles, or - for standard input; without any, the
current folder is searched. Every result of a fix is read again and proven to be the same build before it is written.
"""
_IGNORE = """\
A comment silences findings, with a reason if you like; codes and names are separated by commas.
"# dlint ignore=DL3009 -- the next image needs the lists" holds for the instruction that follows, "# dlint stage
ignore=..." above a FROM for the stage, "# dlint global ignore=..." for the file. Comments for hadolint work as well.
"""
_OTHER = "Other"
_EXITS = (
    ("0", "Nothing was found at or above the fail level, or everything was mended."),
    ("1", "Findings remain, a file would change, or a file cannot be read."),
    ("2", "Wrong usage or configuration, or a defect of dlint or of a rule."),
)
_FILES = (
    (".dlint.yaml, .dlint.yml, dlint.toml, .dlint.toml, pyproject.toml", "The configuration; the nearest one above a "
        "file counts. In pyproject.toml it is the table [tool.dlint]."),
    (".dlint-baseline.json", "Known findings, where nothing else is said."),
    (".hadolint.yaml", "Read as hadolint does where there is no configuration of dlint's."),
)  # fmt: skip
_ENVIRONMENT = (
    ("NO_COLOR, FORCE_COLOR", "Never or always use colours, whatever the output is."),
    ("GITHUB_STEP_SUMMARY", "The file that --format github appends a table to."),
    ("GITHUB_WORKSPACE, CI_PROJECT_DIR, BUILD_SOURCESDIRECTORY", "The checkout from which on files are named in "
        "reports to GitHub, GitLab and Azure."),
    ("HADOLINT_...", "As hadolint reads them, where there is no configuration of dlint's."),
)  # fmt: skip
_EXAMPLES = (
    ("Mend what can be mended safely below the current folder:", "dlint --fix"),
    ("Check what a branch changes:", "dlint --since origin/main"),
    ("Take down what there is in an old project, and report only what is new from then on:",
        "dlint --write-baseline\ndlint --baseline .dlint-baseline.json"),
    ("Mend what comes from an editor:", "dlint --fix --stdin-filename docker/Dockerfile - < Dockerfile"),
)  # fmt: skip


def page() -> str:
    """The page in the macros of man(7)."""
    lint, *commands = usages()
    lines = [
        '.\\" Generated from the options of dlint: python -m dlinter.generate',
        f'.TH DLINT 1 "" "dlint {__version__}" "User Commands"',
        ".SH NAME",
        "dlint \\- lint Dockerfiles and mend them without breaking the build",
        ".SH SYNOPSIS",
    ]
    lines += [line for usage in (lint, *commands) for line in _synopsis(usage)]
    lines += [".SH DESCRIPTION", *_text(_DESCRIPTION)]
    panel = ""
    lines.append(".SH OPTIONS")
    for option in lint.options:
        if option.panel != panel:
            panel = option.panel
            lines.append(f'.SS "{panel or _OTHER}"')
        lines += _option(option)
    lines.append(".SH COMMANDS")
    for usage in commands:
        lines += [f'.SS "dlint {usage.name}"', *_text(usage.help)]
        for argument in usage.arguments:
            lines += _entry(_italic(argument.metavar), argument.help)
        lines += [line for option in usage.options for line in _option(option)]
    lines.append(".SH CONFIGURATION")
    lines += _text("These keys may be set in a configuration file; those of the command line come on top.")
    for key in KEYS:
        choices = f" One of {', '.join(key.choices)}." if key.choices and key.kind == "choice" else ""
        lines += _entry(_bold(key.name), key.help + choices)
    lines += [".SH IGNORING FINDINGS", *_text(_IGNORE)]
    lines += [".SH EXIT STATUS", *_entries(_EXITS), ".SH FILES", *_entries(_FILES)]
    lines += [".SH ENVIRONMENT", *_entries(_ENVIRONMENT), ".SH EXAMPLES"]
    for text, code in _EXAMPLES:
        lines += [".PP", *_text(text), ".PP", ".RS 4", ".nf", *map(_escaped, code.split("\n")), ".fi", ".RE"]
    lines += [
        ".SH SEE ALSO",
        ".BR docker-build (1),",
        ".BR shellcheck (1)",
        ".PP",
        "https://github.com/dlint-dev/dlint",
    ]
    return "\n".join(lines) + "\n"


def _synopsis(usage: Usage) -> list[str]:
    """One line, as ``dlint rules [OPTIONS] FILE...``."""
    words = [_bold(f"dlint {usage.name}".strip()), f"[{_italic('OPTIONS')}]" if usage.options else ""]
    for argument in usage.arguments:
        metavar = argument.metavar if usage.name else "[PATHS]..."
        words.append("".join(f"\\fI{_escaped(p)}\\fR" if p.isalpha() else _escaped(p) for p in _parts(metavar)))
    return [f"{' '.join(filter(None, words))}", ".br"]


def _parts(metavar: str) -> Iterable[str]:
    """*metavar* cut into the name and what stands around it."""
    name = metavar.strip("[].")
    before, _, after = metavar.partition(name)
    return filter(None, (before, name, after))


def _option(option: Option) -> list[str]:
    short = f"{_bold(f'-{option.short}')}, " if option.short else ""
    metavar = option.metavar or ("|".join(option.choices) if len(option.choices) < 5 else option.long.upper())
    value = "" if option.kind == "flag" else f" {_italic(metavar)}"
    choices = f" One of {', '.join(option.choices)}." if len(option.choices) > 4 else ""
    repeat = {"list": " May be given several times, or with commas.", "repeat": " May be given several times."}
    return _entry(f"{short}{_bold(f'--{option.long}')}{value}", option.help + choices + repeat.get(option.kind, ""))


def _entries(rows: Iterable[tuple[str, str]]) -> list[str]:
    return [line for name, text in rows for line in _entry(_bold(name), text)]


def _entry(tag: str, text: str) -> list[str]:
    return [".TP", tag, *_text(text)]


def _text(text: str) -> list[str]:
    """Paragraphs, one sentence to a line as man-pages(7) wants it."""
    lines: list[str] = []
    for number, paragraph in enumerate(text.strip().split("\n\n")):
        lines += [".PP"] if number else []
        lines += _escaped(" ".join(paragraph.split()).replace(". ", ".\n")).split("\n")
    return lines


def _bold(text: str) -> str:
    return f"\\fB{_escaped(text)}\\fR"


def _italic(text: str) -> str:
    return f"\\fI{_escaped(text)}\\fR"


def _escaped(text: str) -> str:
    """*text* without what troff takes for a request or an escape; hyphens are those of options."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("…", "...")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in text.split("\n"))
