"""Runs the examples of rules as tests, those of dlint and those of anyone's package.

::

    import pytest
    from dlinter.testing import cases

    @pytest.mark.parametrize("case", cases("acme_rules"), ids=str)
    def test_rules(case):
        case.run()
"""

from __future__ import annotations

from dlinter.context import Context, Memory
from dlinter.edits import Safety
from dlinter.engine import Dispatcher
from dlinter.examples import Example, Quiet, examples
from dlinter.fixer import fix
from dlinter.plugins import scan
from dlinter.selection import RuleSet
from dlinter.settings import FileSettings
from dlinter.source import Source
from dlinter.tree import Dockerfile
from dlinter_grammar.dockerfile import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dlinter.rule import RuleInfo


class Case:
    """One test of one rule; ``run`` raises AssertionError where the rule does not keep what its page says."""

    __slots__ = ("_check", "_name")

    def __init__(self, name: str, check: Callable[[], None]) -> None:
        self._name = name
        self._check = check

    def __str__(self) -> str:
        return self._name

    def run(self) -> None:
        self._check()


def cases(package: str) -> list[Case]:
    """The tests of every rule in *package*."""
    found: list[Case] = []
    for info in scan(package):
        bad, good = examples(info.load().doc)
        found.append(Case(f"{info.code}-page", lambda info=info: check_page(info)))  # type: ignore[misc]
        for number, example in enumerate(bad):
            name = f"{info.code}-bad{number}"
            found.append(Case(name, lambda info=info, example=example: check_bad(info, example)))  # type: ignore[misc]
        for number, quiet in enumerate(good):
            name = f"{info.code}-good{number}"
            found.append(Case(name, lambda info=info, quiet=quiet: check_good(info, quiet)))  # type: ignore[misc]
    return found


def check_page(info: RuleInfo) -> None:
    """The docstring has a title, a reason of one sentence, and examples of both kinds."""
    rule = info.load()
    bad, good = examples(rule.doc)
    assert bad, f"{info.code}: a bad example is missing"
    assert good, f"{info.code}: a good example is missing"
    assert 10 <= len(rule.title) <= 90, f"{info.code}: the title has {len(rule.title)} characters, not 10 to 90"
    assert not rule.title.endswith("."), f"{info.code}: the title ends with a full stop"
    assert 20 <= len(rule.why) <= 140, f"{info.code}: the reason has {len(rule.why)} characters, not 20 to 140"
    assert rule.why.endswith("."), f"{info.code}: the reason is no sentence"


def check_bad(info: RuleInfo, example: Example) -> None:
    """It is found, the fixes make of it what is shown, and a second run changes nothing."""
    settings = settings_of(example.settings, example.context)
    found = _dispatcher(info).findings(Dockerfile(example.bad, settings=settings))
    assert found, f"{info.code}: nothing is found in\n{example.bad}"
    for finding in found:
        assert 0 <= finding.start < finding.end <= len(example.bad), f"{finding} has no place in the file"
    for text in (example.bad, example.fixed, example.unsafe):
        assert text is None or not parse(text).problems, f"{info.code}: BuildKit would refuse\n{text}"
    for safety in (Safety.SAFE, Safety.UNSAFE):
        wanted = example.fixed
        if safety is Safety.UNSAFE and example.unsafe is not None:
            wanted = example.unsafe
        wanted = example.bad if wanted is None else wanted
        other = example.other.get("unsafe") if safety is Safety.UNSAFE else None
        other = example.other.get("fixed") if other is None else other
        result = fix(Source(example.bad), _dispatcher(info), safety, settings=settings)
        assert not result.refused, f"{info.code}: {result.refused}"
        assert result.source.text == wanted, f"{info.code}: the {safety.name} fixes give\n{result.source.text}"
        others = list(result.settings.amendments.values())
        assert others == ([] if other is None else [other]), f"{info.code}: the {safety.name} fixes write {others}"
        again = fix(result.source, _dispatcher(info), safety, settings=result.settings)
        assert again.settings.amendments == result.settings.amendments, f"{info.code}: a second run writes again"
        assert again.source.text == wanted, f"{info.code}: a second run gives\n{again.source.text}"


def check_good(info: RuleInfo, quiet: Quiet) -> None:
    """Nothing is found in it."""
    found = _dispatcher(info).findings(Dockerfile(quiet.text, settings=settings_of(quiet.settings, quiet.context)))
    assert not found, f"{info.code}: {found} in\n{quiet.text}"


def settings_of(text: str, context: str = "") -> FileSettings:
    """The settings written in YAML, named as in a configuration file, and the files of the *context*, if it has any.

    A context is a mapping of paths as :class:`dlinter.context.Memory` takes it; ``.dockerignore`` is one of them.
    """
    if not text and not context:
        return FileSettings()
    from ruamel.yaml import YAML

    table = YAML(typ="safe").load(text) or {}
    if context:
        files = YAML(typ="safe").load(context)
        if ".dockerignore" in files:
            table["dockerignore"] = files[".dockerignore"]
        table.setdefault("dockerignore", None)
        table["files"] = Context(Memory(files), table["dockerignore"], named=True)
    return FileSettings(**{key.replace("-", "_"): value for key, value in table.items()})


def _dispatcher(info: RuleInfo) -> Dispatcher:
    return Dispatcher(RuleSet([info]))
