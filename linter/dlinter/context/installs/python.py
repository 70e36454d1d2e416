"""pip, uv, poetry and pipenv: requirement files and what they refer to (pip, "Requirements File Format")."""

from __future__ import annotations

import sys
from posixpath import dirname, join, normpath

from dlinter.package_specs import kind_of
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.context.installs import Access, Command, Place
    from dlinter.packages import PackageCall

#: variables of pip that change nothing about the files it reads and writes
_PIP_HARMLESS = re.compile(
    r"PIP_(?:NO_CACHE_DIR|DISABLE_PIP_VERSION_CHECK|DEFAULT_TIMEOUT|TIMEOUT|RETRIES|INDEX_URL|EXTRA_INDEX_URL|NO_INPUT"
    r"|TRUSTED_HOST|PROGRESS_BAR|ROOT_USER_ACTION|BREAK_SYSTEM_PACKAGES|PREFER_BINARY|QUIET|VERBOSE|NO_COLOR|ONLY_BINARY"
    r"|NO_BINARY|CACHE_DIR|NO_WARN_SCRIPT_LOCATION|NO_PYTHON_VERSION_WARNING|IGNORE_INSTALLED|NO_COMPILE|COMPILE|VERSION)\Z"
)
_OPTION = re.compile(r"(--?[\w-]+)(?:[ =]\s*|(?<=^-[a-z]))(.*)", re.S)
#: modules that pip itself loads: a file of that name beside it would be loaded instead
_MODULES = frozenset(
    {"pip", "setuptools", "wheel", "pkg_resources", "sitecustomize", "usercustomize", "_distutils_hack"}
)


def _pip(call: PackageCall, command: Command, place: Place, found: Access) -> None:
    subcommand = (call.subcommand or "").removeprefix("pip ")
    if call.subcommand in ("cache purge", "config set", "check", "list", "freeze", "--version", "debug"):
        return
    if subcommand not in ("install", "wheel", "download", "sync"):
        found.need(f"{call.executable} {call.subcommand or ''}".strip() + " may read any file")
        return
    _interpreter(command, place, found)
    found.installs = any(p.kind == "requirements" for p in call.packages) or subcommand == "sync"
    for option in call.options:
        value = option.value
        name = option.name
        if not option.known:
            found.doubt(f"{option.word.text} is not known")
        elif name in (
            "-r",
            "--requirement",
            "--requirements",
            "-c",
            "--constraint",
            "--constraints",
            "--build-constraint",
        ):
            if value is None:
                found.doubt(f"{option.word.text} is not known")
            elif not _remote(value):
                _requirements(place.path(value), place, found, set())
        elif name in ("-e", "--editable"):
            _requirement(value or "./", "the command", place, found, editable=True)
        elif name in ("-f", "--find-links") and (value is None or not _remote(value)):
            found.need(f"{option.name} names a folder")
        elif name in ("-t", "--target", "--prefix", "--root", "-w", "--wheel-dir", "-d", "--dest", "--src"):
            if value is None or value[:1] == "~":
                found.doubt(f"{option.word.text} is not known")
            else:
                found.write(place.path(value))
    if subcommand in ("wheel", "download") and not call.has("-w", "--wheel-dir", "-d", "--dest"):
        found.doubt("the wheels are put beside the code")
    for word in call.operands:
        if word.value is None and "$" in word.text:
            found.doubt(f"{word.text} is not known")
        elif subcommand == "sync" and word.value is not None:
            _requirements(place.path(word.value), place, found, set())
        elif word.value is not None:
            _requirement(word.value, "the command", place, found)
    for name in place.variables:
        upper = name.upper()
        if upper.startswith("PIP_") and not _PIP_HARMLESS.match(upper):
            found.doubt(f"{name} is set")
    if call.manager == "uv":
        # uv looks for its settings in the directory and above (docs.astral.sh/uv, "Configuration files")
        _settings(place, found, "uv.toml", "pyproject.toml", ".python-version", ".python-versions")
        if any(name.startswith("UV_") and name not in _UV_HARMLESS for name in place.variables):
            found.doubt("a variable of uv is set")
        if not call.has("--system", "--target", "--prefix") and "UV_SYSTEM_PYTHON" not in place.variables:
            found.write(place.path(".venv"))


