"""What the instructions of a file amount to: stages, variables, effective shell, user, directory and so on.

Everything is computed when first asked for, from the tree, the settings (with the files of the build context) and the
table of base images alone, and is read-only. What depends on something that cannot be known (an argument without a
default, a base image that is not in the table) is None, never a guess.
"""

from __future__ import annotations

from dlinter.facts.scopes import Environment, Scope, StageScope, Variable, expanded, global_scope, triggers_of, value_of
from dlinter.facts.stages import Dependency, StageGraph
from dlinter.images import Reference, default_shell, lookup
from dlinter.tree import Dockerfile, From, Instruction, Shell, Stage, User
from dlinter_grammar.dialects import dialect as dialect_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, TypeVar

    from dlinter.context import Context
    from dlinter.facts.context import BuildContext
    from dlinter.facts.expansion import Expansion
    from dlinter.images import Image
    from dlinter.tree import Cmd, Entrypoint, Expose, Healthcheck, Node, Pair, Token, Volume
    from dlinter_grammar.expand import Expanded

    N = TypeVar("N", bound=Node)
    T = TypeVar("T")

__all__ = ["Dependency", "Environment", "Facts", "Scope", "StageGraph", "Variable"]

#: images that are known to set no variables; of others that the table gives none for it is not known
_WITHOUT_ENV = frozenset(
    [
        "almalinux",
        "alpine",
        "amazonlinux",
        "archlinux",
        "buildpack-deps",
        "busybox",
        "centos",
        "debian",
        "oraclelinux",
        "rockylinux",
        "scratch",
        "ubuntu",
        "ubuntu-debootstrap",
    ]
)


def _lists_env(image: Image) -> bool:
    """True if the table has every variable of the image: not for families of images that share one entry."""
    from dlinter.data.images import IMAGES

    return image.name in _WITHOUT_ENV or (bool(image.env) and image.name in IMAGES)


