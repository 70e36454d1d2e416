"""The patterns of ``${name#pattern}`` and ``${name/pattern/text}`` as BuildKit matches them.

BuildKit (frontend/dockerfile/shell/lex.go, convertShellPatternToRegex) turns them into Go regular expressions: ``*``
and ``?`` do not cross line ends, there are no bracket expressions. Matching takes at most pattern times text.
"""

from __future__ import annotations

from dlinter_grammar import regex as re

_STAR = "*"
_ANY = "?"
_TEMPLATE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))")


class PatternError(Exception):
    """A pattern with an escape that BuildKit refuses; the message is BuildKit's."""


def compile_pattern(pattern: str) -> list[tuple[str, bool]]:
    """Characters, each with True if it is one of the wildcards ``*`` and ``?``."""
    compiled: list[tuple[str, bool]] = []
    # text/scanner drops a byte order mark at the start
    chars = pattern[1:] if pattern.startswith("\ufeff") else pattern
    at = 0
    while at < len(chars):
        char = chars[at]
        at += 1
        if char == _STAR or char == _ANY:
            compiled.append((char, True))
            continue
        if char == "\\":
            following = chars[at : at + 1]
            if following and following in "}/":
                continue
            at += 1
            if not following or following not in "*?\\":
                raise PatternError(
                    f"invalid pattern ({pattern}) in substitution: invalid escape '\\{following or chr(0xFFFD)}'"
                )
            char = following
        compiled.append((char, False))
    return compiled


def trim_prefix(pattern: str, value: str, greedy: bool) -> str:
    """*value* without its shortest, or if *greedy* its longest, prefix that matches."""
    end = _match(compile_pattern(pattern), value, 0, greedy, set())
    return value if end is None else value[end:]


def trim_suffix(pattern: str, value: str, greedy: bool) -> str:
    """*value* without its shortest, or if *greedy* its longest, suffix that matches."""
    return trim_prefix(_reversed(pattern), value[::-1], greedy)[::-1]


def replace(pattern: str, text: str, value: str, everywhere: bool) -> str:
    """*value* with *text* for the first match, or *everywhere*; there ``$0`` and the like are Go's templates."""
    compiled = compile_pattern(pattern)
    result: list[str] = []
    at = done = 0
    last_end = -1
    seen: set[tuple[int, int]] = set()
    while at <= len(value):
        end = _match(compiled, value, at, True, seen)
        # An empty match right behind another match does not count (regexp.ReplaceAll).
        if end is None or (end == at == last_end):
            at += 1
            continue
        matched = value[at:end]
        result.append(value[done:at])
        result.append(_expand_template(text, matched) if everywhere else text)
        done = last_end = end
        at = end if end > at else at + 1
        seen = set()
        if not everywhere:
            break
    result.append(value[done:])
    return "".join(result)


def _match(
    compiled: list[tuple[str, bool]], value: str, start: int, greedy: bool, seen: set[tuple[int, int]]
) -> int | None:
    """Where the match that starts at *start* ends. States in *seen* are known to fail; failing ones are added."""
    pending = [(0, start)]
    size = len(value)
    while pending:
        step, at = pending.pop()
        while (step, at) not in seen:
            if step == len(compiled):
                return at
            seen.add((step, at))
            char, wild = compiled[step]
            if not wild:
                if at >= size or value[at] != char:
                    break
                step, at = step + 1, at + 1
            elif char == _ANY:
                if at >= size or value[at] == "\n":
                    break
                step, at = step + 1, at + 1
            elif at < size and value[at] != "\n":
                pending.append((step + 1, at) if greedy else (step, at + 1))
                step, at = (step, at + 1) if greedy else (step + 1, at)
            else:
                step += 1
    return None


def _expand_template(text: str, matched: str) -> str:
    """regexp.Expand with no groups: ``$$`` is a dollar, ``$0`` the match, every other ``$name`` nothing."""
    if "$" not in text:
        return text
    return _TEMPLATE.sub(lambda found: "$" if found[1] else matched if (found[2] or found[3]) == "0" else "", text)


def _reversed(pattern: str) -> str:
    """*pattern* backwards with its escapes in place (reversePattern)."""
    pieces = re.findall(r"\\[\s\S]|[\s\S]", pattern)
    return "".join(reversed(pieces))
