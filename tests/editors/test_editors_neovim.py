"""Neovim with the settings of docs/editors.md. DLINT_NEOVIM names another one than that of the PATH."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from editor_docs import block, machine, outcome

NEOVIM = os.environ.get("DLINT_NEOVIM") or shutil.which("nvim")
SCRIPT = """
vim.defer_fn(function()
  vim.wait(100000, function() return #vim.diagnostic.get(0) > 0 end, 50)
  local before = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do table.insert(before, each.code) end
  vim.cmd('silent write')
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')
  vim.fn.writefile({ vim.fn.json_encode({ before = before, text = text }) }, 'result.json')
  vim.cmd('qa!')
end, 100)
"""
CODES = {"DL3009", "DL3014", "DL4000"}


@cache
def version() -> tuple[int, int]:
    """The version of Neovim, (0, 0) if there is none."""
    if NEOVIM is None:
        return (0, 0)
    shown = subprocess.run([NEOVIM, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"v(\d+)\.(\d+)", shown)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def run(folder: Path, settings: str) -> dict[str, object]:
    (folder / "init.lua").write_text(settings + SCRIPT)
    environment = {**os.environ, **machine(folder)}
    command = [str(NEOVIM), "--headless", "-u", "init.lua", "-i", "NONE", "Dockerfile"]
    found: dict[str, object] = outcome(command, folder, environment)
    return found


def check(found: dict[str, object]) -> None:
    assert set(found["before"]) >= CODES  # type: ignore[call-overload]
    lines = str(found["text"]).split("\n")
    assert lines[0] == "FROM debian:12"
    assert "apt-get install -y --no-install-recommends curl" in lines[1]
    assert lines[-1] == 'LABEL org.opencontainers.image.authors="me"'


@pytest.mark.skipif(version() < (0, 11), reason="Neovim 0.11 or later is not installed")
def test_the_settings_of_today(tmp_path: Path) -> None:
    check(run(tmp_path, block("Neovim", "vim.lsp.config(") + block("Neovim", "BufWritePre")))


@pytest.mark.skipif(version() < (0, 11), reason="Neovim 0.11 or later is not installed")
def test_a_file_in_the_manner_of_lspconfig(tmp_path: Path) -> None:
    file = tmp_path / "config" / "nvim" / "lsp" / "dlint.lua"
    file.parent.mkdir(parents=True)
    file.write_text(block("Neovim", "@type vim.lsp.Config"))
    check(run(tmp_path, "vim.lsp.enable('dlint')\n" + block("Neovim", "BufWritePre")))


@pytest.mark.skipif(version() < (0, 8), reason="Neovim 0.8 or later is not installed")
def test_the_settings_of_before(tmp_path: Path) -> None:
    found = run(tmp_path, block("Neovim", "vim.lsp.start("))
    assert set(found["before"]) >= CODES  # type: ignore[call-overload]


@pytest.mark.skipif(version() < (0, 10), reason="Neovim 0.10 or later is not installed")
@pytest.mark.parametrize("name", ["Dockerfile-dev", "app.Containerfile", "containerfile", "Containerfile.dev"])
def test_more_names_are_dockerfiles(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("FROM debian:12\n")
    script = "vim.fn.writefile({ vim.fn.json_encode(vim.bo.filetype) }, 'result.json') vim.cmd('qa!')"
    (tmp_path / "init.lua").write_text(block("Neovim", "vim.filetype.add"))
    command = [str(NEOVIM), "--headless", "-u", "init.lua", "-i", "NONE", name, "-c", f"lua {script}"]
    assert outcome(command, tmp_path, machine(tmp_path)) == "dockerfile"
