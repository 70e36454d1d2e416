"""Where COPY takes files from and where it puts them."""

from __future__ import annotations

import posixpath

from dlinter import SAFE, UNSAFE, Add, Command, Copy, Findings, Fix, Run, Severity, Workdir, report, rule
from dlinter.edits import Edit
from dlinter.images import Reference, lookup
from dlinter_grammar import regex as re
from dlinter_rules.common import commands_before, directory, image_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.commands import Word
    from dlinter.tree import Stage, Token

#: what ADD unpacks by itself (moby/go-archive, DetectCompression)
_UNPACKED = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst")
#: options of tar(1) that ADD has no counterpart of
_RESHAPING = ("--strip", "--transform", "--xform", "--exclude", "--wildcards", "--one-top-level", "--no-same-owner")


def copied_from(copy: Copy) -> Token | None:
    """The value of ``--from``."""
    flag = copy.flag("from")
    return flag.value if flag is not None else None


@rule(
    "DL3022",
    "copy-from-unknown-stage",
    on=Copy,
    profiles=("default", "hadolint"),
    aliases=("DF049", "DD039"),
)
def copy_from_unknown_stage(copy: Copy) -> Findings:
    r"""Copy from a stage of this file, or from an image with its tag

    A name that no stage has is taken for an image on Docker Hub, and whoever owns that name decides what you get.

    ```dockerfile bad
    FROM golang:1.22 AS build
    RUN go build -o /app
    FROM scratch
    COPY --from=buidl /app /app
    ```
    ```dockerfile good
    FROM golang:1.22 AS Build
    FROM scratch
    COPY --from=build /app /app
    COPY --from=BUILD /app /app2
    COPY --from=0 /app /app3
    ```
    Images are meant where the name cannot be a stage's or is that of an official image:
    ```dockerfile good
    FROM scratch
    COPY --from=busybox /bin/busybox /bin/sh
    COPY --from=nginx:1.27 /etc/nginx /etc/nginx
    COPY --from=ghcr.io/astral-sh/uv /uv /bin/uv
    ```
    """
    source = copied_from(copy)
    if source is None or not source.value or copy.in_onbuild or copy.stage is None:
        return
    name = source.value
    contexts = [context.lower() for context in copy.file.settings.contexts]
    if set(name) & set("$/:@.\"'\\`") or name.isdecimal() or name.lower() in contexts:
        return
    if copy.file.facts.graph.find(name) is None and lookup(Reference(name)) is None:
        yield report(source, _unknown(copy, name))


def _unknown(copy: Copy, name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), list(copy.file.facts.graph.named), 1, 0.6)
    return f"No stage is called {name}" + (f": did you mean {near[0]}?" if near else "")


@rule(
    "DL3067",
    "copy-from-whole-filesystem",
    on=Copy,
    profiles=("default", "hadolint"),
)
def copy_from_whole_filesystem(copy: Copy) -> Findings:
    r"""Copy only the files that are needed from another stage

    Copying / onto / brings the whole build environment along and overwrites the files of the base image.

    ```dockerfile bad
    FROM debian:12 AS build
    RUN make install
    FROM debian:12-slim
    COPY --from=build / /
    ```
    ```dockerfile bad
    FROM debian:12 AS build
    FROM debian:12-slim
    COPY --from=build ["/", "/"]
    ```
    Onto nothing it is the way to make one layer of many:
    ```dockerfile good
    FROM debian:12 AS build
    RUN make install
    FROM scratch
    COPY --from=build / /
    ```
    ```dockerfile good
    FROM alpine:3.20 AS base
    FROM debian:12
    COPY --from=base /etc /
    COPY --from=base / /rootfs/
    COPY / /
    ```
    """
    if copied_from(copy) is None or copy.destination is None or copy.stage is None:
        return
    if copy.destination.value != "/" or copy.file.facts.scratch(copy.stage):
        return
    for source in copy.sources:
        if source.value == "/":
            yield report(source)


