"""A file that is asked about again after a change: the same findings as if it were new."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from reads import watched

from dlinter.builtin import builtin
from dlinter.context import Context, Memory
from dlinter.engine import Dispatcher
from dlinter.examples import examples
from dlinter.incremental import Earlier
from dlinter.plugins import load
from dlinter.rule import Finding, RuleInfo
from dlinter.selection import RuleSet, select
from dlinter.settings import FileSettings
from dlinter.tree import Dockerfile, Run

RULES: list[RuleInfo] = [*load(), *builtin()]
EVERYTHING = Dispatcher(select(RULES, "all"), pragmas=False)
SETTINGS = FileSettings()


def _examples() -> list[str]:
    found: list[str] = []
    for info in RULES:
        if info.checks:
            bad, good = examples(info.load().doc)
            found += [text for each in bad for text in (each.bad, each.fixed, each.unsafe) if text]
            found += [quiet.text for quiet in good]
    return found


EXAMPLES = _examples()
#: lines that change what others mean
TELLING = (
    "FROM s1 AS s2", "FROM s3", "COPY --from=s2 /a /b", "# postinstall needs it", "# hadolint shell=bash", "ENV A=b",
    "USER root", "WORKDIR /x", 'SHELL ["/bin/bash", "-c"]', "ARG VERSION", "ONBUILD RUN ls", "", "# escape=`",
)  # fmt: skip


def _joined(chance: random.Random) -> str:
    """Some examples as one file, whose stages have names and are built on each other now and then."""
    text = "".join(chance.choice(EXAMPLES).rstrip("\n") + "\n" for _ in range(chance.randint(2, 6)))
    numbers = iter(range(1000))

    def renamed(found: re.Match[str]) -> str:
        number = next(numbers)
        base = f"s{chance.randrange(number)}" if number and chance.random() < 0.4 else found[2]
        return f"{found[1]}{base}" + (f" AS s{number}" if "as" not in found[3].lower() else found[3])

    return re.sub(r"(?im)^(from\s+(?:--\S+\s+)*)(\S+)(.*)$", renamed, text)


def _changed(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    what = chance.random()
    if what < 0.4:
        place = chance.randint(0, len(lines[at]))
        lines[at] = lines[at][:place] + chance.choice(("x", " ", "$V", '"', "\\", "\n", "#")) + lines[at][place:]
    elif what < 0.6:
        lines.insert(at, chance.choice(chance.choice(EXAMPLES).split("\n")))
    elif what < 0.75:
        lines.insert(at, chance.choice(TELLING))
    elif what < 0.9:
        del lines[at]
    else:
        lines.insert(chance.randrange(len(lines)), lines[at])
    return "\n".join(lines)


def _shown(findings: list[Finding]) -> list[str]:
    return sorted(f"{each!r} {each.severity} {_fix(each)}" for each in findings)


def _fix(finding: Finding) -> object:
    fix = finding.fix
    return None if fix is None else (fix.edits, fix.safety, fix.title, fix.neutral, fix.comments, fix.others)


def _own(text: str, earlier: Earlier | None = None, settings: FileSettings = SETTINGS) -> list[str]:
    return _shown(EVERYTHING.own(Dockerfile(text, settings=settings), earlier))


@pytest.mark.parametrize("seed", range(40))
def test_a_version_after_another_gives_what_it_gives_alone(seed: int) -> None:
    chance = random.Random(seed)
    text, earlier = _joined(chance), Earlier()
    for _ in range(6):
        assert _own(text, earlier) == _own(text)
        text = _changed(text, chance)


def test_rules_read_no_more_than_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(1)
    texts = EXAMPLES + [_joined(chance) for _ in range(250)]
    watcher = watched(monkeypatch)
    for text in texts:
        watcher.ask(EVERYTHING, text)
    assert {c for c, seen in watcher.seen.items() if "file" in seen} >= {"DL2013", "DL5108", "DL5109"}
    farther = {info.code: watcher.farther(info.code, info.reads) for info in RULES if info.reads != "file"}
    assert {code: seen for code, seen in farther.items() if seen} == {}


TWO = "FROM debian:12 AS a\nRUN apt-get install curl\n\nFROM debian:12\nRUN apt-get install wget\n"


class Counting(Dispatcher):
    """One rule that notes about which lines it was asked."""

    def __init__(self, reads: str = "stage") -> None:
        self.lines: list[int] = []
        info = next(info for info in RULES if info.code == "DL8001")
        row = info.row()
        told = RuleInfo(*row[:6], ("Run",), (), *row[8:12], (), reads)
        rule = info.load()

        def check(run: Run) -> object:
            self.lines.append(run.line)
            return iter(())

        counted = type(rule)(rule.code, rule.name, (Run,), (), rule.severity, (), (), check, (), reads)  # type: ignore[arg-type]
        told._rule = counted
        super().__init__(RuleSet([told]))

    def asked(self, text: str, earlier: Earlier, settings: FileSettings = SETTINGS) -> list[int]:
        self.lines.clear()
        self.own(Dockerfile(text, settings=settings), earlier)
        return list(self.lines)


def test_only_the_stage_that_changed_is_asked_about() -> None:
    counting, earlier = Counting(), Earlier()
    assert counting.asked(TWO, earlier) == [2, 5]
    assert counting.asked(TWO, earlier) == []
    assert counting.asked(TWO.replace("wget", "vim"), earlier) == [5]
    assert counting.asked(TWO.replace("wget", "vim").replace("curl", "\\\n curl"), earlier) == [2]


def test_what_is_built_on_a_stage_changes_with_it() -> None:
    text = TWO.replace("\n\nFROM debian:12", "\n\nFROM a")
    for reads, again in (("stage", [2, 5]), ("family", [2, 5]), ("file", [2, 5])):
        counting, earlier = Counting(reads), Earlier()
        counting.asked(text, earlier)
        assert counting.asked(text.replace("curl", "vim"), earlier) == again
    for reads, again in (("stage", [5]), ("family", [2, 5]), ("file", [2, 5])):
        counting, earlier = Counting(reads), Earlier()
        counting.asked(text, earlier)
        assert counting.asked(text.replace("wget", "vim"), earlier) == again


@pytest.mark.parametrize(
    "change", [("FROM debian:12 AS a", "ARG A\nFROM debian:12 AS a"), ("AS a", "AS b"), ("debian:12\nRUN", "a\nRUN")]
)
def test_everything_is_asked_again_after_a_change_of_what_all_read(change: tuple[str, str]) -> None:
    counting, earlier = Counting(), Earlier()
    counting.asked(TWO, earlier)
    assert len(counting.asked(TWO.replace(*change), earlier)) == 2


def test_another_configuration_forgets() -> None:
    counting, earlier = Counting(), Earlier()
    counting.asked(TWO, earlier)
    assert counting.asked(TWO, earlier, FileSettings()) == [2, 5]
    assert Counting().asked(TWO, earlier) == [2, 5]


def test_files_that_change_are_seen(tmp_path: Path) -> None:
    text = "FROM debian:12\nCOPY app.txt other.txt /a/\nFROM debian:12\nCOPY --from=0 /a /a\n"
    for name in ("app.txt", "other.txt"):
        (tmp_path / name).write_text("a")
    settings, earlier = FileSettings(context=str(tmp_path)), Earlier()
    before = _own(text, earlier, settings)
    (tmp_path / "app.txt").unlink()
    after = _own(text, earlier, settings)
    assert after != before
    assert after == _own(text, None, FileSettings(context=str(tmp_path)))


def test_questions_to_the_context_are_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlinter.incremental._MOST_ASKED", 20)
    files = Context(Memory({"app.txt": "a"}), named=True)
    settings, earlier = FileSettings(files=files), Earlier()
    for number in range(60):
        text = f"FROM debian:12\nCOPY app{number}.txt /a/\n"
        assert _own(text, earlier, settings) == _own(text, None, settings)
    assert len(files.asked) < 100


def test_lines_in_messages_are_those_of_the_new_version() -> None:
    text = "FROM debian:12 AS a\nRUN ls\nFROM debian:12\nCMD a\nCMD b\n"
    earlier = Earlier()
    assert any("line 5" in each for each in _own(text, earlier))
    moved = text.replace("RUN ls", "RUN ls \\\n /a")
    assert any("line 6" in each for each in _own(moved, earlier))
    assert _own(moved, earlier) == _own(moved)


def test_scripts_that_no_shell_can_read_are_remembered() -> None:
    text = "FROM debian:12 AS a\nRUN if true\nFROM debian:12\nRUN ls\n"
    earlier = Earlier()
    first = _own(text, earlier)
    assert any("DL1" in each for each in first)
    changed = text.replace("ls", "pwd")
    assert _own(changed, earlier) == _own(changed)
    assert any("DL1" in each for each in _own(changed, earlier))
