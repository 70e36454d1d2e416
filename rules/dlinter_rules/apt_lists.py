"""apt's package lists: what reads them, and how every step that does fetches its own."""

from __future__ import annotations

from posixpath import normpath

from dlinter.edits import UNSAFE, Edit, Fix
from dlinter.packages import package_call
from dlinter.shell_edits import append_command, chain, delete_instruction, simple
from dlinter.tree import Run
from dlinter_grammar import regex as re
from dlinter_rules.chains import only_script
from dlinter_rules.common import APT, LISTS, certainly_runs, program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.commands import Command
    from dlinter.tree import Instruction

#: sub-commands that read the package lists (apt-get(8), apt(8))
_READERS = frozenset({
    "install", "reinstall", "upgrade", "dist-upgrade", "safe-upgrade", "build-dep", "source", "download", "show",
    "search", "policy", "madison", "list", "satisfy", "changelog",
})  # fmt: skip
#: programs that read apt's lists or call apt
_HELPERS = frozenset({
    "apt-cache", "apt-file", "apt-rdepends", "apt-show-versions", "gdebi", "tasksel", "dselect", "mk-build-deps",
    "unattended-upgrade", "unattended-upgrades", "rosdep", "wajig", "nala", "apt-fast",
})  # fmt: skip


def subcommand(command: Command) -> str | None:
    """That of apt, apt-get or aptitude; None for other programs."""
    call = package_call(command) if command.name in APT else None
    return call.subcommand if call is not None else None


def fetches_lists(command: Command) -> bool:
    """True for ``apt-get update``."""
    return subcommand(command) == "update"


def reads_lists(command: Command) -> bool:
    """True for what chooses packages by the lists."""
    return subcommand(command) in _READERS or command.name in _HELPERS


def removes_lists(command: Command) -> bool:
    """True for a removal of the lists, or of a folder they lie in."""
    if command.name in APT and command.operand("dist-clean", "distclean") is not None:
        return True
    if command.name not in ("rm", "find", "shred"):
        return False
    return any("/var/lib/apt" in word.text or word.text[:9] == "/var/lib/" for word in command.args) or any(
        word.text.rstrip("/*") in ("/var/lib", "/var") for word in command.args
    )


def looks_at_lists(command: Command) -> bool:
    """True for what reads the folder of the lists; removing it is no reading."""
    return command.name != "rm" and any("/var/lib/apt" in word.text for word in command.args)


#: what may read the lists, or run something that does
_OPAQUE = re.compile(
    r"\bapt|\bdpkg|\.sh\b|\./|\bsource\b|\beval\b|(?:^|[;&|]|then|do)\s*\.\s|python|perl|ruby|ansible|\bmake\b", re.M
)


def read(command: Command) -> bool:
    """True for a script of the build context that the container starts with, if it is a shell's and reads no lists."""
    instruction = command.instruction
    context = instruction.file.facts.build_context
    if instruction.keyword not in ("cmd", "entrypoint", "healthcheck") or not context.certain or context.files is None:
        return False
    shell = command.name in ("sh", "bash", "dash", "ash")
    word = command.operand() if shell else program(command)
    if word is None or word.value is None or "/" not in word.value:
        return False
    from dlinter.facts.copied import origin

    here = instruction.file.facts.workdir(instruction)
    path = word.value if word.value[:1] == "/" else f"{here}/{word.value}" if here else ""
    source = origin(instruction, normpath(path)) if path else None
    text = context.files.text(source) if source is not None else None
    if not text or not _SHELL.match(text):
        return False
    return _OPAQUE.search(text.split("\n", 1)[-1]) is None


#: the first line of a shell's script
_SHELL = re.compile(r"#!\s*(?:/usr)?/bin/(?:env\s+)?(?:ba|da|a)?sh\b")


def _concerned(instruction: Instruction) -> list[Command]:
    """The commands that fetch the lists or need them."""
    return [c for c in instruction.commands if fetches_lists(c) or reads_lists(c) or looks_at_lists(c)]


def fetched_by_each(run: Run, update: Command) -> Fix | None:
    """The lists of *update* removed at the end of *run*, and fetched anew by the steps after it that read them.

    A step that does nothing but update goes. None where a step is not one and-list, or something is built on it.
    """
    script = only_script(run)
    if script is None or run.stage is None or run.file.facts.descendants(run.stage) or update.script is not script:
        return None
    if update.simple is None or update.simple.redirects or not certainly_runs(update):
        return None
    text = script.text[update.simple.start : update.simple.end]
    if "\n" in text or update.wrappers not in ([], ["sudo"]) or (update.wrappers and update.words[1].text[:1] == "-"):
        return None
    names = ["package-lists-removed", f"option-of-user:command-added={text}"]
    if all(map(fetches_lists, run.commands)):
        first = delete_instruction(run) if "#" not in run.syntax.map.text else None
        names.append(f"option-of-user:instruction-removed={run.syntax.map.text}")
    else:
        first = append_command(script, removal_of(update))
    edits = [first]
    for reader in readers_of(run):
        edits += _refreshed(reader, update, text)
    if None in edits:
        return None
    return Fix([edit for edit in edits if edit is not None], UNSAFE, "Fetch the lists where they are read", names)


def readers_of(run: Run) -> list[Instruction]:
    """The instructions after *run* that read its lists."""
    assert run.stage is not None
    found = []
    for other in run.stage.following(run):
        known = _concerned(other)
        if known and fetches_lists(known[0]) and isinstance(other, Run) and certainly_runs(known[0]):
            break
        if known:
            found.append(other)
    return found


def _refreshed(reader: Instruction, update: Command, text: str) -> list[Edit | None]:
    """*text* ahead of the first command of *reader* that needs it, and the removal at its end."""
    script = only_script(reader) if isinstance(reader, Run) and not reader.mounts else None
    elements = chain(script) if script is not None else None
    if script is None or elements is None:
        return [None]
    known = _concerned(reader)
    at = next((e for e in elements if simple(e) is known[0].simple and known[0].simple is not None), None)
    if at is None or known[0].name not in APT or known[0].wrappers != update.wrappers:
        return [None]
    start = script.at(at.start)
    edits: list[Edit | None] = [Edit(start, start, f"{text} && ")]
    if not any(removes_lists(command) for command in reader.commands if command.start > known[-1].start):
        edits.append(append_command(script, removal_of(update)))
    return edits


def removal_of(update: Command) -> str:
    """The removal of the lists that *update* fetches, with its rights."""
    return " ".join([*update.wrappers, f"rm -rf {LISTS}/*"])
