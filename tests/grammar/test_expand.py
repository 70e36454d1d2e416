"""Variable expansion: facts of BuildKit's shell lexer, stated as word, environment and result."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlinter_grammar.expand import EXPANDS, expand, process_words, references, unquote_value

ENV = {"HOME": "/root", "EMPTY": "", "V": "1.2.3", "P": "a/b/c.tar.gz", "S": "x  y", "한": "글", "_x9": "u"}

VALUES = {
    # quotes and escapes
    "": "",
    "plain": "plain",
    "a'b c'd": "ab cd",
    'a"b c"d': "ab cd",
    r"a\'b": "a'b",
    r"a\b\\c": r"ab\c",
    "a\\": "a",
    r'"a\b\"c\\d\$e"': r'a\b"c\d$e',
    '"a\'b"': "a'b",
    "'a\"$V\\'": 'a"$V\\',
    "\"'$V'\"": "'1.2.3'",
    "''": "",
    "a`b`~*": "a`b`~*",
    "%HOME%": "%HOME%",
    "\ufeffa": "a",
    # names
    "$V": "1.2.3",
    "x$V.y": "x1.2.3.y",
    "${V}x": "1.2.3x",
    "$Vx": "",
    "$v": "",
    "$_x9-": "u-",
    "$한": "글",
    r"\$V": "$V",
    r"\\$V": "\\1.2.3",
    r"\${V}": "${V}",
    "$": "$",
    "a$": "a$",
    "$.": "$.",
    "$(date)": "$(date)",
    "$ V": "$ V",
    "$$": "",
    "$$V": "V",
    "$1x": "x",
    "$12x": "x",
    "$@$*$#$?$-$!$0.": ".",
    "${1:-x}": "x",
    "${@:-x}": "x",
    "${12}": "",
    # set, empty, unset
    "${NO:-d}": "d",
    "${NO-d}": "d",
    "${EMPTY:-d}": "d",
    "${EMPTY-d}": "",
    "${V:-d}": "1.2.3",
    "${NO:+w}": "",
    "${NO+w}": "",
    "${EMPTY:+w}": "",
    "${EMPTY+w}": "w",
    "${V:+w}": "w",
    "${V:?m}": "1.2.3",
    "${EMPTY?m}": "",
    "${NO:-}": "",
    # the word of a modifier
    "${NO:-$V}": "1.2.3",
    "${NO:-${NO2:-$HOME/x}}": "/root/x",
    "${NO:-'a b'}": "a b",
    '${NO:-"}"}': "}",
    r"${NO:-\}}": "}",
    "${NO:-a{b}c}": "a{bc}",
    "${V:+${V}:}x": "1.2.3:x",
    '"${NO:-a b}"': "a b",
    # cuts
    "${P#*/}": "b/c.tar.gz",
    "${P##*/}": "c.tar.gz",
    "${P%.*}": "a/b/c.tar",
    "${P%%.*}": "a/b/c",
    "${P#?}": "/b/c.tar.gz",
    "${P#x}": "a/b/c.tar.gz",
    "${P%}": "a/b/c.tar.gz",
    "${P%%*}": "",
    "${P##$NO*/}": "c.tar.gz",
    "${P%.[a-z]z}": "a/b/c.tar.gz",
    r"${NO:-}${V#1\*}": "1.2.3",
    "${NO#x}": "",
    # replacements
    "${V/./-}": "1-2.3",
    "${V//./-}": "1-2-3",
    "${V/2*/x}": "1.x",
    "${V//[0-9]/x}": "1.2.3",
    r"${P/\//-}": "a-b/c.tar.gz",
    r"${P//\//-}": "a-b-c.tar.gz",
    "${V/9/x}": "1.2.3",
    "${V/./$V}": "11.2.32.3",
    "${V//?/x}": "xxxxx",
    "${V//*/x}": "x",
    "${V///x}": "x1x.x2x.x3x",
    # Go's templates, in // only, where an escaped dollar keeps its backslash
    "${V//2/'$0$$$1'}": "1.2$.3",
    "${V/2/'$0'}": "1.$0.3",
    "${NO/a/b}": "",
    # heredoc operators are data
    "a<b": "a<b",
    "<< \t'EOF'": "<< \tEOF",
}

ERRORS = {
    "'a": "unexpected end of statement while looking for matching single-quote",
    '"a': "unexpected end of statement while looking for matching double-quote",
    '"a\\"': "unexpected end of statement while looking for matching double-quote",
    "${": "syntax error: missing '}'",
    "${}": "syntax error: bad substitution",
    "${:-a}": "syntax error: bad substitution",
    "${{a}}": "syntax error: bad substitution",
    "${V": "unsupported modifier (\ufffd) in substitution",
    "${V:": "syntax error: missing '}'",
    "${V:-a": "syntax error: missing '}'",
    "${V:-'a}": "syntax error: missing '}'",
    "${V^^}": "unsupported modifier (^) in substitution",
    "${V:=a}": "unsupported modifier (:=) in substitution",
    "${V:0:2}": "unsupported modifier (:0) in substitution",
    "${V=a}": "unsupported modifier (=) in substitution",
    "${#V}": "unsupported modifier (V) in substitution",
    "${V }": "unsupported modifier ( ) in substitution",
    "${.}": "unsupported modifier (.) in substitution",
    "${V:#a}": "unsupported modifier (:#) in substitution",
    "${NO?}": "NO: is not allowed to be unset",
    "${NO:?}": "NO: is not allowed to be unset",
    "${EMPTY:?}": "EMPTY: is not allowed to be empty",
    "${NO:?say $V}": "NO: say 1.2.3",
    "${V/a}": "syntax error: missing '/' in ${}",
    "${V/a/b": "syntax error: missing '}'",
    r"${V#\a}": r"invalid pattern (\a) in substitution: invalid escape '\a'",
    r"${V/\a/b}": r"invalid pattern (\a) in substitution: invalid escape '\a'",
}


@pytest.mark.parametrize("word", VALUES)
def test_value(word: str) -> None:
    result = expand(word, ENV)
    assert (result.value, result.error) == (VALUES[word], None)


@pytest.mark.parametrize("word", ERRORS)
def test_error(word: str) -> None:
    result = expand(word, ENV)
    assert result.error is not None
    assert (result.value, result.words, result.error.partition(": ")[2]) == (None, None, ERRORS[word])


def test_error_quotes_the_word_as_go_does() -> None:
    assert expand('"a\t$', {}).error == (
        'failed to process "\\"a\\t$": unexpected end of statement while looking for matching double-quote'
    )


def test_other_escape_token() -> None:
    assert expand('C:\\a`$V`` "`"\\"', ENV, "`").value == 'C:\\a$V` "\\'
    assert expand("\\$V", ENV, "`").value == "\\1.2.3"


WORDS = {
    "80 $P": ["80", "a/b/c.tar.gz"],
    "$S": ["x", "y"],
    '"$S"': ["x  y"],
    "a${S}b": ["ax", "yb"],
    "$NO": [],
    "": [],
    "''": [],
    "a\u00a0b\u3000c": ["a", "b", "c"],
    "a\\ b": ["a b"],
    "  a  ": ["a"],
    # BuildKit keeps one buffer for the words of a value and of its modifiers: what stands before is lost.
    "a${NO:-b}": ["b"],
}


@pytest.mark.parametrize("word", WORDS)
def test_words(word: str) -> None:
    assert process_words(word, ENV) == WORDS[word]


def test_references_tell_where_and_whether_set() -> None:
    word = "a $V ${NO:-$HOME} '$q' \\$r ${P##*/} $NO"
    result = expand(word, ENV)
    assert [(r.name, word[r.start : r.end], r.operator, r.is_set, r.has_default) for r in result.references] == [
        ("V", "$V", "", True, False),
        ("NO", "${NO:-$HOME}", ":-", False, True),
        ("HOME", "$HOME", "", True, False),
        ("P", "${P##*/}", "#", True, False),
        ("NO", "$NO", "", False, False),
    ]
    assert result.unset == ("NO",)
    assert references(word) == [(r.name, r.start, r.end, r.operator) for r in result.references]


def test_references_of_what_cannot_be_expanded() -> None:
    assert references("$a ${b^^} $c") == [("a", 0, 2, ""), ("b", 3, 7, "^")]
    assert references("${b:=$c}") == [("b", 0, 8, ":="), ("c", 5, 7, "")]
    assert references("${a/$b/$c}") == [("a", 0, 10, "/"), ("b", 4, 6, ""), ("c", 7, 9, "")]
    assert references("'$a", literal_quotes=True) == [("a", 1, 3, "")]


UNKNOWN = {
    "$U": None,
    "a${U}": None,
    "${U:-d}": None,
    "${U-d}": None,
    "${U+w}": "w",
    "${U:+w}": None,
    "${U:+}": "",
    "${U:?m}": None,
    "${U#a}": None,
    "${U/a/b}": None,
    "${V:-$U}": "1.2.3",
    "${NO:-$U}": None,
    "${V:+$U}": None,
    "${NO:+$U}": "",
    "${V#$U}": None,
    '"$U"': None,
    "\\$U": "$U",
    "'$U'": "$U",
}


@pytest.mark.parametrize("word", UNKNOWN)
def test_unknown_values_stay_unknown(word: str) -> None:
    result = expand(word, {**ENV, "U": None})
    assert (result.value, result.error) == (UNKNOWN[word], None)
    assert (result.words is None) == (result.value is None)
    assert "U" not in result.unset


def test_errors_that_do_not_depend_on_the_unknown() -> None:
    assert expand("${U#\\a}", {"U": None}).error is not None
    assert expand("$U ${x^}", {"U": None}).error is not None


def test_keeping_what_is_unset() -> None:
    for word in ("$NO", "${NO}", "${NO:-d}", "${NO#p}", "${NO/a/b}", "${NO:?m}"):
        assert expand(word, ENV, keep_unset=True).value == word
    assert expand("${NO:0:2} $V", ENV, keep_unset=True).value == "${NO:0:2} 1.2.3"
    assert expand("'a'\\b\"$V\"", ENV, raw_quotes=True, raw_escapes=True).value == "'a'\\b\"1.2.3\""


def test_unquote_value() -> None:
    assert unquote_value("'a b'\\ \"$c\"${d:-e}") == "a b $c${d:-e}"
    assert unquote_value("'a") == "'a"
    assert unquote_value("`a", "`") == "a"


def test_heredocs_expand_with_quotes_as_data() -> None:
    assert expand('it\'s "$V"\n\\$V', ENV, literal_quotes=True).value == 'it\'s "1.2.3"\n$V'


def test_what_is_expanded() -> None:
    assert {"RUN", "FROM", "COPY"} <= EXPANDS.keys()
    assert not {"CMD", "ENTRYPOINT", "HEALTHCHECK", "SHELL", "MAINTAINER", "ONBUILD"} & EXPANDS.keys()
    assert "--from" not in EXPANDS["COPY"]


@given(st.text(alphabet="ab$V{}:-+?#%/\\'\"<* _1\ufeff\n", max_size=30), st.sampled_from("\\`"))
def test_anything_expands_or_has_an_error(word: str, escape: str) -> None:
    for env in (ENV, {"V": None, "a": "*/a"}, {}):
        result = expand(word, env, escape)
        assert (result.error is None) or (result.value is None and result.words is None)
        for found in result.references:
            assert 0 <= found.start < found.end <= len(word)
            assert word[found.start] == "$"
            assert found.name in word[found.start : found.end]
        assert references(word, escape) == sorted(references(word, escape), key=lambda r: (r[1], -r[2]))


def test_deep_and_long_words() -> None:
    start = time.process_time()
    assert expand("${a:-" * 60 + "x" + "}" * 60, {}).value == "x"
    assert "nest deeper" in str(expand("${a:-" * 100_000, {}).error)
    assert expand("$V" * 20_000, {"V": "1"}).value == "1" * 20_000
    assert expand("'a'\\b" * 20_000, {}).value == "ab" * 20_000
    assert expand("${V##" + "*a" * 20 + "b}", {"V": "a" * 2000}).value == "a" * 2000
    assert expand("${V//" + "*a" * 20 + "b/x}", {"V": "a" * 2000}).value == "a" * 2000
    assert time.process_time() - start < 5
