"""The numbers of accounts: made by a step that gives one, or part of the base image; and whether they are kept.

A container's user is looked up in /etc/passwd, by name or by number: the first entry of either tells its groups and its
home (BuildKit's executor/oci/user.go; opencontainers/runc's libcontainer/user). Only the group of a folder that WORKDIR
makes is the user's number itself where the user is one (BuildKit's solver/llbsolver/ops/user_linux.go).
"""

from __future__ import annotations

from dlinter.proof.body import VERBATIM
from dlinter.proof.calls import Call, calls_of, deciding
from dlinter.proof.tables import listed
from dlinter.proof.words import text_of
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.body import Body
    from dlinter.proof.normal import Word
    from dlinter.proof.state import Effect, Stage

_MAKING = ("useradd", "adduser")
_GROUPING = ("groupadd", "addgroup")
#: what else writes the lists of accounts (usermod(8), userdel(8), Debian's deluser(8), newusers(8), vipw(8))
_CHANGING = listed("usermod userdel deluser groupmod groupdel delgroup newusers vipw vigr chroot fixuid grpconv pwconv")
_LISTS = re.compile(r"/etc/(?:passwd|group)\b|\bfixuid\b|\bnewusers\b|\bvi(?:pw|gr)\b")
_PROGRAMS = re.compile(r"(?:user|group)(?:add|mod|del)|(?:add|del)(?:user|group)")
#: options of useradd, groupadd and both kinds of adduser and addgroup that take a value
_VALUED = listed(
    "-b -c -d -e -f -g -G -k -K -p -P -R -s -u -Z -h --base-dir --comment --home-dir --expiredate --inactive --gid "
    "--groups --skel --key --password --prefix --root --shell --uid --selinux-user --home --gecos --ingroup "
    "--firstuid --lastuid --firstgid --lastgid --conf --add_extra_groups"
)
_ELSEWHERE = frozenset({"-o", "--non-unique", "-R", "--root", "-P", "--prefix"})
_FILES = ("/etc/passwd", "/etc/group", "/etc/login.defs", "/etc/adduser.conf")
#: files that are no folder, by the end of their names, and are not unpacked by ADD
FILE = re.compile(
    r"(?:\A|/)(?:[^/]*\.(?:c|cfg|conf|css|go|h|html|ini|jar|js|json|lock|md|php|pl|properties|py|rb|sh|sql|toml|ts|txt|"
    r"war|xml|ya?ml)|(?:docker-)?entrypoint|Gemfile|Makefile|Pipfile|Procfile|Rakefile)\Z"
)

_BASE_PASSWD = {
    "daemon": (1, 1), "bin": (2, 2), "sys": (3, 3), "mail": (8, 8), "news": (9, 9), "proxy": (13, 13),
    "www-data": (33, 33), "backup": (34, 34), "nobody": (65534, 65534),
}  # fmt: skip
_BASELAYOUT = {"bin": (1, 1), "daemon": (2, 2), "nobody": (65534, 65534)}
#: official images on Debian or Ubuntu, where their tag does not say otherwise
_DEBIAN = listed(
    "debian ubuntu buildpack-deps elixir erlang gcc golang haskell httpd java julia node perl php pypy python ruby rust"
)
_OTHER = re.compile(r"alpine|busybox|windows|nanoserver|fedora|oracle|centos|rhel|slim-ol|\bol\d|-al\d|amazon|ubi")
ALPINE = re.compile(r"(?:\A|[-:])alpine(?:[\d.]*)(?:\Z|[-@])")
#: images of which every tag, or those that begin so, has a user of this name and number, and its group; None where that
#: differs (their Dockerfiles with their histories: node has had it since November 2016)
NODE = re.compile(r"(?:(?:[4-9]|[1-9]\d)(?:\Z|-)|(?:[89]|[1-9]\d)\.|[a-z]|\Z)")
_ANY = re.compile("")
_OWN: tuple[tuple[str, re.Pattern[str], str, int, int | None], ...] = (
    ("node", NODE, "node", 1000, 1000),
    ("gradle", re.compile(r"[a-z]|[4-9]|[1-9]\d|\Z"), "gradle", 1000, 1000),
    ("jenkins/jenkins", _ANY, "jenkins", 1000, 1000),
    ("jboss/keycloak", re.compile(r"latest|[2-9]|1\d|\Z"), "jboss", 1000, None),
    ("jboss/wildfly", re.compile(r"latest|9|[12]\d|\Z"), "jboss", 1000, None),
    ("docker.elastic.co/elasticsearch/elasticsearch", _ANY, "elasticsearch", 1000, None),
    ("docker.elastic.co/kibana/kibana", _ANY, "kibana", 1000, None),
    ("docker.elastic.co/logstash/logstash", _ANY, "logstash", 1000, None),
    *(
        (f"jupyter/{kind}-notebook", _ANY, "jovyan", 1000, None)
        for kind in ("base", "datascience", "minimal", "scipy", "tensorflow")
    ),
    *(
        (f"circleci/{kind}", _ANY, "circleci", 3434, None)
        for kind in ("golang", "node", "openjdk", "php", "python", "ruby")
    ),
)


