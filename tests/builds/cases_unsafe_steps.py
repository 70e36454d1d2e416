"""Fixes of steps and accounts that take a look, where the files are the same after all."""

from __future__ import annotations

import json

from build_case import Case

_NODE = {
    "package.json": json.dumps({"name": "app", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}}),
    "package-lock.json": json.dumps({
        "name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": True,
        "packages": {
            "": {"name": "app", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}},
            "node_modules/is-number": {"version": "7.0.0", "engines": {"node": ">=0.12.0"}},
        },
    }),
}  # fmt: skip

UNSAFE_STEPS = (
    Case(
        "unsafe-steps-parted-at-cd",
        """
        FROM debian:bookworm-slim
        RUN mkdir -p /opt/a/b /srv/c
        WORKDIR /usr
        RUN cd /opt/a && touch one && cd b && echo * > two && cd /srv/c && ls -a .. > three
        RUN touch four
        """,
        fixes=("run-cd-instead-of-workdir",),
        profile="hadolint",
        unsafe=True,
        keeps=("WORKDIR /opt/a\n", "WORKDIR /opt/a/b\n", "WORKDIR /srv/c\n", "WORKDIR /usr\n"),
        calls=(("pwd",),),
    ),
    Case(
        "unsafe-steps-parted-with-options",
        """
        FROM debian:bookworm-slim
        RUN set -eux && mkdir -p /opt/a && cd /opt/a && touch one && cd / && touch two
        """,
        fixes=("run-cd-instead-of-workdir",),
        profile="hadolint",
        unsafe=True,
        calls=(("pwd",),),
        settings=("WorkingDir",),
    ),
    Case(
        "unsafe-lists-fetched-by-each",
        """
        FROM debian:bookworm-slim
        RUN apt-get update
        RUN apt-get install -y tree && apt-get clean
        WORKDIR /a
        RUN touch b && DEBIAN_FRONTEND=noninteractive apt-get install -y hello
        """,
        fixes=("apt-lists-not-removed",),
        unsafe=True,
        may_differ=("/var/lib/apt/lists/*",),
        calls=(("tree", "--version"), ("hello",)),
        saves=1_000,
    ),
    Case(
        "unsafe-quotes-around-a-command",
        """
        FROM debian:bookworm-slim
        RUN echo $(nproc) > /count && mkdir -p /opt/$(uname -s)/bin && touch "/opt/$(uname -s)/bin/a"
        """,
        fixes=("SC2046",),
        unsafe=True,
    ),
    Case(
        "unsafe-quotes-around-a-variable",
        """
        FROM debian:bookworm-slim
        RUN for file in /etc/host*; do cat $file >> /all; done && name=$(cat /etc/debian_version) && touch /opt/$name
        """,
        fixes=("SC2086",),
        unsafe=True,
    ),
    Case(
        "unsafe-cache-mount-of-npm",
        """
        FROM node:18-slim
        WORKDIR /app
        COPY package.json package-lock.json ./
        RUN npm ci --no-audit --no-update-notifier
        """,
        fixes=("cache-mount-opportunity",),
        files=_NODE,
        unsafe=True,
        keeps=("--mount=type=cache,target=/root/.npm",),
        may_differ=("/root/.npm", "/root/.npm/*", "/app/node_modules/.package-lock.json"),
        calls=(("node", "-e", "console.log(require('is-number')('5'))"),),
        needs="npm",
    ),
)
