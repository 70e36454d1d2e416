"""Whether ADD can have unpacked what it brings: an archive would be a folder where the file itself is used later.

An archive that ADD unpacks makes its destination a folder; where a file stands there already, the build ends
(BuildKit, solver/llbsolver/file/unpack.go). So a step that could not do its work on a folder shows that the source is
none. Which programs cannot was tried out with GNU's and with BusyBox's; ``sh FOLDER`` and ``. FOLDER`` succeed.
"""

from __future__ import annotations

from dlinter.proof.body import VERBATIM
from dlinter.proof.calls import Call, calls_of, deciding
from dlinter.proof.installed import file_before, runs_command
from dlinter.proof.normal import ANDOR, CMD, LITERAL
from dlinter.proof.paths import clean
from dlinter.proof.tables import listed
from dlinter.proof.words import text_of
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.proof.body import Body
    from dlinter.proof.build import Build
    from dlinter.proof.normal import Word
    from dlinter.proof.state import Effect, Stage

#: programs that fail when a file among their operands is a folder
_READERS = listed(
    "awk bunzip2 cat cp dpkg gpg gunzip gzip head java md5sum perl pip rm sed sha1sum sha256sum sha512sum tail tar tee "
    "truncate unzip wc"
)
#: options without which some of them do not read it
_NEEDS = {
    "dpkg": re.compile(r"-i|--install"),
    "gpg": re.compile(r"--import"),
    "java": re.compile(r"-jar"),
    "pip": re.compile(r"-[a-zA-Z]*r|--requirement"),
    "sed": re.compile(r"-i.*|-[nErsz]+i.*|--in-place.*"),
    "tar": re.compile(r"-?[a-zA-Z]*f|--file"),
}
#: those whose option is followed by the file
_VALUES = listed("pip tar java gpg")
#: options with which some of them take folders, and which
_RECURSIVE = re.compile(r"-[a-zA-Z]*[rRadt][a-zA-Z]*|--(?:recursive|archive|dir|target-directory.*)")
_ALSO_FOLDERS = listed("cp dpkg gunzip gzip rm")
#: programs that leave a folder a folder, whatever they do with it
_HARMLESS = (_READERS - {"rm"}) | listed(
    "[ bash chgrp chmod chown cd dash dos2unix echo exec grep ln ls mkdir printf sh stat test touch useradd usermod"
)
#: programs that take things away, or put others in their place
_MOVING = listed("find mv rename rm rmdir rsync shred unlink")

#: programs that run what their operands name
_INITS = listed("tini dumb-init catatonit my_init")


def files_alone(build: Build, effect: Effect) -> bool:
    """True if no source of the ADD *effect* can be an archive that it unpacks, going by the rest of the file.

    Each source is a folder of the context, as another step takes something out of it; or the only source is used as a
    file in the place where an archive would have become a folder.
    """
    written = [source for source in effect.fields["sources"] if source[:1] != ("\0heredoc",)]  # type: ignore[attr-defined]
    sources = [text_of(source) for source in written]
    if any(source is None or re.search(r"[*?\[\\]", source) for source in sources):
        return False
    known = [clean("/" + source) for source in sources if source is not None]
    folders = set(_folders(effect))
    if all(source == "/" or source in folders for source in known):
        return True
    place = effect.fields["destination"]
    path = text_of(place)  # type: ignore[arg-type]
    return len(known) == 1 and path is not None and path != "/" and _used_as_file(build, effect, path)


def _folders(effect: Effect) -> Iterator[str]:
    """The folders of the build context out of which the stage, or one that it is built on, takes something."""
    for stage in effect.stage.chain() if effect.stage is not None else ():
        for each in stage.effects:
            if each.kind != "copy" or "--from" in each.fields:
                continue
            for source in each.fields["sources"]:  # type: ignore[attr-defined]
                text = text_of(source) if source[:1] != ("\0heredoc",) else None
                if text is None or re.search(r"[*?\[\\]|\A[a-z+]+://|\Agit@", text):
                    continue
                folder = clean("/" + text).rpartition("/")[0]
                while folder:
                    yield folder
                    folder = folder.rpartition("/")[0]


def _used_as_file(build: Build, effect: Effect, path: str) -> bool:
    """True if *path* is a file before *effect*, or what lies there afterwards is run or read as one.

    Only what the stage itself does counts, and what the last stage does or starts, if that is built on it.
    """
    stage = effect.stage
    assert stage is not None
    if "--link" not in effect.fields and file_before(effect, path):
        return True
    last = build.stages[-1]
    chain = list(last.chain())[::-1]
    line = chain[chain.index(stage) :] if stage in chain else [stage]
    for each in line:
        for later in each.effects[effect.position + 1 :] if each is stage else each.effects:
            verdict = _verdict(later, path)
            if verdict is not None:
                return verdict
    return line[-1] is last and _started(last, path)


def _verdict(step: Effect, path: str) -> bool | None:
    """True if *step* shows that *path* is a file, False if something else may be there after it, None if neither."""
    if step.kind == "copy":
        # no file takes the place of a folder (fsutil, copy.go), unless both lie in layers of their own
        return False if "--link" in step.fields else None
    body = step.body
    if step.kind != "run" or body is None:
        return False if step.kind == "unknown" else None
    for mount in step.fields["mounts"]:  # type: ignore[attr-defined]
        target = text_of(dict(mount).get("target", ())) if mount[:1] != ("\0text",) else None
        if target is None or target == "/" or (path + "/").startswith(target.rstrip("/") + "/"):
            return False
    if body.shell is not None and body.form[0] == VERBATIM:
        return False if path.rpartition("/")[2] in body.text else None
    sure = {id(command) for command in deciding(body.form, body.errexit)} if body.shell is not None else None
    folder = text_of(step.fields["directory"])  # type: ignore[arg-type]
    for call, command in calls_of(body):
        if (sure is None or id(command) in sure) and _reads(call, path, folder):
            return True
        if replaces(call, path, folder):
            return False
        if call.name in ("cd", "pushd", "popd"):
            folder = None
    return None


