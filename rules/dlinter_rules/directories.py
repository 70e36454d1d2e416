"""Where WORKDIR can stand for ``cd``, and RUN instructions parted at every ``cd``."""

from __future__ import annotations

from itertools import pairwise
from posixpath import basename, join, normpath

from dlinter.edits import SAFE, UNSAFE, Edit, Fix
from dlinter.shell_edits import chain, command_of
from dlinter.tree import Add, Arg, Copy, Env, Workdir
from dlinter_grammar import regex as re
from dlinter_grammar.shell_nodes import AndOr, Simple
from dlinter_rules.chains import line_end, only_script, redone
from dlinter_rules.common import commands_before, directory, expands, image_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlinter.commands import Command, Word
    from dlinter.scripts import Script
    from dlinter.tree import Run
    from dlinter_grammar.shell_nodes import Node

    #: where a part of a script runs, what it sets of the shell first, and its own text
    Part = tuple[str, str, str]

#: what tells a directory as it was entered from where it is, or keeps more than one
_TELLS = re.compile(r"PWD|\bpwd\b|CDPATH|~[+-]|\b(?:alias|pushd|popd)\b|\bcd\s+-(?:\s|$)")
#: what deletes: of what an earlier layer holds nothing would be won
DELETES = re.compile(
    r"\brm\b|\brmdir\b|-delete\b|\b(?:clean|autoclean|autoremove|purge|remove|del|erase|uninstall|prune|dist-clean)\b"
)
#: more steps than this would take the place of one
MOST = 3
_PATH = re.compile(r"(?:[\w.@%+,:/-]|\$\w+|\$\{\w+\})+")


#: instructions that do not look at the working directory
_INDIFFERENT = frozenset({
    "arg", "cmd", "entrypoint", "env", "expose", "healthcheck", "label", "maintainer", "shell", "stopsignal", "user",
})  # fmt: skip
#: what tells a directory as it was entered from where it is
_TELLS_WHERE = re.compile(r"PWD|\bpwd\b|CDPATH|~[+-]|\balias\b")


def parted(run: Run) -> Fix | None:
    """*run* as steps with WORKDIR where it has ``cd``; None where something goes from one part to the next."""
    script = only_script(run)
    if script is None or run.stage is None or run.flags or run.syntax.comments or run.syntax.blanks:
        return None
    if run.file.source.line_start(run.start) != run.start or _TELLS.search(run.syntax.map.text):
        return None
    first = next(run.file.facts.before(run, Workdir), None)
    before = directory(run)
    if before is None and first is not None:
        return None
    parts = _of_chain(run, script, before) or of_statements(run, script, before) or []
    if any(mounted(run, place) for place, _, _ in parts):
        return None
    if not parts or len(parts) > MOST or not _independent([text for _, _, text in parts]):
        return None
    return _steps(run, parts, before)


def _steps(run: Run, parts: list[Part], before: str | None) -> Fix | None:
    end = line_end(run.file.text)
    keyword = "WORKDIR" if run.name.text.isupper() else "workdir"
    lines: list[str] = []
    here = before or "/"
    for place, options, text in parts:
        if place != here:
            lines.append(f"{keyword} {place}")
            here = place
        lines.append(f"{run.name.text} {options}{text}")
    following = next(run.stage.following(run), None) if run.stage else None
    again = isinstance(following, Workdir) and _absolute(following)
    if here != (before or "/") and not again:
        lines.append(f"{keyword} {before or '/'}")
    edits = [Edit(run.start, run.end, end.join(lines))]
    names = redone(run, edits, len(lines))
    return Fix(edits, UNSAFE, "Part it at cd, with WORKDIR", names) if names else None


def _of_chain(run: Run, script: Script, before: str | None) -> list[Part] | None:
    """The parts of one and-list between its ``cd``, with the places where they run."""
    elements = chain(script)
    if elements is None:
        return None
    moves = {id(command.simple) for command in run.commands if command.name == "cd"}
    parts: list[Part] = []
    here = before
    begin = start = options_ahead(script, elements)
    options = f"{_text(script, elements[0], elements[start - 1])} && " if start else ""
    for number, element in enumerate([*elements, None]):
        if number < begin:
            continue
        command = command_of(script, element) if element is not None else None
        if element is not None and (command is None or id(command.simple) not in moves):
            continue
        last = number
        if command is not None:
            place = target(run, command, here)
            if place is None:
                return None
            moves.discard(id(command.simple))
            if last > start and makes(script, elements[last - 1], command):
                last -= 1
        if last > start:
            if here is None and parts:
                return None
            parts.append((here or "/", options, _text(script, elements[start], elements[last - 1])))
        if command is not None:
            here, start = place, number + 1
    return parts if not moves else None


