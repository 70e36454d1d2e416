"""What UNSAFE fixes do on purpose, named so precisely that everything else can still be shown to be equal."""

from __future__ import annotations

#: the prefix of what only an UNSAFE fix may declare; see :class:`Purpose`
PURPOSE = "option-of-user:"


class Purpose:
    """What UNSAFE fixes do on purpose, from the names that follow ``option-of-user:``.

    ``package-option=OPTION``      OPTION added to a call of a package manager
    ``words-added=WORDS``          the words WORDS, one after another, added to a command
    ``words-removed=WORDS``        the same taken out
    ``command-added=SCRIPT``       the simple command SCRIPT added to an and-list, or statement of a script
    ``command-removed=SCRIPT``     the same taken out
    ``word=OLD=>NEW``              the word OLD of a command replaced by NEW
    ``flag=--NAME[=VALUE]``        the flag added to an instruction
    ``base=REFERENCE``             a stage based on REFERENCE instead of another image
    ``instruction-added=TEXT``     one instruction added, or a block of them, one a line: the build without is compared
    ``instruction-removed=TEXT``   one instruction taken out; ``#`` and a place behind the name tell equal ones apart
    ``user=NAME``                  short for ``instruction-added=USER NAME``
    ``stage=OLD=>NEW``             the stage OLD is called NEW
    ``same-user=OLD=>NEW``         the user OLD is called NEW, from a USER that is changed
    ``shell=WORDS``                the shell of WORDS instead of /bin/sh, from a SHELL that is added
    ``directive=NAME=VALUE``       the directive NAME has VALUE, none if VALUE is empty
    ``stage-split=REFERENCE``      the only stage stays to build, and a new one based on REFERENCE takes its place
                                   with what it starts: see :class:`dlinter.proof.split.Split`

    An instruction that is changed in a way of its own is one taken out and one added: everything around it, and what
    it does to nothing but itself, still has to be equal.
    """

    __slots__ = (
        "added", "bases", "commands_added", "commands_removed", "directives", "flags", "options", "removed", "shells",
        "splits", "stages", "users", "words", "words_added", "words_removed",
    )  # fmt: skip

    def __init__(self, names: frozenset[str]) -> None:
        self.options: set[str] = set()
        self.commands_added: set[str] = set()
        self.commands_removed: set[str] = set()
        self.words: set[tuple[str, str]] = set()
        self.words_added: list[tuple[str, ...]] = []
        self.words_removed: list[tuple[str, ...]] = []
        self.stages: set[tuple[str, str]] = set()
        self.directives: set[tuple[str, str]] = set()
        self.flags: set[str] = set()
        self.users: set[tuple[str, str]] = set()
        self.shells: set[tuple[str, ...]] = set()
        self.bases: set[str] = set()
        self.splits: set[str] = set()
        #: instructions by the names that admit them
        self.added: dict[str, str] = {}
        self.removed: dict[str, str] = {}
        for name in sorted(names):
            if not name.startswith(PURPOSE):
                continue
            kind, _, text = name[len(PURPOSE) :].partition("=")
            match kind.partition("#")[0]:
                case "package-option":
                    self.options.add(text)
                case "command-added":
                    self.commands_added.add(text)
                case "command-removed":
                    self.commands_removed.add(text)
                case "word":
                    old, arrow, new = text.partition("=>")
                    if arrow:
                        self.words.add((old, new))
                case "words-added":
                    self.words_added.append(tuple(text.split()))
                case "words-removed":
                    self.words_removed.append(tuple(text.split()))
                case "stage":
                    old, arrow, new = text.lower().partition("=>")
                    self.stages.add((old, new))
                case "directive":
                    old, _, new = text.partition("=")
                    self.directives.add((old, new))
                case "same-user":
                    old, _, new = text.partition("=>")
                    self.users.add((old, new))
                case "shell":
                    self.shells.add(tuple(text.split()))
                case "flag":
                    self.flags.add(text)
                case "base":
                    self.bases.add(text)
                case "stage-split":
                    self.splits.add(text)
                case "instruction-added":
                    self.added[name] = _folded(text)
                case "instruction-removed":
                    self.removed[name] = _folded(text)
                case "user":
                    self.added[name] = f"USER {text}"
                case _:
                    raise ValueError(f"unknown purpose: {name}")


def _folded(text: str) -> str:
    """Lines with single blanks."""
    return "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))
