"""Accounts, their passwords and what they may do."""

from __future__ import annotations

from dlinter import Command, Findings, Run, Stage, User, report, rule
from dlinter.scripts import SH_LIKE
from dlinter_grammar import regex as re
from dlinter_grammar.nodes import Span
from dlinter_rules.common import in_run, program

#: programs that go on as another user
_STEPPING_DOWN = re.compile(
    r"\b(?:gosu|su-exec|setpriv|chpst|runuser|s6-setuidgid|s6-applyuidgid|sudo|su|start-stop-daemon)\b"
)
_SUDOERS = re.compile(r"NOPASSWD\s*:\s*ALL\b")
#: accounts that an image offers to those who use it
_OFFERED = (None, "node", "vscode", "gitpod", "codespace", "devcontainer")


@rule(
    "DL7101",
    "user-created-never-used",
    on=Stage,
    mentions=("useradd", "adduser"),
    profiles=("default", "cis"),
    aliases=("CIS-4.1",),
)
def user_created_never_used(stage: Stage) -> Findings:
    r"""Switch to the user that was made for the program

    Without USER everything runs as root, and the account is there for nothing.

    ```dockerfile bad
    FROM node:22-slim
    RUN useradd --system --create-home app
    COPY --chown=app . /app
    CMD ["node", "/app/server.js"]
    ```
    ```dockerfile good
    FROM node:22-slim
    RUN useradd --system --create-home app
    USER app
    CMD ["node", "server.js"]
    ```
    A program may change to it by itself, and scripts may do so:
    ```dockerfile good
    FROM debian:12
    RUN useradd --system redis
    ENTRYPOINT ["gosu", "redis", "redis-server"]
    ```
    ```dockerfile good
    FROM debian:12
    RUN useradd --system app
    COPY docker-entrypoint.sh /
    ENTRYPOINT ["/docker-entrypoint.sh"]
    CMD ["app"]
    ```
    An image for others to build on, as node's own, or to develop in leaves the choice to them:
    ```dockerfile good
    FROM debian:12
    RUN useradd --uid 1000 node
    CMD ["node"]
    ```
    ```dockerfile good
    FROM python:3.12 AS dev-envs
    RUN useradd -s /bin/bash -m vscode
    CMD ["python3", "app.py"]
    ```
    ```dockerfile good
    FROM debian:12
    RUN useradd --system nginx && apt-get update && apt-get install -y nginx
    CMD ["nginx", "-g", "daemon off;"]
    ```
    """
    facts = stage.file.facts
    if facts.children(stage) or next(facts.before(stage, User), None) is not None or not facts.ships(stage):
        return
    starts = [i for i in (facts.entrypoint(stage), facts.cmd(stage)) if i is not None]
    if not starts or any(_STEPPING_DOWN.search(i.syntax.map.text) for i in starts):
        return
    programs = {(word.value or "").rsplit("/", 1)[-1] for i in starts for c in i.commands for word in c.words}
    if not any(name.startswith(_RUNTIMES) for name in programs):
        return
    for command in (c for run in stage.of(Run) for c in run.commands):
        if command.name in ("useradd", "adduser") and command.args and command.args[-1].value not in _OFFERED:
            yield report(program(command), "Switch to this user with USER: the container runs as root")
            return


#: programs that run an application and never change their user by themselves
_RUNTIMES = (
    "python",
    "node",
    "java",
    "npm",
    "yarn",
    "ruby",
    "bundle",
    "dotnet",
    "gunicorn",
    "uvicorn",
    "flask",
    "deno",
    "bun",
)


@rule("DL7102", "chmod-world-writable", on=Command, named=("chmod",), profiles=("cis",))
def chmod_world_writable(command: Command) -> Findings:
    r"""Give write access to the user who needs it, not to everyone

    Whatever runs in the container can change these files, a program among them that somebody broke into.

    ```dockerfile bad
    FROM debian:12
    RUN chmod -R 777 /app
    ```
    ```dockerfile bad
    FROM debian:12
    RUN chmod a+rwx /var/log/app
    ```
    ```dockerfile good
    FROM debian:12
    RUN chmod 755 /app && chmod u+w /app && chmod 1777 /tmp && chmod -R g=u /app
    RUN chmod 777 /tmp /var/tmp
    RUN chmod a+rwx,o-w /srv && chmod 0666 /dev/null
    ```
    """
    if not in_run(command):
        return
    words = [word for word in command.args if word.text[:1] != "-" or re.fullmatch(r"-[rwx]+", word.text)]
    mode = words[0].value if words else None
    if mode is None or not _world_writable(mode):
        return
    paths = [word.value or word.text for word in words[1:]]
    if paths and all(
        path.rstrip("/") in ("/tmp", "/var/tmp", "/dev/shm") or path.startswith("/dev/") for path in paths
    ):
        return
    yield report(words[0], f"{mode} lets everyone write")


