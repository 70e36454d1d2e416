"""Every language feature over a real connection, once: that it is wired, with positions of the protocol."""

from __future__ import annotations

from typing import Any

import pytest
from lsp_session import Session, after, applied, capabilities, session
from lsprotocol import types
from pygls.exceptions import JsonRpcException

pytestmark = pytest.mark.asyncio

TEXT = """\
# syntax=docker/dockerfile:1
ARG VERSION=12
FROM debian:$VERSION AS build
ENV GREETING=héllo😀 NAME=x
RUN   echo "$NAME" \\
      && make

FROM build
COPY --from=build /a /b
# dlint ignore=DL3006 -- why not
HEALTHCHECK CMD true
"""


def at(line: int, character: int) -> dict[str, Any]:
    return {
        "text_document": types.TextDocumentIdentifier("untitled:Dockerfile"),
        "position": types.Position(line, character),
    }


def place(line: int, start: int, end: int) -> types.Range:
    return types.Range(types.Position(line, start), types.Position(line, end))


async def test_hover_completion_and_signature() -> None:
    async with session() as editor:
        editor.open(TEXT)
        client = editor.client
        hover = await client.text_document_hover_async(types.HoverParams(**at(7, 1)))
        assert hover is not None and isinstance(hover.contents, types.MarkupContent)
        assert hover.range == place(7, 0, 4) and hover.contents.kind == types.MarkupKind.Markdown
        assert await client.text_document_hover_async(types.HoverParams(**at(6, 0))) is None
        found = await client.text_document_completion_async(types.CompletionParams(**at(8, 12)))
        assert isinstance(found, types.CompletionList)
        (stage,) = [each for each in found.items if each.label == "build"]
        assert isinstance(stage.text_edit, types.TextEdit)
        assert stage.text_edit.range == place(8, 12, 17)
        found = await client.text_document_completion_async(types.CompletionParams(**at(6, 0)))
        assert isinstance(found, types.CompletionList)
        assert {"RUN", "COPY", "HEALTHCHECK"} <= {each.label for each in found.items}
        help = await client.text_document_signature_help_async(types.SignatureHelpParams(**at(8, 18)))
        assert help is not None and help.signatures[0].label.startswith("COPY")


async def test_snippets_are_for_those_who_can_expand_them() -> None:
    able = capabilities(text_document__completion__completion_item__snippet_support=False)
    async with session(able) as editor:
        editor.open(TEXT)
        found = await editor.client.text_document_completion_async(types.CompletionParams(**at(6, 0)))
        assert isinstance(found, types.CompletionList)
        formats = {each.insert_text_format for each in found.items}
        assert formats == {types.InsertTextFormat.PlainText}
        assert not [e for e in found.items if isinstance(e.text_edit, types.TextEdit) and "${" in e.text_edit.new_text]


async def test_navigation_and_rename() -> None:
    async with session() as editor:
        editor.open(TEXT)
        client = editor.client
        (link,) = await client.text_document_definition_async(types.DefinitionParams(**at(8, 13))) or ()
        assert isinstance(link, types.LocationLink)
        assert link.target_selection_range == place(2, 24, 29) and link.origin_selection_range == place(8, 12, 17)
        both = types.ReferenceContext(include_declaration=True)
        found = await client.text_document_references_async(types.ReferenceParams(context=both, **at(8, 13)))
        assert [each.range for each in found or ()] == [place(2, 24, 29), place(7, 5, 10), place(8, 12, 17)]
        none = types.ReferenceContext(include_declaration=False)
        found = await client.text_document_references_async(types.ReferenceParams(context=none, **at(8, 13)))
        assert len(found or ()) == 2
        marks = await client.text_document_document_highlight_async(types.DocumentHighlightParams(**at(8, 13)))
        assert [each.kind for each in marks or ()] == [types.DocumentHighlightKind.Write] + [
            types.DocumentHighlightKind.Read
        ] * 2
        ready = await client.text_document_prepare_rename_async(types.PrepareRenameParams(**at(8, 13)))
        assert ready == types.PrepareRenamePlaceholder(place(8, 12, 17), "build")
        edit = await client.text_document_rename_async(types.RenameParams(new_name="base", **at(8, 13)))
        assert applied(TEXT, edit) == TEXT.replace("build", "base")
        with pytest.raises(JsonRpcException):
            await client.text_document_rename_async(types.RenameParams(new_name="not a name", **at(8, 13)))
        # behind a character of two units
        name = await client.text_document_prepare_rename_async(types.PrepareRenameParams(**at(3, 23)))
        assert name == types.PrepareRenamePlaceholder(place(3, 21, 25), "NAME")


