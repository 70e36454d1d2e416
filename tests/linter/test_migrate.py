"""dlint migrate: the configuration with its comments, hooks and pipelines, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlinter.cli import main as command
from dlinter.config import Config, load
from dlinter.hadolint_config import Hadolint
from dlinter.hadolint_config import load as load_hadolint
from dlinter.migrate import configuration, plan
from dlinter.migrate_ci import gitlab, pre_commit, workflow

HADOLINT = """\
# why we lint
ignored:
  # no pins
  - DL3008  # apt
  - DL3018

override:
  error:
    - DL3006  # always
  info:
    - DL3003
    - DL3006
trustedRegistries:
  - docker.io  # the hub
  # - quay.io
label-schema:
  author: text
  contact: email
strict-labels: true
failure-threshold: warning
no-color: true  # for the log
disable-ignore-pragma: true
format: gnu
# the end
"""
OURS = """\
# why we lint
profile: hadolint
ignore:
  # no pins
  - DL3008  # apt
  - DL3018

severity:
  DL3003: info
  DL3006: error  # always
trusted-registries:
  - docker.io  # the hub
  # - quay.io
label-schema:
  author: text
  contact: email
strict-labels: true
fail-level: warning
ignore-comments: false
format: gnu
# for the log
# the end
"""


def sorted_lines(text: str) -> list[str]:
    return sorted(line.strip() for line in text.splitlines())


def test_the_configuration_keeps_its_comments() -> None:
    notes: list[str] = []
    made = configuration(HADOLINT, Hadolint(), notes)
    assert sorted_lines(made) == sorted_lines(OURS.replace("error  # always", "error # always"))
    assert made.startswith("# why we lint\nprofile: hadolint\nignore:\n  # no pins\n  - DL3008  # apt\n")
    assert notes == []


@pytest.mark.parametrize(
    "text",
    [
        HADOLINT,
        "ignored: [DL3008]\n",
        "---\nignored:\n- DL3008\n- DL3009\n",
        "no-fail: true\n",
        "failure-threshold: none\n",
        "override:\n  warning: [DL3008]\nignored: [DL3008]\n",
        "formats: [sarif, tty]\n",
        "override: {}\nignored:\n",
    ],
)
def test_both_mean_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".hadolint.yaml").write_text(text)
    (tmp_path / ".dlint.yaml").write_text(configuration(text, Hadolint(), []))
    old, new = load_hadolint(str(tmp_path / ".hadolint.yaml")), load(str(tmp_path / ".dlint.yaml"))
    for name in Config.__slots__:
        if name[0] != "_" and name not in ("path", "origins", "lenient"):
            assert getattr(old, name) == getattr(new, name), name


def test_what_is_no_rule_is_left_out_and_said() -> None:
    notes: list[str] = []
    made = configuration("ignored:\n- DL3008\n- DL9999\noverrides: {}\n", Hadolint(), notes)
    assert "DL9999" not in made and len(notes) == 2


PRE_COMMIT = """\
repos:
  # first
  - repo: https://github.com/pre-commit/pre-commit-hooks
    rev: v6.0.0
    hooks: [{id: check-yaml}]
  - repo: https://github.com/hadolint/hadolint  # Dockerfiles
    rev: v2.12.0
    hooks:
      - id: hadolint-docker
        entry: hadolint/hadolint:v2.12.0 hadolint
        args: [--ignore, DL3008, --config, .hadolint.yaml, -t, error]
        exclude: ^vendor/
  - repo: local
    hooks:
      - id: hadolint
        name: hadolint
        entry: docker run --rm -i hadolint/hadolint hadolint --trusted-registry docker.io
        language: system
        types: [dockerfile]
"""
PRE_COMMIT_AFTER = """\
repos:
  # first
  - repo: https://github.com/pre-commit/pre-commit-hooks
    rev: v6.0.0
    hooks: [{id: check-yaml}]
  - repo: https://github.com/dlint-dev/dlint  # Dockerfiles
    rev: v0.1.0
    hooks:
      - id: dlint
        args: [--ignore, DL3008, '--fail-level', error]
        exclude: ^vendor/
  - repo: local
    hooks:
      - id: dlint
        name: hadolint
        entry: dlint --force-exclude
        language: python
        additional_dependencies: [dlinter]
        types: [dockerfile]
