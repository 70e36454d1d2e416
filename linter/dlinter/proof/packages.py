"""Lists of packages in the calls of package managers: in another order, or without what they name twice."""

from __future__ import annotations

from dlinter.proof.calls import Call, calls_of, glob_text, takes_next
from dlinter.proof.later import opaque
from dlinter.proof.tables import VALUED, listed
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.proof.body import Body
    from dlinter.proof.normal import Word

#: managers that take the packages of one call as a set, with the sub-commands that install
_INSTALLS = {
    **dict.fromkeys(("apt-get", "apt", "aptitude", "yum", "dnf", "dnf5", "microdnf", "tdnf", "gem", "npm"), "install"),
    "zypper": "install in",
    "apk": "add",
}
#: options that choose no other packages
_FLAGS = listed(
    "--yes --assume-yes --assumeyes --no-confirm --quiet --no-install-recommends --no-install-suggests --no-cache -U "
    "--update --update-cache --no-progress --fix-missing --fix-broken --force-yes --allow-unauthenticated "
    "--no-document --no-ri --no-rdoc -N --nodocs -g --global --save --unsafe-perm --production --no-recommends -l "
    "--auto-agree-with-licenses --allow-downgrades --allow-change-held-packages --allow-untrusted --verbose --force "
    "--nogpgcheck --allowerasing --best --nobest --non-interactive -n --no-audit --no-fund --silent --ignore-missing"
)
#: the same in one letter each
_LETTERS = re.compile("-[yqfmvV]+")
#: a plain name, with a version or not; what ends in + or - asks apt for something else
_NAME = re.compile(r"@?[A-Za-z0-9](?:[\w.:~*<>=@/()+-]*[\w.*~)])?(?:\+\+)?")
#: commands between two installations that change nothing of what apt would choose
HARMLESS = listed(
    "echo printf true test [ mkdir curl wget ls cat chmod touch locale-gen date docker-php-ext-install "
    "docker-php-ext-configure docker-php-ext-enable"
)


def packages_at(words: tuple[Word, ...]) -> dict[int, str] | None:
    """The packages that a call installs by where they stand; None where a word of it may be anything else."""
    call = Call(words)
    if call.sub not in _INSTALLS.get(call.name, "").split():
        return None
    valued = VALUED.get(call.name, frozenset())
    found: dict[int, str] = {}
    value = False
    for at in range(call.at + 1, len(words)):
        word = words[at]
        text = word if type(word) is str else glob_text(word)
        if text is None:
            return None
        if value:
            value = False
        elif text[:1] == "-":
            value = takes_next(text, valued)
            # of what npm and gem take there is no whole table
            if text == "--" or (call.name in ("npm", "gem") and not (value or "=" in text or _flag(text))):
                return None
        elif at != call.sub_at:
            if at < call.sub_at or not _NAME.fullmatch(text):
                return None
            found[at] = text
    return found


def _flag(text: str) -> bool:
    return text in _FLAGS or _LETTERS.fullmatch(text) is not None


def ordered(words: tuple[Word, ...]) -> tuple[Word, ...] | None:
    """*words* with its packages in order; None where they are not all known."""
    found = packages_at(words)
    if found is None:
        return None
    places = iter(sorted(found))
    sequence = list(words)
    for _, at in sorted((text, at) for at, text in found.items()):
        sequence[next(places)] = words[at]
    return tuple(sequence)


def named_again(words: tuple[Word, ...], at: int, after: tuple[Word, ...], body: Body | None) -> bool:
    """True if the word at *at* of *words* asks for a package that *after*, which lacks it, asks for all the same.

    That is in its list, or in an earlier call of *body*, the RUN after the change, with nothing between that could
    change what the package manager chooses.
    """
    found, left = packages_at(words), packages_at(after)
    if found is None or left is None or at not in found:
        return False
    if found[at] in left.values():
        return True
    if body is None or Call(words).name not in ("apt-get", "apt"):
        return False
    return found[at] in _installed_before(body, after)


def _installed_before(body: Body, after: tuple[Word, ...]) -> Iterator[str]:
    """The packages that stay as chosen from an earlier call of apt up to the call *after*."""
    from dlinter.proof.calls import unconditional

    certain = {call.words for call in unconditional(body)}
    seen: list[str] = []
    for call, command in calls_of(body):
        if call.words == after:
            yield from seen
            return
        packages = packages_at(call.words) if call.name in ("apt-get", "apt") and not call.wrappers else None
        plain = packages is not None and all(
            type(word) is str and (word[:1] != "-" or _flag(word)) for word in call.operands
        )
        if plain and packages is not None:
            seen += packages.values() if call.words in certain else ()
        elif call.name not in HARMLESS or opaque(call) or "/etc/apt" in repr(command):
            seen.clear()
