"""What is in an image: the folders of its layers read into entries that can be compared."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, folder or link without its times. ``link`` is where a symbolic link points."""

    kind: str
    mode: int
    uid: int
    gid: int
    size: int = 0
    digest: str = ""
    link: str = ""
    attributes: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Layer:
    """What one step did: the ``entries`` it wrote, the paths it ``removed``, and the folders it ``emptied``.

    ``names`` are paths that are further names of a file which has one already.
    """

    entries: dict[str, Entry]
    removed: frozenset[str] = frozenset()
    emptied: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


def layers_of(inspected: dict[str, Any]) -> tuple[Layer, ...]:
    """The layers of the image that ``docker image inspect`` describes, the lowest first."""
    driver = inspected["GraphDriver"]
    assert driver["Name"] == "overlay2"
    folders = [driver["Data"]["UpperDir"], *driver["Data"].get("LowerDir", "").split(":")]
    return tuple(_remembered(folder) for folder in reversed(folders) if folder)


_LAYERS: dict[str, Layer] = {}


def _remembered(folder: str) -> Layer:
    """The layer in *folder*: the engine never changes it, so it is read once."""
    name = os.path.realpath(folder)
    if name not in _LAYERS:
        _LAYERS[name] = read_layer(Path(name))
    return _LAYERS[name]


def read_layer(folder: Path) -> Layer:
    """The upper folder of an overlay (Linux kernel, "Overlay Filesystem": whiteouts and opaque directories)."""
    entries: dict[str, Entry] = {}
    removed: set[str] = set()
    emptied: set[str] = set()
    names: set[str] = set()
    seen: set[int] = set()
    todo = [folder]
    while todo:
        for found in os.scandir(todo.pop()):
            path = f"/{os.path.relpath(found.path, folder)}"
            status = found.stat(follow_symlinks=False)
            if stat.S_ISCHR(status.st_mode) and status.st_rdev == 0:
                removed.add(path)
                continue
            attributes = _attributes(found.path)
            if found.is_dir(follow_symlinks=False):
                todo.append(Path(found.path))
                if attributes.pop("trusted.overlay.opaque", b"") == b"y":
                    emptied.add(path)
            elif status.st_nlink > 1:
                names.update([path] if status.st_ino in seen else [])
                seen.add(status.st_ino)
            entries[path] = _entry(found.path, path, status, attributes)
    return Layer(entries, frozenset(removed), frozenset(emptied), frozenset(names))


def _attributes(path: str) -> dict[str, bytes]:
    return {name: os.getxattr(path, name, follow_symlinks=False) for name in os.listxattr(path, follow_symlinks=False)}


def _entry(place: str, path: str, status: os.stat_result, attributes: dict[str, bytes]) -> Entry:
    own = tuple(sorted(pair for pair in attributes.items() if not pair[0].startswith("trusted.overlay.")))
    size, digest, link, mode = 0, "", "", stat.S_IMODE(status.st_mode)
    if stat.S_ISLNK(status.st_mode):
        kind, link = "link", os.readlink(place)
    elif stat.S_ISREG(status.st_mode):
        kind, size = "file", status.st_size
        digest = hashlib.sha256(_timeless(path, Path(place).read_bytes())).hexdigest()
    elif stat.S_ISDIR(status.st_mode):
        kind = "folder"
    else:
        kind = f"special {stat.filemode(status.st_mode)[0]} {status.st_rdev}"
    return Entry(kind, mode, status.st_uid, status.st_gid, size, digest, link, own)


_DAY = re.compile(rb"^([^:\n]*:[^:\n]*:)\d+(?=:)", re.M)


def _timeless(path: str, data: bytes) -> bytes:
    """*data* without the times that a second build of the same file writes differently."""
    if path.endswith(".pyc") and data[4:8] == bytes(4):  # PEP 552: the source's time is in bytes 8 to 12
        return data[:8] + bytes(4) + data[12:]
    if path in ("/etc/shadow", "/etc/shadow-"):  # shadow(5): the day of the last change of the password
        return _DAY.sub(rb"\1", data)
    return data


def files(layers: tuple[Layer, ...]) -> dict[str, Entry]:
    """Every path of the root file system that *layers* make."""
    found: dict[str, Entry] = {}
    for layer in layers:
        gone = set(layer.removed)
        gone |= {path for path, entry in layer.entries.items() if entry.kind != "folder" and path in found}
        if gone or layer.emptied:
            found = {path: entry for path, entry in found.items() if not _covered(path, gone, layer.emptied)}
        found.update(layer.entries)
    return found


def _covered(path: str, gone: set[str], emptied: frozenset[str]) -> bool:
    """True if *path* is one of those that are *gone*, or lies in one, or in a folder that was *emptied*."""
    if path in gone:
        return True
    while path != "/":
        path = posixpath.dirname(path)
        if path in gone or path in emptied:
            return True
    return False
