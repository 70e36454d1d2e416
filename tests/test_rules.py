"""Every block in every rule's docstring is a test: what is found, what the fixes make of it, what is fine."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlinter.plugins import load
from dlinter.testing import Case, cases

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("case", cases("dlinter_rules"), ids=str)
def test_example(case: Case) -> None:
    case.run()


@pytest.mark.parametrize("info", load(), ids=lambda info: info.code)
def test_the_index_is_true(info) -> None:  # type: ignore[no-untyped-def]
    rule = info.load()
    assert (rule.code, rule.name, rule.severity) == (info.code, info.name, info.severity)
    assert set(rule.profiles) <= {"default", "hadolint", "cis"}


RULE = '''
from dlinter import UNSAFE, Fix, From, report, replace, rule

@rule("ACME1", "acme-one", on=From)
def one(base):
    """Use the company's image

    Only that one is maintained.

    ```dockerfile bad
    FROM {bad}
    ```
    ```dockerfile unsafe
    FROM {fixed}
    ```
    ```dockerfile good
    FROM {good}
    ```
    """
    if base.image.value != "acme":
        edit = replace(base.image, "acme")
        yield report(base.image, fix=Fix([edit], UNSAFE, neutral=("option-of-user:base=acme",)))
'''


@pytest.mark.parametrize(
    ("bad", "fixed", "good", "message"),
    [
        ("debian", "acme", "acme", None),
        ("acme", "acme", "acme", "nothing is found"),
        ("debian", "other", "acme", "the UNSAFE fixes give"),
        ("debian", "acme", "debian", "Finding"),
    ],
)
def test_wrong_examples_are_noticed(
    bad: str, fixed: str, good: str, message: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"acme_{bad}_{fixed}_{good}"
    (tmp_path / f"{name}.py").write_text(RULE.format(bad=bad, fixed=fixed, good=good))
    monkeypatch.syspath_prepend(str(tmp_path))
    checks = cases(name)
    assert [str(case) for case in checks] == ["ACME1-page", "ACME1-bad0", "ACME1-good0"]
    if message is None:
        for case in checks:
            case.run()
        return
    with pytest.raises(AssertionError, match=message):
        for case in checks:
            case.run()
