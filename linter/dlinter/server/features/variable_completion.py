"""Variables behind ``$`` and ``${``."""

from __future__ import annotations

import re

from dlinter.server.features import Completion
from dlinter.server.features.places import is_word, scripts_in
from dlinter.server.features.prose.variables import describe
from dlinter.server.features.shell_names import shell_names
from dlinter.tree import Arg, Cmd, Entrypoint, Healthcheck, Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.facts import Environment, Variable
    from dlinter.tree import Instruction

_ASKED = re.compile(r"\$(\{?)([A-Za-z_]\w*)?\Z", re.A)
#: the order of proposals: what the file sets comes before what is there anyway
_ORIGINS = {"env": 0, "arg": 0, "build-arg": 0, "global": 0, "image": 1, "builder": 1, "predefined": 2}
_FROM = {
    "env": "ENV", "arg": "ARG", "build-arg": "--build-arg", "global": "ARG", "predefined": "builder",
    "image": "base image", "builder": "builder",
}  # fmt: skip


def complete_variable(instruction: Instruction, offset: int) -> list[Completion] | None:
    """The variables that *instruction* sees, if a ``$`` stands before the name at *offset*; None if not."""
    text = instruction.file.text
    match = _ASKED.search(text, max(offset - 100, 0), offset)
    if match is None or offset <= instruction.name.end:
        return None
    before = text[match.start() - 1 : match.start()]
    if before == "$" or (before == instruction.file.escape and text[match.start() - 2 : match.start() - 1] != before):
        return []
    start = match.end(1)
    end = offset
    while end < len(text) and is_word(text[end]):
        end += 1
    close = "}" if match[1] and text[end : end + 1] not in ("}", ":", "-", "+", "?", "#", "%", "/") else ""
    return list(_proposals(instruction, start, end, close))


def _proposals(instruction: Instruction, start: int, end: int, close: str) -> Iterator[Completion]:
    env = _seen(instruction, start)
    runtime = isinstance(instruction, (Cmd, Entrypoint, Healthcheck))
    names: set[str] = set()
    for name in env:
        variable = env.variable(name)
        if variable is None or (runtime and variable.origin not in ("env", "image", "builder")):
            continue
        names.add(name)
        yield _variable(instruction, name, variable, start, end, close)
    if isinstance(instruction, Run):
        for script in scripts_in(instruction):
            for each in shell_names(script):
                if each.write and each.name not in names:
                    names.add(each.name)
                    yield Completion(start, end, each.name, "variable", each.name + close, "set in this script")


def _seen(instruction: Instruction, offset: int) -> Environment:
    facts = instruction.file.facts
    if isinstance(instruction, (Cmd, Entrypoint, Healthcheck)) and instruction.stage is not None:
        return facts.environment(instruction.stage)
    return facts.environment(instruction, offset if isinstance(instruction, Arg) else None)


def _variable(instruction: Instruction, name: str, variable: Variable, start: int, end: int, close: str) -> Completion:
    known = describe(name)
    detail = _FROM[variable.origin]
    if variable.value is not None:
        detail += f": {variable.value[:80]}"
    about = known[0] if known is not None and variable.origin == "predefined" else ""
    if not about and variable.node is not None:
        about = f"{_FROM[variable.origin]} in line {instruction.file.source.line(variable.node.start)}"
    order = _ORIGINS[variable.origin]
    return Completion(start, end, name, "variable", name + close, detail, about, order=order)
