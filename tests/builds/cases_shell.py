"""Scripts that ShellCheck has something to say about."""

from __future__ import annotations

from build_case import Case

SHELL = (
    Case(
        "shell-backquotes",
        r"""
        FROM debian:bookworm-slim
        RUN echo "`date -u '+%Y' | cut -c1` `(echo a; echo b) | tr a-z A-Z`" > /srv/a \
         && x=`echo "a  b"` && echo $x > /srv/b
        """,
        fixes=("SC2006",),
        profile="hadolint",
        keeps=("$( (echo a; echo b)",),
    ),
    Case(
        "shell-one-word",
        r"""
        FROM debian:bookworm-slim
        WORKDIR /srv
        RUN touch a-$(uname -m) a-$(nproc) && touch $(dpkg --print-architecture) "x "$(uname -s)" y" \
         && touch b-$(. /etc/os-release; echo "$ID") && echo c > $HOME/c && mkdir -p $HOME/d$(id -u)
        RUN v=$(uname -m) && w=$v-1 && touch $w x$w ${w}y && touch $(echo a b)
        """,
        fixes=("SC2046", "SC2086"),
        profile="hadolint",
        keeps=('touch "a-$(uname -m)"', '"x $(uname -s) y"', '> "$HOME/c"', 'touch "$w" "x$w"', "$(echo a b)"),
        careless=(("touch $(echo a b)", 'touch "$(echo a b)"'),),
    ),
    Case(
        "shell-list-of-words",
        """
        FROM debian:bookworm-slim
        WORKDIR /srv
        RUN list='a b' && touch $list && touch x $(true)
        """,
        profile="hadolint",
        keeps=("touch $list && touch x $(true)",),
        careless=(("touch $list", 'touch "$list"'), ("touch x $(true)", 'touch x "$(true)"')),
    ),
    Case(
        "shell-echo-of-dash",
        r"""
        FROM debian:bookworm-slim
        ENV NAME=me
        RUN echo "a\nb\t100%" > /srv/a && echo 'c\\d\n\
        e' >> /srv/a && echo "$NAME \e[3m\n" > /srv/b && echo "x $HOSTNAME_OF_NOBODY\n" > /srv/c \
         && echo -n "f\n" > /srv/d && echo -n "$NAME" > /srv/e && echo -n > /srv/f && echo -e "g\n" > /srv/g
        """,
        fixes=("SC2028", "SC3037"),
        profile="hadolint",
        keeps=(r'printf "a\nb\t100%%\n"', r'echo -e "g\n"', "printf '%s' \"$NAME\"", "printf '%b\\n'"),
        careless=((r'echo -e "g\n"', r'printf "g\n\n"'), (r'echo "a\nb\t100%"', r'''printf '%s\n' "a\nb\t100%"''')),
    ),
    Case(
        "shell-echo-of-ash",
        r"""
        FROM alpine:3.20
        RUN mkdir -p /srv && echo -e "a\nb\t100%" > /srv/a && echo -n "c\n$HOME" > /srv/b && echo -ne 'd\\\n' > /srv/c \
         && echo -e "no escape" > /srv/d && echo "e\nf" > /srv/e
        """,
        fixes=("SC3037",),
        profile="hadolint",
        keeps=(r'printf "a\nb\t100%%\n"', 'echo "no escape"', r'echo "e\nf"'),
        careless=((r'echo "e\nf"', r'printf "e\nf\n"'),),
    ),
    Case(
        "shell-echo-of-bash",
        r"""
        FROM centos:8
        RUN echo -e "a\nb\t100%" > /srv/a && echo -n "c\n$HOME" > /srv/b && echo -ne 'd\\\n' > /srv/c \
         && echo -e "no escape" > /srv/d && echo "e\nf" > /srv/e && echo 'echo g > /srv/g' > /srv/h && source /srv/h
        """,
        fixes=("SC3037", "SC3046"),
        profile="hadolint",
        keeps=(r'printf "a\nb\t100%%\n"', 'echo "no escape"', r'echo "e\nf"', "&& . /srv/h"),
        careless=((r'echo "e\nf"', r'printf "e\nf\n"'),),
    ),
    Case(
        "shell-export",
        """
        FROM debian:bookworm-slim
        RUN true && export HOLD="$(mktemp -d)" \\
         && touch "$HOLD/a" && export KIND="is-$(uname -s)" && env | grep ^KIND > /srv/a && rm -r $HOLD
        RUN export NONE="$(cat /nowhere)" && touch /srv/b; export KIND="$(uname -m)"; env | grep ^KIND >> /srv/a
        """,
        fixes=("SC2155",),
        profile="hadolint",
        keeps=('HOLD="$(mktemp -d)" && export HOLD', 'export NONE="$(cat', 'KIND="$(uname -m)"; export KIND;'),
        careless=(('export NONE="$(cat /nowhere)"', 'NONE="$(cat /nowhere)" && export NONE'),),
    ),
    Case(
        "shell-cd",
        """
        FROM debian:bookworm-slim
        COPY . /app
        RUN cd /app; touch a; cd /srv ;touch b; cd /nowhere; touch c; true
        """,
        fixes=("SC2164",),
        files={"x": ""},
        profile="hadolint",
        keeps=("RUN cd /app && touch a; cd /srv && touch b; cd /nowhere; touch c; true",),
        careless=(("cd /nowhere; touch c", "cd /nowhere && touch c"),),
    ),
    Case(
        "shell-names-with-a-dash",
        """
        FROM debian:bookworm-slim
        WORKDIR /srv
        RUN touch a.zip b.zip c.sh -- -r && mkdir d && chmod 755 *.sh && rm *.zip; rm *; true
        WORKDIR /opt
        RUN touch a.zip b.zip c.sh d && chmod 755 *.sh && rm *.zip
        """,
        fixes=("SC2035",),
        profile="hadolint",
        keeps=("rm *.zip; rm *; true", "&& chmod 755 ./*.sh && rm ./*.zip"),
        careless=(("rm *; true", "rm ./*; true"),),
    ),
)
