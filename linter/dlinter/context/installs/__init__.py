"""What the commands that install packages read of the build context, and where they write.

Whoever asks wants to know whether a step may run before the files are copied. So everything that a command may read
counts as read, whether it is there or not, and what is not known is a doubt. The facts are from the manuals and sources
of the programs, as the modules say.
"""

from __future__ import annotations

from posixpath import join, normpath

from dlinter_grammar.shell_nodes import Pipeline, ShellSyntaxError, Simple, and_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dlinter.context import Context
    from dlinter_grammar.shell_nodes import Node, ShellWord

__all__ = ["Access", "Command", "Place", "Tree", "access_of", "elements"]


class Tree:
    """The files of a build context by the absolute path that copies give them in the image."""

    __slots__ = ("context", "files")

    def __init__(self, context: Context, files: Mapping[str, str]) -> None:
        self.context = context
        self.files = dict(files)

    def has(self, path: str) -> bool:
        """True if there is a file at *path*, or anything below it."""
        return path in self.files or next(self.below(path), None) is not None

    def below(self, folder: str) -> Iterator[str]:
        """The files below *folder*."""
        head = folder.rstrip("/") + "/"
        return (path for path in self.files if path.startswith(head))

    def text(self, path: str) -> str | None:
        """The text of the file at *path*, None where there is none or it cannot be read."""
        source = self.files.get(path)
        return None if source is None else self.context.text(source)


class Place:
    """Where a command runs: the absolute ``directory``, the ``variables`` that the file sets (None for a value that is
    not known, ``$`` for a part) and the ``tree`` of files that were copied there."""

    __slots__ = ("directory", "tree", "variables")

    def __init__(self, directory: str, variables: Mapping[str, str | None], tree: Tree) -> None:
        self.directory = directory
        self.variables = dict(variables)
        self.tree = tree

    def path(self, text: str) -> str:
        """*text* as an absolute path."""
        return normpath(join(self.directory, text))


class Access:
    """What a command does with files.

    ``files`` and ``folders`` are what it may read; ``writes`` the files and folders that it changes; ``doubts`` are the
    reasons for which there may be more, in words that complete *it is not certain, as …*; ``needs`` is why it has to
    come after the code, ``""`` where nothing says so; ``installs`` is true for what installs what a manifest asks for.
    """

    __slots__ = ("doubts", "files", "folders", "installs", "needs", "writes")

    def __init__(self) -> None:
        self.files: dict[str, None] = {}
        self.folders: dict[str, None] = {}
        self.writes: dict[str, None] = {}
        self.doubts: dict[str, None] = {}
        self.needs = ""
        self.installs = False

    def read(self, *paths: str) -> None:
        self.files.update(dict.fromkeys(paths))

    def write(self, *paths: str) -> None:
        self.writes.update(dict.fromkeys(paths))

    def doubt(self, reason: str) -> None:
        self.doubts[reason] = None

    def need(self, reason: str) -> None:
        self.needs = self.needs or reason

    def add(self, other: Access) -> None:
        self.files.update(other.files)
        self.folders.update(other.folders)
        self.writes.update(other.writes)
        self.doubts.update(other.doubts)
        self.needs = self.needs or other.needs
        self.installs = self.installs or other.installs

    def reads(self, path: str) -> bool:
        """True if it may read the file at *path*."""
        return path in self.files or any(_within(path, folder) for folder in self.folders)

    def changes(self, path: str) -> bool:
        """True if it may change the file at *path*, or has a file where that one's folder would be."""
        return any(_within(path, place) for place in self.writes)


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


class Command:
    """A simple command as :func:`dlinter.packages.package_call` wants it; ``program`` is its first word as written."""

    __slots__ = ("args", "name", "program", "simple")

    def __init__(self, simple: Simple) -> None:
        self.simple = simple
        self.program = (simple.words[0].value or "") if simple.words else ""
        self.name = self.program.rpartition("/")[2]
        self.args: Sequence[ShellWord] = simple.words[1:]


def elements(text: str) -> list[Node] | None:
    """The elements of the script *text* if it is one ``a && b && c``; None for every other script."""
    from dlinter_grammar.shell import parse

    try:
        return and_list(parse(text))
    except ShellSyntaxError:
        return None


#: what makes any program load other files (ld.so(8), bash(1), git(1))
_ANYWHERE = ("LD_PRELOAD", "LD_LIBRARY_PATH", "BASH_ENV", "ENV", "GIT_DIR", "GIT_CONFIG", "GIT_CONFIG_GLOBAL")


def access_of(nodes: Sequence[Node], place: Place) -> Access:
    """What the elements of an and-list, run one after another in *place*, read and write."""
    found = Access()
    here = Place(place.directory, place.variables, place.tree)
    for name in _ANYWHERE:
        value = place.variables.get(name)
        if name in place.variables and (value is None or not {"/", "$"}.isdisjoint(value)):
            found.doubt(f"{name} is set")
    _programs(found, place)
    for node in nodes:
        simple = _simple(node)
        if simple is None or simple.redirects:
            found.need("a part of the script is not understood")
            continue
        found.add(_command(Command(simple), here))
    return found


def _simple(node: Node) -> Simple | None:
    if isinstance(node, Pipeline) and not node.bang and len(node.commands) == 1:
        return _simple(node.commands[0])
    return node if isinstance(node, Simple) else None


def _programs(found: Access, place: Place) -> None:
    """Programs that PATH takes from what is copied."""
    for folder in (place.variables.get("PATH") or "").split(":"):
        if folder.startswith("/") and folder != "/":
            folder = normpath(folder)
            if any(True for _ in place.tree.below(folder)):
                found.doubt(f"the programs of {folder} are copied")
            elif folder.endswith("/bin"):
                # of a virtual environment or the like, which is filled by what runs
                root = folder.removesuffix("/bin")
                if any(_within(path, root) for path in place.tree.files) and "venv" in root.rpartition("/")[2]:
                    found.write(root)


def _command(command: Command, place: Place) -> Access:
    from dlinter.context.installs import builds, node, others, python, ruby, system
    from dlinter.packages import package_call

    found = Access()
    simple = command.simple
    for assignment in simple.assignments:
        value = assignment.value.value if assignment.value is not None else ""
        if assignment.name in ("PATH", *_ANYWHERE):
            found.doubt(f"{assignment.name} is set")
        place = Place(place.directory, {**place.variables, assignment.name: value}, place.tree)
    if not simple.words:
        return found
    if any((word.value is None and "$(" in word.text) or "`" in word.text for word in simple.words):
        found.need("a part of the script is not understood")
        return found
    if "/" in command.program and place.tree.has(place.path(command.program)):
        found.doubt(f"{command.program} is copied")
    if system.ordinary(command, place, found):
        return found
    if command.name == "mix":
        builds.mix(command, place, found)
        return found
    call = package_call(command)
    if call is None:
        found.need(f"{command.name or 'a command'} may read any file")
        return found
    for module in (python, node, ruby, others, builds, system):
        reader = module.READERS.get(call.manager)
        if reader is not None:
            reader(call, command, place, found)
            return found
    found.need(f"{command.name} may read any file")
    return found
