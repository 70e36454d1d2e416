"""Definitions, references and renaming: a name means the same thing wherever it is shown to, and nowhere else."""

from __future__ import annotations

import pytest
from features_helpers import WEB, at, edited, place

from dlinter.server.features import RenameError
from dlinter.server.features.navigation import definitions, highlights, prepare_rename, references, rename
from dlinter.tree import Dockerfile


def lines(text: str, *, declaration: bool = True) -> list[int]:
    """The lines of every place of the name at the cursor; each place holds the same text."""
    file, offset = at(text)
    found = references(file, offset, declaration=declaration)
    assert len({file.text[each.start : each.end].lower() for each in found}) <= 1
    return [file.source.line(each.start) for each in found]


def defined(text: str) -> tuple[int, str] | None:
    """The line and the name that the definition of what is at the cursor leads to."""
    file, offset = at(text)
    found = definitions(file, offset)
    if not found:
        return None
    assert len(found) == 1
    target, selection, origin = found[0].target, found[0].selection, found[0].origin
    assert target.start <= selection.start and selection.end <= target.end and origin.start <= offset <= origin.end
    return file.source.line(selection.start), file.text[selection.start : selection.end]


def renamed(text: str, name: str) -> str:
    file, offset = at(text)
    return edited(file, rename(file, offset, name))


def refused(text: str, name: str) -> str:
    file, offset = at(text)
    with pytest.raises(RenameError) as caught:
        rename(file, offset, name)
    return str(caught.value)


def web(marker: str, number: int = 0) -> str:
    offset = place(WEB, marker, number)
    return WEB[:offset] + "|" + WEB[offset:]


def test_where_things_are_defined() -> None:
    assert defined(web("base AS wheels")) == (3, "base")
    assert defined(web("wheels ${APP")) == (9, "wheels")
    assert defined(web("1 /etc/pip")) == (9, "wheels")
    assert defined(web("$APP_HOME")) == (5, "APP_HOME")
    assert defined(web("${APP_HOME}", 1)) == (5, "APP_HOME")
    assert defined(web("EOF\nEXPOSE")) == (21, "EOF")
    assert defined(web("requirements")) is None


def test_an_argument_of_a_stage_leads_to_that_before_the_first_from() -> None:
    assert defined(web("{PYTHON}-slim")) == (2, "PYTHON")
    assert defined(web('PYTHON}"')) == (4, "PYTHON")
    assert defined(web("PYTHON\nENV")) == (2, "PYTHON")


def test_each_stage_has_its_own_declaration() -> None:
    text = "ARG V=1\nFROM a:$V AS one\nARG V\nRUN echo $V\nFROM b\nARG V\nRUN echo $V"
    assert defined(text.replace("$V\nFROM", "$|V\nFROM")) == (3, "V")
    assert defined(text[:-1] + "|V") == (6, "V")


def test_the_last_setting_before_counts() -> None:
    text = "FROM a\nENV V=1\nRUN echo $V\nENV V=2\nRUN echo $|V\nCMD echo $V"
    assert defined(text) == (4, "V")
    assert defined(text.replace("$|V", "$V").replace("CMD echo $V", "CMD echo $|V")) == (4, "V")


def test_references_of_stages() -> None:
    assert lines(web("base AS wheels")) == [3, 9, 18]
    assert lines("FROM a AS on|e\nFROM ONE\nCOPY --from=One a b\nRUN --mount=from=one,target=/x y") == [1, 3, 4]
    assert lines("FROM a AS x\nFROM a AS x\nCOPY --from=|x a b") == [2, 3]
    assert lines(web("base AS wheels"), declaration=False) == [9, 18]


def test_references_of_variables() -> None:
    assert lines(web("APP_HOME=")) == [5, 7, 16, 19, 24, 28, 29]
    assert lines(web("{PYTHON}")) == [2, 3, 4, 13]
    assert lines(web("package in")) == [14, 14]


def test_scopes_keep_variables_apart() -> None:
    text = "FROM a AS one\nENV V=1\nRUN echo $V\nFROM b\nENV V=2\nRUN echo $|V"
    assert lines(text) == [5, 6]
    assert lines(text.replace("FROM b", "FROM one")) == [2, 3, 5, 6]
    assert lines("ARG V=1\nFROM a:$V\nRUN echo $|V") == [3]
    assert lines("ARG V=1\nFROM a:$V\nARG V\nRUN echo $|V") == [1, 2, 3, 4]


def test_the_shell_of_run_is_understood() -> None:
    text = "FROM scratch\nENV |V=1\nRUN echo ${V:-x} \"$V\" '$V' $((V + 1)) ${#V} && V=2 make && export V"
    file, offset = at(text)
    assert [file.text[each.start - 2 : each.end + 1] for each in highlights(file, offset)] == [
        "V V=", "${V:", '"$V"', "((V ", "{#V}", "& V=", "t V",
    ]  # fmt: skip
    assert [each.write for each in highlights(file, offset)] == [True, False, False, False, False, True, True]


def test_scripts_within_scripts() -> None:
    nested = 'RUN sh -c \'echo $V\'\nRUN sh <<E\necho $V\nE\nCMD ["sh", "-c", "echo $V"]'
    assert lines(f"FROM scratch\nENV |V=1\n{nested}") == [2, 3, 5, 7]
    assert lines("FROM scratch\nENV |V=1\nRUN cat <<E >/x\n$V\nE\nRUN cat <<'E' >/x\n$V\nE\n") == [2, 4]


def test_variables_of_a_script_end_with_it() -> None:
    assert lines("FROM scratch\nRUN i=1; echo $|i\nRUN i=2; echo $i") == [2, 2]


