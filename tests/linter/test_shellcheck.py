"""ShellCheck on the scripts of a file: which shell, which variables, where exactly, and what its fixes become."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from test_cli import dlint

from dlinter import shellcheck
from dlinter.catalogue import known_rules, page
from dlinter.edits import Safety, splice
from dlinter.engine import Dispatcher
from dlinter.fixer import fix
from dlinter.rule import Finding, Severity
from dlinter.selection import RuleSet, find, select
from dlinter.shell_bodies import bodies_of, silent
from dlinter.shell_codes import SHELLCHECK, rule_of
from dlinter.shellcheck import ShellCheck, locate
from dlinter.source import Source
from dlinter.tree import Dockerfile

PROGRAM = locate()
needed = pytest.mark.skipif(PROGRAM is None, reason="ShellCheck is not installed")
#: one process for all tests that only look
SHARED = ShellCheck(PROGRAM)
ALL = RuleSet(list(SHELLCHECK.values()))


def findings(text: str, *, default: bool = False, hadolint: bool = False) -> list[Finding]:
    checker = ShellCheck(PROGRAM, hadolint=True) if hadolint else SHARED
    rules = select(known_rules(), "default") if default else ALL
    found = checker.findings(Dockerfile(text), rules)
    return sorted(found, key=lambda finding: finding.start)


def codes(text: str, **options: bool) -> list[str]:
    return [finding.code for finding in findings(text, **options)]


# -- where ------------------------------------------------------------------------------------------------------------

PLACES = {
    "plain": ('FROM debian:12\nRUN echo "a" «$x»\n', "SC2086"),
    "continuation": ('FROM debian:12\nRUN echo "a" && \\\n    echo «$x»\n', "SC2086"),
    "tabs": ("FROM debian:12\nRUN\t:\t&& \\\n\t\techo\té\t«$x»\n", "SC2086"),
    "beyond the BMP": ("FROM debian:12\nRUN echo '\U0001f600' \\\n '\U0001f600' «$x»\n", "SC2086"),
    "bytes that are no text": ("FROM debian:12\nRUN echo '\udcff\udcfe' «$x»\n", "SC2086"),
    "comment between": ("FROM debian:12\nRUN : && \\\n# a $b\n\n  echo «$x»\n", "SC2086"),
    "flags": ("FROM debian:12\nRUN --mount=type=cache,target=/a \\\n  echo «$x»\n", "SC2086"),
    "blank after the backslash": ("FROM debian:12\nRUN echo \\  \n  «$x»\n", "SC2086"),
    "other escape": ("# escape=`\nFROM debian:12\nRUN echo `\n  «$x»\n", "SC2086"),
    "carriage returns": ("FROM debian:12\r\nRUN echo \\\r\n  «$x»\r\n", "SC2086"),
    "onbuild": ("FROM debian:12\nONBUILD RUN echo «$x»\n", "SC2086"),
    "healthcheck": ("FROM debian:12\nHEALTHCHECK --interval=3s CMD curl «$x»\n", "SC2086"),
    "heredoc": ("FROM debian:12\nRUN <<EOF\n\tcd /a\n\tif true; then echo «$x»; fi\nEOF\n", "SC2086"),
    "heredoc without tabs": ("FROM debian:12\nRUN <<-EOF\n\t\techo «$x»\n\tEOF\n", "SC2086"),
    "heredoc of a command": ("FROM debian:12\nRUN cat <<'EOF' > «$x»\n$y\nEOF\n", "SC2086"),
    "exec form": ('FROM debian:12\nRUN ["bash", "-c", "echo \\"a\\" «$x»"]\n', "SC2086"),
    "whole command": ("FROM debian:12\nRUN true; «cd \\\n  /a»; make\n", "SC2164"),
}


@needed
@pytest.mark.parametrize("name", PLACES)
def test_the_place_is_true_to_the_character(name: str) -> None:
    marked, code = PLACES[name]
    text = marked.replace("«", "").replace("»", "")
    start = marked.index("«")
    places = [(f.start, f.end) for f in findings(text) if f.code == code]
    assert places == [(start, marked.index("»") - 1)]


# -- which shell ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("FROM debian:12\nRUN x $y\n", "#!/bin/dash"),
        ("FROM alpine:3.20\nRUN x $y\n", "#!/bin/busybox sh"),
        ("FROM fedora:40\nRUN x $y\n", "#!/bin/bash"),
        ("FROM acme/thing\nRUN x $y\n", "#!/bin/sh"),
        ('FROM debian:12\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN x $y\n', "#!/bin/bash -e"),
        ('FROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN x $y\n', "#!/bin/bash"),
        ('FROM acme/thing\nSHELL ["/bin/ash", "-ec"]\nRUN x $y\n', "#!/bin/busybox sh -e"),
        ('FROM acme/thing\nSHELL ["/usr/bin/env", "bash", "-c"]\nRUN x $y\n', "#!/bin/bash"),
        ("FROM debian:12\nRUN <<EOF\n#!/usr/bin/env bash\nx $y\nEOF\n", "#!/bin/bash"),
        ("FROM debian:12\nRUN <<EOF\n#!/bin/ksh -e\nx $y\nEOF\n", "#!/bin/ksh -e"),
        ('FROM debian:12\nRUN ["bash", "-e", "-c", "x $y"]\n', "#!/bin/bash -e"),
        ("FROM debian:12 AS a\nFROM a\nRUN x $y\n", "#!/bin/dash"),
        ("# hadolint shell=/bin/bash\nFROM debian:12\nRUN x $y\n", "#!/bin/bash"),
    ],
)
def test_the_shell_is_the_one_that_runs_it(text: str, first: str) -> None:
    [body] = bodies_of(Dockerfile(text))
    assert body.text.split("\n")[0] == first


@pytest.mark.parametrize(
    "text",
    [
        'FROM debian:12\nSHELL ["pwsh", "-c"]\nRUN x $y\n',
        "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN x $y\n",
        "FROM python:3\nRUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF\n",
        'FROM debian:12\nRUN ["make", "$x"]\nENTRYPOINT x $y\nCMD x $y\n',
        "FROM debian:12\n# dlint shell=powershell\nRUN x $y\n",
    ],
)
def test_what_shellcheck_cannot_read_is_left_alone(text: str) -> None:
    assert bodies_of(Dockerfile(text)) == []


@needed
def test_pipefail_is_not_errexit() -> None:
    text = 'FROM debian:12\nSHELL ["/bin/bash", "OPTIONS", "-c"]\nRUN cd /a; make\n'
    assert codes(text.replace("OPTIONS", '-o", "pipefail')) == ["SC2164"]
    assert codes(text.replace("OPTIONS", "-eu")) == codes(text.replace("OPTIONS", '-o", "errexit')) == []


@needed
def test_what_a_shell_knows() -> None:
    assert codes("FROM debian:12\nRUN [[ -e /a ]] && local x=1 && export x\n") == ["SC3010", "SC2168"]
    assert codes("FROM fedora:40\nRUN [[ -e /a ]]\n") == []
    unknown = "FROM acme/thing\nRUN [[ -e /a ]]\n"
    assert codes(unknown) == ["SC3010"]
    assert codes(unknown, default=True) == [], "the shell is not known"
    assert codes("FROM debian:12\nRUN [[ -e /a ]]\n", default=True) == ["SC3010"]


@needed
def test_hadolint_looks_at_less() -> None:
    text = 'FROM debian:12\nHEALTHCHECK CMD echo $x\nRUN ["sh", "-c", "echo $x"]\nRUN local x\n'
    assert codes(text) == ["SC2154", "SC2086", "SC2154", "SC2086", "SC2168", "SC2034"]
    assert codes(text, hadolint=True) == ["SC3043", "SC2034"]


# -- variables --------------------------------------------------------------------------------------------------------


@needed
@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("FROM debian:12\n", True),
        ("FROM debian:12\nARG version\n", False),
        ("FROM debian:12\nENV version=1\n", False),
        ("FROM debian:12\nENV other=1 version=2\n", False),
        ("ARG version=1\nFROM debian:12\n", True),
        ("FROM debian:12 AS a\nENV version=1\nFROM a\n", False),
        ("FROM debian:12 AS a\nENV version=1\nFROM debian:12\n", True),
    ],
)
def test_a_variable_is_known_where_it_is_set(before: str, found: bool) -> None:
    assert ("SC2154" in codes(before + 'RUN echo "$version"\n')) is found


@needed
def test_values_of_env_and_arg_need_no_quotes() -> None:
    assert codes("FROM debian:12\nARG A\nENV B=1\nRUN echo $A $B $http_proxy\n") == []


@needed
def test_a_name_that_is_nearly_right_is_suggested() -> None:
    [finding] = findings('FROM debian:12\nENV appversion=1\nRUN echo "$app_version"\n')
    assert "did you mean 'appversion'" in finding.message


# -- comments ---------------------------------------------------------------------------------------------------------

TWO = "  echo $x && \\\n  echo $x\n"


@needed
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("RUN : && \\\n" + TWO, [3, 4]),
        ("# shellcheck disable=SC2086\nRUN : && \\\n" + TWO, []),
        ("# shellcheck disable=SC2086\n\nRUN : && \\\n" + TWO, [5, 6]),
        ("RUN \\\n  # shellcheck disable=SC2086\n" + TWO, []),
        ("RUN : && \\\n  # shellcheck disable=SC2086,SC2154\n" + TWO, [5]),
        ("RUN : && \\\n  # shellcheck disable=SC2000-SC2099\n" + TWO, [5]),
        ("RUN : && \\\n  # shellcheck disable=all\n" + TWO, [5]),
        ("RUN : && \\\n  # shellcheck disable=SC2154\n" + TWO, [4, 5]),
        ("RUN : && \\\n  # shellcheck disable=SC2086\n  if true; then \\\n  echo $x; \\\n  fi; echo $x\n", [6]),
        ("RUN <<EOF\n# shellcheck disable=SC2086\necho $x\necho $x\nEOF\n", []),
        ("RUN <<EOF\ntrue\n# shellcheck disable=SC2086\necho $x\necho $x\nEOF\n", [6]),
        ("# dlint ignore=SC2086\nRUN : && \\\n" + TWO, []),
        ("# hadolint ignore=SC2086\nRUN : && \\\n" + TWO, []),
    ],
)
def test_comments_that_switch_a_check_off(text: str, lines: list[int]) -> None:
    file = Dockerfile("FROM debian:12\n" + text)
    dispatcher = Dispatcher(ALL, SHARED)
    assert [file.source.line(f.start) for f in dispatcher.findings(file) if f.code == "SC2086"] == lines


# -- how often it is asked --------------------------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    calls: list[list[str]] = []

    def run(path: str, texts: list[str], excluded: Iterable[int]) -> list[shellcheck.Comments] | None:
        calls.append(texts)
        return [[] for _ in texts]

    monkeypatch.setattr(shellcheck, "run", run)
    return calls


def test_many_files_are_one_question_and_equal_scripts_one_script(asked: list[list[str]]) -> None:
    checker = ShellCheck("shellcheck")
    files = [Dockerfile(f"FROM debian:12\nRUN echo $x\nRUN echo $x; : {n % 3}\n") for n in range(30)]
    checker.prepare(files)
    for file in files:
        checker.findings(file, ALL)
    assert [len(texts) for texts in asked] == [4]


def test_answers_can_be_kept_elsewhere(asked: list[list[str]]) -> None:
    kept: dict[str, shellcheck.Comments] = {}
    file = Dockerfile("FROM debian:12\nRUN echo $x\n")
    ShellCheck("shellcheck", kept).findings(file, ALL)
    ShellCheck("shellcheck", kept).findings(file, ALL)
    assert len(asked) == 1 and len(kept) == 1


def test_a_script_that_is_too_much_spoils_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(path: str, texts: list[str], excluded: Iterable[int]) -> list[shellcheck.Comments] | None:
        if any("bad" in text for text in texts):
            return None
        comment = {"code": 2086, "level": "info", "column": 1, "endColumn": 2, "message": "m"}
        return [[{**comment, "line": n, "endLine": n}] for n in (text.count("\n") + 1 for text in texts)]

    monkeypatch.setattr(shellcheck, "run", run)
    text = "FROM debian:12\n" + "".join(f"RUN echo $x {word}\n" for word in ("a", "bad", "c"))
    assert len(ShellCheck("shellcheck").findings(Dockerfile(text), ALL)) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apt-get update && apt-get install -y curl=1.2* ", False),
        ("apt-get update && apt-get install -y curl=1.2 && rm -rf /var/lib/apt/lists/*", True),
        ("  npm ci;  npm run build ", True),
        ("rm -rf /usr/*", False),
        ("echo a", False),
        ("make -j$(nproc)", False),
        ("make done", False),
        ("make 'a b'", False),
        ("curl a | sh", False),
        ("cd /a && make", False),
        ("pip install a[b]", False),
        ("make > log", False),
        ("make\u00a0x", False),
        ("", False),
    ],
)
def test_scripts_that_need_no_check(text: str, expected: bool) -> None:
    assert silent(text) is expected


# -- fixes ------------------------------------------------------------------------------------------------------------

FIXES = {
    "quotes": ("RUN echo $x\n", 'RUN echo "$x"\n'),
    "tabs and continuations": ("RUN :; \\\n\techo\t$x \\\n\t\t$y\n", 'RUN :; \\\n\techo\t"$x" \\\n\t\t"$y"\n'),
    "at the end of a line": ("RUN echo $x\\\n && true\n", 'RUN echo "$x"\\\n && true\n'),
    "backquotes": ("RUN v=`date -u \\\n  -d x`; export v\n", "RUN v=$(date -u \\\n  -d x); export v\n"),
    "one word": ("RUN make -j$(nproc) `uname -m` $(cat a)\n", 'RUN make -j"$(nproc)" "$(uname -m)" $(cat a)\n'),
    "cd": ("RUN cd /a; make\n", "RUN cd /a || exit; make\n"),
    "heredoc": ("RUN <<EOF\n\techo $x\nEOF\n", 'RUN <<EOF\n\techo "$x"\nEOF\n'),
    "json": ('RUN ["sh", "-c", "echo $x"]\n', 'RUN ["sh", "-c", "echo \\"$x\\""]\n'),
    "negated": ("RUN set -e; ! grep -q a b; true\n", "RUN set -e;  grep -q a b && exit 1; true\n"),
}


@needed
@pytest.mark.parametrize("name", FIXES)
def test_its_fixes_are_mapped_exactly_and_unsafe(name: str) -> None:
    before, after = ("FROM debian:12\nARG y\n" + text for text in FIXES[name])
    safe = name in ("backquotes", "one word")
    for finding in findings(before):
        assert safe or finding.fix is None or finding.fix.safety is not Safety.SAFE
    dispatcher = Dispatcher(ALL, SHARED)
    assert (fix(Source(before), dispatcher, Safety.SAFE).source.text == before) is not safe
    result = fix(Source(before), dispatcher, Safety.UNSAFE)
    if "$y" in before:
        after = after.replace('"$y"', "$y")  # an ARG needs none
    assert result.source.text == after
    assert result.refused == []


@needed
@pytest.mark.parametrize("value", ["'a b'", '"a $(c)"', "$(apt-mark showmanual)"])
def test_lists_of_words_are_not_quoted(value: str) -> None:
    text = f"FROM debian:12\nRUN list={value} && apt-get purge $list\n"
    [finding] = [f for f in findings(text) if f.code == "SC2086"]
    assert finding.fix is not None and finding.fix.safety is Safety.HINT


@needed
def test_a_fix_is_the_change_that_shellcheck_means() -> None:
    text = "FROM debian:12\nRUN a=`b \\\n  c` && echo\t$a\n"
    fixes = [f.fix for f in findings(text) if f.fix is not None]
    assert fixes
    for each in fixes:
        assert Dockerfile(splice(text, each.edits)).document.problems == []


# -- as rules ---------------------------------------------------------------------------------------------------------


@needed
def test_severities_are_shellchecks_unless_configured() -> None:
    rules = select(known_rules(), "hadolint", severities={"SC2086": "error"})
    [finding] = [f for f in SHARED.findings(Dockerfile("FROM a\nRUN echo $X\n"), rules) if f.code == "SC2086"]
    assert finding.severity is Severity.ERROR
    assert [f.severity for f in findings("FROM a\nRUN echo $X\n")] == [Severity.INFO]


def test_profiles_and_prefixes() -> None:
    known = known_rules()
    assert len(find(known, "SC")) == len(SHELLCHECK) > 400
    assert [info.code for info in find(known, "shellcheck-sc2086")] == ["SC2086"]
    default = {info.code for info in select(known).rules}
    assert "SC2154" in default and default.isdisjoint({"SC2086", "SC2046", "SC2155"})
    assert {"SC2086", "SC2046"} <= {info.code for info in select(known, "hadolint").rules}
    assert not any(info.code.startswith("SC") for info in select(known, "all", ignored=["SC"]).rules)


def test_codes_of_a_newer_shellcheck() -> None:
    assert rule_of(2999, Severity.STYLE).url == "https://www.shellcheck.net/wiki/SC2999"
    assert "SC2999" not in SHELLCHECK


def test_explain() -> None:
    text = page(SHELLCHECK["SC2086"])
    assert "https://www.shellcheck.net/wiki/SC2086" in text and "dlint ignore=SC2086" in text


@needed
def test_a_script_that_cannot_be_read_is_reported_once() -> None:
    file = Dockerfile("FROM debian:12\nRUN if true; then echo a\n")
    ours = Dispatcher(select(known_rules(), "all"), SHARED).findings(file)
    assert [f.code for f in ours if f.code == "DL1401" or f.code.startswith("SC1")] == ["DL1401"]
    theirs = Dispatcher(select(known_rules(), "hadolint"), SHARED).findings(file)
    assert "DL1401" not in {f.code for f in theirs} and any(f.code.startswith("SC1") for f in theirs)


# -- the command ------------------------------------------------------------------------------------------------------

LOUD = "FROM debian:12\nRUN [[ -e /a ]]\n"


@needed
def test_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(LOUD)
    found = json.loads(dlint("-f", "json", cwd=tmp_path).stdout)
    assert [(f["code"], f["line"], f["column"], f["end_column"]) for f in found] == [("SC3010", 2, 5, 16)]
    assert dlint("-f", "json", "--no-shellcheck", cwd=tmp_path).stdout == "[]\n"
    assert dlint("-f", "json", "--ignore", "SC", cwd=tmp_path).stdout == "[]\n"
    (tmp_path / ".dlint.yaml").write_text("shellcheck: false\n")
    assert dlint("-f", "json", cwd=tmp_path).stdout == "[]\n"


def test_without_shellcheck_there_is_one_note_and_everything_else_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from dlinter.options import parse
    from dlinter.run import run

    monkeypatch.setattr(shellcheck, "locate", lambda: None)
    monkeypatch.chdir(tmp_path)
    for name in ("Dockerfile", "Dockerfile.b"):
        (tmp_path / name).write_text(LOUD + "COPY a b c\n")
    settings = parse(["-f", "concise", "."])
    assert settings is not None
    assert run(settings) == 1
    out, err = capsys.readouterr()
    assert err.count("ShellCheck is not installed") == 1
    assert "COPY" in out or "DL" in out
    for name in ("Dockerfile", "Dockerfile.b"):
        (tmp_path / name).write_text(LOUD)
    settings = parse(["-f", "concise", "--ignore", "SC", "."])
    assert settings is not None
    assert run(settings) == 0
    assert "not installed" not in capsys.readouterr().err


@needed
def test_options_from_outside_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELLCHECK_OPTS", "--format=gcc --exclude=SC2086 --nonsense")
    found = ShellCheck(PROGRAM).findings(Dockerfile("FROM debian:12\nRUN echo $x\n"), ALL)
    assert [finding.code for finding in found] == ["SC2154", "SC2086"]


def test_a_program_that_fails_is_noticed() -> None:
    checker = ShellCheck("/bin/false")
    assert checker.findings(Dockerfile("FROM debian:12\nRUN echo $x\n"), ALL) == []
    assert checker.missed == "failed"
