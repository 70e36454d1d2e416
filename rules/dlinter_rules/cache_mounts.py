"""Cache mounts."""

from __future__ import annotations

from itertools import islice
from posixpath import join, normpath

from dlinter import (
    SAFE,
    UNSAFE,
    Add,
    Arg,
    Command,
    Copy,
    Edit,
    Env,
    Findings,
    Fix,
    Instruction,
    Run,
    Severity,
    Token,
    report,
    rule,
)
from dlinter.packages import package_call
from dlinter.shell_edits import chain, delete_word, remove_element, simple
from dlinter_rules.common import runs_as_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter import Dockerfile, Stage
    from dlinter.commands import Word
    from dlinter.tree import Flag
    from dlinter_grammar.mounts import Mount

#: folders whose programs take a lock, so that two builds must not use them at the same time
_LOCKED = (
    "/var/cache/apt", "/var/lib/apt", "/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum", "/var/cache/zypp",
    "/var/cache/pacman",
)  # fmt: skip


def _mounts(run: Run) -> Iterator[tuple[Flag, Token, Mount]]:
    """The cache mounts with a fixed target: the flag, its value and what is in it."""
    flags = [(flag, flag.value) for flag in run.flags if flag.name == "mount" and flag.value is not None]
    for (flag, value), mount in zip(flags, run.mounts, strict=True):
        if mount.type == "cache" and mount.fault is None and mount.target and "$" not in mount.target:
            yield flag, value, mount


@rule("DL5007", "cache-mount-missing-sharing", on=Run, mentions=("--mount",))
def cache_mount_missing_sharing(run: Run) -> Findings:
    r"""Lock the cache mount of a system package manager with sharing=locked

    Two builds at the same time share the cache, and the one that finds the other's lock file fails.

    ```dockerfile bad
    FROM debian:12
    RUN --mount=type=cache,target=/var/cache/apt \
        --mount=type=cache,target=/var/lib/apt,id=lists \
        apt-get update && apt-get install -y curl
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
        --mount=type=cache,target=/var/lib/apt,id=lists,sharing=locked \
        apt-get update && apt-get install -y curl
    ```
    ```dockerfile good
    FROM debian:12
    RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update
    RUN --mount=type=cache,target=/var/cache/apt,sharing=private apt-get update
    RUN --mount=type=cache,target=/root/.cache/pip pip install flask
    RUN --mount=type=bind,target=/var/cache/apt,readonly ls /var/cache/apt
    ```
    """
    edits = []
    first: Token | None = None
    for flag, value, mount in _mounts(run):
        target = (mount.target or "").rstrip("/")
        if mount.sharing is None and any(target == f or target.startswith(f"{f}/") for f in _LOCKED):
            first = first or value
            if run.file.text[flag.end - 1] not in "\"'":
                edits.append(Edit(value.end, value.end, ",sharing=locked"))
    if first is not None:
        fix = Fix(edits, SAFE, "Add sharing=locked", ("mount-locked",)) if edits and not run.in_onbuild else None
        yield report(first, fix=fix)


#: what a cache mount is for: the program, the end of the target, the options that switch the cache off
_SWITCHES = (
    (("pip",), (".cache", ".cache/pip", "/pip"), ("--no-cache-dir",)),
    (("uv",), (".cache", ".cache/uv", "/uv"), ("--no-cache", "-n", "--no-cache-dir")),
    (("poetry",), (".cache", "pypoetry"), ("--no-cache",)),
    (("composer",), (".composer/cache", ".cache/composer", ".composer", "/tmp/cache"), ("--no-cache",)),
)
#: commands that empty what is mounted: the program, its sub-commands, the targets
_CLEANERS = (
    (("apt-get", "apt", "aptitude"), ("clean", "autoclean", "dist-clean"), ("/var/cache/apt",)),
    (("dnf", "dnf5", "microdnf", "tdnf"), ("clean",), ("/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/tdnf")),
    (("yum",), ("clean",), ("/var/cache/yum", "/var/cache/dnf")),
    (("zypper",), ("clean",), ("/var/cache/zypp",)),
    (("npm",), ("cache clean",), (".npm", ".npm/_cacache")),
    (("yarn",), ("cache clean",), (".cache/yarn", "/yarn", ".yarn/cache", "/cache")),
    (("pip",), ("cache purge",), (".cache/pip", ".cache")),
    (("composer",), ("clear-cache",), (".composer/cache", ".cache/composer", ".composer", "/tmp/cache")),
    (("conda", "mamba"), ("clean",), ("/pkgs",)),
)


