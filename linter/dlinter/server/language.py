"""The language features, from offsets and plain values to the protocol's types and back."""

from __future__ import annotations

from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from dlinter.server.changes import text_edits
from dlinter.server.diagnostics import range_of
from dlinter.server.documents import Document, uri_of
from dlinter.server.features import TOKEN_KINDS, TOKEN_MODIFIERS
from dlinter.server.server import DlintServer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlinter.server.features import Completion, Definition, Fold, SemanticToken, Symbol
    from dlinter.tree import Dockerfile

#: the protocol's RequestFailed: the client shows the message
_REQUEST_FAILED = -32803
_LEGEND = types.SemanticTokensLegend(list(TOKEN_KINDS), list(TOKEN_MODIFIERS))
_KIND_NUMBERS = {kind: number for number, kind in enumerate(TOKEN_KINDS)}
_MODIFIER_BITS = {modifier: 1 << number for number, modifier in enumerate(TOKEN_MODIFIERS)}
_COMPLETION_TRIGGERS = list("$-=,/:{#< ")
_SIGNATURE_TRIGGERS = [" ", "-", "=", ",", "["]


def register(server: DlintServer) -> None:
    """Add the handlers to *server*."""
    server.handle(types.TEXT_DOCUMENT_HOVER)(_hover)
    server.handle(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=_COMPLETION_TRIGGERS))(
        _completion
    )
    server.handle(
        types.TEXT_DOCUMENT_SIGNATURE_HELP, types.SignatureHelpOptions(trigger_characters=_SIGNATURE_TRIGGERS)
    )(_signature)
    server.handle(types.TEXT_DOCUMENT_DEFINITION)(_definition)
    server.handle(types.TEXT_DOCUMENT_REFERENCES)(_references)
    server.handle(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)(_highlights)
    server.handle(types.TEXT_DOCUMENT_PREPARE_RENAME)(_prepare_rename)
    server.handle(types.TEXT_DOCUMENT_RENAME)(_rename)
    server.handle(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(_symbols)
    server.handle(types.TEXT_DOCUMENT_FOLDING_RANGE)(_folds)
    server.handle(types.TEXT_DOCUMENT_SELECTION_RANGE)(_selections)
    server.handle(types.TEXT_DOCUMENT_DOCUMENT_LINK)(_links)
    server.handle(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _LEGEND, types.SemanticTokens([]))(_tokens)
    server.handle(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, _LEGEND, types.SemanticTokens([]))(_tokens_in)
    server.handle(types.TEXT_DOCUMENT_FORMATTING)(_format)
    server.handle(types.TEXT_DOCUMENT_RANGE_FORMATTING)(_format_range)


def _at(ls: DlintServer, params: Any) -> tuple[Document, Dockerfile, int] | None:
    """The document, its tree and the offset that *params* are about."""
    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    offset = document.lines.offset(params.position.line, params.position.character)
    return document, ls.analysis(document).file, offset


def _hover(ls: DlintServer, params: types.HoverParams) -> types.Hover | None:
    from dlinter.server.features.hover import hover

    place = _at(ls, params)
    found = hover(place[1], place[2]) if place is not None else None
    if place is None or found is None:
        return None
    return types.Hover(_markdown(found.text), range_of(place[0].lines, found.start, found.end))


def _completion(ls: DlintServer, params: types.CompletionParams) -> types.CompletionList | None:
    from dlinter.server.features.completion import complete

    place = _at(ls, params)
    if place is None:
        return None
    document, file, offset = place
    items = [_item(ls, document, each) for each in complete(file, offset)]
    return types.CompletionList(is_incomplete=False, items=items)


def _item(ls: DlintServer, document: Document, found: Completion) -> types.CompletionItem:
    """One proposal."""
    snippet = found.snippet and ls.client.snippets
    text = found.text if snippet or not found.snippet else found.plain
    again = types.Command("Suggest", "editor.action.triggerSuggest") if found.more and ls.client.suggests else None
    return types.CompletionItem(
        label=found.label,
        kind=types.CompletionItemKind[found.kind.capitalize()],
        detail=found.detail or None,
        documentation=_markdown(found.documentation) if found.documentation else None,
        tags=[types.CompletionItemTag.Deprecated] if found.deprecated else None,
        sort_text=f"{found.order:04} {found.label}",
        filter_text=found.filter or found.label,
        insert_text_format=types.InsertTextFormat.Snippet if snippet else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(range_of(document.lines, found.start, found.end), text),
        command=again,
    )


def _signature(ls: DlintServer, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
    from dlinter.server.features.signature import signature

    place = _at(ls, params)
    found = signature(place[1], place[2]) if place is not None else None
    if found is None:
        return None
    parameters = [
        types.ParameterInformation(
            label=(_utf16(found.label[: each.start]), _utf16(found.label[: each.end])),
            documentation=_markdown(each.documentation) if each.documentation else None,
        )
        for each in found.parameters
    ]
    shown = types.SignatureInformation(
        label=found.label, documentation=_markdown(found.documentation), parameters=parameters
    )
    return types.SignatureHelp([shown], active_signature=0, active_parameter=found.active)


def _definition(
    ls: DlintServer, params: types.DefinitionParams
) -> list[types.LocationLink] | list[types.Location] | None:
    from dlinter.server.features.navigation import definitions

    place = _at(ls, params)
    if place is None:
        return None
    document, file, offset = place
    found = definitions(file, offset)
    if ls.client.definition_links:
        return [_link(document, each) for each in found]
    lines = document.lines
    return [types.Location(document.uri, range_of(lines, d.selection.start, d.selection.end)) for d in found]


def _link(document: Document, found: Definition) -> types.LocationLink:
    lines = document.lines
    return types.LocationLink(
        target_uri=document.uri,
        target_range=range_of(lines, found.target.start, found.target.end),
        target_selection_range=range_of(lines, found.selection.start, found.selection.end),
        origin_selection_range=range_of(lines, found.origin.start, found.origin.end),
    )


def _references(ls: DlintServer, params: types.ReferenceParams) -> list[types.Location] | None:
    from dlinter.server.features.navigation import references

    place = _at(ls, params)
    if place is None:
        return None
    document, file, offset = place
    found = references(file, offset, declaration=params.context.include_declaration)
    return [types.Location(document.uri, range_of(document.lines, each.start, each.end)) for each in found]


def _highlights(ls: DlintServer, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight] | None:
    from dlinter.server.features.navigation import highlights

    place = _at(ls, params)
    if place is None:
        return None
    kinds = {True: types.DocumentHighlightKind.Write, False: types.DocumentHighlightKind.Read}
    lines = place[0].lines
    return [
        types.DocumentHighlight(range_of(lines, each.start, each.end), kinds[each.write])
        for each in highlights(place[1], place[2])
    ]


def _prepare_rename(ls: DlintServer, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
    from dlinter.server.features.navigation import prepare_rename

    place = _at(ls, params)
    name = prepare_rename(place[1], place[2]) if place is not None else None
    if place is None or name is None:
        return None
    return types.PrepareRenamePlaceholder(range_of(place[0].lines, name.start, name.end), name.text)


def _rename(ls: DlintServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
    from dlinter.server.features import RenameError
    from dlinter.server.features.navigation import rename

    place = _at(ls, params)
    if place is None:
        return None
    document, file, offset = place
    try:
        return ls.client.edits.make(document, rename(file, offset, params.new_name))
    except RenameError as error:
        raise JsonRpcException(str(error), _REQUEST_FAILED) from None


def _symbols(
    ls: DlintServer, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    from dlinter.server.features.symbols import symbols

    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    found = symbols(ls.analysis(document).file)
    if ls.client.nested_symbols:
        return [_symbol(document, each) for each in found]
    return [info for each in found for info in _flat(document, each, None)]


def _symbol(document: Document, found: Symbol) -> types.DocumentSymbol:
    lines = document.lines
    return types.DocumentSymbol(
        name=found.name or " ",
        detail=found.detail or None,
        kind=types.SymbolKind[found.kind.capitalize()],
        tags=[types.SymbolTag.Deprecated] if found.deprecated else None,
        range=range_of(lines, found.start, found.end),
        selection_range=range_of(lines, found.name_start, found.name_end),
        children=[_symbol(document, each) for each in found.children],
    )


def _flat(document: Document, found: Symbol, container: str | None) -> list[types.SymbolInformation]:
    """A symbol and those in it, for clients that know no outline of several levels."""
    location = types.Location(document.uri, range_of(document.lines, found.start, found.end))
    kind = types.SymbolKind[found.kind.capitalize()]
    flat = [types.SymbolInformation(location=location, name=found.name or " ", kind=kind, container_name=container)]
    return flat + [info for child in found.children for info in _flat(document, child, found.name)]


def _folds(ls: DlintServer, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    from dlinter.server.features.folding import folds

    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    ranges = [_fold(document, each) for each in folds(ls.analysis(document).file)]
    return [each for each in ranges if each.end_line > each.start_line]


def _fold(document: Document, found: Fold) -> types.FoldingRange:
    first, _ = document.lines.position(found.start)
    last, _ = document.lines.position(found.end)
    kind = types.FoldingRangeKind.Comment if found.kind == "comment" else types.FoldingRangeKind.Region
    return types.FoldingRange(first, last, kind=kind, collapsed_text=found.text or None)


def _selections(ls: DlintServer, params: types.SelectionRangeParams) -> list[types.SelectionRange] | None:
    from dlinter.server.features.selection import selection

    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    file, lines = ls.analysis(document).file, document.lines
    found: list[types.SelectionRange] = []
    for position in params.positions:
        offset = lines.offset(position.line, position.character)
        around: types.SelectionRange | None = None
        for each in reversed(selection(file, offset)):
            around = types.SelectionRange(range_of(lines, each.start, each.end), around)
        found.append(around or types.SelectionRange(range_of(lines, offset, offset)))
    return found


def _links(ls: DlintServer, params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
    from dlinter.server.features.links import links

    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    return [
        types.DocumentLink(
            range=range_of(document.lines, each.start, each.end),
            target=uri_of(each.target) if each.local else each.target,
            tooltip=each.tooltip or None,
        )
        for each in links(ls.analysis(document).file)
        if document.path is not None or not each.local
    ]


def _tokens(ls: DlintServer, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
    from dlinter.server.features.tokens import tokens

    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    return types.SemanticTokens(data=_encoded(document, tokens(ls.analysis(document).file)))


def _tokens_in(ls: DlintServer, params: types.SemanticTokensRangeParams) -> types.SemanticTokens | None:
    from dlinter.server.features.tokens import tokens

    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    start, end = _offsets(document, params.range)
    return types.SemanticTokens(data=_encoded(document, tokens(ls.analysis(document).file, start, end)))


def _encoded(document: Document, found: Sequence[SemanticToken]) -> list[int]:
    """Five numbers a token: lines and columns from the one before, length, kind, modifiers."""
    position = document.lines.position
    data: list[int] = []
    last_line = last = 0
    for token in found:
        line, column = position(token.start)
        end = position(token.end)[1]
        modifiers = sum(_MODIFIER_BITS[modifier] for modifier in token.modifiers)
        data += (
            line - last_line, column - last if line == last_line else column, end - column,
            _KIND_NUMBERS[token.kind], modifiers,
        )  # fmt: skip
        last_line, last = line, column
    return data


def _format(ls: DlintServer, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
    from dlinter.server.formatting import formatted

    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    return text_edits(document, formatted(document, ls.analysis(document), params.options))


def _format_range(ls: DlintServer, params: types.DocumentRangeFormattingParams) -> list[types.TextEdit] | None:
    from dlinter.server.formatting import formatted

    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    part = _offsets(document, params.range)
    return text_edits(document, formatted(document, ls.analysis(document), params.options, part))


def _offsets(document: Document, place: types.Range) -> tuple[int, int]:
    offset = document.lines.offset
    return offset(place.start.line, place.start.character), offset(place.end.line, place.end.character)


def _markdown(text: str) -> types.MarkupContent:
    return types.MarkupContent(types.MarkupKind.Markdown, text)


def _utf16(text: str) -> int:
    """The length of *text* in UTF-16, which offsets in labels count in whatever was agreed on."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
