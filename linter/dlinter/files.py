"""Finding Dockerfiles, reading them, and writing them back whole or not at all."""

from __future__ import annotations

import os
import stat
import sys

from dlinter.source import Source
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pathspec import GitIgnoreSpec

#: names taken for Dockerfiles in a folder: any case, ``Dockerfile.dev``, ``Dockerfile-dev``, ``dev.Dockerfile``
_NAME = re.compile(r"(?:.+\.)?(?:docker|container)file(?:[._-].*)?", re.I | re.S)
#: endings of templates, documents, scripts and leftovers that only look like one
_OTHER = re.compile(
    r".*(?:\.(?:dockerignore|containerignore|md|rst|txt|adoc|html?|sh|bash|py|rb|js|ts|go|json|ya?ml|toml|xml|j2|jinja2?"
    r"|tmpl|template|tpl|gotmpl|erb|ejs|mustache|hbs|m4|in|orig|rej|bak|old|swp|lock|log|patch|diff|sha256|gz|zip|tar)|~)",
    re.I | re.S,
)
_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".mypy_cache"})


class ReadError(Exception):
    """A file that cannot be read or written; the text names it and says why."""


def is_dockerfile(name: str) -> bool:
    """True if a file of this name is taken for a Dockerfile when a folder is searched."""
    return _NAME.fullmatch(name) is not None and _OTHER.fullmatch(name) is None


def find(paths: Iterable[str], excluded: Iterable[str] = (), force_exclude: bool = False) -> Iterator[str]:
    """The files to lint, in order and each once: files as named, folders searched.

    In folders ``.gitignore`` files are respected (those above the folder, up to the repository's root, too) and
    *excluded* gives more patterns in the same syntax; with *force_exclude* they hold for named files as well.
    """
    seen: set[str] = set()
    patterns = list(excluded)
    for path in paths:
        if path != "-" and os.path.isdir(path):
            found: Iterable[str] = search(path, patterns)
        elif force_exclude and patterns and _excluded(patterns, path):
            continue
        else:
            found = (path,)
        for each in found:
            key = os.path.realpath(each) if each != "-" else each
            if key not in seen:
                seen.add(key)
                yield each


def _excluded(patterns: list[str], path: str) -> bool:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns).match_file(os.path.relpath(path).replace(os.sep, "/"))


def search(folder: str, excluded: list[str]) -> Iterator[str]:
    """The Dockerfiles under *folder*, sorted, links to folders not followed."""
    from pathspec import GitIgnoreSpec

    specs: list[tuple[str, GitIgnoreSpec]] = []
    if excluded:
        specs.append((os.path.abspath(folder), GitIgnoreSpec.from_lines(excluded)))
    for above in _above(os.path.abspath(folder)):
        specs += _gitignore(above)
    yield from _search(folder, specs)


def _search(folder: str, specs: list[tuple[str, GitIgnoreSpec]]) -> Iterator[str]:
    absolute = os.path.abspath(folder)
    specs = specs + _gitignore(absolute)
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise ReadError(f"{folder}: {error.strerror or error}") from error
    folders: list[os.DirEntry[str]] = []
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in _SKIPPED and not _ignored(specs, os.path.join(absolute, entry.name), True):
                folders.append(entry)
        elif is_dockerfile(entry.name) and entry.is_file() and not _ignored(specs, os.path.join(absolute, entry.name)):
            yield entry.name if folder == "." else entry.path
    for entry in folders:
        yield from _search(entry.name if folder == "." else entry.path, specs)


def _above(folder: str) -> list[str]:
    """The folders above *folder* up to the root of its git repository, outermost first; none outside one."""
    found: list[str] = []
    each = folder
    while not os.path.exists(os.path.join(each, ".git")):
        parent = os.path.dirname(each)
        if parent == each:
            return []
        each = parent
        found.append(each)
    return found[::-1]


