"""Shell scripts and their trees, written as ``(kind ...)`` with the text of each leaf."""

from __future__ import annotations

import pytest

from dlinter_grammar.shell import parse, simple_commands
from dlinter_grammar.shell_nodes import (
    AndOr,
    Assignment,
    Compound,
    Function,
    Operator,
    Pipeline,
    Redirect,
    Script,
    ShellNode,
    ShellWord,
    Simple,
    Statement,
    children,
)


def show(node: ShellNode, text: str) -> str:
    """The tree in one line; words and operators as written."""
    kind = type(node)
    if kind in (ShellWord, Operator):
        return text[node.start : node.end].replace("\n", "\\n")
    inside = " ".join(show(child, text) for child in children(node))
    if isinstance(node, Assignment):
        index = "" if node.index is None else f"[{node.index}]"
        sign = "+=" if node.append else "="
        return f"(set {node.name}{index}{sign}{f'[{inside}]' if node.array is not None else inside})"
    if isinstance(node, Redirect):
        body = "" if node.body is None else repr(text[slice(*node.body)])
        return f"({node.fd}{node.operator} {inside}{body})"
    if isinstance(node, Pipeline):
        return f"({'time ' * node.time}{'! ' * node.bang}pipe {inside})".replace("pipe )", "pipe)")
    if isinstance(node, Compound):
        return f"({node.kind}{'' if node.variable is None else ' $' + node.variable} {inside})"
    if isinstance(node, Function):
        return f"(function {node.name} {inside})"
    name = {Simple: "", Script: "script ", AndOr: "list ", Statement: "do "}[kind]
    return f"({name}{inside})" if kind is not Script else "{" + inside + "}"


def tree(text: str) -> str:
    """What :func:`show` says of the whole script, without the wrapping of a lone statement."""
    return show(parse(text), text)


SIMPLE = {
    "": "{}",
    "  # nothing\n\n": "{}",
    "a": "{(do (a))}",
    "apt-get install -y curl": "{(do (apt-get install -y curl))}",
    "a; b": "{(do (a) ;) (do (b))}",
    "a & b &": "{(do (a) &) (do (b) &)}",
    "a\n\nb\n": "{(do (a) \\n) (do (b) \\n)}",
    "a && b || c": "{(do (list (a) && (b) || (c)))}",
    "a &&\n\nb": "{(do (list (a) && (b)))}",
    "a | b |& c": "{(do (pipe (a) | (b) |& (c)))}",
    "a |\n b": "{(do (pipe (a) | (b)))}",
    "! a": "{(do (! pipe (a)))}",
    "! ! a": "{(do (pipe (a)))}",
    "! a | b && c": "{(do (list (! pipe (a) | (b)) && (c)))}",
    "!": "{(do (! pipe))}",
    "! ; a": "{(do (! pipe) ;) (do (a))}",
    "time -p -- a | b": "{(do (time pipe (a) | (b)))}",
    "time": "{(do (time pipe))}",
    "time ! a": "{(do (time ! pipe (a)))}",
    "a time": "{(do (a time))}",
    "a \\\n b\\\nc": "{(do (a b\\\\nc))}",
    "a \\": "{(do (a))}",
    "a b # c ; d": "{(do (a b))}",
    "a b#c": "{(do (a b#c))}",
    "a #b\nc": "{(do (a) \\n) (do (c))}",
    "echo if then fi { } [[": "{(do (echo if then fi { } [[))}",
    "a&&b||c;d": "{(do (list (a) && (b) || (c)) ;) (do (d))}",
    "a &\\\n& b": "{(do (list (a) &\\\\n& (b)))}",
    "a\r\nb\r\n": "{(do (a\r) \\n) (do (b\r) \\n)}",
}

ASSIGNMENTS = {
    "A=b": "{(do ((set A=b)))}",
    "A= c": "{(do ((set A=) c))}",
    "A=b C+=d e F=g": "{(do ((set A=b) (set C+=d) e F=g))}",
    "A=(b 'c d' $e)": "{(do ((set A=[b 'c d' $e])))}",
    "A=(\n b # x\n c)": "{(do ((set A=[b c])))}",
    "A+=([1]=x)": "{(do ((set A+=[[1]=x])))}",
    "A[1]=b": "{(do ((set A[1]=b)))}",
    "A[$i + 1]+=b": "{(do ((set A[$i + 1]+=b)))}",
    "A=b fi": "{(do ((set A=b) fi))}",
    ">f A=b c": "{(do ((> f) (set A=b) c))}",
    "export A=(1 2) B=3": "{(do (export A=(1 2) B=3))}",
    "1A=b": "{(do (1A=b))}",
    "A==b": "{(do ((set A==b)))}",
    "A-b=c": "{(do (A-b=c))}",
}

