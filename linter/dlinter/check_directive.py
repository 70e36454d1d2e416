"""``# check=skip=…;error=…;experimental=…``: BuildKit's own way to silence its checks (linter/linter.go).

At the top of the file it holds for all of it, in the block of comments before an instruction for that one, where
``error`` does nothing. dlint's rules go by it under the names that BuildKit has for them.
"""

from __future__ import annotations

from dlinter.rule import Finding, Severity
from dlinter_grammar import regex as re
from dlinter_grammar.directives import parse_directive
from dlinter_grammar.gotext import parse_bool, quote
from dlinter_grammar.spaces import SPACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dlinter.edits import Spanned
    from dlinter.rule import RuleInfo
    from dlinter.selection import RuleSet
    from dlinter.tree import Dockerfile, Instruction

#: linter/ruleset.go
CHECKS = frozenset(
    [
        "ConsistentInstructionCasing",
        "CopyIgnoredFile",
        "DuplicateStageName",
        "ExposeInvalidFormat",
        "ExposeProtoCasing",
        "FromAsCasing",
        "FromPlatformFlagConstDisallowed",
        "InvalidBaseImagePlatform",
        "InvalidDefaultArgInFrom",
        "InvalidDefinitionDescription",
        "JSONArgsRecommended",
        "LegacyKeyValueFormat",
        "MaintainerDeprecated",
        "MultipleInstructionsDisallowed",
        "NoEmptyContinuation",
        "RedundantTargetPlatform",
        "ReservedStageName",
        "SecretsUsedInArgOrEnv",
        "StageNameCasing",
        "UndefinedArgInFrom",
        "UndefinedVar",
        "WorkdirRelativePath",
    ]
)
#: off unless ``experimental`` names it, and not to be silenced by ``skip``
EXPERIMENTAL = frozenset(["InvalidDefinitionDescription"])
#: those that look at the whole file and know nothing of the comments before an instruction
WHOLE_FILE = frozenset(
    [
        "ConsistentInstructionCasing",
        "DuplicateStageName",
        "InvalidBaseImagePlatform",
        "InvalidDefaultArgInFrom",
        "NoEmptyContinuation",
        "ReservedStageName",
    ]
)

_LIKE = re.compile(r"#\s*check\s*=", re.I)
_PARTS = 3


class OptionError(ValueError):
    """A directive that BuildKit refuses; the text is its message."""


class Options:
    """What a directive asks for. ``skip`` and ``experimental`` are names as written, in their order."""

    __slots__ = ("error", "experimental", "experimental_all", "skip", "skip_all")

    def __init__(self) -> None:
        self.skip: tuple[str, ...] = ()
        self.skip_all = False
        self.experimental: tuple[str, ...] = ()
        self.experimental_all = False
        self.error = False

    def skips(self, check: str) -> bool:
        return check not in EXPERIMENTAL and (self.skip_all or check in self.skip)

    def enables(self, check: str) -> bool:
        return check in EXPERIMENTAL and (self.experimental_all or check in self.experimental)


def parse_options(text: str) -> Options:
    """ParseLintOptions, for the value up to the first blank.

    :raises OptionError: BuildKit refuses it.
    """
    options = Options()
    text = text.strip(SPACE)
    if not text:
        return options
    for part in text.split(";", _PARTS - 1):
        key, equals, value = part.partition("=")
        key, value = key.strip(SPACE), value.strip(SPACE)
        if not equals:
            raise OptionError(f"invalid check option {quote(part)}")
        if key == "skip":
            options.skip_all = options.skip_all or value == "all"
            options.skip = () if value == "all" else tuple(name.strip(SPACE) for name in value.split(","))
        elif key == "experimental":
            options.experimental_all = options.experimental_all or value == "all"
            options.experimental = () if value == "all" else tuple(name.strip(SPACE) for name in value.split(","))
        elif key == "error":
            truth = parse_bool(value)
            if truth is None:
                raise OptionError(
                    f"failed to parse check option {quote(part)}: strconv.ParseBool: parsing {quote(value)}: "
                    "invalid syntax"
                )
            options.error = truth
        else:
            raise OptionError(f"invalid check option {quote(key)}")
    return options


class Check:
    """One directive that BuildKit reads. ``start``-``end`` is its value; ``ignored`` what follows the first blank.

    ``instruction`` is the one it stands before, None at the top of the file. ``options`` is None where BuildKit
    refuses it, and ``fault`` its message then.
    """

    __slots__ = ("end", "fault", "ignored", "instruction", "options", "start", "text")

    def __init__(self, start: int, value: str, instruction: Instruction | None) -> None:
        self.text, _, ignored = value.partition(" ")
        self.ignored = ignored.strip(SPACE)
        self.start = start
        self.end = start + len(value)
        self.instruction = instruction
        self.options: Options | None = None
        self.fault: str | None = None
        try:
            self.options = parse_options(self.text)
        except OptionError as error:
            self.fault = str(error)


class Useless:
    """A comment that looks like a directive but is none: ``reason`` says why."""

    __slots__ = ("end", "reason", "start")

    def __init__(self, at: Spanned, reason: str) -> None:
        self.start = at.start
        self.end = at.end
        self.reason = reason


