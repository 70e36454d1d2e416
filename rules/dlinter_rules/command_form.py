"""CMD and ENTRYPOINT."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Add, Cmd, Copy, Edit, Entrypoint, Findings, Fix, Instruction, report, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.edits import Safety

#: words that only a shell understands (POSIX special built-ins and the others of dash(1) and bash(1))
_BUILTINS = frozenset(
    [
        ".",
        ":",
        "[",
        "alias",
        "bg",
        "break",
        "builtin",
        "cd",
        "command",
        "continue",
        "declare",
        "dirs",
        "disown",
        "enable",
        "eval",
        "exec",
        "exit",
        "export",
        "false",
        "fc",
        "fg",
        "getopts",
        "hash",
        "help",
        "history",
        "jobs",
        "kill",
        "let",
        "local",
        "logout",
        "popd",
        "printf",
        "pushd",
        "pwd",
        "read",
        "readonly",
        "return",
        "set",
        "shift",
        "shopt",
        "source",
        "suspend",
        "test",
        "times",
        "trap",
        "true",
        "type",
        "typeset",
        "ulimit",
        "umask",
        "unalias",
        "unset",
        "wait",
        "echo",
        "if",
        "for",
        "while",
        "until",
        "case",
        "function",
        "select",
        "time",
        "{",
        "}",
        "!",
        "[[",
    ]
)
#: official images without an ENTRYPOINT, so that CMD is the command (docker-library, 2026-11)
_PLAIN = frozenset(
    [
        "alpine",
        "almalinux",
        "amazonlinux",
        "archlinux",
        "buildpack-deps",
        "busybox",
        "centos",
        "clearlinux",
        "debian",
        "elixir",
        "erlang",
        "fedora",
        "gcc",
        "golang",
        "gradle",
        "haskell",
        "httpd",
        "ibmjava",
        "jruby",
        "mono",
        "openjdk",
        "opensuse",
        "oraclelinux",
        "perl",
        "photon",
        "pypy",
        "python",
        "r-base",
        "rakudo-star",
        "rockylinux",
        "ros",
        "ruby",
        "rust",
        "sl",
        "swift",
        "tomcat",
        "ubuntu",
        "dart",
    ]
)


@rule(
    "DL3025",
    "cmd-shell-form",
    on=(Cmd, Entrypoint),
    reads="family",
    profiles=("default", "hadolint"),
    aliases=("JSONArgsRecommended", "S7019", "DF025", "DD019"),
)
def cmd_shell_form(instruction: Cmd | Entrypoint, *, allow_exec: bool = True) -> Findings:
    r"""Write CMD and ENTRYPOINT as JSON arrays

    In shell form a shell runs as process 1 and does not pass signals on, so the container is killed, not stopped.

    ```dockerfile bad
    FROM python:3.12
    CMD python app.py --port 80
    ```
    ```dockerfile fixed
    FROM python:3.12
    CMD ["python", "app.py", "--port", "80"]
    ```
    What only a shell can do is left to you:
    ```dockerfile bad
    FROM python:3.12
    CMD python app.py --port $PORT
    ```
    ```dockerfile bad
    FROM node:20
    CMD npm run migrate && node server.js
    ```
    Behind an ENTRYPOINT the words of CMD are its arguments:
    ```dockerfile bad
    FROM python:3.12
    ENTRYPOINT ["/entrypoint.sh"]
    CMD gunicorn app:app
    ```
    ```dockerfile unsafe
    FROM python:3.12
    ENTRYPOINT ["/entrypoint.sh"]
    CMD ["gunicorn", "app:app"]
    ```
    A script without a `#!` line runs in a shell only, so files that may be one need a look:
    ```dockerfile bad
    FROM debian:12
    COPY run.sh /
    CMD /run.sh
    ```
    ```dockerfile unsafe
    FROM debian:12
    COPY run.sh /
    CMD ["/run.sh"]
    ```
    ```dockerfile bad
    FROM debian:12
    COPY run /usr/local/bin/run
    CMD run --all
    ```
    ```dockerfile unsafe
    FROM debian:12
    COPY run /usr/local/bin/run
    CMD ["run", "--all"]
    ```
    ENTRYPOINT in shell form ignores CMD, as JSON it would not:
    ```dockerfile bad
    FROM ruby:3.3
    ENTRYPOINT bundle exec puma
    ```
    ```dockerfile unsafe
    FROM ruby:3.3
    ENTRYPOINT ["bundle", "exec", "puma"]
    ```
    ```dockerfile good
    FROM python:3.12
    CMD ["python", "app.py"]
    ```
    With exec the shell makes way for the program. BuildKit, which reports it, does not look; nor does the option
    `allow-exec` as `false`:
    ```dockerfile good
    FROM eclipse-temurin:21
    CMD exec java $JAVA_OPTS -jar /app.jar
    ```
    ```dockerfile bad
    FROM debian:12
    CMD
    ```
    A SHELL was chosen on purpose:
    ```dockerfile good
    FROM python:3.12
    SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    CMD python app.py
    ```
    """
    if instruction.form != "shell" or instruction.stage is None:
        return
    facts = instruction.file.facts
    if facts.has_shell(instruction) or facts.dialect(instruction) != "sh":
        return
    if not instruction.args:
        yield report(instruction.name)
        return
    if allow_exec and any(command.wrappers[:1] == ["exec"] for command in instruction.commands[:1]):
        return
    yield report(instruction.args[0], fix=as_json(instruction))


def as_json(instruction: Cmd | Entrypoint) -> Fix | None:
    """The words of a simple command as a JSON array; None where it needs a shell."""
    words = _plain_words(instruction)
    if words is None or instruction.syntax.comments or instruction.in_onbuild:
        return None
    argument = instruction.args[0]
    from dlinter.shell_edits import json_string

    text = f"[{', '.join(json_string(word) for word in words)}]"
    safety = UNSAFE if "/" in words[0] or "." in words[0] or _copied(instruction, words[0]) else _safety(instruction)
    return Fix([Edit(argument.start, argument.end, text)], safety, "Write it as JSON", ("direct-pid1",))


def _copied(instruction: Instruction, name: str) -> bool:
    """True if a file of this name was copied: it may be a script without a ``#!`` line."""
    for copy in instruction.file.facts.before(instruction, Copy, Add):
        if any(token.value.rsplit("/", 1)[-1].partition(".")[0] == name for token in copy.args):
            return True
    return False


