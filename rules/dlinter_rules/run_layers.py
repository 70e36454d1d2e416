"""RUN instructions that belong together."""

from __future__ import annotations

from dlinter import SAFE, Edit, Findings, Fix, Run, Severity, report, rule
from dlinter.commands import Command
from dlinter.shell_edits import chain, command_of
from dlinter_grammar import regex as re
from dlinter_rules.common import program

#: programs that take long, so that each deserves a layer of its own in the cache
_LONG = frozenset({
    "apt", "apt-get", "aptitude", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper", "pacman", "emerge", "pip",
    "pip3", "pipenv", "poetry", "uv", "conda", "mamba", "npm", "npx", "yarn", "pnpm", "bun", "corepack", "gem",
    "bundle", "go", "cargo", "rustup", "mvn", "gradle", "mvnw", "gradlew", "sbt", "lein", "mix", "rebar3",
    "dotnet", "nuget", "composer", "make", "cmake", "ninja", "meson", "bazel", "git", "curl", "wget", "python",
    "python3", "node", "ruby", "perl", "Rscript", "R", "cabal", "stack", "opam", "swift", "luarocks",
    "install2.r", "julia", "ansible-playbook", "docker-php-ext-install", "pecl",
})  # fmt: skip
_MANAGERS = frozenset({
    "apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper", "pip", "pip3", "npm", "gem",
})  # fmt: skip
_DAEMONS = ("service", "systemctl", "rc-service", "start-stop-daemon", "invoke-rc.d", "initctl", "supervisord", "mount")
_STATEFUL = frozenset({
    "cd", "pushd", "popd", "set", "shopt", "export", "unset", "readonly", "declare", "typeset", "local",
    "alias", "umask", "ulimit", "trap", "exec", "exit", "return", "eval", "source", ".", "read", "getopts",
    "shift", "wait", "hash", "enable",
})  # fmt: skip


@rule(
    "DL3059",
    "consecutive-runs",
    on=Run,
    severity=Severity.INFO,
    profiles=("hadolint",),
    aliases=("S7031", "DF003", "DD005"),
)
def consecutive_runs(run: Run) -> Findings:
    r"""Join short RUN instructions that follow one another

    Each makes a layer of its own, and what a later one deletes still takes room in the earlier one.

    ```dockerfile bad
    FROM debian:12
    RUN mkdir /data
    RUN chown app /data
    ```
    What is deleted in the same step never gets into the image:
    ```dockerfile bad
    FROM debian:12
    RUN curl -fsSLo /tmp/a.tgz https://example.com/a.tgz
    RUN rm -rf /tmp/a.tgz
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN curl -fsSLo /tmp/a.tgz https://example.com/a.tgz \
        && rm -rf /tmp/a.tgz
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN pip install flask
    RUN apk del build-base
    ```
    ```dockerfile fixed
    FROM alpine:3.20
    RUN pip install flask \
        && apk del build-base
    ```
    ```dockerfile bad
    FROM node:20
    RUN --network=default npm install -g typescript@5
    RUN --network=default npm install -g eslint@9
    ```
    ```dockerfile fixed
    FROM node:20
    RUN --network=default npm install -g typescript@5 \
        && npm install -g eslint@9
    ```
    A comment of the shell ends with the line:
    ```dockerfile bad
    FROM node:20
    RUN npm install -g typescript@5 # for the build
    RUN npm install -g eslint@9
    ```
    Long steps of different kinds are kept apart for the cache's sake:
    ```dockerfile good
    FROM node:20
    RUN npm ci
    RUN make
    ```
    ```dockerfile good
    FROM debian:12
    RUN mkdir /data && chown app /data
    RUN mkdir /cache
    COPY a /a
    RUN --mount=type=cache,target=/root/.cache ./a
    RUN mkdir /b
    ```
    ```dockerfile good
    FROM debian:12
    RUN <<EOF
    mkdir /data
    EOF
    RUN <<EOF
    mkdir /cache
    EOF
    ```
    """
    before = _previous(run)
    if before is None:
        return
    first, second = _only(before), _only(run)
    if first is None or second is None or _flags(before) != _flags(run):
        return
    if first.name in _LONG and second.name in _LONG and first.name != second.name and not _cleans(second):
        return
    yield report(program(second), fix=_joined(before, run, first, second))


def _previous(run: Run) -> Run | None:
    """The RUN directly before *run* in its stage."""
    if run.stage is None or run.in_onbuild:
        return None
    at = run.index - run.stage.base.index
    before = run.stage.instructions[at - 1]
    return before if isinstance(before, Run) else None


def _only(run: Run) -> Command | None:
    """The command of *run*, if it is a single one in shell or exec form."""
    if run.heredocs:
        return None
    if run.form == "json":
        return run.commands[0] if len(run.commands) == 1 and not run.scripts else None
    if len(run.scripts) != 1:
        return None
    elements = chain(run.scripts[0])
    if any(command is not run.commands[0] and command.script is run.scripts[0] for command in run.commands):
        return None
    return command_of(run.scripts[0], elements[0]) if elements is not None and len(elements) == 1 else None


def _flags(run: Run) -> list[str]:
    return [run.file.text[flag.start : flag.end] for flag in run.flags]


def _joined(before: Run, run: Run, first: Command, second: Command) -> Fix | None:
    """Both in one, where the second cleans up after the first or goes on with the same package manager."""
    if before.form != "shell" or run.form != "shell" or second.script is None or first.script is None:
        return None
    if not _cleans(second) and not (first.name == second.name and first.name in _MANAGERS):
        return None
    named = {_VERSION.split(word.text)[0] for word in [*first.args, *second.args]}
    if {first.name, "pip"} & named:
        return None  # the shell would go on with the program that is replaced
    if first.name in _DAEMONS or "/init.d/" in program(first).text:
        return None  # what is started ends with its RUN
    for command in (first, second):
        if not command.name or command.name in _STATEFUL or command.assignments or command.wrappers[:1] == ["exec"]:
            return None
    escape = run.file.escape
    text = run.file.text
    gap = text[before.end : run.start]
    if _end(first) != before.end:
        return None  # a comment of the shell would swallow what follows
    if gap.strip() or before.syntax.close != run.start or not run.name.text.isupper():
        return None
    line_end = "\r\n" if "\r\n" in gap else "\n"
    joint = f" {escape}{line_end}    && "
    edit = Edit(before.end, second.script.start, joint)
    return Fix([edit], SAFE, "Join the two", ("layer-border",))


#: what may follow a package's name
_VERSION = re.compile(r"[@=<>~!\\[]")


def _end(command: Command) -> int:
    """Where the command ends in the file, redirections included."""
    if command.script is None or command.simple is None:
        return command.end
    return command.script.span(command.simple.start, command.simple.end)[1]


def _cleans(command: Command) -> bool:
    """True for a command that deletes, so that one layer is smaller than two."""
    return command.name == "rm" or (command.name in _MANAGERS and command.operand(*_CLEANING) is not None)


_CLEANING = ("clean", "autoclean", "autoremove", "remove", "purge", "del", "erase")
