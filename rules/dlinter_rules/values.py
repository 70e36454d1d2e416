"""Values that are not what they look like."""

from __future__ import annotations

from dlinter import (
    SAFE,
    UNSAFE,
    Add,
    Arg,
    Cmd,
    Copy,
    Edit,
    Entrypoint,
    Env,
    Expose,
    Findings,
    Fix,
    From,
    Instruction,
    Label,
    Severity,
    Stopsignal,
    Token,
    User,
    Volume,
    Workdir,
    report,
    rule,
)
from dlinter_grammar import regex as re

_KINDS = (Add, Arg, Cmd, Copy, Entrypoint, Env, Expose, From, Label, Stopsignal, User, Volume, Workdir)
#: a number sign that begins a comment in the eyes of whoever wrote it
_COMMENT = re.compile(r"(?<=\S)[ \t]+(#+[ \t]+\S.*|#[A-Za-z]\w*(?:[ \t]+\S+)+)$")
#: what BuildKit refuses with a comment in it, so that nobody relies on it
_REFUSED = (Expose, Stopsignal)


@rule("DL2101", "env-trailing-comment", on=_KINDS, mentions=("#",), severity=Severity.ERROR)
def env_trailing_comment(instruction: Instruction) -> Findings:
    r"""Write the comment on a line of its own: behind an instruction it is none

    A number sign begins a comment only at the start of a line; elsewhere it and what follows belong to the value.

    Here it becomes a part of the path:
    ```dockerfile bad
    FROM debian:12
    WORKDIR /app # where the code is
    ENV MODE production # or development
    ```
    ```dockerfile unsafe
    FROM debian:12
    # where the code is
    WORKDIR /app
    # or development
    ENV MODE production
    ```
    Here it makes words for a shell of what was an array:
    ```dockerfile bad
    FROM debian:12
    CMD ["/app"] # start it
    ```
    ```dockerfile unsafe
    FROM debian:12
    # start it
    CMD ["/app"]
    ```
    ```dockerfile good
    FROM debian:12
    # a comment
    ENV COLOR="#fff # and more" PROMPT=#
    ENV CHANNEL #general
    LABEL title='a # b'
    CMD echo a # b
    CMD ["echo", "a # b"]
    ```
    """
    if instruction.in_onbuild or instruction.heredocs or "\n" in instruction.text:
        return
    text = instruction.syntax.map.text
    match = _COMMENT.search(text, len(instruction.name.text))
    if match is None or _quoted(text[: match.start(1)]):
        return
    before = text[: match.start()]
    if isinstance(instruction, (Cmd, Entrypoint)):
        if instruction.form == "json" or not before.rstrip().endswith("]") or "[" not in before:
            return
        if not before[len(instruction.name.text) :].strip().startswith("["):
            return
    if isinstance(instruction, (Env, Arg, Label)) and instruction.form == "pairs" and "=" in match[1].split()[0]:
        return
    if len(before.split()) < (3 if isinstance(instruction, Env) and "=" not in before.split()[1] else 2):
        return
    place = Token(*instruction.syntax.map.span(match.start(1), match.end(1)), match[1])
    yield report(place, fix=_above(instruction, place, match))


def _quoted(before: str) -> bool:
    """True if a quote is open at the end of *before*."""
    quote = ""
    for char in before:
        if char in "\"'" and quote in ("", char):
            quote = "" if quote else char
    return bool(quote)


def _above(instruction: Instruction, place: Token, match: re.Match[str]) -> Fix | None:
    from dlinter_rules.chains import line_end

    file = instruction.file
    start = file.source.line_start(instruction.start)
    indent = file.text[start : instruction.start]
    if indent.strip() or (file.directives and start <= file.directives[-1].end):
        return None
    if instruction.index == 0 and not file.comments and not file.directives:
        # a comment on the first line might be read as a directive
        return None
    blanks = match.start(1) - match.start()
    edits = [
        Edit(instruction.start, instruction.start, f"{match[1].rstrip()}{line_end(file.text)}{indent}"),
        Edit(place.start - blanks, place.end, ""),
    ]
    certain = isinstance(instruction, _REFUSED) and any(
        problem.start < instruction.end and problem.end > instruction.start for problem in file.document.problems
    )
    purpose = "option-of-user:instruction-"
    names = [f"{purpose}removed={match.string}", f"{purpose}added={match.string[: match.start()]}"]
    if certain:
        names = ["comment-set-apart"]
    return Fix(edits, SAFE if certain else UNSAFE, "Put it on a line of its own", names)