def _plain_words(instruction: Instruction) -> list[str] | None:
    """The words of one simple command made of fixed text only; None for anything that needs a shell."""
    if len(instruction.scripts) != 1:
        return None
    from dlinter.shell_edits import chain
    from dlinter_grammar.shell_nodes import Simple

    elements = chain(instruction.scripts[0])
    if elements is None or len(elements) != 1 or not isinstance(elements[0], Simple):
        return None
    simple = elements[0]
    if simple.assignments or simple.redirects or simple.start != 0:
        return None
    if simple.end != len(instruction.scripts[0].text.rstrip()):
        return None
    words = [word.value for word in simple.words]
    fixed = [word for word in words if word is not None]
    if len(fixed) != len(words) or not fixed or not fixed[0] or fixed[0] in _BUILTINS or "=" in fixed[0]:
        return None
    return fixed if all(word.isprintable() for word in fixed) else None


def _safety(instruction: Cmd | Entrypoint) -> Safety:
    """SAFE for a CMD that no ENTRYPOINT is in front of, as far as file and base image tell."""
    stage = instruction.stage
    assert stage is not None
    facts = instruction.file.facts
    if isinstance(instruction, Entrypoint) or instruction.in_onbuild:
        return UNSAFE
    if any(facts.entrypoint(each) is not None for each in [stage, *facts.descendants(stage)]):
        return UNSAFE
    base = facts.base(stage)
    if any("$" in each.base.image.text for each in facts.chain(stage) if each.base.image is not None):
        return UNSAFE
    return SAFE if base is not None and base.official and base.path in _PLAIN else UNSAFE
