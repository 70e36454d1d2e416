"""When two images are the same: every file, owner, mode and setting, but for what the fixes say they change."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from image_layers import Entry, Layer

AUTHORS = "org.opencontainers.image.authors"

#: files that differ between two builds of one and the same Dockerfile; test_engine.py checks that there are no others
VOLATILE = (
    "/var/log/apt/*", "/var/log/dpkg.log", "/var/log/alternatives.log", "/var/cache/ldconfig/aux-cache",
    "/var/log/dnf*.log", "/var/log/hawkey.log", "/var/log/zypp*", "/var/lib/dnf/*", "/var/lib/rpm/*", "/root/.rpmdb/*",
    "/var/lib/zypp/*", "/run/zypp.pid",
    "/root/.npm/_logs/*", "/root/.npm/_update-notifier-last-checked", "/tmp/v8-compile-cache-0/*",
)  # fmt: skip

#: what may be missing after a fix that declares the neutral change: patterns of paths
MAY_GO = {
    "package-lists-removed": ("/var/lib/apt/lists/*",),
    "archive-removed": ("/tmp/*", "/var/tmp/*"),
    "package-cache-off": (
        "/root/.cache", "/root/.cache/pip", "/root/.cache/pip/*", "/home/*/.cache", "/home/*/.cache/pip",
        "/home/*/.cache/pip/*", "/root/.npm", "/root/.npm/*", "/home/*/.npm/*", "/usr/local/share/.cache",
        "/usr/local/share/.cache/*", "/root/.cache/yarn", "/root/.cache/yarn/*", "/root/.composer/cache/*",
        "/var/cache/dnf/*", "/var/cache/yum", "/var/cache/zypp/*", "/var/cache/apk/*", "/opt/conda/pkgs/*",
    ),
}  # fmt: skip

#: every neutral change that can be seen in an image
NEUTRAL = (*MAY_GO, "key-renamed", "direct-pid1", "shell-makes-way", "root-by-number")

#: not part of what a container is: the builder's own notes, and a flag for Windows
_NOT_COMPARED = frozenset({"Image", "Hostname", "Domainname", "ArgsEscaped", "Container"})


def matches(path: str, patterns: Iterable[str]) -> bool:
    """True if one of the shell *patterns*, in which ``*`` takes slashes too, is *path*."""
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def file_differences(
    before: dict[str, Entry], after: dict[str, Entry], may_go: Iterable[str] = (), may_differ: Iterable[str] = ()
) -> list[str]:
    """A line for every path that is not the same in both, except those that *may go* and those that *may differ*."""
    may_go, ignored = tuple(may_go), (*VOLATILE, *may_differ)
    lines: list[str] = []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old == new or matches(path, ignored):
            continue
        if new is None:
            if not matches(path, may_go):
                lines.append(f"gone: {path}")
        elif old is None:
            lines.append(f"new: {path}")
        else:
            parts = [
                f"{name} {getattr(old, name)!r} -> {getattr(new, name)!r}"
                for name in Entry.__slots__
                if getattr(old, name) != getattr(new, name)
            ]
            lines.append(f"changed: {path}: {', '.join(parts)}")
    return lines


def size(layers: Iterable[Layer]) -> int:
    """The bytes of all files in all *layers*, also of those that a later layer hides or deletes."""
    return sum(
        entry.size
        for layer in layers
        for path, entry in layer.entries.items()
        if entry.size and path not in layer.names and not matches(path, VOLATILE)
    )


def setting_differences(
    before: dict[str, Any], after: dict[str, Any], neutral: Iterable[str] = (), may_differ: Iterable[str] = ()
) -> list[str]:
    """A line for every setting of the image that differs: in what ``docker image inspect`` says, and not declared."""
    neutral = frozenset(neutral)
    old, new = _settings(before), _settings(after)
    if "key-renamed" in neutral and old["Author"] and AUTHORS not in (old.get("Labels") or {}):
        old["Labels"] = {**(old.get("Labels") or {}), AUTHORS: _unquoted(old.pop("Author"))}
        new.pop("Author")
    if "same-directory" in neutral:
        for each in (old, new):
            # the empty one is the root (Dockerfile reference, WORKDIR)
            each["WorkingDir"] = each.get("WorkingDir") or "/"
    if "root-by-number" in neutral and _ROOT.get(old.get("User") or "") == new.get("User"):
        old.pop("User"), new.pop("User")
    same = [found for name, found in _SAME_COMMANDS.items() if name in neutral]
    for name in ("Cmd", "Entrypoint"):
        if any(found(old.get(name), new.get(name)) for found in same):
            old.pop(name, None), new.pop(name, None)
    return [
        f"{name}: {old.get(name)!r} -> {new.get(name)!r}"
        for name in sorted((old.keys() | new.keys()) - set(may_differ))
        if (old.get(name) or None) != (new.get(name) or None)
    ]


_ROOT = {"root": "0", "root:root": "0:0", "root:0": "0:0"}


def _settings(inspected: dict[str, Any]) -> dict[str, Any]:
    settings = {name: value for name, value in inspected["Config"].items() if name not in _NOT_COMPARED}
    health = settings.get("Healthcheck") or {}
    if health.get("Test", [])[:1] == ["CMD-SHELL"]:
        # whatever SHELL says: the engine asks the container's configuration, which has none of the image's
        settings["Healthcheck"] = {**health, "Test": ["CMD", "/bin/sh", "-c", *health["Test"][1:]]}
    return {**settings, "Author": inspected.get("Author") or "", "Platform": inspected["Architecture"]}


def _unquoted(author: str) -> str:
    quoted = len(author) > 1 and author[0] == author[-1] and author[0] in "\"'"
    return author[1:-1] if quoted else author


def _same_words(old: list[str] | None, new: list[str] | None) -> bool:
    """True if *old* is a shell that runs the words *new*, and nothing else: a shell is asked."""
    if old is None or new is None or old[:2] != ["/bin/sh", "-c"] or len(old) != 3:
        return False
    if any(sign in old[2] for sign in ";&|<>`("):
        return False
    asked = subprocess.run(["sh", "-c", f"printf '%s\\0' {old[2]}"], capture_output=True, check=True, env={})
    return asked.stdout.decode().split("\0")[:-1] == new


def _makes_way(old: list[str] | None, new: list[str] | None) -> bool:
    """True if *old* and *new* are a shell with the same script, but for one ``exec`` that *new* has."""
    if old is None or new is None or len(old) != 3 or old[:-1] != new[:-1] or old[1] != "-c":
        return False
    script = old[2].replace("\t", "    ")  # no tab stands in a JSON string
    head, *rest = new[2].split("exec ")
    return any("exec ".join([head, *rest[:n]]) + "exec ".join(rest[n:]) in (old[2], script) for n in range(len(rest)))


_SAME_COMMANDS = {"direct-pid1": _same_words, "shell-makes-way": _makes_way}
