"""What a rule looks at while it is asked about a node, found by watching the attributes that lead to other stages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from dlinter.engine import Dispatcher, Task
from dlinter.facts import Facts
from dlinter.facts.stages import StageGraph
from dlinter.rule import Finding
from dlinter.tree import Dockerfile, From, Instruction, Node, Stage
from dlinter_rules import proven

#: what a file's first lines, FROM and references decide, or instructions before a place in the stages below it
_FREE = frozenset(
    {
        "__init__", "base", "base_name", "build_context", "children", "chain", "circles", "complete", "context",
        "default_environment", "descendants", "dialect", "env", "environment", "expand", "expansions", "find",
        "global_args", "global_environment", "global_scope", "has_shell", "image", "image_env", "late", "named_shells",
        "needs", "parent", "reached", "replaced", "root", "scope", "scratch", "shell", "ships", "targets", "unreached",
        "unused", "used_by", "user", "variable", "windows", "workdir",
    }
)  # fmt: skip
_WIDER = ("stage", "family", "file")


class Watcher:
    """Notes for every rule how far it looks: ``stage``, ``family`` or ``file``, and by which function."""

    def __init__(self) -> None:
        self.seen: dict[str, dict[str, str]] = {}
        self._rule = ""
        self._file: Dockerfile | None = None
        self._index = -1
        self._chain: set[int] = set()
        self._family: set[int] = set()
        self._count = 0
        self._free = 0

    def ask(self, dispatcher: Dispatcher, text: str) -> None:
        dispatcher.own(Dockerfile(text))

    def start(self, rule: str, node: Node) -> None:
        place = node
        while not isinstance(place, Instruction | Stage):
            assert place.parent is not None
            place = place.parent
        stage = place if isinstance(place, Stage) else place.stage
        self._index = -1 if isinstance(place, Stage) else place.index
        place.file._facts = None
        facts = Facts(place.file)
        self._chain = set() if stage is None else {each.index for each in facts.chain(stage)}
        root = None if stage is None else facts.graph.root(stage)
        self._family = set() if root is None else {root.index, *(each.index for each in facts.descendants(root))}
        self._count = len(place.file.stages)
        self._file, self._rule = place.file, rule

    def stop(self) -> None:
        self._rule = ""

    def free(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self._free += 1
            try:
                return function(*args, **options)
            finally:
                self._free -= 1

        return call

    def note(self, file: Dockerfile, stage: Stage | None = None) -> None:
        """The rule looks at *stage*, or at a list of everything."""
        if not self._rule or self._free or file is not self._file:
            return
        wanted = set(range(self._count)) if stage is None else {stage.index}
        reach = "stage" if wanted <= self._chain else "family" if wanted <= self._family else "file"
        if reach != "stage":
            self.seen.setdefault(self._rule, {})[reach] = sys._getframe(2).f_code.co_name

    def farther(self, rule: str, reads: str) -> dict[str, str]:
        """How far *rule* looks beyond what it *reads*, and who does."""
        allowed = _WIDER[: _WIDER.index(reads) + 1]
        return {reach: who for reach, who in self.seen.get(rule, {}).items() if reach not in allowed}


def watched(monkeypatch: pytest.MonkeyPatch) -> Watcher:
    """A watcher of all rules until the test ends."""
    watcher = Watcher()
    for kind in (Facts, StageGraph):
        for name in _FREE:
            found = vars(kind).get(name)
            if isinstance(found, property):
                assert found.fget is not None
                monkeypatch.setattr(kind, name, property(watcher.free(found.fget)))
            elif found is not None:
                monkeypatch.setattr(kind, name, watcher.free(found))
    # the proof sees everything, but what edits make of their stage does not hang on stages that it is not built on
    for name in ("_around", "_alone", "_proven"):
        monkeypatch.setattr(proven, name, watcher.free(getattr(proven, name)))
    for name in ("_commands", "_scripts", "syntax"):
        _watch_slot(monkeypatch, Instruction, name, lambda each: _of_instruction(watcher, each))
    _watch_slot(monkeypatch, Stage, "instructions", lambda each: watcher.note(each.file, each))
    for name in ("stages", "instructions"):
        _watch_slot(monkeypatch, Dockerfile, name, watcher.note)
    comments = Dockerfile.comments.fget
    assert comments is not None
    monkeypatch.setattr(Dockerfile, "comments", property(lambda each: watcher.note(each) or comments(each)))
    run = Task.run

    def observed(self: Task, node: Node, found: list[Finding]) -> None:
        if isinstance(node, Dockerfile):
            run(self, node, found)
            return
        watcher.start(self.info.code, node)
        try:
            run(self, node, found)
        finally:
            watcher.stop()

    monkeypatch.setattr(Task, "run", observed)
    return watcher


def _of_instruction(watcher: Watcher, instruction: Instruction) -> None:
    if instruction.index != watcher._index and not isinstance(instruction, From) and instruction.stage is not None:
        watcher.note(instruction.file, instruction.stage)


def _watch_slot(monkeypatch: pytest.MonkeyPatch, kind: type, name: str, note: Callable[[Any], object]) -> None:
    slot = kind.__dict__[name]

    def get(self: Any) -> Any:
        note(self)
        return slot.__get__(self, kind)

    monkeypatch.setattr(kind, name, property(get, slot.__set__))
