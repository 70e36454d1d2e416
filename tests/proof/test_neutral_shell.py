"""Neutral changes of shell scripts: quotes, printf, cd, and other spellings; what each admits, and what it does not."""

from __future__ import annotations

import pytest
from proof_helpers import differs, same

QUOTED = "one-word-quoted"
PRINTF = "echo-as-printf"
CD = "cd-cannot-fail"
GLOB = "glob-no-option"
DOT = "dot-is-source"
EXPORT = "set-then-exported"
GO = "FROM golang:1.20\n"
ALPINE = "FROM alpine:3.20\n"
CENTOS = "FROM centos:7\n"
OTHER = "FROM team/image:1\n"
DEBIAN = "FROM debian:12\n"
NODE = "FROM node:20\n"

SAME = [
    (QUOTED, DEBIAN, "make -j$(nproc)", 'make -j"$(nproc)"'),
    (QUOTED, DEBIAN, "make -j$(nproc)", 'make "-j$(nproc)"'),
    (QUOTED, DEBIAN, "make -j $(nproc)", 'make -j "$(nproc)"'),
    (QUOTED, OTHER, "make -j`nproc`", 'make -j"$(nproc)"'),
    (QUOTED, OTHER, "a x-$(uname -r) > x-$(uname -m)", 'a "x-$(uname -r)" > "x-$(uname -m)"'),
    (QUOTED, OTHER, "a x$(lsb_release -cs 2>/dev/null)", 'a "x$(lsb_release -cs 2>/dev/null)"'),
    (QUOTED, OTHER, 'a x/$(. /etc/os-release; echo "$ID")', 'a "x/$(. /etc/os-release; echo "$ID")"'),
    (QUOTED, OTHER, "a $? $# $$", 'a "$?" "$#" "$$"'),
    (QUOTED, GO, "cd $GOPATH/src && ls $GOPATH", 'cd "$GOPATH/src" && ls "$GOPATH"'),
    (QUOTED, GO, "(cd $HOME; ls $HOME/*) > $HOME/x", '(cd "$HOME"; ls "$HOME"/*) > "$HOME/x"'),
    (QUOTED, "FROM arm64v8/golang:1\n", "ls $GOPATH", 'ls "$GOPATH"'),
    (QUOTED, "FROM node:20\n", "ls v$NODE_VERSION", 'ls "v$NODE_VERSION"'),
    (QUOTED, OTHER + "ENV A=b/1.2\n", "ls $A ${A}", 'ls "$A" "${A}"'),
    (QUOTED, OTHER + "ENV A=b\nENV B=$A.c\n", "ls $B", 'ls "$B"'),
    (QUOTED, OTHER, "A=b/1 && ls $A $A/$C", 'A=b/1 && ls "$A" "$A"/$C'),
    (QUOTED, OTHER, "A=b && B=$A-c && ls $B", 'A=b && B=$A-c && ls "$B"'),
    (QUOTED, DEBIAN, "export PATH=$PATH:/a && b $PATH", 'export PATH="$PATH:/a" && b "$PATH"'),
    (QUOTED, GO + "ENV PATH=$PATH:/a\n", "export PATH=$PATH:/b", 'export PATH="$PATH":/b'),
    (QUOTED, DEBIAN, "ls $A/b", 'ls "$A/b"'),
    (QUOTED, OTHER, "A=b; x; if y; then ls $A; fi", 'A=b; x; if y; then ls "$A"; fi'),
    (QUOTED, OTHER, "x && A=b && ls $A", 'x && A=b && ls "$A"'),
    (QUOTED, OTHER, "export A=b && ls $A", 'export A=b && ls "$A"'),
    (QUOTED, OTHER, "for i in a b; do ls $i; done", 'for i in a b; do ls "$i"; done'),
    (QUOTED, OTHER, "A=$(x -$(nproc)); for i in x$(nproc); do y; done",
     'A=$(x -"$(nproc)"); for i in "x$(nproc)"; do y; done'),
    (PRINTF, DEBIAN, r'echo "a\nb" > x', r'printf "a\nb\n" > x'),
    (PRINTF, DEBIAN, r"echo 'a\\t100%'", r"printf 'a\\t100%%\n'"),
    (PRINTF, NODE, r'echo "a $B\n"', "printf '%b\\n' \"a $B\\n\""),
    (PRINTF, DEBIAN, r"echo '\e[3m'", r"printf '%b\n' '\e[3m'"),
    (PRINTF, DEBIAN, 'echo -n "$(x)"', "printf '%b' \"$(x)\""),
    (PRINTF, DEBIAN + "ENV A=b\n", 'echo -n "$A c"', "printf '%s' \"$A c\""),
    (PRINTF, DEBIAN, "echo -n > x", "printf '' > x"),
    (PRINTF, DEBIAN, "echo a 'b\\n'", "printf 'a b\\n\\n'"),
    (PRINTF, ALPINE, r"echo -e 'a\nb' | cat", r"printf 'a\nb\n' | cat"),
    (PRINTF, ALPINE, r'echo -ne "a\n"', r'printf "a\n"'),
    (PRINTF, "FROM node:20-alpine\n", "echo -e a b", "echo a b"),
    (PRINTF, "ARG V\nFROM debian:$V-slim\n", r'echo "a\nb"', r'printf "a\nb\n"'),
    (PRINTF, CENTOS, 'echo -n "a $B"', "printf '%s' \"a $B\""),
    (PRINTF, CENTOS, "echo '#!/bin/sh' && echo -e '[a]\\nb'", "echo '#!/bin/sh' && printf '[a]\\nb\\n'"),
    (CD, DEBIAN, "cd /tmp; a", "cd /tmp && a"),
    (CD, DEBIAN, "cd /tmp; a && b || c; d", "cd /tmp && a && b || c; d"),
    (CD, DEBIAN, "x; (cd /root/; a); y", "x; (cd /root/ && a); y"),
    (CD, CENTOS, "cd /etc/yum.repos.d; a", "cd /etc/yum.repos.d && a"),
    (CD, OTHER + "WORKDIR /a/b\nWORKDIR /\n", "cd /a; b", "cd /a && b"),
    (CD, OTHER + "COPY . /a\n", "cd /a; b", "cd /a && b"),
    (CD, OTHER + "COPY x y /a/b/\n", "cd /a/b; c", "cd /a/b && c"),
    (GLOB, OTHER, "rm -f *.zip ?.x", "rm -f ./*.zip ./?.x"),
    (GLOB, OTHER, "a && chmod -R +x *.sh", "a && chmod -R +x ./*.sh"),
    (DOT, CENTOS, "source a; b", ". a; b"),
    (DOT, ALPINE, "source /a && b", ". /a && b"),
    (EXPORT, DEBIAN, 'a && export B="$(mktemp -d)" && c', 'a && B="$(mktemp -d)" && export B && c'),
    (EXPORT, DEBIAN, 'set -e; export B="x-$(uname -m)"; c', 'set -e; B="x-$(uname -m)"; export B; c'),
    (EXPORT, ALPINE, 'export B="$(mktemp)"; rm -r "$B" /tmp/* /a', 'B="$(mktemp)"; export B; rm -r "$B" /tmp/* /a'),
    (EXPORT, DEBIAN + 'RUN C="$(mktemp)" && rm -rf "$C"\n', 'export B="$(mktemp)"', 'B="$(mktemp)" && export B'),
    (QUOTED, DEBIAN, 'B="$(mktemp -d)" && export B && rm -r $B', 'B="$(mktemp -d)" && export B && rm -r "$B"'),
    (QUOTED, DEBIAN, 'export B="x$(uname -m)" && rm -r $B', 'export B="x$(uname -m)" && rm -r "$B"'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "base", "before", "after"), SAME)
