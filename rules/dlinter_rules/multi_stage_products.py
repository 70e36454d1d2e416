"""What the compilers of a stage make, and where they put it."""

from __future__ import annotations

from posixpath import basename, dirname, join, normpath

from dlinter import Command, Run, Stage, Workdir
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter import Instruction

#: options of ``go build`` and ``go install`` with a value of their own
_GO_VALUED = frozenset(
    f"-{name}" for name in (
        "C", "asmflags", "buildmode", "compiler", "coverpkg", "covermode", "gccgoflags", "gcflags", "installsuffix",
        "ldflags", "mod", "modfile", "o", "overlay", "p", "pgo", "pkgdir", "tags", "toolexec",
    )
)  # fmt: skip
#: folders that every image has
_FOLDERS = {"/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin", "/opt", "/usr/local/sbin", "/root", "/srv"}
_COMPILERS = re.compile(r"(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(?:-\d+)?")


class Product:
    """Files that ``command`` in ``run`` makes: those in ``paths``, or any directly (``deep``: anywhere) in ``folder``.

    ``kind`` is ``"go"``, ``"rust"``, ``"java"``, ``"dotnet"``, ``"c"`` or ``"web"``; paths are absolute.
    """

    __slots__ = ("command", "deep", "folder", "kind", "paths", "run", "suffix")

    def __init__(self, kind: str, command: Command, run: Run) -> None:
        self.kind = kind
        self.command = command
        self.run = run
        self.paths: set[str] = set()
        self.folder: str | None = None
        self.suffix = ""
        self.deep = False

    def makes(self, path: str) -> bool:
        """True if *path* is one of them, as far as its name tells; it may have wildcards in its last part."""
        if path in self.paths:
            return True
        if self.folder is None or not path.endswith(self.suffix):
            return False
        if self.deep:
            return path == self.folder or path.startswith(self.folder.rstrip("/") + "/")
        return dirname(path) == self.folder


def located(run: Run) -> Iterator[tuple[Command, str | None]]:
    """The commands of *run* with the directory that each runs in, None where that is not known."""
    folder = run.file.facts.workdir(run, base=True)
    nested = "(" in run.text
    for command in run.commands:
        yield command, folder
        if command.name in ("cd", "pushd", "popd"):
            to = command.operand()
            known = command.name == "cd" and not nested and to is not None and to.value is not None
            folder = resolve(folder, to.value or "") if known and to is not None else None


def resolve(folder: str | None, path: str) -> str | None:
    """*path* as seen from *folder*; None where that is not known."""
    if "$" in path or "~" in path or (folder is None and not path.startswith("/")):
        return None
    return normpath(join(folder or "/", path))


def products(stage: Stage) -> list[Product]:
    """What the RUNs of *stage* compile, in their order; copies and moves of it are followed."""
    found: list[Product] = []
    for run in stage.of(Run):
        assert isinstance(run, Run)
        for command, folder in located(run):
            if command.name in ("cp", "mv", "install"):
                _follow(command, folder, found)
            else:
                product = _product(command, folder, run)
                if product is not None:
                    found.append(product)
    return found


def _product(command: Command, folder: str | None, run: Run) -> Product | None:
    first = command.operand()
    what = first.value if first is not None else ""
    match command.name:
        case "go" if what in ("build", "install"):
            return _go(command, folder, run, what)
        case "cargo" if what in ("build", "install"):
            return _cargo(command, folder, run, what)
        case "mvn" | "mvnw" if {"package", "install", "verify"} & {word.value for word in command.args}:
            return _below("java", command, folder, run, "target", ".jar")
        case "gradle" | "gradlew" if _gradle(command):
            return _below("java", command, folder, run, "build/libs", ".jar")
        case "dotnet" if what == "publish":
            return _dotnet(command, folder, run)
        case "npm" | "yarn" | "pnpm" if "build" in [word.value for word in command.args[:2]]:
            found = _below("web", command, folder, run, ".", "")
            if found is not None:
                found.deep = True
            return found
    if _COMPILERS.fullmatch(command.name) and command.option("-c", "-E", "-S", "-shared") is None:
        output = option_value(command, "-o") or "a.out"
        path = resolve(folder, output)
        if path is not None:
            found = Product("c", command, run)
            found.paths.add(path)
            return found
    return None


def _gradle(command: Command) -> bool:
    tasks = {(word.value or "").rpartition(":")[2] for word in command.args}
    return not tasks.isdisjoint(("build", "assemble", "jar", "bootJar", "shadowJar", "fatJar"))


def _below(kind: str, command: Command, folder: str | None, run: Run, where: str, suffix: str) -> Product | None:
    directory = option_value(command, "--prefix", "-f", "-C", "--cwd") if kind != "java" else None
    path = resolve(folder, join(directory or "", where))
    if path is None or (kind == "java" and command.option("-f", "--file", "-p", "--project-dir") is not None):
        return None
    product = Product(kind, command, run)
    product.folder, product.suffix = path, suffix
    return product


def _go(command: Command, folder: str | None, run: Run, what: str) -> Product | None:
    product = Product("go", command, run)
    packages = _packages(command)
    if command.option("-buildmode") is not None or command.option("-C") is not None or packages is None:
        return None
    output = option_value(command, "-o")
    name = _go_name(packages, folder, run)
    if what == "install":
        if name is not None and run.file.facts.env(run).get("GOBIN") is None:
            product.paths.add(f"/go/bin/{name}")
        else:
            product.folder = "/go/bin"
        return product
    if output is None:
        path = None if name is None else resolve(folder, name)
        if path is not None:
            product.paths.add(path)
        elif folder is not None and len(packages) < 2:
            product.folder = folder
        else:
            return None
        return product
    path = resolve(folder, output)
    if path is None:
        return None
    assert run.stage is not None
    if output.endswith(("/", "/.")) or output == "." or path in directories(run):
        product.folder = path
        if name is not None:
            product.paths.add(normpath(f"{path}/{name}"))
            product.folder = None
    else:
        product.paths.add(path)
    return product


