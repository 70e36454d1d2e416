"""The words of a package manager's command line told apart: sub-command, options, operands."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from dlinter.packages import Word


class Option:
    """An option: ``name`` with its dashes, ``word`` that it stands in, ``value`` if it has one.

    ``value`` is its text, None if there is none or it is not fixed text; ``value_word`` the next word, where the value
    stands there, ``more`` the words after that, for the few options that take a list. ``known`` is False for an option
    that the program's table does not have.
    """

    __slots__ = ("known", "more", "name", "value", "value_word", "word")

    def __init__(
        self, name: str, word: Word, value: str | None = None, value_word: Word | None = None, known: bool = True
    ) -> None:
        self.name = name
        self.word = word
        self.value = value
        self.value_word = value_word
        self.known = known
        self.more: list[Word] = []

    def __repr__(self) -> str:
        return f"Option({self.name!r}, {self.value!r})"

    @property
    def words(self) -> list[Word]:
        """The words that go if the option goes. A cluster is one word for several options."""
        return [self.word] if self.value_word is None else [self.word, self.value_word, *self.more]


#: MSBuild's switches with a value after a colon, of those that dotnet passes on
MSBUILD = frozenset(["-p", "/p", "--property", "-property", "/property", "-v", "/v", "-t", "/t", "-clp", "-m"])
#: pacman(8): what the operations are elsewhere
PACMAN = {
    "-S": "install", "--sync": "install", "-R": "remove", "--remove": "remove", "-U": "install", "--upgrade": "install",
    "-Q": "query", "--query": "query", "-D": "database", "--database": "database", "-F": "files", "--files": "files",
    "-T": "deptest", "--deptest": "deptest", "-V": "version", "--version": "version",
}  # fmt: skip


class Reader:
    """Reads a command line by a table of :mod:`dlinter.data.package_managers`."""

    __slots__ = (
        "aliases", "flags", "operands", "optional", "options", "style", "subcommand", "table", "valued", "words",
    )  # fmt: skip

    def __init__(self, table: dict[str, Any]) -> None:
        self.table = table
        self.style: str = table["style"]
        self.flags = set(table.get("flags", "").split())
        self.valued = set(table.get("valued", "").split())
        self.optional = set(table.get("optional", "").split())
        self.aliases: dict[str, str] = {}
        for word in table.get("commands", "").split():
            alias, _, name = word.partition("=")
            self.aliases[alias] = name or alias
        self.subcommand: str | None = None
        self.words: list[Word] = []
        self.options: list[Option] = []
        self.operands: list[Word] = []

    def read(self, args: Sequence[Word]) -> None:
        """Fill ``subcommand``, ``words``, ``options`` and ``operands``."""
        self._prepare(args)
        at = 0
        rest = False
        while at < len(args):
            word = args[at]
            text = word.value if word.value is not None else word.text
            if self.subcommand is None and not self.operands and not rest and self._skipped(args, at, text):
                self.options.append(Option(text, word, known=word.value is not None))
                at += 1
            elif rest or not self._is_option(text):
                if not rest and self.subcommand is None and not self.operands and self._subcommand(args, at, text):
                    at += len(self.words)
                    if self._key in self.table.get("foreign", "").split():
                        self.operands += args[at:]
                        return
                    continue
                self.operands.append(word)
                at += 1
                if self._leaves(text):
                    self.operands += args[at:]
                    return
            elif text == "--":
                if self.table["shape"] == "gem":  # options for the build of native extensions follow
                    return
                rest = True
                at += 1
            else:
                at += self._option(args, at, word, text)
        if self.style == "pacman":
            self._pacman()
        bare = self.subcommand is None and not self.operands and not self.has_any("--version", "-v", "--help", "-h")
        if bare and "default" in self.table:
            self.subcommand = self.table["default"]

    def _prepare(self, args: Sequence[Word]) -> None:
        """Learn the options of the sub-command, which may stand before it, too."""
        name = next((self.aliases[w.value] for w in args if w.value is not None and w.value in self.aliases), None)
        if name is not None:
            self._learn(name)

    def _learn(self, name: str) -> None:
        flags = set(self.table.get("flags_in", {}).get(name, "").split())
        self.flags |= flags
        self.valued = (self.valued - flags) | set(self.table.get("valued_in", {}).get(name, "").split())
        self.optional |= set(self.table.get("optional_in", {}).get(name, "").split())

    def _skipped(self, args: Sequence[Word], at: int, text: str) -> bool:
        """True for a word before the sub-command that is no option by itself: ``$OPTIONS``, cargo's ``+nightly``."""
        if self.table["shape"] == "cargo" and text[:1] == "+":
            return True
        following = args[at + 1].value if at + 1 < len(args) else None
        known = following is not None and (following in self.aliases or following[:1] == "-")
        return args[at].value is None and text[:1] == "$" and known and "commands" in self.table

    def has_any(self, *names: str) -> bool:
        return any(option.name in names for option in self.options)

    @property
    def _key(self) -> str:
        return (self.subcommand or "").replace(" ", "_")

    def _is_option(self, text: str) -> bool:
        switch = self.style == "dotnet" and text[:3].lower() in ("/p:", "/v:", "/t:")
        return switch or (len(text) > 1 and text[0] == "-")

    def _leaves(self, text: str) -> bool:
        """True if the words after an operand that is no sub-command belong to another program: a script of yarn."""
        if self.subcommand is not None or len(self.operands) != 1:
            return False
        return self.style == "dotnet" or ("default" in self.table and "commands" in self.table)

    def _subcommand(self, args: Sequence[Word], at: int, text: str) -> bool:
        word = args[at]
        if "tasks" in self.table:
            return False
        following = args[at + 1].value if at + 1 < len(args) else None
        pair = f"{text}_{following}"
        if text == self.table.get("scope") and following is not None and following[:1] != "-":
            self.options.append(Option(f"--{text}", word))
            name = self.aliases.get(following) or self.aliases.get(pair) or following
            self.subcommand = name.replace("_", " ").removeprefix(f"{text} ")
            self.words = list(args[at : at + 2])
        elif following is not None and pair in self.aliases:
            self.subcommand = self.aliases[pair].replace("_", " ")
            self.words = list(args[at : at + 2])
        elif (
            word.value is not None
            and (self._alias(text) in self.aliases or "default" not in self.table)
            and not (self.style in ("pacman", "dotnet") and text not in self.aliases)
        ):
            self.subcommand = self._alias(text).replace("_", " ")
            self.words = [word]
        else:
            return False
        self._learn(self._key)
        return True

    def _alias(self, text: str) -> str:
        """The full name of a sub-command; RubyGems and Bundler take any beginning that only one has."""
        if text in self.aliases or self.table["shape"] != "gem" or len(text) < 2:
            return self.aliases.get(text, text)
        fits = {name for alias, name in self.aliases.items() if alias.startswith(text) and "_" not in name}
        return fits.pop() if len(fits) == 1 else text

    def _option(self, args: Sequence[Word], at: int, word: Word, text: str) -> int:
        """Read the option at *at*; how many words it takes."""
        if self.style in ("go", "java", "dotnet"):
            return self._dashed(args, at, word, text)
        if text[:2] == "--":
            name, equals, value = text.partition("=")
            name = self._full(name)
            if equals:
                self._add(name, word, value)
                return 1
            return self._maybe_valued(args, at, name, word)
        letters = text[1:]
        if self.style == "npm" and text in self.flags:
            self._add(text, word)
            return 1
        if text in self.valued and len(text) > 2:
            return self._maybe_valued(args, at, text, word)
        while letters:
            name = f"-{letters[0]}"
            letters = letters[1:]
            if letters[:1] == "=" and name in self.optional | self.valued | self.flags:
                self._add(name, word, letters[1:])
                return 1
            if name in self.valued:
                if letters:
                    self._add(name, word, letters)
                    return 1
                return self._maybe_valued(args, at, name, word)
            self._add(name, word)
        return 1

    def _dashed(self, args: Sequence[Word], at: int, word: Word, text: str) -> int:
        """Options that are one word with one dash or two, without clusters."""
        name, equals, value = text.partition("=")
        if self.style == "go" and name[:2] == "--":
            name = name[1:]
        if self.style == "dotnet":
            head, colon, tail = text.partition(":")
            if colon and head.lower() in MSBUILD:
                self.options.append(Option(head.replace("/", "-", 1), word, tail if word.value is not None else None))
                return 1
        attached = self.style == "java" and len(text) > 2 and text[1] in self.table["attached"].split()
        if attached and text not in self.flags:
            self.options.append(Option(text[:2], word, text[2:] if word.value is not None else None))
            return 1
        if equals:
            self._add(name, word, value)
            return 1
        return self._maybe_valued(args, at, name, word)

    def _maybe_valued(self, args: Sequence[Word], at: int, name: str, word: Word) -> int:
        follows = args[at + 1] if at + 1 < len(args) else None
        if name in self.valued and follows is not None:
            self.options.append(Option(name, word, follows.value, follows))
            if name in self.table.get("greedy", "").split():
                return self._greedy(args, at)
            return 2
        if self.style == "npm" and follows is not None and follows.value in ("true", "false"):
            self.options.append(Option(name, word, follows.value, follows, name in self.flags))
            return 2
        self._add(name, word)
        return 1

    def _greedy(self, args: Sequence[Word], at: int) -> int:
        """Bundler's ``--without a b``: all words up to the next option are values."""
        for word in args[at + 2 :]:
            if self._is_option(word.value or word.text):
                break
            self.options[-1].more.append(word)
        return 2 + len(self.options[-1].more)

    def _add(self, name: str, word: Word, value: str | None = None) -> None:
        known = name in self.flags or name in self.valued or name in self.optional
        if value is not None and word.value is None:
            value = None
        self.options.append(Option(name, word, value, None, known))

    def _full(self, name: str) -> str:
        """A shortened long option in full, where the program allows that and only one fits (getopt_long, optparse)."""
        known = self.flags | self.valued | self.optional
        if name in known or self.style != "getopt" or len(name) < 5:
            return name
        fits = [each for each in known if each.startswith(name)]
        return fits[0] if len(fits) == 1 else name

    def _pacman(self) -> None:
        """Make a sub-command of the operation."""
        for option in self.options:
            if option.name in PACMAN and self.subcommand is None:
                self.subcommand = PACMAN[option.name]
                self.words = [option.word]
                option.known = True
        sync = self.subcommand == "install"
        if sync and self.has_any("-c", "--clean"):
            self.subcommand = "clean"
        elif sync and self.has_any("-s", "--search", "-i", "--info", "-l", "--list", "-g", "--groups"):
            self.subcommand = "query"
        elif sync and not self.operands:
            self.subcommand = "upgrade" if self.has_any("-u", "--sysupgrade") else "update"
