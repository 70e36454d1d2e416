"""The syntax tree as JSON, for other programs and for people who want to see what dlint reads."""

from __future__ import annotations

import json

from dlinter_grammar.dockerfile import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dlinter.source import Source
    from dlinter_grammar.nodes import Instruction


def describe(source: Source) -> str:
    """One JSON object on one line: path, escape, directives, errors and instructions."""
    document = parse(source.text)
    return json.dumps(
        {
            "path": source.path,
            "escape": document.escape,
            "directives": [{"name": d.name.text, "value": d.value.text, "line": d.line} for d in document.directives],
            "errors": [{"line": p.line, "message": p.message, "level": p.level} for p in document.problems],
            "instructions": [_instruction(i) for i in document.instructions],
        }
    )


def _instruction(instruction: Instruction) -> dict[str, Any]:
    if instruction.keyword in ("env", "label"):
        args = [word.value for pair in instruction.pairs for word in (pair.key, pair.value) if word is not None]
    elif instruction.keyword == "arg":
        args = [p.key.value if p.value is None else f"{p.key.value}={p.value.value}" for p in instruction.pairs]
    else:
        args = [arg.value for arg in instruction.args]
        if instruction.kind is not None:
            args.insert(0, instruction.kind.value)
    found: dict[str, Any] = {
        "keyword": instruction.keyword,
        "start_line": instruction.line,
        "end_line": instruction.last_line,
        "flags": [f"--{f.name}" if f.value is None else f"--{f.name}={f.value.value}" for f in instruction.flags],
        "args": args,
        "json": instruction.form == "json",
        "heredocs": [
            {"name": h.name, "expand": h.expand, "chomp": h.chomp, "content": h.content} for h in instruction.heredocs
        ],
    }
    if instruction.inner is not None:
        found["inner"] = _instruction(instruction.inner)
    return found
