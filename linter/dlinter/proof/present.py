"""Whether a program that a RUN called can be called once more at its end."""

from __future__ import annotations

import re

from dlinter.proof.body import VERBATIM
from dlinter.proof.calls import Call, calls_of, glob_text
from dlinter.proof.normal import GROUP
from dlinter.proof.tables import FAMILIES, VALUED, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.body import Body

#: sub-commands that take packages out again
_REMOVING = listed("purge remove autoremove autopurge del erase uninstall rm unlink")
_MANAGERS = VALUED.keys() | {"yarn", "dpkg", "rpm", "pkg", "brew"}
#: folders whose loss takes no program away
_NO_PROGRAMS = re.compile(
    r"(?![/~$])(?!.*\.\.)|/(?:tmp|var|srv|app|src|data|usr/src|usr/share/(?:doc|man)|root/\.(?:cache|npm))(?:/|\Z)"
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
        if call.name in ("rm", "mv", "find", "shred", "unlink", "deluser", "userdel"):
            texts = [glob_text(word) for word in call.operands]
            if any(text is None or name in text or not _NO_PROGRAMS.match(text) for text in texts):
                return False
        if call.name in ("export", "unset", ".", "source", "eval") or (
            relative and call.name in ("cd", "pushd", "popd")
        ):
            return False
    return True


def _has_subshell(form: object) -> bool:
    if type(form) is not tuple or not form:
        return False
    return form[:2] == (GROUP, "subshell") or any(_has_subshell(part) for part in form)
