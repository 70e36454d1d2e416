"""The options of ``dlint [OPTIONS] [PATHS]…``: one table that the fast path and the typer command are made from."""

from __future__ import annotations

from dlinter.config_keys import FORMATS, LEVELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


class Option:
    """One option. ``kind`` is ``"flag"``, ``"text"``, ``"list"`` (repeatable, with commas), ``"repeat"``, ``"choice"``
    or ``"int"``.
    """

    __slots__ = ("choices", "default", "help", "kind", "long", "metavar", "panel", "short")

    def __init__(
        self,
        long: str,
        kind: str,
        help: str,
        *,
        short: str = "",
        default: Any = None,
        metavar: str = "",
        choices: tuple[str, ...] = (),
        panel: str = "",
    ) -> None:
        self.long = long
        self.short = short
        self.kind = kind
        self.help = help
        self.default = {"flag": False, "list": (), "repeat": ()}.get(kind, default)
        self.metavar = metavar
        self.choices = choices
        self.panel = panel

    @property
    def name(self) -> str:
        """The attribute that holds its value."""
        return self.long.replace("-", "_")


_FIX, _RULES, _OUT, _RUN = "Fixing", "Rules", "Output", "Running"

OPTIONS: tuple[Option, ...] = (
    Option("fix", "flag", "Mend what can be mended without changing what the build does.", panel=_FIX),
    Option("unsafe-fixes", "flag", "With --fix or --diff: also fixes that may change the build.", panel=_FIX),
    Option("diff", "flag", "Print what --fix would change as a unified diff; write nothing.", panel=_FIX),
    Option("fix-only", "list", "With --fix or --diff: mend findings of these rules only.", metavar="RULES", panel=_FIX),
    Option("explain", "flag", "With --fix or --diff: say of every fix what it changes about the build.", panel=_FIX),
    Option("add-ignores", "flag", "Silence what remains with comments in the files.", panel=_FIX),
    Option("select", "list", "Rules to run besides the profile's: codes, names or ALL.", metavar="RULES", panel=_RULES),
    Option("ignore", "list", "Rules to leave out.", metavar="RULES", panel=_RULES),
    Option("profile", "text", "Set of rules: default, strict, hadolint, cis or all.", metavar="NAME", panel=_RULES),
    Option("build-arg", "repeat", "Value of an ARG, as for docker build.", metavar="KEY=VALUE", panel=_RULES),
    Option("context", "text", "Folder of the build context, as for docker build.", metavar="DIR", panel=_RULES),
    Option("no-shellcheck", "flag", "Do not let ShellCheck look at shell scripts.", panel=_RULES),
    Option("config", "text", "Configuration file to use instead of the nearest one.", metavar="FILE", panel=_RULES),
    Option("baseline", "text", "Leave out the findings that this file knows.", metavar="FILE", panel=_RULES),
    Option("isolated", "flag", "Read no configuration file.", panel=_RULES),
    Option("format", "choice", "How findings are printed, full by default.", short="f", choices=FORMATS, panel=_OUT),
    Option("output", "text", "Write to FILE instead of standard output.", short="o", metavar="FILE", panel=_OUT),
    Option("statistics", "flag", "Print how often each rule was found instead of the findings.", panel=_OUT),
    Option("quiet", "flag", "Print findings only, no summary and no notes.", short="q", panel=_OUT),
    Option("color", "choice", "Use colours.", default="auto", choices=("auto", "always", "never"), panel=_OUT),
    Option("fail-level", "choice", "Least severity that makes the exit code 1.", choices=LEVELS, panel=_RUN),
    Option("since", "text", "Only findings on lines changed since a git revision.", metavar="REV", panel=_RUN),
    Option("write-baseline", "flag", "Write all findings into the baseline, and report none.", panel=_RUN),
    Option("exit-zero", "flag", "Exit with 0 even if there are findings.", panel=_RUN),
    Option("force-exclude", "flag", "Leave out excluded files even if they are named.", panel=_RUN),
    Option("stdin-filename", "text", "Name of the file that comes from standard input.", metavar="FILE", panel=_RUN),
    Option("jobs", "int", "Processes to use; 0 for one per processor.", short="j", default=0, metavar="N", panel=_RUN),
    Option("no-cache", "flag", "Neither use nor keep results of earlier runs.", panel=_RUN),
    Option("version", "flag", "Print the version."),
)

#: those of ``dlint format``
FORMAT_OPTIONS: tuple[Option, ...] = (
    Option("check", "flag", "Write nothing; list the files that would change and exit with 1 if there are any."),
    Option("diff", "flag", "Write nothing; print what would change as a unified diff, exit as with --check."),
    *(
        option
        for option in OPTIONS
        if option.long in ("config", "isolated", "quiet", "force-exclude", "stdin-filename", "jobs")
    ),
)


def by_word(options: Iterable[Option]) -> dict[str, Option]:
    """*options* by the words that give them: ``--long`` and ``-s``."""
    return {
        word: option
        for option in options
        for word in (f"--{option.long}", *([f"-{option.short}"] if option.short else []))
    }


BY_WORD = by_word(OPTIONS)


class Settings:
    """The parsed command line: one attribute per option, and ``paths``."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.fix = False
        self.unsafe_fixes = False
        self.diff = False
        self.fix_only: tuple[str, ...] = ()
        self.explain = False
        self.add_ignores = False
        self.check = False
        self.select: tuple[str, ...] = ()
        self.ignore: tuple[str, ...] = ()
        self.profile: str | None = None
        self.build_arg: tuple[str, ...] = ()
        self.context: str | None = None
        self.no_shellcheck = False
        self.config: str | None = None
        self.baseline: str | None = None
        self.isolated = False
        self.format: str | None = None
        self.output: str | None = None
        self.statistics = False
        self.quiet = False
        self.color = "auto"
        self.fail_level: str | None = None
        self.since: str | None = None
        self.write_baseline = False
        self.exit_zero = False
        self.force_exclude = False
        self.stdin_filename: str | None = None
        self.jobs = 0
        self.no_cache = False
        self.version = False

    def set(self, option: Option, value: Any) -> None:
        """Give *option* its value; a list grows."""
        if option.kind == "list":
            words = [word.strip() for word in value.split(",")] if isinstance(value, str) else list(value)
            value = getattr(self, option.name) + tuple(word for word in words if word)
        elif option.kind == "repeat":
            value = (*getattr(self, option.name), value)
        setattr(self, option.name, value)


def parse(arguments: list[str], known: Mapping[str, Option] = BY_WORD) -> Settings | None:
    """The settings that *arguments* give, or None where typer has to look: help, mistakes, anything unusual.

    *known* are the options there are, by word.
    """
    settings = Settings()
    at = 0
    while at < len(arguments):
        word = arguments[at]
        at += 1
        if word == "-" or not word.startswith("-"):
            settings.paths.append(word)
            continue
        if word == "--":
            settings.paths += arguments[at:]
            break
        name, equals, value = word.partition("=")
        option = known.get(name)
        if option is None or (equals and not name.startswith("--")):
            return None
        if option.kind == "flag":
            if equals:
                return None
            settings.set(option, True)
            continue
        if not equals:
            if at >= len(arguments):
                return None
            value = arguments[at]
            at += 1
        if option.choices and value not in option.choices:
            return None
        if option.kind == "int":
            if not value.isdecimal():
                return None
            settings.set(option, int(value))
        else:
            settings.set(option, value)
    return settings
