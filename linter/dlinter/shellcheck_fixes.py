"""ShellCheck's own fixes as edits of the file.

A fix is a list of replacements of ranges of the script (``ShellCheck.Fixer``). It becomes a fix here only if every
range is one piece of the file with the very same text, and is UNSAFE: quoting a list of words, for one, breaks it.
Where what is found can be mended without any change to the build, :mod:`dlinter.shellcheck_safe` does that.
"""

from __future__ import annotations

from itertools import pairwise

from dlinter.edits import HINT, UNSAFE, Edit, Fix
from dlinter.shellcheck_safe import safe_fix
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dlinter.shell_bodies import Body

#: quoting is what they propose
_QUOTING = frozenset({2046, 2086})
_VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")
#: what their fix does, in our words
_TITLES = {
    2006: "Write $(…)",
    2086: "Quote the variable",
    2164: "Stop if cd fails",
    2251: "Stop where the command succeeds",
}


def fix_of(body: Body, comment: dict[str, Any]) -> Fix | None:
    """The fix for *comment* in the script of *body*: a SAFE one of ours, else what ShellCheck proposes.

    None where that cannot be mapped exactly.
    """
    safe = safe_fix(body, comment)
    if safe is not None:
        return safe
    if not comment.get("fix"):
        return _quoted(body, comment) if comment["code"] == 2046 else None
    edits: list[Edit] = []
    for replacement in comment["fix"]["replacements"]:
        edit = _edit(body, replacement)
        if edit is None:
            return None
        edits.append(edit)
    edits.sort(key=lambda edit: (edit.start, edit.end))
    if not edits or any(a.clashes(b) or a == b for a, b in pairwise(edits)):
        return None
    number = comment["code"]
    safety = HINT if number in _QUOTING and _is_list(body, comment) else UNSAFE
    return Fix(edits, safety, _TITLES.get(number, f"Do what SC{number} proposes"))


#: programs that print one word, or nothing
_ONE_WORD = re.compile(
    r"(?:\$\(|`)\s*(?:nproc|getconf|uname|arch|pwd|basename|dirname|date|hostname|whoami|id -[ugn]+|mktemp|which"
    r"|readlink|realpath|command -v|lsb_release|dpkg --print-architecture|rpm -E|php -r|git (?:rev-parse|describe))\b"
    r"(?!\s+-a\b)[^;&]*(?:\)|`)"
)


def _quoted(body: Body, comment: dict[str, Any]) -> Fix | None:
    """Quotes around the substitution of a command that prints a single word, for which ShellCheck proposes none."""
    start = body.offset(comment["line"], comment["column"])
    end = body.offset(comment["endLine"], comment["endColumn"])
    script = body.script
    if start is None or end is None or not _ONE_WORD.fullmatch(script.text, start, end):
        return None
    first, last = script.span(start, end)
    if script.instruction.file.text[first:last] != script.text[start:end]:
        return None
    quote = '\\"' if script.quoting == "json" else '"'
    return Fix([Edit(first, first, quote), Edit(last, last, quote)], UNSAFE, "Quote the command's output")


def _edit(body: Body, replacement: dict[str, Any]) -> Edit | None:
    script = body.script
    start = body.offset(replacement["line"], replacement["column"])
    end = body.offset(replacement["endLine"], replacement["endColumn"])
    text: str = replacement["replacement"]
    if start is None or end is None or end < start or "\n" in text or "\r" in text:
        return None
    if script.quoting == "json":
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    if start < end:
        first, last = script.span(start, end)
    elif replacement["insertionPoint"] == "beforeStart" and start > 0:
        # belongs to what stands before: at the end of a line, not at the beginning of the next
        first = last = script.span(start - 1, start)[1]
    else:
        first = last = script.at(start)
    if script.instruction.file.text[first:last] != script.text[start:end]:
        return None
    return Edit(first, last, text)


def _is_list(body: Body, comment: dict[str, Any]) -> bool:
    """True if the script itself gives the variable several words, or the output of a command."""
    start = body.offset(comment["line"], comment["column"])
    end = body.offset(comment["endLine"], comment["endColumn"])
    text = body.script.text
    match = _VARIABLE.match(text, start or 0, end if end is not None else len(text))
    if match is None:
        return False
    value = re.search(rf"(?<![\w$]){match[1]}\+?=(\"[^\"]*\"|'[^']*'|\$\(|`)", text)
    return value is not None and (value[1][0] in "$`" or re.search(r"\s|\$\(|`", value[1]) is not None)