_UV_HARMLESS = frozenset({
    "UV_SYSTEM_PYTHON", "UV_COMPILE_BYTECODE", "UV_LINK_MODE", "UV_NO_CACHE", "UV_CACHE_DIR", "UV_INDEX_URL",
    "UV_VERSION",
    "UV_HTTP_TIMEOUT", "UV_PYTHON_DOWNLOADS", "UV_NO_PROGRESS", "UV_BREAK_SYSTEM_PACKAGES", "UV_EXTRA_INDEX_URL",
})  # fmt: skip


def _interpreter(command: Command, place: Place, found: Access) -> None:
    """Modules that Python would load from the code, and the environment that the program belongs to."""
    paths = [place.directory] if command.name.startswith(("python", "pypy")) else []
    if "PYTHONPATH" in place.variables:
        value = place.variables["PYTHONPATH"]
        if value is None:
            found.doubt("PYTHONPATH is not known")
        paths += [place.path(part) for part in (value or "/").split(":") if part[:1] != "$"]
    names = _MODULES | set(sys.stdlib_module_names)
    for folder in paths:
        head = folder.rstrip("/") + "/"
        tops = {path[len(head) :].partition("/")[0] for path in place.tree.below(folder)}
        if any(
            top.partition(".")[0] in names or top.endswith((".egg-info", ".dist-info", ".egg-link")) for top in tops
        ):
            found.doubt(f"Python would load modules from {folder}")
    for name in ("PYTHONHOME", "PYTHONUSERBASE", "VIRTUAL_ENV"):
        value = place.variables.get(name)
        if name in place.variables and (value is None or "$" in value or place.tree.has(normpath(value))):
            found.doubt(f"{name} is set")
    root = dirname(dirname(place.path(command.program))) if "/" in command.program else "/usr"
    if root not in ("/", "/usr", "/usr/local"):
        found.write(root)


def _remote(value: str) -> bool:
    return re.match(r"(?:https?|ftp|s3|git\+\w+)://", value) is not None


def _requirements(path: str, place: Place, found: Access, seen: set[str]) -> None:
    """A requirement file with those that it includes: relative to itself, like the archives it names."""
    if path in seen:
        return
    seen.add(path)
    found.read(path)
    text = place.tree.text(path)
    if text is None:
        found.doubt(f"{path.rpartition('/')[2]} is not in the build context")
        return
    name = path.rpartition("/")[2]
    for line in re.sub(r"\\\r?\n", "", text).splitlines():
        line = re.sub(r"(^|\s)#.*$", "", line).strip()
        if not line:
            continue
        match = _OPTION.match(line) if line[:1] == "-" else None
        if line[:1] != "-":
            _requirement(line, name, place, found)
        elif match is None:
            if line not in _FILE_OPTIONS:
                found.doubt(f"{name} has an option that is not known")
        elif match[1] in ("-r", "--requirement", "-c", "--constraint"):
            if not _remote(match[2]):
                _requirements(normpath(join(dirname(path), match[2].strip())), place, found, seen)
        elif match[1] in ("-e", "--editable"):
            _requirement(match[2], name, place, found, editable=True)
        elif match[1] in ("-f", "--find-links") and not _remote(match[2]):
            found.need(f"{name} names a folder")
        elif match[1] not in _FILE_OPTIONS:
            found.doubt(f"{name} has an option that is not known")


#: options of requirement files that name no files
_FILE_OPTIONS = frozenset({
    "-i", "--index-url", "--extra-index-url", "--no-index", "-f", "--find-links", "--no-binary", "--only-binary",
    "--pre", "--prefer-binary", "--require-hashes", "--trusted-host", "--use-feature", "--use-pep517",
    "--no-use-pep517",
})  # fmt: skip


