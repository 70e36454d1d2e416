"""What newer releases of a distribution do not have or do not allow any more."""

from __future__ import annotations

from dlinter import Arg, Command, Env, Findings, Run, Severity, report, rule
from dlinter.packages import package_call
from dlinter_rules.common import certain, certainly_runs, first_calls, image_of, in_run, program, ran_before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter import Instruction
    from dlinter.images import Image

#: package -> the first releases of Debian and of Ubuntu without it, and what takes its place
_GONE: dict[str, tuple[float, float, str]] = {
    "python-pip": (11, 20.04, "python3-pip"),
    "python-setuptools": (12, 22.10, "python3-setuptools"),
    "openjdk-7-jdk": (9, 16.04, "a later OpenJDK"),
    "openjdk-7-jre": (9, 16.04, "a later OpenJDK"),
    "openjdk-8-jdk": (10, 99, "a later OpenJDK, or eclipse-temurin"),
    "openjdk-8-jre": (10, 99, "a later OpenJDK, or eclipse-temurin"),
    "openjdk-8-jdk-headless": (10, 99, "a later OpenJDK, or eclipse-temurin"),
    "openjdk-8-jre-headless": (10, 99, "a later OpenJDK, or eclipse-temurin"),
    "openjdk-11-jdk": (12, 99, "openjdk-17-jdk"),
    "openjdk-11-jre": (12, 99, "openjdk-17-jre"),
    "openjdk-11-jdk-headless": (12, 99, "openjdk-17-jdk-headless"),
    "openjdk-11-jre-headless": (12, 99, "openjdk-17-jre-headless"),
    "openjdk-17-jdk": (13, 99, "openjdk-21-jdk"),
    "openjdk-17-jre": (13, 99, "openjdk-21-jre"),
    "mysql-server": (10, 999, "default-mysql-server or mariadb-server"),
    "php5": (9, 16.04, "php"),
    "php5-cli": (9, 16.04, "php-cli"),
    "php5-fpm": (9, 16.04, "php-fpm"),
    "php5-curl": (9, 16.04, "php-curl"),
    "software-properties-common": (13, 999, "a file in /etc/apt/sources.list.d"),
    "netcat": (12, 999, "netcat-openbsd or netcat-traditional"),
}


@rule("DL8409", "os-package-removed-in-release", on=Command, named=("apt-get", "apt"), severity=Severity.ERROR)
def os_package_removed(command: Command) -> Findings:
    r"""Install a package that the release still has

    apt finds no candidate for it, and the step fails.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y python-pip
    ```
    ```dockerfile bad
    FROM python:3.12-bookworm
    RUN apt-get update && apt-get install -y openjdk-11-jdk curl
    ```
    ```dockerfile good
    FROM debian:10
    RUN apt-get update && apt-get install -y python-pip
    ```
    ```dockerfile good
    FROM ubuntu:24.04
    RUN apt-get update && apt-get install -y openjdk-11-jdk python3-pip
    ```
    Another repository may have it:
    ```dockerfile good
    FROM debian:12
    RUN echo 'deb https://packages.example.com/ stable main' > /etc/apt/sources.list.d/example.list
    RUN apt-get update && apt-get install -y openjdk-11-jdk
    ```
    """
    image = image_of(command.instruction.stage)
    if image is None or not in_run(command) or not certain(command.instruction.stage) or not certainly_runs(command):
        return
    number = _number(image)
    call = package_call(command)
    if number is None or call is None or call.action != "install" or image.distro not in ("debian", "ubuntu"):
        return
    run, facts = command.instruction, command.instruction.file.facts
    if facts.known(_other_sources, run) or next(facts.before(run, Run, where=_other_sources), None) is not None:
        return
    for package in call.packages:
        if package.name in _GONE:
            debian, ubuntu, instead = _GONE[package.name]
            if number >= (debian if image.distro == "debian" else ubuntu):
                message = f"{image.distro} {image.release} has no {package.name}: take {instead}"
                yield report(package.word, message)


def _other_sources(instruction: Instruction) -> bool:
    text = instruction.syntax.map.text
    return any(
        word in text
        for word in (
            "sources.list",
            "add-apt-repository",
            "apt-add-repository",
            "setup_",
            ".deb",
            "| bash",
            "|bash",
            "| sh",
        )
    )


def _number(image: Image) -> float | None:
    """The release as a number: 12, or 24.04."""
    try:
        return float(image.release or "")
    except ValueError:
        return None


@rule(
    "DL8408",
    "pip-break-system-packages",
    on=Command,
    named=("pip", "pip3", "python3"),
    severity=Severity.ERROR,
)
def pip_break_system_packages(command: Command) -> Findings:
    r"""Install into a virtual environment: the distribution's Python takes no packages from pip

    Since Debian 12 and Ubuntu 23.04 pip stops with externally-managed-environment (PEP 668).

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y python3-pip
    RUN pip3 install flask
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get update && apt-get install -y python3-venv && python3 -m venv /opt/venv
    ENV PATH=/opt/venv/bin:$PATH
    RUN pip3 install flask
    ```
    ```dockerfile good
    FROM debian:11
    RUN apt-get update && apt-get install -y python3-pip && pip3 install flask
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get update && apt-get install -y python3-pip
    RUN pip3 install --break-system-packages flask
    RUN pip3 install --target /app flask
    ```
    ```dockerfile good
    FROM python:3.12
    RUN pip3 install flask
    ```
    """
    stage = command.instruction.stage
    image = image_of(stage)
    if stage is None or image is None or not in_run(command) or not certain(stage) or not certainly_runs(command):
        return
    if image.name != image.distro or image.distro not in ("debian", "ubuntu"):
        return
    number, call = _number(image), package_call(command)
    if number is None or number < (12 if image.distro == "debian" else 23.04) or call is None or call.manager != "pip":
        return
    if call.action != "install" or call.opaque or not call.packages or "/" in (program(command).value or ""):
        return
    if call.has("--break-system-packages", "--target", "-t", "--prefix", "--root", "--python", "--dry-run", "--help"):
        return
    first = first_calls(stage).get(command.name)
    if first is not None and first.start < command.start:
        return
    run, facts = command.instruction, stage.file.facts
    if facts.known(_permits, run) or next(facts.before(run, Run, Env, Arg, where=_permits), None) is not None:
        return
    if not ran_before(command, _installs_pip):
        return
    yield report(program(command), f"{image.distro} {image.release} lets pip install into a virtual environment only")


#: what makes it possible, or another Python the one in force
_PERMITTED = (
    "venv", "virtualenv", "EXTERNALLY-MANAGED", "BREAK_SYSTEM_PACKAGES", "break-system-packages", "conda", "pyenv",
    "pipx", "deadsnakes", "get-pip", "uv ", "pip.conf", "PATH",
)  # fmt: skip


def _permits(instruction: Instruction) -> bool:
    text = f"{instruction.syntax.map.text} "
    return any(word in text for word in _PERMITTED)


def _installs_pip(command: Command) -> bool:
    """True if *command* brings the distribution's pip."""
    call = package_call(command)
    if call is None or call.manager not in ("apt-get", "apt"):
        return False
    return any(package.name == "python3-pip" for package in call.packages)
