"""RUN instructions that belong together."""

from __future__ import annotations

from dlinter import SAFE, Dockerfile, Edit, Findings, Fix, Run, Severity, report, rule
from dlinter.shell_edits import chain, joint
from dlinter_grammar import regex as re
from dlinter_grammar.shell_nodes import AndOr
from dlinter_rules.chains import flags_of, line_end, only_script
from dlinter_rules.common import APT, image_of, program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from dlinter.scripts import Script

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
#: options of shells that read start-up files (bash(1), INVOCATION)
_STARTING = re.compile(r" (?:-[a-z]*[li]|--login|--rcfile|--init-file)")
#: what a RUN may have that ends with it
_ENDING = ("bind", "tmpfs")


@rule(
    "DL3059",
    "consecutive-runs",
    on=Run,
    reads="file",
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
    # it is the user's
    RUN chown app /data && chmod 700 /data
    RUN if [ -n "$A" ]; then touch /data/a; fi
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN mkdir /data \
        # it is the user's
        && chown app /data && chmod 700 /data \
        && if [ -n "$A" ]; then touch /data/a; fi
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
    Steps that leave something to the next command, or start something that ends with them, stay apart:
    ```dockerfile bad
    FROM debian:12
    RUN umask 077
    RUN mkdir /data
    ```
    ```dockerfile bad
    FROM debian:12
    RUN service ssh start
    RUN mkdir /data
    ```
    So does what the next RUN begins with, the shell and the groups of the user:
    ```dockerfile bad
    FROM debian:12
    RUN ln -sf bash /bin/sh
    RUN source /etc/profile
    ```
    ```dockerfile bad
    FROM debian:12
    RUN gpasswd -a root staff
    RUN id > /id
    ```
    What is named by its path is no builtin, an official image's pip stays where it is, and links are no processes:
    ```dockerfile bad
    FROM python:3.12
    ENV SCRIPTS=/opt/scripts
    RUN $SCRIPTS/a.sh
    RUN $SCRIPTS/b.sh;
    RUN "$HOME/c.sh"
    WORKDIR /a
    RUN pip install --upgrade pip
    RUN pip install flask
    WORKDIR /b
    RUN systemctl enable ssh
    RUN mkdir /data
    ```
    ```dockerfile fixed
    FROM python:3.12
    ENV SCRIPTS=/opt/scripts
    RUN $SCRIPTS/a.sh \
        && $SCRIPTS/b.sh \
        && "$HOME/c.sh"
    WORKDIR /a
    RUN pip install --upgrade pip \
        && pip install flask
    WORKDIR /b
    RUN systemctl enable ssh \
        && mkdir /data
    ```
    ```dockerfile bad
    FROM debian:12
    ARG SCRIPTS=/opt/scripts
    RUN $SCRIPTS/a.sh
    RUN $SCRIPTS/b.sh
    WORKDIR /a
    RUN pip install --upgrade pip
    RUN pip install flask
    WORKDIR /b
    RUN systemctl enable --now ssh
    RUN mkdir /data
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
    RUN mkdir /data && chown app /data && chmod 700 /data
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
    if before is None or flags_of(before) != flags_of(run) or not _short(before) or not _short(run):
        return
    long = long_kinds(before), long_kinds(run)
    if all(long) and long[0] != long[1] and not _cleans(run):
        return
    first = run.commands[0]
    yield report(program(first), fix=in_one(before, run) if _group(run) is _group(before) else None)


@rule("DL8004", "apt-install-split", on=Run, severity=Severity.INFO, profiles=())
def apt_install_split(run: Run) -> Findings:
    r"""Install with apt in one RUN

    Each RUN holds the package database once more, and one that comes from the cache installs from old lists.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    # for the build
    RUN apt-get install -y git make
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y curl \
        # for the build
        && apt-get install -y git make
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get install -y curl
    RUN \
    # apt-get install -y gcc && \
    apt-get install -y git
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get install -y curl \
        # apt-get install -y gcc && \
        && apt-get install -y git
    ```
    What fetches the lists again, or goes on with what the step before leaves, takes a look:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    RUN apt-get update && apt-get install -y git
    ```
    ```dockerfile bad
    FROM debian:12
    RUN export DEBIAN_FRONTEND=noninteractive && apt-get update && apt-get install -y curl
    RUN apt-get install -y tzdata
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    RUN apt-get install -y git && make; make install
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    COPY a /b/
    RUN apt-get install -y git
    USER app
    RUN sudo apt-get install -y make
    RUN --network=host apt-get install -y gcc
    ```
    """
    before = _previous(run)
    if before is None or flags_of(before) != flags_of(run) or run.heredocs or before.heredocs:
        return
    installs = [c for c in run.commands if c.name in APT and c.operand("install") is not None]
    if not installs or not any(c.name in APT and c.operand("install") is not None for c in before.commands):
        return
    again = any(c.name in APT and c.operand("update") is not None for c in run.commands)
    yield report(program(installs[0]), fix=None if again else in_one(before, run))


def _previous(run: Run) -> Run | None:
    """The RUN directly before *run* in its stage."""
    if run.stage is None or run.in_onbuild:
        return None
    at = run.index - run.stage.base.index
    before = run.stage.instructions[at - 1]
    return before if isinstance(before, Run) else None


def _short(run: Run) -> bool:
    """True for one or two commands, in an and-list or alone."""
    if run.heredocs or not 0 < len(run.commands) < 3:
        return False
    if run.form == "json":
        return len(run.commands) == 1 and not run.scripts
    return len(run.scripts) == 1 and chain(run.scripts[0]) is not None


def long_kinds(run: Run) -> frozenset[str]:
    """The programs of *run* that take long."""
    return frozenset(command.name for command in run.commands if command.name in _LONG)


def _group(run: Run) -> Run:
    """The first of the RUN instructions that *run* is to be joined with: its own, if with none."""
    return run if run.in_onbuild else run.file.facts.once(_groups).get(run.index, run)


def _groups(file: Dockerfile) -> dict[int, Run]:
    """The first of its group, by the index of every RUN.

    What takes long is joined with nothing of another kind that takes long, lest a change of one repeats the other.
    """
    found: dict[int, Run] = {}
    kinds: frozenset[str] = frozenset()
    for run in file.instructions:
        if not isinstance(run, Run):
            continue
        before, own = _previous(run), long_kinds(run)
        start = run
        if before is not None and _short(before) and flags_of(before) == flags_of(run):
            together = kinds | own
            if len(together) < 2 or _cleans(run):
                start, own = found[before.index], together
        found[run.index], kinds = start, own
    return found


def in_one(before: Run, run: Run) -> Fix | None:
    """Both in one, where nothing of the shell and nothing that runs goes from one to the other."""
    first, second = only_script(before), only_script(run)
    if first is None or second is None or chain(second) is None:
        return None
    if any(mount.type in _ENDING for mount in run.mounts):
        return None
    if _STARTING.search(" ".join(run.file.facts.shell(run))):
        return None  # each reads start-up files of its own
    certain = not _crosses(first.text, second.text)
    if not certain and _crosses(first.text, second.text, *_circumstances(run)):
        return None
    if any(command.name == "cd" for each in (before, run) for command in each.commands):
        return None  # a WORKDIR is to take its place
    nodes = chain(first)
    text = run.file.text
    from dlinter.proof.comments import is_pragma

    at = first.span(nodes[-1].start, nodes[-1].end)[1] if nodes else before.end
    if nodes is None or text[at : before.end].strip() not in ("", ";"):
        return None  # a comment of the shell would swallow what follows
    gap = text[before.end : run.start]
    if any(line.strip() and line.lstrip()[0] != "#" for line in gap.splitlines()) or "\n" not in gap:
        return None
    if any(is_pragma(comment) for comment in run.syntax.prev_comments):
        return None
    lines = [line for line in gap.splitlines()[1:] if line.strip()]
    lines += [line for line in text[run.start : second.start].splitlines()[1:] if line.lstrip()[:1] == "#"]
    edits = [Edit(at, second.start, _seam(first, lines))]
    if not certain:
        from dlinter_rules.proven import accepted

        if not accepted(run.file, edits, ("layer-border",)):
            return None
    return Fix(edits, SAFE, "Join the two", ("layer-border",))


def _seam(first: Script, comments: list[str]) -> str:
    """What stands between the two: ``&&`` as the first of them has it, the comments on lines of their own."""
    instruction = first.instruction
    ends = line_end(instruction.file.text)
    found = ""
    if first.root is not None and isinstance(first.root.statements[0].node, AndOr):
        found = joint(instruction, first)
    if "\n" not in found:
        found = f" {instruction.file.escape}{ends}    && "
    head, _, rest = found.partition("\n")
    indent = rest[: len(rest) - len(rest.lstrip())]
    return f"{head}\n" + "".join(f"{indent}{comment.lstrip()}{ends}" for comment in comments) + rest


def _circumstances(run: Run) -> tuple[Collection[str], Collection[str]]:
    """The variables that hold one word, and the programs that stay in place when they are installed anew."""
    from dlinter.proof.shellstate import PLAIN, SETTLED

    values = run.file.facts.env(run)
    image = image_of(run.stage)
    plain = {name for name, value in values.items() if value is not None and PLAIN.fullmatch(value)}
    return plain, SETTLED.get(image.name if image is not None else "", ())


def _crosses(first: str, second: str, plain: Collection[str] = (), settled: Collection[str] = ()) -> bool:
    """True if something of the shell, or something that is started, may go from one script to the other."""
    from dlinter.proof.normal import ANDOR, normal
    from dlinter.proof.shellstate import crossing

    forms = normal(first), normal(second)
    if forms[0] is None or forms[1] is None:
        return True
    head, tail = ((form[1] if form[0] == ANDOR else (form,)) for form in forms if form is not None)
    return crossing(head, tail, plain, settled) is not None


def _cleans(run: Run) -> bool:
    """True if *run* only deletes, so that one layer is smaller than two."""
    return all(
        command.name == "rm" or (command.name in _MANAGERS and command.operand(*_CLEANING) is not None)
        for command in run.commands
    )


_CLEANING = ("clean", "autoclean", "autoremove", "remove", "purge", "del", "erase")
