"""What intricate files amount to: stages, variables and effective state, worked out by hand and run with BuildKit."""

from __future__ import annotations

import pytest

from dlinter.settings import DEFAULTS, FileSettings
from dlinter.tree import Dockerfile, Instruction, Stage

CLOSED = FileSettings(closed=True)


def load(text: str, settings: FileSettings = DEFAULTS) -> Dockerfile:
    return Dockerfile(text, settings=settings)


def at(file: Dockerfile, line: int) -> Instruction:
    return next(i for i in file.instructions if i.line == line)


def value(file: Dockerfile, name: str, place: Instruction | Stage) -> str | None:
    return file.facts.env(place).get(name, "unset")


def test_scopes_of_a_release_build() -> None:
    file = load(
        "ARG GO=1.22\n"
        "ARG BASE=golang:${GO}-alpine\n"
        "FROM ${BASE} AS deps\n"
        "ARG GO\n"
        "ENV CGO=0 NAME=app-$GO\n"
        "FROM deps AS build\n"
        "ARG VERSION=dev\n"
        "ENV NAME=$NAME-$VERSION VERSION=v$VERSION\n"
        "RUN go build\n"
        "FROM scratch\n"
        "COPY --from=build /app /\n"
    )
    facts = file.facts
    deps, build, final = file.stages
    assert facts.base_name(deps) == "golang:1.22-alpine"
    assert (facts.parent(build), facts.parent(deps), facts.parent(final)) == (deps, None, None)
    assert value(file, "NAME", deps) == "app-1.22"
    assert value(file, "NAME", at(file, 8)) == "app-1.22"
    assert value(file, "VERSION", at(file, 8)) == "dev"
    # both pairs see what was before the instruction
    assert value(file, "NAME", build) == "app-1.22-dev"
    assert value(file, "VERSION", build) == "vdev"
    origins = {n: v.origin for n in ("GO", "CGO", "VERSION", "PATH") if (v := facts.variable(n, build)) is not None}
    assert origins == {"GO": "global", "CGO": "env", "VERSION": "env", "PATH": "image"}
    assert value(file, "NAME", final) == "unset"
    assert facts.variable("PATH", final).origin == "builder"  # type: ignore[union-attr]


def test_where_a_variable_comes_from() -> None:
    settings = FileSettings(build_args={"B": "given", "G": "outside"})
    file = load(
        "ARG G=1\nARG H=$G\nFROM scratch\nARG A=1\nARG B=2\nARG G\nARG H\nARG TARGETARCH\nARG N\nENV A=3\n", settings
    )
    stage = file.stages[0]
    found = {name: file.facts.variable(name, stage) for name in "ABGHN"}
    assert {n: (v.value, v.origin) for n, v in found.items() if v is not None} == {
        "A": ("3", "env"),
        "B": ("given", "build-arg"),
        "G": ("outside", "build-arg"),
        "H": ("outside", "global"),
        "N": (None, "arg"),
    }
    arch = file.facts.variable("TARGETARCH", stage)
    assert arch is not None and (arch.value, arch.origin) == (None, "predefined")
    assert found["A"].node.start == file.text.index("A=3")  # type: ignore[union-attr]
    assert found["H"].node.start == file.text.index("H=$G")  # type: ignore[union-attr]


def test_predefined_arguments() -> None:
    settings = FileSettings(platform="linux/arm64/v8")
    file = load(
        "FROM --platform=$BUILDPLATFORM a:$TARGETARCH AS x\nARG TARGETVARIANT\nFROM b:$TARGETSTAGE AS Last\n", settings
    )
    assert file.facts.base_name(file.stages[0]) == "a:arm64"
    assert file.facts.base_name(file.stages[1]) == "b:last"
    assert value(file, "TARGETVARIANT", file.stages[0]) == "v8"
    assert value(file, "TARGETARCH", file.stages[0]) == "unset"
    assert load("FROM a:$TARGETARCH\n").facts.base(load("FROM a:$TARGETARCH\n").stages[0]) is None


