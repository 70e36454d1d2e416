"""The neutral changes that concern whole instructions: moved, joined, or said in another way."""

from __future__ import annotations

from dlinter.proof.body import Body
from dlinter.proof.calls import (
    Call,
    glob_text,
)
from dlinter.proof.copies import Copies
from dlinter.proof.later import cache_mount_harmless
from dlinter.proof.neutral import Neutral, Where
from dlinter.proof.normal import CMD, commands, has_function
from dlinter.proof.places import entered
from dlinter.proof.purpose import PURPOSE
from dlinter.proof.shellstate import divisible, leaves_behind
from dlinter.proof.tables import (
    FAMILIES,
    listed,
)
from dlinter.proof.words import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.context import Context
    from dlinter.proof.forms import Forms
    from dlinter.proof.normal import Form
    from dlinter.proof.state import Effect

#: what apt reads: configuration, sources, keys, lists
_APT_FOLDERS = ("/etc/apt/", "/var/lib/apt/", "/var/cache/apt/", "/usr/share/keyrings/", "/usr/lib/apt/", "/usr/bin/")
#: commands after which the end of a script is not reached, or not in the ordinary way
_LEAVING = listed("exit exec return trap eval source . break continue kill alias")


class Moves:
    """What may differ between two effects, or between several of them. ``waiting`` is what was taken out of its place
    and has not come back yet."""

    __slots__ = ("absorbable", "announced", "copies", "forms", "neutral", "waiting")

    def __init__(self, neutral: Neutral, forms: Forms, context: Context | None) -> None:
        self.neutral = neutral
        self.forms = forms
        self.copies = Copies(neutral, context)
        self.waiting: list[tuple[Effect, Form]] = []
        self.announced: list[Effect] = []
        self.absorbable: list[Form] = []
        forms.extra = self.extra_command

    # -- one effect against another -------------------------------------------------------------------------------

    def fields(self, x: Effect, y: Effect) -> list[str]:
        """The names of the fields in which *x* and *y* differ, but for admitted changes."""
        if x.kind != y.kind:
            return ["kind"]
        if x.fields == y.fields:
            return []
        names = [name for name in [*x.fields, *y.fields] if x.fields.get(name) != y.fields.get(name)]
        return [name for name in dict.fromkeys(names) if not self.allowed(x, y, name)]

    def allowed(self, x: Effect, y: Effect, name: str) -> bool:
        neutral = self.neutral
        old, new = x.fields.get(name), y.fields.get(name)
        if name == "written" and x.kind == "directory":
            # the same place said in another way; where it is not the same place, "path" differs too
            return text_of(y.fields["path"]) is not None and neutral.use("same-directory")  # type: ignore[arg-type]
        if name == "image" and x.kind == "base":
            base = text_of(new)  # type: ignore[arg-type]
            return base in neutral.purpose.bases and neutral.use(f"{PURPOSE}base={base}")
        if name == "mounts":
            return self.mounts(x, y)
        if name == "user":
            assert y.stage is not None
            return self.neutral.same_user(old, new, y.stage, y)
        if name == "shell" and x.kind == "run":
            return self.neutral.other_shell(old, new)
        if name == "instruction" and x.kind == "copy" and (old, new) == ("ADD", "COPY"):
            return self.copies.add_is_copy(x) and neutral.use("add-is-copy")
        if name == "instruction" and x.kind == "trigger" and (old, new) == ("add", "copy"):
            return self.copies.trigger_copies(x) and neutral.use("add-is-copy")
        if name[:2] == "--" and old is None and isinstance(new, tuple):
            texts = {name, *(f"{name}={text_of(v) if isinstance(v, tuple) else v}" for v in new)}
            for text in texts & neutral.purpose.flags:
                if len(new) == 1:
                    return neutral.use(f"{PURPOSE}flag={text}")
        return False

    def mounts(self, x: Effect, y: Effect) -> bool:
        """More mounts than before: caches that nobody misses, or what the fix says."""
        old, new = list(x.fields["mounts"]), list(y.fields["mounts"])  # type: ignore[call-overload]
        names = []
        for mount in new:
            if mount in old:
                old.remove(mount)
                continue
            text = _mount_flag(mount)
            unlocked = tuple(option for option in mount if option != ("sharing", ("locked",)))
            if unlocked != mount and unlocked in old and ("type", ("cache",)) in mount:
                old.remove(unlocked)
                names.append("mount-locked")
            elif text in self.neutral.purpose.flags:
                names.append(f"{PURPOSE}flag={text}")
            elif cache_mount_harmless(self.neutral.after, y, mount):
                names.append("cache-mount")
            else:
                return False
        return not old and all(self.neutral.use(name) for name in names)

    # -- several effects -------------------------------------------------------------------------------------------

    def step(self, xs: list[Effect], ys: list[Effect], i: int, j: int) -> tuple[int, int] | None:
        """How many effects on either side one of the changes here takes up; None if none applies."""
        admitted = self.neutral.admitted
        mark = len(self.neutral.used)
        found = None
        if "lists-refreshed-together" in admitted:
            found = self.refresh(xs, i)
        if found is None and self.waiting and ys[j].kind == xs[i].kind and not self.passes(xs[i]):
            return None
        if found is None and not {"step-moved-up", "copied-again"}.isdisjoint(admitted):
            found = self.copies.moved_up(xs, ys, i, j)
        if found is None and not {"owner-in-copy", "mode-in-copy"}.isdisjoint(admitted):
            found = self.copies.merged_into_copy(xs, ys, i, j)
        if found is None and "same-directory" in admitted:
            found = self.entered(xs, ys, i, j)
        if found is None:
            del self.neutral.used[mark:]
        return found

    def entered(self, xs: list[Effect], ys: list[Effect], i: int, j: int) -> tuple[int, int] | None:
        """A RUN with ``cd``, and what took its place."""
        if xs[i].kind != "run":
            return None
        taken = entered(xs[i], ys, j, xs[i + 1] if i + 1 < len(xs) else None, self.forms)
        return None if taken is None else (1, taken)

    def lost(self, x: Effect) -> bool:
        return False

    def left(self) -> list[Effect]:
        """What was taken out of its place and never came back."""
        return [x for x, _ in self.waiting] + self.announced

    # lists-refreshed-together

    def refresh(self, xs: list[Effect], i: int) -> tuple[int, int] | None:
        """A lone ``apt-get update`` leaves its place; it has to come back at the head of a later RUN."""
        x = xs[i]
        if not any(later.kind == "run" for later in xs[i + 1 :]):
            return None
        if x.kind != "run" or x.body is None or x.body.alone or self.waiting or x.fields["mounts"]:
            return None
        form = x.body.form
        if form[0] != CMD or form[1] or form[3]:
            return None
        call = Call(form[2])
        if call.name not in FAMILIES["apt"] or call.sub != "update" or call.at:
            return None
        if any(type(word) is not str or (word[:1] != "-" and word != "update") for word in call.operands):
            return None
        self.waiting.append((x, form))
        return 1, 0

    def passes(self, x: Effect) -> bool:
        """True if an ``apt-get update`` may move behind *x*, which neither reads nor changes what apt reads."""
        if x.kind in ("directory", "volume"):
            path = text_of(x.fields["path"])  # type: ignore[arg-type]
            return path is not None and not _near(path, _APT_FOLDERS, into_only=True)
        if x.kind == "copy":
            path = x.place
            return path is not None and not _near(path, _APT_FOLDERS)
        return False

    def waited(self, x: Effect, y: Effect, form: Form, index: int, elements: tuple[Form, ...]) -> bool:
        """True if *form*, at the head of the RUN *y*, is the refresh that was taken out before."""
        if not self.waiting or index or self.waiting[0][1] != form or len(elements) < 2:
            return False
        left = self.waiting[0][0]
        assert left.stage is not None
        between = left.stage.effects[left.position + 1 : x.position]
        if not all(self.passes(effect) for effect in between):
            return False
        names = set(left.fields) | set(y.fields)
        if any(left.fields.get(name) != y.fields.get(name) for name in names - {"directory"}):
            return False
        if divisible(y, elements, 1) is not None:
            return False
        self.waiting = self.waiting[1:]
        return self.neutral.use("lists-refreshed-together")

    # deleted-in-place

    def absorb(self, xs: list[Effect], i: int) -> list[Form]:
        """What the RUN behind *i* removes, if that may be done at the end of *i* as well."""
        self.absorbable = []
        if "deleted-in-place" not in self.neutral.admitted or i + 1 >= len(xs) or xs[i + 1].kind != "run":
            return []
        x, following = xs[i], xs[i + 1]
        if x.fields != following.fields or x.body is None or following.body is None or x.fields["mounts"]:
            return []
        form = following.body.form
        if following.body.alone or x.body.alone or x.body.shell is None or form[0] != CMD or form[1] or form[3]:
            return []
        paths = removed_paths(form)
        if paths is None or not ends_ordinarily(x.body):
            return []
        self.absorbable = [form]
        return [form]

    def absorbed(self, offered: list[Form]) -> int | None:
        taken = len(offered) - len(self.absorbable)
        self.absorbable = []
        return taken

    def extra_command(self, form: Form, where: Where) -> str:
        """The change that a command is which only the build after has."""
        if self.absorbable and form == self.absorbable[0] and where.tail and where.fatal == 2:
            self.absorbable = []
            return "deleted-in-place"
        return self.neutral.extra_command(form, where)


