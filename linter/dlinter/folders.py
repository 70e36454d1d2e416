"""Folders that are surely there when a script begins."""

from __future__ import annotations

from dlinter.one_word import known_image
from dlinter.shellcheck_echo import system_shell
from dlinter.tree import Add, Copy, Run, Workdir
from dlinter_grammar import regex as re
from dlinter_grammar.shell_nodes import AndOr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.facts import Facts
    from dlinter.images import Image
    from dlinter.scripts import Script
    from dlinter.tree import Instruction, Stage

#: in every image with a distribution in it, in those of GNU's, and in those with RPM
_EVERYWHERE = frozenset(
    {"/", "/bin", "/dev", "/etc", "/home", "/lib", "/mnt", "/root", "/sbin", "/srv", "/tmp", "/usr", "/usr/bin"}
    | {"/usr/lib", "/usr/local", "/usr/local/bin", "/usr/sbin", "/usr/share", "/var", "/var/cache", "/var/lib"}
    | {"/var/log", "/var/tmp"}
)
_GNU = frozenset({"/opt", "/usr/src"})
_RPM = frozenset({"/etc/yum.repos.d"})
_ABSOLUTE = re.compile(r"/(?:[A-Za-z0-9_@+-][A-Za-z0-9_.@+-]*(?:/|\Z))*")
_OWN_CD = re.compile(r"\bcd\s*\(|(?:\A|[;&|])\s*alias\s")
_MADE = re.compile(r"(\"?)\$\(mktemp(?: -d)?\)\1(?=[\s;&|]|\Z)")
_TAKING_AWAY = re.compile(r"\b(?:rm|rmdir|mv|unlink|find|ln|umount|rsync|shred)\b([^;&|]*)")


def surely_there(path: str, script: Script, at: int) -> bool:
    """True if the folder *path* is there when *script* has come to its element at *at*, for its user to enter."""
    if _ABSOLUTE.fullmatch(path) is None:
        return False
    path = path.rstrip("/") or "/"
    instruction = script.instruction
    file = instruction.file
    stage = instruction.stage
    if stage is None or instruction.flag("mount") is not None:
        return False
    if path == "/root" and file.facts.user(instruction) not in ("root", "0"):
        return False
    if _taken_away(path, script.text[: _until(script, at)]) or _OWN_CD.search(script.text):
        return False
    for each in file.facts.chain(stage):
        known = _made(path, each, instruction if each is stage else None, file.facts)
        if known is not None:
            return known
    return bool(system_shell(script)) and _of_base(path, known_image(instruction))


def _until(script: Script, at: int) -> int:
    """Where the element at *at* ends."""
    for statement in script.root.statements if script.root is not None else ():
        for node in statement.node.items if isinstance(statement.node, AndOr) else (statement.node,):
            if node.start <= at < node.end:
                return node.end
    return len(script.text)


def _made(path: str, stage: Stage, before: Instruction | None, facts: Facts) -> bool | None:
    """Whether *stage*, up to *before*, leaves the folder behind; None if it has nothing to do with it."""
    for other in reversed(stage.instructions):
        if before is not None and other.start >= before.start:
            continue
        if isinstance(other, Workdir):
            folder = facts.workdir(other) if other.value is None else None
            text = other.value.value if other.value is not None else ""
            if folder is None and text.startswith("/") and "$" not in text and _below(text, path):
                return True
        elif isinstance(other, (Copy, Add)):
            found = _copied(path, other)
            if found is not None:
                return found
        elif isinstance(other, Run) and any(_taken_away(path, script.text) for script in other.scripts):
            return False
    return None


def _copied(path: str, copy: Copy | Add) -> bool | None:
    if copy.destination is None or "$" in copy.destination.value:
        return False
    place = copy.destination.value
    if not place.startswith("/"):
        return False
    sources = [source.value for source in copy.sources]
    folder = place.endswith("/") or len(sources) > 1 or sources in (["."], ["./"])
    if folder and _below(place, path) and copy.flag("chmod") is None and copy.flag("from") is None:
        return True
    return False if _below(path, place) else None


def _below(path: str, folder: str) -> bool:
    """True if *path* is *folder* or lies in it."""
    return (path.rstrip("/") + "/").startswith(folder.rstrip("/") + "/")


def _of_base(path: str, image: Image | None) -> bool:
    if image is None or "/" in image.name or not image.sh:
        return False
    return (
        path in _EVERYWHERE or (path in _GNU and image.userland == "gnu") or (path in _RPM and image.family == "rhel")
    )


def _taken_away(path: str, text: str) -> bool:
    """True if a command in *text* may take the folder away, or one that it lies in."""
    known = path in _EVERYWHERE | _GNU | _RPM
    for match in _TAKING_AWAY.finditer(text):
        for word in match[1].replace('"', "").replace("'", "").split():
            if word[:1] == "-":
                continue
            if _temporary(word, text):
                continue
            if "$" in word or "`" in word or (word[:1] != "/" and not known):
                return True
            place = word.partition("*")[0]
            if word[:1] == "/" and (_below(path, word) or (place != word and path.startswith(place))):
                return True
    return False


def _temporary(word: str, text: str) -> bool:
    """True for a variable to which *text* gives nothing but the names of temporary files that are made for it."""
    name = word[1:].strip("{}")
    if word[:1] != "$" or not name.isidentifier():
        return False
    places = [at for at in range(len(text)) if text.startswith(name + "=", at)]
    return bool(places) and all(_MADE.match(text, at + len(name) + 1) for at in places)
