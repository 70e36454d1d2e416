"""What the rules of several modules ask."""

from __future__ import annotations

from dlinter.edits import SAFE, UNSAFE, Fix
from dlinter.images import Image, lookup
from dlinter.tree import Instruction, Run
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dlinter import Command, Dockerfile, Script, Stage
    from dlinter.commands import Word
    from dlinter_grammar.shell_nodes import Node

    Asked = tuple[Callable[[Instruction], int | None], Callable[[Instruction], bool]]

APT = ("apt-get", "apt", "aptitude")
LISTS = "/var/lib/apt/lists"


def image_of(stage: Stage | None) -> Image | None:
    """What is known of the base image below *stage*, through parent stages."""
    base = stage.file.facts.base(stage) if stage is not None else None
    return lookup(base) if base is not None else None


def is_generated(file: Dockerfile) -> bool:
    """True if the comments before the first instruction say that a program writes the file."""
    return file.facts.once(_says_generated)


def _says_generated(file: Dockerfile) -> bool:
    first = file.instructions[0].start if file.instructions else 0
    head = " ".join(file.text[comment.start : comment.end] for comment in file.comments if comment.start < first)
    return re.search(r"\b(?:auto-?)?generated\b", head, re.IGNORECASE) is not None


def is_root(user: str) -> bool:
    """True for ``root``, ``0`` and both with a group."""
    name = user.partition(":")[0].strip()
    return name == "root" or (name.isdecimal() and int(name) == 0)


def runs_as_root(instruction: Instruction) -> bool:
    """True if *instruction* certainly runs as root: a USER says so, or there is none and the base image is root's."""
    from dlinter.tree import User

    user = instruction.file.facts.user(instruction)
    if user is not None:
        return is_root(user)
    if next(instruction.file.facts.before(instruction, User), None) is not None:
        return False
    image = image_of(instruction.stage)
    return image is not None and image.user is not None and (image.user == "" or is_root(image.user))


def program(command: Command) -> Word:
    """The word that names the program of *command*, behind any wrappers."""
    return command.words[len(command.words) - len(command.args) - 1]


def in_run(command: Command) -> bool:
    """True for a command of RUN, a trigger of ONBUILD included: not for what runs in the container."""
    return command.instruction.keyword == "run"


def commands_before(instruction: Instruction) -> Iterator[Command]:
    """The commands of the RUN instructions before *instruction* in its stage and the stages it is built on."""
    for other in instruction.file.facts.before(instruction, Run):
        yield from other.commands


def ran_before(command: Command, where: Callable[[Command], bool]) -> bool:
    """True if *where*, which is asked once for each, says yes to a command of a RUN that runs before *command*."""
    instruction, (first, some) = command.instruction, _asked(where)
    facts = instruction.file.facts
    start = facts.known(first, instruction)
    if start is not None and start < command.start:
        return True
    return next(facts.before(instruction, Run, where=some), None) is not None


#: what :func:`_asked` gave, by question
_ASKED: dict[Callable[[Command], bool], Asked] = {}


def _asked(where: Callable[[Command], bool]) -> Asked:
    """Where the first command stands to which *where* says yes, and whether there is one."""
    known = _ASKED.get(where)
    if known is not None:
        return known

    def first(instruction: Instruction) -> int | None:
        return min((command.start for command in instruction.commands if where(command)), default=None)

    def some(instruction: Instruction) -> bool:
        return instruction.file.facts.known(first, instruction) is not None

    _ASKED[where] = found = first, some
    return found


def first_calls(stage: Stage) -> dict[str, Command]:
    """The first command of each name in the RUN instructions of *stage*."""
    return stage.file.facts.known(_first_calls, stage)


def _first_calls(stage: Stage) -> dict[str, Command]:
    found: dict[str, Command] = {}
    for run in stage.of(Run):
        for command in run.commands:
            if command.name not in found or command.start < found[command.name].start:
                found[command.name] = command
    return found


def certain(stage: Stage | None) -> bool:
    """True if the base image of *stage* is written out: an argument could be given another value."""
    if stage is None:
        return False
    root = stage.file.facts.graph.root(stage)
    return root.base.image is not None and "$" not in root.base.image.value


def directory(instruction: Instruction) -> str | None:
    """The working directory in force: of the file's own making, or ``/`` of images that are known to have none."""
    facts = instruction.file.facts
    found = facts.workdir(instruction)
    if found is not None or instruction.file.escape != "\\" or not certain(instruction.stage):
        return found
    from dlinter.proof.tables import starts_in

    assert instruction.stage is not None
    base = facts.base(instruction.stage)
    if base is None or not base.official or starts_in(f"{base.path}:{base.tag or ''}") is None:
        return None
    return facts.workdir(instruction, base=True)


def expands(workdir: Instruction) -> bool:
    """True if variables stand in the text of *workdir*."""
    return "$" in workdir.syntax.map.text


def steps(script: Script) -> Iterator[tuple[Node, bool]]:
    """The nodes of a script that run whenever what is before them succeeds, and whether their failure ends the RUN."""
    from dlinter_grammar.shell_nodes import AndOr, Simple

    if script.root is None:
        return
    ends = "-e" in script.instruction.file.facts.shell(script.instruction)[1:]
    last = script.root.statements[-1] if script.root.statements else None
    for statement in script.root.statements:
        if statement.terminator is not None and statement.terminator.text == "&":
            continue
        node = statement.node
        items = node.items if isinstance(node, AndOr) else (node,)
        pure = not isinstance(node, AndOr) or all(operator.text == "&&" for operator in node.operators)
        for number, item in enumerate(items):
            if number and isinstance(node, AndOr) and node.operators[number - 1].text == "||":
                break
            # set -e looks at the last element of an and-list only
            yield item, pure and (statement is last or (ends and number == len(items) - 1))
            if isinstance(item, Simple) and item.words and item.words[0].value == "set":
                ends = ends or any((w.value or "")[:1] == "-" and "e" in (w.value or "") for w in item.words[1:])