def test_admitted(name: str, base: str, before: str, after: str) -> None:
    same(f"RUN {before}\n", f"RUN {after}\n", name, base=base)
    differs(f"RUN {before}\n", f"RUN {after}\n", base=base)
    differs(f"RUN {before}\n", f"RUN {after}\n", "log-noise", base=base)


DIFFERENT = [
    # may be several words, or none
    (QUOTED, OTHER, "ls $A", 'ls "$A"'),
    (QUOTED, OTHER, "ls x$(cat y)", 'ls "x$(cat y)"'),
    (QUOTED, OTHER, "make -j $(nproc)", 'make -j "$(nproc)"'),
    (QUOTED, DEBIAN, "ls $(lsb_release -cs)", 'ls "$(lsb_release -cs)"'),
    (QUOTED, DEBIAN, "ls x$(uname -a)", 'ls "x$(uname -a)"'),
    (QUOTED, DEBIAN, "ls x$(nproc; date)", 'ls "x$(nproc; date)"'),
    (QUOTED, DEBIAN, "ls x$(nproc & uname)", 'ls "x$(nproc & uname)"'),
    (QUOTED, DEBIAN, "ls x$(date '+%s %s')", "ls \"x$(date '+%s %s')\""),
    (QUOTED, "FROM node:20\n", "ls $NODE_VERSION", 'ls "$NODE_VERSION"'),
    (QUOTED, DEBIAN, "ls $A", 'ls "$A"'),
    (QUOTED, DEBIAN, "ls /$NO_PROXY", 'ls "/$NO_PROXY"'),
    (QUOTED, NODE, "ls $A/b", 'ls "$A/b"'),
    (QUOTED, DEBIAN + "ARG A\n", "ls $A/b", 'ls "$A/b"'),
    (QUOTED, OTHER, "export PATH=$PATH:/a", 'export PATH="$PATH:/a"'),
    (QUOTED, DEBIAN, "export PATH=$PATH:$(x)", 'export PATH="$PATH":$(x)'),
    (QUOTED, DEBIAN + "ARG X\nENV PATH=$PATH:$X\n", "export PATH=$PATH:/b", 'export PATH="$PATH":/b'),
    (QUOTED, DEBIAN + "ARG X\nENV PATH=$X\nENV PATH=/a PATH=$PATH\n", "ls $PATH", 'ls "$PATH"'),
    (QUOTED, DEBIAN, "A=$B; B=$A; A='c d'; ls /$A", "A=$B; B=$A; A='c d'; ls \"/$A\""),
    (QUOTED, DEBIAN + "ENV A='b c'\n", "ls $A", 'ls "$A"'),
    (QUOTED, DEBIAN + "ENV A=b*\n", "ls $A", 'ls "$A"'),
    (QUOTED, DEBIAN + "ENV A=\n", "ls $A", 'ls "$A"'),
    (QUOTED, DEBIAN + "ARG A=b\n", "ls $A", 'ls "$A"'),
    (QUOTED, DEBIAN + "ENV A=b\nARG A\n", "ls $A", 'ls "$A"'),
    (QUOTED, DEBIAN + "ARG B=c\nENV A=$B\n", "ls $A", 'ls "$A"'),
    (QUOTED, OTHER + "ENV IFS=/ A=b/c\n", "ls $A", 'ls "$A"'),
    (QUOTED, OTHER + "ENV A=b/c\n", "IFS=/; ls $A", 'IFS=/; ls "$A"'),
    (QUOTED, "FROM golang:1.20\nENV GOPATH=$X\n", "ls $GOPATH", 'ls "$GOPATH"'),
    (QUOTED, "FROM team/golang:1.20\n", "ls $GOPATH", 'ls "$GOPATH"'),
    (QUOTED, "FROM golang:1.20\nUSER app\n", "ls $HOME", 'ls "$HOME"'),
    (QUOTED, "FROM golang:1.20\nRUN usermod -d '/a b' root\n", "ls $HOME", 'ls "$HOME"'),
    (QUOTED, "FROM team/image\n", "ls $HOME", 'ls "$HOME"'),
    (QUOTED, OTHER + "ENV PWD=/a\n", "ls $PWD", 'ls "$PWD"'),
    # what the script does with the variable is not all that it can do
    (QUOTED, GO, "GOPATH='a b'; ls $GOPATH", "GOPATH='a b'; ls \"$GOPATH\""),
    (QUOTED, GO, ". ./env; ls $GOPATH", '. ./env; ls "$GOPATH"'),
    (QUOTED, GO, "command . ./env; ls $GOPATH", 'command . ./env; ls "$GOPATH"'),
    (QUOTED, GO, "builtin eval x; ls $GOPATH", 'builtin eval x; ls "$GOPATH"'),
    (QUOTED, GO, "eval x; ls $GOPATH", 'eval x; ls "$GOPATH"'),
    (QUOTED, GO, "$X; ls $GOPATH", '$X; ls "$GOPATH"'),
    (QUOTED, GO, "trap 'GOPATH=' DEBUG; ls $GOPATH", "trap 'GOPATH=' DEBUG; ls \"$GOPATH\""),
    (QUOTED, GO, "read GOPATH; ls $GOPATH", 'read GOPATH; ls "$GOPATH"'),
    (QUOTED, GO, "unset GOPATH; ls $GOPATH", 'unset GOPATH; ls "$GOPATH"'),
    (QUOTED, GO, "f() { GOPATH=; }; f; ls $GOPATH", 'f() { GOPATH=; }; f; ls "$GOPATH"'),
    (QUOTED, GO, "printf -v GOPATH 'a b'; ls $GOPATH", "printf -v GOPATH 'a b'; ls \"$GOPATH\""),
    (QUOTED, GO, "sh -c 'GOPATH=\"a b\"; ls $GOPATH'", 'sh -c \'GOPATH="a b"; ls "$GOPATH"\''),
    (QUOTED, GO, "sh -c 'ls $GOPATH'", "sh -c 'ls \"$GOPATH\"'"),
    (QUOTED, OTHER, "ls $(. /a; echo x$A) && A=b && ls $A", 'ls $(. /a; echo x$A) && A=b && ls "$A"'),
    (QUOTED, OTHER, "A=b; A='c d'; ls $A", "A=b; A='c d'; ls \"$A\""),
    (QUOTED, OTHER, "A=b; A=$(cat c); ls $A", 'A=b; A=$(cat c); ls "$A"'),
    (QUOTED, OTHER, "A=b; A+=' c'; ls $A", "A=b; A+=' c'; ls \"$A\""),
    (QUOTED, OTHER, "x && A=b; ls $A", 'x && A=b; ls "$A"'),
    (QUOTED, OTHER, "x || A=b && ls $A", 'x || A=b && ls "$A"'),
    (QUOTED, OTHER, "(A=b); ls $A", '(A=b); ls "$A"'),
    (QUOTED, OTHER, "if x; then A=b; fi; ls $A", 'if x; then A=b; fi; ls "$A"'),
    (QUOTED, OTHER, "A=b & ls $A", 'A=b & ls "$A"'),
    (QUOTED, OTHER, "A=b x; ls $A", 'A=b x; ls "$A"'),
    (QUOTED, OTHER, "ls $A; A=b", 'ls "$A"; A=b'),
    (QUOTED, OTHER, "for i in a b; do x; done; ls $i", 'for i in a b; do x; done; ls "$i"'),
    (QUOTED, OTHER, "for i in *; do ls $i; done", 'for i in *; do ls "$i"; done'),
    (QUOTED, OTHER, "for i in 'a b'; do ls $i; done", "for i in 'a b'; do ls \"$i\"; done"),
    (QUOTED, OTHER, "for i; do ls $i; done", 'for i; do ls "$i"; done'),
    (QUOTED, OTHER, "A=b; : $((A=1)); ls $A", 'A=b; : $((A=1)); ls "$A"'),
    # other quotes than those
    (QUOTED, OTHER, "make -j$(nproc) *", 'make -j"$(nproc)" "*"'),
    (QUOTED, OTHER, "make -j$(nproc) $B", 'make -j"$(nproc)" "$B"'),
    (QUOTED, OTHER, "ls [x$(nproc)]", 'ls [x"$(nproc)"]'),
    (QUOTED, OTHER, "ls ~/$(nproc)", 'ls "~/$(nproc)"'),
    (QUOTED, OTHER, "ls {a,b}$(nproc)", 'ls "{a,b}$(nproc)"'),
    (QUOTED, OTHER, 'make -j"$(nproc)"', "make -j'$(nproc)'"),
    (QUOTED, OTHER, "make -j$(nproc)", 'make -j"$(arch)"'),
    (QUOTED, OTHER, "make -j$(nproc)", 'make -j "$(nproc)"'),
    # printf in another shell, or another text
    (PRINTF, DEBIAN, r'echo -e "a\nb"', r'printf "a\nb\n"'),
    (PRINTF, DEBIAN, r'echo -e "a"', r'echo "a"'),
    (PRINTF, OTHER, r'echo "a\nb"', r'printf "a\nb\n"'),
    (PRINTF, ALPINE, r'echo "a\nb"', r'printf "a\nb\n"'),
    (PRINTF, "ARG V\nFROM node:$V\n", r'echo "a\nb"', r'printf "a\nb\n"'),
    (PRINTF, "ARG V\nFROM debian$V\n", r'echo "a\nb"', r'printf "a\nb\n"'),
    (PRINTF, "ARG V\nFROM $V:12\n", r'echo "a\nb"', r'printf "a\nb\n"'),
    (PRINTF, CENTOS, r'echo "a\nb"', r'printf "a\nb\n"'),
    (PRINTF, "FROM node:20-alpine\n", r'echo "a\nb"', r'printf "a\nb\n"'),
    (PRINTF, "FROM tomcat:9-jdk8-corretto\n", r'echo "a\nb"', r'printf "a\nb\n"'),
    (PRINTF, DEBIAN + "RUN ln -sf /bin/bash /bin/sh\n", r'echo "a\nb"', r'printf "a\nb\n"'),
    (PRINTF, DEBIAN + 'SHELL ["/bin/bash", "-c"]\n', r'echo "a\nb"', r'printf "a\nb\n"'),
    (PRINTF, DEBIAN, r'echo "a\nb"', r'printf "a\nb"'),
    (PRINTF, DEBIAN, r'echo "a\nb"', r'printf "a\nb\n" c'),
    (PRINTF, DEBIAN, r'echo "100%\n"', r'printf "100%\n\n"'),
    (PRINTF, DEBIAN, r'echo "a $B\n"', r'printf "a $B\n\n"'),
    (PRINTF, DEBIAN, r'echo "a $B\n"', "printf '%s\\n' \"a $B\\n\""),
    (PRINTF, NODE, 'echo -n "$B"', "printf '%s' \"$B\""),
    (PRINTF, DEBIAN, "echo -n $B", "printf '%b' $B"),
    (PRINTF, DEBIAN, r'echo "a\c"', r'''printf '%b\n' "a\c"'''),
    (PRINTF, DEBIAN, r'echo "a\0101"', r'printf "a\0101\n"'),
    (PRINTF, DEBIAN, r'echo "-a\n"', r'printf "-a\n\n"'),
    (PRINTF, DEBIAN, r'echo "a\n" > b', r'printf "a\n\n" > c'),
    (PRINTF, DEBIAN, r'echo "a\n" > b', r'printf "a\n\n" >> b'),
    (PRINTF, CENTOS, r"echo -e $'a\nb'", r"echo $'a\nb'"),
    (PRINTF, CENTOS, r'echo -e "$B\n"', "printf '%b\\n' \"$B\\n\""),
    (PRINTF, CENTOS, 'echo -n "$B"', "printf '%s' \"$B\""),
    (PRINTF, CENTOS, 'echo -e "$B"', 'echo "$B"'),
    (PRINTF, DEBIAN, r'bash -c "echo \"a\nb\""', r'bash -c "printf \"a\nb\n\""'),
    (PRINTF, DEBIAN, r"sh -c 'echo a\\nb'", r"sh -c 'printf a\\nb\\n'"),
    (PRINTF, CENTOS, r"shopt -s xpg_echo; echo -n 'a\nb'", r"shopt -s xpg_echo; printf '%s' 'a\nb'"),
    (PRINTF, CENTOS, r"echo() { :; }; echo -n 'a'", r"echo() { :; }; printf 'a'"),
    # the folder may not be there, or the list means something else
    (CD, OTHER, "cd /tmp; a", "cd /tmp && a"),
    (CD, DEBIAN, "cd /app; a", "cd /app && a"),
    (CD, DEBIAN, "cd() { false; }; cd /tmp; a", "cd() { false; }; cd /tmp && a"),
    (CD, DEBIAN, "cd tmp; a", "cd tmp && a"),
    (CD, DEBIAN, "cd $A; a", "cd $A && a"),
    (CD, DEBIAN, "cd; a", "cd && a"),
    (CD, DEBIAN, "cd /tmp; a &", "cd /tmp && a &"),
    (CD, DEBIAN, "x && cd /tmp; a", "x && cd /tmp && a"),
    (CD, DEBIAN, "ls /tmp; a", "ls /tmp && a"),
    (CD, DEBIAN, "cd /tmp > x; a", "cd /tmp > x && a"),
    (CD, DEBIAN, "cd /tmp; a; b", "cd /tmp && a && b"),
    (CD, DEBIAN, "cd /tmp; a", "cd /tmp || a"),
    (CD, DEBIAN, "cd /tmp && a", "cd /tmp; a"),
    (CD, ALPINE, "cd /usr/src; a", "cd /usr/src && a"),
    (CD, DEBIAN, "rm -rf /tmp; cd /tmp; a", "rm -rf /tmp; cd /tmp && a"),
    (CD, DEBIAN + "USER app\n", "cd /root; a", "cd /root && a"),
    (CD, DEBIAN + "RUN rm -rf /opt\n", "cd /opt; a", "cd /opt && a"),
    (CD, OTHER + "COPY a /b\n", "cd /b; c", "cd /b && c"),
    (CD, OTHER + "COPY --from=x . /b\n", "cd /b; c", "cd /b && c"),
    (CD, OTHER + "WORKDIR /b\nRUN rm -rf *\n", "cd /b; c", "cd /b && c"),
    (CD, OTHER + "WORKDIR /b\nRUN mv /b /c\n", "cd /b; c", "cd /b && c"),
    (CD, OTHER + "WORKDIR /b\nCOPY x /b\n", "cd /b; c", "cd /b && c"),
    # a name with a dash could be an option, or the failure does not matter
    (GLOB, OTHER, "rm *", "rm ./*"),
    (GLOB, OTHER, "rm *.zip; a", "rm ./*.zip; a"),
    (GLOB, OTHER, "rm -v *.zip > a", "rm -v ./*.zip > a"),
    (GLOB, OTHER, "rm *.zip || a", "rm ./*.zip || a"),
    (GLOB, OTHER, "ls *.zip", "ls ./*.zip"),
    (GLOB, OTHER, "tar xf *.zip", "tar xf ./*.zip"),
    (GLOB, OTHER, "chmod *.sh", "chmod ./*.sh"),
    (GLOB, OTHER, "rm -- *.sh", "rm -- ./*.sh"),
    (GLOB, OTHER, "rm *.sh", "rm ../*.sh"),
    (GLOB, OTHER, "rm *.sh", 'rm "./*.sh"'),
    (GLOB, OTHER, "rm $A*.sh", "rm ./$A*.sh"),
    # the command may fail, or other things are exported
    (EXPORT, OTHER, 'export B="$(mktemp -d)"', 'B="$(mktemp -d)" && export B'),
    (EXPORT, DEBIAN, 'export B="$(curl a)" && c', 'B="$(curl a)" && export B && c'),
    (EXPORT, DEBIAN, 'export B="$(lsb_release -cs)" && c', 'B="$(lsb_release -cs)" && export B && c'),
    (EXPORT, DEBIAN, 'export B="$(uname -m) $(x)" && c', 'B="$(uname -m) $(x)" && export B && c'),
    (EXPORT, DEBIAN, 'export B="$(mktemp -d)" && c', 'B="$(mktemp)" && export B && c'),
    (EXPORT, DEBIAN, 'export B="$(mktemp -d)" && c', 'B="$(mktemp -d)" && export D && c'),
    (EXPORT, DEBIAN, 'export B="$(mktemp -d)" && c', 'export B && B="$(mktemp -d)" && c'),
    (EXPORT, DEBIAN, 'export B="$(mktemp -d)" && c', 'B="$(mktemp -d)"; export B && c'),
    (EXPORT, DEBIAN, 'export B="$(mktemp -d)" && c', 'B="$(mktemp -d)" && c'),
    (EXPORT, DEBIAN, 'export B="$(mktemp -d)" & c', 'B="$(mktemp -d)" & export B & c'),
    (EXPORT, DEBIAN, 'readonly B="$(mktemp -d)" && c', 'B="$(mktemp -d)" && export B && c'),
    (EXPORT, DEBIAN, "export B=$(echo a b) && c", "B=$(echo a b) && export B && c"),
    (EXPORT, DEBIAN, 'export B="$(mktemp -d)" C=d && c', 'B="$(mktemp -d)" && export B && c'),
    (EXPORT, DEBIAN + "ENV TMPDIR=/x\n", 'export B="$(mktemp -d)"', 'B="$(mktemp -d)" && export B'),
    (EXPORT, DEBIAN, 'TMPDIR=/x; export B="$(mktemp -d)"', 'TMPDIR=/x; B="$(mktemp -d)" && export B'),
    (EXPORT, DEBIAN, 'rm -rf /tmp; export B="$(mktemp -d)"', 'rm -rf /tmp; B="$(mktemp -d)" && export B'),
    (EXPORT, DEBIAN, 'rm -rf $X; export B="$(mktemp -d)"', 'rm -rf $X; B="$(mktemp -d)" && export B'),
    (EXPORT, DEBIAN, 'read C; rm -r $C; export B="$(mktemp -d)"', 'read C; rm -r $C; B="$(mktemp -d)"; export B'),
    (EXPORT, DEBIAN + "RUN C=/tmp; rm -rf $C\n", 'export B="$(mktemp -d)"', 'B="$(mktemp -d)" && export B'),
    (EXPORT, DEBIAN + 'RUN C="$(mktemp -d)"; C=/; rm -rf $C\n', 'export B="$(mktemp)"', 'B="$(mktemp)" && export B'),
    (EXPORT, DEBIAN, "sh -c 'export B=\"$(mktemp)\"'", "sh -c 'B=\"$(mktemp)\" && export B'"),
    (QUOTED, DEBIAN, "export B=$(curl a) && rm -r $B", 'export B=$(curl a) && rm -r "$B"'),
    # not there, or not the same
    (DOT, DEBIAN, "source a; b", ". a; b"),
    (DOT, OTHER, "source a", ". a"),
    (DOT, ALPINE, "source a; b", ". a; b"),
    (DOT, CENTOS, "A=b source a", "A=b . a"),
    (DOT, CENTOS, "source a b", ". a b"),
    (DOT, CENTOS, "ls a", ". a"),
    (DOT, CENTOS, ". a", "source a"),
]


@pytest.mark.parametrize(("name", "base", "before", "after"), DIFFERENT)
def test_refused(name: str, base: str, before: str, after: str) -> None:
    differs(f"RUN {before}\n", f"RUN {after}\n", name, base=base)


@pytest.mark.parametrize(("name", "base", "before", "after"), SAME)
def test_what_runs_in_another_image_is_not_known(name: str, base: str, before: str, after: str) -> None:
    differs(f"ONBUILD RUN {before}\n", f"ONBUILD RUN {after}\n", name, base=base)
    differs(f"CMD {before}\n", f"CMD {after}\n", name, base=base)


def test_a_secret_may_be_in_a_variable() -> None:
    mount = "RUN --mount=type=secret,id=a,env=GOPATH"
    differs(f"{mount} ls $GOPATH\n", f'{mount} ls "$GOPATH"\n', QUOTED, base=GO)
