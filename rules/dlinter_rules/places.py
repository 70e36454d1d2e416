"""RUN instructions without their ``cd``: WORKDIR says where each part runs, and the proof that it changes nothing."""

from __future__ import annotations

from posixpath import normpath

from dlinter.edits import SAFE, Edit, Fix
from dlinter.shell_edits import chain, command_of
from dlinter.tree import Run, Workdir
from dlinter_grammar import regex as re
from dlinter_rules.chains import line_end, only_script
from dlinter_rules.common import directory
from dlinter_rules.directories import (
    DELETES,
    MOST,
    linked,
    looked_at,
    makes,
    mounted,
    of_statements,
    options_ahead,
    target,
)
from dlinter_rules.proven import accepted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.scripts import Script
    from dlinter_grammar.shell_nodes import Node

    #: a directory, None for one that is not known, and the numbers of the elements that run there
    Part = tuple[str | None, list[int]]
    #: a directory, the comments ahead of a RUN, and the RUN
    Step = tuple[str | None, list[str], str]

#: what changes files that an earlier layer holds, which are stored once more
_STORED_AGAIN = re.compile(
    r"\b(?:chown|chgrp|chmod|mv|strip|setfacl|patchelf|patch|dos2unix|gzip|gunzip|bunzip2|unxz)\b|\bsed\s+-\w*i|\bln\b"
    r"|\bperl\s+-\w*i|\bgit\s+(?:-\S+\s+)*(?:am|apply|checkout|cherry-pick|clean|merge|pull|rebase|reset|restore|switch)\b"
)


def with_workdir(run: Run) -> Fix | None:
    """*run* without ``cd``, with WORKDIR ahead of it and of its parts; None where something else would change.

    The steps behind it that go elsewhere, too, go with it: what is given back between them would be for nobody.
    """
    steps = [run]
    while (following := _goes_on(steps[-1])) is not None:
        steps.append(following)
    choices = [_choices(step) for step in steps]
    for last in (len(steps), 1) if len(steps) > 1 else (1,):
        for number in range(max(map(len, choices[:last]))):
            chosen = [found[min(number, len(found) - 1)] for found in choices[:last] if found]
            fix = _written(steps[:last], chosen) if len(chosen) == last else None
            if fix is not None:
                return fix
    return None


def _goes_on(run: Run) -> Run | None:
    """The RUN directly behind *run* if all of it is in directories that it enters itself."""
    from dlinter.proof.comments import is_pragma

    following = next(run.stage.following(run), None) if run.stage is not None else None
    if not isinstance(following, Run) or any(is_pragma(comment) for comment in following.syntax.prev_comments):
        return None
    choices = _choices(following) if any(command.name == "cd" for command in following.commands) else []
    if not choices or (following.commands[0].name != "cd" and choices[0][0][0] == directory(following)):
        return None
    return following


def _choices(run: Run) -> list[list[Step]]:
    """What *run* may become, the best first; nothing where it cannot be told."""
    script = only_script(run)
    if script is None or run.stage is None or run.flags or run.syntax.blanks:
        return []
    if run.file.source.line_start(run.start) != run.start:
        return []
    elements = chain(script)
    if elements is None:
        return _behind_cd(run, script)
    if _tail(script, elements) is None:
        return []
    found = []
    for parts in _merged(script, elements, _parts(run, script, elements) or []):
        texts = [_text(script, elements, numbers) for _, numbers in parts[1:]]
        places = [place for place, _ in parts if place != directory(run)]
        if not parts or len(parts) > MOST or any(DELETES.search(text) or _STORED_AGAIN.search(text) for text in texts):
            continue
        if any(place is None for place, _ in parts[1:]) or any(_elsewhere(run, place) for place in places if place):
            continue
        steps = _steps(run, script, elements, parts)
        if steps is not None:
            found.append(steps)
    return found


def _behind_cd(run: Run, script: Script) -> list[list[Step]]:
    """What follows ``cd X;``, where the proof is left to say whether that may fail, as it would not be noticed."""
    before = directory(run)
    parts = of_statements(run, script, before) if not run.syntax.comments else None
    if not parts or before is None or _elsewhere(run, parts[0][0]):
        return []
    place = _same(run, parts[0][0], [(before, [])])
    return [[(place, [], f"{run.name.text} {parts[0][2]}")]]


def _parts(run: Run, script: Script, elements: list[Node]) -> list[Part] | None:
    """The directories that *run* enters, each with what runs there but for the ``mkdir`` whose folder WORKDIR makes."""
    moves = {id(command.simple) for command in run.commands if command.name == "cd"}
    here = directory(run)
    parts: list[Part] = [(here, [])]
    for number in range(options_ahead(script, elements), len(elements)):
        command = command_of(script, elements[number])
        if command is None or id(command.simple) not in moves:
            parts[-1][1].append(number)
            continue
        moves.discard(id(command.simple))
        place = target(run, command, here)
        if place is None:
            return None
        here = _same(run, place, parts)
        if parts[-1][1][-1:] == [number - 1] and makes(script, elements[number - 1], command):
            parts[-1][1].pop()
        parts.append((here, []))
    if not any(part[1] for part in parts) and len(elements) > 1:
        # nothing runs in the folder that is made
        parts[0][1].extend(n for n, node in enumerate(elements[:-1]) if _makes_folder(script, node))
    return None if moves else [part for part in parts if part[1]]


def _makes_folder(script: Script, node: Node) -> bool:
    command = command_of(script, node)
    return command is not None and command.name == "mkdir"


def _same(run: Run, place: str, parts: list[Part]) -> str:
    """*place* as one of *parts* says it already."""
    path = _expanded(run, place)
    return next((known for known, _ in parts if known is not None and _expanded(run, known) == path), place)