class Checks:
    """The directives of a file: ``top``, ``inline`` by the index of the instruction, and what only looks like one."""

    __slots__ = ("inline", "top", "useless")

    def __init__(self, file: Dockerfile) -> None:
        self.top: Check | None = None
        self.inline: dict[int, Check] = {}
        self.useless: list[Useless] = []
        if _LIKE.search(file.text) is None:
            return
        self.top = _top(file)
        self._read_inline(file)
        self._find_useless(file)

    def _read_inline(self, file: Dockerfile) -> None:
        for instruction in file.instructions:
            for comment in instruction.syntax.prev_comments:
                found = parse_directive(comment.value, 0, 0, "")
                if found is not None and found.name.value == "check":
                    at = comment.start + comment.text.index(comment.value) + found.value.start
                    self.inline[instruction.index] = Check(at, found.value.text, instruction)
                    break

    def _find_useless(self, file: Dockerfile) -> None:
        used = [check.start for check in self.inline.values()]
        if self.top is not None:
            used.append(self.top.start)
        for directive in file.directives:
            if directive.name.value == "check" and directive.value.start not in used:
                indented = file.text[directive.start - 1 : directive.start] not in ("", "\n", "\ufeff")
                self.useless.append(Useless(directive, "it is indented" if indented else "there is one before it"))
        inner = {comment.start for instruction in file.instructions for comment in instruction.syntax.comments}
        after = file.instructions[-1].syntax.close if file.instructions else 0
        blocks = {c.start for i in file.instructions for c in i.syntax.prev_comments}
        for comment in file.comments:
            if _LIKE.match(comment.text) is None or any(comment.start < at <= comment.end for at in used):
                continue
            if comment.start in inner:
                reason = "it stands inside an instruction"
            elif comment.start >= after:
                reason = "no instruction follows"
            elif file.text[comment.start - 1 : comment.start] not in ("", "\n", "\ufeff"):
                reason = "it is indented"
            elif comment.start in blocks:
                reason = "there is one before it"
            else:
                reason = "an empty comment stands between it and the instruction"
            self.useless.append(Useless(comment, reason))
        self.useless.sort(key=lambda each: each.start)

    def silenced(self, finding: Finding, instruction: Instruction | None) -> bool:
        """True if the directives skip every check of BuildKit's that *finding*'s rule stands for."""
        names = checks_of(finding.rule)
        if not names:
            return False
        if names == ["MultipleInstructionsDisallowed"] and instruction is not None and instruction.stage is not None:
            # found at the instruction without effect, silenced at the one that takes its place
            later = [i for i in instruction.stage.of(type(instruction)) if i.index > instruction.index]
            instruction = later[0] if later else instruction
        return all(self._skips(name, instruction) for name in names)

    def _skips(self, name: str, instruction: Instruction | None) -> bool:
        if self.top is not None and self.top.options is not None and self.top.options.skips(name):
            return True
        if instruction is None or name in WHOLE_FILE:
            return False
        check = self.inline.get(instruction.index)
        return check is not None and check.options is not None and check.options.skips(name)

    @property
    def error(self) -> bool:
        """True if a finding of BuildKit's checks makes the build fail."""
        return self.top is not None and self.top.options is not None and self.top.options.error

    def enabled(self, name: str, instruction: Instruction) -> bool:
        """True if the directives turn the experimental check *name* on for *instruction*."""
        checks = (self.top, self.inline.get(instruction.index))
        return any(c is not None and c.options is not None and c.options.enables(name) for c in checks)

    @property
    def experimental(self) -> bool:
        """True if they turn something on."""
        checks = [self.top, *self.inline.values()]
        options = [check.options for check in checks if check is not None and check.options is not None]
        return any(each.enables(name) for each in options for name in EXPERIMENTAL)


def _top(file: Dockerfile) -> Check | None:
    """The directive in the run of directives that begins the file, behind a line ``#!`` too (ParseDirective)."""
    text = file.text
    position = 1 if text.startswith("\ufeff") else 0
    if text.startswith("#!", position):
        position = text.find("\n", position) + 1 or len(text)
    seen: set[str] = set()
    while position < len(text):
        after = text.find("\n", position) + 1 or len(text)
        found = parse_directive(text[position:after].rstrip("\r\n"), position, 0)
        if found is None or found.name.value in seen:
            return None
        if found.name.value == "check":
            return Check(found.value.start, found.value.text, None)
        seen.add(found.name.value)
        position = after
    return None


def checks_of(info: RuleInfo) -> list[str]:
    """BuildKit's names for the rule."""
    return [alias for alias in info.aliases if alias in CHECKS]


def apply_checks(
    file: Dockerfile, found: Iterable[Finding], rules: RuleSet, instruction_at: Callable[[int], Instruction | None]
) -> list[Finding]:
    """*found* as the directives of *file* leave it, with what they turn on; ``error=true`` makes errors of it."""
    checks = Checks(file)
    kept = [*found, *(_experimental(file, checks, rules) if checks.experimental else ())]
    kept = [each for each in kept if not checks.silenced(each, instruction_at(each.start))]
    if checks.error:
        for each in kept:
            # a finding milder than its rule is one that BuildKit would not have
            if checks_of(each.rule) and each.rule.code not in rules.severities and each.severity >= each.rule.severity:
                each.severity = Severity.ERROR
    return kept


def _experimental(file: Dockerfile, checks: Checks, rules: RuleSet) -> list[Finding]:
    """The findings of the experimental rules that run only because a directive says so."""
    from dlinter.plugins import load

    running = {info.code for info in rules.rules}
    found: list[Finding] = []
    for info in load():
        names = [name for name in checks_of(info) if name in EXPERIMENTAL]
        if not names or info.code in running:
            continue
        rule = info.load()
        for instruction in file.instructions:
            if isinstance(instruction, rule.on) and checks.enabled(names[0], instruction):
                for report in rule.check(instruction):
                    severity = info.severity if report.severity is None else report.severity
                    message = report.message or rule.title
                    found.append(Finding(info, report.start, report.end, message, severity, report.fix))
    return found
