"""git."""

from __future__ import annotations

from dlinter import UNSAFE, Command, Findings, Fix, Severity, report, rule
from dlinter.shell_edits import insert_words
from dlinter_rules.common import in_run

#: what a clone without history has no need of, or cannot have
_OTHER = (
    "--depth", "--shallow-since", "--shallow-exclude", "--mirror", "--bare", "--filter", "--reference", "--dissociate",
)  # fmt: skip


@rule("DL5011", "git-clone-full-history", on=Command, named=("git",), severity=Severity.INFO, profiles=())
def git_clone_full_history(command: Command) -> Findings:
    r"""Clone with --depth 1, the history is of no use in an image

    Every version of every file that ever was gets into the layer.

    Who describes, or checks out an older commit, needs the history, so this needs a look:
    ```dockerfile bad
    FROM debian:12
    RUN git clone --branch v1.2 https://example.com/app.git /app && make -C /app
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN git clone --depth 1 --branch v1.2 https://example.com/app.git /app && make -C /app
    ```
    ```dockerfile good
    FROM debian:12
    RUN git clone --depth=1 https://example.com/a.git
    RUN git clone https://example.com/b.git && cd b && git checkout 0123456789abcdef
    RUN git clone https://example.com/c.git && make -C c install && rm -rf c
    RUN git clone https://example.com/d.git && rm -rf d/.git
    RUN git clone --mirror https://example.com/e.git
    ```
    ```dockerfile good
    FROM debian:12
    WORKDIR /src
    RUN git clone https://example.com/f.git .
    RUN git reset --hard 0123456789abcdef
    ```
    A folder on this machine is copied or linked, whatever the depth:
    ```dockerfile good
    FROM debian:12
    RUN git clone /src/app /app
    ```
    The layers of a stage that only hands files on are thrown away:
    ```dockerfile good
    FROM debian:12 AS source
    RUN git clone https://example.com/app.git /app
    FROM debian:12-slim
    COPY --from=source /app/bin /app
    ```
    """
    clone = command.operand("clone")
    instruction = command.instruction
    stage = instruction.stage
    if clone is None or not in_run(command) or stage is None or not instruction.file.facts.ships(stage):
        return
    if command.option(*_OTHER) is not None or not any(_remote(word.text) for word in command.args):
        return
    later = [i for i in stage.instructions if i.index >= instruction.index]
    for other in [c for i in later for c in i.commands]:
        if other.start <= command.start:
            continue
        if other.name == "git" and other.operand("clone", "config", "submodule", "lfs") is None:
            return
        if other.instruction is instruction and other.name in ("rm", "find") and other.args:
            return
    fix = Fix([insert_words(clone, "--depth", "1")], UNSAFE, "Add --depth 1", ("option-of-user",))
    yield report(clone, fix=None if instruction.in_onbuild else fix)


def _remote(text: str) -> bool:
    plain = text.strip("\"'")
    return ("://" in plain and not plain.startswith("file:")) or plain.startswith("git@")


#: branches that go on
_MOVING = frozenset({"main", "master", "develop", "dev", "trunk", "HEAD", "stable", "latest", "next"})


@rule("DL7009", "git-clone-unpinned", on=Command, named=("git",), severity=Severity.INFO, profiles=())
def git_clone_unpinned(command: Command) -> Findings:
    r"""Clone a tag, or check a commit out

    Each build takes what the branch holds that day, and whoever can push to it decides what is built.

    ```dockerfile bad
    FROM debian:12
    RUN git clone --depth 1 https://example.com/app.git /app
    ```
    ```dockerfile bad
    FROM debian:12
    RUN git clone -b master https://example.com/app.git && make -C app
    ```
    ```dockerfile good
    FROM debian:12
    ARG VERSION=v1.2
    RUN git clone --depth 1 --branch v1.2 https://example.com/app.git
    RUN git clone -b "$VERSION" https://example.com/b.git
    RUN git clone https://example.com/c.git && cd c && git checkout 0123456789abcdef
    RUN git clone /src/app /app
    ```
    ```dockerfile good
    FROM debian:12
    WORKDIR /src
    RUN git clone https://example.com/app.git .
    RUN git reset --hard 0123456789abcdef
    ```
    """
    clone = command.operand("clone")
    stage = command.instruction.stage
    if clone is None or stage is None or not in_run(command) or not any(_remote(word.text) for word in command.args):
        return
    branch = command.option("-b", "--branch", "--revision")
    if branch is not None:
        at = next(number for number, word in enumerate(command.args) if word is branch)
        name = branch.text.partition("=")[2] or (command.args[at + 1].text if at + 1 < len(command.args) else "")
        if name.strip("\"'") not in _MOVING:
            return
    later = [c for i in stage.instructions if i.index >= command.instruction.index for c in i.commands]
    if not any(other.start > command.start and _chooses(other) for other in later):
        yield report(clone)


def _chooses(command: Command) -> bool:
    return command.name == "git" and any(word.value in ("checkout", "reset", "switch") for word in command.args)
