"""``dlint context``: what of a build context is sent to the builder, what of it should not be, what that would save."""

from __future__ import annotations

import os

from dlinter.context import Context
from dlinter.context.contents import HARMFUL, Item, completed, kind_of, untracked
from dlinter.context.files import FILE, FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from dlinter.settings import FileSettings

#: files and folders that are listed
_LISTED = 10


class Sent:
    """What is sent: ``files`` with their sizes, and the ``items`` among them that should not be.

    ``share`` has the bytes and the number of files of each item by path.
    """

    __slots__ = ("context", "files", "items", "settings", "share")

    def __init__(self, context: Context, settings: FileSettings) -> None:
        self.context = context
        self.settings = settings
        self.files: dict[str, int] = {}
        self.items: list[Item] = []
        self.share: dict[str, tuple[int, int]] = {}
        self._walk()
        self.items = untracked(context, [item for item in self.items if item.kind in HARMFUL])
        self.items.sort(key=lambda item: -self.share[item.path][0])

    def _walk(self) -> None:
        waiting: list[tuple[str, Item | None]] = [("", None)]
        for folder, inside in waiting:
            for name in self.context.names(folder):
                path = f"{folder}/{name}" if folder else name
                entry = self.context.on_disk(path)
                if entry is None or (self.context.ignored(path) is not None and self.context.entry(path) is None):
                    continue
                item = inside or (kind_of(self.context, path, entry) if self.context.ignored(path) is None else None)
                if item is not None and item is not inside:
                    self.items.append(item)
                    self.share[item.path] = (0, 0)
                if entry.kind == FOLDER:
                    waiting.append((path, item))
                    continue
                self.files[path] = entry.size if entry.kind == FILE else 0
                if item is not None:
                    size, count = self.share[item.path]
                    self.share[item.path] = (size + self.files[path], count + 1)

    @property
    def size(self) -> int:
        return sum(self.files.values())

    @property
    def folders(self) -> dict[str, tuple[int, int]]:
        """Bytes and number of files by the folder at the root that they are in, the largest first."""
        found: dict[str, tuple[int, int]] = {}
        for path, size in self.files.items():
            top, slash, _ = path.partition("/")
            name = top + slash if slash else "./"
            bytes_, count = found.get(name, (0, 0))
            found[name] = (bytes_ + size, count + 1)
        return dict(sorted(found.items(), key=lambda each: (-each[1][0], each[0])))

    @property
    def largest(self) -> list[tuple[str, int]]:
        return sorted(self.files.items(), key=lambda each: (-each[1], each[0]))[:_LISTED]

    @property
    def saved(self) -> tuple[int, int]:
        """Bytes and number of files that would not be sent without the items."""
        shares = [self.share[item.path] for item in self.items]
        return sum(size for size, _ in shares), sum(count for _, count in shares)

    @property
    def better(self) -> str | None:
        """The text of an ignore file that leaves the items out; None where nothing has to be."""
        return completed(self.settings.dockerignore, self.items) if self.items else None

    def as_json(self) -> dict[str, Any]:
        """Everything as data."""
        saved, count = self.saved
        return {
            "context": self.context.root,
            "certain": self.context.named,
            "ignore_file": self.settings.ignore_path if self.settings.dockerignore is not None else None,
            "size": self.size,
            "files": len(self.files),
            "folders": [{"path": p, "size": size, "files": n} for p, (size, n) in self.folders.items()],
            "largest": [{"path": path, "size": size} for path, size in self.largest],
            "unwanted": [
                {"path": item.path, "kind": item.kind, "what": item.what, "size": size, "files": n}
                for item in self.items
                for size, n in [self.share[item.path]]
            ],
            "saved": {"size": saved, "files": count},
            "better_ignore_file": self.better,
        }


def measured(settings: FileSettings) -> Sent | None:
    """What is sent to the builder under *settings*; None where its ``.dockerignore`` is refused."""
    context = settings.files
    return None if context is None else Sent(context, settings)


def human(size: int) -> str:
    """*size* in the largest unit that leaves at least one: ``12.3 MB``, of 1000 bytes a step."""
    if size < 1000:
        return f"{size} B"
    step = next((n for n in (1, 2) if size < 1000 ** (n + 1)), 3)
    return f"{size / 1000**step:.1f} {('kB', 'MB', 'GB')[step - 1]}"


def table(sent: Sent) -> str:
    """Everything for people, in plain text or with the colours of the terminal."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    ignore = (
        os.path.relpath(sent.settings.ignore_path) if sent.settings.dockerignore is not None else "no .dockerignore"
    )
    sure = "" if sent.context.named else ", taken for the context because nothing names another (--context DIR)"
    with console.capture() as capture:
        console.print(f"[bold]{human(sent.size)}[/bold] in {len(sent.files)} files are sent to the builder")
        console.print(f"from {os.path.relpath(sent.context.root or '.')} ({ignore}){sure}\n", markup=False)
        for title, rows in _tables(sent):
            found = Table(title, "size", "files", box=None, padding=(0, 2, 0, 0), header_style="bold")
            found.columns[1].justify = found.columns[2].justify = "right"
            for row in rows:
                found.add_row(*row)
            console.print(found)
            console.print()
        if sent.items:
            size, count = sent.saved
            console.print(f"Leaving out what should not be sent saves {human(size)} in {count} files:")
            console.print(f"\n{sent.better}", markup=False, end="")
    return capture.get()


def _tables(sent: Sent) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    folders = [(path, human(size), str(count)) for path, (size, count) in list(sent.folders.items())[:_LISTED]]
    yield "folder", folders
    yield "largest files", [(path, human(size), "1") for path, size in sent.largest]
    if sent.items:
        rows = []
        for item in sent.items[: 2 * _LISTED]:
            size, count = sent.share[item.path]
            rows.append((f"{item.path} ({item.what or item.kind})", human(size), str(count)))
        yield "should not be sent", rows
