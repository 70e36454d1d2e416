"""The house: which way imports go, what the fast path loads, and that generated files are fresh."""

from __future__ import annotations

import _sre
import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dlinter import generate
from dlinter_grammar import regex
from dlinter_grammar.build import main as build_tables

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "dlinter_grammar": ROOT / "grammar" / "dlinter_grammar",
    "dlinter": ROOT / "linter" / "dlinter",
    "dlinter_rules": ROOT / "rules" / "dlinter_rules",
}
ALLOWED = {
    "dlinter_grammar": {"dlinter_grammar"},
    "dlinter": {"dlinter_grammar", "dlinter"},
    "dlinter_rules": {"dlinter_grammar", "dlinter", "dlinter_rules"},
}
#: what costs more to import than a file takes to lint
HEAVY = {
    "lark", "typer", "rich", "pydantic", "libcst", "ruamel", "ruamel.yaml", "dataclasses", "typing", "inspect",
    "importlib.metadata", "pathlib", "pathspec", "argparse", "tomllib", "concurrent.futures", "difflib",
}  # fmt: skip


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found & set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_one_way(package: str) -> None:
    for path in PACKAGES[package].rglob("*.py"):
        if path.name == "generate.py":
            continue
        assert imported(path) <= ALLOWED[package], path


def loaded(code: str, cwd: Path) -> set[str]:
    program = f"import sys\nbefore = set(sys.modules)\n{code}\nprint('\\n' + ' '.join(set(sys.modules) - before))"
    path = os.pathsep.join(str(PACKAGES[name].parent) for name in PACKAGES)
    command = [sys.executable, "-S", "-c", program]
    done = subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": path, "DLINT_CACHE_DIR": str(cwd / "cache")},
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_the_fast_path_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:12\nRUN apt-get update && apt-get install curl\nCMD x\n")
    code = "from dlinter.options import parse\nfrom dlinter.run import run\nrun(parse(['-f', 'concise', 'Dockerfile']))"
    modules = loaded(code, tmp_path)
    assert "dlinter.engine" in modules
    assert modules.isdisjoint(HEAVY), modules & HEAVY


def test_only_the_rules_that_a_file_needs_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:12\nEXPOSE 80\n")
    code = "from dlinter.options import parse\nfrom dlinter.run import run\nrun(parse(['-f', 'concise', 'Dockerfile']))"
    modules = loaded(code, tmp_path)
    assert "dlinter_rules.base_image" in modules
    assert "dlinter_rules.apt" not in modules and "dlinter_rules.pip" not in modules


def test_a_file_without_shell_loads_no_shell_and_no_fixer(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text('FROM debian:12\nWORKDIR /app\nCOPY a b ./\nEXPOSE 80\nCMD ["x"]\n')
    code = "from dlinter.options import parse\nfrom dlinter.run import run\nrun(parse(['Dockerfile']))"
    modules = loaded(code, tmp_path)
    assert "dlinter.engine" in modules
    allowed = {"dlinter.proof", "dlinter.proof.tables", "dlinter_grammar.shell_nodes"}
    costly = (
        "dlinter.proof", "dlinter.fixer", "dlinter_grammar.shell", "dlinter.server", "dlinter.format", "hashlib",
        "subprocess", "json", "random", "fnmatch", "copy", "dlinter_rules.python_source", "ast", "dlinter.output.full",
        "dlinter.shellcheck", "dlinter.shell_codes", "dlinter.builtin", "dlinter.packages", "importlib.util",
        "unicodedata",
    )  # fmt: skip
    extra = {name for name in modules if name.startswith(costly[:5]) or name in costly}
    assert extra <= allowed, f"import these inside the functions that need them: {sorted(extra - allowed)}"


#: of the standard library: a few functions each, or loaded by Python's own start unless told not to
_SMALL = {
    "__future__", "_bisect", "_blake2", "_collections_abc", "_json", "_sre", "_stat", "bisect", "gc", "genericpath",
    "itertools", "marshal", "os", "os.path", "posixpath", "pwd", "select", "stat", "time",
}  # fmt: skip
_SCRIPTS = "FROM debian:12\nWORKDIR /app\nCOPY a b ./\nRUN apt-get update\nRUN for f in *; do echo $f; done\nCMD x\n"


@pytest.mark.skipif(_sre.MAGIC not in regex.MAGICS, reason="this Python's expressions are compiled by re")
@pytest.mark.parametrize(
    ("text", "most"), [("FROM debian:12\nEXPOSE 80\n", 74), (_SCRIPTS, 138)], ids=["two lines", "scripts"]
)
def test_a_small_file_loads_little(text: str, most: int, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(text)
    code = "from dlinter.__main__ import main\nsys.argv = ['', 'Dockerfile']\ntry: main()\nexcept SystemExit: 0"
    modules = loaded(code, tmp_path)
    own = {name for name in modules if name.split(".")[0] in PACKAGES}
    assert modules - own <= _SMALL, f"these cost more than they are worth: {sorted(modules - own - _SMALL)}"
    assert len(own) <= most, f"more than the {most} modules that it took: {sorted(own)}"


def test_an_unchanged_file_is_not_parsed(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian\nRUN apt-get install curl\n")
    code = "from dlinter.options import parse\nfrom dlinter.run import run\nrun(parse(['-f', 'concise', 'Dockerfile']))"
    assert "dlinter.tree" in loaded(code, tmp_path)
    modules = loaded(code, tmp_path)
    assert "dlinter.results" in modules
    assert not {name for name in modules if name.startswith(("dlinter.tree", "dlinter.facts", "dlinter_rules."))} - {
        "dlinter_rules.index"
    }


def test_generated_files_are_fresh() -> None:
    assert generate.stale(str(ROOT)) == []
    assert build_tables(["--check"]) == 0


def test_no_module_is_a_heap() -> None:
    for folder in PACKAGES.values():
        for path in folder.rglob("*.py"):
            if path.name.endswith("_tables.py") or path.name == "index.py" or "data" in path.parts:
                continue
            assert len(path.read_text().splitlines()) <= 460, path
