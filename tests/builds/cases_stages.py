"""Stages, copies, users, directories and steps that are joined."""

from __future__ import annotations

import io
import tarfile

from build_case import Case


def _archive() -> bytes:
    with io.BytesIO() as file:
        with tarfile.open(fileobj=file, mode="w:gz") as archive:
            member = tarfile.TarInfo("a")
            member.size = 2
            archive.addfile(member, io.BytesIO(b"a\n"))
        return file.getvalue()


_ARCHIVE = _archive()

STAGES = (
    Case(
        "lists-in-a-stage-that-is-thrown-away",
        """
        FROM debian:bookworm-slim AS Build
        RUN apt-get update && apt-get install hello
        WORKDIR /out
        WORKDIR bin
        RUN cp /usr/bin/hello .
        FROM debian:bookworm-slim
        COPY --from=Build /out/bin/hello /usr/local/bin/
        COPY --from=0 /out/bin/hello /usr/local/bin/again
        CMD hello --greeting "good day"
        """,
        fixes=("apt-install-without-yes", "stage-name-casing", "workdir-relative"),
        calls=((), ("again",)),
    ),
    Case(
        "archive-moved-before-it-is-deleted",
        """
        FROM debian:bookworm-slim
        RUN echo a > /tmp/a; cd /tmp
        RUN rm a || touch /none
        """,
        careless=(("; cd /tmp\nRUN ", "; cd /tmp && "),),
    ),
    Case(
        "directory-leaks-into-the-next-step",
        """
        FROM debian:bookworm-slim
        WORKDIR /srv
        RUN cd /opt && touch a
        RUN touch b
        """,
        careless=(("\nRUN touch b", " && touch b"),),
    ),
    Case(
        "shell-that-the-next-step-begins-with",
        """
        FROM debian:bookworm-slim
        RUN ln -sf bash /bin/sh
        RUN source /etc/os-release; echo {a,b} "$NAME" > /name
        """,
        careless=(("/bin/sh\nRUN ", "/bin/sh && "),),
    ),
    Case(
        "groups-that-the-next-step-begins-with",
        """
        FROM debian:bookworm-slim
        RUN gpasswd --add root staff
        RUN id > /id
        """,
        careless=(("staff\nRUN ", "staff && "),),
    ),
    Case(
        "steps-named-by-their-path",
        """
        FROM debian:bookworm-slim
        ENV SCRIPTS=/opt/scripts
        COPY a.sh b.sh $SCRIPTS/
        RUN $SCRIPTS/a.sh
        RUN "$SCRIPTS/b.sh";
        RUN ls / > /listed
        """,
        files={
            "a.sh": ("#!/bin/sh\ncd /tmp\nA=b\numask 077\ntouch a\n", 0o755),
            "b.sh": ("#!/bin/sh\n: > b$A\n", 0o755),
        },
        fixes=("consecutive-runs",),
        profile="hadolint",
        calls=(("stat", "-c", "%n %a", "/tmp/a", "/b"),),
    ),
    Case(
        "memory-that-ends-with-the-step",
        """
        FROM debian:bookworm-slim
        RUN echo a > /dev/shm/a
        RUN ls /dev/shm > /shared
        """,
        careless=(("shm/a\nRUN ", "shm/a && "),),
    ),
    Case(
        "directory-that-only-a-mount-brings",
        """
        FROM debian:bookworm-slim
        RUN --mount=type=bind,target=/context cd /context && cp a /a
        RUN --mount=type=cache,target=/root/cache cd /root/cache/ && touch a
        RUN cd /dev/shm && ls > /shared
        """,
        files={"a": "a\n"},
        careless=(("RUN --mount", "WORKDIR /context\nRUN --mount"), ("RUN cd /dev/shm", "WORKDIR /dev/shm\nRUN cd .")),
    ),
    Case(
        "directory-behind-a-link",
        """
        FROM debian:bookworm-slim
        COPY above.sh /
        RUN mkdir -p /opt/app && ln -s opt/app /link
        RUN cd /link && sh /above.sh
        """,
        files={"above.sh": "set -e\ncd ..\ntouch above\n"},
        careless=(("RUN cd /link && sh /above.sh", "WORKDIR /link\nRUN sh /above.sh\nWORKDIR /"),),
    ),
    Case(
        "options-leak-into-the-next-step",
        """
        FROM debian:bookworm-slim
        RUN set -e; export A=b; umask 077
        RUN false; echo "$A" > /a
        """,
        careless=(("\nRUN false", "; false"),),
    ),
    Case(
        "triggers",
        """
        FROM debian:bookworm-slim
        ONBUILD RUN apt-get update && apt-get install tree
        ONBUILD WORKDIR app
        ONBUILD CMD tree --version
        """,
        # a trigger runs in builds that are not known
        keeps=("ONBUILD WORKDIR app", "ONBUILD CMD tree --version"),
        settings=("OnBuild",),
        onward="ENV A=b\n",
        calls=((), ("pwd",)),
    ),
    Case(
        "copy-then-chown-into-a-folder-that-is-there",
        """
        FROM debian:bookworm-slim
        RUN mkdir -p /app && touch /app/old
        COPY app /app
        RUN chown -R 1234:1234 /app
        """,
        files={"app/a": "a\n"},
        careless=(("COPY app /app\nRUN chown -R 1234:1234 /app", "COPY --chown=1234:1234 app /app"),),
    ),
    Case(
        "wget-of-gnu",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y wget busybox
        RUN --network=none busybox httpd -p 127.0.0.1:8000 -h /etc && wget -O /copy http://127.0.0.1:8000/debian_version
        """,
        fixes=("wget-progress-noise", "apt-lists-not-removed"),
    ),
    Case(
        "wget-of-busybox",
        """
        FROM busybox:1.36
        RUN --network=none httpd -p 127.0.0.1:8000 -h /bin && wget -O /copy http://127.0.0.1:8000/busybox
        """,
        fixes=("wget-progress-noise",),
        keeps=("wget -q -O",),
        careless=(("wget -O", "wget --progress=dot:giga -O"),),
    ),
    Case(
        "archive-left",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        COPY a.tgz /
        RUN curl -o /tmp/a.tgz file:///a.tgz && tar -xzf /tmp/a.tgz -C /opt && cat /opt/a
        """,
        fixes=("archive-left-after-extract",),
        files={"a.tgz": _ARCHIVE},
        may_differ=("/tmp/a.tgz",),
        saves=len(_ARCHIVE),
    ),
    Case(
        "archive-that-a-later-step-reads",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        COPY a.tgz unpack.sh /
        RUN curl -o /tmp/a.tgz file:///a.tgz && tar -xzf /tmp/a.tgz -C /opt
        RUN sh /unpack.sh
        """,
        files={"a.tgz": _ARCHIVE, "unpack.sh": "set -e\ncd /tmp\ntar -xzf *.tgz -C /srv\n"},
        careless=(("-C /opt\n", "-C /opt && rm /tmp/a.tgz\n"),),
    ),
    Case(
        "consecutive-runs-with-comments",
        """
        FROM debian:bookworm-slim
        RUN mkdir /data && echo a > /data/a
        # what it is for

        # another
        RUN if [ -e /data/a ]; then echo b >> /data/a; fi
        RUN (cd /data; umask 077; touch c) || exit 1
        RUN cat /data/a | sort -r > /data/d && umask 077
        RUN touch /data/e
        """,
        fixes=("consecutive-runs",),
        keeps=("# what it is for", "# another", "umask 077\nRUN touch"),
        calls=(("cat", "/data/a", "/data/d"),),
        careless=(("umask 077\nRUN touch", "umask 077 && touch"),),
    ),
    Case(
        "archive-deleted-in-the-next-step",
        """
        FROM debian:bookworm-slim
        RUN truncate --size=3M /tmp/archive
        RUN rm /tmp/archive
        """,
        saves=3_000_000,
        fixes=("consecutive-runs",),
    ),
    Case(
        "archive-deleted-in-a-later-layer",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        WORKDIR /opt
        RUN set -ex; \\
            curl -so archive file:///usr/bin/bash; \\
            echo done > done
        RUN rm -rf /opt/archive \\
            # the work of others
            /tmp/build
        """,
        fixes=("delete-in-later-layer",),
        keeps=("# the work of others",),
        saves=1_000_000,
    ),
    Case(
        "lists-deleted-in-a-later-layer",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y tree
        RUN apt-get clean && rm -rf /var/lib/apt/lists/*
        """,
        fixes=("apt-lists-not-removed",),
        saves=10_000,
    ),
    Case(
        "file-deleted-that-a-cache-mount-hides",
        """
        FROM debian:bookworm-slim
        RUN --mount=type=cache,target=/work touch /work/a /a
        RUN rm -f /work/a; test -e /a
        """,
        careless=(("/a\nRUN rm -f /work/a; test -e /a", "/a && rm -f /a"),),
    ),
    Case(
        "checksums",
        """
        FROM debian:bookworm-slim
        RUN echo a > a \\
         && echo "60b725f10c9c85c70d97880dfe8191b3 a" | md5sum -c -
        """,
        # GNU's takes it with one blank
        keeps=('b3 a" | md5sum',),
    ),
    Case(
        "checksums-in-busybox",
        """
        FROM busybox:1.36
        RUN echo a > a && echo "60b725f10c9c85c70d97880dfe8191b3 a" | md5sum -c -
        """,
        fixes=("run-checksum-single-space",),
        heals=True,
    ),
)
