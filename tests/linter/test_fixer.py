"""The fix loop: what fits together, what is refused, and when it gives up."""

from __future__ import annotations

from collections.abc import Callable

from dlinter import SAFE, UNSAFE, Edit, Findings, Fix, From, Run, report, rule
from dlinter.edits import Safety
from dlinter.engine import Dispatcher
from dlinter.fixer import ROUNDS, Result, fix
from dlinter.rule import Rule, RuleInfo
from dlinter.selection import RuleSet
from dlinter.source import Source


def run(text: str, *rules: Rule, safety: Safety = UNSAFE) -> Result:
    infos = [RuleInfo.of(each, __name__, "") for each in rules]
    return fix(Source(text), Dispatcher(RuleSet(infos)), safety)


def on_run(code: str, make: Callable[[Run], Fix | None]) -> Rule:
    @rule(code, f"rule-{code.lower()}", on=Run)
    def check(node: Run) -> Findings:
        """Title of the rule

        Why it matters.
        """
        made = make(node)
        if made is not None:
            yield report(node, fix=made)

    return check


def argument(node: Run, old: str, new: str, safety: Safety = UNSAFE) -> Fix | None:
    at = node.file.text.find(old, node.start, node.end)
    return Fix([Edit(at, at + len(old), new)], safety) if at >= 0 else None


def test_fixes_that_clash_take_two_rounds() -> None:
    one = on_run("X1", lambda node: argument(node, "a b", "A B"))
    two = on_run("X2", lambda node: argument(node, "B c", "B C") or argument(node, "b c", "b C"))
    result = run("FROM x\nRUN a b c\n", one, two)
    assert result.source.text == "FROM x\nRUN A B C\n"
    assert [f.rule.code for f in result.applied] == ["X1", "X2"]
    assert result.remaining == []


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    unsafe = on_run("X1", lambda node: argument(node, "a", "b"))
    assert run("FROM x\nRUN a\n", unsafe, safety=SAFE).source.text == "FROM x\nRUN a\n"
    assert run("FROM x\nRUN a\n", unsafe).source.text == "FROM x\nRUN b\n"


def test_a_safe_fix_may_only_change_what_it_declares() -> None:
    def yes(*neutral: str) -> Rule:
        def make(node: Run) -> Fix | None:
            at = node.file.text.find(" curl", node.start, node.end)
            return None if " -y" in node.text else Fix([Edit(at, at, " -y")], SAFE, "", neutral)

        return on_run("X1", make)

    before = "FROM debian:12\nRUN apt-get install curl\n"
    assert run(before, yes("answer-yes")).source.text == before.replace("curl", "-y curl")
    silent = run(before, yes())
    assert silent.source.text == before
    assert "it would not be the same build: RUN at line 2 now runs" in silent.refused[0].reason
    assert run(before, yes("package-cache-off")).source.text == before


def test_a_safe_fix_has_no_purpose_of_its_own() -> None:
    def longer(node: Run) -> Fix | None:
        edit = Edit(node.end, node.end, " -u")
        return None if "-u" in node.text else Fix([edit], SAFE, "", ("option-of-user:words-added=-u",))

    result = run("FROM x\nRUN id\n", on_run("X1", longer))
    assert result.source.text == "FROM x\nRUN id\n"
    assert "what only an UNSAFE one may" in result.refused[0].reason


def test_an_unsafe_fix_may_only_change_the_instructions_it_touches() -> None:
    def elsewhere(node: Run) -> Fix | None:
        at = node.file.text.find("USER a")
        if at < 0 or "id" not in node.text:
            return None
        return Fix(
            [Edit(node.end, node.end, " -u"), Edit(at, at + 6, "user b")],
            UNSAFE,
            "",
            ("option-of-user:words-added=-u",),
        )

    before = "FROM x\nUSER a\nRUN id\n"
    result = run(before, on_run("X1", elsewhere))
    assert result.source.text == before
    assert "it would not be the same build" in result.refused[0].reason


def test_a_fix_that_breaks_the_file_is_refused_and_the_others_stay() -> None:
    good = on_run("X1", lambda node: argument(node, "a", "b"))
    bad = on_run("X2", lambda node: argument(node, "RUN c", "RUNN c"))
    result = run("FROM x\nRUN a\nRUN c\nRUN a\n", good, bad)
    assert result.source.text == "FROM x\nRUN b\nRUN c\nRUN b\n"
    [refusal] = result.refused
    assert (refusal.code, refusal.line) == ("X2", 3)
    assert "no longer be read" in refusal.reason and "unknown instruction" in refusal.reason
    assert [f.rule.code for f in result.remaining] == ["X2"]


def test_a_fix_that_loses_a_comment_is_refused() -> None:
    def swallow(node: Run) -> Fix:
        return Fix([Edit(node.start, node.end, "RUN a b")], UNSAFE)

    result = run("FROM x\nRUN a \\\n  # why\n  b\n", on_run("X1", swallow))
    assert result.source.text == "FROM x\nRUN a \\\n  # why\n  b\n"
    assert "a comment would be lost" in result.refused[0].reason


def test_a_fix_that_does_not_mend_its_finding_is_refused() -> None:
    def useless(node: Run) -> Fix:
        return Fix([Edit(node.end, node.end, " x")], UNSAFE)

    result = run("FROM x\nRUN a\n", on_run("X1", useless))
    assert result.source.text == "FROM x\nRUN a\n"
    assert "the finding would still be there" in result.refused[0].reason


def test_fixes_that_never_settle_leave_the_file_alone() -> None:
    @rule("X1", "x-one", on=Run)
    def longer(node: Run) -> Findings:
        """Title of the rule

        Why it matters.
        """
        yield report(node, f"{node.text} is too short", Fix([Edit(node.end, node.end, "a")], UNSAFE))

    result = run("FROM x\nRUN a\n", longer)
    assert result.source.text == "FROM x\nRUN a\n"
    assert f"did not settle within {ROUNDS} rounds" in result.refused[-1].reason


def test_two_rules_that_undo_each_other_leave_the_file_alone() -> None:
    there = on_run("X1", lambda node: argument(node, " a", " b"))
    back = on_run("X2", lambda node: argument(node, " b", " a"))
    result = run("FROM x\nRUN a\n", there, back)
    assert result.source.text == "FROM x\nRUN a\n"
    assert result.refused


def test_bytes_outside_the_edits_stay() -> None:
    data = b"\xef\xbb\xbfFROM x\r\n# caf\xe9\r\nRUN a\r\n"
    result = fix(
        Source.from_bytes(data),
        Dispatcher(RuleSet([RuleInfo.of(on_run("X1", lambda n: argument(n, "a", "b")), __name__, "")])),
        UNSAFE,
    )
    assert result.source.to_bytes() == b"\xef\xbb\xbfFROM x\r\n# caf\xe9\r\nRUN b\r\n"


def test_a_rule_may_be_limited_to() -> None:
    one = on_run("X1", lambda node: argument(node, "a", "A"))
    two = on_run("X2", lambda node: argument(node, "b", "B"))
    infos = [RuleInfo.of(each, __name__, "") for each in (one, two)]
    result = fix(Source("FROM x\nRUN a b\n"), Dispatcher(RuleSet(infos)), UNSAFE, only=frozenset({"X2"}))
    assert result.source.text == "FROM x\nRUN a B\n"


def test_from_has_no_findings_here() -> None:
    @rule("X1", "x-one", on=From)
    def check(node: From) -> Findings:
        """Title of the rule

        Why it matters.
        """
        if node.alias is None:
            yield report(node)

    assert [f.message for f in run("FROM x\n", check).remaining] == ["Title of the rule"]