def touched(step: Effect, path: str) -> bool:
    """True if something else may be at *path* after *step* than before."""
    if _verdict(step, path) is False:
        return True
    return step.body is not None and any(replaces(call, path, None) for call, _ in calls_of(step.body))


def _path(word: Word, folder: str | None) -> str | None:
    """The absolute path that *word* names, seen from *folder*; None if that is not fixed."""
    if type(word) is not str or not word:
        return None
    if word[0] == "/":
        return clean(word)
    return None if folder is None or word[0] in "-~" else clean(f"{folder}/{word}")


def _runs(call: Call, path: str, folder: str | None) -> bool:
    """True if *call* runs the file *path* itself, or has bash read it."""
    if "xargs" in call.wrappers:
        return False
    if "/" in call.program and _path(call.program, folder) == path:
        return True
    if call.name != "bash":
        return False
    operands = [word for word in call.operands if type(word) is not str or not re.match(r"[-+][a-z]+\Z", word)]
    flags = "".join(word for word in call.operands[: len(call.operands) - len(operands)] if type(word) is str)
    return bool(operands) and not re.search("[cosO]", flags) and _path(operands[0], folder) == path


def _reads(call: Call, path: str, folder: str | None) -> bool:
    """True if *call* cannot succeed where *path* is a folder."""
    if _runs(call, path, folder):
        return True
    name = call.name
    if name not in _READERS or "xargs" in call.wrappers:
        return False
    words = call.operands
    options = [word for word in words if type(word) is str and word[:1] == "-"]
    if len(options) + sum(type(word) is str and word[:1] != "-" for word in words) < len(words):
        return False
    recursive = any(_RECURSIVE.fullmatch(word) for word in options)
    operands = words[:-1] if name == "cp" else words
    found = [number for number, word in enumerate(operands) if _path(word, folder) == path]
    if not found or (recursive and name in _ALSO_FOLDERS):
        return False
    needed = _NEEDS.get(name)
    if name in _VALUES:
        # the file is the value of the option
        before = words[found[0] - 1] if found[0] else ""
        return needed is not None and type(before) is str and needed.fullmatch(before) is not None
    if name == "perl":
        return found[0] == 0
    if name == "unzip":
        # it looks for FOLDER.zip, too
        return path.endswith((".zip", ".jar", ".war"))
    return needed is None or any(needed.fullmatch(word) for word in options)


def replaces(call: Call, path: str, folder: str | None) -> bool:
    """True if something else may be at *path* after *call*, whose relative paths start at *folder*."""
    name = call.name
    if name in _HARMLESS:
        return False
    words = call.operands[:-1] if name == "mv" else call.operands
    if name in _MOVING:
        searching = name == "find"
        if searching and {"-delete", "-execdir", "rm", "mv"}.isdisjoint(w for w in words if type(w) is str):
            return False
        return "xargs" in call.wrappers or any(_names(word, path, folder, searching) for word in words)
    last = path.rpartition("/")[2]
    return any(last in re.split("[/=:,]", _pattern(word)) for word in call.words)


def _pattern(word: Word) -> str:
    """*word* as a text in which ``*`` stands for everything that is not fixed."""
    if type(word) is str:
        return word
    return "".join(part[1] if part[0] == LITERAL and "*" not in part[1] else "*" for part in word)


def _names(word: Word, path: str, folder: str | None, inside: bool) -> bool:
    """True if *word* may name *path* or a folder above it; with *inside*, the root is one."""
    text = _pattern(word)
    if text[:1] == "-":
        return False
    if ".." in text.split("/") or text in (".", "./", "*"):
        return folder is None or ".." in text or folder == "/" or (path + "/").startswith(folder + "/")
    absolute = text[:1] == "/"
    wanted = clean(text) if absolute else text.removeprefix("./").rstrip("/")
    expression = ".*".join(map(re.escape, wanted.split("*")))
    if not absolute and folder is not None and text[:1] != "*":
        expression = re.escape(folder.rstrip("/") + "/") + expression
    elif not absolute:
        expression = ".*/" + expression
    above = [path]
    while above[-1]:
        above.append(above[-1].rpartition("/")[0])
    return any(re.fullmatch(expression, each or "/") for each in (above if inside else above[:-1]))


def _started(stage: Stage, path: str) -> bool:
    """True if the image that *stage* is starts by running *path*: as a folder it could not be started at all."""
    entry = next((each.config["entrypoint"] for each in stage.chain() if "entrypoint" in each.config), None)
    command = next((each.config["command"] for each in stage.chain() if "command" in each.config), None)
    first: Body | None = entry if entry is not None else command
    if first is None:
        return False
    if entry is None and not runs_command(stage):
        return False
    folder = text_of(stage.workdir)
    if first.shell is None:
        words = first.words
        if entry is not None and command is not None and command.shell is None:
            words = (*words, *command.words)
        while words[:1] and words[0].rpartition("/")[2] in _INITS:
            rest = words[1:]
            while rest[:1] and rest[0][:1] == "-":
                rest = rest[1:]
            words = rest
        return bool(words) and _runs(Call(words), path, folder)
    form = first.form
    while form[0] == ANDOR and form[2][0] == "&&":
        form = form[1][0]
    return form[0] == CMD and bool(form[2]) and _runs(Call(form[2]), path, folder)
