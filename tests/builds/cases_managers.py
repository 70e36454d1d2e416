"""Package managers of other distributions, and of PHP and conda.

dnf and zypper are the programs themselves; apk and conda are scripts that do to files what those do.
"""

from __future__ import annotations

from build_case import Case

_HELLO = ("hello",)
_INSTALLED = ("rpm", "-qa", "--qf", "%{name}-%{version}\\n")
_COMPOSER = {
    "composer.json": (
        '{"name": "a/app", "repositories": [{"type": "path", "url": "/src/library", "options": {"symlink": false}}, '
        '{"packagist.org": false}], "require": {"a/library": "*"}}\n'
    ),
    "library/composer.json": '{"name": "a/library", "version": "1.0.0"}\n',
    "library/a.php": "<?php echo 1;\n",
}

MANAGERS = (
    Case(
        "yum",
        """
        FROM centos:8
        RUN yum install \\
              # for the health check
              hello
        """,
        fixes=("yum-install-without-yes",),
        heals=True,
    ),
    Case(
        "yum-cleaned",
        """
        FROM centos:8
        RUN set -ex; \\
            yum install -y hello && \\
            # what it says
            hello > /hello
        """,
        fixes=("yum-cache-not-cleaned",),
        keeps=("# what it says", "yum clean all && rm -rf /var/cache/yum"),
        calls=(_HELLO, _INSTALLED),
        saves=1_000,
    ),
    Case(
        "yum-answered-for-nothing",
        """
        FROM centos:8
        RUN yum install -y hello && yum install hello && yum remove no-such-package && yum clean all
        """,
        fixes=("yum-install-without-yes",),
        calls=(_HELLO, _INSTALLED),
    ),
    Case(
        "dnf",
        """
        FROM fedora:40
        RUN dnf in hello && dnf clean all
        """,
        fixes=("dnf-install-without-yes",),
        heals=True,
    ),
    Case(
        "dnf-in-exec-form",
        """
        FROM fedora:40
        RUN dnf install -y hello && dnf clean all
        RUN ["dnf", "install", "hello"]
        """,
        # metadata that the second step fetches again, with the time in an attribute
        may_differ=("/var/cache/dnf/*",),
        fixes=("dnf-install-without-yes",),
        calls=(_HELLO, _INSTALLED),
    ),
    Case(
        "dnf-cleaned",
        """
        FROM fedora:40
        RUN dnf install -y hello && rm -rf /tmp/x
        RUN dnf upgrade -y; hello > /hello
        """,
        fixes=("dnf-cache-not-cleaned",),
        calls=(_HELLO, _INSTALLED),
        saves=1_000,
    ),
    Case(
        "zypper",
        """
        FROM opensuse/leap:15.6
        RUN zypper install hello && zypper clean -a
        """,
        fixes=("zypper-non-interactive",),
        heals=True,
    ),
    Case(
        "zypper-answered-for-nothing",
        """
        FROM opensuse/leap:15.6
        RUN zypper -n install hello && zypper --quiet install hello && zypper clean -a
        """,
        fixes=("zypper-non-interactive",),
        calls=(_HELLO, _INSTALLED),
    ),
    Case(
        "zypper-cleaned",
        """
        FROM opensuse/leap:15.6
        RUN zypper -n install hello && \\
            hello > /hello
        """,
        fixes=("zypper-clean",),
        calls=(_HELLO, _INSTALLED),
        saves=1_000,
    ),
    Case(
        "apk",
        """
        FROM alpine:3.20
        RUN apk update \\
            && apk add \\
                # for the client
                ca-certificates \\
                curl \\
            && curl > /said
        RUN apk add --update git && rm -rf /var/cache/apk/* && git > /again
        """,
        fixes=("apk-add-cache",),
        keeps=("# for the client",),
        calls=(("cat", "/lib/apk/db/installed"),),
        saves=100_000,
    ),
    Case(
        "apk-whose-upgrade-needs-the-index",
        """
        FROM alpine:3.20
        RUN apk update && apk upgrade && apk add curl
        """,
        fixes=("apk-add-cache",),
        # the index of the update stays for the upgrade
        keeps=("apk update && apk upgrade && apk add --no-cache curl",),
    ),
    Case(
        "apk-whose-index-is-read",
        """
        FROM alpine:3.20
        RUN apk add curl && rm /var/cache/apk/*
        """,
        fixes=("apk-add-cache",),
        keeps=("RUN apk add --no-cache curl\n",),
        careless=(("apk add", "apk add --no-cache"),),
    ),
    Case(
        "apk-added-twice-and-removed-once",
        """
        FROM alpine:3.20
        RUN apk update \\
            && apk add curl \\
            && apk add git \\
            && git > /said \\
            && rm /var/cache/apk/*
        RUN apk add --update jq; rm /var/cache/apk/*
        """,
        fixes=("apk-add-cache",),
        keeps=("RUN apk add --no-cache curl", "apk add --update jq; rm"),
        calls=(("cat", "/lib/apk/db/installed"),),
    ),
    Case(
        "composer",
        """
        FROM php:8.3-cli
        COPY . /src
        WORKDIR /src
        RUN composer install --no-interaction --quiet \\
         && rm -rf tests
        """,
        fixes=("composer-cache-kept",),
        files=_COMPOSER,
        calls=(("php", "vendor/a/library/a.php"),),
        # named after the time, and after what composer makes up
        may_differ=("/src/vendor/autoload.php", "/src/vendor/composer/*"),
    ),
    Case(
        "conda",
        """
        FROM continuumio/miniconda3:24.9.2-0
        RUN conda install -y numpy pandas && \\
            cat /opt/conda/lib/* > /all
        """,
        fixes=("conda-install-cache",),
        saves=200_000,
    ),
)
