"""Which rules run, with which severity and options."""

from __future__ import annotations

from dlinter.edits import HINT, SAFE, UNSAFE
from dlinter.rule import RuleInfo, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from dlinter.edits import Fix

#: what the option ``fix``, which every rule has, may be
FIXING = ("always", "never", "unsafe")
PROFILES = ("default", "strict", "hadolint", "cis", "all")
#: options of rules that a profile sets: the quiet one asks of some rules only what is worth a change
PROFILE_OPTIONS: dict[str, dict[str, dict[str, Any]]] = {
    "default": {"DL2010": {"generated": False}, "DL3019": {"cleaned": False}, "DL4006": {"only_downloads": True}},
    "hadolint": {
        "DL3003": {"every": True},
        "DL3025": {"allow_exec": False, "healthchecks": True},
        "DL3066": {"every": True},
        "DL4006": {"harmless": True},
    },
}


class SelectionError(ValueError):
    """A rule, profile or option that does not exist; the text says which and suggests another."""


class RuleSet:
    """The rules of a run. ``profile`` is the name they were taken from; the others are by code.

    ``fixing`` holds one of :data:`FIXING`: ``always`` applies a rule's fixes with plain ``--fix``, also those that are
    UNSAFE, ``unsafe`` applies all of them only with ``--unsafe-fixes``, ``never`` none. *rest* gives more rules, none
    of which has a function: they are made when somebody asks for all.
    """

    __slots__ = ("_rest", "_rules", "fixing", "options", "profile", "severities")

    def __init__(
        self,
        rules: Sequence[RuleInfo],
        severities: Mapping[str, Severity] | None = None,
        options: Mapping[str, Mapping[str, Any]] | None = None,
        profile: str = "",
        fixing: Mapping[str, str] | None = None,
        rest: Callable[[], Sequence[RuleInfo]] | None = None,
    ) -> None:
        self.profile = profile
        self.fixing = dict(fixing or {})
        self._rules = list(rules)
        self._rest = rest
        self.severities = dict(severities or {})
        self.options: dict[str, Mapping[str, Any]] = dict(options or {})

    @property
    def rules(self) -> list[RuleInfo]:
        """All of them, by code."""
        if self._rest is not None:
            self._rules = sorted([*self._rules, *self._rest()], key=lambda info: info.code)
            self._rest = None
        return self._rules

    @property
    def checking(self) -> list[RuleInfo]:
        """Those that have a function."""
        return [info for info in self._rules if info.checks]

    @property
    def asks_shellcheck(self) -> bool:
        """True if one of them is a check of ShellCheck's, as every profile has."""
        return self._rest is not None or any(info.code[:2] == "SC" for info in self._rules)

    def severity(self, info: RuleInfo) -> Severity:
        return self.severities.get(info.code, info.severity)

    def fix(self, info: RuleInfo, fix: Fix | None) -> Fix | None:
        """*fix* of a finding of the rule, as the configuration wants it."""
        wish = self.fixing.get(info.code)
        if fix is None or wish is None or fix.safety is HINT:
            return fix
        return None if wish == "never" else fix.needing(SAFE if wish == "always" else UNSAFE)

    def adjust(self, rules: Sequence[RuleInfo], chosen: Iterable[str], ignored: Iterable[str]) -> None:
        """Add the *chosen* of *rules* and drop the *ignored*; ``ALL`` chooses every rule.

        :raises SelectionError: a word names no rule.
        """
        active = {info.code for info in self.rules}
        for word in chosen:
            active.update(info.code for info in (rules if word.upper() == "ALL" else find(rules, word)))
        for word in ignored:
            active.difference_update(info.code for info in find(rules, word))
        self._rules = [info for info in rules if info.code in active]


def find(rules: Iterable[RuleInfo], word: str) -> list[RuleInfo]:
    """The rules that *word* names: a code, a name, another tool's code or name, or the beginning of codes (``DL3``).

    :raises SelectionError: there is none.
    """
    rules = list(rules)
    wanted = word.strip().lower()
    exact = [
        info
        for info in rules
        if wanted in (info.code.lower(), info.name) or any(wanted == alias.lower() for alias in info.aliases)
    ]
    if exact:
        return exact
    if wanted[-1:].isdigit() or wanted.isalpha():
        prefixed = [info for info in rules if wanted and info.code.lower().startswith(wanted)]
        if prefixed:
            return prefixed
    raise SelectionError(unknown("rule", word, [w for info in rules for w in (info.code, info.name, *info.aliases)]))


