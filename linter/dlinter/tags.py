"""Tags of base images taken apart: version, variant, distribution."""

from __future__ import annotations

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    #: distribution, code name, release number, and if the tag itself names the release
    Place = tuple[str | None, str | None, str | None, bool]

#: words of tags that name a distribution: pattern -> distribution, its release in the group
WORDS = (
    (re.compile(r"windowsservercore|nanoserver|windowsserver|ltsc20\d\d"), "windows"),
    (re.compile(r"alpine-?(\d+\.\d+)?(?:\.\d+)*"), "alpine"),
    (re.compile(r"ubuntu-?(\d\d\.?\d\d)?(?:\.\d+)*"), "ubuntu"),
    (re.compile(r"debian-?(\d+)?(?:\.\d+)*"), "debian"),
    (re.compile(r"centos-?(\d+)?(?:\.\d+)*|el(\d+)"), "centos"),
    (re.compile(r"stream-?(\d+)"), "centos-stream"),
    (re.compile(r"rockylinux-?(\d+)?(?:\.\d+)*"), "rockylinux"),
    (re.compile(r"almalinux-?(\d+)?(?:\.\d+)*"), "almalinux"),
    (re.compile(r"(?:ubi|rhel)-?(\d+)?(?:\.\d+)*"), "rhel"),
    (re.compile(r"fedora-?(\d+)?"), "fedora"),
    (re.compile(r"oraclelinux-?(\d+)?|oracle|ol(\d+)"), "oraclelinux"),
    (re.compile(r"amazonlinux-?(2023|2)?|(?:amzn|al)(2023|2)"), "amazonlinux"),
    (re.compile(r"(?:azurelinux|cbl-mariner|mariner)-?(\d+)?(?:\.\d+)*"), "azurelinux"),
    (re.compile(r"photon-?(\d+)?"), "photon"),
    (re.compile(r"raspbian"), "raspbian"),
)


class Tag:
    """A tag: ``text`` (``latest`` if there is none), the ``version`` it begins with, and the ``variant`` after it.

    ``pinned``: a digest stands behind it, so that it does not matter where the tag points now.
    """

    __slots__ = ("ignore", "pinned", "text", "variant", "version")

    def __init__(self, text: str, version: str | None, variant: str, ignore: tuple[str, ...], pinned: bool) -> None:
        self.text = text
        self.version = version
        self.variant = variant
        self.ignore = ignore
        self.pinned = pinned


def parse(tag: str | None, entry: dict[str, Any], *, pinned: bool = False) -> Tag:
    """*tag* of the image with the data *entry*; ``""`` is a digest without a tag."""
    text = "latest" if tag is None else tag
    first, _, rest = text.partition("-")
    if re.fullmatch(r"v?\d[\w.+]*", first):
        version, variant = first.removeprefix("v"), rest
    else:
        version, variant = entry.get("words", {}).get(first), "" if text == "latest" else text
    return Tag(text, version, variant, entry.get("ignore", ()), pinned)


def applies(token: str, tag: str) -> bool:
    """True if the data for *token* hold for *tag*: one of its words, that word with a number, or ``2*``.

    Of several tokens, separated by spaces, all must.
    """
    if " " in token:
        return all(applies(each, tag) for each in token.split(" "))
    if token.endswith("*"):
        return tag.startswith(token[:-1]) and not tag[len(token) - 1 :][:1].isdigit()
    if "-" in token:
        return tag == token
    return any(word.startswith(token) and _is_number(word[len(token) :]) for word in tag.split("-"))


def _is_number(text: str) -> bool:
    """True for what may follow a token: nothing, or a number with its parts."""
    return not text or (text[0].isdecimal() and text.replace(".", "").isdecimal())


def told(text: str, ignore: tuple[str, ...]) -> tuple[str, str | None] | None:
    """The distribution that the words of *text* name, and its release (a number or series) if they tell that."""
    from dlinter.data.images import DISTROS

    found: tuple[str, str | None] | None = None
    for word in re.findall(r"[a-z]+(?:[-_]?\d[\d.]*)?", text):
        name = word.rstrip("0123456789.-_")
        for distro in ("debian", "ubuntu"):
            if name not in ignore and (name in DISTROS[distro]["numbers"] or name == "sid"):
                return ("debian" if name == "sid" else distro), name
        for pattern, distro in WORDS:
            match = pattern.fullmatch(word) or pattern.fullmatch(name)
            if match is not None:
                release = next(filter(None, match.groups()), None)
                if release is not None and distro == "ubuntu" and "." not in release:
                    release = f"{release[:2]}.{release[2:]}"
                if found is None or (found[1] is None and release is not None):
                    found = distro, release
    return found


def distribution(key: str, entry: dict[str, Any], name: str, tag: Tag) -> Place:
    """Distribution, code name and release number of an image, and if the tag itself names the release."""
    distro: str | None = entry.get("distro")
    if not tag.text and "self" not in entry and "release" not in entry:
        return (distro if distro in ("distroless", "windows") else None), None, None, False
    if "self" in entry and distro is not None:
        return _own(distro, entry, tag)
    if "release" in entry:
        return *_named(distro, entry["release"]), True
    words = f"{name.rpartition('/')[2]}-{tag.text}" if "name_tells" in entry or distro == "distroless" else tag.text
    found = told(words, tag.ignore)
    if distro in ("distroless", "scratch", "busybox", "wolfi", "windows"):
        return distro, *_named("debian", found[1] if found and distro == "distroless" else None)[1:], found is not None
    if found is not None and found[1] is not None:
        return *_named(*found), True
    mined = None if tag.pinned else pointed(entry.get("tags_of", key), tag)
    if mined is not None and (found is None or mined[0] == found[0]):
        return *_named(*mined), False
    return (found[0] if found else distro), None, None, False


