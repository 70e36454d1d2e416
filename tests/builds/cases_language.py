"""Packages of languages: their installers keep caches that no image needs."""

from __future__ import annotations

from build_case import Case

_PACKAGE = '{"name": "app", "version": "1.0.0", "private": true, "dependencies": {"is-number": "7.0.0"}}\n'
_NUMBER = ("node", "-e", "console.log(require('is-number')('5'))")
#: an sdist, so that pip keeps the wheel that it makes of it, whatever the index says of caching
_DOCOPT = ("python", "-c", "import docopt; print(docopt.__version__)")

LANGUAGE = (
    Case(
        "pip",
        """
        FROM python:3.11-slim
        WORKDIR /app
        COPY requirements.txt .
        RUN pip install -r requirements.txt && python -m pip install --upgrade idna==3.7
        COPY app.py .
        CMD python app.py
        """,
        fixes=("pip-cache-kept", "cmd-shell-form"),
        files={
            "requirements.txt": "docopt==0.6.2\n",
            "app.py": "import docopt, idna\nprint(docopt.__version__, idna.__version__)\n",
        },
        calls=((),),
        saves=10_000,
        needs="pip",
    ),
    Case(
        "pip-in-exec-form",
        """
        FROM python:3.11-slim
        RUN ["pip", "install", "docopt==0.6.2"]
        RUN ["python", "-m", "pip", "install", "--no-deps", "idna==3.7"]
        """,
        fixes=("pip-cache-kept",),
        calls=(_DOCOPT,),
        saves=10_000,
        needs="pip",
    ),
    Case(
        "pip-of-a-virtual-environment",
        """
        FROM python:3.11-slim
        RUN python -m venv /venv && useradd --create-home app && chown -R app /venv
        ENV PATH /venv/bin:$PATH
        USER app
        RUN set -eux; \\
            for package in docopt==0.6.2 idna==3.7; do \\
                # one after the other
                /venv/bin/pip install "$package"; \\
            done
        """,
        fixes=("pip-cache-kept", "legacy-key-value-format"),
        keeps=("# one after the other",),
        calls=(_DOCOPT,),
        needs="pip",
    ),
    Case(
        "pip-in-a-heredoc",
        """
        FROM python:3.11-slim
        RUN <<EOF
        set -e
        pip install docopt==0.6.2
        EOF
        """,
        calls=(_DOCOPT,),
        needs="pip",
    ),
    Case(
        "pip-with-cache-mount",
        """
        FROM python:3.11-slim
        RUN --mount=type=cache,target=/root/.cache/pip pip install docopt==0.6.2
        """,
        keeps=("pip pip install docopt==0.6.2",),
        calls=(_DOCOPT,),
        needs="pip",
    ),
    Case(
        "pip-whose-cache-is-read-later",
        """
        FROM python:3.11-slim
        RUN pip install docopt==0.6.2
        RUN find /root/.cache/pip -name '*.whl' -exec cp {} /srv/ ';' && test -e /srv/*.whl
        """,
        # the two are joined, so that the wheel is made again, with other times in it
        may_differ=("*.whl",),
        needs="pip",
        careless=(("pip install", "pip install --no-cache-dir"),),
    ),
    Case(
        "pip-whose-cache-another-stage-copies",
        """
        FROM python:3.11-slim AS build
        RUN pip install docopt==0.6.2
        FROM python:3.11-slim
        COPY --from=build /root/.cache/pip /cache
        """,
        may_differ=("/cache/wheels/*/origin.json",),
        needs="pip",
        careless=(("pip install", "pip install --no-cache-dir"),),
    ),
    Case(
        "pip-of-an-old-release",
        """
        FROM debian:jessie
        RUN pip install docopt==0.6.2
        """,
        calls=(_DOCOPT,),
        needs="pip",
        careless=(("pip install", "pip install --no-cache-dir"),),
    ),
    Case(
        "yarn",
        """
        FROM node:18-slim
        WORKDIR /app
        COPY package.json .
        RUN yarn install --silent
        """,
        fixes=("yarn-cache-not-cleaned",),
        files={"package.json": _PACKAGE},
        calls=(_NUMBER,),
        needs="npm",
    ),
    Case(
        "yarn-with-cache-mount",
        """
        FROM node:18-slim
        WORKDIR /app
        COPY package.json .
        RUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install --silent
        """,
        keeps=("yarn install --silent\n",),
        files={"package.json": _PACKAGE},
        calls=(_NUMBER,),
        needs="npm",
    ),
    Case(
        "npm",
        """
        FROM node:18-slim
        WORKDIR /app
        COPY package.json .
        RUN npm install --no-audit
        """,
        # not a SAFE fix: the cleaning fails where npm looks for a newer npm meanwhile (ENOTEMPTY)
        keeps=("RUN npm install --no-audit",),
        files={"package.json": _PACKAGE},
        calls=(_NUMBER,),
        needs="npm",
    ),
    Case(
        "pip-cache-mount-defeated",
        """
        FROM python:3.11-slim
        RUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir docopt==0.6.2
        """,
        fixes=("cache-mount-defeated",),
        calls=(_DOCOPT,),
        needs="pip",
    ),
    Case(
        "pip-cache-mount-of-another-user",
        """
        FROM python:3.11-slim
        RUN useradd --create-home app
        USER app
        RUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir docopt==0.6.2
        """,
        calls=(_DOCOPT,),
        settings=("User",),
        needs="pip",
        careless=((" --no-cache-dir", ""),),
    ),
)
