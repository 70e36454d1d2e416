"""Which language a SHELL instruction or a command stands for."""

from __future__ import annotations

import pytest

from dlinter_grammar.shell import dialect, explicit_powershell


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["/bin/sh", "-c"], "sh"),
        (["/bin/bash", "-o", "pipefail", "-c"], "bash"),
        (["bash", "-xec"], "bash"),
        (["/bin/ash", "-eo", "pipefail", "-c"], "sh"),
        (["/bin/dash", "-c"], "sh"),
        (["/usr/bin/env", "bash", "-c"], "bash"),
        (["/usr/bin/env", "-i", "A=b", "sh", "-c"], "sh"),
        (["/bin/busybox", "sh", "-c"], "sh"),
        (["powershell", "-Command"], "powershell"),
        (["PowerShell.EXE", "-Command", "$x = 1;"], "powershell"),
        (["C:\\Program Files\\PowerShell\\pwsh.exe", "-c"], "powershell"),
        (["pwsh", "-Command"], "powershell"),
        (["cmd", "/S", "/C"], "cmd"),
        (["C:\\Windows\\System32\\CMD.exe", "/S", "/C"], "cmd"),
        (["/bin/zsh", "-c"], "other"),
        (["/usr/bin/python3", "-c"], "other"),
        ([], "other"),
        ([""], "other"),
    ],
)
def test_dialect(words: list[str], expected: str) -> None:
    assert dialect(words) == expected


@pytest.mark.parametrize(
    "command",
    [
        "powershell -Command x",
        "pwsh",
        " PowerShell.exe x",
        '"C:\\a\\pwsh.exe" -c x',
        "@powershell x",
        "C:\\w\\powershell.exe -c x",
    ],
)
def test_explicit_powershell(command: str) -> None:
    assert explicit_powershell(command)


@pytest.mark.parametrize(
    "command", ["", "echo powershell", "powershellx", "powershell-x", "apt-get install pwsh", "x/powershell/y"]
)
def test_no_explicit_powershell(command: str) -> None:
    assert not explicit_powershell(command)
