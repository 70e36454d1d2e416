"""The whole command line in typer: help, completion, mistakes, and the commands besides linting."""

from __future__ import annotations

import sys
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal

import typer

from dlinter.options import FORMAT_OPTIONS, OPTIONS, Option, Settings

_HELP = """Lint Dockerfiles, and mend what can be mended without breaking the build.

PATHS are files, folders that are searched for Dockerfiles (the current one by default), or - for standard input.
"""
_FORMAT_HELP = """Lay out Dockerfiles: indentation, blanks, line ends, the case of keywords, and nothing else.

PATHS are files, folders that are searched for Dockerfiles (the current one by default), or - for standard input.
"""
_EPILOG = (
    "Commands: [bold]dlint rules[/bold] lists the rules · [bold]dlint explain RULE[/bold] shows one · "
    "[bold]dlint format[/bold] lays files out · [bold]dlint ast FILE[/bold] prints the syntax tree as JSON · "
    "[bold]dlint proof BEFORE AFTER[/bold] compares two builds · [bold]dlint config FILE[/bold] shows the settings · "
    "[bold]dlint migrate[/bold] takes over hadolint's. Exit codes: 0 clean, 1 findings, 2 wrong usage."
)

_TYPES: dict[str, Any] = {
    "flag": bool,
    "text": str | None,
    "list": list[str] | None,
    "repeat": list[str] | None,
    "int": int,
}


def _parameter(option: Option) -> Parameter:
    words = [f"--{option.long}", *([f"-{option.short}"] if option.short else [])]
    kind = Literal[option.choices] if option.choices else _TYPES[option.kind]
    if option.choices and option.default is None:
        kind = kind | None
    info = typer.Option(
        *words, help=option.help, metavar=option.metavar or None, rich_help_panel=option.panel or None,
        show_default=option.kind in ("choice", "int") and option.default is not None,
        min=0 if option.kind == "int" else None,
    )  # fmt: skip
    default = None if option.kind in ("list", "repeat") else option.default
    return Parameter(option.name, Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, info])


def settings_of(paths: list[str], values: dict[str, Any], options: tuple[Option, ...] = OPTIONS) -> Settings:
    """The settings that typer parsed."""
    settings = Settings()
    settings.paths = paths
    for option in options:
        value = values[option.name]
        if option.kind in ("list", "repeat"):
            for text in value or ():
                settings.set(option, text)
        else:
            settings.set(option, value)
    return settings


def _lint(**values: Any) -> None:
    from dlinter.run import run

    raise typer.Exit(run(settings_of(values.pop("paths") or [], values)))


def _format(**values: Any) -> None:
    from dlinter.format.command import run

    raise typer.Exit(run(settings_of(values.pop("paths") or [], values, FORMAT_OPTIONS)))


def _signature(options: tuple[Option, ...]) -> Signature:
    """``[OPTIONS] [PATHS]…`` as typer reads it."""
    argument = typer.Argument(metavar="[PATHS]...", help="Files and folders.", show_default=False)
    paths = Parameter("paths", Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[list[str] | None, argument])
    return Signature([paths, *map(_parameter, options)])


def lint_app() -> typer.Typer:
    """The command ``dlint [OPTIONS] [PATHS]…``, made from the table of options."""
    _lint.__signature__ = _signature(OPTIONS)  # type: ignore[attr-defined]
    app = typer.Typer(add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False)
    app.command(help=_HELP, epilog=_EPILOG, no_args_is_help=False)(_lint)
    return app


commands = typer.Typer(rich_markup_mode="rich", pretty_exceptions_enable=False, add_completion=False)
_format.__signature__ = _signature(FORMAT_OPTIONS)  # type: ignore[attr-defined]
commands.command("format", help=_FORMAT_HELP)(_format)


@commands.command()
def rules(
    profile: Annotated[str | None, typer.Option(help="Only the rules of this profile.", metavar="NAME")] = None,
    format: Annotated[Literal["table", "json"], typer.Option("--format", "-f", help="How to print them.")] = "table",
) -> None:
    """List the rules: code, name, severity, fix and profiles."""
    from dlinter.catalogue import as_json, as_table, known_rules
    from dlinter.selection import profile_rules

    chosen = known_rules()
    if profile is not None:
        chosen = profile_rules(chosen, profile)
    print(as_json(chosen) if format == "json" else as_table(chosen), end="")


@commands.command()
def explain(
    rule: Annotated[str, typer.Argument(help="A code, a name, or another tool's code or name.", metavar="RULE")],
) -> None:
    """Show the page of a rule: what it finds, why it matters, examples and options."""
    from dlinter.catalogue import known_rules, page
    from dlinter.selection import find

    found = find(known_rules(), rule)
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        for info in found:
            Console().print(Markdown(page(info)))
        return
    print("\n".join(page(info) for info in found), end="")