"""


def test_pre_commit() -> None:
    swap = pre_commit(PRE_COMMIT)
    assert swap.text.replace("'--ignore'", "--ignore") == PRE_COMMIT_AFTER
    assert swap.said.trusted_registries == ["docker.io"]


WORKFLOW = """\
on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4  # first
      - name: Lint
        uses: hadolint/hadolint-action@2a66e89 # v3.1.0
        with:
          dockerfile: docker/Dockerfile
          failure-threshold: error
          ignore: DL3008,DL3009
          override-info: DL3003
          format: sarif
          output-file: out.sarif
          no-fail: true
      - uses: hadolint/hadolint-action@v3.1.0
        with:
          recursive: true
      - run: |
          wget -O hadolint https://github.com/hadolint/hadolint/releases/download/v2/hadolint
          ./hadolint --ignore DL3008 Dockerfile | tee log
          docker run --rm -i -v "$PWD:/w" ghcr.io/hadolint/hadolint:latest hadolint -f json - < "$FILE"
      - run: docker run --rm -i hadolint/hadolint < Dockerfile
      - uses: reviewdog/action-hadolint@v1
"""
WORKFLOW_AFTER = """\
on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4  # first
      - name: Lint
        run: RUN --ignore DL3008 --ignore DL3009 --fail-level error --format sarif --output out.sarif --exit-zero FILE
      - run: RUN .
      - run: |
          wget -O hadolint https://github.com/hadolint/hadolint/releases/download/v2/hadolint
          RUN --ignore DL3008 Dockerfile | tee log
          RUN --format json - < "$FILE"
      - run: RUN - < Dockerfile
      - uses: reviewdog/action-hadolint@v1
""".replace("RUN", "pipx run --spec dlinter dlint").replace("FILE\n", "docker/Dockerfile\n", 1)


def test_workflows() -> None:
    swap = workflow(WORKFLOW)
    assert swap.text == WORKFLOW_AFTER
    assert swap.said.override["info"] == ["DL3003"]
    assert any("reviewdog" in note for note in swap.notes) and any("wget" in note for note in swap.notes)
    assert workflow(swap.text).text == swap.text


GITLAB = """\
lint:
  image: hadolint/hadolint:latest-debian
  script:
    - hadolint -f gitlab_codeclimate Dockerfile > report.json
"""
GITLAB_AFTER = """\
lint:
  image: python:3-slim
  script:
    - pip install dlinter
    - dlint --format gitlab_codeclimate Dockerfile > report.json
"""


def test_gitlab() -> None:
    assert gitlab(GITLAB).text == GITLAB_AFTER


def test_it_is_shown_first_and_written_on_demand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".hadolint.yaml").write_text("ignored: [DL3008]\n")
    (tmp_path / ".gitlab-ci.yml").write_text(GITLAB)
    (tmp_path / ".pre-commit-config.yaml").write_text("repos: []\n")
    assert command(["migrate", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "+++ b/.dlint.yaml" in out and "--- a/.hadolint.yaml" in out and "+    - pip install dlinter" in out
    assert "pre-commit" not in out
    assert (tmp_path / ".hadolint.yaml").exists() and not (tmp_path / ".dlint.yaml").exists()
    assert command(["migrate", "--write", str(tmp_path)]) == 0
    assert not (tmp_path / ".hadolint.yaml").exists()
    assert (tmp_path / ".dlint.yaml").read_text() == "profile: hadolint\nignore: [DL3008]\nfail-level: info\n"
    assert (tmp_path / ".gitlab-ci.yml").read_text() == GITLAB_AFTER
    assert plan(str(tmp_path)) == []


def test_options_in_commands_go_into_the_configuration(tmp_path: Path) -> None:
    (tmp_path / ".pre-commit-config.yaml").write_text(PRE_COMMIT)
    [new, _] = plan(str(tmp_path))
    assert new.after is not None and "trusted-registries:\n- docker.io\n" in new.after


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({".hadolint.yaml": "ignored: DL3008\n"}, ".hadolint.yaml:1: ignored takes a list"),
        ({".hadolint.yaml": "a: [\n"}, "not valid YAML"),
        ({".hadolint.yaml": "ignored: []\n", ".dlint.yaml": ""}, ".dlint.yaml: is there already"),
    ],
)
def test_what_stops_it(tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert command(["migrate", "--write", str(tmp_path)]) == 2
    assert message in capsys.readouterr().err
    assert (tmp_path / ".hadolint.yaml").exists()
