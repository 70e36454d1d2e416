"""The neutral changes about packages, archives, mounted caches, checksums and exec: what each admits, and what not."""

from __future__ import annotations

import pytest
from proof_helpers import differs, same

from dlinter.proof import NEUTRAL

RM = "rm -rf /var/lib/apt/lists/*"
GET = "RUN apt-get update && apt-get install -y a"
ARCHIVE = "RUN curl -o /tmp/a.tgz https://a/b && tar xf /tmp/a.tgz -C /b"
SUM = "d41d8cd98f00b204e9800998ecf8427e"
APT = "type=cache,target=/var/cache/apt"
PIP = "type=cache,target=/root/.cache/pip"

ADMITTED = [
    ("package-cache-off", "RUN apk add a && rm /var/cache/apk/*\n", "RUN apk add --no-cache a\n"),
    ("package-cache-off", "RUN apk update && apk add a && apk del a\n", "RUN apk add --no-cache a && apk del a\n"),
    ("archive-removed", f"{ARCHIVE} && ls /b\n", f"{ARCHIVE} && rm /tmp/a.tgz && ls /b\n"),
    ("archive-removed", f"RUN set -e; {ARCHIVE[4:]}\n", f"RUN set -e; {ARCHIVE[4:]} && rm -f /tmp/a.tgz\n"),
    ("checksum-spaced", 'RUN echo "$A b" | sha256sum -c -\n', 'RUN echo "$A  b" | sha256sum -c -\n'),
    ("checksum-spaced", "RUN printf '%s %s' $A $B | md5sum -c\n", "RUN printf '%s  %s' $A $B | md5sum -c\n"),
    ("checksum-spaced", f"RUN echo '{SUM} b' | shasum --check\n", f"RUN echo '{SUM}  b' | shasum --check\n"),
    ("lists-fetched", "RUN apt-get install -y jq\n", "RUN apt-get update && apt-get install -y jq\n"),
    (
        "lists-fetched",
        "COPY a /b/\nRUN c && sudo apt-get install jq\n",
        "COPY a /b/\nRUN c && sudo apt-get update && sudo apt-get install jq\n",
    ),
    ("mount-locked", f"RUN --mount={APT} a\n", f"RUN --mount={APT},sharing=locked a\n"),
    ("mounted-cache-kept", f"RUN --mount={APT} a && apt-get clean\n", f"RUN --mount={APT} a\n"),
    (
        "mounted-cache-kept",
        f"RUN --mount={APT} a && rm -rf /var/cache/apt/* /c\n",
        f"RUN --mount={APT} a && rm -rf /c\n",
    ),
    ("mounted-cache-kept", f"RUN --mount={APT} a && rm -rf /var/cache/apt/archives\n", f"RUN --mount={APT} a\n"),
    ("mounted-cache-kept", f"RUN --mount={PIP} pip install --no-cache-dir a\n", f"RUN --mount={PIP} pip install a\n"),
    ("mounted-cache-kept", f"RUN --mount={PIP} pip --no-cache-dir install a\n", f"RUN --mount={PIP} pip install a\n"),
    ("package-cache-off", f"RUN --mount={PIP} apk add a\n", f"RUN --mount={PIP} apk add --no-cache a\n"),
    ("package-named-again", "RUN apt-get install a b a\n", "RUN apt-get install a b\n"),
    ("package-named-again", "RUN apk add a --no-cache b a\n", "RUN apk add a --no-cache b\n"),
    (
        "package-named-again",
        "RUN apt-get install a && apt-get install b a\n",
        "RUN apt-get install a && apt-get install b\n",
    ),
    ("packages-sorted", "RUN yum install -y b a=1 'c*'\n", "RUN yum install -y a=1 b 'c*'\n"),
    ("packages-sorted", "RUN apt-get install -t x g++ -y a\n", "RUN apt-get install -t x a -y g++\n"),
    ("shell-makes-way", 'CMD ["sh", "-c", "a $B > c"]\n', 'CMD ["sh", "-c", "exec a $B > c"]\n'),
    ("shell-makes-way", "ENTRYPOINT a $B\n", "ENTRYPOINT exec a $B\n"),
    ("root-by-number", "USER root\nRUN a\nWORKDIR /b\n", "USER 0\nRUN a\nWORKDIR /b\n"),
    ("root-by-number", 'USER "root:root"\n', "USER 0:0\n"),
    ("shell-makes-way", "CMD cd /a; b $C\n", 'CMD ["/bin/sh", "-c", "cd /a; exec b $C"]\n'),
    ("shell-makes-way", "CMD [ -f a ] || exit 1; $B/c\n", "CMD [ -f a ] || exit 1; $B/c\n".replace("; $", "; exec $")),
    ("comment-set-apart", "EXPOSE 80 # web\n", "# web\nEXPOSE 80\n"),
    ("lastlog-untouched", "RUN useradd -u 7 a\n", "RUN useradd -l -u 7 a\n"),
    ("lastlog-untouched", "RUN sudo useradd a\n", "RUN sudo useradd --no-log-init a\n"),
]


