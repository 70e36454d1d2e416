"""WORKDIR."""

from __future__ import annotations

import re
from posixpath import join, normpath

from dlinter import Findings, Fix, Severity, Workdir, replace, report, rule

_ABSOLUTE = re.compile(r"""["']?(?:[/\\$]|[A-Za-z]:)""")


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
    Without one it depends on the base image:
    ```dockerfile bad
    FROM node:20
    WORKDIR app
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
    ```dockerfile good
    FROM node:20
    WORKDIR /srv
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
    if value is None or workdir.in_onbuild or _ABSOLUTE.match(value.text):
        return
    before = workdir.file.facts.workdir(workdir)
    if before is None:
        yield report(value)
        return
    plain = value.text.strip("\"'")
    fix = None
    if not any(char in plain for char in "$`\\\"'"):
        quote = value.text[0] if value.text[0] in "\"'" else ""
        path = normpath(join(before, plain))
        fix = Fix([replace(value, f"{quote}{path}{quote}")], title=f"Write {path}", neutral=("same-directory",))
    yield report(value, f"Give WORKDIR the whole path: it is relative to {before}", fix, severity=Severity.STYLE)
