"""Completion in the shells themselves, and the manual page as man shows it."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_cli import PYTHONPATH, ROOT, dlint

from dlinter import __main__, completion
from dlinter.cli import commands
from dlinter.config_keys import FORMATS
from dlinter.options import OPTIONS
from dlinter.usage import usages

#: what is typed before the tab, and what is to stand there after it
TYPED = {
    "dlint --unsa": "--unsafe-fixes",
    "dlint x --unsa": "x --unsafe-fixes",
    "dlint -f sar": "-f sarif",
    "dlint --format sar": "--format sarif",
    "dlint --profile stri": "--profile strict",
    "dlint --select apt-install-without-y": "--select apt-install-without-yes",
    "dlint --config some": "--config some.toml",
    "dlint --context docker/in": "--context docker/inner/",
    "dlint mig": "migrate",
    "dlint explain apt-install-without-y": "explain apt-install-without-yes",
    "dlint migrate --wri": "migrate --write",
    "dlint rules --format js": "rules --format json",
    "dlint proof --stri": "proof --strict",
    "dlint ast with": "ast with blank.Dockerfile",
    "dlint with": "with blank.Dockerfile",
}
_PATIENCE = 60
_DLINT = 'dlint() { if [ "$*" = rules ]; then command dlint "$@"; else printf "GOT:%s:\\n" "$*"; fi; }'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files to complete, and the command."""
    folder = tmp_path_factory.mktemp("completion")
    (folder / "bin").mkdir()
    program = folder / "bin" / "dlint"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={PYTHONPATH} exec {sys.executable} -m dlinter "$@"\n')
    program.chmod(0o755)
    work = folder / "work"
    (work / "docker" / "inner").mkdir(parents=True)
    for name in ("some.toml", "with blank.Dockerfile"):
        (work / name).write_text("")
    for shell, name in (("bash", "dlint.bash"), ("fish", "dlint.fish"), ("zsh", "_dlint")):
        (folder / name).write_text(completion.script(shell))
    return folder


def needed(shell: str) -> str:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    return found


class Terminal:
    """A shell at a terminal of its own."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.output = b""
        self.process, self.handle = pty.fork()
        if self.process == 0:
            path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
            os.chdir(folder / "work")
            os.execvpe(command[0], command, {"PATH": path, "TERM": "dumb", "HOME": str(folder), "PS1": "$ "})

    def send(self, text: str) -> None:
        os.write(self.handle, text.encode())

    def wait(self, text: str) -> str:
        """Read until *text* comes; what came before it."""
        deadline = time.monotonic() + _PATIENCE
        while text.encode() not in self.output:
            assert time.monotonic() < deadline, self.output.decode(errors="replace")
            if select.select([self.handle], [], [], 1)[0]:
                self.output += os.read(self.handle, 4096)
        before, _, self.output = self.output.partition(text.encode())
        return before.decode(errors="replace")

    def close(self) -> None:
        os.close(self.handle)
        os.waitpid(self.process, 0)


def typed(terminal: Terminal, text: str) -> str:
    """What the command gets after *text* and a tab; zsh takes the slash behind a folder away again."""
    terminal.send(f"{text}\t\n")
    terminal.wait("GOT:")
    return terminal.wait(":").strip().rstrip("/")


@pytest.fixture(scope="module")
def bash(folder: Path) -> Iterator[Terminal]:
    terminal = Terminal([needed("bash"), "--norc", "--noprofile", "-i"], folder)
    terminal.send(f"source {folder}/dlint.bash; {_DLINT}; echo READ''Y\n")
    terminal.wait("READY")
    yield terminal
    terminal.close()


@pytest.fixture(scope="module")
def zsh(folder: Path) -> Iterator[Terminal]:
    terminal = Terminal([needed("zsh"), "-f", "-i"], folder)
    terminal.send(f"fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -D; {_DLINT}; echo READ''Y\n")
    terminal.wait("READY")
    yield terminal
    terminal.close()


@pytest.mark.parametrize(("text", "wanted"), TYPED.items(), ids=TYPED)
def test_bash(bash: Terminal, text: str, wanted: str) -> None:
    assert typed(bash, text) == wanted.rstrip("/")


@pytest.mark.parametrize(("text", "wanted"), TYPED.items(), ids=TYPED)
def test_zsh(zsh: Terminal, text: str, wanted: str) -> None:
    assert typed(zsh, text) == wanted.rstrip("/")


def in_fish(folder: Path, text: str) -> list[str]:
    script = f"source {folder}/dlint.fish; complete -C {text!r}"
    environment = {**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}
    done = subprocess.run(
        [needed("fish"), "--no-config", "-c", script], cwd=folder / "work", env=environment, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("text", "wanted"), TYPED.items(), ids=TYPED)
def test_fish(folder: Path, text: str, wanted: str) -> None:
    *before, _ = text.removeprefix("dlint ").split(" ")
    assert in_fish(folder, text) == [wanted.removeprefix(" ".join(before)).strip()]


def in_bash(folder: Path, *words: str) -> list[str]:
    """What bash is offered behind *words*."""
    script = (
        'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dlint dlint "${COMP_WORDS[COMP_CWORD]}"; '
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    command = [needed("bash"), "-c", script, "bash", str(folder / "dlint.bash"), *words]
    done = subprocess.run(command, cwd=folder / "work", capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


def test_everything_is_offered(folder: Path) -> None:
    options = {f"--{option.long}" for option in OPTIONS} | {"--help"}
    assert options <= set(in_bash(folder, "dlint", "-"))
    assert in_bash(folder, "dlint", "-f", "") == list(FORMATS)
    assert in_bash(folder, "dlint", "--format", "=", "js") == ["json"] == in_bash(folder, "dlint", "-f", "js")
    assert set(__main__.COMMANDS) | {"docker", "some.toml"} <= set(in_bash(folder, "dlint", ""))
    assert in_bash(folder, "dlint", "x", "mig") == [""], "a command comes first"


def test_every_command_is_known() -> None:
    names = {usage.name for usage in usages()}
    assert names == {"", *__main__.COMMANDS}
    assert len(commands.registered_commands) + 2 >= len(names)


def test_shellcheck_has_nothing_to_say_of_the_script_for_bash(folder: Path) -> None:
    done = subprocess.run(
        [needed("shellcheck"), str(folder / "dlint.bash"), "-s", "bash"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_the_command_prints_the_scripts(tmp_path: Path) -> None:
    for shell in completion.SHELLS:
        assert dlint("completion", shell, cwd=tmp_path).stdout == completion.script(shell)
    assert dlint("--show-completion", "zsh", cwd=tmp_path).stdout.startswith("#compdef dlint\n")
    done = dlint("completion", "tcsh", cwd=tmp_path)
    assert done.returncode == 2 and "tcsh" in done.stderr


def test_the_manual_page_is_shown_without_a_warning() -> None:
    command = [needed("man"), "--warnings", "-l", str(ROOT / "docs" / "dlint.1")]
    environment = {**os.environ, "MANWIDTH": "200"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    shown = " ".join(done.stdout.split())
    for option in OPTIONS:
        assert f"--{option.long}" in shown and option.help in shown, option.long
    for name in __main__.COMMANDS:
        assert f"dlint {name}" in shown
    assert "dlint - lint Dockerfiles and mend them" in shown and "\\" not in shown.replace("\\&", "")
