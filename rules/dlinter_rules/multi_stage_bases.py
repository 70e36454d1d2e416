"""The image that runs what another one made."""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_rules.common import image_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter import Stage
    from dlinter.images import Image
    from dlinter_rules.multi_stage_products import Product

#: versions of Java with long support: eclipse-temurin has a ``-jre`` of each
_JAVA = ("8", "11", "17", "21", "25")
#: Debian releases of which there are distroless images (gcr.io/distroless, README)
_DISTROLESS = ("12", "13")
#: parts of the C library
_LIBC = ("-lm", "-lpthread", "-lc", "-ldl", "-lrt")
#: crates that bind what every system has
_OWN = re.compile(
    r"(?:linux-raw|js|web|core-foundation|security-framework|system-configuration|wasi|fsevent|inotify|io-kit|redox"
    r"|hermit|mach2?)-sys|.*windows.*"
)
#: builds of jars with all libraries inside
_FAT = re.compile(
    r"spring-boot-maven-plugin|maven-shade-plugin|jar-with-dependencies|org\.springframework\.boot|shadow"
)


class Runtime:
    """``image`` runs the product; ``users`` are who is known there. ``what`` says what to know about it.

    ``doubt`` is why it may not be the right one, ``""`` where it is. ``static`` asks for a build with CGO_ENABLED=0.
    """

    __slots__ = ("doubt", "image", "static", "users", "what")

    def __init__(
        self, image: str, what: str, doubt: str = "", static: bool = False, users: tuple[str, ...] = ()
    ) -> None:
        self.image = image
        self.what = what
        self.doubt = doubt
        self.static = static
        self.users = users


def runtime(stage: Stage, product: Product) -> Runtime | None:
    """The image for what *product* makes in *stage*; None where none is known."""
    image = image_of(stage)
    if image is None:
        return None
    match product.kind:
        case "go" if image.name == "golang":
            return _go(stage, image)
        case "rust" if image.name == "rust":
            return _rust(stage, image)
        case "java" if image.name in ("maven", "gradle", "eclipse-temurin", "openjdk", "amazoncorretto"):
            return _java(stage, image)
        case "dotnet" if image.name.startswith("mcr.microsoft.com/dotnet/"):
            return _dotnet(image)
        case "c" if image.name in ("gcc", "debian", "ubuntu"):
            return _c(stage, image, product)
        case "web" if image.name == "node":
            return Runtime("nginx:stable-alpine", "nginx serves the files")
    return None


def _go(stage: Stage, image: Image) -> Runtime | None:
    from dlinter_rules.multi_stage_sources import module_with_c, texts, uses_cgo

    sources = texts(stage, "go")
    module = module_with_c(stage)
    if module is None and not (sources is not None and uses_cgo(sources)):
        return Runtime(
            "gcr.io/distroless/static-debian12", "it reads no other files and starts no other programs", static=True,
            users=("nonroot", "nobody"),
        )  # fmt: skip
    why = f"{module} needs C libraries" if module else "it calls C"
    if image.distro == "debian":
        return Runtime(_debian(image, "base"), "it needs no libraries but glibc", why, users=("nobody",))
    return Runtime(f"alpine:{image.release}" if image.release else "alpine", "it needs no libraries but musl", why)


def _debian(image: Image, kind: str) -> str:
    if image.release in _DISTROLESS:
        return f"gcr.io/distroless/{kind}-debian{image.release}"
    return f"debian:{image.codename}-slim"


def _rust(stage: Stage, image: Image) -> Runtime | None:
    if image.distro == "alpine":
        return Runtime("gcr.io/distroless/static-debian12", "it is linked with musl", "crates may link libraries")
    if image.distro != "debian" or image.codename is None:
        return None
    context = stage.file.facts.context
    lock = context.text("Cargo.lock") if context is not None else None
    doubt = "which libraries the crates need is not known"
    if lock is not None:
        needed = [each for each in re.findall(r'^name = "([\w-]+-sys)"', lock, re.M) if not _OWN.fullmatch(each)]
        doubt = f"{needed[0]} may need a library" if needed else ""
    return Runtime(_debian(image, "cc"), "it needs no libraries but glibc", doubt, users=("nonroot", "nobody"))


def _java(stage: Stage, image: Image) -> Runtime | None:
    tag = image.reference.tag or ""
    if image.name in ("maven", "gradle"):
        found = re.search(r"(?:jdk-?|openjdk-|temurin-|corretto-|java-?|zulu-|graalvm-)(\d+)", tag)
        version = found.group(1) if found else None
    else:
        version = (image.version or "").partition(".")[0] or None
    if version is None:
        return None
    alpine = "-alpine" if image.family == "alpine" else ""
    context = stage.file.facts.context
    doubt = "" if version in _JAVA else f"there may be no image of Java {version}"
    files = ("pom.xml", "build.gradle", "build.gradle.kts") if context is not None else ()
    if not any(_FAT.search(context.text(name) or "") for name in files if context is not None):
        doubt = doubt or "whether the jar has its libraries inside is not known"
    return Runtime(f"eclipse-temurin:{version}-jre{alpine}", f"Java {version} without the compiler is enough", doubt)


def _dotnet(image: Image) -> Runtime | None:
    name = image.reference.path.removeprefix("mcr.microsoft.com/")
    found = re.match(r"(\d+)\.(\d+)(?:\.\d+)?(-[\w.-]+)?\Z", image.reference.tag or "")
    if found is None or not name.endswith("/sdk"):
        return None
    major, minor, variant = found.groups()
    users = ("app", "$APP_UID") if int(major) >= 8 else ()
    base = f"mcr.microsoft.com/{name.removesuffix('sdk')}aspnet:{major}.{minor}{variant or ''}"
    return Runtime(base, f"ASP.NET {major}.{minor} is what it needs", users=users)


def _c(stage: Stage, image: Image, product: Product) -> Runtime | None:
    words = [word.value or word.text for word in product.command.args]
    linked = [word for word in words if word.startswith(("-l", "-L")) and word not in _LIBC]
    cxx = "++" in product.command.name or any(word.endswith((".cpp", ".cc", ".cxx")) for word in words)
    if image.codename is None:
        return None
    doubt = f"{linked[0]} needs a library" if linked else ""
    if cxx and image.name == "gcc":
        doubt = "libstdc++ of the gcc image is newer than Debian's"
    elif cxx:
        doubt = "libstdc++ has to be there"
    base = f"debian:{image.codename}-slim" if image.distro == "debian" else f"ubuntu:{image.release}"
    return Runtime(base, "it needs no libraries but glibc", doubt, users=("nobody", "www-data"))
