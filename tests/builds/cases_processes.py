"""CMD and ENTRYPOINT that need a shell, which makes way for the program, and HEALTHCHECK."""

from __future__ import annotations

from build_case import Case

_ARGUMENTS = "import os, sys\nprint(os.getcwd(), sys.argv[1:])\nsys.exit(3)\n"
#: says what it was given, and ends with 7 when it is told to
_SERVER = """\
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
print("ready", sys.argv[1:], flush=True)
while True:
    signal.pause()
"""
_CHECKED = 'CMD ["sleep", "60"]\n'

PROCESSES = (
    Case(
        "cmd-of-a-package",
        """
        FROM debian:bookworm-slim
        COPY start.sh tail.conf /
        CMD /usr/bin/tail -n 2 /etc/debian_version /start.sh
        """,
        files={"start.sh": "a\\nb\\n", "tail.conf": ""},
        fixes=("cmd-shell-form",),
        keeps=('["/usr/bin/tail", "-n"',),
        calls=((),),
    ),
    Case(
        "cmd-of-a-package-that-was-replaced",
        """
        FROM debian:bookworm-slim
        RUN echo 'echo "$0"' > /usr/bin/tail
        CMD /usr/bin/tail -n 2 /etc/debian_version
        """,
        keeps=("CMD /usr/bin/tail",),
        calls=((),),
        careless=(("CMD /usr/bin/tail -n 2 /etc/debian_version", 'CMD ["/usr/bin/tail", "-n", "2"]'),),
        settings=("Cmd",),
    ),
    Case(
        "cmd-that-prints",
        """
        FROM busybox:1.36
        CMD echo "Hello  World" 'and $others'
        """,
        fixes=("cmd-shell-form",),
        keeps=('CMD ["echo", "Hello  World",',),
        calls=((),),
    ),
    Case(
        "process-with-a-variable",
        """
        FROM python:3.11-slim
        ENV PORT=80 NAME="a  b"
        COPY server.py /
        CMD python /server.py $PORT "$NAME" ${NONE:-none}
        """,
        fixes=("cmd-shell-form",),
        files={"server.py": _SERVER},
        keeps=('CMD ["/bin/sh", "-c", "exec python /server.py $PORT \\"$NAME\\" ${NONE:-none}"]',),
        process="python",
    ),
    Case(
        "process-after-others",
        """
        FROM python:3.11-slim
        COPY server.py /srv/
        CMD umask 022; mkdir -p /data && cd /srv && echo begins && \\
              PORT=80; python server.py $PORT
        """,
        fixes=("cmd-shell-form",),
        files={"server.py": _SERVER},
        process="python",
    ),
    Case(
        "process-behind-an-entrypoint",
        """
        FROM python:3.11-slim
        ENV PORT=80
        COPY server.py entrypoint.sh /
        ENTRYPOINT ["/entrypoint.sh"]
        CMD python /server.py $PORT
        """,
        fixes=("cmd-shell-form",),
        files={"server.py": _SERVER, "entrypoint.sh": ('#!/bin/sh\nset -e\nexec "$@"\n', 0o755)},
        process="python",
    ),
    Case(
        "process-of-an-entrypoint",
        """
        FROM python:3.11-slim
        ENV PORT=80
        COPY server.py /
        ENTRYPOINT python /server.py $PORT > /dev/stdout
        """,
        fixes=("cmd-shell-form",),
        files={"server.py": _SERVER},
        process="python",
    ),
    Case(
        "process-of-sh-c",
        """
        FROM python:3.11-slim
        ENV PORT=80
        COPY server.py /
        ENTRYPOINT ["sh", "-c", "python /server.py $PORT $0 $@"]
        CMD ["a", "b"]
        """,
        fixes=("sh-c-without-exec",),
        files={"server.py": _SERVER},
        process="python",
    ),
    Case(
        "process-after-a-program",
        """
        FROM python:3.11-slim
        COPY server.py migrate.py /
        CMD python /migrate.py && python /server.py $HOME
        """,
        fixes=("cmd-shell-form",),
        unsafe=True,
        files={"server.py": _SERVER, "migrate.py": "print('migrated')\n"},
        process="python",
        settings=("Cmd",),
    ),
    Case(
        "process-that-fails",
        """
        FROM python:3.11-slim
        COPY app.py /
        WORKDIR /srv
        CMD false || python /app.py $HOME *
        """,
        fixes=("cmd-shell-form",),
        files={"app.py": _ARGUMENTS},
        calls=((),),
    ),
    Case(
        "process-that-is-not-reached",
        """
        FROM python:3.11-slim
        CMD cd /none && ls $HOME
        """,
        fixes=("cmd-shell-form",),
        calls=((),),
    ),
    Case(
        "process-that-does-not-exist",
        """
        FROM debian:bookworm-slim
        CMD cd /etc; none-such $HOME
        """,
        fixes=("cmd-shell-form",),
        # the shell names the line where it fails, and "exec" with it
        keeps=("exec none-such",),
    ),
    Case(
        "process-with-signs",
        r"""
        FROM python:3.11-slim
        ENV WHO=world
        COPY app.py /
        CMD python /app.py "a\\b \"c\" \$d $WHO" 'e\n"f"' g\ h `echo i` $((1 + 2)) tab	ünï [x] {y,z} # note "$WHO"
        """,
        fixes=("cmd-shell-form",),
        files={"app.py": _ARGUMENTS},
        calls=((),),
    ),
    Case(
        "process-in-a-directory-over-lines",
        """
        FROM python:3.11-slim
        COPY app.py /srv/
        ENV WHO=world
        CMD cd /srv && \\
        \tpython ./app.py --to="$WHO" \\
        \t\t--flag '  ' 2>&1
        """,
        fixes=("cmd-shell-form",),
        files={"app.py": _ARGUMENTS},
        calls=((),),
    ),
    Case(
        "process-over-lines-within-quotes",
        """
        FROM python:3.11-slim
        COPY app.py /
        CMD python /app.py "$HOME \\
        \tand more"
        """,
        files={"app.py": _ARGUMENTS},
        calls=((),),
        careless=(("CMD python", 'CMD ["/bin/sh", "-c", "exec python'), ('$HOME \\\n\tand more"', '$HOME and more""]')),
    ),
    Case(
        "process-in-the-shell-of-others",
        """
        FROM fedora:40
        ENV WHO=world
        CMD cat /etc/hostname > /dev/null && printenv WHO "$WHO"
        """,
        fixes=("cmd-shell-form",),
        calls=((),),
    ),
    Case(
        "process-in-busybox",
        """
        FROM busybox:1.36
        ENV WHO=world
        CMD cd /etc && env A="$WHO" pwd
        """,
        fixes=("cmd-shell-form",),
        calls=((),),
    ),
    Case(
        "process-with-exec-there",
        """
        FROM debian:bookworm-slim
        CMD exec ls /srv $HOME
        """,
        fixes=("cmd-shell-form",),
        profile="hadolint",
        keeps=('CMD ["/bin/sh", "-c", "exec ls /srv $HOME"]',),
        calls=((),),
    ),
    Case(
        "process-that-the-shell-has-to-wait-for",
        """
        FROM debian:bookworm-slim
        CMD ls /srv; trap 'echo trapped' EXIT; sh -c 'exit 3' $HOME
        """,
        keeps=("CMD ls /srv; trap",),
        calls=((),),
        careless=(("CMD ls /srv; trap 'echo trapped' EXIT; sh", "CMD ls /srv; trap 'echo trapped' EXIT; exec sh"),),
    ),
    Case(
        "process-before-others",
        """
        FROM debian:bookworm-slim
        CMD ls /none || echo none; ls $HOME /none || echo again
        """,
        keeps=("CMD ls /none",),
        calls=((),),
        careless=(("; ls $HOME", "; exec ls $HOME"),),
    ),
    Case(
        "process-that-an-entrypoint-shows",
        """
        FROM debian:bookworm-slim
        ENTRYPOINT ["printf", "<%s>"]
        CMD date $HOME
        """,
        keeps=("CMD date",),
        calls=((), ("a",)),
        careless=(("CMD date $HOME", 'CMD ["/bin/sh", "-c", "exec date $HOME"]'),),
    ),
    Case(
        "health-that-is-good",
        """
        FROM debian:bookworm-slim
        ENV FILE="/a b"
        RUN echo ok > "$FILE"
        HEALTHCHECK --interval=1s CMD grep "ok" "$FILE" \\
            && echo $0 || exit 1
        """
        f"        {_CHECKED}",
        fixes=("cmd-shell-form",),
        profile="hadolint",
        healthy=0,
    ),
    Case(
        "health-that-is-bad",
        """
        FROM debian:bookworm-slim
        HEALTHCHECK --interval=1s CMD cat /none 2>/dev/null || { echo "not there"; exit 3; }
        """
        f"        {_CHECKED}",
        fixes=("cmd-shell-form",),
        profile="hadolint",
        healthy=3,
    ),
    Case(
        "health-ahead-of-a-shell",
        """
        FROM debian:bookworm-slim AS base
        HEALTHCHECK --interval=1s CMD test -e /etc/passwd && echo "$0 $BASH_VERSION"
        SHELL ["/bin/bash", "-c"]
        FROM base
        """
        f"        {_CHECKED}",
        fixes=("cmd-shell-form",),
        profile="hadolint",
        healthy=0,
    ),
)
