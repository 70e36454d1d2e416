"""Whether a program that a RUN called can be called once more at its end."""

from __future__ import annotations

from dlinter.proof.body import VERBATIM
from dlinter.proof.calls import Call, calls_of, glob_text
from dlinter.proof.normal import GROUP, LITERAL
from dlinter.proof.tables import FAMILIES, VALUED, listed
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.body import Body
    from dlinter.proof.normal import Word

#: sub-commands that take packages out again
_REMOVING = listed("purge remove autoremove autopurge del erase uninstall rm unlink")
_MANAGERS = VALUED.keys() | {"yarn", "dpkg", "rpm", "pkg", "brew"}
#: folders whose loss takes no program away
_NO_PROGRAMS = re.compile(
    r"(?![/~$])(?!.*\.\.)|/(?:tmp|var|srv|app|src|data|usr/src|usr/share/(?:doc|man)|root/\.(?:cache|npm))(?:/|\Z)"
)

#: folders where the programs of the distribution are
_SYSTEM = re.compile(
    r"/(?:\*|\Z|(?:usr|etc)(?:/?\Z|/\*)|usr/(?:s?bin|lib|local)|s?bin|lib|etc/(?:apt|apk|yum|dnf|sudo))|[~$]|.*\.\."
)


def still_there(body: Body | None, last: Call | None, program: Call) -> bool:
    """True if *program* can still be called at the end of *body*, as it was in the call *last* (None: as any before).

    Packages may have been removed since, files deleted, the directory changed.
    """
    if body is None or body.form[0] == VERBATIM:
        return False
    name = program.wrappers[0] if last is None and program.wrappers else program.name
    calls = [call for call, _ in calls_of(body)]
    words = [] if last is None else [number for number, call in enumerate(calls) if call.words == last.words]
    relative = "/" in program.program.lstrip("/") or program.at > len(program.wrappers)
    if relative and (_has_subshell(body.form) or not words):
        return False
    for call in calls[words[-1] + 1 if words else 0 :]:
        if call.words == program.words:
            break
        family = next((members for members in FAMILIES.values() if name in members), frozenset({name}))
        if call.sub in _REMOVING and call.name in _MANAGERS and call.name not in family:
            return False
        deleting = call.name in ("rm", "mv", "find", "shred", "unlink", "deluser", "userdel")
        gone = call.operands[:-1] if call.name == "mv" else call.operands
        if deleting and any(_takes_away(word, name) for word in gone):
            return False
        if call.name == "mv" and glob_text(call.operands[-1]) in (f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
            return False
        if call.name in ("export", "unset", ".", "source", "eval") or (
            relative and call.name in ("cd", "pushd", "popd")
        ):
            return False
    return True


def _takes_away(word: Word, name: str) -> bool:
    """True if the removal of *word* may take the program *name* away."""
    text = glob_text(word)
    if text is None:
        # a name that goes on with a variable
        first = word[0]
        text = first[1] + "*" if first[0] == LITERAL and not first[1].startswith(".") else "*"
        if type(text) is not str or text == "*":
            return True
    if text[:1] == "-":
        return False
    stem = text.rpartition("/")[2].partition(".")[0].partition("*")[0]
    if name == "sudo" or any(name in members for members in FAMILIES.values()):
        return _SYSTEM.match(text) is not None or stem == name or text == "*"
    return not _NO_PROGRAMS.match(text) or stem == name or ("*" in text and "/" not in text and name.startswith(stem))


def _has_subshell(form: object) -> bool:
    if type(form) is not tuple or not form:
        return False
    return form[:2] == (GROUP, "subshell") or any(_has_subshell(part) for part in form)
