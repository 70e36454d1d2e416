"""Those of ShellCheck's findings that can be mended without any change to what the build does.

Each fix says by name what it changes (:mod:`dlinter.proof.neutral`); the proof checks that again by itself.
"""

from __future__ import annotations

from itertools import pairwise

from dlinter.edits import SAFE, Edit, Fix
from dlinter_grammar import regex as re
from dlinter_grammar.shell_nodes import AndOr, Expansion, Glob, Literal, ShellWord, Simple, Substitution
from dlinter_grammar.shell_nodes import Script as ScriptNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from dlinter.one_word import OneWord
    from dlinter.shell_bodies import Body
    from dlinter_grammar.shell_nodes import Part

#: what old shells do not read alike in ``$(…)``
_RISKY = re.compile(r"#|<<|\bcase\b")
#: what stands in a word that can be quoted as a whole
_UNQUOTED = re.compile(r"[A-Za-z0-9_./:@%+,^-]*")


class Place:
    """What a comment of ShellCheck's is about: ``start`` and ``end`` in the script, whose tree is ``root``."""

    __slots__ = ("body", "end", "root", "start")

    def __init__(self, body: Body, root: ScriptNode, start: int, end: int) -> None:
        self.body = body
        self.root = root
        self.start = start
        self.end = end

    def part(self) -> tuple[ShellWord, Part] | None:
        """The part of a word that it is, with the word."""
        from dlinter.one_word import words_of

        return words_of(self.body.script).parts.get((self.start, self.end))

    def command(self, name: str) -> Simple | None:
        """The innermost command called *name* that it stands in."""
        from dlinter.one_word import words_of

        found = None
        for node in words_of(self.body.script).commands:
            if node.start <= self.start < node.end and node.words and node.words[0].value == name:
                found = node
        return found

    def edit(self, start: int, end: int, text: str) -> Edit | None:
        """*text* instead of that range of the script; None where the file does not have it in one piece."""
        script = self.body.script
        if start == end:
            at = script.span(start - 1, start)[1] if start else script.at(0)
            return Edit(at, at, text)
        first, last = script.span(start, end)
        if script.instruction.file.text[first:last] != script.text[start:end]:
            return None
        return Edit(first, last, text)

    def around(self, start: int, end: int, text: str) -> list[Edit] | None:
        """*text* before and behind that range of the script."""
        script = self.body.script
        first, last = script.span(start, end)
        if script.instruction.file.text[first:last] != script.text[start:end]:
            return None
        return [Edit(first, first, text), Edit(last, last, text)]


def safe_fix(body: Body, comment: dict[str, Any]) -> Fix | None:
    """The fix for *comment* that changes nothing; None where there is none, or that cannot be told."""
    start = body.offset(comment["line"], comment["column"])
    end = body.offset(comment["endLine"], comment["endColumn"])
    make = _FIXES.get(comment["code"])
    if make is None or start is None or end is None or body.script.root is None or body.script.instruction.in_onbuild:
        return None
    return make(Place(body, body.script.root, start, end))


def _dollar(place: Place) -> Fix | None:
    """SC2006: ``$(…)`` for backquotes whose body needs no escapes."""
    found = place.part()
    if found is None or not isinstance(found[1], Substitution) or found[1].kind != "`" or found[1].script is None:
        return None
    inside = place.body.script.text[place.start + 1 : place.end - 1]
    first = place.edit(place.start, place.start + 1, "$( " if inside[:1] == "(" else "$(")
    last = place.edit(place.end - 1, place.end, ")")
    if first is None or last is None or "\\" in inside or _RISKY.search(inside) or not inside.strip():
        return None
    return Fix([first, last], SAFE, "Write $(…)")


