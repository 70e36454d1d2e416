"""Programs run on a text, and what they print read, without the modules that usually do it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from dlinter import json_text
from dlinter.programs import output

_ECHO = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"


def python(code: str, data: bytes = b"", patience: float = 60.0) -> bytes | None:
    return output([sys.executable, "-c", code], data, {"MARK": "here"}, patience)


@pytest.fixture(params=[sys.platform, "another"])
def platform(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "platform", request.param)
    return str(request.param)


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize("size", [0, 1, 100_000, 3_000_000], ids=str)
def test_what_is_printed_comes_back(size: int) -> None:
    data = os.urandom(1000) * (size // 1000) + b"x" * (size % 1000)
    assert python(_ECHO, data) == data


@pytest.mark.usefixtures("platform")
def test_a_program_need_not_read_to_the_end() -> None:
    assert python("print('done')", b"x" * 1_000_000) == f"done{os.linesep}".encode()


@pytest.mark.usefixtures("platform")
def test_nothing_but_its_output_and_the_environment_that_was_given() -> None:
    code = "import os, sys; print(os.environ.get('MARK'), os.environ.get('PATH')); print('no', file=sys.stderr)"
    assert python(code) == f"here None{os.linesep}".encode()


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize("code", ["import time; time.sleep(600)", "while True: print('x' * 10000)"])
def test_patience_ends(code: str) -> None:
    assert python(code, b"x" * 1_000_000, patience=0.5) is None


@pytest.mark.usefixtures("platform")
def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        output([str(tmp_path / "none")], b"", {}, 60.0)


def test_no_pipe_stays_open() -> None:
    before = sorted(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else []
    for _ in range(3):
        python(_ECHO, b"x")
        python("import time; time.sleep(600)", patience=0.1)
        with pytest.raises(OSError):
            output(["/no/such/program"], b"", {}, 60.0)
    assert (sorted(os.listdir("/proc/self/fd")) if before else []) == before


def without_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "_json", None)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("text", ["", "plain", 'a"b\\c', "é\n\t\x00\x1f", "\ud800", "😀\u2028"])
def test_strings_are_those_of_json(text: str, compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not compiled:
        without_c(monkeypatch)
    assert json_text.string(text) == json.dumps(text, ensure_ascii=False)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        '{"comments":[{"code":2086,"fix":null,"column":-1,"x":1.5e3}],"ok":true}\n',
        " [1, 2]\n",
        '"\\ud83d\\ude00 é"',
        "0",
    ],
)
def test_values_are_those_of_json(text: str, compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not compiled:
        without_c(monkeypatch)
    assert json_text.value(text.encode()) == json.loads(text)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("data", [b"", b"{", b"{} x", b"nope", b'{"a":}', b"\xff", b"[1,]"])
def test_what_is_no_json_is_an_error(data: bytes, compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not compiled:
        without_c(monkeypatch)
    with pytest.raises(ValueError):
        json_text.value(data)
