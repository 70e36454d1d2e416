"""``printf`` for an ``echo`` that not every shell understands alike: the same as the image's own shell makes of it.

dash expands escapes and knows ``-n``; bash and ash expand them after ``-e``. Where the author was mistaken about that,
so that something else is written than he meant, nothing is changed.
"""

from __future__ import annotations

from dlinter.edits import SAFE, Edit, Fix
from dlinter.one_word import known_image, words_of
from dlinter.tree import Add, Copy
from dlinter_grammar import regex as re
from dlinter_grammar.shell_nodes import Literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.scripts import Script
    from dlinter.shellcheck_safe import Place
    from dlinter.tree import Instruction
    from dlinter_grammar.shell_nodes import ShellWord, Simple

#: escapes that every printf and every echo that knows escapes expand alike, in a text without others
_SIMPLE = re.compile(r"(?:[^\\]|\\[\\abfnrtv])*", re.S)
#: escapes that end the output, or are numbers
_UNCERTAIN = re.compile(r"\\(?:[c0-9xuU]|\Z)")
_REDEFINED = re.compile(r"xpg_echo|(?:\A|[;&|])\s*(?:alias|enable)\s")
_OPTIONS = re.compile(r"\b(?:BASHOPTS|SHELLOPTS|BASH_ENV)\b|\bENV ENV\b")
#: what puts another program into the place of /bin/sh; scripts and accounts that name it do not
OTHER_SHELL = re.compile(
    r"(?<!#!)(?<!#! )(?<!-s )(?<!--shell )(?<!--shell=)(?<!/usr)/bin/sh(?![\w.-])(?!\s+-)|/usr/bin/sh(?![\w.-])"
    r"|\bdash/sh\b|reconfigure[^;&]*\bdash\b|binsh\b|alternatives[^;&]*\bsh\b"
)


def system_shell(script: Script) -> str:
    """What /bin/sh is that runs the script: ``dash``, ``ash`` or ``bash``; ``""`` where another shell may."""
    return script.instruction.file.facts.known(_system_shell, script)


def _system_shell(script: Script) -> str:
    from dlinter.proof.known import SHELL_KNOWN
    from dlinter.shell_bodies import shell_words

    file = script.instruction.file
    image = known_image(script.instruction)
    if shell_words(script) != ["/bin/sh", "-c"] or image is None or image.name not in SHELL_KNOWN:
        return ""
    if (
        _OPTIONS.search(file.text)
        or OTHER_SHELL.search(file.text)
        or any(_may_bring_shell(copy) for copy in file.facts.before(script.instruction, Copy, Add))
    ):
        return ""
    return image.sh or ""


def _may_bring_shell(copy: Instruction) -> bool:
    """True if *copy* may put another program into the place of /bin/sh."""
    from dlinter.proof.known import FILE

    if not isinstance(copy, Copy | Add):
        return False
    place = "$" if copy.destination is None else copy.destination.value
    if "$" in place or place.endswith("/sh"):
        return True
    whole = place.rstrip("/.") in ("", "/bin", "/usr", "/usr/bin")
    return whole and not all(FILE.fullmatch(source.value) for source in copy.sources)


