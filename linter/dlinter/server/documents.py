"""The open documents: their text as the editor has it, version by version."""

from __future__ import annotations

import os
from urllib.parse import unquote, urlsplit

from dlinter.incremental import Earlier
from dlinter.server.positions import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.server.analysis import Analysis


class Document:
    """One open document. ``path`` is its file, None for one that is no file (``untitled:``, a remote folder).

    ``analysis`` is what is known of the text as it is, None as long as nobody asked; ``earlier`` what the rules said
    of the one before.
    """

    __slots__ = ("analysis", "earlier", "encoding", "lines", "path", "uri", "version")

    def __init__(self, uri: str, text: str, version: int | None, encoding: str) -> None:
        self.uri = uri
        self.path = path_of(uri)
        self.version = version
        self.encoding = encoding
        self.lines = Lines(text, encoding)
        self.analysis: Analysis | None = None
        self.earlier = Earlier()

    @property
    def text(self) -> str:
        return self.lines.text

    def replace(self, text: str) -> None:
        """Take *text* for all of it."""
        self.lines = Lines(text, self.encoding)
        self.analysis = None

    def edit(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        """Put *text* in the place of a range of positions."""
        first, last = self.lines.offset(*start), self.lines.offset(*end)
        if last < first:
            first, last = last, first
        self.replace(self.text[:first] + text + self.text[last:])


def path_of(uri: str) -> str | None:
    """The file that *uri* names, None if it names none (RFC 8089; drive letters as ``/c:/`` or ``/c%3A/``)."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    path = unquote(parts.path)
    if os.name == "nt":
        path = f"//{parts.netloc}{path}" if parts.netloc else path.lstrip("/")
    return os.path.normpath(path)


def uri_of(path: str) -> str:
    """The URI of the file at *path*, which is absolute."""
    from pathlib import Path

    return Path(path).as_uri()
