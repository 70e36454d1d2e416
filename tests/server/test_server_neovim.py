"""A real editor without its window: Neovim shows the diagnostics, applies a fix and formats."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lsp_session import FOLDERS

NEOVIM = shutil.which("nvim")
SCRIPT = """
local command = { '%s', '-m', 'dlinter', 'server' }
local client = vim.lsp.start_client({ name = 'dlint', cmd = command, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(0, client)
local function ready() return #vim.diagnostic.get(0) > 0 end
vim.wait(60000, ready, 50)
local result = { before = {}, after = {} }
for _, each in ipairs(vim.diagnostic.get(0)) do
  local code = each.code or each.user_data.lsp.code
  table.insert(result.before, { code, each.lnum, each.col, each.end_col, each.severity })
end
local function request(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 60000)
  for _, answer in pairs(answers or {}) do return answer.result, answer.error end
end
local here = vim.lsp.util.make_given_range_params({ 1, 0 }, { 3, 0 })
here.context = { diagnostics = {}, only = { 'source.fixAll' } }
local actions = request('textDocument/codeAction', here)
local action = actions[1]
if action.edit == nil then action = request('codeAction/resolve', action) end
vim.lsp.util.apply_workspace_edit(action.edit, 'utf-16')
result.title = action.title
result.fixed = vim.api.nvim_buf_get_lines(0, 0, -1, false)
local edits = request('textDocument/formatting', vim.lsp.util.make_formatting_params({}))
vim.lsp.util.apply_text_edits(edits, 0, 'utf-16')
result.formatted = vim.api.nvim_buf_get_lines(0, 0, -1, false)
vim.wait(60000, function() return #vim.diagnostic.get(0) < #result.before end, 50)
result.left = #vim.diagnostic.get(0)
vim.fn.writefile({ vim.fn.json_encode(result) }, 'result.json')
vim.cmd('qa!')
"""


@pytest.mark.skipif(NEOVIM is None, reason="Neovim is not installed")
def test_neovim_diagnoses_fixes_and_formats(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        "from debian:12\nRUN apt-get install --no-install-recommends  curl\nMAINTAINER é\n"
    )
    (tmp_path / "attach.lua").write_text(SCRIPT % sys.executable)
    environment = {
        **os.environ, "PYTHONPATH": FOLDERS, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path),
    }  # fmt: skip
    assert NEOVIM is not None
    command = [NEOVIM, "--clean", "--headless", "Dockerfile", "-c", "luafile attach.lua"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=180)
    assert (tmp_path / "result.json").exists(), done.stderr
    result = json.loads((tmp_path / "result.json").read_text())
    codes = [code for code, *_ in result["before"]]
    assert {"DL3014", "DL4000"} <= set(codes)
    old = next(each for each in result["before"] if each[0] == "DL4000")
    assert old[1:4] == [2, 0, 10]
    assert result["title"] == "Fix everything that is safe to fix"
    assert "install -y " in result["fixed"][1]
    assert result["fixed"][2] == 'LABEL org.opencontainers.image.authors="é"'
    assert result["formatted"][0] == "FROM debian:12"
    assert "  curl" not in result["formatted"][1]
    assert result["left"] < len(codes)
