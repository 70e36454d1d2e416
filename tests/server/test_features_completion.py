"""Completion: what may stand at the cursor, and nothing that may not."""

from __future__ import annotations

from pathlib import Path

import pytest
from features_helpers import TODAY, at

from dlinter.server.features import COMPLETION_KINDS, Completion
from dlinter.server.features.completion import complete
from dlinter.server.features.image_completion import tags
from dlinter.settings import DEFAULTS, FileSettings
from dlinter_grammar.instructions import ARGUMENTS

HEAD = "ARG VERSION=1\nFROM python:3.12 AS base\nENV APP=/app\nFROM node AS assets\nARG FLAVOUR=x\n"


def proposals(text: str, settings: FileSettings = DEFAULTS) -> list[Completion]:
    file, offset = at(text, settings)
    found = complete(file, offset, TODAY)
    for each in found:
        assert each.start <= offset <= each.end and each.kind in COMPLETION_KINDS
    return sorted(found, key=lambda each: (each.order, each.label))


def labels(text: str, settings: FileSettings = DEFAULTS) -> list[str]:
    return [each.label for each in proposals(text, settings)]


def chosen(text: str, label: str, settings: FileSettings = DEFAULTS) -> str:
    """The file after taking the proposal *label*."""
    file, _ = at(text, settings)
    found = next(each for each in proposals(text, settings) if each.label == label)
    return file.text[: found.start] + (found.plain or found.text) + file.text[found.end :]


def test_instructions() -> None:
    assert labels("|") == ["ARG", "FROM"]
    assert {label.lower() for label in labels(HEAD + "|")} == set(ARGUMENTS)
    assert labels(HEAD + "WO|") == ["WORKDIR"]
    assert labels(HEAD + "RUN x\n\n  wo|") == ["WORKDIR"]
    assert chosen(HEAD + "EX|", "EXPOSE") == HEAD + "EXPOSE "
    assert chosen(HEAD + "EX|POSE 80", "EXPOSE") == HEAD + "EXPOSE 80"
    assert next(each for each in proposals(HEAD + "EXP|")).text == "EXPOSE ${1:8080}"


def test_the_case_of_the_file() -> None:
    assert labels("from x\nrun y\nwo|") == ["workdir"]


def test_instructions_behind_onbuild() -> None:
    found = set(labels(HEAD + "ONBUILD |"))
    assert "RUN" in found and found.isdisjoint({"FROM", "MAINTAINER", "ONBUILD"})
    assert labels(HEAD + "ONBUILD CO|") == ["COPY"]
    assert "--chown" in labels(HEAD + "ONBUILD COPY --|")


def test_no_instruction_within_another() -> None:
    assert "RUN" not in labels(HEAD + "RUN a && \\\n|")
    assert "RUN" in labels(HEAD + "RUN a\n|")
    assert "RUN" not in labels(HEAD + "RUN a && \\\n  |")
    assert "RUN" not in labels(HEAD + "RUN a && \\\n  # note\n\n  |")
    assert labels(HEAD + "RUN <<EOF\nec|\nEOF\n") == []
    assert labels(HEAD + "COPY <<EOF /x\n|\nEOF\n") == []


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("FROM --", ["--platform"]),
        ("RUN --", ["--mount", "--network", "--security", "--device"]),
        ("COPY --", ["--from", "--chown", "--chmod", "--link", "--exclude", "--parents"]),
        ("ADD --c", ["--chown", "--chmod", "--checksum"]),
        ("HEALTHCHECK --st", ["--start-period", "--start-interval"]),
        ("COPY --link --l", []),
        ("COPY --exclude=a --ex", ["--exclude"]),
        ("COPY a --", []),
        ("RUN --network=", ["default", "none", "host"]),
        ("COPY --link=", ["true", "false"]),
        ("HEALTHCHECK --retries=", ["1", "3", "5"]),
    ],
)
def test_flags_and_their_values(start: str, expected: list[str]) -> None:
    assert labels(f"{HEAD}{start}|") == expected


def test_a_flag_keeps_the_value_that_it_has() -> None:
    assert chosen(HEAD + "COPY --fr|=base a b", "--from") == HEAD + "COPY --from=base a b"
    assert chosen(HEAD + "COPY --fr|", "--from") == HEAD + "COPY --from="


