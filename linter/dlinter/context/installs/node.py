"""npm, yarn, pnpm and bun: package.json, lockfiles, settings, and the scripts that run on installation.

From docs.npmjs.com (npm-install, npm-ci, scripts, package.json), classic.yarnpkg.com/docs, yarnpkg.com/configuration,
pnpm.io and bun.sh/docs/install.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from posixpath import dirname, join, normpath

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from dlinter.context.installs import Access, Command, Place
    from dlinter.packages import PackageCall

#: the lockfiles of each program
LOCKS = {
    "npm": ("npm-shrinkwrap.json", "package-lock.json"),
    "yarn": ("yarn.lock",),
    "pnpm": ("pnpm-lock.yaml",),
    "bun": ("bun.lock", "bun.lockb"),
}
#: other files that each reads in the project
_SETTINGS = {
    "npm": (".npmrc",),
    "yarn": (".npmrc", ".yarnrc", ".yarnrc.yml"),
    "pnpm": (".npmrc", "pnpm-workspace.yaml", ".pnpmfile.cjs", ".pnpmfile.mjs", "pnpmfile.js"),
    "bun": (".npmrc", "bunfig.toml"),
}
#: scripts of package.json that run when the project's packages are installed
_LIFECYCLE = (
    "preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare", "dependencies",
    "pnpm:devPreinstall",
)  # fmt: skip
#: scripts that find out by themselves that there is nothing to do
_HARMLESS = re.compile(
    r"\s*(?:(?:is-ci|npx is-ci|\[ -n \"\$CI\" \]|test -n \"\$CI\") \|\| )?"
    r"(?:husky(?: install)?|(?:npx |pnpm dlx )(?:-y )?only-allow \w+|simple-git-hooks|lefthook install|ngcc)"
    r"(?: (?:\|\| (?:true|exit 0|:)|--[\w-]+(?: \w+)?))*\s*"
)
#: scripts that read a known folder
_FOLDERS = ((re.compile(r"\bpatch-package\b"), "patches"), (re.compile(r"\bprisma generate\b"), "prisma"))
#: packages whose own scripts build or fetch something for themselves, and never look at the project
_ALONE = frozenset({
    "@nestjs/core", "@parcel/watcher", "@swc/core", "@tailwindcss/oxide", "argon2", "aws-crt", "bcrypt",
    "better-sqlite3", "bufferutil", "canvas", "core-js", "core-js-pure", "cpu-features", "dtrace-provider", "ejs",
    "es5-ext", "esbuild", "fsevents", "grpc", "highlight.js", "iconv", "kerberos", "keytar", "leveldown", "libpq",
    "libxmljs", "lmdb", "msgpackr-extract", "node-sass", "nodemon", "protobufjs", "re2", "sharp", "snappy",
    "sodium-native", "sqlite3", "ssh2", "styled-components", "unix-dgram", "unrs-resolver", "usb", "utf-8-validate",
    "workerd", "zeromq",
})  # fmt: skip
_LOCAL = re.compile(r"(?:file|link|portal|workspace|patch):|\.{1,2}/|/|~/")


def _node(call: PackageCall, command: Command, place: Place, found: Access) -> None:
    manager = call.manager
    _variables(place, found)
    found.read(*(place.path(name) for name in _SETTINGS[manager]))
    if call.subcommand in ("cache clean", "cache verify", "config set", "set", "set version", "store prune"):
        if manager == "yarn" and call.subcommand in ("config set", "set version"):
            found.read(place.path("package.json"))
            found.write(place.path(".yarnrc.yml"), place.path(".yarn"), place.path("package.json"))
        return
    everywhere = call.has("-g", "--global", "--location=global")
    if everywhere and call.action in ("install", "remove", "upgrade"):
        for package in call.packages:
            if package.kind not in ("name", "vcs", "url"):
                found.need(f"it installs {package.word.text}")
        return
    if call.subcommand not in ("install", "ci", "install-clean") or call.operands:
        found.need(f"{call.executable} {call.subcommand or ''} may read any file".replace("  ", " "))
        return
    found.installs = True
    if call.has("--prefix", "-C", "--cwd", "--dir", "--modules-folder", "--global-folder", "--script-shell"):
        found.doubt("it works in another folder")
    if any(not option.known for option in call.options):
        found.doubt("an option is not known")
    _project(call, place, found)


#: variables that change which files are read or written, and settings of npm that do not
_CHANGING = ("NODE_OPTIONS", "NODE_PATH", "YARN_RC_FILENAME", "INIT_CWD", "COREPACK_ROOT")
_NPM_HARMLESS = frozenset({
    "NPM_CONFIG_LOGLEVEL", "NPM_CONFIG_CACHE", "NPM_CONFIG_REGISTRY", "NPM_CONFIG_UPDATE_NOTIFIER", "NPM_CONFIG_FUND",
    "NPM_CONFIG_AUDIT", "NPM_CONFIG_PRODUCTION", "NPM_CONFIG_PREFIX",
})  # fmt: skip


def _variables(place: Place, found: Access) -> None:
    for name in place.variables:
        upper = name.upper()
        if upper in _CHANGING or (upper.startswith("NPM_CONFIG_") and upper not in _NPM_HARMLESS):
            found.doubt(f"{name} is set")


def _project(call: PackageCall, place: Place, found: Access) -> None:
    manager = call.manager
    path = place.path("package.json")
    locks = [place.path(name) for name in LOCKS[manager]]
    found.read(path, *locks)
    found.write(place.path("node_modules"))
    package = _json(place.tree.text(path))
    if package is None:
        found.doubt("package.json is not in the build context")
        return
    _parents(place, found)
    lock = next((each for each in locks if place.tree.has(each)), None)
    if lock is not None and not _keeps_lock(call):
        found.write(lock)
    elif lock is None and call.subcommand == "ci":
        found.doubt(f"there is no {LOCKS[manager][-1]}")
    if manager == "yarn" and _berry(place, package):
        found.folders[place.path(".yarn")] = None
        found.write(*(place.path(name) for name in (".yarn", ".pnp.cjs", ".pnp.loader.mjs")))
    _dependencies(package, place, found)
    scripts = call.has("--ignore-scripts")
    if not scripts:
        _scripts(package, place, found)
        if lock is not None:
            _scripts_of_packages(manager, lock, package, place, found)
        else:
            found.doubt("without a lockfile it is not known which packages run scripts")
    if lock is not None and manager == "npm":
        _links(lock, place, found)
    _workspaces(manager, package, place, found)


def _berry(place: Place, package: dict[str, Any]) -> bool:
    """True for yarn 2 and later."""
    chosen = str(package.get("packageManager", ""))
    return place.tree.has(place.path(".yarnrc.yml")) or (chosen.startswith("yarn@") and not chosen.startswith("yarn@1"))


def _parents(place: Place, found: Access) -> None:
    """Projects further up of which this one may be a workspace."""
    folder = place.directory
    while folder not in ("/", ""):
        folder = dirname(folder)
        above = [join(folder, name) for name in ("package.json", "pnpm-workspace.yaml", "node_modules")]
        if any(place.tree.has(path) for path in above):
            found.doubt("there is another project in a folder above")


def _keeps_lock(call: PackageCall) -> bool:
    """True if the lockfile stays as it is."""
    if call.manager == "npm":
        return call.subcommand == "ci" or call.has("--no-save", "--no-package-lock")
    frozen = call.option("--frozen-lockfile", "--immutable", "--pure-lockfile", "--no-lockfile")
    return frozen is not None and frozen.value != "false"


def _dependencies(package: dict[str, Any], place: Place, found: Access) -> None:
    for kind in (
        "dependencies",
        "devDependencies",
        "optionalDependencies",
        "peerDependencies",
        "resolutions",
        "overrides",
    ):
        for name, value in _flat(package.get(kind)):
            if not isinstance(value, str):
                continue
            if value.startswith("patch:") and ".yarn/patches" in value:
                continue
            if _LOCAL.match(value) and not (kind == "overrides" and value.startswith("$")):
                found.need(f"package.json takes {name} from {value}")
    settings = package.get("pnpm")
    for owner in (package, settings if isinstance(settings, dict) else {}):
        patched = owner.get("patchedDependencies")
        if isinstance(patched, dict):
            found.read(*(place.path(str(patch)) for patch in patched.values()))


def _flat(table: object) -> Iterator[tuple[str, object]]:
    if isinstance(table, dict):
        for name, value in table.items():
            if isinstance(value, dict):
                yield from _flat(value)
            else:
                yield str(name), value


def _scripts(package: dict[str, Any], place: Place, found: Access) -> None:
    """The scripts of the project itself."""
    scripts = package.get("scripts")
    if not isinstance(scripts, dict):
        scripts = {}
    if place.tree.has(place.path("binding.gyp")) or package.get("gypfile"):
        found.need("binding.gyp has it build the code")
    for name in _LIFECYCLE:
        text = scripts.get(name)
        if not isinstance(text, str) or not text.strip():
            continue
        folders = [folder for pattern, folder in _FOLDERS if pattern.search(text)]
        if _HARMLESS.fullmatch(text):
            found.doubt(f"the script {name} runs")
        elif folders and re.fullmatch(r"(?:npx )?(?:patch-package|prisma generate)", text.strip()):
            found.folders.update((place.path(folder), None) for folder in folders)
            found.doubt(f"the script {name} runs")
        else:
            found.need(f"the script {name} may read the code")


def _scripts_of_packages(manager: str, lock: str, package: dict[str, Any], place: Place, found: Access) -> None:
    """The scripts of the packages, which may look at the project: @prisma/client reads its schema, for one."""
    if "@prisma/client" in {
        name for name, _ in _flat({k: package.get(k) for k in ("dependencies", "devDependencies")})
    }:
        found.folders[place.path("prisma")] = None
        found.doubt("@prisma/client looks for a schema")
    table = _json(place.tree.text(lock)) if manager == "npm" else None
    packages = None if table is None else table.get("packages")
    if manager == "bun":
        if package.get("trustedDependencies"):
            found.doubt("the scripts of trusted packages run")
        return
    if not isinstance(packages, dict):
        found.doubt("the lockfile does not say which packages run scripts")
        return
    for path, entry in packages.items():
        name = path.rpartition("node_modules/")[2]
        if isinstance(entry, dict) and entry.get("hasInstallScript") and name not in _ALONE and path:
            found.doubt(f"the script of {name} may look at the code")


def _links(lock: str, place: Place, found: Access) -> None:
    table = _json(place.tree.text(lock)) or {}
    packages = table.get("packages")
    if not isinstance(packages, dict):
        packages = {}
    for path, entry in packages.items():
        if not isinstance(entry, dict):
            continue
        resolved = entry.get("resolved")
        outside = bool(path) and not path.startswith("node_modules/")
        if entry.get("link") or outside or (isinstance(resolved, str) and resolved.startswith("file:")):
            found.doubt("the lockfile names folders of the code")


def _workspaces(manager: str, package: dict[str, Any], place: Place, found: Access) -> None:
    """The package.json of every workspace."""
    patterns = package.get("workspaces")
    if isinstance(patterns, dict):
        patterns = patterns.get("packages")
    if not isinstance(patterns, list):
        patterns = []
    if manager == "pnpm":
        text = place.tree.text(place.path("pnpm-workspace.yaml")) or ""
        section = re.search(r"^packages:\s*\n((?:[ \t]*-.*\n?|\s*#.*\n|\s*\n)*)", text, re.M)
        patterns = re.findall(r"-\s*['\"]?([^'\"\n#]+?)['\"]?\s*(?:#.*)?$", section[1], re.M) if section else []
    if not patterns:
        return
    found.need("the project has workspaces")
    for each in list(place.tree.below(place.directory)):
        inner = each[len(place.directory.rstrip("/")) + 1 :]
        folder, _, name = inner.rpartition("/")
        if name == "package.json" and any(fnmatchcase(folder, normpath(str(p)).replace("**", "*")) for p in patterns):
            found.read(each)


def _json(text: str | None) -> dict[str, Any] | None:
    try:
        found = json.loads(text) if text is not None else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


READERS = dict.fromkeys(("npm", "yarn", "pnpm", "bun"), _node)
