"""What can be written at the cursor."""

from __future__ import annotations

from dlinter.server.features import Completion
from dlinter.server.features.comment_completion import complete_comment
from dlinter.server.features.cursor import Cursor, cursor_in, open_instruction
from dlinter.server.features.flag_completion import complete_flag
from dlinter.server.features.image_completion import images, stages
from dlinter.server.features.path_completion import paths
from dlinter.server.features.places import clamp, heredoc_at, stage_at
from dlinter.server.features.prose import values, variables
from dlinter.server.features.prose.instructions import HEALTHCHECK_KINDS, INSTRUCTIONS
from dlinter.server.features.variable_completion import complete_variable
from dlinter.tree import Onbuild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dlinter.tree import Dockerfile, Instruction

_NOT_IN_ONBUILD = ("from", "maintainer", "onbuild")


def complete(file: Dockerfile, offset: int, today: str | None = None) -> list[Completion]:
    """Every proposal at *offset* that holds what has been typed of it.

    *today* (ISO 8601, the current day by default): tags of releases that have reached their end are not proposed.
    """
    offset = clamp(file, offset)
    found = []
    for each in _proposals(file, offset, today):
        typed = file.text[each.start : offset].lower()
        if typed in (each.filter or each.label).lower():
            found.append(each)
    return found


def _proposals(file: Dockerfile, offset: int, today: str | None) -> Iterable[Completion]:
    instruction = open_instruction(file, offset)
    inside = instruction is not None and heredoc_at(instruction, offset) is not None
    line = file.text[file.source.line_start(offset) : offset].lstrip("\ufeff")
    if line.lstrip().startswith("#") and not inside:
        return complete_comment(file, offset)
    if instruction is None:
        return _keywords(file, offset, None) if not line.strip() or line.strip().isalpha() else []
    found = complete_variable(instruction, offset)
    if found is not None or inside:
        return found or []
    if offset <= instruction.name.end:
        outer = instruction.parent if isinstance(instruction.parent, Onbuild) else None
        return _keywords(file, offset, outer, instruction)
    cursor = cursor_in(instruction, offset)
    if cursor is None or cursor.behind[:1] not in (" ", "\t"):
        return []
    if isinstance(instruction, Onbuild):
        return _keywords(file, offset, instruction)
    if cursor.in_flags and cursor.word.startswith("-"):
        return complete_flag(cursor, today)
    return _arguments(cursor, today)


# -- instructions ------------------------------------------------------------------------------------------------------


def _keywords(
    file: Dockerfile, offset: int, onbuild: Instruction | None, typed: Instruction | None = None
) -> Iterator[Completion]:
    """The instructions that may begin at *offset*, in the case that the file uses."""
    text = file.text
    start = end = offset
    while start > 0 and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and text[end].isalpha():
        end += 1
    others = [each.name.text for each in file.instructions if each is not typed]
    lower = bool(others) and sum(name.islower() for name in others) * 2 > len(others)
    bare = text[end : text.find("\n", end) if "\n" in text[end:] else len(text)].strip() == ""
    stage = stage_at(file, start - 1) if start > 0 else None
    for keyword, about in INSTRUCTIONS.items():
        if onbuild is not None and keyword in _NOT_IN_ONBUILD:
            continue
        if onbuild is None and stage is None and keyword not in ("from", "arg"):
            continue
        label = keyword if lower else keyword.upper()
        snippet = label + about.snippet[len(keyword) :]
        form = about.forms[0].label.partition(" ")[2]
        yield Completion(
            start, end, label, "keyword", snippet if bare else label, form,
            f"{about.text}\n\n[{keyword.upper()}]({about.url})", snippet=bare,
            plain=label + (" " if bare else ""), deprecated=keyword == "maintainer",
            more=bare and keyword in ("from", "onbuild", "user", "expose", "stopsignal"),
        )  # fmt: skip


# -- arguments ---------------------------------------------------------------------------------------------------------


