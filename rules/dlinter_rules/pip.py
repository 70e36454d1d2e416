"""pip."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Command, Edit, Findings, Fix, Instruction, Run, Severity, report, rule
from dlinter.shell_edits import insert_words
from dlinter_grammar import regex as re
from dlinter_rules.common import image_of, in_run, program
from dlinter_rules.proven import accepted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter import Stage
    from dlinter.commands import Word


@rule(
    "DL3042",
    "pip-cache-kept",
    on=Command,
    reads="family",
    mentions=("pip",),
    severity=Severity.INFO,
    profiles=("default", "hadolint"),
    aliases=("S6587", "DD009", "DF030"),
)
def pip_cache_kept(command: Command) -> Findings:
    r"""Install with pip --no-cache-dir

    pip keeps every wheel it downloads; in a layer the copies are never used again.

    ```dockerfile bad
    FROM python:3.12
    COPY requirements.txt .
    RUN pip install -r requirements.txt && python3.12 -m pip install --upgrade setuptools
    ```
    ```dockerfile fixed
    FROM python:3.12
    COPY requirements.txt .
    RUN pip install --no-cache-dir -r requirements.txt && python3.12 -m pip install --no-cache-dir --upgrade setuptools
    ```
    ```dockerfile bad
    FROM python:3.12
    RUN ["/venv/bin/pip", "install", "flask"]
    ```
    ```dockerfile fixed
    FROM python:3.12
    RUN ["/venv/bin/pip", "install", "--no-cache-dir", "flask"]
    ```
    pip switches its cache off for any valid value of PIP_NO_CACHE_DIR:
    ```dockerfile good
    FROM python:3.12
    ENV PIP_NO_CACHE_DIR=0
    RUN pip install flask
    ```
    ```dockerfile good
    FROM python:3.12
    ARG PIP_NO_CACHE_DIR=1
    RUN pip install flask
    ```
    ```dockerfile good
    FROM python:3.12
    RUN --mount=type=cache,target=/root/.cache pip install flask
    RUN PIP_NO_CACHE_DIR=1 pip install flask
    RUN pip install flask && rm -rf /root/.cache/pip
    RUN pip install flask && pip cache purge
    RUN pip --no-cache-dir install flask && pip install --no-cache flask
    RUN pipenv install && pipx install black
    ```
    The pip of old releases does not know the option:
    ```dockerfile good
    FROM ubuntu:14.04
    RUN apt-get update && apt-get install -y python-pip && pip install flask
    ```
    ```dockerfile good
    FROM ubuntu:15.04
    RUN apt-get update && apt-get install -y python-pip && pip install flask
    ```
    ```dockerfile good
    FROM phusion/baseimage:0.9.16
    RUN apt-get update && apt-get install -y python-pip && pip install flask
    ```
    ```dockerfile good
    FROM example.com/team/base-jessie:2
    RUN pip install flask
    ```
    The layers of a stage that only hands files on are thrown away:
    ```dockerfile good
    FROM python:3.12 AS build
    RUN pip install --prefix=/out flask
    FROM python:3.12-slim
    COPY --from=build /out /usr/local
    ```
    """
    install = pip_subcommand(command)
    if install is None or install.value != "install":
        return
    instruction = command.instruction
    if instruction.keyword != "run" or instruction.stage is None or not instruction.file.facts.ships(instruction.stage):
        return
    options = ("--no-cache-dir", "--no-cache", "--cache-dir", "--help", "-h")
    if any(word.text.split("=", 1)[0] in options for word in command.args):
        return
    if _switched_off(command) or _mounted(instruction) or _removed(command) or _too_old(command):
        return
    fix = None
    if not instruction.in_onbuild and not _removed_later(command):
        edits, names = [insert_words(install, "--no-cache-dir")], ("package-cache-off",)
        if ".cache" not in instruction.syntax.map.text or accepted(instruction.file, edits, names):
            fix = Fix(edits, SAFE, "Add --no-cache-dir", names)
    yield report(install, fix=fix)


def _removed_later(command: Command) -> bool:
    """True if a later step reads or removes the cache, which fails where there is none."""
    stage = command.instruction.stage
    if stage is None:
        return False
    facts = command.instruction.file.facts
    if facts.known(_last_use, stage) > command.instruction.index:
        return True
    return any(facts.known(_last_use, each) >= 0 for each in facts.descendants(stage))


def _last_use(stage: Stage) -> int:
    """The index of the last instruction where a command is given a word with ``.cache``; -1 if there is none."""
    uses = (
        instruction.index
        for instruction in reversed(stage.instructions)
        if any(".cache" in word.text for command in instruction.commands for word in command.args)
    )
    return next(uses, -1)


def is_pip(name: str) -> bool:
    """True for ``pip``, ``pip3``, ``pip3.12``."""
    return (name.startswith("pip") and name[3:].replace(".", "").isdigit()) or name == "pip"


def pip_subcommand(command: Command) -> Word | None:
    """The sub-command of a call of pip, also of ``python -m pip``; None for anything else."""
    if is_pip(command.name):
        words = command.args
    elif command.name.startswith(("python", "pypy")):
        texts = [word.value for word in command.args]
        if "-m" not in texts:
            return None
        at = texts.index("-m")
        if (
            at + 1 >= len(texts)
            or not is_pip(texts[at + 1] or "")
            or any(t is None or t[:1] != "-" for t in texts[:at])
        ):
            return None
        words = command.args[at + 2 :]
    else:
        return None
    for word in words:
        if word.text[:1] != "-":
            return word
    return None


#: releases whose python-pip package is older than 6.0, which brought --no-cache-dir
_OLD = {
    "debian": ("6", "7", "8", "oldoldstable"),
    "ubuntu": ("10.04", "12.04", "12.10", "13.04", "13.10", "14.04", "14.10", "15.04", "15.10"),
    "fedora": ("18", "19", "20", "21"),
    "alpine": ("2.6", "2.7", "3.0", "3.1"),
    "python": ("2.7.7", "2.7.8", "3.3.5", "3.4.0", "3.4.1", "3.4.2"),
    "nvidia/cuda": ("6.5", "7.0", "7.5"),
}
#: the names of such releases, which images that are built on them carry
_OLD_NAMES = re.compile(
    r"(?<![a-z])(?:squeeze|wheezy|jessie|lucid|precise|quantal|raring|saucy|trusty|utopic|vivid|wily|heisenbug)(?![a-z])"
)
#: images that bring a pip of their own
_OWN_PIP = frozenset({"python", "pypy", "continuumio/miniconda", "continuumio/miniconda3", "continuumio/anaconda3"})


def _too_old(command: Command) -> bool:
    """True on a release whose own pip has no ``--no-cache-dir``, which came with pip 6.0 of December 2014."""
    stage = command.instruction.stage
    base = command.instruction.file.facts.base(stage) if stage is not None else None
    if base is None:
        return False
    tag = (base.tag or "").split("-")[0]
    if any(tag == release or tag.startswith(f"{release}.") for release in _OLD.get(base.path, ())):
        return True
    if base.path in _OWN_PIP:
        return False
    image = image_of(stage)
    if image is not None and image.distro is not None and image.release in _OLD.get(image.distro, ()):
        return True
    return _OLD_NAMES.search(base.text.lower()) is not None


def _switched_off(command: Command) -> bool:
    names = ("PIP_NO_CACHE_DIR", "PIP_CACHE_DIR")
    if any(assignment.name in names for assignment in command.assignments):
        return True
    if any(word.text.startswith(tuple(f"{name}=" for name in names)) for word in command.words):
        return True
    environment = command.instruction.file.facts.env(command.instruction)
    if any(name in environment for name in names):
        return True
    return any(
        other.name == "export" and any(word.text.startswith(names) for word in other.args)
        for other in command.instruction.commands
    )


def _mounted(run: Instruction) -> bool:
    targets = run.scratch_mounts if isinstance(run, Run) else []
    return any(target.endswith((".cache", "/pip")) or ".cache/pip" in target for target in targets)


def _removed(command: Command) -> bool:
    """True if a later command of the RUN removes the cache."""
    later = [other for other in command.instruction.commands if other.start > command.start]
    for other in later:
        if other.name in ("rm", "find") and any(".cache" in word.text for word in other.args):
            return True
        sub = pip_subcommand(other)
        if sub is not None and sub.value == "cache" and any(word.text == "purge" for word in other.args):
            return True
    return False


@rule(
    "DL8302",
    "python-setup-py-install",
    on=Command,
    named=("python", "python2", "python3", "setup.py", "easy_install"),
    severity=Severity.INFO,
    profiles=(),
)
def python_setup_py_install(command: Command) -> Findings:
    r"""Install with pip instead of setup.py install

    setuptools gave its installer up: it leaves eggs behind that pip cannot remove, and later versions have none.

    ```dockerfile bad
    FROM python:3.12
    RUN cd app && python setup.py install
    ```
    ```dockerfile unsafe
    FROM python:3.12
    RUN cd app && python -m pip install --no-cache-dir .
    ```
    ```dockerfile bad
    FROM python:3.12
    RUN easy_install flask
    ```
    ```dockerfile good
    FROM python:3.12
    RUN python setup.py build_ext --inplace && python -m pip install --no-cache-dir .
    ```
    """
    if not in_run(command):
        return
    texts = [word.value for word in command.args]
    if command.name == "easy_install":
        yield report(program(command), "Install with pip instead of easy_install")
        return
    if command.name != "setup.py" and texts[:1] != ["setup.py"]:
        return
    if "install" not in texts and "develop" not in texts:
        return
    fix = None
    if texts == ["setup.py", "install"] and command.script is not None:
        edit = Edit(command.args[0].start, command.args[-1].end, "-m pip install --no-cache-dir .")
        fix = Fix([edit], UNSAFE, "Install with pip", ("option-of-user",))
    yield report(command.args[0] if command.name != "setup.py" else program(command), fix=fix)
