"""``echo a | tee b`` against ``echo a > b``: the same file, the same status, and a text less in the log.

echo cannot fail but where its text cannot be written, which tee finds as well. What the pipe would hide is left alone:
expansions that end a shell, and options with which more of them do, or with which files are not written over.
"""

from __future__ import annotations

from dlinter.proof.normal import CMD, GLOB, LITERAL, PIPE, SUBSTITUTION, VARIABLE, commands, has_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.body import Body
    from dlinter.proof.neutral import Where
    from dlinter.proof.normal import Form, Word


def written_directly(a: Form, b: Form, where: Where) -> bool:
    """True if *a* is a pipe of echo and tee, and *b* the same echo whose output goes to tee's file."""
    if a[0] != PIPE or b[0] != CMD or a[1] or a[2] or len(a[3]) != 2 or a[4] != ("|",):
        return False
    run = where.after
    if where.captured or run is None or run.body is None or run.body.shell is None or not _ordinary(run.body):
        return False
    echo, tee = a[3]
    if echo[0] != CMD or tee[0] != CMD or echo[1] or echo[3] or tee[1] or b[1]:
        return False
    if tee[3] not in ((), (("", ">", "/dev/null", None),), (("1", ">", "/dev/null", None),)):
        return False
    words = list(tee[2])
    if words[:1] != ["tee"] or echo[2][:1] != ("echo",) or not all(map(_harmless, echo[2])):
        return False
    append = words[1:2] in (["-a"], ["--append"])
    names = words[2:] if append else words[1:]
    if len(names) != 1 or not _is_file(names[0]) or _mentions(echo[2], names[0]):
        return False
    return bool(b[2] == echo[2] and b[3] == (("", ">>" if append else ">", names[0], None),))


def _ordinary(body: Body) -> bool:
    """True if the shell has neither options nor functions with which the two would differ."""
    if any(word[:1] == "-" and {"u", "C"} & set(word) for word in body.shell or ()) or "nounset" in (body.shell or ()):
        return False
    if has_function(body.form):
        return False
    for command in commands(body.form):
        name, *rest = command[2] or ("",)
        if name == "set" and any(type(w) is not str or {"u", "C"} & set(w) or w == "noclobber" for w in rest):
            return False
        if name in ("exec", "alias", "shopt", "enable", "eval", ".", "source"):
            return False
    return True


def _harmless(word: Word) -> bool:
    """True for a word of which no expansion ends a shell or changes it."""
    if type(word) is str:
        return True
    for part in word:
        if part[0] not in (LITERAL, GLOB, VARIABLE, SUBSTITUTION):
            return False
        if part[0] == VARIABLE and (part[3] or part[5]):
            return False
        if part[0] == SUBSTITUTION and part[2] != "$(":
            return False
    return True


def _is_file(word: Word) -> bool:
    if isinstance(word, str):
        return bool(word) and not word.startswith(("-", "/dev/", "/proc/"))
    return len(word) == 2 and word[0] == (GLOB, "~") and word[1][0] == LITERAL and bool(word[1][1][:1] == "/")


def _mentions(words: tuple[Word, ...], file: Word) -> bool:
    """True if a substitution in *words* may read the file."""
    name = file if type(file) is str else file[1][1]
    base = name.rpartition("/")[2]
    return any(
        part[0] == SUBSTITUTION and base in repr(part[3]) for word in words if type(word) is tuple for part in word
    )
