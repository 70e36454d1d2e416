"""The tree that rules look at: typed instructions over the spans that the grammar found.

Nothing here copies the file: a node knows its ``start`` and ``end`` in the text and its ``parent``. What is costly
(scripts, commands, facts) is made when first asked for.
"""

from __future__ import annotations

from dlinter.settings import DEFAULTS, FileSettings
from dlinter.source import Source
from dlinter_grammar.dockerfile import parse
from dlinter_grammar.nodes import Comment, Directive, Document, Flag, Heredoc, SyntaxProblem, Token
from dlinter_grammar.nodes import Instruction as Syntax

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dlinter.commands import Command
    from dlinter.facts import Facts
    from dlinter.scripts import Script
    from dlinter_grammar.mounts import Mount

__all__ = [
    "Add", "Arg", "Cmd", "Comment", "Copy", "Directive", "Dockerfile", "Entrypoint", "Env", "Expose", "Flag",
    "From", "Healthcheck", "Heredoc", "Instruction", "Label", "Maintainer", "Node", "Onbuild", "Pair", "Run",
    "Shell", "Stage", "Stopsignal", "SyntaxProblem", "Token", "Unknown", "User", "Volume", "Workdir",
    "with_triggers",
]  # fmt: skip


class Node:
    """A range ``start``-``end`` of the file (character offsets) with the node it belongs to."""

    __slots__ = ("end", "parent", "start")

    def __init__(self, start: int, end: int, parent: Node | None) -> None:
        self.start = start
        self.end = end
        self.parent = parent

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.start}, {self.end})"


class Pair(Node):
    """``key=value`` of ENV, LABEL or ARG, as written; ``value`` is None for ``ARG key``."""

    __slots__ = ("key", "value")

    def __init__(self, key: Token, value: Token | None, start: int, end: int, parent: Node) -> None:
        super().__init__(start, end, parent)
        self.key = key
        self.value = value


class Instruction(Node):
    """One instruction. ``syntax`` is what the grammar found; ``stage`` is None before the first FROM.

    ``index`` counts the instructions of the file from 0; an ONBUILD trigger has the index of its ONBUILD.
    """

    __slots__ = ("_commands", "_scripts", "file", "index", "stage", "syntax")

    def __init__(self, syntax: Syntax, file: Dockerfile, parent: Node, stage: Stage | None, index: int) -> None:
        super().__init__(syntax.start, syntax.end, parent)
        self.syntax = syntax
        self.file = file
        self.stage = stage
        self.index = index
        self._scripts: list[Script] | None = None
        self._commands: list[Command] | None = None

    @property
    def keyword(self) -> str:
        """The keyword in lower case."""
        return self.syntax.keyword

    @property
    def name(self) -> Token:
        """The keyword as written."""
        return self.syntax.name

    @property
    def form(self) -> str:
        """How the arguments were read: see :class:`dlinter_grammar.nodes.Instruction`."""
        return self.syntax.form

    @property
    def args(self) -> list[Token]:
        return self.syntax.args

    @property
    def flags(self) -> list[Flag]:
        return self.syntax.flags

    @property
    def heredocs(self) -> list[Heredoc]:
        return self.syntax.heredocs

    @property
    def line(self) -> int:
        """The 1-based line of the keyword."""
        return self.syntax.line

    @property
    def text(self) -> str:
        """What stands in the file, continuations included, heredoc bodies left out."""
        return self.file.text[self.start : self.end]

    def flag(self, name: str) -> Flag | None:
        """The last flag ``--name``, or None."""
        return next((flag for flag in reversed(self.syntax.flags) if flag.name == name), None)

    @property
    def in_onbuild(self) -> bool:
        """True for the trigger instruction of an ONBUILD."""
        return isinstance(self.parent, Onbuild)

    @property
    def scripts(self) -> list[Script]:
        """The shell scripts it runs: shell form, heredoc scripts and ``sh -c`` strings, outer ones first."""
        if self._scripts is None:
            from dlinter.scripts import scripts_of

            self._scripts = scripts_of(self)
        return self._scripts

    @property
    def commands(self) -> list[Command]:
        """Every command it runs, however deep in lists, loops, substitutions, ``sh -c`` strings or an exec form."""
        if self._commands is None:
            from dlinter.commands import commands_of

            self._commands = commands_of(self)
        return self._commands