def _near(path: str, folders: tuple[str, ...], into_only: bool = False) -> bool:
    """True if *path* is one of *folders*, lies in one, or (unless *into_only*) holds one."""
    path = path.rstrip("/") + "/"
    return any(path.startswith(folder) or (not into_only and folder.startswith(path)) for folder in folders)


def _mount_flag(mount: tuple[tuple[str, object], ...]) -> str:
    """A mount as ``--mount=type=…,target=…``, options in alphabetical order."""
    pieces = []
    for key, value in mount:
        if key == "\0text":
            return ""
        text = text_of(value) if isinstance(value, tuple) else str(value)
        pieces.append(f"{key}={text}")
    return "--mount=" + ",".join(pieces)


def removed_paths(form: Form) -> list[str] | None:
    """The absolute paths that a simple ``rm`` removes."""
    call = Call(form[2])
    if call.name != "rm" or call.at:
        return None
    paths = [glob_text(word) for word in call.operands]
    found = [path for path in paths if path is not None]
    if len(found) != len(paths):
        return None
    found = [path for path in found if path[:1] != "-"]
    return found if found and all(path.startswith("/") for path in found) else None


def ends_ordinarily(body: Body) -> bool:
    """True if what is appended to the script runs when the script succeeds, and finds the programs it would."""
    if has_function(body.form) or leaves_behind(body.form):
        return False
    for command in commands(body.form):
        words = command[2]
        if not words:
            if any(assignment[0] in ("PATH", "IFS") for assignment in command[1]):
                return False
        elif (
            words[0] in _LEAVING
            or type(words[0]) is not str
            or (
                words[0] == "set"
                and "f" in "".join(word for word in words[1:] if type(word) is str and word[:1] == "-")
            )
        ) or (words[0] == "export" and "PATH" in repr(words)):
            return False
    return True
