"""How the instruction at the cursor is written, and which of its parts the cursor is at."""

from __future__ import annotations

from dlinter.server.features import Parameter, Signature
from dlinter.server.features.places import clamp, comment_at, heredoc_at, instruction_at, logical
from dlinter.server.features.prose.instructions import INSTRUCTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.server.features.prose.instructions import Form
    from dlinter.tree import Dockerfile, Instruction


def signature(file: Dockerfile, offset: int) -> Signature | None:
    """The form of the instruction that *offset* is in, behind its keyword; None elsewhere."""
    offset = clamp(file, offset)
    instruction = instruction_at(file, offset)
    if instruction is None or offset <= instruction.name.end or comment_at(file, offset) is not None:
        return None
    about = INSTRUCTIONS.get(instruction.keyword)
    if about is None or heredoc_at(instruction, offset) is not None:
        return None
    form = _form(instruction, about.forms)
    parameters: list[Parameter] = []
    at = 0
    for part, meaning in form.parts:
        start = form.label.find(part, at)
        if start >= 0:
            at = start + len(part)
            parameters.append(Parameter(start, at, meaning))
    return Signature(form.label, f"{about.text}\n\n[{instruction.keyword.upper()}]({about.url})", parameters,
                     _active(instruction, offset, form))  # fmt: skip


def _form(instruction: Instruction, forms: tuple[Form, ...]) -> Form:
    """The form that the instruction has, as far as it can be told."""
    rest = instruction.syntax.map.text[instruction.syntax.rest :].lstrip()
    if instruction.keyword == "healthcheck":
        kind = instruction.syntax.kind
        none = kind is not None and kind.value.upper() == "NONE"
        return forms[1] if none else forms[0]
    wanted = "<<" if instruction.heredocs and instruction.keyword == "run" else "[" if rest.startswith("[") else ""
    for form in forms:
        behind = form.label.partition(" ")[2].replace("[OPTIONS] ", "")
        if wanted and (behind.startswith('["') if wanted == "[" else behind.startswith(wanted)):
            return form
    shell = [form for form in forms if '["' not in form.label and "<<" not in form.label]
    return shell[0] if rest and shell else forms[0]


def _active(instruction: Instruction, offset: int, form: Form) -> int | None:
    """The index of the part that *offset* is at."""
    syntax = instruction.syntax
    prefix = syntax.map.text[: logical(syntax.map, offset)]
    names = [part for part, _ in form.parts]
    flags = 1 if (names and names[0].startswith("[--")) or "[OPTIONS]" in names else 0
    if any(flag.start <= offset <= flag.end for flag in instruction.flags):
        return 0 if flags else None
    behind = prefix[len(instruction.name.text) :].lstrip()
    words = [word for word in behind.split() if not (flags and word.startswith("--"))]
    number = len(words) - (0 if behind[-1:].isspace() or not words else 1)
    if not names:
        return None
    json = '["' in form.label
    part = _string(instruction, number, behind) if json else _part(instruction, number, words)
    return min(flags + part, len(names) - 1)


def _string(instruction: Instruction, number: int, behind: str) -> int:
    """The part of a JSON array: its first string or a later one; of COPY and ADD a source or the destination."""
    if instruction.keyword in ("copy", "add"):
        return 1 if number and number >= len(instruction.args) - 1 else 0
    return 1 if "," in behind else 0


def _part(instruction: Instruction, number: int, words: list[str]) -> int:
    """The part at word *number* behind the flags."""
    first = words[0] if words else ""
    match instruction.keyword:
        case "from":
            return 0 if number == 0 else 1
        case "copy" | "add":
            return 0 if number == 0 else 2 if number >= len(instruction.args) - 1 else 1
        case "env" | "label" | "arg":
            return 2 if number else 1 if "=" in first else 0
        case "expose":
            return 2 if number else 1 if "/" in first else 0
        case "user":
            return 1 if ":" in first else 0
        case "healthcheck" | "volume":
            return min(number, 1)
    return 0