REDIRECTS = {
    "a >b 2>&1 <c": "{(do (a (> b) (2>& 1) (< c)))}",
    "a>>b": "{(do (a (>> b)))}",
    "a >|b <>c": "{(do (a (>| b) (<> c)))}",
    "a &>b": "{(do (a (&> b)))}",
    "a &>>b": "{(do (a (&>> b)))}",
    "a <<<b": "{(do (a (<<< b)))}",
    "a >&-b": "{(do (a (>& -) b))}",
    "a 2>&1>b": "{(do (a (2>& 1) (> b)))}",
    "{fd}>a b": "{(do (({fd}> a) b))}",
    "a 12<b": "{(do (a (12< b)))}",
    "a 12 <b": "{(do (a 12 (< b)))}",
    "a b2>c": "{(do (a b2 (> c)))}",
    "a > b c": "{(do (a (> b) c))}",
    ">a": "{(do ((> a)))}",
    "{ a; } >b 2>c": "{(do (brace {(do (a) ;)} (> b) (2> c)))}",
}

HEREDOCS = {
    "a <<E\nb\nE\nc": "{(do (a (<< E'b\\n')) \\n) (do (c))}",
    "a <<-E\n\tb\n\tE\nc": "{(do (a (<<- E'\\tb\\n')) \\n) (do (c))}",
    "a <<'E F'\n$b\nE F\nc": "{(do (a (<< 'E F''$b\\n')) \\n) (do (c))}",
    "a <<A <<\\B\n1\nA\n2\nB\nc": "{(do (a (<< A'1\\n') (<< \\B'2\\n')) \\n) (do (c))}",
    "a <<E\n\tE\nE\nb": "{(do (a (<< E'\\tE\\n')) \\n) (do (b))}",
    "a <<E | b\nx\nE\n": "{(do (pipe (a (<< E'x\\n')) | (b)) \\n)}",
    "a <<E &&\nx\nE\nb": "{(do (list (a (<< E'x\\n')) && (b)))}",
    "a <<E": "{(do (a (<< E)))}",
    "a <<E\n": "{(do (a (<< E'')) \\n)}",
    "a <<E\nb": "{(do (a (<< E'b')) \\n)}",
    "a <<E\nE": "{(do (a (<< E'')) \\n)}",
    # Joined lines are no delimiter, unless the delimiter is quoted.
    "a <<E\nb\\\nE\nE\nc": "{(do (a (<< E'b\\\\\\nE\\n')) \\n) (do (c))}",
    "a <<'E'\nb\\\nE\nc": "{(do (a (<< 'E''b\\\\\\n')) \\n) (do (c))}",
    "if a <<E; then\nx\nE\nb; fi": "{(do (if {(do (a (<< E'x\\n')) ;)} {(do (b) ;)}))}",
}

