"""Which single-stage builds keep their toolchain although they start nothing but what it made, and how to part them."""

from __future__ import annotations

from posixpath import normpath

from dlinter import (
    Add,
    Cmd,
    Command,
    Copy,
    Entrypoint,
    Env,
    Healthcheck,
    Onbuild,
    Run,
    Shell,
    Stage,
    User,
    Volume,
    Word,
)
from dlinter.packages import package_call
from dlinter_grammar import regex as re
from dlinter_rules.common import image_of
from dlinter_rules.multi_stage_bases import Runtime, runtime
from dlinter_rules.multi_stage_products import Product, located, products, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.context import Context

#: folders of a project that programs often read when they run
_READ = re.compile(
    r"(?:templates?|views?|static|public|assets|www|web|html|configs?|conf|migrations?|db|sql|locales?|i18n|lang|data"
    r"|resources|certs?|keys|uploads|scripts)",
    re.IGNORECASE,
)
#: files of a project that programs often read when they run
_READ_FILES = re.compile(
    r"(?:config.*\.(?:ya?ml|json|toml|ini)|settings.*\.(?:ya?ml|json|toml)|\.env|.*\.html?|.*\.tmpl)", re.I
)
#: what people install to build with
_TO_BUILD = re.compile(
    r"(?:build-essential|build-base|gcc|g\+\+|make|cmake|git|curl|wget|pkg-config|pkgconf|autoconf|automake|libtool"
    r"|libc-dev|libc6-dev|musl-dev|linux-libc-dev|musl-tools|binutils|upx|unzip|tar|xz-utils|protobuf-compiler|protoc"
    r"|ca-certificates|openssh-client|bash|mercurial|maven|ant|gnupg|apt-transport-https|nodejs|npm|ninja-build|meson"
    r"|clang|llvm|file|patch)"
)
#: where programs are found in every image
_PATHS = ("/usr/local/bin", "/usr/bin", "/bin")
#: arguments that name files
_PATH = re.compile(r"^(?:\./|\.\./|/(?!/|dev/)|[\w.-]+/)|\.(?:ya?ml|json|toml|conf|cfg|ini|env|xml|properties|pem)$")
#: what changes nothing that a program would miss
_HARMLESS = frozenset({
    "curl", "godep", "gox", "gvt", "mage", "packr", "statik", "tar", "unzip", "wget",
    "[", "c++", "cargo", "cat", "cc", "cd", "chmod", "cp", "dep", "dotnet", "echo", "env", "export", "find", "g++",
    "gcc", "git", "glide", "go", "govendor", "gradle", "gradlew", "grep", "install", "ls", "make", "mv", "mvn", "mvnw",
    "npm", "pnpm", "printf", "pwd", "rm", "rustup", "sed", "set", "strip", "swag", "test", "touch", "true", "upx",
    "yarn",
})  # fmt: skip
#: what cleans up behind a build
_CLEANUP = frozenset({
    "[", "cd", "chmod", "cp", "echo", "find", "install", "ls", "mv", "pwd", "rm", "set", "strip", "test", "true", "upx",
})  # fmt: skip
#: servers of files in Node, with what names the folder
_SERVERS = frozenset({"serve", "http-server"})


class Plan:
    """How to part ``stage``: ``product`` is what the last stage gets, ``paths`` are where it is.

    ``runtime`` is the image for it; ``doubts`` are why more may be missing, and ``more`` what that may be. ``words`` is
    the command that is started where that has to be written anew, else empty, and ``user`` a USER who is known there.
    """

    __slots__ = ("doubts", "more", "paths", "product", "runtime", "stage", "user", "words")

    def __init__(self, stage: Stage, product: Product, paths: list[str], runtime: Runtime) -> None:
        self.stage = stage
        self.product = product
        self.paths = paths
        self.runtime = runtime
        self.doubts: list[str] = []
        self.more: list[str] = []
        self.user = ""
        self.words: list[str] = []


def plan_of(stage: Stage) -> Plan | None:
    """What to do about *stage*; None where the program cannot be told from the rest."""
    image = image_of(stage)
    if (
        image is None
        or image.family == "windows"
        or "onbuild" in (image.reference.tag or "")
        or next(stage.of(Shell, Onbuild), None) is not None
    ):
        return None
    made = products(stage)
    words = _words(stage)
    if not made or not words:
        return None
    folder = stage.file.facts.workdir(stage, base=True)
    product, path = _started(stage, words, made, folder)
    if product is None or path is None:
        return None
    fitting = runtime(stage, product)
    if fitting is None:
        return None
    plan = Plan(stage, product, [path], fitting)
    found = list(_obstacles(plan, words, folder))
    if None in found:
        return None
    plan.doubts += [doubt for doubt in found if doubt is not None]
    return plan


