"""Code actions and commands."""

from __future__ import annotations

import asyncio
import logging
import sys
from copy import copy
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified, JsonRpcException, JsonRpcInvalidParams

from dlinter.server.actions import EXPLAIN, FIX_ALL, KINDS, Actions, Refused
from dlinter.server.documents import Document
from dlinter.server.server import DlintServer
from dlinter.version import __version__

log = logging.getLogger(__name__)


def register(server: DlintServer) -> None:
    """Add the handlers to *server*."""
    options = types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True)
    server.handle(types.TEXT_DOCUMENT_CODE_ACTION, options)(_actions)
    server.handle(types.CODE_ACTION_RESOLVE)(_resolved)
    server.command(EXPLAIN)(_explain)
    server.command("dlint.applyAutofix")(_apply_autofix)
    server.command("dlint.applyFormat")(_apply_format)
    server.command("dlint.printDebugInformation")(_debug_information)


def _of(ls: DlintServer, document: Document, *, lazy: bool) -> Actions:
    client = ls.client
    return Actions(
        copy(document),
        ls.analysis(document),
        client.edits,
        client.diagnostics,
        opened=dict(ls.documents),
        lazy=lazy,
        explain=client.shows_documents,
    )


async def _actions(ls: DlintServer, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    document = ls.document(params.text_document.uri)
    if document is None or not ls.client.literal_actions:
        return None
    lines, place = document.lines, params.range
    start = lines.offset(place.start.line, place.start.character)
    end = lines.offset(place.end.line, place.end.character)
    actions = _of(ls, document, lazy=ls.client.lazy_actions)
    if ls.client.lazy_actions:
        return actions.all(start, end, params.context.only)
    return await asyncio.to_thread(actions.all, start, end, params.context.only)


async def _resolved(ls: DlintServer, action: types.CodeAction) -> types.CodeAction:
    data: Any = action.data
    if action.edit is not None or not isinstance(data, dict):
        return action
    document = ls.document(str(data.get("uri")))
    if document is None or document.version != data.get("version"):
        raise JsonRpcContentModified("the document has changed since the action was offered")
    actions = _of(ls, document, lazy=True)
    try:
        edit = await asyncio.to_thread(actions.edit, data)
    except Refused as error:
        message = f"dlint: this fix is withheld: {error}"
        ls.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))
        return action
    if document.version != data["version"]:
        raise JsonRpcContentModified("the document has changed since the action was chosen")
    action.edit = edit
    return action


def _explain(ls: DlintServer, *arguments: Any) -> dict[str, str]:
    """The page of a rule, shown in a browser where the client can do that."""
    from dlinter.catalogue import known_rules, page
    from dlinter.selection import SelectionError, find

    try:
        info = find(known_rules(), str(arguments[0]) if arguments else "")[0]
    except SelectionError as error:
        raise JsonRpcInvalidParams(str(error)) from None
    if ls.client.shows_documents:
        ls.window_show_document(types.ShowDocumentParams(uri=info.url, external=True))
    return {"code": info.code, "url": info.url, "markdown": page(info)}


async def _apply_autofix(ls: DlintServer, *arguments: Any) -> None:
    document = _document(ls, arguments)
    actions = _of(ls, document, lazy=False)
    found = await asyncio.to_thread(actions.all, 0, 0, [FIX_ALL])
    if found and found[0].edit is not None:
        await _apply(ls, found[0].title, found[0].edit)


async def _apply_format(ls: DlintServer, *arguments: Any) -> None:
    from dlinter.server.formatting import formatted

    document = _document(ls, arguments)
    edits = formatted(document, ls.analysis(document))
    if edits:
        await _apply(ls, "Format", ls.client.edits.make(document, edits))


async def _apply(ls: DlintServer, label: str, edit: types.WorkspaceEdit) -> None:
    if not ls.client.applies_edits:
        raise JsonRpcException("the editor cannot apply edits (workspace/applyEdit)")
    await ls.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit=edit, label=f"dlint: {label}"))


def _document(ls: DlintServer, arguments: tuple[Any, ...]) -> Document:
    """The open document that a command is about: its URI, or ``{"uri": …}``."""
    first = arguments[0] if arguments else None
    uri = first.get("uri") if isinstance(first, dict) else first
    document = ls.document(str(uri))
    if document is None:
        raise JsonRpcInvalidParams(f"no such document is open: {uri}")
    return document


def _debug_information(ls: DlintServer, *arguments: Any) -> str:
    """What is to be known for a report of a defect; logged and given back."""
    lines = [
        f"dlint {__version__}, Python {sys.version.split()[0]}, {sys.platform}",
        f"columns in {ls.encoding}; diagnostics {'pulled' if ls.client.pulls else 'pushed'}",
        f"folders: {', '.join(ls.workspaces.folders) or 'none'}",
    ]
    for document in ls.documents.values():
        plan = ls.workspaces.plan(document.uri)
        shellcheck = plan.dispatcher.shellcheck
        lines.append(
            f"{document.uri} version {document.version}: configuration {plan.config.path or 'none'}, profile "
            f"{plan.config.profile}, {len(plan.dispatcher.rules.rules)} rules, ShellCheck "
            f"{'not asked' if shellcheck is None else shellcheck.path or 'not found'}"
        )
    text = "\n".join(lines)
    log.info("%s", text)
    return text
