"""What a compose file asks of a Dockerfile and what that has."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlinter.__main__ import main
from dlinter.project import Projects
from dlinter.project.wiring import faults

DOCKERFILE = """\
ARG RELEASE=12
FROM debian:$RELEASE AS Build
ARG VERSION
FROM debian:12
EXPOSE 8000 9000-9010
"""


def found(folder: Path, service: str, dockerfile: str = DOCKERFILE) -> list[tuple[str, str, str]]:
    """Codes, the texts that they are at, and messages."""
    (folder / "Dockerfile").write_text(dockerfile)
    path = folder / "compose.yaml"
    path.write_text("services:\n  web:\n" + "".join(f"    {line}\n" for line in service.splitlines()))
    text = path.read_text()
    return [
        (code, text[start:end], message)
        for build in Projects().builds(str(path))
        for code, start, end, message in faults(build)
    ]


def test_target(tmp_path: Path) -> None:
    assert found(tmp_path, "build: {context: ., target: prod}") == [
        ("DL2141", "prod", "The Dockerfile has no stage prod, but build")
    ]
    for target in ("build", "BUILD", "0", "1", "${STAGE:-prod}"):
        assert found(tmp_path, f'build: {{context: ., target: "{target}"}}') == []


def test_arguments(tmp_path: Path) -> None:
    service = (
        "build:\n  context: .\n  args:\n    VERSION: 1\n    RELAESE: 13\n    HTTP_PROXY: x\n    BUILDKIT_SYNTAX: y"
    )
    assert found(tmp_path, service) == [("DL2142", "RELAESE", "The Dockerfile has no ARG RELAESE: this has no effect")]
    service = "build:\n  context: .\n  args: [VERSION=1, RELEASE=13, OTHER=2, TARGETARCH=arm64]"
    assert [each[:2] for each in found(tmp_path, service)] == [("DL2142", "OTHER=2")]


def test_other_frontends_and_triggers_take_arguments_of_their_own(tmp_path: Path) -> None:
    service = "build:\n  context: .\n  args: [OTHER=2]"
    assert found(tmp_path, service, "# syntax=example/frontend\nFROM debian:12\n") == []
    assert found(tmp_path, service, "FROM node:8-onbuild\n") == []
    assert found(tmp_path, service, "FROM debian:12\nONBUILD ARG OTHER\n") == []
    assert found(tmp_path, service, "FROM debian:12\nFRMO\n") == []


@pytest.mark.parametrize("port", ["80:80", "127.0.0.1:8080:80/tcp", "80"])
def test_ports(tmp_path: Path, port: str) -> None:
    assert [each[0] for each in found(tmp_path, f'build: .\nports: ["{port}"]')] == ["DL2143"]


@pytest.mark.parametrize("port", ["80:8000", "9005", "53:53/udp", "80-90:80-90", "80:${PORT}"])
def test_ports_that_fit(tmp_path: Path, port: str) -> None:
    assert found(tmp_path, f'build: .\nports: ["{port}"]') == []


def test_ports_of_other_commands_and_images(tmp_path: Path) -> None:
    assert found(tmp_path, "build: .\nports: [80:80]\ncommand: serve --port 80") == []
    assert found(tmp_path, "build: .\nports: [80:80]\nenvironment: [PORT=80]") == []
    assert found(tmp_path, "build: .\nports: [80:80]", "FROM debian:12\n") == []
    assert found(tmp_path, "build: .\nports: [80:80]", "FROM example.com/base:1\nEXPOSE 8000\n") == []
    assert found(tmp_path, "build: .\nports: [80:80]", "FROM nginx:1.27\nEXPOSE 8000\n") == []
    assert [each[0] for each in found(tmp_path, "build: .\nports:\n  - target: 80\n    published: 81")] == ["DL2143"]


def run(*words: str) -> int:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setattr("sys.argv", ["dlint", *words])
        main()
    return int(str(ended.value.code))


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found(tmp_path, "build:\n  context: .\n  target: prod\n  args: [OTHER=2]")
    path = str(tmp_path / "compose.yaml")
    assert run(path, "--format", "concise", "--no-shellcheck") == 1
    shown = capsys.readouterr().out
    assert "compose.yaml:5:15: " in shown and "DL2141" in shown and "DL2142" in shown
    run(path, "--format", "concise", "--no-shellcheck", "--ignore", "DL2141")
    shown = capsys.readouterr().out
    assert "DL2141" not in shown and "DL2142" in shown
