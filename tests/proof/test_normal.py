"""The normal form of scripts."""

from __future__ import annotations

import pytest

from dlinter.proof.normal import normal, shown

EQUAL = [
    ("a b", "a   'b'"),
    ('a "b c"', "a b\\ c"),
    ("a; b", "a\nb"),
    ("a;", "a"),
    ("a && b", "a &&\n# why\nb"),
    ("a `b`", "a $(b)"),
    ("a $X", "a ${X}"),
    ("a>b c", "a c >b"),
    ("if a; then b; fi", "if a\nthen\nb\nfi"),
    ("for i in a b; do c; done", "for i in a b\ndo c\ndone"),
    ("case $a in b) c;; esac", "case $a in\n  b) c\n  ;;\nesac"),
    ("f() { a; }", "f () {\na\n}"),
    ("cat <<A\nx\nA\n", "cat <<B\nx\nB\n"),
    ("a 'b'c\"d\"", "a bcd"),
    ("a\\\nb", "ab"),
    ("[[ $a == b ]]", "[[ $a  ==  b ]]"),
]
DIFFERENT = [
    ("a $X", 'a "$X"'),
    ('a "$X"', "a '$X'"),
    ("a *", "a '*'"),
    ("a ~", "a '~'"),
    ("a {b,c}", "a '{b,c}'"),
    ("a; b", "a && b"),
    ("a || b", "a && b"),
    ("a | b", "a |& b"),
    ("a &", "a"),
    ("! a", "a"),
    ("(a)", "a"),
    ("(a)", "{ a; }"),
    ("a > b", "a >> b"),
    ("a 2>b", "a >b"),
    ("a 2>&1 >b", "a >b 2>&1"),
    ("a '' b", "a b"),
    ('a ""$X', "a $X"),
    ("a ${X:-b}", "a ${X-b}"),
    ("a ${X:-b}", "a $X"),
    ("A=b c", "c A=b"),
    ("A=b", "A+=b"),
    ("A=~/b c", 'A="~/b" c'),
    ("cat <<A\nx\nA\n", "cat <<'A'\nx\nA\n"),
    ("cat <<A\nx\nA\n", "cat <<A\nx \nA\n"),
    ("cat <<A\nx\nA\n", "cat <<-A\nx\nA\n"),
    ("case $x in a|b) c;; d) e;; esac", "case $x in a) c;; b|d) e;; esac"),
    ("case $x in a) c;; b) d;; esac", "case $x in a) c;& b) d;; esac"),
    ("if a; then b; else c; fi", "if a; then b; elif c; then :; fi"),
    ("while a; do b; done", "until a; do b; done"),
    ("for i; do a; done", "for i in; do a; done"),
    ("a && b || c", "a || b && c"),
    ("echo $((1+2))", "echo $((1 + 3))"),
    ("a $'b\\tc'", "a 'b\tc'"),
    ("f() { a; }", "function f { a; }"),
    ('[[ $a == "b*" ]]', "[[ $a == b* ]]"),
    ("[[ a =~ 'b.' ]]", "[[ a =~ b. ]]"),
    ("\\export A=$B", "export A=$B"),
    ("a[$X]", "'a['$X]"),
    ("a b", "a b; alias a=c"),
]


@pytest.mark.parametrize(("first", "second"), EQUAL)
def test_equal(first: str, second: str) -> None:
    assert normal(first) == normal(second) is not None


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_different(first: str, second: str) -> None:
    assert normal(first) != normal(second)


def test_aliases_make_a_script_unreadable() -> None:
    assert normal("alias a=b; a  c") != normal("alias a=b; a c")


def test_what_does_not_parse() -> None:
    assert normal("a (") is None


def test_shown_is_readable() -> None:
    text = "set -e; A=b c \"$X\" > d && (e | f) || g 'h i'"
    form = normal(text)
    assert form is not None
    assert shown(form).startswith('set -e; A=b c "$X" >d &&')
