"""Where the files of a build context come from: a folder on disk, or a mapping for examples and editors."""

from __future__ import annotations

import os
import stat
from posixpath import dirname, join, normpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Protocol

    class Files(Protocol):
        """What there is, whatever ``.dockerignore`` says. Paths have slashes and none in front; the root is ``""``."""

        #: the folder on disk, None where there is none
        root: str | None

        def entry(self, path: str) -> Entry | None:
            """The thing at *path* itself, links not followed; None where nothing is."""

        def names(self, folder: str) -> tuple[str, ...]:
            """What lies in *folder*, sorted; nothing where it is no folder."""

        def read(self, path: str) -> bytes | None:
            """The bytes of the ordinary file at *path*, None where there is none that can be read."""

        def modes(self, paths: Collection[str]) -> dict[str, int]:
            """The permission bits that git keeps of those files at or below *paths* that it tracks."""

        def untracked(self, path: str) -> bool:
            """True if git tracks nothing at or below *path*, but other files."""

        def index(self) -> tuple[int, int] | None:
            """What changes whenever git's index does."""


FILE, FOLDER, LINK, OTHER = "file", "folder", "link", "other"


class Entry:
    """One thing: its ``kind``, ``size`` in bytes, permission bits ``mode``, and the ``target`` of a link."""

    __slots__ = ("kind", "mode", "size", "target")

    def __init__(self, kind: str, size: int = 0, mode: int = 0o644, target: str = "") -> None:
        self.kind = kind
        self.size = size
        self.mode = mode
        self.target = target

    def __repr__(self) -> str:
        return f"Entry({self.kind!r}, {self.size}, {self.mode:#o}{f', {self.target!r}' if self.target else ''})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entry):
            return NotImplemented
        return (self.kind, self.size, self.mode, self.target) == (other.kind, other.size, other.mode, other.target)

    def __hash__(self) -> int:
        return hash((self.kind, self.size, self.mode, self.target))


#: names from which on a folder is listed again only when it was written to, those that were, and how many stay known
_LARGE, _MOST = 500, 8
_large: dict[str, tuple[int, tuple[str, ...]]] = {}


class Folder:
    """The files below the folder *root* on disk."""

    __slots__ = ("root",)

    def __init__(self, root: str) -> None:
        self.root: str | None = root

    def _path(self, path: str) -> str:
        assert self.root is not None
        return os.path.join(self.root, *path.split("/")) if path else self.root

    def entry(self, path: str) -> Entry | None:
        try:
            found = os.lstat(self._path(path))
            target = os.readlink(self._path(path)) if stat.S_ISLNK(found.st_mode) else ""
        except (OSError, ValueError):
            return None
        mode = stat.S_IMODE(found.st_mode)
        if stat.S_ISLNK(found.st_mode):
            return Entry(LINK, 0, mode, target.replace(os.sep, "/"))
        if stat.S_ISDIR(found.st_mode):
            return Entry(FOLDER, 0, mode)
        return Entry(FILE if stat.S_ISREG(found.st_mode) else OTHER, found.st_size, mode)

    def names(self, folder: str) -> tuple[str, ...]:
        path = self._path(folder)
        try:
            written = os.stat(path).st_mtime_ns
            known = _large.get(path)
            if known is not None and known[0] == written:
                return known[1]
            found = tuple(sorted(os.listdir(path)))
        except (OSError, ValueError):
            return ()
        if len(found) >= _LARGE:
            if len(_large) >= _MOST:
                _large.clear()
            _large[path] = written, found
        return found

    def read(self, path: str) -> bytes | None:
        try:
            with open(self._path(path), "rb") as file:
                return file.read()
        except (OSError, ValueError):
            return None

    def modes(self, paths: Collection[str]) -> dict[str, int]:
        from dlinter.context.git import tracked

        assert self.root is not None
        return (tracked(self.root, *paths) or {}) if paths else {}

    def untracked(self, path: str) -> bool:
        from dlinter.context.git import left_out

        assert self.root is not None
        return left_out(self.root, path)

    def index(self) -> tuple[int, int] | None:
        from dlinter.context.git import stamp

        assert self.root is not None
        return stamp(self.root)


