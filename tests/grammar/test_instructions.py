"""The tree of each instruction. Every row was put to BuildKit's parser, and it agrees."""

from __future__ import annotations

import pytest
from grammar_helpers import only, shapes

from dlinter_grammar.dockerfile import parse

FOLDING: list[tuple[str, list[tuple[object, ...]]]] = [
    ("RUN a \\\n  b", [("run", "a   b")]),
    ("RUN a\\\nb", [("run", "ab")]),
    ("RU\\\nN a", [("run", "a")]),
    ("RUN a \\  \n b", [("run", "a  b")]),
    ("RUN a \\\t\nb", [("run", "a b")]),
    ("RUN a \\\\\nRUN b", [("run", "a \\\\"), ("run", "b")]),
    ("RUN a \\\\\\\nRUN b", [("run", "a \\\\\\"), ("run", "b")]),
    ("RUN a \\\xa0\nRUN b", [("run", "a \\"), ("run", "b")]),
    ("RUN a \\\x0c\nRUN b", [("run", "a \\"), ("run", "b")]),
    ("RUN a \\\n b \\\x0c\nRUN c", [("run", "a  b \\"), ("run", "c")]),
    ("RUN a \\\n b \\ \t\n c", [("run", "a  b  c")]),
    ("RUN a \\\n\n  b", [("run", "a   b")]),
    ("RUN a \\\n# c\n  # d \\\n b", [("run", "a  b")]),
    ("RUN a \\\n \\\n b", [("run", "a   b")]),
    ("\\\nRUN a", [("run", "a")]),
    ("\\\n  RUN a", [("run", "a")]),
    ("RUN a \\", [("run", "a")]),
    ("RUN a \\\n", [("run", "a")]),
    ("RUN a \\\n\n\n", [("run", "a")]),
    ('RUN "a \\\n# c\nb"', [("run", '"a b"')]),
    ("RUN a \\\r\n b\r\n", [("run", "a  b")]),
    ("RUN a\rb", [("run", "a\rb")]),
    ("RUN a\r", [("run", "a")]),
    (" \t\xa0\u3000RUN a", [("run", "a")]),
    ("\x1cRUN a", [("\x1crun",)]),
    ("RUN a \xa0", [("run", "a")]),
    ("\ufeffRUN a", [("run", "a")]),
    ("RUN a \\\nRUN b", [("run", "a RUN b")]),
    ("\n\n  \nRUN a\n\n", [("run", "a")]),
    ("RUN a # b\n", [("run", "a # b")]),
    ("# a \\\nRUN b", [("run", "b")]),
    ("RUN a \\\n", [("run", "a")]),
    ('CMD ["a", \\\n "b"]', [("cmd", ["a", "b"])]),
    ("ENV a=b \\\n    c=d", [("env", ("a", "b"), ("c", "d"))]),
    ("RUN x\x00y", [("run", "x\x00y")]),
]
FLAGS: list[tuple[str, list[tuple[object, ...]]]] = [
    ("COPY --from=a b c", [("copy", {"from": "a"}, "b", "c")]),
    ('COPY --from="a b" c d', [("copy", {"from": "a b"}, "c", "d")]),
    ("COPY --from='a' b c", [("copy", {"from": "a"}, "b", "c")]),
    ("COPY --fr\\om=a b c", [("copy", {"from": "a"}, "b", "c")]),
    ("COPY --from=a\\ b c d", [("copy", {"from": "a b"}, "c", "d")]),
    ("COPY --link --from=a b c", [("copy", {"link": None, "from": "a"}, "b", "c")]),
    ("COPY -- --from=a b", [("copy", "--from=a", "b")]),
    ("COPY --from=a -- --b c", [("copy", {"from": "a"}, "--b", "c")]),
    ('CMD --"" a', [("cmd", "a")]),
    ("CMD --''\"\" --a", [("cmd", "--a")]),
    ("RUN --a", [("run", {"a": None})]),
    ("RUN --a=", [("run", {"a": ""})]),
    ('RUN --a="b c', [("run", {"a": "b c"})]),
    ("RUN --a='b\"c' d", [("run", {"a": 'b"c'}, "d")]),
    ("RUN --a=b\\", [("run", {"a": "b"})]),
    ("RUN -x --y", [("run", "-x --y")]),
    ("RUN ---x y", [("run", {"-x": None}, "y")]),
    ('RUN --a="b\\"c" d', [("run", {"a": 'b"c'}, "d")]),
    ("RUN --a='b\\'c' d", [("run", {"a": "b'c"}, "d")]),
    ("RUN\t--a\x0b--b c", [("run", {"a": None, "b": None}, "c")]),
    ("RUN --chown=ü a", [("run", {"chown": "Ã¼"}, "a")]),
    ("RUN --chown=àb c", [("run", {"chown": "Ã"}, "b c")]),
    ("RUN --a=b\xa0c", [("run", {"a": "bÂ"}, "c")]),
    ("RUN --a=亠x", [("run", {"a": "äº"}, "x")]),
    ("RUN --a=䠠x", [("run", {"a": "ä"}, "x")]),
    ("FOO --a b", [("foo", {"a": None})]),
    ('CMD --doit -- [ "a" ]', [("cmd", {"doit": None}, ["a"])]),
    ("RUN --a=b\\\n  --c d", [("run", {"a": "b", "c": None}, "d")]),
    ("RUN --a=b=c d", [("run", {"a": "b=c"}, "d")]),
    ("ONBUILD --a RUN --b c", [("onbuild", {"a": None}, ("run", {"b": None}, "c"))]),
    ('RUN --x="--y" z', [("run", {"x": "--y"}, "z")]),
    ("ENV --a b=c", [("env", {"a": None}, ("b", "c"))]),
    ("RUN --a= b", [("run", {"a": ""}, "b")]),
    ("RUN --a = b", [("run", {"a": None}, "= b")]),
]
JSON: list[tuple[str, list[tuple[object, ...]]]] = [
    ('RUN ["a", "b c"]', [("run", ["a", "b c"])]),
    ('RUN [ "a" ]  ', [("run", ["a"])]),
    ("RUN []", [("run", [])]),
    ("RUN [ ]", [("run", [])]),
    ('RUN ["a"] b', [("run", '["a"] b')]),
    ('RUN ["a",]', [("run", '["a",]')]),
    ("RUN ['a']", [("run", "['a']")]),
    ('RUN ["a" "b"]', [("run", '["a" "b"]')]),
    ('RUN ["c:\\windows"]', [("run", '["c:\\windows"]')]),
    ('RUN ["\\u00e9\\n\\/\\"\\\\"]', [("run", ['é\n/"\\'])]),
    ('RUN ["\\ud83d\\ude00"]', [("run", ["😀"])]),
    ('RUN ["\\ud83d"]', [("run", ["�"])]),
    ('RUN ["\\u00E9\\uD83Dx"]', [("run", ["é�x"])]),
    ('RUN ["a\tb"]', [("run", '["a\tb"]')]),
    ("RUN [-f x]", [("run", "[-f x]")]),
    ('RUN ["a"', [("run", '["a"')]),
    ("RUN [“a”]", [("run", "[“a”]")]),
    ('CMD\t[\t"a",\t"b"\t]\t', [("cmd", ["a", "b"])]),
    ('VOLUME ["a", "b"]', [("volume", ["a", "b"])]),
    ('VOLUME ["a", b]', [("volume", '["a",', "b]")]),
    ('COPY ["a b", "c"]', [("copy", ["a b", "c"])]),
    ("COPY [a b]", [("copy", "[a", "b]")]),
    ('EXPOSE ["80"]', [("expose", '["80"]')]),
    ('USER ["a"]', [("user", '["a"]')]),
    ('WORKDIR ["a"]', [("workdir", '["a"]')]),
    ('SHELL ["a", "-c"]', [("shell", ["a", "-c"])]),
    ('HEALTHCHECK CMD ["a"]', [("healthcheck", "CMD", ["a"])]),
    ('RUN ["a"]\xa0', [("run", ["a"])]),
    ('RUN \xa0["a"]', [("run", ["a"])]),
    ('RUN ["\udcff"]', [("run", ["�"])]),
    ('RUN ["a\\', [("run", '["a')]),
    ('RUN ["a", "b\\\nc"]', [("run", ["a", "bc"])]),
    ("RUN [1e999]", [("run", "[1e999]")]),
    ('RUN ["a\\x"]', [("run", '["a\\x"]')]),
    ('RUN [""]', [("run", [""])]),
]
WORDS: list[tuple[str, list[tuple[object, ...]]]] = [
    ("FROM a AS b", [("from", "a", "AS", "b")]),
    ("from a", [("from", "a")]),
    ("FROM a  as\tb", [("from", "a", "as", "b")]),
    ('FROM "a b"', [("from", '"a', 'b"')]),
    ("EXPOSE 80 443/tcp", [("expose", "80", "443/tcp")]),
    ('COPY "a b" c', [("copy", '"a', 'b"', "c")]),
    ("COPY a\\ b c", [("copy", "a\\", "b", "c")]),
    ("COPY a\xa0b c", [("copy", "a\xa0b", "c")]),
    ("ADD a b c", [("add", "a", "b", "c")]),
    ("VOLUME /a /b", [("volume", "/a", "/b")]),
    ("FROM", [("from",)]),
    ("EXPOSE", [("expose",)]),
    ("COPY", [("copy",)]),
    ("VOLUME", [("volume",)]),
    ("WORKDIR /a b", [("workdir", "/a b")]),
    ("USER a:b  c", [("user", "a:b  c")]),
    ("USER", [("user",)]),
    ("STOPSIGNAL SIG TERM", [("stopsignal", "SIG TERM")]),
    ("MAINTAINER A <b@c>", [("maintainer", "A <b@c>")]),
    ('RUN a  "b"   c', [("run", 'a  "b"   c')]),
    ("RUN", [("run",)]),
    ("CMD", [("cmd",)]),
    ("ENTRYPOINT a b", [("entrypoint", "a b")]),
    ("SHELL a b", [("shell", "a b")]),
    ("RUN \xa0a", [("run", "a")]),
    ("Foo bar", [("foo",)]),
    ("FROM\xa0a", [("from\xa0a",)]),
    ('RUN[ "a" ]', [("run[",)]),
    ("wor\u212adir x", [("workdir", "x")]),
    ("U\u017fER x", [("u\u017fer",)]),
    ("HEALTHCHECK NONE", [("healthcheck", "NONE")]),
    ("HEALTHCHECK CMD a b", [("healthcheck", "CMD", "a b")]),
    ("HEALTHCHECK  CMD   a  b", [("healthcheck", "CMD", "a  b")]),
    ("HEALTHCHECK --interval=5s --retries=3 CMD a", [("healthcheck", {"interval": "5s", "retries": "3"}, "CMD", "a")]),
    ("HEALTHCHECK CMD", [("healthcheck", "CMD")]),
    ("HEALTHCHECK", [("healthcheck",)]),
    ("HEALTHCHECK CONNECT TCP 7000", [("healthcheck", "CONNECT", "TCP 7000")]),
    ("HEALTHCHECK CMD\xa0a", [("healthcheck", "CMD\udcc2", "a")]),
    ("HEALTHCHECK \udca0a", [("healthcheck", "a")]),
    ("HEALTHCHECK \xa0\udca0b c", [("healthcheck",)]),
    ("HEALTHCHECK --a=à CMD a", [("healthcheck", {"a": "Ã"}, "CMD", "a")]),
    ('HEALTHCHECK CMD \xa0["a"]', [("healthcheck", "CMD", ["a"])]),
    ("ONBUILD RUN a", [("onbuild", ("run", "a"))]),
    ("ONBUILD COPY a b", [("onbuild", ("copy", "a", "b"))]),
    ("ONBUILD", [("onbuild",)]),
    ("ONBUILD ONBUILD RUN a", [("onbuild", ("onbuild", ("run", "a")))]),
    ("ONBUILD FOO a", [("onbuild", ("foo",))]),
    ("ONBUILD ENV a=b", [("onbuild", ("env", ("a", "b")))]),
    ('ONBUILD RUN ["a"]', [("onbuild", ("run", ["a"]))]),
]
PAIRS: list[tuple[str, list[tuple[object, ...]]]] = [
    ("ENV a=b", [("env", ("a", "b"))]),
    ("ENV a b", [("env", ("a", "b"))]),
    ("ENV a b  c", [("env", ("a", "b  c"))]),
    ("ENV a=b c=d", [("env", ("a", "b"), ("c", "d"))]),
    ('ENV a="b c"', [("env", ("a", '"b c"'))]),
    ("ENV a='b c' d=e", [("env", ("a", "'b c'"), ("d", "e"))]),
    ("ENV a=b\\ c d=e", [("env", ("a", "b\\ c"), ("d", "e"))]),
    ('ENV a="b\\"c"', [("env", ("a", '"b\\"c"'))]),
    ("ENV a='b\\'", [("env", ("a", "'b\\'"))]),
    ("ENV a = b", [("env", ("a", "= b"))]),
    ("ENV a= b=c", [("env", ("a", ""), ("b", "c"))]),
    ("ENV a=", [("env", ("a", ""))]),
    ("ENV =b", [("env", ("", "b"))]),
    ('ENV "a=b"', [("env", ('"a', 'b"'))]),
    ('ENV "a b=c"', [("env", ('"a b', 'c"'))]),
    ("ENV 'a b=c' d=e", [("env", ("'a b", "c'"), ("d", "e"))]),
    ("ENV a\\=b=c", [("env", ("a\\", "b=c"))]),
    ('ENV "a b" c', [("env", ('"a', 'b" c'))]),
    ('ENV a"b c"=d', [("env", ('a"b c"', "d"))]),
    ('ENV a="b', [("env", ("a", '"b'))]),
    ('ENV a="b c=d', [("env", ("a", '"b c=d'))]),
    ("ENV a='b c=d", [("env", ("a", "'b c=d"))]),
    ("ENV a=b\\\\\\", [("env", ("a", "b\\\\"))]),
    ("ENV a=b \\\x0c", [("env", ("a", "b"))]),
    ("ENV \\\x0c", [("env",)]),
    ("ENV a\xa0b c", [("env", ("a\xa0b", "c"))]),
    ("ENV a=b\xa0c=d", [("env", ("a", "b"), ("c", "d"))]),
    ("ENV a=b\x1cc=d", [("env", ("a", "b\x1cc=d"))]),
    ("ENV a=\udcff", [("env", ("a", "�"))]),
    ("ENV a=b=c", [("env", ("a", "b=c"))]),
    ("ENV a=b #c=d", [("env", ("a", "b"), ("#c", "d"))]),
    ("ENV $x=y", [("env", ("$x", "y"))]),
    ("ENV", [("env",)]),
    ('LABEL a.b="c" d=e', [("label", ("a.b", '"c"'), ("d", "e"))]),
    ("LABEL a b c", [("label", ("a", "b c"))]),
    ("ENV a\tb", [("env", ("a", "b"))]),
    ('ENV a "b', [("env", ("a", '"b'))]),
    ('ENV "a\'=b" c=d', [("env", ("\"a'", 'b"'), ("c", "d"))]),
    ("ENV a=`b", [("env", ("a", "`b"))]),
    ('ENV a="`"b"', [("env", ("a", '"`"b"'))]),
    ("ARG a", [("arg", ("a", None))]),
    ("ARG a=b", [("arg", ("a", "b"))]),
    ("ARG a b=c d", [("arg", ("a", None), ("b", "c"), ("d", None))]),
    ("ARG a = b", [("arg", ("a", None), ("", ""), ("b", None))]),
    ('ARG "a=b"', [("arg", ('"a', 'b"'))]),
    ('ARG a="b c" d', [("arg", ("a", '"b c"'), ("d", None))]),
    ("ARG", [("arg",)]),
    ("ARG a=b\xa0c", [("arg", ("a", "b"), ("c", None))]),
    ("ARG \\\x0c", [("arg",)]),
    ('ARG "a b"', [("arg", ('"a b"', None))]),
    ("ARG a'=b", [("arg", ("a'", "b"))]),
    ('# escape=`\nENV a=b`\n  c=d`"e', [("env", ("a", "b"), ("c", 'd`"e'))]),
    ('# escape=`\nENV a="b`"c" d=\\', [("env", ("a", '"b`"c"'), ("d", "\\"))]),
    ("# escape=`\nCOPY --from=a`\n b c\\", [("copy", {"from": "a"}, "b", "c\\")]),
    ("# escape=`\nRUN a \\\nRUN b", [("run", "a \\"), ("run", "b")]),
    ('# escape=`\nCMD ["a`', [("cmd", '["a')]),
    ("# escape=`\nENV a='b`' c=`", [("env", ("a", "'b`'"), ("c", ""))]),
]


