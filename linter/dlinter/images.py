"""What is known of a base image from its name."""

from __future__ import annotations

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Reference:
    """An image reference taken apart: ``[registry/]path[:tag][@digest]`` (distribution/reference).

    ``name`` is the reference without tag and digest, as written; ``path`` leaves the registry out and the
    ``library/`` of official images too, so ``docker.io/library/debian`` and ``debian`` both have path ``debian``.
    """

    __slots__ = ("digest", "name", "path", "registry", "tag", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        rest, _, digest = text.partition("@")
        self.digest = digest or None
        slash = rest.rfind("/")
        colon = rest.rfind(":")
        self.tag = rest[colon + 1 :] if colon > slash else None
        self.name = rest[:colon] if colon > slash else rest
        first, _, path = self.name.partition("/")
        if path and ("." in first or ":" in first or first == "localhost"):
            self.registry = "docker.io" if first == "index.docker.io" else first
            self.path = path
        else:
            self.registry = "docker.io"
            self.path = self.name
        if self.registry == "docker.io" and self.path.startswith("library/"):
            self.path = self.path[len("library/") :]

    def __repr__(self) -> str:
        return f"Reference({self.text!r})"

    @property
    def official(self) -> bool:
        """True for an image of Docker's official library."""
        return self.registry == "docker.io" and "/" not in self.path

    @property
    def windows(self) -> bool:
        """True if the name says that it is a Windows image."""
        text = self.text.lower()
        return any(word in text for word in ("windowsservercore", "nanoserver", "mcr.microsoft.com/windows"))


def default_shell(base: Reference | None) -> tuple[str, ...]:
    """The shell of an image without SHELL: cmd on Windows, else sh (BuildKit's ``defaultShell``)."""
    if base is not None and base.windows:
        return ("cmd", "/S", "/C")
    return ("/bin/sh", "-c")


def today() -> str:
    """The day of today in UTC, as :meth:`Image.ended` takes it (ISO 8601)."""
    from time import gmtime, strftime

    return strftime("%Y-%m-%d", gmtime())


class End:
    """The last day of free security support: of *product*'s release line *cycle*, ISO 8601."""

    __slots__ = ("cycle", "date", "product")

    def __init__(self, product: str, cycle: str, date: str) -> None:
        self.product = product
        self.cycle = cycle
        self.date = date

    def __repr__(self) -> str:
        return f"End({self.product!r}, {self.cycle!r}, {self.date!r})"


class Image:
    """What is known of the image that a reference names. None stands for «not known», never for «no».

    - ``name``: the canonical name, such as ``python`` for ``docker.io/library/python`` and ``arm32v7/python``.
    - ``version``: the version in the tag (``3.9`` of ``3.9-slim``), node's code names resolved.
    - ``family``: ``debian ubuntu alpine rhel suse arch busybox distroless scratch windows wolfi photon azurelinux
      clearlinux gentoo mageia``. ``distro`` tells apart the members of a family (``centos``, ``fedora``, ``rhel`` for
      UBI, ``rockylinux`` …), ``release`` is its number (``12``, ``20.04``, ``3.19``), ``codename`` its series
      (``bookworm``, ``focal``; also ``sid`` and ``edge``).
    - ``explicit``: the tag itself names the release; otherwise it is where the tag pointed on :data:`DATE`.
    - ``shell``: the words of SHELL or its default. ``sh``: what /bin/sh is, ``dash ash bash``, "" if there is none.
    - ``userland``: ``gnu``, ``busybox``, "" if there is none. ``managers``: its package managers, the usual first.
    - ``env``: the variables that it may set, None where the value differs between tags.
    - ``entrypoint``, ``cmd``: words, () if there is none. ``wrapper``: the entrypoint ends in ``exec "$@"``.
    - ``variants``: tag words that exist. ``retired``: the year since which it is not updated, and ``successor``.
    """

    __slots__ = (
        "archived", "cmd", "codename", "distro", "ends", "entrypoint", "env", "explicit", "family", "managers", "name",
        "ports", "reference", "release", "retired", "sh", "shell", "source", "successor", "tools", "user", "userland",
        "variants", "version", "workdir", "wrapper",
    )  # fmt: skip

    reference: Reference
    name: str
    version: str | None
    family: str | None
    distro: str | None
    release: str | None
    codename: str | None
    explicit: bool
    shell: tuple[str, ...]
    sh: str | None
    userland: str | None
    managers: tuple[str, ...] | None
    user: str | None
    workdir: str | None
    env: dict[str, str | None]
    ports: tuple[str, ...]
    entrypoint: tuple[str, ...] | None
    cmd: tuple[str, ...] | None
    wrapper: bool
    variants: tuple[str, ...]
    retired: str | None
    successor: str | None
    source: str
    #: program or package -> is it there
    tools: dict[str, bool]
    #: of the distribution's release and of the product, where known
    ends: tuple[End, ...]
    #: the distribution's package mirrors moved to an archive: updates from the default sources fail
    archived: bool | None

    def __repr__(self) -> str:
        return f"Image({self.reference.text!r})"

    def has(self, tool: str) -> bool | None:
        """True if the program or package *tool* is in the image, False if not, None if that is not known."""
        return self.tools.get(tool)

    def ended(self, day: str) -> tuple[End, ...]:
        """What of the image has no security support any more on *day* (ISO 8601)."""
        return tuple(end for end in self.ends if end.date < day)


#: architectures with a namespace of official images: docker-library/official-images, README, «Architectures»
ARCHITECTURES = frozenset([
    "amd64", "arm32v5", "arm32v6", "arm32v7", "arm64v8", "i386", "mips64le", "ppc64le", "riscv64", "s390x",
    "winamd64", "armhf", "aarch64", "arm",
])  # fmt: skip
#: mirrors of Docker's official library
MIRRORS = (
    ("docker.io", ""),
    ("registry.hub.docker.com", "library/"),
    ("registry-1.docker.io", "library/"),
    ("mirror.gcr.io", "library/"),
    ("public.ecr.aws", "docker/library/"),
    ("mcr.microsoft.com", "mirror/docker/library/"),
)

#: package managers that nobody installs on a foreign distribution
FOREIGN = frozenset(["apk", "apt-get", "apt", "yum", "dnf", "microdnf", "tdnf", "zypper", "pacman"])

_cache: dict[str, Image | None] = {}


def canonical(reference: Reference) -> str:
    """The name under which an image is known: official images without registry, ``library/`` and architecture."""
    path = reference.path
    for registry, prefix in MIRRORS:
        if reference.registry == registry and path.startswith(prefix):
            path = path[len(prefix) :]
            namespace, _, rest = path.partition("/")
            return rest if namespace in ARCHITECTURES and rest and "/" not in rest else path
    return f"{reference.registry}/{path}"


def lookup(reference: Reference) -> Image | None:
    """What is known of the image; None if nothing is, or if its name is not fixed text."""
    text = reference.text
    if text not in _cache:
        _cache[text] = None if "$" in text else _lookup(reference)
    return _cache[text]


def _entry(name: str) -> tuple[str, dict[str, Any]] | None:
    """The data of an image by its name, that of ``owner/*`` and ``owner/prefix-*`` included."""
    from dlinter.data.images import ALIASES, IMAGES

    folder, slash, last = name.rpartition("/")
    candidates = [name]
    if slash:
        parts = last.split("-")
        candidates += [f"{folder}/{'-'.join(parts[:count])}-*" for count in range(len(parts) - 1, 0, -1)]
        candidates.append(f"{folder}/*")
    for candidate in candidates:
        key = ALIASES.get(candidate, candidate)
        if key in IMAGES:
            return key, IMAGES[key]
    return None


def _lookup(reference: Reference) -> Image | None:
    from dlinter.data.images import DISTROS, IMAGES
    from dlinter.tags import applies, distribution, parse

    name = canonical(reference)
    found = _entry(name)
    if found is None:
        return None
    key, entry = found
    tag = reference.tag if reference.digest is None else reference.tag or ""
    parsed = parse(tag, entry, pinned=reference.digest is not None)
    layers = [entry] + [inner for token, inner in entry.get("when", {}).items() if applies(token, tag or "latest")]
    base = "-"
    for layer in layers:
        base = layer.get("base", base)
    if base != "-":
        layers.insert(0, IMAGES[base])

    image = Image()
    image.reference = reference
    image.name = key if "*" not in key else name
    image.version = parsed.version
    image.distro, image.codename, image.release, image.explicit = distribution(key, entry, name, parsed)
    system: dict[str, Any] = DISTROS.get(image.distro or "", {})
    systems = [system] if image.distro else []
    here = {image.codename, image.release}
    systems += [inner for inner in system.get("when", ()) if not here.isdisjoint(inner["releases"])]
    known = systems + layers
    image.family = _last(known, "family")
    image.sh = _last(known, "sh")
    image.userland = _last(known, "userland")
    image.managers = _last(known, "managers")
    image.shell = _last(known, "shell") or default_shell(reference)
    image.env = {name: value or None for layer in layers for name, value in layer.get("env", {}).items()}
    image.tools = _tools(systems, layers, lean="lean" in entry or "self" in entry)
    _config(image, layers, plain="/" not in key or "self" in entry or "plain" in entry)
    if image.family == "windows" or not parsed.text:
        _forget(image)
    image.variants = _last(layers, "variants") or ()
    image.retired = _last(layers, "retired")
    image.successor = _last(layers, "successor")
    image.source = entry.get("source") or system.get("source", "")
    image.ends = tuple(_ends(entry.get("product", key), image))
    old = image.codename in system.get("archived", ()) or image.release in system.get("archived", ())
    image.archived = None if image.release is None else old
    return image


def _last(layers: list[dict[str, Any]], key: str) -> Any:
    """The value of the last layer that has *key*, None if none has."""
    return next((layer[key] for layer in reversed(layers) if key in layer), None)


def _config(image: Image, layers: list[dict[str, Any]], *, plain: bool) -> None:
    """The parts of the image's configuration; what a *plain* image leaves out has Docker's default."""
    unsure: tuple[str, ...] = _last(layers, "unsure") or ()
    user = _last(layers, "user") or ("root" if plain and image.family != "windows" else None)
    workdir = _last(layers, "workdir") or ("/" if plain and image.family != "windows" else None)
    entrypoint = _last(layers, "entrypoint")
    image.user = None if "user" in unsure else user
    image.workdir = None if "workdir" in unsure else workdir
    if entrypoint is None and plain:
        entrypoint = ()
    image.entrypoint = None if "entrypoint" in unsure else entrypoint
    image.cmd = _last(layers, "cmd")
    image.wrapper = bool(_last(layers, "wrapper"))
    image.ports = _last(layers, "ports") or ()


def _forget(image: Image) -> None:
    """Leave out what differs between the variants of an image: a Windows variant, or one told by a digest alone."""
    image.user = image.workdir = image.entrypoint = image.cmd = None
    image.env = dict.fromkeys(image.env)
    if image.distro is None:
        image.tools = {}


def _tools(systems: list[dict[str, Any]], layers: list[dict[str, Any]], *, lean: bool) -> dict[str, bool]:
    """The tools of the distribution and the image's own.

    What the distribution lacks, an image may have added, unless it is *lean*: all that it adds is in the data. The
    package managers of other distributions no image has.
    """
    tools: dict[str, bool] = {}
    for layer in systems:
        _apply(layer, tools)
    if not lean:
        tools = {tool: there for tool, there in tools.items() if there or tool in FOREIGN}
    for layer in layers:
        if "*" in layer.get("unknown", ()):
            tools = {tool: there for tool, there in tools.items() if there or tool in FOREIGN}
        _apply(layer, tools)
    return tools


def _apply(layer: dict[str, Any], tools: dict[str, bool]) -> None:
    for tool in layer.get("unknown", ()):
        tools.pop(tool, None)
    tools.update(dict.fromkeys(layer.get("absent", ()), False))
    tools.update(dict.fromkeys(layer.get("present", ()), True))


def _ends(product: str, image: Image) -> Iterator[End]:
    from dlinter.data.ends import ENDS

    distro = "debian" if image.distro == "distroless" else image.distro or ""
    lines: dict[str, str] = ENDS.get(distro, {})
    for cycle in (image.codename, image.release):
        if cycle in lines:
            yield End(distro, cycle, lines[cycle])
            break
    if product != image.distro and product in ENDS and image.version is not None:
        numbers = re.findall(r"\d+", image.version)
        for length in (3, 2, 1):
            cycle = ".".join(numbers[:length])
            if len(numbers) >= length and cycle in ENDS[product]:
                yield End(product, cycle, ENDS[product][cycle])
                break
