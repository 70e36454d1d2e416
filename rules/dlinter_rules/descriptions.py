"""Comments that describe stages and arguments."""

from __future__ import annotations

from dlinter import Arg, Findings, From, Severity, report, rule


@rule(
    "DL2017",
    "arg-description-format",
    on=(From, Arg),
    severity=Severity.STYLE,
    profiles=(),
    aliases=("InvalidDefinitionDescription",),
)
def arg_description_format(instruction: From | Arg) -> Findings:
    r"""Begin the description of a stage or argument with its name

    `docker build --call=outline` shows the comment before ARG and FROM if its last line begins with the name.

    Most comments are not meant as descriptions, so the rule is off; `# check=experimental=InvalidDefinitionDescription`
    turns it on for a file.
    ```dockerfile bad
    # the release to build
    ARG VERSION=1
    FROM scratch
    ```
    ```dockerfile bad
    # compiles everything
    FROM golang:1.22 AS build
    ```
    An empty comment keeps a comment apart, a blank line does not:
    ```dockerfile good
    # Copyright 2026 the authors
    #
    ARG BASE=golang
    # VERSION the release to build
    ARG VERSION=1.22
    # build compiles everything
    FROM $BASE:$VERSION AS Build
    # nothing to name here
    FROM scratch
    ```
    """
    comments = instruction.syntax.prev_comments
    if not comments:
        return
    if isinstance(instruction, From):
        if instruction.alias is None or instruction.stage is None or instruction.stage.name is None:
            return
        kind, at, names = "stage", [instruction.alias], [instruction.stage.name]
    else:
        kind, at, names = "argument", [p.key for p in instruction.pairs], [p.key.value for p in instruction.pairs]
    if names and comments[-1].value.split(" ")[0] not in names:
        name = names[0] if len(names) == 1 else "<name>"
        yield report(at[0], f"Begin the description of the {kind} with its name: # {name} …")
