"""Calls of programs, read from the words of a command: the program behind its wrappers, its sub-command."""

from __future__ import annotations

from dlinter.proof.normal import ANDOR, BODY, CMD, GLOB, GROUP, LITERAL, PIPE, SCRIPT, commands, normal
from dlinter.proof.tables import VALUED, WRAPPERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.proof.body import Body
    from dlinter.proof.normal import Form, Word


class Call:
    """A program behind its wrappers. ``words`` are all words of the command, ``at`` is where the program stands.

    ``name`` is without folder, ``pip`` for all of ``pip3``, ``python -m pip``; ``""`` where it is not fixed.
    ``sub`` is the first word that is neither option nor the value of one, at ``sub_at``; ``""`` where there is none or
    it is not fixed. ``wrappers`` are the names of what runs it.
    """

    __slots__ = ("at", "name", "program", "sub", "sub_at", "words", "wrappers")

    def __init__(self, words: tuple[Word, ...]) -> None:
        self.words = words
        self.wrappers: tuple[str, ...] = ()
        self.at = self._unwrap()
        first = words[self.at] if self.at < len(words) else ()
        self.program = first if type(first) is str else ""
        self.name = self.program.rpartition("/")[2]
        if self.name.startswith(("python", "pypy")) and words[self.at + 1 : self.at + 2] == ("-m",):
            self.at += 2
            second = words[self.at] if self.at < len(words) else ()
            self.name = second if type(second) is str else ""
        elif self.name == "php" and self.at + 1 < len(words):
            script = words[self.at + 1]
            if type(script) is str and script.rpartition("/")[2] in ("composer", "composer.phar"):
                self.at += 1
                self.name = "composer"
        if self.name == "composer.phar":
            self.name = "composer"
        if self.name.startswith("pip") and self.name[3:].replace(".", "").isdigit():
            self.name = "pip"
        self.sub = ""
        self.sub_at = len(words)
        valued = VALUED.get(self.name, frozenset())
        at = self.at + 1
        while at < len(words):
            word = words[at]
            if type(word) is not str:
                break
            if word[:1] != "-":
                self.sub, self.sub_at = word, at
                break
            at += 2 if takes_next(word, valued) else 1

    def _unwrap(self) -> int:
        words = self.words
        at = 0
        while at < len(words):
            word = words[at]
            name = word.rpartition("/")[2] if type(word) is str else ""
            if name not in WRAPPERS:
                return at
            valued = WRAPPERS[name].split()
            after = at + 1
            while after < len(words):
                option = words[after]
                if type(option) is not str:
                    return at
                if option in valued:
                    after += 2
                elif option[:1] == "-" or (name in ("env", "sudo") and "=" in option[1:]):
                    after += 1
                else:
                    break
            if after >= len(words):
                return at
            self.wrappers += (name,)
            at = after
        return at

    @property
    def operands(self) -> tuple[Word, ...]:
        """The words behind the program."""
        return self.words[self.at + 1 :]

    def has(self, options: frozenset[str]) -> bool:
        return any(type(word) is str and word.partition("=")[0] in options for word in self.operands)

    def takes(self, index: int) -> bool:
        """True if an option can stand at *index*: behind the sub-command, not as a value, not behind ``--``."""
        if not self.sub or index <= self.sub_at:
            return False
        valued = VALUED.get(self.name, frozenset())
        at = self.sub_at + 1
        while at < index:
            word = self.words[at]
            if word == "--":
                return False
            at += 2 if type(word) is str and takes_next(word, valued) else 1
        return at == index


def takes_next(option: str, valued: frozenset[str]) -> bool:
    """True if the word behind *option* is its value, also for the last letter of a cluster such as ``-yt``."""
    if option in valued:
        return True
    return option[:1] == "-" and option[1:2] != "-" and len(option) > 2 and "-" + option[-1] in valued


def glob_text(word: Word) -> str | None:
    """A word as text, with its ``*``; None if anything else in it is not fixed."""
    if type(word) is str:
        return word if "*" not in word else None
    pieces = []
    for part in word:
        if part[0] == LITERAL and "*" not in part[1]:
            pieces.append(part[1])
        elif part[0] == GLOB and part[1] == "*":
            pieces.append("*")
        else:
            return None
    return "".join(pieces)