@rule(
    "DL3021",
    "copy-multiple-sources-no-slash",
    on=Copy,
    severity=Severity.ERROR,
    profiles=("default", "hadolint"),
    aliases=("DS-0011", "DF048"),
)
def copy_multiple_sources_no_slash(copy: Copy) -> Findings:
    r"""End the destination of several sources with a slash

    Without it Docker's classic builder refuses the step, and where the folder is missing BuildKit makes a file of it.

    ```dockerfile bad
    FROM node:20
    COPY package.json yarn.lock /srv
    ```
    ```dockerfile unsafe
    FROM node:20
    COPY package.json yarn.lock /srv/
    ```
    ```dockerfile bad
    FROM node:20
    COPY ["package.json", "yarn.lock", "/srv"]
    ```
    ```dockerfile unsafe
    FROM node:20
    COPY ["package.json", "yarn.lock", "/srv/"]
    ```
    How many files a wildcard finds is not known here:
    ```dockerfile bad
    FROM node:20
    COPY app-*.jar /app/libs
    ```
    ```dockerfile unsafe
    FROM node:20
    COPY app-*.jar /app/libs/
    ```
    ```dockerfile good
    FROM node:20
    WORKDIR /srv
    COPY package.json yarn.lock .
    COPY package.json yarn.lock ..
    COPY package.json yarn.lock "/srv/"
    COPY package.json yarn.lock $TARGET
    COPY package*.json ./
    COPY package*.json /srv
    COPY src /data
    COPY tools/* /usr/local/bin
    RUN mkdir -p /apps/plugins
    COPY plugins/* /apps/plugins
    ```
    """
    destination = copy.destination
    if destination is None or copy.heredocs:
        return
    wild = [source for source in copy.sources if set(source.value) & set("*?[")]
    if len(copy.sources) < 2 and not wild:
        return
    plain = destination.value.strip("\"'")
    if plain.endswith(("/", "\\", "$")) or plain.rsplit("/", 1)[-1] in (".", "..") or "$" in plain.rsplit("/", 1)[-1]:
        return
    one = len(copy.sources) < 2
    if one and ("." in plain.rsplit("/", 1)[-1] or _exists(copy, plain)):
        return
    quoted = destination.text[-1:] in "\"'"
    at = destination.end - 1 if quoted else destination.end
    fix = Fix([Edit(at, at, "/")], UNSAFE, f"Write {plain}/", ("option-of-user",))
    yield report(destination, fix=fix, severity=Severity.WARNING if one else None)


#: folders that every image with files has (hier(7))
_STANDARD = re.compile(r"/(?:bin|sbin|home|lib|mnt|opt|root|run|srv|tmp|var|var/(?:lib|log|www)|(?:etc|usr)(?:/.*)?)")


def _exists(copy: Copy, path: str) -> bool:
    """True if the folder *path* is there before *copy*: a standard one, or one that the file makes."""
    facts = copy.file.facts
    if _STANDARD.fullmatch(path) or path == facts.workdir(copy):
        return True
    for other in facts.before(copy, Workdir, Copy, Add):
        last = other.args[-1].value.strip("\"'") if other.args else ""
        if last == path or last.startswith(f"{path}/"):
            return True
    return any(
        command.name in ("mkdir", "install") and any(word.text.startswith(path) for word in command.args)
        for command in commands_before(copy)
    )


@rule(
    "DL3045",
    "copy-relative-dest-without-workdir",
    on=Copy,
    profiles=("default", "hadolint"),
    aliases=("DF063", "DD041"),
)
def copy_relative_dest_without_workdir(copy: Copy) -> Findings:
    r"""Set WORKDIR before copying to a relative path

    Without one the files land in the root directory, among those of the system.

    ```dockerfile bad
    FROM debian:12
    COPY --chown=1000:1000 app .
    ```
    ```dockerfile fixed
    FROM debian:12
    COPY --chown=1000:1000 app /
    ```
    ```dockerfile bad
    FROM alpine:3.20 AS base
    FROM base
    COPY app ./bin/
    ```
    ```dockerfile fixed
    FROM alpine:3.20 AS base
    FROM base
    COPY app /bin/
    ```
    ```dockerfile good
    FROM debian:12
    COPY app /srv/
    WORKDIR /srv
    COPY app .
    ```
    ```dockerfile good
    FROM debian:12 AS base
    WORKDIR /srv
    FROM base
    COPY --from=base /app app
    ```
    Base images can have a WORKDIR, and that of an unknown one is not known:
    ```dockerfile good
    FROM golang:1.22
    COPY . .
    ```
    ```dockerfile good
    FROM registry.example.com/base:1
    COPY . .
    ```
    ```dockerfile good
    FROM debian:12
    COPY app $TARGET
    COPY app "/srv"
    ```
    ```dockerfile good
    # escape=`
    FROM mcr.microsoft.com/windows/servercore:ltsc2022
    COPY app C:\app\
    ```
    """
    destination = copy.destination
    if destination is None or copy.stage is None or copy.in_onbuild:
        return
    path = destination.value.strip("\"'")
    if not path or path[0] in "/\\$%<" or path[1:2] == ":" or copy.file.facts.windows(copy.stage):
        return
    if next(copy.file.facts.before(copy, Workdir), None) is not None:
        return
    image = image_of(copy.stage)
    if copy.file.facts.scratch(copy.stage) or (image is not None and image.workdir in ("", "/")):
        yield report(destination, fix=_from_root(copy, destination))


