"""What the rules of several modules ask."""

from __future__ import annotations

from dlinter.commands import Word
from dlinter.images import Image, lookup
from dlinter.tree import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter import Command, Instruction, Stage


def image_of(stage: Stage | None) -> Image | None:
    """What is known of the base image below *stage*, through parent stages."""
    base = stage.file.facts.base(stage) if stage is not None else None
    return lookup(base) if base is not None else None


def is_root(user: str) -> bool:
    """True for ``root``, ``0`` and both with a group."""
    name = user.partition(":")[0].strip()
    return name == "root" or (name.isdecimal() and int(name) == 0)


def runs_as_root(instruction: Instruction) -> bool:
    """True if *instruction* certainly runs as root: a USER says so, or there is none and the base image is root's."""
    from dlinter.tree import User

    user = instruction.file.facts.user(instruction)
    if user is not None:
        return is_root(user)
    if next(instruction.file.facts.before(instruction, User), None) is not None:
        return False
    image = image_of(instruction.stage)
    return image is not None and image.user is not None and (image.user == "" or is_root(image.user))


def program(command: Command) -> Word:
    """The word that names the program of *command*, behind any wrappers."""
    return command.words[len(command.words) - len(command.args) - 1]


def in_run(command: Command) -> bool:
    """True for a command of RUN, a trigger of ONBUILD included: not for what runs in the container."""
    return command.instruction.keyword == "run"


def commands_before(instruction: Instruction) -> Iterator[Command]:
    """The commands of the RUN instructions before *instruction* in its stage and the stages it is built on."""
    for other in instruction.file.facts.before(instruction, Run):
        yield from other.commands
