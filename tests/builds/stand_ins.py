"""The images that cases are built from, made once and kept in a cache folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import debian_packages
from build_engine import Engine
from debian_packages import Unavailable, bootstrap, need_debian, run, unpack

RECIPE = Path(__file__).with_name("stand-ins.Dockerfile")
#: the tag of each stage of the recipe, in the order in which they need each other
TAGS = {
    "slim": "debian:bookworm-slim",
    "python": "python:3.11-slim",
    "node": "node:18-slim",
    "busybox": "busybox:1.36",
    "jessie": "debian:jessie",
    "centos": "centos:8",
    "fedora": "fedora:40",
    "opensuse": "opensuse/leap:15.6",
    "php": "php:8.3-cli",
    "alpine": "alpine:3.20",
    "conda": "continuumio/miniconda3:24.9.2-0",
}
REAL = "debian:bookworm"
#: days after which everything is made anew: mirrors move on
_KEPT = 14


def cache_folder() -> Path:
    """Where engine and images are kept: ``$DLINT_BUILDS_CACHE``, or the user's cache folder."""
    named = os.environ.get("DLINT_BUILDS_CACHE")
    return Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"), "dlint-builds")


def engine_with_images() -> Engine:
    """A running engine that has all the images.

    :raises Unavailable: there cannot be one here.
    """
    release = need_debian()
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    for old in (path for kind in ("engine", "images", "run", "new", "base") for path in cache.glob(f"{kind}-*")):
        if not _fresh(old):
            shutil.rmtree(old, ignore_errors=True)
    texts = [RECIPE.read_text(), Path(debian_packages.__file__).read_text()]
    key = hashlib.sha256("\0".join([release, *texts]).encode()).hexdigest()[:12]
    with ThreadPoolExecutor() as pool:
        tools = pool.submit(_kept, cache / f"engine-{key}", lambda folder: _tools(release, folder))
        images = cache / f"images-{key}"
        base = None if _fresh(images) else pool.submit(_base, release, cache)
        engine = Engine(tools.result(), Path(tempfile.mkdtemp(prefix="run-", dir=cache)))
        try:
            engine.start()
            if base is None:
                engine.docker("load", "--input", str(images / "images.tar"))
            else:
                tarball = base.result()
                _make(engine, tarball)
                tarball.unlink()
                _kept(images, lambda folder: _save(engine, folder))
        except BaseException:
            engine.stop()
            raise
    return engine


def _fresh(folder: Path) -> bool:
    return folder.exists() and time.time() - folder.stat().st_mtime < _KEPT * 86400


def _kept(folder: Path, make: Callable[[Path], None]) -> Path:
    """*folder*, filled by *make* if it is not there or too old; nobody ever sees half of it."""
    if not _fresh(folder):
        shutil.rmtree(folder, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix="new-", dir=folder.parent))
        try:
            make(new)
            os.utime(new)
            new.rename(folder)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
    return folder


def _tools(release: str, folder: Path) -> None:
    unpack(debian_packages.ENGINE_RELEASE, debian_packages.ENGINE_PACKAGES, folder)
    unpack(release, ("runc",), folder)


def _base(release: str, cache: Path) -> Path:
    """A tarball of the root file system of the base image."""
    folder = Path(tempfile.mkdtemp(prefix="base-", dir=cache))
    tarball = folder.with_suffix(".tar")
    try:
        unpack(release, ("debootstrap",), folder / "tools")
        bootstrap(folder / "tools", folder / "root")
        run(["tar", "--sort=name", "--numeric-owner", "-C", str(folder / "root"), "-cf", str(tarball), "."], "tar")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return tarball


def _make(engine: Engine, tarball: Path) -> None:
    path = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    engine.docker("import", '--change=CMD ["bash"]', f"--change={path}", str(tarball), REAL)
    context = engine.state / "context"
    context.mkdir()
    for stage, tag in TAGS.items():
        done = engine.build(RECIPE.read_text(), context, tag, target=stage)
        if not done.ok:
            lines = [line for line in done.log.splitlines() if "ERROR" in line]
            raise Unavailable(f"the image {tag} cannot be made: {''.join(lines[-1:])}")


def _save(engine: Engine, folder: Path) -> None:
    engine.docker("save", f"--output={folder / 'images.tar'}", REAL, *TAGS.values())
