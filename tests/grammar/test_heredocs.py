"""Which words are heredocs, their names and bodies. Every row was put to BuildKit's parser, and it agrees."""

from __future__ import annotations

import pytest
from grammar_helpers import names, only

from dlinter_grammar.dockerfile import parse
from dlinter_grammar.heredocs import find_heredocs
from dlinter_grammar.nodes import TextMap

#: a line and its heredocs: name, expand, chomp, number
WORDS: list[tuple[str, list[tuple[str, bool, bool, int | None]]]] = [
    ("RUN <<EOF", [("EOF", True, False, None)]),
    ("RUN <<-EOF", [("EOF", True, True, None)]),
    ("RUN <<'EOF'", [("EOF", False, False, None)]),
    ('RUN <<"E F"', [("E F", False, False, None)]),
    ("RUN <<E'O'F", [("EOF", False, False, None)]),
    ("RUN <<\\EOF", [("EOF", True, False, None)]),
    ("RUN << EOF", [("EOF", True, False, None)]),
    ("RUN <<\t 'a b'", [("a b", False, False, None)]),
    ("RUN << -EOF", [("-EOF", True, False, None)]),
    ("RUN <<- EOF", []),
    ("RUN 3<<EOF", [("EOF", True, False, 3)]),
    ("RUN 99999999999999999999999<<EOF", [("EOF", True, False, 2**64 - 1)]),
    ("RUN a <<A b <<B", [("A", True, False, None), ("B", True, False, None)]),
    ("RUN <<A <<A", [("A", True, False, None), ("A", True, False, None)]),
    ("RUN cat<<EOF", []),
    ("RUN A=<<E", []),
    ("RUN <<<x", []),
    ("RUN <<E<F", []),
    ("RUN <<", []),
    ('RUN <<""', []),
    ("RUN '<<E'", []),
    ('RUN "<<E"', []),
    ("RUN (cat <<EOF)", [("EOF)", True, False, None)]),
    ("RUN <<EOF;", [("EOF;", True, False, None)]),
    ("RUN <<EOF|sh", [("EOF|sh", True, False, None)]),
    ("RUN <<EOF>x", [("EOF>x", True, False, None)]),
    ("RUN echo $((1<<2))", []),
    ("RUN echo $((1 << 2))", [("2))", True, False, None)]),
    ("RUN it's <<EOF", []),
    ("RUN ${} <<EOF", []),
    ("RUN ${x <<EOF", []),
    ("RUN ${#x} <<EOF", []),
    ("RUN ${x^^} <<EOF", []),
    ("RUN ${!x} <<EOF", []),
    ("RUN ${x[0]} <<EOF", []),
    ("RUN ${x/a} <<EOF", []),
    ("RUN ${x:0:3} <<EOF", [("EOF", True, False, None)]),
    ("RUN ${x:=y} ${x:?y} <<EOF", [("EOF", True, False, None)]),
    ("RUN <<$X", [("$X", True, False, None)]),
    ("RUN <<E${x:-y}", []),
    ("RUN ${x:- <<E}", [("E}", True, False, None)]),
    ("RUN a\\ <<EOF", []),
    ("RUN # <<EOF", [("EOF", True, False, None)]),
    ("RUN --mount=x <<EOF", [("EOF", True, False, None)]),
    ("RUN --mount=<<EOF x", []),
    ('RUN "a\\"b" \'c\\\' <<EOF', [("EOF", True, False, None)]),
    ("COPY << EOF /x", [("EOF", True, False, None)]),
    ("RUN $" + "{a:-${b:-c}} <<E", [("E", True, False, None)]),
]


@pytest.mark.parametrize(("line", "expected"), WORDS)
def test_words(line: str, expected: list[tuple[str, bool, bool, int | None]]) -> None:
    found = find_heredocs(TextMap(line, (0,), (100,)), len(line))
    assert [(heredoc.name, heredoc.expand, heredoc.chomp, heredoc.fd) for heredoc in found] == expected
    for heredoc in found:
        assert line[heredoc.word.start - 100 : heredoc.word.end - 100].lstrip("0123456789").startswith("<<")


def test_only_some_instructions_have_them() -> None:
    for line in ("RUN <<E", "COPY <<E /x", "ADD <<E /x", "ONBUILD RUN <<E", "run <<E", "ONBUILD COPY <<E x"):
        instruction = parse(f"FROM a\n{line}\nb\nE\n").instructions[-1]
        assert [heredoc.content for heredoc in instruction.heredocs] == ["b\n"], line
    for line in ("CMD <<E", "ENV a=<<E", 'RUN ["<<E"]', "ONBUILD ONBUILD RUN <<E", "FOO <<E", 'COPY ["<<E", "x"]'):
        assert len(parse(f"FROM a\n{line}\nb\nE\n").instructions) == 4, line


def test_bodies() -> None:
    text = "FROM x\nRUN <<A cat <<-B\r\n# a\\\n\nB\nA \nA\n\t\tb\n\tB\nRUN c\n"
    run, after = parse(text).instructions[1:]
    first, second = run.heredocs
    assert (first.content, second.content) == ("# a\\\n\nB\nA \n", "\t\tb\n")
    for heredoc in run.heredocs:
        assert text[heredoc.start : heredoc.end] == heredoc.content
        assert heredoc.terminated
    assert text[first.end : first.close] == "A\n"
    assert text[second.end : second.close] == "\tB\n"
    assert run.close == second.close == after.start
    assert text[first.word.start : first.word.end] == "<<A"


def test_the_body_comes_after_the_last_continuation() -> None:
    text = "RUN cat <<E \\\n# no\n | b\nx\nE\nRUN y\n"
    run, after = parse("FROM a\n" + text).instructions[1:]
    assert run.heredocs[0].content == "x\n"
    assert after.map.text == "RUN y"


def test_end_of_file_without_newline() -> None:
    assert only("RUN <<E\nx\nE").heredocs[0].terminated
    assert only("RUN <<E\r\nx\r\nE\r\n").heredocs[0].content == "x\r\n"
    assert only("RUN <<E\nE").heredocs[0].content == ""


def test_backquote_has_no_meaning_in_a_heredoc() -> None:
    [run] = parse("# escape=`\nRUN <<`E\nx\n`E\n").instructions
    assert run.heredocs[0].name == "`E"


def test_what_follows_an_unterminated_heredoc_is_read() -> None:
    document = parse("FROM a\nRUN echo $((1 << 2)) <<X\n# c\n\nENV b=c\nX\n")
    assert [instruction.keyword for instruction in document.instructions] == ["from", "run", "env", "x"]
    first, second = document.instructions[1].heredocs
    assert not first.terminated
    assert (first.content, second.content) == ("# c\n\n", "")
    assert names(document) == ["unterminated-heredoc", "unknown-instruction"]


def test_a_name_that_cannot_be_read() -> None:
    document = parse("FROM a\nRUN ${x:- <<E\\'}\n")
    [problem] = document.problems
    assert (problem.name, problem.level, problem.line) == ("invalid-heredoc-name", "parser", 2)
    assert problem.message == (
        'failed to process "E\'}": unexpected end of statement while looking for matching single-quote'
    )


def test_deep_nesting_is_given_up() -> None:
    assert only("RUN " + "${a:-" * 5000 + "}" * 5000 + " <<E\n").heredocs == []
