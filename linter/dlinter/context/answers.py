"""What the proof asks of the build context (:class:`dlinter.proof.context.Context`)."""

from __future__ import annotations

from posixpath import basename, join, normpath

from dlinter.context import FILE, FOLDER, Context, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.context import Context as Wanted

#: how files begin that ADD unpacks (moby/go-archive, DetectCompression)
_MAGIC = (b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")


class Answers:
    """Answers from *context*; what cannot be known is answered with False."""

    __slots__ = ("context",)

    def __init__(self, context: Context) -> None:
        self.context = context

    def plain(self, source: str) -> bool:
        """True if each thing that *source* stands for is a folder or a file that is no archive by its content.

        ADD looks at the files it is given alone, not at those in folders (buildkit/solver/llbsolver/file/unpack.go).
        """
        found = self.context.matches(source)
        return bool(found) and all(
            self.context.kind(path) == FOLDER or self._ordinary(self.context.read(path)) for path in found
        )

    def _ordinary(self, data: bytes | None) -> bool:
        return data is not None and not data.startswith(_MAGIC) and not _tar(data)

    def file(self, source: str) -> bool:
        """True if *source* is exactly one ordinary file."""
        return self.context.matches(source) == [clean(source)] and self.context.kind(source) == FILE

    def covered(
        self, sources: tuple[str, ...], destination: str, again: tuple[str, ...], again_destination: str
    ) -> bool:
        """True if copying *again* to *again_destination* brings every file of the first copy to the same place."""
        first, second = self._placed(sources, destination), self._placed(again, again_destination)
        return bool(first) and all(second.get(path) == file for path, file in first.items())

    def _placed(self, sources: tuple[str, ...], destination: str) -> dict[str, str]:
        """The files that a COPY brings, by their place in the image.

        A folder gives what is in it. A file goes into *destination*, which must be a folder for that: one that the
        file is not copied *as*.
        """
        found: dict[str, str] = {}
        for source in sources:
            for path in self.context.matches(source):
                if self.context.kind(path) == FOLDER:
                    for file, _ in self.context.walk(path):
                        found[normpath(join(destination, file[len(path) :].lstrip("/")))] = file
                else:
                    found[normpath(join(destination, basename(path)))] = path
        return found

    def independent(self, command: str, sources: tuple[str, ...], needed: tuple[str, ...]) -> bool:
        """True if *command* reads nothing that *sources* bring but *needed*, and writes nothing they bring."""
        return False


def _tar(data: bytes) -> bool:
    """True if *data* begins with the head of a tar entry: its checksum is right (POSIX ustar, V7)."""
    head = data[:512]
    if len(head) < 512 or not any(head):
        return False
    try:
        wanted = int(head[148:156].strip(b"\0 ") or b"x", 8)
    except ValueError:
        return False
    return sum(head[:148]) + 32 * 8 + sum(head[156:]) == wanted


def answers(context: Context) -> Wanted:
    """The answers of *context*, as the proof wants them."""
    return Answers(context)