def test_a_secret_hides_the_variable() -> None:
    assert lines("FROM scratch\nENV |T=1\nRUN --mount=type=secret,id=t,env=T echo $T\nRUN echo $T") == [2, 4]


def test_names_over_continuations_and_in_quotes() -> None:
    text = 'FROM scratch\nENV |V=1\nENV U=1 \\\n  # note\n  W="a \\\n$V"\nCOPY --chown="$V" ["$V", "/x"]'
    assert lines(text) == [2, 6, 7, 7]


def test_a_setting_is_not_seen_by_its_own_instruction() -> None:
    assert lines("FROM scratch\nENV |V=1 W=$V\nRUN echo $V") == [2, 3]


def test_rename_a_stage() -> None:
    text = renamed(web("base AS wheels"), "runtime")
    assert text == WEB.replace("AS base", "AS runtime").replace("FROM base", "FROM runtime")
    quoted = 'FROM a AS on|e\nFROM b\nCOPY --from="one" x y\nRUN --mount=type=bind,from=ONE,target=/z w'
    assert renamed(quoted, "two") == quoted.replace("|", "").replace("one", "two").replace("ONE", "two")


def test_rename_a_variable_wherever_it_is_meant() -> None:
    assert renamed(web("$APP_HOME"), "ROOT") == WEB.replace("APP_HOME", "ROOT")
    text = "FROM a AS one\nENV V=1\nRUN echo $V\nFROM b\nENV V=2\nRUN echo $|V"
    assert renamed(text, "W") == "FROM a AS one\nENV V=1\nRUN echo $V\nFROM b\nENV W=2\nRUN echo $W"


def test_rename_takes_the_description_along() -> None:
    assert renamed("# V the version\nARG |V=1\nFROM a:$V", "W") == "# W the version\nARG W=1\nFROM a:$W"
    assert renamed("# one builds\nFROM a AS |one", "two") == "# two builds\nFROM a AS two"


def test_rename_a_heredoc() -> None:
    text = "FROM a\nRUN <<|EOF\necho EOF\nEOF\n"
    assert renamed(text, "END") == "FROM a\nRUN <<END\necho EOF\nEND\n"
    assert "mean something else" in refused("FROM a\nRUN <<|EOF\nEND\nEOF\n", "END")
    assert "name of the file" in refused("FROM a\nCOPY <<|EOF /x/\nEOF\n", "END")


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("FROM a AS |one\nFROM b AS two\nCOPY --from=two x y", "two", "a stage called two already"),
        ("FROM a AS |one\nFROM alpine\nCOPY --from=one x y", "alpine", "mean something else"),
        ("FROM a AS |one", "One", "small letters"),
        ("FROM a AS |one", "1one", "small letters"),
        ("FROM a AS |one", "scratch", "something else"),
        ("FROM a AS one\nFROM b\nCOPY --from=|0 x y", "two", "not called by its name"),
        ("FROM scratch\nENV |V=1 W=2\nRUN echo $V $W", "W", "mean something else"),
        ("FROM scratch\nENV |V=1\nRUN W=3; echo $V $W", "W", "mean something else"),
        ("FROM scratch\nENV |V=1", "1V", "no digit first"),
        ("FROM scratch\nENV |V=1", "TARGETARCH", "a meaning for the builder"),
        ("FROM scratch\nARG TARGET|ARCH", "V", "set by the builder"),
        ("FROM scratch\nRUN echo $NO|PE", "V", "not set in this file"),
        ("FROM python:3\nENV |LANG=$LANG.x", "V", "from the base image"),
        ("FROM example.com/x\nENV |V=a:$V", "W", "from the base image"),
        ("FROM scratch\nENV |V=1\nRUN echo 'a $V' > /etc/profile", "W", "stands in quotes"),
        ("FROM scratch\nENV |V=1\nRUN if $V", "W", "cannot be read"),
        ("FROM scratch\nRUN |V=1; echo $V", "W", "variable of this script"),
        ("FROM scr|atch", "W", "no name"),
    ],
)
def test_what_cannot_be_renamed(text: str, name: str, expected: str) -> None:
    assert expected in refused(text, name)


def test_what_is_offered_for_renaming() -> None:
    file, offset = at(web("APP_HOME/wheels"))
    found = prepare_rename(file, offset)
    assert found is not None and found.text == "APP_HOME" and found.start == offset
    for text in ("FROM scr|atch", "FROM scratch\nRUN echo $NO|PE", "FROM scratch\nRUN i=1; echo $|i", "|"):
        assert prepare_rename(*at(text)) is None


def test_a_name_may_be_given_again() -> None:
    assert renamed(web("base AS wheels"), "base") == WEB


def test_powershell_and_cmd() -> None:
    head = "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\n"
    assert lines(head + "ENV |V=1\nRUN echo %V%") == [3, 4]
    assert lines(head + 'SHELL ["powershell", "-Command"]\nENV |V=1\nRUN Write-Host $env:V') == [4, 5]


def test_every_place_of_a_name_gives_the_same_places() -> None:
    file = Dockerfile(WEB)
    for marker in ("APP_HOME=", "PYTHON=", "base\nARG", "wheels\n#"):
        places = highlights(file, WEB.index(marker))
        assert len(places) > 1
        for each in places:
            assert highlights(file, each.start) == places and highlights(file, each.end) == places


def test_a_stage_may_be_spelt_in_small_letters() -> None:
    assert renamed("FROM a AS |Base\nFROM base\nCOPY --from=Base x y", "base") == (
        "FROM a AS base\nFROM base\nCOPY --from=base x y"
    )
