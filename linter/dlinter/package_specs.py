"""How package managers write a package: name, version, file, URL."""

from __future__ import annotations

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.packages import PackageCall, Word


class Package:
    """A package of a call.

    - ``name``: without version; for a file, URL or folder the word itself; None where it is not fixed text.
    - ``version``: the constraint with its operator, as written (``=1.2``, ``>=2,<3``, ``@^4``), None if there is none.
    - ``kind``: ``name file url vcs local requirements virtual group unknown``. ``requirements`` is a file that lists
      packages, ``local`` a folder, ``virtual`` apk's ``.name``, ``unknown`` a word with an expansion.
    - ``word``: where it stands.
    """

    __slots__ = ("kind", "name", "version", "word")

    def __init__(self, name: str | None, version: str | None, word: Word, kind: str) -> None:
        self.name = name
        self.version = version
        self.word = word
        self.kind = kind

    def __repr__(self) -> str:
        return f"Package({self.name!r}, {self.version!r}, {self.kind!r})"


URL = re.compile(r"(?:https?|ftp|file|s3|oci)://", re.I)
VCS = re.compile(r"(?:git|hg|svn|bzr)\+|git://|git@|git:|(?:github|gitlab|bitbucket|gist):|ssh://")
PIP_ARCHIVE = re.compile(r"\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz|tbz|txz|tar|egg)(?:\[.*\])?$")

#: a version that stands in a word of its own: composer require vendor/name ^1.0
COMPOSER_VERSION = re.compile(r"[~^<>=*@\d]|v\d|dev-")
#: name and version of each shape
SHAPES = {
    "deb": re.compile(r"([a-zA-Z0-9][\w.+-]*?(?::[a-z0-9]+)?)([=/].+)?"),
    "apk": re.compile(r"(!?[\w.+:/-]+?)((?:@\w+)?(?:(?:>=|<=|=~|~=|=|~|<|>).+)?)"),
    "rpm": re.compile(r"(.+?)(?:-((?:\d+:)?\d[\w~^+]*\.[\w.~^+]*(?:-\d[\w.~^+]*)?|(?:\d+:)?\d[\w.~^+]*-\d[\w.~^+]*))?"),
    "zypper": re.compile(r"([^<>=]+)((?:<|>|=).+)?"),
    "plain": re.compile(r"(.+)()"),
    "pip": re.compile(r"([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?(?:\s*\[[^\]]*\])?)\s*([=<>!~(@;].*)?", re.S),
    "conda": re.compile(r"((?:[\w./-]+::)?[\w.*-]+?)(?:\[.*\])?\s*([=<>!~ ].*)?"),
    "npm": re.compile(r"((?:@[^/@\s]+/)?[^@/\s]+)(@.*)?"),
    "gem": re.compile(r"([\w.-]+)(:.+)?"),
    "go": re.compile(r"([^@\s]+)(@.+)?"),
    "cargo": re.compile(r"([\w-]+)([@:].+)?"),
    "composer": re.compile(r"([^:=\s]+(?:/[^:=\s]+)?)([:= ].+)?"),
    "dotnet": re.compile(r"([\w.-]+)(@.+)?"),
}  # fmt: skip


def packages_of(call: PackageCall) -> list[Package]:
    """The packages that the call names, those of options such as ``-r FILE`` in their place."""
    table = call.table
    found: list[Package] = []
    for option in call.options:
        listed = option.name in table.get("requirements", "").split()
        edited = option.name in table.get("editable", "").split()
        word = option.value_word or option.word
        if (listed or edited) and (option.value_word is not None or option.value is not None or word.value is None):
            if word.value is None:
                found.append(Package(None, None, word, "requirements" if listed else "unknown"))
            elif option.value is not None and listed:
                found.append(Package(option.value, None, word, "requirements"))
            elif option.value is not None:
                kind = "vcs" if VCS.match(option.value) else "url" if URL.match(option.value) else "local"
                found.append(Package(option.value, None, word, kind))
    if (call.subcommand or "").replace(" ", "_") in table.get("packages", "").split():
        operands = call.operands
        if call.manager == "composer" and call.subcommand == "create-project":
            operands = operands[:1]
        grouped = (call.subcommand or "").startswith("group ")
        for word in operands:
            if grouped and word.value is not None:
                found.append(Package(word.value, None, word, "group"))
            elif call.manager == "composer" and found and COMPOSER_VERSION.match(word.value or ""):
                found[-1].version = word.value
            else:
                found.append(package(call.table["shape"], word))
    if call.manager in ("gem", "cargo", "dotnet"):
        _versions(call, found)
    return sorted(found, key=lambda each: each.word.start)


def _versions(call: PackageCall, found: list[Package]) -> None:
    """Versions that stand in an option: ``gem install rake -v 12``; with several packages it holds for all."""
    names = ("-v", "--version") if call.manager == "gem" else ("--version", "--vers", "-v")
    option = call.option(*names)
    if option is None or (option.value is None and option.value_word is None):
        return
    for each in found:
        if each.kind == "name" and each.version is None:
            each.version = option.value if option.value is not None else (option.value_word or option.word).text


def fixed(word: Word) -> str | None:
    """The value of *word*. A glob that no file matches, such as ``curl=7.*``, stays as written (POSIX, XCU 2.13.3)."""
    if word.value is None and not any(char in word.text for char in "$`'\"\\{}~()"):
        return word.text
    return word.value


def package(shape: str, word: Word) -> Package:
    """The package that *word* names, written in *shape*."""
    value = fixed(word)
    if value is None:
        return Package(None, None, word, "unknown")
    kind = kind_of(shape, value)
    if kind != "name":
        return Package(value, None, word, kind)
    found = SHAPES[shape].fullmatch(value)
    if found is None:
        return Package(value, None, word, "name")
    return Package(found[1], found[2] or None, word, "name")


def kind_of(shape: str, value: str) -> str:
    """The kind of a package whose text is *value*."""
    if shape == "go":
        if value.endswith(".go"):
            return "file"
        return "local" if value == "." or value[:2] in ("./", "..") or value[:1] == "/" else "name"
    if VCS.match(value) or value.endswith(".git"):
        return "vcs"
    if URL.match(value):
        return "url"
    if shape == "deb":
        if value.startswith((".", "/")) or (value.endswith(".deb") and "/" in value):
            return "file"
        return "group" if value.endswith("^") else "name"
    if shape == "apk":
        return "file" if value.endswith(".apk") else "virtual" if value[:1] == "." else "name"
    if shape in ("rpm", "zypper", "plain"):
        if value.endswith((".rpm", ".pkg.tar.xz", ".pkg.tar.zst")):
            return "file"
        return "group" if value[:1] == "@" and shape == "rpm" else "name"
    if shape == "pip":
        if PIP_ARCHIVE.search(value) and "://" not in value and " @ " not in value:
            return "file"
        return "local" if value.startswith((".", "/", "~")) or "/" in value.split("@")[0].split(";")[0] else "name"
    if shape == "npm":
        if value[:5] == "file:" or value.endswith((".tgz", ".tar.gz")):
            return "file"
        if value.startswith((".", "/", "~")):
            return "local"
        return "vcs" if "/" in value and value[:1] != "@" else "name"
    if shape == "gem":
        return "file" if value.endswith(".gem") else "name"
    if shape == "conda":
        return "file" if value.endswith((".tar.bz2", ".conda")) else "name"
    return "name"