class Memory:
    """Files from a mapping of paths to texts, bytes or entries; a path that ends with a slash is an empty folder.

    A text that is None stands for an empty file, and ``{"text": …, "mode": 0o755, "size": 9, "untracked": True}`` or
    ``{"link": "target"}`` says more.
    """

    __slots__ = ("_bytes", "_entries", "_names", "_untracked", "root")

    def __init__(self, files: Mapping[str, object]) -> None:
        self.root: str | None = None
        self._bytes: dict[str, bytes] = {}
        self._untracked: set[str] = set()
        self._entries: dict[str, Entry] = {"": Entry(FOLDER, 0, 0o755)}
        self._names: dict[str, list[str]] = {"": []}
        for path, value in files.items():
            details = value if isinstance(value, dict) else {"text": value}
            text = details.get("text")
            data = text if isinstance(text, bytes) else str("" if text is None else text).encode()
            if path.endswith("/"):
                self._add(path.rstrip("/"), Entry(FOLDER, 0, 0o755))
            elif "link" in details:
                self._add(path, Entry(LINK, 0, 0o777, str(details["link"])))
            else:
                size = int(str(details.get("size", len(data))))
                self._add(path, Entry(FILE, size, int(str(details.get("mode", 0o644)))))
                self._bytes[normpath(path)] = data
                if details.get("untracked"):
                    self._untracked.add(normpath(path))

    def _add(self, path: str, entry: Entry) -> None:
        path = normpath(path)
        parent = dirname(path)
        if parent not in self._entries:
            self._add(parent, Entry(FOLDER, 0, 0o755))
        if path not in self._entries:
            self._names[parent].append(path[len(parent) :].lstrip("/"))
        self._entries[path] = entry
        if entry.kind == FOLDER:
            self._names.setdefault(path, [])

    def entry(self, path: str) -> Entry | None:
        return self._entries.get(path)

    def names(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(self._names.get(folder, ())))

    def read(self, path: str) -> bytes | None:
        return self._bytes.get(path)

    def modes(self, paths: Collection[str]) -> dict[str, int]:
        tracked = [file for file in self._bytes if file not in self._untracked]
        below = [file for file in tracked if any(f"{file}/".startswith(f"{path}/") for path in paths)]
        return {file: self._entries[file].mode for file in below}

    def untracked(self, path: str) -> bool:
        return path in self._untracked

    def index(self) -> tuple[int, int] | None:
        return None


class Changed:
    """*files* with *data* in the place of some of them."""

    __slots__ = ("_data", "_files", "root")

    def __init__(self, files: Files, data: Mapping[str, bytes]) -> None:
        self._files = files
        self._data = data
        self.root: str | None = files.root

    def entry(self, path: str) -> Entry | None:
        found = self._files.entry(path)
        return Entry(FILE, len(self._data[path]), found.mode if found else 0o644) if path in self._data else found

    def names(self, folder: str) -> tuple[str, ...]:
        new = {path[len(folder) :].lstrip("/") for path in self._data if dirname(path) == folder}
        return tuple(sorted({*self._files.names(folder), *new}))

    def read(self, path: str) -> bytes | None:
        return self._data[path] if path in self._data else self._files.read(path)

    def modes(self, paths: Collection[str]) -> dict[str, int]:
        return self._files.modes(paths)

    def untracked(self, path: str) -> bool:
        return self._files.untracked(path)

    def index(self) -> tuple[int, int] | None:
        return self._files.index()


def resolve(files: Files, path: str) -> str | None:
    """*path* after its links, each of them taken from the root of the context; None where they lead out or nowhere.

    The builder resolves links in the same way (buildkit/solver/llbsolver/ops/opsutils, fsutil.FollowPaths).
    """
    done = ""
    waiting = [part for part in path.split("/") if part and part != "."]
    for _ in range(255):
        if not waiting:
            return done if files.entry(done) is not None else None
        part = waiting.pop(0)
        if part == "..":
            done = dirname(done)
            continue
        entry = files.entry(join(done, part))
        if entry is None:
            return None
        if entry.kind != LINK:
            done = join(done, part)
            continue
        if entry.target.startswith("/"):
            done = ""
        waiting[:0] = [part for part in entry.target.split("/") if part and part != "."]
    return None
