"""The build context: the files beside a Dockerfile, as ``.dockerignore`` leaves them to the builder."""

from __future__ import annotations

import os
from posixpath import normpath

from dlinter.context.files import FILE, FOLDER, LINK, Changed, Entry, Folder, Memory, resolve
from dlinter.dockerignore import Ignore, Pattern, PatternError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from dlinter.context.contents import Item
    from dlinter.context.files import Files

__all__ = ["FILE", "FOLDER", "LINK", "Context", "Entry", "Folder", "Memory"]

#: bytes of a file that a rule may look at; a longer one is not read at all
READABLE = 4_000_000


class Context:
    """The files that a build can copy.

    ``files`` is what there is, ``ignore`` what leaves some of it out (None: everything is sent) with ``ignore_path``
    its file seen from the context, and ``named`` tells whether somebody said that this is the context: otherwise the
    Dockerfile's own folder is taken for it, which may be wrong. ``asked`` holds every question to the disk with a
    short answer: while each would be answered alike, everything that follows from them holds.

    :raises dlinter.dockerignore.PatternError: the builder would refuse a line of the ignore file.
    """

    __slots__ = ("_files", "asked", "contents", "ignore", "ignore_path", "named")

    def __init__(
        self, files: Files, dockerignore: str | None = None, ignore_path: str = ".dockerignore", named: bool = False
    ) -> None:
        self._files = files
        self.ignore = None if dockerignore is None else Ignore(dockerignore)
        self.ignore_path = ignore_path
        self.named = named
        self.asked: dict[tuple[str, str], object] = {}
        #: what was found in folders: :func:`dlinter.context.contents.unwanted`
        self.contents: dict[str, tuple[Item, ...]] = {}

    @property
    def root(self) -> str | None:
        """The folder on disk, None in examples."""
        return self._files.root

    def on_disk(self, path: str) -> Entry | None:
        """What lies at *path*, sent or not; links are not followed."""
        path = clean(path)
        found = self._files.entry(path)
        self.asked["entry", path] = None if found is None else (found.kind, found.size, found.mode, found.target)
        return found

    def names(self, folder: str = "") -> tuple[str, ...]:
        """The names of what lies in *folder*, sent or not, sorted."""
        folder = clean(folder)
        found = self._files.names(folder)
        self.asked["names", folder] = found
        return found

    def ignored(self, path: str) -> Pattern | None:
        """The line of the ignore file that keeps *path* from the builder; None where it is sent.

        Of a folder it may be that something in it is sent nevertheless: see :meth:`entry`.
        """
        path = clean(path)
        return None if self.ignore is None or not path else self.ignore.match(path)

    def entry(self, path: str) -> Entry | None:
        """What the builder gets at *path*, links followed; None where it gets nothing."""
        resolved = self._resolved(path)
        if resolved is None:
            return None
        found = self.on_disk(resolved)
        if found is None or self.ignored(resolved) is None:
            return found
        if found.kind == FOLDER and self.ignore is not None and self.ignore.exceptions:
            return found if next(self.walk(resolved), None) is not None else None
        return None

    def kind(self, path: str) -> str:
        """``"file"`` or ``"folder"`` of what the builder gets at *path*, ``""`` where it gets nothing."""
        found = self.entry(path)
        return "" if found is None else found.kind

    def read(self, path: str) -> bytes | None:
        """The bytes of the file that the builder gets at *path*; None where there is none, or it is very long."""
        found = self.entry(path)
        if found is None or found.kind != FILE or found.size > READABLE:
            return None
        return self.bytes_of(path)

    def bytes_of(self, path: str) -> bytes | None:
        """The bytes of the file at *path*, sent or not, None where there is none or it is very long."""
        resolved = self._resolved(path)
        entry = None if resolved is None else self.on_disk(resolved)
        if resolved is None or entry is None or entry.kind != FILE or entry.size > READABLE:
            return None
        found = self._files.read(resolved)
        self.asked["read", resolved] = None if found is None else _digest(found)
        return found

    def text(self, path: str) -> str | None:
        """The text of the file that the builder gets at *path*, None where there is none or it is no UTF-8."""
        found = self.read(path)
        try:
            return None if found is None else found.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None

    def modes(self, paths: Collection[str]) -> dict[str, int]:
        """The permission bits that those files at or below *paths* that git tracks have in a fresh checkout."""
        self.asked["index", ""] = self._files.index()
        return self._files.modes(paths)

    def untracked(self, path: str) -> bool:
        """True if git, which tracks other files here, tracks neither *path* nor anything in it."""
        self.asked["index", ""] = self._files.index()
        return self._files.untracked(clean(path))

    def walk(self, folder: str = "", closed: tuple[str, ...] = ()) -> Iterator[tuple[str, Entry]]:
        """Every path below *folder* that the builder gets and that is no folder, with its entry; parents first.

        A folder with a name in *closed* is given itself instead of what is in it.
        """
        folder = clean(folder)
        pending = [folder]
        while pending:
            current = pending.pop()
            below: list[str] = []
            for name in self.names(current):
                path = f"{current}/{name}" if current else name
                found = self.on_disk(path)
                out = self.ignored(path) is not None
                if found is None or (out and (found.kind != FOLDER or not self._exceptions_below(path))):
                    continue
                if found.kind == FOLDER and name not in closed:
                    below.append(path)
                elif not out:
                    yield path, found
            pending += reversed(below)

    def matches(self, source: str) -> list[str]:
        """The paths that *source*, the operand of a COPY without variables, stands for; sorted.

        A wildcard stands for what it matches among what is sent (filepath.Match, parent by parent), everything else
        for itself if it is there.
        """
        path = clean(source)
        if not set(path) & set("*?["):
            return [path] if not path or self.entry(path) is not None else []
        found = [""]
        for part in path.split("/"):
            following: list[str] = []
            for parent in found:
                if not set(part) & set("*?["):
                    following.append(f"{parent}/{part}" if parent else part)
                    continue
                try:
                    pattern = Pattern(part, False, 0) if Ignore(part) else None
                except PatternError:
                    return []
                if pattern is not None and "**" not in part:
                    head, tail = _literal(part)
                    following += [
                        f"{parent}/{name}" if parent else name
                        for name in self.names(parent)
                        if name.startswith(head) and name.endswith(tail) and pattern.matches(name)
                    ]
            found = following
        return sorted(path for path in found if self.entry(path) is not None)

    def _exceptions_below(self, folder: str) -> bool:
        """True if a line that takes something back in may mean something below the left out *folder*."""
        if self.ignore is None:
            return False
        for pattern in self.ignore.patterns:
            if not pattern.exception:
                continue
            head = pattern.text[: min((pattern.text.find(c) for c in "*?[" if c in pattern.text), default=None)]
            if head != pattern.text and f"{folder}/".startswith(head):
                return True
            if pattern.text.startswith(f"{folder}/"):
                return True
        return False

    def _resolved(self, path: str) -> str | None:
        path = clean(path)
        entry = self.on_disk(path)
        if entry is None and not path:
            return None
        found = resolve(self._files, path)
        if found != path:
            self.asked["resolve", path] = found
        return found

    def amended(self, changes: Mapping[str, str], dockerignore: str | None) -> Context:
        """The same after *changes*, files by their place on disk, were written; *dockerignore* is the new text."""
        data = {self._below(path): text.encode("utf-8", "surrogateescape") for path, text in changes.items()}
        return Context(Changed(self._files, data), dockerignore, self.ignore_path, self.named)

    def _below(self, path: str) -> str:
        return clean(path if self.root is None else os.path.relpath(path, self.root))

    def unchanged(self, asked: dict[tuple[str, str], object]) -> bool:
        """True if every question in *asked*, of an earlier look at the same context, has the same answer today."""
        for (question, path), answer in asked.items():
            if question == "entry":
                found = self._files.entry(path)
                now: object = None if found is None else (found.kind, found.size, found.mode, found.target)
            elif question == "names":
                now = self._files.names(path)
            elif question == "index":
                now = self._files.index()
            elif question == "resolve":
                now = resolve(self._files, path)
            else:
                data = self._files.read(path)
                now = None if data is None else _digest(data)
            if now != answer:
                return False
        return True


def _literal(pattern: str) -> tuple[str, str]:
    """What every name that *pattern* matches begins and ends with: a quick look before the thorough one."""
    if set(pattern) & set("[\\"):
        return "", ""
    places = [at for at, char in enumerate(pattern) if char in "*?"]
    return (pattern[: places[0]], pattern[places[-1] + 1 :]) if places else (pattern, pattern)


def clean(path: str) -> str:
    """*path* as seen from the root of the context: without ``./``, a slash in front, or ``..`` that leads out."""
    path = normpath("/" + path.replace("\\", "/") if "\\" in path else "/" + path).lstrip("/")
    return "" if path == "." else path


def _digest(data: bytes) -> str:
    from dlinter.cache import digest

    return digest(data).hex()