def of_statements(run: Run, script: Script, before: str | None) -> list[Part] | None:
    """What follows ``cd X;`` or ``cd X || exit;``, if there is no other."""
    assert script.root is not None
    statements = script.root.statements
    if len(statements) < 2 or len([c for c in run.commands if c.name == "cd"]) != 1:
        return None
    node = statements[0].node
    if isinstance(node, AndOr) and [operator.text for operator in node.operators] == ["||"]:
        leaving = node.items[1]
        if not isinstance(leaving, Simple) or not leaving.words or leaving.words[0].value != "exit":
            return None
        node = node.items[0]
    command = command_of(script, node)
    terminator = statements[0].terminator
    if command is None or command.name != "cd" or terminator is None or terminator.text == "&":
        return None
    place = target(run, command, before)
    return None if place is None else [(place, "", _text(script, statements[1].node, statements[-1].node))]


def as_workdir(run: Run, command: Command) -> Fix | None:
    """WORKDIR for *command*, the ``cd`` that *run* begins with."""
    path = command.args[0].value
    script = run.scripts[0]
    elements = chain(script)
    before = directory(run)
    if next(run.file.facts.before(run, Workdir, where=expands), None) is not None:
        return None
    if run.in_onbuild or run.stage is None or path is None or run.form != "shell" or run.heredocs:
        return None
    guessed = before is None
    if before is None and (path[:1] != "/" or next(run.file.facts.before(run, Workdir), None) is not None):
        return None
    if elements is None or len(elements) < 2 or run.syntax.comments:
        return None
    if command_of(script, elements[0]) is not command:
        return None
    if run.file.source.line_start(run.start) != run.start or not path.isprintable() or set(path) & set(" $\"'\\`~"):
        return None
    keyword = "WORKDIR" if run.name.text.isupper() else "workdir"
    folder = normpath(join(before or "/", path))
    if (guessed and folder == "/") or mounted(run, folder):
        return None
    leave = Edit(script.at(elements[0].start), script.at(elements[1].start), "")
    if folder == before:
        purpose = f"option-of-user:command-removed=cd {path}"
        return Fix([leave], UNSAFE, "Leave cd out: the step runs there anyway", (purpose,))
    if _TELLS_WHERE.search(run.syntax.map.text):
        return None
    end = line_end(run.file.text)
    edits = [
        Edit(run.start, run.start, f"{keyword} {folder}{end}"),
        leave,
    ]
    title = f"Write WORKDIR {folder}"
    folders = [folder]
    if looked_at(run):
        folders.append(before or "/")
        edits.append(Edit(run.end, run.end, f"{end}{keyword} {folders[1]}"))
    if not (guessed and folders[1:]) and not linked(run, folder):
        return Fix(edits, SAFE, title, ("same-directory",))
    added = (f"option-of-user:instruction-added={keyword} {each}" for each in folders)
    return Fix(edits, UNSAFE, title, (*added, f"option-of-user:command-removed=cd {path}"))


def looked_at(run: Run) -> bool:
    """True if something behind *run* looks at its directory, the container that is started included."""
    assert run.stage is not None
    for other in run.stage.following(run):
        if isinstance(other, Workdir):
            return not _absolute(other)
        if isinstance(other, Copy | Add):
            if not other.args or other.args[-1].text[:1] != "/":
                return True
        elif other.keyword not in _INDIFFERENT:
            return True
    return True


def _absolute(workdir: Workdir) -> bool:
    """True for an absolute path, also one that begins with a variable that ENV gives one."""
    text = workdir.value.text if workdir.value is not None else ""
    name = re.match(r"\$(\w+|\{\w+\})", text)
    if name is None:
        return text[:1] == "/"
    found = workdir.file.facts.variable(name[1].strip("{}"), workdir)
    return found is not None and found.origin == "env" and (found.value or "")[:1] == "/"


def options_ahead(script: Script, elements: list[Node]) -> int:
    """How many of the first elements only set options of the shell, which every part gets."""
    count = 0
    for element in elements[:-1]:
        command = command_of(script, element)
        if command is None or command.name != "set" or not _SET.fullmatch(" ".join(w.text for w in command.args)):
            break
        count += 1
    return count


#: words of ``set`` that hold for a whole script
_SET = re.compile(r"(?:-[euxv]+o?|-o|pipefail| )+")


def _text(script: Script, first: Node, last: Node) -> str:
    start = script.at(first.start)
    return script.instruction.file.text[start : script.span(last.start, last.end)[1]]


