"""Users, comments, and what of the build context is copied where."""

from __future__ import annotations

import tarfile
from io import BytesIO

from build_case import Case


def _archive(*files: tuple[str, bytes]) -> bytes:
    """A compressed tar archive of *files*."""
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, BytesIO(content))
    return buffer.getvalue()


FILES = (
    Case(
        "root-by-number",
        """
        FROM debian:bookworm-slim
        RUN useradd --create-home app
        RUN gpasswd --add root staff
        USER app
        RUN touch ~/a
        USER root
        WORKDIR /srv
        COPY a .
        RUN id > id && echo ~ "$HOME" > home && touch ~/b
        """,
        fixes=("user-not-numeric",),
        files={"a": "a\n"},
        keeps=("USER 0\n",),
        calls=(("id",), ("sh", "-c", "echo ~ $HOME"), ("touch", "/a")),
    ),
    Case(
        "root-and-its-group-by-number",
        """
        FROM debian:bookworm-slim AS base
        USER "root:root"
        FROM base
        RUN id > /id
        USER root:0
        RUN id >> /id
        """,
        fixes=("user-not-numeric",),
        profile="hadolint",
        calls=(("id",),),
    ),
    Case(
        "root-who-is-someone-else",
        """
        FROM debian:bookworm-slim
        RUN sed -i 's/^root:x:0:0:/root:x:12:34:/' /etc/passwd
        USER root
        RUN id -u > /tmp/id
        """,
        keeps=("USER root",),
        calls=(("id", "-u"),),
        careless=(("USER root", "USER 0"),),
    ),
    Case(
        "added-and-used-as-files",
        """
        FROM debian:bookworm-slim
        ADD start.sh /usr/bin/start.sh
        ADD list /tmp/list
        ADD bashrc /root/.bashrc
        ADD conf /etc/app
        COPY conf/a.ini /a.ini
        ADD data /srv/data
        RUN chmod 755 /usr/bin/start.sh && cp /tmp/list /srv/list && sh /srv/data
        CMD ["/usr/bin/start.sh"]
        """,
        fixes=("add-instead-of-copy",),
        files={
            "start.sh": "#!/bin/sh\nls /srv/data /etc/app\n",
            "list": "a\n",
            "bashrc": "umask 022\n",
            "conf/a.ini": "a = 1\n",
            "data": _archive(("part", b"b\n")),
        },
        keeps=("COPY start.sh", "COPY list", "COPY bashrc", "COPY conf ", "ADD data"),
        calls=((),),
        careless=(("ADD data", "COPY data"),),
    ),
    Case(
        "number-of-the-first-account",
        """
        FROM debian:bookworm-slim
        RUN useradd -m -G staff app && mkdir /data && chown app /data
        USER app
        WORKDIR /data
        RUN id > id && echo "$HOME" > home
        WORKDIR /new/folder
        """,
        fixes=("user-not-numeric",),
        keeps=("useradd -u 1000 -m", "USER 1000"),
        settings=("User",),
        calls=(("id",), ("sh", "-c", "echo ~ $HOME"), ("touch", "a", "/b")),
    ),
    Case(
        "number-of-the-first-account-by-adduser",
        """
        FROM debian:bookworm-slim
        RUN adduser --disabled-password --gecos '' app
        USER app:app
        RUN id > ~/id
        """,
        fixes=("user-not-numeric",),
        keeps=("adduser --uid 1000", "USER 1000:1000"),
        settings=("User",),
        calls=(("id",),),
    ),
    Case(
        "number-that-is-given",
        """
        FROM debian:bookworm-slim
        RUN groupadd --gid 70 b && useradd -m -u 1500 -g b app && usermod -aG staff app && useradd -u 1600 c
        USER app
        RUN id > ~/id
        WORKDIR /home/app
        USER root
        RUN ls -ln /home > /list
        USER c:c
        WORKDIR /home/c
        RUN id > /tmp/c
        """,
        fixes=("user-not-numeric",),
        profile="hadolint",
        keeps=("USER 1500\n", "USER c:c"),
        settings=("User",),
        calls=(("id",), ("sh", "-c", "echo ~ $HOME")),
    ),
    Case(
        "number-of-a-user-whose-group-has-another",
        """
        FROM debian:bookworm-slim
        RUN useradd -u 1500 -g staff app
        USER app
        WORKDIR /srv/new
        """,
        keeps=("USER app",),
        careless=(("USER app", "USER 1500"),),
        settings=("User",),
    ),
    Case(
        "number-of-an-account-that-is-not-the-first",
        """
        FROM debian:bookworm-slim
        COPY prepare.sh /
        RUN sh /prepare.sh && useradd app
        USER app
        RUN id > /tmp/id
        """,
        files={"prepare.sh": "useradd other\n"},
        keeps=("USER app", "useradd app"),
        careless=(("useradd app", "useradd -u 1000 app"),),
    ),
    Case(
        "number-of-an-account-that-is-there",
        """
        FROM node:18-slim
        USER node:node
        RUN id > ~/id
        WORKDIR /srv/app
        """,
        fixes=("user-not-numeric",),
        keeps=("USER 1000:1000",),
        settings=("User",),
        calls=(("id",),),
    ),
    Case(
        "number-of-an-account-of-debian",
        """
        FROM debian:bookworm-slim
        USER www-data
        RUN id > /tmp/id
        WORKDIR /srv/app
        """,
        fixes=("user-not-numeric",),
        keeps=("USER 33",),
        settings=("User",),
        calls=(("id",),),
    ),
    Case(
        "comments-that-nearly-silence",
        """
        FROM debian:bookworm-slim
        # hadolint ignore DL3025
        CMD ls $HOME
        # hadolnt ignore=DL4000
        ENV A b
        """,
        fixes=("malformed-ignore",),
        calls=((),),
    ),
    Case(
        "copy-to-a-relative-place",
        """
        FROM debian:bookworm-slim AS base
        COPY --chown=12:34 a .
        FROM base
        COPY a b ./srv/
        COPY a opt
        """,
        fixes=("copy-relative-dest-without-workdir",),
        files={"a": "a\n", "b": "b\n"},
    ),
    Case(
        "copy-whose-source-is-misspelt",
        """
        FROM debian:bookworm-slim
        COPY src/app.py ./Readme.md /app/
        """,
        fixes=("copy-case-or-typo",),
        files={"src/App.py": "", "README.md": ""},
        seen=True,
        heals=True,
    ),
    Case(
        "ignored-files-that-nobody-copies",
        """
        FROM debian:bookworm-slim
        COPY src/main.py /src/
        COPY README.md /
        """,
        fixes=("dockerignore-incomplete",),
        files={
            ".dockerignore": "*.log\n",
            ".git/HEAD": "ref: refs/heads/main\n",
            "README.md": "a\n",
            "src/main.py": "print()\n",
            "src/__pycache__/main.pyc": "",
        },
        seen=True,
    ),
    Case(
        "run-in-lower-case",
        """
        FROM debian:bookworm-slim
        run mkdir /a
        # the second
        Run touch /a/b && chmod 600 /a/b
        RUN rm /a/b
        """,
        fixes=("consecutive-runs", "instruction-casing"),
        keeps=("# the second",),
    ),
    Case(
        "run-in-lower-case-of-hadolint",
        """
        FROM debian:bookworm-slim
        run mkdir /a
        run touch /a/b
        """,
        fixes=("consecutive-runs",),
        profile="hadolint",
        keeps=("run mkdir /a \\\n    && touch /a/b",),
    ),
    Case(
        "lists-deleted-in-the-next-layer",
        """
        FROM debian:bookworm-slim
        RUN apt-get update \\
         && apt-get install -y tree
        RUN apt-get clean && rm -rf /var/lib/apt/lists/*
        """,
        fixes=("apt-lists-removed-in-other-layer",),
        # the fixes of no other rule: another removes the lists as well
        unsafe=True,
        calls=(("tree", "--version"),),
        saves=10_000,
    ),
)
