"""What holds of every formatted file: the same tokens, the same again, no mistake of the formatter."""

from __future__ import annotations

import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from dlinter.format import FormatError, Style, format_range, formatted
from dlinter.source import Source
from dlinter.tree import Dockerfile

SHELL = [
    *("RUN ", "RUN  a", "CMD ", "HEALTHCHECK --interval=1s \\\n CMD ", "ONBUILD RUN "),
    *(
        " && ",
        "&&",
        " && \\\n",
        "\\\n&& ",
        " || \\\n  ",
        "|",
        " | \\\n",
        "; ",
        ";\\\n",
        " ;",
        "&",
        " ;;",
        " \\\n",
        "\\\n\n",
    ),
    *("\\\n# c\n", "\\\n  #c\n  \\\n", "a", "b c", " -x", "  ", "'q  w'", '"q  $(a   b)"', "$(a \\\n  b)", "`a  b`"),
    *("if a; then ", "fi", "else ", "for x in a  b; do ", "done", "case x in ", "a) ", "esac", "{ ", "; }", "( ", ")"),
    *("[[ a  == b ]]", "$((1  + 2))", "${x:-$(a  b)}", "x=(a  b)", "f() ", "> x", " 2>&1", "<<E", "\nE\n", "!", "#x"),
    *('"', "'", "\\", "\\ ", "alias a=b", "\t", "\r\n", "\\  \n", "\n", "\n\n\n"),
]
FILES = [
    *("FROM a\n", "from  b   as c\n", "FROM windows\n", "ENV A=1   B=2", "ENV A  b  c", "LABEL a=b \\\n   c='d  e'"),
    *("COPY  a \\\n b", "COPY --from=c   <<E /x\n", 'CMD [ "a" ,"b"]', 'VOLUME ["a", \\\n "b" \\\n]', "WORKDIR /a  b"),
    *('SHELL ["/bin/bash","-c"]\n', 'SHELL ["cmd"]\n', "EXPOSE 1   2", "ARG a  b=c", "USER  x ", "# c\n", "#c  \n"),
    *("# escape=`\n", "# syntax=x\n", "\ufeff", "# dlint format=off\n", "\n", "\n\n\n", "  ", "\\\n", "`\n", "\r\n"),
    *("\x0b", "\xa0", "\udcff", "\x00", "foo ", "--x ", "-- ", "=", "HEALTHCHECK  none", "ONBUILD  ADD  a   b"),
]
texts = st.one_of(
    st.lists(st.sampled_from(SHELL), max_size=16).map(lambda pieces: "FROM a\nRUN " + "".join(pieces)),
    st.lists(st.sampled_from([*SHELL, *FILES]), max_size=24).map("".join),
    st.lists(st.sampled_from(FILES), max_size=20).map(lambda pieces: "FROM a\n" + "".join(pieces)),
)
styles = st.builds(
    Style,
    st.sampled_from([None, "  ", "    ", "\t"]),
    st.sampled_from(["auto", "leading", "trailing", "keep"]),
    st.sampled_from([None, "\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
)


def essence(text: str) -> list[str]:
    """The instructions without any blank, comments without the one after ``#``, in lower case: all but the layout."""
    file = Dockerfile(text)
    found = [re.sub(r"\s", "", instruction.syntax.map.text).lower() for instruction in file.instructions]
    found += [heredoc.content for instruction in file.instructions for heredoc in instruction.heredocs]
    return found + [re.sub(r"#\s*", "#", comment.text).strip().lower() for comment in file.comments]


@settings(max_examples=400, deadline=None)
@given(texts, styles)
def test_only_the_layout_changes(text: str, style: Style) -> None:
    try:
        result = formatted(Source(text), style)
    except FormatError:
        return
    assert result.defects == []
    assert essence(result.source.text) == essence(text)


@settings(max_examples=400, deadline=None)
@given(texts, styles)
def test_a_formatted_file_stays_as_it_is(text: str, style: Style) -> None:
    try:
        once = formatted(Source(text), style).source
    except FormatError:
        return
    assert formatted(once, style).source is once


@settings(max_examples=200, deadline=None)
@given(texts, st.integers(0, 80), st.integers(0, 80))
def test_a_range_leaves_the_rest_alone(text: str, start: int, length: int) -> None:
    source = Source(text)
    after = format_range(source, start, start + length)
    if after is source:
        return
    assert essence(after.text) == essence(text)
    file = Dockerfile(source)
    before = [i.syntax.close for i in file.instructions if i.syntax.close < start]
    assert after.text.startswith(text[: before[-1] if before else 0])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_scrambled_layout_is_laid_out_as_before(seed: int) -> None:
    """Other blanks at line ends, between words and before comments give the same result."""
    chance = random.Random(seed)
    lines = [
        "FROM debian:12", "RUN apt-get update \\", "    && apt-get install -y \\", "        # why", "        curl \\",
        "    && rm -rf x", "ENV A=1 \\", "    B=2", 'CMD ["a", "b"]',
    ]  # fmt: skip
    text = "\n".join(lines) + "\n"
    assert formatted(Source(text)).source.text == text
    scrambled = []
    for line in lines:
        lead = " " * (len(line) - len(line.lstrip()))
        blanks = 1 if line.strip().startswith("#") else 3
        words = [word + " " * chance.randint(1, blanks) for word in line.split()]
        scrambled.append(lead + "".join(words).strip() + " " * chance.randint(0, 2))
    assert formatted(Source("\n".join(scrambled) + "\n" * chance.randint(0, 3))).source.text == text