@rule("DL2102", "env-tilde-or-home-not-expanded", on=(Env, Arg), severity=Severity.WARNING)
def env_tilde_not_expanded(instruction: Env | Arg) -> Findings:
    r"""Write what the value shall be: no shell expands ~ and $(command) here

    BuildKit only replaces variables; everything else stays in the value as it is written.

    ```dockerfile bad
    FROM debian:12
    ENV PATH="~/bin:$PATH"
    ```
    ```dockerfile unsafe
    FROM debian:12
    ENV PATH="/root/bin:$PATH"
    ```
    ```dockerfile bad
    FROM debian:12
    ENV BUILT=$(date)
    ```
    ```dockerfile bad
    FROM debian:12
    USER app
    ENV GOPATH=~/go
    ```
    ```dockerfile good
    FROM debian:12
    ENV PATH=$HOME/bin:$PATH BACKUP=file~ RANGE=~1.2
    ENV PS1="$(pwd) > " EVAL="\$(date)"
    ENV VERSION=1.2~rc1
    ```
    """
    if instruction.in_onbuild or instruction.form not in ("pairs", "legacy"):
        return
    if instruction.file.facts.windows(instruction.stage) if instruction.stage is not None else True:
        return
    for pair in instruction.pairs:
        value = pair.value
        if value is None or value.text[:1] == "'" or pair.key.value.startswith(("PS", "PROMPT")):
            continue
        text = value.text
        command = _COMMAND.search(text)
        if command is not None:
            shown = command[1] if len(command[1]) <= 30 else f"{command[1][:30]}…"
            yield report(value, f"Write what {pair.key.text} shall be: no shell runs {shown} here")
            continue
        tildes = [match.start(1) for match in _TILDE.finditer(text)]
        if tildes:
            message = f"Write the home directory in {pair.key.text}: no shell expands ~ here"
            yield report(value, message, _home(instruction, value, tildes))


_COMMAND = re.compile(r"(?<!\\)(\$\([^()\s][^()]*\)|`[^`]+`)")
_TILDE = re.compile(r"(?:^|^\"|:)(~)(?=/)")


def _home(instruction: Env | Arg, value: Token, tildes: list[int]) -> Fix | None:
    user = instruction.file.facts.user(instruction)
    if user not in ("root", "0") or value.end - value.start != len(value.text) or isinstance(instruction, Arg):
        return None
    edits = [Edit(value.start + at, value.start + at + 1, "/root") for at in tildes]
    return Fix(edits, UNSAFE, "Write /root", ("option-of-user",))


#: folders without which nothing is found
_ESSENTIAL = frozenset({"/bin", "/usr/bin", "/usr/local/bin"})


