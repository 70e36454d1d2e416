"""Where commands run: ``cd`` in a RUN against WORKDIR ahead of it, and one RUN against several with WORKDIR between.

The build before is followed element by element with the directory that its ``cd`` leads to, the build after with that
of its WORKDIR. Both have to be the same wherever a command looks at it. What ``cd`` entered was there, or the RUN would
have failed, so that WORKDIR makes no folder, but for one that ``mkdir`` made in its place just before.
"""

from __future__ import annotations

from dlinter.proof.calls import Call, glob_text
from dlinter.proof.known import variable
from dlinter.proof.mounts import mounted_over
from dlinter.proof.neutral import Where
from dlinter.proof.normal import (
    ANDOR,
    BODY,
    CMD,
    FUNCTION,
    GLOB,
    GROUP,
    LITERAL,
    PIPE,
    RAW,
    SCRIPT,
    SUBSTITUTION,
    VARIABLE,
    and_list,
)
from dlinter.proof.paths import clean
from dlinter.proof.shellstate import PLAIN, divisible, stateless
from dlinter.proof.state import BY_ROOT, bound
from dlinter.proof.tables import FAMILIES, listed, starts_in
from dlinter.proof.words import text_of
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlinter.proof.forms import Forms
    from dlinter.proof.normal import Form, Word
    from dlinter.proof.state import Effect
    from dlinter.proof.words import Value

#: what tells a directory as it was entered from where it is, or goes back to the last one
_TELLS = re.compile(r"PWD|\bpwd\b|\bcd -|~-|\bpopd\b|\bpushd\b|CDPATH|~[+]")
#: options of the shell that do not go from one command to the next
_SETTINGS = re.compile(r"-[euxv]+|-[eux]*o|pipefail")
#: folders whose group goes to what is made in them on some distributions (base-files of Debian)
_GROUPED = ("/usr/local/", "/var/local/", "/var/mail/", "/var/spool/", "/var/log/")
_GROUPING = re.compile(r"[ugoa]*[+=][rwxX]*s|\b[2367][0-7]{3}\b|setfacl|umask")
#: folders of every distribution (Filesystem Hierarchy Standard)
_FOLDERS = listed(
    "/etc /home /opt /root /srv /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin /var /var/lib /var/tmp"
)
#: programs that look at the directory only through the paths that they are given
_BY_PATH = listed("rm rmdir mkdir touch chmod chown chgrp ln cp mv")
_FIRST_IS_NO_PATH = listed("chmod chown chgrp")
#: builtins that change nothing but the shell, and not its directory
_OWN = listed("export umask ulimit set unset readonly")
#: sub-commands of package managers that are given names of packages
_BY_NAME = listed(
    "install update upgrade dist-upgrade remove purge autoremove autopurge clean autoclean add del erase makecache"
)


def elements_of(effect: Effect) -> tuple[Form, ...]:
    """The elements of a RUN that is one ``a && b && c``; else the whole of it."""
    assert effect.body is not None
    return and_list(effect.body.form)


def entered(x: Effect, ys: Sequence[Effect], j: int, following: Effect | None, forms: Forms) -> int | None:
    """How many effects from *j* on do what the RUN *x* does, without its ``cd``; None if they do not.

    *following* is what comes after *x*.
    """
    body = x.body
    if body is None or body.alone or body.shell is None or _TELLS.search(body.text):
        return None
    if x.stage is not None and not {"OLDPWD", "PWD", "CDPATH"}.isdisjoint(x.stage.scope.bindings):
        return None
    if all(_destination(element) is None for element in _elements(x)):
        return None
    return _Walk(x, ys, j, forms).taken(following)


