"""The abstract build: what a Dockerfile amounts to, stage by stage, without running anything.

Executing a file gives, for every stage, the ordered **effects** (what makes layers) and the **config** (what the
image says about itself), both made of values that can be compared. What each instruction means is read from BuildKit
(frontend/dockerfile/dockerfile2llb/convert.go): which words are expanded and with which variables, that ARG, ENV, USER,
WORKDIR and SHELL act on what follows in their stage and in stages built on it, that ENTRYPOINT resets a CMD that was
inherited.
"""

from __future__ import annotations

from dlinter.proof.body import PLAIN_SHELL, WINDOWS_SHELL, body_of, content
from dlinter.proof.directives import directives
from dlinter.proof.mounts import options
from dlinter.proof.paths import ends_in_slash, join, opaque
from dlinter.proof.state import REFUSED, Effect, Stage
from dlinter.proof.tables import starts_in
from dlinter.proof.words import UNSET, Scope, digest, text_of
from dlinter_grammar import regex as re
from dlinter_grammar.dockerfile import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable

    from dlinter.proof.body import Body
    from dlinter.proof.words import Value
    from dlinter_grammar.nodes import Document, Flag, Instruction

_WINDOWS = re.compile(r"windows|nanoserver", re.IGNORECASE)
_SWITCHES = frozenset({"link", "parents", "unpack", "keep-git-dir"})
_OFFICIAL = re.compile(r"(?:docker\.io/)?(?:library/)?[a-z0-9][a-z0-9._-]*(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?\Z")


def _is_target(platforms: Hashable) -> bool:
    """True for ``$TARGETPLATFORM``, with a default or not: it is never empty, unless the file sets it itself."""
    match platforms:
        case ((("$", "TARGETPLATFORM", "" | "-" | ":-", _, inner, True),),):
            return inner == UNSET
    return False


def _lines(text: str) -> tuple[str, ...]:
    """The instructions in *text*, one a line, with single blanks."""
    return tuple(" ".join(line.split()) for line in text.strip().split("\n"))


def folded(instruction: Instruction) -> str:
    """The text of the instruction and its here-documents in one line, blanks run together."""
    return " ".join(" ".join([instruction.map.text, *(heredoc.content for heredoc in instruction.heredocs)]).split())


class Build:
    """A whole file. ``directives`` holds what ``syntax``, ``escape`` and ``check`` amount to.

    Instructions with the texts *dropped*, where a text of several lines is a block of so many, and those that begin at
    *lines*, are left out.
    """

    __slots__ = ("arguments", "directives", "document", "dropped", "names", "preamble", "scope", "stages")

    def __init__(self, text: str | Document, dropped: Iterable[str] = (), lines: Collection[int] = ()) -> None:
        self.document = parse(text) if isinstance(text, str) else text
        self.directives = directives(self.document)
        self.arguments: dict[str, Value | None] = {}
        self.scope = Scope()
        self.preamble: list[Effect] = []
        self.stages: list[Stage] = []
        #: which stage a name stands for, the last one of that name so far
        self.names: dict[str, int] = {}
        left = [_lines(each) for each in dropped]
        #: the instructions that were left out
        self.dropped: list[str] = []
        execution = _Execution(self)
        skipped = 0
        for number, instruction in enumerate(self.document.instructions):
            if not skipped and instruction.line in lines:
                continue
            skipped = skipped or self._block(number, left)
            if skipped:
                skipped -= 1
            else:
                execution.run(instruction)

    def _block(self, number: int, left: list[tuple[str, ...]]) -> int:
        """How many instructions from *number* on are one of the blocks in *left*, which is taken out."""
        for block in left:
            following = self.document.instructions[number : number + len(block)]
            if tuple(map(folded, following)) == block:
                left.remove(block)
                self.dropped.append("\n".join(block))
                return len(block)
        return 0

    def children(self, stage: Stage) -> list[Stage]:
        """Every stage built on *stage*, directly or not, in file order."""
        found = []
        inside = {stage.index}
        for each in self.stages[stage.index + 1 :]:
            if each.parent is not None and each.parent.index in inside:
                inside.add(each.index)
                found.append(each)
        return found