def _quoted(place: Place) -> Fix | None:
    """SC2086, SC2046: quotes around what is one word anyway, or all of the word that it stands in."""
    from dlinter.one_word import PERHAPS, UNSURE, kept, words_of

    found = place.part()
    if found is None:
        return None
    word, part = found
    words = words_of(place.body.script)
    sure = words.of(part)
    if sure == UNSURE or (sure == PERHAPS and not kept(word, part)) or _bracketed(word):
        return None
    others = [p for p in word.parts if isinstance(p, (Expansion, Substitution)) and not p.quoted]
    if sum(words.of(other) == UNSURE for other in others) > 1:
        return None
    title = "Quote the command's output" if isinstance(part, Substitution) else "Quote the variable"
    joined = _joined(place, word, part)
    if joined is not None:
        return Fix(joined, SAFE, title, ["one-word-quoted"])
    whole = len(word.parts) > 1 and _quotable(word, place.body.script.text, words)
    start, end = (word.start, word.end) if whole else (part.start, part.end)
    name, equals, _ = word.text.partition("=")
    if equals and name.isidentifier() and _quotable(word, place.body.script.text, words, start=len(name) + 1):
        start, end = word.start + len(name) + 1, word.end
    edits = place.around(start, end, '\\"' if place.body.script.quoting == "json" else '"')
    if edits is None:
        return None
    return Fix(edits, SAFE, title, ["one-word-quoted"])


def _joined(place: Place, word: ShellWord, part: Part) -> list[Edit] | None:
    """``"a $b c"`` for ``"a "$b" c"``; None where no quotes stand beside *part*."""
    text = place.body.script.text
    start, end = part.start, part.end
    before = text[start - 1] == '"' and any(each.end == start - 1 and each.quoted for each in word.parts)
    behind = text[end : end + 1] == '"' and any(each.start == end + 1 and each.quoted for each in word.parts)
    if not (before or behind) or place.body.script.quoting == "json":
        return None
    left = place.edit(start - 1, start, "") if before else place.edit(start, start, '"')
    right = place.edit(end, end + 1, "") if behind else place.edit(end, end, '"')
    following = text[end + 1] if behind else ""
    edits = [left, right]
    if isinstance(part, Expansion) and (following.isalnum() or following == "_") and text[start + 1] != "{":
        # $bc would be another variable
        edits = [left, place.edit(start + 1, start + 1, "{"), place.edit(end, end + 1, "}")]
    found = [edit for edit in edits if edit is not None]
    return found if len(found) == len(edits) else None


def _bracketed(word: ShellWord) -> bool:
    return any(type(part) is Glob and ("[" in part.value or "]" in part.value) for part in word.parts)


def _quotable(word: ShellWord, text: str, words: OneWord, start: int = 0) -> bool:
    """True if quotes around all of *word*, or all of it from *start* on, change nothing and read well."""
    if text[word.start] == "-":
        return False  # -j"$(nproc)" is what everyone writes
    for part in word.parts:
        if part.quoted:
            return False
        if type(part) is Literal:
            value = part.value if part.start > word.start else part.value[start:]
            if text[part.start : part.end] != part.value or _UNQUOTED.fullmatch(value) is None:
                return False
        elif not words.of(part) or (isinstance(part, Substitution) and part.kind == "`"):
            return False
    return True


def _printf(place: Place) -> Fix | None:
    """SC2028, SC3037."""
    from dlinter.shellcheck_echo import printf_fix

    return printf_fix(place)


def _apart(place: Place) -> Fix | None:
    """SC2035: ``./*.x`` for ``*.x`` where a name that begins with a dash makes the build fail."""
    for name in ("rm", "chmod"):
        command = place.command(name)
        if command is None or not _fails_the_run(place.root, command):
            continue
        for number, word in enumerate(command.words):
            if word.start != place.start:
                continue
            before = [each.value or "" for each in command.words[1:number]]
            if any(each.text.startswith("-") and set(each.text) & set("vc") for each in command.words[1:]):
                return None  # the names are printed
            first = word.parts[0]
            if type(first) is not Glob or first.value not in ("*", "?") or any(each[:2] == "--" for each in before):
                return None
            if not any(type(part) is Literal and "." in part.value for part in word.parts):
                return None
            if any(not isinstance(part, (Glob, Literal)) for part in word.parts):
                return None
            if name == "chmod" and not any(each and each[0] != "-" for each in before[:2]):
                return None
            edit = place.edit(word.start, word.start, "./")
            return None if edit is None else Fix([edit], SAFE, "Write ./*", ["glob-no-option"])
    return None


