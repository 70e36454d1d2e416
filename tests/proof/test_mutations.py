"""Damage of many kinds, to files that look like real ones: the proof notices all of it."""

from __future__ import annotations

import random

import pytest
from mutations import KINDS

from dlinter.proof import prove
from dlinter.tree import Dockerfile

PREAMBLES = ["", "# syntax=docker/dockerfile:1\n# check=skip=JSONArgsRecommended\n\n", "ARG VERSION=3.12\n# the base\n"]
BASES = ["debian:12", "alpine:3.20", "python:3.12-slim", "node:20", "golang:1.22", "ubuntu:22.04", "team/image:1"]
PARTS = [
    "RUN apt-get update && apt-get install -y --no-install-recommends \\\n    curl \\\n    # certificates\n"
    "    ca-certificates \\\n && rm -rf /var/lib/apt/lists/*\n",
    'RUN set -eux; \\\n    curl -fsSL -o /tmp/a.tgz "https://example.com/$VERSION/a.tgz"; \\\n'
    "    tar -xzf /tmp/a.tgz -C /opt; \\\n    rm /tmp/a.tgz\n",
    "RUN cd /opt/tool && ./configure --prefix=/usr && make -j4 && make install\n",
    "RUN touch /tmp/done\n",
    "RUN adduser -D -u 1000 app || useradd -m app\n",
    'RUN echo "hello  world" > /etc/motd && cat /etc/motd | sort | uniq >> /tmp/log\n',
    "RUN for f in a b c; do cp $f* /srv/; done\n",
    "RUN if [ -f /etc/debian_version ]; then dpkg -l; else apk info; fi\n",
    "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n",
    "RUN --mount=type=bind,source=setup,target=/setup --network=none /setup/run.sh ${MODE:-fast}\n",
    "RUN chown -R app:app \"$HOME\" $EXTRA && find /var/log -name '*.gz' -delete\n",
    "RUN <<EOF\nset -e\nmkdir -p /data\necho done > /data/state\nEOF\n",
    "RUN cat <<EOF > /etc/app.conf\n[main]\n  path = /srv\nEOF\n",
    'RUN ["/bin/bash", "-c", "echo $0 && date"]\n',
    "RUN export A='b  c' && echo $A\n",
    "RUN umask 077; mkdir /secret; true\n",
    "COPY package.json package-lock.json ./\n",
    "COPY --chown=app:app src/ /srv/app/\n",
    "COPY . /srv/app\nCOPY conf/app.conf /etc/app/\n",
    "COPY <<END /etc/hello\nhello ${NAME}\n  world\nEND\n",
    "ADD https://example.com/file.tar.gz /tmp/\n",
    "ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/f /f\n",
    "WORKDIR /srv/app\n",
    "WORKDIR sub\n",
    "USER app\n",
    "USER 0:0\n",
    "ENV PATH=/opt/bin:$PATH\n",
    "ENV APP_HOME=/srv/app NAME='a b'\n",
    "ENV LANG C.UTF-8\n",
    'ENV QUOTED="x $NAME"\n',
    "ARG BUILD_ID=7\n",
    "ARG MODE\n",
    'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n',
    'LABEL org.opencontainers.image.title="A tool" version=1.2\n',
    "EXPOSE 8080 8443/tcp\n",
    "EXPOSE 53/udp\n",
    "VOLUME /data\n",
    "STOPSIGNAL SIGINT\n",
    "HEALTHCHECK --interval=30s --timeout=3s CMD curl -f http://localhost:8080/ || exit 1\n",
    "ONBUILD COPY . /srv\nONBUILD RUN make\n",
    'CMD ["serve", "--port", "8080"]\n',
    "CMD exec serve --home $APP_HOME\n",
    'ENTRYPOINT ["/entrypoint.sh"]\n',
    "# hadolint ignore=DL3008\nRUN apt-get update && apt-get install curl\n",
    "\n\n# a comment of its own\n\n",
]


def generated(seed: int) -> str:
    """A file with one to three stages that looks like what people write."""
    rng = random.Random(seed)
    pieces = [rng.choice(PREAMBLES)]
    stages = rng.choice([1, 1, 2, 3])
    for number in range(stages):
        base = rng.choice(BASES) if not number or rng.random() < 0.7 else f"stage{number - 1}"
        pieces.append(f"FROM {base} AS stage{number}\n")
        pieces += rng.sample(PARTS, rng.randint(5, 14))
        if number:
            pieces.append(f"COPY --from=stage{rng.randrange(number)} /srv/out /srv/in\n")
    return "".join(pieces)


FILES = 150
#: files of each kind of damage
ENOUGH = 12


@pytest.fixture(scope="module")
def files() -> list[Dockerfile]:
    return [Dockerfile(generated(seed)) for seed in range(FILES)]


@pytest.mark.parametrize("name", KINDS)
def test_noticed(name: str, files: list[Dockerfile]) -> None:
    made = 0
    for number, file in enumerate(files):
        damaged = KINDS[name](random.Random(number), file)
        if damaged is None or damaged == file.text:
            continue
        made += 1
        assert not prove(file.text, damaged, strict=True).same, damaged
        assert not prove(file.text, damaged).same, damaged
        if made == ENOUGH:
            break
    assert made, f"no file to try {name} on"


def test_there_are_many_kinds() -> None:
    assert len(KINDS) >= 70
