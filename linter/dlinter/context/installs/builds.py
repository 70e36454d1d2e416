"""Build tools that fetch by themselves: Maven, the .NET SDK, Mix. They may look at more than is known here.

From maven.apache.org (guides, "Maven CLI"), learn.microsoft.com/dotnet (dotnet restore, "Customize your build") and
hexdocs.pm/mix.
"""

from __future__ import annotations

from posixpath import dirname, join, normpath

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.context.installs import Access, Command, Place
    from dlinter.packages import PackageCall


def _maven(call: PackageCall, command: Command, place: Place, found: Access) -> None:
    goals = [word.value or word.text for word in call.operands]
    if not goals or not all(re.match(r"(?:[\w.:-]*:)?(?:go-offline|resolve|resolve-plugins)$", goal) for goal in goals):
        found.need("Maven builds the code")
        return
    found.installs = True
    option = call.option("-f", "--file")
    pom = place.path((option.value or "") if option is not None else "pom.xml")
    text = place.tree.text(pom)
    found.read(pom)
    found.folders[place.path(".mvn")] = None
    if call.executable == "mvnw":
        found.read(place.path(command.program))
    if text is None:
        found.doubt("pom.xml is not in the build context")
        return
    parent = re.search(r"<relativePath>\s*([^<\s]+)", text)
    above = normpath(join(dirname(pom), parent[1] if parent else "../pom.xml"))
    if "<parent>" in text and (place.tree.has(above) or place.tree.has(join(above, "pom.xml"))):
        found.need("its parent is in the code")
    if re.search(r"<module>", text):
        found.need("it has several modules")
    if re.search(r"<systemPath>|file://", text):
        found.need("pom.xml names a file of the code")
    found.doubt("Maven may look into more files of the project")


#: files above a project that MSBuild and NuGet read
_DOTNET = (
    "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "nuget.config",
    "NuGet.config", "NuGet.Config", "packages.lock.json",
)  # fmt: skip
_PROJECT = re.compile(r".*\.(?:cs|fs|vb)proj$")


def _dotnet(call: PackageCall, command: Command, place: Place, found: Access) -> None:
    if call.subcommand == "tool install" and call.has("-g", "--global", "--tool-path"):
        return
    if call.subcommand != "restore":
        found.need(f"dotnet {call.subcommand or ''} may read any file")
        return
    found.installs = True
    project = _project(call, place)
    if project is None:
        found.need("it is not known which project is restored")
        return
    _read_project(project, place, found, set())
    found.write(join(dirname(project), "obj"))
    found.doubt("MSBuild may look into more files of the project")


def _project(call: PackageCall, place: Place) -> str | None:
    """The only project that the command can mean."""
    operands = [word.value for word in call.operands]
    named = place.path(operands[0]) if len(operands) == 1 and operands[0] else place.directory
    if len(operands) > 1:
        return None
    if _PROJECT.match(named):
        return named if place.tree.has(named) else None
    head = named.rstrip("/") + "/"
    inside = [path for path in place.tree.below(named) if "/" not in path[len(head) :]]
    if any(path.endswith((".sln", ".slnx")) for path in inside):
        return None
    found = [path for path in inside if _PROJECT.match(path)]
    return found[0] if len(found) == 1 else None


def _read_project(path: str, place: Place, found: Access, seen: set[str]) -> None:
    """A project with those that it refers to."""
    if path in seen:
        return
    seen.add(path)
    found.read(path)
    folder = dirname(path)
    while True:
        found.read(*(join(folder, name) for name in _DOTNET))
        if folder in ("/", ""):
            break
        folder = dirname(folder)
    text = place.tree.text(path)
    if text is None:
        found.need(f"{path.rpartition('/')[2]} is not in the build context")
        return
    if re.search(r"<Import\s", text):
        found.need("the project imports other files")
    for other in re.findall(r"<ProjectReference\s[^>]*?Include=\"([^\"]+)\"", text):
        if "$" in other or "*" in other or ";" in other:
            found.need("a project refers to others in a way that is not understood")
        else:
            _read_project(normpath(join(dirname(path), other.replace("\\", "/"))), place, found, seen)


def mix(command: Command, place: Place, found: Access) -> None:
    """mix deps.get and its like; every task of Mix loads the configuration."""
    words = [word.value or "" for word in command.args]
    tasks = words[:1]
    if words[:1] == ["do"]:
        tasks = [part.strip(",").split()[0] for part in " ".join(words[1:]).split(", ") if part.strip(",").split()]
    known = {"deps.get", "deps.compile", "local.hex", "local.rebar", "deps.clean"}
    if not tasks or not set(tasks) <= known:
        found.need("mix may read any file")
        return
    if not {"deps.get", "deps.compile"}.isdisjoint(tasks):
        found.installs = True
        path = place.path("mix.exs")
        text = place.tree.text(path)
        found.read(path, place.path("mix.lock"))
        found.folders[place.path("config")] = None
        found.write(place.path("deps"), place.path("_build"), place.path("mix.lock"))
        if text is None:
            found.doubt("mix.exs is not in the build context")
        elif re.search(r"\bpath:|apps_path|in_umbrella", text):
            found.need("mix.exs names a folder of the code")
        elif "File." in text:
            found.need("mix.exs reads other files")
    found.doubt("Mix may look into more files of the project")


def _other(call: PackageCall, command: Command, place: Place, found: Access) -> None:
    found.need(f"{call.executable} builds the code")


READERS = {"maven": _maven, "dotnet": _dotnet, "gradle": _other, "cargo": _other}
