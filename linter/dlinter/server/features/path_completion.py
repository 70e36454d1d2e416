"""Files and folders of the build context."""

from __future__ import annotations

import os

from dlinter.dockerignore import Ignore, PatternError
from dlinter.server.features import Completion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.server.features.cursor import Cursor

#: of a folder no more than this is looked at
_ENTRIES = 500


def paths(cursor: Cursor) -> Iterator[Completion]:
    """What of the context a path that begins like the word at the cursor may name; nothing that is ignored."""
    settings = cursor.file.settings
    if settings.context is None:
        return
    word = cursor.word
    start = cursor.start
    quoted = word[:1] in ('"', "[")
    while word[:1] in ('"', "["):
        word, start = word[1:], start + 1
    if "$" in word or "*" in word or "\0" in word or word.startswith("--"):
        return
    folder, slash, _ = word.rpartition("/")
    inner = os.path.normpath(f"/{folder}").lstrip("/")
    ignore = _ignore(settings.dockerignore)
    try:
        with os.scandir(os.path.join(settings.context, inner)) as entries:
            found = sorted((entry.name, entry.is_dir()) for entry, _ in zip(entries, range(_ENTRIES), strict=False))
    except (OSError, ValueError):
        return
    for name, is_folder in found:
        path = f"{inner}/{name}" if inner else name
        if name == ".git" or (not quoted and name.split() != [name]):
            continue
        if ignore is not None and ignore.match(path) is not None and not (is_folder and ignore.exceptions):
            continue
        text = f"{folder}{slash}{name}" + ("/" if is_folder else "")
        yield Completion(
            start, cursor.end('"'), text, "folder" if is_folder else "file", text, more=is_folder,
            order=1 if name.startswith(".") else 0,
        )  # fmt: skip


def _ignore(text: str | None) -> Ignore | None:
    try:
        return None if text is None else Ignore(text)
    except PatternError:
        return None