COMPOUNDS = {
    "{ a; }": "{(do (brace {(do (a) ;)}))}",
    "(a)": "{(do (subshell {(do (a))}))}",
    "( (a) )": "{(do (subshell {(do (subshell {(do (a))}))}))}",
    "((a) | b)": "{(do (subshell {(do (pipe (subshell {(do (a))}) | (b)))}))}",
    "((1 + 2))": "{(do (arith ((1 + 2))))}",
    "if a; then b; fi": "{(do (if {(do (a) ;)} {(do (b) ;)}))}",
    "if a\nthen b\nelif c; then d; else e\nfi": (
        "{(do (if {(do (a) \\n)} {(do (b) \\n)} {(do (c) ;)} {(do (d) ;)} {(do (e) \\n)}))}"
    ),
    "if a; then (b) fi": "{(do (if {(do (a) ;)} {(do (subshell {(do (b))}))}))}",
    "while a; do b; done": "{(do (while {(do (a) ;)} {(do (b) ;)}))}",
    "until a; do b; done": "{(do (until {(do (a) ;)} {(do (b) ;)}))}",
    "for x in a b; do c; done": "{(do (for $x a b {(do (c) ;)}))}",
    "for x in; do c; done": "{(do (for $x {(do (c) ;)}))}",
    "for x\nin a\n\ndo c; done": "{(do (for $x a {(do (c) ;)}))}",
    "for x do c; done": "{(do (for $x {(do (c) ;)}))}",
    "for x; do c; done": "{(do (for $x {(do (c) ;)}))}",
    "for in in in; do in=1; done": "{(do (for $in in {(do ((set in=1)) ;)}))}",
    "for x in a; { c; }": "{(do (for $x a {(do (c) ;)}))}",
    "for ((i = 0; i < 3; i++)); do c; done": "{(do (for ((i = 0; i < 3; i++)) {(do (c) ;)}))}",
    "for ((;;)) { c; }": "{(do (for ((;;)) {(do (c) ;)}))}",
    "select x in a; do c; done": "{(do (select $x a {(do (c) ;)}))}",
    "case x in esac": "{(do (case x))}",
    "case $x in a|b) c;; (d) e;& *) ;;& f) g\nesac": (
        "{(do (case $x a b {(do (c))} d {(do (e))} * {} f {(do (g) \\n)}))}"
    ),
    "case x\nin\n\na)\n\nb\n\n;;\n\nesac": "{(do (case x a {(do (b) \\n)}))}",
    "case x in\nif|esac) b;;\nthen) c;; esac": "{(do (case x if esac {(do (b))} then {(do (c))}))}",
    "case x in if) b;; esac": "{(do (case x if {(do (b))}))}",
    "[[ -f a && ! b == c* || (d < e) ]]": "{(do (test a b c* d e))}",
    "[[\na &&\n-n b\n]]": "{(do (test a b))}",
    "[[ $a =~ ^(x|y)$ ]]": "{(do (test $a ^(x|y)$))}",
    "[[ a == @(b|c) ]]": "{(do (test a @(b|c)))}",
    "[[ a -nt b ]] && c": "{(do (list (test a b) && (c)))}",
    "f() { a; }": "{(do (function f (brace {(do (a) ;)})))}",
    "f-g ()\n(a) >b": "{(do (function f-g (subshell {(do (a))} (> b))))}",
    "function f { a; }": "{(do (function f (brace {(do (a) ;)})))}",
    "function f() { a; }": "{(do (function f (brace {(do (a) ;)})))}",
    "function f\n{ a; }": "{(do (function f (brace {(do (a) ;)})))}",
    "f() [[ a ]]": "{(do (function f (test a)))}",
    "coproc a b": "{(do (coproc {(do (a b))}))}",
    "coproc x { a; }": "{(do (coproc $x {(do (brace {(do (a) ;)}))}))}",
    "coproc { a; }": "{(do (coproc {(do (brace {(do (a) ;)}))}))}",
    "if if a; then b; fi; then c; fi": "{(do (if {(do (if {(do (a) ;)} {(do (b) ;)}) ;)} {(do (c) ;)}))}",
}


TREES = SIMPLE | ASSIGNMENTS | REDIRECTS | HEREDOCS | COMPOUNDS


@pytest.mark.parametrize("script", TREES)
def test_tree(script: str) -> None:
    assert tree(script) == TREES[script]


def test_simple_commands_in_source_order_however_deep() -> None:
    script = 'a "$(b `c`)" && f() { if d; then e <(g); fi; }; x=$(h) ${y:-$(i)} $((1 + $(j))); z=($(k))'
    assert [command.words[0].text if command.words else "" for command in simple_commands(parse(script))] == (
        ["a", "b", "c", "d", "e", "g", "${y:-$(i)}", "h", "i", "j", "", "k"]
    )


def test_spans_of_statements_and_bodies() -> None:
    text = " if a ; then b ; fi ; "
    script = parse(text)
    assert (script.start, script.end) == (0, len(text))
    (statement,) = script.statements
    assert text[statement.start : statement.end] == "if a ; then b ; fi ;"
    assert isinstance(statement.node, Compound)
    assert [text[body.start : body.end] for body in statement.node.bodies] == ["a ;", "b ;"]


def test_span_of_a_substitution_is_all_of_its_text() -> None:
    text = "$( a ) `b `"
    command = next(simple_commands(parse(text)))
    scripts = [part.script for word in command.words for part in word.parts]  # type: ignore[attr-defined]
    assert [text[script.start : script.end] for script in scripts] == [" a ", "b "]


def test_here_document_in_a_substitution() -> None:
    for text in (
        "x=$(cat <<E\na\nE\n)\nb",
        "x=$(cat <<E\na\nE)\nb",
        "x=$(cat <<-E\na\n\tE )\nb",
        "x=$(cat <<E)\na\nE\nb",
    ):
        first, second = [command for command in simple_commands(parse(text)) if command.words]
        assert first.redirects[0].body is not None
        assert text[slice(*first.redirects[0].body)] == "a\n", text
        assert text[second.start :] == "b"