@commands.command()
def config(
    file: Annotated[str, typer.Argument(help="The file whose settings are wanted.", metavar="[FILE]")] = "Dockerfile",
    config: Annotated[str | None, typer.Option(help="Configuration file to use.", metavar="FILE")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of configuration files.")] = False,
) -> None:
    """Show the settings that hold for a file, and where each comes from."""
    if schema:
        import json

        from dlinter.config_keys import schema as make

        print(json.dumps(make(), indent=2))
        return
    from dlinter.config_view import describe
    from dlinter.linting import Linter

    settings = Settings()
    settings.config = config
    print(describe(Linter(settings).config(file), file), end="")


@commands.command()
def context(
    path: Annotated[str, typer.Argument(help="A Dockerfile, or the folder that it is in.", metavar="[PATH]")] = ".",
    context: Annotated[str | None, typer.Option(help="Folder of the build context.", metavar="DIR")] = None,
    format: Annotated[Literal["table", "json"], typer.Option("--format", "-f", help="How to print it.")] = "table",
) -> None:
    """Show what a build sends to the builder, what of it should not be sent, and an ignore file that leaves it out."""
    from dlinter.context.command import run_context

    raise typer.Exit(run_context(path, context, format))


@commands.command()
def cache(
    action: Annotated[Literal["clean", "folder"], typer.Argument(help="What to do.", metavar="clean|folder")],
) -> None:
    """Remove what earlier runs found, or print where it is kept."""
    from dlinter.cache import clean
    from dlinter.cache import folder as cache_folder

    if action == "folder":
        print(cache_folder())
        return
    removed = clean()
    print(f"Removed {removed} record{'' if removed == 1 else 's'} from {cache_folder()}.")


@commands.command()
def completion(
    shell: Annotated[Literal["bash", "fish", "zsh"], typer.Argument(help="The shell.", metavar="SHELL")],
) -> None:
    """Print the completion script of a shell.

    bash reads it from ~/.local/share/bash-completion/completions/dlint, fish from
    ~/.config/fish/completions/dlint.fish, zsh from a file _dlint in a folder of its fpath.
    """
    from dlinter.completion import script

    print(script(shell), end="")


@commands.command()
def migrate(
    folder: Annotated[str, typer.Argument(help="The root of the repository.", metavar="[FOLDER]")] = ".",
    write: Annotated[bool, typer.Option("--write", help="Carry it out; otherwise it is only shown.")] = False,
) -> None:
    """Take over hadolint's configuration, and put dlint for it into hooks and pipelines."""
    from dlinter import migrate as migration

    changes = migration.plan(folder)
    if not any(change.before != change.after for change in changes):
        print("dlint: note: hadolint is not used here", file=sys.stderr)
    for change in changes:
        print(migration.diff(change), end="")
        if write:
            migration.write(folder, change)
    for change in changes:
        for note in change.notes:
            print(f"dlint: note: {change.path}: {note}", file=sys.stderr)


@commands.command()
def proof(
    before: Annotated[str, typer.Argument(help="The Dockerfile as it was.", metavar="BEFORE")],
    after: Annotated[str, typer.Argument(help="The Dockerfile as it is now.", metavar="AFTER")],
    strict: Annotated[bool, typer.Option("--strict", help="Admit nothing but another layout.")] = False,
    format: Annotated[Literal["text", "json"], typer.Option("--format", "-f", help="How to print it.")] = "text",
) -> None:
    """Say whether two Dockerfiles are the same build, and if not, what is different."""
    from dlinter.proof.command import run_proof

    raise typer.Exit(run_proof(before, after, strict, format))


@commands.command()
def ast(
    files: Annotated[list[str], typer.Argument(help="Files to read, - for standard input.", metavar="FILE...")],
) -> None:
    """Print the syntax tree, one JSON object a line and file."""
    from dlinter.ast import describe
    from dlinter.files import ReadError, read

    failed = False
    for path in files:
        try:
            source = read(path)
        except ReadError as error:
            print(f"dlint: error: {error}", file=sys.stderr)
            failed = True
            continue
        print(describe(source))
    raise typer.Exit(1 if failed else 0)


def main(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    from dlinter.__main__ import COMMANDS
    from dlinter.config import ConfigError
    from dlinter.plugins import PluginError
    from dlinter.run import quiet_stdout
    from dlinter.selection import SelectionError

    if arguments[:1] == ["--show-completion"]:
        arguments = ["completion", *arguments[1:]]
    app = commands if arguments and arguments[0] in COMMANDS else lint_app()
    try:
        code = app(arguments, prog_name="dlint", standalone_mode=True)
        sys.stdout.flush()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1 if stop.code else 0
    except (ConfigError, PluginError, SelectionError) as error:
        print(f"dlint: error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        quiet_stdout()
        return 0
    return code if isinstance(code, int) else 0
