"""What a step leaves that nobody reads: a downloaded archive, and what lies in a mounted cache anyway."""

from __future__ import annotations

from dlinter.proof.body import VERBATIM
from dlinter.proof.calls import Call, calls_of, glob_text, removal, unconditional
from dlinter.proof.later import copied_elsewhere, effects_after, opaque
from dlinter.proof.mounts import mounted_over, mounts_of
from dlinter.proof.state import BY_ROOT
from dlinter.proof.tables import listed
from dlinter.proof.words import text_of
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.body import Body
    from dlinter.proof.build import Build
    from dlinter.proof.state import Effect

_UNPACKING = listed("tar bsdtar unzip 7z gunzip gzip bunzip2 xz unxz")
_PLACE = re.compile(r"/(?:var/)?tmp/[\w.@+-]+")


def archive_done_with(build: Build, run: Effect, command: Call) -> bool:
    """True if *command* removes an archive for temporary use that *run* itself fetched and unpacked before.

    Nothing that follows, in the image or in one built on it, may name it, or be a script that cannot be seen.
    """
    path = _removed_file(command)
    body = run.body
    if path is None or body is None or body.alone or body.form[0] == VERBATIM or mounted_over(run, [path]):
        return False
    if body.text.count("/" + path.rpartition("/")[2]) < 2 or command.wrappers not in ((), ("sudo",)):
        return False
    before, after = _around(body, command)
    sure = [call for call in before if call.words in {each.words for each in unconditional(body)}]
    fetched = [n for n, call in enumerate(sure) if _output(call) == path and call.wrappers == command.wrappers]
    if not fetched or not any(call.name in _UNPACKING and path in call.words for call in sure[fetched[-1] :]):
        return False
    assert run.stage is not None
    if any(_may_read(call, path) for call in after) or copied_elsewhere(build, run.stage, path):
        return False
    for stage, effects in effects_after(build, run):
        bodies = [effect.body for effect in effects if effect.body is not None]
        bodies += [stage.config[name] for name in ("command", "entrypoint", "health check") if name in stage.config]
        if any(_body_reads(each, path) for each in bodies):
            return False
    return True


def _removed_file(command: Call) -> str | None:
    """The one file for temporary use that ``rm`` or ``rm -f`` removes."""
    words = [word for word in command.operands if word not in ("-f", "--")]
    path = words[0] if command.name == "rm" and len(words) == 1 else None
    return path if type(path) is str and _PLACE.fullmatch(path) else None


def _output(call: Call) -> str | None:
    """The file that curl or wget writes."""
    if call.name not in ("curl", "wget"):
        return None
    letter, long = ("o", "--output") if call.name == "curl" else ("O", "--output-document")
    for word, value in zip(call.operands, call.operands[1:], strict=False):
        if type(word) is not str or type(value) is not str:
            continue
        if word == long or (word[:1] == "-" and word[1:2] != "-" and word.endswith(letter)):
            return value
    return None


def _around(body: Body, command: Call) -> tuple[list[Call], list[Call]]:
    """The calls of *body* before *command* and those behind it."""
    calls = [call for call, _ in calls_of(body)]
    at = max((n for n, call in enumerate(calls) if call.words == command.words), default=len(calls))
    return calls[:at], calls[at + 1 :]


def _may_read(call: Call, path: str) -> bool:
    folder, _, name = path.rpartition("/")
    if opaque(call):
        return True
    for word in call.words:
        text = glob_text(word)
        if text is None:
            text = repr(word)
            if folder in text or name in text or name.rpartition(".")[2] in text:
                return True
        elif name in text or ("*" in text and call.name not in ("rm", "find") and folder in text):
            return True
    return False


def _body_reads(body: Body, path: str) -> bool:
    if body.shell is not None and body.form[0] == VERBATIM:
        return True
    return any(_may_read(call, path) for call, _ in calls_of(body))


