"""What a container starts: ENTRYPOINT and CMD together."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter import Command, Entrypoint, Stage, Word

#: programs that start the rest of their words and stay in front of them
_INITS = ("tini", "dumb-init", "catatonit", "docker-init", "gosu", "su-exec", "tini-static")


class Started:
    """A program with its arguments: ``name`` without folder, ``args`` behind it, ``command`` the one it stands in."""

    __slots__ = ("args", "command", "name", "program")

    def __init__(self, command: Command, program: Word, args: list[Word]) -> None:
        self.command = command
        self.program = program
        self.name = (program.value or "").rsplit("/", 1)[-1]
        self.args = args

    @property
    def last(self) -> Word:
        """The last word: what is added goes behind it."""
        return self.args[-1] if self.args else self.program

    def value(self, *options: str) -> tuple[Word, str | None] | None:
        """The first of *options* with its value, None where that is not fixed text; None if there is no such option."""
        for number, word in enumerate(self.args):
            text = word.value if word.value is not None else word.text
            name, equals, value = text.partition("=")
            if name in options:
                if equals:
                    return word, value if word.value is not None else None
                return word, self.args[number + 1].value if number + 1 < len(self.args) else None
            short = next((o for o in options if len(o) == 2 and text.startswith(o) and len(text) > 2), None)
            if short is not None and not text.startswith("--"):
                return word, text[2:] if word.value is not None else None
        return None


def started(stage: Stage) -> Iterator[Started]:
    """The programs that a container of *stage* starts, as far as ENTRYPOINT and CMD of the file tell."""
    facts = stage.file.facts
    entrypoint, cmd = facts.entrypoint(stage), facts.cmd(stage)
    if entrypoint is not None and entrypoint.stage is not stage and cmd is not None and cmd.stage is not stage:
        return
    if entrypoint is None or _script(entrypoint):
        if cmd is not None and cmd.stage is stage:
            for command in cmd.commands:
                yield _of(command, [])
        return
    if entrypoint.form == "json" and cmd is not None and cmd.form == "json":
        more = [word for command in cmd.commands[:1] for word in command.words]
        for number, command in enumerate(entrypoint.commands):
            yield _of(command, more if number == 0 else [])
    elif entrypoint.stage is stage:
        for command in entrypoint.commands:
            yield _of(command, [])


def _script(entrypoint: Entrypoint) -> bool:
    """True for an ENTRYPOINT that prepares things and then starts CMD, by its name."""
    words = [word.value or "" for command in entrypoint.commands for word in command.words]
    return len(words) > 0 and ("entrypoint" in words[-1] or words[-1].endswith(".sh"))


def _of(command: Command, more: list[Word]) -> Started:
    words = [*command.words[len(command.words) - len(command.args) - 1 :], *more]
    while words and (words[0].value or "").rsplit("/", 1)[-1] in _INITS and len(words) > 1:
        name = (words[0].value or "").rsplit("/", 1)[-1]
        at = 1
        while at < len(words) - 1 and words[at].text.strip("\"'")[:1] == "-":
            at += 1
        at += name in ("gosu", "su-exec") and at < len(words) - 1
        words = words[at:]
    if (words[0].value or "").rsplit("/", 1)[-1] in ("poetry", "pipenv", "uv", "pdm", "hatch") and len(words) > 2:
        if words[1].value == "run" and words[2].text[:1] != "-":
            words = words[2:]
    elif words[0].value in ("npx", "bunx") and len(words) > 1 and words[1].text[:1] != "-":
        words = words[1:]
    elif words[0].value == "bundle" and len(words) > 2 and words[1].value == "exec":
        words = words[2:]
    return Started(command, words[0], words[1:])