def test_unknown_stays_unknown() -> None:
    file = load("FROM example.com/base\nARG A\nENV B=x$A C=$NEVER D=${E:-d} F=$PATH G=known\nWORKDIR $A\nWORKDIR sub\n")
    stage = file.stages[0]
    assert [value(file, name, stage) for name in "ABCDFG"] == [None, None, None, None, None, "known"]
    assert file.facts.workdir(stage) is None and not file.facts.complete(stage)
    closed = load(file.text, CLOSED)
    assert [value(closed, name, closed.stages[0]) for name in "ABCDG"] == ["unset", "x", "", "d", "known"]
    assert closed.facts.complete(closed.stages[0])


def test_what_a_known_base_image_sets() -> None:
    file = load("FROM golang:1.22\nWORKDIR $GOPATH/src\nWORKDIR $GOROOT\n")
    facts = file.facts
    assert facts.expand(at(file, 2).args[0], at(file, 2)).value == "/go/src"
    assert facts.expand(at(file, 3).args[0], at(file, 3)).unset == ("GOROOT",)
    assert facts.variable("GOPATH", at(file, 2)).origin == "image"  # type: ignore[union-attr]
    assert facts.workdir(at(file, 2)) is None and facts.workdir(at(file, 2), base=True) == "/go"
    assert facts.user(at(file, 2)) == "root"
    assert facts.image(file.stages[0]).family == "debian"  # type: ignore[union-attr]


def test_pairs_of_an_argument_see_the_ones_before() -> None:
    file = load("FROM scratch\nARG A=1 B=$A C=$D D=2\nENV A=9 E=$A\n", CLOSED)
    stage = file.stages[0]
    assert [value(file, name, stage) for name in "ABCDE"] == ["9", "1", "", "2", "1"]


def test_an_argument_does_not_undo_env() -> None:
    file = load("ARG A=global\nFROM scratch\nENV A=env\nARG B=$A\nARG A\nARG C=$A\n", CLOSED)
    stage = file.stages[0]
    assert [value(file, name, stage) for name in "ABC"] == ["global", "env", "global"]


def test_names_are_looked_up_where_they_stand() -> None:
    file = load("FROM scratch\nENV A=1\nENV \"K$A\"=$A L='$A' M=\\$A\nENV A=2\nUSER $A\nENV A=$A$A\n")
    stage = file.stages[0]
    assert {name: value(file, name, stage) for name in ("A", "K1", "L", "M")} == {
        "A": "22",
        "K1": "1",
        "L": "$A",
        "M": "$A",
    }
    assert file.facts.user(stage) == "2"


def test_triggers_run_in_the_child() -> None:
    file = load(
        "FROM scratch AS tools\nENV T=1\n"
        "FROM scratch AS base\nARG B=0\nONBUILD ENV MODE=child B=$B\nONBUILD ARG EXTRA=$B\n"
        "ONBUILD COPY --from=tools /t /t\n"
        "FROM base AS one\nENV SEEN=$MODE$EXTRA\n"
        "FROM one\n"
    )
    tools, base, one, last = file.stages
    assert value(file, "MODE", base) == "unset"
    assert (value(file, "MODE", one), value(file, "SEEN", one), value(file, "SEEN", last)) == (
        "child",
        "child0",
        "child0",
    )
    assert [need.stage for need in file.facts.graph.needs(one)] == [base, tools]
    assert [need.stage for need in file.facts.graph.needs(last)] == [one]
    assert file.facts.graph.reached(tools)


