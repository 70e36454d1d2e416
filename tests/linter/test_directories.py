"""RUN parted at ``cd``: what is set for one part is not lost for the next."""

from __future__ import annotations

import pytest

from dlinter.catalogue import known_rules
from dlinter.edits import Safety
from dlinter.engine import Dispatcher
from dlinter.fixer import fix
from dlinter.selection import select
from dlinter.source import Source

DISPATCHER = Dispatcher(select([info for info in known_rules() if info.code == "DL3003"], "hadolint"))
HEAD = 'FROM debian:12\nSHELL ["/bin/bash", "-c"]\nWORKDIR /x\n'


def mended(run: str) -> str:
    result = fix(Source(HEAD + run), DISPATCHER, Safety.UNSAFE)
    assert not result.refused
    return result.source.text.removeprefix(HEAD)


def test_options_ahead_of_all_parts_are_given_to_each() -> None:
    assert mended("RUN set -o pipefail && cd /a && ls | sort && cd /b && ls | sort\n") == (
        "WORKDIR /a\nRUN set -o pipefail && ls | sort\nWORKDIR /b\nRUN set -o pipefail && ls | sort\nWORKDIR /x\n"
    )


@pytest.mark.parametrize("setting", ["set -o pipefail", "set -euxo pipefail", "export A=b", "umask 077"])
def test_what_a_part_sets_for_the_next_keeps_them_together(setting: str) -> None:
    run = f"RUN cd /a && {setting} && ls | sort && cd /b && ls | sort\n"
    assert mended(run) == run


def safely(text: str) -> str:
    result = fix(Source(text), DISPATCHER, Safety.SAFE)
    assert not result.refused
    return result.source.text


APP = "RUN git clone https://example.com/app /app"
PARTED = [
    ("cd as the last command", "RUN npm test && cd /tmp", "RUN npm test"),
    (
        "what runs anywhere goes with the rest",
        "RUN cd /srv/app && npm ci && cd / && rm -rf /srv/app",
        "WORKDIR /srv/app\nRUN npm ci && rm -rf /srv/app\nWORKDIR /srv",
    ),
    (
        "three parts with the same options",
        f"RUN set -e && {APP[4:]} && cd /app && make && cd doc && make install",
        f"RUN set -e && {APP[4:]}\nWORKDIR /app\nRUN set -e && make\n"
        "WORKDIR /app/doc\nRUN set -e && make install\nWORKDIR /srv",
    ),
    (
        "ahead of it what runs anywhere, in a folder that is there",
        "RUN apt-get update && apt-get install -y make && cd /tmp && make && rm -rf /tmp/*",
        "WORKDIR /tmp\nRUN apt-get update && apt-get install -y make && make && rm -rf /tmp/*\nWORKDIR /srv",
    ),
    (
        "ahead of it what runs anywhere, in a folder that is made",
        "RUN apt-get install -y make && mkdir /a && cd /a && make && rm b",
        "WORKDIR /a\nRUN apt-get install -y make && make && rm b\nWORKDIR /srv",
    ),
]
PARTED += [
    ("the home of root", "RUN cd ~/a && make", "WORKDIR /root/a\nRUN make\nWORKDIR /srv"),
    ("cd that cannot fail", "RUN cd /tmp; make; make install", "WORKDIR /tmp\nRUN make; make install\nWORKDIR /srv"),
    ("only a folder is made", "RUN mkdir -p /a && cd /a", "RUN mkdir -p /a"),
    (
        "comments go along",
        "RUN cd /a && \\\n    # b\n    make && \\\n    # c\n    cd d && \\\n    # e\n    make test && \\\n"
        "    # f\n    make install # g",
        "# b\nWORKDIR /a\nRUN make\n# c\n# e\nWORKDIR /a/d\nRUN make test && \\\n    # f\n    make install # g\n"
        "WORKDIR /srv",
    ),
    (
        "comments around what is left out",
        "RUN set -x && \\\n    cd /a && \\\n    # b\n    make && \\\n    # c\n    cd / && \\\n    # d\n    rm -rf /e",
        "# b\nWORKDIR /a\nRUN set -x && \\\n    make && \\\n    # c\n    # d\n    rm -rf /e\nWORKDIR /srv",
    ),
    (
        "what the shell sets ahead of it",
        "RUN export A=b && cd /a && make && rm c",
        "WORKDIR /a\nRUN export A=b && make && rm c\nWORKDIR /srv",
    ),
]
WHOLE = {
    "a later part deletes": f"{APP} && cd /app && make && rm -rf src",
    "a later part changes what is there": f"{APP} && cd /app && chown -R games .",
    "a later part checks out something else": "RUN git clone https://a.example/b /app && cd /app && git checkout -q c",
    "four parts": f"{APP} && cd /app && make && cd /b && make && cd /c && make",
    "a variable goes from one to the next": f"RUN A=b && {APP[4:]} && cd /app && make $A",
    "a subshell": "RUN (cd /app && make)",
    "back to the last one": "RUN cd /app && make && cd - && make",
    "the way in is told": f'{APP} && cd /app && echo "$PWD" > a',
    "a failure that is ignored": "RUN cd /a; make",
    "a comment behind cd": "RUN make && cd /a # b",
    "a list that may go elsewhere": "RUN { cd /a; } && make && cd /srv && make",
    "a link": "RUN ln -s opt/app /app && cd /app && make",
    "what a package may bring along": "RUN apt-get install -y nginx && mkdir -p /a && cd /a && make && rm b",
    "a folder that is made by it": "RUN apt-get install -y nginx && cd /a && make && rm b",
    "a variable from outside": f"ARG A=/app\n{APP} && cd $A && make",
    "a mount": "RUN --mount=type=bind,target=/app cd /app && make",
    "a folder of the kernel": f"{APP} && cd /sys/kernel && make",
    "names that the shell finds": f"{APP} && cd /app* && make",
}


