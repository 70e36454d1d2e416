"""What package dockerfile2llb refuses once it knows the stages: bases, references between stages, platforms."""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_grammar.dispatch import Dispatcher
from dlinter_grammar.gotext import lower, parse_int, quote, valid_runes
from dlinter_grammar.images import image_fault, platform_fault
from dlinter_grammar.lexer import LexError, process_word
from dlinter_grammar.mounts import flag_part, parse_mount
from dlinter_grammar.problems import problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_grammar.nodes import Document, Instruction, SyntaxProblem, Token

_VARIABLE = re.compile(r"\$(?:\{([^\W\d]\w*)\}|([^\W\d]\w*))")
_PLAIN = re.compile(r"[^$\"'\\`]*\Z")
#: set before the first FROM without being declared (dockerfile2llb/platform.go)
PREDEFINED = frozenset(
    [f"{side}{part}" for side in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")]
    + ["TARGETSTAGE"]
)


class _Stage:
    """A FROM with its instructions; ``needs`` are the stages it copies or mounts from, with the instruction."""

    __slots__ = ("instruction", "instructions", "name", "needs", "number")

    def __init__(self, number: int, instruction: Instruction) -> None:
        args = instruction.args
        self.number = number
        self.instruction = instruction
        named = len(args) == 3 and args[1].value.casefold() == "as"
        #: lower case, or empty
        self.name = lower(args[2].value) if named else ""
        self.instructions: list[Instruction] = []
        self.needs: list[tuple[_Stage, Instruction]] = []

    @property
    def label(self) -> str:
        """The name by which BuildKit calls it."""
        return self.name or f"stage-{self.number}"


class _Reference:
    """``--from`` or the ``from`` of a mount, resolved: *stage* is None for an image."""

    __slots__ = ("at", "instruction", "message", "stage", "stage_of_use")

    def __init__(
        self, stage: _Stage | None, of_use: _Stage, instruction: Instruction, at: tuple[int, int], message: str
    ) -> None:
        self.stage = stage
        self.stage_of_use = of_use
        self.instruction = instruction
        self.at = at
        #: for the case that the stage comes later
        self.message = message


def dispatch_problems(document: Document) -> list[SyntaxProblem]:
    """All problems of the level "dispatch"; only meaningful if the file has none of the other levels."""
    problems: list[SyntaxProblem] = []
    dispatcher = Dispatcher(document.escape, problems)
    stages: list[_Stage] = []
    declared = set(PREDEFINED)
    for instruction in document.instructions:
        if instruction.keyword == "from":
            stages.append(_Stage(len(stages), instruction))
        elif stages:
            stages[-1].instructions.append(instruction)
        elif instruction.keyword == "arg":
            declared.update(pair.key.value for pair in instruction.pairs)
            dispatcher.check(instruction)
    if not stages:
        if document.instructions and all(instruction.keyword == "arg" for instruction in document.instructions):
            at = (document.instructions[0].start, document.instructions[-1].end)
            problems.append(problem("no-stages", at, -1, "dockerfile contains no stages to build"))
        return problems
    _check_bases(stages, declared, dispatcher)
    references = _References(stages, dispatcher)
    references.read()
    references.check_circles()
    references.check_order()
    for stage in stages:
        for instruction in stage.instructions:
            dispatcher.check(instruction)
    return problems


def _check_bases(stages: list[_Stage], declared: set[str], dispatcher: Dispatcher) -> None:
    problems = dispatcher.problems
    earlier: set[str] = set()
    for stage in stages:
        instruction = stage.instruction
        line = instruction.line
        if instruction.args:
            token = instruction.args[0]
            base = dispatcher.word(token, line)
            if base is None:
                base = _without_undeclared(token.value, declared)
            if base == "":
                message = f"base name ({token.value}) should not be blank"
                problems.append(problem("blank-base", token, line, message))
            elif base is not None and base not in earlier:
                _check_image(base, token, line, dispatcher, earlier)
        for flag in instruction.flags:
            if flag.name == "platform" and flag.value is not None and flag.value.value:
                _check_platform(flag.value, line, dispatcher)
        if stage.name:
            earlier.add(stage.name)


def _without_undeclared(text: str, declared: set[str]) -> str | None:
    """*text* without its variables if none of them is declared: nothing can set them. None otherwise."""
    names = [braced or plain for braced, plain in _VARIABLE.findall(text)]
    rest = _VARIABLE.sub("", text)
    if not names or declared.intersection(names) or not _PLAIN.match(rest):
        return None
    return valid_runes(rest)


def _check_image(base: str, token: Token, line: int, dispatcher: Dispatcher, earlier: set[str]) -> None:
    fault = None if base == "scratch" else image_fault(base)
    if fault is not None:
        better = lower(base) if lower(base) in earlier else None
        message = f"failed to parse stage name {quote(base)}: {fault}"
        dispatcher.problems.append(problem("invalid-image", token, line, message, better))


def _check_platform(token: Token, line: int, dispatcher: Dispatcher) -> None:
    text = token.value
    try:
        platform = process_word(text, dispatcher.escape)
    except LexError as error:
        message = f"failed to process arguments for platform : {error}"
        dispatcher.problems.append(problem("invalid-expansion", token, line, message))
        return
    if "$" in text:
        return
    if not platform:
        message = f"empty platform value from expression {text}"
        dispatcher.problems.append(problem("invalid-platform", token, line, message))
        return
    fault = platform_fault(platform)
    if fault is not None:
        message = f"failed to parse platform {text}: {fault}"
        dispatcher.problems.append(problem("invalid-platform", token, line, message))


class _References:
    """What the stages take from each other (toCommand, detectRunMount, validateCircularDependency)."""

    def __init__(self, stages: list[_Stage], dispatcher: Dispatcher) -> None:
        self._stages = stages
        self._dispatcher = dispatcher
        self._problems = dispatcher.problems
        #: the last stage of that name in the whole file, wherever the reference stands
        self._named = {stage.name: stage for stage in stages if stage.name}
        #: BuildKit appends each image that is copied or mounted from to its list of stages
        self._count = len(stages)
        self._found: list[_Reference] = []
        self._circle: set[_Stage] = set()

    def read(self) -> None:
        """Resolve every reference."""
        for stage in self._stages:
            for instruction in stage.instructions:
                if instruction.keyword == "copy":
                    for flag in instruction.flags:
                        if flag.name == "from" and flag.value is not None and flag.value.value:
                            self._copy_from(stage, instruction, flag.value)
                elif instruction.keyword == "run":
                    for flag in instruction.flags:
                        if flag.name == "mount" and flag.value is not None:
                            self._mount_from(stage, instruction, flag.value)

    def _copy_from(self, stage: _Stage, instruction: Instruction, token: Token) -> None:
        text = token.value
        try:
            constant = "$" not in text and process_word(text, self._dispatcher.escape) == text
        except LexError as error:
            self._problems.append(problem("invalid-expansion", token, -1, str(error)))
            return
        if not constant:
            message = (
                "variable expansion is not supported for --from, define a new stage with FROM using ARG from global "
                "scope as a workaround"
            )
            self._problems.append(problem("variable-from", token, -1, message))
            return
        index, error_text = parse_int(text, 10, 64, signed=True)
        if error_text:
            source = self._named.get(lower(text))
            if source is None:
                self._count += 1
                _check_image(text, token, instruction.line, self._dispatcher, set())
        elif 0 <= index < self._count:
            # beyond the stages there are images, which are always there
            source = self._stages[index] if index < len(self._stages) else None
        else:
            self._problems.append(problem("invalid-stage-index", token, -1, f"invalid stage index {index}"))
            return
        message = (
            f"cannot copy from stage {quote(text)}, it needs to be defined before current stage {quote(stage.label)}"
        )
        self._add(source, stage, instruction, (token.start, token.end), message)

    def _mount_from(self, stage: _Stage, instruction: Instruction, token: Token) -> None:
        mount = parse_mount(token.value, self._dispatcher.escape)
        field = mount.field("from")
        name = field.value if field is not None and field.value else "scratch"
        source = self._named.get(lower(name))
        if source is None:
            self._count += 1
            if field is not None and "$" not in name:
                fault = None if name == "scratch" else image_fault(name)
                if fault is not None:
                    at = flag_part(token, field.start, field.end)
                    message = f"failed to parse stage name {quote(name)}: {fault}"
                    self._problems.append(problem("invalid-image", at, -1, message))
        message = (
            f"cannot mount from stage {quote(name)} to {quote(mount.target or '')}, stage needs to be defined before "
            "current command"
        )
        at = (token.start, token.end) if field is None else flag_part(token, field.start, field.end)
        self._add(source, stage, instruction, at, message)

    def _add(
        self, source: _Stage | None, stage: _Stage, instruction: Instruction, at: tuple[int, int], message: str
    ) -> None:
        if source is not None:
            stage.needs.append((source, instruction))
            self._found.append(_Reference(source, stage, instruction, at, message))

    def check_circles(self) -> None:
        """Stages that need themselves: the message names the first stage from which the circle is reached."""
        done: set[_Stage] = set()
        for root in self._stages:
            path = {root}
            stack = [(root, iter(root.needs))]
            if root in done:
                continue
            done.add(root)
            while stack:
                stage, needs = stack[-1]
                for source, _ in needs:
                    if source in path:
                        self._report_circle(root)
                        self._circle = path
                        return
                    if source not in done:
                        done.add(source)
                        path.add(source)
                        stack.append((source, iter(source.needs)))
                        break
                else:
                    path.discard(stage)
                    stack.pop()

    def _report_circle(self, root: _Stage) -> None:
        found = next(reference for reference in self._found if reference.stage_of_use is root)
        message = f"circular dependency detected on stage: {root.label}"
        self._problems.append(problem("circular-stages", found.at, found.instruction.line, message))

    def check_order(self) -> None:
        """References to the current or a later stage, except for those of a circle, which has been reported."""
        for reference in self._found:
            if reference.stage_of_use in self._circle and reference.stage in self._circle:
                continue
            if reference.stage is not None and reference.stage.number >= reference.stage_of_use.number:
                line = reference.instruction.line
                self._problems.append(problem("later-stage", reference.at, line, reference.message))
