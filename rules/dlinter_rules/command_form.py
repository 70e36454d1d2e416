"""CMD and ENTRYPOINT."""

from __future__ import annotations

from dlinter import (
    SAFE,
    UNSAFE,
    Cmd,
    Edit,
    Entrypoint,
    Findings,
    Fix,
    Healthcheck,
    Instruction,
    report,
    rule,
)
from dlinter_grammar import regex as re
from dlinter_rules.command_scripts import is_linux, may_be_script, printed
from dlinter_rules.common import certain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter import Stage
    from dlinter.commands import Command
    from dlinter.edits import Safety

#: words that only a shell understands (POSIX special built-ins and the others of dash(1) and bash(1))
_BUILTINS = frozenset({
    ".", ":", "[", "alias", "bg", "break", "builtin", "cd", "command", "continue", "declare", "dirs", "disown",
    "enable", "eval", "exec", "exit", "export", "false", "fc", "fg", "getopts", "hash", "help", "history", "jobs",
    "kill", "let", "local", "logout", "popd", "printf", "pushd", "pwd", "read", "readonly", "return", "set",
    "shift", "shopt", "source", "suspend", "test", "times", "trap", "true", "type", "typeset", "ulimit", "umask",
    "unalias", "unset", "wait", "echo", "if", "for", "while", "until", "case", "function", "select", "time", "{",
    "}", "!", "[[",
})  # fmt: skip
#: official images without an ENTRYPOINT, so that CMD is the command (docker-library, 2026-11)
_PLAIN = frozenset({
    "alpine", "almalinux", "amazonlinux", "archlinux", "buildpack-deps", "busybox", "centos", "dart", "debian",
    "elixir", "erlang", "fedora", "gcc", "golang", "gradle", "haskell", "httpd", "ibmjava", "jruby", "mono",
    "openjdk", "oraclelinux", "perl", "photon", "pypy", "python", "r-base", "rockylinux", "ruby", "rust", "swift",
    "tomcat", "ubuntu",
})  # fmt: skip
#: those whose ENTRYPOINT runs CMD as it is, unless it is an option (node, php) or no program (node)
_HANDS_ON = frozenset({"node", "php"})


