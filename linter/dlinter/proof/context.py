"""What the proof would have to know of the build context, where a condition depends on it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Context(Protocol):
        """Answers about the files of the context, after ``.dockerignore``. Each may only be true if it is known."""

        def plain(self, source: str) -> bool:
            """True if *source* is a file or folder in the context, and nothing in it is an archive by its content."""

        def file(self, source: str) -> bool:
            """True if *source* is exactly one ordinary file."""

        def covered(
            self, sources: tuple[str, ...], destination: str, again: tuple[str, ...], again_destination: str
        ) -> bool:
            """True if copying *again* to *again_destination* brings every file of the first copy to the same place."""

        def independent(self, command: str, sources: tuple[str, ...], needed: tuple[str, ...]) -> bool:
            """True if *command* reads nothing that *sources* bring but *needed*, and writes nothing they bring."""