@pytest.mark.parametrize(("name", "before", "after"), ADMITTED)
def test_admitted(name: str, before: str, after: str) -> None:
    same(before, after, name)
    differs(before, after)
    differs(before, after, *(NEUTRAL - {name}))


NOT_ADMITTED = [
    # archive-removed: it may be read, was not fetched here, or is no file for temporary use
    ("archive-removed", f"{ARCHIVE} && cp /tmp/a.tgz /c\n", f"{ARCHIVE} && rm /tmp/a.tgz && cp /tmp/a.tgz /c\n"),
    ("archive-removed", f"{ARCHIVE} && cp /tmp/* /c\n", f"{ARCHIVE} && rm /tmp/a.tgz && cp /tmp/* /c\n"),
    ("archive-removed", f"{ARCHIVE} && /b/run\n", f"{ARCHIVE} && rm /tmp/a.tgz && /b/run\n"),
    ("archive-removed", f"{ARCHIVE}\nRUN /b/run\n", f"{ARCHIVE} && rm /tmp/a.tgz\nRUN /b/run\n"),
    ("archive-removed", f"{ARCHIVE}\nRUN cat /tmp/a.tgz\n", f"{ARCHIVE} && rm /tmp/a.tgz\nRUN cat /tmp/a.tgz\n"),
    ("archive-removed", f"{ARCHIVE}\nCMD cat /tmp/a.tgz\n", f"{ARCHIVE} && rm /tmp/a.tgz\nCMD cat /tmp/a.tgz\n"),
    (
        "archive-removed",
        f"{ARCHIVE}\nFROM x\nCOPY --from=0 /tmp /t\n",
        f"{ARCHIVE} && rm /tmp/a.tgz\nFROM x\nCOPY --from=0 /tmp /t\n",
    ),
    ("archive-removed", f"{ARCHIVE}\n", f"{ARCHIVE} && rm /tmp/b.tgz\n"),
    (
        "archive-removed",
        "RUN tar xf /tmp/a.tgz && ls /tmp/a.tgz\n",
        "RUN tar xf /tmp/a.tgz && ls /tmp/a.tgz && rm /tmp/a.tgz\n",
    ),
    (
        "archive-removed",
        ARCHIVE.replace("/tmp", "/opt") + "\n",
        ARCHIVE.replace("/tmp", "/opt") + " && rm /opt/a.tgz\n",
    ),
    ("archive-removed", f"{ARCHIVE}\n", ARCHIVE.replace(" && tar", " && rm /tmp/a.tgz && tar") + "\n"),
    # checksum-spaced: another text, another reader, or already two characters
    ("checksum-spaced", 'RUN echo "$A b" | sha256sum\n', 'RUN echo "$A  b" | sha256sum\n'),
    ("checksum-spaced", 'RUN echo "$A b" | cat\n', 'RUN echo "$A  b" | cat\n'),
    ("checksum-spaced", 'RUN echo "$A b" > c | sha256sum -c\n', 'RUN echo "$A  b" > c | sha256sum -c\n'),
    ("checksum-spaced", 'RUN echo "$A *b" | sha256sum -c\n', 'RUN echo "$A  *b" | sha256sum -c\n'),
    ("checksum-spaced", 'RUN echo "$A  b" | sha256sum -c\n', 'RUN echo "$A   b" | sha256sum -c\n'),
    ("checksum-spaced", 'RUN echo "$A b" | sha256sum -c\n', 'RUN echo "$A  c" | sha256sum -c\n'),
    ("checksum-spaced", 'RUN echo "$A b" | sha256sum -c\n', 'RUN echo "$B  b" | sha256sum -c\n'),
    ("checksum-spaced", "RUN echo 'x b' | sha256sum -c\n", "RUN echo 'x  b' | sha256sum -c\n"),
    ("checksum-spaced", 'RUN echo "$A b" | sha256sum -c\n', 'RUN echo "$A  b" | md5sum -c\n'),
    # lists-fetched: there may be lists, or the package
    ("lists-fetched", "RUN apt-get install -y bash\n", "RUN apt-get update && apt-get install -y bash\n"),
    (
        "lists-fetched",
        "RUN a.sh\nRUN apt-get install -y jq\n",
        "RUN a.sh\nRUN apt-get update && apt-get install -y jq\n",
    ),
    ("lists-fetched", f"{GET}\nRUN apt-get install -y jq\n", f"{GET}\nRUN apt-get update && apt-get install -y jq\n"),
    (
        "lists-fetched",
        f"{GET} && {RM}\nRUN apt-get install -y jq\n",
        f"{GET} && {RM}\nRUN apt-get update && apt-get install -y jq\n",
    ),
    (
        "lists-fetched",
        "COPY a /\nRUN apt-get install -y jq\n",
        "COPY a /\nRUN apt-get update && apt-get install -y jq\n",
    ),
    ("lists-fetched", "FROM x\nRUN apt-get install -y jq\n", "FROM x\nRUN apt-get update && apt-get install -y jq\n"),
    ("lists-fetched", "RUN apt-get install -y jq || a\n", "RUN apt-get update && apt-get install -y jq || a\n"),
    ("lists-fetched", "RUN apt-get install -y jq\n", "RUN apt-get install -y jq && apt-get update\n"),
    ("lists-fetched", "RUN apt-get install -y ./jq.deb\n", "RUN apt-get update && apt-get install -y ./jq.deb\n"),
    # mount-locked
    ("mount-locked", f"RUN --mount={APT},sharing=private a\n", f"RUN --mount={APT},sharing=locked a\n"),
    ("mount-locked", f"RUN --mount={APT} a\n", f"RUN --mount={APT},sharing=private a\n"),
    ("mount-locked", f"RUN --mount={APT} a\n", f"RUN --mount={APT},id=x,sharing=locked a\n"),
    # mounted-cache-kept: not what is mounted, or not where the program has it
    ("mounted-cache-kept", "RUN a && apt-get clean\n", "RUN a\n"),
    ("mounted-cache-kept", f"RUN --mount={APT} a && yum clean all\n", f"RUN --mount={APT} a\n"),
    ("mounted-cache-kept", f"RUN --mount={APT} a && rm -rf /var/cache/*\n", f"RUN --mount={APT} a\n"),
    ("mounted-cache-kept", f"RUN --mount={APT} a && rm -rf /var/cache/apt/../x\n", f"RUN --mount={APT} a\n"),
    ("mounted-cache-kept", f"RUN --mount={APT} a && rm -rf /var/cache/apt /c\n", f"RUN --mount={APT} a\n"),
    ("mounted-cache-kept", f"RUN --mount={PIP} pip install --no-deps a\n", f"RUN --mount={PIP} pip install a\n"),
    (
        "mounted-cache-kept",
        f"USER a\nRUN --mount={PIP} pip install --no-cache-dir a\n",
        f"USER a\nRUN --mount={PIP} pip install a\n",
    ),
    (
        "mounted-cache-kept",
        f"ENV PIP_CACHE_DIR=/c\nRUN --mount={PIP} pip install --no-cache-dir a\n",
        f"ENV PIP_CACHE_DIR=/c\nRUN --mount={PIP} pip install a\n",
    ),
    (
        "mounted-cache-kept",
        f"RUN --mount={PIP} sudo pip install --no-cache-dir a\n",
        f"RUN --mount={PIP} sudo pip install a\n",
    ),
    # package-named-again: not all the same, or something between that counts
    ("package-named-again", "RUN apt-get install a b\n", "RUN apt-get install b\n"),
    ("package-named-again", "RUN apt-get install a a=1\n", "RUN apt-get install a=1\n"),
    ("package-named-again", "RUN apt-get install -t a a b\n", "RUN apt-get install -t a b\n"),
    ("package-named-again", "RUN apt-get install a $B a\n", "RUN apt-get install a $B\n"),
    ("package-named-again", "RUN echo a b a\n", "RUN echo a b\n"),
    (
        "package-named-again",
        "RUN apt-get install a && b && apt-get install c a\n",
        "RUN apt-get install a && b && apt-get install c\n",
    ),
    (
        "package-named-again",
        "RUN apt-get install a && apt-get update && apt-get install c a\n",
        "RUN apt-get install a && apt-get update && apt-get install c\n",
    ),
    (
        "package-named-again",
        "RUN if x; then apt-get install a; fi && apt-get install c a\n",
        "RUN if x; then apt-get install a; fi && apt-get install c\n",
    ),
    (
        "package-named-again",
        "RUN apt-get install -d a && apt-get install c a\n",
        "RUN apt-get install -d a && apt-get install c\n",
    ),
    (
        "package-named-again",
        "RUN apt-get install a\nRUN apt-get install c a\n",
        "RUN apt-get install a\nRUN apt-get install c\n",
    ),
    ("package-named-again", "RUN apk add a && apk add c a\n", "RUN apk add a && apk add c\n"),
    # packages-sorted: more than an order
    ("packages-sorted", "RUN apt-get install b a\n", "RUN apt-get install a c\n"),
    ("packages-sorted", "RUN apt-get install b a-\n", "RUN apt-get install a- b\n"),
    ("packages-sorted", "RUN apk add -t b a\n", "RUN apk add -t a b\n"),
    ("packages-sorted", "RUN apt-get install b $A\n", "RUN apt-get install $A b\n"),
    ("packages-sorted", "RUN pip install b a\n", "RUN pip install a b\n"),
    ("packages-sorted", "RUN npm install --cpu b a\n", "RUN npm install --cpu a b\n"),
    ("packages-sorted", "RUN apt-get install ./b.deb a\n", "RUN apt-get install a ./b.deb\n"),
    ("packages-sorted", "RUN echo b a\n", "RUN echo a b\n"),
    (
        "package-cache-off",
        "RUN apk upgrade && apk add a && rm /var/cache/apk/*\n",
        "RUN apk upgrade && apk add --no-cache a\n",
    ),
    ("package-cache-off", "RUN apk add a && rm /var/cache/apk/* /b\n", "RUN apk add --no-cache a\n"),
    ("package-cache-off", "RUN apk add a && rm -i /var/cache/apk/*\n", "RUN apk add --no-cache a\n"),
    # comment-set-apart, lastlog-untouched
    ("comment-set-apart", "EXPOSE 80 81\n", "EXPOSE 80\n"),
    ("comment-set-apart", "EXPOSE 80 # 81\n", "EXPOSE 80 81\n"),
    ("lastlog-untouched", "RUN useradd -g a b\n", "RUN useradd -g -l a b\n"),
    ("lastlog-untouched", "RUN adduser a\n", "RUN adduser -l a\n"),
    ("lastlog-untouched", "RUN useradd a && lastlog\n", "RUN useradd -l a && lastlog\n"),
    ("lastlog-untouched", "RUN useradd a\nRUN cp -r /var/log b\n", "RUN useradd -l a\nRUN cp -r /var/log b\n"),
    ("lastlog-untouched", "RUN useradd -R /c a\n", "RUN useradd -l -R /c a\n"),
    ("root-by-number", "USER root\n", "USER 1\n"),
    ("root-by-number", "USER root\n", "USER 0:0\n"),
    ("root-by-number", "USER app\n", "USER 0\n"),
    ("root-by-number", "RUN usermod -u 5 root\nUSER root\n", "RUN usermod -u 5 root\nUSER 0\n"),
    ("root-by-number", "COPY passwd /etc/passwd\nUSER root\n", "COPY passwd /etc/passwd\nUSER 0\n"),
    # shell-makes-way: more than one command, or one of the shell's own
    ("shell-makes-way", "CMD a && b\n", "CMD a && exec b\n"),
    ("shell-makes-way", "CMD cd /a; b\n", "CMD cd /a && exec b\n"),
    ("shell-makes-way", "CMD cd /a & b\n", "CMD cd /a & exec b\n"),
    ("shell-makes-way", "CMD trap a 0; b\n", "CMD trap a 0; exec b\n"),
    ("shell-makes-way", "CMD b() { c; }; b\n", "CMD b() { c; }; exec b\n"),
    ("shell-makes-way", "CMD cd /a; A=1 b\n", "CMD cd /a; A=1 exec b\n"),
    ("shell-makes-way", "CMD a b\n", 'CMD ["/bin/bash", "-c", "exec a b"]\n'),
    ("shell-makes-way", "CMD a | b\n", "CMD exec a | b\n"),
    ("shell-makes-way", "CMD echo a\n", "CMD exec echo a\n"),
    ("shell-makes-way", "CMD $A b\n", "CMD exec $A b\n"),
    ("shell-makes-way", "CMD a b\n", "CMD exec a c\n"),
    ("shell-makes-way", "RUN a; b\n", "RUN exec a; b\n"),
    ("shell-makes-way", 'CMD ["a"]\n', 'CMD ["exec", "a"]\n'),
]


@pytest.mark.parametrize(("name", "before", "after"), NOT_ADMITTED)
def test_not_admitted(name: str, before: str, after: str) -> None:
    differs(before, after, name)
    differs(before, after, *NEUTRAL)
