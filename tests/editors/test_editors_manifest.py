"""What the extension for VS Code says in its manifest is what the server takes, and what is packaged is ours."""

from __future__ import annotations

import json
import re

import pytest
from editor_docs import PAGE, ROOT

from dlinter.config_keys import BY_NAME
from dlinter.server.options import EditorOptions
from dlinter.vscode import PREFIX, camel, manifest

FOLDER = ROOT / "editors" / "vscode"
MANIFEST = json.loads((FOLDER / "package.json").read_text())
SETTINGS = {
    name.removeprefix("dlint."): each for name, each in MANIFEST["contributes"]["configuration"]["properties"].items()
}


@pytest.mark.parametrize("name", SETTINGS)
def test_the_server_takes_every_setting(name: str) -> None:
    table: object = SETTINGS[name]["default"]
    for part in reversed(name.split(".")):
        table = {part: table}
    assert EditorOptions(table).wrong == []


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_described(name: str) -> None:
    assert SETTINGS[name]["markdownDescription"].endswith(".")
    assert SETTINGS[name]["scope"] in ("resource", "window", "machine-overridable")


def test_the_manifest_follows_the_keys() -> None:
    old = json.dumps({"contributes": {"configuration": {"properties": {"dlint.enable": 1, f"{PREFIX}gone": 2}}}})
    settings = json.loads(manifest(old))["contributes"]["configuration"]["properties"]
    assert settings["dlint.enable"] == 1
    assert f"{PREFIX}gone" not in settings
    assert f"{PREFIX}{camel('trusted-registries')}" in settings
    assert len(settings) < len(BY_NAME) + 1


def test_what_runs_programs_is_restricted_and_not_per_folder() -> None:
    restricted = MANIFEST["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    assert {"dlint.path", "dlint.interpreter", "dlint.importStrategy"} < set(restricted)
    assert all(SETTINGS[name.removeprefix("dlint.")]["scope"] == "machine-overridable" for name in restricted)


def test_the_licence_is_the_projects() -> None:
    assert (FOLDER / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (FOLDER / "package-lock.json").read_text()


def test_what_is_bundled_is_pinned() -> None:
    lines = (FOLDER / "bundled" / "requirements.txt").read_text().splitlines()
    assert all(re.fullmatch(r"#.*|[\w.]+==[\w.]+", line) for line in lines)


def test_the_example_in_the_page_names_the_extension() -> None:
    assert f'"{MANIFEST["publisher"]}.{MANIFEST["name"]}"' in PAGE.read_text()