def test_platforms() -> None:
    assert labels(HEAD + "FROM --platform=|")[:3] == ["$BUILDPLATFORM", "$TARGETPLATFORM", "linux/amd64"]
    assert labels(HEAD + "FROM --platform=linux/arm/|") == ["linux/arm/v7", "linux/arm/v6"]


def test_stages() -> None:
    contexts = FileSettings(contexts=("docs",))
    assert labels(HEAD + "COPY --from=|", contexts)[:2] == ["base", "docs"]
    assert "assets" not in labels(HEAD + "COPY --from=|")
    assert labels(HEAD + "FROM |")[:2] == ["assets", "base"]
    assert labels(HEAD + "FROM ass|")[0] == "assets"
    assert labels(HEAD + "RUN --mount=type=bind,from=bas|")[0] == "base"
    assert labels("FROM a\nFROM b\nCOPY --from=|")[0] == "0"
    assert "two" not in labels("FROM a AS one\nCOPY --from=| x y\nFROM b AS two")
    assert chosen(HEAD + "COPY --from=ba|se a b", "base") == HEAD + "COPY --from=base a b"


def test_mounts() -> None:
    assert labels(HEAD + "RUN --mount=type=|") == ["bind", "cache", "tmpfs", "secret", "ssh"]
    assert labels(HEAD + "RUN --mount=|")[:2] == ["type=cache", "type=bind"]
    secret = labels(HEAD + "RUN --mount=type=secret,|")
    assert "env" in secret and "required" in secret and "sharing" not in secret and "from" not in secret
    assert "id" not in labels(HEAD + "RUN --mount=type=cache,id=x,|")
    assert "target" not in labels(HEAD + "RUN --mount=type=cache,dst=/x,|")
    assert labels(HEAD + "RUN --mount=type=cache,sharing=|") == ["shared", "private", "locked"]
    assert "/root/.cache/pip" in labels(HEAD + "RUN --mount=type=cache,target=/root/|")
    text = HEAD + "RUN --mount=type=cache,sha|ring=x,id=1 y"
    assert chosen(text, "sharing") == text.replace("|", "")


def test_variables() -> None:
    seen = labels(HEAD + "RUN echo $|")
    assert seen[0] == "FLAVOUR" and "NODE_VERSION" in seen and "APP" not in seen and "VERSION" not in seen
    assert chosen(HEAD + "RUN echo ${FL|", "FLAVOUR") == HEAD + "RUN echo ${FLAVOUR}"
    assert chosen(HEAD + "RUN echo ${FL|}", "FLAVOUR") == HEAD + "RUN echo ${FLAVOUR}"
    assert chosen(HEAD + "RUN echo $FL|AV", "FLAVOUR") == HEAD + "RUN echo $FLAVOUR"
    assert labels(HEAD + "FROM img:$VER|")[0] == "VERSION"
    assert "TARGETARCH" in labels(HEAD + "FROM --platform=linux/$TARGET|")
    assert "APP" in labels(HEAD + "FROM base\nWORKDIR $|")
    assert labels(HEAD + "CMD echo $FLAV|") == []
    assert "mine" in labels(HEAD + "RUN mine=1; echo $mi|")
    assert labels(HEAD + "RUN echo \\$|") == []
    assert labels(HEAD + "RUN <<EOF\necho $FLA|\nEOF\n") == ["FLAVOUR"]


def test_a_variable_is_shown_with_its_value() -> None:
    found = proposals(HEAD + "RUN echo $FLA|")[0]
    assert (found.detail, found.documentation) == ("ARG: x", "ARG in line 5")


def test_what_arg_may_declare() -> None:
    found = labels(HEAD + "ARG |")
    assert found[0] == "VERSION" and "TARGETARCH" in found
    assert labels("ARG SOURCE|") == ["SOURCE_DATE_EPOCH"]


def test_images_and_tags() -> None:
    assert "python" in labels(HEAD + "FROM pyt|") and "centos" not in labels(HEAD + "FROM cen|")
    found = labels(HEAD + "FROM python:|")
    assert "python:3.12-slim" in found and "python:3.8" not in found
    assert labels(HEAD + "FROM debian:book|")[0] == "debian:bookworm"
    assert [tag for tag, _ in tags("node", TODAY)][:2] == ["26", "26-slim"]
    assert list(tags("nothing-known", TODAY)) == []
    assert labels(HEAD + "FROM base |") == ["AS"]
    assert chosen(HEAD + "FROM base |", "AS") == HEAD + "FROM base AS "