def _merged(script: Script, elements: list[Node], parts: list[Part]) -> list[list[Part]]:
    """*parts* with those joined that run in one directory, or in any: first where that spares a step ahead."""
    from dlinter.proof.normal import normal
    from dlinter.proof.places import anywhere

    def indifferent(part: Part) -> bool:
        forms = [normal(_span(script, elements[number])) for number in part[1]]
        return all(form is not None and anywhere(form) for form in forms)

    later: list[Part] = []
    for part in parts:
        if later and (part[0] == later[-1][0] or indifferent(part)):
            later[-1] = (later[-1][0], [*later[-1][1], *part[1]])
        else:
            later.append(part)
    found = [later]
    if len(later) > 1 and indifferent(parts[0]) and later[0][1] == parts[0][1]:
        found.insert(0, [(later[1][0], [*later[0][1], *later[1][1]]), *later[2:]])
    return found


def _written(steps: list[Run], chosen: list[list[Step]]) -> Fix | None:
    run, last = steps[0], steps[-1]
    before = here = directory(run)
    end = line_end(run.file.text)
    edits: list[Edit] = []
    for step, parts in zip(steps, chosen, strict=True):
        lines: list[str] = []
        for place, comments, text in parts:
            lines += comments
            if place is not None and place != here:
                lines.append(f"{_keyword(step)} {place}")
                here = place
            lines.append(text)
        edits.append(Edit(step.start, step.end, end.join(lines)))
    if here != before and looked_at(last):
        if before is None:
            return None
        edits[-1] = Edit(last.start, last.end, f"{edits[-1].text}{end}{_keyword(last)} {_as_said(run, before)}")
    title = "Leave cd out: the step runs there anyway" if here == before else "Say with WORKDIR where it runs"
    names = ("same-directory", "layer-border")
    return Fix(edits, SAFE, title, names) if accepted(run.file, edits, names) else None


def _keyword(run: Run) -> str:
    return "WORKDIR" if run.name.text.isupper() else "workdir"


def _steps(run: Run, script: Script, elements: list[Node], parts: list[Part]) -> list[Step] | None:
    """*parts* as they are to be written; None where a comment has no place."""
    source = run.file.text
    begin = script.at(elements[0].start)
    count = options_ahead(script, elements)
    options = source[begin : script.at(elements[count].start)]
    head = source[run.start : begin]
    steps: list[Step] = []
    done = count - 1
    for place, numbers in parts:
        comments = _between(script, elements, done, numbers[0])
        steps.append((place, comments, f"{head}{options}{_text(script, elements, numbers)}"))
        head, done = f"{run.name.text} ", numbers[-1]
    tail = _tail(script, elements)
    if tail:
        if done != len(elements) - 1:
            return None
        place, comments, text = steps[-1]
        steps[-1] = (place, comments, f"{text} {tail}")
    return steps


def _elsewhere(run: Run, place: str) -> bool:
    """True if WORKDIR would make *place* where ``cd`` does not, or lead to another parent folder."""
    path = _expanded(run, place)
    return mounted(run, path) or linked(run, path, within=True)


def _expanded(run: Run, place: str) -> str:
    """*place* with what the file says of its variables."""

    def value(match: re.Match[str]) -> str:
        return variables.get(match[1] or match[2]) or match[0]

    variables = run.file.facts.env(run)
    return normpath(re.sub(r"\$(?:\{(\w+)\}|(\w+))", value, place)) if "$" in place else place


def _as_said(run: Run, path: str) -> str:
    """*path* as the last WORKDIR says it, if it says it with variables."""
    last = next(run.file.facts.before(run, Workdir), None)
    text = last.value.text if isinstance(last, Workdir) and last.value is not None else ""
    return text if "$" in text and text[:1] in "/$" else path


def _span(script: Script, node: Node) -> str:
    return script.text[node.start : node.end]


def _text(script: Script, elements: list[Node], numbers: list[int]) -> str:
    """The elements *numbers* as they are written, with the joints that stand before what is left out."""
    source = script.instruction.file.text
    pieces: list[str] = []
    for at, number in enumerate(numbers):
        if at:
            last = numbers[at - 1]
            joint = source[_end(script, elements[last]) : script.at(elements[last + 1].start)]
            left_out = source[_end(script, elements[last + 1]) : script.at(elements[number].start)]
            if number > last + 1 and "#" in left_out:
                # its comments stand between what is left out and what follows
                indent = joint[joint.rfind("\n") + 1 :]
                joint = left_out if "#" not in joint else joint + "".join(f"{c}\n{indent}" for c in _comments(left_out))
            pieces.append(joint)
        pieces.append(source[script.at(elements[number].start) : _end(script, elements[number])])
    return "".join(pieces)


def _comments(text: str) -> list[str]:
    """The comments that are lines of *text*."""
    return [line.strip() for line in text.splitlines() if line.lstrip()[:1] == "#"]


def _between(script: Script, elements: list[Node], last: int, first: int) -> list[str]:
    """The comments between the elements *last* (-1: none) and *first*, which come to stand ahead of it."""
    source = script.instruction.file.text
    start = script.at(elements[0].start) if last < 0 else _end(script, elements[last])
    return _comments(source[start : script.at(elements[first].start)])


def _tail(script: Script, elements: list[Node]) -> str | None:
    """What stands behind the last element, a comment of the shell; None if something else does."""
    text = script.instruction.file.text[_end(script, elements[-1]) : script.instruction.end].strip()
    return text if text[:1] in ("", "#") and "\n" not in text else None


def _end(script: Script, node: Node) -> int:
    return script.span(node.start, node.end)[1]
