"""What of ShellCheck's findings ``--fix`` mends by itself, and what it leaves alone."""

from __future__ import annotations

import pytest

from dlinter.edits import Safety
from dlinter.engine import Dispatcher
from dlinter.fixer import fix
from dlinter.rule import RuleInfo
from dlinter.selection import RuleSet
from dlinter.shell_codes import SHELLCHECK
from dlinter.shellcheck import ShellCheck, locate
from dlinter.source import Source
from dlinter.tree import Dockerfile as dockerfile

PROGRAM = locate()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="ShellCheck is not installed")
SHARED = ShellCheck(PROGRAM, hadolint=True)
RULES: list[RuleInfo] = list(SHELLCHECK.values())
ALL = RuleSet(RULES)
DEBIAN = "FROM debian:12\n"
NODE = "FROM node:20\n"
ALPINE = "FROM alpine:3.20\n"
CENTOS = "FROM centos:7\n"
GO = "FROM golang:1.20\n"
OTHER = "FROM team/image:1\n"


def mended(text: str) -> str:
    """*text* after ``--fix``; nothing may have been refused, and nothing is left to do."""
    dispatcher = Dispatcher(ALL, SHARED)
    result = fix(Source(text), dispatcher, Safety.SAFE)
    assert result.refused == []
    assert fix(result.source, dispatcher, Safety.SAFE).source.text == result.source.text
    return result.source.text


MENDED = [
    # SC2006
    (OTHER, "a=`date -u \\\n  -d x`; export a", "a=$(date -u \\\n  -d x); export a"),
    (OTHER, 'echo "v `git describe`"', 'echo "v $(git describe)"'),
    (OTHER, "x=`(a; b)`; export x", "x=$( (a; b)); export x"),
    # SC2046
    (DEBIAN, "make -j$(nproc) && make -j $(nproc)", 'make -j"$(nproc)" && make -j "$(nproc)"'),
    (
        OTHER,
        "curl -o /a https://b.org/c-`uname -s`-`uname -m`",
        'curl -o /a "https://b.org/c-$(uname -s)-$(uname -m)"',
    ),
    (OTHER, "apt-get install -y linux-headers-$(uname -r)", 'apt-get install -y "linux-headers-$(uname -r)"'),
    (
        OTHER,
        'curl https://b.org/$(. /etc/os-release; echo "$ID")/gpg',
        'curl "https://b.org/$(. /etc/os-release; echo "$ID")/gpg"',
    ),
    # SC2086
    (GO, "cd $GOPATH/src/a \\\n && ls ${GOPATH}/*", 'cd "$GOPATH/src/a" \\\n && ls "${GOPATH}"/*'),
    (DEBIAN, "echo a >> $HOME/.bashrc", 'echo a >> "$HOME/.bashrc"'),
    (
        OTHER,
        "v=$(nproc)x && u=https://b.org/$v && curl -O $u/c.tgz",
        'v=$(nproc)x && u=https://b.org/$v && curl -O "$u/c.tgz"',
    ),
    (DEBIAN, "export PATH=$PATH:/a && ls $x/b $x", 'export PATH="$PATH:/a" && ls "$x/b" $x'),
    (GO, "ls $GOPATH/$x 'a b'$GOPATH", 'ls "$GOPATH"/$x \'a b\'"$GOPATH"'),
    (GO, 'echo "a b "$GOPATH" c" "d"$HOME"e"', 'echo "a b $GOPATH c" "d${HOME}e"'),
    (GO, 'ls "a"$GOPATH $HOME"/b c" "a "`nproc`', 'ls "a$GOPATH" "$HOME/b c" "a $(nproc)"'),
    # SC2028, SC3037
    (DEBIAN, r'echo "a\nb" > /c', r'printf "a\nb\n" > /c'),
    (DEBIAN, 'echo "a\\n\\\nb 100%\\n\\\n"', 'printf "a\\n\\\nb 100%%\\n\\n\\\n"'),
    (DEBIAN, r'echo "a $x\n"', "printf '%b\\n' \"a $x\\n\""),
    (DEBIAN, r"echo '\e[3m'", r"printf '%b\n' '\e[3m'"),
    (NODE, 'echo -n "a $x" | cat', "printf '%b' \"a $x\" | cat"),
    (DEBIAN, 'echo -n "a $x" | cat', "printf '%s' \"a $x\" | cat"),
    (DEBIAN + "ENV V=1\n", 'echo -n "a $V" | cat', "printf '%s' \"a $V\" | cat"),
    (DEBIAN, "echo -n > /c", "printf '' > /c"),
    (ALPINE, "echo -e '[a]\\nb' > /c", "printf '[a]\\nb\\n' > /c"),
    (CENTOS, "echo -e a b && echo -e \\\n  'c' && echo -n 'd'", "echo a b && echo \\\n  'c' && printf 'd'"),
    # SC2035
    (OTHER, "rm -f *.zip *.tgz * && chmod 755 *.sh", "rm -f ./*.zip ./*.tgz * && chmod 755 ./*.sh"),
    # SC2164
    (DEBIAN, "cd /tmp; ls && true; cd /opt ;ls", "cd /tmp && ls && true; cd /opt && ls"),
    (OTHER + "COPY . /src\n", "cd /src; \\\n  npm install; npm test", "cd /src && \\\n  npm install; npm test"),
    # SC2155
    (
        DEBIAN,
        'a && export B="$(mktemp -d)" \\\n && c && rm -r $B && export D="$(curl e)"',
        'a && B="$(mktemp -d)" && export B \\\n && c && rm -r "$B" && export D="$(curl e)"',
    ),
    (DEBIAN, 'set -x; export B="x-$(nproc)"; \\\n  c', 'set -x; B="x-$(nproc)"; export B; \\\n  c'),
    # SC3046
    (CENTOS, "source /opt/rh/a/enable && b", ". /opt/rh/a/enable && b"),
]


