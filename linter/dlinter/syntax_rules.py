"""The grammar's problems as rules: what BuildKit refuses, each with a code that can be selected and explained."""

from __future__ import annotations

from bisect import bisect_right

from dlinter.edits import UNSAFE, Fix, replace
from dlinter.rule import Finding, RuleInfo, Severity
from dlinter_grammar.problems import PROBLEMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.selection import RuleSet
    from dlinter.tree import Dockerfile
    from dlinter_grammar.nodes import SyntaxProblem

SHELL_ERROR = "DL1401"
ENCODING = "DL1402"

_EXTRA = (
    (
        SHELL_ERROR,
        "shell-syntax-error",
        "The shell cannot read this command",
        "The step fails when it runs, and nothing inside it can be checked.",
    ),
    (
        ENCODING,
        "file-not-utf8",
        "Save the file as UTF-8",
        "BuildKit reads UTF-8; in UTF-16 every second byte is a NUL and no instruction is recognised.",
    ),
    (
        "DL3023",
        "copy-from-self",
        "A stage cannot copy from itself",
        "COPY --from takes files of a stage that is finished, or of an image.",
    ),
)

#: problems that hadolint has rules for: the code and name that they have here, the same for several if need be
_HADOLINT = {
    "invalid-port": ("DL3011", "expose-invalid-port"),
    "no-stage": ("DL3061", "instruction-before-from"),
    "nested-onbuild": ("DL3043", "onbuild-forbidden-trigger"),
    "onbuild-trigger": ("DL3043", "onbuild-forbidden-trigger"),
}
#: problems that hadolint reports under codes which mean something else as well
_ALIASES = {
    "later-stage": ("DL3022",),
    "invalid-stage-index": ("DL3022",),
    "variable-from": ("DL3022",),
}
COPY_FROM_SELF = "DL3023"

_PROFILES = ("default", "hadolint", "cis")
_LEVELS = {"parser": "the whole file is refused", "instruction": "the build stops", "dispatch": "the build fails"}


def _info(code: str, name: str, title: str, why: str) -> RuleInfo:
    aliases = ("DL1000", *_ALIASES.get(name, ()))
    if name in _HADOLINT:
        code, name = _HADOLINT[name]
        for other, (merged, _) in _HADOLINT.items():
            if merged == code:
                aliases += (PROBLEMS[other][0], other)
    return RuleInfo(code, name, Severity.ERROR, "", _PROFILES, aliases, ("Dockerfile",), (), title, why, __name__, "")


def _code(file: Dockerfile, problem: SyntaxProblem) -> str:
    """The code of the rule that reports *problem*."""
    if problem.name in _HADOLINT:
        return _HADOLINT[problem.name][0]
    if problem.name == "circular-stages":
        for need in file.facts.graph.late():
            if need.kind == "copy" and need.stage is need.user and need.token.start == problem.start:
                return COPY_FROM_SELF
    return PROBLEMS[problem.name][0]


#: by code, in the order of the codes
SYNTAX: dict[str, RuleInfo] = {
    info.code: info
    for info in sorted(
        [
            *(_info(code, name, title, why) for name, (code, _level, title, why) in PROBLEMS.items()),
            *(_info(*row) for row in _EXTRA),
        ],
        key=lambda info: info.code,
    )
}


def _helps(file: Dockerfile, starts: list[int], problem: SyntaxProblem, suggestion: str) -> bool:
    """True if BuildKit would take the instruction of *problem* with *suggestion* in its place."""
    instruction = file.instructions[max(bisect_right(starts, problem.start) - 1, 0)]
    start, end = instruction.start, instruction.syntax.close
    if not start <= problem.start <= problem.end <= end:
        return False
    from dlinter_grammar.dockerfile import parse

    head = "# escape=`\n" if file.escape == "`" else ""
    text = file.text[start : problem.start] + suggestion + file.text[problem.end : end]
    alone = parse(head + text)
    return not alone.problems or not parse(f"{head}FROM scratch\n{text}").problems


def syntax_findings(file: Dockerfile, rules: RuleSet) -> list[Finding]:
    """The findings of *file* that come from reading it."""
    active = {info.code: info for info in rules.rules if info.code in SYNTAX}
    found: list[Finding] = []

    def add(code: str, start: int, end: int, message: str, fix: Fix | None = None) -> None:
        info = active.get(code)
        if info is not None:
            found.append(Finding(info, start, end, message, rules.severity(info), fix))

    starts = [instruction.start for instruction in file.instructions]
    for problem in file.document.problems:
        code = _code(file, problem)
        fix = None
        hint = "" if problem.suggestion is None else f" (did you mean {problem.suggestion}?)"
        if problem.suggestion is not None and _helps(file, starts, problem, problem.suggestion):
            written = file.text[problem.start : problem.end]
            fix = Fix([replace(problem, problem.suggestion)], UNSAFE, f"Replace {written} by {problem.suggestion}")
        add(code, problem.start, problem.end, problem.message + hint, fix)
    if file.source.encoding != "utf-8":
        add(ENCODING, 0, 1, f"{SYNTAX[ENCODING].title}: it is {file.source.encoding.upper()}")
    if SHELL_ERROR in active:
        for instruction in file.walk():
            for script in instruction.scripts:
                if script.error is not None:
                    at = min(script.error.offset, max(len(script.text) - 1, 0))
                    start = script.at(at)
                    add(SHELL_ERROR, start, start + 1, f"{SYNTAX[SHELL_ERROR].title}: {script.error.message}")
    return found
