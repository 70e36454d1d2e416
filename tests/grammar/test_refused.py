"""What BuildKit refuses: each row of refused.json was put to it (dockerfile 1.26) and holds its line and words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from grammar_helpers import names

from dlinter_grammar.dockerfile import parse
from dlinter_grammar.problems import PROBLEMS

ROWS = json.loads(Path(__file__).with_name("refused.json").read_text("utf-8"))
LEVELS = ["parser", "instruction", "dispatch"]


@pytest.mark.parametrize(("name", "text", "located", "line", "message", "suggestion"), ROWS)
def test_refused(name: str, text: str, located: str, line: int, message: str, suggestion: str | None) -> None:
    problems = parse(text).problems
    level = PROBLEMS[name][1]
    ranks = [LEVELS.index(problem.level) for problem in problems]
    assert ranks == sorted(ranks)
    assert problems[0].level == level, "BuildKit reports the lowest level first"
    [found] = [problem for problem in problems if problem.message == message]
    assert (found.name, found.level, found.line, found.suggestion) == (name, level, line, suggestion)
    assert text[found.start : found.end] == located
    if level != "dispatch":
        assert problems[0] is found


def test_every_kind_of_problem_is_covered() -> None:
    covered = {row[0] for row in ROWS}
    assert covered | {"line-too-long", "invalid-heredoc-name"} == set(PROBLEMS)


def test_codes_are_unique_and_tell_the_level() -> None:
    codes = [code for code, _, _, _ in PROBLEMS.values()]
    assert len(set(codes)) == len(codes)
    for code, level, title, explanation in PROBLEMS.values():
        assert code[:4] == f"DL1{LEVELS.index(level) + 1}"
        assert title and explanation.endswith(".")
        assert not title.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "RUN",
        "RUN []",
        "CMD",
        "CMD []",
        "ENTRYPOINT []",
        "RUN -x --y z",
        "RUN echo --mount=x",
        "COPY a b --link",
        "COPY --link=TRUE a b",
        "COPY --link=false a b",
        "COPY --from= a b",
        "COPY --exclude=a --exclude=b c d",
        "ARG --x a",
        "STOPSIGNAL --x 9",
        "HEALTHCHECK --x NONE",
        "HEALTHCHECK none",
        "HEALTHCHECK --interval=0 --retries= CMD x",
        "ONBUILD FOO x",
        "ONBUILD COPY x",
        "ONBUILD RUN --foo x",
        "EXPOSE 80/ 1-2/TCP 1.2.3.4:80:80 [::1]:1:2 ::1:1:2 65535 0 8080-8090:80",
        "EXPOSE $PORT $A/tcp",
        "STOPSIGNAL -1",
        "STOPSIGNAL sigterm",
        "STOPSIGNAL RTMAX-14",
        "STOPSIGNAL $S",
        "COPY --chmod=u=rwX,go=rX a b",
        "COPY --chmod=07777 a b",
        "COPY --chmod=$M a b",
        "COPY --chmod=a+x-w=r a b",
        "ADD https://x/y.git?ref=a&keep-git-dir=1&submodules /z",
        "ADD http://x/y /z",
        "COPY github.com/a/b /z",
        "COPY ./a.git:b /z",
        "COPY --from=scratch a b",
        "COPY --from=context a b",
        "COPY --from=00 a b",
        "RUN --mount=type=secret,id=a,required y",
        "RUN --mount=type=$T,required,size=5 y",
        "RUN --mount=type=tmpfs,target=/x,size=1.5gib y",
        "RUN --mount=type=cache,target=/x,mode=0755,uid=1,gid=1,sharing=Locked,id=q y",
        "RUN --mount=target=/a/.. y",
        "RUN --mount=from=0,target=/x y",
        'RUN --mount="type=bind,target=/x" y',
        "RUN --mount=from=a$,target=/x y",
        "ENV a=$ b=$. c=$(d) e=${x:-y} f=${x#a\\*} g=${x//a/b} h=${x?no} i='${'",
        "ENV a='b\"c' d=\"e'f\"",
        'LABEL a=b\\"',
        "VOLUME $v",
        "COPY <<'E' /x\n${}\nE",
        "COPY <<E /x\n'${a}\"\nE",
        "WORKDIR /a b",
    ],
)
def test_accepted(text: str) -> None:
    first = "FROM a\nFROM b\n" if "--from=00" in text else "FROM a\n"
    assert names(parse(first + text + "\n")) == []
