"""Open documents, their changes, and the diagnostics that a client asks for."""

from __future__ import annotations

from lsprotocol import types

from dlinter.server.diagnostics import SOURCE
from dlinter.server.documents import Document
from dlinter.server.server import DlintServer

TYPE_CHECKING = False
if TYPE_CHECKING:
    Report = types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport


def register(server: DlintServer) -> None:
    """Add the handlers to *server*."""
    server.handle(types.TEXT_DOCUMENT_DID_OPEN)(_opened)
    server.handle(types.TEXT_DOCUMENT_DID_CHANGE)(_changed)
    server.handle(types.TEXT_DOCUMENT_DID_CLOSE)(_closed)
    server.handle(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))(_saved)
    options = types.DiagnosticOptions(inter_file_dependencies=False, workspace_diagnostics=False, identifier=SOURCE)
    server.handle(types.TEXT_DOCUMENT_DIAGNOSTIC, options, types.RelatedFullDocumentDiagnosticReport([]))(_asked)


def _opened(ls: DlintServer, params: types.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    if not ls.watching:
        ls.workspaces.forget()
    document = Document(item.uri, item.text, item.version, ls.encoding)
    ls.documents[item.uri] = document
    ls.changed(document, opened=True)


def _changed(ls: DlintServer, params: types.DidChangeTextDocumentParams) -> None:
    document = ls.document(params.text_document.uri)
    if document is None:
        return
    for change in params.content_changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            start, end = change.range.start, change.range.end
            document.edit((start.line, start.character), (end.line, end.character), change.text)
        else:
            document.replace(change.text)
    document.version = params.text_document.version
    ls.changed(document)


def _closed(ls: DlintServer, params: types.DidCloseTextDocumentParams) -> None:
    if ls.documents.pop(params.text_document.uri, None) is not None:
        ls.closed(params.text_document.uri)


def _saved(ls: DlintServer, params: types.DidSaveTextDocumentParams) -> None:
    document = ls.document(params.text_document.uri)
    if document is not None and not ls.watching:
        ls.workspaces.forget()
        document.analysis = None
        ls.changed(document)


async def _asked(ls: DlintServer, params: types.DocumentDiagnosticParams) -> Report:
    document = ls.document(params.text_document.uri)
    if document is None:
        return types.RelatedFullDocumentDiagnosticReport([])
    if not ls.client.refreshes:
        # it could not be told of ShellCheck's findings later
        await ls.complete(document)
    await ls.check(document)
    found, result = ls.report(document)
    if params.previous_result_id == result:
        return types.RelatedUnchangedDocumentDiagnosticReport(result)
    return types.RelatedFullDocumentDiagnosticReport(found, result_id=result)
