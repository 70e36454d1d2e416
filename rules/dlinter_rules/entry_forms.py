"""ENTRYPOINT and CMD that do not fit together."""

from __future__ import annotations

from dlinter import UNSAFE, Cmd, Entrypoint, Findings, Fix, Severity, Stage, report, rule
from dlinter_rules.common import certain, image_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    _Kind = TypeVar("_Kind", Entrypoint, Cmd)


@rule("DL2121", "cmd-with-shell-entrypoint", on=Stage, mentions=("entrypoint",), severity=Severity.ERROR)
def cmd_with_shell_entrypoint(stage: Stage) -> Findings:
    r"""Write ENTRYPOINT as JSON, in shell form it gets nothing of CMD

    The shell is started with ENTRYPOINT's text alone, so neither CMD nor the arguments of docker run reach it.

    ```dockerfile bad
    FROM debian:12
    ENTRYPOINT nginx
    CMD ["-g", "daemon off;"]
    ```
    ```dockerfile good
    FROM debian:12
    ENTRYPOINT ["nginx"]
    CMD ["-g", "daemon off;"]
    ```
    ```dockerfile good
    FROM debian:12
    ENTRYPOINT exec nginx -g 'daemon off;'
    ```
    In the stage that changes it, the other is what counts:
    ```dockerfile good
    FROM debian:12 AS base
    CMD ["bash"]
    FROM base
    ENTRYPOINT exec nginx -g 'daemon off;'
    ```
    """
    entrypoint, cmd = _last(stage, Entrypoint), _last(stage, Cmd)
    if entrypoint is None or cmd is None or entrypoint.form != "shell" or not entrypoint.args or not cmd.args:
        return
    if not any(word.value.strip("\"'") for word in cmd.args):
        return
    if stage.file.facts.windows(stage) or "$@" in entrypoint.args[0].text or "$*" in entrypoint.args[0].text:
        return
    yield report(cmd.name, f"ENTRYPOINT at line {entrypoint.line} is in shell form, so this CMD is never used")


@rule("DL2122", "cmd-shell-form-with-exec-entrypoint", on=Stage, mentions=("entrypoint",), severity=Severity.ERROR)
def cmd_shell_form_with_exec_entrypoint(stage: Stage) -> Findings:
    r"""Write CMD as JSON behind an ENTRYPOINT

    In shell form the program of ENTRYPOINT gets /bin/sh, -c and the whole line as its arguments.

    ```dockerfile bad
    FROM debian:12
    ENTRYPOINT ["nginx"]
    CMD -g 'daemon off;'
    ```
    ```dockerfile unsafe
    FROM debian:12
    ENTRYPOINT ["nginx"]
    CMD ["-g", "daemon off;"]
    ```
    ```dockerfile bad
    FROM debian:12
    ENTRYPOINT ["/usr/bin/python3", "app.py"]
    CMD 80 $HOST
    ```
    A script that ends in exec "$@" can do with a shell, and so can what starts its arguments:
    ```dockerfile good
    FROM debian:12
    ENTRYPOINT ["/entrypoint.sh"]
    CMD nginx -g 'daemon off;'
    ```
    ```dockerfile good
    FROM debian:12
    ENTRYPOINT ["tini", "--"]
    CMD nginx -g 'daemon off;'
    ```
    """
    entrypoint, cmd = _last(stage, Entrypoint), _last(stage, Cmd)
    if entrypoint is None or cmd is None or entrypoint.form != "json" or cmd.form != "shell" or not cmd.args:
        return
    if not entrypoint.args or starts_others(entrypoint) or stage.file.facts.windows(stage):
        return
    first = cmd.args[0].text.split(maxsplit=1)[0]
    name = entrypoint.args[0].value.rsplit("/", 1)[-1]
    if not first.startswith("-") and not name.startswith(("python", "node", "java", "ruby", "php", "perl", "dotnet")):
        return
    from dlinter_rules.command_form import as_json

    found = as_json(cmd)
    fix = None if found is None else Fix(found.edits, UNSAFE, "Write it as JSON", found.neutral)
    yield report(cmd.args[0], f"{name} gets `/bin/sh -c …` as its arguments: write CMD as JSON", fix)


#: programs that start the rest of their words
_STARTERS = frozenset({
    "ash", "bash", "catatonit", "chamber", "confd", "dash", "docker-init", "dockerize", "dumb-init", "eatmydata", "env",
    "envconsul", "exec", "gosu", "init", "my_init", "nice", "pid1", "s6-svscan", "setpriv", "sh", "ssh-agent", "su",
    "su-exec", "sudo", "supervisord", "time", "timeout", "tini", "wait-for", "wait-for-it", "xvfb-run",
})  # fmt: skip


def starts_others(entrypoint: Entrypoint) -> bool:
    """True if the program of *entrypoint* may start its arguments: a script, an init, or one that is not known."""
    words = [word.value for word in entrypoint.args]
    name = words[0].rsplit("/", 1)[-1]
    if name.partition(".")[0] in _STARTERS or "$" in words[0] or words[-1] == "--":
        return True
    if name.startswith(("python", "node", "java", "ruby", "php", "perl", "dotnet")):
        return any("entry" in word or "run" in word or "start" in word for word in words[1:])
    return "/" in words[0] and not words[0].startswith(("/bin/", "/usr/bin/", "/usr/sbin/", "/sbin/"))


@rule(
    "DL2123",
    "cmd-args-without-entrypoint",
    on=Stage,
    reads="family",
    mentions=('"-', "cmd -"),
    severity=Severity.ERROR,
)
def cmd_args_without_entrypoint(stage: Stage) -> Findings:
    r"""Name the program that CMD gives options to

    Without an ENTRYPOINT the first word of CMD is the program, and none is called like an option.

    ```dockerfile bad
    FROM debian:12
    CMD ["-g", "daemon off;"]
    ```
    ```dockerfile bad
    FROM python:3.12
    CMD -p 80
    ```
    ```dockerfile good
    FROM debian:12
    ENTRYPOINT ["nginx"]
    CMD ["-g", "daemon off;"]
    ```
    Other images may have an ENTRYPOINT:
    ```dockerfile good
    FROM example.com/nginx:1
    CMD ["-g", "daemon off;"]
    ```
    """
    cmd, image = _last(stage, Cmd), image_of(stage)
    facts = stage.file.facts
    if cmd is None or not cmd.args or not cmd.args[0].value.startswith("-") or facts.entrypoint(stage) is not None:
        return
    if any(facts.entrypoint(each) is not None for each in facts.descendants(stage)):
        return
    known = facts.scratch(stage) or (image is not None and image.entrypoint == () and certain(stage))
    if known and image is not None and image.family not in ("windows", "scratch"):
        yield report(
            cmd.args[0], f"{cmd.args[0].value.split()[0]} is no program, and there is no ENTRYPOINT to give it to"
        )


def _last(stage: Stage, kind: type[_Kind]) -> _Kind | None:
    """The last of this kind in *stage* itself."""
    return next((each for each in reversed(stage.instructions) if isinstance(each, kind)), None)
