"""The C libraries of images."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.images import Image

#: the C library of releases (packages.debian.org, packages.ubuntu.com, the release notes of the others)
_GLIBC = {
    "debian": {"8": 219, "9": 224, "10": 228, "11": 231, "12": 236, "13": 241},
    "ubuntu": {"14.04": 219, "16.04": 223, "18.04": 227, "20.04": 231, "22.04": 235, "24.04": 239},
    "distroless": {"9": 224, "10": 228, "11": 231, "12": 236, "13": 241},
    "centos": {"7": 217, "8": 228},
    "rockylinux": {"8": 228, "9": 234},
    "almalinux": {"8": 228, "9": 234},
    "amazonlinux": {"2": 226, "2023": 234},
}


def without_libraries(image: Image) -> bool:
    """True for images without a C library."""
    return image.family == "scratch" or (image.family == "distroless" and "/static" in image.name)


def shown(image: Image) -> str:
    """What to call the image in a message: its distribution with the release, where it is known."""
    if image.distro in ("scratch", "distroless", None):
        return image.name
    return f"{image.distro} {image.release}" if image.release else f"{image.distro}"


def glibc(image: Image) -> int | None:
    """The version of its glibc, 236 for 2.36; None where that is not known."""
    return _GLIBC.get(image.distro or "", {}).get(image.release or "")