def _from_root(copy: Copy, destination: Token) -> Fix | None:
    """The same place as an absolute path, where it is certain that the stage is in the root directory."""
    if directory(copy) != "/" or destination.text != destination.value or "$" in destination.text:
        return None
    slash = "/" if destination.text.endswith("/") else ""
    path = posixpath.normpath(f"/{destination.text}").rstrip("/")
    title = f"Write {path + slash or '/'}"
    return Fix([Edit(destination.start, destination.end, path + slash or "/")], SAFE, title, ("same-directory",))


@rule(
    "DL3010",
    "copy-archive-then-extract",
    on=Copy,
    severity=Severity.INFO,
    profiles=("default", "hadolint"),
    aliases=("DF067",),
)
def copy_archive_then_extract(copy: Copy) -> Findings:
    r"""Unpack local archives with ADD

    ADD unpacks while it copies, so the archive itself takes no room in a layer.

    ```dockerfile bad
    FROM debian:12
    COPY app.tar.gz /tmp/
    RUN tar xzf /tmp/app.tar.gz -C /opt && rm /tmp/app.tar.gz
    ```
    ```dockerfile bad
    FROM debian:12
    COPY build/out.tar /tmp/app.tar
    RUN cd /tmp && tar --extract --file=app.tar
    ```
    ADD cannot leave a folder out or pick files, and it unpacks nothing but tar:
    ```dockerfile good
    FROM debian:12
    COPY a.tar.gz b.tar c.gz d.zip /tmp/
    RUN tar -xf /tmp/a.tar.gz --strip-components=1
    RUN tar -xf /tmp/b.tar etc/passwd
    RUN gunzip /tmp/c.gz && unzip /tmp/d.zip
    ```
    ```dockerfile good
    FROM debian:12 AS base
    COPY app.tar /tmp/
    FROM debian:12
    COPY --from=base /tmp/app.tar /tmp/
    RUN tar -xf /tmp/app.tar && tar -cf /tmp/new.tar /opt
    ```
    """
    if copied_from(copy) is not None or copy.stage is None or copy.destination is None:
        return
    for source in copy.sources:
        name = _archive(source, copy.destination)
        if name is not None:
            calls = copy.file.facts.known(_calls_of_tar, copy.stage).get(name, ())
            if any(call.instruction.index > copy.index and _extracts(call, name) for call in calls):
                yield report(source)


def _archive(source: Token, destination: Token) -> str | None:
    """The name that *source* has in the image, if it is an archive that ADD unpacks."""
    path = source.value.strip("\"'")
    target = destination.value.strip("\"'")
    if not path.lower().endswith(_UNPACKED):
        return None
    if target.lower().endswith(_UNPACKED):
        path = target
    return path.rsplit("/", 1)[-1]


def _calls_of_tar(stage: Stage) -> dict[str, list[Command]]:
    """The calls of tar in the RUN instructions of *stage*, by the names that they have as a word."""
    found: dict[str, list[Command]] = {}
    for run in stage.of(Run):
        for command in run.commands:
            if command.name in ("tar", "bsdtar"):
                for name in {_name(word) for word in command.args}:
                    found.setdefault(name, []).append(command)
    return found


def _name(word: Word) -> str:
    """The name of the file that *word*, or ``--file=`` in it, is the path of."""
    return word.text.strip("\"'").removeprefix("--file=").rsplit("/", 1)[-1]


def _extracts(command: Command, name: str) -> bool:
    """True for a call of tar that unpacks all of the archive *name* as it is."""
    if command.name not in ("tar", "bsdtar") or not command.args:
        return False
    first = command.args[0].text
    bundle = first if first[:2] != "--" else ""
    if not ("x" in bundle.lstrip("-") and "/" not in bundle) and command.option("-x", "--extract", "--get") is None:
        return False
    if any(word.text.startswith(_RESHAPING) for word in command.args):
        return False
    operands = 0
    found = False
    valued = False
    for word in command.args[1:]:
        if _name(word) == name:
            found = True
        elif valued or word.text[:1] == "-":
            valued = word.text in ("-C", "--directory", "-I")
        else:
            operands += 1
    return found and operands == 0
