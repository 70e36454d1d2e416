"""Diagnostics over a real connection: pushed and pulled, versions, ranges, broken texts, ShellCheck behind."""

from __future__ import annotations

import asyncio
import random

import pytest
from lsp_session import capabilities, session
from lsprotocol import types

from dlinter.shellcheck import locate

pytestmark = pytest.mark.asyncio

BAD = "FROM debian\nRUN apt-get install -y --no-install-recommends curl\nMAINTAINER me\n"
needs_shellcheck = pytest.mark.skipif(locate() is None, reason="ShellCheck is not installed")


async def test_diagnostics_are_pushed_with_everything_there_is_to_say() -> None:
    async with session() as editor:
        uri = editor.open(BAD)
        first, *_, last = await editor.found(uri, "DL3006", "DL8002", "DL4000")
        assert first.range == types.Range(types.Position(0, 5), types.Position(0, 11))
        assert first.source == "dlint"
        assert first.severity == types.DiagnosticSeverity.Warning
        assert first.code_description is not None and first.code_description.href.endswith("DL3006.md")
        assert list(last.tags or ()) == [types.DiagnosticTag.Deprecated]
        data = last.data
        assert isinstance(data, dict)
        assert data["isPreferred"] is True and data["safety"] == "safe"
        assert [edit["newText"] for edit in data["edits"]] == ['LABEL org.opencontainers.image.authors="me"']
        editor.change(uri, 0, 11, 11, ":12")
        await editor.found(uri, "DL8002", "DL4000")
        editor.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
        await editor.found(uri)


async def test_the_instruction_that_wins_is_related() -> None:
    async with session() as editor:
        uri = editor.open('FROM debian:12\nCMD ["a"]\nCMD ["b"]\n')
        (found,) = await editor.found(uri, "DL4003")
        assert list(found.tags or ()) == [types.DiagnosticTag.Unnecessary]
        assert found.related_information is not None
        (place,) = found.related_information
        assert place.location.range.start == types.Position(2, 0)


async def test_a_modest_client_gets_no_more_than_it_asked_for() -> None:
    modest = types.ClientCapabilities()
    async with session(modest) as editor:
        uri = editor.open(BAD)
        for found in await editor.found(uri, "DL3006", "DL8002", "DL4000"):
            assert (found.data, found.tags, found.code_description, found.related_information) == (None,) * 4


async def test_diagnostics_are_pulled_and_unchanged_where_they_are() -> None:
    async with session(capabilities(pull=True)) as editor:
        assert editor.started.capabilities.diagnostic_provider is not None
        uri = editor.open(BAD)
        report = await editor.pull(uri)
        assert [each.code for each in report.items] == ["DL3006", "DL8002", "DL4000"]
        again = await editor.pull(uri, report.result_id)
        assert again.kind == "unchanged" and again.result_id == report.result_id
        editor.change(uri, 0, 0, 0, "\n")
        moved = await editor.pull(uri, report.result_id)
        assert moved.kind == "full" and moved.items[0].range.start.line == 1
        assert not editor.client.diagnostics
        unknown = await editor.pull("untitled:never-opened")
        assert not unknown.items


@needs_shellcheck
@pytest.mark.parametrize("pull", [False, True])
async def test_shellcheck_follows(pull: bool) -> None:
    text = "FROM debian:12\nRUN é=1; rm -rf /usr/$x\n"
    async with session(capabilities(pull=pull)) as editor:
        uri = editor.open(text)
        if pull:
            report = await editor.pull(uri)
            if not [each for each in report.items if str(each.code).startswith("SC")]:
                await editor.until(lambda: editor.client.diagnostic_refresh_count > 0)
            found = (await editor.pull(uri)).items
        else:
            await editor.until(lambda: "SC2154" in editor.codes(uri))
            found = editor.client.diagnostics[uri]
        shell = next(each for each in found if each.code == "SC2154")
        assert shell.range == types.Range(types.Position(1, 21), types.Position(1, 23))
        assert shell.code_description.href == "https://www.shellcheck.net/wiki/SC2154"
        if not pull:
            # known scripts are not asked about again: the first report has it
            editor.client.diagnostics.clear()
            editor.change(uri, 0, 0, 0, "# a comment\n")
            await editor.until(lambda: uri in editor.client.diagnostics)
            assert "SC2154" in editor.codes(uri)


@needs_shellcheck
async def test_a_client_that_cannot_be_refreshed_waits_for_shellcheck() -> None:
    able = capabilities(pull=True, workspace__diagnostics=None)
    async with session(able) as editor:
        uri = editor.open("FROM debian:12\nRUN rm -rf /usr/$x\n")
        assert "SC2154" in [each.code for each in (await editor.pull(uri)).items]


