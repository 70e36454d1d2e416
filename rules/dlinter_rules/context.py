"""COPY and ADD against the build context."""

from __future__ import annotations

from posixpath import normpath

from dlinter import Add, Copy, Findings, Severity, report, rule
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
    Like BuildKit it says nothing where a line of `.dockerignore` takes something back in:
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
