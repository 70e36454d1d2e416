"""Configuration files: found, read, and refused with the remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlinter import config_keys
from dlinter.cli import main as command
from dlinter.config import Config, ConfigError, load, locate
from dlinter.config_keys import BY_NAME, KEYS, checked, schema
from dlinter.linting import Linter
from dlinter.options import Settings


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


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (".dlint.yaml", "# c\nprofile: strict\n\nignor: [DL3007]\n", ":4: unknown key 'ignor'; did you mean 'ignore'?"),
        (".dlint.yaml", "severity:\n  DL3007: info\n  DL3008: wrning\n", ":3: severity: unknown severity 'wrning'"),
        (".dlint.yaml", 'per-path:\n  "a/":\n    ignore: []\n    exclude: [x]\n', ":4: exclude cannot be set per path"),
        (".dlint.yaml", "build-args:\n  A: 3.10\n", ":2: build-args: A takes a text, not 3.1; quote it"),
        ("dlint.toml", '# c\nprofile = "strict"\nstrict-labels = 1\n', ":3: strict-labels takes true or false"),
        (
            "dlint.toml",
            '[per-path."a/"]\nignore = []\nprofle = "x"\n',
            ":3: unknown key 'profle'; did you mean 'profile'?",
        ),
        ("dlint.toml", '[label-schema]\na = "mail"\n', ":2: label-schema: unknown type 'mail'; did you mean 'email'?"),
        ("pyproject.toml", '[project]\nname = "x"\n[tool.dlint]\nignores = []\n', ":4: unknown key 'ignores'"),
        ("pyproject.toml", '[tool.dlint.severity]\n"DL3007" = "none"\n', ":2: severity: unknown severity 'none'"),
    ],
)
def test_mistakes_name_the_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        load(str(path))
    assert f"{path}{message}" in str(error.value)


EVERY = {
    "profile": "strict", "select": ["DL3020"], "ignore": ["SC2086"], "severity": {"DL3007": "off"},
    "rules": {"DL3015": {"managers": ["apt-get"]}}, "fail-level": "none", "per-path": {"x/*": {"shellcheck": False}},
    "exclude": ["vendor/"], "trusted-registries": ["docker.io"], "label-schema": {"a": "email"}, "strict-labels": True,
    "build-args": {"A": "1"}, "context": "..", "targets": ["a"], "shellcheck": False, "ignore-comments": False,
    "format": "sarif", "format-indent": 2, "format-operators": "leading", "baseline": "known.json",
}  # fmt: skip


def test_every_key_can_be_set() -> None:
    assert set(EVERY) == set(BY_NAME)
    config = Config()
    config.set(checked(EVERY), "here")
    assert all(getattr(config, key.attribute) != key.default for key in KEYS)
    assert set(config.origins.values()) == {"here"}


def test_the_schema_is_shipped_and_says_the_same_as_the_reader() -> None:
    path = Path(config_keys.__file__).with_name("dlint.schema.json")
    shipped = json.loads(path.read_text())
    assert shipped == schema()
    assert accepts(shipped, EVERY) and accepts(shipped, {})
    for key, value in (("profil", "x"), ("profile", "x"), ("ignore", "x"), ("severity", {"a": "b"}), ("shellcheck", 1)):
        assert not accepts(shipped, {key: value}), key
        with pytest.raises(config_keys.Wrong):
            checked({key: value})
    assert not accepts(shipped, {"per-path": {"a": {"exclude": []}}})


def accepts(rule: dict[str, object], value: object) -> bool:
    """Whether the JSON schema *rule*, as far as ours use its keywords, takes *value*."""
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}
    types = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    if type(value) not in [kinds[str(each)] for each in types]:
        return False
    if "enum" in rule and value not in rule["enum"]:  # type: ignore[operator]
        return False
    if isinstance(value, list):
        return all(accepts(rule["items"], each) for each in value)  # type: ignore[arg-type]
    if isinstance(value, dict):
        properties, rest = rule.get("properties", {}), rule.get("additionalProperties", True)
        for key, each in value.items():
            inner = properties.get(key, rest)  # type: ignore[attr-defined]
            if inner is False or (isinstance(inner, dict) and not accepts(inner, each)):
                return False
    return True


def test_settings_per_path(tmp_path: Path) -> None:
    (tmp_path / "docker").mkdir()
    (tmp_path / ".dlint.yaml").write_text(
        "ignore: [DL3007]\nseverity: {DL3009: error}\n"
        "per-path:\n  docker/*.Dockerfile:\n    ignore: [DL3020]\n    severity: {DL3014: style}\n"
        "  a.Dockerfile: {profile: all}\n"
    )
    linter = Linter(Settings())
    plain = linter.config(str(tmp_path / "Dockerfile"))
    assert (plain.ignore, plain.profile) == (("DL3007",), "default")
    inner = linter.config(str(tmp_path / "docker" / "a.Dockerfile"))
    assert inner.ignore == ("DL3007", "DL3020")
    assert inner.severity == {"DL3009": "error", "DL3014": "style"}
    assert inner.profile == "all" and "per-path 'a.Dockerfile'" in inner.origins["profile"]
    assert linter.config(str(tmp_path / "docker" / "b.Dockerfile")) is linter.config(
        str(tmp_path / "docker" / "c.Dockerfile")
    )


def test_what_rules_are_told(tmp_path: Path) -> None:
    (tmp_path / ".dlint.yaml").write_text(
        "trusted-registries: [a.b]\nlabel-schema: {x: url}\nstrict-labels: true\n"
        "build-args: {V: '3.10'}\ncontext: src\ntargets: [a]\n"
    )
    settings = load(str(tmp_path / ".dlint.yaml")).settings
    assert (settings.trusted_registries, settings.label_schema) == (("a.b",), {"x": "url"})
    assert settings.strict_labels and settings.build_args == {"V": "3.10"} and settings.targets == ("a",)
    assert settings.context == str(tmp_path / "src")
    assert Config().settings.build_args == {}


def test_dlint_config_shows_where_a_setting_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".hadolint.yaml").write_text("ignored: [DL3006]\n")
    monkeypatch.setenv("HADOLINT_FAILURE_THRESHOLD", "error")
    assert command(["config"]) == 0
    lines = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines()[1:])
    assert lines["profile"].split() == ["hadolint", "#", ".hadolint.yaml,", "as", "hadolint", "has", "it"]
    assert lines["ignore"].endswith("# .hadolint.yaml") and lines["ignore"].startswith("[DL3006]")
    assert lines["fail-level"].split()[0] == "error" and "environment" in lines["fail-level"]
    assert lines["exclude"].endswith("# default")
    (tmp_path / ".dlint.yaml").write_text("profle: x\n")
    assert command(["config"]) == 2
    assert ".dlint.yaml:1: unknown key 'profle'" in capsys.readouterr().err
    assert command(["config", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()