@rule("DL5008", "cache-mount-defeated", on=Run, mentions=("--mount",))
def cache_mount_defeated(run: Run) -> Findings:
    r"""Do not empty or switch off the cache that is mounted

    The mount is in no layer, so there is nothing to save, and the next build downloads everything again.

    ```dockerfile bad
    FROM python:3.12
    RUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir -r requirements.txt
    ```
    ```dockerfile fixed
    FROM python:3.12
    RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
    ```
    ```dockerfile bad
    FROM debian:12
    RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
        --mount=type=cache,target=/var/lib/apt,sharing=locked \
        apt-get update && apt-get install -y curl \
        && apt-get clean \
        && rm -rf /var/lib/apt/lists/* /tmp/*
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
        --mount=type=cache,target=/var/lib/apt,sharing=locked \
        apt-get update && apt-get install -y curl \
        && rm -rf /tmp/*
    ```
    ```dockerfile bad
    FROM node:20
    RUN --mount=type=cache,target=/root/.npm npm ci && npm cache clean --force
    ```
    ```dockerfile fixed
    FROM node:20
    RUN --mount=type=cache,target=/root/.npm npm ci
    ```
    Without --force npm 5 and later refuse to, so that the build has been failing or npm is older:
    ```dockerfile bad
    FROM node:4
    RUN --mount=type=cache,target=/root/.npm npm install && npm cache clean
    ```
    ```dockerfile unsafe
    FROM node:4
    RUN --mount=type=cache,target=/root/.npm npm install
    ```
    ```dockerfile good
    FROM debian:12
    RUN --mount=type=cache,target=/root/.cache/pip pip install flask && rm -rf /tmp/*
    RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && rm -rf /var/lib/apt/lists/*
    RUN --mount=type=cache,target=/root/.npm pip install --no-cache-dir flask
    RUN --mount=type=cache,target=/app/.cache pip install --no-cache-dir flask && npm cache clean --force
    ```
    """
    targets = [(mount.target or "").rstrip("/") for _, _, mount in _mounts(run)]
    if not targets:
        return
    for command in run.commands:
        for word, what, edits, names in _defeats(command, targets):
            fix = None
            if edits and not run.in_onbuild:
                safe = command.name == "rm" or _roots(run, command, targets)
                names = ["mounted-cache-kept"] if safe else names
                fix = Fix(edits, SAFE if safe else UNSAFE, f"Leave out {what}", names)
            yield report(word, f"Leave out {what}: it defeats the cache mount", fix)


#: where programs have their cache: root's, and that of the system
_PLACES = {
    "pip": ("/root/.cache/pip",),
    "uv": ("/root/.cache/uv",),
    "poetry": ("/root/.cache/pypoetry",),
    "composer": ("/root/.composer/cache", "/root/.composer", "/root/.cache/composer"),
    "npm": ("/root/.npm",),
    "yarn": ("/usr/local/share/.cache/yarn", "/root/.cache/yarn"),
    "apt-get": ("/var/cache/apt",),
    "apt": ("/var/cache/apt",),
    "dnf": ("/var/cache/dnf", "/var/cache/libdnf5"),
    "microdnf": ("/var/cache/dnf",),
    "yum": ("/var/cache/yum", "/var/cache/dnf"),
    "zypper": ("/var/cache/zypp",),
}
#: the beginnings of variables that say that a program's cache is elsewhere
_SAYS = {"npm": "NPM_CONFIG_CACHE", "yarn": "YARN_CACHE"}


def _roots(run: Run, command: Command, targets: list[str]) -> bool:
    """True if the program certainly has its cache in one of *targets*, and does not want --force."""
    call = package_call(command)
    if command.name == "npm" and "--force" not in [word.value for word in command.args]:
        return False
    places = _PLACES.get(call.manager if call is not None else "", ())
    home = [f"{place.rpartition('/')[0]}" for place in places if place.startswith("/root/.cache/")]
    if not any(target in places or target in home for target in targets):
        return False
    if any(place.startswith("/root") for place in places):
        names = {name.upper() for name in run.file.facts.env(run)}
        # also what is set later: the proof looks at the stage as a whole
        later = run.stage.of(Env, Arg) if run.stage is not None else ()
        names |= {pair.key.value.upper() for i in later if isinstance(i, (Env, Arg)) for pair in i.pairs}
        manager = call.manager if call is not None else ""
        prefix = _SAYS.get(manager, f"{manager.upper()}_")
        if not runs_as_root(run) or any(name.startswith((prefix, "HOME", "XDG_CACHE_HOME")) for name in names):
            return False
    return not any(other.wrappers for other in run.commands)


