"""Which file of the build context a path in the image is."""

from __future__ import annotations

from posixpath import basename, join, normpath

from dlinter.facts.context import sources
from dlinter.tree import Add, Copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.tree import Instruction, Stage


def origin(place: Instruction | Stage, path: str) -> str | None:
    """The path in the build context of what lies at the absolute *path* of the image at *place*.

    None where COPY and ADD did not bring it from there, or where that is not known. A RUN may have changed it since.
    """
    facts = place.file.facts
    context = facts.context
    if context is None:
        return None
    path = normpath(path)
    for copy in facts.before(place, Copy, Add):
        assert isinstance(copy, Copy | Add)
        for source, target in placed(copy):
            if context.kind(source) == "folder":
                inside = path[len(target) :].lstrip("/") if f"{path}/".startswith(f"{target.rstrip('/')}/") else None
                if inside and context.entry(join(source, inside)) is not None:
                    return join(source, inside)
            elif path == target:
                return source
        if isinstance(copy, Copy) and copy.flag("from") is not None and _covers(copy, path):
            return None
    return None


def placed(copy: Copy | Add) -> list[tuple[str, str]]:
    """What *copy* brings from the build context: path there, and absolute path in the image.

    A folder is named with the place its contents go to. What depends on something unknown is left out.
    """
    facts = copy.file.facts
    context = facts.context
    target = _destination(copy)
    if context is None or target is None or copy.destination is None:
        return []
    operands = list(sources(copy))
    last = facts.expand(copy.destination, copy).value or ""
    into = last.endswith(("/", "/.")) or last in ("", ".") or len(copy.sources) > 1
    found: list[tuple[str, str]] = []
    for _, operand in operands:
        if operand is None:
            continue
        for path in context.matches(operand):
            if context.kind(path) == "folder":
                found.append((path, target))
            else:
                inside = into or bool(set(operand) & set("*?["))
                found.append((path, normpath(join(target, basename(path))) if inside else target))
    return found


def _destination(copy: Copy | Add) -> str | None:
    """The absolute path that *copy* copies to."""
    if copy.destination is None:
        return None
    path = copy.file.facts.expand(copy.destination, copy).value
    if path is None:
        return None
    if path.startswith("/"):
        return normpath(path)
    workdir = copy.file.facts.workdir(copy, base=True)
    return None if workdir is None else normpath(join(workdir, path))


def _covers(copy: Copy, path: str) -> bool:
    """True if *copy* may bring *path*."""
    target = _destination(copy)
    return target is None or f"{path}/".startswith(f"{target.rstrip('/')}/")
