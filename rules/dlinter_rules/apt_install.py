"""How packages are installed with apt: the program, and what comes along."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Command, Edit, Findings, Fix, Severity, report, rule
from dlinter.packages import PackageCall, package_call
from dlinter.shell_edits import insert_words, json_string
from dlinter.tree import Instruction
from dlinter_grammar import regex as re
from dlinter_rules.common import in_run, program

#: sub-commands of apt that apt-get has as well, under the same name or another with the same meaning (apt(8))
_SAME = {
    "install": "install", "update": "update", "remove": "remove", "purge": "purge", "autoremove": "autoremove",
    "clean": "clean", "autoclean": "autoclean", "build-dep": "build-dep", "reinstall": "reinstall",
    "full-upgrade": "dist-upgrade", "dist-upgrade": "dist-upgrade", "upgrade": "upgrade --with-new-pkgs",
}  # fmt: skip
#: those that apt-get has nothing for
_OWN = frozenset({"list", "edit-sources", "help", "moo"})


@rule(
    "DL3027",
    "apt-instead-of-apt-get",
    on=Command,
    named=("apt",),
    profiles=("default", "hadolint"),
    aliases=("CKV_DOCKER_9", "DF059", "DD024", "AC_DOCKER_0002"),
)
def apt_instead_of_apt_get(command: Command) -> Findings:
    r"""Use apt-get or apt-cache in builds, apt is for people

    apt warns of itself that its output and its options may change from one version to the next.

    ```dockerfile bad
    FROM debian:12
    RUN apt update && sudo apt -y install curl && rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && sudo apt-get -y install curl && rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt update && apt upgrade -y \
     && apt full-upgrade -y
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get upgrade --with-new-pkgs -y \
     && apt-get dist-upgrade -y
    ```
    ```dockerfile bad
    FROM debian:12
    RUN ["/usr/bin/apt", "install", "-y", "curl"]
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN ["/usr/bin/apt-get", "install", "-y", "curl"]
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt install -y php-$MODULE
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get install -y php-$MODULE
    ```
    apt-cache prints the same in another layout, which whatever reads it has to be ready for:
    ```dockerfile bad
    FROM debian:12
    RUN apt show curl | tee /versions
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && apt list --installed && apt --version
    RUN echo apt install curl && ls /etc/apt
    ```
    apt is something else on other systems:
    ```dockerfile good
    FROM openjdk:8
    RUN command -v apt
    ```
    """
    if not in_run(command):
        return
    call = package_call(command)
    if call is None or call.subcommand is None or call.subcommand in _OWN or not call.words:
        return
    word = next(word for word in command.args if word is call.words[0])
    replacement = _SAME.get(word.text)
    fix = None
    name = program(command)
    if replacement is not None and not command.instruction.in_onbuild and _plain(command):
        edits = [_renamed(command)]
        if replacement != word.text:
            first, *more = replacement.split()
            if first != word.text:
                edits.append(Edit(word.start, word.end, json_string(first) if command.script is None else first))
            if more:
                edits.append(insert_words(word, *more))
        if _same_packages(call):
            fix = Fix(edits, SAFE, "Use apt-get", ("same-tool",))
        else:
            fix = Fix(edits, UNSAFE, "Use apt-get", ("option-of-user",))
    instead = "apt-get" if replacement is not None else "apt-cache"
    yield report(name, f"Use {instead} instead of apt, which is for people", fix)


def _same_packages(call: PackageCall) -> bool:
    """True if both take the packages for the same: apt has patterns of its own and no regular expressions."""
    return all(word.value is not None and not set(word.value) & set("?~^*[]$") for word in call.operands)


def _plain(command: Command) -> bool:
    """True if the name stands there without quotes, or as a JSON string."""
    name = program(command)
    return command.script is None or name.text == name.value


def _renamed(command: Command) -> Edit:
    name = program(command)
    end = name.end - 1 if command.script is None else name.end
    return Edit(end, end, "-get")


@rule(
    "DL3015",
    "apt-install-recommends",
    on=Command,
    named=("apt-get", "apt"),
    severity=Severity.INFO,
    profiles=("hadolint", "cis"),
    aliases=("DS-0029", "S6500", "DF016", "DD003", "AC_DOCKER_0014", "CIS-4.3"),
)
def apt_install_recommends(command: Command) -> Findings:
    r"""Install without recommended packages

    apt installs what a package merely recommends as well, which often takes more room than the package.

    What is missed then, such as ca-certificates for curl, has to be named:
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get -qq install \
        # for the health check
        curl
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get update && apt-get -qq install --no-install-recommends \
        # for the health check
        curl
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get --no-install-recommends install -y curl
    RUN apt-get -o APT::Install-Recommends=0 install -y curl && apt-get install -y -o APT::Install-Recommends=false wget
    RUN apt-get install -y ./local.deb && apt-get install -f -y && apt-get install $APT_OPTIONS curl
    ```
    ```dockerfile good
    FROM debian:12
    RUN echo 'APT::Install-Recommends "false";' > /etc/apt/apt.conf.d/99recommends
    RUN apt-get update && apt-get install -y curl
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get install -y $PACKAGES
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get install -y --no-install-recommends $PACKAGES
    ```
    Room in a stage that only hands files on costs nothing in the end:
    ```dockerfile good
    FROM debian:12 AS build
    RUN apt-get update && apt-get install -y gcc
    FROM scratch
    COPY --from=build /app /app
    ```
    """
    instruction = command.instruction
    if not in_run(command) or instruction.stage is None or not instruction.file.facts.ships(instruction.stage):
        return
    call = package_call(command)
    if call is None or call.subcommand != "install" or not call.words or call.has(*_DECIDED):
        return
    if not any(package.kind in ("name", "unknown") for package in call.packages) or _configured(command):
        return
    word = next(word for word in command.args if word is call.words[-1])
    yes = command.args[command.args.index(word) + 1 :][:1]
    after = yes[0] if yes and _YES.fullmatch(yes[0].text) else word
    edit = insert_words(after, "--no-install-recommends")
    purpose = "option-of-user:package-option=--no-install-recommends"
    fix = Fix([edit], UNSAFE, "Add --no-install-recommends", (purpose,))
    yield report(word, fix=None if instruction.in_onbuild else fix)


#: the setting in a configuration, on a command line or in a file that a COPY brings (apt.conf(5))
_SWITCHED_OFF = re.compile(r"APT::Install-Recommends[\"'\\\s={]*(?:false|0|no|off|disable|without)\b", re.I)
_YES = re.compile(r"-[yq]+|--yes|--assume-yes|--quiet")
_DECIDED = (
    "--no-install-recommends", "--install-recommends", "--dry-run", "-s", "--simulate", "-d", "--download-only",
)  # fmt: skip
#: names of variables that hold options
_OPTIONS = re.compile(r"\$\{?\w*(?:OPT|ARG|FLAG)\w*\}?", re.I)


def _configured(command: Command) -> bool:
    """True if apt was told about recommended packages: by an option or a setting, or perhaps by a variable."""
    instruction = command.instruction
    environment = instruction.file.facts.environment(instruction)
    for word in command.args:
        if word.value is None and word.text[:1] == "$":
            value = environment.get(word.text.strip("${}"))
            if _OPTIONS.fullmatch(word.text) or (value is not None and "install-recommends" in value):
                return True
    facts = instruction.file.facts
    before = facts.before(instruction, Instruction, where=_switches_off)
    return facts.known(_switches_off, instruction) or next(before, None) is not None


def _switches_off(instruction: Instruction) -> bool:
    text = instruction.file.text[instruction.start : instruction.syntax.close]
    return _SWITCHED_OFF.search(text) is not None
