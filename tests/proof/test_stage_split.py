"""A build in one stage and the same in two: what the purpose admits, and all that it does not."""

from __future__ import annotations

import pytest

from dlinter.proof import prove

STATIC = "option-of-user:stage-split=gcr.io/distroless/static-debian12"
CGO = "option-of-user:instruction-added=ENV CGO_ENABLED=0"
BUILD = "FROM golang:1.22{name}\nWORKDIR /src\nENV GOFLAGS=-mod=mod\nCOPY . .\nRUN go build -o /bin/app ./cmd/app\n"
ONE = BUILD.format(name="")
TWO = BUILD.format(name=" AS build") + "FROM gcr.io/distroless/static-debian12\n"
COPY = "COPY --from=build /bin/app /bin/app\n"
TAIL = 'ENV MODE=fast\nEXPOSE 8080/udp\nLABEL a=b\nUSER 1000\nSTOPSIGNAL SIGINT\nCMD ["/bin/app", "-v"]\n'
BEFORE = ONE + TAIL
AFTER = TWO + "WORKDIR /src\n" + COPY + TAIL


def test_a_split_is_the_same_build() -> None:
    assert prove(BEFORE, AFTER, [STATIC]).used == [STATIC]


def test_a_variable_is_named_by_another_purpose() -> None:
    after = AFTER.replace("RUN go", "ENV CGO_ENABLED=0\nRUN go")
    assert not prove(BEFORE, after, [STATIC])
    assert prove(BEFORE, after, [STATIC, CGO])


def test_it_takes_its_name() -> None:
    assert not prove(BEFORE, AFTER)
    assert not prove(BEFORE, AFTER, ["option-of-user:stage-split=alpine"])
    assert not prove(BEFORE, AFTER.replace("static-debian12", "base-debian12"), [STATIC])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\nENV MODE=fast\nEXPOSE", "\nEXPOSE"),
        ("ENV MODE=fast", "ENV MODE=slow"),
        ("ENV MODE=fast\nEXPOSE", "ENV MODE=fast MORE=1\nEXPOSE"),
        ("EXPOSE 8080/udp\n", ""),
        ("EXPOSE 8080/udp", "EXPOSE 8080"),
        ("LABEL a=b\n", ""),
        ("USER 1000\n", ""),
        ("USER 1000", "USER 0"),
        ("STOPSIGNAL SIGINT\n", ""),
        ('"-v"]', '"-w"]'),
        ('CMD ["/bin/app", "-v"]', "CMD /bin/app -v"),
        ('CMD ["/bin/app", "-v"]', 'ENTRYPOINT ["/bin/app", "-v"]'),
        (COPY, ""),
        ("/bin/app /bin/app", "/bin/app /bin/other"),
        ("/bin/app /bin/app", "/bin/app /"),
        ("/bin/app /bin/app", "/bin/other /bin/other"),
        ("/bin/app /bin/app", "/bin/* /bin/"),
        ("/bin/app /bin/app", "/src /src"),
        ("/bin/app /bin/app", "/ /"),
        (COPY, COPY.replace("--from=build", "--from=golang:1.22")),
        (COPY, COPY.replace("--from=build", "--from=build --chown=1000")),
        (COPY, COPY.replace("--from=build ", "")),
        (COPY, COPY.replace("COPY", "ADD")),
        (COPY, COPY + "COPY . /srv\n"),
        (COPY, COPY + 'RUN ["/bin/app", "init"]\n'),
        (COPY, COPY + "ONBUILD USER 1\n"),
        (COPY, COPY + "VOLUME /data\n"),
        (COPY, COPY + "ARG MORE\n"),
        (COPY, COPY + 'SHELL ["/bin/app"]\n'),
        ("12\nWORKDIR /src\n", "12\n"),
        ("12\nWORKDIR /src\n", "12\nWORKDIR /other\n"),
        ("12\nWORKDIR /src\n", "12\nUSER 1000\nWORKDIR /src\n"),
        ("FROM gcr.io", "FROM --platform=linux/arm64 gcr.io"),
        ("RUN go build", "RUN go generate && go build"),
        ("COPY . .\n", "COPY src .\n"),
        ("ENV GOFLAGS=-mod=mod\n", ""),
        ("FROM golang:1.22 AS", "FROM golang:1.23 AS"),
        ("WORKDIR /src\nENV", "WORKDIR /src/\nUSER 1000\nENV"),
    ],
)
def test_anything_else_is_another_build(old: str, new: str) -> None:
    assert AFTER.count(old) == 1
    assert not prove(BEFORE, AFTER.replace(old, new), [STATIC, CGO])


@pytest.mark.parametrize(
    "line",
    [
        "ONBUILD RUN true\n",
        "VOLUME /data\n",
        'SHELL ["/bin/bash", "-c"]\n',
        'HEALTHCHECK CMD ["/bin/app", "check"]\n',
        "MAINTAINER Jo\n",
        "ENV A=$GOLANG_VERSION\n",
    ],
)
def test_what_the_image_said_may_not_stay_in_the_builder(line: str) -> None:
    after = AFTER.replace("FROM gcr", f"{line}FROM gcr")
    assert not prove(ONE + line + TAIL, after, [STATIC])


def test_what_moves_with_the_image() -> None:
    line = 'VOLUME /data\nHEALTHCHECK CMD ["/bin/app", "check"]\nMAINTAINER Jo\n'
    assert prove(ONE + line + TAIL, AFTER + line, [STATIC])


def test_a_variable_of_the_base_image_is_another_one() -> None:
    line = "ENV A=$GOLANG_VERSION\n"
    assert not prove(ONE + line + TAIL, AFTER.replace("ENV MODE", line + "ENV MODE"), [STATIC])


def test_a_shell_starts_what_cannot_be_seen() -> None:
    assert not prove(ONE + "CMD /bin/app\n", TWO + "WORKDIR /src\n" + COPY + "CMD /bin/app\n", [STATIC])


def test_the_name_of_the_image_is_not_given_away() -> None:
    before = BEFORE.replace("golang:1.22", "golang:1.22 AS build")
    assert not prove(before, AFTER, [STATIC])


def test_a_folder_that_dotnet_starts_from() -> None:
    name = "option-of-user:stage-split=mcr.microsoft.com/dotnet/aspnet:8.0"
    before = "FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -o /app\n"
    tail = 'WORKDIR /app\nENTRYPOINT ["dotnet", "Web.dll"]\n'
    head = before.replace("8.0\n", "8.0 AS build\n") + "FROM mcr.microsoft.com/dotnet/aspnet:8.0\n"
    assert prove(before + tail, f"{head}COPY --from=build /app /app\n{tail}", [name])
    assert prove(before + tail, f"{head}WORKDIR /app\nCOPY --from=build /app ./\n{tail}", [name])
    assert not prove(before + tail, f"{head}COPY --from=build /src /src\n{tail}", [name])


def test_two_stages_are_not_made_three() -> None:
    before = "FROM alpine:3.20 AS base\nFROM" + BEFORE[4:]
    after = "FROM alpine:3.20 AS base\nFROM" + AFTER[4:]
    assert not prove(before, after, [STATIC])
