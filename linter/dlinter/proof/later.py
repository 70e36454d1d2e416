"""What runs after a step, and whether it may read what a package manager left: its lists, its cache."""

from __future__ import annotations

from dlinter.proof.body import VERBATIM
from dlinter.proof.calls import (
    Call,
    calls_of,
    removal,
    scripts_in,
    unconditional,
)
from dlinter.proof.known_scripts import fetched, harmless
from dlinter.proof.tables import (
    FAMILIES,
    listed,
)
from dlinter.proof.words import text_of
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.proof.body import Body
    from dlinter.proof.build import Build
    from dlinter.proof.state import Effect, Stage

#: sub-commands of apt-get, apt and aptitude that do without the lists (apt-get(8))
_WITHOUT_LISTS = listed(
    "update clean autoclean remove purge autoremove autopurge check help moo dist-clean distclean why why-not"
)
#: programs that read apt's lists whatever their arguments
_READ_LISTS = listed(
    "apt-cache apt-file apt-rdepends apt-show-versions gdebi tasksel dselect mk-build-deps unattended-upgrade "
    "unattended-upgrades rosdep wajig nala apt-fast playwright"
)
#: programs that run what cannot be seen here
_OPAQUE = listed(
    "sh bash dash ash zsh ksh . source eval make ninja rake ansible-playbook ansible-pull ansible puppet chef-client "
    "chef-solo salt-call su runuser chroot run-parts parallel script expect"
)
#: interpreters whose argument may be a script that cannot be seen here
_INTERPRETERS = re.compile(r"(?:python|pypy|perl|ruby|node|php|lua)[\d.]*\Z")
#: scripts that everyone knows and that call no package manager of the system
_HARMLESS = frozenset({"setup.py", "manage.py", "get-pip.py", "ez_setup.py"})
_PLACES = frozenset({"", "/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/"})
#: sub-commands of apk that read the index without fetching it
_FETCHING = frozenset({"--no-cache", "-U", "--update-cache", "--update"})
_OFFLINE = frozenset({"-C", "--cacheonly", "--no-network", "--offline"})
_READ_INDEX = listed("search policy list version fetch dot stats")


def effects_after(build: Build, effect: Effect) -> Iterator[tuple[Stage, list[Effect]]]:
    """What runs on top of *effect*: the rest of its stage, then every stage built on that."""
    stage = effect.stage
    assert stage is not None
    yield stage, stage.effects[effect.position + 1 :]
    for child in build.children(stage):
        yield child, child.effects


def lists_needed(build: Build, run: Effect, family: str, relaxed: bool) -> bool:
    """True if something that runs after *run*, in the image or in one built on it, may read the package lists.

    *relaxed* leaves out scripts that cannot be seen.
    """
    stage = run.stage
    assert stage is not None
    if copied_elsewhere(build, stage, "/var/lib/apt/lists/" if family == "apt" else "/var/cache/"):
        return True
    if family != "apt":
        # the others fetch their lists by themselves; those that are told not to are found as readers of the cache
        return any(package_cache_needed(build, run, name) for name in sorted(FAMILIES[family]))
    healed: set[int] = set()
    for each, effects in effects_after(build, run):
        if each.parent is not None and each.parent.index in healed and each is not stage:
            healed.add(each.index)
            continue
        for effect in effects:
            if effect.body is None:
                continue
            verdict = _reads_lists(effect.body, relaxed)
            if verdict is True:
                return True
            if verdict is None:
                healed.add(each.index)
                break
        else:
            for name in ("command", "entrypoint", "health check"):
                body = each.config.get(name)
                if body is not None and _reads_lists(body, True):
                    return True
    return False


def _reads_lists(body: Body, relaxed: bool) -> bool | None:
    """True if the lists may be read, None if they are refreshed first, False if neither."""
    if body.shell is not None and body.form[0] == VERBATIM:
        return not relaxed or "apt" in body.text
    sure = {call.words for call in unconditional(body)}
    known = dict(fetched(body)) if body.shell is not None else {}
    for call, command in calls_of(body):
        if known.get(command):
            return None
        if call.name in FAMILIES["apt"]:
            if call.sub == "update":
                if command[2] in sure:
                    return None
            elif call.sub not in _WITHOUT_LISTS:
                return True
        elif (
            call.name in _READ_LISTS
            or "install-deps" in call.words
            or "--with-deps" in call.words
            or (not relaxed and opaque(call) and command not in known and not harmless(call))
        ):
            return True
    return False


