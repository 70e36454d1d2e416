"""Links: images to their pages, URLs of ADD, sources of COPY to the files of the build context."""

from __future__ import annotations

import os
import re

from dlinter.images import Reference, canonical
from dlinter.server.features import Link
from dlinter.server.features.names import locate
from dlinter.server.features.prose.instructions import INSTRUCTIONS
from dlinter.tree import Add, Copy, From, Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.tree import Dockerfile, Instruction, Token

_WILDCARDS = re.compile(r"[*?\[\\$]")
#: git@host:path and git://host/path, as BuildKit reads them
_GIT = re.compile(r"(?:ssh://)?git@([\w.-]+)[:/]([^#?]+?)(?:\.git)?(?:[#?].*)?|git://([^#?]+?)(?:\.git)?(?:[#?].*)?")
#: registry -> its pages; ``{path}`` is the repository without the registry, ``{last}`` its last part
_PAGES = {
    "ghcr.io": "https://ghcr.io/{path}",
    "quay.io": "https://quay.io/repository/{path}",
    "mcr.microsoft.com": "https://mcr.microsoft.com/artifact/mar/{path}",
    "public.ecr.aws": "https://gallery.ecr.aws/{path}",
    "gcr.io": "https://gcr.io/{path}",
    "lscr.io": "https://hub.docker.com/r/{path}",
    "cgr.dev": "https://images.chainguard.dev/directory/image/{last}/overview",
}


def links(file: Dockerfile) -> list[Link]:
    """Every link of the file, in order."""
    found = list(_syntax(file))
    for instruction in file.walk():
        found += _links_of(instruction)
    return sorted(found, key=lambda link: link.start)


def image_page(reference: Reference) -> str | None:
    """The page of an image at its registry, None for a registry without known pages."""
    if reference.text == "scratch":
        return INSTRUCTIONS["from"].url
    if not reference.path or "$" in reference.name or not re.fullmatch(r"[\w./-]+", reference.path, re.A):
        return None
    name = canonical(reference)
    if "/" not in name:
        return f"https://hub.docker.com/_/{name}"
    if reference.registry == "docker.io":
        return f"https://hub.docker.com/r/{reference.path}"
    registry = reference.registry
    if registry.endswith(".gcr.io"):
        return f"https://{registry}/{reference.path}"
    page = _PAGES.get(registry)
    return page.format(path=reference.path, last=reference.path.rsplit("/", 1)[-1]) if page else None


def images_of(instruction: Instruction) -> Iterator[tuple[int, int, Reference]]:
    """The images that *instruction* names, with their places; stages and named contexts are none."""
    facts = instruction.file.facts
    if isinstance(instruction, From):
        stage, image = instruction.stage, instruction.image
        if stage is None or image is None or not image.value or facts.parent(stage) is not None:
            return
        name = facts.base_name(stage) or image.value
        if name.lower() not in _contexts(instruction):
            yield image.start, image.end, Reference(name)
    elif isinstance(instruction, Copy):
        flag = instruction.flag("from")
        if flag is not None and flag.value is not None:
            yield from _named(instruction, flag.value, flag.value.value)
    elif isinstance(instruction, Run):
        from dlinter_grammar.mounts import split_fields

        for flag in instruction.flags:
            if flag.name == "mount" and flag.value is not None and "from" in flag.value.value:
                fields = split_fields(flag.value.value)
                for field in fields if isinstance(fields, list) else ():
                    if field.key == "from" and field.value:
                        yield from _named(instruction, flag.value, field.value, field.end - len(field.value))


def _named(instruction: Instruction, token: Token, name: str, at: int = 0) -> Iterator[tuple[int, int, Reference]]:
    if not name or name.isdecimal() or name.lower() in _contexts(instruction):
        return
    if instruction.file.facts.graph.find(name) is None:
        yield *locate(instruction, token, name, at), Reference(name)


def _contexts(instruction: Instruction) -> set[str]:
    return {"context", *(name.lower() for name in instruction.file.settings.contexts)}


def _syntax(file: Dockerfile) -> Iterator[Link]:
    for directive in file.directives:
        if directive.name.value == "syntax":
            name = directive.value.text.split(" ", 1)[0]
            page = image_page(Reference(name))
            if page is not None:
                start = directive.value.start
                yield Link(start, start + len(name), page, f"The frontend {name}")


def _links_of(instruction: Instruction) -> Iterator[Link]:
    for start, end, reference in images_of(instruction):
        page = image_page(reference)
        if page is not None:
            yield Link(start, end, page, f"{reference.path} at {reference.registry}")
    if isinstance(instruction, (Copy, Add)):
        heredocs = {heredoc.word.value for heredoc in instruction.heredocs}
        for source in instruction.sources:
            link = None if source.value in heredocs else _source(instruction, source)
            if link is not None:
                yield link


def _source(instruction: Instruction, source: Token) -> Link | None:
    value = source.value
    if isinstance(instruction, Add):
        if value.startswith(("https://", "http://")):
            url = instruction.file.facts.expand(source, instruction).value or value
            return None if "$" in url else Link(source.start, source.end, url, "What is downloaded")
        git = _GIT.fullmatch(value)
        if git is not None:
            url = f"https://{git[1]}/{git[2]}" if git[1] else f"https://{git[3]}"
            return Link(source.start, source.end, url, "The repository")
    if instruction.flag("from") is not None:
        return None
    path = context_path(instruction, source)
    return None if path is None else Link(source.start, source.end, path, "In the build context", local=True)


def context_path(instruction: Instruction, source: Token) -> str | None:
    """The absolute path of the file or folder of the build context that *source* names, None if there is none."""
    folder = instruction.file.settings.context
    value = instruction.file.facts.expand(source, instruction).value if "$" in source.value else source.value
    if folder is None or not value or _WILDCARDS.search(value) or "\0" in value:
        return None
    # BuildKit takes the context for the root: nothing leads out of it
    inner = os.path.normpath("/" + value.strip("'\"")).lstrip("/")
    path = os.path.join(os.path.abspath(folder), inner) if inner else os.path.abspath(folder)
    try:
        return path if os.path.exists(path) else None
    except ValueError:
        return None
