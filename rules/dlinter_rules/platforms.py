"""``FROM --platform``."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Edit, Findings, Fix, From, Safety, Severity, report, rule
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.tree import Flag

_SYSTEM_NAMES = (
    "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos"
)
_SYSTEMS = frozenset(_SYSTEM_NAMES.split())
_ALIASES = {
    "i386": "386", "x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "armhf": "arm", "armel": "arm",
}  # fmt: skip
_SYSTEM = re.compile(r"[A-Za-z0-9_-]+")
#: namespaces of official images of one architecture (docker-library/official-images, README)
_NAMESPACES = {
    "amd64": "amd64", "arm32v5": "arm", "arm32v6": "arm", "arm32v7": "arm", "arm64v8": "arm64", "i386": "386",
    "mips64le": "mips64le", "ppc64le": "ppc64le", "riscv64": "riscv64", "s390x": "s390x",
}  # fmt: skip


@rule(
    "DL3029",
    "base-image-platform-constant",
    on=From,
    mentions=("--platform",),
    profiles=("default", "hadolint"),
    aliases=("FromPlatformFlagConstDisallowed", "DF061", "AC_DOCKER_0001"),
)
def base_image_platform_constant(base: From) -> Findings:
    r"""Leave the platform of a stage to the build

    A constant --platform makes the image the same for every machine, slow or unusable on most of them.

    ```dockerfile bad
    FROM --platform=linux/amd64 debian:12
    ```
    ```dockerfile unsafe
    FROM debian:12
    ```
    The name of the stage can say that it is meant:
    ```dockerfile good
    FROM --platform=linux/amd64 debian:12 AS build-amd64
    FROM --platform=$BUILDPLATFORM debian:12 AS build
    FROM --platform=${PLATFORM:-linux/arm64} debian:12
    FROM debian:12
    ```
    """
    flag = base.flag("platform")
    if flag is None or flag.value is None or not flag.value.value or base.stage is None:
        return
    for expansion in base.file.facts.expansions(base):
        if expansion.part == "--platform" and not expansion.result.references and expansion.result.value:
            parts = _platform(expansion.result.value)
            name = base.stage.name or ""
            if parts is not None and not any(part in name for part in parts if part):
                fix = _without(base, flag, UNSAFE)
                yield report(flag, f"Leave the platform to the build instead of {expansion.result.value}", fix)


def _platform(text: str) -> tuple[str, str] | None:
    """System and architecture of a platform, ``""`` for what the builder would fill in; None if it is none."""
    from dlinter_grammar.images import platform_fault

    if platform_fault(text) is not None:
        return None
    parts = text.lower().split("/")
    match = _SYSTEM.match(parts[0])
    system = match[0] if match is not None else ""
    if system == "macos":
        system = "darwin"
    if len(parts) > 1:
        return system, _ALIASES.get(parts[1], parts[1])
    return (system, "") if system in _SYSTEMS else ("linux", _ALIASES.get(parts[0], parts[0]))


def _without(base: From, flag: Flag, safety: Safety) -> Fix:
    """FROM without the flag and the blanks behind it."""
    text = base.file.text
    end = flag.end
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return Fix([Edit(flag.start, end, "")], safety, "Remove --platform")


@rule(
    "DL3065",
    "base-image-platform-redundant",
    on=From,
    mentions=("--platform",),
    severity=Severity.STYLE,
    profiles=("default", "hadolint"),
    aliases=("RedundantTargetPlatform",),
)
def base_image_platform_redundant(base: From) -> Findings:
    r"""Leave out --platform=$TARGETPLATFORM

    It is what FROM does anyway.

    ```dockerfile bad
    FROM --platform=$TARGETPLATFORM debian:12
    ```
    ```dockerfile fixed
    FROM debian:12
    ```
    ```dockerfile bad
    FROM --platform="${TARGETPLATFORM:-linux/amd64}" debian:12 AS build
    ```
    ```dockerfile fixed
    FROM debian:12 AS build
    ```
    An ARG of that name can make it another platform:
    ```dockerfile good
    ARG TARGETPLATFORM=linux/arm64
    FROM --platform=$TARGETPLATFORM debian:12
    ```
    ```dockerfile good
    FROM --platform=$BUILDPLATFORM debian:12
    FROM --platform=$TARGETPLATFORM/v8 debian:12
    FROM --platform=linux/$TARGETARCH debian:12
    ```
    """
    from dlinter_grammar.expand import expand

    flag = base.flag("platform")
    if flag is None or flag.value is None or "TARGETPLATFORM" not in flag.value.value:
        return
    facts = base.file.facts
    variable = facts.global_environment.variable("TARGETPLATFORM")
    if variable is None or variable.node is not None:
        return
    result = expand(flag.value.value, {"TARGETPLATFORM": "the/platform"}, base.file.escape)
    if result.value == "the/platform" and {reference.name for reference in result.references} == {"TARGETPLATFORM"}:
        yield report(flag, fix=_without(base, flag, SAFE))


@rule(
    "DL2011",
    "base-image-platform-unavailable",
    on=From,
    mentions=("--platform",),
    severity=Severity.ERROR,
    aliases=("InvalidBaseImagePlatform",),
)
def base_image_platform_unavailable(base: From) -> Findings:
    r"""Ask for a platform that the base image has

    The build stops, or goes on with an image that cannot run on the platform asked for.

    BuildKit asks the registry. Without it only names can tell: those of official images for one architecture, and
    Microsoft's of Windows.
    ```dockerfile bad
    FROM --platform=linux/amd64 arm64v8/alpine:3.20
    ```
    ```dockerfile bad
    FROM --platform=linux/amd64 mcr.microsoft.com/windows/servercore:ltsc2022
    ```
    ```dockerfile good
    FROM --platform=linux/arm64 arm64v8/alpine:3.20
    FROM arm32v7/alpine:3.20
    FROM --platform=linux/amd64 alpine:3.20
    ```
    """
    flag = base.flag("platform")
    if flag is None or flag.value is None or base.stage is None or base.file.facts.parent(base.stage) is not None:
        return
    reference = base.file.facts.base(base.stage)
    value = base.file.facts.expand(flag.value, base).value
    wanted = _platform(value) if value else None
    if reference is None or wanted is None:
        return
    system, architecture = wanted
    if reference.windows and system != "windows":
        yield report(flag, f"Ask for windows instead of {value}: {reference.name} is an image of Windows")
    namespace = reference.path.partition("/")[0]
    actual = _NAMESPACES.get(namespace) if reference.registry == "docker.io" and "/" in reference.path else None
    if actual is not None and architecture and architecture != actual:
        yield report(flag, f"Ask for {actual} instead of {value}: {namespace} has no other images")