async def test_every_state_while_typing_has_diagnostics() -> None:
    text = (
        'FROM debian:12 AS a\nRUN --mount=type=cache,target=/x <<EOF\ncat "$HOME"\nEOF\nCOPY ["a", "/b"]\nCMD ["x"]\n'
    )
    async with session() as editor:
        uri = editor.open("")
        await editor.until(lambda: uri in editor.client.diagnostics)
        at = types.Position(0, 0)
        for char in text:
            editor.send(uri, types.TextDocumentContentChangePartial(range=types.Range(at, at), text=char))
            at = types.Position(at.line + 1, 0) if char == "\n" else types.Position(at.line, at.character + 1)
        await editor.until(lambda: editor.codes(uri) == ["DL3002"] or not editor.codes(uri))
        params = types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
        assert await editor.client.text_document_document_symbol_async(params)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_positions_count_in_the_units_of_the_client(encoding: str) -> None:
    wanted = types.PositionEncodingKind(encoding)
    general = types.GeneralClientCapabilities(position_encodings=[wanted])
    async with session(capabilities(general=general)) as editor:
        assert editor.started.capabilities.position_encoding == wanted
        uri = editor.open("FROM debian:12\nRUN echo 😀é && sudo ls\n")
        (found,) = await editor.found(uri, "DL3004")
        before = "RUN echo 😀é && "
        units = {"utf-8": len(before.encode()), "utf-16": len(before) + 1, "utf-32": len(before)}[encoding]
        assert found.range.start == types.Position(1, units)
        editor.change(uri, 1, units, units + 5, "")
        await editor.found(uri)


async def test_random_edits_leave_server_and_client_with_the_same_text() -> None:
    rng = random.Random(7)
    pieces = ["\n", "RUN ", "😀", "é", "\\\n", "<<EOF\n", "EOF\n", '"', "FROM a\r\n", "\r", " "]
    async with session(capabilities(pull=True)) as editor:
        text = "FROM debian:12\nRUN echo é 😀 \\\n  && ls\n"
        uri = editor.open(text)
        for _ in range(40):
            lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            line = rng.randrange(len(lines))
            start = rng.randrange(len(lines[line]) + 1)
            end = rng.randrange(start, len(lines[line]) + 1)
            new = rng.choice(pieces)
            units = [len(lines[line][:at].encode("utf-16-le")) // 2 for at in (start, end)]
            editor.change(uri, line, *units, new)
            text = _spliced(text, line, start, end, new)
        other = editor.open(text, "untitled:other")
        changed, fresh = await editor.pull(uri), await editor.pull(other)
        assert changed.items == fresh.items


def _spliced(text: str, line: int, start: int, end: int, new: str) -> str:
    at = 0
    for _ in range(line):
        ends = [(text.find(sign, at), len(sign)) for sign in ("\r\n", "\n", "\r") if text.find(sign, at) >= 0]
        found, length = min(ends, key=lambda each: (each[0], -each[1]))
        at = found + length
    return text[: at + start] + new + text[at + end :]


async def test_changes_of_unknown_documents_are_no_reason_to_stop() -> None:
    async with session() as editor:
        editor.versions["untitled:unknown"] = 0
        editor.send("untitled:unknown", types.TextDocumentContentChangeWholeDocument(text="FROM x"))
        uri = editor.open("FROM debian\n")
        await editor.found(uri, "DL3006")
        editor.send(uri, types.TextDocumentContentChangeWholeDocument(text="FROM debian:12\n"))
        await editor.found(uri)
        params = types.HoverParams(types.TextDocumentIdentifier("untitled:unknown"), types.Position(0, 0))
        assert await editor.client.text_document_hover_async(params) is None


async def test_a_burst_of_changes_is_not_checked_one_by_one() -> None:
    async with session() as editor:
        uri = editor.open("FROM debian:12\n" + "RUN apt-get update && apt-get install -y curl\n" * 150)
        await editor.until(lambda: uri in editor.client.diagnostics)
        reports = 0

        def count(params: types.PublishDiagnosticsParams) -> None:
            nonlocal reports
            reports += 1
            editor.client.diagnostics[params.uri] = params.diagnostics

        editor.client.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        editor.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(count)
        for number in range(30):
            editor.change(uri, 0, 14, 14 + (number > 0), str(number % 10))
        editor.change(uri, 0, 0, 4, "FRUM")
        await editor.until(lambda: any(code.startswith("DL1") for code in editor.codes(uri)))
        assert reports < 25
        await asyncio.sleep(0)


@pytest.mark.parametrize("told", [True, False])
async def test_reports_name_the_version_for_those_who_know_versions(told: bool) -> None:
    able = capabilities(text_document__publish_diagnostics__version_support=told)
    async with session(able) as editor:
        versions: list[int | None] = []

        def note(params: types.PublishDiagnosticsParams) -> None:
            versions.append(params.version)

        editor.client.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        editor.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(note)
        uri = editor.open("FROM debian\n")
        await editor.until(lambda: bool(versions))
        editor.change(uri, 0, 0, 0, "# two\n")
        await editor.until(lambda: len(versions) > 1)
        assert versions == ([1, 2] if told else [None, None])
