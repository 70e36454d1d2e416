"""Every case is built before and after dlint's fixes: the images are the same but for what the fixes declare."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from build_case import RULES, Case, named, parameters
from build_engine import Engine
from cases_apt import APT
from cases_apt_traps import APT_TRAPS
from cases_commands import COMMANDS
from cases_files import FILES
from cases_language import LANGUAGE
from cases_managers import MANAGERS
from cases_order import ORDER
from cases_processes import PROCESSES
from cases_settings import SETTINGS
from cases_shell import SHELL
from cases_stages import STAGES
from cases_unsafe import UNSAFE
from cases_unsafe_steps import UNSAFE_STEPS
from containers import first_process, health
from figures import Figures, Pair
from image_compare import MAY_GO, NEUTRAL, file_differences, setting_differences, size
from image_layers import files, layers_of

from dlinter.fixer import Result

pytestmark = pytest.mark.builds

ALL = (
    *SETTINGS, *FILES, *COMMANDS, *PROCESSES, *STAGES, *APT, *APT_TRAPS, *MANAGERS, *LANGUAGE, *ORDER, *UNSAFE,
    *UNSAFE_STEPS, *SHELL,
)  # fmt: skip


def test_cases_have_names_of_their_own() -> None:
    names = [case.name for case in ALL]
    assert len(names) == len(set(names))


def test_every_safe_fix_has_a_case() -> None:
    covered = {name for case in ALL for name in case.fixes}
    missing = [info.name for info in RULES if info.fix == "safe" and info.name not in covered]
    assert not missing, f"no pair builds the fixes of {', '.join(missing)}: add one to a module cases_*.py"


@pytest.mark.parametrize("case", parameters(ALL))
def test_fixed_file_builds_the_same_image(
    case: Case, engine: Engine, reachable: dict[str, bool], figures: Figures, tmp_path: Path
) -> None:
    if case.needs and not reachable[case.needs]:
        pytest.skip(f"{case.needs} cannot be reached from a build")
    context = tmp_path / "context"
    case.write(context)
    result = case.fixed(context)
    after = result.source.text
    applied = sorted({named(finding.rule) for finding in result.applied})
    assert set(case.fixes) <= set(applied), f"applied were {applied}, refused {result.refused} in\n{after}"
    assert not [text for text in case.keeps if text not in after], after
    builds = []
    for tag, text in (("before", case.text), ("after", after)):
        if tag == "after":
            for name, other in result.settings.amendments.items():
                (context / name).write_text(other)
        done = engine.build(text, context, tag, target=case.target)
        if done.ok and case.onward:
            done = engine.build(f"FROM {tag}\n{case.onward}", context, tag)
        builds.append(done)
        expected = tag == "after" or not case.heals
        assert done.ok is expected, f"{'cannot' if expected else 'can'} be built {tag}:\n{text}\n{done.log[-3000:]}"
    if not case.heals:
        differences = _differences(engine, _neutral(result), case)
        assert not differences, "\n".join([*differences[:40], after])
        sizes = size(layers_of(engine.inspect("before"))), size(layers_of(engine.inspect("after")))
        assert sizes[1] <= sizes[0] - case.saves, f"{sizes[0]} bytes before, {sizes[1]} after\n{after}"
        for call in case.calls:
            assert engine.run("after", *call) == engine.run("before", *call), f"{call}\n{after}"
        _check_containers(case, engine)
        figures.pairs.append(Pair(case.name, (builds[0].seconds, builds[1].seconds), sizes, " ".join(applied)))
    if case.careless:
        _check_careless(case, engine, context)


def _check_containers(case: Case, engine: Engine) -> None:
    """What runs for longer: the health check says the same, and a signal ends the program where it reaches it."""
    if case.healthy is not None:
        before, after = health(engine, "before"), health(engine, "after")
        assert before == after
        assert after.code == case.healthy, after
    if case.process:
        assert first_process(engine, "before", ends=False) == ("sh", None)
        assert first_process(engine, "after", ends=True) == (case.process, 7)


def _check_careless(case: Case, engine: Engine, context: Path) -> None:
    """The trap is one: what someone careless writes cannot be built, or makes another image."""
    text = case.text
    for old, new in case.careless:
        assert old in text
        text = text.replace(old, new)
    done = engine.build(text, context, "after", target=case.target)
    if done.ok and case.onward:
        done = engine.build(f"FROM after\n{case.onward}", context, "after")
    if not done.ok:
        return
    if not _differences(engine, NEUTRAL, case):
        assert any(engine.run("after", *call) != engine.run("before", *call) for call in case.calls), (
            f"no harm is done by\n{text}"
        )


def _neutral(result: Result) -> frozenset[str]:
    """What the fixes that were applied say they change."""
    return frozenset(name for finding in result.applied if finding.fix is not None for name in finding.fix.neutral)


def _differences(engine: Engine, neutral: Iterable[str], case: Case) -> list[str]:
    """In what the images tagged ``before`` and ``after`` differ, but for what is declared."""
    before, after = engine.inspect("before"), engine.inspect("after")
    may_go = [pattern for name in neutral for pattern in MAY_GO.get(name, ())]
    lines = file_differences(files(layers_of(before)), files(layers_of(after)), may_go, case.may_differ)
    return lines + setting_differences(before, after, neutral, case.settings)
