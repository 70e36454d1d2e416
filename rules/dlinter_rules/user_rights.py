"""What the user of an image may do, and what it cannot."""

from __future__ import annotations

from dlinter import UNSAFE, Command, Dockerfile, Edit, Expose, Findings, Fix, Run, Severity, Stage, User, report, rule
from dlinter.images import lookup
from dlinter.packages import package_call
from dlinter_grammar import regex as re
from dlinter_rules.common import certain, certainly_runs, failure_ends, image_of, in_run, is_root, program
from dlinter_rules.options import value_of_option
from dlinter_rules.started import started
from dlinter_rules.user_numbers import number_given

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter import Instruction
    from dlinter.images import Image

#: programs that start as root and go on as another user, by themselves or with a script of their image
_DROPPING = re.compile(
    r"\b(?:gosu|su-exec|setpriv|chpst|runuser|s6-\w+|sudo|su|supervisord|nginx|httpd|apache2\w*|php-fpm\S*|init|systemd"
    r"|sshd|postfix|dovecot|cron|crond|haproxy|mysqld\w*|postgres|redis-server|mongod|named|chronyd|rsyslogd)\b"
)
_FOR_DEVELOPERS = re.compile(r"(?:^|[\W_])(?:devcontainer|gitpod|codespaces?|dev|test|ci)(?:$|[\W_])")
#: parts of names of images that have a user of their own (documentation of each)
_NON_ROOT = re.compile(
    r"nonroot|unprivileged|rootless|\bchainguard/|^bitnami/|^dhi\.io/|^jenkins/|^grafana/|^sonarqube|^quay\.io/keycloak/"
)


@rule(
    "DL7105",
    "user-missing",
    on=Dockerfile,
    profiles=("cis",),
    aliases=("CKV_DOCKER_3", "DF020", "CIS-4.1"),
)
def user_missing(file: Dockerfile) -> Findings:
    r"""Run the program as a user of its own: set USER

    Without it the program is root in the container, and so is whoever breaks into it.

    ```dockerfile bad
    FROM node:22-slim
    COPY . /app
    CMD ["node", "/app/server.js"]
    ```
    ```dockerfile bad
    FROM golang:1.24 AS build
    RUN go build -o /app
    FROM scratch
    COPY --from=build /app /app
    ENTRYPOINT ["/app"]
    ```
    ```dockerfile good
    FROM node:22-slim
    COPY . /app
    USER node
    CMD ["node", "/app/server.js"]
    ```
    Base images may have a user already, and programs may step down by themselves:
    ```dockerfile good
    FROM gcr.io/distroless/static:nonroot
    COPY app /app
    ```
    ```dockerfile good
    FROM debian:12
    ENTRYPOINT ["gosu", "app", "/app"]
    ```
    ```dockerfile good
    FROM postgres:16
    COPY init.sql /docker-entrypoint-initdb.d/
    ```
    An image without a program is for others to build on:
    ```dockerfile good
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    ```
    """
    facts = file.facts
    if _FOR_DEVELOPERS.search("/".join(file.path.lower().split("/")[-2:])):
        return
    for stage in facts.graph.targets:
        if next(facts.before(stage, User), None) is not None or facts.windows(stage):
            continue
        image = image_of(stage)
        if _own_user(stage, image) or _steps_down(stage) or not _has_program(stage, image):
            continue
        yield report(stage.base)
        return


def _own_user(stage: Stage, image: Image | None) -> bool:
    if image is not None and image.user:
        return not is_root(image.user)
    base = stage.file.facts.base(stage)
    return base is not None and _NON_ROOT.search(base.text) is not None


def _has_program(stage: Stage, image: Image | None) -> bool:
    facts = stage.file.facts
    if facts.cmd(stage) is not None or facts.entrypoint(stage) is not None:
        return True
    return image is not None and bool(image.cmd) and image.cmd != ("bash",) and bool(image.ports)


def _steps_down(stage: Stage) -> bool:
    """True if what the container starts becomes another user, or may in a script that is not seen."""
    facts = stage.file.facts
    starts = [i for i in (facts.entrypoint(stage), facts.cmd(stage)) if i is not None]
    if any(_DROPPING.search(i.syntax.map.text) or ".sh" in i.syntax.map.text for i in starts):
        return True
    if any(word in run.syntax.map.text for run in facts.before(stage, Run) for word in ("gosu", "su-exec")):
        return True
    image = image_of(stage)
    # the images of servers start as root to become somebody else
    return image is not None and bool(image.ports) and not starts


_ROOT_ONLY = (
    "apt-get", "apt", "apk", "yum", "dnf", "microdnf", "zypper", "useradd", "groupadd", "adduser", "addgroup",
)  # fmt: skip


