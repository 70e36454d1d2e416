"""Code actions and commands over a real connection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsp_session import Session, applied, capabilities, session
from lsprotocol import types
from pygls.exceptions import JsonRpcException

pytestmark = pytest.mark.asyncio

TEXT = "FROM debian:12\nRUN apt-get update && apt-get install --no-install-recommends curl\nMAINTAINER me\n"
FIXED = (
    "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl && "
    'rm -rf /var/lib/apt/lists/*\nLABEL org.opencontainers.image.authors="me"\n'
)


async def resolved(editor: Session, action: types.CodeAction) -> types.CodeAction:
    return await editor.client.code_action_resolve_async(action)


def titled(actions: Any, start: str) -> types.CodeAction:
    return next(each for each in actions if each.title.startswith(start))


def kinds(actions: Any) -> set[Any]:
    """The kinds of *actions*; the client takes those with a command for commands, which have none."""
    return {each.kind for each in actions if isinstance(each, types.CodeAction)}


async def test_quick_fixes_are_for_their_finding_and_resolved_when_chosen() -> None:
    async with session() as editor:
        uri = editor.open(TEXT)
        actions = await editor.actions(uri, 2)
        fix = titled(actions, "Write a label")
        assert (fix.kind, fix.is_preferred, fix.edit) == (types.CodeActionKind.QuickFix, True, None)
        assert [each.code for each in fix.diagnostics or ()] == ["DL4000"]
        done = await resolved(editor, fix)
        assert done.edit is not None and done.edit.document_changes is not None
        change = done.edit.document_changes[0]
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.version == 1
        assert applied(TEXT, done.edit).endswith('LABEL org.opencontainers.image.authors="me"\n')
        editor.change(uri, 0, 0, 0, "#\n")
        with pytest.raises(JsonRpcException, match="has changed"):
            await resolved(editor, fix)


async def test_fixes_that_may_change_the_build_say_so() -> None:
    text = "FROM debian:12\nWORKDIRR /srv\n"
    async with session() as editor:
        uri = editor.open(text)
        fix = titled(await editor.actions(uri, 1), "Replace WORKDIRR by WORKDIR")
        assert fix.title.endswith("(unsafe: may change the build)") and fix.is_preferred is False
        done = (await resolved(editor, fix)).edit
        assert done is not None and done.change_annotations is not None
        assert done.change_annotations["unsafe"].needs_confirmation is True
        assert applied(text, done) == text.replace("DIRR", "DIR")


async def test_fix_all_is_what_the_command_line_does() -> None:
    async with session() as editor:
        uri = editor.open(TEXT)
        for only in (["source.fixAll"], ["source.fixAll.dlint"], ["source"]):
            (action,) = await editor.actions(uri, only=only)
            assert action.kind == "source.fixAll.dlint"
        assert applied(TEXT, (await resolved(editor, action)).edit) == FIXED


async def test_only_what_is_asked_for() -> None:
    async with session() as editor:
        uri = editor.open(TEXT)
        assert kinds(await editor.actions(uri, 2)) == {"quickfix", "source.fixAll.dlint"}
        assert kinds(await editor.actions(uri, 2, only=["quickfix"])) == {"quickfix"}
        assert not await editor.actions(uri, 2, only=["refactor"])
        assert not await editor.actions(uri, 2, only=["source.organizeImports"])
        assert not await editor.actions(uri, 0, only=["quickfix"])
        assert not await editor.actions("untitled:unknown", 0)


async def test_all_of_one_rule() -> None:
    text = "FROM debian:12\nRUN apt-get install curl\nRUN apt-get install git\n"
    async with session() as editor:
        uri = editor.open(text)
        done = await resolved(editor, titled(await editor.actions(uri, 1), "Fix all 2 of DL3014"))
        assert applied(text, done.edit).count("install -y ") == 2


@pytest.mark.parametrize(
    ("what", "line", "comment"),
    [("this instruction", 3, "# dlint ignore="), ("this stage", 2, "# dlint stage ignore="),
     ("this file", 0, "# dlint global ignore=")],
)  # fmt: skip
async def test_findings_are_silenced_with_a_reason(what: str, line: int, comment: str) -> None:
    text = "FROM debian:12 AS a\n\nFROM a AS b\nRUN sudo ls\n"
    able = capabilities(workspace__workspace_edit__snippet_edit_support=None)
    async with session(able) as editor:
        uri = editor.open(text)
        action = titled(await editor.actions(uri, 3), f"Ignore DL3004 for {what}")
        changed = applied(text, action.edit)
        assert changed.split("\n")[line] == f"{comment}DL3004 -- TODO: why"
        editor.send(uri, types.TextDocumentContentChangeWholeDocument(text=changed))
        await editor.found(uri)


async def test_comments_grow_and_snippets_wait_for_the_reason() -> None:
    text = "FROM debian:12\n# dlint ignore=DL4006\nRUN sudo ls | cat\n"
    able = capabilities(workspace__workspace_edit__snippet_edit_support=True)
    async with session(able) as editor:
        uri = editor.open(text)
        actions = await editor.actions(uri, 2)
        assert "ignore=DL4006,DL3004\n" in applied(text, titled(actions, "Ignore DL3004 for this instruction").edit)
        action = titled(actions, "Ignore DL3004 for this stage")
        assert "# dlint stage ignore=DL3004 -- ${1:why}\n" in applied(text, action.edit)


async def test_what_cannot_be_built_is_not_silenced() -> None:
    async with session() as editor:
        uri = editor.open("FROM debian:12\nRUMBLE\n")
        await editor.until(lambda: bool(editor.codes(uri)))
        assert not [each for each in await editor.actions(uri, 1) if each.title.startswith("Ignore")]


async def test_rules_are_explained() -> None:
    async with session() as editor:
        uri = editor.open(TEXT)
        action = titled(await editor.actions(uri, 2), "Explain DL4000")
        assert "'command': 'dlint.explain', 'arguments': ['DL4000']" in str(action.command)
        params = types.ExecuteCommandParams("dlint.explain", ["DL4000"])
        page: Any = await editor.client.workspace_execute_command_async(params)
        assert page["code"] == "DL4000" and page["markdown"].startswith("# DL4000")
        await editor.until(lambda: bool(editor.client.shown_documents))
        assert editor.client.shown_documents[0].uri == page["url"]
        with pytest.raises(JsonRpcException, match="unknown rule"):
            await editor.client.workspace_execute_command_async(types.ExecuteCommandParams("dlint.explain", ["DL0"]))


async def test_clients_that_resolve_nothing_get_everything_at_once() -> None:
    able = capabilities(
        text_document__code_action__resolve_support=None, workspace__workspace_edit=None, window=None,
        text_document__code_action__data_support=None,
    )  # fmt: skip
    async with session(able) as editor:
        uri = editor.open(TEXT)
        actions = await editor.actions(uri, 2)
        assert applied(TEXT, titled(actions, "Write a label").edit).endswith('authors="me"\n')
        everything = titled(actions, "Fix everything")
        assert everything.edit is not None and everything.edit.changes is not None
        assert applied(TEXT, everything.edit) == FIXED
        assert not [each for each in actions if each.title.startswith("Explain")]


async def test_commands_edit_through_the_client() -> None:
    async with session() as editor:
        edits: list[types.WorkspaceEdit] = []

        @editor.client.feature(types.WORKSPACE_APPLY_EDIT)
        def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            edits.append(params.edit)
            return types.ApplyWorkspaceEditResult(applied=True)

        uri = editor.open(TEXT)
        run = editor.client.workspace_execute_command_async
        await run(types.ExecuteCommandParams("dlint.applyAutofix", [{"uri": uri, "version": 1}]))
        assert applied(TEXT, edits[0]) == FIXED
        about: Any = await run(types.ExecuteCommandParams("dlint.printDebugInformation"))
        assert uri in about and "ShellCheck" in about
        with pytest.raises(JsonRpcException, match="no such document"):
            await run(types.ExecuteCommandParams("dlint.applyAutofix", ["untitled:other"]))
        with pytest.raises(JsonRpcException):
            await run(types.ExecuteCommandParams("dlint.unknown"))


async def test_fixes_may_change_further_files(tmp_path: Path) -> None:
    from dlinter.edits import Edit
    from dlinter.server.changes import EditMaker, Unmakeable
    from dlinter.server.documents import Document

    ignore = tmp_path / ".dockerignore"
    able = types.WorkspaceEditClientCapabilities(document_changes=True, resource_operations=[])
    document = Document("untitled:x", "FROM a\n", 3, "utf-16")
    maker = EditMaker(able)
    made = maker.make(document, [Edit(0, 4, "from")])
    with pytest.raises(Unmakeable, match="missing"):
        maker.add(made, str(ignore), ".git\n", "utf-16", {})
    able.resource_operations = [types.ResourceOperationKind.Create]
    maker = EditMaker(able)
    maker.add(made, str(ignore), ".git\n", "utf-16", {})
    assert made.document_changes is not None
    first, creation, other = made.document_changes
    assert isinstance(first, types.TextDocumentEdit) and first.text_document.version == 3
    assert creation == types.CreateFile(uri=ignore.as_uri())
    assert isinstance(other, types.TextDocumentEdit) and other.text_document.uri == ignore.as_uri()
    ignore.write_text("a\nb\n")
    plain = EditMaker()
    made = plain.make(document, [])
    plain.add(made, str(ignore), "a\nb\nc\n", "utf-16", {})
    assert made.changes is not None
    assert [each.new_text for each in made.changes[ignore.as_uri()]] == ["c\n"]
    opened = {ignore.as_uri(): Document(ignore.as_uri(), "unsaved", 1, "utf-16")}
    with pytest.raises(Unmakeable, match="not saved"):
        plain.add(made, str(ignore), "c\n", "utf-16", opened)
