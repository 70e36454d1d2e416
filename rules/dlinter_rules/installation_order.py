"""Which installations come behind the code although they do without it, and what they need instead."""

from __future__ import annotations

from posixpath import basename, join, normpath

from dlinter import Add, Arg, Command, Copy, Env, Instruction, Run, Stage, Volume, Workdir
from dlinter.context import Context, Memory
from dlinter.context.answers import placed
from dlinter.context.installs import Access, Place, Tree, access_of, elements
from dlinter.context.installs.system import shared
from dlinter.facts.context import sources
from dlinter.packages import package_call
from dlinter.proof.context import Copied
from dlinter.shell_edits import chain, command_of
from dlinter_grammar import regex as re
from dlinter_rules.chains import only_script
from dlinter_rules.installers import (
    BUILDERS,
    FETCHED,
    certain_manifests,
    fetching,
    has_manifest,
    manager_of,
    project_wide,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter import Dockerfile
    from dlinter_grammar.shell_nodes import Node

#: files that say nothing about the code
_BESIDE = re.compile(
    r"(?:.*[Dd]ockerfile.*|.*\.[Dd]ockerfile|[Cc]ontainerfile.*|\.dockerignore|\.git\w*|(?:README|LICEN[SC]E|CHANGELOG).*"
    r"|(?:docker-)?compose.*\.ya?ml|\.editorconfig|\.env\.example|\.gitkeep|Makefile)$"
)


class Plan:
    """What can be changed: the ``copies`` of the code go behind the RUN ``last``.

    The first ``split`` elements of it go ahead alone where that is not 0; where ``fetch`` is a command, it goes ahead
    in a RUN of its own and ``last`` stays behind the copies. ``manifests`` are what has to be copied before, by the
    place in the image with the path in the context; None where it is not known what that is. ``command`` is the
    installation; ``doubts`` is why it may not be the same; ``ignored`` are folders of the context that would overwrite
    what is installed.
    """

    __slots__ = ("command", "copies", "doubts", "fetch", "ignored", "last", "manifests", "split")

    def __init__(self, copies: list[Copy | Add], last: Run, command: Command) -> None:
        self.copies = copies
        self.last = last
        self.command = command
        self.split = 0
        self.fetch = ""
        self.manifests: dict[str, str] | None = {}
        self.doubts: list[str] = []
        self.ignored: list[str] = []


def known_plans(file: Dockerfile) -> dict[int, list[Plan]]:
    """What :func:`plans` gave, by stage, as far as it was asked."""
    return {}


def plans(stage: Stage) -> Iterator[Plan]:
    """Every such place in *stage*."""
    context = stage.file.facts.context
    block: list[Copy | Add] = []
    for instruction in [*stage.instructions, None]:
        if isinstance(instruction, (Copy, Add)) and _from_context(instruction):
            block.append(instruction)
            continue
        if block:
            plan = _of_block(block, context)
            if plan is not None:
                yield plan
                return
        block = []


def _of_block(block: list[Copy | Add], context: Context | None) -> Plan | None:
    """What can be changed about one block of copies; the folder that is taken for the context may be another one."""
    if context is None:
        return _Passage(block, None).plan()
    passage = _Passage(block, context)
    plan = passage.plan()
    return _Passage(block, None).plan() if plan is None and passage.astray and not context.named else plan


def _from_context(copy: Copy | Add) -> bool:
    return copy.flag("from") is None and not copy.heredocs and copy.destination is not None


def copied(copy: Copy | Add) -> Copied | None:
    """Where *copy* puts what; None where that is not known."""
    facts = copy.file.facts
    paths = [path for _, path in sources(copy)]
    folder = facts.workdir(copy, base=True)
    target = None if copy.destination is None else facts.expand(copy.destination, copy).value
    if None in paths or target is None or (folder is None and not target.startswith("/")):
        return None
    if copy.flag("parents") is not None or copy.flag("exclude") is not None:
        return None
    place = normpath(join(folder or "/", target))
    is_folder = target.endswith("/") or target in ("", ".") or place == folder or len(paths) > 1
    return Copied(tuple(path for path in paths if path is not None), place, is_folder)


class _Passage:
    """The way of a block of copies past what follows it. Without a *context* nothing is known of the files."""

    def __init__(self, block: list[Copy | Add], context: Context | None) -> None:
        self.block = block
        self.known = context is not None
        self.tree = Tree(context or Context(Memory({})), {})
        self.brought: dict[int, dict[str, str]] = {}
        self.stage = block[0].stage
        self.reads = Access()
        #: true if a file is missing that the installation certainly reads
        self.astray = False

    def plan(self) -> Plan | None:
        if not self._files() or self.stage is None:
            return None
        found: Plan | None = None
        for instruction in self.stage.instructions:
            if instruction.index <= self.block[-1].index:
                continue
            if isinstance(instruction, Run):
                plan, more = self._run(instruction)
                again = found and plan and plan.fetch and manager_of(plan.command) == manager_of(found.command)
                found = found if again else plan or found
                if not more:
                    break
            elif not self._passable(instruction):
                break
        return found if found is not None and self._gain(found) else None

    def _files(self) -> bool:
        """Find out what the copies bring; False where that is not known."""
        for copy in self.block:
            here = copied(copy)
            if here is None:
                return False
            if self.known:
                brought = placed(self.tree.context, here)
                if not brought:
                    return False
            else:
                brought = {}
                if len(self.block) > 1 or here.sources not in ((".",), ("./",)):
                    return False
            self.brought[copy.index] = brought
            self.tree.files.update(brought)
        return True

    def _passable(self, instruction: Instruction) -> bool:
        """True if the copies mean the same behind *instruction*."""
        texts = [copy.syntax.map.text for copy in self.block]
        if isinstance(instruction, Workdir):
            return all(copy.destination is not None and copy.destination.value[:1] in ("/", "$") for copy in self.block)
        if isinstance(instruction, (Env, Arg)):
            return not any(re.search(rf"\$\{{?{re.escape(p.key.value)}\b", t) for p in instruction.pairs for t in texts)
        if isinstance(instruction, (Copy, Add)):
            target = instruction.destination
            if _from_context(instruction) or target is None or not target.value.startswith("/"):
                return False
            inside = normpath(target.value).rstrip("/") + "/"
            return not any(f"{path}/".startswith(inside) or inside.startswith(f"{path}/") for path in self._places())
        return not isinstance(instruction, Volume) and instruction.keyword not in ("onbuild", "from", "maintainer")

    def _places(self) -> list[str]:
        found = [copied(copy) for copy in self.block]
        return [each.destination.rstrip("/") for each in found if each is not None]

    # -- RUN --------------------------------------------------------------------------------------------------------

    def _run(self, run: Run) -> tuple[Plan | None, bool]:
        """What becomes of *run*, and whether the copies may pass it."""
        script = only_script(run)
        nodes = chain(script) if script is not None else None
        folder = run.file.facts.workdir(run, base=True)
        if script is None or nodes is None or folder is None or run.flags:
            return None, False
        place = Place(folder, _variables(run), self.tree)
        access = access_of(nodes, place)
        if not access.needs:
            if not access.installs:
                self.reads.add(access)
                return None, True
            return self._plan(run, access, _installer(run, nodes, len(nodes))), True
        for count in range(len(nodes) - 1, 0, -1):
            access = access_of(nodes[:count], place)
            if not access.needs and access.installs:
                plan = self._plan(run, access, _installer(run, nodes, count))
                if plan is not None:
                    plan.split = count
                return plan, False
        return self._fetching(run, nodes, place) or self._unfixed(run, nodes, place, access), False

    def _unfixed(self, run: Run, nodes: list[Node], place: Place, access: Access) -> Plan | None:
        """An installation that has to be taken apart by hand."""
        command = command_of(run.scripts[0], nodes[0])
        if command is None or not self.known or not has_manifest(command, place, access):
            return None
        plan = Plan(self.block, run, command)
        plan.manifests = None
        return plan

    def _fetching(self, run: Run, nodes: list[Node], place: Place) -> Plan | None:
        """A command that fetches beforehand what the first element of *run* would."""
        command = command_of(run.scripts[0], nodes[0])
        call = package_call(command) if command is not None else None
        if command is None or call is None or not self.known or command.wrappers:
            return None
        text = fetching(call, command)
        ahead = elements(text) if text else None
        if ahead is None or any(mount.type == "cache" for mount in run.mounts):
            return None
        access = access_of(ahead, place)
        if access.needs or not access.installs:
            return None
        plan = self._plan(run, access, command)
        if plan is not None:
            plan.fetch = text
        return plan

    def _plan(self, run: Run, access: Access, command: Command | None) -> Plan | None:
        if command is None:
            return None
        late = self.block
        if not self.known and _speaks_of_postinstall(run):
            # somebody says what the installation needs the code for
            return None
        if not self.known and self._places() != [run.file.facts.workdir(run, base=True)]:
            return None
        self.reads.add(access)
        if self.known:
            late = self._late()
        if not late:
            return None
        plan = Plan(late, run, command)
        plan.doubts = list(self.reads.doubts)
        if self.known:
            ready = self._ready(late)
            ordered = [path for path in self.reads.files if path in self.tree.files]
            ordered += [path for path in self.tree.files if path not in self.reads.files and self.reads.reads(path)]
            files = self.tree.files
            plan.manifests = {path: files[path] for path in ordered if ready.get(path) != files[path]}
            written = [path for path in self.tree.files if self.reads.changes(path)]
            if written:
                plan.doubts.insert(0, _overwritten(written, plan.manifests))
                plan.ignored = sorted({found for path in written if (found := _installed(self.tree.files[path]))})
            if any("is not in the build context" in doubt for doubt in plan.doubts):
                self.astray = True
                return None
        else:
            plan.manifests = certain_manifests(command, self.reads, self._places()[0])
            plan.doubts = ["the build context is not known"]
        return plan

    def _late(self) -> list[Copy | Add]:
        """The copies of the code, with those behind them that overwrite what they bring."""
        late: list[Copy | Add] = []
        over: set[str] = set()
        for copy in self.block:
            places = self.brought[copy.index]
            if any(self._code(path) for path in places) or not over.isdisjoint(places):
                late.append(copy)
                over.update(places)
        return late

    def _code(self, path: str) -> bool:
        """True if the file at *path* is neither needed by the installation nor part of the system."""
        return not self.reads.reads(path) and not shared(path)

    def _ready(self, late: list[Copy | Add]) -> dict[str, str]:
        """What other copies have brought, with nothing between that could have changed it."""
        found: dict[str, str] = {}
        for copy in self.block:
            if copy not in late:
                found.update(self.brought[copy.index])
        assert self.stage is not None
        for instruction in reversed(self.stage.instructions):
            if instruction.index >= self.block[0].index:
                continue
            if isinstance(instruction, (Copy, Add)) and _from_context(instruction):
                here = copied(instruction)
                found.update((here and placed(self.tree.context, here)) or {})
            elif isinstance(instruction, Run):
                break
        return found

    def _gain(self, plan: Plan) -> bool:
        """True if there is code that the installation does without, and nothing installed it before."""
        if self.known:
            code = [path for copy in plan.copies for path in self.brought[copy.index] if not self.reads.reads(path)]
            if all(_BESIDE.match(basename(path)) for path in code):
                return False
            if any(shared(path) for path in code):
                plan.doubts.insert(0, "files of the system are copied")
        return not self._done_before(plan)

    def _done_before(self, plan: Plan) -> bool:
        """True if an earlier step has fetched the same, or another stage hands it over."""
        manager = manager_of(plan.command)
        assert self.stage is not None
        for copy in self.stage.of(Copy):
            if copy.flag("from") is not None and any(name in copy.text for name in FETCHED.get(manager, ())):
                return True
        for run in plan.last.file.facts.before(self.block[0], Run):
            for other in run.commands:
                if manager_of(other) == manager and (manager in BUILDERS or project_wide(other, package_call(other))):
                    return True
        return False


def _overwritten(written: list[str], manifests: dict[str, str]) -> str:
    """Why files of the context lie where the installation writes."""
    for folder in ("node_modules", "vendor", ".venv", "venv", "obj", "deps", "_build", ".yarn"):
        if any(f"/{folder}/" in f"{path}/" for path in written):
            return f"{folder} is in the build context and would overwrite what is installed"
    name = basename(next((path for path in written if path in manifests), written[0]))
    return f"the installation may change {name}, and the copy puts the old one back"


def _speaks_of_postinstall(run: Run) -> bool:
    return run.stage is not None and any("postinstall" in comment.text for comment in run.stage.comments)


def _installed(path: str) -> str:
    """The folder of the context that holds *path* and that only an installation fills."""
    parts = path.split("/")
    at = next((number for number, part in enumerate(parts) if part in ("node_modules", ".venv")), None)
    return "" if at is None else "/".join(parts[: at + 1])


def _variables(run: Run) -> dict[str, str | None]:
    """The variables that the file sets before *run*; what ARG holds may be given from outside."""
    found: dict[str, str | None] = {}
    environment = run.file.facts.env(run)
    for each in run.file.facts.before(run, Env, Arg):
        if isinstance(each, (Env, Arg)):
            for pair in each.pairs:
                name = pair.key.value
                value = environment[name] if isinstance(each, Env) and name in environment else None
                found.setdefault(name, value)
    return found


def _installer(run: Run, nodes: list[Node], count: int) -> Command | None:
    """The first of the first *count* commands that installs what a manifest asks for."""
    for node in nodes[:count]:
        command = command_of(run.scripts[0], node)
        if command is not None and project_wide(command, package_call(command)):
            return command
    return None
