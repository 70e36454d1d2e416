"""Go and Composer: their manifests, and what these name (go.dev/ref/mod, getcomposer.org/doc/04-schema.md)."""

from __future__ import annotations

from posixpath import dirname, join

from dlinter.context.installs.node import _json
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.context.installs import Access, Command, Place
    from dlinter.packages import PackageCall

#: variables of Go that change which files it reads or writes
_GO = ("GOFLAGS", "GOWORK", "GOMODCACHE", "GOPATH", "GOENV", "GO111MODULE")


def _go(call: PackageCall, command: Command, place: Place, found: Access) -> None:
    if call.subcommand == "install" and call.packages and all("@" in p.word.text for p in call.packages):
        return
    if call.subcommand not in ("mod download", "mod verify"):
        found.need(f"go {call.subcommand or ''} may read any file")
        return
    found.installs = call.subcommand == "mod download"
    if call.operands:
        found.doubt("it names modules")
    for name in _GO:
        if name in place.variables and not (name == "GO111MODULE" and place.variables[name] in ("on", "auto", "")):
            found.doubt(f"{name} is set")
    folder = place.directory
    while not place.tree.has(join(folder, "go.mod")) and folder not in ("/", ""):
        folder = dirname(folder)
    module = join(folder, "go.mod")
    found.read(module, join(folder, "go.sum"))
    text = place.tree.text(module)
    if text is None:
        found.doubt("go.mod is not in the build context")
        return
    for name in ("go.work", "go.work.sum"):
        above = place.directory
        while above not in ("/", ""):
            found.read(join(above, name))
            if place.tree.has(join(above, name)):
                found.need("it is part of a workspace")
            above = dirname(above)
    if re.search(r"=>\s*(?:\.{1,2}/|/|[\"`])", text):
        found.need("go.mod replaces a module by a folder of the code")
    # it may add what is missing to go.sum
    found.doubt("it may add to go.sum")


def _composer(call: PackageCall, command: Command, place: Place, found: Access) -> None:
    if call.subcommand in ("clear-cache", "self-update", "config") and not (
        call.subcommand == "config" and not call.has("-g", "--global")
    ):
        return
    if call.subcommand != "install" or call.operands:
        found.need(f"composer {call.subcommand or ''} may read any file")
        return
    found.installs = True
    path, lock = place.path("composer.json"), place.path("composer.lock")
    found.read(path, lock, place.path("auth.json"), place.path("symfony.lock"))
    found.write(place.path("vendor"))
    if any(name.startswith("COMPOSER") and name not in _COMPOSER for name in place.variables):
        found.doubt("a variable of composer is set")
    if call.has("-d", "--working-dir"):
        found.doubt("it works in another folder")
    if not call.has("--no-scripts"):
        found.need("composer runs the scripts of composer.json")
    if not call.has("--no-autoloader"):
        found.need("composer writes the autoloader from the code")
    package = _json(place.tree.text(path))
    if package is None:
        found.doubt("composer.json is not in the build context")
        return
    repositories = package.get("repositories")
    values = list(repositories.values()) if isinstance(repositories, dict) else repositories or []
    if any(isinstance(each, dict) and each.get("type") in ("path", "artifact") for each in values):
        found.need("composer.json names a folder of the code")
    config = package.get("config")
    if isinstance(config, dict) and not {"vendor-dir", "bin-dir", "cache-dir"}.isdisjoint(config):
        found.doubt("composer.json chooses its folders")
    if not call.has("--no-plugins"):
        table = _json(place.tree.text(lock)) or {}
        packages = [*(table.get("packages") or []), *(table.get("packages-dev") or [])]
        if not packages or any(isinstance(p, dict) and p.get("type") not in _INERT for p in packages):
            found.doubt("a plugin of composer may read other files")


_COMPOSER = ("COMPOSER_ALLOW_SUPERUSER", "COMPOSER_NO_INTERACTION", "COMPOSER_MEMORY_LIMIT", "COMPOSER_VERSION")
#: kinds of packages that are put into vendor and do nothing else
_INERT = frozenset({"library", "metapackage", "symfony-bundle", "phpstan-extension", "project", "php-ext"})

READERS = {"go": _go, "composer": _composer}
