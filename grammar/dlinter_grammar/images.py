"""Names of images and platforms (github.com/distribution/reference, github.com/containerd/platforms)."""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_grammar.gotext import lower, quote

_ALPHANUMERIC = r"[a-z0-9]+"
_SEPARATOR = r"(?:[._]|__|-+)"
_LABEL = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_COMPONENT = rf"{_ALPHANUMERIC}(?:{_SEPARATOR}{_ALPHANUMERIC})*"
_PATH = rf"{_COMPONENT}(?:/{_COMPONENT})*"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
#: referencePat: name, tag, digest. Not compiled here: most names are plain, and then it is not needed
_REFERENCE = re.compile(rf"((?:{_HOST}/)?{_PATH})(?::([A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}))?(?:@({_DIGEST}))?\Z")
_NAME = re.compile(rf"(?:({_HOST})/)?({_PATH})\Z")
_IDENTIFIER = re.compile(r"[a-f0-9]{64}\Z")
#: surely valid if shorter than an identifier
_PLAIN = re.compile(r"[a-z0-9]+(?:[./-][a-z0-9]+)*(?::[a-z0-9][a-z0-9.-]*)?\Z")
#: go-digest
_DIGEST_ALGORITHMS = {"sha256": 64, "sha384": 96, "sha512": 128}
_DIGEST_FORM = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+\Z")
_MAX_PATH = 255

_OS = re.compile(r"([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?\Z")
_SPECIFIER = re.compile(r"[A-Za-z0-9_.-]+\Z")
_OS_PATTERN = r"^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?$"
_OS_NAMES = (
    "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos"
)
_ARCHITECTURE_NAMES = (
    "386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 "
    "mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm"
)
KNOWN_OS = frozenset(_OS_NAMES.split())
KNOWN_ARCHITECTURES = frozenset(_ARCHITECTURE_NAMES.split())
_ARCHITECTURE_ALIASES = {
    "i386": "386",
    "x86_64": "amd64",
    "x86-64": "amd64",
    "aarch64": "arm64",
    "armhf": "arm",
    "armel": "arm",
}


class Image:
    """An image name taken apart, as written: ``name[:tag][@digest]`` with offsets into the text; no default is added.

    ``domain`` and ``path`` are those that BuildKit would use (``docker.io``, ``library/debian``). Variables are left
    as they are; where one may hold the domain, ``domain`` is empty and ``path`` all of the name.
    """

    __slots__ = ("digest", "digest_at", "domain", "name", "path", "tag", "tag_at", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        rest, at, digest = text.partition("@")
        self.digest = digest if at else None
        self.digest_at = len(rest) + 1 if at else -1
        colon = _tag_colon(rest)
        self.name = rest if colon < 0 else rest[:colon]
        self.tag = None if colon < 0 else rest[colon + 1 :]
        self.tag_at = colon + 1 if colon >= 0 else -1
        variable = "$" in self.name.partition("/")[0]
        self.domain, self.path = ("", self.name) if variable else split_domain(self.name)


def _tag_colon(text: str) -> int:
    """The colon before the tag, or -1: the last one behind the last slash, not one within ``${...}``."""
    braces = 0
    for i in range(len(text) - 1, -1, -1):
        char = text[i]
        if char == "}":
            braces += 1
        elif char == "{" and braces:
            braces -= 1
        elif not braces:
            if char == "/":
                return -1
            if char == ":":
                return i
    return -1


def base_image(text: str) -> Image:
    """The parts of *text*, the first argument of FROM or the value of ``--from``."""
    return Image(text)


def split_domain(name: str) -> tuple[str, str]:
    """splitDockerDomain: ``docker.io`` and ``library/`` where they are left out."""
    first, slash, remainder = name.partition("/")
    if not slash:
        return "docker.io", f"library/{name}"
    if first == "index.docker.io":
        domain = "docker.io"
    elif first == "localhost" or "." in first or ":" in first or first != lower(first):
        domain = first
    else:
        domain, remainder = "docker.io", name
    if domain == "docker.io" and "/" not in remainder:
        remainder = f"library/{remainder}"
    return domain, remainder


def image_fault(text: str) -> str | None:
    """Why ParseNormalizedNamed refuses *text*, or None."""
    if len(text) < 64 and _PLAIN.match(text):
        return None
    if _IDENTIFIER.match(text):
        return f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings"
    domain, remainder = split_domain(text)
    remote = remainder.partition(":")[0]
    if lower(remote) != remote:
        return f"invalid reference format: repository name ({remote}) must be lowercase"
    full = f"{domain}/{remainder}"
    match = _REFERENCE.match(full)
    if match is None:
        if _REFERENCE.match(lower(full)):
            return "repository name must be lowercase"
        return "invalid reference format"
    name = _NAME.match(match[1])
    if name is not None and len(name[2]) > _MAX_PATH:
        return f"repository name must not be more than {_MAX_PATH} characters"
    return digest_fault(match[3]) if match[3] else None


def digest_fault(text: str) -> str | None:
    """Why go-digest refuses ``algorithm:encoded``, or None."""
    algorithm, colon, encoded = text.partition(":")
    if not colon or not algorithm or not encoded:
        return "invalid checksum digest format"
    if not _DIGEST_FORM.match(text) and algorithm not in _DIGEST_ALGORITHMS:
        return "invalid checksum digest format"
    length = _DIGEST_ALGORITHMS.get(algorithm)
    if length is None:
        return "unsupported digest algorithm"
    if len(encoded) != length:
        return "invalid checksum digest length"
    if encoded.strip("0123456789abcdef"):
        return "invalid checksum digest format"
    return None


def platform_fault(text: str) -> str | None:
    """Why platforms.Parse refuses *text*, or None."""
    if "*" in text:
        return f"{quote(text)}: wildcards not yet supported: invalid argument"
    parts = text.split("/", 3)
    match = _OS.match(parts[0])
    if match is None:
        return (
            f"{quote(parts[0])} is an invalid OS component of {quote(text)}: OSAndVersion specifier component must "
            f'match "{_OS_PATTERN}": invalid argument'
        )
    for part in parts[1:]:
        if not _SPECIFIER.match(part):
            return (
                f"{quote(part)} is an invalid component of {quote(text)}: platform specifier component must match "
                '"^[A-Za-z0-9_.-]+$": invalid argument'
            )
    if len(parts) == 1:
        system, architecture = lower(match[1]), lower(parts[0])
        known = KNOWN_OS | {"macos"}
        if system not in known and _ARCHITECTURE_ALIASES.get(architecture, architecture) not in KNOWN_ARCHITECTURES:
            return f"{quote(text)}: unknown operating system or architecture: invalid argument"
    if len(parts) == 4:
        return f"{quote(text)}: cannot parse platform specifier: invalid argument"
    return None
