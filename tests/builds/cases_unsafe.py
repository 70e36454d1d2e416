"""Fixes that may change a build, where they do not, or only in what they are there for."""

from __future__ import annotations

from build_case import Case

UNSAFE = (
    Case(
        "unsafe-pipefail",
        """
        FROM debian:bookworm-slim
        # of two parts
        RUN cat /etc/group /etc/passwd | sort -u > /sorted
        RUN echo one two | cut -c1-3 > /cut
        ENTRYPOINT ["cat", "/sorted"]
        """,
        fixes=("run-pipe-without-pipefail",),
        unsafe=True,
        keeps=('"pipefail", "-c"]\n# of two parts\nRUN cat',),
        calls=((),),
        settings=("Shell",),
    ),
    Case(
        "unsafe-cache-mount",
        """
        FROM python:3.11-slim
        RUN pip install --no-deps six==1.16.0
        """,
        fixes=("cache-mount-opportunity",),
        unsafe=True,
        calls=(("python", "-c", "import six; print(six.__version__)"),),
        may_differ=("/root/.cache", "/root/.cache/*"),
        needs="pip",
    ),
    Case(
        "unsafe-sudo-of-root",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y sudo && rm -rf /var/lib/apt/lists/*
        USER root
        RUN sudo touch /a && sudo -E sh -c 'echo "$HOME" > /home-of' && id > /who
        """,
        fixes=("run-sudo",),
        unsafe=True,
        # what sudo itself leaves behind
        may_differ=("/var/lib/sudo/*", "/run/*"),
    ),
    Case(
        "unsafe-add-as-copy",
        """
        FROM debian:bookworm-slim
        ADD a.txt b.txt /files/
        ADD --chown=12:34 folder /folder
        """,
        fixes=("add-instead-of-copy",),
        unsafe=True,
        files={"a.txt": "a\n", "b.txt": "b\n", "folder/c": "c\n"},
    ),
    Case(
        "unsafe-entrypoint-as-json",
        """
        FROM python:3.11-slim
        COPY app.py /
        ENTRYPOINT python /app.py --port 80
        """,
        fixes=("cmd-shell-form",),
        unsafe=True,
        files={"app.py": "import sys\nprint(sys.argv[1:])\n"},
        # what is inherited is no argument of a script in shell form, so the parent's CMD is gone either way
        calls=((),),
    ),
    Case(
        "unsafe-cmd-of-node",
        """
        FROM node:18-slim
        COPY app.js /
        CMD node /app.js --port 80
        """,
        fixes=("cmd-shell-form",),
        unsafe=True,
        files={"app.js": "console.log(process.argv.slice(2))\n"},
        calls=((),),
    ),
    Case(
        "unsafe-install-without-recommends",
        """
        FROM debian:bookworm
        RUN apt-get update && apt-get install -y file && rm -rf /var/lib/apt/lists/*
        """,
        fixes=("apt-install-recommends",),
        unsafe=True,
        calls=(("file", "/etc/passwd"),),
        needs="apt",
    ),
    Case(
        "unsafe-reserved-name-of-a-stage",
        """
        FROM debian:bookworm-slim AS context
        RUN echo built > /built
        FROM debian:bookworm-slim
        COPY --from=context /built /built
        RUN --mount=from=context,target=/mnt cat /mnt/built > /again
        """,
        fixes=("stage-name-reserved",),
        unsafe=True,
    ),
    Case(
        "unsafe-platform-of-a-stage",
        """
        FROM --platform=linux/amd64 debian:bookworm-slim
        RUN uname -m > /machine
        """,
        fixes=("base-image-platform-constant",),
        unsafe=True,
    ),
    Case(
        "unsafe-variable-set-in-the-same-instruction",
        """
        FROM debian:bookworm-slim
        ENV FOLDER=/opt/app \\
            BIN=$FOLDER/bin
        RUN echo "$BIN" > /bin-of
        """,
        fixes=("env-self-reference-same-instruction",),
        unsafe=True,
        may_differ=("/bin-of",),
        settings=("Env",),
        saves=-100,
    ),
    Case(
        "unsafe-copy-of-several-to-a-folder",
        """
        FROM debian:bookworm-slim
        COPY a b /files
        """,
        fixes=("copy-multiple-sources-no-slash",),
        files={"a": "a\n", "b": "b\n"},
        unsafe=True,
        # without the slash every file takes the place of the one before
        may_differ=("/files", "/files/*"),
        saves=-100,
    ),
    Case(
        "user-with-a-high-number",
        """
        FROM debian:bookworm-slim
        RUN useradd --uid 200000 --create-home app
        USER app
        RUN id > ~/id
        """,
        fixes=("useradd-high-uid-sparse-lastlog",),
        calls=(("id",),),
        settings=("User",),
        may_differ=("/var/log/lastlog", "/var/log/faillog"),
    ),
    Case(
        "unsafe-argument-of-a-base",
        """
        ARG RELEASE=bookworm
        FROM debian:${RELEASSE}-slim
        RUN echo a > /a
        """,
        fixes=("base-image-arg-undefined",),
        unsafe=True,
        heals=True,
    ),
    Case(
        "unsafe-npm-ci",
        """
        FROM node:18-slim
        WORKDIR /app
        COPY package.json package-lock.json ./
        RUN npm install --omit=dev
        """,
        fixes=("npm-install-instead-of-ci",),
        unsafe=True,
        files={
            "package.json": '{"name": "app", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}}\n',
            "package-lock.json": (
                '{"name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {'
                '"": {"name": "app", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}}, '
                '"node_modules/is-number": {"version": "7.0.0", "engines": {"node": ">=0.12.0"}}}}\n'
            ),
        },
        # npm install writes the lockfile anew, npm ci does not
        may_differ=("/app/package-lock.json", "/app/node_modules/.package-lock.json", "/root/.npm/*"),
        calls=(("node", "-e", "console.log(require('is-number')('5'))"),),
        # what npm keeps of the registry is not the same either
        saves=-3_000_000,
        needs="npm",
    ),
    Case(
        "unsafe-array-in-single-quotes",
        """
        FROM debian:bookworm-slim
        COPY ['a', '/b/']
        """,
        fixes=("json-form-invalid",),
        unsafe=True,
        files={"a": "a\n"},
        heals=True,
    ),
    Case(
        "unsafe-directory-that-is-lost",
        """
        FROM debian:bookworm-slim
        RUN cd /opt
        WORKDIR /opt
        RUN touch here
        """,
        fixes=("run-cd-has-no-effect",),
        unsafe=True,
    ),
    Case(
        "unsafe-copy-then-chown",
        """
        FROM debian:bookworm-slim
        COPY app /app
        RUN chown -R 1234:1234 /app
        """,
        fixes=("copy-chown-merge",),
        unsafe=True,
        files={"app/a": "a\n", "app/b/c": "c\n"},
    ),
    Case(
        "unsafe-copy-then-chmod",
        """
        FROM debian:bookworm-slim
        COPY run.sh /run.sh
        RUN chmod 755 /run.sh
        """,
        fixes=("copy-chmod-merge",),
        unsafe=True,
        files={"run.sh": "#!/bin/sh\necho started\n"},
        calls=(("/run.sh",),),
    ),
    Case(
        "unsafe-packages-before-the-source",
        """
        FROM debian:bookworm-slim
        WORKDIR /app
        COPY . .
        RUN apt-get update && apt-get install -y tree && rm -rf /var/lib/apt/lists/*
        RUN tree > /tree
        """,
        fixes=("cache-expensive-after-copy",),
        unsafe=True,
        files={"a": "a\n", "b/c": "c\n"},
    ),
    Case(
        "unsafe-argument-moved-to-its-use",
        """
        FROM debian:bookworm-slim
        ARG GIT_SHA=unknown
        WORKDIR /app
        RUN apt-get update && apt-get install -y tree && rm -rf /var/lib/apt/lists/*
        ENV GIT_SHA=$GIT_SHA
        RUN echo "$GIT_SHA" > revision
        """,
        fixes=("cache-volatile-arg-early",),
        unsafe=True,
    ),
    Case(
        "unsafe-multi-stage-split",
        """
        FROM debian:bookworm
        RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
        WORKDIR /src
        ENV GREETING=hello
        COPY hello.c .
        RUN gcc -O2 -o /usr/local/bin/hello hello.c
        EXPOSE 80
        USER 1000
        CMD ["hello", "world"]
        """,
        fixes=("multi-stage-split",),
        files={
            "hello.c": "#include <stdio.h>\n#include <stdlib.h>\n"
            'int main(int n, char **a) { return printf("%s %s %d\\n", getenv("GREETING"), a[1], n) < 0; }\n'
        },
        seen=True,
        unsafe=True,
        keeps=("FROM debian:bookworm AS build", "FROM debian:bookworm-slim", "COPY --from=build /usr/local/bin/hello"),
        calls=((), ("hello", "you"), ("pwd",), ("id", "-u")),
        # all that built it, and the packages that the other image brings
        may_differ=("/*",),
        needs="apt",
    ),
)
