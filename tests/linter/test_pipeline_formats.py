"""The formats that pipelines read, against the schemas and the readers of those who read them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema
from markdown_it import MarkdownIt
from test_cli import BAD, dlint
from test_formats import NASTY, TEXT, outside_of_pipelines, reports, rule

from dlinter.edits import Edit, Fix, Safety, splice
from dlinter.output import FileReport, markdown, render
from dlinter.output.paths import from_root
from dlinter.rule import Finding, Severity
from dlinter.source import Source

__all__ = ["outside_of_pipelines"]
SCHEMAS = Path(__file__).parent / "schemas"
#: GitLab's documentation of code quality reports, and the Code Climate engine specification, restated
CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location", "type", "categories"],
        "properties": {
            "type": {"const": "issue"},
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 32},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "categories": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "enum": ["Bug Risk", "Clarity", "Compatibility", "Complexity", "Duplication", "Performance",
                             "Security", "Style"],
                },
            },
            "content": {"type": "object", "required": ["body"], "properties": {"body": {"type": "string"}}},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/.]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin", "end"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer"}},
                    },
                },
            },
        },
    },
}  # fmt: skip


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / name).read_text())


# -- GitHub -----------------------------------------------------------------------------------------------------------

COMMAND = re.compile(r"^::(?P<name>error|warning|notice) (?P<properties>.*?)::(?P<message>.*)$")


def unescaped(text: str, *pairs: tuple[str, str]) -> str:
    """As the runner does it: one mapping after the other, the percent sign last (ActionCommand.cs)."""
    for sign, code in (*pairs, ("\r", "%0D"), ("\n", "%0A"), ("%", "%25")):
        text = text.replace(code, sign)
    return text


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """What the runner makes of *text*."""
    found = []
    for line in text.split("\n")[:-1]:
        match = COMMAND.match(line)
        assert match, line
        words = dict(word.split("=", 1) for word in match["properties"].split(","))
        properties = {key: unescaped(value, (":", "%3A"), (",", "%2C")) for key, value in words.items()}
        found.append((match["name"], properties, unescaped(match["message"])))
    return found


def test_github() -> None:
    found = commands(render("github", reports(message="50% of it:\nthis, that\r%0A")))
    assert [name for name, _, _ in found] == ["error", "warning", "notice", "notice", "notice", "warning"]
    assert found[0][1] == {
        "title": "dlint DL9000 (rule-dl9000)", "file": "docker/a b.Dockerfile", "line": "3", "col": "5",
        "endLine": "3", "endColumn": "12",
    }  # fmt: skip
    assert {message for _, _, message in found} == {"50% of it:\nthis, that\r%0A"}
    assert found[4][1]["endLine"] == "4" and "col" not in found[4][1], "the runner drops columns over several lines"


def test_github_gets_any_path_and_message_in_one_line() -> None:
    path = "a:b,c%2C::d\n.Dockerfile"
    found = commands(render("github", reports(path=path, message=NASTY)))
    assert found[0][1]["file"] == path
    assert found[0][2] == NASTY.replace("\udcff", "?")


def test_paths_start_at_the_root_of_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert from_root("./x/../Dockerfile", "CHECKOUT") == "Dockerfile"
    monkeypatch.setenv("CHECKOUT", str(tmp_path))
    assert from_root("Dockerfile", "CHECKOUT") == "sub/Dockerfile"
    assert from_root("..x", "CHECKOUT") == "sub/..x"
    assert from_root("/elsewhere/Dockerfile", "CHECKOUT") == "/elsewhere/Dockerfile"
    assert from_root("-", "CHECKOUT") == "-"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path))
    assert commands(render("github", reports(path="D")))[0][1]["file"] == "sub/D"
    sarif = json.loads(render("sarif", reports(path="D")))["runs"][0]["results"][0]["locations"][0]
    assert sarif["physicalLocation"]["artifactLocation"]["uri"] == "sub/D"
    assert json.loads(render("gitlab", reports(path="D")))[0]["location"]["path"] == "sub/D"


def test_fingerprints_do_not_depend_on_how_a_file_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one, two = (json.loads(render("gitlab", reports(path=path))) for path in ("x/D", f"{tmp_path}/./x/D"))
    assert [each["fingerprint"] for each in one] == [each["fingerprint"] for each in two]


def test_the_step_summary_is_appended_to(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    summary = tmp_path / "summary"
    summary.write_text("before\n")
    environment = {"GITHUB_STEP_SUMMARY": str(summary)}
    done = dlint("-f", "github", "Dockerfile", cwd=tmp_path, env=environment)
    assert done.returncode == 1 and done.stderr == "" and commands(done.stdout)[0][1]["line"] == "2"
    text = summary.read_text()
    assert text.startswith("before\n## dlint\n\ndlint found 1 problem in 1 file.\n") and "| 2:13 | [DL3014](" in text
    assert dlint("-f", "concise", "Dockerfile", cwd=tmp_path, env=environment).returncode == 1
    assert summary.read_text() == text, "other formats have no summary"
    missing = {"GITHUB_STEP_SUMMARY": str(tmp_path / "no" / "summary")}
    done = dlint("-f", "github", "Dockerfile", cwd=tmp_path, env=missing)
    assert done.returncode == 1 and "dlint: note: cannot write the step's summary" in done.stderr


def test_a_summary_is_not_longer_than_github_takes() -> None:
    finding = reports()[0].findings[0]
    found = [FileReport(Source(TEXT, f"é{number}"), [finding] * 500) for number in range(40)]
    text = markdown.summary(found)
    assert 900_000 < len(text.encode()) < 1_048_576
    assert text.endswith("|\n\nThe rest is too long to be shown here.\n")
    assert "dlint found 20000 problems in 40 files." in text


# -- Azure ------------------------------------------------------------------------------------------------------------

ISSUE = re.compile(r"^##vso\[task\.logissue (?P<properties>[^]]*)\](?P<message>.*)$")


def test_azure() -> None:
    def plain(text: str) -> str:
        """CommandStringConvertor.Unescape with DECODE_PERCENTS."""
        for sign, code in ((";", "%3B"), ("\r", "%0D"), ("\n", "%0A"), ("]", "%5D"), ("%", "%AZP25")):
            text = text.replace(code, sign)
        return text

    path, message = "a;b]c.Dockerfile", "50 %; [x] %0A\n%AZP25 end"
    found = []
    for line in render("azure", reports(path=path, message=message)).split("\n")[:-1]:
        match = ISSUE.match(line)
        assert match, line
        words = [word.split("=", 1) for word in match["properties"].split(";")[:-1]]
        found.append(({key: plain(value) for key, value in words}, plain(match["message"])))
    assert found[0][0] == {
        "type": "error", "sourcepath": path, "linenumber": "3", "columnnumber": "5", "code": "DL9000",
    }  # fmt: skip
    assert {each["type"] for each, _ in found[1:]} == {"warning"}
    assert found[0][1] == f"{message} (rule-dl9000)"
    assert "50 %%3B" in render("azure", reports(message=message)), "a percent sign that means nothing stays"


# -- reviewdog --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["Do this", NASTY])
def test_rdjson_and_rdjsonl(message: str) -> None:
    result = json.loads(render("rdjson", reports(message=message)))
    wanted = schema("reviewdog-DiagnosticResult.json")
    jsonschema.validate(result, wanted)
    one = {**wanted, "$ref": "#/definitions/reviewdog.rdf.Diagnostic"}
    lines = [json.loads(line) for line in render("rdjsonl", reports(message=message)).splitlines()]
    for line in lines:
        jsonschema.validate(line, one)
        assert line.pop("source") == result["source"]
    assert lines == result["diagnostics"]
    assert [each["severity"] for each in lines] == ["ERROR", "WARNING", "INFO", "INFO", "INFO", "WARNING"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**lines[0], "severity": "STYLE"}, one)


def test_columns_of_rdjson_are_bytes() -> None:
    text = "FROM a\nRUN é😀 b\n"
    at = text.index("b\n")
    finding = Finding(rule("DL9000", Severity.ERROR), at, at + 1, "m", Severity.ERROR, None)
    [found] = json.loads(render("rdjson", [FileReport(Source(text), [finding])]))["diagnostics"]
    assert found["location"]["range"] == {"start": {"line": 2, "column": 12}, "end": {"line": 2, "column": 13}}


def test_suggestions_are_whole_and_safe() -> None:
    text = "FROM a\nRUN é one \\\n  two three\n"
    edits = [Edit(text.index(word), text.index(word) + 3, new) for word, new in (("one", "1"), ("two", "two 2"))]
    source = Source(text)

    def suggestions(fix: Fix) -> list[dict[str, Any]]:
        finding = Finding(rule("DL9000", Severity.ERROR), 7, 10, "m", Severity.ERROR, fix)
        [found] = json.loads(render("rdjson", [FileReport(source, [finding])]))["diagnostics"]
        return list(found.get("suggestions", []))

    [one] = suggestions(Fix(edits))
    data = text.encode()
    starts = [0, *(match.end() for match in re.finditer(b"\n", data))]
    start, end = (
        starts[place["line"] - 1] + place["column"] - 1 for place in (one["range"]["start"], one["range"]["end"])
    )
    assert (data[:start] + one["text"].encode() + data[end:]).decode() == splice(text, edits)
    assert suggestions(Fix(edits, Safety.UNSAFE)) == [] == suggestions(Fix(edits, Safety.HINT))


# -- SARIF, GitLab, JUnit ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["Do this", NASTY])
def test_sarif_is_valid(message: str) -> None:
    wanted = schema("sarif-2.1.0-part.json")
    log = json.loads(render("sarif", reports(message=message)))
    jsonschema.validate(log, wanted)
    jsonschema.validate(json.loads(render("sarif", [])), wanted)
    for break_it in (lambda run: run["results"][0].pop("message"), lambda run: run.update(x=1)):
        broken = json.loads(json.dumps(log))
        break_it(broken["runs"][0])
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, wanted)


def test_only_rules_about_security_make_security_alerts() -> None:
    rules = json.loads(render("sarif", reports()))["runs"][0]["tool"]["driver"]["rules"]
    levels = {each["id"]: each["properties"].get("security-severity") for each in rules}
    assert levels.pop("DL7001") == "5.5" and set(levels.values()) == {None}


def test_the_help_in_sarif_is_the_page_of_the_rule(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    [run] = json.loads(dlint("-f", "sarif", cwd=tmp_path).stdout)["runs"]
    [info] = run["tool"]["driver"]["rules"]
    assert "After `--fix`:\n\n```dockerfile\n" in info["help"]["markdown"]


@pytest.mark.parametrize("message", ["Do this", NASTY])
def test_gitlab_is_valid_and_has_two_names(message: str) -> None:
    found = json.loads(render("gitlab", reports(message=message)))
    jsonschema.validate(found, CODE_QUALITY)
    assert found == json.loads(render("gitlab_codeclimate", reports(message=message)))
    assert len({each["fingerprint"] for each in found}) == len(found)


@pytest.mark.parametrize("message", ["Do this", NASTY])
def test_junit_is_valid(message: str) -> None:
    wanted = xmlschema.XMLSchema10(str(SCHEMAS / "jenkins-junit-10.xsd"))
    text = render("junit", reports(message=message))
    wanted.validate(text)
    wanted.validate(render("junit", []))
    assert not wanted.is_valid(text.replace("<testcase ", '<testcase line="1" ', 1))


# -- Markdown ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["docker/a b.Dockerfile", "a|b_*`<x>.Dockerfile"])
def test_markdown_shows_what_is_said_and_nothing_else(path: str) -> None:
    message = "Use <b>`x`</b> | not [this](http://x) \\ *or* _that_, @someone ~~x~~ $1 &amp; image:1@sha256:0"
    html = (
        MarkdownIt("commonmark", {"html": True})
        .enable(["table", "strikethrough"])
        .render(render("markdown", reports(path=path, message=message)))
    )
    assert html.count("<tr>") == 7 and html.count("<td") == 6 * 5
    shown = message.replace("@someone", "@<!-- -->someone").replace("&amp;", "&amp;amp;")
    shown = shown.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;")
    assert html.count(f"<td>{shown}</td>") == 6, html
    assert path.replace("<x>", "&lt;x&gt;") in html
    assert '<td style="text-align:right">3:5</td>' in html and "<code>--fix</code>" in html
    assert "dlint found 6 problems in 2 files." in html


def test_markdown_without_findings() -> None:
    assert render("markdown", [FileReport(Source("FROM a\n"), [])]) == "dlint found no problems in 1 file.\n"
