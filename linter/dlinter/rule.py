"""A rule is a function over one kind of node. Its docstring is its documentation and its test cases.

The docstring: a first line that is both title and default message, a line that says why it matters, then prose and
fenced blocks ``dockerfile bad``, ``dockerfile fixed`` (the file after ``--fix``, following the ``bad`` block it
belongs to), ``dockerfile unsafe`` (after ``--fix --unsafe-fixes``) and ``dockerfile good`` (no finding).
"""

from __future__ import annotations

import sys

from dlinter.levels import Level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType
    from typing import Any, Literal, TypeAlias

    from dlinter.edits import Fix, Spanned

    #: what a rule returns
    Findings: TypeAlias = Iterator["Report"]
    Check = Callable[..., Findings]
else:
    Findings = object

#: the modules whose rules say that a file cannot be read
_REFUSALS = ("dlinter.syntax_rules", "dlinter.builtin")
#: where a rule's page is shown; ``{}`` is its code
URL = "https://github.com/dlint-dev/dlint/blob/main/docs/rules/{}.md"


def imported(name: str) -> ModuleType:
    """The module called *name*; importlib, which gives it too, would have to be imported first."""
    __import__(name)
    return sys.modules[name]


class Severity(Level):
    """How bad a finding is; the names and their order are hadolint's."""

    STYLE = 0
    INFO = 1
    WARNING = 2
    ERROR = 3


class Report:
    """What a rule yields: a place, a message (the rule's title if empty) and perhaps a fix."""

    __slots__ = ("end", "fix", "message", "severity", "start")

    def __init__(self, start: int, end: int, message: str, fix: Fix | None, severity: Severity | None) -> None:
        self.start = start
        self.end = end
        self.message = message
        self.fix = fix
        self.severity = severity


def report(at: Spanned, message: str = "", fix: Fix | None = None, *, severity: Severity | None = None) -> Report:
    """A finding at *at*. *severity* overrides the rule's own for this finding."""
    return Report(at.start, at.end, message, fix, severity)


class Rule:
    """A check with its code, name and documentation. Made by the :func:`rule` decorator."""

    __slots__ = ("aliases", "check", "code", "mentions", "name", "named", "on", "profiles", "reads", "severity")

    def __init__(
        self,
        code: str,
        name: str,
        on: tuple[type, ...],
        named: tuple[str, ...],
        severity: Severity,
        profiles: tuple[str, ...],
        aliases: tuple[str, ...],
        check: Check,
        mentions: tuple[str, ...] = (),
        reads: str = "stage",
    ) -> None:
        self.code = code
        self.name = name
        self.on = on
        self.named = named
        self.severity = severity
        self.profiles = profiles
        self.aliases = aliases
        self.check = check
        self.mentions = mentions
        self.reads = reads

    def __repr__(self) -> str:
        return f"Rule({self.code} {self.name})"

    @property
    def doc(self) -> str:
        """The docstring without its indentation."""
        from inspect import cleandoc

        return cleandoc(self.check.__doc__ or "")

    @property
    def title(self) -> str:
        """The docstring's first line: what to do about it, and the default message."""
        return (self.check.__doc__ or self.name).lstrip().split("\n", 1)[0].strip()

    @property
    def why(self) -> str:
        """The docstring's second paragraph: why it matters, one line."""
        paragraphs = self.doc.split("\n\n")
        return " ".join(paragraphs[1].split()) if len(paragraphs) > 1 else ""

    @property
    def options(self) -> dict[str, Any]:
        """The rule's options with their defaults: the keyword-only parameters of its function."""
        return dict(getattr(self.check, "__kwdefaults__", None) or {})

    @property
    def url(self) -> str:
        return URL.format(self.code)


