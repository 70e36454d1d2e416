"""What RUN had better not run."""

from __future__ import annotations

from dlinter import (
    UNSAFE,
    Command,
    Edit,
    Findings,
    Fix,
    Run,
    Severity,
    report,
    rule,
)
from dlinter_rules.common import in_run, program, runs_as_root

_INTERACTIVE = ("free", "ifconfig", "kill", "mount", "ps", "service", "shutdown", "ssh", "top", "vim")


@rule(
    "DL3001",
    "run-useless-interactive-command",
    on=Command,
    named=_INTERACTIVE,
    severity=Severity.INFO,
    profiles=("hadolint",),
    aliases=("DF060",),
)
def run_useless_interactive_command(command: Command) -> Findings:
    r"""Leave out commands that have no effect in a build

    A build step has no terminal, and its processes end with it: nothing of this is left in the image.

    ```dockerfile bad
    FROM debian:12
    RUN service nginx start
    ```
    ```dockerfile bad
    FROM debian:12
    RUN top -b -n 1 && ifconfig
    ```
    ```dockerfile bad
    FROM debian:12
    RUN vim /etc/hosts
    ```
    ```dockerfile bad
    FROM debian:12
    RUN service ssh stop
    ```
    A service that the same step goes on to use has served its purpose:
    ```dockerfile good
    FROM debian:12
    RUN service postgresql start && psql -f /schema.sql && service postgresql stop
    ```
    So has a helper in the background that is ended at last:
    ```dockerfile good
    FROM debian:12
    RUN mysqld & sleep 10 && mysql -e 'CREATE DATABASE app' && kill %1
    ```
    Asking which processes run is part of ending one, and help and version texts are a test of the installation:
    ```dockerfile good
    FROM debian:12
    RUN redis-server --daemonize yes && kill $(ps -C redis-server -o pid=)
    RUN vim --version && service --status-all
    RUN vim -E -s -u /root/.vimrc +PlugInstall +qall
    RUN vim "+set nomore" "+qall"
    RUN vim -c '%s/a/b/g' -c x /etc/app.conf
    RUN /etc/init.d/ssh start
    ```
    These have their own right:
    ```dockerfile good
    FROM debian:12
    RUN --mount=type=ssh ssh -T git@github.com || true
    RUN --security=insecure mount -t tmpfs tmpfs /mnt
    CMD service nginx start && tail -f /var/log/nginx/access.log
    ```
    """
    run = command.instruction
    if not in_run(command) or _asks_only(command) or _script(command):
        return
    others = [other for other in run.commands if other.name not in _INTERACTIVE and other.name not in _IDLE]
    name = command.name
    if name in ("kill", "ps") and (others or any(other.name == "service" for other in run.commands)):
        return
    if name == "service" and _used(command, others):
        return
    if name == "ssh" and (isinstance(run, Run) and any(mount.type == "ssh" for mount in run.mounts)):
        return
    if name == "mount" and any(flag.name == "security" for flag in run.flags):
        return
    if name == "vim" and any(word.text.lstrip("\"'")[:1] == "+" or word.text in _BATCH for word in command.args):
        return
    yield report(program(command), f"Leave out {name}: it has no effect in a build")


#: vim's options for use without a terminal
_BATCH = ("-c", "-e", "-es", "-E", "-s", "-u")
#: what says nothing about the purpose of a step
_IDLE = frozenset({"sleep", "echo", "true", ":", "set"})


def _asks_only(command: Command) -> bool:
    if command.name == "mount" and not command.args:
        return False
    return any(word.text in ("--version", "-V", "--help", "--status-all", "status", "-h") for word in command.args)


def _script(command: Command) -> bool:
    """True for a script of the same name, such as ``/etc/init.d/ssh``."""
    folder = (program(command).value or "").rpartition("/")[0]
    return bool(folder) and not folder.endswith("bin")


_STARTERS = ("service", "invoke-rc.d", "rc-service", "systemctl", "start-stop-daemon", "pg_ctlcluster")


def _used(command: Command, others: list[Command]) -> bool:
    """True if something runs after the service was started, or before it is stopped."""
    if any(word.text in ("stop", "reload", "force-reload") for word in command.args):
        names = {word.text for word in command.args}
        return any(
            other.start < command.start
            and (other.name in names or (other.name in _STARTERS and not names.isdisjoint(w.text for w in other.args)))
            for other in command.instruction.commands
        )
    return any(other.start > command.start for other in others)