@rule(
    "DL3025",
    "cmd-shell-form",
    on=(Cmd, Entrypoint, Healthcheck),
    reads="family",
    profiles=("default", "hadolint"),
    aliases=("JSONArgsRecommended", "S7019", "DF025", "DD019"),
)
def cmd_shell_form(
    instruction: Cmd | Entrypoint | Healthcheck, *, allow_exec: bool = True, healthchecks: bool = False
) -> Findings:
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
    What only a shell can do it still does, and makes way for the program that is last:
    ```dockerfile bad
    FROM python:3.12
    ENTRYPOINT ["/entrypoint.sh"]
    CMD python app.py --port $PORT --name "my app"
    ```
    ```dockerfile fixed
    FROM python:3.12
    ENTRYPOINT ["/entrypoint.sh"]
    CMD ["/bin/sh", "-c", "exec python app.py --port $PORT --name \"my app\""]
    ```
    ```dockerfile bad
    FROM node:20
    CMD cd /srv && \
        $HOME/bin/server > /log
    ```
    ```dockerfile fixed
    FROM node:20
    CMD ["/bin/sh", "-c", "cd /srv && \
        exec $HOME/bin/server > /log"]
    ```
    Of what another program leaves running the shell would take care:
    ```dockerfile bad
    FROM node:20
    CMD npm run migrate && node server.js
    ```
    ```dockerfile unsafe
    FROM node:20
    CMD ["/bin/sh", "-c", "npm run migrate && exec node server.js"]
    ```
    A program that does not start its arguments sees the difference:
    ```dockerfile bad
    FROM python:3.12
    ENTRYPOINT ["printf", "%s"]
    CMD date +$FORMAT
    ```
    ```dockerfile unsafe
    FROM python:3.12
    ENTRYPOINT ["printf", "%s"]
    CMD ["/bin/sh", "-c", "exec date +$FORMAT"]
    ```
    Which shell other people's images have set is not known:
    ```dockerfile bad
    FROM registry.example.com/python:3.12
    CMD python app.py --port $PORT
    ```
    ```dockerfile unsafe
    FROM registry.example.com/python:3.12
    CMD ["/bin/sh", "-c", "exec python app.py --port $PORT"]
    ```
    A CMD that is to be the arguments of ENTRYPOINT would still not be used:
    ```dockerfile bad
    FROM python:3.12
    ENTRYPOINT locust --host $HOST
    CMD ["--master"]
    ```
    Where a program of the shell is last, or something runs beside it, nothing is won:
    ```dockerfile bad
    FROM node:20
    CMD node a.js & node b.js
    ```
    ```dockerfile bad
    FROM node:20
    CMD server() { node server.js; }; server
    ```
    ```dockerfile bad
    FROM node:20
    CMD node server.js | tee /log
    ```
    An ENTRYPOINT that only hands its words on is none in the way:
    ```dockerfile bad
    FROM node:20
    CMD npm start
    ```
    ```dockerfile fixed
    FROM node:20
    CMD ["npm", "start"]
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
    Programs of packages are started alike by both, and echo prints the same:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y apache2 supervisor && rm -rf /var/lib/apt/lists/*
    COPY supervisord.conf start.sh /
    CMD /usr/sbin/apache2ctl -D FOREGROUND
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y apache2 supervisor && rm -rf /var/lib/apt/lists/*
    COPY supervisord.conf start.sh /
    CMD ["/usr/sbin/apache2ctl", "-D", "FOREGROUND"]
    ```
    ```dockerfile bad
    FROM busybox:1.36
    CMD echo "Hello World"
    ```
    ```dockerfile fixed
    FROM busybox:1.36
    CMD ["echo", "Hello World"]
    ```
    A script without a `#!` line runs in a shell only, so files that may be one need a look:
    ```dockerfile bad
    FROM debian:12
    RUN echo 'exec sleep 9' > /usr/bin/app && chmod 755 /usr/bin/app
    CMD /usr/bin/app
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN echo 'exec sleep 9' > /usr/bin/app && chmod 755 /usr/bin/app
    CMD ["/usr/bin/app"]
    ```
    ```dockerfile bad
    FROM debian:12
    COPY usr /usr
    CMD /usr/bin/app
    ```
    ```dockerfile unsafe
    FROM debian:12
    COPY usr /usr
    CMD ["/usr/bin/app"]
    ```
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
    `allow-exec` as `false`, which the hadolint profile sets. That one sets `healthchecks` as well, so that it finds
    those of HEALTHCHECK:
    ```dockerfile good
    FROM eclipse-temurin:21
    HEALTHCHECK CMD curl -f http://localhost/ || exit 1
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
    if isinstance(instruction, Healthcheck) and not healthchecks:
        return
    facts = instruction.file.facts
    if facts.has_shell(instruction) or facts.dialect(instruction) != "sh":
        return
    if not instruction.args:
        yield report(instruction.name)
        return
    if allow_exec and _makes_way(instruction):
        return
    direct = None if isinstance(instruction, Healthcheck) else as_json(instruction)
    yield report(instruction.args[0], fix=direct or in_shell(instruction))


def _makes_way(instruction: Instruction) -> bool:
    """True if the script is a command behind ``exec``."""
    return any(command.wrappers[:1] == ["exec"] for command in instruction.commands[:1])


def becomes_json(instruction: Cmd | Entrypoint) -> bool:
    """True if the rule, as it is in every profile, writes *instruction* as JSON."""
    return as_json(instruction) is not None or (not _makes_way(instruction) and in_shell(instruction) is not None)


def as_json(instruction: Cmd | Entrypoint) -> Fix | None:
    """The words of a simple command as a JSON array; None where it needs a shell."""
    words = _plain_words(instruction)
    if words is None or instruction.syntax.comments or instruction.in_onbuild:
        return None
    argument = instruction.args[0]
    from dlinter.shell_edits import json_string

    text = f"[{', '.join(json_string(word) for word in words)}]"
    safety = UNSAFE if may_be_script(instruction, words[0]) else _safety(instruction)
    return Fix([Edit(argument.start, argument.end, text)], safety, "Write it as JSON", ("direct-pid1",))


def in_shell(instruction: Cmd | Entrypoint | Healthcheck) -> Fix | None:
    """The script as JSON for the shell that runs it anyway, with exec ahead of the program that is last.

    None where nothing is won by it: the last command is the shell's own, or the shell has to stay for something.
    """
    if instruction.syntax.comments or instruction.syntax.blanks or instruction.in_onbuild or instruction.heredocs:
        return None
    if len(instruction.scripts) != 1 or instruction.file.escape != "\\" or instruction.stage is None:
        return None
    if isinstance(instruction, Entrypoint) and instruction.file.facts.cmd(instruction.stage) is not None:
        return None  # whoever wrote both meant CMD to be used
    argument = instruction.args[0]
    at, neutral, safety = argument.start, list[str](), SAFE
    if not isinstance(instruction, Healthcheck):
        last = _last_program(instruction)
        if last is None:
            return None
        if last.wrappers[:1] != ["exec"]:
            at = last.words[0].start
            # what was started before may leave children behind, of which the shell would have taken care
            quick = all(each is last or (each.name in _PASSING and not each.wrappers) for each in instruction.commands)
            safety = SAFE if quick else UNSAFE
            neutral.append("shell-makes-way" if quick else "option-of-user:words-added=exec")
    text = instruction.file.text
    parts = [_in_string(part) for part in (text[argument.start : at], text[at : argument.end])]
    if not all(part.replace("\n", "").replace("\r", "").isprintable() for part in parts):
        return None
    script = ("exec " if neutral else "").join(parts)
    if isinstance(instruction, Cmd) and _is_looked_at(instruction.stage):
        safety = UNSAFE
    base = instruction.file.facts.base(instruction.stage)
    known = base is not None and base.official and certain(instruction.stage)
    if not known and not (isinstance(instruction, Healthcheck) and is_linux(instruction)):
        safety = UNSAFE
        neutral.append("option-of-user:shell=/bin/sh -c")
    edit = Edit(argument.start, argument.end, f'["/bin/sh", "-c", "{script}"]')
    return Fix([edit], safety, "Write it as JSON", neutral)


def _is_looked_at(stage: Stage) -> bool:
    """True if an ENTRYPOINT is in front of the CMD of *stage* that does not start it, and so sees it as it is."""
    from dlinter_rules.entry_forms import starts_others

    facts = stage.file.facts
    for each in (stage, *facts.descendants(stage)):
        found = facts.entrypoint(each)
        if found is None or found.form != "json" or not found.args or starts_others(found):
            continue
        name = found.args[0].value
        if not name.endswith(".sh") and "entry" not in name:
            return True
    return False


def _last_program(instruction: Instruction) -> Command | None:
    """The command that ends the script if it is a program, and the shell has nothing to do beside or after it."""
    from dlinter.shell_edits import command_of
    from dlinter_grammar.shell_nodes import AndOr, Function, Simple, walk

    script = instruction.scripts[0]
    if script.root is None or not script.root.statements or script.quoting != "":
        return None
    if any(each.terminator is not None and each.terminator.text == "&" for each in script.root.statements):
        return None
    node = script.root.statements[-1].node
    node = node.items[-1] if isinstance(node, AndOr) else node
    for other in walk(script.root):
        if isinstance(other, Function):
            return None
        if isinstance(other, Simple) and other.words and other.words[0].value in ("trap", "alias", ".", "eval"):
            return None
    command = command_of(script, node)
    if command is None or command.simple is None or command.assignments or command.words[0].text[:1] == "-":
        return None
    if any(redirect.operator[:2] == "<<" for redirect in command.simple.redirects):
        return None
    first = command.words[0]
    if (
        not first.text.strip("\"'")
        or first.value in _BUILTINS - {"exec"}
        or (first.value is None and ("/" not in first.text or first.text[0] == "["))
        or "=" in first.text
    ):
        return None
    return command


#: commands that leave no process behind
_PASSING = frozenset({
    "[", "basename", "cat", "cd", "chmod", "chown", "cp", "date", "dirname", "echo", "envsubst", "exit", "export",
    "false",
    "grep", "hostname", "id", "ln", "ls", "mkdir", "mv", "printf", "pwd", "rm", "sed", "set", "sleep", "test", "touch",
    "true", "ulimit", "umask", "unset",
})  # fmt: skip
#: a line that goes on, with the blanks that begin the next one
_CONTINUED = re.compile(r"\\[ \t]*\r?\n[ \t]*")


def _in_string(text: str) -> str:
    """*text*, a piece of a script as it stands in the file, inside a JSON string; lines go on where they did."""
    pieces, at = list[str](), 0
    for found in _CONTINUED.finditer(text):
        pieces += [_escaped(text[at : found.start()]), found[0].replace("\t", "    ")]
        at = found.end()
    return "".join([*pieces, _escaped(text[at:])])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")


def _plain_words(instruction: Cmd | Entrypoint) -> list[str] | None:
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
    if len(fixed) != len(words) or not fixed or not fixed[0] or "=" in fixed[0]:
        return None
    if fixed[0] in _BUILTINS and not (printed(fixed) and _safety(instruction) is SAFE):
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
    return SAFE if base is not None and base.official and base.path in _PLAIN | _HANDS_ON else UNSAFE