def removal(words: tuple[Word, ...], whole: bool = True) -> list[str] | None:
    """What ``rm -rf …`` removes, where that is fixed up to ``*``; None for any other command.

    Unless *whole*, any ``rm`` is one, also of files only, and one that fails where nothing is.
    """
    call = Call(words)
    if call.name != "rm":
        return None
    force = recursive = False
    found: list[str] = []
    for word in call.operands:
        text = glob_text(word)
        if text is None or text == "--":
            return None
        if text[:1] == "-":
            if text.strip("-rRfv"):
                return None
            force = force or "f" in text
            recursive = recursive or "r" in text.lower()
        else:
            found.append(text)
    return found if (force and recursive) or not whole else None


#: bash's long options that take no value
_LONG = frozenset({"--login", "--noprofile", "--norc", "--posix"})


def scripts_in(words: tuple[Word, ...]) -> tuple[int, str] | None:
    """The index and the text of the script of ``sh -c '…'``, also of ``su user -c '…'``."""
    call = Call(words)
    if call.name not in ("sh", "bash", "ash", "dash", "su", "runuser"):
        return None
    for number in range(call.at + 1, len(words) - 1):
        word = words[number]
        if type(word) is not str or (word[:2] == "--" and word not in _LONG):
            return None
        if word[:2] == "--":
            continue
        if word[:1] != "-":
            if call.name not in ("su", "runuser"):
                return None
        elif "c" in word:
            script = words[number + 1]
            return (number + 1, script) if type(script) is str else None
    return None


def calls_of(body: Body) -> Iterator[tuple[Call, Form]]:
    """Every call that can be seen in *body*, with its command, those of ``sh -c '…'`` and substitutions included."""
    if body.shell is None:
        yield from calls_in((CMD, (), body.words, ()))
    else:
        yield from calls_in(body.form)


def calls_in(form: Form) -> Iterator[tuple[Call, Form]]:
    """Every call that can be seen in *form*, with its command."""
    for command in commands(form):
        if not command[2]:
            continue
        yield Call(command[2]), command
        nested = scripts_in(command[2])
        inner = normal(nested[1]) if nested is not None else None
        if inner is not None:
            yield from calls_in(inner)


def unconditional(body: Body | None) -> list[Call]:
    """The calls of *body* that run whenever what stands before them succeeds."""
    if body is None:
        return []
    if body.shell is None:
        return [Call(body.words)] if body.words else []
    found: list[Call] = []
    _unconditional(body.form, found)
    return found


def _unconditional(form: Form, found: list[Call]) -> None:
    kind = form[0]
    if kind == CMD:
        if form[2]:
            call = Call(form[2])
            # what stands before the program only sets its environment
            call.wrappers = tuple(w for w in call.wrappers if w in ("sudo", "xargs"))
            found.append(call)
    elif kind == ANDOR:
        for number, item in enumerate(form[1]):
            if "||" in form[2][:number]:
                break
            _unconditional(item, found)
    elif kind == SCRIPT:
        for node, background in form[1]:
            if not background:
                _unconditional(node, found)
    elif kind == GROUP and form[1] in ("brace", "subshell"):
        for part in form[2]:
            if part[:1] == (BODY,):
                _unconditional(part[1], found)


def deciding(form: Form, errexit: bool) -> Iterator[Form]:
    """The commands whose failure would have been that of *form*; with *errexit* the shell ends at the first failure."""
    kind = form[0]
    if kind == CMD:
        yield form
    elif kind == ANDOR and "||" not in form[2]:
        for item in form[1]:
            yield from deciding(item, False)
    elif kind == PIPE and not form[1]:
        yield from deciding(form[3][-1], False)
    elif kind == GROUP and form[1] in ("brace", "subshell") and not form[4]:
        for part in form[2]:
            if part[:1] == (BODY,):
                yield from deciding(part[1], errexit)
    elif kind == SCRIPT:
        for number, (node, background) in enumerate(form[1]):
            if background:
                continue
            if number == len(form[1]) - 1:
                yield from deciding(node, errexit)
            elif errexit:
                # of a list, only the failure of the last one ends the shell
                last = node[1][-1] if node[0] == ANDOR and "||" not in node[2] else node
                if last[0] == CMD:
                    yield last
            errexit = errexit or _sets_errexit(node)


def _sets_errexit(node: Form) -> bool:
    return (
        node[0] == CMD
        and node[2][:1] == ("set",)
        and any(type(word) is str and word[:1] == "-" and "e" in word and word[:2] != "--" for word in node[2][1:2])
    )