class _Walk:
    """The RUN ``x`` and the effects that took its place. ``here`` is where its next command runs."""

    __slots__ = ("b", "done", "forms", "gone", "here", "new", "now", "old", "run", "settings", "x", "ys")

    def __init__(self, x: Effect, ys: Sequence[Effect], j: int, forms: Forms) -> None:
        self.x, self.ys, self.now = x, ys, j
        self.forms = forms
        self.old = _elements(x)
        self.settings = next((n for n, e in enumerate(self.old) if not _setting(e)), len(self.old))
        self.here: Value | None = x.fields["directory"]  # type: ignore[assignment]
        #: what has run, but for ``cd`` and the settings
        self.done: list[Form] = []
        #: the RUN of the build after that is looked at, its elements, and how many of them have run
        self.run: Effect | None = None
        self.new: tuple[Form, ...] = ()
        self.b = 0
        #: true if the last command of all has deleted the folder it ran in
        self.gone = False

    def taken(self, following: Effect | None) -> int | None:
        if self.x.body is not None and self.x.body.form[0] == SCRIPT and not self.entered_surely():
            return None
        first = self.now
        a = self.settings
        while a < len(self.old) or self.b < len(self.new):
            if a < len(self.old) and _destination(self.old[a]) is not None:
                self.here = self.moved(self.old[a]) if all(map(_stays, self.done)) else None
                if self.here is None:
                    return None
                a += 1
            elif self.b < len(self.new):
                step = self.element(a)
                if step is None:
                    return None
                a += step
            else:
                step = self.instruction(a)
                if step is None:
                    return None
                a += step
        if self.run is None:
            return None
        last = self.ys[self.now] if self.now < len(self.ys) else None
        if self.gone and (last is None or last.kind != "directory"):
            return None
        if last is not None and (following is None or following.key != last.key) and self.given_back(last):
            self.now += 1
        return self.now - first if self.forms.neutral.use("same-directory") else None

    def entered_surely(self) -> bool:
        """True if ``cd``, the failure of which would be ignored, cannot fail."""
        place = self.moved(self.old[0])
        path = text_of(place) if place is not None else None
        # root's own is for root alone
        return path is not None and (place == self.here or (path != "/root" and self.there(path)))

    def element(self, a: int) -> int | None:
        """How many elements of the old RUN the next one of the new RUN takes up."""
        assert self.run is not None
        made = self.made(a) if a < len(self.old) else None
        if made is not None and self.run.fields["directory"] == (made,) != self.here:
            # a WORKDIR ahead of it made the folder
            self.here = (made,)
            return 2
        where = Where(self.x, self.run, self.run.body is not None and self.run.body.errexit)
        left = [element for element in self.old[a:] if _destination(element) is None]
        where.tail = self.b == len(self.new) - 1 and len(left) <= 1
        if left and self.forms.same(left[0], self.new[self.b], where):
            if self.run.fields["directory"] != self.here and not self.anywhere(left[0], last=len(left) == 1):
                return None
            self.done.append(left[0])
            self.b += 1
            return 1
        where.tail = self.b == len(self.new) - 1 and not left
        if self.forms.added(self.new[self.b], where):
            self.b += 1
            return 0
        return 1 if left and self.forms.neutral.use(self.forms.neutral.lost_command(left[0], where)) else None

    def instruction(self, a: int) -> int | None:
        """How many elements of the old RUN the next instruction takes up: a WORKDIR, or a RUN that begins."""
        y = self.ys[self.now] if self.now < len(self.ys) else None
        if y is None:
            return None
        self.now += 1
        if y.kind == "directory":
            return self.directory(y, a)
        if y.kind != "run" or y.body is None or y.body.alone or y.body.shell is None:
            return None
        names = (set(self.x.fields) | set(y.fields)) - {"directory"}
        if any(self.x.fields.get(name) != y.fields.get(name) for name in names):
            return None
        self.new = elements_of(y)
        self.b = self.settings
        if self.new[: self.b] != self.old[: self.b] or len(self.new) == self.b:
            return None
        if self.done:
            left = [element for element in self.old[a:] if _destination(element) is None]
            if divisible(self.x, (*self.done, *left), len(self.done)) is not None:
                return None
            if not self.forms.neutral.use("layer-border"):
                return None
        self.run = y
        return 0

    def directory(self, y: Effect, a: int) -> int | None:
        """A WORKDIR for where the next command runs; it may stand for ``mkdir`` and ``cd``."""
        path = text_of(y.fields["path"])  # type: ignore[arg-type]
        if path is None or mounted_over(self.x, [path]):
            return None
        made = self.made(a)
        if made is not None and made == path:
            self.here = (made,)
            return 2
        return 0 if self.here == (path,) or self.early(path, a) else None

    def early(self, path: str, a: int) -> bool:
        """True if the next ``cd`` leads to *path*, which is there already, or nothing ahead of ``mkdir`` can make."""
        at = next((n for n in range(a, len(self.old)) if _destination(self.old[n]) is not None), None)
        if at is None or self.moved(self.old[at]) != (path,):
            return False
        if self.there(path):
            return True
        if all(_of_shell(form) for form in self.old[a:at]):
            return True
        ahead = self.old[a : at - 1]
        packages = any(form[0] == CMD and Call(form[2]).program not in _BY_PATH for form in ahead)
        if at == a or self.made(at - 1) != path or (packages and "-p" in self.old[at - 1][2]):
            return False
        return all(anywhere(form) and (path not in form[2]) for form in ahead)

    def there(self, path: str) -> bool:
        """True if the folder *path* is there when the RUN begins."""
        assert self.x.stage is not None
        image = self.x.stage.image
        if path in _FOLDERS and image is not None and starts_in(image) is not None:
            return True
        made = [text_of(e.fields["path"]) for e in below(self.x) if e.kind == "directory"]  # type: ignore[arg-type]
        return any(folder is not None and f"{folder}/".startswith(f"{path}/") for folder in made)

    def made(self, a: int) -> str | None:
        """The folder that the element *a* makes and the next one enters, if WORKDIR makes it in the same way."""
        if a + 1 >= len(self.old):
            return None
        form, word = self.old[a], _destination(self.old[a + 1])
        if form[0] != CMD or form[1] or form[3] or form[2][:1] != ("mkdir",) or word is None:
            return None
        if form[2][1:] not in ((word,), ("-p", word)):
            return None
        place = self.moved(self.old[a + 1])
        path = text_of(place) if place is not None else None
        if path is None or f"{path}/".startswith(_GROUPED) or self.x.fields["mounts"] or not _by_root(self.x):
            return None
        # the mode of what is made, and its group, are what is set by nobody
        if _GROUPING.search(self.x.body.text if self.x.body is not None else "") or any(
            effect.body is not None and _GROUPING.search(effect.body.text) for effect in below(self.x)
        ):
            return None
        return path if all(stateless(element) for element in self.done) else None

    def moved(self, element: Form) -> Value | None:
        """Where ``cd`` leads to from ``here``."""
        word = _destination(element)
        assert word is not None
        path = glob_text(word)
        if path is None:
            path = self.known(word)
        if not path or path[:1] in "-~" or "*" in path:
            return None
        if path[:1] != "/":
            folder = text_of(self.here) if self.here is not None else None
            if folder is None:
                return None
            path = f"{folder}/{path}"
        return (clean(path),)

    def known(self, word: Word) -> str | None:
        """The text of *word* where the file says what its variables hold, and nothing in the RUN changes that."""
        assert self.x.stage is not None
        if not all(stateless(element) for element in self.done):
            return None
        values = bound(self.x.stage, self.x.seen)
        pieces: list[str] = []
        for part in word:
            text = part[1] if part[0] == LITERAL and type(part[1]) is str else None
            if part == (GLOB, "~"):
                text = self.value("HOME", values)
            elif part[0] == VARIABLE and not part[3]:
                text = self.value(part[2], values)
            if text is None or (part[0] != LITERAL and not PLAIN.fullmatch(text)):
                return None
            pieces.append(text)
        return "".join(pieces)

    def value(self, name: str, values: dict[str, tuple[str, Value | None]]) -> str | None:
        """What the variable *name* holds, set by ENV or by an official image."""
        if name in values:
            kind, value = values[name]
            return text_of(value) if kind == "ENV" and value is not None else None
        found = variable(self.x, name)
        return found[0] if found is not None and found[1] else None

    def anywhere(self, form: Form, last: bool) -> bool:
        """True if *form* does the same where it runs now as ``here``."""
        assert self.run is not None
        folder = text_of(self.run.fields["directory"])  # type: ignore[arg-type]
        if folder is None or not anywhere(form):
            return False
        call = Call(form[2])
        if call.name in ("rm", "rmdir", "mv"):
            gone = [str(text).rstrip("/*") + "/" for text in map(glob_text, call.operands)]
            self.gone = any(f"{folder}/".startswith(path) for path in gone)
        # a program that is started in a folder which is gone may fail
        return last or not self.gone

    def given_back(self, y: Effect) -> bool:
        """True if *y* leads back to where *x* began, and that is there."""
        if y.kind != "directory" or y.fields["path"] != self.x.fields["directory"]:
            return False
        assert self.x.stage is not None
        path = text_of(y.fields["path"])  # type: ignore[arg-type]
        image = self.x.stage.image
        if path == "/" or (image is not None and path == starts_in(image)):
            return True
        return any(e.kind == "directory" and e.fields["path"] == y.fields["path"] for e in below(self.x))


