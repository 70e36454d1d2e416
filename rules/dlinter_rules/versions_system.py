"""Versions of the system's packages. In no default: mirrors delete old versions, and builds that ask for one break."""

from __future__ import annotations

from dlinter import Command, Findings, Word, report, rule
from dlinter.package_specs import package
from dlinter.packages import Package, PackageCall, package_call
from dlinter_grammar import regex as re
from dlinter_grammar.shell_nodes import Assignment, walk
from dlinter_rules.common import in_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def unpinned(command: Command, subcommands: tuple[str, ...], pinned: Callable[[Package], bool]) -> Findings:
    """A finding for the packages without a version that *command* installs; at most one, which names them all."""
    if not in_run(command):
        return
    call = package_call(command)
    if call is None or call.subcommand not in subcommands:
        return
    loose = [each for each in spelt_out(command, call) if each.kind == "name" and not pinned(each)]
    if loose:
        yield report(loose[0].word, message(loose))


def spelt_out(command: Command, call: PackageCall) -> list[Package]:
    """The packages of *call*; for a variable those that it is known to hold."""
    found: list[Package] = []
    for each in call.packages:
        value = _value(command, each.word.text) if each.kind == "unknown" else None
        if value is None:
            found.append(each)
        else:
            at = each.word.start, each.word.end
            found += [package(call.table["shape"], Word(*at, text, text, command)) for text in value.split()]
    return found


_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")


def _value(command: Command, text: str) -> str | None:
    """The value of the variable that is all of *text*: set once in the script as fixed text, or by ENV or ARG."""
    match = _VARIABLE.fullmatch(text)
    if match is None or command.script is None or command.script.root is None:
        return None
    name = match[1] or match[2]
    values = [node.value for node in walk(command.script.root) if isinstance(node, Assignment) and node.name == name]
    if not values:
        return command.instruction.file.facts.environment(command.instruction).get(name)
    value = values[0].value if len(values) == 1 and values[0] is not None else None
    return value if value is None or "\\" not in value else None


def message(packages: list[Package]) -> str:
    """What to do about *packages*: the first three are named."""
    names = [each.name or each.word.text for each in packages]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"Pin the version of {shown}"


@rule(
    "DL3008",
    "apt-package-unpinned",
    on=Command,
    named=("apt-get", "apt", "aptitude"),
    profiles=("hadolint",),
    aliases=("DF005", "DD022"),
)
def apt_package_unpinned(command: Command) -> Findings:
    r"""Pin the versions of packages that apt installs

    The same file gives another image tomorrow; on the other hand mirrors keep no old version, and the build fails then.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl=7.88.1-10+deb12u5 git
    ```
    ```dockerfile bad
    FROM debian:12
    RUN DEBIAN_FRONTEND=noninteractive sudo apt-get install -y curl
    ```
    ```dockerfile bad
    FROM debian:12
    RUN env LC_ALL=C /usr/bin/apt-get install -y curl
    ```
    ```dockerfile bad
    FROM debian:12
    RUN bash -c "apt install -y curl"
    ```
    ```dockerfile bad
    FROM debian:12
    RUN bash <<EOF
    apt-get install -y curl
    EOF
    ```
    Variables that the file itself sets are looked into:
    ```dockerfile bad
    FROM debian:12
    RUN deps="gcc make=4.3-4.1" && apt-get install -y $deps
    ```
    ```dockerfile bad
    FROM debian:12
    ENV DEPS="gcc make"
    RUN apt-get install -y $DEPS
    ```
    A release is no version:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get install -y curl/bookworm
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get install -y curl=7.88.1-10+deb12u5 nginx=1.22.* ./local.deb
    RUN apt-get install -y -t bookworm-backports --no-install-recommends git=1:2.39.2-1
    RUN apt-get remove -y curl && apt-get install -y nano-
    ```
    What another variable stands for, or what comes through a pipe, may have its version with it:
    ```dockerfile good
    FROM debian:12
    ARG PACKAGES
    RUN apt-get install -y $PACKAGES nginx=$NGINX_VERSION
    RUN xargs apt-get install -y < packages.txt
    ```
    """

    def pinned(package: Package) -> bool:
        return (package.version or "").startswith("=") or (package.name or "").endswith("-")

    yield from unpinned(command, ("install", "satisfy"), pinned)