@rule(
    "DL7106",
    "user-before-root-operation",
    on=Command,
    named=_ROOT_ONLY,
    severity=Severity.ERROR,
)
def user_before_root_operation(command: Command) -> Findings:
    r"""Install packages and make accounts before USER

    Only root may, so the step fails.

    ```dockerfile bad
    FROM debian:12
    RUN useradd --create-home app
    USER app
    RUN apt-get update && apt-get install -y curl
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN useradd --create-home app
    USER app
    USER root
    RUN apt-get update && apt-get install -y curl
    USER app
    ```
    ```dockerfile bad
    FROM node:22-alpine
    USER node
    RUN apk add --no-cache git
    ```
    ```dockerfile unsafe
    FROM node:22-alpine
    USER node
    USER root
    RUN apk add --no-cache git
    USER node
    ```
    ```dockerfile bad
    FROM nginxinc/nginx-unprivileged:1.27
    RUN apt-get update && apt-get install -y curl
    ```
    ```dockerfile good
    FROM openshift/base-centos7
    RUN yum install -y tar
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get update && apt-get install -y curl sudo
    USER app
    RUN sudo apt-get install -y vim && apt-get download curl && apk --version
    RUN apt-get install -y nano || true
    USER root
    RUN apt-get install -y git
    ```
    An account may be root under another name, and a program may have been given its rights:
    ```dockerfile good
    FROM debian:12
    RUN useradd --non-unique --uid 0 toor
    USER toor
    RUN apt-get update
    ```
    ```dockerfile good
    FROM debian:12
    RUN chmod u+s /usr/bin/apt-get
    USER app
    RUN apt-get update
    ```
    """
    instruction = command.instruction
    if not in_run(command) or command.wrappers or instruction.in_onbuild or instruction.stage is None:
        return
    facts = instruction.file.facts
    setting = next(facts.before(instruction, User), None)
    user = facts.user(instruction)
    if not user or is_root(user) or not re.fullmatch(r"(?:[a-z_][\w.-]*|\d+)(?::\S+)?", user):
        return
    if not (failure_ends(command) and certainly_runs(command)) or not _needs_root(command):
        return
    if next(facts.before(instruction, Run, where=_gives_rights), None) is not None:
        return
    account = f"{user.partition(':')[0]}:x:0"
    if any(account in run.syntax.map.text for run in facts.before(instruction, Run, where=_makes_root)):
        return
    if facts.known(_becomes_another, instruction):
        return
    if any(other.start < command.start and other.name in _ROOT_ONLY for other in instruction.commands):
        return
    name = user.partition(":")[0]
    if isinstance(setting, User):
        message = f"{name} of USER in line {setting.line} is not allowed to: do this before it"
        yield report(program(command), message, _as_root(instruction, setting))
    elif certain(instruction.stage):
        yield report(program(command), f"{name}, the user of the base image, is not allowed to: set USER root before")


def _needs_root(command: Command) -> bool:
    if command.name in ("useradd", "groupadd", "adduser", "addgroup"):
        return command.option("-R", "--root", "--help", "-h") is None
    call = package_call(command)
    if call is None or call.action not in ("install", "update", "upgrade", "remove"):
        return False
    return not call.has("--root", "-p", "--installroot", "-o", "--option", "--download-only", "-d", "-s", "--simulate")


def _becomes_another(instruction: Instruction) -> bool:
    return any(command.name in ("su", "sudo", "newgrp") for command in instruction.commands)


def _gives_rights(run: Instruction) -> bool:
    """True if a step may make root of somebody, or let programs run as root whoever calls them."""
    text = run.syntax.map.text
    return (
        re.search(r"\bu\+s|\b[46]7?[57][57]\b.*bin/|-u\s*0\b|--uid[= ]0\b|--non-unique|\s-\w*o\w*u?\s*0\b|:0:", text)
        is not None
    )


def _makes_root(run: Instruction) -> bool:
    """True if a step writes an account with root's number."""
    return ":x:0" in run.syntax.map.text


def _as_root(instruction: object, setting: User) -> Fix | None:
    """USER root before the step, and the user again behind it."""
    assert isinstance(instruction, Run)
    file = instruction.file
    if setting.value is None or instruction.heredocs:
        return None
    start = file.source.line_start(instruction.start)
    again = setting.text
    if "\n" in again or file.text[start : instruction.start].strip():
        return None
    name = setting.name.text
    edits = [
        Edit(instruction.start, instruction.start, f"{name} root\n"),
        Edit(instruction.end, instruction.end, f"\n{again}"),
    ]
    return Fix(edits, UNSAFE, "Run it as root")


#: images with an account of this number: name, first version, number, name of the account (their Dockerfiles)
_TAKEN: tuple[tuple[str, float, str, str], ...] = (
    ("node", 8, "1000", "node"),
    ("ubuntu", 23.04, "1000", "ubuntu"),
    ("gradle", 4, "1000", "gradle"),
    ("jenkins/jenkins", 0, "1000", "jenkins"),
    ("oven/bun", 0, "1000", "bun"),
)


