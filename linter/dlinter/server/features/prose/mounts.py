"""The types and options of ``RUN --mount``."""

from __future__ import annotations

from dataclasses import dataclass

from dlinter.server.features.prose import REFERENCE

#: type -> what it is
TYPES: dict[str, str] = {
    "bind": "A folder or file of the build context, of a stage or of an image, read-only unless `rw` is given. What is "
    "written there is thrown away.",
    "cache": "A folder that lasts from build to build, for package managers and compilers. It is never part of the "
    "image, and a command must not rely on what is in it.",
    "tmpfs": "An empty folder in memory.",
    "secret": "A file or variable with a secret that `docker build --secret` gives. No layer and no cache holds it.",
    "ssh": "The SSH agent that `docker build --ssh` gives.",
}


@dataclass(slots=True)
class Text:
    """An option: for which ``types``, its ``values`` if there are few, its ``default`` by type ("" for every type)."""

    text: str
    types: tuple[str, ...]
    default: dict[str, str]
    values: tuple[str, ...] = ()
    switch: bool = False


ALIASES = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly", "rw": "readwrite"}

OPTIONS: dict[str, Text] = {
    "type": Text("What is mounted.", tuple(TYPES), {"": "bind"}, tuple(TYPES)),
    "target": Text(
        "Where it is mounted; relative paths begin at WORKDIR. Also written `dst`, `destination`.",
        tuple(TYPES),
        {"secret": "/run/secrets/ID, unless env is given", "ssh": "/run/buildkit/ssh_agent.N"},
    ),
    "source": Text(
        "The path in `from`, or in the build context; for a secret its id. Also written `src`.",
        ("bind", "cache", "secret"),
        {"bind": "the root", "cache": "the root"},
    ),
    "from": Text(
        "The stage, named context or image that the source is in. Variables are not expanded here.",
        ("bind", "cache", "tmpfs", "ssh"),
        {"bind": "the build context", "cache": "an empty folder"},
    ),
    "readonly": Text(
        "Nothing can be written. Also written `ro`.",
        tuple(TYPES),
        {"bind": "true", "secret": "true", "ssh": "true", "cache": "false", "tmpfs": "false"},
        ("true", "false"),
        True,
    ),
    "readwrite": Text(
        "The command may write; what a bind mount gets is thrown away afterwards. Also written `rw`.",
        tuple(TYPES),
        {"bind": "false", "cache": "true", "tmpfs": "true"},
        ("true", "false"),
        True,
    ),
    "id": Text(
        "Which cache, secret or agent: mounts with the same id share it.",
        ("cache", "secret", "ssh"),
        {"cache": "the target", "secret": "the last part of the target", "ssh": "default"},
    ),
    "sharing": Text(
        "What happens if two steps use the cache at once: `shared` lets both write, `private` gives the second one of "
        "its own, `locked` lets it wait. apt and dpkg need `locked`.",
        ("cache",),
        {"cache": "shared"},
        ("shared", "private", "locked"),
    ),
    "required": Text(
        "The step fails if the secret or agent is not given. Stands after `type`.",
        ("secret", "ssh"),
        {"": "false"},
        ("true", "false"),
        True,
    ),
    "size": Text("The most that fits in, such as `64m` or `1g`. Stands after `type`.", ("tmpfs",), {"": "no limit"}),
    "mode": Text(
        "The permissions, octal.",
        ("cache", "secret", "ssh"),
        {"cache": "0755", "secret": "0400", "ssh": "0600"},
    ),
    "uid": Text("The number of the user who owns it.", ("cache", "secret", "ssh"), {"": "0"}),
    "gid": Text("The number of the group that owns it.", ("cache", "secret", "ssh"), {"": "0"}),
    "env": Text(
        "Gives the secret in a variable of this name instead of a file; since Dockerfile 1.10.",
        ("secret",),
        {},
    ),
}

#: folders that are commonly kept in a cache, with who fills them
CACHES = {
    "/var/cache/apt": "apt-get; with sharing=locked, and without docker-clean",
    "/var/lib/apt": "apt-get, the package lists; with sharing=locked",
    "/var/cache/apk": "apk, with /etc/apk/cache linked to it",
    "/var/cache/dnf": "dnf",
    "/root/.cache/pip": "pip",
    "/root/.cache/uv": "uv",
    "/root/.npm": "npm",
    "/usr/local/share/.cache/yarn": "yarn 1, as root",
    "/root/.local/share/pnpm/store": "pnpm",
    "/root/.cache/go-build": "the Go compiler",
    "/go/pkg/mod": "Go modules",
    "/usr/local/cargo/registry": "cargo",
    "/root/.m2": "Maven",
    "/root/.gradle": "Gradle",
    "/root/.cache/composer": "Composer",
    "/root/.nuget/packages": "NuGet",
}


def url(kind: str) -> str:
    """The reference of a type of mount; of all for ``""``."""
    return REFERENCE + (f"run---mounttype{kind}" if kind in TYPES else "run---mount")
