"""``cd`` against WORKDIR, and steps parted where it stood."""

from __future__ import annotations

import pytest
from proof_helpers import proof, same

HERE = "same-directory"
BORDER = "layer-border"
SRV = "FROM debian:12\nWORKDIR /srv\n"

MOVED = [
    ("RUN cd /srv && a\n", "RUN a\n"),
    ("RUN a && cd /b\n", "RUN a\n"),
    ("RUN cd b && a && cd /\n", "WORKDIR b\nRUN a\nWORKDIR /srv\n"),
    ("ENV B=/b\nRUN cd $B/c && a\n", "ENV B=/b\nWORKDIR $B/c\nRUN a\nWORKDIR /srv\n"),
    ("RUN cd /b && a && cd / && rm -rf /b\n", "WORKDIR /b\nRUN a && rm -rf /b\nWORKDIR /srv\n"),
    ("RUN apt-get install a && cd /tmp && b\n", "WORKDIR /tmp\nRUN apt-get install a && b\nWORKDIR /srv\n"),
    ("RUN apt-get install a && mkdir /b && cd /b && c\n", "WORKDIR /b\nRUN apt-get install a && c\nWORKDIR /srv\n"),
    ("RUN mkdir -p b && cd b && a\n", "WORKDIR /srv/b\nRUN a\nWORKDIR /srv\n"),
    ("RUN cd /b && a\nRUN cd /b && c\nRUN cd /d && e\n", "WORKDIR /b\nRUN a\nRUN c\nWORKDIR /d\nRUN e\nWORKDIR /srv\n"),
    ("RUN cd /b && apt-get update && a\n", "WORKDIR /b\nRUN apt-get update && a\nWORKDIR /srv\n"),
]
MOVED += [
    ("RUN for i in a b; do c $i; done && cd /srv && d\n", "RUN for i in a b; do c $i; done && d\n"),
    ("RUN (cd /b; x) && cd /srv && d\n", "RUN (cd /b; x) && d\n"),
    ("RUN cd ~ && d\n", "WORKDIR /root\nRUN d\nWORKDIR /srv\n"),
    ("ENV HOME=/x\nRUN cd ~/y && d\n", "ENV HOME=/x\nWORKDIR /x/y\nRUN d\nWORKDIR /srv\n"),
    ("RUN cd /tmp; d; e\n", "WORKDIR /tmp\nRUN d; e\nWORKDIR /srv\n"),
    ("RUN cd /srv; d && e\n", "RUN d && e\n"),
    ("RUN export A=b && cd /x && d $A\n", "WORKDIR /x\nRUN export A=b && d $A\nWORKDIR /srv\n"),
]
PARTED = [
    ("RUN a && cd /b && c\n", "RUN a\nWORKDIR /b\nRUN c\nWORKDIR /srv\n"),
    ("RUN set -ex && a && cd b && c\n", "RUN set -ex && a\nWORKDIR b\nRUN set -ex && c\nWORKDIR /srv\n"),
    ("RUN cd /b && a && cd c && d\n", "WORKDIR /b\nRUN a\nWORKDIR /b/c\nRUN d\nWORKDIR /srv\n"),
    ("RUN a && mkdir /b && cd /b && c\n", "RUN a\nWORKDIR /b\nRUN c\nWORKDIR /srv\n"),
]
#: what looks like it, and is not
WRONG = {
    "not given back": ("RUN a && cd /b && c\n", "RUN a\nWORKDIR /b\nRUN c\n"),
    "given back elsewhere": ("RUN a && cd /b && c\n", "RUN a\nWORKDIR /b\nRUN c\nWORKDIR /\n"),
    "given back in between": ("RUN cd /b && a && c\n", "WORKDIR /b\nRUN a\nWORKDIR /srv\nRUN c\n"),
    "a part elsewhere": ("RUN a && cd /b && c\n", "WORKDIR /b\nRUN a\nRUN c\nWORKDIR /srv\n"),
    "another folder": ("RUN a && cd b && c\n", "RUN a\nWORKDIR /b\nRUN c\nWORKDIR /srv\n"),
    "a part too few": ("RUN a && cd b && c\n", "WORKDIR /srv/b\nRUN c\nWORKDIR /srv\n"),
    "a part too many": ("RUN cd b && c\n", "WORKDIR /srv/b\nRUN c\nRUN d\nWORKDIR /srv\n"),
    "a variable goes on": ("RUN A=b && a && cd /b && c $A\n", "RUN A=b && a\nWORKDIR /b\nRUN c $A\nWORKDIR /srv\n"),
    "a mask goes on": ("RUN umask 077 && cd /b && c\n", "RUN umask 077\nWORKDIR /b\nRUN c\nWORKDIR /srv\n"),
    "a process goes on": (
        "RUN service a start && cd /b && c\n",
        "RUN service a start\nWORKDIR /b\nRUN c\nWORKDIR /srv\n",
    ),
    "options are lost": ("RUN set -ex && a && cd b && c\n", "RUN set -ex && a\nWORKDIR b\nRUN c\nWORKDIR /srv\n"),
    "options that go on": ("RUN set -f && a && cd b && c *\n", "RUN set -f && a\nWORKDIR b\nRUN c *\nWORKDIR /srv\n"),
    "a variable from outside": (
        "ARG B=/b\nRUN cd $B && a\n",
        "ARG B=/b\nWORKDIR $B\nRUN a\nWORKDIR /srv\n",
    ),
    "a variable of the shell": (
        "ENV B=/b\nRUN B=/c && cd $B && a\n",
        "ENV B=/b\nWORKDIR $B\nRUN B=/c && a\nWORKDIR /srv\n",
    ),
    "a value of two words": (
        'ENV B="/b c"\nRUN cd $B && a\n',
        'ENV B="/b c"\nWORKDIR $B\nRUN a\nWORKDIR /srv\n',
    ),
    "names that the shell finds": ("RUN cd /b* && a\n", "WORKDIR /b*\nRUN a\nWORKDIR /srv\n"),
    "the way in is told": ("RUN cd /b && a && cd - && c\n", "WORKDIR /b\nRUN a && cd - && c\nWORKDIR /srv\n"),
    "it is told in a part": ("RUN a && cd /b && c $PWD\n", "RUN a\nWORKDIR /b\nRUN c $PWD\nWORKDIR /srv\n"),
    "a failure that is ignored": ("RUN cd /b; a\n", "WORKDIR /b\nRUN a\nWORKDIR /srv\n"),
    "a folder that is not there yet": (
        "RUN apt-get install nginx && cd /var/www && b\n",
        "WORKDIR /var/www\nRUN apt-get install nginx && b\nWORKDIR /srv\n",
    ),
    "a folder that a package may bring": (
        "RUN apt-get install nginx && mkdir -p /var/www && cd /var/www && b\n",
        "WORKDIR /var/www\nRUN apt-get install nginx && b\nWORKDIR /srv\n",
    ),
    "a folder of others": ("USER a\nRUN mkdir /b && cd /b && c\n", "USER a\nWORKDIR /b\nRUN c\nWORKDIR /srv\n"),
    "a folder with a group": (
        "RUN mkdir /usr/local/b && cd /usr/local/b && c\n",
        "WORKDIR /usr/local/b\nRUN c\nWORKDIR /srv\n",
    ),
    "a folder whose group was set": (
        "RUN chmod g+s /a\nRUN mkdir /a/b && cd /a/b && c\n",
        "RUN chmod g+s /a\nWORKDIR /a/b\nRUN c\nWORKDIR /srv\n",
    ),
    "a folder with a mode": ("RUN mkdir -m 700 /b && cd /b && c\n", "WORKDIR /b\nRUN c\nWORKDIR /srv\n"),
    "two folders": ("RUN mkdir /b /d && cd /b && c\n", "WORKDIR /b\nRUN c\nWORKDIR /srv\n"),
    "a mount": (
        "RUN --mount=type=cache,target=/b a && cd /b && c\n",
        "RUN --mount=type=cache,target=/b a\nWORKDIR /b\nRUN --mount=type=cache,target=/b c\nWORKDIR /srv\n",
    ),
    "what looks at it is elsewhere": ("RUN cd /b && a && cd / && ls\n", "WORKDIR /b\nRUN a && ls\nWORKDIR /srv\n"),
    "a path from there": ("RUN cd /b && a && cd / && rm -rf b\n", "WORKDIR /b\nRUN a && rm -rf b\nWORKDIR /srv\n"),
    "it goes on in a folder that is gone": (
        "RUN cd /b && a && cd / && rm -rf /b && rm -rf /c\n",
        "WORKDIR /b\nRUN a && rm -rf /b && rm -rf /c\nWORKDIR /srv\n",
    ),
    "the next step begins in a folder that is gone": (
        "RUN cd /b && a && cd / && rm -rf /b\nRUN cd /c && d\n",
        "WORKDIR /b\nRUN a && rm -rf /b\nRUN cd /c && d\n",
    ),
    "cd to a folder that is not that of the step": ("RUN cd /b && a\n", "RUN a\n"),
    "a folder that nobody entered": ("RUN cd /b && a\n", "WORKDIR /b\nRUN a && cd /c\nWORKDIR /srv\n"),
    "a list that goes elsewhere": ("RUN { cd /b; } && a && cd /srv && d\n", "RUN { cd /b; } && a && d\n"),
    "a script that goes elsewhere": ("RUN . ./x && cd /srv && d\n", "RUN . ./x && d\n"),
    "a loop that goes elsewhere": (
        "RUN for i in a b; do cd $i; done && cd /srv && d\n",
        "RUN for i in a b; do cd $i; done && d\n",
    ),
    "the home of another": ("USER a\nRUN cd ~ && d\n", "USER a\nWORKDIR /root\nRUN d\nWORKDIR /srv\n"),
    "no home": ("RUN cd '~' && d\n", "WORKDIR /root\nRUN d\nWORKDIR /srv\n"),
    "another home": ("RUN HOME=/x && cd ~ && d\n", "WORKDIR /root\nRUN HOME=/x && d\nWORKDIR /srv\n"),
    "a failure of cd that is ignored": ("RUN cd /a; d && e\n", "WORKDIR /a\nRUN d && e\nWORKDIR /srv\n"),
    "cd in the background": ("RUN cd /tmp & d\n", "WORKDIR /tmp\nRUN d\nWORKDIR /srv\n"),
    "a folder that a substitution may make": (
        "RUN export A=$(b) && cd /x && d $A\n",
        "WORKDIR /x\nRUN export A=$(b) && d $A\nWORKDIR /srv\n",
    ),
    "a folder that an element may make": (
        "RUN A=b && touch c && cd /x && d $A\n",
        "WORKDIR /x\nRUN A=b && touch c && d $A\nWORKDIR /srv\n",
    ),
    "an element of its own": ("RUN cd /b && a && c\n", "WORKDIR /b\nRUN a\nWORKDIR /srv\n"),
}


