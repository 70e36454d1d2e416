"""The numbers of accounts."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Fix, replace
from dlinter_grammar import regex as re
from dlinter_rules.common import certain, commands_before, image_of, program
from dlinter_rules.options import short_options, value_of_option
from dlinter_rules.proven import accepted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter import Command, Dockerfile, Token, User

#: the short options that take a value (useradd(8), BusyBox's and Debian's adduser(8))
_VALUED = {"useradd": "bcdefgGkKpRPsuZ", "adduser": "hgsGuk"}


def number_given(command: Command) -> str | None:
    """The value of ``--uid`` of useradd or adduser; None if it is not given or not known."""
    return value_of_option(command, "-u", "--uid", valued=_VALUED[command.name])


def numbered(user: User, word: Token, name: str) -> Fix | None:
    """The number of root, or of an account that is there or that an earlier step made."""
    if word.text.strip("\"'") != name or user.in_onbuild:
        return None
    account, colon, group = name.partition(":")
    if account == "root" and group in ("", "root"):
        text = f"0{colon}{'0' if colon else ''}"
        if _roots_changed(user.file):
            return Fix([replace(word, text)], UNSAFE, f"Write {text}", (f"option-of-user:same-user={name}=>{text}",))
        return Fix([replace(word, text)], SAFE, f"Write {text}", ("root-by-number",))
    there = _there(user, account)
    number = _made(user, account) or there
    if colon and group != account:
        return None
    if number is None:
        return _first_account(user, word, name)
    text = f"{number}:{number}" if colon else number
    edits = [replace(word, text)]
    if accepted(user.file, edits, ("user-by-number",)):
        return Fix(edits, SAFE, f"Write {text}", ("user-by-number",))
    if colon and (there is None or account == "nobody"):
        return None
    return Fix(edits, UNSAFE, f"Write {text}", (f"option-of-user:same-user={name}=>{text}",))


#: what may make someone else than user 0 be called root
_ROOT = re.compile(r"/etc/(?:passwd|group)|\b(?:usermod|userdel|deluser|groupmod|groupdel|delgroup)\b[^\n]*\broot\b")


def _roots_changed(file: Dockerfile) -> bool:
    return any(_ROOT.search(instruction.syntax.map.text) for instruction in file.instructions)


#: images without an account of their own that a person could have (their Dockerfiles)
_EMPTY = frozenset({"debian", "ubuntu", "alpine", "python", "ruby", "golang", "php", "rust", "perl", "buildpack-deps"})
#: what makes accounts
_MAKERS = frozenset({"useradd", "adduser", "newusers"})


def _first_account(user: User, word: Token, name: str) -> Fix | None:
    """The number that the first account made gets by itself, written down where it is made as well (login.defs(5))."""
    account = name.partition(":")[0]
    image = image_of(user.stage)
    if image is None or not certain(user.stage):
        return None
    made = sorted((c for c in commands_before(user) if c.name in _MAKERS), key=lambda command: command.start)
    if not made or not any(each.value == account for each in made[0].args) or made[0].script is None:
        return None
    command = made[0]
    if command.wrappers or command.name == "newusers" or command.instruction.stage is not user.stage:
        return None
    if number_given(command) is not None or not _options(command).isdisjoint(("u", "--uid")):
        return None
    if any(_system(each.text) for each in command.args):
        return None
    from dlinter.shell_edits import insert_words

    number = "1001" if image.name == "node" else "1000"
    text = f"{number}:{number}" if account != name else number
    option = "--uid" if command.name == "adduser" and image.userland == "gnu" else "-u"
    edits = [insert_words(program(command), option, number), replace(word, text)]
    if accepted(user.file, edits, ("account-numbered", "user-by-number")):
        return Fix(edits, SAFE, f"Write {text}", ("account-numbered", "user-by-number"))
    if (
        text != number
        or image.name not in _EMPTY
        or image.distro not in ("debian", "ubuntu", "alpine")
        or len(made) != 1
    ):
        return None
    if any(each.value is None for each in command.args):
        return None
    if image.distro == "ubuntu" and (not image.release or image.release > "23"):
        return None  # it has an account of that number
    names = (f"option-of-user:words-added={option} {number}", f"option-of-user:same-user={account}=>{number}")
    return Fix(edits, UNSAFE, f"Write {number}", names)


def _options(command: Command) -> set[str]:
    """The options of *command*, letters apart, whatever their values."""
    long = {word.text.partition("=")[0] for word in command.args if word.text[:2] == "--"}
    return long | short_options(command.args, _VALUED[command.name])


def _system(option: str) -> bool:
    """True for ``--system``, ``-r`` and ``-S``, alone or among other letters."""
    if option[:2] == "--":
        return option in ("--system", "--non-unique", "--root", "--prefix", "--firstuid")
    return option[:1] == "-" and not {"r", "S", "R", "o"}.isdisjoint(option)


#: users of images, and of distributions, with the number of both the user and the group of that name: the images'
#: Dockerfiles; Debian's and Ubuntu's base-passwd
_USERS = {
    "node": {"node": "1000"},
    "nginx": {"nginx": "101"},
    "gradle": {"gradle": "1000"},
    "jenkins/jenkins": {"jenkins": "1000"},
    "elasticsearch": {"elasticsearch": "1000"},
    "kibana": {"kibana": "1000"},
    "logstash": {"logstash": "1000"},
    "debian": {"www-data": "33", "daemon": "1", "mail": "8", "news": "9", "backup": "34"},
    "ubuntu": {"www-data": "33", "daemon": "1", "mail": "8", "news": "9", "backup": "34"},
}
#: those of Alpine, and of families of images whose names begin so
_ALPINE = {"bin": "1", "daemon": "2"}
_FAMILIES = (("jboss/", {"jboss": "1000"}), ("jupyter/", {"jovyan": "1000"}), ("circleci/", {"circleci": "3434"}))
#: distributions whose nobody has the same number
_NOBODY = frozenset({"debian", "ubuntu", "alpine"})


def _there(user: User, account: str) -> str | None:
    """The number of *account* in the base image, if the image is known and no step makes or changes accounts."""
    if not certain(user.stage) or user.stage is None:
        return None
    changes = ("useradd", "adduser", "usermod", "userdel", "deluser", "groupadd", "addgroup", "groupmod", "groupdel")
    changed = (command for command in commands_before(user) if command.name in changes)
    if any(word.text == account for command in changed for word in command.args):
        return None
    image, base = image_of(user.stage), user.file.facts.base(user.stage)
    path = base.path if base is not None else ""
    known = next((dict(users) for family, users in _FAMILIES if path.startswith(family)), {})
    if image is not None:
        known.update({**_USERS.get(image.distro or "", {}), **_USERS.get(image.name, {})})
        if image.distro == "alpine":
            known.update(_ALPINE)
        if account == "nobody" and image.distro in _NOBODY:
            return "65534"
    return known.get(account)


def _made(user: User, account: str) -> str | None:
    """The number that ``useradd`` or ``adduser`` gave *account*, if a step before says so."""
    found = None
    for command in commands_before(user):
        if command.name in ("useradd", "adduser") and any(word.value == account for word in command.args):
            number = number_given(command)
            found = number if number is not None and number.isdecimal() else None
        elif command.name in ("usermod", "userdel", "deluser") and not _keeps_number(command):
            found = None
    return found


def _keeps_number(command: Command) -> bool:
    """True for ``usermod -aG sudo app`` and the like, which only adds groups (usermod(8))."""
    options = [word.text for word in command.args if word.text[:1] == "-"]
    return command.name == "usermod" and bool(options) and all(o in _GROUPS for o in options)


_GROUPS = ("-a", "-G", "-aG", "--append", "--groups")
