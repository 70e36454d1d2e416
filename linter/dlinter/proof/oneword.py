"""Quotes around an expansion that is one word anyway.

What is not quoted is split at blanks and expanded as a pattern, and vanishes where it is empty (POSIX.1-2017 XCU 2.6.5,
2.6.6). Quotes change nothing where the value has neither blanks nor characters of patterns, if it cannot be empty or
the word has other text.
"""

from __future__ import annotations

from dlinter.proof.assigned import elements, given, in_loops, may_set, names_in, runs_unseen, set_first, sets_unseen
from dlinter.proof.folders import there
from dlinter.proof.known import debian_based, system_shell, usual, variable
from dlinter.proof.normal import (
    ANDOR,
    CMD,
    FUNCTION,
    GLOB,
    GROUP,
    LITERAL,
    PIPE,
    SCRIPT,
    SUBSTITUTION,
    VARIABLE,
    parts_of,
)
from dlinter.proof.words import UNSET, digest
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.normal import Form, Word
    from dlinter.proof.state import Effect
    from dlinter.proof.words import Value

#: not known to be one word, one word or nothing, one word
NO, MAYBE, YES = range(3)
_TEXT = re.compile(r"[A-Za-z0-9_./:@%+=,-]+")
_PATTERN = re.compile(r"[\[\]*?\\{}~]")
#: variables to which the shell itself gives a value
_SHELLS_OWN = re.compile(
    r"PWD|OLDPWD|IFS|PPID|LINENO|RANDOM|SRANDOM|SECONDS|E?UID|GROUPS|SHLVL|REPLY|OPT(?:IND|ARG|ERR)|HOSTNAME|_|PS[0-4]"
    r"|(?:HOST|MACH|OS)TYPE|FUNCNAME|DIRSTACK|PIPESTATUS|MAPFILE|EPOCH\w+|BASH\w*|COMP_\w+|SHELLOPTS|SHELL|TERM|COLUMNS|LINES"
)
#: programs that never fail and print one word, and those that may print nothing
_ALWAYS = re.compile(
    r"uname(?: -[imnoprs]| --(?:machine|kernel-name|kernel-release|nodename))?|id -[gu]"
    r"|date(?: -u| --utc)? \+(?:%[CFGHIMNSTUVYdgjmsuy]|[A-Za-z0-9_./:-])+"
)
_DEBIAN = re.compile(
    r"nproc(?: --all)?|arch|dpkg --print-architecture|getconf (?:_NPROCESSORS_(?:ONLN|CONF)|LONG_BIT|PAGE_?SIZE)"
)
_PRINTING = re.compile(
    r"id -(?:[gu]n|n[gu])|hostname(?: -[fs])?"
    r"|apk --print-arch|dpkg-architecture -q ?DEB_(?:BUILD|HOST|TARGET)_(?:ARCH|ARCH_CPU|ARCH_OS|GNU_TYPE|MULTIARCH)"
    r"|lsb_release (?:-[cr]s|-s[cr]|-[cr] -s|-s -[cr]|--(?:codename|release) --short|--short --(?:codename|release))"
    r"|rpm (?:-E|--eval) %(?:fedora|rhel|centos|dist|_arch|\{(?:fedora|rhel|centos|dist|_arch)\})"
    r"|grep -c \S+ /proc/cpuinfo"
)
_RELEASE = frozenset({"ID", "VERSION_ID", "VERSION_CODENAME", "UBUNTU_CODENAME"})


def quoted(x: Word, y: Word, values: Values | None) -> bool:
    """True if the word *y* is the word *x* with quotes around what is one word anyway, as *values* know."""
    if type(x) is not tuple or type(y) is not tuple or values is None:
        return False
    globs = [part for part in x if part[0] == GLOB]
    bare = [part for part in x if part[0] in (VARIABLE, SUBSTITUTION) and not part[1]]
    # two that are not known could be the ends of a bracket expression
    unknown = sum(values.part(part) == NO for part in bare)
    if unknown > 1 or any("[" in part[1] or "]" in part[1] for part in globs):
        return False
    old, new = (_merged(word, bool(globs) or unknown > 0) for word in (x, y))
    if len(old) != len(new):
        return False
    changed = False
    for a, b in zip(old, new, strict=True):
        if a[0] in (VARIABLE, SUBSTITUTION) and b[0] == a[0] and (a[1], b[1]) == (False, True) and a[2:] == b[2:]:
            sure = values.part(a)
            others = any(part is not a and part[0] in (LITERAL, GLOB) and part[1] for part in old)
            if sure == NO or (sure == MAYBE and not others):
                return False
            changed = True
        elif a != b:
            return False
    return changed


