"""yum, dnf and microdnf, and zypper."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Command, Findings, Fix, Run, report, rule
from dlinter.packages import PackageCall, package_call
from dlinter.shell_edits import insert_words
from dlinter_rules.common import answered_elsewhere, cleaned_at_the_end, failure_ends, in_run, program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dlinter.commands import Word

_DNF = ("dnf", "dnf5", "microdnf", "tdnf")


def _asking(command: Command, *harmless: str) -> PackageCall | None:
    """The call, if it stops for an answer that nobody gives; not with one of the *harmless* options."""
    if not in_run(command):
        return None
    call = package_call(command)
    if call is None or not call.asks or call.assumes_yes or call.opaque or call.has(*harmless):
        return None
    return None if answered_elsewhere(command, "assumeyes") else call


def _word(command: Command, call: PackageCall) -> Word:
    """The last word of the sub-command."""
    return next(word for word in command.args if word is call.words[-1])


def _unanswered(command: Command) -> Findings:
    call = _asking(command, "--assumeno", "--downloadonly", "--help", "-h")
    if call is not None and call.words:
        word = _word(command, call)
        safety = SAFE if failure_ends(command) else UNSAFE
        fix = Fix([insert_words(word, "-y")], safety, f"Add -y to {command.name}", ("answer-yes",))
        yield report(word, fix=None if command.instruction.in_onbuild else fix)


@rule(
    "DL3030",
    "yum-install-without-yes",
    on=Command,
    named=("yum",),
    profiles=("default", "hadolint", "cis"),
    aliases=("S6584", "DF027", "AC_DOCKER_0004"),
)
def yum_install_without_yes(command: Command) -> Findings:
    r"""Answer yum's question beforehand with -y

    A build has nobody to answer "Is this ok [y/N]", so yum stops there.

    ```dockerfile bad
    FROM centos:7
    RUN yum install \
          # for the health check
          curl && yum clean all
    ```
    ```dockerfile fixed
    FROM centos:7
    RUN yum install -y \
          # for the health check
          curl && yum clean all
    ```
    ```dockerfile bad
    FROM centos:7
    RUN yum update && yum groupinstall "Development Tools" && yum -q remove vim
    ```
    ```dockerfile fixed
    FROM centos:7
    RUN yum update -y && yum groupinstall -y "Development Tools" && yum -q remove -y vim
    ```
    A question whose failure is ignored may have been left unanswered on purpose:
    ```dockerfile bad
    FROM centos:7
    RUN yum update; yum clean all
    ```
    ```dockerfile unsafe
    FROM centos:7
    RUN yum update -y; yum clean all
    ```
    ```dockerfile good
    FROM centos:7
    RUN yum -y install curl && yum install --assumeyes wget && yum -qy update && yum clean all
    RUN yes | yum install nano
    RUN yum makecache && yum install --downloadonly jq && yum list installed
    ```
    ```dockerfile good
    FROM centos:7
    RUN echo assumeyes=1 >> /etc/yum.conf
    RUN yum install curl
    ```
    """
    yield from _unanswered(command)


@rule(
    "DL3038",
    "dnf-install-without-yes",
    on=Command,
    named=_DNF,
    profiles=("default", "hadolint", "cis"),
    aliases=("S6584", "DF027"),
)
def dnf_install_without_yes(command: Command) -> Findings:
    r"""Answer dnf's question beforehand with -y

    A build has nobody to answer "Is this ok [y/N]", so dnf stops there.

    ```dockerfile bad
    FROM fedora:40
    RUN dnf in curl && dnf5 upgrade && dnf clean all
    ```
    ```dockerfile fixed
    FROM fedora:40
    RUN dnf in -y curl && dnf5 upgrade -y && dnf clean all
    ```
    ```dockerfile bad
    FROM redhat/ubi9-minimal:9.4
    RUN ["microdnf", "install", "curl"]
    ```
    ```dockerfile fixed
    FROM redhat/ubi9-minimal:9.4
    RUN ["microdnf", "install", "-y", "curl"]
    ```
    ```dockerfile good
    FROM fedora:40
    RUN dnf -y install curl && dnf install --setopt=assumeyes=1 wget && dnf group install -y development
    RUN yes | dnf install nano
    RUN dnf $OPTIONS install jq && dnf config-manager --set-enabled crb
    ```
    """
    yield from _unanswered(command)


@rule(
    "DL3034",
    "zypper-non-interactive",
    on=Command,
    named=("zypper",),
    profiles=("default", "hadolint", "cis"),
    aliases=("S6584", "DF043"),
)
def zypper_non_interactive(command: Command) -> Findings:
    r"""Answer zypper's questions beforehand with -n

    A build has nobody to answer "Continue? [y/n/v/...? shows all options]", so zypper stops there.

    ```dockerfile bad
    FROM opensuse/leap:15.6
    RUN zypper install curl && zypper --gpg-auto-import-keys up && zypper clean -a
    ```
    ```dockerfile fixed
    FROM opensuse/leap:15.6
    RUN zypper -n install curl && zypper -n --gpg-auto-import-keys up && zypper clean -a
    ```
    ```dockerfile good
    FROM opensuse/leap:15.6
    RUN zypper -n install curl && zypper --non-interactive up && zypper install -y wget && zypper rm --no-confirm vim
    RUN zypper refresh && zypper search curl && zypper install --dry-run jq
    RUN yes | zypper in nano
    ```
    """
    call = _asking(command, "--dry-run", "-D", "--help", "-h")
    if call is not None and call.words:
        safety = SAFE if failure_ends(command) else UNSAFE
        fix = Fix([insert_words(program(command), "-n")], safety, "Add -n to zypper", ("answer-yes",))
        yield report(_word(command, call), fix=None if command.instruction.in_onbuild else fix)


@rule(
    "DL3035",
    "zypper-dist-upgrade",
    on=Command,
    named=("zypper",),
    profiles=("default", "hadolint"),
    aliases=("DF044",),
)
def zypper_dist_upgrade(command: Command) -> Findings:
    r"""Take a newer base image instead of zypper dist-upgrade

    It moves the whole system to another release, in a layer on top of the old one.

    ```dockerfile bad
    FROM opensuse/leap:15.6
    RUN zypper -n dup && zypper clean -a
    ```
    ```dockerfile good
    FROM opensuse/leap:15.6
    RUN zypper -n update && zypper clean -a
    ```
    On Tumbleweed, a rolling release, it is the only way to update:
    ```dockerfile good
    FROM opensuse/tumbleweed
    RUN zypper -n dup && zypper clean -a
    ```
    """
    call = package_call(command)
    if call is None or call.subcommand != "dist-upgrade" or not in_run(command) or not call.words:
        return
    stage = command.instruction.stage
    base = command.instruction.file.facts.base(stage) if stage is not None else None
    if base is None or "tumbleweed" not in base.text:
        yield report(_word(command, call))


def _uncleaned(
    run: Run, programs: tuple[str, ...], caches: tuple[str, ...], cleaners: Callable[[str], tuple[str, ...]]
) -> Findings:
    """The last installation after which nothing is cleaned, in a stage whose layers ship."""
    if run.stage is None or not run.file.facts.ships(run.stage):
        return
    folders = ("/var/cache", *caches)
    if any(target in folders or target.startswith(tuple(f"{c}/" for c in caches)) for target in run.scratch_mounts):
        return
    last: tuple[Command, PackageCall] | None = None
    for command in run.commands:
        call = package_call(command) if command.name in programs else None
        if call is not None:
            if call.action in ("install", "upgrade") and not call.has("--help", "--downloadonly", "--installroot"):
                last = command, call
            elif call.action == "clean":
                last = None
        elif last is not None and _removes(command, caches):
            last = None
    if last is not None and last[1].words:
        command, call = last
        yield report(_word(command, call), fix=cleaned_at_the_end(run, command, *cleaners(command.name)))


def _removes(command: Command, caches: tuple[str, ...]) -> bool:
    """True if *command* deletes one of *caches* or the folder they are in."""
    if command.name not in ("rm", "find"):
        return False
    for word in command.args:
        path = word.text.strip("\"'").rstrip("/*")
        if path in ("/var/cache", "/var") or path.startswith(caches) or path.startswith("/var/cache/{"):
            return True
    return False


_YUM_CACHES = ("/var/cache/yum", "/var/cache/dnf")
_DNF_CACHES = ("/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum", "/root/.cache/libdnf5", "/var/cache/tdnf")
_ZYPPER_CACHES = ("/var/cache/zypp",)


@rule(
    "DL3032",
    "yum-cache-not-cleaned",
    on=Run,
    mentions=("yum",),
    profiles=("default", "hadolint"),
    aliases=("DS-0015", "S6587", "DF047", "DF004", "DD031", "DOK-P1000", "AC_DOCKER_0009"),
)
def yum_cache_not_cleaned(run: Run) -> Findings:
    r"""Run yum clean all in the RUN that installs

    The metadata of the repositories are tens of megabytes in a layer, and the next yum fetches them again anyway.

    ```dockerfile bad
    FROM centos:7
    RUN yum install -y curl
    ```
    ```dockerfile fixed
    FROM centos:7
    RUN yum install -y curl && yum clean all && rm -rf /var/cache/yum
    ```
    ```dockerfile bad
    FROM centos:7
    USER app
    RUN set -ex; \
        sudo yum update -y && \
        sudo yum install -y \
            # for the health check
            curl && \
        rm -rf /tmp/x
    ```
    ```dockerfile fixed
    FROM centos:7
    USER app
    RUN set -ex; \
        sudo yum update -y && \
        sudo yum install -y \
            # for the health check
            curl && \
        rm -rf /tmp/x && \
        sudo yum clean all && sudo rm -rf /var/cache/yum
    ```
    ```dockerfile good
    FROM centos:7
    RUN yum install -y curl && yum clean all
    RUN yum install -y curl && yum -q clean metadata
    RUN yum install -y curl; rm -fr /var/cache/yum
    RUN --mount=type=cache,target=/var/cache/yum yum install -y curl
    RUN yum -y remove vim && yum repolist
    ```
    The layers of a stage that only hands files on are thrown away:
    ```dockerfile good
    FROM centos:7 AS build
    RUN yum install -y gcc && make
    FROM scratch
    COPY --from=build /app /app
    ```
    """
    yield from _uncleaned(run, ("yum",), _YUM_CACHES, lambda name: (f"{name} clean all", "rm -rf /var/cache/yum"))


@rule(
    "DL3040",
    "dnf-cache-not-cleaned",
    on=Run,
    mentions=("dnf",),
    profiles=("default", "hadolint"),
    aliases=("DS-0019", "DS-0027", "S6587", "DF046", "DD033", "DOK-P1002", "AC_DOCKER_00025"),
)
def dnf_cache_not_cleaned(run: Run) -> Findings:
    r"""Run dnf clean all in the RUN that installs

    The metadata of the repositories are tens of megabytes in a layer, and the next dnf fetches them again anyway.

    ```dockerfile bad
    FROM fedora:40
    RUN dnf install -y curl && rm -rf /tmp/x
    ```
    ```dockerfile fixed
    FROM fedora:40
    RUN dnf install -y curl && rm -rf /tmp/x && dnf clean all
    ```
    ```dockerfile bad
    FROM redhat/ubi9-minimal:9.4
    RUN microdnf clean all && microdnf install -y curl
    ```
    ```dockerfile fixed
    FROM redhat/ubi9-minimal:9.4
    RUN microdnf clean all && microdnf install -y curl && microdnf clean all
    ```
    ```dockerfile good
    FROM fedora:40
    RUN dnf install -y curl && dnf clean all
    RUN dnf5 in -y curl && rm -rf /var/cache/libdnf5
    RUN --mount=type=cache,target=/var/cache/dnf dnf install -y curl
    RUN --mount=type=tmpfs,target=/var/cache dnf install -y curl
    RUN dnf --installroot /rootfs install -y curl
    ```
    """
    yield from _uncleaned(run, _DNF, _DNF_CACHES, lambda name: (f"{name} clean all",))


@rule(
    "DL3036",
    "zypper-clean",
    on=Run,
    mentions=("zypper",),
    profiles=("default", "hadolint"),
    aliases=("DS-0020", "S6587", "DF045", "DD034", "DOK-P1001"),
)
def zypper_clean(run: Run) -> Findings:
    r"""Run zypper clean in the RUN that installs

    The metadata of the repositories and the packages stay in the layer, and the next zypper fetches what it needs.

    ```dockerfile bad
    FROM opensuse/leap:15.6
    RUN zypper -n install curl
    ```
    ```dockerfile fixed
    FROM opensuse/leap:15.6
    RUN zypper -n install curl && zypper clean -a
    ```
    ```dockerfile good
    FROM opensuse/leap:15.6
    RUN zypper -n install curl && zypper cc -a
    RUN zypper -n install curl && rm -rf /var/cache/zypp/*
    RUN --mount=type=cache,target=/var/cache/zypp zypper -n install curl
    ```
    """
    yield from _uncleaned(run, ("zypper",), _ZYPPER_CACHES, lambda name: (f"{name} clean -a",))
