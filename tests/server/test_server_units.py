"""The parts of the server without a connection: positions, documents, options, edits, commands."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsp_session import FOLDERS

from dlinter import scripts
from dlinter.edits import UNSAFE, Fix, insert_after, splice
from dlinter.engine import Dispatcher
from dlinter.examples import examples
from dlinter.plugins import load
from dlinter.rule import RuleInfo as Info
from dlinter.rule import Severity, report, rule
from dlinter.selection import RuleSet
from dlinter.server.actions import Actions, Refused
from dlinter.server.analysis import Analysis
from dlinter.server.changes import EditMaker, differences
from dlinter.server.diagnostics import Client
from dlinter.server.documents import Document, path_of
from dlinter.server.options import EditorOptions
from dlinter.server.positions import Lines
from dlinter.server.workspaces import Workspaces
from dlinter.shellcheck import ShellCheck
from dlinter.tree import Dockerfile, From, Run

TEXTS = st.text(st.sampled_from("ab é😀߿ࠀ\r\n\u2028\x0b"), max_size=40)
ENCODINGS = ("utf-8", "utf-16", "utf-32")


def units(text: str, encoding: str) -> int:
    codec = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]
    return len(text.encode(codec)) // {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_every_offset_has_a_position_that_leads_back(text: str, encoding: str) -> None:
    lines = Lines(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] == "\r\n":
            continue
        line, column = lines.position(offset)
        assert lines.offset(line, column) == offset
        assert column == units(text[lines.start(line) : offset], encoding)


@given(TEXTS, st.sampled_from(ENCODINGS), st.integers(-2, 9), st.integers(-2, 60))
def test_positions_outside_of_the_text_are_taken_for_the_nearest(text: str, encoding: str, line: int, col: int) -> None:
    lines = Lines(text, encoding)
    offset = lines.offset(line, col)
    assert 0 <= offset <= len(text)
    if 0 <= line < len(lines):
        assert lines.start(line) <= offset <= lines.end(line)


@pytest.mark.parametrize(
    ("uri", "path"),
    [("file:///a/b%20c", "/a/b c"), ("file:///a/../b", "/b"), ("untitled:Untitled-1", None),
     ("vscode-vfs://github/a/Dockerfile", None), ("file:///%C3%A9", "/é")],
)  # fmt: skip
@pytest.mark.skipif(sys.platform == "win32", reason="paths of POSIX")
def test_uris_name_files(uri: str, path: str | None) -> None:
    assert path_of(uri) == path


@given(TEXTS, TEXTS)
def test_differences_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    found = differences(before, after)
    assert splice(before, found) == after
    assert not found or before != after


def test_lines_that_stay_are_not_edited() -> None:
    before = "FROM a\nRUN  b\nRUN c\nCMD  d\n"
    edits = differences(before, "FROM a\nRUN b\nRUN c\nCMD d\n")
    assert [before[edit.start : edit.end] for edit in edits] == [" ", " "]


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"lint": []}, "lint takes an object"), ({"enable": "yes"}, "enable takes true or false"),
        ({"configuration": 3}, "configuration takes the path"), ({"format": True}, "format takes an object"),
        ({"what": 1}, "what is no setting"), ({"lint": {"profile": "strickt"}}, "profile"),
        ({"logLevel": "loud"}, "logLevel takes one of"),
    ],
)  # fmt: skip
def test_options_that_cannot_be_used_are_named(table: object, complaint: str) -> None:
    options = EditorOptions(table)
    assert len(options.wrong) == 1
    assert complaint in options.wrong[0]


@pytest.mark.parametrize("table", [None, [], "x", {"dlint": None}, {"path": ["x"], "trace": {"server": "off"}}, {}])
def test_options_that_say_nothing_are_the_defaults(table: object) -> None:
    options = EditorOptions(table)
    assert options.wrong == []
    assert options.key() == EditorOptions().key()


def test_options_have_the_names_of_the_configuration() -> None:
    options = EditorOptions({"lint": {"trustedRegistries": ["a"], "fail-level": "none", "buildArgs": {"A": "b"}}})
    assert options.wrong == []
    assert options.lint == {"trusted_registries": ("a",), "fail_level": "none", "build_args": {"A": "b"}}


def test_a_rule_that_fails_is_left_out() -> None:
    @rule("X1", "breaks", on=Run)
    def breaks(run: Run):  # type: ignore[no-untyped-def]
        raise ValueError("oh")
        yield

    @rule("X2", "works", on=From)
    def works(base: From):  # type: ignore[no-untyped-def]
        yield report(base, "found")

    infos = [Info.of(breaks, __name__, "breaks"), Info.of(works, __name__, "works")]
    plan = Workspaces().plan("untitled:x")
    plan.dispatcher = Dispatcher(RuleSet(infos))
    analysis = Analysis("FROM a\nRUN b\n", "Dockerfile", plan)
    assert [finding.code for finding in analysis.findings] == ["X2"]
    assert analysis.findings[0].severity is Severity.WARNING


def test_shellcheck_is_not_asked_on_the_way() -> None:
    plan = Workspaces().plan("untitled:x")
    shellcheck = ShellCheck("/nowhere/shellcheck")
    plan.dispatcher = Dispatcher(plan.dispatcher.rules, shellcheck)
    analysis = Analysis("FROM debian:12\nRUN rm -rf /usr/$x\n", "Dockerfile", plan)
    assert analysis.pending
    assert not shellcheck.missed and not [f for f in analysis.findings if f.code.startswith("SC")]
    shellcheck.known.update({text: [] for text in analysis.pending})
    assert not analysis.pending
    assert analysis.findings is analysis.findings


_PIECES = (
    "RUN apt-get install curl\n", "FROM debian\n", "\\\n", "\n", "# dlint ignore=DL3006\n", "&& sudo ls", "USER root\n",
    "# hadolint shell=/bin/bash\n", 'SHELL ["/bin/bash", "-c"]\n', "<<EOF\n", "EOF\n", "ARG A=1\n", "$A", "'", "x",
    "MAINTAINER me\n", "CMD a\n", "# check=error=true\n", "# escape=`\n", "COPY --from=0 a b\n",
)  # fmt: skip


def example_files() -> list[str]:
    """Ten files, each of the bad examples of every tenth rule."""
    bad = [each.bad for info in load() if info.attribute for each in examples(info.load().doc)[0]]
    return ["\n".join(bad[number::10]) for number in range(10)]


@pytest.mark.parametrize("seed", range(10))
def test_after_any_edits_the_findings_are_those_of_a_fresh_run(seed: int) -> None:
    rng = random.Random(seed)
    workspaces = Workspaces()
    options = {"lint": {"shellcheck": False, "profile": "all"}, "configurationPreference": "editorOnly"}
    workspaces.configure(EditorOptions(options))
    document = Document("untitled:x", example_files()[seed][:4000], 1, "utf-16")
    for _ in range(8):
        start = rng.randrange(len(document.text) + 1)
        end = min(start + rng.choice((0, 0, 1, 5, 40)), len(document.text))
        lines = document.lines
        document.edit(lines.position(start), lines.position(end), rng.choice(_PIECES))
        plan = workspaces.plan(document.uri)
        found = Analysis(document.text, "Dockerfile", plan).findings
        scripts._PARSED.clear()
        fresh = Dispatcher(plan.dispatcher.rules, everything=plan.dispatcher._everything)
        wanted = fresh.findings(Dockerfile(document.text, settings=plan.settings))
        assert list(map(_shown, found)) == list(map(_shown, wanted))
        assert found


def _shown(finding: object) -> tuple[str, ...]:
    return tuple(repr(getattr(finding, name)) for name in ("code", "start", "end", "message", "severity", "fix"))


def serve(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "dlinter", "server", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, env={"PYTHONPATH": FOLDERS}, timeout=120)


def message(body: str) -> bytes:
    return f"Content-Length: {len(body)}\r\n\r\n{body}".encode()


def test_the_command() -> None:
    assert serve("--help").stdout.startswith(b"Usage: dlint server")
    assert serve("--version").stdout.startswith(b"dlint ")
    wrong = serve("--sdtio")
    assert wrong.returncode == 2 and b"no such option: --sdtio" in wrong.stderr
    loud = serve("--log-level", "loud")
    assert loud.returncode == 2 and b"error, warning, info, debug" in loud.stderr


def test_who_leaves_without_goodbye_is_a_failure() -> None:
    params = '{"capabilities":{},"processId":null,"rootUri":null}'
    start = message(f'{{"jsonrpc":"2.0","id":1,"method":"initialize","params":{params}}}')
    stop = message('{"jsonrpc":"2.0","id":2,"method":"shutdown"}')
    leave = message('{"jsonrpc":"2.0","method":"exit"}')
    assert serve(stdin=start + leave).returncode == 1
    assert serve(stdin=start).returncode == 1
    done = serve(stdin=start + stop + leave)
    assert done.returncode == 0
    assert done.stdout.startswith(b"Content-Length: ")
    assert b'"name": "dlint"' in done.stdout


def test_nothing_of_the_protocol_is_loaded_by_a_lint(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:12\n")
    program = (
        "import sys\nsys.argv[1:] = ['Dockerfile']\nfrom dlinter.__main__ import main\n"
        "try:\n  main()\nexcept SystemExit:\n  print(*sys.modules)"
    )
    command, env = [sys.executable, "-c", program], {"PYTHONPATH": FOLDERS}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert "dlinter.run" in modules
    assert not [name for name in modules if name.startswith(("pygls", "lsprotocol", "dlinter.server", "typer"))]


@pytest.mark.parametrize("value", ['${"', "${", "$", "${}", "${a", "${a:", '"${', "$$"])
def test_half_typed_expansions_break_no_rule(value: str) -> None:
    plan = Workspaces().plan("untitled:x")
    for line in (f"ENV A={value}\n", f"COPY a {value}\n", f"RUN echo {value}\n"):
        plan.dispatcher.own(Dockerfile(f"FROM debian:12\n{line}", settings=plan.settings))


def test_a_fix_that_a_rule_fails_at_is_refused() -> None:
    @rule("X3", "fails-later", on=Run)
    def fails_later(run: Run):  # type: ignore[no-untyped-def]
        if "oh" in run.text:
            raise ValueError("oh")
        yield report(run, "found", Fix([insert_after(run, " oh")], UNSAFE))

    plan = Workspaces().plan("untitled:x")
    plan.dispatcher = Dispatcher(RuleSet([Info.of(fails_later, __name__, "fails_later")]))
    document = Document("untitled:x", "FROM a\nRUN b\n", 1, "utf-16")
    analysis = Analysis(document.text, "Dockerfile", plan)
    actions = Actions(document, analysis, EditMaker(), Client(), opened={}, lazy=False, explain=False)
    finding = analysis.findings[0]
    data = {"action": "fix", "finding": [finding.code, finding.start, finding.end, finding.message]}
    with pytest.raises(Refused, match="fails-later failed"):
        actions.edit(data)
    with pytest.raises(Refused, match="no longer there"):
        actions.edit({**data, "finding": ["X3", 0, 0, ""]})
    assert not [each for each in actions.all(0, 20, None) if each.title.startswith("found")]
