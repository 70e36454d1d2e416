"""The sources of COPY and ADD, looked for in the build context."""

from __future__ import annotations

from posixpath import basename, dirname, splitext

from dlinter import SAFE, UNSAFE, Add, Copy, Findings, Fix, Severity, replace, report, rule
from dlinter.context import clean
from dlinter.edits import Edit
from dlinter.facts.context import sources
from dlinter.tree import Dockerfile, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.context import Context

#: missing sources that are reported one by one; of more the context is to blame
_SEVERAL = 3
#: folders that a build outside fills before the image is built
_OUTPUT = frozenset(
    ["bin", "build", "dist", "out", "output", "publish", "release", "target", "artifacts", "_build", ".next", "pkg"]
)
#: endings of what is built, not written
_BUILT = (
    ".jar", ".war", ".ear", ".whl", ".deb", ".rpm", ".apk", ".exe", ".dll", ".so", ".o", ".a", ".zip", ".tar", ".tgz",
    ".gz", ".xz", ".bz2", ".zst", ".crt", ".cer", ".pem", ".key", ".bin", ".img", ".iso",
)  # fmt: skip


def absent(copy: Copy | Add) -> Iterator[tuple[Token, str]]:
    """The sources of *copy* that are written out and not in the context, with their paths."""
    context = copy.file.facts.build_context.files or copy.file.settings.files
    if context is None or copy.in_onbuild or copy.stage is None or not copy.file.facts.graph.reached(copy.stage):
        return
    for source, path in sources(copy):
        if path and "$" not in source.value and not set(path) & set("*?[") and clean(path):
            path = clean(path)
            if context.on_disk(path) is None and not _linked(context, path):
                yield source, path


def _linked(context: Context, path: str) -> bool:
    """True if a link may lead somewhere on the way to *path*."""
    while path:
        path = dirname(path)
        entry = context.on_disk(path)
        if entry is not None:
            return entry.kind == "link"
    return False


def spelt(context: Context, path: str) -> str | None:
    """The one path that differs from *path* in upper and lower case only; None if there is none or more than one."""
    found = ""
    for part in path.split("/"):
        names = context.names(found)
        same = [part] if part in names else [name for name in names if name.casefold() == part.casefold()]
        if len(same) != 1:
            return None
        found = f"{found}/{same[0]}" if found else same[0]
    return found


@rule("DL6021", "copy-case-or-typo", on=(Copy, Add), severity=Severity.ERROR)
def copy_case_or_typo(copy: Copy | Add) -> Findings:
    r"""Spell the source as the file is called

    A source that is not in the context ends the build; that macOS and Windows do not mind case hides it there.

    ```yaml context
    README.md: ""
    src/App.py: ""
    requirements.txt: ""
    ```
    ```dockerfile bad
    FROM python:3.12
    COPY src/app.py ./Readme.md /app/
    ```
    ```dockerfile fixed
    FROM python:3.12
    COPY src/App.py ./README.md /app/
    ```
    ```dockerfile bad
    FROM python:3.12
    COPY requirments.txt /app/
    ```
    ```dockerfile unsafe
    FROM python:3.12
    COPY requirements.txt /app/
    ```
    ```dockerfile good
    FROM python:3.12 AS build
    COPY src/App.py README.md nothing-like-it.txt requirements-dev.txt /app/
    FROM python:3.12
    COPY --from=build /app/app.py /app/
    ```
    """
    known = copy.file.facts.build_context
    context = known.files
    if context is None:
        return
    for source, path in absent(copy):
        found = spelt(context, path)
        if found is not None:
            edit = _respelt(source, path, found)
            fix = None if edit is None else Fix([edit], SAFE, f"Write {found}", ("path-in-case",))
            yield report(source, f"Write {found}, as the file is called, instead of {path}", fix)
        elif known.certain:
            found = _close(context, path)
            if found is not None:
                edit = _respelt(source, path, found)
                fix = None if edit is None else Fix([edit], UNSAFE, f"Write {found}")
                yield report(source, f"Is {found} meant? There is no {path} in the build context", fix)


def _respelt(source: Token, path: str, found: str) -> Edit | None:
    """The edit that makes *found* of *path* in *source*; None where it is not written plainly there."""
    head, at, tail = source.value.rpartition(path.rstrip("/"))
    if not at or source.end - source.start != len(source.value):
        return None
    return replace(source, f"{head}{found}{tail}")


def _close(context: Context, path: str) -> str | None:
    """A file of nearly the same name in the same folder that no other name is as near to."""
    folder, name = dirname(path), basename(path)
    stem, ending = splitext(name)
    if len(stem) < 5 or (folder and context.kind(folder) != "folder"):
        return None
    from difflib import get_close_matches

    names = [each for each in context.names(folder) if splitext(each)[1] == ending]
    near = get_close_matches(name, names, 2, 0.88)
    if len(near) != 1 or _digits(near[0]) != _digits(name) or abs(len(near[0]) - len(name)) > 2:
        return None
    return f"{folder}/{near[0]}" if folder else near[0]


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


