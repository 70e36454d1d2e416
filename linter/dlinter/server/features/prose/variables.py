"""Variables that BuildKit knows by itself."""

from __future__ import annotations

from dlinter.server.features.prose import REFERENCE

_IN_STAGES = "In a stage it needs `ARG {}` first."

#: set before the first FROM (dockerfile2llb/platform.go)
PREDEFINED: dict[str, str] = {
    "TARGETPLATFORM": "The platform of the result, such as `linux/arm64` or `linux/arm/v7`.",
    "TARGETOS": "The operating system of the result, such as `linux`.",
    "TARGETOSVERSION": "The version of the operating system of the result; for Windows images.",
    "TARGETARCH": "The architecture of the result, such as `amd64` or `arm64`.",
    "TARGETVARIANT": "The variant of the result's architecture, such as `v7`; often empty.",
    "TARGETSTAGE": "The name of the stage that is built, `default` if it has none.",
    "BUILDPLATFORM": "The platform of the machine that builds, such as `linux/amd64`.",
    "BUILDOS": "The operating system of the machine that builds.",
    "BUILDOSVERSION": "The version of the operating system of the machine that builds.",
    "BUILDARCH": "The architecture of the machine that builds.",
    "BUILDVARIANT": "The variant of the architecture of the machine that builds.",
}
_PROXY = "Proxy settings that `--build-arg` gives reach RUN without an ARG, and neither the image nor the cache key."
#: arguments with a meaning that need no ARG
PROXIES: dict[str, str] = {
    name: _PROXY
    for upper in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (upper, upper.lower())
}
#: arguments that direct the builder
BUILDER: dict[str, str] = {
    "SOURCE_DATE_EPOCH": "The Unix time that the image and its files bear, so that builds can be repeated exactly.",
    "BUILDKIT_INLINE_CACHE": "Puts what the cache needs into the image.",
    "BUILDKIT_SYNTAX": "The frontend to use instead of the one that `# syntax` names.",
    "BUILDKIT_CONTEXT_KEEP_GIT_DIR": "Keeps the folder `.git` of a context that is a Git repository.",
    "BUILDKIT_SANDBOX_HOSTNAME": "The host name that RUN sees, `buildkitsandbox` by default.",
    "BUILDKIT_MULTI_PLATFORM": "Gives the result the form for several platforms even if there is only one.",
    "BUILDKIT_CACHE_MOUNT_NS": "Goes before the ids of cache mounts.",
    "BUILDKIT_BUILD_NAME": "The name that the history of builds shows.",
    "BUILDKIT_SBOM_SCAN_CONTEXT": "Has the scanner for bills of materials look at the build context too.",
    "BUILDKIT_SBOM_SCAN_STAGE": "Has the scanner for bills of materials look at further stages too.",
}
#: variables that programs commonly look at, for proposals after ENV
COMMON: dict[str, str] = {
    "PATH": "Where programs are looked for.",
    "LANG": "The language and encoding, such as `C.UTF-8`.",
    "TZ": "The time zone.",
    "DEBIAN_FRONTEND": "With `noninteractive` apt-get asks nothing; better set in RUN or by ARG than for containers.",
    "PYTHONUNBUFFERED": "With `1` Python writes its output at once.",
    "PYTHONDONTWRITEBYTECODE": "With `1` Python writes no `.pyc` files.",
    "PIP_NO_CACHE_DIR": "With `1` pip keeps no cache.",
    "NODE_ENV": "`production` makes npm leave out what only development needs.",
    "CGO_ENABLED": "With `0` Go links no C libraries.",
}


def describe(name: str) -> tuple[str, str] | None:
    """What BuildKit gives under *name* and where that is documented, or None."""
    if name in PREDEFINED:
        text = PREDEFINED[name] + " " + _IN_STAGES.format(name)
        return text, REFERENCE + "automatic-platform-args-in-the-global-scope"
    if name in PROXIES:
        return PROXIES[name], REFERENCE + "predefined-args"
    if name in BUILDER:
        return BUILDER[name], REFERENCE + "buildkit-built-in-build-args"
    return None
