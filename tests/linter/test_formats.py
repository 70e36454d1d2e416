"""The formats that other programs read: valid, with true places, and stable while lines move."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from dlinter.config_keys import FORMATS
from dlinter.edits import Edit, Fix
from dlinter.options import parse
from dlinter.output import FileReport, render
from dlinter.output.fingerprints import CHECKOUTS, line_hashes
from dlinter.output.sarif import uri
from dlinter.rule import Finding, RuleInfo, Severity
from dlinter.run import run
from dlinter.source import Source

TEXT = "FROM debian:12\nRUN echo é && \\\n    apt-get install <x> \\\n    'a\"b' & c\n"
#: control characters, a byte that is no UTF-8, an unassigned code point, markup
NASTY = "m]]>\x00\x08\x1b\udcff\ufffe\U0001f600<&>\"'\n\ttail"


def rule(code: str, severity: Severity) -> RuleInfo:
    title, why = f"Title of {code}", "Why it matters."
    return RuleInfo(code, f"rule-{code.lower()}", severity, "safe", (), (), (), (), title, why, "", "")


def reports(prefix: str = "", path: str = "docker/a b.Dockerfile", message: str = "Do this") -> list[FileReport]:
    text = prefix + TEXT
    source = Source(text, path)
    start = text.index("apt-get")
    fix = Fix([Edit(start, start + 3, "apk\udcff")])
    levels = enumerate((Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.STYLE))
    found = [Finding(rule(f"DL900{n}", level), start, start + 7, message, level, fix) for n, level in levels]
    found.append(Finding(rule("SC2086", Severity.INFO), start, text.index("b'") + 1, message, Severity.INFO, None))
    found.append(Finding(rule("DL7001", Severity.WARNING), len(text), len(text), message, Severity.WARNING, None))
    return [FileReport(source, found), FileReport(Source("FROM a\n", "clean"), [])]


@pytest.fixture(autouse=True)
def outside_of_pipelines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Formats ask the environment where the checkout is."""
    for name in (*CHECKOUTS, "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("message", ["Do this", NASTY])
def test_every_format_can_be_written(name: str, message: str) -> None:
    path = NASTY.replace("\0", "") if message is NASTY else "Dockerfile"
    text = render(name, reports(path=path, message=message), color=False)
    assert "DL9001" in text
    if name not in ("full", "concise"):
        text.encode("utf-8")  # a lone surrogate would raise
        assert render(name, []) is not None


def issues(name: str, **options: str) -> list[dict[str, Any]]:
    text = render(name, reports(**options))
    if name == "codeclimate":
        parts = text.split("\0")
        assert parts.pop() == ""
        return [json.loads(part) for part in parts]
    if name == "codacy":
        return [json.loads(line) for line in text.splitlines()]
    found = json.loads(text)
    assert isinstance(found, list)
    return found


def test_tty_is_as_hadolint_prints_it() -> None:
    lines = render("tty", reports(path="D")).splitlines()
    assert lines[0] == "D:3 DL9000 error: Do this"
    colored = render("tty", reports(path="D"), color=True).splitlines()
    assert colored[1] == "D:3 DL9001 \x1b[1m\x1b[93mwarning\x1b[0m: Do this"


def test_gnu_is_what_editors_read() -> None:
    form = re.compile(r"^[a-z-]+:(?P<file>[^:\n]+):(?P<line>\d+):(?P<column>\d+): (?P<text>.+)$")
    matches = [form.match(line) for line in render("gnu", reports(path="D", message=NASTY)).splitlines()]
    assert len(matches) == 6
    assert all(match and (match["file"], match["line"], match["column"]) == ("D", "3", "5") for match in matches[:5])
    assert render("gnu", reports(path="D"), tool="hadolint").startswith("hadolint:D:3:5: DL9000 error: Do this\n")


@pytest.mark.parametrize("message", ["Do this", NASTY])
def test_checkstyle(message: str) -> None:
    root = ElementTree.fromstring(render("checkstyle", reports(message=message)))
    files = root.findall("file")
    assert [each.get("name") for each in files] == ["docker/a b.Dockerfile", "clean"]
    errors = files[0].findall("error")
    assert {error.get("severity") for error in errors} == {"error", "warning", "info"}, "checkstyle knows no style"
    assert (errors[0].get("line"), errors[0].get("column"), errors[0].get("source")) == ("3", "5", "DL9000")
    if message == NASTY:
        assert errors[0].get("message") == "m]]>\ufffd\ufffd\ufffd\ufffd\ufffd\U0001f600<&>\"'\n\ttail"


@pytest.mark.parametrize("message", ["Do this", NASTY])
def test_junit(message: str) -> None:
    root = ElementTree.fromstring(render("junit", reports(message=message)))
    assert (root.get("tests"), root.get("failures")) == ("7", "6")
    first, clean = root.findall("testsuite")
    assert (first.get("tests"), first.get("failures"), clean.get("tests"), clean.get("failures")) == (
        "6",
        "6",
        "1",
        "0",
    )
    case = first.findall("testcase")[0]
    failure = case.find("failure")
    assert case.get("name") == "dlint.DL9000" and failure is not None and failure.text is not None
    assert failure.text.startswith("docker/a b.Dockerfile:3:5: DL9000 error: ")
    assert first.get("file") == "docker/a b.Dockerfile" and clean.find("testcase/failure") is None


def test_code_climate_and_gitlab() -> None:
    found = issues("gitlab_codeclimate")
    assert found == issues("codeclimate")
    assert [each["severity"] for each in found[:4]] == ["blocker", "major", "info", "minor"]
    assert found[0]["location"] == {
        "path": "docker/a b.Dockerfile",
        "lines": {"begin": 3, "end": 3},
        "positions": {"begin": {"line": 3, "column": 5}, "end": {"line": 3, "column": 12}},
    }
    marks = [each["fingerprint"] for each in found]
    assert len(set(marks)) == len(marks) and all(re.fullmatch("[0-9a-f]{40}", mark) for mark in marks)
    assert {each["type"] for each in found} == {"issue"} and all(each["check_name"] for each in found)


def test_fingerprints_do_not_change_when_lines_move() -> None:
    def marks(prefix: str) -> list[list[str]]:
        sarif = json.loads(render("sarif", reports(prefix)))["runs"][0]["results"]
        climate = [each["fingerprint"] for each in issues("codeclimate", prefix=prefix)]
        return [climate, [r["partialFingerprints"]["primaryLocationLineHash"] for r in sarif]]

    assert marks("") == marks("# a comment\n\n# another\n")


def test_the_same_finding_twice_in_equal_lines_has_two_marks() -> None:
    source = Source("FROM a\nRUN x\nRUN x\n")
    info = rule("DL9000", Severity.ERROR)
    found = [Finding(info, at, at + 3, "m", Severity.ERROR, None) for at in (7, 13)]
    one, two = json.loads(render("gitlab_codeclimate", [FileReport(source, found)]))
    assert one["fingerprint"] != two["fingerprint"]


def test_codacy() -> None:
    assert issues("codacy")[0] == {
        "filename": "docker/a b.Dockerfile", "line": 3, "message": "Do this", "patternId": "DL9000",
    }  # fmt: skip


def test_sonarqube() -> None:
    found = json.loads(render("sonarqube", reports()))
    rules = {each["id"]: each for each in found["rules"]}
    assert rules["DL7001"]["impacts"] == [{"softwareQuality": "SECURITY", "severity": "MEDIUM"}]
    assert {each["ruleId"] for each in found["issues"]} == set(rules)
    first, last = found["issues"][0]["primaryLocation"], found["issues"][-1]["primaryLocation"]
    assert first["textRange"] == {"startLine": 3, "endLine": 3, "startColumn": 4, "endColumn": 11}
    assert set(last["textRange"]) == {"startLine"}, "an empty range is refused"


# -- SARIF ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["Do this", NASTY])
def test_sarif_has_what_the_specification_and_github_ask_for(message: str) -> None:
    log = json.loads(render("sarif", reports(message=message)))
    assert log["version"] == "2.1.0" and log["$schema"].startswith("https://")
    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "dlint" and re.fullmatch(r"\d+\.\d+\.\d+\S*", driver["semanticVersion"])
    ids = [each["id"] for each in driver["rules"]]
    assert ids == sorted(set(ids))
    for each in driver["rules"]:
        for key in ("shortDescription", "fullDescription", "help"):
            assert 0 < len(each[key]["text"]) <= 1024
        assert each["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert each["helpUri"].startswith("https://")
    assert run["columnKind"] == "unicodeCodePoints"
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note") and result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", place["artifactLocation"]["uri"])
        region = place["region"]
        assert {"startLine", "startColumn", "endLine", "endColumn"} <= set(region)
        assert (region["endLine"], region["endColumn"]) >= (region["startLine"], region["startColumn"])
        assert re.fullmatch(r"[0-9a-f]+:\d+", result["partialFingerprints"]["primaryLocationLineHash"])
    first, shell = run["results"][0], run["results"][4]
    assert first["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 12,
    }  # fmt: skip
    [change] = first["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["deletedRegion"]["endColumn"] == 8
    assert shell["locations"][0]["physicalLocation"]["region"]["sourceLanguage"] == "shellscript"
    assert "fixes" not in shell


def test_paths_in_sarif_are_relative_references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert uri("a b/Dockerfile") == "a%20b/Dockerfile"
    assert uri(str(tmp_path / "ä#?")) == "%C3%A4%23%3F"
    assert uri("../x").startswith("file:///")
    (tmp_path / "real").write_text("FROM a\n")
    (tmp_path / "link").symlink_to("real")
    assert uri("link") == "real"


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        # the examples of codeql-action's own test (src/fingerprints.test.ts)
        ("", ["c129715d7a2bc9a3:1"]),
        (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
        (
            "hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
            ["8b7cf3e952e7aeb2:1", "b1ae1287ec4718d9:1", "bff680108adb0fcc:1", "c6805c5e1288b612:1",
             "b86d3392aea1be30:1", "e6ceba753e1a442:1"],
        ),
    ],
)  # fmt: skip
def test_line_hashes_are_those_of_github(text: str, hashes: list[str]) -> None:
    assert line_hashes(Source(text)) == hashes


def test_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM debian\nMAINTAINER x\n")
    for name in FORMATS:
        settings = parse(["-f", name, "-q"])
        assert settings is not None and run(settings) == 1
        out, err = capsys.readouterr()
        assert "DL4000" in out and err == "", name
    (tmp_path / ".dlint.yaml").write_text("format: gnu\n")
    settings = parse(["-q"])
    assert settings is not None and run(settings) == 1
    assert capsys.readouterr().out.startswith("dlint:Dockerfile:")
