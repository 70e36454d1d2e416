"""What a case is, and what dlint makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import pytest

from dlinter.catalogue import known_rules
from dlinter.context import Context, Folder
from dlinter.edits import Safety
from dlinter.engine import Dispatcher
from dlinter.files import read
from dlinter.fixer import Result, fix
from dlinter.rule import RuleInfo
from dlinter.selection import select
from dlinter.settings import FileSettings
from dlinter.shellcheck import ShellCheck, locate

RULES = known_rules()
CODES = {info.name: info.code for info in RULES}
_PROGRAM = locate()
_DISPATCHERS = {
    profile: Dispatcher(select(RULES, profile), ShellCheck(_PROGRAM, hadolint=profile == "hadolint"))
    for profile in ("all", "hadolint")
}


@dataclass(frozen=True)
class Case:
    """A Dockerfile whose image has to stay what it is.

    - ``fixes``: the names of rules whose fixes have to be applied. A rule that does not exist skips the case.
    - ``files``: the build context; a mode may be given as ``(text, 0o755)``.
    - ``seen``: dlint sees the files of the build context.
    - ``profile``: the rules that are chosen, with their options.
    - ``unsafe``: apply the fixes of these rules only, as with ``--unsafe-fixes``. Otherwise ``--fix`` of every rule.
    - ``keeps``: texts that have to be there still.
    - ``calls``: commands, each run in both images with the same outcome; ``()`` is the image's own.
    - ``process``: the name of the program that is process 1 after, where a shell is before; it says ``ready``.
    - ``healthy``: the exit code of the health check in both images, None to run none.
    - ``may_differ``, ``settings``: patterns of paths, and names of settings, that the fixes change on purpose.
    - ``saves``: by how many bytes the image has to get smaller at least.
    - ``heals``: the file cannot be built before, and can after.
    - ``careless``: replacements that someone careless would make; the image must not survive them.
    - ``target``: the stage to build. ``onward``: a Dockerfile built on either image, and compared in its place.
    - ``needs``: an index of packages, ``pip``, ``npm`` or ``apt``, that has to be reachable.
    - ``defect``: what is known to be wrong with the fix; the report says when it no longer is.
    """

    name: str
    before: str
    fixes: tuple[str, ...] = ()
    files: Mapping[str, str | bytes | tuple[str, int]] = field(default_factory=dict)
    seen: bool = False
    profile: str = "all"
    unsafe: bool = False
    keeps: tuple[str, ...] = ()
    calls: tuple[tuple[str, ...], ...] = ()
    process: str = ""
    healthy: int | None = None
    may_differ: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    saves: int = 0
    heals: bool = False
    careless: tuple[tuple[str, str], ...] = ()
    target: str = ""
    onward: str = ""
    needs: str = ""
    defect: str = ""

    @property
    def text(self) -> str:
        """The Dockerfile."""
        return dedent(self.before).removeprefix("\n")

    def write(self, context: Path) -> None:
        """Write the build context, all files with the same time."""
        context.mkdir()
        for name, content in self.files.items():
            path = context / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text, mode = content if isinstance(content, tuple) else (content, 0o644)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            path.chmod(mode)

    def fixed(self, context: Path) -> Result:
        """What dlint makes of the file, which it sees in *context*."""
        file = context / "Dockerfile"
        file.write_bytes(self.text.encode())
        dispatcher = _DISPATCHERS[self.profile]
        ignored = (context / ".dockerignore").read_text() if ".dockerignore" in self.files else None
        seen = Context(Folder(str(context)), ignored, named=True) if self.seen else None
        settings = FileSettings(files=seen, dockerignore=ignored if self.seen else None)
        try:
            if self.unsafe:
                only = frozenset(CODES.get(name, name) for name in self.fixes)
                return fix(read(str(file)), dispatcher, Safety.UNSAFE, only, settings=settings)
            return fix(read(str(file)), dispatcher, settings=settings)
        finally:
            file.unlink()


def named(info: RuleInfo) -> str:
    """What cases call a rule: its name, those of ShellCheck by their codes."""
    return info.code if info.code[:2] == "SC" else info.name


def parameters(cases: Iterable[Case]) -> list[object]:
    """*cases* for ``pytest.mark.parametrize``; those of rules to come are skipped, those of known defects may fail."""
    found: list[object] = []
    for case in cases:
        marks = []
        missing = [name for name in case.fixes if name not in CODES and name[:2] != "SC"]
        if missing:
            marks.append(pytest.mark.skip(reason=f"there is no rule {missing[0]} yet"))
        elif case.defect:
            marks.append(pytest.mark.xfail(reason=case.defect, strict=False, raises=AssertionError))
        found.append(pytest.param(case, id=case.name, marks=marks))
    return found
