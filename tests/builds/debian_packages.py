"""What real builds need, from Debian packages: an engine, unpacked beside the system, and a root file system."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

#: the release whose engine is used: BuildKit 0.13, with heredocs, mounts, --chmod and --link
ENGINE_RELEASE = "trixie"
ENGINE_PACKAGES = ("docker.io", "docker-cli", "docker-buildx", "containerd")
#: the release of the base image
BASE_RELEASE = "bookworm"
#: seconds in which one command has to be done
_PATIENCE = 300


class Unavailable(Exception):
    """Images cannot be built here. The text says in one line why."""


def need_debian() -> str:
    """The code name of this Debian release.

    :raises Unavailable: this is no Debian of the right age, or not root.
    """
    if platform.system() != "Linux":
        raise Unavailable("the engine is made of Debian packages, and this is no Linux")
    release = platform.freedesktop_os_release()
    if release.get("ID") != "debian" or int(release.get("VERSION_ID", "99")) < 12:
        raise Unavailable("the engine is made of Debian packages, and this is no Debian 12 or later")
    if os.geteuid() != 0:
        raise Unavailable("only root can start an engine")
    for program in ("apt-get", "dpkg", "dpkg-deb", "tar", "wget", "setpriv"):
        if shutil.which(program) is None:
            raise Unavailable(f"the program {program} is missing")
    return release["VERSION_CODENAME"]


def mirror() -> str:
    """Where this machine gets its own Debian packages from.

    :raises Unavailable: apt knows of no such place.
    """
    command = [
        "apt-get",
        "indextargets",
        "--format",
        "$(REPO_URI) $(CODENAME)",
        "Created-By: Packages",
        "Origin: Debian",
    ]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    for line in listed:
        uri, _, codename = line.partition(" ")
        if uri.startswith("http") and "-" not in codename:
            return uri
    raise Unavailable("apt has no package lists of Debian: run apt-get update")


def run(command: Sequence[str], doing: str, *, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
    """Run *command*.

    :raises Unavailable: it fails.
    """
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", env=env, cwd=cwd, check=False, timeout=_PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{doing} takes longer than {_PATIENCE} s") from None
    if done.returncode:
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        raise Unavailable(f"{doing} failed: {lines[-1] if lines else f'exit code {done.returncode}'}")


def unpack(release: str, packages: Sequence[str], folder: Path) -> None:
    """Unpack *packages* of a Debian release into *folder*. Nothing is installed, and apt's own state stays as it is.

    :raises Unavailable: they cannot be had.
    """
    apt = folder / "apt"
    for part in ("lists/partial", "cache/archives/partial"):
        (apt / part).mkdir(parents=True)
    (apt / "sources.list").write_text(f"deb {mirror()} {release} main\n")
    options = {
        "Dir::Etc::sourcelist": apt / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": apt / "lists",
        "Dir::Cache": apt / "cache",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
    }
    call = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
    run([*call, "update"], f"reading the package lists of {release}")
    run([*call, "download", *packages], f"downloading {' '.join(packages)}", cwd=apt)
    for package in sorted(apt.glob("*.deb")):
        run(["dpkg", "-x", str(package), str(folder)], f"unpacking {package.name}")
    shutil.rmtree(apt)


def bootstrap(tools: Path, folder: Path) -> None:
    """Make what is in ``debian:bookworm-slim``, as far as builds can tell, in *folder*.

    :raises Unavailable: the packages cannot be had.
    """
    script = tools / "usr/sbin/debootstrap"
    env = {**os.environ, "DEBOOTSTRAP_DIR": str(tools / "usr/share/debootstrap")}
    run(["sh", str(script), "--variant=minbase", BASE_RELEASE, str(folder), mirror()], "debootstrap", env=env)
    for pattern in _LEFT_OVER:
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    (folder / "etc/resolv.conf").write_text("")
    (folder / "etc/apt/sources.list").write_text(f"deb {mirror()} {BASE_RELEASE} main\n")
    for name, text in _SETTINGS.items():
        (folder / name).write_text(text)
    _trust(folder)


#: what debootstrap leaves behind and the official image does not have
_LEFT_OVER = (
    "var/cache/apt/archives/*.deb", "var/cache/apt/*.bin", "var/lib/apt/lists/*", "var/log/*.log", "var/log/apt/*",
    "var/cache/ldconfig/aux-cache", "usr/share/doc/*", "usr/share/man/*", "usr/share/locale/*", "usr/share/info/*",
    "dev/*",
)  # fmt: skip
_CLEAN = '"rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"'
#: the settings of the official image: packages are deleted once installed, lists are kept compressed, no manuals
_SETTINGS = {
    "etc/apt/apt.conf.d/docker-clean": (
        f"DPkg::Post-Invoke {{ {_CLEAN}; }};\nAPT::Update::Post-Invoke {{ {_CLEAN}; }};\n"
        'Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n'
    ),
    "etc/apt/apt.conf.d/docker-gzip-indexes": 'Acquire::GzipIndexes "true";\n',
    "etc/apt/apt.conf.d/docker-no-languages": 'Acquire::Languages "none";\n',
    "etc/apt/apt.conf.d/docker-autoremove-suggests": 'Apt::AutoRemove::SuggestsImportant "false";\n',
    "etc/dpkg/dpkg.cfg.d/docker-apt-speedup": "force-unsafe-io\n",
    "etc/dpkg/dpkg.cfg.d/docker": "".join(
        f"path-exclude /usr/share/{name}/*\n" for name in ("doc", "man", "locale", "info", "groff", "lintian")
    ),
}


def _trust(folder: Path) -> None:
    """Let pip and npm in a build trust whom this machine trusts: the official image has no certificates at all."""
    bundle = Path("/etc/ssl/certs/ca-certificates.crt")
    if not bundle.exists():
        return
    (folder / "etc/ssl/certs").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(bundle, folder / "etc/ssl/certs/ca-certificates.crt")
    own = folder / "usr/local/share/ca-certificates"
    own.mkdir(parents=True, exist_ok=True)
    for certificate in Path("/usr/local/share/ca-certificates").glob("*.crt"):
        shutil.copyfile(certificate, own / certificate.name)
    (folder / "etc/pip.conf").write_text("[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n")