def _elements(x: Effect) -> tuple[Form, ...]:
    """The elements of an and-list, and of one behind ``cd X;``."""
    assert x.body is not None
    form = x.body.form
    if form[0] != SCRIPT or len(form[1]) < 2 or _destination(form[1][0][0]) is None or form[1][0][1]:
        return elements_of(x)
    rest = form[1][1:]
    if len(rest) > 1 or rest[0][1]:
        return (form[1][0][0], (SCRIPT, rest))
    return (form[1][0][0], *and_list(rest[0][0]))


def _stays(form: Form) -> bool:
    """True if *form* leaves the shell in the directory in which it is."""
    if form[0] in (FUNCTION, RAW):
        return form[0] == RAW and form[1] in ("test", "arith")
    if form[0] == CMD:
        return not form[2] or _of_shell(form) or stateless(form)
    if (form[0] == PIPE and len(form[3]) > 1) or (form[0] == GROUP and form[1] == "subshell"):
        return True
    return all(_stays(part) for part in _inside(form))


def _inside(form: Form) -> Iterator[Form]:
    """The forms of commands and lists directly in *form*."""
    if form[0] == SCRIPT:
        yield from (node for node, _ in form[1])
    elif form[0] == ANDOR:
        yield from form[1]
    elif form[0] == PIPE:
        yield from form[3]
    else:
        yield from (part[1] for part in form[2] if type(part) is tuple and part[:1] == (BODY,))


