"""Vim with the settings of docs/editors.md: ALE by server and by command, and :make."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from editor_docs import block, machine, outcome

VIM = shutil.which("vim")
#: the folders in which packages of distributions put ALE
ALE = [path for path in (Path("/usr/share/vim-ale"), Path("/usr/share/vim/vimfiles/ale")) if path.is_dir()]
HEAD = """
set nocompatible
set runtimepath^=$HOME/.vim
filetype plugin indent on
syntax on
"""
SHOWN = """
function! Found(timer) abort
  let before = map(copy(ale#engine#GetLoclist(bufnr('%'))), {_, each -> [each.code, each.lnum, each.col, each.type]})
  if len(before) < 3 && s:tries < 900
    let s:tries += 1
    return timer_start(100, 'Found')
  endif
  let g:before = before
  call Next()
endfunction
function! Written(before) abort
  call writefile([json_encode({'before': a:before, 'text': join(getline(1, '$'), "\\n")})], 'result.json')
  qall!
endfunction
function! Next() abort
  call Written(g:before)
endfunction
let s:tries = 0
autocmd VimEnter * call timer_start(100, 'Found')
"""
FIXED = """
autocmd User ALEFixPost call Written(g:before)
function! Next() abort
  ALEFix
endfunction
"""
EXPECTED = [["DL3009", 2, 5, "W"], ["DL3014", 2, 31, "W"], ["DL4000", 3, 1, "W"]]


@cache
def scripted() -> bool:
    """Whether Vim is there with timers and jobs, which its smallest build has not."""
    return VIM is not None and "+timers" in subprocess.run([VIM, "--version"], capture_output=True, text=True).stdout


def run(folder: Path, settings: str) -> dict[str, object]:
    environment = machine(folder)
    (folder / "vimrc").write_text(HEAD + settings)
    command = f"{VIM} -u vimrc -N Dockerfile"
    # Vim starts no timers without a terminal
    found: dict[str, object] = outcome(["script", "-qec", command, "/dev/null"], folder, environment)
    return found


needs_ale = pytest.mark.skipif(not scripted() or not ALE, reason="Vim with ALE is not installed")


@needs_ale
def test_ale_shows_what_the_server_finds(tmp_path: Path) -> None:
    ale = f"set runtimepath+={ALE[0]}\n"
    found = run(tmp_path, ale + block("Vim", "'lsp': 'stdio'") + SHOWN)
    assert [each for each in EXPECTED if each not in found["before"]] == [], found["before"]  # type: ignore[operator]


@needs_ale
def test_ale_shows_what_the_command_finds_and_mends(tmp_path: Path) -> None:
    linter = tmp_path / ".vim" / "ale_linters" / "dockerfile" / "dlint.vim"
    linter.parent.mkdir(parents=True)
    linter.write_text(block("Vim", "FuzzyJSONDecode"))
    ale = f"set runtimepath+={ALE[0]}\nlet g:ale_linters = {{'dockerfile': ['dlint']}}\n"
    found = run(tmp_path, ale + block("Vim", "ale_fixers") + SHOWN + FIXED)
    assert [each for each in EXPECTED if each not in found["before"]] == [], found["before"]  # type: ignore[operator]
    lines = str(found["text"]).split("\n")
    assert lines[0] == "FROM debian:12"
    assert "apt-get install -y --no-install-recommends curl" in lines[1]
    assert lines[-1] == 'LABEL org.opencontainers.image.authors="me"'


@pytest.mark.skipif(not scripted(), reason="Vim is not installed")
def test_make_fills_the_quickfix_list(tmp_path: Path) -> None:
    make = """
function! Made(timer) abort
  silent make!
  let found = map(getqflist(), {_, each -> [each.text, each.lnum, each.col, each.valid]})
  call writefile([json_encode({'found': found})], 'result.json')
  qall!
endfunction
autocmd VimEnter * call timer_start(100, 'Made')
"""
    found = run(tmp_path, block("Vim", "errorformat") + make)
    places = [[str(text)[:6], *rest] for text, *rest in found["found"]]  # type: ignore[attr-defined]
    assert all([*each, 1] in places for each in (["DL3009", 2, 5], ["DL3014", 2, 31], ["DL4000", 3, 1]))