def _fails_the_run(root: ScriptNode, command: Simple) -> bool:
    """True if the failure of *command* is that of the script."""
    if not root.statements:
        return False
    last = root.statements[-1]
    if last.terminator is not None and last.terminator.text == "&":
        return False
    if isinstance(last.node, AndOr):
        return command in last.node.items and all(operator.text == "&&" for operator in last.node.operators)
    return last.node is command


def _dot(place: Place) -> Fix | None:
    """SC3046: ``.`` for ``source`` where both are one builtin."""
    from dlinter.shellcheck_echo import system_shell

    command = place.command("source")
    if command is None or command.assignments or len(command.words) != 2 or place.body.script.quoting:
        return None
    shell = system_shell(place.body.script)
    if shell != "bash" and not (shell == "ash" and _fails_the_run(place.root, command)):
        return None
    edit = place.edit(command.words[0].start, command.words[0].end, ".")
    return None if edit is None else Fix([edit], SAFE, "Write . for source", ["dot-is-source"])


def _entered(place: Place) -> Fix | None:
    """SC2164: ``cd a && b`` for ``cd a; b`` where *a* is surely there."""
    from dlinter.folders import surely_there
    from dlinter.one_word import words_of

    for node in words_of(place.body.script).lists:
        if not node.start <= place.start < node.end:
            continue
        for statement, following in pairwise(node.statements):
            command, end = statement.node, statement.terminator
            if command.start != place.start or not isinstance(command, Simple) or end is None or end.text != ";":
                continue
            if following.terminator is not None and following.terminator.text == "&":
                return None
            if len(command.words) != 2 or command.redirects or command.assignments or command.words[1].value is None:
                return None
            if not surely_there(command.words[1].value, place.body.script, command.start):
                return None
            text = place.body.script.text
            before = "" if text[end.start - 1] in " \t" else " "
            after = "" if text[end.end : end.end + 1] in " \t\n" else " "
            edit = place.edit(end.start, end.end, f"{before}&&{after}")
            return None if edit is None else Fix([edit], SAFE, "Write && behind cd", ["cd-cannot-fail"])
    return None


def _set_first(place: Place) -> Fix | None:
    """SC2155: ``a="$(b)" && export a`` for ``export a="$(b)"`` where b cannot fail."""
    from dlinter.one_word import SURE, words_of

    command = place.command("export")
    if command is None or len(command.words) != 2 or command.redirects or command.assignments:
        return None
    between = _between(words_of(place.body.script).lists, command)
    word = command.words[1]
    first = word.parts[0]
    name, equals, rest = first.value.partition("=") if type(first) is Literal else ("", "", "")
    if not between or not equals or not name.isidentifier() or "~" in rest or len(word.parts) < 2:
        return None
    words = words_of(place.body.script)
    for part in word.parts[1:]:
        if type(part) is Literal:
            if "~" in part.value:
                return None
        elif not isinstance(part, Substitution) or words.of(part) != SURE:
            return None
    taken = place.edit(command.start, word.start, "")
    if taken is None:
        return None
    at = place.body.script.span(word.end - 1, word.end)[1]
    edits = [taken, Edit(at, at, f"{between}export {name}")]
    return Fix(edits, SAFE, "Export the variable when it is set", ["set-then-exported"])


def _between(lists: list[ScriptNode], command: Simple) -> str:
    """What can stand between *command* and another one behind it, ``""`` if none can."""
    for node in lists:
        if not node.start <= command.start < node.end:
            continue
        for statement in node.statements:
            end = "" if statement.terminator is None else statement.terminator.text
            if statement.node is command:
                return {";": "; ", "": " && "}.get(end, "")
            listed = isinstance(statement.node, AndOr) and command in statement.node.items
            if isinstance(statement.node, AndOr) and listed and end != "&":
                return " && " if all(operator.text == "&&" for operator in statement.node.operators) else ""
    return ""


_FIXES: dict[int, Callable[[Place], Fix | None]] = {
    2006: _dollar,
    2028: _printf,
    2035: _apart,
    2046: _quoted,
    2086: _quoted,
    2155: _set_first,
    2164: _entered,
    3037: _printf,
    3046: _dot,
}
#: the codes that :func:`safe_fix` knows
CODES = frozenset(_FIXES)