def opaque(call: Call) -> bool:
    """True if *call* runs a script or program that cannot be seen here."""
    if not call.name or call.name in _OPAQUE:
        # sh -c '…' is looked into where its script can be read
        return not call.name or scripts_in(call.words) is None
    if call.program[: len(call.program) - len(call.program.rpartition("/")[2])] not in _PLACES:
        return True
    if call.name.endswith((".sh", ".bash", ".py", ".pl", ".rb")):
        return True
    if _INTERPRETERS.match(call.name):
        script = call.sub.rpartition("/")[2]
        return bool(script) and script not in _HARMLESS and not {"-c", "-m", "-e", "-r"} & set(call.operands)
    return False


def package_cache_needed(build: Build, run: Effect, name: str) -> bool:
    """True if a later step may fail or do something else when the cache of the program *name* is not there."""
    stage = run.stage
    assert stage is not None
    folders = {"apk": ("/var/cache/apk/", "/etc/apk/cache/")}.get(name, ("/root/.cache/", "/root/.npm/"))
    if any(copied_elsewhere(build, stage, folder) for folder in folders):
        return True
    bodies = [run.body] if run.body is not None else []
    for _, effects in effects_after(build, run):
        bodies += [effect.body for effect in effects if effect.body is not None]
        if any(_offline(effect, name) for effect in effects):
            return True
    return any(_uses_cache(body, name) for body in bodies)


def _offline(effect: Effect, name: str) -> bool:
    """True for a step without network that calls the program."""
    if effect.body is None or effect.fields.get("--network") != ("none",):
        return False
    return any(call.name == name for call, _ in calls_of(effect.body))


#: where the caches of package managers are
_PLACES_OF = {
    "pip": r"/\.cache(?:/|\Z)",
    "npm": r"/\.npm(?:/|\Z)",
    "apk": r"/var/cache/apk|/etc/apk/cache",
    **dict.fromkeys(FAMILIES["rpm"] | FAMILIES["zypper"], r"/var/cache/(?:yum|dnf|zypp|PackageKit)"),
}


def _uses_cache(body: Body, name: str) -> bool:
    if body.shell is not None and body.form[0] == VERBATIM:
        return ".cache" in body.text or "/var/cache" in body.text or f"{name} cache" in body.text
    places = re.compile(_PLACES_OF.get(name, r"/\.cache(?:/|\Z)|/\.npm(?:/|\Z)"))
    for call, _ in calls_of(body):
        if call.name == name:
            cleaning = not {"purge", "clean", "clear", "verify"}.isdisjoint(call.operands)
            if (call.sub == "cache" and not cleaning) or call.has(_OFFLINE):
                return True
            if name == "apk" and call.sub in _READ_INDEX and not call.has(_FETCHING):
                return True
        if removal(call.words) is None and call.name not in ("find", "echo"):
            for word in call.operands:
                if type(word) is str and places.search(word):
                    return True
    return False


def copied_elsewhere(build: Build, stage: Stage, folder: str) -> bool:
    """True if another stage copies *folder*, something in it, or something that holds it, from *stage* or its kin."""
    kin = {stage.index, *(child.index for child in build.children(stage))}
    for each in build.stages:
        for effect in each.effects:
            if effect.kind == "copy":
                origin = effect.fields.get("--from", ())
                if isinstance(origin, tuple) and not kin.isdisjoint(o for o in origin if type(o) is int):
                    sources = effect.fields["sources"]
                    assert isinstance(sources, tuple)
                    if any(_touches(source, folder) for source in sources):
                        return True
            elif effect.kind == "run":
                mounts = effect.fields["mounts"]
                assert isinstance(mounts, tuple)
                for mount in mounts:
                    options = {} if mount[:1] == ("\0text",) else dict(mount)
                    if options.get("from") in kin and _touches(options.get("source", ("/",)), folder):
                        return True
    return False


def _touches(source: object, folder: str) -> bool:
    """True if the path *source*, as far as it is fixed, may lie on the way to *folder* or in it."""
    if not isinstance(source, tuple) or not source:
        return True
    text = source[0] if type(source[0]) is str else ""
    if text.startswith("\0"):
        return True
    text = "/" + text.lstrip("./")
    if len(source) == 1 and not re.search(r"[*?\[]", text):
        text = text.rstrip("/") + "/"
        return folder.startswith(text) or text.startswith(folder)
    text = re.split(r"[*?\[]", text)[0]
    return folder.startswith(text) or text.startswith(folder)