def _words(stage: Stage) -> list[Word]:
    """The words of the one command that a container starts; none where that is not known."""
    facts = stage.file.facts
    entrypoint, cmd = facts.entrypoint(stage), facts.cmd(stage)
    found: list[Word] = []
    for each in (entrypoint, cmd):
        if each is None:
            continue
        if len(each.commands) != 1 or (entrypoint is not None and cmd is not None and each.form != "json"):
            return []
        command = each.commands[0]
        if command.wrappers or command.assignments or any(word.value is None for word in command.words):
            return []
        found += command.words
    return found


def _started(
    stage: Stage, words: list[Word], made: list[Product], folder: str | None
) -> tuple[Product | None, str | None]:
    """What of *made* is started, and the path to copy."""
    program = words[0].value or ""
    rest = [word.value or "" for word in words[1:]]
    if program == "java" and "-jar" in rest[:-1]:
        path = resolve(folder, rest[rest.index("-jar") + 1])
        return _maker(made, path, "java"), path
    if program == "dotnet" and rest and rest[0].endswith(".dll"):
        path = resolve(folder, rest[0])
        product = _maker(made, path, "dotnet")
        return product, None if product is None else product.folder
    if program in _SERVERS or (program == "npx" and rest and rest[0] in _SERVERS):
        operands = [each for each in rest[program == "npx" :] if each[:1] != "-" and not each.isdecimal()]
        path = resolve(folder, operands[0]) if operands else None
        return (_maker(made, path, "web"), path) if path != folder else (None, None)
    path = resolve(folder, program) if "/" in program else None
    for product in reversed(made):
        if product.kind in ("go", "rust", "c"):
            if path is not None and product.makes(path):
                return product, path
            for place in ("/go/bin", "/usr/local/bin", "/usr/bin", "/bin", "/usr/local/cargo/bin"):
                if "/" not in program and product.makes(f"{place}/{program}"):
                    return product, f"{place}/{program}"
    return None, None


def _maker(made: list[Product], path: str | None, kind: str) -> Product | None:
    if path is None:
        return None
    return next((product for product in reversed(made) if product.kind == kind and product.makes(path)), None)


# -- what may be missing -----------------------------------------------------------------------------------------


def _obstacles(plan: Plan, words: list[Word], folder: str | None) -> Iterator[str | None]:
    """Why the program may need more than the product; None for what forbids to part the stage."""
    stage, product = plan.stage, plan.product
    facts = stage.file.facts
    if stage.base.alias is not None:
        yield f"the stage is called {stage.name} already"
    if plan.runtime.doubt:
        yield plan.runtime.doubt
    yield from _entry(plan, words)
    yield from _steps(plan)
    yield from _settings(stage, plan)
    if product.kind == "web":
        yield "nginx serves other paths, and listens at port 80"
        return
    if product.kind != "dotnet" and any(f"{folder}/".startswith(f"{path}/") for path in plan.paths):
        yield None
    if facts.workdir(stage) is None and any("/" in (w.value or "") and (w.value or "")[:1] != "/" for w in words):
        yield "the working directory is that of the base image"
    yield from _files(plan)


def _entry(plan: Plan, words: list[Word]) -> Iterator[str | None]:
    """What the command that is started tells."""
    stage, facts = plan.stage, plan.stage.file.facts
    if any(each is not None and each.form != "json" for each in (facts.entrypoint(stage), facts.cmd(stage))):
        yield "it is started by a shell"
        plan.words = [word.value or "" for word in words]
    program = words[0].value or ""
    beside = "/" not in program and plan.paths[0].rpartition("/")[0] not in _PATHS
    if beside and program not in ("java", "dotnet") and plan.product.kind != "web":
        yield f"{program} has to be in the PATH of the image"
    folder = facts.workdir(stage, base=True)
    for word in words[1:]:
        text = (word.value or "").rpartition("=")[2]
        path = resolve(folder, text) or ""
        if path not in plan.paths and not plan.product.makes(path) and _PATH.search(text) and "://" not in text:
            yield f"it is given the path {text}"
            if text[:1] != "/" and path:
                plan.more.append(path)


def _steps(plan: Plan) -> Iterator[str | None]:
    """What the RUNs tell."""
    made = products(plan.stage)
    build = plan.product.command
    for run in plan.stage.of(Run):
        assert isinstance(run, Run)
        if run.heredocs or run.form != "shell" or any(script.root is None for script in run.scripts):
            yield None
            return
        for command, folder in located(run):
            if any(product.command.start <= command.start < product.command.end for product in made):
                # a build, or what is asked on its command line
                continue
            late = (run.index, command.start) > (plan.product.run.index, build.start)
            yield from _step(plan, command, folder, late)


