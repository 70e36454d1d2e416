"""The graph of stages: what each is built from, copies from and mounts from; which are built at all.

BuildKit's rules (dockerfile2llb/convert.go): FROM sees the stages before it and compares names as they are stored, in
lower case; ``COPY --from`` and ``RUN --mount=from=`` ignore case and mean the last stage of a name in the whole file,
whether it stands before them or not; only COPY takes numbers.
"""

from __future__ import annotations

from dlinter.tree import Copy, Onbuild, Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dlinter.tree import Dockerfile, Instruction, Stage, Token


class Dependency:
    """One stage's need for another, or for an image.

    ``stage`` is what is needed, None for an image or a named context; ``name`` how it is called there, ``token`` where.
    ``kind`` is ``"from"``, ``"copy"`` or ``"mount"``. ``late`` is true for a stage that is not finished at that point:
    BuildKit refuses it.
    """

    __slots__ = ("instruction", "kind", "late", "name", "stage", "token", "user")

    def __init__(
        self, kind: str, name: str, stage: Stage | None, user: Stage, instruction: Instruction, token: Token
    ) -> None:
        self.kind = kind
        self.name = name
        self.stage = stage
        self.user = user
        self.instruction = instruction
        self.token = token
        self.late = stage is not None and stage.index >= user.index

    def __repr__(self) -> str:
        target = "image" if self.stage is None else f"stage {self.stage.index}"
        return f"Dependency({self.kind!r}, {self.name!r}, {target})"


