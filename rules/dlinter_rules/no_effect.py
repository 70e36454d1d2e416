"""RUN instructions whose effect ends with them."""

from __future__ import annotations

from dlinter import UNSAFE, Command, Edit, Findings, Fix, Run, Severity, report, rule
from dlinter.shell_edits import chain, command_of
from dlinter_grammar import regex as re
from dlinter_grammar.shell_nodes import Simple
from dlinter_rules.chains import only_script

#: what only changes the shell that runs the step
_STATE = frozenset({
    "export", "alias", "unalias", "umask", "ulimit", "set", "shopt", "source", ".", "unset", "readonly", "declare",
    "typeset", "hash",
})  # fmt: skip
_PLAIN = re.compile(r"[\w.,:/@%+=-]*(?:\$\{?\w+\}?[\w.,:/@%+=-]*)*|\"[^\"`\\]*\"|'[^'$\"\\]*'")


@rule("DL2107", "run-export-has-no-effect", on=Run)
def run_export_has_no_effect(run: Run) -> Findings:
    r"""Set variables for later steps with ENV, those of a RUN end with it

    Every RUN starts a new shell, so nothing remains of export, alias, set or an activated environment.

    ```dockerfile bad
    FROM debian:12
    RUN export PATH=$PATH:/opt/bin
    ```
    ```dockerfile unsafe
    FROM debian:12
    ENV PATH=$PATH:/opt/bin
    ```
    ```dockerfile bad
    FROM debian:12
    RUN export DEBIAN_FRONTEND=noninteractive LANG="C.UTF-8"
    ```
    ```dockerfile unsafe
    FROM debian:12
    ENV DEBIAN_FRONTEND=noninteractive LANG="C.UTF-8"
    ```
    ```dockerfile bad
    FROM debian:12
    RUN make install && export VERSION=$(cat VERSION)
    ```
    ```dockerfile bad
    FROM python:3.12
    RUN . venv/bin/activate
    ```
    ```dockerfile bad
    FROM debian:12
    RUN umask 022
    ```
    ```dockerfile good
    FROM debian:12
    RUN export A=1 && make
    RUN set -e; make
    RUN A=1; export A; make
    RUN . venv/bin/activate && pip install flask
    RUN export -p > /environment
    RUN make && . ./install.sh
    RUN source /setup.sh
    RUN set
    ```
    """
    script = only_script(run)
    elements = chain(script) if script is not None else None
    if script is None or elements is None or not all(isinstance(element, Simple) for element in elements):
        return
    commands = [command_of(script, element) for element in elements]
    last = commands[-1]
    if last is None:
        element = elements[-1]
        if isinstance(element, Simple) and element.assignments and not element.words and not element.redirects:
            if any("$(" in a.value.text or "`" in a.value.text for a in element.assignments if a.value is not None):
                return
            yield report(script.token(element), "Set the variable with ENV: nothing remains of it after this RUN")
        return
    if last.wrappers or last.simple is None or last.simple.redirects:
        return
    if not all(command is not None and _state(command) for command in commands):
        if last.name != "export" or not any("=" in word.text for word in last.args):
            return
    elif not any(command is not None and _lost(command) for command in commands):
        return
    if last.name == "export" and not last.args:
        return
    fix = _as_env(run, last) if len(elements) == 1 else None
    message = "" if last.name == "export" else f"Leave out {last.name}: nothing remains of it after this RUN"
    yield report(last.words[0], message, fix)


def _state(command: Command) -> bool:
    return command.name in _STATE and not command.wrappers and command.simple is not None


def _lost(command: Command) -> bool:
    """True if it certainly does nothing else: a sourced file may, one that activates or sets up an environment not."""
    if command.name in (".", "source"):
        name = (command.args[0].text if command.args else "").strip("\"'").rpartition("/")[2]
        return name in ("activate", ".bashrc", ".profile", ".bash_profile", "profile", "bashrc", "env", "nvm.sh")
    if command.name in ("set", "declare", "typeset", "readonly", "hash", "alias", "export", "umask", "ulimit"):
        return bool(command.args) and not any(word.text in ("-p", "-a", "-f", "-F") for word in command.args)
    return command.name in ("unset", "shopt", "unalias")


def _as_env(run: Run, command: Command) -> Fix | None:
    if command.name != "export" or run.flags or run.syntax.comments or len(command.words) < 2:
        return None
    for word in command.args:
        name, equals, value = word.text.partition("=")
        if not equals or not name.isidentifier() or not _PLAIN.fullmatch(value) or not value:
            return None
    keyword = "ENV" if run.name.text[0].isupper() else "env"
    edits = [Edit(run.start, command.args[0].start, f"{keyword} ")]
    return Fix(edits, UNSAFE, "Write ENV", ("option-of-user",))


@rule("DL2108", "run-cd-has-no-effect", on=Run, severity=Severity.ERROR)
def run_cd_has_no_effect(run: Run) -> Findings:
    r"""Change the directory of later steps with WORKDIR, cd holds for its RUN only

    Every RUN starts in the directory of the last WORKDIR.

    ```dockerfile bad
    FROM debian:12
    RUN cd /opt/app
    RUN make
    ```
    ```dockerfile unsafe
    FROM debian:12
    WORKDIR /opt/app
    RUN make
    ```
    ```dockerfile bad
    FROM debian:12
    RUN mkdir -p /opt/app && cd /opt/app
    ```
    ```dockerfile good
    FROM debian:12
    RUN cd /opt/app && make
    RUN make && cd /
    RUN make install && cd .. && rm -rf src
    RUN cd /tmp; make
    ```
    """
    script = only_script(run)
    elements = chain(script) if script is not None else None
    if script is None or elements is None:
        return
    last = command_of(script, elements[-1])
    if last is None or last.name != "cd" or last.wrappers or len(last.args) != 1 or len(elements) > 2:
        return
    if last.simple is None or last.simple.redirects or last.args[0].text in ("/", "-", "..", "~", ".", "$HOME"):
        return
    fix = None
    if len(elements) == 1:
        word = last.args[0]
        if not run.flags and not run.syntax.comments and re.fullmatch(r"[\w./$\{\}-]+", word.text):
            keyword = "WORKDIR" if run.name.text[0].isupper() else "workdir"
            fix = Fix([Edit(run.start, word.start, f"{keyword} ")], UNSAFE, "Write WORKDIR", ("option-of-user",))
    else:
        first = command_of(script, elements[0])
        if first is None or first.name not in ("mkdir", "pwd", "echo", "ls", "cd"):
            return
    yield report(last.words[0], fix=fix)