@rule("DL6020", "copy-source-missing", on=Dockerfile, mentions=("copy", "add"), severity=Severity.ERROR)
def copy_source_missing(file: Dockerfile) -> Findings:
    r"""Copy only what is in the build context

    A source that is not there ends the build.

    What a build outside makes first is not looked for: what git ignores, folders and endings of results.
    ```yaml context
    app.py: ""
    .gitignore: |
      *.log
      gen
    ```
    ```dockerfile bad
    FROM python:3.12
    COPY app.py config/settings.ini /app/
    ```
    ```dockerfile good
    FROM python:3.12
    COPY app.py *.toml build.log /app/
    COPY gen/api /app/api
    COPY dist/app target/app.jar /app/
    ```
    """
    context = file.facts.build_context.files
    if context is None or not context.named:
        return
    missing = [
        (source, path)
        for copy in file.walk()
        if isinstance(copy, Copy | Add)
        for source, path in absent(copy)
        if not _made(context, path) and spelt(context, path) is None and _close(context, path) is None
    ]
    if len(missing) > _SEVERAL:
        source, path = missing[0]
        more = f"there is no {path}, and {len(missing) - 1} others are missing"
        yield report(source, f"Copy only what is in the build context, or take another one: {more}")
        return
    for source, path in missing:
        yield report(source, f"Copy only what is in the build context: there is no {path}")


def _made(context: Context, path: str) -> bool:
    """True if *path* may be made before the image is built."""
    parts = path.lower().split("/")
    if not _OUTPUT.isdisjoint(parts) or parts[-1].endswith(_BUILT):
        return True
    from pathspec import GitIgnoreSpec

    folder = dirname(path)
    while True:
        text = context.bytes_of(f"{folder}/.gitignore" if folder else ".gitignore")
        if text is not None:
            spec = GitIgnoreSpec.from_lines(text.decode("utf-8", "replace").splitlines())
            inside = path[len(folder) :].lstrip("/")
            if spec.match_file(inside) or spec.match_file(inside + "/"):
                return True
        if not folder:
            break
        folder = dirname(folder)
    return _ignored_above(context, path)


def _ignored_above(context: Context, path: str) -> bool:
    """True if a .gitignore above the context, within the repository, means *path*."""
    if context.root is None:
        return False
    from dlinter.files import ignored_above

    return ignored_above(context.root, path)


@rule("DL6022", "copy-source-gitignored", on=(Copy, Add), severity=Severity.INFO, profiles=())
def copy_source_gitignored(copy: Copy | Add) -> Findings:
    r"""Let git track what is copied, or make it in a stage

    The build works here and nowhere else: a fresh checkout does not have the file.

    ```yaml context
    config.ini: {untracked: true}
    app.py: ""
    dist/app.js: {untracked: true}
    ```
    ```dockerfile bad
    FROM python:3.12
    COPY app.py config.ini /app/
    ```
    ```dockerfile good
    FROM python:3.12
    COPY app.py dist/app.js /app/
    ```
    """
    known = copy.file.facts.build_context
    context = known.files
    if context is None or not known.certain or copy.in_onbuild or copy.stage is None:
        return
    for source, path in sources(copy):
        path = clean(path) if path and not set(path) & set("*?[") else ""
        if not path or context.on_disk(path) is None or path.lower().endswith(_BUILT):
            continue
        if _OUTPUT.isdisjoint(path.lower().split("/")) and context.untracked(path):
            yield report(source, f"Let git track {path}, or make it in a stage: a fresh checkout does not have it")


@rule("DL6023", "copy-git-lfs-pointer", on=(Copy, Add), severity=Severity.WARNING)
def copy_git_lfs_pointer(copy: Copy | Add) -> Findings:
    r"""Fetch what Git LFS holds before the build

    The file is a pointer of some 130 bytes: the image would get that instead of the content.

    ```yaml context
    model.bin: |
      version https://git-lfs.github.com/spec/v1
      oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
      size 12345
    app.py: ""
    ```
    ```dockerfile bad
    FROM python:3.12
    COPY app.py model.bin /app/
    ```
    ```dockerfile good
    FROM python:3.12
    COPY app.py /app/
    ```
    """
    context = copy.file.facts.context
    if context is None or copy.in_onbuild:
        return
    for source, path in sources(copy):
        for match in context.matches(path) if path else ():
            entry = context.entry(match)
            if entry is None or entry.kind != "file" or not 100 < entry.size < 300:
                continue
            if (context.read(match) or b"").startswith(b"version https://git-lfs.github.com/spec/"):
                yield report(source, f"Fetch {match} from Git LFS before the build: it is a pointer only")
                break
