"""What is wrong with ignore comments: those that silence nothing, that name no rule, or that are none at all.

These rules look at the findings of all others, so they have no function of their own.
"""

from __future__ import annotations

from dlinter.edits import Edit, Fix
from dlinter.pragmas import Pragma, Pragmas, pragma_of, shell_of
from dlinter.rule import Finding, RuleInfo, Severity
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dlinter.selection import RuleSet
    from dlinter.tree import Comment, Dockerfile

INLINE, UNUSED, MALFORMED, UNKNOWN, HADOLINT_UNUSED = "DL1001", "DL1002", "DL1003", "DL1004", "DL1005"


def _info(
    code: str, name: str, severity: Severity, fix: str, profiles: tuple[str, ...], title: str, why: str
) -> RuleInfo:
    return RuleInfo(code, name, severity, fix, profiles, (), (), (), title, why, __name__, "")


_SILENT = "It hides nothing today, and would hide the next real finding there."
PRAGMA_RULES: dict[str, RuleInfo] = {
    info.code: info
    for info in (
        _info(
            INLINE, "inline-ignore-pragma", Severity.STYLE, "", (),
            "Ignore findings in the configuration, not in comments",
            "Some teams want to see all exceptions in one place. Choose this rule to find the others.",
        ),
        _info(
            UNUSED, "unused-ignore", Severity.WARNING, "safe", ("default",),
            "Remove the ignore comment: it silences nothing", _SILENT,
        ),
        _info(
            MALFORMED, "malformed-ignore", Severity.WARNING, "safe", ("default",),
            "This looks like an ignore comment and is none",
            "It is a comment like any other, so the finding it was meant for is still there.",
        ),
        _info(
            UNKNOWN, "unknown-rule-in-ignore", Severity.WARNING, "safe", ("default",),
            "The ignore comment names a rule that does not exist",
            "A code or name that is misspelt silences nothing.",
        ),
        _info(
            HADOLINT_UNUSED, "unused-hadolint-ignore", Severity.INFO, "safe", (),
            "Remove hadolint's ignore comment: dlint finds nothing there", _SILENT,
        ),
    )
}  # fmt: skip

_CODE = re.compile(r"(?:DL|SC)\d{4}", re.I)
_NEAR = re.compile(
    r"#\s*(?:(?P<tool>dlint|hadolint)|d-lint|h?a?d+o?-?l+int\w*|hado\w+)\b[\s:]*(?P<scope>stage|global)?\b(?P<rest>.*)",
    re.I,
)
_INTENT = re.compile(r"\W*(?:ignor(?:e|es|ed|ing)|disabled?|skip|off|noqa|no-?lint)\b", re.I)
_DIRECTIVE = re.compile(r"[ \t]*#[ \t]*[a-zA-Z][a-zA-Z0-9]*[ \t]*=")


def pragma_findings(
    file: Dockerfile, pragmas: Pragmas, rules: RuleSet, known: frozenset[str], judged: frozenset[str]
) -> list[Finding]:
    """What is wrong with the pragmas of *file*, when all findings were held against them.

    *known* are the words that name a rule, in lower case; *judged* those whose rules ran, so that not being used
    means something.
    """
    active = {info.code: info for info in rules.rules if info.code in PRAGMA_RULES}
    found: list[Finding] = []

    def add(code: str, start: int, end: int, message: str, fix: Fix | None) -> None:
        info = active.get(code)
        if info is not None:
            found.append(Finding(info, start, end, message or info.title, rules.severity(info), fix))

    if not active:
        return found
    for pragma in pragmas.all():
        comment = pragma.comment
        if pragma.tool == "hadolint" and not pragma.scope:
            add(INLINE, comment.start, comment.end, "", None)
        for word, start, end in _unknown(pragma, known):
            near = _nearest(word, known)
            hint = f"; did you mean {_shown(near)}?" if near else ""
            add(UNKNOWN, start, end, f"No rule is called {word!r}{hint}", _without(file, pragma, {word: near}))
        idle = [word for word in pragma.words if word in judged and word not in pragma.used]
        if idle:
            names = ", ".join(map(_shown, idle))
            code = UNUSED if pragma.tool == "dlint" else HADOLINT_UNUSED
            message = "" if len(idle) == len(pragma.words) else f"Take out {names}: it silences nothing"
            add(code, comment.start, comment.end, message, _without(file, pragma, dict.fromkeys(idle, "")))
    if MALFORMED in active and any(word in file.text.lower() for word in ("lint", "hado")):
        for comment in file.comments:
            fix = _mended(file, comment)
            if fix is not None:
                add(MALFORMED, comment.start, comment.end, "", fix)
    return found