async def test_structure() -> None:
    async with session() as editor:
        uri = editor.open(TEXT)
        client, document = editor.client, types.TextDocumentIdentifier(uri)
        outline = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
        stages = [each for each in outline or () if isinstance(each, types.DocumentSymbol) and each.children]
        assert len(stages) == 2 and "build" in stages[0].name
        folds = await client.text_document_folding_range_async(types.FoldingRangeParams(document))
        assert (4, 5) in {(each.start_line, each.end_line) for each in folds or ()}
        (selected,) = (
            await client.text_document_selection_range_async(
                types.SelectionRangeParams(document, [types.Position(8, 13)])
            )
            or ()
        )
        widths = [selected.range]
        parent = selected.parent
        while parent is not None:
            widths.append(parent.range)
            parent = parent.parent
        assert widths[0].start.line == 8 and widths[-1].start.line < 8
        links = await client.text_document_document_link_async(types.DocumentLinkParams(document))
        assert all(each.target for each in links or ())


async def test_a_flat_outline_for_those_who_know_no_other() -> None:
    able = capabilities(text_document__document_symbol__hierarchical_document_symbol_support=False)
    async with session(able) as editor:
        document = types.TextDocumentIdentifier(editor.open(TEXT))
        found = await editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
        assert found and all(isinstance(each, types.SymbolInformation) for each in found)


async def test_semantic_tokens_lie_on_words() -> None:
    async with session() as editor:
        uri = editor.open(TEXT)
        document = types.TextDocumentIdentifier(uri)
        options = editor.started.capabilities.semantic_tokens_provider
        assert isinstance(options, types.SemanticTokensOptions)
        full = await editor.client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
        assert full is not None
        words = decoded(list(full.data), list(options.legend.token_types))
        assert (2, "FROM", "keyword") in words
        assert any(word == "NAME" for _, word, _ in words)
        part = await editor.client.text_document_semantic_tokens_range_async(
            types.SemanticTokensRangeParams(document, place(7, 0, 10))
        )
        assert part is not None
        assert {line for line, _, _ in decoded(list(part.data), list(options.legend.token_types))} == {7}


def decoded(data: list[int], kinds: list[str]) -> list[tuple[int, str, str]]:
    """Line, text and kind of every token of :data:`TEXT`."""
    lines = [line.encode("utf-16-le") for line in TEXT.split("\n")]
    line = column = 0
    found = []
    for at in range(0, len(data), 5):
        down, right, length, kind, _ = data[at : at + 5]
        line, column = line + down, right if down else column + right
        found.append((line, lines[line][2 * column : 2 * (column + length)].decode("utf-16-le"), kinds[kind]))
    return found


async def formatted(editor: Session, uri: str) -> str:
    options = types.FormattingOptions(tab_size=4, insert_spaces=True)
    params = types.DocumentFormattingParams(types.TextDocumentIdentifier(uri), options)
    return after(editor.texts[uri], list(await editor.client.text_document_formatting_async(params) or ()))


async def test_formatting_is_what_the_command_line_does() -> None:
    text = "from debian:12\nRUN  apt-get update &&\\\n apt-get install -y curl\n\n\nRUN   true\n"
    async with session() as editor:
        uri = editor.open(text)
        done = await formatted(editor, uri)
        assert done.startswith("FROM debian:12\nRUN apt-get update")
        assert "\n    " in done
        options = types.FormattingOptions(tab_size=4, insert_spaces=True)
        params = types.DocumentRangeFormattingParams(types.TextDocumentIdentifier(uri), place(0, 0, 3), options)
        edits = list(await editor.client.text_document_range_formatting_async(params) or ())
        assert after(text, edits) == "FROM" + text[4:]
        broken = editor.open("FROM debian:12\nRUN <<EOF\n  x", "untitled:broken")
        assert await formatted(editor, broken) == editor.texts[broken]


async def test_formatting_can_be_switched_off() -> None:
    text = "from debian:12\n"
    async with session(options={"format": {"enable": False}}) as editor:
        assert await formatted(editor, editor.open(text)) == text
