"""What can be written on the command line, command by command: for shell completion and the manual."""

from __future__ import annotations

from inspect import Parameter, signature
from typing import Any, Literal, get_args, get_origin

from typer.models import ArgumentInfo, OptionInfo

from dlinter.cli import commands as app
from dlinter.config_keys import BY_NAME
from dlinter.options import OPTIONS, Option
from dlinter.server.command import USAGE
from dlinter_grammar import regex as re

_SERVER = re.compile(r"^  --(?P<long>[\w-]+)(?: (?P<metavar>[A-Z]+))? {2,}(?P<help>.+)$", re.M)


class Argument:
    """What is given without an option. ``metavar`` is what help calls it, ``choices`` are all there is, if so."""

    def __init__(self, metavar: str, help: str, choices: tuple[str, ...] = ()) -> None:
        self.metavar = metavar
        self.help = help
        self.choices = choices


class Usage:
    """A command: its ``name``, empty for linting, what ``help`` says of it, its options and arguments."""

    def __init__(self, name: str, help: str, options: list[Option], arguments: list[Argument]) -> None:
        self.name = name
        self.help = help
        self.options = options
        self.arguments = arguments


def usages() -> list[Usage]:
    """Linting, and the commands besides by name."""
    found = [_server()]
    for command in app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__
        options, arguments = _parameters(command.callback)
        found.append(Usage(name, (command.help or command.callback.__doc__ or "").strip(), options, arguments))
    found.sort(key=lambda usage: usage.name)
    lint = [_chosen(option) for option in OPTIONS]
    return [Usage("", "Lint Dockerfiles.", lint, [Argument("PATHS", "Files and folders.")]), *found]


def value(option: Option | Argument) -> str:
    """What is asked for: ``choice``, ``file``, ``folder``, ``rule``, ``text``, or nothing at all."""
    if isinstance(option, Option) and option.kind == "flag":
        return ""
    if option.choices:
        return "choice"
    word = option.metavar.strip("[].")
    kinds = {"RULE": "rule", "RULES": "rule", "DIR": "folder", "FOLDER": "folder"}
    files = ("FILE", "PATHS", "BEFORE", "AFTER")
    return kinds.get(word, "file" if word in files else "text")


def _chosen(option: Option) -> Option:
    """*option* with the values that its configuration key can have."""
    key = BY_NAME.get(option.long)
    if option.choices or key is None or not key.choices or option.kind != "text":
        return option
    return Option(
        option.long, "choice", option.help, short=option.short, default=option.default, metavar=option.metavar,
        choices=key.choices, panel=option.panel,
    )  # fmt: skip


def _parameters(callback: Any) -> tuple[list[Option], list[Argument]]:
    options: list[Option] = []
    arguments: list[Argument] = []
    for parameter in signature(callback, eval_str=True).parameters.values():
        annotated = get_args(parameter.annotation)
        if len(annotated) < 2 or not isinstance(annotated[1], (OptionInfo, ArgumentInfo)):
            continue
        kind, info = annotated[:2]
        help, choices = info.help or "", _choices(kind)
        if isinstance(info, ArgumentInfo):
            arguments.append(Argument(info.metavar or parameter.name.upper(), help, choices))
        else:
            options.append(_chosen(_option(parameter, kind, info, choices)))
    return options, arguments


def _option(parameter: Parameter, kind: Any, info: OptionInfo, choices: tuple[str, ...]) -> Option:
    # in Annotated the first word stands where a default would
    words = [word for word in (info.default, *(info.param_decls or ())) if isinstance(word, str)]
    words = words or [f"--{parameter.name.replace('_', '-')}"]
    long = next(word for word in words if word.startswith("--")).removeprefix("--")
    short = next((word for word in words if not word.startswith("--")), "").removeprefix("-")
    type_ = "flag" if kind is bool else "choice" if choices else "text"
    return Option(long, type_, info.help or "", short=short, metavar=info.metavar or "", choices=choices)


def _choices(kind: Any) -> tuple[str, ...]:
    """The words of a ``Literal``, also of one that may be missing."""
    for each in (kind, *get_args(kind)):
        if get_origin(each) is Literal:
            return get_args(each)
    return ()


def _server() -> Usage:
    """The language server, which reads its options itself."""
    options = [
        Option(match["long"], "text" if match["metavar"] else "flag", match["help"], metavar=match["metavar"] or "")
        for match in _SERVER.finditer(USAGE)
        if match["long"] != "help"
    ]
    return Usage("server", USAGE.split("\n\n")[1], options, [])