def _merged(word: Form, patterns: bool) -> list[Form]:
    """The parts of *word*, the texts between expansions joined, their quotes left out where they mean nothing.

    With *patterns* quotes keep the characters of patterns from being such.
    """
    found: list[Form] = []
    for part in word:
        if part[0] == LITERAL and part[2] and not (patterns and _PATTERN.search(part[1])):
            part = part if "~" in part[1] or "$" in part[2] else (LITERAL, part[1], "")
        if part[0] == LITERAL and found and found[-1][0] == LITERAL and not part[2] and not found[-1][2]:
            found[-1] = (LITERAL, found[-1][1] + part[1], "")
        else:
            found.append(part)
    return found


class Values:
    """What is known of the values in one RUN."""

    __slots__ = ("asked", "form", "functions", "items", "run", "setting", "sure", "unseen")

    def __init__(self, run: Effect) -> None:
        assert run.body is not None
        self.run = run
        self.form = run.body.form
        self.asked: set[str] = set()
        self.sure: dict[str, int] = {}
        #: true if commands may mean something else
        self.functions = any(part[:1] == (FUNCTION,) for part in parts_of(self.form))
        #: true if any variable may be set
        self.unseen = runs_unseen(self.form)
        #: the parts that may set a variable, with the names in them
        self.setting = tuple((part, names_in(part)) for part in parts_of(self.form) if may_set(part))
        #: the elements of the statements, with the names in them
        self.items = elements(self.form)

    @property
    def shell(self) -> str:
        """What /bin/sh is."""
        return system_shell(self.run)

    def part(self, part: Form) -> int:
        """How sure it is that an expansion or substitution is one word."""
        if self._separators():
            return NO
        if part[0] == SUBSTITUTION:
            return self.printed(part[3]) if part[2] == "$(" else NO
        if part[0] != VARIABLE or part[3] or part[5]:
            return NO
        name = part[2]
        if name in ("?", "#", "$"):
            return YES
        return self.variable(name) if name.isidentifier() else NO

    def _separators(self) -> bool:
        """True if IFS may be other than blanks."""
        assert self.run.body is not None and self.run.stage is not None
        bound = any(name == "IFS" for stage in self.run.stage.chain() for name, *_ in stage.bound)
        return bound or "IFS" in self.run.body.text

    def word(self, word: Word) -> int:
        """How sure it is that the value of an assigned word is one word."""
        if type(word) is str:
            return YES if _TEXT.fullmatch(word) else NO if word else MAYBE
        found = MAYBE
        for part in tuple(word):
            if part[0] == LITERAL:
                sure = NO if "$" in part[2] or not _TEXT.fullmatch(part[1] or "x") else YES if part[1] else MAYBE
            else:
                sure = self.part(part)
            if sure == NO:
                return NO
            found = max(found, sure)
        return found

    # -- variables ------------------------------------------------------------------------------------------------

    def variable(self, name: str) -> int:
        """How sure it is that *name* holds one word wherever this RUN uses it."""
        if self.unseen or _SHELLS_OWN.fullmatch(name):
            return NO
        if name in self.sure:
            return self.sure[name]
        parts = [part for part, names in self.setting if name in names]
        if any(sets_unseen(part, name) for part in parts):
            return NO
        if name in self.asked:
            # what it was before: all that it becomes is made of words, if this is one
            return self.inherited(name)
        self.asked.add(name)
        try:
            found = self._found(name, [value for part in parts for value in given(part, name)])
        finally:
            self.asked.discard(name)
        if not self.asked:
            self.sure[name] = found
        return found

    def _found(self, name: str, values: list[Word | None]) -> int:
        if not values:
            return self.inherited(name)
        if None in values:
            return NO
        found = min(self.word(word) for word in values if word is not None)
        looped = any(part[0] == GROUP and part[3] == name for part, _ in self.setting)
        if (looped and in_loops(self.form, name)) or set_first(self.items, name):
            return found
        return min(found, self.inherited(name))

    def inherited(self, name: str) -> int:
        """How sure it is of what the RUN begins with."""
        stage = self.run.stage
        assert stage is not None
        if "env" in repr(self.run.fields["mounts"]):
            # a secret may be in it
            return NO
        history: list[tuple[str, str, Value | None]] = []
        for each in stage.chain():
            left = ("unknown",) if each is stage else ("trigger", "unknown")
            if any(effect.kind in left for effect in each.effects):
                return NO
            history[:0] = stage.bound[: self.run.seen] if each is stage else each.bound
        return self._bound(name, history, None)

    def _bound(self, name: str, history: list[tuple[str, str, Value | None]], binding: bytes | None) -> int:
        """How sure it is of what *name* was bound to in *history*, last or as *binding* says."""
        for at in range(len(history) - 1, -1, -1):
            other, kind, value = history[at]
            if other != name or (binding is not None and binding != digest("env", name, value)):
                continue
            if kind != "ENV" or value is None:
                return NO
            found = MAYBE
            for part in value:
                if type(part) is str:
                    sure = YES if _TEXT.fullmatch(part) else NO
                else:
                    before = history[:at] if part[4] != UNSET else []
                    assert isinstance(part[1], str) and isinstance(part[4], bytes)
                    sure = NO if part[2] else self._bound(part[1], before, part[4])
                if sure == NO:
                    return NO
                found = max(found, sure)
            return found
        if binding is not None and binding != UNSET:
            return NO
        known = variable(self.run, name)
        if known is None or not _TEXT.fullmatch(known[0]):
            return NO
        return YES if known[1] else MAYBE

    # -- substitutions --------------------------------------------------------------------------------------------

    def _temporary(self, form: Form) -> bool:
        """True if temporary files are made in /tmp, which is there."""
        assert self.run.body is not None and self.run.stage is not None
        named = any(name == "TMPDIR" for stage in self.run.stage.chain() for name, *_ in stage.bound)
        return not named and "TMPDIR" not in self.run.body.text and there("/tmp", self.run, form)

    def unfailing(self, word: Form, value: Form) -> bool:
        """True if a part of an exported word is that of an assigned value, and the command in it cannot fail."""
        if word[0] == LITERAL:
            return bool(word == value and "~" not in word[1] and not word[2])
        if word[0] != SUBSTITUTION or value[0] != SUBSTITUTION or word[2:] != value[2:]:
            return False
        return self.part(word) == YES

    def printed(self, form: Form) -> int:
        """How sure it is that *form* prints one word."""
        nodes: tuple[Form, ...] = (form,)
        if form[0] == SCRIPT:
            if any(background for _, background in form[1]):
                return NO
            nodes = tuple(node for node, _ in form[1])
        elif form[0] == ANDOR and all(operator == "&&" for operator in form[2]):
            nodes = form[1]
        if len(nodes) == 2:
            return MAYBE if _names_release(*nodes) else NO
        if len(nodes) != 1:
            return NO
        node = nodes[0]
        if node[0] == PIPE:
            return MAYBE if not node[1] and not node[2] and node[3] and _words(node[3][-1]) == "wc -l" else NO
        words = _words(node)
        assert self.run.stage is not None
        if _ALWAYS.fullmatch(words):
            return YES if usual(self.run.stage) else MAYBE
        if words in ("mktemp", "mktemp -d"):
            return YES if usual(self.run.stage) and self._temporary(form) else MAYBE
        if _DEBIAN.fullmatch(words):
            return YES if debian_based(self.run.stage) else MAYBE
        return MAYBE if _PRINTING.fullmatch(words) else NO


