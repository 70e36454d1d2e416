"""The look of a file: blanks, line ends, the case of directives."""

from __future__ import annotations

from itertools import pairwise

from dlinter import Dockerfile, Edit, Findings, Fix, Label, Severity, Stage, Token, delete, replace, report, rule
from dlinter_grammar import regex as re
from dlinter_rules.chains import line_end

_TRAILING = re.compile(r"[ \t]+(?=\r?$)", re.M)


@rule(
    "DL9001",
    "trailing-whitespace",
    on=Dockerfile,
    severity=Severity.STYLE,
    profiles=(),
    aliases=("DD075",),
)
def trailing_whitespace(file: Dockerfile) -> Findings:
    r"""Delete the blanks at the end of the line

    Nobody sees them, and every editor that cuts them makes a change of its own of it.

    ```dockerfile bad
    # what it is for  
    FROM debian:12	
    RUN apt-get update \  
        && apt-get install -y curl \
            # a comment  
            git  
    ```
    ```dockerfile fixed
    # what it is for
    FROM debian:12
    RUN apt-get update \
        && apt-get install -y curl \
            # a comment
            git
    ```
    In a heredoc they are part of what is written:
    ```dockerfile good
    FROM debian:12
    COPY <<EOF /etc/motd
    two blanks:  
    EOF
    RUN <<EOF
    echo "  
      " > /x
    EOF
    ```
    """  # noqa: W291
    bodies = [(heredoc.start, heredoc.close) for i in file.instructions for heredoc in i.heredocs]
    comments = {comment.end: comment for comment in file.comments}
    at = 0
    for match in _TRAILING.finditer(file.text):
        while at < len(bodies) and bodies[at][1] <= match.start():
            at += 1
        if at < len(bodies) and bodies[at][0] <= match.start():
            continue
        comment = comments.get(match.end())
        moved = [comment.text] if comment is not None else []
        place = Token(match.start(), match.end(), match[0])
        yield report(place, fix=Fix([delete(place)], title="Delete the blanks", comments=moved))


@rule(
    "DL9002",
    "final-newline",
    on=Dockerfile,
    severity=Severity.STYLE,
    profiles=(),
    aliases=("DD073",),
)
def final_newline(file: Dockerfile) -> Findings:
    r"""End the file with exactly one line end

    Without it the last line is no line to many tools, and whoever adds one changes two.

    ```dockerfile bad
    FROM debian:12
    CMD ["bash"]


    ```
    ```dockerfile fixed
    FROM debian:12
    CMD ["bash"]
    ```
    ```dockerfile good
    FROM debian:12
    COPY <<EOF /etc/motd
    hello

    EOF
    ```
    """
    text = file.text
    last = len(text.rstrip("\r\n"))
    ending = text[last:]
    if not text.strip("\ufeff \t\r\n") or ending in ("\n", "\r\n"):
        return
    if any(not heredoc.terminated or heredoc.close > last + 2 for i in file.instructions for heredoc in i.heredocs):
        return
    wanted = line_end(text)
    if not ending:
        yield report(Token(last - 1, last, text[-1]), fix=Fix([Edit(last, last, wanted)], title="Add the line end"))
    elif "\r" not in ending.replace("\r\n", ""):
        extra = Token(last + len(wanted), len(text), "")
        if extra.start < extra.end:
            yield report(extra, "Delete the blank lines at the end of the file", Fix([delete(extra)]))


@rule(
    "DL9003",
    "directive-casing",
    on=Dockerfile,
    severity=Severity.STYLE,
    profiles=(),
)
def directive_casing(file: Dockerfile) -> Findings:
    r"""Write the names of parser directives in lower case

    That is how everyone writes them, so they are not taken for a comment.

    ```dockerfile bad
    # Syntax=docker/dockerfile:1
    # ESCAPE=`
    FROM debian:12
    ```
    ```dockerfile fixed
    # syntax=docker/dockerfile:1
    # escape=`
    FROM debian:12
    ```
    ```dockerfile good
    # syntax=docker/dockerfile:1
    # Escape: not a directive
    FROM debian:12
    ```
    """
    for directive in file.directives:
        name = directive.name
        written = file.text[name.start : name.end]
        if written != written.lower():
            yield report(name, fix=Fix([replace(name, written.lower())], title=f"Write {written.lower()}"))


@rule(
    "DL9004",
    "label-group",
    on=Stage,
    severity=Severity.STYLE,
    profiles=(),
)
def label_group(stage: Stage) -> Findings:
    r"""Write labels that follow one another as one LABEL

    A block shows at a glance what belongs together.

    ```dockerfile bad
    FROM debian:12
    LABEL org.opencontainers.image.title="app"
    LABEL org.opencontainers.image.version=1.2 vendor=acme
    LABEL description="What \
    it is for"
    ```
    ```dockerfile fixed
    FROM debian:12
    LABEL org.opencontainers.image.title="app" \
          org.opencontainers.image.version=1.2 vendor=acme \
          description="What \
    it is for"
    ```
    The layout of the first one is kept:
    ```dockerfile bad
    FROM debian:12
    LABEL a=1 \
      b=2
    LABEL c=3
    ```
    ```dockerfile fixed
    FROM debian:12
    LABEL a=1 \
      b=2 \
      c=3
    ```
    What a blank line or a comment separates stays apart:
    ```dockerfile good
    FROM debian:12
    LABEL a=1

    LABEL b=2
    # the next one
    LABEL c=3
    ENV D=4
    LABEL e 5
    LABEL f=6
    ```
    """
    group: list[Label] = []
    for instruction in [*stage.instructions[1:], None]:
        if isinstance(instruction, Label) and _plain(instruction) and (not group or _adjacent(group[-1], instruction)):
            group.append(instruction)
            continue
        if len(group) > 1:
            yield report(group[1].name, fix=_merged(group))
        group = [instruction] if isinstance(instruction, Label) and _plain(instruction) else []


def _plain(label: Label) -> bool:
    return label.form == "pairs" and bool(label.pairs) and not label.syntax.comments and not label.syntax.blanks


def _adjacent(first: Label, second: Label) -> bool:
    gap = first.file.text[first.end : second.start]
    return not gap.strip() and gap.count("\n") == 1


def _merged(group: list[Label]) -> Fix:
    first = group[0]
    text = first.file.text
    pairs = first.pairs
    lines = [text[first.file.source.line_start(p.start) : p.start] for p in pairs[1:]]
    indent = next((line for line in lines if not line.strip()), None)
    if indent is None:
        start = first.file.source.line_start(first.start)
        indent = text[start : first.start].strip("\ufeff") + " " * (pairs[0].start - first.start)
    joint = f" {first.file.escape}{line_end(text)}{indent}"
    edits = [Edit(a.pairs[-1].end, b.pairs[0].start, joint) for a, b in pairwise(group)]
    return Fix(edits, title="Write them as one LABEL")
