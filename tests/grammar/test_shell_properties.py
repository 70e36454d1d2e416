"""Random scripts: spans nest and match their text, nothing but ShellSyntaxError is raised, time grows with length."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_shell import TREES
from test_shell_errors import ACCEPTED, REFUSED

from dlinter_grammar.shell import ShellSyntaxError, parse, walk
from dlinter_grammar.shell_nodes import (
    Glob,
    Operator,
    Redirect,
    Script,
    ShellNode,
    ShellWord,
    Substitution,
    children,
)

WORDS = [
    "a",
    "b",
    "-x",
    "'c d'",
    '"e $f g"',
    "$h",
    "${i:-j}",
    "k*",
    "{l,m}",
    "n=o",
    "--p=q",
    r"r\ s",
    '""',
    "~/t",
    "é",
    "[u]",
]
word = st.sampled_from(WORDS)


def joined(*pieces: str | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(piece) if isinstance(piece, str) else piece for piece in pieces)).map("".join)


def compound(script: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        joined("{ ", script, "\n}"),
        joined("( ", script, " )"),
        joined("if ", script, "\nthen ", script, "\nfi"),
        joined("if ", script, "\nthen ", script, "\nelif ", script, "\nthen ", script, "\nelse ", script, "\nfi"),
        joined("while ", script, "\ndo ", script, "\ndone"),
        joined("for x in ", word, " ", word, "; do ", script, "\ndone >", word),
        joined("case ", word, " in ", word, "|", word, ") ", script, "\n;; (", word, ") ", script, "\nesac"),
        joined("f() { ", script, "\n}"),
        joined("[[ a == ", word, " ]]"),
        st.just("(( a + 1 ))"),
    )


def extend(script: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inner = st.one_of(
        word,
        joined("$(", script, "\n)"),
        joined('"$(', script, '\n)"'),
        joined("<(", script, "\n)"),
        joined("${x:-$(", script, "\n)}"),
    )
    redirect = st.one_of(joined(">", word), st.just("2>&1"), joined("<<<", inner))
    simple = st.lists(st.one_of(inner, redirect), min_size=1, max_size=4).map(lambda items: "a " + " ".join(items))
    command = st.one_of(simple, compound(script), joined("V=", inner, " ", simple))
    pipeline = st.lists(command, min_size=1, max_size=3).map(" | ".join)
    and_or = st.tuples(st.sampled_from(["", "! "]), pipeline, st.sampled_from([" && ", " ||\n"]), pipeline).map("".join)
    return st.lists(st.one_of(pipeline, and_or), min_size=1, max_size=3).map("\n".join)


scripts = st.recursive(joined("a ", word), extend, max_leaves=12)


def check(text: str) -> None:
    """Children lie in their parents, in order, without overlap; texts are slices; words' parts stay in them."""
    script = parse(text)
    assert (script.start, script.end) == (0, len(text))
    pending: list[ShellNode] = [script]
    while pending:
        node = pending.pop()
        at = node.start
        for child in children(node):
            assert at <= child.start <= child.end <= node.end, (node, child, text)
            at = child.end
            pending.append(child)
        if isinstance(node, (ShellWord, Operator)):
            written = text[node.start : node.end]
            assert node.text == (written if isinstance(node, ShellWord) else written.replace("\\\n", ""))
        elif isinstance(node, Glob):
            assert node.value == text[node.start : node.end]
        elif isinstance(node, Redirect) and node.body is not None:
            assert node.end <= node.body[0] <= node.body[1] <= len(text)
        elif isinstance(node, Substitution) and isinstance(node.script, Script):
            assert node.start < node.script.start <= node.script.end == node.end - 1


@settings(max_examples=100, deadline=None)
@given(scripts)
def test_generated_scripts_parse_and_their_spans_nest(script: str) -> None:
    check(script)


@pytest.mark.parametrize("script", [*TREES, *ACCEPTED])
def test_spans_nest(script: str) -> None:
    check(script)


def outcome(text: str) -> None:
    try:
        check(text)
    except ShellSyntaxError as error:
        assert 0 <= error.offset <= len(text)
        assert error.message


@pytest.mark.parametrize("script", [*TREES, *ACCEPTED, *REFUSED])
def test_cut_anywhere(script: str) -> None:
    for at in range(len(script)):
        outcome(script[:at])
        outcome(script[at:])
        outcome(script[:at] + script[at + 1 :])


PIECES = [
    *"\"'`$(){}[]<>|&;\n\\#=~*?!-+@ \t\r\0\x85é\U0001f433", "$(", "${", "$((", "((", "))", "[[", "]]", "<<",
    "<<-E\n", "\nE\n", "<(", ">&", "&>", ";;", ";&", "\\\n", "if ", "then ", "fi ", "for ", "in ", "do ", "done ",
    "while ", "case ",
    "esac ", "function ", "coproc ", "time ", "! ", "a", "a=", "a=(", "a[", "f()", " == ", " =~ ",
]  # fmt: skip


