"""The number that the first account gets which a build makes: that it is the first must be plain from the steps.

useradd and both kinds of adduser take the lowest free number from UID_MIN or FIRST_UID on, which is 1000
(login.defs(5), adduser.conf(5), BusyBox's loginutils/adduser.c). Accounts that packages make have numbers below
(Debian Policy 9.2, Fedora's and Alpine's packaging guidelines).
"""

from __future__ import annotations

from dlinter.proof.accounts import ALPINE, NODE, brings_lists, options_of
from dlinter.proof.body import VERBATIM
from dlinter.proof.calls import Call, calls_of, scripts_in
from dlinter.proof.tables import listed
from dlinter.proof.words import text_of
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.state import Effect

#: official images without an account that a person could have, whatever their tag (their Dockerfiles)
_EMPTY = listed(
    "almalinux alpine buildpack-deps debian elixir erlang fedora gcc golang haskell httpd java nginx openjdk perl php "
    "postgres pypy python redis rockylinux ruby rust"
)
#: the same where it depends on the tag: Ubuntu has an account of its own since 23.04, CentOS 6 began with 500
_TAGGED = {
    "ubuntu": re.compile(r"(?:1[0-9]|20|21|22)\.\d\d|(?:precise|trusty|vivid|wily|xenial|bionic|focal|jammy)(?:-|\Z)"),
    "centos": re.compile(r"(?:centos)?[78](?:\.|\Z)|latest|\Z"),
}
#: what makes no accounts but those that packages bring
_HARMLESS = listed(
    "[ : add-apt-repository apk apt apt-get apt-key awk basename bundle bunzip2 cargo cat cd chmod chown composer cp "
    "crontab curl cut date dirname dnf docker-php-ext-configure docker-php-ext-enable docker-php-ext-install du "
    "dpkg-reconfigure echo egrep env exit export false fc-cache gem getconf getent git go gpg grep groupadd addgroup "
    "gunzip gzip head hostname id install ldconfig ln localedef locale-gen ls md5sum microdnf mkdir mktemp "
    "mv npm pecl pip printf pwd readlink rm rmdir sed set sha1sum sha256sum sha512sum sleep sort ssh-keygen stat "
    "strip tail tee test touch tr true umask uname uniq unset unzip visudo update-alternatives update-ca-certificates "
    "update-locale wc wget which xargs xz yarn yes yum zcat zip"
)
_UNPACKING = frozenset({"tar", "bsdtar"})
#: what says how numbers are given, or holds those that are
FILES = re.compile(r"/etc/(?:passwd|group|login\.defs|adduser\.conf|default)\b")
_OTHERWISE = frozenset({
    "-r", "--system", "-o", "--non-unique", "-R", "--root", "-P", "--prefix", "-K", "--key", "--defaults", "--conf",
    "--firstuid", "--lastuid", "-u", "--uid",
})  # fmt: skip


def first_number(run: Effect, words: tuple[object, ...], name: str) -> tuple[str, bool]:
    """The number that *run* gives the account *name* by the call *words* if ``--uid`` is left out, "" if unsure.

    And whether groups were made before, so that the number may not be free for one.
    """
    stage = run.stage
    assert stage is not None
    stages = [*stage.chain()][::-1]
    image = stage.image or ""
    image = image.removeprefix("docker.io/").removeprefix("library/")
    groups = False
    number = _lowest(image)
    for effect in (effect for each in stages for effect in each.effects) if number else ():
        if effect.kind in ("trigger", "unknown") or (effect.kind == "copy" and brings_lists(effect)):
            break
        if effect.kind != "run" or effect.body is None:
            continue
        text = effect.body.text if effect.body.shell is not None else " ".join(effect.body.words)
        if FILES.search(text) or (effect.body.shell is not None and effect.body.form[0] == VERBATIM):
            break
        for call, command in calls_of(effect.body):
            if effect is run and command[2] == words:
                return (number if _plain(call, name, groups, image) else ""), groups
            if scripts_in(command[2]) is None and not _harmless(call, effect):
                return "", True
            groups = groups or call.name in ("groupadd", "addgroup")
        if effect is run:
            break
    return "", True


def _lowest(image: str) -> str:
    """The lowest number that is free for an account in *image*, "" if it is not known."""
    base, _, tag = image.partition("@")[0].partition(":")
    tagged = _TAGGED.get(base)
    if "windows" in tag or "nanoserver" in tag:
        return ""
    if base in _EMPTY or (tagged is not None and tagged.match(tag)):
        return "1000"
    return "1001" if base == "node" and NODE.match(tag) and (tag or "@" not in image) else ""


def _plain(call: Call, name: str, groups: bool, image: str) -> bool:
    """True if *call* makes the ordinary account *name*; *groups* tells that a group has been made."""
    options, names = options_of(call)
    if options is None or names != [name]:
        return False
    busybox = call.name == "adduser" and (ALPINE.search(image) is not None or image.startswith("alpine"))
    options = {key: value for key, value in options.items() if key not in ("-u", "--uid")}
    if _OTHERWISE & options.keys() or (call.name == "adduser" and "-S" in options):
        return False
    if call.name == "useradd":
        return "-D" not in options
    # adduser looks for a number that is free for the account's group, too
    return call.name == "adduser" and (not groups or (busybox and "-G" in options))


def _harmless(call: Call, run: Effect) -> bool:
    if "/" in call.program and not call.program.startswith(("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/")):
        return False
    if call.name in _UNPACKING:
        # not into the root
        words = [word for word in call.operands if type(word) is str]
        places = [
            words[at + 1] for at, word in enumerate(words[:-1]) if word in ("-C", "--directory") or word[-1] == "C"
        ]
        folder = text_of(run.fields["directory"])  # type: ignore[arg-type]
        moved = run.body is not None and any(other.name == "cd" for other, _ in calls_of(run.body))
        inside = bool(places) or (folder is not None and bool(folder.strip("/")) and not moved)
        return inside and all(place.strip("./") for place in places)
    if call.name in ("apt", "apt-get", "yum", "dnf", "microdnf", "apk"):
        # a file may hold whatever its author liked
        return all(type(word) is str and not re.search(r"[/.](?:deb|rpm|apk)\Z|://", word) for word in call.operands)
    return call.name in _HARMLESS and not ({"npm", "yarn"} & {call.name} and call.sub in ("run", "start", "test"))
