"""Steps ahead of the code: what they leave in the image is the same."""

from __future__ import annotations

import json

from build_case import Case

_LOCK = {
    "name": "app",
    "version": "1.0.0",
    "lockfileVersion": 3,
    "requires": True,
    "packages": {
        "": {"name": "app", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}},
        "node_modules/is-number": {"version": "7.0.0", "engines": {"node": ">=0.12.0"}},
    },
}
_NODE = {
    "package.json": json.dumps({
        "name": "app", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"},
        "scripts": {"build": "node build.js"},
    }),
    "package-lock.json": json.dumps(_LOCK),
    "build.js": "require('fs').writeFileSync('out.txt', String(require('is-number')('5')))\n",
    "src/index.js": ("console.log(require('is-number')('5'))\n", 0o755),
}  # fmt: skip
_PYTHON = {
    "requirements.txt": "-r requirements/base.txt\n",
    "requirements/base.txt": "docopt==0.6.2\n",
    "app/main.py": ("import docopt\nprint(docopt.__version__)\n", 0o755),
    "app/data/a.txt": ("a\n", 0o600),
}

ORDER = (
    Case(
        "order-of-pip",
        """
        FROM python:3.11-slim
        # the code
        COPY . /srv/app
        WORKDIR /srv/app
        RUN pip install --no-cache-dir -r requirements.txt
        CMD ["python", "app/main.py"]
        """,
        fixes=("cache-dependency-install-after-source",),
        files=_PYTHON,
        seen=True,
        keeps=("RUN pip install --no-cache-dir -r requirements.txt\n# the code\nCOPY . /srv/app\n",),
        calls=((),),
        # the requirements are in two layers now
        saves=-200,
        needs="pip",
    ),
    Case(
        "order-of-pip-with-an-owner",
        """
        FROM python:3.11-slim
        RUN useradd --uid 1234 app
        COPY --chown=app:app . /srv/app/
        WORKDIR /srv/app
        USER app
        RUN python3 -m venv /tmp/venv && /tmp/venv/bin/pip install --no-cache-dir -r requirements.txt
        """,
        fixes=(),
        files=_PYTHON,
        seen=True,
        settings=("User",),
        needs="pip",
    ),
    Case(
        "order-of-pip-with-owner-and-mode",
        """
        FROM python:3.11-slim
        ENV HOME=/home/none
        COPY --chown=1234:1234 ./ /srv/app/
        WORKDIR /srv/app
        RUN pip install --no-cache-dir --upgrade idna==3.7 && pip install --no-cache-dir -r requirements.txt
        USER 1234
        CMD ["python", "app/main.py"]
        """,
        fixes=("cache-dependency-install-after-source",),
        files=_PYTHON,
        seen=True,
        calls=((),),
        # the requirements are in two layers now
        saves=-200,
        needs="pip",
    ),
    Case(
        "order-of-npm",
        """
        FROM node:18-slim
        WORKDIR /app
        COPY . .
        RUN npm ci --no-audit --no-update-notifier && npm run build
        RUN rm -rf /root/.npm
        CMD ["node", "src/index.js"]
        """,
        fixes=("cache-dependency-install-after-source",),
        files=_NODE,
        seen=True,
        keeps=("COPY package.json package-lock.json ./\nRUN npm ci", "\nCOPY . .\nRUN npm run build "),
        calls=((), ("cat", "out.txt")),
        # npm notes the time of what it installed
        may_differ=("/app/node_modules/.package-lock.json", "/root/.npm/*"),
        # the manifests are in two layers now, and what npm keeps is removed in the RUN after
        saves=-1_000_000,
        needs="npm",
    ),
    Case(
        "order-of-npm-whose-script-reads-the-code",
        """
        FROM node:18-slim
        WORKDIR /app
        COPY . .
        RUN npm ci --no-audit --no-update-notifier
        RUN rm -rf /root/.npm
        """,
        files={
            **_NODE,
            "package.json": _NODE["package.json"].replace('"build"', '"postinstall"'),  # type: ignore[union-attr]
        },
        seen=True,
        keeps=("COPY . .\nRUN npm ci",),
        may_differ=("/app/node_modules/.package-lock.json", "/root/.npm/*"),
        needs="npm",
        careless=(
            ("COPY . .\nRUN npm ci", "COPY package*.json ./\nRUN npm ci"),
            ("\nRUN rm -rf /root/.npm", "\nCOPY . .\nRUN rm -rf /root/.npm"),
        ),
    ),
    Case(
        "order-of-system-packages",
        """
        FROM debian:bookworm-slim
        WORKDIR /srv
        COPY . .
        RUN apt-get update && apt-get install -y hello && rm -rf /var/lib/apt/lists/*
        RUN hello > greeting
        """,
        fixes=("cache-expensive-after-copy",),
        files={"a.txt": "a\n", "b/c.txt": ("c\n", 0o600)},
        seen=True,
        calls=(("cat", "greeting"),),
    ),
)
