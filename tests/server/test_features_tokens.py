"""Semantic tokens: in order, never overlapping, one line each, and right where the shell's grammar can tell."""

from __future__ import annotations

import pytest
from features_helpers import WEB

from dlinter.server.features import TOKEN_KINDS, TOKEN_MODIFIERS
from dlinter.server.features.tokens import tokens
from dlinter.tree import Dockerfile
from dlinter_grammar.shell_nodes import Assignment, Expansion, Simple, walk


def coloured(text: str) -> list[str]:
    file = Dockerfile(text)
    last = 0
    rows = []
    for token in tokens(file):
        part = file.text[token.start : token.end]
        assert token.start >= last and part.strip() and "\n" not in part, part
        assert token.kind in TOKEN_KINDS and set(token.modifiers) <= set(TOKEN_MODIFIERS)
        last = token.end
        rows.append(f"{part.strip()} {token.kind}")
    return rows


def test_instructions() -> None:
    assert coloured("FROM --platform=$P debian:12 AS base\nENV A=b C=\"d $A\"\nEXPOSE 80/tcp\nMAINTAINER me") == [
        "FROM keyword", "--platform parameter", "= operator", "$P variable", "debian class", ": operator",
        "12 property", "AS keyword", "base namespace", "ENV keyword", "A variable", "= operator", "b string",
        "C variable", "= operator", '"d string', "$A variable", '" string', "EXPOSE keyword", "80 number",
        "/tcp property", "MAINTAINER keyword", "me string",
    ]  # fmt: skip


def test_mounts_and_comments() -> None:
    text = "FROM a AS b\nRUN --mount=type=cache,from=b,target=/x make \\\n  # note\n  all"
    assert coloured(text)[4:] == [
        "RUN keyword", "--mount parameter", "= operator", "type property", "= operator", "cache string", ", operator",
        "from property", "= operator", "b namespace", ", operator", "target property", "= operator", "/x string",
        "make function", "# note comment",
    ]  # fmt: skip


def test_directives_and_pragmas() -> None:
    assert coloured("# escape=`\n# dlint ignore=DL3008,DL3009 -- why\nFROM x")[:-2] == [
        "# comment", "escape keyword", "= operator", "` string", "# dlint ignore= comment", "DL3008 macro",
        "DL3009 macro", "-- why comment",
    ]  # fmt: skip


def test_modifiers() -> None:
    file = Dockerfile("FROM x AS y\nENV A=1\nMAINTAINER me\nRUN cd /x")
    found = {file.text[each.start : each.end]: each.modifiers for each in tokens(file)}
    assert found["y"] == found["A"] == ("declaration",)
    assert found["MAINTAINER"] == ("deprecated",) and found["cd"] == ("defaultLibrary",)


#: a script, and its tokens with the first letter of their kinds
SCRIPTS = [
    ("apt-get install -y --opt=1 x", "apt-get F  -y P  --opt P"),
    ("A=1 B=$C make", "A V  = O  B V  = O  $C V  make F"),
    ("cat <a >>b 2>&1", "cat F  < O  >> O  2>&1 O"),
    ("< in tr a b", "< O  tr F"),
    ("sudo -u me -E apt-get x", "sudo F  -u P  -E P  apt-get F"),
    ("if a; then b; fi", "if K  a F  ; O  then K  b F  ; O  fi K"),
    ("for i in 1; do x; done", "for K  i V  in K  ; O  do K  x F  ; O  done K"),
    ("case $x in a) b ;; esac", "case K  $x V  in K  ) O  b F  ;; O  esac K"),
    ("f() { x; }", "f F  ( O  ) O  { K  x F  ; O  } K"),
    ("echo 'a' \"b $c\"", "echo F  'a' S  \"b S  $c V  \" S"),
    ("echo $(date) `id`", "echo F  $( O  date F  ) O  ` O  id F  ` O"),
    ('echo "$(a "b")"', 'echo F  " S  $( O  a F  "b" S  ) O  " S'),
    ("echo ${a:-$b} $((c + 1))", "echo F  ${a V  :- S  $b V  } V  $(( O  c V  + O  1 N  )) O"),
    ("a # b \\\n  c", "a F  # b \\ C  c C"),
    ("a `# b` c", "a F  ` O  # b C  ` O"),
    ("a 'it", "a F  'it S"),
    ('a "it', 'a F  "it S'),
    ("a ${", "a F  ${ V"),
]


@pytest.mark.parametrize(("script", "expected"), SCRIPTS)
def test_the_shell(script: str, expected: str) -> None:
    rows = coloured(f"FROM x\nRUN {script}")[3:]
    words = [row.rpartition(" ") for row in rows]
    assert "  ".join(f"{text} {kind[0].upper()}" for text, _, kind in words) == expected


def test_heredocs() -> None:
    assert coloured("FROM x\nRUN <<E\ncd /x # y\nE\nCOPY <<'F' <<G /y/\n$a\nF\nb $c\nG\n")[2:] == [
        "RUN keyword", "<< operator", "E macro", "cd function", "# y comment", "E macro", "COPY keyword",
        "<< operator", "'F' macro", "<< operator", "G macro", "/y/ string", "$a string", "F macro", "b string",
        "$c variable", "G macro",
    ]  # fmt: skip


def test_scripts_of_other_languages_are_data() -> None:
    assert coloured("FROM x\nRUN python3 <<E\nprint(1)\nE\nRUN <<E\n#!/usr/bin/env python3\nimport os\nE\n")[2:] == [
        "RUN keyword", "python3 function", "<< operator", "E macro", "print(1) string", "E macro", "RUN keyword",
        "<< operator", "E macro", "#!/usr/bin/env python3 string", "import os string", "E macro",
    ]  # fmt: skip


def test_powershell() -> None:
    text = '# escape=`\nFROM mcr.microsoft.com/windows/servercore\nSHELL ["powershell"]\nRUN Get-Item -Path $env:A | x'
    assert coloured(text)[-4:] == ["RUN keyword", "-Path parameter", "$env:A variable", "| operator"]


def test_a_part_of_the_file() -> None:
    file = Dockerfile(WEB)
    whole = tokens(file)
    start, end = WEB.index("FROM base AS"), WEB.index("COPY requirements")
    assert tokens(file, start, end) == [each for each in whole if each.end > start and each.start < end]


def test_commands_assignments_and_variables_are_those_of_the_grammar() -> None:
    scripts = [
        'set -eux; for f in a b; do [ -f "$f" ] || X=$f Y="a b" make "$(basename "$f" .c)" >/dev/null; done',
        'case "$(uname -m)" in x86_64) A=1 ;; *) A=$((B + 1)); exit 1 ;; esac && while read -r l; do echo "$l"; done',
        '{ a; b; } | (cd /x && tar c .) 2>&1; if ! command -v curl; then f() { g "$@"; }; f ${x:-`id -u`}; fi',
    ]
    for script in scripts:
        file = Dockerfile(f"FROM scratch\nRUN {script}")
        found = {token.start: token.kind for token in tokens(file)}
        root = file.instructions[1].scripts[0].root
        assert root is not None
        for node in walk(root):
            start = len("FROM scratch\nRUN ") + node.start
            if isinstance(node, Simple) and node.words and node.words[0].text[0] not in "\"'$":
                assert found.get(start + node.words[0].start - node.start) == "function", script[node.start :]
            elif isinstance(node, (Assignment, Expansion)):
                assert found.get(start) == "variable", script[node.start :]
