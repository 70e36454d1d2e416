"""Emacs in batch mode with the settings of docs/editors.md: eglot and lsp-mode."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from editor_docs import block, machine, outcome

EMACS = shutil.which("emacs")
HEAD = """
(require 'json)
(setq make-backup-files nil create-lockfiles nil)
(add-to-list 'auto-mode-alist '("Dockerfile\\\\'" . dockerfile-mode))
(require 'dockerfile-mode)
(defun wait-for (what) (let ((end (+ (float-time) 100)))
  (while (and (not (funcall what)) (< (float-time) end)) (accept-process-output nil 0.1))))
(defun done (before) (with-temp-file "result.json"
  (insert (json-encode `((before . ,(vconcat before)) (text . ,(with-current-buffer "Dockerfile" (buffer-string))))))))
"""
EGLOT = """
(require 'eglot)
(require 'flymake)
(setq eglot-sync-connect 100 eglot-confirm-server-initiated-edits nil)
(find-file "Dockerfile")
(unless (eglot-managed-p) (apply #'eglot (append (eglot--guess-contact) (list nil))))
(wait-for (lambda () (flymake-start) (flymake-diagnostics)))
(let ((before (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))
  (goto-char (point-min))
  (search-forward "get install")
  (let* ((actions (eglot-code-actions (point) (point) "quickfix"))
         (action (seq-find (lambda (each) (string-match "-y" (plist-get each :title))) actions)))
    (eglot--dbind ((CodeAction) edit command) (jsonrpc-request (eglot-current-server) :codeAction/resolve action)
      (eglot--apply-workspace-edit edit)))
  (eglot-format-buffer)
  (done before))
"""
LSP_MODE = """
(require 'lsp-mode)
(setq lsp-auto-guess-root t lsp-enable-suggest-server-download nil lsp-diagnostics-provider :flymake
      lsp-enable-file-watchers nil lsp-warn-no-matched-clients nil)
(find-file "Dockerfile")
(lsp)
(wait-for (lambda () (> (hash-table-count (lsp-diagnostics)) 0)))
(let (before)
  (maphash (lambda (_ found) (dolist (each found) (push (lsp-get each :message) before))) (lsp-diagnostics))
  (lsp-format-buffer)
  (done before))
"""


@cache
def has(package: str) -> bool:
    """Whether Emacs finds *package* with the folders of ``LOADS``."""
    if EMACS is None:
        return False
    test = ["--eval", f"(kill-emacs (if (require '{package} nil t) 0 1))"]
    return subprocess.run([EMACS, "--batch", *LOADS, *test], capture_output=True).returncode == 0


#: Debian's packages lie in folders of their own, which are not looked into in batch mode
LOADS = [
    word for folder in sorted(Path("/usr/share/emacs/site-lisp/elpa-src").glob("*")) for word in ("-L", str(folder))
]


def run(folder: Path, settings: str, script: str) -> dict[str, object]:
    environment = machine(folder)
    (folder / "init.el").write_text(HEAD + settings + script)
    command = [str(EMACS), "--batch", "-q", *LOADS, "-l", "init.el"]
    found: dict[str, object] = outcome(command, folder, environment)
    return found


@pytest.mark.skipif(not has("eglot") or not has("dockerfile-mode"), reason="Emacs with eglot is not installed")
def test_eglot_diagnoses_mends_and_formats(tmp_path: Path) -> None:
    found = run(tmp_path, block("Emacs", "eglot-server-programs"), EGLOT)
    messages = str(found["before"])
    assert "Answer apt's question beforehand" in messages
    assert "Name the author in a label" in messages
    text = str(found["text"])
    assert text.startswith("FROM debian:12\n")
    assert "apt-get install -y --no-install-recommends curl\n" in text


@pytest.mark.skipif(not has("lsp-mode") or not has("dockerfile-mode"), reason="Emacs with lsp-mode is not installed")
def test_lsp_mode_diagnoses_and_formats(tmp_path: Path) -> None:
    found = run(tmp_path, block("Emacs", "lsp-register-client"), LSP_MODE)
    assert "Answer apt's question beforehand" in str(found["before"])
    assert str(found["text"]).startswith("FROM debian:12\n")
