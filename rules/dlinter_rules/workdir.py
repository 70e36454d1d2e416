"""WORKDIR, and cd in its place."""

from __future__ import annotations

from posixpath import join, normpath

from dlinter import (
    SAFE,
    Command,
    Findings,
    Fix,
    Run,
    Severity,
    Word,
    Workdir,
    replace,
    report,
    rule,
)
from dlinter.shell_edits import command_of, simple
from dlinter_grammar import regex as re
from dlinter_rules.common import directory, expands

#: also on a base image that nobody has told to be one of Windows
_WINDOWS = re.compile(r"[A-Za-z]:(?:[\\/]|$)|\\")


@rule(
    "DL3000",
    "workdir-relative",
    on=Workdir,
    profiles=("default", "hadolint", "cis"),
    aliases=("WorkdirRelativePath", "DS-0009", "CKV_DOCKER_10", "S7021"),
)
def workdir_relative(workdir: Workdir) -> Findings:
    r"""Give WORKDIR an absolute path

    A relative path starts from whatever directory came before, in the end from the base image's.

    With an absolute WORKDIR before it the directory is known, and only the reader has to look it up:
    ```dockerfile bad
    FROM node:20
    WORKDIR /srv
    WORKDIR app/public
    ```
    ```dockerfile fixed
    FROM node:20
    WORKDIR /srv
    WORKDIR /srv/app/public
    ```
    Without one it depends on the base image; that of some is known to be `/`:
    ```dockerfile bad
    FROM registry.example.com/node:20
    WORKDIR app
    ```
    ```dockerfile bad
    FROM node:20
    WORKDIR app
    ```
    ```dockerfile fixed
    FROM node:20
    WORKDIR /app
    ```
    ```dockerfile bad
    FROM node:20 AS base
    WORKDIR /srv
    FROM base
    WORKDIR "my app"
    ```
    ```dockerfile fixed
    FROM node:20 AS base
    WORKDIR /srv
    FROM base
    WORKDIR "/srv/my app"
    ```
    ```dockerfile bad
    FROM node:20
    ARG FOLDER=app
    WORKDIR $FOLDER
    ```
    ```dockerfile good
    FROM node:20
    ARG FOLDER
    WORKDIR /srv
    WORKDIR $FOLDER
    WORKDIR ${FOLDER:-app}/src
    ENV HOME=/home/node
    WORKDIR $HOME
    WORKDIR "/data"
    ```
    ```dockerfile good
    # escape=`
    FROM mcr.microsoft.com/windows/servercore:ltsc2022
    WORKDIR C:\app
    ```
    """
    value = workdir.value
    if value is None or workdir.in_onbuild or workdir.stage is None:
        return
    facts = workdir.file.facts
    path = facts.expand(value, workdir).value
    if path is None or path.startswith("/") or _WINDOWS.match(path):
        return
    first = next(facts.before(workdir, Workdir), None) is None
    before = directory(workdir)
    if before is None:
        yield report(value, severity=None if first else Severity.STYLE)
        return
    fix = None
    fixed = next(facts.before(workdir, Workdir, where=expands), None) is None
    if fixed and value.value.strip("\"'") == path and not any(char in path for char in "$`\\\"'"):
        quote = value.text[0] if value.text[0] in "\"'" else ""
        absolute = normpath(join(before, path))
        title = f"Write {absolute}"
        fix = Fix([replace(value, f"{quote}{absolute}{quote}")], title=title, neutral=("same-directory",))
    message = "" if first else f"Give WORKDIR the whole path: it is relative to {before}"
    yield report(value, message, fix, severity=None if first else Severity.STYLE)


