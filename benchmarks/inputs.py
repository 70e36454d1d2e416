"""Dockerfiles to measure with: made here, alike in every run, in the proportions of real ones."""

from __future__ import annotations

from pathlib import Path
from random import Random

SMALL = """\
FROM debian:12.5-slim
LABEL org.opencontainers.image.title="x"
WORKDIR /app
COPY requirements.txt ./
EXPOSE 8080
USER 1000
CMD ["python3", "-m", "app"]
"""
TYPICAL = """\
FROM node:20.11-alpine AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN if [ -n "$MODE" ]; then npm run build -- --mode "$MODE"; else npm run build; fi

FROM nginx:1.25
COPY --from=build /app/dist /usr/share/nginx/html
EXPOSE 80
CMD ["nginx", "-g", "daemon off;"]
"""
_BASES = ("debian:12", "ubuntu:22.04", "alpine:3.19", "python:3.12-slim", "node:20", "golang:1.22", "openjdk:17")
_NAMES = ("curl", "git", "ca-certificates", "gnupg", "build-essential", "libpq-dev", "jq", "unzip", "vim", "openssl")
_STEPS = (
    "RUN apt-get update && apt-get install -y {0} {1} && rm -rf /var/lib/apt/lists/*",
    "RUN apt-get update && \\\n    apt-get install -y --no-install-recommends \\\n        {0}={n}.* \\\n        {1}",
    "RUN apk add --no-cache {0} {1}",
    "RUN pip install --no-cache-dir {0}=={n}.0 -r requirements-{n}.txt",
    "RUN npm ci && npm run build-{n}",
    "RUN curl -fsSL https://example.com/{0}-{n}.tar.gz | tar xz -C /opt/{1}",
    'RUN set -eux; for each in {0} {1}; do echo "$each-{n}" >> /etc/{0}.conf; done',
    "RUN if [ -f /etc/{0} ]; then cp /etc/{0} /etc/{1}.{n}; fi",
    "RUN cd /srv/{n} && make {0} && make install",
    "RUN useradd -m user{n} && chown -R user{n} /home/user{n}",
    "COPY --chown=1000:1000 {0} /opt/{1}/{n}/",
    "COPY src/{0} /app/{n}/{1}",
    "ADD https://example.com/{0}/{n}.txt /tmp/{1}",
    "ENV NAME_{n}={0} PATH=/opt/{1}/bin:$PATH",
    "ARG VERSION_{n}={n}.1",
    "WORKDIR /srv/{n}",
    'LABEL maintainer.{n}="{0}"',
    "EXPOSE {n}",
    "# {0} is needed by {1} since {n}",
)


def dockerfile(lines: int, seed: int) -> str:
    """A file of about *lines* lines."""
    random = Random(seed)
    found = [f"FROM {random.choice(_BASES)} AS base"]
    length = 1
    while length < lines:
        step = random.choice(_STEPS).format(*random.sample(_NAMES, 2), n=random.randrange(1, 9000))
        found.append(step)
        length += step.count("\n") + 1
    found.append("USER 1000")
    found.append('CMD ["run"]')
    return "\n".join(found) + "\n"


def write(folder: Path, count: int, lines: int = 20) -> list[str]:
    """*count* different files, each in a folder of its own; their paths."""
    paths = []
    for number in range(count):
        path = folder / f"{number:05}" / "Dockerfile"
        path.parent.mkdir(parents=True)
        path.write_text(dockerfile(lines // 2 + number % lines, number))
        paths.append(str(path))
    return paths
