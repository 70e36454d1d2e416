"""Commands put behind others, and RUN instructions joined, where that changes nothing else."""

from __future__ import annotations

from dlinter.edits import Edit
from dlinter.shell_edits import append_command, chain, command_of, joint, last_node, simple
from dlinter.tree import Onbuild
from dlinter_grammar.shell_nodes import AndOr, Assignment, Function, Simple, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.commands import Command
    from dlinter.scripts import Script
    from dlinter.tree import Instruction, Run

#: commands after which the end of a script is not reached, or not in the ordinary way
_LEAVING = frozenset({"exec", "exit", "return", "trap", "eval", "source", ".", "break", "continue", "kill", "alias"})


def only_script(run: Instruction) -> Script | None:
    """The script of a RUN in shell form without heredocs, if it can be read."""
    if run.form != "shell" or run.heredocs or run.in_onbuild or not run.scripts:
        return None
    script = run.scripts[0]
    return script if script.root is not None and script.quoting == "" else None


def only_command(run: Instruction) -> Command | None:
    """The one simple command that a RUN in shell form consists of, without redirections and assignments."""
    script = only_script(run)
    elements = chain(script) if script is not None else None
    if script is None or elements is None or len(elements) != 1:
        return None
    command = command_of(script, elements[0])
    if command is None or command.simple is None or command.simple.redirects or command.assignments:
        return None
    return command


def follow(command: Command, *texts: str) -> Edit | None:
    """``&& text`` for each of *texts* directly behind *command*, with its rights; None where that is not possible.

    That is where *command* is an element of a pure and-list, or ends the script.
    """
    script = only_script(command.instruction)
    if script is None or command.script is not script or command.wrappers not in ([], ["sudo"]):
        return None
    if command.wrappers and command.words[1].text[:1] == "-":
        return None
    if any(other.name in (".", "source", "eval") for other in command.instruction.commands):
        # the program may be a function
        return None
    prefix = "sudo " if command.wrappers else ""
    added = (prefix + text for text in texts)
    elements = chain(script)
    if elements is not None:
        for element in elements:
            if simple(element) is command.simple and command.simple is not None:
                at = script.span(element.start, element.end)[1]
                before = joint(script.instruction, script)
                return Edit(at, at, "".join(before + text for text in added))
        return None
    last = last_node(script)
    if last is None or simple(last) is not command.simple:
        return None
    return append_command(script, joint(script.instruction, script).join(added))


def flags_of(run: Instruction) -> list[str]:
    """The flags as written."""
    return [run.file.text[flag.start : flag.end] for flag in run.flags]


def previous(instruction: Instruction) -> Instruction | None:
    """The instruction before it in its stage; None for the first one and in ONBUILD."""
    if instruction.stage is None or instruction.in_onbuild:
        return None
    before = instruction.stage.instructions[instruction.index - instruction.stage.base.index - 1]
    return before if before.index < instruction.index else None


def joined(before: Run, run: Run) -> Edit | None:
    """*run*, an and-list of removals or the like that keep no state, as the end of the RUN directly before it."""
    first, second = only_script(before), only_script(run)
    if first is None or second is None or flags_of(before) != flags_of(run):
        return None
    text = run.file.text
    if text[before.end : run.start].strip() or run.syntax.blanks or before.syntax.blanks:
        return None
    elements = chain(second)
    node = last_node(first)
    if elements is None or node is None or not all(isinstance(element, Simple) for element in elements):
        return None
    if not ends_ordinarily(first):
        return None
    at = first.span(node.start, node.end)[1]
    if any(at <= comment.start for comment in before.syntax.comments):
        return None
    return Edit(at, second.start, _joint(first))


def _joint(script: Script) -> str:
    """The joint that the script uses, on a line of its own where it has none yet."""
    root = script.root
    assert root is not None
    if any(isinstance(statement.node, AndOr) for statement in root.statements):
        return joint(script.instruction, script)
    text = script.instruction.file.text
    return f" {script.instruction.file.escape}{line_end(text)}    && "


def line_end(text: str) -> str:
    """The line end that a file uses."""
    return "\r\n" if "\r\n" in text else "\n"


def ends_ordinarily(script: Script) -> bool:
    """True if what is appended to *script* runs when the script succeeds, and finds the programs it would find."""
    root = script.root
    if root is None:
        return False
    for node in walk(root):
        if isinstance(node, Function):
            return False
        if isinstance(node, Assignment) and node.name in ("PATH", "IFS"):
            return False
        if not isinstance(node, Simple) or not node.words:
            continue
        name = node.words[0].value
        if name is None or name in _LEAVING:
            return False
        if name == "set" and any("f" in word.text and word.text[:1] in "-+n" for word in node.words[1:]):
            return False
        if name == "export" and any("PATH" in word.text for word in node.words[1:]):
            return False
    return True


def redone(instruction: Instruction, edits: list[Edit], count: int = 1) -> list[str]:
    """What a fix declares that changes nothing but *instruction*, of which it makes *count* in its place."""
    from dlinter.edits import splice
    from dlinter.tree import Dockerfile

    file = instruction.file
    old = instruction.parent if isinstance(instruction.parent, Onbuild) else instruction
    start, end = old.start, old.syntax.close
    if not all(start <= edit.start and edit.end <= end for edit in edits):
        return []
    head = "# escape=`\n" if file.escape == "`" else "# dlint\n"
    inside = [Edit(edit.start - start, edit.end - start, edit.text) for edit in edits]
    after = Dockerfile(head + splice(file.text[start:end], inside), settings=file.settings)
    if len(after.instructions) != count:
        return []
    # the place tells those of one fix from those of others that are put to the proof with it
    stage = instruction.stage
    place = f"-.{instruction.index}" if stage is None else f"{stage.index}.{instruction.index - stage.base.index}"
    new = "\n".join(each.syntax.map.text for each in after.instructions)
    return [
        f"option-of-user:instruction-removed#{place}={old.syntax.map.text}",
        f"option-of-user:instruction-added#{place}={new}",
    ]