def rule(
    code: str,
    name: str,
    *,
    on: type | tuple[type, ...],
    named: tuple[str, ...] = (),
    mentions: tuple[str, ...] = (),
    reads: Literal["stage", "family", "file"] = "stage",
    severity: Severity = Severity.WARNING,
    profiles: tuple[str, ...] = ("default",),
    aliases: tuple[str, ...] = (),
) -> Callable[[Check], Rule]:
    """Make a rule of a generator function.

    *on* is the kind of node that it is called with: Dockerfile, Stage, Script, Command or a kind of instruction.
    For Command, *named* lists the programs it wants. *mentions* are texts in lower case: the rule is asked, and
    imported, only for files that have one of them, in any case. *reads* says what else the rule looks at, so that an
    editor asks it again only where a change can matter: the node's ``stage`` with those that it is built on, the whole
    ``family`` of stages that one is built on, or anything in the ``file``. All may read what stands before the first
    FROM, every FROM and who copies from whom; a rule for Dockerfile reads the file. *profiles* are those it belongs to;
    ``all`` has every rule and ``strict`` every rule above style. *aliases* are codes and names that other tools use for
    the same thing.
    """

    def register(check: Check) -> Rule:
        kinds = on if isinstance(on, tuple) else (on,)
        scope = "file" if any(kind.__name__ == "Dockerfile" for kind in kinds) else reads
        return Rule(code, name, kinds, named, severity, profiles, aliases, check, mentions, scope)

    return register


class Finding:
    """A rule's report, complete: with the rule, its severity as configured and the fix."""

    __slots__ = ("end", "fix", "message", "rule", "severity", "start")

    def __init__(self, rule: RuleInfo, start: int, end: int, message: str, severity: Severity, fix: Fix | None) -> None:
        self.rule = rule
        self.start = start
        self.end = end
        self.message = message
        self.severity = severity
        self.fix = fix

    def __repr__(self) -> str:
        return f"Finding({self.rule.code}, {self.start}, {self.end}, {self.message!r})"

    @property
    def code(self) -> str:
        return self.rule.code


class RuleInfo:
    """What can be said of a rule without importing it.

    ``on`` (class names), ``named``, ``mentions`` and ``reads``: see :func:`rule`.

    ``fix`` is ``""``, ``"safe"`` or ``"unsafe"``: the best its examples show. ``load`` imports the rule.
    """

    __slots__ = (
        "_rule", "aliases", "attribute", "code", "fix", "mentions", "module", "name", "named", "on", "profiles",
        "reads", "severity", "title", "why",
    )  # fmt: skip

    def __init__(
        self,
        code: str,
        name: str,
        severity: int,
        fix: str,
        profiles: tuple[str, ...],
        aliases: tuple[str, ...],
        on: tuple[str, ...],
        named: tuple[str, ...],
        title: str,
        why: str,
        module: str,
        attribute: str,
        mentions: tuple[str, ...] = (),
        reads: str = "stage",
    ) -> None:
        self.code = code
        self.name = name
        self.severity = Severity(severity)
        self.fix = fix
        self.profiles = profiles
        self.aliases = aliases
        self.on = on
        self.named = named
        self.title = title
        self.why = why
        self.module = module
        self.attribute = attribute
        self.mentions = mentions
        self.reads = reads
        self._rule: Rule | None = None

    def __repr__(self) -> str:
        return f"RuleInfo({self.code} {self.name})"

    @property
    def url(self) -> str:
        return URL.format(self.code)

    @property
    def checks(self) -> bool:
        """True if there is a function to run; the rules of the grammar, of comments and of ShellCheck have none."""
        return self._rule is not None or self.attribute != ""

    @property
    def refusal(self) -> bool:
        """True for the rules which say that BuildKit does not take the file."""
        return self.module in _REFUSALS

    def load(self) -> Rule:
        """The rule itself; its module is imported the first time."""
        if self._rule is None:
            found = getattr(imported(self.module), self.attribute)
            assert isinstance(found, Rule)
            self._rule = found
        return self._rule

    @classmethod
    def of(cls, rule: Rule, module: str, attribute: str) -> RuleInfo:
        """The description of an imported rule."""
        from dlinter.examples import best_fix

        info = cls(
            rule.code, rule.name, rule.severity, best_fix(rule.doc), rule.profiles, rule.aliases,
            tuple(kind.__name__ for kind in rule.on), rule.named, rule.title, rule.why, module, attribute,
            rule.mentions, rule.reads,
        )  # fmt: skip
        info._rule = rule
        return info

    def __reduce__(self) -> tuple[type[RuleInfo], tuple[Any, ...]]:
        """Without the imported rule: its function is hidden behind the rule of the same name."""
        return type(self), self.row()

    def row(self) -> tuple[Any, ...]:
        """The arguments that make this description again: a line of a generated index."""
        return (
            self.code, self.name, int(self.severity), self.fix, self.profiles, self.aliases, self.on, self.named,
            self.title, self.why, self.module, self.attribute, self.mentions, self.reads,
        )  # fmt: skip
