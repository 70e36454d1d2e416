"""Lines that belong together."""

from __future__ import annotations

from dlinter import Dockerfile, Findings, Fix, delete, report, rule
from dlinter.tree import Unknown
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter import Instruction

_KEYWORD = re.compile(
    r"[ \t]*(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|"
    r"USER|VOLUME|WORKDIR)[ \t]"
)


@rule("DL2003", "empty-continuation", on=Dockerfile, aliases=("NoEmptyContinuation", "DD076"))
def empty_continuation(file: Dockerfile) -> Findings:
    r"""Take out the blank lines inside an instruction

    A later version of BuildKit will refuse them, and they look like the end of what goes on.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update \

        && apt-get install -y curl \

        # a comment is fine
        git
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update \
        && apt-get install -y curl \
        # a comment is fine
        git
    ```
    A backslash too many makes one instruction of two, which is to be seen, not to be hidden:
    ```dockerfile bad
    FROM debian:12
    RUN make install \

    RUN make clean
    ```
    ```dockerfile good
    FROM debian:12

    RUN apt-get update \
        # first the lists
        && apt-get install -y curl
    COPY <<EOF /etc/motd
    hello

    world
    EOF
    ```
    """
    for instruction in file.instructions:
        blanks = instruction.syntax.blanks
        if not blanks or isinstance(instruction, Unknown):
            continue
        swallowed = _swallowed(instruction)
        if swallowed:
            message = f"Take out the backslash: {swallowed} after the blank line is read as a part of this instruction"
            yield report(blanks[0], message)
        else:
            fix = Fix([delete(blank) for blank in blanks], title="Delete the blank lines")
            yield report(blanks[0], fix=fix)


def _swallowed(instruction: Instruction) -> str:
    """The keyword that begins the first line with something after a blank one, or nothing."""
    text = instruction.file.text
    for blank in instruction.syntax.blanks:
        match = _KEYWORD.match(text, blank.end, instruction.syntax.close)
        if match is not None:
            return match[0].strip()
    return ""