#: what switches a program's cache off, or empties it, and where root has that cache
_CACHES = (
    ("pip", ("--no-cache-dir",), ("cache", "purge"), ("/root/.cache/pip",), "PIP_"),
    ("uv", ("--no-cache", "-n", "--no-cache-dir"), (), ("/root/.cache/uv",), "UV_"),
    ("poetry", ("--no-cache",), (), ("/root/.cache/pypoetry",), "POETRY_"),
    (
        "composer",
        ("--no-cache",),
        ("clear-cache",),
        ("/root/.composer/cache", "/root/.composer", "/root/.cache/composer"),
        "COMPOSER_",
    ),
    ("npm", (), ("cache", "clean", "--force"), ("/root/.npm",), "NPM_CONFIG_CACHE"),
    ("yarn", (), ("cache", "clean"), ("/usr/local/share/.cache/yarn", "/root/.cache/yarn"), "YARN_CACHE"),
    ("apt-get", (), ("clean",), ("/var/cache/apt",), "\0"),
    ("apt", (), ("clean",), ("/var/cache/apt",), "\0"),
    ("dnf", (), ("clean", "all"), ("/var/cache/dnf", "/var/cache/libdnf5"), "\0"),
    ("microdnf", (), ("clean", "all"), ("/var/cache/dnf",), "\0"),
    ("yum", (), ("clean", "all"), ("/var/cache/yum", "/var/cache/dnf"), "\0"),
    ("zypper", (), ("clean",), ("/var/cache/zypp",), "\0"),
    ("zypper", (), ("clean", "--all"), ("/var/cache/zypp",), "\0"),
)


def cached_folders(run: Effect) -> list[str]:
    """The folders that are cache mounts of *run*, as fixed text."""
    found = []
    for mount in mounts_of(run):
        target = mount.get("target")
        text = text_of(target) if isinstance(target, tuple) else None
        if mount.get("type") == ("cache",) and text is not None and mount.get("readonly", ("false",)) == ("false",):
            found.append(text.rstrip("/"))
    return found


def defeats_mount(run: Effect, command: Call, index: int | None = None) -> bool:
    """True if *command*, or only its word at *index*, is about nothing but what lies in a cache mount of *run*."""
    folders = cached_folders(run)
    if not folders:
        return False
    if command.name == "rm":
        paths = removal(command.words)
        if index is not None:
            text = glob_text(command.words[index])
            paths = None if paths is None or text is None or index <= command.at or text[:1] == "-" else [text]
        return bool(paths) and all(_inside(path, folders) for path in paths or ())
    for name, options, cleaner, places, prefix in _CACHES:
        if command.name != name or not any(place in folders or _parent(place) in folders for place in places):
            continue
        if any(place.startswith("/root") for place in places) and not _roots(run, prefix):
            continue
        if index is None and cleaner and command.operands == cleaner:
            return True
        if index is not None and command.words[index] in options and _an_option(command, index):
            return True
    return False


def _an_option(command: Call, index: int) -> bool:
    """True if the word at *index* is an option, directly behind the program or behind the sub-command."""
    return command.takes(index) or index == command.at + 1


def _parent(place: str) -> str:
    """The folder ``.cache`` that may be mounted instead of *place*."""
    return place.rpartition("/")[0] if place.startswith("/root/.cache/") else place


def _inside(path: str, folders: list[str]) -> bool:
    path = path.rstrip("*").rstrip("/")
    return ".." not in path and any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _roots(run: Effect, prefix: str) -> bool:
    """True if *run* is root's and nothing tells the program to keep its cache elsewhere."""
    assert run.stage is not None
    if run.fields["user"] not in (None, *BY_ROOT):
        return False
    names = {name.upper() for name in run.stage.scope.bindings}
    elsewhere = any(name.startswith(prefix) or name in ("HOME", "XDG_CACHE_HOME") for name in names)
    return not elsewhere and not any(call.wrappers for call, _ in calls_of(run.body)) if run.body is not None else False