def makes(script: Script, node: Node, move: Command) -> bool:
    """True for ``mkdir -p X`` ahead of ``cd X``: WORKDIR makes the folder."""
    command = command_of(script, node)
    if command is None or command.name != "mkdir" or command.wrappers or command.assignments:
        return False
    words = [word.text for word in command.args if word.text != "-p"]
    return words == [move.args[0].text] and command.simple is not None and not command.simple.redirects


def target(run: Run, move: Command, here: str | None) -> str | None:
    """Where *move* goes, as WORKDIR says it; None where that is not certain."""
    if move.wrappers or move.assignments or len(move.args) != 1 or move.simple is None or move.simple.redirects:
        return None
    text = _plain(run, move.args[0])
    if text is None:
        return None
    if text[:1] == "/":
        # whoever goes to the root began elsewhere, it seems
        return None if normpath(text) == "/" and directory(run) is None else normpath(text)
    if text[:1] == "$":
        return text
    return None if here is None or (".." in text and "$" in here) else normpath(join(here, text))


def _plain(run: Run, word: Word) -> str | None:
    """The path without its quotes, if it is fixed but for variables that the file sets and a build can only fill in."""
    text = word.text
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    environment = run.file.facts.env(run)
    if text == "~" or text.startswith("~/"):
        home = environment.get("HOME") or _of_image(run, "HOME")
        text = text if home is None or text != word.text else home + text[1:]
    given = {
        pair.key.value
        for each in run.file.facts.before(run, Env, Arg)
        for pair in each.pairs  # type: ignore[attr-defined]
    }
    for name in re.findall(r"\$\{?(\w+)", text):
        value = environment.get(name) or _of_image(run, name)
        if name not in given and value is not None:
            text = text.replace(f"${{{name}}}", value)
            text = re.sub(rf"\${name}\b", value.replace("\\", ""), text)
    if not _PATH.fullmatch(text) or text[:1] == "-":
        return None
    for name in re.findall(r"\$\{?(\w+)", text):
        value = environment.get(name)
        if value is None or not _PATH.fullmatch(value):
            return None
        if text.startswith(("$" + name, "${" + name)) and value[:1] != "/":
            return None
    return text


def _of_image(run: Run, name: str) -> str | None:
    """What an official image sets *name* to; the home is that of root."""
    image = image_of(run.stage)
    user = run.file.facts.user(run)
    if name == "HOME":
        root = user in ("root", "0") or (user is None and image is not None and image.user == "root")
        return "/root" if root else None
    return image.env.get(name) or None if image is not None else None


def _independent(texts: list[str]) -> bool:
    """True if nothing of the shell goes from one part to the next, and only the first deletes."""
    from dlinter.proof.normal import ANDOR, normal
    from dlinter.proof.shellstate import crossing

    if any(DELETES.search(text) for text in texts[1:]):
        return False
    forms = [normal(text) for text in texts]
    for before, after in pairwise(forms):
        if before is None or after is None:
            return False
        head, tail = (form[1] if form[0] == ANDOR else (form,) for form in (before, after))
        if crossing(head, tail) is not None:
            return False
    return True


#: what lies there only while a step runs
_KERNELS = ("/proc", "/sys", "/dev")
#: links of most distributions (Filesystem Hierarchy Standard; Debian's usrmerge and base-files)
_LINKS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/var/run", "/var/lock")


def mounted(run: Run, folder: str) -> bool:
    """True if *folder* may be there for *run* alone, so that WORKDIR would make one that stays."""
    if _within(folder, _KERNELS):
        return True
    for mount in run.mounts:
        if mount.type in ("secret", "ssh") and mount.target is None:
            continue
        target = mount.target or ""
        if target[:1] != "/" or "$" in target or _within(folder, (target,)) or _within(target, (folder,)):
            return True
    return False


def linked(run: Run, folder: str, within: bool = False) -> bool:
    """True if *folder* is, or lies behind, a link: what is started after ``cd`` takes another folder for its parent.

    With *within* the links that *run* itself makes count, too.
    """
    made: list[str] = []
    for command in (*commands_before(run), *(run.commands if within else ())):
        if command.name == "ln":
            operands = [word.value for word in command.args if word.value is not None and word.value[:1] != "-"]
            # the first is what the link leads to, which gives its name where there is no second
            made += operands[1:] or [basename(path) for path in operands]
    return _within(folder, [*_LINKS, *(join("/", path) for path in made if path)])


def _within(path: str, folders: Iterable[str]) -> bool:
    """True if *path* is one of *folders*, or lies in one."""
    return any(f"{path}/".startswith(f"{folder.rstrip('/')}/") for folder in folders)
