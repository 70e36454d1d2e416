"""Hovers: everything that a Dockerfile is made of says what it is."""

from __future__ import annotations

import pytest
from features_helpers import TODAY, WEB, at, place

from dlinter.check_directive import CHECKS
from dlinter.facts.scopes import PREDEFINED
from dlinter.server.features.hover import hover
from dlinter.server.features.prose import checks, flags, instructions, mounts, variables
from dlinter.settings import DEFAULTS, FileSettings
from dlinter.tree import Dockerfile
from dlinter_grammar.instructions import ARGUMENTS
from dlinter_grammar.mounts import KEYS
from dlinter_grammar.mounts import TYPES as MOUNT_TYPES


def said(text: str, settings: FileSettings = DEFAULTS) -> str:
    file, offset = at(text, settings)
    found = hover(file, offset, TODAY)
    return "" if found is None else found.text


def over(marker: str, number: int = 0) -> str:
    """What is said of occurrence *number* of *marker* in the example."""
    offset = place(WEB, marker, number)
    found = hover(Dockerfile(WEB), offset, TODAY)
    assert found is not None and found.start <= offset < found.end
    return found.text


def test_every_instruction_flag_mount_and_check_has_a_text() -> None:
    assert set(instructions.INSTRUCTIONS) == set(ARGUMENTS)
    assert set(checks.CHECKS) == CHECKS
    assert set(mounts.TYPES) == set(MOUNT_TYPES)
    assert set(mounts.OPTIONS) | set(mounts.ALIASES) == set(KEYS)
    assert set(PREDEFINED) <= set(variables.PREDEFINED)


@pytest.mark.parametrize("keyword", sorted(ARGUMENTS))
def test_an_instruction_says_how_it_is_written(keyword: str) -> None:
    text = said(f"FROM scratch\n{keyword.upper()[:2]}|{keyword.upper()[2:]} x")
    assert f"[{keyword.upper()}](https://docs.docker.com/reference/dockerfile/#" in text
    assert text.startswith(f"```dockerfile\n{keyword.upper()}")


@pytest.mark.parametrize(("keyword", "name"), [(key, name) for key, each in flags.FLAGS.items() for name in each])
def test_a_flag_says_what_it_does(keyword: str, name: str) -> None:
    text = said(f"FROM scratch\n{keyword.upper()} --{name[:1]}|{name[1:]}=x y z")
    assert flags.FLAGS[keyword][name].text in text


@pytest.mark.parametrize("key", KEYS)
def test_a_mount_option_says_what_it_does(key: str) -> None:
    text = said(f"FROM scratch\nRUN --mount=type=cache,{key[:1]}|{key[1:]}=x true")
    assert mounts.OPTIONS[mounts.ALIASES.get(key, key)].text in text


def test_an_option_that_the_type_does_not_take() -> None:
    assert "Not for `type=bind`" in said("FROM scratch\nRUN --mount=type=bind,sha|ring=locked true")


def test_values_of_flags() -> None:
    assert "No network" in said("FROM x\nRUN --network=no|ne make")
    assert "lasts from build to build" in said("FROM x\nRUN --mount=type=ca|che,target=/x make")
    assert "64-bit ARM" in said("FROM --platform=linux/arm|64 x")
    assert "machine that builds" in said("FROM --platform=$BUILD|PLATFORM x")


def test_a_variable_says_its_value_and_where_it_comes_from() -> None:
    assert over("${PYTHON}") == (
        "`PYTHON` = `3.12`\n\nFrom ARG in line 2, before the first FROM; `--build-arg PYTHON=…` replaces it."
    )
    assert over("$APP_HOME") == "`APP_HOME` = `/srv/app`\n\nSet by ENV in line 5."
    assert over("APP_HOME}").startswith("`APP_HOME` = `/srv/app`")
    assert over("package in") == "`package`: a variable of this script."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM alpine\nRUN echo $NO|PE", "not set here"),
        ("FROM example.com/unknown\nRUN echo $NO|PE", "the base image may set it"),
        ("ARG V=1\nFROM alpine\nRUN echo $|V", "needs `ARG V` in this stage"),
        ("FROM alpine\nARG V=1\nFROM img:$|V", "FROM sees only ARGs that stand before the first FROM"),
        ("FROM alpine\nARG V\nRUN echo ${|V}", "without a default"),
        ("FROM alpine\nARG V=1\nCMD echo $|V", "not set in the container"),
        ("FROM python:3.12\nRUN echo $PYTHON_VER|SION", "Set by the base image `python:3.12`"),
        ("FROM alpine\nARG TARGETARCH\nRUN echo $TARGET|ARCH", "architecture of the result"),
        ("FROM alpine\nRUN --mount=type=secret,id=t,env=TOKEN echo $TOK|EN", "which a secret gives"),
        ("FROM alpine\nARG V=1\nENV W=$V$UNKNOWN\nRUN echo $|W", "`W` = `1`"),
    ],
)
def test_where_a_variable_comes_from(text: str, expected: str) -> None:
    assert expected in said(text)