class Facts:
    """Derived state of one file. A *place* is an instruction (what holds before it) or a stage (at its end)."""

    __slots__ = (
        "_above", "_bases", "_context", "_defaults", "_globals", "_kinds", "_known", "_named_shells", "_once",
        "_scopes", "_workdirs", "file", "graph",
    )  # fmt: skip

    def __init__(self, file: Dockerfile) -> None:
        self.file = file
        self._once: dict[Callable[[Dockerfile], Any], Any] = {}
        settings = file.settings
        #: who is built from, copies from and mounts from whom
        self.graph = StageGraph(file, self.base_name, settings.targets, settings.contexts)
        self._bases: dict[int, Reference | None] = {}
        self._globals: Scope | None = None
        self._defaults: Scope | None = None
        self._scopes: dict[int, StageScope] = {}
        self._workdirs: dict[int, str | None] = {}
        self._context: BuildContext | None = None
        self._kinds: dict[tuple[object, ...], list[Instruction]] = {}
        self._above: dict[tuple[object, ...], dict[int, Stage | None]] = {}
        self._known: dict[Callable[[Any], Any], dict[Node, Any]] = {}
        self._named_shells: list[tuple[int, tuple[str, ...]]] | None = None

    # -- build context -----------------------------------------------------------------------------------------

    def once(self, make: Callable[[Dockerfile], T]) -> T:
        """What *make* gives for the file, asked for the first time only: for what a rule needs at many nodes."""
        if make not in self._once:
            self._once[make] = make(self.file)
        found: T = self._once[make]
        return found

    def known(self, make: Callable[[N], T], node: N) -> T:
        """What *make* gives for *node* of the file, asked for the first time only."""
        answers = self._known.setdefault(make, {})
        if node not in answers:
            answers[node] = make(node)
        found: T = answers[node]
        return found

    @property
    def build_context(self) -> BuildContext:
        """The files that COPY can take, and how sure it is that they are the ones."""
        if self._context is None:
            from dlinter.facts.context import build_context

            self._context = build_context(self.file)
        return self._context

    @property
    def context(self) -> Context | None:
        """The files of the build context; None where nothing speaks for the folder that is taken for it."""
        return self.build_context.files

    # -- stages ------------------------------------------------------------------------------------------------

    def parent(self, stage: Stage) -> Stage | None:
        """The earlier stage that *stage* is built ``FROM``, or None."""
        return self.graph.parent(stage)

    def children(self, stage: Stage) -> list[Stage]:
        """The stages built ``FROM`` *stage*."""
        return self.graph.children(stage)

    def chain(self, stage: Stage) -> Iterator[Stage]:
        """*stage*, its parent, the parent's parent and so on."""
        return self.graph.chain(stage)

    def descendants(self, stage: Stage) -> list[Stage]:
        """The stages that are built on *stage*, directly or not."""
        return self.graph.descendants(stage)

    def ships(self, stage: Stage) -> bool:
        """True if the layers of *stage* are part of an image that is built, by default that of the last stage."""
        return self.graph.ships(stage)

    # -- base images -------------------------------------------------------------------------------------------

    def base_name(self, stage: Stage) -> str | None:
        """What FROM names, variables expanded; None where that is not known."""
        image = stage.base.image
        if image is None:
            return None
        return value_of(image.value, self.global_environment, self.file.escape)

    def base(self, stage: Stage) -> Reference | None:
        """The image at the bottom of the stage's chain; None where it depends on an argument without a default."""
        root = self.graph.root(stage)
        if root.index not in self._bases:
            name = self.base_name(root)
            self._bases[root.index] = Reference(name) if name else None
        return self._bases[root.index]

    def image(self, place: Instruction | Stage) -> Image | None:
        """What is known of the image at the bottom of the chain; None if nothing is."""
        stage = place if isinstance(place, Stage) else place.stage
        base = None if stage is None else self.base(stage)
        return None if base is None else lookup(base)

    def scratch(self, stage: Stage) -> bool:
        """True if the stage's chain begins with nothing."""
        base = self.base(stage)
        return base is not None and base.text == "scratch"

    def windows(self, stage: Stage) -> bool:
        """True if the base image or its platform is known to be Windows."""
        root = self.graph.root(stage)
        flag = root.base.flag("platform")
        if flag is not None and flag.value is not None:
            platform = value_of(flag.value.value, self.global_environment, self.file.escape)
            if platform and platform.lower().startswith("windows"):
                return True
        base = self.base(stage)
        if base is not None and base.windows:
            return True
        image = self.image(stage)
        return image is not None and image.family == "windows"

    # -- variables ---------------------------------------------------------------------------------------------

    @property
    def global_scope(self) -> Scope:
        """The predefined arguments and the ARGs before the first FROM."""
        if self._globals is None:
            self._globals = global_scope(self.file, self.file.settings)
        return self._globals

    @property
    def global_environment(self) -> Environment:
        """What FROM sees."""
        return self.global_scope.end()

    @property
    def default_environment(self) -> Environment:
        """What FROM sees if nothing is given from outside: an ARG without a default is not set."""
        if self._defaults is None:
            self._defaults = global_scope(self.file, self.file.settings, given=False)
        return self._defaults.end()

    def global_args(self) -> dict[str, str | None]:
        """The arguments before the first FROM with their values, None for one that is not known."""
        env = self.global_environment
        return {name: env[name] for name in env if env.declared(name)}

    def scope(self, stage: Stage) -> StageScope:
        """The variables of *stage*."""
        if stage.index not in self._scopes:
            # the oldest first, so that a long chain of stages needs no deep recursion
            missing: list[Stage] = []
            for each in self.chain(stage):
                if each.index in self._scopes:
                    break
                missing.append(each)
            for each in reversed(missing):
                parent = self.parent(each)
                self._scopes[each.index] = StageScope(
                        each, None if parent is None else self._scopes[parent.index], triggers_of(parent),
                        self.image_env(each), self.global_scope, self.file.settings, self.windows(each),
                    )  # fmt: skip
        return self._scopes[stage.index]

    def image_env(self, stage: Stage) -> Mapping[str, str | None] | None:
        """The variables of the stage's base image, None for an unknown value; None where they are not known."""
        image = self.image(stage)
        if image is not None and _lists_env(image):
            return image.env
        return {} if self.file.settings.closed else None

    def environment(self, place: Instruction | Stage, offset: int | None = None) -> Environment:
        """The variables set at *place*, or for an instruction at *offset* within it; FROM and what is before it see
        only the arguments before the first FROM, a trigger of ONBUILD what its stage leaves behind.
        """
        if isinstance(place, Stage):
            return self.scope(place).end()
        stage = place.stage
        if stage is None or isinstance(place, From):
            at = self.global_scope
            return at.end() if stage is not None else at.at(place.start if offset is None else offset)
        if place.in_onbuild:
            return self.scope(stage).end()
        return self.scope(stage).at(place.start if offset is None else offset)

    def complete(self, stage: Stage) -> bool:
        """True if every variable that is set in *stage* is known to be: its base image's too."""
        return self.scope(stage).complete

    def variable(self, name: str, place: Instruction | Stage) -> Variable | None:
        """Where *name* gets its value from at *place*; None if it is not set."""
        return self.environment(place).variable(name)

    def expand(self, token: Token, instruction: Instruction) -> Expanded:
        """What BuildKit makes of *token*, a word of *instruction*."""
        return expanded(token.value, self.environment(instruction, token.start), self.file.escape)

    def expansions(self, instruction: Instruction) -> Iterator[Expansion]:
        """Every word of *instruction* that BuildKit expands, with the result."""
        from dlinter.facts.expansion import expansions

        return expansions(self, instruction)

    def env(self, place: Instruction | Stage) -> Environment:
        """The variables set at *place*: name to value, None for an unknown one."""
        return self.environment(place)

    # -- effective state ---------------------------------------------------------------------------------------

    def before(
        self,
        place: Instruction | Stage,
        *kinds: type[Instruction],
        where: Callable[[Instruction], bool] | None = None,
    ) -> Iterator[Instruction]:
        """The instructions of these kinds that act on *place*, the nearest first, through parent stages.

        With *where* only those that it says yes to; it is asked once for each, whatever the places.
        """
        from dlinter.facts.state import before

        return before(self, place, kinds, where)

    def shell(self, place: Instruction | Stage) -> tuple[str, ...]:
        """The words of the shell that runs the shell form at *place*."""
        from dlinter.facts.state import shell_words

        words = shell_words(self, place)
        if words is not None:
            return words
        stage = place if isinstance(place, Stage) else place.stage
        if stage is None:
            return default_shell(None)
        image = self.image(stage)
        if image is not None:
            return image.shell
        return ("cmd", "/S", "/C") if self.windows(stage) else default_shell(self.base(stage))

    def dialect(self, place: Instruction | Stage) -> str:
        """``"sh"``, ``"bash"``, ``"powershell"``, ``"cmd"`` or ``"other"`` for the shell form at *place*."""
        return dialect_of(list(self.shell(place)))

    @property
    def named_shells(self) -> list[tuple[int, tuple[str, ...]]]:
        """The shells that comments name: :func:`dlinter.pragmas.named_shells`."""
        if self._named_shells is None:
            from dlinter.pragmas import named_shells

            self._named_shells = named_shells(self.file)
        return self._named_shells

    def of_kinds(
        self,
        stage: Stage,
        kinds: tuple[type[Instruction], ...],
        where: Callable[[Instruction], bool] | None = None,
    ) -> list[Instruction]:
        """The instructions of *stage* that are of one of *kinds*, in order; with *where* those that it says yes to."""
        key = stage.index, kinds, where
        found = self._kinds.get(key)
        if found is None:
            found = [each for each in stage.instructions if isinstance(each, kinds)]
            self._kinds[key] = found = found if where is None else [each for each in found if where(each)]
        return found

    def above(
        self,
        stage: Stage,
        kinds: tuple[type[Instruction], ...],
        where: Callable[[Instruction], bool] | None = None,
    ) -> Stage | None:
        """The nearest stage of those that *stage* is built on for which :meth:`of_kinds` gives something."""
        known = self._above.setdefault((kinds, where), {})
        passed = [stage.index]
        found = known[stage.index] if stage.index in known else self.parent(stage)
        while found is not None and not self.of_kinds(found, kinds, where):
            passed.append(found.index)
            found = known[found.index] if found.index in known else self.parent(found)
        known.update(dict.fromkeys(passed, found))
        return found

    def has_shell(self, place: Instruction | Stage) -> bool:
        """True if a SHELL instruction acts on *place*."""
        return next(self.before(place, Shell), None) is not None

    def user(self, place: Instruction | Stage) -> str | None:
        """The user in force, variables expanded; without a USER that of the base image, None if it is not known."""
        from dlinter.facts.state import user

        if next(self.before(place, User), None) is not None:
            return user(self, place)
        image = self.image(place)
        return None if image is None or image.user is None else image.user or "root"

    def workdir(self, place: Instruction | Stage, *, base: bool = False) -> str | None:
        """The absolute working directory in force; None where it is not known.

        Where no absolute WORKDIR of the file decides it is known only for scratch, and with *base* for the images of
        the table: theirs may change.
        """
        from dlinter.facts.state import joined, workdir

        path = workdir(self, place, self._workdirs)
        if path is None or path.startswith("/"):
            return path
        image = self.image(place)
        if image is None or image.workdir is None or not (base or image.family == "scratch"):
            return None
        return joined(image.workdir or "/", path)

    def cmd(self, place: Instruction | Stage) -> Cmd | None:
        """The CMD of this file that is in force."""
        from dlinter.facts.state import cmd

        return cmd(self, place)

    def entrypoint(self, place: Instruction | Stage) -> Entrypoint | None:
        """The ENTRYPOINT of this file that is in force."""
        from dlinter.facts.state import entrypoint

        return entrypoint(self, place)

    def healthcheck(self, place: Instruction | Stage) -> Healthcheck | None:
        """The HEALTHCHECK of this file that is in force."""
        from dlinter.facts.state import healthcheck

        return healthcheck(self, place)

    def ports(self, place: Instruction | Stage) -> dict[str, Expose]:
        """The ports that this file exposes, as ``80/tcp``, ranges as ``80-90/udp``, in their order."""
        from dlinter.facts.state import ports

        return ports(self, place)

    def volumes(self, place: Instruction | Stage) -> dict[str, Volume]:
        """The volumes that this file declares, in their order."""
        from dlinter.facts.state import volumes

        return volumes(self, place)

    def labels(self, place: Instruction | Stage) -> dict[str, tuple[str | None, Pair]]:
        """The labels that this file sets: key to value, None for an unknown one, and the pair that set it."""
        from dlinter.facts.state import labels

        return labels(self, place)