@pytest.mark.parametrize(("text", "expected"), FOLDING)
def test_folding(text: str, expected: list[tuple[object, ...]]) -> None:
    assert shapes(text) == expected


@pytest.mark.parametrize(("text", "expected"), FLAGS)
def test_flags(text: str, expected: list[tuple[object, ...]]) -> None:
    assert shapes(text) == expected


@pytest.mark.parametrize(("text", "expected"), JSON)
def test_json(text: str, expected: list[tuple[object, ...]]) -> None:
    assert shapes(text) == expected


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_words(text: str, expected: list[tuple[object, ...]]) -> None:
    assert shapes(text) == expected


@pytest.mark.parametrize(("text", "expected"), PAIRS)
def test_pairs(text: str, expected: list[tuple[object, ...]]) -> None:
    assert shapes(text) == expected


def test_forms() -> None:
    forms = {
        "RUN a": "shell",
        "RUN": "shell",
        "RUN []": "json",
        "RUN [1]": "none",
        "COPY a b": "words",
        'COPY ["a"]': "json",
        "USER a": "text",
        "ENV a=b": "pairs",
        "ENV a b": "legacy",
        "ENV a": "none",
        "ARG a": "pairs",
        "HEALTHCHECK CMD a": "shell",
        "HEALTHCHECK NONE": "shell",
        "ONBUILD RUN a": "none",
        "FOO a": "none",
    }
    assert {text: only(text).form for text in forms} == forms


