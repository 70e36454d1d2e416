"""Structural edits inside commands and scripts, written as the author would have written them."""

from __future__ import annotations

from dlinter.commands import Command, Word
from dlinter.edits import Edit
from dlinter_grammar import regex as re
from dlinter_grammar.shell_nodes import AndOr, Compound, Function, Node, Operator, Pipeline, Simple, and_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.scripts import Script
    from dlinter.tree import Instruction

#: commands after which nothing more runs, or that make what follows run elsewhere
_ENDINGS = frozenset({"exec", "exit", "return", "break", "continue"})
#: by escape character: the end of a continued line and the blanks after it, behind and in front of an operator
_TRAILING = {"\\": re.compile(r"\\[ \t]*\r?\n([ \t]*)$"), "`": re.compile(r"`[ \t]*\r?\n([ \t]*)$")}
_LEADING = {"\\": re.compile(r"([ \t]*\\[ \t]*\r?\n[ \t]*)"), "`": re.compile(r"([ \t]*`[ \t]*\r?\n[ \t]*)")}


def insert_words(after: Word, *texts: str) -> Edit:
    """The words *texts* (plain ones, without quotes or blanks) behind *after*; JSON strings in an exec form."""
    command = after.parent
    assert isinstance(command, Command)
    if command.script is None:
        return Edit(after.end, after.end, "".join(f", {json_string(text)}" for text in texts))
    return Edit(after.end, after.end, "".join(f" {text}" for text in texts))


def json_string(text: str) -> str:
    """*text* as a JSON string, letters outside ASCII as they are."""
    from dlinter.json_text import string

    return string(text)


def delete_word(word: Word) -> Edit | None:
    """Take *word* out with the blanks before it; None for the first word of a command."""
    command = word.parent
    assert isinstance(command, Command)
    index = command.words.index(word)
    if index == 0:
        return None
    previous = command.words[index - 1]
    between = command.instruction.file.text[previous.end : word.start]
    if "\n" not in between:
        return Edit(previous.end, word.end, "")
    if "#" in between:
        return None
    if index + 1 < len(command.words):
        following = command.words[index + 1]
        between = command.instruction.file.text[word.end : following.start]
        return None if "#" in between else Edit(word.start, following.start, "")
    return Edit(previous.end, word.end, "")


def chain(script: Script) -> list[Node] | None:
    """The elements of a script that is one pure ``a && b && c`` (or a single command), else None."""
    return None if script.root is None else and_list(script.root)


def last_node(script: Script) -> Node | None:
    """The node that ends the script, if a ``&& command`` can follow it without changing what is before; else None."""
    root = script.root
    if root is None or not root.statements:
        return None
    statement = root.statements[-1]
    if any(s.terminator is not None and s.terminator.text == "&" for s in root.statements):
        return None
    node = statement.node
    if isinstance(node, AndOr):
        node = node.items[-1]
    if isinstance(node, Simple):
        name = node.words[0].value if node.words else None
        return node if name is not None and name not in _ENDINGS else None
    if isinstance(node, Pipeline) and not node.bang:
        return node
    return node if isinstance(node, Compound) and node.kind in ("subshell", "if", "for", "while", "until") else None


def append_command(script: Script, text: str) -> Edit | None:
    """``&& text`` at the end of a script in shell form, laid out like the rest of it; None where it cannot be added."""
    node = last_node(script)
    if node is None or script.quoting != "":
        return None
    at = script.span(node.start, node.end)[1]
    return Edit(at, at, joint(script.instruction, script) + text)


def joint(instruction: Instruction, script: Script) -> str:
    """The ``&&`` between two commands of *script* with the line break and blanks that its author uses."""
    source = instruction.file.text
    escape = instruction.file.escape
    operators = _operators(script)
    for operator in reversed(operators):
        start, end = script.span(operator.start, operator.end)
        line_before = source[source.rfind("\n", 0, start) + 1 : start]
        if not line_before.strip():
            above = source[: start - len(line_before)]
            break_text = _TRAILING[escape].search(above[-200:] + line_before)
            if break_text:
                blank = _after(source, end)
                return f" {_break(source, escape)}{line_before}&&{blank}"
        match = _LEADING[escape].match(source[end : end + 400])
        if match:
            return f" &&{match[1]}"
    return " && "


def _after(source: str, end: int) -> str:
    match = re.match(r"[ \t]+", source[end : end + 40])
    return match[0] if match else " "


def _break(source: str, escape: str) -> str:
    return escape + ("\r\n" if "\r\n" in source else "\n")


def _operators(script: Script) -> list[Operator]:
    """The ``&&`` at the top level of the script."""
    found: list[Operator] = []
    if script.root is not None:
        for statement in script.root.statements:
            if isinstance(statement.node, AndOr):
                found += [operator for operator in statement.node.operators if operator.text == "&&"]
    return found


def remove_element(script: Script, elements: list[Node], index: int) -> Edit | None:
    """Take one of the *elements* of a pure and-list out, with its ``&&`` and the line it stood on.

    None if it is the only one, or a comment stands in what would go.
    """
    if len(elements) < 2:
        return None
    if index == 0:
        start, end = script.at(elements[0].start), script.at(elements[1].start)
    else:
        start = script.span(elements[index - 1].start, elements[index - 1].end)[1]
        end = script.span(elements[index].start, elements[index].end)[1]
    if _has_comment(script.instruction, start, end):
        return None
    return Edit(start, end, "")


def _has_comment(instruction: Instruction, start: int, end: int) -> bool:
    return any(start <= comment.start < end for comment in instruction.syntax.comments)


def delete_instruction(instruction: Instruction) -> Edit | None:
    """Take a whole instruction out with its line; None if a comment stands inside it."""
    if instruction.syntax.comments:
        return None
    file = instruction.file
    start = file.source.line_start(instruction.start)
    if file.text[start : instruction.start].strip("\ufeff \t"):
        return None
    if file.text.startswith("\ufeff") and start == 0:
        start = 1
    return Edit(start, instruction.syntax.close, "")


def simple(node: Node) -> Simple | None:
    """*node* if it is a simple command, or the one that a negation-free pipeline of one consists of."""
    if isinstance(node, Simple):
        return node
    if isinstance(node, Pipeline) and not node.bang and len(node.commands) == 1:
        return simple(node.commands[0])
    return None


def command_of(script: Script, node: Node) -> Command | None:
    """The command made of the simple command *node*."""
    found = simple(node)
    if found is None or isinstance(node, Function):
        return None
    commands = script.instruction.file.facts.known(_by_node, script.instruction)
    return commands.get((id(script), id(found)))


def _by_node(instruction: Instruction) -> dict[tuple[int, int], Command]:
    """The commands of an instruction by the identity of script and syntax: scripts that are alike share a tree."""
    return {(id(command.script), id(command.simple)): command for command in reversed(instruction.commands)}