@pytest.mark.parametrize(("base", "before", "after"), MENDED)
def test_mended(base: str, before: str, after: str) -> None:
    assert mended(f"{base}RUN {before}\n") == f"{base}RUN {after}\n"


LEFT = [
    # escapes, comments
    (OTHER, "x=`a \\`b\\``; export x"),
    (OTHER, "x=`a \\$b`; export x"),
    # several words, or none
    (OTHER, "ls $(cat a) $(which b) $(nproc) x$(curl c)"),
    (OTHER, "deps='a b' && apt-get install -y $deps"),
    (OTHER, "v=$(curl a) && ls $v"),
    (OTHER, "ls $HOME $GOPATH"),
    (GO, ". ./env && ls $GOPATH"),
    (GO, "command . ./env && ls $GOPATH"),
    (GO + "USER app\n", "ls $HOME"),
    (OTHER, "for i in *; do ls $i; done"),
    # the author was mistaken, or the shell is not known
    (DEBIAN, r'echo -e "a\nb"'),
    (ALPINE, r'echo "a\nb"'),
    (CENTOS, r'echo "a\nb"'),
    (OTHER, r'echo "a\nb" && echo -e "c\n"'),
    (DEBIAN + "RUN ln -sf bash /bin/sh\n", r'echo "a\nb"'),
    (DEBIAN, r'echo "a\nb\c"'),
    (CENTOS, r'echo -e "$x\n" && echo -n "$y"'),
    (DEBIAN, "echo -n a | cat"),
    (CENTOS, r"echo -e $'a\nb'"),
    # a dash could be an option
    (OTHER, "rm * && mv *.a b && tar xf *.tgz"),
    (OTHER, "rm *.zip; true"),
    # the folder may not be there
    (OTHER, "cd /tmp; ls"),
    (DEBIAN, "cd /app; ls"),
    (DEBIAN, "cd /tmp; a & b"),
    (DEBIAN, "true && cd /tmp; ls"),
    # the command may fail
    (OTHER, 'export B="$(mktemp -d)" && c'),
    (DEBIAN, 'export B="$(curl a)" && export C="$(mktemp -d)" || d'),
    (DEBIAN, 'rm -rf $X; export C="$(mktemp -d)"; d'),
    # dash has none
    (DEBIAN, "source /a"),
    (ALPINE, "source /a; b"),
]


@pytest.mark.parametrize(("base", "script"), LEFT)
def test_left_alone(base: str, script: str) -> None:
    text = f"{base}RUN {script}\n"
    assert mended(text) == text
    assert mended(f"FROM debian:12\nONBUILD RUN {script}\n").endswith(f"ONBUILD RUN {script}\n")


def test_in_an_exec_form() -> None:
    before = 'FROM golang:1.20\nRUN ["sh", "-c", "ls $GOPATH/a"]\n'
    checker = Dispatcher(ALL, ShellCheck(PROGRAM))
    text = fix(Source(before), checker, Safety.SAFE).source.text
    assert text in (before, before.replace("$GOPATH/a", '\\"$GOPATH/a\\"'))


def test_a_fix_says_what_it_does() -> None:
    titles = set()
    for base, before, _ in MENDED:
        found = Dispatcher(ALL, SHARED).findings(dockerfile(f"{base}RUN {before}\n"))
        titles |= {f.fix.title for f in found if f.fix is not None and f.fix.safety is Safety.SAFE}
    assert titles == {
        "Write $(…)",
        "Quote the command's output",
        "Quote the variable",
        "Write it with printf",
        "Leave -e out",
        "Write ./*",
        "Export the variable when it is set",
        "Write && behind cd",
        "Write . for source",
    }