def exported_apart(old: Form, first: Form, second: Form, values: Values | None) -> bool:
    """True if ``export a="$(b)"`` has become ``a="$(b)"`` and ``export a``, where b never fails.

    The status of the first is that of export, which succeeds.
    """
    if values is None or old[0] != CMD or first[0] != CMD:
        return False
    if old[1] or old[3] or len(old[2]) != 2 or old[2][0] != "export" or first[2] or first[3] or len(first[1]) != 1:
        return False
    name, append, index, value = first[1][0]
    if append or index is not None or second != (CMD, (), ("export", name), ()):
        return False
    word = old[2][1]
    if type(word) is not tuple or type(value) is not tuple or word[0][0] != LITERAL or word[0][2]:
        return False
    if not word[0][1].startswith(name + "="):
        return False
    rest = word[0][1][len(name) + 1 :]
    parts = (((LITERAL, rest, ""),) if rest else ()) + word[1:]
    return len(parts) == len(value) and all(values.unfailing(a, b) for a, b in zip(parts, value, strict=True))


def _words(form: Form) -> str:
    """The words of a plain command, its errors dropped or not; ``""`` for any other."""
    if form[0] != CMD or form[1] or form[3] not in ((), (("2", ">", "/dev/null", None),)):
        return ""
    return " ".join(form[2]) if all(type(word) is str and " " not in word for word in form[2]) else ""


def _names_release(first: Form, second: Form) -> bool:
    """``. /etc/os-release; echo "$ID"``: os-release(5) allows no blanks there."""
    if _words(first) not in (". /etc/os-release", "source /etc/os-release") or second[0] != CMD:
        return False
    if second[1] or second[3] or len(second[2]) != 2 or second[2][0] != "echo" or type(second[2][1]) is not tuple:
        return False
    parts = second[2][1]
    return len(parts) == 1 and parts[0][0] == VARIABLE and not parts[0][3] and parts[0][2] in _RELEASE