def ignored_above(folder: str, path: str) -> bool:
    """True if a ``.gitignore`` above *folder*, within the repository, ignores *path* in it or a folder on the way."""
    specs = [spec for above in _above(os.path.abspath(folder)) for spec in _gitignore(above)]
    parts = path.split("/")
    places = [os.path.join(os.path.abspath(folder), *parts[: n + 1]) for n in range(len(parts))]
    return bool(specs) and any(_ignored(specs, place) or _ignored(specs, place, True) for place in places)


def _gitignore(folder: str) -> list[tuple[str, GitIgnoreSpec]]:
    from pathspec import GitIgnoreSpec

    try:
        with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="surrogateescape") as file:
            return [(folder, GitIgnoreSpec.from_lines(file.read().splitlines()))]
    except OSError:
        return []


def _ignored(specs: list[tuple[str, GitIgnoreSpec]], path: str, is_folder: bool = False) -> bool:
    """True if the nearest ``.gitignore`` that speaks of *path* ignores it (gitignore(5))."""
    for folder, spec in reversed(specs):
        name = os.path.relpath(path, folder).replace(os.sep, "/") + ("/" if is_folder else "")
        verdict = spec.check_file(name).include
        if verdict is not None:
            return verdict
    return False


def read(path: str, stdin_name: str | None = None) -> Source:
    """The file at *path*, or standard input for ``-``.

    :raises ReadError: it does not exist or cannot be read.
    """
    try:
        if path == "-":
            return Source.from_bytes(sys.stdin.buffer.read(), stdin_name or "-")
        with open(path, "rb") as file:
            return Source.from_bytes(file.read(), path)
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}") from error


class OtherFile:
    """A file besides the Dockerfile that fixes changed: ``before`` is None for a new one."""

    __slots__ = ("before", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        try:
            with open(path, "rb") as file:
                self.before: bytes | None = file.read()
        except FileNotFoundError:
            self.before = None
        except OSError as error:
            raise ReadError(f"{path}: {error.strerror or error}") from error

    @property
    def after(self) -> bytes:
        return self.text.encode("utf-8", "surrogateescape")


def write_together(changes: Iterable[tuple[str, bytes, bytes | None]]) -> None:
    """:func:`write` every ``(path, data, expected)`` of *changes*, or none of them.

    :raises ReadError: one cannot be written; what was written before it has its old content again.
    """
    done: list[tuple[str, bytes, bytes | None]] = []
    try:
        for path, data, expected in changes:
            write(path, data, expected)
            done.append((path, data, expected))
    except ReadError:
        for path, data, expected in reversed(done):
            if expected is None:
                os.unlink(path)
            else:
                write(path, expected, data)
        raise


def write(path: str, data: bytes, expected: bytes | None) -> None:
    """Replace the content of the file at *path* by *data* in one step, keeping mode, owner and links.

    A symbolic link stays one: the file it leads to is replaced.

    :raises ReadError: it cannot be written, or its content is no longer *expected* (None: there was no such file).
    """
    import tempfile

    target = os.path.realpath(path)
    temporary = ""
    try:
        if expected is None:
            handle, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(target)}.", dir=os.path.dirname(target))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)
            os.link(temporary, target)
            return
        with open(target, "rb") as file:
            if file.read() != expected:
                raise ReadError(f"{path}: changed by someone else meanwhile; nothing was written")
        status = os.stat(target)
        if status.st_nlink > 1:
            with open(target, "r+b") as file:
                file.write(data)
                file.truncate()
            return
        handle, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(target)}.", dir=os.path.dirname(target))
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, stat.S_IMODE(status.st_mode))
        if hasattr(os, "chown") and (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(temporary, status.st_uid, status.st_gid)
        os.replace(temporary, target)
        temporary = ""
    except FileExistsError as error:
        raise ReadError(f"{path}: made by someone else meanwhile; nothing was written") from error
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}; nothing was written") from error
    finally:
        if temporary:
            os.unlink(temporary)