def printf_fix(place: Place) -> Fix | None:
    """SC2028, SC3037: what the command is as printf."""
    command = place.command("echo")
    if (
        command is None
        or command.assignments
        or place.body.script.quoting
        or place.body.script.instruction.file.escape != "\\"
    ):
        return None
    shell = system_shell(place.body.script)
    if not shell or words_of(place.body.script).functions or _REDEFINED.search(place.body.script.text):
        return None
    options = _options(command, shell)
    if options is None:
        return None
    newline, escapes, words = options
    if any("$'" in word.text or '$"' in word.text for word in words):
        return None
    if newline and shell != "dash" and words and all("\\" not in (word.value or "\\") for word in words):
        # there is nothing to expand
        return _fix(place, [(command.words[0].end, command.words[1].end, "")], "Leave -e out")
    if len(words) > 1 or (not words and newline):
        return None
    first, last = command.words[0], words[0] if words else command.words[-1]
    if not words:
        return _fix(place, [(first.start, last.end, "printf ''")])
    format_ = _format(place, words[0], shell, newline, escapes)
    if format_ is None:
        return None
    changes = [(first.start, first.end, "printf")]
    if len(command.words) > 2:
        option = command.words[1]
        changes.append((option.start, option.end, format_) if format_ else (first.end, option.end, ""))
    elif format_:
        changes.append((words[0].start, words[0].start, f"{format_} "))
    if not format_:
        text = place.body.script.text
        changes += [(at, at + 1, "%%") for at in range(last.start, last.end) if text[at] == "%"]
        if newline:
            changes.append((last.end - 1, last.end - 1, "\\n"))
    return _fix(place, changes)


def _options(command: Simple, shell: str) -> tuple[bool, bool, tuple[ShellWord, ...]] | None:
    """Whether the echo ends the line and expands escapes, and its other words."""
    words = command.words[1:]
    if shell == "dash":
        newline = not words or words[0].value != "-n"
        words = words if newline else words[1:]
        bare = words and words[0].value is not None and re.fullmatch(r"-[neE]+", words[0].value)
        return None if bare else (newline, True, words)
    if shell not in ("ash", "bash") or not words or words[0].value not in ("-n", "-e", "-ne", "-en"):
        return None
    option = words[0].value
    if len(words) > 1 and (words[1].value is None or re.fullmatch(r"-[neE]+", words[1].value)) and not _plain(words[1]):
        return None
    return "n" not in option, "e" in option, words[1:]


def _plain(word: ShellWord) -> bool:
    """True if *word* is no option, whatever is expanded in it."""
    first = word.parts[0]
    return type(first) is Literal and first.value[:1] not in ("", "-")


def _format(place: Place, word: ShellWord, shell: str, newline: bool, escapes: bool) -> str | None:
    """The format that printf needs before *word*, ``""`` if *word* itself can be it; None where there is no way."""
    quote = word.text[:1]
    if quote not in "\"'" or word.text[-1:] != quote or len(word.text) < 2 or not all(p.quoted for p in word.parts):
        return None
    ending = "\\n" if newline else ""
    if word.value is None:
        texts = [part.value for part in word.parts if type(part) is Literal]
        if not escapes or (all("\\" not in text for text in texts) and _without_backslash(place, word)):
            return f"'%s{ending}'"
        if shell != "dash" or any(_UNCERTAIN.search(text) for text in texts):
            return None
        return f"'%b{ending}'"
    if not escapes:
        return "" if "\\" not in word.value and word.value[:1] != "-" and _one_quote(word) else f"'%s{ending}'"
    if _SIMPLE.fullmatch(word.value) and word.value[:1] != "-" and _one_quote(word):
        return ""
    return f"'%b{ending}'" if shell == "dash" and not _UNCERTAIN.search(word.value) else None


def _without_backslash(place: Place, word: ShellWord) -> bool:
    """True if all that is expanded in *word* is known to be a plain word."""
    words = words_of(place.body.script)
    return all(words.of(part) for part in word.parts if type(part) is not Literal)


def _one_quote(word: ShellWord) -> bool:
    """True if the quotes at both ends of *word* are one pair."""
    return sum(1 for part in word.parts) == 1


def _fix(place: Place, changes: list[tuple[int, int, str]], title: str = "Write it with printf") -> Fix | None:
    edits: list[Edit] = []
    for start, end, text in changes:
        edit = place.edit(start, end, text)
        if edit is None:
            return None
        edits.append(edit)
    if any(a.clashes(b) for number, a in enumerate(edits) for b in edits[number + 1 :]):
        return None
    return Fix(edits, SAFE, title, ["echo-as-printf"])
