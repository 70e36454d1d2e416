"""Pipes in RUN."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Cmd, Edit, Entrypoint, Findings, Fix, Run, Script, insert_before, report, rule
from dlinter.scripts import SH_LIKE
from dlinter.shell_edits import json_string
from dlinter_grammar.shell_nodes import (
    AndOr,
    Compound,
    Expansion,
    Function,
    Node,
    Pipeline,
    ShellNode,
    Simple,
    Statement,
    Substitution,
    simple_commands,
    walk,
)
from dlinter_grammar.shell_nodes import Script as ShellScript
from dlinter_rules.chains import line_end
from dlinter_rules.command_form import becomes_json
from dlinter_rules.common import certainly_runs, commands_before, image_of
from dlinter_rules.proven import accepted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dlinter import Dockerfile, Stage
    from dlinter.tree import Instruction

#: what does not fail, or means to: nothing is lost if its status is
_HARMLESS = frozenset({"echo", "printf", "yes", "true", ":", "cat", "false"})
#: what brings something from elsewhere
_FETCH = frozenset({"curl", "wget", "aria2c", "http", "fetch", "git", "svn", "aws", "gsutil", "scp", "ftp"})
#: what ends a pipe before its input does, so that pipefail would make a failure of success
_SHORT = frozenset({"head", "grep", "egrep", "true", "fgrep"})


@rule(
    "DL4006",
    "run-pipe-without-pipefail",
    on=Run,
    profiles=("default", "hadolint"),
    aliases=("DF057", "DD040"),
)
def run_pipe_without_pipefail(run: Run, *, only_downloads: bool = False, harmless: bool = False) -> Findings:
    r"""Set pipefail before a pipe whose first command can fail

    The shell looks at the last command only: a download that fails goes unnoticed.

    dash, the /bin/sh of Debian and Ubuntu, has no pipefail; there SHELL has to choose bash first.
    ```dockerfile bad
    FROM debian:12
    RUN mkdir /x
    # the tool
    RUN curl -fsSL https://example.com/setup | bash
    RUN ls -l | wc
    CMD ["tool"]
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN mkdir /x
    SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    # the tool
    RUN curl -fsSL https://example.com/setup | bash
    RUN ls -l | wc
    CMD ["tool"]
    ```
    What is no JSON behind the steps is started by /bin/sh as before:
    ```dockerfile bad
    FROM registry.example.com/tool:12
    RUN apt-get update && apt-get install -y curl
    RUN curl -fsSL https://example.com/setup | bash
    # with its log
    CMD tool --all | tee /var/log/tool
    ```
    ```dockerfile unsafe
    FROM registry.example.com/tool:12
    RUN apt-get update && apt-get install -y curl
    SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    RUN curl -fsSL https://example.com/setup | bash
    SHELL ["/bin/sh", "-c"]
    # with its log
    CMD tool --all | tee /var/log/tool
    ```
    Where JSON would do, that comes first:
    ```dockerfile bad
    FROM debian:12
    RUN curl -fsSL https://example.com/setup | bash
    CMD tool --all
    ```
    A pipe that ends before its input would fail:
    ```dockerfile bad
    FROM debian:12
    RUN curl -fsSL https://example.com/setup | bash
    RUN ls -l | head -1
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN wget -qO- https://example.com/a.tgz | tar xz && make
    ```
    ```dockerfile unsafe
    FROM alpine:3.20
    SHELL ["/bin/ash", "-o", "pipefail", "-c"]
    RUN wget -qO- https://example.com/a.tgz | tar xz && make
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN wget -qO- https://example.com/a.tgz | tar xz && make
    RUN ls / | head -1
    ```
    ```dockerfile unsafe
    FROM alpine:3.20
    RUN set -o pipefail && wget -qO- https://example.com/a.tgz | tar xz && make
    RUN ls / | head -1
    ```
    ```dockerfile bad
    FROM registry.example.com/debian:12
    RUN VERSION=$(curl -fsSL https://example.com/latest | tr -d v) && echo $VERSION
    ```
    ```dockerfile bad
    FROM debian:12
    ONBUILD RUN curl -fsSL https://example.com/setup | bash
    ```
    It can be set in many ways:
    ```dockerfile good
    FROM alpine:3.20
    RUN set -eo pipefail; wget -qO- https://example.com/a.tgz | tar xz
    RUN set -o errexit -o pipefail && wget -qO- https://example.com/a.tgz | tar xz
    RUN ["/bin/bash", "-o", "pipefail", "-c", "wget -qO- https://example.com/a.tgz | tar xz"]
    RUN bash -eo pipefail -c 'wget -qO- https://example.com/a.tgz | tar xz'
    RUN <<EOF bash
    set -o pipefail
    wget -qO- https://example.com/a.tgz | tar xz
    EOF
    SHELL ["/bin/sh", "-eo", "pipefail", "-c"]
    RUN wget -qO- https://example.com/a.tgz | tar xz
    ```
    ```dockerfile good
    FROM debian:12 AS base
    SHELL ["/usr/bin/bash", "-euxo", "pipefail", "-c"]
    ARG VERSION
    FROM base
    RUN curl -fsSL https://example.com/setup | bash
    ```
    ```dockerfile good
    # escape=`
    FROM mcr.microsoft.com/windows/servercore:ltsc2022
    SHELL ["pwsh", "-Command"]
    RUN Get-ChildItem | Select-Object Name
    ```
    What is written out cannot fail, and in a condition or an argument pipefail changes nothing:
    ```dockerfile good
    FROM debian:12
    RUN echo 'deb https://example.com/ stable main' | tee /etc/apt/sources.list.d/example.list
    RUN yes | apt-get install nano
    RUN if ls / | grep -q opt; then echo yes; fi
    RUN ls /opt | grep -q app || echo none
    RUN apt-get install -y linux-headers-$(uname -r | cut -d- -f1)
    RUN ["sh", "/pipe|line.sh"]
    ```
    The default profile sets the option `only-downloads`: it reports pipes that begin with a download, for those fail.
    The hadolint profile sets `harmless`: it reports also those that only hand on what is written out, and with plain
    `--fix` writes `echo a > file` for `echo a | tee file`.
    """
    asked = _downloads if only_downloads else _any if harmless else _can_fail
    for script, pipe in _risky(run, asked):
        yield report(script.token(pipe), fix=_direct(run, script) or _with_shell(run, asked) or _prefixed(run, script))


def _risky(run: Run, asked: Callable[[Pipeline], bool]) -> Iterator[tuple[Script, Pipeline]]:
    """The first pipe of *run* that is *asked* for."""
    for script in run.scripts:
        if script.root is None or script.dialect not in SH_LIKE or _set(run, script):
            continue
        for pipe in _pipes(script.root):
            if asked(pipe):
                yield script, pipe
                return


def _set(run: Run, script: Script) -> bool:
    """True if pipefail is on in *script*: by the shell that runs it, or by a command in it."""
    if run.form == "json":
        shell = [word.value for word in run.args[: max(len(run.args) - 1, 1)]]
    elif script.quoting == "heredoc" and run.file.text[script.start : script.end].lstrip().startswith("#!"):
        first = script.text.lstrip().split("\n", 1)[0]
        shell = first[2:].split()
    else:
        shell = list(run.file.facts.shell(run))
    if "pipefail" in shell or shell[0].rsplit("/", 1)[-1].startswith(("pwsh", "powershell", "cmd", "fish")):
        return True
    for command in run.commands:
        values = [word.value for word in command.args]
        if "pipefail" in values and command.name in ("set", "bash", "sh", "ash", "zsh", "ksh"):
            option = values[values.index("pipefail") - 1] or ""
            if option.startswith("-") and option.endswith("o"):
                return True
    return False


def _pipes(node: ShellNode) -> Iterator[Pipeline]:
    """The pipelines of a script whose status counts, in source order: none in conditions and in arguments."""
    if isinstance(node, ShellScript):
        for statement in node.statements:
            yield from _pipes(statement)
    elif isinstance(node, Statement):
        yield from _pipes(node.node)
    elif isinstance(node, Pipeline):
        if not node.bang:
            if len(node.commands) > 1:
                yield node
            for command in node.commands:
                yield from _pipes(command)
    elif isinstance(node, AndOr):
        for number, item in enumerate(node.items):
            if number >= len(node.operators) or node.operators[number].text != "||":
                yield from _pipes(item)
    elif isinstance(node, Function):
        yield from _pipes(node.body)
    elif isinstance(node, Compound):
        yield from _compound(node)
    elif isinstance(node, Simple) and not node.words:
        for assignment in node.assignments:
            if assignment.value is not None:
                yield from _substituted(assignment.value.parts)


def _compound(node: Compound) -> Iterator[Pipeline]:
    """Those in the bodies that are no conditions: of ``if``, every second but a last odd one, of loops the second."""
    bodies = node.bodies
    if node.kind == "if":
        bodies = tuple(b for number, b in enumerate(bodies) if number % 2 or number == len(bodies) - 1)
    elif node.kind in ("while", "until"):
        bodies = bodies[1:]
    for body in bodies:
        yield from _pipes(body)


def _substituted(parts: tuple[ShellNode, ...]) -> Iterator[Pipeline]:
    for part in parts:
        if isinstance(part, Substitution) and part.script is not None:
            yield from _pipes(part.script)
        elif isinstance(part, Expansion):
            for script in part.scripts:
                yield from _pipes(script)


def _any(pipe: Pipeline) -> bool:
    return True


def _can_fail(pipe: Pipeline) -> bool:
    """True if a command before the last can fail."""
    return any(_name(command) not in _HARMLESS or _reads_file(command) for command in pipe.commands[:-1])


def _downloads(pipe: Pipeline) -> bool:
    """True if a command before the last fetches something from elsewhere."""
    before = (simple for command in pipe.commands[:-1] for simple in simple_commands(command))
    return any(simple.words and simple.words[0].value in _FETCH for simple in before)


def _name(node: Node) -> str:
    return (node.words[0].value or "") if isinstance(node, Simple) and node.words else ""


def _reads_file(node: Node) -> bool:
    """True for ``cat file``: the file may be missing."""
    return _name(node) == "cat" and isinstance(node, Simple) and len(node.words) > 1


def _direct(run: Run, script: Script) -> Fix | None:
    """``echo a > b`` for every ``echo a | tee b``, if there is no other pipe."""
    if run.in_onbuild or script.root is None or len(run.scripts) != 1:
        return None
    pipes = [node for node in walk(script.root) if isinstance(node, Pipeline) and len(node.commands) > 1]
    found = [_direct_edits(script, pipe) for pipe in pipes]
    edits = [edit for each in found for edit in each]
    if not all(found) or not accepted(run.file, edits, ("written-directly",)):
        return None
    return Fix(edits, SAFE, "Write to the file without tee", ("written-directly",))


def _direct_edits(script: Script, pipe: Pipeline) -> list[Edit]:
    """The edits that write what echo prints to the file of tee; none where it is another pipe."""
    if len(pipe.commands) != 2 or _name(pipe.commands[0]) != "echo" or _name(pipe.commands[1]) != "tee":
        return []
    tee = pipe.commands[1]
    assert isinstance(tee, Simple)
    target, text = tee.words[-1], script.instruction.file.text
    spans = [script.span(pipe.operators[0].start, target.start), script.span(target.end, tee.end)]
    if len(tee.words) < 2 or any("\n" in text[start:end] for start, end in spans):
        return []
    sign = ">>" if len(tee.words) > 2 else ">"
    return [Edit(start, end, put) for (start, end), put in zip(spans, (f"{sign} ", ""), strict=True) if start < end]


def _prefixed(run: Run, script: Script) -> Fix | None:
    """``set -o pipefail &&`` in front, where /bin/sh is known to have it and the pipe does not end early."""
    image = image_of(run.stage)
    if image is None or image.sh not in ("ash", "bash") or run.in_onbuild or run.form != "shell" or run.heredocs:
        return None
    assert script.root is not None
    if run.file.facts.has_shell(run) or len(script.root.statements) != 1 or script.quoting != "":
        return None
    if _ends_early(script):
        return None
    start = script.token(script.root.statements[0])
    node = script.root.statements[0].node
    if isinstance(node, AndOr) and any(operator.text == "||" for operator in node.operators):
        return None
    return Fix([insert_before(start, "set -o pipefail && ")], UNSAFE, "Set pipefail first", ("option-of-user",))


def _ends_early(script: Script) -> bool:
    """True if pipefail may make a failure of success: a command stops reading before the one ahead stops writing."""
    if script.root is None:
        return True
    pipes = list(_pipes(script.root))
    short = any(_name(command) in _SHORT for each in pipes for command in each.commands[1:])
    return short or any(_name(each.commands[0]) == "yes" for each in pipes)


#: what /bin/sh is -> the shell that has pipefail and is certainly there
_SHELLS = {"dash": "/bin/bash", "bash": "/bin/bash", "ash": "/bin/ash"}
#: package managers of distributions whose base system has bash, and Alpine's
_MANAGERS = {
    **dict.fromkeys(("apt-get", "apt", "yum", "dnf", "microdnf", "zypper"), "/bin/bash"),
    "apk": "/bin/ash",
}


def _shell_there(run: Run) -> str | None:
    """A shell with pipefail that the image certainly has: it is known, or steps call its package manager."""
    image = image_of(run.stage)
    if image is not None and image.sh is not None:
        return _SHELLS.get(image.sh)
    found = {
        _MANAGERS[c.name] for c in [*commands_before(run), *run.commands] if c.name in _MANAGERS and certainly_runs(c)
    }
    return found.pop() if len(found) == 1 else None


def _with_shell(run: Run, asked: Callable[[Pipeline], bool]) -> Fix | None:
    """SHELL with pipefail ahead of the first such pipe of the stage, and with /bin/sh again ahead of its CMD."""
    stage, shell = run.stage, _shell_there(run)
    if stage is None or shell is None or run.in_onbuild or run.file.facts.has_shell(run):
        return None
    if run.form != "shell" or run.heredocs or run.file.facts.descendants(stage):
        return None
    known = run.file.facts.once(_known_shells)
    key = stage.index, shell, asked
    if key not in known:
        known[key] = _with_shell_in(stage, shell, asked)
    return known[key]


def _known_shells(file: Dockerfile) -> dict[tuple[int, str, Callable[[Pipeline], bool]], Fix | None]:
    """What :func:`_with_shell_in` gave, as far as it was asked."""
    return {}


def _with_shell_in(stage: Stage, shell: str, asked: Callable[[Pipeline], bool]) -> Fix | None:
    runs = [each for each in stage.of(Run) if isinstance(each, Run) and each.form == "shell"]
    first = next(each for each in runs if next(_risky(each, asked), None) is not None)
    started: Instruction | None = None
    for other in stage.instructions:
        if other.index < first.index or other.form != "shell":
            continue
        if other.in_onbuild or (other.keyword == "run" and started is not None):
            return None
        if other.keyword in ("cmd", "entrypoint", "healthcheck"):
            if isinstance(other, (Cmd, Entrypoint)) and becomes_json(other):
                # that is for cmd-shell-form, after which it needs no shell
                return None
            started = started or other
        elif any(_ends_early(script) for script in other.scripts):
            return None
    words = (shell, "-o", "pipefail", "-c")
    edits = [_shell_line(first, words), *([_shell_line(started, ("/bin/sh", "-c"))] if started is not None else [])]
    purpose = f"option-of-user:shell={' '.join(words)}"
    return Fix(edits, UNSAFE, f"Choose {shell.rpartition('/')[2]} with pipefail", (purpose,))


def _shell_line(instruction: Instruction, words: tuple[str, ...]) -> Edit:
    """A SHELL ahead of *instruction* and its comments."""
    comments = instruction.syntax.prev_comments
    at = instruction.file.source.line_start(comments[0].start if comments else instruction.start)
    line = f"SHELL [{', '.join(map(json_string, words))}]{line_end(instruction.file.text)}"
    return Edit(at, at, line)