def mentions_logs(build: Build, run: Effect) -> bool:
    """True if *run* or something behind it looks at the logs of logins."""
    assert run.stage is not None
    if copied_elsewhere(build, run.stage, "/var/log/"):
        return True
    bodies = [run.body, *(e.body for _, effects in effects_after(build, run) for e in effects)]
    texts = [body.text if body.shell is not None else " ".join(body.words) for body in bodies if body is not None]
    return any(re.search(r"lastlog|faillog|/var/log(?:[\s/*]|\Z)", text) for text in texts)


def wget_is_gnu(build: Build, run: Effect) -> bool:
    """True if wget is known to be GNU's when *run* runs: from the base image, or installed before by name."""
    stage = run.stage
    assert stage is not None
    image = stage.image
    if image is not None:
        name = image.partition("@")[0].removeprefix("docker.io/").removeprefix("library/")
        base, _, tag = name.partition(":")
        other = re.search("alpine|busybox|musl|nanoserver|windows", image)
        if not other and (base in _GNU_BASES or _GNU_RELEASES.search(tag)):
            return True
    for each in stage.chain():
        for effect in each.effects:
            early = each is not stage or effect.position <= run.position
            for call in unconditional(effect.body):
                if call.name in _GNU_MANAGERS:
                    # whenever it is called, it tells which distribution this is
                    return True
                if effect is run and call.name == "wget":
                    early = False
                if early and call.name == "apk" and call.sub == "add" and asked_for(call, "wget"):
                    return True
    return False


def asked_for(call: Call, package: str) -> bool:
    """True if *package* is among the words of *call*, with a version or without."""
    return any(type(word) is str and re.split("[=<>~@]", word)[0] == package for word in call.operands)


#: package managers of distributions whose wget is GNU's
_GNU_MANAGERS = frozenset({"apt-get", "apt", "aptitude", "dpkg", "yum", "dnf", "microdnf", "zypper", "pacman"})
#: their releases in tags
_GNU_RELEASES = re.compile(
    r"(?:\A|[-_.])(?:jessie|stretch|buster|bullseye|bookworm|trixie|xenial|bionic|focal|jammy|noble)(?:\Z|[-_.])"
)
#: official images that are built on such a distribution, unless their tag says otherwise
_GNU_BASES = listed(
    "debian ubuntu buildpack-deps centos fedora rockylinux almalinux amazonlinux oraclelinux python node golang ruby "
    "openjdk java php rust perl gcc erlang elixir haskell julia pypy r-base swift postgres mariadb nginx httpd mongo "
    "redis wordpress drupal jenkins maven gradle tomcat"
)

#: folders that hold nothing but what a program downloads again when it is not there, and the program
_CACHES = {
    "/root/.cache/pip": "pip",
    "/root/.npm": "npm",
    "/usr/local/share/.cache/yarn": "yarn",
    "/root/.cache/yarn": "yarn",
    "/root/.cache/go-build": "go",
    "/root/.composer/cache": "composer",
    "/root/.cache/composer": "composer",
    "/var/cache/apk": "apk",
    "/var/cache/dnf": "dnf",
    "/var/cache/yum": "yum",
}


def cache_mount_harmless(build: Build, run: Effect, mount: object) -> bool:
    """True if *mount* is a new cache whose folder is no part of what is built, and that no later step reads."""
    if not isinstance(mount, tuple) or mount[:1] == ("\0text",):
        return False
    options = dict(mount)
    if options.get("type") != ("cache",) or not set(options) <= {"type", "target", "id", "sharing"}:
        return False
    target = options.get("target")
    text = text_of(target) if isinstance(target, tuple) else None
    name = _CACHES.get((text or "").rstrip("/"))
    if name is None or run.body is None or run.stage is None:
        return False
    if text is not None and text.startswith("/root") and run.fields["user"] not in (None, ("root",), ("0",)):
        return False
    if copied_elsewhere(build, run.stage, (text or "").rstrip("/") + "/"):
        return False
    folder = (text or "").rpartition("/")[2]
    if any(
        folder in word for call, _ in calls_of(run.body) for word in call.operands if type(word) is str and "/" in word
    ):
        return False
    return not package_cache_needed(build, run, name)