def test_stages_found_by_name_and_number() -> None:
    file = load(
        "FROM a AS Build\nFROM b AS test\n"
        "COPY --from=BUILD /x /\nCOPY --from=0 /y /\nCOPY --from=debian:12 /z /\n"
        "RUN --mount=type=bind,from=build,target=/m x\n"
        "RUN --mount=type=cache,target=/c --mount=from=0,target=/n x\n"
        "FROM build\nFROM Build\n"
    )
    build, test, third, fourth = file.stages
    needs = file.facts.graph.needs(test)
    assert [(n.kind, n.name, n.stage) for n in needs] == [
        ("from", "b", None), ("copy", "BUILD", build), ("copy", "0", build), ("copy", "debian:12", None),
        ("mount", "build", build), ("mount", "0", None),
    ]  # fmt: skip
    assert needs[1].token.text == "BUILD" and not needs[1].late
    # FROM finds a stage in lower case only
    assert (file.facts.parent(third), file.facts.parent(fourth)) == (build, None)
    assert file.facts.graph.find("+0") is build and file.facts.graph.find("-1") is None


def test_the_last_of_a_name_is_meant() -> None:
    file = load("FROM a AS s\nFROM s AS t\nFROM b AS s\nCOPY --from=s /x /\nFROM s\nCOPY --from=S /x /\n")
    one, two, three, four = file.stages
    assert (file.facts.parent(two), file.facts.parent(four)) == (one, three)
    assert [(n.user, n.stage) for n in file.facts.graph.late()] == [(three, three)]
    assert [n.stage for n in file.facts.graph.needs(four)] == [three, three]


def test_what_is_built() -> None:
    text = (
        "FROM a AS base\nFROM base AS dev\nRUN x\nFROM base AS build\nRUN y\nFROM a AS lint\nCOPY --from=dev /x /\n"
        "FROM scratch AS docs\nFROM scratch AS release\nCOPY --from=build /app /\n"
    )
    file = load(text)
    base, dev, build, lint, docs, release = file.stages
    graph = file.facts.graph
    assert graph.targets == [release]
    assert graph.unreached() == [dev, lint, docs]
    assert graph.unused() == [lint, docs]
    assert [stage for stage in file.stages if graph.ships(stage)] == [release]
    assert (graph.descendants(base), graph.children(base)) == ([dev, build], [dev, build])
    assert [need.user for need in graph.used_by(base)] == [dev, build]
    both = load(text, FileSettings(targets=["DEV", "5"]))
    base, dev, build, lint, docs, release = both.stages
    assert both.facts.graph.unreached() == [lint, docs]
    assert [stage for stage in both.stages if both.facts.ships(stage)] == [base, dev, release]


def test_circles_and_late_references() -> None:
    file = load("FROM a AS x\nCOPY --from=y /1 /\nFROM a AS y\nCOPY --from=x /2 /\nFROM a AS z\nCOPY --from=z /3 /\n")
    graph = file.facts.graph
    assert [[need.name for need in circle] for circle in graph.circles()] == [["y", "x"], ["z"]]
    assert [(need.user.name, need.name) for need in graph.late()] == [("x", "y"), ("z", "z")]
    assert load("FROM a AS x\nFROM x\nCOPY --from=x /1 /\n").facts.graph.circles() == []


def test_named_contexts_replace_stages() -> None:
    text = "FROM a AS tools\nCOPY --from=early /x /\nFROM scratch AS early\nFROM b\nCOPY --from=tools /x /\n"
    file = load(text, FileSettings(contexts=["tools"]))
    tools, early, _ = file.stages
    assert file.facts.graph.replaced(tools) and not file.facts.graph.replaced(early)
    assert not file.facts.graph.reached(early)
    assert load(text).facts.graph.reached(load(text).stages[1])


def test_arguments_name_stages() -> None:
    text = (
        "ARG WITH=full\nARG FROM_STAGE=with-$WITH\n"
        "FROM scratch AS with-full\nFROM scratch AS with-less\nFROM $FROM_STAGE AS out\n"
    )
    file = load(text)
    assert file.facts.parent(file.stages[2]) is file.stages[0]
    file = load(text, FileSettings(build_args={"WITH": "less"}))
    assert file.facts.parent(file.stages[2]) is file.stages[1]


