"""What the proof would have to know of the build context, where a condition depends on it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    class Context(Protocol):
        """Answers about the files of the context, after ``.dockerignore``. Each may only be true if it is known."""

        def plain(self, source: str) -> bool:
            """True if *source* is a file or folder in the context, and nothing in it is an archive by its content."""

        def file(self, source: str) -> bool:
            """True if *source* is exactly one ordinary file."""

        def covered(self, early: Copied, again: Copied) -> bool:
            """True if the copy *again* brings every file of the copy *early* to the same place."""

        def disjoint(self, copy: Copied, other: Copied) -> bool:
            """True if it does not matter which of the two copies comes first."""

        def independent(self, step: Step, copies: tuple[Copied, ...], early: tuple[Copied, ...]) -> bool:
            """True if *step* reads nothing that *copies* bring but what *early* brings, and writes nothing of both."""


class Copied:
    """A copy from the context: its *sources*, and the absolute *destination*.

    *folder* is true where the destination is known to be a folder: it ends with a slash, or is the working directory.
    """

    __slots__ = ("destination", "folder", "sources")

    def __init__(self, sources: tuple[str, ...], destination: str, folder: bool) -> None:
        self.sources = sources
        self.destination = destination
        self.folder = folder


class Step:
    """A RUN: its script *text*, the absolute *directory* it runs in, and the *variables* that the file sets.

    A variable whose value is not known is None, and a part of one that is not known ``$``.
    """

    __slots__ = ("directory", "text", "variables")

    def __init__(self, text: str, directory: str, variables: Mapping[str, str | None]) -> None:
        self.text = text
        self.directory = directory
        self.variables = variables
