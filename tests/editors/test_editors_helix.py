"""Helix in tmux with the settings of docs/editors.md. DLINT_HELIX names another one than that of the PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from editor_docs import PATIENCE, block, machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HELIX = os.environ.get("DLINT_HELIX") or shutil.which("hx")
TMUX = shutil.which("tmux")


class Terminal:
    """A terminal with Helix in it."""

    def __init__(self, folder: Path) -> None:
        self.environment = machine(folder)
        settings = folder / "config" / "helix" / "languages.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(block("Helix", "[language-server.dlint]"))
        self.socket = str(folder / "tmux")
        self.tmux("new-session", "-d", "-x", "160", "-y", "40", "-c", str(folder), f"{HELIX} Dockerfile")

    def tmux(self, *arguments: str) -> str:
        command = [str(TMUX), "-S", self.socket, *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True).stdout

    def keys(self, *keys: str) -> None:
        """Type slowly: what follows Escape at once is another key."""
        for key in keys:
            self.tmux("send-keys", key)
            time.sleep(0.5)

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, self.screen()
            time.sleep(0.2)

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p")


needs_helix = pytest.mark.skipif(HELIX is None or TMUX is None, reason="Helix and tmux are not installed")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    opened = Terminal(tmp_path)
    yield opened
    opened.tmux("kill-server")


@needs_helix
def test_helix_finds_the_server(tmp_path: Path, terminal: Terminal) -> None:
    shown = subprocess.run(
        [str(HELIX), "--health", "dockerfile"], env=terminal.environment, capture_output=True, text=True, check=True
    ).stdout
    assert str(tmp_path / "bin" / "dlint") in shown


@needs_helix
def test_helix_shows_findings_and_formats(tmp_path: Path, terminal: Terminal) -> None:
    def picked() -> bool:
        terminal.keys("Escape", "Space", "d")
        return "DL3014" in terminal.screen() and "DL4000" in terminal.screen()

    terminal.until(picked)
    terminal.keys("Escape", ":write", "Enter")
    terminal.until(lambda: (tmp_path / "Dockerfile").read_text().startswith("FROM debian:12\n"))
    assert "  curl" not in (tmp_path / "Dockerfile").read_text()
