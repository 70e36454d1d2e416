"""CMD, ENTRYPOINT and HEALTHCHECK: only the last of a stage counts."""

from __future__ import annotations

from bisect import bisect_right

from dlinter import Edit, Findings, Fix, Severity, report, rule
from dlinter.tree import Cmd, Entrypoint, Healthcheck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter import Instruction


@rule(
    "DL4003",
    "duplicate-cmd",
    on=Cmd,
    profiles=("default", "hadolint"),
    aliases=("MultipleInstructionsDisallowed", "DS-0016", "S6589", "DF038"),
)
def duplicate_cmd(cmd: Cmd) -> Findings:
    r"""Keep one CMD a stage

    Only the last one takes effect; the others mislead whoever reads the file.

    ```dockerfile bad
    FROM node:20
    # development
    CMD ["npm", "run", "dev"]
    # production
    CMD ["node", "server.js"]
    ```
    ```dockerfile fixed
    FROM node:20
    # development
    # production
    CMD ["node", "server.js"]
    ```
    Comments inside of it stay:
    ```dockerfile bad
    FROM node:20
    CMD ["node", \
        # for the inspector
        "--inspect", "server.js"]
    CMD ["node", "server.js"]
    ```
    ```dockerfile fixed
    FROM node:20
        # for the inspector
    CMD ["node", "server.js"]
    ```
    Each stage has its own:
    ```dockerfile good
    FROM node:20 AS base
    CMD ["npm", "run", "dev"]
    FROM base
    CMD ["node", "server.js"]
    ```
    """
    yield from _overridden(cmd)


@rule(
    "DL4004",
    "duplicate-entrypoint",
    on=Entrypoint,
    severity=Severity.ERROR,
    profiles=("default", "hadolint"),
    aliases=("MultipleInstructionsDisallowed", "DS-0007", "S6589", "DF039"),
)
def duplicate_entrypoint(entrypoint: Entrypoint) -> Findings:
    r"""Keep one ENTRYPOINT a stage

    Only the last one takes effect; the others mislead whoever reads the file.

    ```dockerfile bad
    FROM node:20
    ENTRYPOINT ["npm"]
    CMD ["start"]
    ENTRYPOINT ["/entrypoint.sh"]
    ```
    ```dockerfile fixed
    FROM node:20
    CMD ["start"]
    ENTRYPOINT ["/entrypoint.sh"]
    ```
    ```dockerfile good
    FROM node:20 AS base
    ENTRYPOINT ["npm"]
    FROM base
    ENTRYPOINT ["/entrypoint.sh"]
    ```
    """
    yield from _overridden(entrypoint)


@rule(
    "DL3012",
    "duplicate-healthcheck",
    on=Healthcheck,
    profiles=("default", "hadolint"),
    aliases=("MultipleInstructionsDisallowed", "DS-0023", "DF041"),
)
def duplicate_healthcheck(healthcheck: Healthcheck) -> Findings:
    r"""Keep one HEALTHCHECK a stage

    Only the last one takes effect; the others mislead whoever reads the file.

    ```dockerfile bad
    FROM nginx:1.27
    HEALTHCHECK CMD curl -f http://localhost/
    HEALTHCHECK --interval=5m CMD curl -f http://localhost/health
    ```
    ```dockerfile fixed
    FROM nginx:1.27
    HEALTHCHECK --interval=5m CMD curl -f http://localhost/health
    ```
    ```dockerfile good
    FROM nginx:1.27 AS base
    HEALTHCHECK NONE
    FROM base
    HEALTHCHECK CMD curl -f http://localhost/health
    ```
    """
    yield from _overridden(healthcheck)


def _overridden(instruction: Instruction) -> Findings:
    if instruction.in_onbuild or instruction.stage is None:
        return
    found = instruction.file.facts.of_kinds(instruction.stage, (type(instruction),))
    if found[-1] is not instruction:
        later = found[bisect_right(found, instruction.index, key=_index)]
        keyword = instruction.name.text
        message = f"Remove this {keyword}: the one in line {later.line} takes its place"
        yield report(instruction, message, _removed(instruction))


def _index(instruction: Instruction) -> int:
    return instruction.index


def _removed(instruction: Instruction) -> Fix:
    """The instruction taken out by whole lines, the comments inside of it left where they are."""
    source = instruction.file.source
    start = source.line_start(instruction.start)
    end = instruction.syntax.close
    kept = ""
    for comment in instruction.syntax.comments:
        line = source.line(comment.start)
        kept += source.text[source.starts[line - 1] : source.starts[line]]
    return Fix([Edit(start, end, kept)], title=f"Remove the {instruction.name.text} that has no effect")
