"""Variables: what ARG, ENV, base images and the command line set, and what holds where.

BuildKit keeps two kinds of scope (dockerfile2llb: defaultArgs, buildMetaArgs, dispatchEnv, dispatchArg). Before the
first FROM there are the predefined arguments and each ARG, and only FROM sees them. A stage begins with the
environment of its base, to which ENV adds and ARG too, where it has a value: its own, one given from outside, or that
of the ARG of the same name before the first FROM.
"""

from __future__ import annotations

# collections.abc is this module behind collections, which takes longer to import than a file to parse
from _collections_abc import Mapping
from bisect import bisect_right

from dlinter.tree import Arg, Env, Onbuild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dlinter.settings import FileSettings
    from dlinter.tree import Dockerfile, Instruction, Pair, Stage
    from dlinter_grammar.expand import Expanded

#: set before the first FROM without being declared (dockerfile2llb/platform.go, defaultArgs)
PREDEFINED = tuple(
    f"{side}{part}" for side in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")
)
#: arguments of the builder that never get into an environment (nonEnvArgs)
NOT_IN_ENVIRONMENT = frozenset({"BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"})
#: what BuildKit adds to an image without PATH (util/system.DefaultPathEnvUnix)
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Variable:
    """One setting of a name. ``value`` is None where it is not known.

    ``origin`` is ``"env"``, ``"arg"`` (an ARG's default, or no value at all), ``"build-arg"`` (given from outside),
    ``"global"`` (an ARG before the first FROM), ``"predefined"`` (TARGETARCH and the like), ``"image"`` or
    ``"builder"`` (the default PATH). ``node`` is the pair that set it, None where it is not in the file.
    """

    __slots__ = ("name", "node", "origin", "value")

    def __init__(self, name: str, value: str | None, origin: str, node: Pair | None = None) -> None:
        self.name = name
        self.value = value
        self.origin = origin
        self.node = node

    def __repr__(self) -> str:
        return f"Variable({self.name!r}, {self.value!r}, {self.origin!r})"


class Environment(Mapping[str, "str | None"]):
    """The variables that are set at one place: name to value, None for an unknown one.

    :meth:`variable` tells where one comes from. An ARG without a value is among them with an unknown one, because it
    may be given from outside, unless the settings say that nothing else is.
    """

    __slots__ = ("_at", "_scope")

    def __init__(self, scope: Scope, at: int) -> None:
        self._scope = scope
        self._at = at

    @property
    def complete(self) -> bool:
        """False where a base image may set variables that are not known: then no name is known to be unset."""
        return self._scope.complete

    def some(self, where: Callable[[str], bool]) -> bool:
        """True if *where* says yes to a name that is set here; it is asked once for each name and stage."""
        return self._scope.sets_some(where, self._at)

    def variable(self, name: str) -> Variable | None:
        """The setting of *name* that holds here, or None."""
        return self._scope.lookup(name, self._at)

    def declared(self, name: str) -> bool:
        """True if an ARG names it before this place, here or in a parent stage, with a value or not."""
        return self._scope.declares(name, self._at)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._scope.lookup(name, self._at) is not None

    def __getitem__(self, name: str) -> str | None:
        found = self._scope.lookup(name, self._at)
        if found is None:
            raise KeyError(name)
        return found.value

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._scope.names() if self._scope.lookup(name, self._at) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"Environment({dict(self)!r})"


class Scope:
    """The settings of one stage, or of the part before the first FROM, by name and place.

    ``outer`` is the scope of the parent stage, whose end is visible here.
    """

    __slots__ = ("_declared", "_earliest", "_settings", "complete", "outer")

    def __init__(self, outer: Scope | None = None) -> None:
        self.outer = outer
        #: false where the base image may set variables that are not known
        self.complete: bool = True if outer is None else outer.complete
        self._settings: dict[str, tuple[list[int], list[Variable | None]]] = {}
        self._declared: dict[str, int] = {}
        self._earliest: dict[Callable[[str], bool], int] = {}

    def set(self, variable: Variable, at: int) -> None:
        """*variable* holds from *at* on; places must not go back."""
        places, variables = self._settings.setdefault(variable.name, ([], []))
        places.append(at)
        variables.append(variable)

    def declare(self, name: str, at: int) -> None:
        self._declared.setdefault(name, at)

    def lookup(self, name: str, at: int) -> Variable | None:
        scope: Scope | None = self
        while scope is not None:
            found = scope._settings.get(name)
            if found is not None:
                index = bisect_right(found[0], at) - 1
                if index >= 0:
                    return found[1][index]
            scope = scope.outer
            at = _END
        return None

    def declares(self, name: str, at: int) -> bool:
        scope: Scope | None = self
        while scope is not None:
            if scope._declared.get(name, _END) < at:
                return True
            scope = scope.outer
            at = _END
        return False

    def sets_some(self, where: Callable[[str], bool], at: int) -> bool:
        """True if something is set at *at* to whose name *where* says yes: for scopes that are complete."""
        scope: Scope | None = self
        while scope is not None:
            known = scope._earliest
            if where not in known:
                places = [found[0][0] for name, found in scope._settings.items() if where(name)]
                known[where] = min(places, default=_END + 1)
            if known[where] <= at:
                return True
            scope = scope.outer
            at = _END
        return False

    def names(self) -> Iterable[str]:
        found: dict[str, None] = {}
        scope: Scope | None = self
        while scope is not None:
            found.update(dict.fromkeys(scope._settings))
            scope = scope.outer
        return found

    def at(self, offset: int) -> Environment:
        """What is set at *offset* of the file."""
        return Environment(self, offset)

    def end(self) -> Environment:
        """What is set when all is done."""
        return Environment(self, _END)