def _fatal(script: Script) -> dict[int, bool]:
    """:func:`steps` by the identity of the node."""
    found: dict[int, bool] = {}
    for node, fatal in steps(script):
        found[id(node)] = fatal or found.get(id(node), False)
    return found


def _step(command: Command, script: Script) -> bool | None:
    """Whether the failure of *command* ends the RUN, None if it may not run."""
    return script.instruction.file.facts.known(_fatal, script).get(id(command.simple))


def failure_ends(command: Command) -> bool:
    """True if the RUN certainly fails when *command* does."""
    if command.script is None:
        return True
    scripts = command.instruction.scripts
    if not scripts or command.script is not scripts[0] or command.instruction.form == "json":
        return False
    return bool(_step(command, command.script))


def certainly_runs(command: Command) -> bool:
    """True if *command* runs in its RUN whenever everything before it succeeds."""
    if command.script is None:
        return True
    scripts = command.instruction.scripts
    return bool(scripts) and command.script is scripts[0] and _step(command, command.script) is not None


def answered_elsewhere(command: Command, setting: str) -> bool:
    """True if something is piped into the command, or *setting* (in lower case) stands here or in an earlier step."""
    if command.script is not None and piped_into(command):
        return True
    instruction = command.instruction
    before = instruction.file.facts.before(instruction, Instruction)
    return any(setting in i.syntax.map.text.lower() for i in [*before, instruction])


def piped_into(command: Command) -> bool:
    """True if something is piped into the command: the answer, most likely."""
    from dlinter_grammar.shell_nodes import Pipeline, walk

    script = command.script
    if script is None or script.root is None:
        return False
    return any(isinstance(node, Pipeline) and command.simple in node.commands[1:] for node in walk(script.root))


def cleaned_at_the_end(run: Run, after: Command, *commands: str) -> Fix | None:
    """*commands* appended to *run*, with the rights of *after*; UNSAFE where a trap may end it early.

    None where the proof does not see that they can still be called.
    """
    if run.in_onbuild or run.form != "shell" or not run.scripts or not certainly_runs(after):
        return None
    script = run.scripts[0]
    prefix = "sudo " if "sudo" in after.wrappers else ""
    from dlinter.shell_edits import append_command

    edit = append_command(script, " && ".join(prefix + text for text in commands))
    if edit is None:
        return None
    title, names = f"Run {commands[0]} at the end", ("package-cache-off",)
    if traps(script):
        return Fix([edit], UNSAFE, title, names)
    from dlinter_rules.proven import accepted

    # the program may be another one by then, or gone
    return Fix([edit], SAFE, title, names) if accepted(run.file, [edit], names) else None


def traps(script: Script) -> bool:
    """True if the end of the script may not be reached in the ordinary way."""
    from dlinter_grammar.shell import simple_commands

    return script.root is not None and any(
        simple.words and simple.words[0].value == "trap" for simple in simple_commands(script.root)
    )


#: what runs a script of a language
_RUNTIMES = re.compile(r"(?:python|pypy|perl|ruby|node|php|lua)[\d.]*")
#: scripts that are known to call no package manager of the system
_KNOWN = ("setup.py", "manage.py", "get-pip.py", "ez_setup.py")
_INTERPRETERS = frozenset({
    "sh", "bash", "dash", "ash", "zsh", "ksh", ".", "source", "eval", "make", "ninja", "rake", "ansible-playbook",
    "ansible-pull", "ansible", "puppet", "chef-client", "chef-solo", "salt-call", "su", "runuser", "chroot",
    "run-parts", "parallel", "script", "expect", "playwright",
})  # fmt: skip


def _shown(command: Command) -> bool:
    """True for ``sh -c`` with a script of fixed text, and for an interactive shell that the container starts with."""
    if command.name not in ("sh", "bash", "dash", "ash"):
        return False
    texts = [word.value for word in command.args]
    options = next((n for n, text in enumerate(texts) if text is None or text[:1] not in ("-", "+")), len(texts))
    if options == len(texts):
        return not in_run(command) and not any(text in ("--rcfile", "--init-file", "-s") for text in texts)
    return options > 0 and re.fullmatch("-[a-z]*c", texts[options - 1] or "") is not None and texts[options] is not None


def unseen_script(command: Command) -> bool:
    """True for what runs a script that we cannot see, which may call apt."""
    if command.name in _INTERPRETERS or not command.name:
        return not _shown(command)
    if any("playwright" in word.text or "install-deps" in word.text for word in command.args):
        return True
    program: Word = command.words[len(command.words) - len(command.args) - 1]
    folder, _, name = (program.value or "").rpartition("/")
    if name.endswith((".sh", ".bash", ".py", ".pl", ".rb")):
        return True
    if _RUNTIMES.fullmatch(name):
        script = command.operand()
        options = {word.value for word in command.args}
        return script is not None and script.value not in _KNOWN and options.isdisjoint(("-c", "-m", "-e", "-r"))
    return "/" in (program.value or "") and folder not in ("/bin", "/sbin", "/usr/bin", "/usr/sbin")