@rule("DL2103", "path-overwritten", on=Env, severity=Severity.ERROR)
def path_overwritten(env: Env) -> Findings:
    r"""Extend PATH instead of replacing it

    Without the folders that were in it no later command is found, not even ls.

    ```dockerfile bad
    FROM debian:12
    ENV PATH=/opt/app/bin
    ```
    ```dockerfile unsafe
    FROM debian:12
    ENV PATH=/opt/app/bin:$PATH
    ```
    ```dockerfile bad
    FROM debian:12
    ENV APP=/opt/app \
        PATH="/opt/app/bin:/opt/app/sbin"
    ```
    ```dockerfile unsafe
    FROM debian:12
    ENV APP=/opt/app \
        PATH="/opt/app/bin:/opt/app/sbin:$PATH"
    ```
    ```dockerfile good
    FROM debian:12
    ENV PATH=/opt/app/bin:$PATH
    ENV PATH ${PATH}:/opt/b
    ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/c
    ENV PATH="/opt/d:${PATH:-/bin}" OLD=$PATH
    ```
    Where there is nothing, nothing is lost:
    ```dockerfile good
    FROM scratch
    ENV PATH=/app
    ```
    Another variable may hold the old value:
    ```dockerfile good
    FROM debian:12
    ENV SYSTEM=$PATH
    ENV PATH=/opt/app:$SYSTEM
    ```
    """
    if env.in_onbuild or env.stage is None or env.file.facts.scratch(env.stage) or env.file.facts.windows(env.stage):
        return
    for pair in env.pairs:
        value = pair.value
        if pair.key.value != "PATH" or value is None or "PATH" in value.value or "%" in value.value:
            continue
        plain = value.value.strip("\"'")
        expanded = env.file.facts.expand(value, env).value
        if expanded is None or not expanded or any(char in plain for char in "\\;"):
            continue
        if not _ESSENTIAL.isdisjoint(part.rstrip("/") for part in expanded.split(":")):
            continue
        yield report(value, fix=_extended(value, "PATH"))


def _extended(value: Token, name: str) -> Fix | None:
    if value.end - value.start != len(value.text) or value.text[:1] == "'" or value.text[-1:] == "'":
        return None
    at = value.end - 1 if value.text[-1:] == '"' else value.end
    return Fix([Edit(at, at, f":${name}")], UNSAFE, f"Append :${name}", ("option-of-user",))


#: base images that set the variable, with a part of its value (their Dockerfiles)
_LIBRARIES = {"nvidia/cuda": "/usr/local/nvidia/lib64"}


@rule("DL2127", "ld-library-path-overwritten", on=Env, mentions=("ld_library_path",))
def ld_library_path_overwritten(env: Env) -> Findings:
    r"""Extend LD_LIBRARY_PATH instead of replacing it

    Programs no longer find the libraries in the folders that were in it.

    ```dockerfile bad
    FROM debian:12
    ENV LD_LIBRARY_PATH=/opt/one/lib
    ENV LD_LIBRARY_PATH=/opt/two/lib
    ```
    ```dockerfile unsafe
    FROM debian:12
    ENV LD_LIBRARY_PATH=/opt/one/lib
    ENV LD_LIBRARY_PATH=/opt/two/lib:$LD_LIBRARY_PATH
    ```
    ```dockerfile bad
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    ENV LD_LIBRARY_PATH=/opt/app/lib
    ```
    ```dockerfile unsafe
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    ENV LD_LIBRARY_PATH=/opt/app/lib:$LD_LIBRARY_PATH
    ```
    ```dockerfile good
    FROM debian:12
    ENV LD_LIBRARY_PATH=/opt/one/lib
    ENV LD_LIBRARY_PATH=/opt/two/lib:$LD_LIBRARY_PATH
    ENV LD_LIBRARY_PATH=/opt/two/lib:/opt/one/lib
    ```
    ```dockerfile good
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    ENV LD_LIBRARY_PATH=/opt/app/lib:/usr/local/nvidia/lib:/usr/local/nvidia/lib64
    ```
    """
    if env.in_onbuild or env.stage is None:
        return
    facts = env.file.facts
    before = facts.variable("LD_LIBRARY_PATH", env)
    base = facts.base(env.stage)
    for pair in env.pairs:
        value = pair.value
        if pair.key.value != "LD_LIBRARY_PATH" or value is None or "LD_LIBRARY_PATH" in value.value:
            continue
        old = before.value if before is not None and before.origin == "env" else None
        if before is None or before.origin != "env":
            old = _LIBRARIES.get(base.path) if base is not None else None
        new = facts.expand(value, env).value
        if not old or not new:
            continue
        lost = [part for part in old.split(":") if part.strip("/") and not _holds(new, part)]
        if lost:
            yield report(value, f"{lost[0]} is no longer in it", _extended(value, "LD_LIBRARY_PATH"))


def _holds(paths: str, folder: str) -> bool:
    return any(part.rstrip("/") == folder.rstrip("/") for part in paths.split(":"))
