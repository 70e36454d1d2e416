"""The ignore file of the build context."""

from __future__ import annotations

import os
from posixpath import basename

from dlinter import SAFE, UNSAFE, Add, Copy, Findings, Severity, report, rule
from dlinter.context.contents import HARMFUL, unwanted
from dlinter.dockerignore import Ignore, Pattern, PatternError
from dlinter.facts.context import sources
from dlinter.tree import Dockerfile, Token
from dlinter_rules.context_contents import (
    certain_context,
    folders,
    harmful,
    ignoring,
    mounts_all,
    shown,
    useless,
    wanted,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.context import Context


def copies(file: Dockerfile) -> Iterator[Copy | Add]:
    """The COPY and ADD instructions of the stages that are built."""
    for stage in file.stages:
        if file.facts.graph.reached(stage):
            yield from (each for each in stage.of(Copy, Add) if isinstance(each, Copy | Add))


def whole(file: Dockerfile, context: Context) -> tuple[Copy | Add, Token] | None:
    """The first source that is the whole of *context*, with its instruction."""
    every = ((copy, source) for copy in copies(file) for source, folder in folders(copy, context) if not folder)
    return next(every, None)


@rule("DL6010", "dockerignore-missing", on=Dockerfile, mentions=("copy", "add"), severity=Severity.INFO, profiles=())
def dockerignore_missing(file: Dockerfile) -> Findings:
    r"""Say in .dockerignore what the build does not need

    Without one everything in the folder goes to the builder, and every change of it makes the copy run again.

    What ends up in an image is the matter of DL6014.
    ```yaml context
    .git/HEAD: "ref: refs/heads/main"
    main.c: int main;
    ```
    ```dockerfile bad
    FROM gcc:14 AS build
    COPY . /src
    RUN gcc -o /bin/app /src/main.c
    FROM scratch
    COPY --from=build /bin/app /app
    ```
    ```dockerignore unsafe
    .git
    ```
    ```dockerfile good
    FROM gcc:14 AS build
    COPY main.c /src/
    FROM scratch
    COPY --from=build /src /src
    ```
    ```dockerfile good
    FROM gcc:14
    COPY . /src
    ```
    ```yaml context
    .dockerignore: .git
    main.c: int main;
    ```
    ```dockerfile good
    FROM gcc:14
    COPY . /src
    ```
    """
    context = certain_context(file) if file.settings.dockerignore is None else None
    if context is None:
        return
    found = whole(file, context)
    if found is None:
        return
    copy, source = found
    if copy.stage is None or file.facts.ships(copy.stage):
        return
    items = [item for item in unwanted(context) if not wanted(file, item) and useless(copy, context, item)]
    if any(item.kind in HARMFUL for item in items):
        message = f"Say in .dockerignore what the build does not need: {shown(items)}"
        yield report(source, message, ignoring(file, items))


@rule("DL6011", "dockerignore-incomplete", on=Dockerfile, mentions=("copy", "add"), severity=Severity.INFO, profiles=())
def dockerignore_incomplete(file: Dockerfile) -> Findings:
    r"""Complete .dockerignore

    What the build does not need is sent all the same, and every change of it makes the copy run again.

    ```yaml context
    .git/HEAD: "ref: refs/heads/main"
    .dockerignore: "*.log\n"
    src/main.py: "print()"
    src/__pycache__/main.pyc: ""
    ```
    ```dockerfile bad
    FROM python:3.12 AS build
    COPY . /src
    RUN python -m compileall /src
    FROM python:3.12
    COPY --from=build /src /src
    ```
    ```dockerignore unsafe
    *.log
    .git
    **/__pycache__
    ```
    Where nothing that is copied changes by it the fix is safe:
    ```dockerfile bad
    FROM python:3.12
    COPY src/main.py /src/
    ```
    ```dockerignore fixed
    *.log
    .git
    **/__pycache__
    ```
    ```dockerfile good
    FROM python:3.12
    COPY .git/HEAD /version
    COPY src /src
    ```
    """
    context = certain_context(file) if file.settings.dockerignore is not None else None
    if context is None or mounts_all(file):
        return
    everything = [(copy, *found) for copy in copies(file) for found in sources(copy)]
    if not everything:
        return
    copied = [(copy, source, folder) for copy in copies(file) for source, folder in folders(copy, context)]
    items = [item for item in unwanted(context) if item.kind in HARMFUL and not wanted(file, item)]
    brings = {
        item: [
            (copy, source) for copy, source, folder in copied if f"{item.path}/".startswith(f"{folder}/") or not folder
        ]
        for item in items
    }
    left = [
        item
        for item in items
        if not any(file.facts.ships(copy.stage) for copy, _ in brings[item] if copy.stage is not None)
        and all(item.path in {each.path for each in harmful(copy, context, "")} for copy, _ in brings[item])
    ]
    if left:
        sent = [source for item in left for _, source in brings[item]]
        fix = ignoring(file, left, UNSAFE if sent else SAFE)
        yield report(sent[0] if sent else everything[0][1], f"Complete .dockerignore: {shown(left)}", fix)


@rule("DL6012", "dockerignore-ineffective", on=Dockerfile, mentions=("copy", "add"), severity=Severity.WARNING)
def dockerignore_ineffective(file: Dockerfile) -> Findings:
    r"""Mend the lines of .dockerignore that do nothing

    A line that matches nothing leaves in the image what its author meant to keep out.

    Patterns start at the root of the context, unlike those of `.gitignore`; comments have lines of their own; and
    what a line takes back in, a later one can leave out again:
    ```yaml context
    .dockerignore: |
      node_modules
      *.pem # keys
      !README.md
      *.md
    README.md: ""
    web/node_modules/left-pad/index.js: {text: "", untracked: true}
    ```
    ```dockerfile bad
    FROM node:20
    COPY . /app
    ```
    ```yaml context
    .dockerignore: |
      **/node_modules
      # keys
      *.pem
      *.md
      !README.md
    README.md: ""
    web/node_modules/left-pad/index.js: {text: "", untracked: true}
    ```
    ```dockerfile good
    FROM node:20
    COPY . /app
    ```
    """
    text = file.settings.dockerignore
    context = None if text is None else certain_context(file)
    if context is None or text is None or context.ignore is None:
        return
    found = whole(file, context)
    if found is None:
        return
    name = basename(file.settings.ignore_path)
    for pattern, why in _idle(context.ignore, text, context):
        yield report(found[1], f"Mend line {pattern.line} of {name}, {_written(pattern)}: {why}")


def _written(pattern: Pattern) -> str:
    return f"{'!' if pattern.exception else ''}{pattern.text}"


def _idle(ignore: Ignore, text: str, context: Context) -> Iterator[tuple[Pattern, str]]:
    """The lines of an ignore file that do not do what they look like, with the reason."""
    lines = text.split("\n")
    elsewhere: dict[str, str] = {}
    for item in unwanted(context):
        if item.kind not in HARMFUL:
            continue
        elsewhere.setdefault(basename(item.path), item.path)
    for number, pattern in enumerate(ignore.patterns):
        if " #" in pattern.text or "\t#" in pattern.text:
            if context.on_disk(pattern.text) is None:
                yield pattern, "a comment needs a line of its own"
        elif pattern.exception:
            later = _undone(pattern, ignore.patterns[number + 1 :])
            if later is not None and context.on_disk(pattern.text) is not None:
                yield pattern, f"line {later.line}, {_written(later)}, leaves it out again"
        elif lines[pattern.line - 1].strip() in (pattern.text, f"{pattern.text}/") and pattern.text in elsewhere:
            yield (
                pattern,
                f"it means the one at the root alone, not {elsewhere[pattern.text]}; **/{pattern.text} means all",
            )


def _undone(pattern: Pattern, later: list[Pattern]) -> Pattern | None:
    """The one of the *later* patterns that leaves out what *pattern* takes back in, without another exception."""
    found: Pattern | None = None
    if set(pattern.text) & set("*?[\\"):
        return None
    for each in later:
        try:
            hits = each.matches(pattern.text)
        except PatternError:
            return None
        if hits:
            found = None if each.exception else each
    return found


@rule("DL6013", "dockerignore-wrong-location", on=Dockerfile, mentions=("copy", "add"), severity=Severity.WARNING)
def dockerignore_wrong_location(file: Dockerfile) -> Findings:
    r"""Put .dockerignore where the builder looks for it

    The builder reads it from the root of the context, or as NAME.dockerignore beside the Dockerfile NAME.

    ```yaml settings
    folder: docker
    ```
    ```yaml context
    docker/.dockerignore: node_modules
    docker/Dockerfile: ""
    index.js: ""
    ```
    ```dockerfile bad
    FROM node:20
    COPY . /app
    ```
    ```yaml context
    .dockerignore: node_modules
    docker/.dockerignore: node_modules
    docker/Dockerfile: ""
    index.js: ""
    ```
    ```dockerfile good
    FROM node:20
    COPY . /app
    ```
    """
    folder = file.settings.folder
    context = file.settings.files if folder and file.settings.dockerignore is None else None
    if context is None or not context.named or not folder:
        return
    inside = (
        folder if context.root is None else os.path.relpath(os.path.realpath(folder), os.path.realpath(context.root))
    )
    if inside == "." or inside.startswith("..") or context.on_disk(f"{inside}/.dockerignore") is None:
        return
    found = whole(file, context)
    if found is not None:
        root = context.root and os.path.relpath(context.root, folder)
        where = f"the context is {root}" if root else "the context is another folder"
        yield report(found[1], f"Move {inside}/.dockerignore to where the builder looks for it: {where}")