@pytest.mark.parametrize(("before", "after"), MOVED)
def test_where_commands_run_may_be_said_by_workdir(before: str, after: str) -> None:
    same(before, after, HERE, base=SRV)
    assert not proof(before, after, BORDER, base=SRV)


@pytest.mark.parametrize(("before", "after"), PARTED)
def test_a_step_may_be_parted_where_it_moves(before: str, after: str) -> None:
    same(before, after, HERE, BORDER, base=SRV)
    assert not proof(before, after, HERE, base=SRV)


@pytest.mark.parametrize(("before", "after"), WRONG.values(), ids=WRONG.keys())
def test_it_is_another_build(before: str, after: str) -> None:
    assert not proof(before, after, HERE, BORDER, base=SRV)


@pytest.mark.parametrize(
    ("image", "place"),
    [("golang:1.22", "/go"), ("php:8-fpm", "/var/www/html"), ("php:8-cli", "/"), ("redis", "/data"), ("maven:3", "/")],
)
def test_images_that_begin_where_it_is_known(image: str, place: str) -> None:
    before, after = "RUN cd /b && a\nRUN c\n", f"WORKDIR /b\nRUN a\nWORKDIR {place}\nRUN c\n"
    assert proof(before, after, HERE, base=f"FROM {image}\n")
    assert not proof(before, after, HERE, base="FROM golang:1.4-onbuild\n")
    assert not proof(before, after.replace(f"WORKDIR {place}\n", "WORKDIR /opt\n"), HERE, base=f"FROM {image}\n")


def test_what_a_step_makes_belongs_to_the_user_of_the_image() -> None:
    before, after = "RUN mkdir /b && cd /b && a\n", "WORKDIR /b\nRUN a\nWORKDIR /srv\n"
    assert proof(before, after, HERE, base=SRV)
    assert not proof(before, after, HERE, base="FROM example.com/a\nWORKDIR /srv\n")
    assert proof(before, after, HERE, base="FROM example.com/a\nUSER root\nWORKDIR /srv\n")
