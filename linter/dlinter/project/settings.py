"""What is known of the build of one Dockerfile: from the configuration, and from what builds it."""

from __future__ import annotations

import os

from dlinter.selection import SelectionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlinter.config import Config
    from dlinter.project import Build, Projects
    from dlinter.settings import FileSettings


def build_args(words: Iterable[str]) -> dict[str, str]:
    """The values given as ``KEY=VALUE``, or as ``KEY`` alone for that of the environment variable, as docker does.

    :raises SelectionError: there is no key.
    """
    found: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not key:
            raise SelectionError(f"--build-arg takes KEY=VALUE, not {word!r}")
        if equals:
            found[key] = value
        elif key in os.environ:
            found[key] = os.environ[key]
    return found


def file_settings(path: str, config: Config, projects: Projects | None = None) -> FileSettings:
    """What *config* says of the file at *path*, and where it is silent what *projects* say, with its ignore file.

    That is ``NAME.dockerignore`` beside the Dockerfile, else ``.dockerignore`` in the context, which is the
    Dockerfile's own folder where none is known (BuildKit, frontend/dockerui).

    :raises dlinter.project.ProjectError: a compose or bake file that the user named cannot be read.
    """
    found = config.settings.copy()
    found.folder = os.path.dirname(os.path.abspath(path))
    if projects is not None and config.profile != "hadolint":
        builds = projects.of(path)
        if builds:
            _add(found, builds)
    return with_ignore_file(found, path)


def inline_settings(build: Build, config: Config) -> FileSettings:
    """The same for the Dockerfile that stands in the compose file of *build*."""
    found = config.settings.copy()
    found.folder = os.path.dirname(os.path.abspath(build.path))
    _add(found, [build])
    found.context = build.context or found.context
    return with_ignore_file(found, None)


def with_ignore_file(settings: FileSettings, path: str | None) -> FileSettings:
    """*settings* with the ignore file of the build that *path* is for."""
    folder = settings.context or settings.folder or ""
    settings.ignore_path = os.path.join(folder, ".dockerignore")
    names = [settings.ignore_path] if path is None else [f"{path}.dockerignore", settings.ignore_path]
    for name in names:
        try:
            with open(name, encoding="utf-8", errors="surrogateescape", newline="") as file:
                settings.dockerignore = file.read()
                settings.ignore_path = name
                break
        except OSError:
            continue
    return settings


def _add(settings: FileSettings, builds: list[Build]) -> None:
    """What *builds* agree on, where nothing else is configured.

    The last stage counts as built whatever they say: they need not be the only ones.
    """
    contexts = list(dict.fromkeys(build.context for build in builds if build.context is not None))
    if settings.context is None and contexts:
        if len(contexts) == 1:
            settings.context = contexts[0]
        elif settings.folder not in contexts:
            settings.folder = contexts[0]
    targets = dict.fromkeys(build.target or "" for build in builds)
    if not settings.targets and any(targets):
        settings.targets = (*filter(None, targets), "")
    settings.contexts = tuple(dict.fromkeys((*settings.contexts, *(n for build in builds for n in build.contexts))))
    if settings.platform is None:
        platforms = {platform for build in builds for platform in build.platforms or ("",)}
        settings.platform = (platforms.pop() or None) if len(platforms) == 1 else None
    first = builds[0].args
    agreed = {name: value for name, value in first.items() if all(build.args.get(name) == value for build in builds)}
    given = {name: value for name, value in agreed.items() if value is not None}
    settings.build_args = {**given, **settings.build_args}
