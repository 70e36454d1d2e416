"""The values of options, as getopt_long(3) reads them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlinter import Command
    from dlinter.commands import Word


def value_of_option(command: Command, short: str, long: str, *, valued: str) -> str | None:
    """The value of the option ``-x`` or ``--long``, variables of the file put in; None if it is not given or not known.

    *valued* are the letters of the short options that take a value.
    """
    found: str | None = None
    words = command.args
    for number, word in enumerate(words):
        text = word.text
        following = words[number + 1] if number + 1 < len(words) else None
        if text.startswith(f"{long}="):
            found = resolved(command, word, text.partition("=")[2])
        elif text == long and following is not None:
            found = resolved(command, following, following.text)
        elif text[:1] == "-" and text[:2] != "--":
            letter, rest = _cluster(text[1:], valued)
            if letter == short[1]:
                given = rest.lstrip("=") if rest else None
                if given is not None:
                    found = resolved(command, word, given)
                elif following is not None:
                    found = resolved(command, following, following.text)
    return found


def _cluster(letters: str, valued: str) -> tuple[str, str]:
    """The letter of a cluster that takes a value, and what of the value is in the same word; ``""`` if none does."""
    for number, letter in enumerate(letters):
        if letter in valued:
            return letter, letters[number + 1 :]
    return "", ""


def short_options(words: Iterable[Word], valued: str) -> set[str]:
    """The letters of the short options in *words*, values left out."""
    found: set[str] = set()
    skip = False
    for word in words:
        text = word.text
        if skip:
            skip = False
        elif text == "--":
            break
        elif text[:1] == "-" and text[:2] != "--":
            for number, letter in enumerate(text[1:], 2):
                found.add(letter)
                if letter in valued:
                    skip = number == len(text)
                    break
    return found


def resolved(command: Command, word: Word, text: str) -> str | None:
    """*text* of *word* without quotes and with the variables that the file sets; None if one is not known."""
    text = text.strip("\"'")
    if word.value is not None or "$" not in text:
        return text
    from dlinter_grammar.expand import expand

    if "(" in text or "`" in text:
        return None
    environment = command.instruction.file.facts.environment(command.instruction)
    result = expand(text, environment)
    if any(name not in environment for name in result.unset):
        return None
    return result.value
