"""What is no shell script and what is one although it looks odd. The verdicts are bash's."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from dlinter_grammar.shell import ShellSyntaxError, parse
from dlinter_grammar.shell_words import MAX_DEPTH

REFUSED = {
    "if": ("the script ends too early", 2),
    "if a; then b": ("the script ends too early", 12),
    "a &&": ("the script ends too early", 4),
    "a | | b": ("unexpected |", 4),
    "a && && b": ("unexpected &&", 5),
    "; a": ("unexpected ;", 0),
    "a;; b": ("unexpected ;;", 1),
    "a; ; b": ("unexpected ;", 3),
    "a & ; b": ("unexpected ;", 4),
    "a &&& b": ("unexpected &", 4),
    "a\n; b": ("unexpected ;", 2),
    "a | ! b": ("unexpected !", 4),
    "(!)": ("unexpected )", 2),
    "a; then": ("unexpected then", 3),
    "fi": ("unexpected fi", 0),
    "in a": ("unexpected in", 0),
    "do a": ("unexpected do", 0),
    "} a": ("unexpected }", 0),
    "]] a": ("unexpected ]]", 0),
    "{ }": ("unexpected }", 2),
    "{ a }": ("the script ends too early", 5),
    "()": ("unexpected )", 1),
    "(a": ("the script ends too early", 2),
    "a)": ("unexpected )", 1),
    "a (b)": ("unexpected b", 3),
    "a b(": ("unexpected (", 3),
    "echo a=(1)": ("unexpected (", 7),
    "f() a": ("unexpected a", 4),
    "f()": ("the script ends too early", 3),
    "function": ("the script ends too early", 8),
    "if a; b; fi": ("unexpected fi", 9),
    "while a do b; done": ("unexpected done", 14),
    "for x {": ("unexpected {", 6),
    "for x in a b do c; done": ("unexpected done", 19),
    "for ((a;b)); do c; done": ("for (( takes three expressions with ; between them", 4),
    "for": ("the script ends too early", 3),
    "case x in a) b esac": ("the script ends too early", 19),
    "case x in a b) c;; esac": ("unexpected b", 12),
    "case x in (esac) c;; esac; esac": ("unexpected esac", 27),
    "case x in esac) c;; esac": ("unexpected )", 14),
    "{ a; } then": ("unexpected then", 7),
    "if { a; } >b then c; fi": ("unexpected then", 13),
    "[[ a": ("the script ends too early", 4),
    "[[ a b ]]": ("unexpected b", 5),
    "[[ -f ]]": ("unexpected ]]", 6),
    "[[ ]]": ("unexpected ]]", 3),
    "[[ a\n]]": ("unexpected newline", 4),
    "[[ a; ]]": ("unexpected ;", 4),
    "[[ a == ]]": ("unexpected ]]", 8),
    "[[ (a ]]": ("unexpected ]]", 6),
    "[[ 1<2 ]]": ("unexpected 1", 3),
    "a <": ("the script ends too early", 3),
    "a < > b": ("unexpected >", 4),
    "a >5>b": ("unexpected 5", 3),
    "a <<\nb": ("unexpected newline", 4),
    'a "b': ("unterminated double quote", 2),
    "a 'b": ("unterminated single quote", 2),
    "a $'b\\'": ("unterminated single quote", 2),
    "a `b": ("unterminated backquote", 2),
    "a $(b": ("the script ends too early", 5),
    "a ${b": ("unterminated ${", 2),
    "a ${b:-'c}": ("unterminated single quote", 7),
    'a "${b:-it\'s}"': ("unterminated single quote", 10),
    "a $((1": ("unterminated (", 4),
    "((1": ("unterminated (", 1),
    "a <(b": ("the script ends too early", 5),
    "A=(b": ("unterminated array", 2),
    "A=(b;)": ("unexpected ;", 4),
    "A=(b | c)": ("unexpected |", 5),
    "A[1": ("unterminated [", 1),
    "A[${b]=c": ("unterminated ${", 2),
    "a $(if)": ("unexpected )", 6),
    'a "$(b; then)"': ("unexpected then", 8),
    "a $(!)": ("unexpected )", 5),
    "rm !(b)": ("unexpected (", 4),
    "case x in @(a|b)) c;; esac": ("unexpected (", 11),
    "if a\r\nthen b\r\nfi\r\n": ("the script ends too early", 18),
    "(a b) c": ("unexpected c", 6),
    "coproc": ("the script ends too early", 6),
    "time | a": ("unexpected |", 5),
    "a { ; }": ("unexpected }", 6),
    "a =(b)": ("unexpected (", 3),
}

# bash reads these only when it runs them, and fails then; other shells refuse them at once.
REFUSED_BEFORE_BASH_DOES = {
    "a `if`": ("unexpected end", 4),
    "a `b \\`c (\\``": ("the script ends too early", 3),
    "$((a); if)": ("unexpected )", 9),
}

ACCEPTED = [
    "a=b fi", "echo }", "echo { ;", "case x in (a) b; esac", "case x in a) esac", "case x in a);; b);; esac",
    "for x\n\n\nin a; do b; done", "! ! ! a", "{ a; }>b", "(a)>b", "f()(a)", "f () for x do y; done", "a() { b; }; a",
    "a ${b:-\"c }\"}", "a ${b/\\}/c}", "a $(b # )\n)", "a $(case x in a) b;; esac)", "a $(case x in (a) b;; esac)",
    "a \"$(b \"c\")\"", "a \"$(b ')')\"", "a `b 'c'`", "a $( (b) )", "a <<E $(b\nc)\nx\nE", "a 2>&1>b", "a >& b",
    "a >&2>b", "a[1]=b c", "a[1 + 2]=b c", "a=(b)c d", "declare -a a=(b)", "local a=([x]=y)", "{a,b}>c",
    "echo a{b,c}d", "if [[ a ]] then b; fi", "while ((a)) do b; done", "if (a) then (b) else (c) fi",
    "[[ a && -n b || ! ( c ) ]]", "[[ $a =~ a\\ b|c ]]", "[[ a = b ]]", "[[ x == !(a) ]]", "a &\nb &", "a | \n\n b",
    "a &&\n# c\nb", "a # \\\nb", "echo 'a\\'", "echo \\'", "echo \"a\\\"b\"", "a\\", "a \\", "time",
    "time a | b; time -p c", "coproc a { b; }", "a $[1+2]", "a $((1 << 2))", "((a << 2))", "a $(( $(b) ))", "echo $",
    "echo $;", "echo \"$\"", "a <<E", "a <<'E'\n$(\nE\n", "a <<E\n$(\n`\n\"\nE\n", "a <<\"E\" b <<-F\n\tE\nE\n\tF\n",
    "select x; do a; done", "function f { a; }; f", "function f-g () { a; }", ">a", "A=", "A+=b", "a ~b", "a \t b",
    "a\r", "if a\nthen\n\nb\nelif c\nthen d\nfi", "a ;", "a &", "\n\n", "#", "a;#b", "(#b\na)", "a $(#b\nc)",
    "echo a#b", "until a; do b; done < c", "for x in $(a); do b; done | c && d", "a || { b; }", "! { a; }", "a '\n' b",
    "a | while read b; do c; done",
]  # fmt: skip


@pytest.mark.parametrize("script", REFUSED)
def test_refused(script: str) -> None:
    with pytest.raises(ShellSyntaxError) as caught:
        parse(script)
    assert (caught.value.message, caught.value.offset) == REFUSED[script]


@pytest.mark.parametrize("script", REFUSED_BEFORE_BASH_DOES)
def test_refused_before_bash_does(script: str) -> None:
    with pytest.raises(ShellSyntaxError):
        parse(script)


@pytest.mark.parametrize("script", ACCEPTED)
def test_accepted(script: str) -> None:
    parse(script)


def bash_accepts(script: str) -> bool:
    """``bash -n`` exits with 0 on some errors inside [[ ]], but says so; it warns of unclosed here-documents only."""
    done = subprocess.run(["bash", "-n", "/dev/stdin"], input=script.encode(), capture_output=True, check=False)
    return done.returncode == 0 and all(b"warning: " in line for line in done.stderr.splitlines())


def bash_version() -> tuple[int, ...]:
    if shutil.which("bash") is None:
        return (0,)
    text = subprocess.run(["bash", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"version (\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0,)


@pytest.mark.skipif(bash_version() < (5, 2), reason="the facts are those of bash 5.2")
def test_bash_agrees() -> None:
    # It says nothing at all about this one, although it does not run it.
    wrong = [script for script in REFUSED if script != "[[ ]]" and bash_accepts(script)]
    wrong += [script for script in ACCEPTED if not bash_accepts(script)]
    assert wrong == []


NESTED = [
    ("(", ")"), ("{ ", "; }"), ("$(", ")"), ('"$(', ')"'), ("${a:-", "}"), ("$((", "))"), ("if a; then ", "; fi"),
    ("case a in b) ", ";; esac"), ("while ", "; do a; done"), ("f() { ", "; }"), ("[[ ", " ]]"), ("[[ (", ") ]]"),
    ("<(", ")"), ("a=(", ")"), ("`", "`"), ("$(( $(", ")))"), ("((", ") )"), ("$((", ") )"), ("$(($(", ") ) )"),
    ('"${a:-"', '"}"'), ("! ", ""), ("a | ", ""), ("$[", "]"), ("a[$(", ")]=b"), ("for x in ", "; do a; done"),
]  # fmt: skip


@pytest.mark.parametrize(("opening", "closing"), NESTED)
@pytest.mark.parametrize("depth", [5, 20, 60, 1000, 20000])
def test_deep_nesting_ends_in_an_error_of_ours(opening: str, closing: str, depth: int) -> None:
    for script in (opening * depth + "a" + closing * depth, opening * depth):
        try:
            parse(script)
        except ShellSyntaxError as error:
            assert 0 <= error.offset <= len(script)


def test_depth_that_people_may_write_parses() -> None:
    for opening, closing in (("( ", " )"), ("$(", ")"), ("if a; then ", "; fi"), ("{ ", "; }"), ("${a:-", "}")):
        parse(opening * MAX_DEPTH + "a" + closing * MAX_DEPTH)
        with pytest.raises(ShellSyntaxError, match="nest deeper"):
            parse(opening * (MAX_DEPTH + 1) + "a" + closing * (MAX_DEPTH + 1))