class From(Instruction):
    """``FROM [--platform=…] image [AS name]``."""

    __slots__ = ()

    @property
    def image(self) -> Token | None:
        return self.args[0] if self.args else None

    @property
    def as_keyword(self) -> Token | None:
        """The word ``AS`` as written."""
        return self.args[1] if len(self.args) == 3 else None

    @property
    def alias(self) -> Token | None:
        """The name given to the stage, as written."""
        return self.args[2] if len(self.args) == 3 else None


class _Files(Instruction):
    __slots__ = ()

    @property
    def sources(self) -> list[Token]:
        return self.args[:-1]

    @property
    def destination(self) -> Token | None:
        return self.args[-1] if len(self.args) > 1 else None


class Copy(_Files):
    """``COPY source… destination``."""

    __slots__ = ()


class Add(_Files):
    """``ADD source… destination``."""

    __slots__ = ()


class _Pairs(Instruction):
    __slots__ = ()

    @property
    def pairs(self) -> list[Pair]:
        return [Pair(p.key, p.value, p.start, p.end, self) for p in self.syntax.pairs]


class Env(_Pairs):
    """``ENV key=value…`` or the legacy form ``ENV key value``."""

    __slots__ = ()


class Label(_Pairs):
    """``LABEL key=value…`` or the legacy form."""

    __slots__ = ()


class Arg(_Pairs):
    """``ARG name[=default]…``."""

    __slots__ = ()


class _Text(Instruction):
    __slots__ = ()

    @property
    def value(self) -> Token | None:
        return self.args[0] if self.args else None


class Workdir(_Text):
    """``WORKDIR path``: the whole rest of the line is one path."""

    __slots__ = ()


class User(_Text):
    """``USER user[:group]``."""

    __slots__ = ()


class Stopsignal(_Text):
    """``STOPSIGNAL signal``."""

    __slots__ = ()


class Maintainer(_Text):
    """``MAINTAINER name``."""

    __slots__ = ()


class Run(Instruction):
    """``RUN command`` in shell, exec or heredoc form."""

    __slots__ = ("_mounts",)

    def __init__(self, syntax: Syntax, file: Dockerfile, parent: Node, stage: Stage | None, index: int) -> None:
        super().__init__(syntax, file, parent, stage, index)
        self._mounts: list[Mount] | None = None

    @property
    def mounts(self) -> list[Mount]:
        """The options of every ``--mount`` with a value, as far as they can be read."""
        if self._mounts is None:
            from dlinter_grammar.mounts import parse_mount

            values = [flag.value for flag in self.flags if flag.name == "mount"]
            self._mounts = [parse_mount(value.value, self.file.escape) for value in values if value is not None]
        return self._mounts

    @property
    def scratch_mounts(self) -> list[str]:
        """The targets of its cache and tmpfs mounts without a slash at the end: what is there is in no layer."""
        scratch = [mount.target for mount in self.mounts if mount.type in ("cache", "tmpfs")]
        return [target.rstrip("/") for target in scratch if target]


class Cmd(Instruction):
    """``CMD command`` in shell or exec form."""

    __slots__ = ()


class Entrypoint(Instruction):
    """``ENTRYPOINT command`` in shell or exec form."""

    __slots__ = ()


class Shell(Instruction):
    """``SHELL ["executable", "parameter"…]``."""

    __slots__ = ()


class Healthcheck(Instruction):
    """``HEALTHCHECK NONE`` or ``HEALTHCHECK [options] CMD command``."""

    __slots__ = ()

    @property
    def kind(self) -> Token | None:
        return self.syntax.kind


class Expose(Instruction):
    """``EXPOSE port[/protocol]…``."""

    __slots__ = ()


class Volume(Instruction):
    """``VOLUME path…``."""

    __slots__ = ()


class Onbuild(Instruction):
    """``ONBUILD instruction``; ``inner`` is the trigger, None where there is none."""

    __slots__ = ("inner",)

    def __init__(self, syntax: Syntax, file: Dockerfile, parent: Node, stage: Stage | None, index: int) -> None:
        super().__init__(syntax, file, parent, stage, index)
        self.inner = None if syntax.inner is None else _typed(syntax.inner, file, self, stage, index)


class Unknown(Instruction):
    """A line whose first word is no instruction."""

    __slots__ = ()


_TYPES: dict[str, type[Instruction]] = {
    kind.__name__.lower(): kind
    for kind in (
        Add, Arg, Cmd, Copy, Entrypoint, Env, Expose, From, Healthcheck, Label, Maintainer, Onbuild, Run, Shell,
        Stopsignal, User, Volume, Workdir,
    )
}  # fmt: skip