def test_working_directory() -> None:
    file = load(
        "FROM node:20 AS a\nWORKDIR /srv/./app/\nWORKDIR ../lib\nENV SUB=x\n"
        'FROM a AS b\nWORKDIR $SUB/y\nWORKDIR "q r"\n'
        "FROM scratch AS c\nWORKDIR one\nWORKDIR ../../two\nFROM node:20\nWORKDIR rel\n"
    )
    facts = file.facts
    _, b, _, d = file.stages
    assert [facts.workdir(stage) for stage in file.stages] == ["/srv/lib", "/srv/lib/x/y/q r", "/two", None]
    assert facts.workdir(d, base=True) == "/rel"
    assert [facts.workdir(i) for i in b.instructions] == ["/srv/lib", "/srv/lib", "/srv/lib/x/y"]
    assert facts.workdir(at(file, 3)) == "/srv/app"


def test_command_and_entrypoint() -> None:
    file = load(
        'FROM nginx AS base\nCMD ["base"]\n'
        'FROM base AS kept\nENTRYPOINT ["x"]\n'
        'FROM base AS own\nCMD ["own"]\nENTRYPOINT ["y"]\nENTRYPOINT ["z"]\n'
        "FROM own AS plain\nUSER app\n"
        'FROM plain AS again\nENTRYPOINT ["w"]\nCMD ["again"]\n'
    )
    facts = file.facts
    words = [[w.value for w in i.args] if (i := facts.cmd(stage)) is not None else None for stage in file.stages]
    # an ENTRYPOINT throws away a CMD that is not its stage's own
    assert words == [["base"], None, ["own"], ["own"], ["again"]]
    starts = [facts.entrypoint(stage) for stage in file.stages]
    assert [None if i is None else i.args[0].value for i in starts] == [None, "x", "z", "z", "w"]
    assert facts.cmd(at(file, 8)) is at(file, 6)
    assert facts.healthcheck(file.stages[0]) is None


def test_shell_follows_the_chain() -> None:
    file = load(
        'FROM debian:12 AS a\nRUN x\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN y\nFROM a AS b\nRUN z\n'
        "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022 AS w\nRUN dir\n"
        "FROM --platform=windows/amd64 example.com/x\nRUN dir\n"
    )
    facts = file.facts
    assert [facts.dialect(at(file, line)) for line in (2, 4, 6, 8, 10)] == ["sh", "bash", "bash", "cmd", "cmd"]
    assert facts.has_shell(at(file, 6)) and not facts.has_shell(at(file, 2))
    assert [facts.windows(stage) for stage in file.stages] == [False, False, True, True]


def test_metadata_of_the_image() -> None:
    file = load(
        'FROM scratch AS a\nARG P=9000\nEXPOSE 80 443/TCP $P/udp\nLABEL a=1 b=$P c\\ d="x y"\nVOLUME /data $P\n'
        'FROM a\nEXPOSE 80/tcp 8000-8002 9:90\nLABEL a=2\nLABEL "e" f\nVOLUME ["/data", "/v w"]\nHEALTHCHECK NONE\n'
    )
    facts = file.facts
    stage = file.stages[1]
    assert list(facts.ports(stage)) == ["80/tcp", "443/tcp", "9000/udp", "8000-8002/tcp", "90/tcp"]
    assert facts.ports(stage)["80/tcp"].line == 3
    assert {key: value for key, (value, _) in facts.labels(stage).items()} == {
        "a": "2", "b": "9000", "c d": "x y", "e": "f",
    }  # fmt: skip
    assert list(facts.volumes(stage)) == ["/data", "9000", "/v w"]
    assert facts.labels(stage)["a"][1].start == file.text.index("a=2")
    assert facts.healthcheck(stage) is at(file, 11)
    assert facts.ports(at(file, 3)) == {}


