"""Packages of the system, and the commands around an installation that touch nothing of the code."""

from __future__ import annotations

from posixpath import dirname, normpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.context.installs import Access, Command, Place
    from dlinter.packages import PackageCall

#: commands that read no file at all, whatever their words say
_SILENT = frozenset({"echo", "true", ":", "set", "printf", "sleep", "umask"})


def ordinary(command: Command, place: Place, found: Access) -> bool:
    """Handle a command that is no package manager; False where it is not known here."""
    name = command.name
    if command.program != name and not command.program.startswith(("/bin/", "/usr/bin/")):
        return False
    if name in _SILENT:
        return True
    if name == "cd":
        _enter(command, place, found)
    elif name == "rm":
        _remove(command, place, found)
    elif name == "mkdir":
        _make(command, place, found)
    elif name == "corepack":
        if any(word.value not in ("enable", "yarn", "pnpm") for word in command.args):
            found.doubt("corepack looks into package.json")
    else:
        return False
    return True


def _enter(command: Command, place: Place, found: Access) -> None:
    target = command.args[0].value if len(command.args) == 1 else None
    if target is None or target[:1] in ("-", "~") or "CDPATH" in place.variables:
        found.doubt("cd leads to a folder that is not known")
    else:
        place.directory = place.path(target)


def _remove(command: Command, place: Place, found: Access) -> None:
    for word in command.args:
        text = word.value if word.value is not None else word.text
        if text[:1] == "-":
            continue
        head = text
        for char in "*?[{$":
            head = head.partition(char)[0]
        if "$" in text or head[:1] in ("~", "") or (text[:1] == "/" and len(head) < 5):
            found.doubt("rm removes what is not known")
        elif (
            text[:1] != "/"
            or place.tree.has(normpath(head))
            or place.path(".") in (normpath(head), dirname(normpath(head)))
        ):
            found.need("rm removes a file of the code")
        elif head == text:
            found.write(normpath(text))
        else:
            found.write(normpath(head if head.endswith("/") else head.rpartition("/")[0]))


def _of_the_code(path: str, place: Place) -> bool:
    return place.tree.has(path) or place.directory in (path, dirname(path))


def _make(command: Command, place: Place, found: Access) -> None:
    for word in command.args:
        if word.value is None or word.value[:1] == "~":
            found.doubt("mkdir makes what is not known")
        elif word.value[:1] != "-":
            found.write(place.path(word.value))


#: sub-commands that download and clean, and read configuration of the system alone
_UPKEEP = frozenset(
    {"update", "clean", "autoclean", "autoremove", "upgrade", "dist-upgrade", "full-upgrade", "makecache"}
)


def _system(call: PackageCall, command: Command, place: Place, found: Access) -> None:
    """apt and its like: packages by name, from the lists of the system (apt-get(8), apk(8), dnf(8))."""
    if call.subcommand not in _UPKEEP and call.action not in ("install", "remove", "update", "upgrade", "clean"):
        found.need(f"{call.executable} {call.subcommand or ''} is not known".replace("  ", " "))
    for package in call.packages:
        if package.kind not in ("name", "virtual", "group"):
            found.doubt(f"{package.word.text} may be a file of the code")
    for option in call.options:
        if not option.known or (option.value is not None and "/" in option.value):
            found.doubt(f"{option.word.text} may name a file of the code")
    for word in command.args:
        if word.value is None and "$" in word.text:
            found.doubt(f"{word.text} is not known")


READERS = dict.fromkeys(("apt", "apt-get", "aptitude", "apk", "dnf", "yum", "microdnf", "tdnf", "zypper"), _system)

#: folders whose files any program may read
_SYSTEM = ("/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/var/lib", "/var/cache", "/run", "/var/run",
           "/boot", "/dev", "/proc", "/sys", "/tmp")  # fmt: skip
#: folders within them that are for applications
_APPLICATIONS = ("/usr/src", "/usr/app", "/usr/local/app", "/usr/share/app", "/usr/local/src", "/usr/share/nginx/html")
#: settings that programs look for in the home of whoever runs them
_SETTINGS = frozenset({
    ".pip", ".netrc", ".gitconfig", ".gemrc", ".composer", ".ssh", ".pypirc", ".config", ".cargo", ".m2", ".gradle",
    ".nuget", ".local", ".profile", ".bashrc", ".bash_profile", ".pydistutils.cfg", ".condarc", ".wgetrc", ".curlrc",
})  # fmt: skip


def shared(path: str) -> bool:
    """True if any program may read the file at *path*, as part of the system or as somebody's settings."""
    if any(path.startswith(f"{folder}/") for folder in _SYSTEM):
        return not any(path.startswith(f"{folder}/") for folder in _APPLICATIONS)
    parts = path.split("/")[1:]
    if not _SETTINGS.isdisjoint(parts):
        return True
    homes = {"root": 1, "home": 2}.get(parts[0], 0)
    return len(parts) > homes and parts[homes].startswith(".")