def test_places() -> None:
    text = "FROM x\n  COPY --from=a\\\n --chown='b c' d \\\n# e\n\n \te\n"
    copy = parse(text).instructions[1]
    assert text[copy.start : copy.end] == text[9:-1]
    assert text[copy.name.start : copy.name.end] == "COPY"
    assert [text[flag.start : flag.end] for flag in copy.flags] == ["--from=a", "--chown='b c'"]
    assert [text[flag.value.start : flag.value.end] for flag in copy.flags if flag.value] == ["a", "'b c'"]
    assert [text[token.start : token.end] for token in copy.args] == ["d", "e"]
    assert [comment.text for comment in copy.comments] == ["# e"]
    assert [text[blank.start : blank.end] for blank in copy.blanks] == ["\n"]
    assert (copy.line, copy.last_line, copy.close) == (2, 6, len(text))
    assert copy.map.text[copy.rest :] == "d  \te"
    assert copy.flags[1].value is not None
    assert (copy.flags[1].value.text, copy.flags[1].value.value) == ("'b c'", "b c")


def test_pairs_have_places() -> None:
    text = 'ENV a=b\\\nc "d=e"f g='
    pairs = only(text).pairs
    assert [text[pair.start : pair.end] for pair in pairs] == ["a=b\\\nc", '"d=e"f', "g="]
    assert [text[pair.key.start : pair.key.end] for pair in pairs] == ["a", '"d', "g"]
    values = [pair.value for pair in pairs if pair.value is not None]
    assert [text[value.start : value.end] for value in values] == ["b\\\nc", 'e"f', ""]


def test_json_strings_have_places() -> None:
    text = 'CMD [ "a\\\\b", "" ]'
    instruction = only(text)
    assert [text[token.start : token.end] for token in instruction.args] == ['"a\\\\b"', '""']
    assert [(token.text, token.value) for token in instruction.args] == [('"a\\\\b"', "a\\b"), ('""', "")]


def test_the_trigger_shares_the_map() -> None:
    text = "ONBUILD RUN --a b \\\n c"
    outer = only(text)
    inner = outer.inner
    assert inner is not None
    assert inner.map is outer.map
    assert text[inner.start : inner.start + 3] == "RUN"
    assert inner.map.text[inner.rest :] == "b  c"
    assert (inner.line, inner.last_line, inner.close) == (1, 2, len(text))