def known_by_number(stage: Stage, effect: Effect | None, old: str | None, new: str | None) -> bool:
    """True if the user *old*, a name with its group or without, is *new* in numbers, for *effect* of *stage*.

    None for *effect*: for the containers of the image.
    """
    if old is None or new is None:
        return False
    name, colon, group = old.partition(":")
    number, _, group_number = new.partition(":")
    if name.isdecimal() or not number.isdecimal() or bool(colon) != (":" in new):
        return False
    found = _Accounts(stage, effect, name)
    if found.uid != number:
        return False
    if colon:
        return group_number.isdecimal() and found.group(group) == group_number
    if effect is None or effect.kind != "directory" or effect in found.existing:
        return True
    return (found.gid or found.own_group()) == number


class _Accounts:
    """What *stage* and those below it tell of the user *name* up to *effect*: its ``uid`` and ``gid``, "" if unsure.

    ``existing`` are the effects that make a folder which is there.
    """

    def __init__(self, stage: Stage, effect: Effect | None, name: str) -> None:
        self.name = name
        self.uid = self.gid = ""
        self.groups: dict[str, str] = {}
        self.existing: list[Effect] = []
        #: the call that made the account with a group of its own
        self.made: tuple[Effect, tuple[Word, ...]] | None = None
        self.folders = {"/"}
        stages = [*stage.chain()][::-1]
        self.image = stage.image or ""
        self.given()
        for each in stages:
            for other in each.effects:
                self.see(other)
                if other is effect:
                    return

    def given(self) -> None:
        """The account that the base image has."""
        image = self.image.removeprefix("docker.io/").removeprefix("library/")
        base, _, tag = image.partition("@")[0].partition(":")
        alpine = base == "alpine" or ("/" not in base and ALPINE.search(image) is not None)
        known: dict[str, tuple[int, int | None]] = {}
        if alpine:
            known.update(_BASELAYOUT)
        elif base in _DEBIAN and not _OTHER.search(image):
            known.update(_BASE_PASSWD)
        for path, tags, user, number, group in _OWN:
            if path == base and tags.match(tag) and (tag or "@" not in image or tags is _ANY):
                known[user] = number, group
        found = known.get(self.name)
        if found is not None:
            self.uid, gid = str(found[0]), found[1]
            self.gid = "" if gid is None else str(gid)
            if self.gid and (self.name != "nobody" or alpine):
                self.groups[self.name] = self.gid

    def group(self, name: str) -> str:
        return self.groups.get(name) or (self.own_group() if name == self.name else "")

    def see(self, effect: Effect) -> None:
        """Take in what *effect* does to the accounts."""
        if effect.kind in ("trigger", "unknown") or (effect.kind == "copy" and brings_lists(effect)):
            self.forget()
        elif effect.kind == "directory":
            path = text_of(effect.fields["path"])  # type: ignore[arg-type]
            if path is not None and path.rstrip("/") + "/" in self.folders:
                self.existing.append(effect)
            while path:
                self.folders.add(path.rstrip("/") + "/")
                path = path.rstrip("/").rpartition("/")[0]
        elif effect.body is not None and effect.kind == "run":
            self.run(effect, effect.body)

    def own_group(self) -> str:
        """The number of the account's own group: the same, if that is free (useradd(8), adduser(8))."""
        from dlinter.proof.numbering import first_number

        if self.made is None:
            return ""
        first, groups = first_number(*self.made, self.name)
        ordinary = first == self.uid or (Call(self.made[1]).name == "useradd" and 1000 < int(self.uid) <= 60000)
        return self.uid if first and ordinary and not groups else ""

    def forget(self) -> None:
        self.uid = self.gid = ""
        self.groups.clear()
        self.made = None

    def run(self, effect: Effect, body: Body) -> None:
        text = body.text if body.shell is not None else " ".join(body.words)
        if body.shell is not None and body.form[0] == VERBATIM:
            if _LISTS.search(text) or _PROGRAMS.search(text):
                self.forget()
            return
        sure = [command[2] for command in deciding(body.form, body.errexit)] if body.shell is not None else []
        if body.shell is None:
            sure = [body.words]
        for call, command in calls_of(body):
            if call.name in _CHANGING and not _adds_groups(call):
                if any(type(word) is not str or word == self.name for word in call.operands):
                    self.uid = self.gid = ""
                if call.name[:5] not in ("userm", "userd", "delus"):
                    self.groups.clear()
            elif call.name in _GROUPING or call.name in _MAKING:
                self.make(effect, call, not call.wrappers and command[2] in sure)
        if _LISTS.search(text):
            self.forget()

    def make(self, effect: Effect, call: Call, succeeds: bool) -> None:
        """An account or a group is made, if *succeeds* whenever the RUN does."""
        options, names = options_of(call)
        if options is None:
            names = [word if type(word) is str else "" for word in call.operands]
            if self.name in names or "" in names:
                self.uid = self.gid = ""
            self.groups.clear()
            return
        if call.name in _GROUPING and len(names) == 1:
            number = options.get("-g", options.get("--gid", ""))
            sure = succeeds and number.isdecimal() and not _ELSEWHERE & options.keys()
            self.groups[names[0]] = number if sure else ""
            return
        if self.name not in names or call.name not in _MAKING or len(names) != 1:
            return
        number = options.get("-u", options.get("--uid", ""))
        if not succeeds or not number.isdecimal() or _ELSEWHERE & options.keys() or self.uid:
            self.uid = self.gid = ""
            return
        self.uid = number
        alpine = ALPINE.search(self.image) is not None or self.image.rpartition("/")[2].startswith("alpine")
        busybox = call.name == "adduser" and (alpine or "-D" in options)
        wanted = options.get("-G") if busybox else options.get("-g", options.get("--gid", options.get("--ingroup")))
        if wanted is None:
            # BusyBox makes a group of the same number, but for system accounts (loginutils/adduser.c)
            own = busybox and not {"-S", "--system"} & options.keys()
            self.gid = number if own else ""
            if not busybox and not {"-N", "--no-user-group"} & options.keys():
                self.made = effect, call.words
        else:
            self.gid = wanted if wanted.isdecimal() and not busybox else self.groups.get(wanted, "")
        if self.gid and wanted is None:
            self.groups.setdefault(self.name, self.gid)
        if call.name == "adduser" or {"-m", "--create-home"} & options.keys():
            home = options.get("-h") if busybox else options.get("-d", options.get("--home-dir", options.get("--home")))
            if not {"-H", "-M", "--no-create-home"} & options.keys():
                self.folders.add((home or f"/home/{self.name}").rstrip("/") + "/")


