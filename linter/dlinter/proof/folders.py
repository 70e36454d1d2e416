"""Folders that are surely there when a RUN begins, so that ``cd`` cannot fail."""

from __future__ import annotations

from dlinter.proof.assigned import assigned, set_unseen
from dlinter.proof.body import VERBATIM
from dlinter.proof.calls import calls_in, glob_text
from dlinter.proof.known import base_shell, debian_based
from dlinter.proof.normal import ANDOR, CMD, SCRIPT, SUBSTITUTION, VARIABLE, has_function, parts_of
from dlinter.proof.state import BY_ROOT
from dlinter.proof.tables import listed
from dlinter.proof.words import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.normal import Form, Word
    from dlinter.proof.state import Effect, Stage

#: in the images of Debian, Ubuntu, Alpine, CentOS, Fedora and those built on them (base-files, alpine-baselayout,
#: filesystem); of Alpine's, those of every release
_EVERYWHERE = listed(
    "/ /bin /dev /etc /home /lib /mnt /sbin /srv /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin "
    "/usr/sbin /usr/share /var /var/cache /var/lib /var/log /var/tmp /root"
)
_GNU = listed("/opt /usr/src")
_RPM = listed("/etc/yum.repos.d")
_TAKING_AWAY = listed("rm rmdir mv unlink find ln umount rsync shred")


def enters(form: Form, run: Effect | None) -> bool:
    """True if *form* is a ``cd`` that cannot fail in *run*."""
    if form[0] != CMD or form[1] or form[3] or len(form[2]) != 2 or form[2][0] != "cd" or run is None:
        return False
    path = form[2][1]
    if type(path) is not str or not path.startswith("/") or "//" in path or "/." in path:
        return False
    return there(path.rstrip("/") or "/", run, form)


def there(path: str, run: Effect, part: Form) -> bool:
    """True if the folder *path* is surely there, for its user to enter, when *run* comes to its *part*."""
    stage = run.stage
    if stage is None or run.body is None or run.body.form[0] == VERBATIM or run.fields["mounts"]:
        return False
    if path == "/root" and run.fields["user"] not in (None, *BY_ROOT):
        return False
    if has_function(run.body.form):
        return False
    if any(_takes_away(path, item, run.body.form) for item in _until(run.body.form, part)):
        return False
    return _left(path, stage)[run.position]


def _left(path: str, stage: Stage) -> list[bool]:
    """Whether the folder *path* is surely there before each effect of *stage*, and at its end."""
    key = ("folder", path)
    if key not in stage.told:
        parent = stage.parent
        there = _left(path, parent)[-1] if parent is not None else _of_base(path, stage)
        found = [there, there]
        for effect in stage.effects[1:]:
            if effect.kind in ("unknown", "trigger"):
                there = False
            elif _makes(path, effect):
                there = True
            elif effect.kind in ("run", "copy"):
                there = there and not (_taken_away if effect.kind == "run" else _over)(path, effect)
            found.append(there)
        stage.told[key] = found
    answers: list[bool] = stage.told[key]
    return answers


def _of_base(path: str, stage: Stage) -> bool:
    shell = base_shell(stage)
    if not shell:
        return False
    rpm = shell == "bash"
    return path in _EVERYWHERE or (path in _GNU and (debian_based(stage) or rpm)) or (path in _RPM and rpm)


def _makes(path: str, effect: Effect) -> bool:
    """True if *effect* is a WORKDIR or a COPY that makes the folder *path*."""
    if effect.kind == "directory":
        made = effect.fields["path"]
        text = text_of(made) if isinstance(made, tuple) else None
        return text is not None and (text.rstrip("/") + "/").startswith(path.rstrip("/") + "/")
    if effect.kind != "copy" or "--chmod" in effect.fields or "--from" in effect.fields:
        return False
    place, sources = effect.fields["destination"], effect.fields["sources"]
    if not isinstance(place, tuple) or not isinstance(sources, tuple):
        return False
    folder = place[-1:] == ("\0/",) or len(sources) > 1 or sources in (((".",),), (("./",),))
    text = effect.place
    return folder and text is not None and (text.rstrip("/") + "/").startswith(path.rstrip("/") + "/")


def _over(path: str, effect: Effect) -> bool:
    """True if the copy may have put something else in the place of *path*, or of a folder it lies in."""
    text = effect.place
    return text is None or (path + "/").startswith(text.rstrip("/") + "/")


def _until(form: Form, part: Form) -> list[Form]:
    """The elements of *form* up to the last one that *part* is in."""
    items: list[Form] = []
    for node, _ in form[1] if form[0] == SCRIPT else ((form, False),):
        items += node[1] if node[0] == ANDOR else (node,)
    last = max((at for at, item in enumerate(items) if part in parts_of(item)), default=len(items))
    return items[: last + 1]


def _taken_away(path: str, run: Effect) -> bool:
    """True if *run* may take the folder away, or one that it lies in."""
    body = run.body
    if body is None:
        return False
    if body.shell is None:
        return _takes_away(path, (CMD, (), body.words, ()), body.form)
    return bool(body.form[0] == VERBATIM) or _takes_away(path, body.form, body.form)


def _takes_away(path: str, form: Form, whole: Form) -> bool:
    """True if *form*, a part of the script *whole*, may."""
    for call, _ in calls_in(form):
        if call.name not in _TAKING_AWAY:
            continue
        for word in call.operands:
            text = glob_text(word)
            if text is None and _temporary(word, whole):
                continue
            if text is None or (text[:1] not in "/-" and path not in _EVERYWHERE | _GNU | _RPM):
                return True
            text = text.rstrip("/") or "/"
            if text[:1] == "/" and (
                (path + "/").startswith(text + "/") or ("*" in text and path.startswith(text.split("*")[0]))
            ):
                return True
    return False


def _temporary(word: Word, whole: Form) -> bool:
    """True for a variable to which *whole* gives nothing but names of temporary files that are made for it."""
    if type(word) is not tuple or len(word) != 1 or word[0][0] != VARIABLE or word[0][3]:
        return False
    name = word[0][2]
    if not name.isidentifier() or set_unseen(whole, name):
        return False
    values = list(assigned(whole, name))
    return bool(values) and all(
        type(value) is tuple
        and len(value) == 1
        and value[0][0] == SUBSTITUTION
        and value[0][3] in ((CMD, (), ("mktemp", "-d"), ()), (CMD, (), ("mktemp",), ()))
        for value in values
    )
