"""What of a build context has no business in an image: secrets, history, what is installed anew, caches, dumps."""

from __future__ import annotations

from posixpath import basename

from dlinter.context.files import FILE, FOLDER, LINK
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dlinter.context import Context, Entry

SECRET, HISTORY, INSTALLED, CACHE, DUMP, PROJECT = "secret", "history", "installed", "cache", "dump", "project"
#: the kinds that nobody wants in an image, the worst first
HARMFUL = (SECRET, HISTORY, INSTALLED, CACHE, DUMP)

_FOLDERS = {
    ".git": HISTORY, ".hg": HISTORY, ".svn": HISTORY, "node_modules": INSTALLED, "bower_components": INSTALLED,
    "__pycache__": CACHE, ".pytest_cache": CACHE, ".mypy_cache": CACHE, ".ruff_cache": CACHE, ".tox": CACHE,
    ".nox": CACHE, ".hypothesis": CACHE, ".eggs": CACHE, ".ipynb_checkpoints": CACHE, ".gradle": CACHE,
    ".terraform": CACHE, ".parcel-cache": CACHE, ".sass-cache": CACHE, ".nyc_output": CACHE, ".turbo": CACHE,
    ".vagrant": CACHE, ".idea": PROJECT, ".vscode": PROJECT, ".vs": PROJECT, ".github": PROJECT, ".gitlab": PROJECT,
    ".circleci": PROJECT, ".devcontainer": PROJECT,
}  # fmt: skip
#: names that a secret may be kept under, in lower case, and beginnings and endings of such
_SECRETS = frozenset([
    "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk", "id_ed25519_sk", ".npmrc", ".yarnrc", ".pypirc",
    ".netrc", "_netrc", ".git-credentials", "credentials", ".dockerconfigjson", ".dockercfg", "kubeconfig", "config",
    ".htpasswd", "master.key",
])  # fmt: skip
_SECRET_ENDINGS = (
    ".pem", ".key", ".ppk", ".p12", ".pfx", ".env", ".json", ".tfstate", ".tfstate.backup",
)  # fmt: skip
_DUMPS = (".hprof", ".dmp", ".mdmp", ".coredump")
_BIG_DUMPS = (".sql", ".sql.gz", ".sql.zip", ".dump", ".bak", ".log", ".rdb")
_PROJECT = frozenset([".gitlab-ci.yml", ".travis.yml", "jenkinsfile"])
#: files and folders of a context that rules look at
LOOKED = 1500
#: bytes from which on a dump or log is worth a word
_BIG = 1_000_000


class Item:
    """A file, or a folder with all that is in it: ``path``, its ``kind``, and ``what`` it is in words if that helps."""

    __slots__ = ("folder", "kind", "path", "what")

    def __init__(self, path: str, kind: str, folder: bool, what: str = "") -> None:
        self.path = path
        self.kind = kind
        self.folder = folder
        self.what = what

    def __repr__(self) -> str:
        return f"Item({self.path!r}, {self.kind})"

    @property
    def pattern(self) -> str:
        """The line of an ignore file that leaves it out, and its like elsewhere where no other are wanted."""
        name = basename(self.path)
        escaped = re.sub(r"([*?\[\\])", r"\\\1", self.path)
        if self.kind == SECRET or "/" not in self.path:
            return escaped if name not in ("__pycache__", "node_modules", ".DS_Store") else f"**/{name}"
        return f"**/{name}" if name in _FOLDERS or name.lower() == ".ds_store" else escaped


def kind_of(context: Context, path: str, entry: Entry) -> Item | None:
    """What the thing at *path* is, if it has no business in an image."""
    name = basename(path)
    if entry.kind == FOLDER:
        kind = _FOLDERS.get(name)
        if kind is None and context.on_disk(f"{path}/pyvenv.cfg") is not None:
            kind = INSTALLED
        if kind == HISTORY and not context.names(path):
            return None
        return None if kind is None else Item(path, kind, True)
    if entry.kind != FILE:
        return None
    lower = name.lower()
    if lower in _SECRETS or lower.endswith(_SECRET_ENDINGS) or lower.startswith(".env"):
        from dlinter.context.secrets import secret

        what = secret(context, path)
        if what is not None:
            return Item(path, SECRET, False, what)
    kind = _file_kind(lower, entry.size)
    return Item(path, kind, False) if kind else None


def _file_kind(name: str, size: int) -> str:
    """What a file called *name*, in lower case, is; empty where its name tells nothing."""
    if name in (".ds_store", "thumbs.db"):
        return CACHE
    if name.endswith(_DUMPS) or name.startswith("heapdump") or (size > _BIG and name.endswith(_BIG_DUMPS)):
        return DUMP
    project = name in _PROJECT or name.endswith(".dockerignore") or name.startswith("docker-bake")
    compose = name.startswith(("compose", "docker-compose")) and name.endswith((".yml", ".yaml"))
    stem = name.removesuffix(".dockerfile").removesuffix(".containerfile")
    dockerfile = name.startswith(("dockerfile", "containerfile")) or stem != name
    return PROJECT if project or compose or dockerfile else ""


def unwanted(context: Context, folder: str = "") -> tuple[Item, ...]:
    """What below *folder* is sent to the builder and has no business in an image, the highest first.

    At most :data:`LOOKED` files and folders are looked at, so that a lint of one file stays one. What git tracks is
    part of the project: secrets that everyone has, and libraries that nobody installs, are left out.
    """
    if folder not in context.contents:
        found = list(_unwanted(context, folder, LOOKED))
        context.contents[folder] = tuple(untracked(context, found))
    return context.contents[folder]


def untracked(context: Context, items: Sequence[Item]) -> list[Item]:
    """Those of *items* that are no part of the project: not the secrets and libraries that git tracks."""
    doubtful = [item.path for item in items if item.kind in (SECRET, INSTALLED)]
    known = {path[:end] for path in context.modes(doubtful) for end in _ends(path)} if doubtful else set()
    return [item for item in items if item.path not in doubtful or item.path not in known]


def _ends(path: str) -> Iterator[int]:
    """Where *path* and the folders on its way end."""
    yield from (at for at, char in enumerate(path) if char == "/")
    yield len(path)


def _unwanted(context: Context, folder: str, limit: int) -> Iterator[Item]:
    waiting = [folder]
    for current in waiting:
        for name in context.names(current):
            path = f"{current}/{name}" if current else name
            limit -= 1
            if limit < 0:
                return
            entry = context.on_disk(path)
            if entry is None or entry.kind == LINK:
                continue
            left_out = context.ignored(path) is not None
            if left_out and (entry.kind != FOLDER or context.entry(path) is None):
                continue
            item = None if left_out else kind_of(context, path, entry)
            if item is not None:
                yield item
            elif entry.kind == FOLDER:
                waiting.append(path)


def completed(text: str | None, items: Iterable[Item]) -> str:
    """The ignore file *text* with lines that leave *items* out."""
    lines = list(dict.fromkeys(item.pattern for item in items))
    ending = "\r\n" if text is not None and "\r\n" in text else "\n"
    head = text or ""
    if head and not head.endswith("\n"):
        head += ending
    return head + "".join(line + ending for line in lines)