def _shown(word: str) -> str:
    return word.upper() if _CODE.fullmatch(word) else word


def _unknown(pragma: Pragma, known: frozenset[str]) -> Iterator[tuple[str, int, int]]:
    """The words that name no rule, with their place. What has the form of a code may be another tool's."""
    at = pragma.start
    text = pragma.comment.text
    for word in pragma.words:
        offset = text.lower().find(word, at - pragma.comment.start)
        start, at = pragma.comment.start + offset, pragma.comment.start + offset + len(word)
        if word not in known and not (pragma.tool == "hadolint" and _CODE.fullmatch(word)):
            yield word, start, at


def _nearest(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, sorted(known), 1, 0.75)
    return near[0] if near else ""


def _without(file: Dockerfile, pragma: Pragma, changed: dict[str, str]) -> Fix | None:
    """The fix that puts other words for the *changed* ones, nothing for ``""``; all gone, the comment goes too."""
    words: dict[str, None] = {}
    for word in pragma.words:
        word = changed.get(word, word)
        if word:
            words[word] = None
    comment = pragma.comment
    if not words:
        return _removal(file, comment)
    text = ",".join(_shown(word) for word in words)
    return Fix([Edit(pragma.start, pragma.end, text)], title="Correct the ignore comment", comments=[comment.text])


def _removal(file: Dockerfile, comment: Comment) -> Fix | None:
    """The fix that takes *comment* out with its line; None where the next line would become a parser directive."""
    start = file.source.line_start(comment.start)
    line = file.source.line(comment.start)
    starts = file.source.starts
    end = starts[line] if line < len(starts) else len(file.text)
    if line < len(starts) and _DIRECTIVE.match(file.source.line_text(line + 1)) and _top(file, start):
        return None
    if file.text[start : comment.start].strip(" \t\ufeff"):
        return None
    start += file.text.startswith("\ufeff", start)
    return Fix([Edit(start, end, "")], title="Remove the comment", comments=[comment.text])


def _top(file: Dockerfile, start: int) -> bool:
    """True if only directives stand before *start*."""
    return file.source.line(start) - 1 <= len(file.directives)


def _mended(file: Dockerfile, comment: Comment) -> Fix | None:
    """The fix for a comment that looks like a pragma and is none; None for every other comment."""
    if pragma_of(comment) is not None or shell_of(comment) is not None:
        return None
    text = comment.text.lstrip()
    match = _NEAR.match(text)
    if match is None:
        return None
    rest = match["rest"]
    intent = _INTENT.match(rest)
    codes = _CODE.findall(rest)
    if match["tool"] is None and (intent is None or not codes):
        return None
    if intent is None and not (codes and re.match(r"\W*(?:DL|SC)\d{4}", rest, re.I)):
        return None
    if not codes:
        bare = intent is not None and not rest[intent.end() :].strip(" \t=:,")
        return _removal(file, comment) if bare else None
    tail = rest[rest.upper().rindex(codes[-1].upper()) + len(codes[-1]) :].strip(" \t,:;#-()")
    scope = f"{match['scope'].lower()} " if match["scope"] else ""
    names = ",".join(dict.fromkeys(code.upper() for code in codes))
    new = f"# dlint {scope}ignore={names}" + (f" -- {tail}" if tail else "")
    start = comment.start + len(comment.text) - len(text)
    return Fix([Edit(start, comment.end, new)], title=f"Write {new[2:]}", comments=[comment.text])
