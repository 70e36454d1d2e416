"""Configuration over a real connection: from the start, asked for, changed, from files, for several folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsp_session import Session, capabilities, session
from lsprotocol import types

pytestmark = pytest.mark.asyncio

TEXT = "FROM debian\nRUN sudo ls\n"


def changed(editor: Session, *paths: Path) -> None:
    events = [types.FileEvent(path.as_uri(), types.FileChangeType.Changed) for path in paths]
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))


@pytest.mark.parametrize(
    "options",
    [
        {"lint": {"ignore": ["DL3004"]}}, {"settings": {"lint": {"ignore": ["DL3004"]}}},
        {"dlint": {"ignore": ["run-sudo"]}}, {"configuration": {"severity": {"DL3004": "off"}}},
    ],
)  # fmt: skip
async def test_options_of_the_start(options: object) -> None:
    async with session(options=options) as editor:
        await editor.found(editor.open(TEXT), "DL3006")


async def test_options_are_changed_and_documents_checked_again() -> None:
    able = capabilities(workspace__configuration=False)
    async with session(able) as editor:
        uri = editor.open(TEXT)
        found = await editor.found(uri, "DL3006", "DL3004")
        assert found[1].severity == types.DiagnosticSeverity.Error
        table: object = {"dlint": {"lint": {"severity": {"DL3004": "style"}, "ignore": ["DL3006"]}}}
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(table))
        (sudo,) = await editor.found(uri, "DL3004")
        assert sudo.severity == types.DiagnosticSeverity.Hint
        table = {"dlint": {"enable": False}}
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(table))
        await editor.found(uri)


async def test_options_are_asked_for_by_folder(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    configuration = {"": {"dlint": {}}, one.as_uri(): {"dlint": {"lint": {"ignore": ["DL3004"]}}}}
    able = capabilities(workspace__configuration=True)
    async with session(able, folders=(one, two), configuration=configuration) as editor:
        first = editor.open(TEXT, (one / "Dockerfile").as_uri())
        second = editor.open(TEXT, (two / "Dockerfile").as_uri())
        await editor.found(first, "DL3006")
        await editor.found(second, "DL3006", "DL3004")
        editor.client.set_configuration({"lint": {"ignore": ["DL3006"]}}, section="dlint", scope_uri=two.as_uri())
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await editor.found(second, "DL3004")
        folder = types.WorkspaceFolder(one.as_uri(), "one")
        event = types.WorkspaceFoldersChangeEvent(added=[], removed=[folder])
        editor.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        await editor.found(first, "DL3006", "DL3004")


async def test_files_are_watched_where_the_client_can(tmp_path: Path) -> None:
    config = tmp_path / ".dlint.yaml"
    able = capabilities(workspace__configuration=False)
    async with session(able, folders=(tmp_path,)) as editor:
        await editor.until(lambda: types.WORKSPACE_DID_CHANGE_WATCHED_FILES in editor.registered)
        uri = editor.open(TEXT, (tmp_path / "Dockerfile").as_uri())
        await editor.found(uri, "DL3006", "DL3004")
        config.write_text("ignore: [DL3006]\n")
        changed(editor, config)
        await editor.found(uri, "DL3004")
        config.write_text("ignore: [DL3O06]\n")
        changed(editor, config)
        await editor.found(uri, "DL3006", "DL3004")
        await editor.until(lambda: bool(editor.client.messages))
        assert "DL3O06" in editor.client.messages[0].message
        config.unlink()
        (tmp_path / ".hadolint.yaml").write_text("ignored: [DL3004]\n")
        changed(editor, config)


async def test_files_are_read_at_opening_and_saving_where_nobody_watches(tmp_path: Path) -> None:
    able = capabilities(
        workspace__configuration=False, workspace__did_change_watched_files=None,
        workspace__did_change_configuration=None,
    )  # fmt: skip
    async with session(able, folders=(tmp_path,)) as editor:
        uri = editor.open(TEXT, (tmp_path / "Dockerfile").as_uri())
        await editor.found(uri, "DL3006", "DL3004")
        assert not editor.registered
        (tmp_path / "dlint.toml").write_text('ignore = ["DL3004"]\n')
        editor.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))
        await editor.found(uri, "DL3006")


@pytest.mark.parametrize(
    ("preference", "codes"),
    [("editorFirst", ["DL3004"]), ("filesystemFirst", ["DL3006"]), ("editorOnly", ["DL3004", "DL4000"])],
)
async def test_who_wins_can_be_chosen(preference: str, codes: list[str], tmp_path: Path) -> None:
    (tmp_path / ".dlint.yaml").write_text("severity: {DL3006: info, DL3004: 'off'}\nignore: [DL4000]\n")
    severity = {"DL3006": "off", "DL3004": "warning"}
    options = {"lint": {"severity": severity}, "configurationPreference": preference}
    able = capabilities(workspace__configuration=False)
    async with session(able, options=options, folders=(tmp_path,)) as editor:
        uri = editor.open(TEXT + "MAINTAINER me\n", (tmp_path / "Dockerfile").as_uri())
        await editor.found(uri, *codes)


async def test_a_file_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("ignore: [DL3006]\n")
    able = capabilities(workspace__configuration=False)
    for trusted, codes in ((True, ["DL3004"]), (False, ["DL3006", "DL3004"])):
        options = {"configuration": "mine.yaml", "workspaceTrusted": trusted}
        async with session(able, options=options, folders=(tmp_path,)) as editor:
            await editor.found(editor.open(TEXT, (tmp_path / "Dockerfile").as_uri()), *codes)


async def test_complaints_are_shown_and_the_rest_holds() -> None:
    options = {"lint": {"ignore": ["DL3004"], "profil": "x"}, "configurationPreference": "mine", "path": ["dlint"]}
    async with session(capabilities(workspace__configuration=False), options=options) as editor:
        await editor.found(editor.open(TEXT), "DL3006")
        texts = " ".join(each.message for each in editor.client.messages)
        assert "profil" in texts and "configurationPreference" in texts


async def test_the_ignore_file_of_the_context_counts(tmp_path: Path) -> None:
    able = capabilities(workspace__configuration=False)
    async with session(able, folders=(tmp_path,)) as editor:
        uri = editor.open("FROM debian:12\nCOPY secret /s\n", (tmp_path / "Dockerfile").as_uri())
        await editor.until(lambda: uri in editor.client.diagnostics)
        assert "DL6102" not in editor.codes(uri)
        ignore = tmp_path / ".dockerignore"
        ignore.write_text("secret\n")
        changed(editor, ignore)
        await editor.until(lambda: len(editor.codes(uri)) > 0)
