"""The server's state: documents, configuration, what the client can do; and when documents are checked."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any

from lsprotocol import types
from pygls.exceptions import FeatureRequestError, JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method

from dlinter.server.analysis import Analysis
from dlinter.server.changes import EditMaker
from dlinter.server.diagnostics import Client, diagnostics, result_id
from dlinter.server.documents import Document
from dlinter.server.options import EditorOptions
from dlinter.server.workspaces import Workspaces
from dlinter.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator

log = logging.getLogger(__name__)

#: seconds without a keystroke after which ShellCheck is asked
_QUIET = 0.25
#: seconds that a check may wait for further keystrokes at most
_PATIENCE = 0.15
#: seconds of a check that nobody should wait for
_LONG = 0.03
#: seconds that the rules take for one character, to begin with
_COST = 4e-6
#: answers of ShellCheck that are kept
_ANSWERS = 4000


class Protocol(LanguageServerProtocol):
    """pygls's protocol, with texts kept by :class:`Document` alone."""

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Generator[Any, Any, None]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Generator[Any, Any, None]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> Generator[Any, Any, None]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None


class ClientFeatures:
    """What the client can do, as far as it matters here."""

    def __init__(self, capabilities: types.ClientCapabilities, name: str = "") -> None:
        text = capabilities.text_document or types.TextDocumentClientCapabilities()
        space = capabilities.workspace or types.WorkspaceClientCapabilities()
        window = capabilities.window or types.WindowClientCapabilities()
        published = text.publish_diagnostics
        #: it asks for diagnostics itself, so nothing is pushed
        self.pulls = text.diagnostic is not None
        self.versions = bool(published and published.version_support)
        self.refreshes = bool(space.diagnostics and space.diagnostics.refresh_support)
        self.diagnostics = Client.of(published or text.diagnostic)
        action = text.code_action
        resolved = action.resolve_support.properties if action and action.resolve_support else ()
        self.literal_actions = bool(action and action.code_action_literal_support)
        self.lazy_actions = bool(action and action.data_support and "edit" in resolved)
        self.edits = EditMaker(space.workspace_edit)
        self.applies_edits = bool(space.apply_edit)
        self.shows_documents = bool(window.show_document and window.show_document.support)
        self.configuration = bool(space.configuration)
        changing, watching = space.did_change_configuration, space.did_change_watched_files
        self.registers_configuration = bool(changing and changing.dynamic_registration)
        self.registers_watchers = bool(watching and watching.dynamic_registration)
        item = text.completion.completion_item if text.completion else None
        self.snippets = bool(item and item.snippet_support)
        #: it knows VS Code's command to complete again
        self.suggests = "Visual Studio Code" in name or "VSCodium" in name or "code-server" in name
        self.definition_links = bool(text.definition and text.definition.link_support)
        symbols = text.document_symbol
        self.nested_symbols = bool(symbols and symbols.hierarchical_document_symbol_support)