@pytest.fixture
def context(tmp_path: Path) -> FileSettings:
    names = "src/app/main.py", "src/readme.md", "package.json", "a b.txt", ".env", "node_modules/x", ".git/config"
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return FileSettings(context=str(tmp_path), dockerignore="node_modules\n**/*.md\n")


def test_paths_of_the_build_context(context: FileSettings) -> None:
    assert labels(HEAD + "COPY |", context)[:3] == ["package.json", "src/", ".env"]
    assert labels(HEAD + "COPY src/|", context) == ["src/app/"]
    assert labels(HEAD + "COPY ./src/app/|", context) == ["./src/app/main.py"]
    assert labels(HEAD + "ADD --link src/ap|", context) == ["src/app/"]
    assert "a b.txt" in labels(HEAD + 'COPY ["|', context)
    assert chosen(HEAD + 'COPY ["pack|", "/x"]', "package.json", context) == HEAD + 'COPY ["package.json", "/x"]'


def test_no_paths_where_they_mean_something_else(context: FileSettings) -> None:
    assert labels(HEAD + "COPY --from=base sr|", context) == []
    assert labels(HEAD + "COPY ../../../|", context)[0] == "../../../package.json"
    assert labels(HEAD + "COPY missing/|", context) == []
    assert labels(HEAD + "COPY sr|") == []


def test_values() -> None:
    assert labels(HEAD + "EXPOSE 80|")[:3] == ["80", "8000", "8080"]
    assert labels(HEAD + "EXPOSE 53/|") == ["53/sctp", "53/tcp", "53/udp"]
    assert labels(HEAD + "STOPSIGNAL SIGQ|") == ["SIGQUIT"]
    assert labels(HEAD + "HEALTHCHECK |")[:2] == ["CMD", "NONE"]
    assert labels(HEAD + "USER no|") == ["nobody", "nonroot"]
    assert chosen(HEAD + 'SHELL ["/bin/ba|', '["/bin/bash", "-o", "pipefail", "-c"]').endswith('"pipefail", "-c"]')
    assert labels(HEAD + "LABEL org.opencontainers.image.rev|") == ["org.opencontainers.image.revision"]
    assert labels(HEAD + "LABEL a=b org.opencontainers.image.rev|") == ["org.opencontainers.image.revision"]
    assert "PATH" in labels(HEAD + "ENV |") and labels(HEAD + "ENV PATH=/x PAT|") == []


def test_directives() -> None:
    assert labels("# |\nFROM x")[:3] == ["check=", "escape=", "syntax="]
    assert "syntax=" not in labels("# syntax=docker/dockerfile:1\n# |\nFROM x")
    assert "escape=" not in labels("FROM x\n# |")
    assert "docker/dockerfile:1" in labels("# syntax=|\nFROM x")
    assert labels("# check=|\nFROM x") == ["error=true", "experimental=", "skip="]
    assert labels("FROM x\n# check=|\nRUN y") == ["skip="]
    assert labels("# check=skip=JSON|\nFROM x") == ["JSONArgsRecommended"]
    assert "StageNameCasing" not in labels("# check=skip=StageNameCasing,|\nFROM x")
    assert labels("# check=skip=all;error=t|\nFROM x") == ["true"]


def test_rules_in_comments() -> None:
    assert "DL3008" in labels("FROM x\n# dlint ignore=DL300|\nRUN y")
    assert "DL3008" not in labels("FROM x\n# dlint ignore=DL3008,DL300|\nRUN y")
    assert "DL3009" in labels("FROM x\n# hadolint ignore=DL3008,|\nRUN y")
    assert "SC2086" in labels("FROM x\nRUN a \\\n  # dlint ignore=SC208|\n  b")
    assert all(label.startswith(("DL3", "DL4", "SC", "all")) for label in labels("FROM x\n# hadolint ignore=|"))
    by_name = labels("FROM x\n# dlint ignore=apt-|")
    assert "apt-package-unpinned" in by_name and "DL3008" in by_name
    assert set(labels("FROM x\n# dlint |")) == {"ignore=", "stage ignore=", "global ignore=", "shell="}
    assert chosen("FROM x\n# dlint glo|", "global ignore=") == "FROM x\n# dlint global ignore="
