"""Compose and bake files: which Dockerfiles they build, from which context, for which stages, with which arguments."""

from __future__ import annotations

import os

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dlinter.project.inline import Inline

#: the names that docker itself looks for (compose-spec; ``docker buildx bake``)
NAMES = (
    "compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml", "docker-bake.hcl", "docker-bake.json",
)  # fmt: skip
_COMPOSE = re.compile(r"(?:docker-)?compose(?:[._-].*)?\.ya?ml|.+\.(?:docker-)?compose\.ya?ml", re.I | re.S)
_BAKE = re.compile(r"docker-bake(?:[._-].*)?\.(?:hcl|json)", re.I | re.S)
#: folders that are looked into above that of a Dockerfile, at most
_LEVELS = 16


class ProjectError(Exception):
    """A compose or bake file that cannot be used; the text names file, line and remedy."""


class Build:
    """One build that the compose or bake file at ``path`` asks for under ``name``.

    ``context`` and ``dockerfile`` are absolute paths, None where they are remote or not known; ``inline`` is the
    Dockerfile that stands in the file itself. ``target`` is a stage, None for the last. ``args`` are values of ARGs,
    None for one that depends on the environment; ``contexts`` the names of further contexts; ``platforms`` as given.
    ``places`` says where a compose file has its ``target`` and its arguments, these as ``args.NAME``; ``published`` are
    the ports of the container that it publishes, with their places.
    """

    __slots__ = (
        "args", "context", "contexts", "dockerfile", "inline", "name", "path", "places", "platforms", "published",
        "target",
    )  # fmt: skip

    def __init__(
        self,
        path: str,
        name: str,
        context: str | None,
        dockerfile: str | None,
        inline: Inline | None = None,
        target: str | None = None,
        args: dict[str, str | None] | None = None,
        contexts: Iterable[str] = (),
        platforms: Iterable[str] = (),
    ) -> None:
        self.path = path
        self.name = name
        self.context = context
        self.dockerfile = dockerfile
        self.inline = inline
        self.target = target
        self.args = dict(args or {})
        self.contexts = tuple(contexts)
        self.platforms = tuple(platforms)
        self.places: dict[str, tuple[int, int]] = {}
        self.published: list[tuple[int, int, int]] = []

    def __repr__(self) -> str:
        return f"Build({self.name!r}, {self.context!r}, {self.dockerfile!r}, target={self.target!r})"


def is_project(path: str) -> bool:
    """True if a file of this name is taken for a compose or bake file."""
    name = os.path.basename(path)
    if not name.lower().endswith((".yaml", ".yml", ".hcl", ".json")):
        return False
    return _COMPOSE.fullmatch(name) is not None or _BAKE.fullmatch(name) is not None


def local(folder: str, path: str) -> str | None:
    """*path* from *folder* on; None for an address, such as that of a git repository."""
    if "://" in path or path.startswith(("git@", "github.com/", "target:", "service:")) or "{{" in path:
        return None
    return os.path.normpath(os.path.join(folder, path))


class Projects:
    """The compose and bake files that matter for Dockerfiles; each is read once.

    *named* are those that the user gave: where one of them builds a Dockerfile, no others are looked for.
    """

    __slots__ = ("_builds", "_folders", "_near", "named")

    def __init__(self, named: Iterable[str] = ()) -> None:
        self.named = tuple(named)
        self._builds: dict[str, list[Build]] = {}
        self._folders: dict[str, tuple[str, ...]] = {}
        self._near: dict[str, tuple[str, ...]] = {}

    def forget(self) -> None:
        """Read everything anew from here on."""
        self._builds.clear()
        self._folders.clear()
        self._near.clear()

    def builds(self, path: str) -> list[Build]:
        """What the file at *path* builds.

        :raises ProjectError: it cannot be read.
        """
        if path not in self._builds:
            if path.lower().endswith((".yaml", ".yml")):
                from dlinter.project.compose import builds
            else:
                from dlinter.project.bake import builds
            self._builds[path] = builds(path)
        return self._builds[path]

    def of(self, dockerfile: str) -> list[Build]:
        """The builds of the Dockerfile at *dockerfile*, by the files that were named or that lie in its folder or

        above it within the git repository. Files that cannot be read are passed over there.
        """
        wanted = os.path.realpath(dockerfile)
        found = [build for path in self.named for build in self.builds(path) if _same(build, wanted)]
        if found:
            return found
        for path in self.near(os.path.dirname(os.path.abspath(dockerfile))):
            if path in self._builds or _may_build(path, wanted):
                try:
                    found += [build for build in self.builds(path) if _same(build, wanted)]
                except ProjectError:
                    self._builds[path] = []
        return found

    def near(self, folder: str) -> tuple[str, ...]:
        """The compose and bake files in *folder* and those above it up to the root of the git repository."""
        if folder not in self._near:
            found = own = self._in(folder)
            each = folder
            for _ in range(_LEVELS):
                if os.path.exists(os.path.join(each, ".git")):
                    break
                parent = os.path.dirname(each)
                if parent == each:
                    found = own
                    break
                each = parent
                found += self._in(each)
            else:
                found = own
            self._near[folder] = found
        return self._near[folder]

    def _in(self, folder: str) -> tuple[str, ...]:
        """The compose and bake files in *folder*; where none has one of the usual names, there are none."""
        if folder not in self._folders:
            found: tuple[str, ...] = ()
            if any(os.path.isfile(os.path.join(folder, name)) for name in NAMES):
                try:
                    names = sorted(os.listdir(folder), key=lambda name: (name not in NAMES, name))
                except OSError:
                    names = []
                found = tuple(os.path.join(folder, name) for name in names if is_project(name))
            self._folders[folder] = found
        return self._folders[folder]


def _same(build: Build, dockerfile: str) -> bool:
    return build.dockerfile is not None and os.path.realpath(build.dockerfile) == dockerfile


def _may_build(path: str, dockerfile: str) -> bool:
    """False if the file at *path* certainly does not name *dockerfile*: reading it would be lost time."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return False
    if path.lower().endswith((".yaml", ".yml")) and "build" not in text and "extends" not in text:
        return False
    folder, name = os.path.split(dockerfile)
    parts = os.path.relpath(folder, os.path.dirname(os.path.realpath(path))).split(os.sep)
    return (name == "Dockerfile" or name in text) and (parts[-1] in (".", "..") or parts[-1] in text or "${" in text)


def expanded(paths: Iterable[str], projects: Projects) -> Iterator[str]:
    """*paths*, each compose or bake file among them replaced by the Dockerfiles that it builds.

    It stays itself too where a Dockerfile stands in it.

    :raises ProjectError: such a file cannot be read, or a Dockerfile that it names is missing.
    """
    for path in paths:
        if path == "-" or not is_project(path) or os.path.isdir(path):
            yield path
            continue
        builds = projects.builds(path)
        for build in builds:
            if build.dockerfile is not None:
                if not os.path.isfile(build.dockerfile):
                    raise ProjectError(
                        f"{path}: {build.name} is built from {_shown(build.dockerfile)}, which is missing"
                    )
                yield _shown(build.dockerfile)
        if any(build.inline is not None for build in builds) or _miswired(builds):
            yield path


def _miswired(builds: list[Build]) -> bool:
    """True if one of *builds* does not fit its Dockerfile."""
    if not any(build.places or build.published for build in builds):
        return False
    from dlinter.project.wiring import faults

    return any(True for build in builds for _ in faults(build))


def _shown(path: str) -> str:
    """*path* from the working directory on, if it lies below."""
    found = os.path.relpath(path)
    return path if found.startswith("..") else found