def test_a_value_given_from_outside() -> None:
    settings = FileSettings(build_args={"V": "9"})
    assert said("ARG V=1\nFROM img:${|V}", settings).startswith("`V` = `9`\n\nGiven from outside")


def test_a_stage_says_what_it_is_built_on_and_who_uses_it() -> None:
    assert over("base AS wheels") == (
        "```dockerfile\nFROM python:${PYTHON}-slim AS base\n```\n\n"
        "Stage 0, base `python:3.12-slim` (Debian 13 trixie).\n\nUsed by: FROM in line 9, FROM in line 18."
    )
    assert "Used by: COPY --from in line 19, COPY --from in line 20." in over("wheels ${APP")
    assert over("1 /etc/pip.conf").startswith("```dockerfile\nFROM base AS wheels")


def test_a_stage_that_nothing_needs() -> None:
    assert "**Nothing that is built needs it.**" in said("FROM a AS on|e\nFROM b")


def test_an_image_says_its_system_and_its_end() -> None:
    text = said("FROM debian:bus|ter-slim")
    assert "System: Debian 10 buster" in text and "`apt-get`" in text
    assert "**Debian buster has had no security updates since 2024-06-30.**" in text
    assert "[debian](https://hub.docker.com/_/debian)" in text


def test_an_image_that_is_still_looked_after() -> None:
    assert "python 3.12 gets security updates until 2028-10-31" in said("FROM pyth|on:3.12")
    assert said("FROM scra|tch") == "The empty image: no files, no shell, no variables."


def test_images_beside_from() -> None:
    assert "Official image `alpine`" in said("FROM scratch\nCOPY --from=alpi|ne:3.20 /etc/passwd /etc/")
    assert "until 2026-04-01" not in said("FROM scratch\nCOPY --from=alpi|ne:3.20 /etc/passwd /etc/")
    assert "since 2026-04-01" in said("FROM scratch\nCOPY --from=alpi|ne:3.20 /etc/passwd /etc/")
    assert "until 2026-11-01" in said("FROM scratch\nRUN --mount=from=alpi|ne:3.21,target=/x true")
    assert "Official image `golang`" in said("FROM scratch\nRUN --mount=from=gol|ang:1.22,target=/go true")
    assert "Image `docker/dockerfile`" in said("# syntax=docker/docker|file:1\nFROM x")


@pytest.mark.parametrize(
    "comment", ["# dlint ignore=|DL3008", "# hadolint ignore=SC2086,DL30|08", "#dlint: ignore=DL3008|"]
)
def test_a_rule_in_a_comment(comment: str) -> None:
    assert said(f"FROM x\n{comment}\nRUN y").startswith("**DL3008** `")


def test_a_check_in_a_directive() -> None:
    for text in ("# check=skip=JSONArgs|Recommended\nFROM x", "FROM x\n# check=skip=JSONArgs|Recommended\nCMD y"):
        assert "(https://docs.docker.com/reference/build-checks/json-args-recommended/)" in said(text)
    assert "stops the build" in said("# check=skip=A;err|or=true\nFROM x")


def test_small_things() -> None:
    assert "PostgreSQL" in said("FROM x\nEXPOSE 54|32")
    assert "nginx" in said("FROM x\nSTOPSIGNAL SIG|QUIT")
    assert "licences" in said("FROM x\nLABEL org.opencontainers.image.lic|enses=MIT")
    assert "heredoc of 2 lines" in said("FROM x\nCOPY <|<EOF /x\na\nb\nEOF\n")
    assert said("FROM x\nWORKDIR /a\nWORKDIR |b") == "The directory from here on: `/a/b`"
    assert "Switches off" in said("FROM x\nHEALTHCHECK NO|NE")


@pytest.mark.parametrize("text", ["|", "\n|\n", "FROM x\n# a |comment\nRUN y", "FROM x\nRUN ec|ho hi", "nonse|nse"])
def test_nothing_to_say(text: str) -> None:
    assert said(text) == ""