_END = 1 << 60
#: a value that doubles with each ENV soon fills the memory: longer ones are not known
_LONGEST = 1 << 16


def predefined(file: Dockerfile, settings: FileSettings) -> Iterator[Variable]:
    """The arguments that are there without being declared; their values depend on the builder."""
    known: dict[str, str | None] = dict.fromkeys(PREDEFINED)
    if settings.platform:
        known.update(_platform(settings.platform))
    last = file.stages[-1].name if file.stages else None
    target = settings.targets[0] if len(settings.targets) == 1 else None if settings.targets else last or "default"
    for name, value in [*known.items(), ("TARGETSTAGE", target)]:
        yield Variable(name, settings.build_args.get(name, value), "predefined")


def _platform(text: str) -> dict[str, str]:
    system, _, rest = text.partition("/")
    architecture, _, variant = rest.partition("/")
    parts = {"PLATFORM": text, "OS": system, "OSVERSION": "", "ARCH": architecture, "VARIANT": variant}
    return {f"TARGET{name}": value for name, value in parts.items()}


def global_scope(file: Dockerfile, settings: FileSettings, *, given: bool = True) -> Scope:
    """What FROM sees; without what is given from outside if not *given* (buildMetaArgs)."""
    scope = Scope()
    for variable in predefined(file, settings):
        scope.set(variable, -1)
    for instruction in file.preamble:
        if isinstance(instruction, Arg):
            for pair in instruction.pairs:
                name = pair.key.value
                scope.declare(name, pair.start)
                if given and name in settings.build_args:
                    scope.set(Variable(name, settings.build_args[name], "build-arg", pair), pair.end)
                elif pair.value is not None:
                    value = value_of(pair.value.value, scope.at(pair.start), file.escape)
                    scope.set(Variable(name, value, "global", pair), pair.end)
                elif given and not settings.closed and scope.lookup(name, pair.start) is None:
                    scope.set(Variable(name, None, "global", pair), pair.end)
    return scope


class StageScope(Scope):
    """The settings of one stage."""

    __slots__ = ("_global", "_settings_of_file")

    def __init__(
        self,
        stage: Stage,
        outer: StageScope | None,
        triggers: Iterable[Instruction],
        image: Mapping[str, str | None] | None,
        global_args: Scope,
        settings: FileSettings,
        windows: bool,
    ) -> None:
        super().__init__(outer)
        self._global = global_args.end()
        self._settings_of_file = settings
        if outer is None:
            self.complete = image is not None
            for name, value in (image or {}).items():
                self.set(Variable(name, value, "image"), stage.start)
            if not windows and (image is None or "PATH" not in image):
                path = DEFAULT_PATH if image is not None else None
                self.set(Variable("PATH", path, "builder" if image is not None else "image"), stage.start)
        base_end = stage.base.end
        for trigger in triggers:
            self._run(trigger, base_end, base_end)
        for instruction in stage.instructions:
            if isinstance(instruction, (Env, Arg)):
                self._run(instruction, None, instruction.end)

    def _run(self, instruction: Instruction, place: int | None, end: int) -> None:
        if isinstance(instruction, Env):
            before = self.at(instruction.start if place is None else place)
            escape = instruction.file.escape
            new: list[Variable] = []
            for pair in instruction.pairs:
                key = value_of(pair.key.value, before, escape)
                if key is not None and pair.value is not None:
                    value = value_of(pair.value.value, before, escape)
                    new.append(Variable(key, value, "env", pair))
            for variable in new:
                self.set(variable, end)
        elif isinstance(instruction, Arg):
            for pair in instruction.pairs:
                start = pair.start if place is None else place
                found = self._argument(pair, start, instruction)
                self.declare(pair.key.value, start)
                if found is not None and found.name not in NOT_IN_ENVIRONMENT:
                    self.set(found, pair.end if place is None else place)

    def _argument(self, pair: Pair, at: int, instruction: Instruction) -> Variable | None:
        """dispatchArg: given from outside, else the default, else what FROM sees under that name."""
        name = pair.key.value
        given = self._settings_of_file.build_args
        if name in given:
            return Variable(name, given[name], "build-arg", pair)
        if pair.value is not None:
            value = value_of(pair.value.value, self.at(at), instruction.file.escape)
            return Variable(name, value, "arg", pair)
        outside = self._global.variable(name)
        if outside is not None:
            origin = outside.origin if outside.origin == "predefined" else "global"
            return Variable(name, outside.value, origin, outside.node or pair)
        if self._settings_of_file.closed:
            return None
        known = self.lookup(name, at)
        return Variable(name, None, "arg", pair) if known is None else None


def triggers_of(stage: Stage | None) -> list[Instruction]:
    """The instructions that a stage built on *stage* begins with (initOnBuildTriggers)."""
    if stage is None:
        return []
    return [each.inner for each in stage.of(Onbuild) if isinstance(each, Onbuild) and each.inner is not None]


def expanded(text: str, env: Environment, escape: str, *, literal_quotes: bool = False) -> Expanded:
    """*text* expanded; the value is not known either if it depends on a name that a base image may set."""
    from dlinter_grammar.expand import expand

    result = expand(text, env, escape, literal_quotes=literal_quotes)
    if result.value is not None and (len(result.value) > _LONGEST or (not env.complete and result.unset)):
        result.value = result.words = None
    return result


def value_of(text: str, env: Environment, escape: str) -> str | None:
    """*text* expanded, None where that fails or is not known; text without anything to expand is not looked at."""
    if "$" in text or escape in text or "'" in text or '"' in text:
        return expanded(text, env, escape).value
    return text
