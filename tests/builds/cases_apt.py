"""apt and its package lists."""

from __future__ import annotations

from build_case import Case

_TREE = ("tree", "--version")

APT = (
    Case(
        "apt-yes",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install tree && apt-get -q install hello && rm -rf /var/lib/apt/lists/*
        """,
        fixes=("apt-install-without-yes",),
        calls=(_TREE, ("hello",)),
    ),
    Case(
        "apt-yes-where-it-asks",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install jq && rm -rf /var/lib/apt/lists/*
        """,
        fixes=("apt-install-without-yes",),
        heals=True,
    ),
    Case(
        "apt-yes-in-exec-form",
        """
        FROM debian:bookworm-slim
        RUN ["apt-get", "update"]
        RUN ["apt-get", "install", "tree"]
        """,
        fixes=("apt-install-without-yes",),
        calls=(_TREE,),
    ),
    Case(
        "lists-of-the-real-mirror",
        """
        FROM debian:bookworm
        RUN apt-get update && apt-get install -y --no-install-recommends tree
        """,
        fixes=("apt-lists-not-removed",),
        calls=(_TREE,),
        saves=5_000_000,
        needs="apt",
    ),
    Case(
        "everything-of-the-real-mirror",
        """
        FROM debian:bookworm
        MAINTAINER Jo Doe <jo@example.com>
        RUN apt update
        RUN apt install tree
        RUN apt install -y jq
        CMD tree --version
        """,
        fixes=("apt-instead-of-apt-get", "maintainer-deprecated", "cmd-shell-form", "apt-install-without-yes"),
        calls=((),),
        needs="apt",
    ),
    Case(
        "lists-over-several-lines",
        """
        FROM debian:bookworm-slim
        RUN set -ex; \\
            apt-get update \\
         && apt-get install -y --no-install-recommends \\
                # for the listing
                tree \\
                hello
        """,
        fixes=("apt-lists-not-removed",),
        keeps=("# for the listing",),
        calls=(_TREE,),
    ),
    Case(
        "lists-of-steps-that-become-one",
        """
        FROM debian:bookworm-slim
        RUN apt-get update
        # for the tests
        RUN apt-get install -y tree && apt-get clean
        RUN apt-get install -y hello
        RUN . /etc/os-release && echo "$NAME" > /name
        """,
        fixes=("apt-lists-not-removed",),
        profile="hadolint",
        keeps=("# for the tests\n", "hello && rm -rf"),
        may_differ=("/var/lib/apt/lists/*",),
        calls=(("tree", "--version"), ("hello",)),
        saves=1_000,
    ),
    Case(
        "lists-of-a-list-with-semicolons",
        """
        FROM debian:bookworm-slim
        RUN set -eux; \\
            apt-get update; \\
            apt-get install -y tree hello; \\
            tree --version > /version; \\
            hello
        """,
        fixes=("apt-lists-not-removed",),
        calls=(_TREE,),
    ),
    Case(
        "lists-of-a-list-whose-end-is-a-comment",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y tree # && rm -rf /var/lib/apt/lists/*
        """,
        fixes=("apt-lists-not-removed",),
        calls=(_TREE,),
        saves=10_000,
    ),
    Case(
        "lists-of-compound-commands",
        """
        FROM debian:bookworm-slim
        RUN if true; then apt-get update && apt-get install -y tree; fi
        RUN (apt-get update && apt-get install -y hello)
        RUN for package in jq file; do apt-get update && apt-get install -y $package || exit 1; done
        """,
        calls=(_TREE, ("jq", "--version")),
    ),
    Case(
        "lists-removed-with-sudo",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y sudo && useradd app \\
         && echo 'app ALL=NOPASSWD: ALL' > /etc/sudoers.d/app
        USER app
        RUN sudo apt-get update && sudo apt-get install -y tree
        """,
        fixes=("apt-lists-not-removed", "user-not-numeric"),
        may_differ=("/run/sudo/*", "/var/lib/sudo/*"),
        settings=("User",),
        calls=(_TREE,),
        saves=10_000,
    ),
    Case(
        "lists-in-bash",
        """
        FROM debian:bookworm-slim
        SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
        RUN apt-get update |& cat && \\
            apt-get install -y tree
        """,
        calls=(_TREE,),
    ),
    Case(
        "update-alone",
        """
        FROM debian:bookworm-slim
        RUN apt-get update
        LABEL stage=test
        RUN apt-get install -y tree
        """,
        fixes=("apt-update-alone", "apt-lists-not-removed"),
        calls=(_TREE,),
        saves=10_000,
    ),
    Case(
        "update-alone-and-two-installs",
        """
        FROM debian:bookworm-slim
        RUN apt-get update
        RUN apt-get install -y tree
        RUN apt-get install hello
        """,
        fixes=("apt-install-without-yes",),
        calls=(_TREE, ("hello",)),
        careless=(
            (
                "apt-get update\nRUN apt-get install -y tree",
                "apt-get update && apt-get install -y tree && rm -rf /var/lib/apt/lists/*",
            ),
        ),
    ),
    Case(
        "apt-for-people",
        """
        FROM debian:bookworm-slim
        RUN apt update && apt -y full-upgrade && apt install -y tree hello && apt remove -y hello \\
         && apt autoremove -y && apt upgrade -y && apt clean && rm -rf /var/lib/apt/lists/*
        """,
        fixes=("apt-instead-of-apt-get",),
        calls=(_TREE,),
    ),
    Case(
        "lists-in-a-heredoc",
        """
        FROM debian:bookworm-slim
        RUN <<EOF
        apt-get update
        apt-get install tree
        echo \\# $HOME > /home-of
        EOF
        CMD tree --version
        """,
        fixes=("cmd-shell-form",),
        calls=((),),
    ),
    Case(
        "backtick-as-escape",
        """
        # escape=`
        FROM debian:bookworm-slim
        RUN apt-get update `
         && apt-get install tree
        """,
        fixes=("apt-install-without-yes", "apt-lists-not-removed"),
        defect="the proof does not take -y for an answer where the escape is a backtick",
        keeps=("`\n && rm -rf",),
        calls=(_TREE,),
        saves=10_000,
    ),
    Case(
        "packages-sorted",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y \\
                tree \\
                hello \\
                file \\
         && rm -rf /var/lib/apt/lists/*
        """,
        fixes=("sort-packages",),
        calls=(_TREE,),
    ),
    Case(
        "package-twice",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y tree hello tree && rm -rf /var/lib/apt/lists/*
        """,
        fixes=("duplicate-package-in-list",),
        calls=(_TREE,),
    ),
    Case(
        "cache-mounts-of-two-builds",
        """
        FROM debian:bookworm-slim
        RUN --mount=type=cache,target=/var/cache/apt \\
            --mount=type=cache,target=/var/lib/apt,id=lists \\
            apt-get update && apt-get install tree
        """,
        fixes=("cache-mount-missing-sharing", "apt-install-without-yes"),
        calls=(_TREE,),
    ),
    Case(
        "cache-mounts-defeated",
        """
        FROM debian:bookworm-slim
        RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
            --mount=type=cache,target=/var/lib/apt,sharing=locked \\
            apt-get update && apt-get install -y tree \\
            && apt-get clean \\
            && rm -rf /var/lib/apt/lists/* /tmp/*
        """,
        fixes=("cache-mount-defeated",),
        calls=(_TREE,),
    ),
    Case(
        "package-installed-twice",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y tree hello && apt-get install -y --no-install-recommends file tree \\
         && rm -rf /var/lib/apt/lists/*
        """,
        fixes=("apt-package-installed-twice",),
        calls=(_TREE,),
    ),
    Case(
        "apt-installs-joined",
        """
        FROM debian:bookworm-slim
        RUN apt-get update && apt-get install -y tree
        # another
        RUN apt-get install -y hello && apt-get install -y file && mkdir /made && rm -rf /var/lib/apt/lists/*
        """,
        fixes=("apt-install-split",),
        keeps=("# another",),
        calls=(_TREE, ("hello",)),
    ),
    Case(
        "install-without-update",
        """
        FROM debian:bookworm-slim
        RUN apt-get install -y tree
        """,
        fixes=("apt-install-without-update",),
        heals=True,
    ),
)