def unknown(kind: str, word: str, known: Iterable[str]) -> str:
    """``unknown rule 'x'`` with the nearest known word, if one is near."""
    from difflib import get_close_matches

    by_lower = {each.lower(): each for each in known}
    near = get_close_matches(word.lower(), list(by_lower), 1, 0.6)
    hint = f"; did you mean {by_lower[near[0]]!r}?" if near else ""
    return f"unknown {kind} {word!r}{hint}"


def profile_rules(rules: Iterable[RuleInfo], profile: str) -> list[RuleInfo]:
    """The rules of *profile*.

    :raises SelectionError: there is no such profile.
    """
    if profile not in PROFILES:
        raise SelectionError(unknown("profile", profile, PROFILES) + f" (profiles: {', '.join(PROFILES)})")
    if profile == "all":
        return list(rules)
    if profile == "strict":
        return [info for info in rules if info.severity > Severity.STYLE]
    return [info for info in rules if profile in info.profiles]


def of_profile(rules: Iterable[RuleInfo], profile: str, builtin: Callable[[], Iterable[RuleInfo]]) -> RuleSet:
    """The rules of *profile*, and of what *builtin* gives, as they are when nothing is configured.

    :raises SelectionError: there is no such profile.
    """
    own = profile_rules(rules, profile)
    return RuleSet(
        own, options=PROFILE_OPTIONS.get(profile), profile=profile, rest=lambda: profile_rules(builtin(), profile)
    )


def select(
    rules: Sequence[RuleInfo],
    profile: str = "default",
    chosen: Iterable[str] = (),
    ignored: Iterable[str] = (),
    severities: Mapping[str, str] | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> RuleSet:
    """The rules of *profile* and those *chosen*, without those *ignored*, with their severities and options.

    A rule given a severity is chosen thereby; the severity ``off`` drops it.

    :raises SelectionError: a word names no rule, or a severity or option does not exist.
    """
    found = RuleSet(profile_rules(rules, profile), options=PROFILE_OPTIONS.get(profile), profile=profile)
    if profile == "hadolint":
        from dlinter.hadolint_config import severity_of as hadolints

        found.severities.update((info.code, hadolints(info.code)) for info in rules if info.code[:3] in ("DL3", "DL4"))
    found.adjust(rules, chosen, ignored)
    for word, level in (severities or {}).items():
        if level == "off":
            found.adjust(rules, (), (word,))
            continue
        found.adjust(rules, (word,), ())
        for info in find(rules, word):
            found.severities[info.code] = severity_of(level)
    for word, values in (options or {}).items():
        for info in find(rules, word):
            if "fix" in values:
                found.fixing[info.code] = fixing_of(values["fix"])
            rest = {key: value for key, value in values.items() if key != "fix"}
            if rest:
                found.options[info.code] = {**found.options.get(info.code, {}), **checked_options(info, rest)}
    return found


def fixing_of(word: object) -> str:
    """*word*, if it is one of :data:`FIXING`.

    :raises SelectionError: it is none.
    """
    if word not in FIXING:
        raise SelectionError(f"{unknown('fix', str(word), FIXING)} (fix: {', '.join(FIXING)})")
    return str(word)


def severity_of(word: str) -> Severity:
    """The severity called *word*.

    :raises SelectionError: there is none.
    """
    try:
        return Severity[word.upper()]
    except KeyError:
        raise SelectionError(unknown("severity", word, [s.name.lower() for s in Severity])) from None


def checked_options(info: RuleInfo, values: Mapping[str, Any]) -> dict[str, Any]:
    """*values* as the keyword arguments of the rule, lists turned into tuples where the default is one.

    :raises SelectionError: the rule has no such option, or the value is of another type than its default.
    """
    defaults = info.load().options
    found: dict[str, Any] = {}
    for key, value in values.items():
        name = key.replace("-", "_")
        if name not in defaults:
            raise SelectionError(unknown(f"option of {info.name}", key, [d.replace("_", "-") for d in defaults]))
        default = defaults[name]
        if isinstance(default, tuple) and isinstance(value, list):
            value = tuple(value)
        if type(value) is not type(default):
            raise SelectionError(
                f"option {key!r} of {info.name} takes {type(default).__name__}, not {type(value).__name__}"
            )
        found[name] = value
    return found