def options_of(call: Call) -> tuple[dict[str, str] | None, list[str]]:
    """The options of *call* with their values, letters apart, and the names behind them; None if not all is fixed."""
    options: dict[str, str] = {}
    names: list[str] = []
    words = list(call.operands)
    while words:
        word = words.pop(0)
        if type(word) is not str:
            return None, []
        if word[:1] != "-":
            names.append(word)
            continue
        if word[:2] == "--":
            key, equals, value = word.partition("=")
            if key in _VALUED and not equals:
                if not words:
                    return None, []
                value = _fixed(words.pop(0))
            options[key] = value
            continue
        for number, letter in enumerate(word[1:], 2):
            key = "-" + letter
            if key not in _VALUED:
                options[key] = ""
                continue
            if number < len(word):
                options[key] = word[number:]
            elif words:
                options[key] = _fixed(words.pop(0))
            else:
                return None, []
            break
    return options, names


def _fixed(word: Word) -> str:
    return word if type(word) is str else "\0"


def _adds_groups(call: Call) -> bool:
    """True for ``usermod -aG sudo app``, which leaves the numbers alone."""
    words = call.operands
    fixed = [word for word in words if type(word) is str]
    options = [word for word in fixed if word[:1] == "-"]
    groups = {"-a", "-G", "-aG", "--append", "--groups", "-s", "--shell", "-L", "-U", "-p", "--password"}
    return call.name == "usermod" and len(fixed) == len(words) and bool(options) and groups.issuperset(options)


def brings_lists(effect: Effect) -> bool:
    """True if a copy may bring a /etc/passwd: into the root, into /etc, or to a place that is not known."""
    path = effect.place
    if path is not None and path.rstrip("/") not in ("", "/etc") and not path.startswith(_FILES):
        return False
    if path is not None and path.startswith(_FILES):
        return True
    sources = effect.fields["sources"]
    assert isinstance(sources, tuple)
    return not all(_is_file(source) for source in sources)


def _is_file(source: object) -> bool:
    if not isinstance(source, tuple):
        return False
    if source[:1] == ("\0heredoc",):
        return source[1] not in ("passwd", "group")
    last = source[-1] if source else ""
    return type(last) is str and FILE.search(last) is not None