def _cached(targets: list[str], ends: tuple[str, ...]) -> bool:
    """True if one of *targets* is the cache; a whole folder ``.cache`` only in someone's home."""
    return any(t.endswith(ends) and (not t.endswith(".cache") or t.startswith(("/root", "/home"))) for t in targets)


def _defeats(command: Command, targets: list[str]) -> Iterator[tuple[Word, str, list[Edit], list[str]]]:
    """What *command* does against the mounts: a word, what it is, the edits that take it out and their names."""
    if command.name == "rm":
        yield from _removals(command, targets)
        return
    call = package_call(command)
    if call is None:
        return
    for managers, ends, options in _SWITCHES:
        if call.manager in managers and _cached(targets, ends):
            for option in call.options:
                if option.name in options and option.value is None:
                    word = next(w for w in command.args if w is option.word)
                    edit = delete_word(word) if word.text == option.name and command.script is not None else None
                    yield word, word.text, [edit] if edit else [], ["option-of-user"]
    for programs, subcommands, folders in _CLEANERS:
        cleans = command.name in programs and call.subcommand in subcommands and bool(call.words)
        if cleans and _cached(targets, folders) and not command.assignments:
            word = next(w for w in command.args if w is call.words[-1])
            edit = _without(command)
            text = " ".join(w.text for w in command.words)
            yield word, text, [edit] if edit else [], ["option-of-user"]


def _removals(command: Command, targets: list[str]) -> Iterator[tuple[Word, str, list[Edit], list[str]]]:
    operands = [word for word in command.args if word.text[:1] != "-"]
    gone = [word for word in operands if _mounted(word.text, targets)]
    if not gone:
        return
    if len(gone) == len(operands):
        edit = _without(command)
        text = " ".join(word.text for word in command.words)
        yield gone[0], text, [edit] if edit else [], ["option-of-user"]
        return
    edits = [delete_word(word) for word in gone] if command.script is not None else []
    found = [edit for edit in edits if edit is not None]
    texts = " ".join(word.text for word in gone)
    if len(found) < len(gone) or any(a.clashes(b) for a in found for b in found if a is not b):
        found = []
    yield gone[0], texts, found, ["option-of-user"]


def _mounted(text: str, targets: list[str]) -> bool:
    """True if the removed path lies in a mount, or is one with all that is in it."""
    path = text.strip("\"'").rstrip("/*")
    return path.startswith("/") and any(path == target or path.startswith(f"{target}/") for target in targets)


def _without(command: Command) -> Edit | None:
    """The removal of *command* from a pure and-list."""
    script = command.script
    elements = chain(script) if script is not None else None
    if script is None or elements is None or command.simple is None or command.simple.redirects:
        return None
    for index, element in enumerate(elements):
        if simple(element) is command.simple:
            return remove_element(script, elements, index)
    return None


@rule("DL5009", "cache-mount-wrong-target", on=Run, mentions=("--mount",))
def cache_mount_wrong_target(run: Run) -> Findings:
    r"""Mount the cache where the user who runs the command has it

    Other users than root keep their caches elsewhere, so the mount stays empty and the real cache gets into the layer.

    ```dockerfile bad
    FROM node:20
    USER node
    RUN --mount=type=cache,target=/root/.npm npm ci
    ```
    ```dockerfile good
    FROM node:20
    RUN --mount=type=cache,target=/root/.npm npm ci
    USER node
    RUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci
    ```
    The environment may say where the cache is:
    ```dockerfile good
    FROM python:3.12
    ENV PIP_CACHE_DIR=/root/.cache/pip
    USER 1000
    RUN --mount=type=cache,target=/root/.cache/pip,uid=1000 pip install flask
    ```
    ```dockerfile good
    FROM python:3.12
    USER app
    RUN --mount=type=cache,target=/root/.cache/pip sudo pip install flask
    ```
    """
    user = run.file.facts.user(run)
    if user is None or user.partition(":")[0] in ("root", "0", "") or "$" in user:
        return
    for _, value, mount in _mounts(run):
        target = (mount.target or "").rstrip("/")
        if not target.startswith("/root/") or _said(run, target) or any(c.wrappers for c in run.commands):
            continue
        yield report(value, f"Mount the cache in the home of {user.partition(':')[0]}: {target} is root's")


def _said(run: Run, target: str) -> bool:
    """True if an option or a variable names the target, or where root's home is."""
    environment = run.file.facts.env(run)
    if any(environment[name] in (None, "/root") for name in ("HOME",) if name in environment):
        return True
    if any((environment[name] or "").rstrip("/") in (target, target.rpartition("/")[0]) for name in environment):
        return True
    return any(target in word.text for command in run.commands for word in command.words)


