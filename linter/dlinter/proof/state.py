"""What a stage consists of: effects in order, config, and the state that acts on what follows."""

from __future__ import annotations

from dlinter.proof.body import DEFAULT_SHELL
from dlinter.proof.words import Scope, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from typing import Any

    from dlinter.proof.body import Body
    from dlinter.proof.words import Value
    from dlinter_grammar.nodes import Instruction


#: root, as USER may name it
BY_ROOT = (("root",), ("0",), ("root:root",), ("0:0",))
#: begins the key of what EXPOSE names that cannot be a port
REFUSED = "\0refused"


class Effect:
    """Something that a stage does to its files, or a trigger that it leaves.

    ``kind`` is ``base``, ``copy``, ``directory``, ``run``, ``volume``, ``trigger`` or ``unknown``; ``fields`` is all
    that it depends on, by name. ``body`` is what a ``run`` runs; ``position`` counts the effects of the stage.
    """

    __slots__ = ("body", "fields", "key", "keyword", "kind", "line", "position", "seen", "stage")

    def __init__(
        self, kind: str, instruction: Instruction, fields: dict[str, Hashable], body: Body | None = None
    ) -> None:
        self.kind = kind
        self.keyword = instruction.keyword.upper()
        self.line = instruction.line
        self.fields = fields
        self.body = body
        self.key: tuple[Hashable, ...] = (kind, *fields.items(), None if body is None else body.key)
        self.position = 0
        #: how many variables had been bound before it
        self.seen = 0
        self.stage: Stage | None = None

    def __repr__(self) -> str:
        return f"Effect({self.kind}, line {self.line})"

    @property
    def context(self) -> dict[str, Hashable]:
        """Of a ``run``: all but the command itself."""
        return self.fields

    @property
    def place(self) -> str | None:
        """Where a ``copy`` leads to, without the slash at its end; None where that is not fixed."""
        value = self.fields["destination"]
        assert isinstance(value, tuple)
        return text_of(value[:-1] if value[-1:] == ("\0/",) else value)


class Stage:
    """One stage: its effects, what it changes in the config, and the state it leaves behind."""

    __slots__ = (
        "arguments", "bound", "config", "effects", "environment", "index", "labels", "line", "lines", "name", "parent",
        "ports", "scope", "shell", "told", "user", "workdir",
    )  # fmt: skip

    def __init__(self, index: int, line: int, name: str | None) -> None:
        self.index = index
        self.line = line
        self.name = name
        self.parent: Stage | None = None
        self.effects: list[Effect] = []
        self.arguments: dict[str, Value | None] = {}
        self.environment: dict[str, Value] = {}
        self.labels: dict[str, Value] = {}
        self.ports: dict[Hashable, int] = {}
        #: the rest of what it sets: ``command``, ``entrypoint``, ``author`` and so on
        self.config: dict[str, Any] = {}
        #: the line at which each part of the config was set
        self.lines: dict[str, int] = {}
        self.scope = Scope()
        #: every variable in the order in which it was bound, with the value for messages
        self.bound: list[tuple[str, str, Value | None]] = []
        self.shell: tuple[str, ...] = DEFAULT_SHELL
        self.user: Value | None = None
        self.workdir: Value = ()
        #: what was found out about its effects, by question, once all are there
        self.told: dict[Hashable, Any] = {}

    @property
    def image(self) -> str | None:
        """The image at the bottom of its chain; None where a variable decides."""
        *_, root = self.chain()
        return text_of(root.effects[0].fields["image"])  # type: ignore[arg-type]

    def chain(self) -> Iterable[Stage]:
        """It, the stage it is built on, and so on."""
        each: Stage | None = self
        while each is not None:
            yield each
            each = each.parent


def bound(stage: Stage, count: int) -> dict[str, tuple[str, Value | None]]:
    """The variables that the first *count* bindings of *stage*, and all of the stages below, leave."""
    found: dict[str, tuple[str, Value | None]] = {}
    for each in reversed(list(stage.chain())):
        for name, kind, value in each.bound[: count if each is stage else len(each.bound)]:
            found[name] = (kind, value)
    return found