@rule(
    "DL3018",
    "apk-package-unpinned",
    on=Command,
    named=("apk",),
    profiles=("hadolint",),
    aliases=("DF052", "DD027"),
)
def apk_package_unpinned(command: Command) -> Findings:
    r"""Pin the versions of packages that apk installs

    The same file gives another image tomorrow; on the other hand Alpine deletes old versions, and the build fails then.

    ```dockerfile bad
    FROM alpine:3.20
    RUN apk add --no-cache --virtual .deps curl git=2.45.2-r0
    ```
    A repository is no version:
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk add --no-cache curl@edge
    ```
    ```dockerfile good
    FROM alpine:3.20
    RUN apk add --no-cache curl=8.9.0-r0 git~=2.45 'nano>8' vim@edge=9.1-r0 !busybox-extras
    RUN apk add --no-cache --root /rootfs -X https://example.com/alpine -t .deps ./local.apk
    RUN apk add --no-cache $PACKAGES && apk del curl
    ```
    """

    def pinned(package: Package) -> bool:
        return bool(set(package.version or "") & set("=~<>")) or (package.name or "")[:1] == "!"

    yield from unpinned(command, ("add",), pinned)


#: where rpm's name-version has less than a whole version: a star stands for the rest
_STARRED = re.compile(r".+-\d[^-]*\*.*")


def _rpm_pinned(package: Package) -> bool:
    if (package.name or "")[:1] in "./":
        return True
    return package.version is not None or _STARRED.fullmatch(package.name or "") is not None


def _module_pinned(package: Package) -> bool:
    return ":" in (package.name or "")


@rule(
    "DL3033",
    "yum-package-unpinned",
    on=Command,
    named=("yum",),
    profiles=("hadolint",),
    aliases=("DF005", "DD032", "AC_DOCKER_0033"),
)
def yum_package_unpinned(command: Command) -> Findings:
    r"""Pin the versions of packages that yum installs

    The same file gives another image tomorrow, without a change that anyone could see.

    ```dockerfile bad
    FROM centos:7
    RUN yum install -y java-11-openjdk gcc-4.8.5
    ```
    ```dockerfile bad
    FROM centos:8
    RUN yum module install -y nodejs
    ```
    ```dockerfile good
    FROM centos:7
    RUN yum install -y gcc-4.8.5 nginx-1:1.20.1-10.el7 postgresql96-9.6.* nodejs-16*
    RUN yum install -y https://example.com/x.rpm ./local.rpm /tmp/oracle* @development $PACKAGES
    RUN yum reinstall -y glibc-common
    RUN yum --enablerepo epel install -y htop-$VERSION && yum module install -y nodejs:18
    ```
    """
    yield from unpinned(command, ("install",), _rpm_pinned)
    yield from unpinned(command, ("module install", "module enable"), _module_pinned)


@rule(
    "DL3041",
    "dnf-package-unpinned",
    on=Command,
    named=("dnf", "dnf5", "microdnf", "tdnf"),
    profiles=("hadolint",),
)
def dnf_package_unpinned(command: Command) -> Findings:
    r"""Pin the versions of packages that dnf installs

    The same file gives another image tomorrow, without a change that anyone could see.

    ```dockerfile bad
    FROM fedora:40
    RUN dnf5 in -y python3-devel
    ```
    ```dockerfile bad
    FROM redhat/ubi9-minimal:9.4
    RUN microdnf install -y java-17-openjdk-headless
    ```
    ```dockerfile good
    FROM fedora:40
    RUN dnf install -y tar-2:1.35-3.fc40 httpd-2.4.58 ./local.rpm $PACKAGES
    RUN dnf group install -y development && dnf module install -y nodejs:18/default
    ```
    """
    yield from unpinned(command, ("install",), _rpm_pinned)
    yield from unpinned(command, ("module install", "module enable"), _module_pinned)


@rule(
    "DL3037",
    "zypper-package-unpinned",
    on=Command,
    named=("zypper",),
    profiles=("hadolint",),
)
def zypper_package_unpinned(command: Command) -> Findings:
    r"""Pin the versions of packages that zypper installs

    The same file gives another image tomorrow, without a change that anyone could see.

    ```dockerfile bad
    FROM opensuse/leap:15.6
    RUN zypper -n in --from repo-oss curl
    ```
    ```dockerfile good
    FROM opensuse/leap:15.6
    RUN zypper -n install --no-recommends curl=8.6.0 'git>=2' ./local.rpm
    RUN zypper -n install -t pattern devel_basis && zypper -n install $PACKAGES
    ```
    """
    call = package_call(command)
    kind = call.option("-t", "--type") if call is not None else None
    if kind is None or kind.value == "package":
        yield from unpinned(command, ("install",), lambda package: package.version is not None)