class _Execution:
    """Runs the instructions of a file one after another."""

    __slots__ = ("build", "escape", "stage")

    def __init__(self, build: Build) -> None:
        self.build = build
        self.escape = build.document.escape
        self.stage: Stage | None = None

    def run(self, instruction: Instruction) -> None:
        keyword = instruction.keyword
        if keyword == "from":
            self.begin(instruction)
        elif self.stage is None:
            if keyword == "arg":
                for pair in instruction.pairs:
                    value = None if pair.value is None else self.build.scope.resolve(pair.value.value, self.escape)
                    self.build.scope.declare(pair.key.text, value)
                    self.build.arguments[pair.key.text] = value
            else:
                self.build.preamble.append(Effect("unknown", instruction, {"text": instruction.map.text.strip()}))
        else:
            handler = getattr(self, "_" + keyword, None)
            if handler is None or (instruction.form == "none" and keyword != "onbuild"):
                self.effect("unknown", instruction, {"text": instruction.map.text.strip()})
            else:
                handler(self.stage, instruction)

    def effect(
        self, kind: str, instruction: Instruction, fields: dict[str, Hashable], body: Body | None = None
    ) -> None:
        stage = self.stage
        assert stage is not None
        effect = Effect(kind, instruction, fields, body)
        effect.position = len(stage.effects)
        effect.seen = len(stage.bound)
        effect.stage = stage
        stage.effects.append(effect)

    def value(self, text: str) -> Value:
        assert self.stage is not None
        return self.stage.scope.resolve(text, self.escape)

    # -- stages ---------------------------------------------------------------------------------------------------

    def begin(self, instruction: Instruction) -> None:
        build = self.build
        args = instruction.args
        name = args[2].value.lower() if len(args) == 3 else None
        stage = self.stage = Stage(len(build.stages), instruction.line, name)
        image = args[0].value if args else ""
        parent = build.names.get(image)
        platform = self.flags(instruction, build.scope, "platform")
        if parent is None and _is_target(platform.get("--platform")):
            # the same as none: a stage is built for the target unless it says otherwise
            del platform["--platform"]
        reference: Value = ()
        if parent is not None:
            stage.parent = above = build.stages[parent]
            stage.scope = Scope(above.scope)
            stage.shell, stage.user, stage.workdir = above.shell, above.user, above.workdir
        else:
            reference = build.scope.resolve(image, self.escape)
            self.root(stage, reference, platform)
        words: Hashable = tuple(t.text for t in args) if len(args) not in (1, 3) else ()
        self.effect("base", instruction, {"stage": parent, "image": reference, "words": words, **platform})
        build.stages.append(stage)
        if name is not None:
            build.names[name] = stage.index

    def root(self, stage: Stage, reference: Value, platform: dict[str, Hashable]) -> None:
        """What is known of an image from outside: nothing of its own variables, little of its shell."""
        text = text_of(reference)
        if text == "scratch":
            stage.shell, stage.workdir = PLAIN_SHELL, ("/",)
        else:
            stage.workdir = (opaque("the base image's directory", "workdir"),)
            if self.escape == "`" or _WINDOWS.search(repr(reference) + repr(platform)):
                stage.shell = WINDOWS_SHELL
            elif text is not None and _OFFICIAL.match(text):
                stage.shell = PLAIN_SHELL
                place = starts_in(text)
                stage.workdir = stage.workdir if place is None else (place,)

    def flags(self, instruction: Instruction, scope: Scope, *expanded: str) -> dict[str, Hashable]:
        """The flags of *instruction*: values with variables put in, switches as true, lists in order."""
        found: dict[str, tuple[Hashable, ...]] = {}
        for flag in instruction.flags:
            value: Hashable = None if flag.value is None else flag.value.value
            if flag.name in expanded and type(value) is str:
                value = scope.resolve(value, self.escape)
            if flag.name in _SWITCHES:
                value = value is None or value if type(value) is not str else value.lower()
                if value == "false":
                    continue
                value = True if value == "true" else value
            elif instruction.keyword == "from" and value == ():
                # an empty --platform= is no platform
                continue
            name = f"--{flag.name}"
            found[name] = (*found.get(name, ()), value)
        return dict(found)

    # -- files ----------------------------------------------------------------------------------------------------

    def _copy(self, stage: Stage, instruction: Instruction) -> None:
        source = self.build.document.text
        fields: dict[str, Hashable] = {"instruction": instruction.keyword.upper()}
        flags = self.flags(instruction, stage.scope, "chown", "chmod", "checksum")
        origin = next((f for f in instruction.flags if f.name == "from"), None)
        if origin is not None:
            flags["--from"] = tuple(self.origin(f) for f in instruction.flags if f.name == "from")
        names = {h.word.text.strip(): h for h in instruction.heredocs}
        sources: list[Hashable] = []
        for token in instruction.args[:-1]:
            heredoc = names.get(token.text) if instruction.form != "json" else None
            if heredoc is None:
                sources.append(self.value(token.value))
                continue
            text = content(heredoc, source)
            seen = stage.scope.key if heredoc.expand and ("$" in text or "\\" in text) else 0
            sources.append(("\0heredoc", heredoc.name, text, heredoc.expand, seen))
        fields["sources"] = tuple(sources)
        fields["bodies"] = tuple(content(h, source) for h in instruction.heredocs)
        last = instruction.args[-1].value if instruction.args else ""
        fields["destination"] = self.place(stage, last, keep_slash=True)
        fields["json"] = instruction.form == "json" and any(
            "$" in t.value or self.escape in t.value for t in instruction.args
        )
        fields.update(sorted(flags.items()))
        self.effect("copy", instruction, fields)

    _add = _copy

    def origin(self, flag: Flag) -> Hashable:
        """What ``--from`` names: a stage by name or number, or an image."""
        return "" if flag.value is None else self.stage_or_image(flag.value.value, numbers=True)

    def stage_or_image(self, text: str, numbers: bool) -> Hashable:
        index = self.build.names.get(text.lower())
        if index is not None and self.stage is not None and index != self.stage.index:
            return index
        if numbers and re.fullmatch(r"[+-]?\d+", text):
            return int(text)
        return text

    def place(self, stage: Stage, text: str, keep_slash: bool = False) -> Value:
        """*text* as an absolute path where the working directory is known."""
        value = self.value(text)
        slash = keep_slash and (text_of(value) in ("", ".") or ends_in_slash(value))
        found = join(stage.workdir, value)
        return (*found, "\0/") if slash else found

    def _workdir(self, stage: Stage, instruction: Instruction) -> None:
        text = instruction.args[0].value if instruction.args else ""
        stage.workdir = self.place(stage, text)
        stage.config["directory"] = stage.workdir
        stage.lines["directory"] = instruction.line
        written = self.value(text)
        self.effect("directory", instruction, {"path": stage.workdir, "user": stage.user, "written": written})

    def _volume(self, stage: Stage, instruction: Instruction) -> None:
        # a set in the config; the place counts as well, as older builders drop what is written there afterwards
        for token in instruction.args:
            self.effect("volume", instruction, {"path": self.value(token.value)})
        if not instruction.args:
            self.effect("unknown", instruction, {"text": instruction.map.text.strip()})

    def _run(self, stage: Stage, instruction: Instruction) -> None:
        body = body_of(instruction, stage.shell, self.build.document.text)
        flags = self.flags(instruction, stage.scope)
        mounts = tuple(self.mount(f, stage) for f in instruction.flags if f.name == "mount")
        flags.pop("--mount", None)
        for default in (("--network", "default"), ("--security", "sandbox")):
            if flags.get(default[0]) in (default[1], (default[1],)):
                del flags[default[0]]
        fields: dict[str, Hashable] = {
            "shell": body.shell,
            "user": stage.user,
            "directory": stage.workdir,
            "environment": stage.scope.key,
            "mounts": mounts,
            **dict(sorted(flags.items())),
        }
        self.effect("run", instruction, fields, body)

    def mount(self, flag: Flag, stage: Stage) -> Hashable:
        """A ``--mount`` as its options, whatever their order; one that is no plain list as it is written."""
        text = "" if flag.value is None else flag.value.value
        found = options(text)
        if found is None:
            return ("\0text", text, stage.scope.key)
        result: list[tuple[str, Hashable]] = []
        for key, value in found:
            if key == "from":
                result.append((key, self.stage_or_image(value, numbers=False)))
            else:
                result.append((key, self.value(value)))
        return tuple(sorted(result, key=repr))

    # -- config ---------------------------------------------------------------------------------------------------

    def set(self, stage: Stage, instruction: Instruction, name: str, value: object) -> None:
        stage.config[name] = value
        stage.lines[name] = instruction.line

    def _arg(self, stage: Stage, instruction: Instruction) -> None:
        for pair in instruction.pairs:
            name = pair.key.text
            value = None if pair.value is None else self.value(pair.value.value)
            binding = self.build.scope.bindings.get(name)
            default = value
            if value is None and binding is not None:
                default = (("$", name, "", "", binding, True),)
            stage.scope.declare(name, default)
            stage.bound.append((name, "ARG", default))
            stage.arguments[name] = value

    def _env(self, stage: Stage, instruction: Instruction) -> None:
        found = [(self.value(p.key.value), self.value(p.value.value if p.value else "")) for p in instruction.pairs]
        for key, value in found:
            name = text_of(key)
            if name is None:
                name = "\0" + digest(key).hex()
            stage.scope.set(name, value)
            stage.bound.append((name, "ENV", value))
            stage.environment[name] = value
            stage.lines["ENV " + name] = instruction.line

    def _label(self, stage: Stage, instruction: Instruction) -> None:
        for pair in instruction.pairs:
            key = self.value(pair.key.value)
            name = text_of(key)
            if name is None:
                name = "\0" + digest(key).hex()
            stage.labels[name] = self.value(pair.value.value if pair.value else "")
            stage.lines["LABEL " + name] = instruction.line

    def _expose(self, stage: Stage, instruction: Instruction) -> None:
        refused = False
        for token in instruction.args:
            # what is meant for a comment is no port: BuildKit refuses the file (dispatchExpose)
            refused = refused or token.text.startswith("#")
            if refused:
                stage.ports.setdefault((REFUSED, token.text), instruction.line)
                continue
            value = stage.scope.resolve(token.value, self.escape, splitting=True)
            text = text_of(value)
            port: Hashable = value
            if text is not None:
                # address and host port are in no image (dispatchExpose)
                number, slash, protocol = text.rpartition(":")[2].partition("/")
                port = f"{number}/{protocol.lower() or 'tcp'}" if number and "/" not in protocol else text + slash
            stage.ports.setdefault(port, instruction.line)

    def _user(self, stage: Stage, instruction: Instruction) -> None:
        stage.user = self.value(instruction.args[0].value) if instruction.args else ()
        self.set(stage, instruction, "user", stage.user)

    def _stopsignal(self, stage: Stage, instruction: Instruction) -> None:
        self.set(stage, instruction, "stop signal", self.value(instruction.args[0].value) if instruction.args else ())

    def _maintainer(self, stage: Stage, instruction: Instruction) -> None:
        self.set(stage, instruction, "author", instruction.args[0].value if instruction.args else "")

    def _shell(self, stage: Stage, instruction: Instruction) -> None:
        words = tuple([token.value for token in instruction.args])
        if instruction.form == "json" and words:
            stage.shell = words
            for effect in stage.effects:
                if effect.kind == "trigger" and effect.body is not None:
                    # another shell than the one it was read for will run it
                    effect.body.verbatim()
            self.set(stage, instruction, "shell", words)
        else:
            self.effect("unknown", instruction, {"text": instruction.map.text.strip()})

    def _cmd(self, stage: Stage, instruction: Instruction) -> None:
        self.set(stage, instruction, "command", body_of(instruction, stage.shell, self.build.document.text))

    def _entrypoint(self, stage: Stage, instruction: Instruction) -> None:
        self.set(stage, instruction, "entrypoint", body_of(instruction, stage.shell, self.build.document.text))

    def _healthcheck(self, stage: Stage, instruction: Instruction) -> None:
        kind = instruction.kind.value.lower() if instruction.kind is not None else ""
        flags = self.flags(instruction, stage.scope) if kind != "none" else {}
        self.set(stage, instruction, "health check", body_of(instruction, stage.shell, self.build.document.text))
        stage.config["health check options"] = (kind, tuple(sorted(flags.items())))

    def _onbuild(self, stage: Stage, instruction: Instruction) -> None:
        inner = instruction.inner
        if inner is None:
            self.effect("unknown", instruction, {"text": instruction.map.text.strip()})
            return
        fields: dict[str, Hashable] = {
            "instruction": inner.keyword,
            "flags": tuple((f.name, None if f.value is None else f.value.value) for f in inner.flags),
            "escape": self.escape,
        }
        body = None
        if inner.keyword in ("run", "cmd", "entrypoint", "healthcheck"):
            fields["type"] = inner.kind.value.lower() if inner.kind is not None else ""
            # the shell that will be in force when the trigger runs, unless a SHELL follows
            body = body_of(inner, stage.shell, self.build.document.text)
        elif inner.keyword in ("env", "label", "arg"):
            # what the variables hold is not known before the trigger runs
            none = Scope()
            fields["pairs"] = tuple(
                (p.key.value, None if p.value is None else none.resolve(p.value.value, self.escape))
                for p in inner.pairs
            )
            fields["form"] = inner.form if self.escape != "\\" else ""
        else:
            fields["words"] = tuple([token.value for token in inner.args])
            fields["form"] = inner.form
            fields["bodies"] = tuple((h.name, h.expand, content(h, self.build.document.text)) for h in inner.heredocs)
            fields["text"] = "" if inner.args or inner.inner is None else inner.map.text.strip()
        self.effect("trigger", instruction, fields, body)
