"""The flags of instructions: what each does, since which version of the Dockerfile syntax, what it can be set to."""

from __future__ import annotations

from dataclasses import dataclass

from dlinter.server.features.prose import REFERENCE


@dataclass(slots=True)
class Text:
    """``kind`` is ``"bool"``, ``"string"`` or ``"list"``; ``values`` are proposals with what they mean."""

    text: str
    heading: str
    kind: str = "string"
    since: str = ""
    default: str = ""
    values: dict[str, str] | None = None

    @property
    def url(self) -> str:
        return REFERENCE + self.heading


_TRUTH = {"true": "", "false": ""}
#: the platforms that images are commonly built for (containerd/platforms)
PLATFORMS = {
    "$BUILDPLATFORM": "The machine that builds: no emulation, the compiler has to cross-compile.",
    "$TARGETPLATFORM": "The platform of the result, which is the default.",
    "linux/amd64": "x86-64",
    "linux/arm64": "64-bit ARM",
    "linux/arm/v7": "32-bit ARM",
    "linux/arm/v6": "32-bit ARM, older",
    "linux/386": "32-bit x86",
    "linux/ppc64le": "IBM POWER, little endian",
    "linux/s390x": "IBM Z",
    "linux/riscv64": "64-bit RISC-V",
    "windows/amd64": "Windows on x86-64",
}
_CHOWN = {
    "root:root": "",
    "1000:1000": "Numbers need no `/etc/passwd` in the image.",
    "nobody:nogroup": "Debian's names",
}
_CHMOD = {"755": "rwxr-xr-x", "644": "rw-r--r--", "700": "rwx------", "600": "rw-------", "u=rwX,go=rX": "symbolic"}
_DURATIONS = ("10s", "30s", "1m", "5m")


def _duration(text: str, default: str) -> Text:
    return Text(
        f"{text} A number with a unit: `ms`, `s`, `m`, `h`.", "healthcheck", default=default,
        values=dict.fromkeys(_DURATIONS, ""),
    )  # fmt: skip


def _files(instruction: str) -> dict[str, Text]:
    """Those of COPY and ADD both."""
    return {
        "chown": Text(
            "The owner of what is copied, `user[:group]`. Names are looked up in the image; without it everything "
            "belongs to root.",
            f"{instruction}---chown", default="0:0", values=_CHOWN,
        ),
        "chmod": Text(
            "The permissions of what is copied, octal or symbolic. Without it they are those of the source.",
            f"{instruction}---chmod", since="1.2", values=_CHMOD,
        ),
        "link": Text(
            "Copies into a layer of its own that does not depend on those below it, so that it stays in the cache "
            "when they change. Symbolic links in the destination's path are not followed.",
            f"{instruction}---link", "bool", "1.4", "false", _TRUTH,
        ),
        "exclude": Text(
            "Leaves out what matches the pattern, which is written like a source. May be repeated.",
            f"{instruction}---exclude", "list", "1.19",
        ),
    }  # fmt: skip


FLAGS: dict[str, dict[str, Text]] = {
    "from": {
        "platform": Text(
            "Which platform's variant of the image to take, by default that of the result.",
            "from", default="$TARGETPLATFORM", values=PLATFORMS,
        ),
    },
    "run": {
        "mount": Text(
            "Mounts a folder, a cache, memory, a secret or an SSH agent for this command only. Nothing of it gets into "
            "the layer. May be repeated.",
            "run---mount", "list", "1.2",
        ),
        "network": Text(
            "The network that the command sees.",
            "run---network", since="1.3", default="default",
            values={
                "default": "The builder's usual network.",
                "none": "No network: what it needs has to be there.",
                "host": "That of the build host; needs the entitlement `network.host`.",
            },
        ),
        "security": Text(
            "How far the command is locked in.",
            "run---security", since="1.20", default="sandbox",
            values={
                "sandbox": "As always.",
                "insecure": "With all privileges; needs the entitlement `security.insecure`.",
            },
        ),
        "device": Text(
            "Gives the command a CDI device such as a GPU. In the labs syntax only; needs the entitlement `device`.",
            "run---device", "list", "1.14-labs",
        ),
    },
    "copy": {
        "from": Text(
            "Copies from an earlier stage, a named context or an image instead of the build context. Variables are not "
            "expanded here.",
            "copy---from",
        ),
        **_files("copy"),
        "parents": Text(
            "Keeps the folders above each source; a `/./` in the source says from where on.",
            "copy---parents", "bool", "1.20", "false", _TRUTH,
        ),
    },
    "add": {
        **_files("add"),
        "checksum": Text(
            "What a download has to hash to, `sha256:…`, or the commit of a Git source; else the build fails.",
            "add---checksum", since="1.6", values={"sha256:": "followed by 64 hexadecimal digits"},
        ),
        "keep-git-dir": Text(
            "Keeps the folder `.git` of a repository that is fetched.",
            "add---keep-git-dir", "bool", "1.1", "false", _TRUTH,
        ),
        "unpack": Text(
            "Whether to unpack tar archives. Without it local ones are and downloaded ones are not.",
            "add---unpack", "bool", "1.17", "", _TRUTH,
        ),
    },
    "healthcheck": {
        "interval": _duration("The time between one check's end and the next.", "30s"),
        "timeout": _duration("After that time the check counts as failed.", "30s"),
        "start-period": _duration("Failures during that time after the start do not count.", "0s"),
        "start-interval": _duration("The time between checks during the start period; Docker 25 and later.", "5s"),
        "retries": Text(
            "So many failures one after another make the container unhealthy.",
            "healthcheck", default="3", values=dict.fromkeys(("1", "3", "5"), ""),
        ),
    },
}  # fmt: skip
