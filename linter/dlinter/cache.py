"""What outlives a run: small records in the user's cache folder, each in a file of its own.

A record is written in one step under a name that follows from what it answers, so processes can share the folder
without locks. One that is damaged, foreign or too old to be read counts as not there: it costs time, nothing else.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

#: folders of ours below the cache folder: what a record looks like is part of the name
RESULTS, SHELLCHECK = "results-1", "shellcheck-1"
#: records in one of the 256 folders that a kind of record is spread over; beyond that the older half goes
_MOST = 160
#: what other versions of Python can read too
_MARSHAL = 4
_DIGEST = 16
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder holds what dlint can find out again. https://bford.info/cachedir/\n"
)


def folder() -> str:
    """The cache folder: ``DLINT_CACHE_DIR``, else ``dlint`` where the system keeps caches."""
    chosen = os.environ.get("DLINT_CACHE_DIR")
    if chosen:
        return chosen
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        base = base if os.path.isabs(base) else os.path.join(home, ".cache")
    return os.path.join(base, "dlint")


def digest(*parts: str | bytes) -> bytes:
    """A name for *parts* that no others have: 16 bytes, each part marked off by its length."""
    state = _blake2b()(digest_size=_DIGEST)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        state.update(b"%d:" % len(data))
        state.update(data)
    return bytes(state.digest())


def _blake2b() -> Callable[..., Any]:
    try:
        from _blake2 import blake2b  # hashlib, which has it too, loads OpenSSL
    except ImportError:
        from hashlib import blake2b
    return blake2b


class Store:
    """Records of one kind by key, as plain data: numbers, texts, bytes, tuples, lists and dicts of these."""

    __slots__ = ("_written", "path")

    def __init__(self, kind: str, path: str | None = None) -> None:
        #: the folder, None once it has turned out that nothing can be written there
        self.path: str | None = os.path.join(folder() if path is None else path, kind)
        self._written = 0

    def get(self, key: bytes) -> Any:
        """The record of *key*, None if there is none that is whole."""
        if self.path is None:
            return None
        try:
            with open(self._place(self.path, key), "rb") as file:
                data = file.read()
        except (OSError, ValueError):
            return None
        if digest(data[_DIGEST:]) != data[:_DIGEST]:
            return None
        try:
            owner, value = marshal.loads(data[_DIGEST:])
        except (EOFError, ValueError, TypeError):
            return None
        return value if owner == key else None

    def put(self, key: bytes, value: Any) -> None:
        """Keep *value*, which must not be None, as the record of *key*; nothing happens where that cannot be."""
        if self.path is None:
            return
        try:
            data = marshal.dumps((key, value), _MARSHAL)
        except ValueError:
            return
        path = self._place(self.path, key)
        self._written += 1
        temporary = f"{path}.{os.getpid()}.{self._written}~"
        try:
            try:
                file = open(temporary, "xb")  # noqa: SIM115
            except FileNotFoundError:
                _make(os.path.dirname(self.path), os.path.dirname(path))
                file = open(temporary, "xb")  # noqa: SIM115
            with file:
                file.write(digest(data) + data)
            os.replace(temporary, path)
            _prune(os.path.dirname(path))
        except (OSError, ValueError):
            _remove(temporary)
            self.path = None

    def _place(self, path: str, key: bytes) -> str:
        name = key.hex()
        return os.path.join(path, name[:2], name[2:])


class Answers(dict[str, "list[dict[str, Any]]"]):
    """What ShellCheck said of a script: like a dict, but what is set stays for later runs.

    *identity* stands for the program and the way it is asked. ``setdefault`` sets for this run only.
    """

    def __init__(self, identity: str, store: Store | None = None) -> None:
        super().__init__()
        self._identity = identity
        self._store = Store(SHELLCHECK) if store is None else store

    def __contains__(self, text: object) -> bool:
        if super().__contains__(text):
            return True
        found = self._store.get(self._key(text)) if isinstance(text, str) else None
        if not isinstance(found, list):
            return False
        super().__setitem__(str(text), found)
        return True

    def __setitem__(self, text: str, comments: list[dict[str, Any]]) -> None:
        super().__setitem__(text, comments)
        self._store.put(self._key(text), comments)

    def _key(self, text: str) -> bytes:
        return digest(self._identity, text)


def stamp(path: str) -> str:
    """What tells the file at *path* from other versions of it: its length and time."""
    try:
        found = os.stat(path)
    except OSError:
        return path
    return f"{path} {found.st_size} {found.st_mtime_ns}"


def clean(path: str | None = None) -> int:
    """Remove every record below the cache folder; how many there were. What is not ours stays."""
    root = folder() if path is None else path
    removed = 0
    for kind in (RESULTS, SHELLCHECK):
        base = os.path.join(root, kind)
        for name in _names(base):
            each = os.path.join(base, name)
            for record in _names(each):
                removed += _remove(os.path.join(each, record)) and not record.endswith("~")
            _remove_folder(each)
        _remove_folder(base)
    _remove(os.path.join(root, "CACHEDIR.TAG"))
    _remove_folder(root)
    return removed


def _make(root: str, path: str) -> None:
    """Make the folder *path* below the cache folder *root*, which is marked as one so that backups leave it out."""
    if not os.path.isdir(root):
        os.makedirs(root, 0o700, exist_ok=True)
        with open(os.path.join(root, "CACHEDIR.TAG"), "w", encoding="utf-8") as file:
            file.write(_TAG)
    os.makedirs(path, exist_ok=True)


def _prune(path: str) -> None:
    """Remove the older half of what is in the folder *path* if it is too much."""
    names = os.listdir(path)
    if len(names) <= _MOST:
        return
    dated: list[tuple[float, str]] = []
    for name in names:
        try:
            dated.append((os.stat(os.path.join(path, name)).st_mtime, name))
        except OSError:
            continue
    for _, name in sorted(dated)[: len(dated) // 2]:
        _remove(os.path.join(path, name))


def _names(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except OSError:
        return []


def _remove(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:
        return False
    return True


def _remove_folder(path: str) -> None:
    try:
        os.rmdir(path)
    except OSError:
        pass
