"""What is known of an image, in Markdown."""

from __future__ import annotations

from dlinter.images import Image, Reference, lookup
from dlinter.server.features.links import image_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.images import End

_NAMES = {
    "almalinux": "AlmaLinux", "alpine": "Alpine", "amazonlinux": "Amazon Linux", "arch": "Arch Linux",
    "azurelinux": "Azure Linux", "busybox": "BusyBox", "centos": "CentOS", "centos-stream": "CentOS Stream",
    "clearlinux": "Clear Linux", "debian": "Debian", "distroless": "Distroless", "fedora": "Fedora",
    "gentoo": "Gentoo", "kali": "Kali", "mageia": "Mageia", "opensuse": "openSUSE", "oraclelinux": "Oracle Linux",
    "photon": "Photon OS", "raspbian": "Raspbian", "rhel": "Red Hat Enterprise Linux", "rockylinux": "Rocky Linux",
    "ubuntu": "Ubuntu", "windows": "Windows", "wolfi": "Wolfi",
}  # fmt: skip


def about(reference: Reference, today: str | None = None) -> str:
    """Registry, release, end of life, what is in it; with a link to its page."""
    if reference.text == "scratch":
        return "The empty image: no files, no shell, no variables."
    from dlinter.data.images import DATE

    image = lookup(reference)
    parts = [f"`{reference.text}`"]
    pinned = ", pinned by its digest" if reference.digest else ""
    if "$" in reference.name:
        return f"{parts[0]}: which image this is depends on arguments without a known value."
    parts.append(_where(reference) + pinned + ".")
    if image is not None:
        parts.append("  \n".join(_facts(image)))
        parts += _ends(image, today or _today())
        if not image.explicit and image.codename and reference.digest is None:
            parts.append(f"The tag does not name the release; this is where it pointed on {DATE}.")
    page = image_page(reference)
    if page is not None:
        parts.append(f"[{reference.path}]({page})")
    return "\n\n".join(part for part in parts if part)


def brief(reference: Reference) -> str:
    """The distribution and its release in a few words, "" if nothing is known."""
    image = lookup(reference)
    return _distribution(image) if image is not None else ""


def _today() -> str:
    from datetime import date

    return date.today().isoformat()


def _where(reference: Reference) -> str:
    tag = reference.tag or ("" if reference.digest else "latest")
    kind = "Official image" if reference.official else "Image"
    at = "Docker Hub" if reference.registry == "docker.io" else reference.registry
    named = f", tag `{tag}`" if tag else ""
    default = " (the default)" if tag and reference.tag is None else ""
    return f"{kind} `{reference.path}` at {at}{named}{default}"


def _distribution(image: Image) -> str:
    if image.family == "scratch" or image.distro is None:
        return ""
    name = _NAMES.get(image.distro, image.distro)
    code = image.codename if image.codename and image.codename != image.release else ""
    return " ".join(part for part in (name, image.release, code) if part)


def _facts(image: Image) -> list[str]:
    rows = []
    distribution = _distribution(image)
    if distribution:
        rows.append(f"System: {distribution}")
    if image.version and image.version not in (image.release, image.codename):
        rows.append(f"Version: {image.version}")
    if image.managers:
        rows.append("Packages: " + ", ".join(f"`{manager}`" for manager in image.managers))
    if image.sh:
        rows.append(f"Shell: `/bin/sh` is {image.sh}" + (", with bash" if image.has("bash") else ""))
    elif image.sh == "":
        rows.append("Shell: none")
    if image.user:
        rows.append(f"User: `{image.user}`")
    if image.workdir and image.workdir != "/":
        rows.append(f"Directory: `{image.workdir}`")
    if image.entrypoint:
        rows.append(f"Entrypoint: `{' '.join(image.entrypoint)}`")
    if image.cmd:
        rows.append(f"Command: `{' '.join(image.cmd)}`")
    if image.ports:
        rows.append("Ports: " + ", ".join(f"`{port}`" for port in image.ports))
    variables = [name for name in image.env if name != "PATH"]
    if variables:
        rows.append("Variables: " + ", ".join(f"`{name}`" for name in variables))
    return rows


def _ends(image: Image, today: str) -> list[str]:
    found = [_end(end, today) for end in image.ends]
    if image.retired:
        successor = f"; use {image.successor}" if image.successor else ""
        found.append(f"**Not updated since {image.retired}**{successor}.")
    if image.archived:
        found.append("**Its package mirrors are gone**: installing fails without another source.")
    return found


def _end(end: End, today: str) -> str:
    name = f"{_NAMES.get(end.product, end.product)} {end.cycle}"
    if end.date < today:
        return f"**{name} has had no security updates since {end.date}.**"
    return f"{name} gets security updates until {end.date}."
