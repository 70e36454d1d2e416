"""Configuration files: found, read, and refused with the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from dlinter.config import ConfigError, load, locate


def test_the_three_spellings_mean_the_same(tmp_path: Path) -> None:
    (tmp_path / ".dlint.yaml").write_text("profile: strict\nignore: [DL3007]\nseverity: {DL3009: error}\n")
    (tmp_path / "dlint.toml").write_text('profile = "strict"\nignore = ["DL3007"]\nseverity = {DL3009 = "error"}\n')
    (tmp_path / "pyproject.toml").write_text(
        '[tool.dlint]\nprofile = "strict"\nignore = ["DL3007"]\n[tool.dlint.severity]\nDL3009 = "error"\n'
    )
    configs = [load(str(tmp_path / name)) for name in (".dlint.yaml", "dlint.toml", "pyproject.toml")]
    assert len({config.key() for config in configs}) == 1
    assert configs[0].profile == "strict"
    assert configs[0].ignore == ("DL3007",)
    assert configs[0].severity == {"DL3009": "error"}


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / ".dlint.yaml").write_text("profile: strict\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert locate(str(inner)) == str(tmp_path / ".dlint.yaml")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.dlint]\n")
    assert locate(str(inner)) == str(tmp_path / "a" / "pyproject.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("profil: strict\n", "unknown key 'profil'; did you mean 'profile'?"),
        ("- a\n", "must be a mapping"),
        ("ignore: DL3009\n", "ignore takes a list of words"),
        ("fail-level: wrning\n", "unknown fail-level 'wrning'; did you mean 'warning'?"),
        ("profile: [a]\n", "profile takes a word"),
        ("severity: [a]\n", "severity takes a mapping"),
        ("profile: {\n", "not valid YAML"),
    ],
)
def test_mistakes_name_file_and_remedy(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / ".dlint.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        load(str(path))
    assert str(path) in str(error.value)
    assert message in str(error.value)


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / ".dlint.yaml"
    path.write_text("# nothing yet\n")
    assert load(str(path)).profile == "default"


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load(str(tmp_path / "dlint.toml"))
