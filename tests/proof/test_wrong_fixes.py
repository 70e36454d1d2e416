"""What the fixes of other tools made of real files, as small pairs. Every one of them is another build.

The pairs are admitted every neutral change, and all that a user can answer for.
"""

from __future__ import annotations

import pytest

from dlinter.proof import NEUTRAL, prove

LISTS = "rm -rf /var/lib/apt/lists/*"
ALPINE = "FROM alpine:3.20\n"
DEBIAN = "FROM debian:12\n"

WRONG = {
    # a sorted package list that lost its backslash, its options, or the value of an option
    "backslash lost": (
        DEBIAN + "RUN apt-get install -y \\\n zip \\\n curl \\\n && rm -rf /x\n",
        DEBIAN + "RUN apt-get install -y \\\n curl zip\n && rm -rf /x\n",
        "RUN at line 2 now runs",
    ),
    "option cut off": (
        DEBIAN + "RUN apt-get install -y \\\n a \\\n --no-install-recommends \\\n b\n",
        DEBIAN + "RUN apt-get install -y \\\n a b\n\n --no-install-recommends\n",
        "",
    ),
    "comment swallowed the list": (
        DEBIAN + "RUN apt-get install -y \\\n # compression\n zip \\\n zlib1g-dev\n",
        DEBIAN + "RUN apt-get install -y \\\n zlib1g-dev\n",
        "RUN at line 2 now runs",
    ),
    "name of a virtual package": (
        ALPINE + "RUN apk add -t TMP build-base curl\n",
        ALPINE + "RUN apk add -t build-base curl TMP\n",
        "now runs `apk add -t build-base curl TMP`",
    ),
    "option lost, its value a package": (
        ALPINE + "RUN apk add --repository http://a/edge/main postfix ca-certificates\n",
        ALPINE + "RUN apk add ca-certificates http://a/edge/main postfix\n",
        "RUN at line 2 now runs",
    ),
    # ENV and LABEL with an equals sign
    "value over several lines": (
        DEBIAN + "ENV DEPS \\\n  autoconf \\\n  gcc\n",
        DEBIAN + "ENV DEPS=\\\n  autoconf \\\n  gcc\n",
        "ENV DEPS",
    ),
    "stray line": (DEBIAN + "ENV E foo \\\n bar\n", DEBIAN + 'ENV E="foo \\\\"\n bar\n', "ENV E is now"),
    "quotes became data": (
        DEBIAN + 'ENV FOO "a b"\n',
        DEBIAN + 'ENV FOO="\\"a b\\""\n',
        'ENV FOO is now "a b", before a b',
    ),
    "escaped blank": (DEBIAN + "ENV P a\\ b\n", DEBIAN + 'ENV P="a\\ b"\n', "ENV P"),
    "single quotes": (DEBIAN + "ENV X 'a $FOO b'\n", DEBIAN + "ENV X=\"'a $FOO b'\"\n", "ENV X"),
    "quoted label": (
        DEBIAN + 'LABEL maintainer "Jo"\n',
        DEBIAN + 'LABEL maintainer="\\"Jo\\""\n',
        "the label maintainer",
    ),
    # what the tool in the image does not know
    "progress on BusyBox": (
        ALPINE + "RUN wget -O x http://a\n",
        ALPINE + "RUN wget --progress=dot:giga -O x http://a\n",
        "now runs `wget --progress=dot:giga",
    ),
    "pipefail in dash": (
        "FROM debian:11\nRUN curl a | tar x\n",
        "FROM debian:11\nRUN set -o pipefail && curl a | tar x\n",
        "now runs `set -o pipefail &&",
    ),
    "download without curl": (
        DEBIAN + "ADD https://a/b /c\n",
        DEBIAN + "RUN curl -fsSL https://a/b -o /c\n",
        "became RUN",
    ),
    # order
    "CMD over SHELL": (
        DEBIAN + 'SHELL ["/bin/bash", "-c"]\nCMD echo $BASH_VERSION\nSHELL ["/bin/sh", "-c"]\nRUN a\n',
        DEBIAN + 'SHELL ["/bin/bash", "-c"]\nSHELL ["/bin/sh", "-c"]\nRUN a\nCMD echo $BASH_VERSION\n',
        "the image's command",
    ),
    "owner of a configuration": (
        DEBIAN + "USER nginx\nCOPY conf/ /etc/nginx/\n",
        DEBIAN + "USER nginx\nCOPY --chown=nginx conf/ /etc/nginx/\n",
        "has the new flag --chown=nginx",
    ),
    # heredocs
    "blanks in a heredoc": (
        DEBIAN + "COPY <<EOF /a.md\nline  \nnext\nEOF\n",
        DEBIAN + "COPY <<EOF /a.md\nline\nnext\nEOF\n",
        "COPY at line 2",
    ),
    "indentation in a heredoc": (
        DEBIAN + "COPY <<EOF /a.ini\n[a]\n  b = c\nEOF\n",
        DEBIAN + "COPY <<EOF /a.ini\n[a]\nb = c\nEOF\n",
        "COPY at line 2",
    ),
    "data became code": (
        DEBIAN + 'RUN cat <<EOT > /etc/app.conf\nhome=$HOME\nEOT\nRUN echo "a" > /etc/a\n',
        DEBIAN + 'RUN <<EOF\nset -e\nhome=$HOME\necho "a" >/etc/a\nEOF\n',
        "RUN at line 2",
    ),
    "interpreter lost": (
        DEBIAN + "RUN <<EOT bash\nset -o pipefail\na | b\nEOT\n",
        DEBIAN + "RUN <<EOF\nset -o pipefail\na | b\nEOF\n",
        "RUN at line 2",
    ),
    # RUNs made one heredoc
    "network came back": (
        DEBIAN + "RUN --network=none ./tests\nRUN a\nRUN b\n",
        DEBIAN + "RUN <<EOF\nset -e\n./tests\na\nb\nEOF\n",
        "lost the flag --network",
    ),
    "directory leaks": (
        DEBIAN + "RUN cd /opt && make\nRUN touch done\n",
        DEBIAN + "RUN <<EOF\nset -e\ncd /opt\nmake\ntouch done\nEOF\n",
        "RUN at line 2",
    ),
    "directory leaks in a list": (
        DEBIAN + "RUN cd /opt && make\nRUN touch done\n",
        DEBIAN + "RUN cd /opt && make && touch done\n",
        "RUN at line 3 is gone: `touch done`",
    ),
    "set +e leaks": (
        DEBIAN + "RUN set +e; a\nRUN b; c\n",
        DEBIAN + "RUN set +e; a; b; c\n",
        "RUN at line 3 is gone",
    ),
    "umask leaks": (
        DEBIAN + "RUN umask 077 && a\nRUN b\n",
        DEBIAN + "RUN umask 077 && a && b\n",
        "RUN at line 3 is gone",
    ),
    "negation under set -e": (
        DEBIAN + "RUN ! grep a b\nRUN c\n",
        DEBIAN + "RUN <<EOF\nset -e\n! grep a b\nc\nEOF\n",
        "RUN at line 2",
    ),
    "false; true under set -e": (
        DEBIAN + "RUN false; true\n",
        DEBIAN + "RUN <<EOF\nset -e\nfalse\ntrue\nEOF\n",
        "RUN at line 2",
    ),
    # single commands
    "backquotes": (DEBIAN + "RUN echo `date`\n", DEBIAN + "RUN echo `$(date)`\n", "now runs"),
    "negation turned round": (DEBIAN + "RUN ! grep a b\n", DEBIAN + "RUN ! grep a b && exit 1\n", "now runs"),
    "word list quoted": (
        DEBIAN + "RUN apt-mark manual $saved\n",
        DEBIAN + 'RUN apt-mark manual "$saved"\n',
        'now runs `apt-mark manual "$saved"`, before it ran `apt-mark manual $saved`',
    ),
    "options quoted": (DEBIAN + "RUN java $JAVA_OPTS a\n", DEBIAN + 'RUN java "$JAVA_OPTS" a\n', "now runs"),
    # cache mounts
    "build output in a cache": (
        DEBIAN + "WORKDIR /src\nRUN cargo build --release\nFROM scratch\nCOPY --from=0 /src/target/release/app /\n",
        DEBIAN + "WORKDIR /src\nRUN --mount=type=cache,target=/src/target cargo build --release\n"
        "FROM scratch\nCOPY --from=0 /src/target/release/app /\n",
        "has other mounts",
    ),
    "cache of another user": (
        "FROM node:20\nUSER node\nRUN npm ci\n",
        "FROM node:20\nUSER node\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
        "has other mounts",
    ),
    "state of apt in a cache": (
        DEBIAN + "RUN apt-get update && apt-get install -y a\n",
        DEBIAN + "RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y a\n",
        "has other mounts",
    ),
    # other instructions
    "ADD lost version and place": (
        DEBIAN + 'RUN curl -sSL "https://a/${V}.tar.gz" | tar -xzC /usr/local/bin\n',
        DEBIAN + "ADD --unpack https://a/.tar.gz /\n",
        "RUN at line 2 became ADD at line 2",
    ),
    "variable lost between two RUNs": (
        ALPINE + "RUN deps='a b' && apk add $deps && apk del $deps\n",
        ALPINE + "RUN deps='a b' && apk add $deps\nADD https://x/y.git /y\nRUN apk del $deps\n",
        "RUN at line 2 now runs",
    ),
    "ENV gone": (
        DEBIAN + "ENV V=1\nRUN git clone https://a/b\n",
        DEBIAN + "RUN git make-link https://a/b\n",
        "ENV V is gone",
    ),
    "path written twice": (DEBIAN + "WORKDIR app\n", DEBIAN + "WORKDIR /appWORKDIR app\n", "WORKDIR at line 2"),
    "relative to the root": (
        DEBIAN + "WORKDIR /src\nWORKDIR public\n",
        DEBIAN + "WORKDIR /src\nWORKDIR /public\n",
        "WORKDIR at line 3 now makes /public, before /src/public",
    ),
    "unknown directory": ("FROM team/node:20\nWORKDIR app\n", "FROM team/node:20\nWORKDIR /app\n", "WORKDIR at line 2"),
    "builtin without a shell": (
        "FROM team/image\n" + "ENTRYPOINT exec top -b\n",
        "FROM team/image\n" + 'ENTRYPOINT ["exec", "top", "-b"]\n',
        "entrypoint",
    ),
    "list without a shell": (
        DEBIAN + "CMD set -xe \\\n && tmux\n",
        DEBIAN + 'CMD ["set", "-xe", "\\\\"]\n && tmux\n',
        "the image's command is now",
    ),
    "glob without a shell": (
        "FROM python:3\nCMD node *.js\n",
        'FROM python:3\nCMD ["node", "*.js"]\n',
        "the image's command",
    ),
    "directory for all that follows": (
        DEBIAN + 'RUN cd /opt && make\nCOPY a b\nCMD ["./done"]\n',
        DEBIAN + 'WORKDIR /opt\nRUN make\nCOPY a b\nCMD ["./done"]\n',
        "the image's directory is now /opt",
    ),
    "curl taken out": (
        DEBIAN + "RUN apt-get install -y curl wget\n",
        DEBIAN + "RUN apt-get install -y wget\n",
        "now runs `apt-get install -y wget`",
    ),
    "sudo is a package too": (
        DEBIAN + "RUN apt-get install -y sudo git\n",
        DEBIAN + "RUN apt-get install -y git\n",
        "now runs",
    ),
    "PATH set twice": (
        DEBIAN + "ENV PATH=/a:$PATH\nENV PATH=/b:$PATH\nRUN c\n",
        DEBIAN + "ENV PATH=/b:$PATH\nRUN c\n",
        "ENV PATH is now",
    ),
    "flags behind the command": (
        DEBIAN + "RUN --mount=type=cache,target=/c a | b\n",
        DEBIAN + "RUN set -o pipefail && --mount=type=cache,target=/c a | b\n",
        "other mounts",
    ),
    "JSON in a script": (
        DEBIAN + 'RUN ["sh", "-c", "a | b"]\n',
        DEBIAN + 'RUN set -o pipefail && ["sh", "-c", "a | b"]\n',
        "",
    ),
    "variable source": (DEBIAN + "ADD $SRC /a\n", DEBIAN + "COPY $SRC /a\n", "was ADD before"),
    "variable added": (
        "FROM openjdk:17\nCMD a\n",
        "FROM openjdk:17\nENV JAVA_OPTS=-Xmx1g\nCMD a\n",
        "ENV JAVA_OPTS is new",
    ),
    "other base": ("FROM centos:7\n", "FROM almalinux:7\n", "the base is now almalinux:7, before it was centos:7"),
    "lists needed by the next RUN": (
        DEBIAN + "RUN apt-get update && apt-get install -y a\nRUN apt-get install -y b\n",
        DEBIAN + f"RUN apt-get update && apt-get install -y a && {LISTS}\nRUN apt-get install -y b\n",
        "now runs",
    ),
    "lists needed by a stage built on it": (
        "FROM debian:12 AS x\nRUN apt-get update\nFROM x\nRUN apt-get install -y b\n",
        f"FROM debian:12 AS x\nRUN apt-get update && {LISTS}\nFROM x\nRUN apt-get install -y b\n",
        "now runs",
    ),
    "option between option and value": (
        DEBIAN + "RUN useradd -g nodejs a && useradd -ms /bin/bash b\n",
        DEBIAN + "RUN useradd -g --no-log-init nodejs a && useradd -ms --no-log-init /bin/bash b\n",
        "now runs",
    ),
    "option doubled": (
        "FROM python:3\nRUN pip install -r requirements.txt\n",
        "FROM python:3\nRUN pip install -r requirements.txt -r\n",
        "now runs",
    ),
    "recommended packages": (
        DEBIAN + "RUN apt-get install -y curl\n",
        DEBIAN + "RUN apt-get install -y --no-install-recommends curl\n",
        "now runs",
    ),
    "user added": (
        DEBIAN + "CMD a\n",
        DEBIAN + "RUN groupadd -r app && useradd -r -g app app\nUSER app\nCMD a\n",
        "RUN at line 2 is new",
    ),
    "version pinned": (
        "FROM python:3\nRUN pip install a\n",
        "FROM python:3\nRUN pip install a==1000\n",
        "now runs `pip install a==1000`",
    ),
    "full-upgrade left to apt": (DEBIAN + "RUN apt upgrade -y\n", DEBIAN + "RUN apt-get upgrade -y\n", "now runs"),
    "port lost with a trailing comment": (
        DEBIAN + "EXPOSE 8080 # 8081 too\nEXPOSE 8081\n",
        DEBIAN + "# 8081 too\nEXPOSE 8080\n",
        "port 8081/tcp is not exposed",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_refused(name: str) -> None:
    before, after, says = WRONG[name]
    found = prove(before, after, assume=NEUTRAL)
    assert not found.same
    assert says in "\n".join(str(difference) for difference in found.differences)


RIGHT = {
    "trailing comment": (DEBIAN + "EXPOSE 8080 # web\n", DEBIAN + "# web\nEXPOSE 8080\n"),
    "MAINTAINER": ("FROM a\nMAINTAINER b\n", 'FROM a\nLABEL org.opencontainers.image.authors="b"\n'),
    "one value": ("FROM a\nENV A 100 KBytes\n", 'FROM a\nENV A="100 KBytes"\n'),
    "apt": ("FROM debian:12\nRUN apt update\n", "FROM debian:12\nRUN apt-get update\n"),
    "mode of a script": (
        "FROM a\nCOPY run.sh /run.sh\nRUN chmod 755 /run.sh\n",
        "FROM a\nCOPY --chmod=755 run.sh /run.sh\n",
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_ones_pass(name: str) -> None:
    before, after = RIGHT[name]
    assert prove(before, after, assume=NEUTRAL).same