@pytest.mark.parametrize(("old", "new"), [each[1:] for each in PARTED], ids=[each[0] for each in PARTED])
def test_steps_are_parted_where_nothing_else_changes(old: str, new: str) -> None:
    assert safely(f"FROM debian:12\nWORKDIR /srv\n{old}\nRUN id\n") == f"FROM debian:12\nWORKDIR /srv\n{new}\nRUN id\n"


@pytest.mark.parametrize("run", WHOLE.values(), ids=WHOLE.keys())
def test_steps_stay_whole(run: str) -> None:
    text = f"FROM debian:12\nWORKDIR /srv\n{run}\nRUN id\n"
    assert safely(text) == text


def test_nothing_is_given_back_where_it_is_not_known() -> None:
    text = "FROM registry.example.com/a\nRUN git clone https://example.com/b /b && cd /b && make\n"
    assert safely(text) == text
    assert safely(text + "USER games\nWORKDIR /b\n").endswith("\nWORKDIR /b\nRUN make\nUSER games\nWORKDIR /b\n")
    assert safely(text + "COPY a .\nWORKDIR /b\n").startswith(text)


def test_variables_of_images_are_written_out() -> None:
    head = "FROM golang:1.22\n"
    assert safely(f"{head}RUN cd $GOPATH/src && go build\nRUN id\n") == (
        f"{head}WORKDIR /go/src\nRUN go build\nWORKDIR /go\nRUN id\n"
    )
    given = f"{head}ARG GOPATH\nRUN cd $GOPATH/src && go build\nRUN id\n"
    assert safely(given) == given


def test_nothing_is_given_back_ahead_of_a_directory_that_env_makes_absolute() -> None:
    for setting, given_back in (("ENV D=/srv", ""), ("ARG D=/srv", "WORKDIR /\n"), ("ENV D=srv", "WORKDIR /\n")):
        text = f"FROM debian:12\n{setting}\nRUN cd /opt && make\nWORKDIR $D\nCMD a\n"
        assert safely(text) == text.replace("RUN cd /opt && make\n", f"WORKDIR /opt\nRUN make\n{given_back}")
