"""A session with the real server over its standard input and output."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

ROOT = Path(__file__).parents[2]
#: seconds for an answer, on a busy machine too
PATIENCE = 40
FOLDERS = os.pathsep.join(str(ROOT / name) for name in ("linter", "grammar", "rules"))


def capabilities(*, pull: bool = False, **changes: Any) -> types.ClientCapabilities:
    """Those of an editor that can everything; *changes* are put in by path, ``workspace__configuration=False``."""
    found = client_capabilities("visual-studio-code")
    assert found.text_document is not None
    assert found.workspace is not None
    found.text_document.diagnostic = types.DiagnosticClientCapabilities() if pull else None
    found.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=pull)
    for path, value in changes.items():
        *parents, last = path.split("__")
        node: Any = found
        for parent in parents:
            node = getattr(node, parent)
        setattr(node, last, value)
    return found


class Session:
    """An open session: the client, the server's answer to initialize, and what tests do again and again."""

    def __init__(self, client: LanguageClient, started: types.InitializeResult) -> None:
        self.client = client
        self.started = started
        self.versions: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        #: what the server registered, by method
        self.registered: dict[str, Any] = {}

    def open(self, text: str, uri: str = "untitled:Dockerfile") -> str:
        self.versions[uri] = 1
        self.texts[uri] = text
        item = types.TextDocumentItem(uri, "dockerfile", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, line: int, start: int, end: int, text: str) -> None:
        place = types.Range(types.Position(line, start), types.Position(line, end))
        self.send(uri, types.TextDocumentContentChangePartial(range=place, text=text))

    def send(self, uri: str, *changes: Any) -> None:
        self.versions[uri] += 1
        name = types.VersionedTextDocumentIdentifier(version=self.versions[uri], uri=uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(name, list(changes)))

    def codes(self, uri: str) -> list[str]:
        return [str(each.code) for each in self.client.diagnostics.get(uri, ())]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until *condition* holds."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await asyncio.sleep(0.01)

    async def found(self, uri: str, *codes: str) -> list[types.Diagnostic]:
        """The diagnostics that were pushed, once exactly these codes are among them."""
        await self.until(lambda: uri in self.client.diagnostics and self.codes(uri) == list(codes))
        return list(self.client.diagnostics[uri])

    async def pull(self, uri: str, previous: str | None = None) -> Any:
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), previous_result_id=previous)
        return await self.client.text_document_diagnostic_async(params)

    async def actions(self, uri: str, line: int = 0, *, to: int | None = None, only: list[str] | None = None) -> Any:
        place = types.Range(types.Position(line, 0), types.Position(line if to is None else to, 1000))
        context = types.CodeActionContext(diagnostics=[], only=only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), place, context)
        return await self.client.text_document_code_action_async(params)


@asynccontextmanager
async def session(
    able: types.ClientCapabilities | None = None,
    *,
    options: Any = None,
    folders: tuple[Path, ...] = (),
    configuration: dict[str, Any] | None = None,
) -> AsyncIterator[Session]:
    """A session with the server, which must have ended well when the block is left."""
    client = make_test_lsp_client()
    registered: dict[str, Any] = {}

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(_: LanguageClient, params: types.RegistrationParams) -> None:
        registered.update((each.method, each.register_options) for each in params.registrations)

    for scope, table in (configuration or {}).items():
        client.set_configuration(table, scope_uri=scope or None)
    environment = {**os.environ, "PYTHONPATH": FOLDERS, "PYTHONWARNINGS": "error"}
    await client.start_io(sys.executable, "-m", "dlinter", "server", "--stdio", env=environment)
    try:
        async with asyncio.timeout(3 * PATIENCE):
            named = [types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders]
            started = await client.initialize_session(
                types.InitializeParams(
                    capabilities=able or capabilities(), initialization_options=options, workspace_folders=named
                )
            )
            opened = Session(client, started)
            opened.registered = registered
            yield opened
            await client.shutdown_session()
        server = client._server
        assert server is not None
        assert server.returncode == 0
    finally:
        if client._server is not None and client._server.returncode is None:
            client._server.kill()
        await client.stop()


def applied(text: str, edit: types.WorkspaceEdit | None) -> str:
    """*text*, which is ASCII or has no wide characters, after *edit* of one document."""
    assert edit is not None
    if edit.document_changes is not None:
        (change,) = edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        edits: list[Any] = list(change.edits)
    else:
        assert edit.changes is not None
        (edits_of,) = edit.changes.values()
        edits = list(edits_of)
    return after(text, edits)


def after(text: str, edits: list[Any]) -> str:
    """*text* after text edits."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def offset(place: types.Position) -> int:
        return starts[place.line] + place.character

    for edit in sorted(edits, key=lambda each: offset(each.range.start), reverse=True):
        new = edit.snippet.value if isinstance(edit, types.SnippetTextEdit) else edit.new_text
        text = text[: offset(edit.range.start)] + new + text[offset(edit.range.end) :]
    return text