def _requirement(text: str, file: str, place: Place, found: Access, editable: bool = False) -> None:
    """One requirement, as a line of *file*: local folders and archives are code."""
    spec = re.split(r"\s+--|\s;", text)[0].strip().strip("\"'")
    _, at, url = spec.partition("@")
    url = url.strip() if (at and "://" in url) or url.strip().startswith("file:") else spec
    if "${" in url and "/" not in url.partition("${")[0]:
        found.doubt(f"{file} has a variable")
    elif url.startswith("file:"):
        found.need(f"{file} installs {url}")
    elif _remote(url) or re.match(r"(?:git|hg|svn|bzr)\+", url):
        if editable:
            # checked out into src beside the code, unless a virtual environment is active
            found.write(place.path("src"))
    elif editable or kind_of("pip", spec) in ("local", "file") or url in (".", ".."):
        found.need(f"{file} installs {url}")


def _settings(place: Place, found: Access, *names: str) -> None:
    """Files of these names in the directory or above it."""
    folder = place.directory
    while True:
        found.read(*(join(folder, name) for name in names))
        if folder in ("/", ""):
            return
        folder = dirname(folder)


#: files of each program for the project in its directory
_PROJECT = {
    "poetry": ("pyproject.toml", "poetry.lock", "poetry.toml"),
    "pipenv": ("Pipfile", "Pipfile.lock"),
    "uv": ("pyproject.toml", "uv.lock", "uv.toml", ".python-version"),
}
_LOCAL_IN_LOCK = {
    "poetry": re.compile(r'^type = "(?:directory|file)"', re.M),
    "pipenv": re.compile(r'"(?:path|file)"\s*:|"editable"\s*:\s*true'),
    "uv": re.compile(r"source = \{ (?:editable|directory|path|virtual) = \"(?!\.\")"),
}


def _project(call: PackageCall, command: Command, place: Place, found: Access) -> None:
    """poetry install, pipenv install, uv sync: what the lockfile of the project says."""
    manager = call.manager
    if manager == "uv" and (call.subcommand or "").startswith("pip "):
        return _pip(call, command, place, found)
    if call.subcommand in ("config", "self add", "cache clear", "cache clean"):
        found.read(*(place.path(name) for name in _PROJECT[manager]))
        return None
    if call.subcommand not in ("install", "sync") or call.operands:
        found.need(f"{manager} {call.subcommand or ''} may read any file")
        return None
    found.installs = True
    files = [place.path(name) for name in _PROJECT[manager]]
    found.read(*files)
    lock = place.tree.text(files[1])
    if lock is None:
        found.doubt(f"there is no {_PROJECT[manager][1]}")
    elif _LOCAL_IN_LOCK[manager].search(lock):
        found.need(f"{_PROJECT[manager][1]} names a folder of the code")
    if call.has("--directory", "-C", "--project", "-P", "-e", "--editable", "-r", "--requirements"):
        found.doubt("it works in another folder")
    found.write(place.path(".venv"))
    if manager == "pipenv":
        if not call.has("--deploy", "--ignore-pipfile") and call.subcommand != "sync":
            found.write(files[1])
        if any(name.startswith("PIPENV_") for name in place.variables):
            found.doubt("a variable of pipenv is set")
        return None
    if manager == "poetry" and not call.has("--no-root") and not _no_package(place, files[0]):
        found.need("poetry install installs the project itself")
    if manager == "uv" and not call.has("--no-install-project", "--no-install-workspace"):
        if re.search(r"^\[build-system\]", place.tree.text(files[0]) or "", re.M):
            found.need("uv sync installs the project itself")
        if "[tool.uv.workspace]" in (place.tree.text(files[0]) or ""):
            found.need("the project is a workspace")
    found.doubt(f"{manager} may look into more files of the project")
    return None


def _no_package(place: Place, path: str) -> bool:
    return re.search(r"^package-mode\s*=\s*false", place.tree.text(path) or "", re.M) is not None


READERS = {"pip": _pip, "uv": _project, "poetry": _project, "pipenv": _project}