def test_user() -> None:
    file = load("FROM scratch AS a\nARG U=app\nUSER $U:$G\nRUN x\nUSER ${NOBODY:-65534}\nFROM a\nRUN y\n", CLOSED)
    assert [file.facts.user(at(file, line)) for line in (3, 4, 7)] == ["root", "app:", "65534"]
    assert load("FROM example.com/x\nRUN x\n").facts.user(load("FROM example.com/x\nRUN x\n").stages[0]) is None


def test_words_that_are_expanded() -> None:
    file = load(
        "ARG I=debian\n"
        "FROM --platform=$BUILDPLATFORM $I AS x\n"
        "ENV A=a\n"
        "COPY --chown=$A --from=$A --chmod=$A $A 'b$A' /$A\n"
        "RUN --mount=type=cache,id=$A,from=$A,target=/$A echo $A\n"
        'COPY <<EOF <<"RAW" /\n$A "$A"\nEOF\n$A\nRAW\n'
        "CMD echo $A\n"
        'ADD ["$A", "x y"]\n'
        "EXPOSE $A/tcp 9\n",
        CLOSED,
    )
    lines = [i.line for i in file.instructions[1:]]
    found = {line: [(e.part, e.result.value) for e in file.facts.expansions(at(file, line))] for line in lines}
    assert found == {
        2: [("argument", "debian"), ("--platform", None)],
        3: [("key", "A"), ("value", "a")],
        4: [("--chown", "a"), ("--chmod", "a"), ("argument", "a"), ("argument", "b$A"), ("argument", "/a")],
        5: [("--mount", "cache"), ("--mount", "a"), ("--mount", "/a")],
        6: [("argument", "/"), ("heredoc", 'a "a"\n')],
        11: [],
        12: [("argument", "a"), ("argument", "x y")],
        13: [("argument", "a/tcp"), ("argument", "9")],
    }


@pytest.mark.parametrize(
    ("word", "written"),
    [("$A", "$A"), ("x${A:-b}y", "${A:-b}"), ('"$A"', "$A"), ("a\\\n$A", "a$A")],
)
def test_where_a_reference_stands(word: str, written: str) -> None:
    file = load(f"FROM scratch\nUSER {word}\n", CLOSED)
    expansion = next(file.facts.expansions(at(file, 2)))
    reference = expansion.result.references[0]
    found = expansion.span(reference.start, reference.end)
    assert found.text == written
    assert file.text[found.start : found.end].replace("\\\n", "") == written


def test_values_that_grow_without_end_are_unknown() -> None:
    file = load("FROM scratch\nENV A=xx\n" + "ENV A=$A$A\n" * 64)
    assert value(file, "A", file.stages[0]) is None


def test_a_long_chain_is_no_trouble() -> None:
    count = 3000
    text = "FROM scratch AS s0\nENV A=1\n" + "".join(f"FROM s{i} AS s{i + 1}\nWORKDIR a\n" for i in range(count))
    file = load(text)
    last = file.stages[-1]
    assert value(file, "A", last) == "1"
    assert file.facts.scratch(last) and file.facts.ships(file.stages[0])


def test_broken_files_have_facts_too() -> None:
    for text in (
        "",
        "RUN x\n",
        "FROM\n",
        "FROM a AS\nCOPY --from= x y\n",
        "ARG\nENV\nFROM $\n",
        "FROM a b c d\nUSER\nWORKDIR\n",
    ):
        file = load(text)
        facts = file.facts
        for stage in file.stages:
            assert facts.workdir(stage) is None or facts.workdir(stage)
            facts.user(stage), facts.cmd(stage), facts.labels(stage), facts.ports(stage), facts.windows(stage)
            list(facts.env(stage)), facts.graph.needs(stage)
        for instruction in file.instructions:
            list(facts.expansions(instruction)), facts.shell(instruction), facts.env(instruction)
        assert facts.graph.circles() == [] and isinstance(facts.global_args(), dict)