def directories(place: Instruction) -> set[str]:
    """The directories that WORKDIR and mkdir certainly made before *place*, or in it."""
    facts = place.file.facts
    found: set[str] = set()
    for other in facts.before(place, Workdir):
        assert isinstance(other, Workdir)
        path = (
            resolve(facts.workdir(other, base=True), facts.expand(other.value, other).value or "$")
            if other.value
            else None
        )
        if path is not None:
            found |= {path, *parents(path)}
    for run in [place, *facts.before(place, Run, where=_makes_folders)]:
        if isinstance(run, Run):
            for command, folder in located(run):
                if command.name == "mkdir":
                    made = [resolve(folder, w.value or "$") for w in command.args if w.text[:1] != "-"]
                    found |= {path for path in made if path is not None}
    return found


def _makes_folders(instruction: Instruction) -> bool:
    return "mkdir" in instruction.syntax.map.text or bool(instruction.heredocs)


def parents(path: str) -> Iterator[str]:
    """The folders that *path* lies in, without the root."""
    while len(path := dirname(path)) > 1:
        yield path


def _packages(command: Command) -> list[str] | None:
    """The operands of ``go build``, None where they depend on a variable."""
    found: list[str] = []
    words = iter(command.args[1:])
    for word in words:
        text = word.value if word.value is not None else word.text
        if text[:1] == "-":
            if text.removeprefix("-") in {name[1:] for name in _GO_VALUED} or text.replace("--", "-") in _GO_VALUED:
                next(words, None)
            continue
        if word.value is None:
            return None
        found.append(word.value)
    return found


def _go_name(packages: list[str], folder: str | None, run: Run) -> str | None:
    """The name that go gives to what it makes of *packages*; None where that is not known."""
    if any("*" in package or "..." in package for package in packages):
        return None
    if packages and all(package.endswith(".go") for package in packages):
        return basename(packages[0]).removesuffix(".go")
    if len(packages) > 1:
        return None
    if packages and packages[0] not in (".", "./"):
        name = re.sub(r"/v\d+$", "", packages[0].partition("@")[0].rstrip("/"))
        return basename(name) if basename(name) not in (".", "..") else None
    if folder is None or run.file.facts.context is None:
        return None
    from dlinter.facts.copied import origin

    place = origin(run, join(folder, "go.mod"))
    text = None if place is None else run.file.facts.context.text(place)
    match = re.search(r"^module[ \t]+\"?([^\s\"]+)", text or "", re.M)
    return None if match is None else basename(re.sub(r"/v\d+$", "", match.group(1)))


def _cargo(command: Command, folder: str | None, run: Run, what: str) -> Product | None:
    product = Product("rust", command, run)
    if what == "install":
        root = option_value(command, "--root")
        product.folder = resolve(folder, f"{root}/bin") if root else "/usr/local/cargo/bin"
        return product if command.option("--path") is not None else None
    directory = option_value(command, "--target-dir") or run.file.facts.env(run).get("CARGO_TARGET_DIR") or "target"
    target = option_value(command, "--target")
    profile = option_value(command, "--profile")
    optimized = any(word.value in ("--release", "-r") for word in command.args)
    below = {None: "release" if optimized else "debug", "dev": "debug"}.get(profile, profile)
    parts = [directory, *([target] if target else []), below or "debug"]
    path = None if command.option("--manifest-path") is not None else resolve(folder, "/".join(parts))
    if (
        path is None
        or "$" in path
        or any(mount.type == "cache" and _inside(path, mount.target) for mount in run.mounts)
    ):
        return None
    product.folder = path
    return product


def _inside(path: str, folder: str | None) -> bool:
    return folder is not None and f"{path}/".startswith(folder.rstrip("/") + "/")


def _dotnet(command: Command, folder: str | None, run: Run) -> Product | None:
    output = option_value(command, "-o", "--output")
    path = None if output is None else resolve(folder, output)
    if path is None:
        return None
    product = Product("dotnet", command, run)
    product.folder, product.deep = path, True
    return product


def option_value(command: Command, *names: str) -> str | None:
    """The value of the first of the options *names*: the next word, or what is behind its equals sign."""
    for number, word in enumerate(command.args):
        name, equals, value = (word.value or word.text).partition("=")
        if name in names:
            if equals:
                return value if word.value is not None else "$"
            following = command.args[number + 1] if number + 1 < len(command.args) else None
            return None if following is None else following.value if following.value is not None else "$"
    return None


def _follow(command: Command, folder: str | None, made: list[Product]) -> None:
    """``cp`` and ``mv`` of one file."""
    words = [word.value for word in command.args if word.text[:1] != "-"]
    if len(words) != 2 or None in words or command.option("-t", "--target-directory", "-d") is not None:
        return
    source, target = resolve(folder, words[0] or ""), resolve(folder, words[1] or "")
    if source is None or target is None:
        return
    folders = {"/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin", "/opt", "/usr/local/sbin", "/root", "/srv"}
    into = (
        (words[1] or "").endswith(("/", "/."))
        or words[1] == "."
        or target in folders | directories(command.instruction)
    )
    for product in made:
        if product.makes(source) and "$" not in source:
            if into and set(source) & set("*?["):
                continue
            product.paths.add(normpath(f"{target}/{basename(source)}") if into else target)
