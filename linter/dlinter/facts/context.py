"""Which files the build can copy, and how sure that is."""

from __future__ import annotations

from dlinter.context.files import FOLDER
from dlinter.tree import Add, Copy, Run
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.context import Context
    from dlinter.tree import Dockerfile, Token

#: names that lie beside a Dockerfile wherever its context is
_ANYWHERE = re.compile(
    r".*(?:dockerfile|containerfile).*|.*\.dockerignore|readme.*|license.*|\.git.*|makefile|.*\.yml", re.S
)
#: names of a folder that are looked at to tell whether it is more than a place for Dockerfiles
_NAMES = 200


class BuildContext:
    """``files`` are those of the context, None where nothing speaks for the folder that is taken for it.

    ``certain`` is true if somebody named the context, or if every source that COPY and ADD name is in it.
    """

    __slots__ = ("certain", "files")

    def __init__(self, files: Context | None, certain: bool) -> None:
        self.files = files
        self.certain = certain


def build_context(file: Dockerfile) -> BuildContext:
    """The context of *file*.

    The Dockerfile's own folder is taken for it where nobody named another. What speaks for that are the sources of
    COPY and ADD that are there; where none is named but the whole context, that there is anything else at all.
    """
    context = file.settings.files
    if context is None or context.named:
        return BuildContext(context, context is not None)
    found = missing = False
    for instruction in file.walk():
        if isinstance(instruction, Copy | Add) and not instruction.in_onbuild:
            for _, path in sources(instruction):
                if path is None or not path.strip("./"):
                    continue
                there = context.on_disk(path) is not None or bool(set(path) & set("*?[") and context.matches(path))
                found, missing = found or there, missing or not there
    if found:
        return BuildContext(context, not missing)
    if missing:
        return BuildContext(None, False)
    other = any(_ANYWHERE.fullmatch(name.lower()) is None for name in context.names()[:_NAMES])
    return BuildContext(context, True) if other else BuildContext(None, False)


def sources(copy: Copy | Add) -> Iterator[tuple[Token, str | None]]:
    """The sources that *copy* takes from the build context, each with its path after expansion, None if not known.

    Here-documents, URLs and what comes from a stage or an image are none of them.
    """
    if isinstance(copy, Copy) and copy.flag("from") is not None:
        return
    heredocs = {heredoc.word.value for heredoc in copy.heredocs}
    for source in copy.sources:
        if source.value in heredocs:
            continue
        path = copy.file.facts.expand(source, copy).value
        if path is not None and remote(path):
            continue
        yield source, path


def brought(file: Dockerfile) -> set[str] | None:
    """Every file that the build takes from its context, by COPY, ADD or a mount; None where that is not known."""
    context = file.facts.context
    if context is None:
        return None
    found: set[str] = set()
    for instruction in file.walk():
        paths: list[str | None] = []
        if isinstance(instruction, Copy | Add):
            paths = [path for _, path in sources(instruction)]
        elif isinstance(instruction, Run):
            paths = [mount.source or "" for mount in instruction.mounts if mount.type == "bind" and not mount.from_]
        for path in paths:
            if path is None or "$" in path:
                return None
            for match in context.matches(path):
                below = {path for path, _ in context.walk(match)} if context.kind(match) == FOLDER else {match}
                found |= below
    return found


def remote(path: str) -> bool:
    """True for what ADD fetches: an URL or a git repository."""
    from dlinter_grammar.values import git_source

    return path.startswith(("http://", "https://")) or git_source(path) is not None
