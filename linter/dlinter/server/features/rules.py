"""The rules by every word that comments may use for them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.rule import RuleInfo

_words: dict[str, RuleInfo] = {}
_rules: list[RuleInfo] = []


def all_rules() -> list[RuleInfo]:
    """Every rule, sorted by code; read once."""
    if not _rules:
        from dlinter.catalogue import known_rules

        _rules.extend(known_rules())
    return _rules


def rule_called(word: str) -> RuleInfo | None:
    """The rule with this code, name or alias, in any case."""
    if not _words:
        for info in all_rules():
            for alias in info.aliases:
                _words.setdefault(alias.lower(), info)
        for info in all_rules():
            _words[info.code.lower()] = _words[info.name.lower()] = info
    return _words.get(word.lower())


def described(info: RuleInfo) -> str:
    """The rule in a few lines of Markdown, with a link to its page."""
    fix = {"safe": " · fixed by `--fix`", "unsafe": " · fixed by `--unsafe-fixes`"}.get(info.fix, "")
    head = f"**{info.code}** `{info.name}` · {info.severity.name.lower()}{fix}"
    return f"{head}\n\n{info.title}.\n\n{info.why}\n\n[{info.code}]({info.url})"