@rule(
    "DL3003",
    "run-cd-instead-of-workdir",
    on=Run,
    profiles=("hadolint",),
    aliases=("DS-0013", "S6597", "DF008", "DD045"),
)
def run_cd_instead_of_workdir(run: Run, *, every: bool = False) -> Findings:
    r"""Change the directory with WORKDIR

    WORKDIR shows where the steps run, stays in force for the next ones and creates the directory.

    Where other people's images begin is a guess, unless a WORKDIR follows:
    ```dockerfile bad
    FROM registry.example.com/node:20
    RUN cd /srv/app && npm ci
    ```
    ```dockerfile unsafe
    FROM registry.example.com/node:20
    WORKDIR /srv/app
    RUN npm ci
    WORKDIR /
    ```
    ```dockerfile bad
    FROM registry.example.com/node:20
    RUN cd /srv/app && npm ci
    WORKDIR /srv
    ```
    ```dockerfile fixed
    FROM registry.example.com/node:20
    WORKDIR /srv/app
    RUN npm ci
    WORKDIR /srv
    ```
    The next WORKDIR makes up for the one that is added, or the one before is restored:
    ```dockerfile bad
    FROM node:20
    WORKDIR /srv
    RUN cd /srv/app && npm ci
    RUN cd tools && npm ci && npm test
    WORKDIR /srv/app
    ```
    ```dockerfile fixed
    FROM node:20
    WORKDIR /srv
    WORKDIR /srv/app
    RUN npm ci
    WORKDIR /srv/tools
    RUN npm ci && npm test
    WORKDIR /srv/app
    ```
    ```dockerfile bad
    FROM debian:12
    RUN cd /src && make "D=$(pwd)"
    ```
    ```dockerfile bad
    FROM debian:12
    RUN cd /src && make
    ```
    ```dockerfile fixed
    FROM debian:12
    WORKDIR /src
    RUN make
    WORKDIR /
    ```
    A folder that only a mount brings would stay in the image, and behind a link `..` is another folder:
    ```dockerfile bad
    FROM debian:12
    RUN --mount=type=bind,target=/src cd /src && make
    RUN cd /dev/shm && make
    ```
    ```dockerfile bad
    FROM debian:12
    RUN ln -s opt/app /link
    RUN cd /link && ./build.sh
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN ln -s opt/app /link
    WORKDIR /link
    RUN ./build.sh
    WORKDIR /
    ```
    Where the step runs there anyway, ``cd`` goes, and where nothing behind it looks at the directory it stays:
    ```dockerfile bad
    FROM node:20
    WORKDIR /srv
    RUN cd /srv && npm ci
    ENV A=b
    COPY a /b/
    WORKDIR /srv/app
    ```
    ```dockerfile fixed
    FROM node:20
    WORKDIR /srv
    RUN npm ci
    ENV A=b
    COPY a /b/
    WORKDIR /srv/app
    ```
    ```dockerfile bad
    FROM registry.example.com/node:20
    RUN cd /srv/app && npm ci
    ENV A=b
    COPY a /b/
    WORKDIR /srv
    ```
    ```dockerfile fixed
    FROM registry.example.com/node:20
    WORKDIR /srv/app
    RUN npm ci
    ENV A=b
    COPY a /b/
    WORKDIR /srv
    ```
    ```dockerfile bad
    FROM debian:12
    RUN cd /usr/src && make
    RUN cd /usr/src && make install
    RUN cd /usr/src/doc && make install
    RUN id
    ```
    ```dockerfile fixed
    FROM debian:12
    WORKDIR /usr/src
    RUN make
    RUN make install
    WORKDIR /usr/src/doc
    RUN make install
    WORKDIR /
    RUN id
    ```
    Making the folder first is what WORKDIR does, too, for root; who owns it may differ for others, and where a folder
    hands its group on. A failure that is ignored is a failure with WORKDIR:
    ```dockerfile bad
    FROM debian:12
    RUN mkdir -p /src && cd /src && make
    ENV SRC=/src
    RUN cd "$SRC/lib" && make
    ```
    ```dockerfile fixed
    FROM debian:12
    WORKDIR /src
    RUN make
    WORKDIR /
    ENV SRC=/src
    WORKDIR $SRC/lib
    RUN make
    WORKDIR /
    ```
    ```dockerfile bad
    FROM debian:12
    USER games
    RUN mkdir -p /tmp/a && cd /tmp/a && touch b
    USER root
    RUN mkdir -p /usr/local/a && cd /usr/local/a && touch b
    RUN cd /srv || exit 1; make; make test
    ```
    ```dockerfile unsafe
    FROM debian:12
    USER games
    WORKDIR /tmp/a
    RUN touch b
    WORKDIR /
    USER root
    WORKDIR /usr/local/a
    RUN touch b
    WORKDIR /
    WORKDIR /srv
    RUN make; make test
    WORKDIR /
    ```
    A variable that can be given from outside may be another directory, or none:
    ```dockerfile bad
    FROM debian:12
    ARG SRC=/src
    RUN cd $SRC && make
    ```
    ```dockerfile unsafe
    FROM debian:12
    ARG SRC=/src
    WORKDIR $SRC
    RUN make
    WORKDIR /
    ```
    ```dockerfile bad
    FROM debian:12
    RUN cd /src
    ```
    Without the option `every`, which the hadolint profile sets, a WORKDIR is to be at one place only, at a fixed one,
    and for a whole step:
    ```dockerfile good
    FROM debian:12
    RUN cd /a && make && cd /b && make
    RUN (cd /a && make)
    RUN cd "$(mktemp -d)" && make
    RUN git clone https://example.com/app /a && cd /a && make && rm -rf /a
    RUN for d in a b; do cd "$d" && make; done
    RUN cd /tmp && curl -O https://example.com/a.tgz && cd - && tar xf /tmp/a.tgz
    WORKDIR /srv
    RUN make
    ```
    With it such a step is parted, up to three parts, if nothing of the shell goes from one to the next and nothing that
    the first ones leave is stored once more; what runs in any directory goes with the rest.
    """
    if not any(command.name == "cd" for command in run.commands):
        return
    from dlinter_rules.directories import as_workdir, parted
    from dlinter_rules.places import with_workdir

    command = _leading_cd(run)
    if command is not None:
        following = next(run.stage.following(run), None) if run.stage is not None else None
        together = isinstance(following, Run) and any(c.name == "cd" for c in following.commands)
        fix = (with_workdir(run) if together else None) or as_workdir(run, command)
        if fix is None or fix.safety is not SAFE:
            fix = with_workdir(run) or fix or parted(run)
        yield report(command, fix=fix)
    elif every:
        moves = [command for command in run.commands if command.name == "cd"]
        if moves:
            yield report(moves[0], fix=with_workdir(run) or parted(run))


