"""The parts of shell words: which text is fixed, and what expands."""

from __future__ import annotations

import pytest

from dlinter_grammar.shell import ShellSyntaxError, parse, simple_commands
from dlinter_grammar.shell_nodes import (
    Arithmetic,
    Array,
    Compound,
    Expansion,
    Glob,
    Literal,
    Part,
    ShellWord,
    Substitution,
    children,
)


def word(text: str) -> ShellWord:
    """The word *text* as an argument."""
    (found,) = next(simple_commands(parse("a " + text))).words[1:]
    return found


def show(part: Part) -> str:
    """One part as text: quoted ones between quotes, expansions as ``<name operator word>``."""
    shown = {
        Literal: lambda p: p.value,
        Glob: lambda p: f"glob {p.value}",
        Expansion: lambda p: f"<{p.name} {p.operator} {p.word}".rstrip() + ">",
        Substitution: lambda p: f"{p.kind}{'?' if p.script is None else len(p.script.statements)}",
        Arithmetic: lambda p: f"arith {len(p.scripts)}",
        Array: lambda p: "array " + " ".join(w.text for w in p.words),
    }[type(part)](part)
    return f'"{shown}"' if part.quoted else shown


PARTS = {
    "b": ["b"],
    "-y": ["-y"],
    r"\$b\ c": ["$b c"],
    "b\\\nc": ["bc"],
    "''": ['""'],
    '""': ['""'],
    "'b c'": ['"b c"'],
    '"b c"': ['"b c"'],
    r'"b\"\$\`\\\c"': [r'''"b"$`\\c"'''],
    '"b\\\nc"': ['"bc"'],
    r"$'b\n\x41\u00e9\101\'\cA\e'": ['"b\nA\xe9A\'\x01\x1b"'],
    '$"b"': ['"b"'],
    "b'c'\"d\"e": ["b", '"c"', '"d"', "e"],
    "b$": ["b$"],
    '"b$"': ['"b$"'],
    "$b": ["<b>"],
    '"$b"': ['"<b>"'],
    "$b$1$@x": ["<b>", "<1>", "<@>", "x"],
    "$10": ["<1>", "0"],
    "$$(b)": None,
    "${b}": ["<b>"],
    '"x${b}y"': ['"x"', '"<b>"', '"y"'],
    "${b:-c}": ["<b :- c>"],
    "${b:=c}": ["<b := c>"],
    "${b:?c d}": ["<b :? c d>"],
    "${b:+c}": ["<b :+ c>"],
    "${b-c}": ["<b - c>"],
    "${b#c}": ["<b # c>"],
    "${b##*/}": ["<b ## */>"],
    "${b%.*}": ["<b % .*>"],
    "${b%%c}": ["<b %% c>"],
    "${b/c/d}": ["<b / c/d>"],
    "${b//c/d}": ["<b // c/d>"],
    "${b^}": ["<b ^>"],
    "${b,,}": ["<b ,,>"],
    "${b:0:3}": ["<b : 0:3>"],
    "${b@Q}": ["<b @ Q>"],
    "${b[@]}": ["<b [ @]>"],
    "${#b}": ["< #len b>"],
    "${#}": ["<#>"],
    "${##}": ["< #len #>"],
    "${#-c}": ["<# - c>"],
    "${!b}": ["< ! b>"],
    "${!}": ["<!>"],
    "${@:2}": ["<@ : 2>"],
    "${$}": ["<$>"],
    "${}": ["<>"],
    "${b:-${c:-d}}": ["<b :- ${c:-d}>"],
    "${b:-$(c)}": ["<b :- $(c)>"],
    "${b:-'}'}": ["<b :- '}'>"],
    '"${b:-"}"}"': ['"<b :- "}">"'],
    "$(b)": ["$(1"],
    '"$(b; c)"': ['"$(2"'],
    "$()": ["$(0"],
    "`b`": ["`1"],
    '"`b "c"`"': ['"`1"'],
    r"`b \`c\``": ["`?"],
    r"`b \$c`": ["`?"],
    r"`b \c`": ["`1"],
    "<(b)": ["<(1"],
    "c>(b)": ["c", ">(1"],
    "$((1 + 2))": ["arith 0"],
    "$((1 + $(b) * `c`))": ["arith 2"],
    "$[1 + 2]": ["arith 0"],
    "$((b) | (c))": ["$(1"],
    "*": ["glob *"],
    "b*.c?": ["b", "glob *", ".c", "glob ?"],
    "[a-z]b": ["glob [a-z]", "b"],
    "[!a]": ["glob [!a]"],
    "[]a]": ["glob []a]"],
    "[a": ["[a"],
    "a]": ["a]"],
    "[]": ["[]"],
    "[$b]": ["glob [", "<b>", "glob ]"],
    r"\*": ["*"],
    "'*'": ['"*"'],
    "{b,c}": ["glob {b,c}"],
    "x{b,{c,d}}y": ["x", "glob {b,{c,d}}", "y"],
    "{1..3}": ["glob {1..3}"],
    "{a..e..2}": ["glob {a..e..2}"],
    "{b..cd}": ["{b..cd}"],
    "{}": ["{}"],
    "{b}": ["{b}"],
    "{b,c": ["{b,c"],
    "{$b,c}": ["glob {", "<b>", "glob ,c}"],
    r"{b\,c}": ["{b,c}"],
    "~": ["glob ~"],
    "~/b": ["glob ~", "/b"],
    "~b/c": ["glob ~b", "/c"],
    "b~": ["b~"],
    "~$b": ["~", "<b>"],
    "b=~": ["b=~"],
    "$FOO\\\nBAR": ["<FOOBAR>"],
}