@rule("DL5014", "cache-mount-holds-build-output", on=Run, reads="file", mentions=("--mount",), severity=Severity.ERROR)
def cache_mount_holds_build_output(run: Run) -> Findings:
    r"""Copy what was built out of the cache mount in the same RUN

    What lies in a cache mount is in no layer: whoever asks for it afterwards finds nothing.

    ```dockerfile bad
    FROM rust:1.80 AS build
    WORKDIR /src
    COPY . .
    RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
        cargo build --release
    FROM debian:12
    COPY --from=build /src/target/release/app /usr/bin/app
    ```
    ```dockerfile bad
    FROM rust:1.80
    WORKDIR /src
    COPY . .
    RUN --mount=type=cache,target=target cargo build --release
    CMD ["/src/target/release/app"]
    ```
    ```dockerfile good
    FROM rust:1.80 AS build
    WORKDIR /src
    COPY . .
    RUN --mount=type=cache,target=/src/target cargo build --release && cp target/release/app /app
    FROM debian:12
    COPY --from=build /app /usr/bin/app
    ```
    Another step may have put it there:
    ```dockerfile good
    FROM node:20 AS build
    WORKDIR /app
    COPY . .
    RUN --mount=type=cache,target=/app/.next/cache npm run build
    RUN --mount=type=cache,target=/app/dist npm run test
    RUN npm run build && ls /app/dist
    FROM nginx:1.27
    COPY --from=build /app/.next /app/.next
    COPY --from=build /app/dist /app/dist
    ```
    """
    if run.stage is None or run.in_onbuild:
        return
    folder = run.file.facts.workdir(run, base=True)
    for _, value, mount in _mounts(run):
        target = normpath(join(folder or "/", mount.target or ""))
        if (folder is None and not (mount.target or "").startswith("/")) or _filled_otherwise(run, target):
            continue
        for line, path in _asked_for(run):
            if f"{path}/".startswith(f"{target}/"):
                yield report(value, f"Copy {path} out of the cache mount in this RUN: line {line} asks for it")
                break


def _filled_otherwise(run: Run, target: str) -> bool:
    """True if something else in the stage, or below it, may have files in *target*."""
    assert run.stage is not None
    known = run.file.facts.once(_fillers)
    key = run.stage.index, target
    if key not in known:
        known[key] = list(islice(_filling(run.stage, target), 2))
    return any(other is not run for other in known[key])


def _fillers(file: Dockerfile) -> dict[tuple[int, str], list[Instruction]]:
    """Two of the instructions that :func:`_filling` gives, by stage and folder, as far as they were asked for."""
    return {}


def _filling(stage: Stage, target: str) -> Iterator[Instruction]:
    """The instructions of *stage*, and of those below it, that may put files into *target*."""
    name = target.rpartition("/")[2]
    facts = stage.file.facts
    for other in facts.before(stage, Instruction):
        if isinstance(other, (Copy, Add)) and other.destination is not None:
            place = facts.expand(other.destination, other).value
            here = normpath(join(facts.workdir(other, base=True) or "/", place or "/"))
            if place is None or f"{here}/".startswith(f"{target}/"):
                yield other
        elif (
            isinstance(other, Run)
            and name in other.syntax.map.text
            and not any((mount.target or "").rstrip("/").endswith(name) for _, _, mount in _mounts(other))
        ):
            yield other


def _asked_for(run: Run) -> Iterator[tuple[int, str]]:
    """The absolute paths that later stages copy from the stage of *run*, and that a container of it starts."""
    assert run.stage is not None
    known = run.file.facts.once(_known_requests)
    if run.stage.index not in known:
        known[run.stage.index] = list(_requests(run.stage))
    yield from known[run.stage.index]


def _known_requests(file: Dockerfile) -> dict[int, list[tuple[int, str]]]:
    """What :func:`_requests` gave, by stage, as far as it was asked."""
    return {}


def _requests(stage: Stage) -> Iterator[tuple[int, str]]:
    facts = stage.file.facts
    for other in stage.file.instructions:
        origin = other.flag("from") if isinstance(other, Copy) else None
        if isinstance(other, Copy) and origin is not None and origin.value is not None and other.stage is not stage:
            named = origin.value.value.lower() in (stage.name, str(stage.index))
            for source in other.sources if named else ():
                path = facts.expand(source, other).value
                if path is not None:
                    yield other.line, normpath("/" + path.lstrip("/"))
    for start in (facts.entrypoint(stage), facts.cmd(stage)):
        words = start.args if start is not None and start.stage is stage and start.form == "json" else []
        if start is not None and words and words[0].value.startswith("/"):
            yield start.line, normpath(words[0].value)