class StageGraph:
    """Stages and what they need.

    *base_name* gives the name of a stage's base image with variables expanded, None where that is not known; *targets*
    are the stages that are built, by name or number, the last one if empty; *contexts* the named contexts, which take
    the place of images and stages.
    """

    __slots__ = (
        "_base_name", "_children", "_contexts", "_needs", "_parents", "_reached", "_roots", "_shipped", "_targets",
        "_used_by", "file", "named",
    )  # fmt: skip

    def __init__(
        self,
        file: Dockerfile,
        base_name: Callable[[Stage], str | None],
        targets: Iterable[str] = (),
        contexts: Iterable[str] = (),
    ) -> None:
        self.file = file
        #: the last stage of each name
        self.named: dict[str, Stage] = {stage.name: stage for stage in file.stages if stage.name}
        self._base_name = base_name
        self._targets = tuple(targets)
        self._contexts = frozenset(name.lower() for name in contexts)
        self._parents: list[Stage | None] | None = None
        self._children: list[list[Stage]] | None = None
        self._needs: list[list[Dependency] | None] = [None] * len(file.stages)
        self._used_by: list[list[Dependency]] | None = None
        self._reached: frozenset[int] | None = None
        self._roots: list[Stage] | None = None
        self._shipped: frozenset[int] | None = None

    # -- FROM --------------------------------------------------------------------------------------------------

    def parent(self, stage: Stage) -> Stage | None:
        """The earlier stage that *stage* is built ``FROM``, or None. The last stage of that name so far wins."""
        if self._parents is None:
            named: dict[str, Stage] = {}
            self._parents = []
            for each in self.file.stages:
                name = self._base_name(each) if named else None
                self._parents.append(named.get(name) if name else None)
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

    def root(self, stage: Stage) -> Stage:
        """The stage at the bottom of the chain, which is built from an image."""
        if self._roots is None:
            self._roots = []
            for each in self.file.stages:
                parent = self.parent(each)
                self._roots.append(each if parent is None else self._roots[parent.index])
        return self._roots[stage.index]

    def descendants(self, stage: Stage) -> list[Stage]:
        """The stages that are built on *stage*, directly or not."""
        found = list(self.children(stage))
        for each in found:
            found += self.children(each)
        return found

    def replaced(self, stage: Stage) -> bool:
        """True if a named context takes the place of *stage*, so that nothing in it runs."""
        return stage.name in self._contexts

    # -- names -------------------------------------------------------------------------------------------------

    def find(self, name: str) -> Stage | None:
        """The stage that ``--from`` or ``--target`` calls *name*: a number, or a name in any case."""
        if name.isascii() and name.removeprefix("+").removeprefix("-").isdecimal():
            number = int(name)
            return self.file.stages[number] if 0 <= number < len(self.file.stages) else None
        return self.named.get(name.lower())

    @property
    def targets(self) -> list[Stage]:
        """The stages that are built for their own sake; names that no stage has are left out, ``""`` is the last."""
        last = self.file.stages[-1:]
        named = [last[0] if not name and last else self.find(name) for name in self._targets]
        found = {stage.index: stage for stage in named if stage is not None}
        return list(found.values()) or last

    # -- everything --------------------------------------------------------------------------------------------

    def needs(self, stage: Stage) -> list[Dependency]:
        """What *stage* is made of, in file order: its base, its ``COPY --from``, its mounts.

        The ONBUILD triggers of a parent stage count: they run in *stage*.
        """
        found = self._needs[stage.index]
        if found is None:
            found = self._needs[stage.index] = list(self._find_needs(stage))
        return found

    def _find_needs(self, stage: Stage) -> Iterator[Dependency]:
        image = stage.base.image
        parent = self.parent(stage)
        if image is not None:
            name = self._base_name(stage) if "$" in image.value or parent is not None else None
            yield Dependency("from", name or image.value, parent, stage, stage.base, image)
        if self.replaced(stage):
            return
        if parent is not None:
            for onbuild in parent.of(Onbuild):
                if isinstance(onbuild, Onbuild) and onbuild.inner is not None:
                    yield from self._references(onbuild.inner, stage)
        for instruction in stage.instructions:
            yield from self._references(instruction, stage)

    def _references(self, instruction: Instruction, stage: Stage) -> Iterator[Dependency]:
        if isinstance(instruction, Copy):
            flag = instruction.flag("from")
            if flag is not None and flag.value is not None and flag.value.value:
                name = flag.value.value
                yield Dependency("copy", name, self.find(name), stage, instruction, flag.value)
        elif isinstance(instruction, Run):
            for flag in instruction.flags:
                if flag.name == "mount" and flag.value is not None and "from" in flag.value.value.lower():
                    from dlinter_grammar.mounts import parse_mount

                    name = parse_mount(flag.value.value, instruction.file.escape).from_ or ""
                    if name:
                        yield Dependency("mount", name, self.named.get(name.lower()), stage, instruction, flag.value)

    def used_by(self, stage: Stage) -> list[Dependency]:
        """The needs of other stages, and its own by mistake, that *stage* answers."""
        if self._used_by is None:
            self._used_by = [[] for _ in self.file.stages]
            for each in self.file.stages:
                for need in self.needs(each):
                    if need.stage is not None:
                        self._used_by[need.stage.index].append(need)
        return self._used_by[stage.index]

    def reached(self, stage: Stage) -> bool:
        """True if *stage* is a target or takes part in one."""
        if self._reached is None:
            waiting = list(self.targets)
            seen = {each.index for each in waiting}
            for each in waiting:
                for need in self.needs(each):
                    if need.stage is not None and need.stage.index not in seen:
                        seen.add(need.stage.index)
                        waiting.append(need.stage)
            self._reached = frozenset(seen)
        return stage.index in self._reached

    def ships(self, stage: Stage) -> bool:
        """True if the layers of *stage* are part of a target's image."""
        if self._shipped is None:
            self._shipped = frozenset(each.index for target in self.targets for each in self.chain(target))
        return stage.index in self._shipped

    def unreached(self) -> list[Stage]:
        """The stages that no target needs."""
        return [stage for stage in self.file.stages if not self.reached(stage)]

    def unused(self) -> list[Stage]:
        """The stages that nothing refers to and that are no target."""
        targets = self.targets
        return [
            stage
            for stage in self.file.stages
            if not any(need.user is not stage for need in self.used_by(stage))
            and all(target is not stage for target in targets)
        ]

    def late(self) -> list[Dependency]:
        """The references to stages that come later, or to the stage they stand in."""
        return [need for stage in self.file.stages for need in self.needs(stage) if need.late]

    def circles(self) -> list[list[Dependency]]:
        """Circles of ``COPY --from`` and mounts, each as the references that close it, found once each."""
        done: set[int] = set()
        found: list[list[Dependency]] = []
        for root in self.file.stages:
            if root.index in done:
                continue
            done.add(root.index)
            path: list[Dependency] = []
            places = {root.index: 0}
            stack = [iter(self.needs(root))]
            while stack:
                need = next(stack[-1], None)
                if need is None:
                    stack.pop()
                    if path:
                        del places[_index(path.pop())]
                elif need.stage is not None:
                    index = need.stage.index
                    if index in places:
                        found.append([*path[places[index] :], need])
                    elif index not in done:
                        done.add(index)
                        path.append(need)
                        places[index] = len(path)
                        stack.append(iter(self.needs(need.stage)))
        return found


def _index(need: Dependency) -> int:
    assert need.stage is not None
    return need.stage.index