def _arguments(cursor: Cursor, today: str | None) -> Iterator[Completion]:
    """What may stand behind the keyword and its flags."""
    keyword = cursor.instruction.keyword
    number = len(cursor.words)
    if not cursor.word and cursor.in_flags:
        yield from complete_flag(cursor, today)
    match keyword:
        case "from":
            yield from _from(cursor, number, today)
        case "copy" | "add":
            if cursor.instruction.flag("from") is None:
                yield from paths(cursor)
        case "expose":
            yield from _ports(cursor)
        case "healthcheck" if number == 0:
            yield from _table(cursor, HEALTHCHECK_KINDS, "keyword")
        case "stopsignal" if number == 0:
            yield from _table(cursor, values.SIGNALS, "constant")
        case "user" if number == 0:
            yield from _table(cursor, values.USERS, "value")
        case "shell" if number == 0 or cursor.behind.strip().startswith("["):
            start = cursor.offset - len(cursor.behind.lstrip())
            if cursor.file.text[start : cursor.offset] == cursor.behind.lstrip():
                yield from _table(cursor, values.SHELLS, "value", start=start)
        case "label":
            if "=" not in cursor.word:
                yield from _names(cursor, values.LABELS, "property")
        case "env":
            if "=" not in cursor.word:
                yield from _names(cursor, variables.COMMON, "variable")
        case "arg":
            if "=" not in cursor.word:
                yield from _arguments_to_declare(cursor)


def _from(cursor: Cursor, number: int, today: str | None) -> Iterator[Completion]:
    if number == 0:
        yield from stages(cursor.instruction, cursor.start, cursor.end())
        yield from images(cursor.file, cursor.word, cursor.start, cursor.end(), today)
    elif number == 1:
        label = "as" if cursor.instruction.name.text.islower() else "AS"
        text = f"{label} ${{1:name}}"
        yield Completion(
            cursor.start, cursor.end(), label, "keyword", text, "name", "A name for the stage.", True, f"{label} "
        )


def _table(
    cursor: Cursor, table: dict[str, str], kind: str, *, start: int | None = None, stops: str = ""
) -> Iterator[Completion]:
    first = cursor.start if start is None else start
    for order, (value, meaning) in enumerate(table.items()):
        yield Completion(first, cursor.end(stops), value, kind, value, meaning, order=order)


def _names(cursor: Cursor, table: dict[str, str], kind: str) -> Iterator[Completion]:
    """Keys before an ``=``, those of the instruction left out."""
    given = {pair.key.value for pair in cursor.instruction.syntax.pairs if not pair.start <= cursor.offset <= pair.end}
    bare = cursor.file.text[cursor.end("=") : cursor.end("=") + 1] != "="
    quote = '"' if kind == "property" else ""
    for name, meaning in table.items():
        if name not in given:
            text = f"{name}={quote}${{1}}{quote}" if bare else name
            yield Completion(
                cursor.start, cursor.end("="), name, kind, text, meaning, snippet=bare,
                plain=f"{name}=" if bare else name,
            )  # fmt: skip


def _arguments_to_declare(cursor: Cursor) -> Iterator[Completion]:
    """Names that an ARG makes visible: the arguments before the first FROM, those of the builder."""
    file, stage = cursor.file, cursor.instruction.stage
    given = {pair.key.value for pair in cursor.instruction.syntax.pairs if not pair.start <= cursor.offset <= pair.end}
    known: dict[str, str] = {}
    if stage is not None:
        for name, value in file.facts.global_args().items():
            known[name] = "from before the first FROM" + (f": {value}" if value is not None else "")
        known.update(variables.PREDEFINED)
    known.update({name: text for name, text in variables.BUILDER.items() if stage is None or name not in known})
    for order, (name, meaning) in enumerate(known.items()):
        if name not in given:
            yield Completion(cursor.start, cursor.end("="), name, "variable", name, meaning, order=order)


def _ports(cursor: Cursor) -> Iterator[Completion]:
    port, slash, _ = cursor.word.partition("/")
    if slash:
        for protocol in ("tcp", "udp", "sctp"):
            value = f"{port}/{protocol}"
            yield Completion(cursor.start, cursor.end(), value, "value", value)
    else:
        yield from _table(cursor, values.PORTS, "value")