@settings(max_examples=700, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_nonsense_raises_nothing_else(script: str) -> None:
    outcome(script)


@settings(max_examples=100, deadline=None)
@given(scripts, st.data())
def test_edited_scripts_raise_nothing_else(script: str, data: st.DataObject) -> None:
    for _ in range(2):
        at = data.draw(st.integers(0, len(script)))
        cut = data.draw(st.integers(0, 3))
        script = script[:at] + data.draw(st.sampled_from(["", *PIECES])) + script[at + cut :]
    outcome(script)


def test_walk_is_in_source_order_and_complete() -> None:
    text = 'a "$(b)" >c && d=e f | { g; }'
    nodes = list(walk(parse(text)))
    assert [node.start for node in nodes] == sorted(node.start for node in nodes)
    assert sum(isinstance(node, ShellWord) for node in nodes) == 7


def work(action: Callable[[], object]) -> int:
    """How many calls and returns *action* makes: a measure that does not depend on the machine."""
    count = 0

    def tick(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


LONG: dict[str, Callable[[int], str]] = {
    "words": lambda n: "a " + "b " * n,
    "quoted words": lambda n: "a " + "'b' \"c\" " * n,
    "one word": lambda n: "a" * n,
    "one quoted word": lambda n: '"' + "a" * n + '"',
    "one word of escapes": lambda n: "\\a" * n,
    "parts": lambda n: "a$b'c'" * n,
    "statements": lambda n: "a; " * n,
    "lines": lambda n: "a\n" * n,
    "empty lines": lambda n: "a" + "\n" * n,
    "comments": lambda n: "# a\n" * n,
    "lists": lambda n: "a && " * n + "b",
    "pipes": lambda n: "a | " * n + "b",
    "bangs": lambda n: "! " * n + "a",
    "redirects": lambda n: "a" + " >b" * n,
    "redirects of a group": lambda n: "{ a; }" + " >b" * n,
    "assignments": lambda n: "a=b " * n,
    "array": lambda n: "a=(" + "b " * n + ")",
    "elifs": lambda n: "if a; then b; " + "elif a; then b; " * n + "fi",
    "clauses": lambda n: "case a in " + "b) c;; " * n + "esac",
    "patterns": lambda n: "case a in b" + "|c" * n + ") d;; esac",
    "for words": lambda n: "for a in " + "b " * n + "; do c; done",
    "terms": lambda n: "[[ a" + " && b" * n + " ]]",
    "bangs of a term": lambda n: "[[ " + "! " * n + "a ]]",
    "lines of a term": lambda n: "[[ " + "\n" * n + "a ]]",
    "substitutions": lambda n: "a " + "$(b) `c` " * n,
    "subshells": lambda n: "(a); " * n,
    "double subshells": lambda n: "((a); b); " * n,
    "arithmetic": lambda n: "a $((" + "1 + (2) + " * n + "3))",
    "parentheses": lambda n: "a $((" + "(" * n + ")" * n + "))",
    "unclosed parentheses": lambda n: "((" * n,
    "unclosed quotes": lambda n: "a " + "\"'" * n,
    "here-documents": lambda n: "a <<E\nb\nE\n" * n,
    "one here-document": lambda n: "a <<E\n" + "b\n" * n + "E\n",
    "joined lines of one": lambda n: "a <<E\n" + "b\\\n" * n + "E\n",
    "unclosed here-documents": lambda n: "a " + "<<E " * n + "\n",
    "here-documents of one line": lambda n: "a " + "<<E " * n + "\n" + "E\n" * n,
    "braces": lambda n: "a " + "{b,c}" * n,
    "unclosed braces": lambda n: "a " + "{" * n,
    "nested braces": lambda n: "a " + "{b," * n + "}" * n,
    "globs": lambda n: "a " + "[b]*?" * n,
    "unclosed brackets": lambda n: "a " + "[" * n,
    "tildes": lambda n: "a=" + ":~b" * n,
    "backslashes": lambda n: "a " + "\\" * n,
    "continuations": lambda n: "a " + "\\\n" * n,
    "dollars": lambda n: "a " + "$" * n,
    "expansions": lambda n: "a ${b" + "/$c" * n + "}",
    "semicolons of for": lambda n: "for ((a;b;" + "'c'" * n + ")); do d; done",
    "extended globs": lambda n: "[[ a == " + "@(b)" * n + " ]]",
    "groups of a regular expression": lambda n: "[[ a =~ " + "(b)|" * n + " ]]",
}


# Lists that grow: copying one each time would show in long ones only.
GROWING = {"words", "lists", "pipes", "terms", "for words", "array", "redirects", "parts"}


@pytest.mark.parametrize("kind", LONG)
def test_work_is_linear(kind: str) -> None:
    def run(size: int) -> None:
        try:
            list(walk(parse(LONG[kind](size))))
        except ShellSyntaxError:
            pass

    run(10)
    small, large = work(lambda: run(400)), work(lambda: run(1600))
    assert large <= 4 * small + 600, (small, large)


@pytest.mark.parametrize("kind", LONG)
def test_long_scripts_take_no_long_time(kind: str) -> None:
    """Regular expressions, copies and searches do not count as calls: here quadratic work would take minutes."""
    script = LONG[kind](50_000 if kind in GROWING else 8_000)
    start = time.process_time()
    try:
        parse(script)
    except ShellSyntaxError:
        pass
    assert time.process_time() - start < 4
