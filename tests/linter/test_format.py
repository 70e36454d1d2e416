"""What formatted files look like."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dlinter.format import FormatError, Style, format_range, format_text, formatted
from dlinter.format.guard import changed_build, differing
from dlinter.format.layout import Plan
from dlinter.source import Source
from dlinter.tree import Dockerfile


def laid_out(text: str, style: Style | None = None) -> str:
    result = formatted(Source(text), style or Style())
    assert result.defects == []
    assert formatted(result.source, style or Style()).source is result.source
    return result.source.text


def same(text: str) -> None:
    assert laid_out(text) == text


FROM = "FROM debian:12\n"
CASES = {
    "keywords": (
        "from a as b\nrun x\nhealthcheck none\nonbuild copy a b\n",
        "FROM a AS b\nRUN x\nHEALTHCHECK NONE\nONBUILD COPY a b\n",
    ),
    "one blank": (
        "FROM   --platform=x   a\nCOPY\t--link  a   b\t c\nENV  A  b   c\nARG  x   y=1\nWORKDIR   /a  b\n",
        "FROM --platform=x a\nCOPY --link a b c\nENV A b   c\nARG x y=1\nWORKDIR /a  b\n",
    ),
    "shell words": (
        FROM + "RUN a   'b  c'  && d>e;f  ||g|h ;  i &\n",
        FROM + "RUN a 'b  c' && d>e; f || g | h; i &\n",
    ),
    "json": (FROM + 'CMD [ "a"  ,"b  c" ]\nCMD [ ]\n', FROM + 'CMD ["a", "b  c"]\nCMD []\n'),
    "json in lines": (
        FROM + 'CMD [ \\\n"a" , \\\n "b" \\\n  ]\n',
        FROM + 'CMD [ \\\n    "a", \\\n    "b" \\\n]\n',
    ),
    "aligned": (
        FROM + "ENV A=1     \\\n    BB=2    \\\n    C=3\n",
        FROM + "ENV A=1 \\\n    BB=2 \\\n    C=3\n",
    ),
    "chain": (
        FROM + "RUN a \\\n && b \\\n    c \\\n && d\n",
        FROM + "RUN a \\\n    && b \\\n        c \\\n    && d\n",
    ),
    "trailing operators win": (
        FROM + "RUN a && \\\n    b || \\\n    c \\\n    && d\n",
        FROM + "RUN a && \\\n    b || \\\n    c && \\\n    d\n",
    ),
    "pipes have a side of their own": (
        FROM + "RUN a && \\\n    b \\\n        | c && \\\n    d\n",
        FROM + "RUN a && \\\n    b \\\n        | c && \\\n    d\n",
    ),
    "arguments on the first line, deeper": (
        FROM + "RUN apt-get install \\\n            a \\\n            b \\\n   && c\n",
        FROM + "RUN apt-get install \\\n        a \\\n        b \\\n    && c\n",
    ),
    "arguments on the first line, flush": (
        FROM + "RUN a && apt-get install \\\n  b \\\n  && c\nRUN x \\\n    && y\nRUN x \\\n    && y\n",
        FROM + "RUN a && apt-get install \\\n    b \\\n    && c\nRUN x \\\n    && y\nRUN x \\\n    && y\n",
    ),
    "compounds": (
        FROM
        + "RUN set -e; \\\nif a; then \\\nb; \\\nelse for x in y; do \\\nc; \\\ndone; fi; \\\n{ \\\nd; \\\n} > e\n",
        FROM + "RUN set -e; \\\n    if a; then \\\n        b; \\\n    else for x in y; do \\\n        c; \\\n"
        "    done; fi; \\\n    { \\\n        d; \\\n    } > e\n",
    ),
    "case": (
        FROM + 'RUN case "$x" in \\\n  a) b ;; \\\n  c) \\\n  d; \\\n  ;; \\\n esac\n',
        FROM
        + 'RUN case "$x" in \\\n        a) b ;; \\\n        c) \\\n            d; \\\n            ;; \\\n    esac\n',
    ),
    "substitution": (
        FROM + 'RUN a && \\\n    x="$(  b \\\n| c  )" && \\\n    y=`d   e`\n',
        FROM + 'RUN a && \\\n    x="$( b \\\n        | c )" && \\\n    y=`d e`\n',
    ),
    "flags in lines": (
        FROM + "RUN --mount=type=cache,target=/a \\\n --network=none \\\n a && \\\n b \\\n c\n",
        FROM + "RUN --mount=type=cache,target=/a \\\n    --network=none \\\n    a && \\\n    b \\\n        c\n",
    ),
    "healthcheck in lines": (
        FROM + "HEALTHCHECK --interval=5s \\\n  CMD a \\\n  || b\n",
        FROM + "HEALTHCHECK --interval=5s \\\n  CMD a \\\n    || b\n",
    ),
    "options keep their arguments below": (
        FROM + "RUN a \\\n && b \\\n   --c \\\n      d \\\n   e \\\n     f\n",
        FROM + "RUN a \\\n    && b \\\n        --c \\\n            d \\\n        e \\\n        f\n",
    ),
    "comments": (
        "#a\n  # b\n##c\n#!d\n#---\n#/e\n#--f\nFROM x\nRUN a && \\\n#b  \n    c\n",
        "# a\n# b\n##c\n#!d\n#---\n# /e\n# --f\nFROM x\nRUN a && \\\n    # b\n    c\n",
    ),
    "a comment of the shell takes the rest": (
        FROM + "RUN a   # b   c \\\n   &&   d\n",
        FROM + "RUN a   # b   c \\\n   &&   d\n",
    ),
    "empty lines": (
        "\n\nFROM a\n\n\n\nRUN x\n# c\nFROM b\nFROM c\n  \nCMD x\n\n\n",
        "FROM a\n\nRUN x\n\n# c\nFROM b\nFROM c\n\nCMD x\n",
    ),
    "empty lines in a continuation": (FROM + "RUN a \\\n\n  \\\n \\\n && b\n", FROM + "RUN a \\\n    \\\n    && b\n"),
    "blanks at line ends": (FROM + "RUN a \\  \n    'b \\ \n c'  \n", FROM + "RUN a \\\n    'b \\\n c'\n"),
    "final newline": ("FROM a", "FROM a\n"),
    "two columns": (
        FROM + "ENV A=1 \\\n  B=2\nRUN a \\\n && b\n",
        FROM + "ENV A=1 \\\n  B=2\nRUN a \\\n  && b\n",
    ),
    "tabs": (FROM + "ENV A=1 \\\n\tB=2\nRUN a; \\\n  b\n", FROM + "ENV A=1 \\\n\tB=2\nRUN a; \\\n\tb\n"),
    "pragma": (
        FROM + "# dlint format=off\nrun   a\n\nrun   b \\\n  # dlint format: off\n  c\nrun   d\n",
        FROM + "# dlint format=off\nrun   a\n\nrun   b \\\n  # dlint format: off\n  c\nRUN d\n",
    ),
    "windows line ends": ("FROM a\r\nRUN b \\\r\n && c\n", "FROM a\r\nRUN b \\\r\n    && c\r\n"),
    "byte-order mark": ("\ufeff\nfrom a\n", "\ufeffFROM a\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_layout(name: str) -> None:
    before, after = CASES[name]
    assert laid_out(before) == after


UNTOUCHED = {
    "heredocs": FROM + "RUN <<EOF\n  a   b \\\n\n\n c  \nEOF\nCOPY <<a <<-b /x\n #c\na\n\t d  \n\tb\n",
    "heredoc in a list": FROM + "RUN cat <<E > /x && b\n   c   d\nE\n",
    "carriage returns in heredocs": FROM + "RUN <<E\na  \r\nE\n",
    "directives": "#syntax=a\n#escape=\\\nFROM a\n",
    "a comment that would become a directive": "\n# escape=`\nFROM a\nRUN b \\\n    && c\n",
    "an indented one": "  # syntax=x\nFROM a\n",
    "PowerShell": 'FROM a\nSHELL ["powershell"]\nRUN Get-X   -y ; `z\n',
    "images of Windows": "FROM mcr.microsoft.com/windows/nanoserver\nRUN a   &&b\n",
    "a script that does not parse": FROM + "RUN a   (  b\n",
    "aliases": FROM + "RUN alias a=b   &&  c\n",
    "expansions": FROM + "RUN ${a:-$(b   c)} $((  1 + $(d   e) ))\n",
    "names of here-documents": FROM + 'RUN a<<E"q  $(a   b)"\n',
    "tests": FROM + 'SHELL ["/bin/bash", "-c"]\nRUN [[ a   ==   "b" ]]\n',
    "triggers' scripts": FROM + "ONBUILD RUN a   b\n",
    "an image's text": FROM + "LABEL a='b   c'\nMAINTAINER a   b\nENV A  b".replace("  b", " b  c") + "\n",
    "an argument before the first stage": "ARG a=1\nFROM b:$a\n",
    "what BuildKit refuses": FROM + "copy   a\n",
    "no stage": "RUN   a\n",
    "a dangling continuation": FROM + "RUN a \\\n# c\n",
    "nothing": "",
}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_untouched(name: str) -> None:
    same(UNTOUCHED[name])


def test_the_escape_token_of_the_file() -> None:
    text = '# escape=`\nFROM a\nSHELL ["/bin/sh", "-c"]\nENV A=1   `\n      B=2\nRUN a `\n  && b\n'
    assert laid_out(text).endswith("ENV A=1 `\n  B=2\nRUN a `\n  && b\n")


def test_styles() -> None:
    text = FROM + "RUN a && \\\n    b \\\n    | c  "
    assert laid_out(text, Style("\t")) == FROM + "RUN a && \\\n\tb \\\n\t\t| c\n"
    assert laid_out(text, Style("  ", "leading")) == FROM + "RUN a \\\n  && b \\\n    | c\n"
    assert laid_out(text, Style(None, "trailing")) == FROM + "RUN a && \\\n    b | \\\n        c\n"
    assert laid_out(text, Style(newline="\r\n")).count("\r\n") == 4
    assert laid_out(text, Style(final_newline=False)).endswith("| c")
    assert laid_out(text, Style(trim=False, final_newline=False)).endswith("| c  ")
    mixed = FROM + "RUN a && \\\n    b \\\n    && c\n"
    assert laid_out(mixed, Style(operators="keep")) == mixed
    assert laid_out("FROM a\r\nCMD b\r\n", Style(newline="\n")) == "FROM a\nCMD b\n"


@pytest.mark.parametrize("text", ["foo\n", FROM + "RUN <<E\n", FROM + "ENV\n    && x\n", "#escape=x\nFROM a\n"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="line"):
        formatted(Source(text))
    source = Source(text)
    assert format_text(source) is source


def test_a_range() -> None:
    text = "from a\nrun   b \\\n  c\n\n\n# d\nrun   e\nrun   f\n"
    place = text.index("c\n")
    assert format_range(Source(text), place, place).text == "from a\nRUN b \\\n  c\n\n\n# d\nrun   e\nrun   f\n"
    place = text.index("# d")
    assert format_range(Source(text), place, place).text == "from a\nrun   b \\\n  c\n\n# d\nRUN e\nrun   f\n"
    source = Source("FROM a\nrun b\n")
    assert format_range(source, 0, 3) is source
    assert format_range(Source("from a\r\nrun b\n"), 0, 3).text == "FROM a\r\nrun b\n"


def test_the_source_keeps_path_and_encoding() -> None:
    source = Source.from_bytes("\ufefffrom a\n".encode("utf-16-le"), "x/Dockerfile")
    after = format_text(source)
    assert (after.path, after.to_bytes()) == ("x/Dockerfile", "\ufeffFROM a\n".encode("utf-16-le"))


# -- the guard ----------------------------------------------------------------------------------------------------


def files(before: str, after: str) -> tuple[Dockerfile, Dockerfile]:
    return Dockerfile(Source(before)), Dockerfile(Source(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN a b", "RUN ab"),
        ("RUN 'a  b'", "RUN 'a b'"),
        ("RUN a && b", "RUN a; b"),
        ("RUN a $(b c)", "RUN a $(bc)"),
        ("RUN a \\\n# c\n b", "RUN a \\\n b"),
        ("# c\nRUN a", "RUN a"),
        ("RUN <<E\n a\nE", "RUN <<E\na\nE"),
        ("COPY a b", "COPY a b c"),
        ("COPY --link a b", "COPY a b"),
        ("ENV a=b", "ENV a=c"),
        ("ENV a b  c", "ENV a b c"),
        ('CMD ["a"]', 'CMD ["a "]'),
        ('CMD ["a"]', "CMD [a]"),
        ("HEALTHCHECK CMD a", "HEALTHCHECK NONE"),
        ("ONBUILD RUN a", "ONBUILD CMD a"),
    ],
)
def test_the_guard_notices(before: str, after: str) -> None:
    assert differing(*files(f"FROM a\n{before}\n", f"FROM a\n{after}\n")) == [1]


def test_the_guard_notices_what_is_in_no_instruction() -> None:
    for before, after in (
        ("# syntax=a\nFROM a\n", "FROM a\n"),
        ("\n# escape=`\nFROM a\n", "# escape=`\nFROM a\n"),
        ("FROM a\n# c\n", "FROM a\n"),
        ("FROM a\nRUN b\n", "FROM a\n"),
        ("\ufeffFROM a\n", "FROM a\n"),
    ):
        assert differing(*files(before, after)) is None
    assert changed_build(*files("FROM a\nRUN a\nRUN b\n", "FROM a\nRUN a\nRUN c\n"))[0][0] == 3


@pytest.mark.parametrize("wrong", ["xx", "\n", "  \\\n# c\n"])
def test_what_would_change_more_is_left_and_reported(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    """One instruction is damaged: another word, another instruction, a comment that was not there."""
    made = Plan._indent

    def damaged(self: Plan) -> None:
        made(self)
        for edit in self.edits.get(2, []):
            if edit.end - edit.start == 3 and edit.text == " ":
                edit.text = wrong

    monkeypatch.setattr(Plan, "_indent", damaged)
    result = formatted(Source("from a\nrun a   b\nrun a   b\nrun a   b\n"))
    assert result.source.text == "FROM a\nRUN a b\nrun a   b\nRUN a b\n"
    assert [defect.line for defect in result.defects] == [3]


def test_what_the_proof_refuses_is_left_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlinter.format.formatter.differing", lambda before, after: [])
    made = Plan._indent

    def damaged(self: Plan) -> None:
        made(self)
        self.edits[1][-1].text = "x"

    monkeypatch.setattr(Plan, "_indent", damaged)
    result = formatted(Source("from a\nrun a   b\nrun a   b\n"))
    assert result.source.text == "FROM a\nrun a   b\nRUN a b\n"
    assert [defect.line for defect in result.defects] == [2]


def test_a_file_that_cannot_be_compared_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlinter.format.formatter.differing", lambda before, after: None)
    source = Source("from a\nRUN b\n")
    result = formatted(source)
    assert result.source is source
    assert [defect.line for defect in result.defects] == [1]


def test_the_page_shows_what_happens() -> None:
    page = (Path(__file__).parents[2] / "docs" / "format.md").read_text()
    before, after, pragma = re.findall(r"```dockerfile\n(.*?)```", page, re.S)
    assert laid_out(before) == after
    same(FROM + pragma)


def test_many_lines() -> None:
    lines = "".join(f"  && echo {number} \\\n  x\t y \\\n" for number in range(500))
    text = laid_out(f"FROM a\nRUN true \\\n{lines}  && z\n")
    assert text.count("\n  && echo") == 500
