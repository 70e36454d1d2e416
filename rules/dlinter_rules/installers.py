"""The commands that install dependencies: what they certainly need, and what would fetch for them."""

from __future__ import annotations

from posixpath import join, normpath

from dlinter import Command
from dlinter.context.installs import Access, Place
from dlinter.packages import PackageCall, package_call
from dlinter_grammar import regex as re

#: programs that fetch while they build, of which any earlier call is likely to have fetched
BUILDERS = frozenset({"cargo", "gradle", "maven", "dotnet"})
#: where each keeps what it fetched, as a copy from another stage names it
FETCHED = {
    "cargo": ("target", "cargo"), "gradle": ("gradle",), "maven": (".m2",), "go": ("/go/pkg", "vendor"),
    "dotnet": (".nuget",), "npm": ("node_modules",), "yarn": ("node_modules",), "pnpm": ("node_modules",),
    "bun": ("node_modules",), "composer": ("vendor",), "bundle": ("bundle",), "mix": ("deps",),
    "pip": ("site-packages", "venv"), "poetry": ("venv",), "pipenv": ("venv",), "uv": ("venv",),
}  # fmt: skip


def manager_of(command: Command) -> str:
    """The package manager that *command* calls, or its program."""
    call = package_call(command)
    return command.name if call is None else call.manager


#: sub-commands that install what the manifest of the project asks for, where no package is named
_INSTALLS = {
    "npm": ("install", "ci"), "yarn": ("install",), "pnpm": ("install", "ci"), "bun": ("install", "ci"),
    "bundle": ("install",), "go": ("mod download",), "composer": ("install",), "poetry": ("install", "sync"),
    "pipenv": ("install", "sync"), "uv": ("sync",), "dotnet": ("restore",),
}  # fmt: skip


def project_wide(command: Command, call: PackageCall | None) -> bool:
    """True if *command* installs everything that a manifest asks for."""
    if call is None:
        return command.name == "mix" and any(
            (w.value or "").startswith(("deps.get", "deps.compile")) for w in command.args
        )
    if call.manager in ("pip", "uv") and any(package.kind == "requirements" for package in call.packages):
        return True
    if call.manager == "uv" and call.subcommand == "pip sync":
        return True
    if call.manager == "maven":
        return any("go-offline" in word.text or ":resolve" in word.text for word in call.operands)
    if call.subcommand not in _INSTALLS.get(call.manager, ()) or call.has("-g", "--global"):
        return False
    return not call.operands or call.manager == "dotnet"


def installs(command: Command) -> bool:
    """True if *command* may be what a plan is about: looked at before any file is."""
    call = package_call(command)
    if project_wide(command, call) or (call is not None and fetching(call, command)):
        return True
    return call is not None and call.manager in ("cargo", "gradle")


def certain_manifests(command: Command, reads: Access, folder: str) -> dict[str, str] | None:
    """What *command* certainly needs, if it says so itself; *folder* is where the whole context is."""
    call = package_call(command)
    if call is None or call.opaque:
        return None
    if call.manager == "pip" or (call.manager == "uv" and call.subcommand in ("pip install", "pip sync")):
        names = [word for word in (_listed(option.name, option.value) for option in call.options) if word]
        names += [w.value or "" for w in call.operands if call.subcommand == "pip sync"]
    elif call.manager == "npm" and call.subcommand == "ci":
        names = ["package.json", "package-lock.json"]
    elif call.manager == "pipenv" and (call.subcommand == "sync" or call.has("--deploy")):
        names = ["Pipfile", "Pipfile.lock"]
    else:
        return None
    found: dict[str, str] = {}
    for name in names:
        path = normpath(join(folder, name))
        inside = path[len(folder.rstrip("/")) + 1 :]
        if not path.startswith(folder.rstrip("/") + "/") or path not in reads.files:
            return None
        found[path] = inside
    return found if found and set(reads.files) >= set(found) else None


def _listed(option: str, value: str | None) -> str | None:
    return value if option in ("-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints") else None


#: variables that choose what is built and not what is fetched
_GO_BUILD = frozenset({
    "CGO_ENABLED", "GOOS", "GOARCH", "GOARM", "GOAMD64", "GO111MODULE", "CGO_CFLAGS", "CGO_LDFLAGS", "GOEXPERIMENT",
})  # fmt: skip


def fetching(call: PackageCall, command: Command) -> str:
    """The command that fetches what *command* would fetch; "" where there is none."""
    program = command.words[0].text
    names = {assignment.name for assignment in command.assignments}
    if call.manager == "go" and names <= _GO_BUILD:
        local = all(word.text.startswith((".", "/")) or word.text.endswith(".go") for word in call.operands)
        build = call.subcommand in ("build", "install") or (call.subcommand == "get" and local and call.operands)
        vendored = call.option("-mod") is not None
        return (
            f"{program} mod download"
            if build and not vendored and not any("@" in w.text for w in call.operands)
            else ""
        )
    if names or call.opaque:
        return ""
    words = " ".join(word.text for word in command.words)
    if call.manager == "composer" and call.subcommand == "install" and not call.operands:
        added = [option for option in ("--no-scripts", "--no-autoloader") if not call.has(option)]
        kept = re.sub(r" (?:-o|--optimize-autoloader|-a|--classmap-authoritative|--apcu-autoloader)\b", "", words)
        return " ".join([kept, *added])
    if call.manager == "poetry" and call.subcommand in ("install", "sync") and not call.has("--no-root", "--only-root"):
        return f"{words} --no-root"
    if call.manager == "uv" and call.subcommand == "sync" and not call.has("--no-install-project"):
        return f"{words} --no-install-project"
    if call.manager == "maven" and any(
        word.value in ("package", "install", "verify", "compile", "clean") for word in call.operands
    ):
        options = [w.text for o in call.options if o.name in ("-P", "-f", "-s", "-B", "-q", "-ntp") for w in o.words]
        return " ".join([program, *options, "dependency:go-offline"])
    if call.manager == "dotnet" and call.subcommand in ("build", "publish") and not call.has("--no-restore"):
        project = [word.text for word in call.operands[:1]]
        runtime = [word.text for name in ("-r", "--runtime") if (o := call.option(name)) for word in o.words]
        return " ".join([program, "restore", *project, *runtime])
    return ""


def has_manifest(command: Command, place: Place, access: Access) -> bool:
    """True for an installation that can be taken apart, with its manifest in the build context."""
    call = package_call(command)
    if call is None:
        return False
    if access.needs == "the project has workspaces":
        return True
    if call.manager == "cargo" and call.subcommand in ("build", "install"):
        text = place.tree.text(place.path("Cargo.toml"))
        return (
            text is not None
            and re.search(r"^\[(?:workspace\.)?dependencies\b[^\]]*\]\s*\n\s*[\w#]", text, re.M) is not None
        )
    if call.manager == "gradle" and any(
        (word.value or "").rpartition(":")[2]
        in ("build", "bootJar", "assemble", "jar", "shadowJar", "installDist", "war")
        for word in call.operands
    ):
        return any(place.tree.has(place.path(name)) for name in ("build.gradle", "build.gradle.kts"))
    return False