def _step(plan: Plan, command: Command, folder: str | None, late: bool) -> Iterator[str | None]:
    call = package_call(command)
    name = command.name
    if call is not None and call.manager in ("apt", "apt-get", "apk", "yum", "dnf", "microdnf", "aptitude"):
        names = [package.name or "" for package in call.packages]
        if call.action not in ("install", "upgrade"):
            return
        if call.opaque or any(not _TO_BUILD.fullmatch(each) for each in names):
            # the program may need it: what would be right cannot be told
            yield None
    elif name == "mkdir":
        yield from _made(plan, command, folder)
    elif late and name not in _CLEANUP and not (name in ("go", "cargo") and command.operand("clean")):
        yield None
    elif name in ("useradd", "adduser", "groupadd", "addgroup"):
        return
    elif name not in _HARMLESS:
        yield None


def _made(plan: Plan, command: Command, folder: str | None) -> Iterator[str]:
    """The directories that *command* makes and that are neither for the build nor for the product."""
    work = plan.stage.file.facts.workdir(plan.stage, base=True)
    places = {plan.stage.file.facts.workdir(i, base=True) for i in plan.stage.instructions}
    for word in command.args:
        path = resolve(folder, word.value or "$") if word.text[:1] != "-" else None
        if path is None or f"{work}/".startswith(f"{path}/") or path.startswith("/go/") or path in places:
            continue
        if not any(f"{product}/".startswith(f"{path}/") for product in plan.paths):
            yield f"the directory {path} may be needed"


def _settings(stage: Stage, plan: Plan) -> Iterator[str | None]:
    """What the other instructions tell."""
    facts = stage.file.facts
    for env in stage.of(Env):
        assert isinstance(env, Env)
        for pair in env.pairs:
            if pair.key.value in ("PATH", "LD_LIBRARY_PATH", "JAVA_HOME", "CLASSPATH"):
                yield f"{pair.key.value} names folders of this image"
            elif pair.value is not None and "$" in pair.value.text:
                yield f"{pair.key.value} depends on other variables"
    user = next((u for u in stage.of(User)), None)
    if user is not None:
        name = (facts.user(stage) or "$").partition(":")[0]
        if not (name.isdecimal() or name == "root" or name in plan.runtime.users):
            plan.user = "nonroot"
            yield f"there is no user {name}" if "nonroot" in plan.runtime.users else None
    health = facts.healthcheck(stage)
    if isinstance(health, Healthcheck) and health.commands:
        program = health.commands[0].words[0].value or ""
        path = resolve(facts.workdir(stage, base=True), program) if "/" in program else None
        if health.form != "json" or path not in plan.paths:
            yield None
    for volume in stage.of(Volume):
        for path in plan.paths:
            if any(f"{path}/".startswith(normpath(token.value) + "/") for token in volume.args):
                yield None
    for other in (*stage.of(Cmd), *stage.of(Entrypoint)):
        if "$" in other.text:
            yield "what is started depends on variables"


def _files(plan: Plan) -> Iterator[str | None]:
    """What the files of the build context tell."""
    from dlinter_rules.multi_stage_sources import reading, texts

    stage, kind = plan.stage, plan.product.kind
    if any(isinstance(copy, Add) and re.search(r"https?://|\.tar|\.t?gz", copy.text) for copy in stage.of(Add)):
        yield None
    work = stage.file.facts.workdir(plan.product.run, base=True) or "/"
    for copy in stage.of(Copy, Add):
        assert isinstance(copy, Copy | Add)
        target = copy.destination
        text = None if target is None else stage.file.facts.expand(target, copy).value
        path = resolve(stage.file.facts.workdir(copy, base=True), text) if text else None
        code = not (text or "").startswith("/") or f"{path}/".startswith((f"{work}/", "/go/src/", "/src/"))
        if path is None or copy.index > plan.product.run.index or not (code or f"{work}/".startswith(f"{path}/")):
            yield f"it may read {path or 'what is copied'}"
            if path is None:
                yield None
            else:
                plan.more.append(path)
    sources = texts(stage, kind)
    context = stage.file.facts.context
    if sources is None or context is None or not stage.file.facts.build_context.certain:
        yield "which files it reads is not known"
        return
    if kind != "dotnet":
        for name in context.names():
            if _may_be_read(context, name, kind):
                yield f"it may read {name} of the build context"
                plan.more.append(f"{work}/{name}")
    for path, line in reading(sources, kind):
        yield f"it may read files or start programs ({path}:{line})"
        return


def _may_be_read(context: Context, name: str, kind: str) -> bool:
    """True if the file or folder *name* of the build context looks like something that is read at run time."""
    from dlinter_rules.multi_stage_sources import ENDINGS

    match context.kind(name):
        case "file":
            return _READ_FILES.fullmatch(name) is not None
        case "folder" if kind != "java" and _READ.fullmatch(name):
            # a package of sources is none
            return any(not path.endswith(ENDINGS[kind]) for path, _ in context.walk(name))
    return False