@rule("DL7109", "chmod-setuid", on=Command, named=("chmod",), profiles=("cis",), aliases=("CIS-4.8", "CIS-DI-0008"))
def chmod_setuid(command: Command) -> Findings:
    r"""Give no program the rights of its owner

    Whoever may run it acts as its owner, root most likely, which is a way around USER.

    ```dockerfile bad
    FROM debian:12
    RUN chmod u+s /usr/bin/tool
    ```
    ```dockerfile bad
    FROM debian:12
    RUN chmod 4755 /usr/bin/tool
    ```
    ```dockerfile good
    FROM debian:12
    RUN chmod u-s /usr/bin/passwd && chmod 755 /usr/bin/tool && chmod 1777 /tmp && chmod a+s-s /x
    RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +
    ```
    The group of a folder that is shared is something else:
    ```dockerfile good
    FROM debian:12
    RUN chmod g+s /srv/data && chmod 2775 /srv/data
    ```
    """
    words = [word for word in command.args if word.text[:1] != "-" or re.fullmatch(r"-[rwxs]+", word.text)]
    mode = words[0].value if words and in_run(command) else None
    if mode is None:
        return
    symbolic = any(re.fullmatch(r"[ugoa]*[ua][ugoa]*[+=][rwxXt]*s[rwxXst]*", clause) for clause in mode.split(","))
    if symbolic or re.fullmatch(r"0*[4567][0-7]{3}", mode):
        yield report(words[0], f"{mode} lets everyone who may run it act as its owner")


def _world_writable(mode: str) -> bool:
    if re.fullmatch(r"[0-7]{3,5}", mode):
        special = int(mode[-4]) if len(mode) > 3 else 0
        return bool(int(mode[-1]) & 2) and not special & 1
    clauses = mode.split(",")
    return (
        len(clauses) == 1
        and re.fullmatch(r"(?:[ug]*[ao][uga]*|[ugoa]*o[ugoa]*)[+=][rxXst]*w[rwxXst]*", mode) is not None
    )


@rule("DL7103", "passwd-empty-or-set", on=Run, mentions=("passwd",), profiles=("default", "cis"))
def passwd_empty_or_set(run: Run) -> Findings:
    r"""Leave passwords out of the image

    They can be read in its history, and every container that was ever started from it has the same one.

    ```dockerfile bad
    FROM debian:12
    RUN echo 'root:hunter2' | chpasswd
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN passwd -d root
    ```
    ```dockerfile good
    FROM debian:12
    RUN passwd -l root && useradd --no-create-home app
    RUN echo 'app:U6aMy0wojraho' | chpasswd -e
    RUN --mount=type=secret,id=password chpasswd < /run/secrets/password
    ```
    """
    for script in run.scripts:
        if script.root is None or script.dialect not in SH_LIKE or run.mounts:
            continue
        for command in run.commands:
            words = {word.value for word in command.args}
            text = run.syntax.map.text
            if command.name == "passwd" and words & {"-d", "--delete"}:
                yield report(program(command), "An account without a password lets everyone in who can log in")
            elif (
                command.name == "chpasswd"
                and command.option("-e", "--encrypted") is None
                and re.search(r"(?:echo|printf|<<<)\s[^|]*\w:[^\s$'\"|]{2,}", text)
            ):
                yield report(program(command), "This password stays readable in the history of the image")
        return


@rule("DL7104", "sudoers-nopasswd", on=Run, mentions=("nopasswd",), profiles=("cis",))
def sudoers_nopasswd(run: Run) -> Findings:
    r"""Do not let an account become root without a password

    USER protects nothing then: whoever gets hold of the program is root with one more command.

    ```dockerfile bad
    FROM debian:12
    RUN echo 'app ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/app
    ```
    ```dockerfile good
    FROM debian:12
    RUN echo 'app ALL=(root) NOPASSWD: /usr/bin/systemctl reload nginx' > /etc/sudoers.d/app
    ```
    Images to develop in are meant for it:
    ```dockerfile good
    FROM debian:12 AS devcontainer
    RUN echo 'vscode ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/vscode
    ```
    """
    stage = run.stage
    name = f"{run.file.path} {(stage.name or '') if stage is not None else ''}".lower()
    if re.search(r"dev|test|ci\b|gitpod|codespace", name) or not (stage is None or run.file.facts.ships(stage)):
        return
    found = _SUDOERS.search(run.syntax.map.text)
    if found is not None and "sudoers" in run.syntax.map.text:
        start, end = run.syntax.map.span(*found.span())
        yield report(Span(start, end))