def _leading_cd(run: Run) -> Command | None:
    """The only ``cd`` of *run*, if it comes first, or after folders made and options set, and its path is known."""
    moves = [command for command in run.commands if command.name in ("cd", "pushd", "popd")]
    if len(moves) != 1 or len(run.scripts) != 1 or moves[0].name != "cd" or len(moves[0].args) != 1:
        return None
    command = moves[0]
    script = run.scripts[0]
    if script.root is None or not script.root.statements or command.script is not script:
        return None
    from dlinter_grammar.shell_nodes import AndOr

    nodes = [statement.node for statement in script.root.statements]
    items = [item for node in nodes for item in (node.items if isinstance(node, AndOr) else (node,))]
    if command.wrappers or command.args[0].value in ("", "-") or not _known(command.args[0], run):
        return None
    for item in items:
        found = command_of(script, item)
        if found is command:
            return command
        plain = simple(item)
        if found is None and plain is not None and plain.assignments and not plain.words:
            continue
        if found is None or found.name not in ("mkdir", "set", "export"):
            return None
    return None


def _known(word: Word, run: Run) -> bool:
    """True if *word* is fixed, or made of variables whose values the file tells."""
    if word.value is not None:
        return True
    from dlinter_grammar.shell_nodes import Expansion, Literal

    variables = run.file.facts.env(run)
    return word.shell is not None and all(
        isinstance(part, Literal)
        or (isinstance(part, Expansion) and not part.operator and variables.get(part.name) is not None)
        for part in word.shell.parts
    )
