"""WORKDIR."""

from __future__ import annotations

from posixpath import join, normpath

from dlinter import Findings, Fix, Severity, Workdir, replace, report, rule
from dlinter_grammar import regex as re
from dlinter_rules.common import directory

#: also on a base image that nobody has told to be one of Windows
_WINDOWS = re.compile(r"[A-Za-z]:(?:[\\/]|$)|\\")


@rule(
    "DL3000",
    "workdir-relative",
    on=Workdir,
    profiles=("default", "hadolint", "cis"),
    aliases=("WorkdirRelativePath", "DS-0009", "CKV_DOCKER_10", "S7021"),
)
def workdir_relative(workdir: Workdir) -> Findings:
    r"""Give WORKDIR an absolute path

    A relative path starts from whatever directory came before, in the end from the base image's.

    With an absolute WORKDIR before it the directory is known, and only the reader has to look it up:
    ```dockerfile bad
    FROM node:20
    WORKDIR /srv
    WORKDIR app/public
    ```
    ```dockerfile fixed
    FROM node:20
    WORKDIR /srv
    WORKDIR /srv/app/public
    ```
    Without one it depends on the base image; that of some is known to be `/`:
    ```dockerfile bad
    FROM registry.example.com/node:20
    WORKDIR app
    ```
    ```dockerfile bad
    FROM node:20
    WORKDIR app
    ```
    ```dockerfile fixed
    FROM node:20
    WORKDIR /app
    ```
    ```dockerfile bad
    FROM node:20 AS base
    WORKDIR /srv
    FROM base
    WORKDIR "my app"
    ```
    ```dockerfile fixed
    FROM node:20 AS base
    WORKDIR /srv
    FROM base
    WORKDIR "/srv/my app"
    ```
    ```dockerfile bad
    FROM node:20
    ARG FOLDER=app
    WORKDIR $FOLDER
    ```
    ```dockerfile good
    FROM node:20
    ARG FOLDER
    WORKDIR /srv
    WORKDIR $FOLDER
    WORKDIR ${FOLDER:-app}/src
    ENV HOME=/home/node
    WORKDIR $HOME
    WORKDIR "/data"
    ```
    ```dockerfile good
    # escape=`
    FROM mcr.microsoft.com/windows/servercore:ltsc2022
    WORKDIR C:\app
    ```
    """
    value = workdir.value
    if value is None or workdir.in_onbuild or workdir.stage is None:
        return
    facts = workdir.file.facts
    path = facts.expand(value, workdir).value
    if path is None or path.startswith("/") or _WINDOWS.match(path):
        return
    first = next(facts.before(workdir, Workdir), None) is None
    before = directory(workdir)
    if before is None:
        yield report(value, severity=None if first else Severity.STYLE)
        return
    fix = None
    fixed = all("$" not in other.syntax.map.text for other in facts.before(workdir, Workdir))
    if fixed and value.value.strip("\"'") == path and not any(char in path for char in "$`\\\"'"):
        quote = value.text[0] if value.text[0] in "\"'" else ""
        absolute = normpath(join(before, path))
        title = f"Write {absolute}"
        fix = Fix([replace(value, f"{quote}{absolute}{quote}")], title=title, neutral=("same-directory",))
    message = "" if first else f"Give WORKDIR the whole path: it is relative to {before}"
    yield report(value, message, fix, severity=None if first else Severity.STYLE)
