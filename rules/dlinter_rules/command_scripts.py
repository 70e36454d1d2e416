"""What CMD, ENTRYPOINT and HEALTHCHECK start: a script without ``#!`` is run by a shell, and not by the kernel."""

from __future__ import annotations

from posixpath import join, normpath

from dlinter import Add, Copy, Run
from dlinter_grammar import regex as re
from dlinter_rules.common import commands_before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter import Healthcheck, Instruction

#: programs with a version in their name
_VERSIONED = re.compile(r"(?:python|pypy|pip|ruby|php|perl|lua|node|gcc)\d*(?:\.\d+)+")
#: ends of the names of files that nobody calls without them
_DATA = re.compile(
    r".+\.(?:cfg|cnf|conf|config|css|csv|env|html|ini|json|list|md|properties|service|toml|txt|xml|ya?ml)\Z"
)
#: files that are no folder and not unpacked by ADD
_ENDING = re.compile(
    r"\.(?:c|cfg|conf|css|go|h|html|ini|jar|js|json|md|php|pl|properties|py|rb|sh|sql|toml|ts|txt|war|xml|ya?ml)\Z"
)


def may_be_script(instruction: Instruction, name: str) -> bool:
    """True if the program may be a script without ``#!``: packages have none, what is copied or written may be one."""
    folder, slash, base = name.rpartition("/")
    if not slash:
        return ("." in name and not _VERSIONED.fullmatch(name)) or _copied(instruction, name)
    if folder not in ("/bin", "/sbin", "/usr/bin", "/usr/sbin") or ("." in base and not _VERSIONED.fullmatch(base)):
        return True
    facts = instruction.file.facts
    written = re.compile(rf"(?:/usr)?/s?bin/?(?:{re.escape(base)}(?![\w.-])|[\s\"\';&|)$*]|\Z)")
    if any(written.search(run.syntax.map.text) for run in facts.before(instruction, Run)):
        return True
    return any(_brings(copy, name) for copy in facts.before(instruction, Copy, Add))


def _brings(copy: Instruction, path: str) -> bool:
    """True if *copy* may bring the file *path*: to its place, or a folder to a place above it."""
    target = copy.file.facts.expand(copy.args[-1], copy).value if copy.args else None
    if target is None:
        return True
    place = normpath(join(copy.file.facts.workdir(copy) or "/", target))
    above = path == place or place == "/" or path.removeprefix("/usr").startswith(f"{place.removeprefix('/usr')}/")
    return above and (path == place or not all(_ENDING.search(token.value) for token in copy.args[:-1]))


def _copied(instruction: Instruction, name: str) -> bool:
    """True if a file of this name was copied: it may be a script without a ``#!`` line."""
    facts = instruction.file.facts
    for copy in facts.before(instruction, Copy, Add):
        last = [token.value.rstrip("/").rsplit("/", 1)[-1] for token in copy.args]
        if last[-1:] in ([""], ["."], [".."]):
            last.append((facts.workdir(copy) or "").rpartition("/")[2])
        if any(word == name or (word.rpartition(".")[0] == name and not _DATA.match(word)) for word in last):
            return True
    return False


def printed(words: list[str]) -> bool:
    """True for echo with a text that every echo prints as it is, and for true and false."""
    if words[0] in ("true", "false"):
        return len(words) == 1
    return words[0] == "echo" and not any("\\" in word or word[:1] == "-" for word in words)


def is_linux(instruction: Healthcheck) -> bool:
    """True if the file shows that it is for Linux, where health checks run with /bin/sh whatever SHELL there is."""
    if any(command.name in _LINUX for command in commands_before(instruction)):
        return True
    return any(_UNIX.search(each.syntax.map.text) for each in instruction.file.instructions)


#: folders that every Linux image has
_UNIX = re.compile(r"[\s\"'=:]/(?:bin|etc|home|lib|opt|root|sbin|srv|usr|var)/")


#: programs that no Windows image has
_LINUX = frozenset({
    "adduser", "apk", "apt", "apt-get", "chmod", "chown", "dnf", "dpkg", "groupadd", "ln", "rpm", "sed", "useradd",
    "yum",
})  # fmt: skip
