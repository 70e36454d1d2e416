"""COPY and ADD against the build context."""

from __future__ import annotations

from posixpath import normpath

from dlinter import Add, Copy, Findings, Severity, report, rule
from dlinter.context import Context, clean
from dlinter.facts.context import sources


@rule(
    "DL2016",
    "dockerignore-hides-copied-file",
    on=(Copy, Add),
    severity=Severity.ERROR,
    aliases=("CopyIgnoredFile",),
)
def dockerignore_hides_copied_file(copy: Copy | Add) -> Findings:
    r"""Copy only what .dockerignore leaves in the context

    The builder never sees what .dockerignore excludes, so the step fails for want of the file.

    ```yaml settings
    dockerignore: |
      node_modules
      *.log
    ```
    ```dockerfile bad
    FROM node:20
    COPY node_modules /app/node_modules
    COPY package.json debug.log /app/
    ```
    ```dockerfile good
    FROM node:20 AS build
    COPY . /app
    COPY package.json src/*.log logs/debug.log /app/
    ADD https://example.com/x.log /app/
    FROM node:20
    COPY --from=build /app/node_modules /app/node_modules
    COPY <<debug.log /app/
    nothing
    debug.log
    ```
    Where it is certain which folder the context is, its files decide, exceptions included:
    ```yaml context
    .dockerignore: |
      *
      !src/*.js
    src/index.js: ""
    src/index.ts: ""
    package.json: "{}"
    ```
    ```dockerfile bad
    FROM node:20
    COPY package.json /app/
    ```
    ```dockerfile bad
    FROM node:20
    COPY /src/index.ts /app/
    ```
    ```dockerfile good
    FROM node:20
    COPY . /all
    COPY src /app/src
    COPY src/*.js src/*.none /app/
    ```
    Otherwise, like BuildKit, it says nothing where a line of `.dockerignore` takes something back in:
    ```yaml context
    {}
    ```
    ```yaml settings
    dockerignore: |
      *
      !package.json
    ```
    ```dockerfile good
    FROM node:20
    COPY package.json index.js /app/
    ```
    """
    text = copy.file.settings.dockerignore
    if text is None or copy.stage is None or copy.in_onbuild:
        return
    known = copy.file.facts.build_context
    if known.certain and known.files is not None:
        yield from _hidden(copy, known.files)
        return
    from dlinter.dockerignore import Ignore, PatternError

    try:
        ignore = Ignore(text)
    except PatternError:
        return
    if ignore.exceptions:
        return
    for source, path in sources(copy):
        if not path:
            continue
        path = normpath(path)
        if path in (".", "/"):
            everything = [pattern for pattern in ignore.patterns if pattern.text in ("*", "**", "**/*")]
            found = everything[0] if everything else None
        else:
            found = ignore.match(path)
        if found is not None:
            yield report(source, f"Let {path} into the context: {found.text} in .dockerignore leaves it out")


def _hidden(copy: Copy | Add, context: Context) -> Findings:
    """The sources that are in the folder of the context but not sent."""
    for source, path in sources(copy):
        if not path or set(path) & set("*?[") or context.entry(path) is not None:
            continue
        pattern = context.ignored(path)
        if pattern is not None and (
            context.on_disk(path) is not None or not (context.ignore and context.ignore.exceptions)
        ):
            name = clean(path) or "."
            yield report(source, f"Let {name} into the context: {pattern.text} in .dockerignore leaves it out")