def _own(distro: str, entry: dict[str, Any], tag: Tag) -> Place:
    """:func:`distribution` of an image that is a distribution: its tags are releases."""
    from dlinter.data.images import DISTROS

    known = DISTROS[distro]
    first = tag.text.split("-", 1)[0]
    if first in known.get("moving", ()) or tag.text in known.get("moving", ()):
        return distro, known.get("words", {}).get(first, first), None, False
    if first in known.get("numbers", {}):
        return *_named(distro, first), True
    match = re.search(known.get("tag", "(?!)"), tag.text)
    if match is not None:
        return *_named(distro, match[1]), True
    stream = re.match(r"stream(\d+)", tag.text)
    if stream is not None:
        return "centos-stream", None, stream[1], True
    latest: str | None = known.get("words", {}).get(first)
    if distro == "alpine" and first == "3":
        latest = known["words"]["latest"]
    if latest is not None and not tag.pinned and "latest" not in entry.get("unsure", ()):
        return *_named(distro, latest), False
    return distro, None, None, False


def _named(distro: str | None, release: str | None) -> tuple[str | None, str | None, str | None]:
    """The distribution with code name and number, whichever of them *release* is."""
    from dlinter.data.images import DISTROS

    numbers: dict[str, str] = DISTROS.get(distro or "", {}).get("numbers", {})
    if release is None or release in numbers:
        return distro, release, numbers.get(release or "")
    codename = next((name for name, number in numbers.items() if number == release), None)
    return (distro, codename, release) if release[0].isdigit() else (distro, release, None)


def pointed(key: str, tag: Tag) -> tuple[str, str] | None:
    """Where a tag without a release points, by the history of the official images; None if it is not in there."""
    from dlinter.data.images import IMAGES
    from dlinter.data.tags import TAGS

    own: dict[str, str] = IMAGES.get(key, {}).get("tags", {})
    table = {**TAGS.get(key, {}), **own}
    text = tag.text.removeprefix("v")
    version = tuple(map(int, re.findall(r"\d+", tag.version or ""))) if text[:1].isdigit() else ()
    if version and re.search(r"[a-tv-z]", tag.version or ""):
        return None
    exact = tag.variant in table
    for run in (table[tag.variant] if exact else own.get("*", "")).split():
        span, _, value = run.partition("=")
        first, _, last = span.partition("-")
        low, high = (tuple(map(int, re.findall(r"\d+", each))) for each in (first, last or first))
        asked = version if exact or not low else version[: len(low)]
        if len(asked) == len(low) and low <= asked <= high:
            distro, _, release = value.partition(":")
            return (distro, release) if release else None
    return None


#: official images whose ``latest`` is their newest version, previews left out: their files in docker-library
_NEWEST = frozenset([
    "bash", "dart", "docker", "drupal", "gcc", "ghost", "golang", "gradle", "haproxy", "haskell", "httpd", "julia",
    "maven", "memcached", "mongo", "nginx", "node", "php", "postgres", "python", "redis", "redmine", "ruby", "rust",
    "swift", "tomcat", "wordpress",
])  # fmt: skip
#: official images of which the tables hold no versions -> the one on a line with ``latest`` in docker-library's
#: official-images of 2026-08-21
_LATEST = {
    "busybox": "1.38", "cassandra": "5.0", "composer": "2.10", "elixir": "1.20", "erlang": "29.0", "influxdb": "2.9",
    "jetty": "12.1", "jruby": "10.1", "kong": "3.9", "mariadb": "12.3", "mediawiki": "1.46", "mysql": "26.7",
    "nats": "2.14", "neo4j": "2026.07", "nextcloud": "34.0", "odoo": "19.0", "perl": "5.44", "pypy": "3.11",
    "rabbitmq": "4.3", "registry": "3.1", "solr": "10.0", "telegraf": "1.39", "traefik": "3.7",
}  # fmt: skip


def newest(key: str) -> str | None:
    """The newest version of the official image *key* as a tag, such as ``26`` of node and ``3.14`` of python.

    It is as long as what the product's own calendar calls a release, and on the distribution that ``latest`` is on;
    None where the tables of :mod:`dlinter.data` do not tell.
    """
    from dlinter.data.ends import ENDS
    from dlinter.data.tags import TAGS

    if key not in _NEWEST:
        return _LATEST.get(key)
    runs = [run.partition("=") for run in TAGS.get(key, {}).get("", "").split()]
    latest = next((where for span, _, where in runs if not span), None)
    length = 1 if key in ENDS and not any("." in cycle for cycle in list(ENDS[key])[:3]) else 2
    found: list[tuple[tuple[int, ...], str]] = []
    for span, _, where in runs:
        numbers = span.rpartition("-")[2].split(".")
        if span and len(numbers) == length:
            found.append((tuple(map(int, numbers)), where))
    version, place = max(found, default=((), ""))
    return ".".join(map(str, version)) if version and place == latest else None