def _typed(syntax: Syntax, file: Dockerfile, parent: Node, stage: Stage | None, index: int) -> Instruction:
    return _TYPES.get(syntax.keyword, Unknown)(syntax, file, parent, stage, index)


class Stage(Node):
    """A FROM and what follows it up to the next FROM. ``index`` counts from 0."""

    __slots__ = ("base", "file", "index", "instructions")

    def __init__(self, file: Dockerfile, base: Syntax, index: int, number: int) -> None:
        super().__init__(base.start, base.end, file)
        self.file = file
        self.index = index
        self.base = From(base, file, self, self, number)
        self.instructions: list[Instruction] = [self.base]

    @property
    def name(self) -> str | None:
        """The stage's name in lower case, as BuildKit stores it."""
        alias = self.base.alias
        return alias.value.lower() if alias else None

    def following(self, instruction: Instruction) -> Iterator[Instruction]:
        """Its own instructions behind *instruction*, one of them."""
        for at in range(instruction.index - self.base.index + 1, len(self.instructions)):
            yield self.instructions[at]

    def preceding(self, instruction: Instruction) -> Iterator[Instruction]:
        """Its own instructions ahead of *instruction*, one of them, the nearest first."""
        for at in range(instruction.index - self.base.index - 1, -1, -1):
            yield self.instructions[at]

    def of(self, *kinds: type[Instruction]) -> Iterator[Instruction]:
        """Its own instructions of these kinds; triggers of ONBUILD are not its own."""
        return (i for i in self.instructions if isinstance(i, kinds))

    @property
    def comments(self) -> list[Comment]:
        """Its comments in order, from FROM to its last instruction, those inside continuations too."""
        found = [c for c in self.file.document.comments if self.start <= c.start < self.end]
        return sorted(found + [c for i in self.instructions for c in i.syntax.comments], key=lambda c: c.start)


class Dockerfile(Node):
    """A whole file. ``preamble`` is what stands before the first FROM; ``settings`` is what the user configured."""

    __slots__ = ("_comments", "_facts", "document", "instructions", "preamble", "settings", "source", "stages")

    def __init__(self, source: Source | str, path: str = "Dockerfile", settings: FileSettings = DEFAULTS) -> None:
        self.source = Source(source, path) if isinstance(source, str) else source
        self.settings = settings
        super().__init__(0, len(self.source.text), None)
        self.document: Document = parse(self.source.text)
        self.stages: list[Stage] = []
        self.preamble: list[Instruction] = []
        self.instructions: list[Instruction] = []
        self._facts: Facts | None = None
        self._comments: list[Comment] | None = None
        for number, syntax in enumerate(self.document.instructions):
            if syntax.keyword == "from":
                stage = Stage(self, syntax, len(self.stages), number)
                self.stages.append(stage)
                self.instructions.append(stage.base)
            elif self.stages:
                stage = self.stages[-1]
                instruction = _typed(syntax, self, stage, stage, number)
                stage.instructions.append(instruction)
                stage.end = instruction.end
                self.instructions.append(instruction)
            else:
                instruction = _typed(syntax, self, self, None, number)
                self.preamble.append(instruction)
                self.instructions.append(instruction)

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def escape(self) -> str:
        """The escape token, ``\\`` or a backquote."""
        return self.document.escape

    @property
    def directives(self) -> list[Directive]:
        return self.document.directives

    @property
    def comments(self) -> list[Comment]:
        """Every comment of the file in order, those inside continuations too; directives are none."""
        if self._comments is None:
            inner = [c for i in self.document.instructions for c in i.comments]
            self._comments = sorted(self.document.comments + inner, key=lambda c: c.start)
        return self._comments

    @property
    def facts(self) -> Facts:
        """What the instructions amount to: stages, scopes, effective shell, user and so on."""
        if self._facts is None:
            from dlinter.facts import Facts

            self._facts = Facts(self)
        return self._facts

    def walk(self) -> Iterator[Instruction]:
        """Every instruction in file order, an ONBUILD's trigger after the ONBUILD."""
        return with_triggers(self.instructions)


def with_triggers(instructions: Iterable[Instruction]) -> Iterator[Instruction]:
    """*instructions*, an ONBUILD's trigger after the ONBUILD."""
    for instruction in instructions:
        yield instruction
        if type(instruction) is Onbuild and instruction.inner is not None:
            yield instruction.inner