@rule(
    "DL7107",
    "duplicate-uid-gid",
    on=Command,
    named=("useradd", "groupadd", "adduser", "addgroup"),
    severity=Severity.ERROR,
)
def duplicate_uid_gid(command: Command) -> Findings:
    r"""Take a number that no account of the base image has

    Two accounts of one number are refused, so the step fails.

    ```dockerfile bad
    FROM node:22-alpine
    RUN adduser -D -u 1000 app
    ```
    ```dockerfile bad
    FROM ubuntu:24.04
    RUN groupadd --gid 1000 app && useradd --uid 1001 --gid app app
    ```
    ```dockerfile bad
    FROM debian:12
    RUN useradd --uid 1500 one && useradd --uid 1500 two
    ```
    ```dockerfile good
    FROM node:22-alpine
    RUN deluser --remove-home node && adduser -D -u 1000 app
    ```
    ```dockerfile good
    FROM ubuntu:22.04
    RUN useradd --uid 1000 app
    ```
    ```dockerfile good
    FROM ubuntu:24.04
    RUN useradd --non-unique --uid 1000 app && useradd --uid 1001 other && groupadd --gid 1001 another
    RUN useradd --uid 1000 app || true
    ```
    """
    stage = command.instruction.stage
    group = command.name in ("groupadd", "addgroup")
    number = _number(command)
    if stage is None or number is None or not in_run(command) or not failure_ends(command):
        return
    if not certainly_runs(command) or command.option("--non-unique", "-f", "--force", "--root", "-R") is not None:
        return
    if command.name in ("useradd", "groupadd") and command.option("-o") is not None:
        return
    for earlier in _earlier(command):
        if earlier.name in ("userdel", "deluser", "usermod", "groupdel", "delgroup", "groupmod", "sed", "rm"):
            return
        same = (earlier.name in ("groupadd", "addgroup")) == group and _number(earlier) == number
        if same and certainly_runs(earlier) and _account(earlier) != _account(command):
            message = f"{number} is taken: line {stage.file.source.line(earlier.start)} gave it to another account"
            yield report(program(command), message)
            return
    image = _bottom(stage)
    for name, since, taken, account in _TAKEN:
        if image is not None and image.name == name and number == taken and _at_least(image, since):
            yield report(program(command), f"{number} is taken: {name} has an account {account}")


def _number(command: Command) -> str | None:
    """The number of the account that *command* makes."""
    if command.name in ("useradd", "adduser"):
        found = number_given(command)
    elif command.name in ("groupadd", "addgroup"):
        found = value_of_option(command, "-g", "--gid", valued="gKpRPU")
    else:
        return None
    return found if found is not None and found.isdecimal() else None


def _account(command: Command) -> str:
    return command.args[-1].text if command.args else ""


def _earlier(command: Command) -> Iterator[Command]:
    """What ran before *command*, in its step and those before."""
    yield from (other for other in reversed(command.instruction.commands) if other.start < command.start)
    for run in command.instruction.file.facts.before(command.instruction, Run):
        yield from reversed(run.commands)


def _bottom(stage: Stage) -> Image | None:
    base = stage.file.facts.base(stage)
    root = list(stage.file.facts.chain(stage))[-1]
    if base is None or root.base.image is None or "$" in root.base.image.value:
        return None
    return lookup(base)


def _at_least(image: Image, version: float) -> bool:
    text = image.release if image.name == "ubuntu" else image.version
    found = re.match(r"\d+(?:\.\d+)?", text or "")
    return image.name != "ubuntu" if found is None else float(found[0]) >= version


@rule("DL7108", "user-privileged-port", on=Expose, mentions=("user",), severity=Severity.INFO, profiles=())
def user_privileged_port(expose: Expose) -> Findings:
    r"""Let a program that is not root listen on a port from 1024 on

    Docker allows the lower ones since 20.10, other runtimes and Kubernetes may not, and the program ends at once.

    ```dockerfile bad
    FROM node:22
    EXPOSE 80
    USER node
    CMD ["node", "server.js"]
    ```
    ```dockerfile good
    FROM node:22
    EXPOSE 8080
    USER node
    CMD ["node", "server.js"]
    ```
    A program may have been allowed to:
    ```dockerfile good
    FROM debian:12
    RUN setcap cap_net_bind_service=+ep /usr/bin/server
    EXPOSE 443
    USER app
    ```
    ```dockerfile good
    FROM debian:12
    EXPOSE 80
    USER root
    ```
    """
    stage = expose.stage
    if stage is None or expose.in_onbuild or stage.file.facts.children(stage):
        return
    facts = stage.file.facts
    user = facts.user(stage) if next(facts.before(stage, User), None) is not None else None
    if not user or is_root(user) or any("setcap" in run.syntax.map.text for run in facts.before(stage, Run)):
        return
    if any(each.name in ("sudo", "gosu", "su-exec") for each in started(stage)):
        return
    for expansion in facts.expansions(expose):
        for word in expansion.result.words or ():
            port = word.rpartition(":")[2].partition("/")[0]
            if port.isdecimal() and 0 < int(port) < 1024:
                yield report(expansion.token, f"{user.partition(':')[0]} may not be allowed to listen on {port}")
