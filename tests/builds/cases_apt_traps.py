"""Uses of apt that a careless fix would break."""

from __future__ import annotations

from build_case import Case

_TREE = ("tree", "--version")
_REMOVAL = " && rm -rf /var/lib/apt/lists/*"

APT_TRAPS = (
    Case(
        "later-install-relies-on-the-lists",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y tree
        RUN apt-get install -y hello
        """,
        calls=(_TREE, ("hello",)),
        careless=(("-y tree", f"-y tree{_REMOVAL}"),),
    ),
    Case(
        "stage-on-top-relies-on-the-lists",
        """
        FROM debian:bookworm-slim AS base
        RUN apt-get update && apt-get install -y tree
        FROM base
        RUN apt-get install -y hello
        """,
        calls=(_TREE, ("hello",)),
        careless=(("-y tree", f"-y tree{_REMOVAL}"),),
    ),
    Case(
        "script-relies-on-the-lists",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y tree
        COPY setup.sh /
        RUN sh /setup.sh
        """,
        files={"setup.sh": "set -e\napt-get install -y hello\n"},
        calls=(("hello",),),
        careless=(("-y tree", f"-y tree{_REMOVAL}"),),
    ),
    Case(
        "script-in-path-relies-on-the-lists",
        """
        FROM debian:bookworm-slim
        COPY add-package /usr/local/bin/
        RUN apt-get update && apt-get install -y tree
        RUN add-package hello
        """,
        files={"add-package": ('#!/bin/sh\nexec apt-get install -y "$@"\n', 0o755)},
        calls=(("hello",),),
        careless=(("-y tree", f"-y tree{_REMOVAL}"),),
    ),
    Case(
        "trigger-relies-on-the-lists",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y tree
        ONBUILD RUN apt-get install -y hello
        """,
        onward="ENV A=b\n",
        calls=(("hello",),),
        careless=(("-y tree", f"-y tree{_REMOVAL}"),),
    ),
    Case(
        "copy-of-the-lists",
        """
        FROM debian:bookworm-slim AS lists
        RUN apt-get update && apt-get install -y tree
        FROM debian:bookworm-slim
        COPY --from=lists /var/lib/apt/lists /var/lib/apt/lists
        RUN apt-get install -y hello
        """,
        calls=(("hello",),),
        careless=(("-y tree", f"-y tree{_REMOVAL}"),),
    ),
    Case(
        "mount-of-the-lists",
        """
        FROM debian:bookworm-slim AS lists
        RUN apt-get update && apt-get install -y tree
        FROM lists AS more
        RUN touch /more
        FROM debian:bookworm-slim
        RUN --mount=type=bind,from=lists,source=/var/lib/apt/lists,target=/var/lib/apt/lists \\
            apt-get install -y hello
        """,
        calls=(("hello",),),
        careless=(("-y tree", f"-y tree{_REMOVAL}"),),
    ),
    Case(
        "cache-mount-of-the-lists",
        """
        FROM debian:bookworm-slim
        RUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y tree
        RUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get install -y hello
        """,
        calls=(_TREE, ("hello",)),
        careless=(("-y tree", f"-y tree{_REMOVAL}"),),
    ),
    Case(
        "failure-that-is-ignored",
        """
        FROM debian:bookworm-slim
        RUN apt-get update; apt-get install -y tree no-such-package; echo done > /done
        RUN apt-get update; apt-get install -y hello || true
        RUN apt-get update; apt-get install -y no-such-package || echo none
        """,
        calls=(("hello",),),
        careless=(("update; apt-get install -y tree", "update && apt-get install -y tree"), ("; echo", " && echo")),
    ),
    Case(
        "update-whose-failure-is-ignored",
        """
        FROM debian:bookworm-slim
        RUN apt-get update || true
        RUN apt-get install -y no-such-package; touch /done
        """,
    ),
    Case(
        "install-whose-failure-is-ignored-after-an-update-alone",
        """
        FROM debian:bookworm-slim
        RUN apt-get update
        RUN apt-get install -y tree || echo none
        """,
        calls=(_TREE,),
    ),
    Case(
        "update-without-rights",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && useradd app
        USER app
        RUN apt-get update || echo offline
        """,
        fixes=("user-not-numeric",),
        settings=("User",),
        careless=(("echo offline", f"echo offline{_REMOVAL}"),),
    ),
    Case(
        "sources-change-between-update-and-install",
        """
        FROM debian:bookworm-slim
        RUN apt-get update
        RUN echo 'deb [trusted=yes] copy:/none ./' > /etc/apt/sources.list.d/none.list
        RUN apt-get install -y tree
        """,
        calls=(_TREE,),
        careless=(
            ("RUN apt-get update\n", ""),
            ("RUN apt-get install", "RUN apt-get update && apt-get install"),
        ),
    ),
    Case(
        "script-that-ends-early",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y tree && exec touch /done
        RUN apt-get update && apt-get install -y hello && exit 0
        """,
        calls=(_TREE,),
    ),
    Case(
        "script-in-background",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y tree & wait
        """,
        calls=(_TREE,),
    ),
    Case(
        "lists-that-are-read-at-the-end",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y tree
        RUN ls /var/lib/apt/lists | grep -c Packages > /count
        """,
        careless=(("-y tree", f"-y tree{_REMOVAL}"),),
    ),
    Case(
        "words-in-quotes",
        """
        FROM debian:bookworm-slim
        RUN bash -c "apt-get update && apt-get install -y tree" && echo "apt-get install hello" > /note
        RUN sh -c 'apt-get update; apt-get install -y hello'; touch /done
        """,
        keeps=('echo "apt-get install hello"',),
        calls=(_TREE,),
    ),
)