def _of_shell(form: Form) -> bool:
    """True for what changes variables and settings of the shell alone."""
    if form[0] != CMD or form[3] or (form[2] and form[2][0] not in _OWN):
        return False
    return not _substitutes(form)


def _substitutes(form: object) -> bool:
    if type(form) is not tuple or not form:
        return False
    return form[0] == SUBSTITUTION or any(_substitutes(part) for part in form)


def below(x: Effect) -> list[Effect]:
    """What comes before *x* in its stage and in those below it."""
    assert x.stage is not None
    found: list[Effect] = []
    for stage in x.stage.chain():
        found += stage.effects[: x.position] if stage is x.stage else stage.effects
    return found


def _destination(form: Form) -> Word | None:
    """The operand of a plain ``cd``."""
    if form[0] != CMD or form[1] or form[3] or len(form[2]) != 2 or form[2][0] != "cd":
        return None
    word: Word = form[2][1]
    return word


def _setting(form: Form) -> bool:
    """True for ``set -ex`` and the like."""
    if form[0] != CMD or form[1] or form[3] or len(form[2]) < 2 or form[2][0] != "set":
        return False
    return all(type(word) is str and _SETTINGS.fullmatch(word) for word in form[2][1:])


def _by_root(x: Effect) -> bool:
    """True if *x* runs as root."""
    user = x.fields["user"]
    if user is not None:
        return user in BY_ROOT
    assert x.stage is not None
    image = x.stage.image
    return image is not None and starts_in(image) is not None


def anywhere(form: Form) -> bool:
    """True if *form* does the same in every directory."""
    if _of_shell(form):
        return True
    if form[0] != CMD or form[1] or form[3] or not form[2]:
        return False
    call = Call(form[2])
    texts = [glob_text(word) for word in call.operands]
    if call.at or None in texts:
        return False
    operands = [text for text in texts if text is not None and text[:1] != "-"]
    if call.program in _BY_PATH:
        paths = operands[1:] if call.program in _FIRST_IS_NO_PATH else operands
        return bool(paths) and all(path[:1] == "/" for path in paths)
    if any(call.name in names for names in FAMILIES.values()):
        if any("/" in text or "*" in text or text.endswith((".apk", ".deb", ".rpm")) for text in operands):
            return False
        return call.sub in _BY_NAME
    return call.words in (("ldconfig",), ("true",), ("update-ca-certificates",))
