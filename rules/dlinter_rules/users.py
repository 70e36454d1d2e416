"""USER, and the accounts that a build makes."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Command, Dockerfile, Findings, Fix, Severity, User, Word, report, rule
from dlinter_rules.common import in_run, is_root, program
from dlinter_rules.user_numbers import number_given, numbered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter import Stage

#: programs with which an entrypoint gives up being root
_DROPPERS = ("gosu", "su-exec", "setpriv", "runuser", "chpst", "s6-setuidgid", "su", "sudo")


@rule(
    "DL3002",
    "user-last-is-root",
    on=Dockerfile,
    mentions=("user",),
    profiles=("default", "hadolint", "cis"),
    aliases=("DS-0002", "CKV_DOCKER_8", "S6471", "DF002", "CIS-DI-0001", "DD008"),
)
def user_last_is_root(file: Dockerfile) -> Findings:
    r"""Do not leave root as the last USER

    Whoever breaks out of the program is root in the container, and root on the host if the container leaks.

    ```dockerfile bad
    FROM debian:12
    USER app
    RUN ./prepare.sh
    USER root
    ```
    ```dockerfile bad
    ARG OWNER=root
    FROM debian:12
    ARG OWNER
    USER $OWNER
    ```
    ```dockerfile bad
    FROM debian:12 AS base
    USER "0:0"
    FROM base
    COPY app /app
    ```
    Only the user of the image that is the result counts:
    ```dockerfile good
    FROM golang:1.22 AS build
    USER root
    RUN go build -o /app
    FROM debian:12 AS base
    USER root
    FROM base
    COPY --from=build /app /app
    USER app
    ```
    An entrypoint that starts as root to become someone else needs it:
    ```dockerfile good
    FROM postgres:16
    USER root
    ENTRYPOINT ["gosu", "postgres", "docker-entrypoint.sh"]
    ```
    ```dockerfile good
    FROM alpine:3.20
    RUN apk add --no-cache su-exec
    USER root
    ENTRYPOINT ["/entrypoint.sh"]
    ```
    """
    seen: list[User] = []
    for stage in _products(file):
        user = _last_user(stage)
        if user is None or user in seen or user.value is None:
            continue
        seen.append(user)
        name = file.facts.user(stage)
        if name is not None and is_root(name) and not _drops(stage):
            yield report(user.value)


def _products(file: Dockerfile) -> list[Stage]:
    """The stages that are ends in themselves: what is built by default, and what nothing else uses."""
    graph = file.facts.graph
    return sorted({stage.index: stage for stage in [*graph.targets, *graph.unused()]}.values(), key=lambda s: s.index)


def _last_user(stage: Stage) -> User | None:
    found = next(stage.file.facts.before(stage, User), None)
    return found if isinstance(found, User) else None


def _drops(stage: Stage) -> bool:
    """True if the container gives up being root by itself, as far as the file shows."""
    facts = stage.file.facts
    for start in (facts.entrypoint(stage), facts.cmd(stage)):
        for command in start.commands if start is not None else ():
            if command.name in _DROPPERS or not set(_DROPPERS).isdisjoint(command.wrappers):
                return True
    return any(_names_dropper(word) for each in facts.chain(stage) for word in _run_words(each))


def _run_words(stage: Stage) -> Iterator[Word]:
    for instruction in stage.instructions:
        if instruction.keyword == "run":
            for command in instruction.commands:
                yield from command.args


def _names_dropper(word: Word) -> bool:
    """True for the package ``gosu``, ``su-exec=0.2`` and the URL or path of its program."""
    name = word.text.strip("\"'").rsplit("/", 1)[-1].partition("=")[0].partition("-$")[0]
    return name in ("gosu", "su-exec", "gosu-amd64")


@rule(
    "DL3066",
    "user-not-numeric",
    on=Dockerfile,
    severity=Severity.INFO,
    profiles=("hadolint",),
)
def user_not_numeric(file: Dockerfile, *, every: bool = False) -> Findings:
    r"""Give USER a number, which Kubernetes can check against runAsNonRoot

    Kubernetes does not look names up: with runAsNonRoot it starts no image whose USER is a name.

    Users of official images and of Debian, Ubuntu and Alpine have the same number in every release:
    ```dockerfile bad
    FROM node:20
    USER node:node
    ```
    ```dockerfile fixed
    FROM node:20
    USER 1000:1000
    ```
    ```dockerfile bad
    FROM debian:12
    USER www-data
    WORKDIR /srv/app
    ```
    ```dockerfile fixed
    FROM debian:12
    USER 33
    WORKDIR /srv/app
    ```
    Steps that make an account may say its number:
    ```dockerfile bad
    FROM registry.example.com/base:12
    RUN useradd --uid 1000 app && usermod -aG staff app
    USER app
    RUN touch /home/app/.profile
    ```
    ```dockerfile fixed
    FROM registry.example.com/base:12
    RUN useradd --uid 1000 app && usermod -aG staff app
    USER 1000
    RUN touch /home/app/.profile
    ```
    Where the account may be another one, or its group has another number and WORKDIR makes a folder:
    ```dockerfile bad
    FROM debian:12
    RUN useradd --uid 1500 app || true
    USER app
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN useradd --uid 1500 app || true
    USER 1500
    ```
    ```dockerfile bad
    FROM debian:12
    RUN useradd --uid 1500 --gid users app
    USER app
    WORKDIR /srv/app
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN useradd --uid 1500 --gid users app
    USER 1500
    WORKDIR /srv/app
    ```
    ```dockerfile bad
    FROM debian:12
    RUN useradd --uid 1500 app
    COPY passwd /etc/
    USER app
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN useradd --uid 1500 app
    COPY passwd /etc/
    USER 1500
    ```
    root is 0 everywhere:
    ```dockerfile bad
    FROM registry.example.com/base:12
    USER "root:root"
    ```
    ```dockerfile fixed
    FROM registry.example.com/base:12
    USER 0:0
    ```
    ```dockerfile bad
    FROM debian:12
    RUN sed -i s/root/admin/ /etc/passwd
    USER root
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN sed -i s/root/admin/ /etc/passwd
    USER 0
    ```
    The first account that is made gets 1000, and keeps it if that is written down:
    ```dockerfile bad
    FROM python:3.12
    RUN groupadd staff2 && useradd -m -G staff2 app
    USER app
    ```
    ```dockerfile fixed
    FROM python:3.12
    RUN groupadd staff2 && useradd -u 1000 -m -G staff2 app
    USER 1000
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk add --no-cache git
    RUN adduser -D app
    USER app:app
    WORKDIR /app
    ```
    ```dockerfile fixed
    FROM alpine:3.20
    RUN apk add --no-cache git
    RUN adduser -u 1000 -D app
    USER 1000:1000
    WORKDIR /app
    ```
    A script may have made others before:
    ```dockerfile bad
    FROM python:3.12
    RUN ./prepare.sh && useradd app
    USER app
    ```
    ```dockerfile unsafe
    FROM python:3.12
    RUN ./prepare.sh && useradd -u 1000 app
    USER 1000
    ```
    ```dockerfile bad
    FROM debian:12
    RUN useradd other && useradd app
    USER app
    ```
    ```dockerfile bad
    FROM debian:12
    ARG ID
    RUN useradd -m --uid $ID app
    USER app
    ```
    ```dockerfile bad
    FROM ubuntu:24.04
    RUN useradd app
    USER app
    ```
    ```dockerfile bad
    FROM debian:12
    RUN useradd --system app
    USER app
    ```
    ```dockerfile bad
    FROM debian:12
    ENV ACCOUNT=app
    USER ${ACCOUNT}:app
    ```
    Only the last USER of the result counts, unless the option `every` is set, as the hadolint profile does; a number is
    one in quotes and in a variable, too:
    ```dockerfile good
    FROM debian:12 AS build
    USER builder
    FROM debian:12
    COPY --from=build /app /app
    USER app
    RUN ./prepare.sh
    ENV ID=1000
    USER "$ID:$ID"
    ```
    What a variable of the base image or an argument holds is not known:
    ```dockerfile good
    FROM mcr.microsoft.com/dotnet/aspnet:8.0
    USER $APP_UID
    ```
    """
    for user, name in _every(file) if every else _last_of_products(file):
        if user.value is not None and name and not name.partition(":")[0].isdecimal():
            yield report(user.value, fix=numbered(user, user.value, name))


def _last_of_products(file: Dockerfile) -> Iterator[tuple[User, str | None]]:
    """The last USER of every image that is a result, with the user that it names."""
    seen: list[User] = []
    for stage in _products(file):
        user = _last_user(stage)
        if user is not None and user not in seen:
            seen.append(user)
            yield user, file.facts.user(stage)


def _every(file: Dockerfile) -> Iterator[tuple[User, str | None]]:
    for stage in file.stages:
        for user in stage.of(User):
            if isinstance(user, User) and user.value is not None and not user.in_onbuild:
                yield user, file.facts.expand(user.value, user).value


@rule(
    "DL3046",
    "useradd-high-uid-sparse-lastlog",
    on=Command,
    reads="file",
    named=("useradd",),
    profiles=("default", "hadolint"),
    aliases=("DF064",),
)
def useradd_high_uid(command: Command) -> Findings:
    r"""Create users of a high number with useradd -l

    useradd writes lastlog and faillog up to the number; a layer holds the gap as gigabytes of zeros.

    ```dockerfile bad
    FROM debian:12
    RUN useradd -u 1000650000 app
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN useradd -l -u 1000650000 app
    ```
    ```dockerfile bad
    FROM debian:12
    ARG ID=123456
    RUN groupadd -r app && useradd --uid=$ID -g app app && useradd -mu234567 \
        # for the tests
        tester
    ```
    ```dockerfile fixed
    FROM debian:12
    ARG ID=123456
    RUN groupadd -r app && useradd -l --uid=$ID -g app app && useradd -l -mu234567 \
        # for the tests
        tester
    ```
    What looks at the logs would see another one:
    ```dockerfile bad
    FROM debian:12
    RUN useradd -u 1000650000 app && lastlog
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN useradd -l -u 1000650000 app && lastlog
    ```
    ```dockerfile good
    FROM debian:12
    ARG USER_ID
    ARG ACCOUNT_NUMBER=1000
    RUN useradd -u 10000 a && useradd --no-log-init -u 1234567 b
    RUN useradd -u $USER_ID c && useradd -u ${ACCOUNT_NUMBER} d
    RUN adduser -u 1234567 e
    ```
    """
    if not in_run(command) or command.option("-l", "--no-log-init") is not None:
        return
    number = number_given(command)
    if number is None or not number.isdecimal() or int(number) < 100_000:
        return
    safety, names = (UNSAFE, "option-of-user:words-added=-l") if _logs(command) else (SAFE, "lastlog-untouched")
    from dlinter.shell_edits import insert_words

    fix = Fix([insert_words(program(command), "-l")], safety, "Add -l", (names,))
    yield report(command, fix=None if command.instruction.in_onbuild else fix)


def _logs(command: Command) -> bool:
    """True if something may look at the logs of logins, or they lie elsewhere."""
    if command.script is None or command.option("-R", "--root", "-P", "--prefix") is not None:
        return True
    return any(word in i.syntax.map.text for i in command.instruction.file.instructions for word in _LOGS)


_LOGS = ("lastlog", "faillog", "/var/log")