@pytest.mark.parametrize("text", PARTS)
def test_parts(text: str) -> None:
    expected = PARTS[text]
    if expected is None:
        with pytest.raises(ShellSyntaxError):
            word(text)
        return
    found = word(text)
    assert found.text == text
    assert [show(part) for part in found.parts] == expected


@pytest.mark.parametrize("text", [text for text, expected in PARTS.items() if expected is not None])
def test_value_is_there_exactly_if_all_parts_are_literal(text: str) -> None:
    found = word(text)
    literal = all(type(part) is Literal for part in found.parts)
    assert found.value == ("".join(part.value for part in found.parts if type(part) is Literal) if literal else None)


def test_quotes_belong_to_no_part() -> None:
    found = word("b\"c$d\"'e'")
    text = "a " + found.text
    assert [text[part.start : part.end] for part in found.parts] == ["b", "c", "$d", "e"]


def test_nested_expansions_are_children() -> None:
    found = word('"${a:-$b$(c)${d:-`e`}}"')
    (outer,) = found.parts
    assert isinstance(outer, Expansion)
    assert [show(part) for part in outer.parts] == ['"<b>"', '"$(1"', '"<d :- `e`>"']
    assert len(outer.scripts) == 2
    assert list(children(outer)) == list(outer.parts)


def test_assigned_values_have_no_globs_but_tildes() -> None:
    (assignment,) = next(simple_commands(parse("A=~/b:~c:*{d,e}[f]"))).assignments
    assert assignment.value is not None
    assert [show(part) for part in assignment.value.parts] == ["glob ~", "/b:", "glob ~c", ":*{d,e}[f]"]


def test_arguments_of_export_are_words_with_an_array_part() -> None:
    words = next(simple_commands(parse("export A=~/b B=(c d)"))).words
    assert [show(part) for part in words[1].parts] == ["A=", "glob ~", "/b"]
    assert [show(part) for part in words[2].parts] == ["B=", "array c d"]


def test_patterns_and_regular_expressions() -> None:
    def operands(script: str) -> list[list[str]]:
        node = parse(script).statements[0].node
        assert isinstance(node, Compound)
        return [[show(part) for part in found.parts] for found in node.words]

    assert operands("[[ a* == b*{c,d}@(e|'f')g ]]") == [["a*"], ["b", "glob *", "{c,d}", "glob @(e|'f')", "g"]]
    assert operands("[[ a =~ ^(b|'c d')+$e ]]") == [["a"], ["glob ^", "glob (b|'c d')", "glob +", "<e>"]]
    assert operands("[[ a -eq b* ]]") == [["a"], ["b*"]]
    assert operands("case a* in b*{c,d}) e;; esac") == [["a*"], ["b", "glob *", "{c,d}"]]


def test_arithmetic_commands_carry_their_expansions() -> None:
    node = parse("(( a + $b - $(c) ))").statements[0].node
    assert isinstance(node, Compound)
    ((part,),) = [found.parts for found in node.words]
    assert isinstance(part, Arithmetic)
    assert [show(nested) for nested in part.parts] == ["<b>", "$(1"]
