"""What the instructions of a file amount to: stages and their parents, effective shell, user and directory.

Everything is computed when first asked for, from the tree alone, and is read-only.
"""

from __future__ import annotations

from dlinter_grammar.shell import dialect as dialect_of

from dlinter.images import Reference, default_shell
from dlinter.tree import Arg, Dockerfile, Entrypoint, Env, From, Instruction, Shell, Stage, User, Workdir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Facts:
    """Derived state of one file."""

    __slots__ = ("_bases", "_children", "_parents", "file")

    def __init__(self, file: Dockerfile) -> None:
        self.file = file
        self._parents: list[Stage | None] | None = None
        self._children: list[list[Stage]] | None = None
        self._bases: dict[int, Reference | None] = {}

    # -- stages ------------------------------------------------------------------------------------------------

    def parent(self, stage: Stage) -> Stage | None:
        """The earlier stage that *stage* is built ``FROM``, or None. The last stage of that name so far wins."""
        if self._parents is None:
            named: dict[str, Stage] = {}
            self._parents = []
            for each in self.file.stages:
                image = each.base.image
                self._parents.append(named.get(image.value) if image else None)
                if each.name:
                    named[each.name] = each
        return self._parents[stage.index]

    def children(self, stage: Stage) -> list[Stage]:
        """The stages built ``FROM`` *stage*."""
        if self._children is None:
            self._children = [[] for _ in self.file.stages]
            for each in self.file.stages:
                parent = self.parent(each)
                if parent is not None:
                    self._children[parent.index].append(each)
        return self._children[stage.index]

    def chain(self, stage: Stage) -> Iterator[Stage]:
        """*stage*, its parent, the parent's parent and so on."""
        each: Stage | None = stage
        while each is not None:
            yield each
            each = self.parent(each)

    def descendants(self, stage: Stage) -> list[Stage]:
        """The stages that are built on *stage*, directly or not."""
        found = list(self.children(stage))
        for each in found:
            found += self.children(each)
        return found

    def ships(self, stage: Stage) -> bool:
        """True if the layers of *stage* are part of the last stage's image."""
        last = self.file.stages[-1]
        return any(each is stage for each in self.chain(last))

    # -- base images -------------------------------------------------------------------------------------------

    def base(self, stage: Stage) -> Reference | None:
        """The image at the bottom of the stage's chain; None where it depends on an argument without a default."""
        root = list(self.chain(stage))[-1]
        if root.index not in self._bases:
            self._bases[root.index] = self._reference(root.base)
        return self._bases[root.index]

    def _reference(self, base: From) -> Reference | None:
        from dlinter_grammar.expand import expand

        if base.image is None:
            return None
        text = base.image.value
        if "$" in text or self.file.escape in text or "'" in text or '"' in text:
            value = expand(text, self.global_args(), self.file.escape).value
            if not value:
                return None
            text = value
        return Reference(text)

    def global_args(self) -> dict[str, str | None]:
        """The arguments before the first FROM with their defaults, None where there is none."""
        from dlinter_grammar.expand import expand

        found: dict[str, str | None] = {}
        for instruction in self.file.preamble:
            if isinstance(instruction, Arg):
                for pair in instruction.pairs:
                    if pair.value is None:
                        found.setdefault(pair.key.value, None)
                    else:
                        found[pair.key.value] = expand(pair.value.value, found, self.file.escape).value
        return found

    # -- effective state ---------------------------------------------------------------------------------------

    def before(self, instruction: Instruction, *kinds: type[Instruction]) -> Iterator[Instruction]:
        """The instructions of these kinds that act on *instruction*, the nearest first, through parent stages."""
        stage = instruction.stage
        if stage is None:
            return
        index = instruction.index
        for each in self.chain(stage):
            for other in reversed(each.instructions):
                if isinstance(other, kinds) and (each is not stage or other.index < index):
                    yield other

    def shell(self, instruction: Instruction) -> tuple[str, ...]:
        """The words of the shell that runs the shell form of *instruction*."""
        for other in self.before(instruction, Shell):
            if other.form == "json" and other.args:
                return tuple(word.value for word in other.args)
        stage = instruction.stage
        base = self.base(stage) if stage is not None else None
        return default_shell(base)

    def dialect(self, instruction: Instruction) -> str:
        """``"sh"``, ``"bash"``, ``"powershell"``, ``"cmd"`` or ``"other"`` for the shell form of *instruction*."""
        return dialect_of(list(self.shell(instruction)))

    def has_shell(self, instruction: Instruction) -> bool:
        """True if a SHELL instruction acts on *instruction*."""
        return next(self.before(instruction, Shell), None) is not None

    def user(self, instruction: Instruction) -> str | None:
        """The USER in force as written, None where the base image decides."""
        for other in self.before(instruction, User):
            if isinstance(other, User) and other.value is not None:
                return other.value.value
        return None

    def workdir(self, instruction: Instruction) -> str | None:
        """The absolute working directory in force; None where the base image or a variable decides."""
        parts: list[str] = []
        for other in self.before(instruction, Workdir):
            if isinstance(other, Workdir) and other.value is not None:
                text = other.value.value
                if "$" in text or self.file.escape in text or '"' in text or "'" in text:
                    return None
                parts.append(text)
                if text.startswith("/"):
                    from posixpath import join, normpath

                    return normpath(join(*reversed(parts)))
        return None

    def env(self, instruction: Instruction) -> dict[str, str | None]:
        """The variables that ENV and ARG set before *instruction*, as written; None for ARG without a default."""
        found: dict[str, str | None] = {}
        for other in self.before(instruction, Env, Arg):
            if isinstance(other, (Env, Arg)):
                for pair in reversed(other.pairs):
                    found.setdefault(pair.key.value, None if pair.value is None else pair.value.value)
        return found

    def entrypoint(self, stage: Stage) -> Entrypoint | None:
        """The ENTRYPOINT in force at the end of *stage*, from the file's own instructions."""
        for each in self.chain(stage):
            for other in reversed(each.instructions):
                if isinstance(other, Entrypoint):
                    return other
        return None
