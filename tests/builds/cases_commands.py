"""CMD, ENTRYPOINT and HEALTHCHECK: what starts in a container, and as which words."""

from __future__ import annotations

from build_case import Case

_ARGUMENTS = "import sys\nprint(sys.argv[1:])\n"

COMMANDS = (
    Case(
        "echo-and-tee",
        r"""
        FROM debian:bookworm-slim
        ENV NAME="a  b"
        RUN mkdir -p /etc/app && echo "deb $NAME main" | tee "/etc/app/a b" > /dev/null; \
            echo $NAME $(wc -c /etc/debian_version) -n \
                | tee -a ~/list && echo -n x | tee -a ~/list && (umask 077; echo c | tee /etc/app/c)
        RUN echo a | tee /none/b || echo "not there" | tee /etc/app/d
        """,
        fixes=("run-pipe-without-pipefail",),
        profile="hadolint",
        keeps=('> "/etc/app/a b"', ">> ~/list", "> /etc/app/d"),
    ),
    Case(
        "cmd-as-json",
        """
        FROM python:3.11-slim
        WORKDIR /app
        COPY app.py .
        CMD python app.py --port 80
        """,
        fixes=("cmd-shell-form",),
        files={"app.py": _ARGUMENTS},
        calls=((), ("python", "app.py", "else")),
    ),
    Case(
        "cmd-with-quotes",
        r"""
        FROM python:3.11-slim
        COPY app.py /
        CMD python /app.py 'a b' "c \"d\" \$e" f\ g "" it\'s 'back\slash' tab	ünï "#no" x#y
        """,
        fixes=("cmd-shell-form",),
        files={"app.py": _ARGUMENTS},
        calls=((),),
    ),
    Case(
        "cmd-over-several-lines",
        """
        FROM python:3.11-slim
        COPY app.py /
        CMD python /app.py \\
              --one \\
              "two  words"
        """,
        fixes=("cmd-shell-form",),
        files={"app.py": _ARGUMENTS},
        calls=((),),
    ),
    Case(
        "cmd-that-needs-a-shell",
        """
        FROM python:3.11-slim
        COPY app.py /
        WORKDIR /etc
        CMD python /app.py deb*_version ~ $HOME
        """,
        fixes=("cmd-shell-form",),
        files={"app.py": _ARGUMENTS},
        keeps=('CMD ["/bin/sh", "-c", "exec python /app.py deb*_version ~ $HOME"]',),
        calls=((),),
        careless=(
            ("CMD python /app.py deb*_version ~ $HOME", 'CMD ["python", "/app.py", "deb*_version", "~", "$HOME"]'),
        ),
    ),
    Case(
        "cmd-of-a-builtin",
        """
        FROM debian:bookworm-slim
        CMD exec ls /srv
        """,
        calls=((),),
        careless=(("CMD exec ls /srv", 'CMD ["exec", "ls", "/srv"]'),),
    ),
    Case(
        "cmd-with-assignment",
        """
        FROM debian:bookworm-slim
        CMD GREETING=hello sh -c 'echo $GREETING'
        """,
        calls=((),),
        careless=(
            ("CMD GREETING=hello sh -c 'echo $GREETING'", 'CMD ["GREETING=hello", "sh", "-c", "echo $GREETING"]'),
        ),
    ),
    Case(
        "cmd-script-without-interpreter",
        """
        FROM debian:bookworm-slim
        COPY run.sh /
        CMD /run.sh
        """,
        files={"run.sh": ("echo started\n", 0o755)},
        keeps=("CMD /run.sh",),
        calls=((),),
        careless=(("CMD /run.sh", 'CMD ["/run.sh"]'),),
    ),
    Case(
        "cmd-script-in-path-without-interpreter",
        """
        FROM debian:bookworm-slim
        COPY start /usr/local/bin/
        CMD start now
        """,
        files={"start": ("echo started $1\n", 0o755)},
        calls=((),),
        careless=(("CMD start now", 'CMD ["start", "now"]'),),
    ),
    Case(
        "cmd-after-shell",
        """
        FROM debian:bookworm-slim
        SHELL ["/bin/bash", "-o", "pipefail", "-c"]
        CMD ls /srv
        """,
        keeps=("CMD ls /srv",),
        calls=((),),
    ),
    Case(
        "cmd-behind-an-entrypoint",
        """
        FROM debian:bookworm-slim
        ENTRYPOINT ["printf", "<%s>"]
        CMD one two
        """,
        keeps=("CMD one two",),
        calls=((),),
        careless=(("CMD one two", 'CMD ["one", "two"]'),),
    ),
    Case(
        "cmd-behind-an-entrypoint-of-a-parent",
        """
        FROM debian:bookworm-slim AS base
        ENTRYPOINT ["printf", "<%s>"]
        FROM base
        CMD one two
        """,
        keeps=("CMD one two",),
        calls=((),),
        careless=(("CMD one two", 'CMD ["one", "two"]'),),
    ),
    Case(
        "cmd-behind-an-entrypoint-of-a-child",
        """
        FROM debian:bookworm-slim AS base
        CMD one two
        FROM base
        ENTRYPOINT ["printf", "<%s>"]
        """,
        calls=((),),
    ),
    Case(
        "cmd-in-background",
        """
        FROM debian:bookworm-slim
        CMD ls /srv & wait
        """,
        keeps=("CMD ls /srv & wait",),
        calls=((),),
    ),
    Case(
        "cmd-twice",
        """
        FROM debian:bookworm-slim AS base
        CMD ["echo", "first"]
        # the second counts
        CMD ["echo", "second"]
        FROM base
        CMD echo third
        ENV A=b
        CMD ["echo", "fourth"]
        """,
        fixes=("duplicate-cmd",),
        keeps=("# the second counts",),
        calls=((),),
    ),
    Case(
        "entrypoint-twice",
        """
        FROM debian:bookworm-slim
        CMD ["a"]
        ENTRYPOINT ["printf", "1 %s"]
        CMD ["b"]
        ENTRYPOINT ["printf", "2 %s"]
        """,
        fixes=("duplicate-entrypoint", "duplicate-cmd"),
        calls=((), ("c",)),
    ),
    Case(
        "healthcheck-twice",
        """
        FROM debian:bookworm-slim
        HEALTHCHECK CMD exit 1
        HEALTHCHECK --interval=5m --start-period=1s \\
          CMD test -e /etc/passwd || exit 1
        """,
        fixes=("duplicate-healthcheck",),
    ),
    Case(
        "sh-c-without-exec",
        """
        FROM python:3.11-slim
        ENV WHO=world
        COPY app.py /
        CMD ["sh", "-c", "python /app.py $WHO"]
        """,
        fixes=("sh-c-without-exec",),
        files={"app.py": _ARGUMENTS},
        calls=((),),
    ),
)