class DlintServer(LanguageServer):
    """The language server. Everything that is asked of it goes through the handlers in the modules beside this one."""

    def __init__(self) -> None:
        super().__init__(
            "dlint", __version__, protocol_cls=Protocol, converter_factory=default_converter, max_workers=4
        )
        self.documents: dict[str, Document] = {}
        self.workspaces = Workspaces()
        self.client = ClientFeatures(types.ClientCapabilities())
        #: whether changes of configuration files are reported
        self.watching = False
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._questions: dict[str, asyncio.Task[None]] = {}
        self._costs: dict[str, float] = {}
        self._told: set[str] = set()
        self._shellcheck = ThreadPoolExecutor(1, "shellcheck")

    @property
    def ended(self) -> bool:
        """Whether the client said goodbye properly."""
        return bool(self.protocol._shutdown)

    # -- documents ---------------------------------------------------------------------------------------------

    @property
    def encoding(self) -> str:
        """The units that columns are counted in, as agreed on with the client."""
        return types.PositionEncodingKind(self.workspace.position_encoding or "utf-16").value

    def document(self, uri: str) -> Document | None:
        return self.documents.get(uri)

    def analysis(self, document: Document) -> Analysis:
        """What is known of the text of *document* as it is now."""
        if document.analysis is None:
            plan = self.workspaces.plan(document.uri)
            if plan.problem:
                self.tell(plan.problem)
            document.analysis = Analysis(document.text, document.path or "Dockerfile", plan, document.earlier)
        return document.analysis

    async def check(self, document: Document) -> Analysis:
        """The same with its findings found, in a thread of their own where that takes long: other requests are
        answered meanwhile.
        """
        analysis = self.analysis(document)
        if self._costs.get(document.uri, len(document.text) * _COST) > _LONG:
            await asyncio.to_thread(lambda: analysis.findings)
        else:
            _ = analysis.findings
        self._costs[document.uri] = analysis.cost
        return analysis

    # -- diagnostics -------------------------------------------------------------------------------------------

    def changed(self, document: Document, *, opened: bool = False) -> None:
        """Check *document* soon.

        Keystrokes that follow one another faster than the text can be checked are checked together.
        """
        self._cancel(document.uri)
        delay = 0.0 if opened else min(self._costs.get(document.uri, 0.0), _PATIENCE)
        loop = asyncio.get_running_loop()
        if not self.client.pulls:
            self._timers[document.uri] = loop.call_later(delay, self._start, document)
        else:
            self._questions[document.uri] = loop.create_task(self._ask(document, 0.0 if opened else _QUIET))

    def closed(self, uri: str) -> None:
        """Forget what was planned for the document, and show nothing of it any more."""
        self._cancel(uri)
        self._costs.pop(uri, None)
        if not self.client.pulls:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def check_all(self) -> None:
        """Check every document anew: the configuration is another one."""
        for document in self.documents.values():
            document.analysis = None
            self.changed(document, opened=True)
        if self.client.pulls and self.client.refreshes:
            self.workspace_diagnostic_refresh(None)

    def report(self, document: Document) -> tuple[list[types.Diagnostic], str]:
        """The diagnostics of *document* as it is, with their result id."""
        found = diagnostics(document, self.analysis(document), self.client.diagnostics)
        return found, result_id(found)

    async def complete(self, document: Document) -> None:
        """Wait until ShellCheck has answered to what is asked about *document* as it is."""
        analysis = self.analysis(document)
        shellcheck, texts = analysis.dispatcher.shellcheck, analysis.pending
        if shellcheck is None or not texts:
            return
        await asyncio.get_running_loop().run_in_executor(self._shellcheck, shellcheck.ask, texts)
        for text in list(shellcheck.known)[: max(len(shellcheck.known) - _ANSWERS, 0)]:
            if text not in texts:
                del shellcheck.known[text]

    def _start(self, document: Document) -> None:
        self._timers.pop(document.uri, None)
        self._questions[document.uri] = asyncio.get_running_loop().create_task(self._push(document))

    async def _push(self, document: Document) -> None:
        """Show what the rules find, then what ShellCheck does, both only if the text is still that."""
        try:
            analysis = await self.check(document)
            if document.analysis is analysis and self.documents.get(document.uri) is document:
                self._publish(document)
                if analysis.pending:
                    await self._ask(document, _QUIET)
        except Exception:
            log.exception("checking %s failed", document.uri)

    def _publish(self, document: Document) -> None:
        found, _ = self.report(document)
        version = document.version if self.client.versions else None
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(document.uri, found, version))

    async def _ask(self, document: Document, delay: float) -> None:
        """Ask ShellCheck once nobody has typed for *delay* seconds, and show what it says if the text is still that."""
        try:
            await asyncio.sleep(delay)
            analysis = await self.check(document)
            before = len(analysis.findings)
            if not analysis.pending:
                return
            await self.complete(document)
            if document.analysis is not analysis or self.documents.get(document.uri) is not document:
                return
            if not self.client.pulls:
                self._publish(document)
            elif self.client.refreshes and len(analysis.findings) != before:
                self.workspace_diagnostic_refresh(None)
        except Exception:
            log.exception("asking ShellCheck about %s failed", document.uri)

    def _cancel(self, uri: str) -> None:
        timer, question = self._timers.pop(uri, None), self._questions.pop(uri, None)
        if timer is not None:
            timer.cancel()
        if question is not None:
            question.cancel()

    # -- configuration and messages ----------------------------------------------------------------------------

    def configure(self, options: EditorOptions, folder: str | None = None) -> None:
        """Let *options* hold, and say what of them could not be used."""
        for complaint in options.wrong:
            self.tell(f"settings: {complaint}")
        if options.log_level:
            logging.getLogger("dlinter").setLevel(options.log_level.upper())
        self.workspaces.configure(options, folder)

    def tell(self, message: str) -> None:
        """Show *message* to the user, once."""
        log.warning("%s", message)
        if message not in self._told:
            self._told.add(message)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"dlint: {message}"))

    def report_server_error(self, error: Exception, source: Any) -> None:
        # what a request was refused for is in the answer
        level = logging.DEBUG if source is FeatureRequestError else logging.ERROR
        log.log(level, "%s: %s", getattr(source, "__name__", source), error)

    # -- handlers ----------------------------------------------------------------------------------------------

    def handle(
        self, method: str, options: Any = None, otherwise: Any = None
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a handler of *method*. What goes wrong in it is logged, and the client gets *otherwise*."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            guarded = _guarded(function, method, otherwise)
            self.feature(method, options)(guarded)
            return function

        return register


def _guarded(function: Callable[..., Any], method: str, otherwise: Any) -> Callable[..., Any]:
    if asyncio.iscoroutinefunction(function):

        @wraps(function)
        async def later(ls: DlintServer, *params: Any) -> Any:
            try:
                return await function(ls, *params)
            except JsonRpcException:
                raise
            except Exception:
                log.exception("%s failed", method)
                return otherwise

        return later

    @wraps(function)
    def at_once(ls: DlintServer, *params: Any) -> Any:
        try:
            return function(ls, *params)
        except JsonRpcException:
            raise
        except Exception:
            log.exception("%s failed", method)
            return otherwise

    return at_once