@rule(
    "DL3004",
    "run-sudo",
    on=Command,
    mentions=("sudo",),
    severity=Severity.ERROR,
    profiles=("default", "hadolint", "cis"),
    aliases=("DS-0010", "CKV2_DOCKER_1", "DF010", "DD021"),
)
def run_sudo(command: Command) -> Findings:
    r"""Switch the user with USER instead of sudo

    sudo brings a way to root into the image, and in a build USER does the same for nothing.

    ```dockerfile bad
    FROM debian:12
    USER root
    RUN sudo apt-get update && sudo -E apt-get install -y curl
    ```
    ```dockerfile unsafe
    FROM debian:12
    USER root
    RUN apt-get update && apt-get install -y curl
    ```
    Only root can do without it at once:
    ```dockerfile bad
    FROM debian:12
    USER app
    RUN bash -c "sudo chown app /data"
    ```
    Installing it is no use of it, and to become someone else than root is what it is for:
    ```dockerfile good
    FROM debian:12
    RUN apt-get update && apt-get install -y sudo
    RUN sudo -u postgres createdb app
    RUN sudo -Hu www-data composer install
    CMD sudo nginx
    ```
    """
    if not in_run(command) or (command.name != "sudo" and "sudo" not in command.wrappers):
        return
    at = next(number for number, word in enumerate(command.words) if _is_sudo(word.value))
    if _as_other(command, at):
        return
    yield report(command.words[at], fix=_without(command, at))


def _is_sudo(value: str | None) -> bool:
    return value is not None and value.rsplit("/", 1)[-1] == "sudo"


def _as_other(command: Command, at: int) -> bool:
    """True if the option ``-u`` names someone else than root."""
    words = command.words[at + 1 :]
    for number, word in enumerate(words):
        text = word.text
        if text[:1] != "-" or text == "--":
            return False
        if text.startswith("--user="):
            return text[7:] != "root"
        if text == "--user" or (text[:2] != "--" and text.endswith("u")):
            return number + 1 < len(words) and words[number + 1].text not in ("root", "#0")
        if text[:2] == "-u":
            return text[2:] not in ("root", "#0")
    return False


def _without(command: Command, at: int) -> Fix | None:
    """``sudo`` and its options without a value taken out, where root runs it."""
    if command.instruction.in_onbuild or not runs_as_root(command.instruction) or command.name in ("sudo", ""):
        return None
    after = at + 1
    while after < len(command.words) and command.words[after].text in ("-E", "-n", "-H", "-EH", "-HE", "--"):
        after += 1
    following = command.words[after]
    first, last = command.words[at].start, following.start
    if following.text[:1] == "-" or "=" in following.text or (command.script is None and at):
        return None
    if "\n" in command.instruction.file.text[first:last]:
        return None
    return Fix([Edit(first, last, "")], UNSAFE, "Leave sudo out", ("option-of-user",))


@rule(
    "DL4005",
    "run-relinks-bin-sh",
    on=Command,
    named=("ln",),
    profiles=("default", "hadolint"),
)
def run_relinks_bin_sh(command: Command) -> Findings:
    r"""Choose the shell of RUN with SHELL, not by a link at /bin/sh

    Every script of the image that begins with #!/bin/sh runs in the other shell then, packages' scripts included.

    ```dockerfile bad
    FROM ubuntu:22.04
    RUN rm /bin/sh && ln -s /bin/bash /bin/sh
    ```
    ```dockerfile bad
    FROM ubuntu:22.04
    RUN cd /bin && ln -sf bash sh
    ```
    ```dockerfile bad
    FROM ubuntu:22.04
    RUN ln -snf bash /usr/bin/sh
    ```
    Linking to it changes nothing, and an image without a shell needs one:
    ```dockerfile good
    FROM ubuntu:22.04
    RUN ln -s /bin/sh /usr/local/bin/sh
    SHELL ["/bin/bash", "-c"]
    ```
    ```dockerfile good
    FROM scratch
    COPY busybox /bin/busybox
    RUN ["/bin/busybox", "ln", "-s", "/bin/busybox", "/bin/sh"]
    ```
    """
    if not in_run(command):
        return
    operands = [word for word in command.args if word.text[:1] != "-"]
    if len(operands) < 2 or command.option("-t", "--target-directory") is not None:
        return
    target = operands[-1].value
    inside = target == "sh" and any(
        other.name == "cd" and [word.value for word in other.args] in (["/bin"], ["/usr/bin"])
        for other in command.instruction.commands
    )
    if (target in ("/bin/sh", "/usr/bin/sh") or inside) and "busybox" not in (operands[0].value or ""):
        yield report(operands[-1])
