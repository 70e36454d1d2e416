"""What a command asks of a package manager: sub-command, options, packages.

>>> call = package_call(command)                             # apt-get -qq install -y --no-install-recommends curl=7.*
>>> call.manager, call.subcommand, call.action
('apt-get', 'install', 'install')
>>> [option.name for option in call.options]
['-q', '-q', '-y', '--no-install-recommends']
>>> [(package.name, package.version) for package in call.packages]
[('curl', '=7.*')]

What a word is follows from the program's own tables (:mod:`dlinter.data.package_managers`).
"""

from __future__ import annotations

from dlinter.data.package_managers import MANAGERS, PROGRAMS
from dlinter.package_options import Option, Reader
from dlinter.package_specs import Package, packages_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Protocol

    class Word(Protocol):
        """A word of a command: its source text, and its value, None where it has an expansion or a glob."""

        @property
        def text(self) -> str: ...
        @property
        def value(self) -> str | None: ...
        @property
        def start(self) -> int: ...
        @property
        def end(self) -> int: ...

    class Command(Protocol):
        """A command: the name of its program without folder, and the words after it."""

        @property
        def name(self) -> str: ...
        @property
        def args(self) -> Sequence[Word]: ...


__all__ = ["Option", "Package", "PackageCall", "package_call"]

#: what a call does, for :attr:`PackageCall.action`
ACTIONS = ("install", "remove", "update", "upgrade", "clean")


class PackageCall:
    """A call of a package manager.

    - ``manager``: ``apt apt-get aptitude apk dnf yum microdnf tdnf zypper pacman pip uv poetry pipenv conda mamba
      micromamba npm yarn pnpm bun gem bundle go cargo composer maven gradle dotnet``.
    - ``executable``: the program as called, without folder (``pip3.8``, ``gradlew``; ``pip`` for ``python -m pip``).
    - ``subcommand``: under its full name, ``install`` for ``i``; two words (``cache clean``, ``pip install``) where one
      alone means nothing; None if there is none or it is not fixed text. ``words`` are the words that it stands in.
    - ``options`` in order, clusters taken apart; ``operands``: the words that are neither; those of another program
      (``npm run x``, ``bundle exec y``) are operands as they stand.
    - ``packages``: what it installs, removes and so on.
    """

    __slots__ = ("command", "executable", "manager", "operands", "options", "packages", "subcommand", "table", "words")

    def __init__(self, command: Command, manager: str, executable: str, args: Sequence[Word]) -> None:
        self.command = command
        self.manager = manager
        self.executable = executable
        self.table: dict[str, Any] = MANAGERS[manager]
        reader = Reader(self.table)
        reader.read(args)
        self.subcommand: str | None = reader.subcommand
        self.words: list[Word] = reader.words
        self.options: list[Option] = reader.options
        self.operands: list[Word] = reader.operands
        self.packages: list[Package] = packages_of(self)

    def __repr__(self) -> str:
        return f"PackageCall({self.manager!r}, {self.subcommand!r}, {self.packages!r})"

    @property
    def action(self) -> str | None:
        """``install``, ``remove``, ``update`` (of the index), ``upgrade`` or ``clean``; None for anything else."""
        key = (self.subcommand or "").replace(" ", "_")
        return next((action for action in ACTIONS if key and key in self.table.get(action, "").split()), None)

    def option(self, *names: str) -> Option | None:
        """The last option that has one of these names, as in :attr:`Option.name`."""
        return next((option for option in reversed(self.options) if option.name in names), None)

    def has(self, *names: str) -> bool:
        """True if one of these options is given."""
        return self.option(*names) is not None

    @property
    def opaque(self) -> bool:
        """True if a word such as ``$OPTIONS`` may hold options that are not seen here."""
        return any(word.value is None and word.text[:1] == "$" for word in self.command.args)

    @property
    def quiet(self) -> bool:
        """True if an option asks for less output."""
        return self.has(*self.table.get("quiet", "").split())

    @property
    def asks(self) -> bool:
        """True if the sub-command may ask a question."""
        return (self.subcommand or "").replace(" ", "_") in self.table.get("asks", "").split()

    @property
    def assumes_yes(self) -> bool:
        """True if an option answers the questions of the sub-command. apt-get(8): ``-qq`` implies ``-y``."""
        if self.has(*self.table.get("yes", "").split()):
            return True
        if self.manager in ("apt", "apt-get"):
            for option in self.options:
                if option.name in ("-o", "--option") and option.value is not None:
                    key, _, value = option.value.partition("=")
                    if key.lower() == "apt::get::assume-yes" and value.lower() in ("yes", "true", "1", "with", "on"):
                        return True
            quiet = [option for option in self.options if option.name in ("-q", "--quiet")]
            return len(quiet) > 1 or any(option.value not in (None, "0", "1") for option in quiet)
        return False


def manager_of(program: str) -> str | None:
    """The manager that a program's name stands for; ``pip3.8`` is pip."""
    if program in MANAGERS:
        return program
    if program[:3] == "pip" and program[3:].replace(".", "").isdigit():
        return "pip"
    if program[:3] == "gem" and program[3:].replace(".", "").isdigit():
        return "gem"
    return PROGRAMS.get(program)


def package_call(command: Command) -> PackageCall | None:
    """The call of a package manager that *command* is; None if it is none."""
    known: dict[str, Any] | None = getattr(command, "known", None)
    if known is None:
        return _call(command)
    if "package call" not in known:
        known["package call"] = _call(command)
    found: PackageCall | None = known["package call"]
    return found


def _call(command: Command) -> PackageCall | None:
    program, args = command.name, command.args
    manager = manager_of(program)
    if manager is not None:
        return PackageCall(command, manager, program, args)
    if program.rstrip("0123456789.") in ("python", "pypy"):
        for number, word in enumerate(args):
            if word.value == "-m" and number + 1 < len(args):
                module = args[number + 1].value or ""
                found = manager_of(module) if module in ("pip", "uv", "pipenv", "poetry", "conda") else None
                return PackageCall(command, found, module, args[number + 2 :]) if found else None
            if word.text[:1] != "-":
                return None
    if program == "php":
        for number, word in enumerate(args):
            value = word.value or ""
            if value[:1] != "-":
                name = value.rsplit("/", 1)[-1]
                ours = name in ("composer", "composer.phar")
                return PackageCall(command, "composer", name, args[number + 1 :]) if ours else None
    return None
