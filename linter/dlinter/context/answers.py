"""What the proof asks of the build context (:class:`dlinter.proof.context.Context`)."""

from __future__ import annotations

from posixpath import basename, dirname, join, normpath

from dlinter.context import FILE, FOLDER, Context, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.context import Context as Wanted
    from dlinter.proof.context import Copied, Step

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

    def covered(self, early: Copied, again: Copied) -> bool:
        """True if the copy *again* brings every file of the copy *early* to the same place.

        Links are followed where they are named, and copied as links where their folder is: they are not the same.
        """
        first, second = placed(self.context, early), placed(self.context, again)
        if first is None or second is None or not first:
            return False
        return all(second.get(place) == path and self._ordinary_file(path) for place, path in first.items())

    def _ordinary_file(self, path: str) -> bool:
        """True if *path* is a file by itself, in folders by themselves with the mode of those that a copy makes."""
        parts = path.split("/")
        above = ("/".join(parts[:count]) for count in range(1, len(parts)))
        kinds = [self.context.on_disk(each) for each in above]
        itself = self.context.on_disk(path)
        return (
            itself is not None
            and itself.kind == FILE
            and all(each is not None and each.kind == FOLDER and each.mode == 0o755 for each in kinds)
        )

    def disjoint(self, copy: Copied, other: Copied) -> bool:
        """True if no file of one copy has the place of a file of the other, or of a folder that holds it."""
        first, second = placed(self.context, copy), placed(self.context, other)
        if not first or not second:
            return False
        above = [_with_folders(first), _with_folders(second)]
        return above[0].isdisjoint(second) and above[1].isdisjoint(first)

    def independent(self, step: Step, copies: tuple[Copied, ...], early: tuple[Copied, ...]) -> bool:
        """True if *step* reads nothing that *copies* bring but what *early* brings, and writes nothing of both."""
        from dlinter.context.installs import Place, Tree, access_of, elements
        from dlinter.context.installs.system import shared

        files: dict[str, str] = {}
        ready: dict[str, str] = {}
        for each, found in [*((copy, files) for copy in copies), *((copy, ready) for copy in early)]:
            brought = placed(self.context, each)
            if brought is None or not self._same_modes(each):
                return False
            found.update(brought)
        nodes = elements(step.text)
        if nodes is None:
            return False
        access = access_of(nodes, Place(step.directory, step.variables, Tree(self.context, {**ready, **files})))
        if access.doubts or access.needs:
            return False
        made = {each.destination for each in early}
        for each in copies:
            # whoever makes a folder gives it an owner
            if each.destination not in made and any(_near(place, each.destination) for place in access.writes):
                return False
        for path, source in files.items():
            if access.changes(path) or any(place.startswith(f"{path}/") for place in access.writes):
                return False
            if ready.get(path) != source and (access.reads(path) or shared(path)):
                return False
        return True

    def _same_modes(self, copy: Copied) -> bool:
        """True if a folder that *copy* makes of a named one has the mode that any other folder would have."""
        for source in copy.sources:
            for path in self.context.matches(source):
                entry = self.context.entry(path) if path else None
                if entry is not None and entry.kind == FOLDER and entry.mode != 0o755:
                    return False
        return True


def _near(path: str, other: str) -> bool:
    """True if two places have a folder in common, and be it the first one."""
    return path.split("/")[1] == other.split("/")[1] or "/" in (path, other)


def _with_folders(places: dict[str, str]) -> set[str]:
    found: set[str] = set()
    for place in places:
        while place not in found and place not in ("/", ""):
            found.add(place)
            place = dirname(place)
    return found


#: folders of so many files that nothing ever asks for one of them
CLOSED = (".git", "node_modules")
#: files of a copy that are looked at; of more it is not known what they are
MOST = 20_000


def placed(context: Context, copy: Copied) -> dict[str, str] | None:
    """The files that *copy* brings, by their place in the image; None where that depends on what the image has.

    A folder gives what is in it, those of :data:`CLOSED` themselves. A single file goes into the destination where
    that is a folder, and becomes it otherwise (buildkit/solver/llbsolver/file,
    docs.docker.com/reference/dockerfile/#copy).
    """
    found: dict[str, str] = {}
    paths = [path for source in copy.sources for path in context.matches(source)]
    for path in paths:
        if context.kind(path) == FOLDER:
            for file, _ in context.walk(path, CLOSED):
                if len(found) == MOST:
                    return None
                found[normpath(join(copy.destination, file[len(path) :].lstrip("/")))] = file
        elif copy.folder or len(paths) > 1:
            found[normpath(join(copy.destination, basename(path)))] = path
        elif not set(basename(copy.destination)) - set("/"):
            return None
        elif basename(path) == basename(copy.destination) or "." in basename(copy.destination).lstrip("."):
            # named like a file; as a folder of that name it would be the working directory of some step
            found[normpath(copy.destination)] = path
        else:
            return None
    return found


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
