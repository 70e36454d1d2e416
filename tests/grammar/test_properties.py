"""What holds for every text: the parser never raises, the pieces tile the file, offsets lead back to it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dlinter_grammar.dockerfile import parse
from dlinter_grammar.nodes import Document, Instruction, Token
from dlinter_grammar.spaces import SPACE

PIECES = [
    *("FROM a AS b\n", "RUN ", "COPY ", "ENV ", "ARG ", "LABEL ", "ONBUILD ", "HEALTHCHECK ", "CMD ", "VOLUME "),
    *("EXPOSE ", "SHELL ", "ADD ", "foo ", "a", "b ", "=", '"', "'", "\\", "`", "\\\n", "`\n", "\n", "\n\n", "\r\n"),
    *("\r", " ", "\t", "# c\n", "#\n", "# escape=`\n", "# syntax=x\n", "\ufeff", "--from=", "--", "--link "),
    *("--mount=type=", "<<E", "<<-'F G'", "E\n", "\tF G\n", "[", "]", '["a", "b"]', "[1]", "$x", "${", "}", ":-"),
    *("\x0b", "\x0c", "\x1c", "\xa0", "\u3000", "\u00e0", "\udc85", "\udcff", "\x00", "\u212a", "1", "/tcp", "@"),
    *(",", "=x,", "target=/x", "http://x/y.git?a=b", "999"),
]
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.text(max_size=60))

SAMPLE = (
    '\ufeff# syntax=x\n# escape=\\\n\n# c\nFROM --platform=linux a AS b\nENV a=b \\\n# d\n\n  c="d \\\n e"\n'
    'RUN <<A cat <<-\'B\' \\\n && x\none\nA\n\ttwo\n\tB\nHEALTHCHECK --interval=5s CMD ["a", "b"]\r\n'
    "ONBUILD COPY --from=b --chown=\u00e0b c d\nRUN echo $((1 << 2))\nARG x=1 y\nfoo\n\\\nCMD x \\\n"
)


def check(text: str) -> None:
    document = parse(text)
    assert document.text is text
    check_tiles(document)
    for instruction in document.instructions:
        check_offsets(text, instruction)
    for problem in document.problems:
        assert 0 <= problem.start <= problem.end <= len(text)
        assert problem.level in ("parser", "instruction", "dispatch")
        assert problem.line <= text.count("\n") + 1
    assert document.instructions or any(problem.level == "parser" for problem in document.problems)


def check_tiles(document: Document) -> None:
    """Every character belongs to exactly one thing; between the things there is white space only."""
    text = document.text
    things: list[tuple[int, int]] = [(0, 1)] if document.bom else []
    things += [(directive.start, directive.end) for directive in document.directives]
    things += [(comment.start, comment.end) for comment in document.comments]
    previous = 0
    for instruction in document.instructions:
        assert previous <= instruction.close
        previous = instruction.close
        pieces = instruction.map.sources
        offsets = [*instruction.map.offsets, len(instruction.map.text)]
        things += [(at, at + offsets[i + 1] - offsets[i]) for i, at in enumerate(pieces)]
        things += [(comment.start, comment.end) for comment in instruction.comments]
        things += [(blank.start, blank.end) for blank in instruction.blanks]
        things += [(heredoc.start, heredoc.close) for heredoc in instruction.heredocs]
    at = 0
    for start, end in sorted(thing for thing in things if thing[0] < thing[1]):
        assert at <= start, "two things overlap"
        assert not text[at:start].strip(SPACE + document.escape), text[at:start]
        at = end
    assert not text[at:].strip(SPACE + document.escape)


def check_offsets(text: str, instruction: Instruction) -> None:
    text_map = instruction.map
    for offset, char in enumerate(text_map.text):
        assert text[text_map.at(offset)] == char
    inner: Instruction | None = instruction
    while inner is not None:
        assert 0 <= inner.rest <= len(text_map.text)
        tokens: list[Token] = [inner.name, *inner.args]
        tokens += [token for pair in inner.pairs for token in (pair.key, pair.value) if token is not None]
        tokens += [flag.value for flag in inner.flags if flag.value is not None]
        tokens += [heredoc.word for heredoc in inner.heredocs]
        tokens += [inner.kind] if inner.kind is not None else []
        for token in tokens:
            assert 0 <= token.start <= token.end <= len(text)
            if token.text:
                assert (text[token.start], text[token.end - 1]) == (token.text[0], token.text[-1])
            # what stands there, continuations and comments in between left out
            inside = [text_map.at(i) for i in range(len(text_map.text)) if token.start <= text_map.at(i) < token.end]
            assert "".join(text[at] for at in inside) == token.text
        inner = inner.inner


@given(texts)
@settings(max_examples=700, deadline=None)
def test_any_text(text: str) -> None:
    check(text)


def test_a_file_cut_anywhere() -> None:
    check(SAMPLE)
    for cut in range(len(SAMPLE)):
        check(SAMPLE[:cut])
        check(SAMPLE[cut:])


@given(st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 4), st.sampled_from(PIECES)), max_size=6))
@settings(max_examples=300, deadline=None)
def test_random_edits(edits: list[tuple[int, int, str]]) -> None:
    text = SAMPLE
    for position, length, piece in edits:
        text = text[:position] + piece + text[position + length :]
    check(text)


@given(st.binary(max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_bytes(data: bytes) -> None:
    check(data.decode("utf-8", "surrogateescape"))


@given(st.text(alphabet=st.characters(), max_size=30))
@settings(max_examples=200, deadline=None)
def test_lone_surrogates(text: str) -> None:
    check("FROM a\nRUN --x=" + text + "\nENV " + text)


def test_parsing_twice_gives_the_same() -> None:
    first, second = parse(SAMPLE), parse(SAMPLE)
    assert [repr(problem) for problem in first.problems] == [repr(problem) for problem in second.problems]
    assert [repr(instruction) for instruction in first.instructions] == [
        repr(instruction) for instruction in second.instructions
    ]
