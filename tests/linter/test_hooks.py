"""The hooks for pre-commit: which files they take, and that they install and run from a checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from test_cli import ROOT

from dlinter.files import _OTHER, is_dockerfile

pre_commit = pytest.importorskip("pre_commit.commands.run")
HOOKS = {hook["id"]: hook for hook in YAML(typ="safe").load(ROOT / ".pre-commit-hooks.yaml")}
TAKEN = (
    "Dockerfile", "docker/Dockerfile", "Dockerfile.prod", "prod.Dockerfile", "Dockerfile.18.04", "Dockerfile-dev",
    "Dockerfile_dev", "dockerfile", "DOCKERFILE", "app.dockerfile", "a.b.Dockerfile.c", "Containerfile",
    "containerfile", "Containerfile.dev", "app.Containerfile", "app.containerfile", "x y/Dockerfile.ä",
)  # fmt: skip
LEFT = (
    "Dockerfile.j2", "Dockerfile.jinja2", "Dockerfile.tmpl", "Dockerfile.erb", "Dockerfile.in", "Dockerfile.tpl",
    "Dockerfile.mustache", "Dockerfile.dockerignore", "Dockerfile.md", "Dockerfile.sh", "dockerfile.py",
    "Dockerfile.orig", "Dockerfile~", "Dockerfile.yml", "MyDockerfile", "Dockerfiles", "dockerfiles/README.prod",
    "docker-compose.yml", "dockerfile_lint.go",
)  # fmt: skip
BAD = "FROM example.com/base:12\nRUN apt-get install --no-install-recommends curl\n"
GOOD = BAD.replace("install --", "install -y --")


@pytest.mark.parametrize("name", HOOKS)
def test_hooks_take_dockerfiles_and_nothing_else(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for each in (*TAKEN, *LEFT):
        path = tmp_path / each
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_dir():
            path.write_text(BAD)
    (tmp_path / "link.Dockerfile").symlink_to("Dockerfile")
    hook = HOOKS[name]
    everything = [*TAKEN, *LEFT, "link.Dockerfile"]
    classifier = pre_commit.Classifier(everything)
    found = classifier.by_types(classifier.filenames, hook["types"], [], [])
    assert set(pre_commit.filter_by_include_exclude(found, hook["files"], hook["exclude"])) == set(TAKEN)


@pytest.mark.parametrize("name", HOOKS)
def test_hooks_take_what_is_found_in_a_folder(name: str) -> None:
    files, exclude = (re.compile(HOOKS[name][key]) for key in ("files", "exclude"))
    endings = re.findall(r"[a-z0-9?]+", _OTHER.pattern)
    names = [*TAKEN, *LEFT, *(f"Dockerfile.{word.replace('?', '')}" for word in endings if word != "ya?ml")]
    for each in names:
        taken = files.search(each) is not None and exclude.search(each) is None
        assert taken == is_dockerfile(os.path.basename(each)), each


def test_what_the_hooks_are() -> None:
    assert set(HOOKS) == {"dlint", "dlint-fix", "dlint-format"}
    for hook in HOOKS.values():
        assert hook["entry"].startswith("dlint ") and "--force-exclude" in hook["entry"]
        assert hook["language"] == "python" and hook["require_serial"] is True
    assert HOOKS["dlint-fix"]["entry"] == "dlint --force-exclude --fix"


# -- with the real pre-commit -----------------------------------------------------------------------------------------


def command(folder: Path, *words: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    names = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PRE_COMMIT_HOME": str(home), "NO_COLOR": "1"}
    for who in ("AUTHOR", "COMMITTER"):
        names |= {f"GIT_{who}_NAME": "x", f"GIT_{who}_EMAIL": "x@example.com"}
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | names
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def commit(folder: Path) -> str:
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "x")):
        done = command(folder, "git", *words)
        assert done.returncode == 0, done.stderr
    return command(folder, "git", "rev-parse", "HEAD").stdout.strip()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Path]:
    """The project as it is here in a repository of its own, its revision, and pre-commit's home."""
    folder = tmp_path_factory.mktemp("hooks")
    packages = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), "hatchling"]
    done = command(folder, *packages)
    if done.returncode:
        pytest.skip(f"packages cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    copy = folder / "project"
    for name in ("linter", "grammar", "rules", "docs"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, copy / name)
    return copy, commit(copy), folder / "home"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in ("Dockerfile.prod", "app.dockerfile", "sub/Containerfile", "Dockerfile.j2", "vendor/Dockerfile"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(BAD)
    (tmp_path / ".dlint.yaml").write_text("exclude: [vendor/]\n")
    return tmp_path


def configure(repository: Path, project: tuple[Path, str, Path], hook: str) -> None:
    source, revision, _ = project
    text = f"repos:\n  - repo: {source}\n    rev: {revision}\n    hooks:\n      - id: {hook}\n"
    (repository / ".pre-commit-config.yaml").write_text(text)


def test_dlint_in_pre_commit(project: tuple[Path, str, Path], repository: Path) -> None:
    configure(repository, project, "dlint")
    commit(repository)
    done = command(repository, sys.executable, "-m", "pre_commit", "run", "--all-files", home=project[2])
    assert done.returncode == 1, done.stdout + done.stderr
    for name in ("Dockerfile.prod", "app.dockerfile", "sub/Containerfile"):
        assert f"{name}:2:13: DL3014 warning" in done.stdout
    assert "Dockerfile.j2" not in done.stdout and "vendor" not in done.stdout
    assert (repository / "Dockerfile.prod").read_text() == BAD


def test_dlint_fix_in_pre_commit(project: tuple[Path, str, Path], repository: Path) -> None:
    configure(repository, project, "dlint-fix")
    commit(repository)
    done = command(repository, sys.executable, "-m", "pre_commit", "run", "--all-files", home=project[2])
    assert done.returncode == 1 and "files were modified by this hook" in done.stdout, done.stdout + done.stderr
    for name in ("Dockerfile.prod", "app.dockerfile", "sub/Containerfile"):
        assert (repository / name).read_text() == GOOD
    for name in ("Dockerfile.j2", "vendor/Dockerfile"):
        assert (repository / name).read_text() == BAD
    command(repository, "git", "add", "-A")
    done = command(repository, sys.executable, "-m", "pre_commit", "run", "--all-files", home=project[2])
    assert done.returncode == 0, done.stdout + done.stderr


def test_dlint_format_in_pre_commit(project: tuple[Path, str, Path], repository: Path) -> None:
    configure(repository, project, "dlint-format")
    for name in ("Dockerfile.prod", "vendor/Dockerfile"):
        (repository / name).write_text("from a\n")
    commit(repository)
    done = command(repository, sys.executable, "-m", "pre_commit", "run", "--all-files", home=project[2])
    assert done.returncode == 1 and "files were modified by this hook" in done.stdout, done.stdout + done.stderr
    assert (repository / "Dockerfile.prod").read_text() == "FROM a\n"
    assert (repository / "vendor/Dockerfile").read_text() == "from a\n"
    command(repository, "git", "add", "-A")
    done = command(repository, sys.executable, "-m", "pre_commit", "run", "--all-files", home=project[2])
    assert done.returncode == 0, done.stdout + done.stderr


def test_try_repo(project: tuple[Path, str, Path], repository: Path) -> None:
    commit(repository)
    words = ("try-repo", str(project[0]), "dlint", "--files", "Dockerfile.prod", "--verbose")
    done = command(repository, sys.executable, "-m", "pre_commit", *words, home=project[2])
    assert done.returncode == 1 and "Dockerfile.prod:2:13: DL3014" in done.stdout, done.stdout + done.stderr
