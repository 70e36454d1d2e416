"""Programs that the kernel starts as the shell does: those of packages, which are no scripts without ``#!``."""

from __future__ import annotations

from dlinter.proof.accounts import FILE
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.state import Effect, Stage

#: programs with a version in their name
VERSIONED = re.compile(r"(?:python|pypy|pip|ruby|php|perl|lua|node|gcc)\d*(?:\.\d+)+")
#: ends of the names of files that nobody calls without them
_DATA = re.compile(
    r".+\.(?:cfg|cnf|conf|config|css|csv|env|html|ini|json|list|md|properties|service|toml|txt|xml|ya?ml)\Z"
)
_FOLDERS = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/")


def may_become(file: str, program: str) -> bool:
    """True if *file* is *program*, or may be called so later, without its ending."""
    return file == program or (file.rpartition(".")[0] == program and not _DATA.match(file))


def from_package(program: str, stage: Stage) -> bool:
    """True if *program* is a path where packages put theirs, and neither a copy nor a script may have put another one.

    Scripts of packages begin with ``#!`` (Debian Policy 10.4).
    """
    folder, slash, name = program.rpartition("/")
    if folder + slash not in _FOLDERS or ("." in name and not VERSIONED.fullmatch(name)) or not name:
        return False
    written = re.compile(rf"(?:/usr)?/s?bin/?(?:{re.escape(name)}(?![\w.-])|[\s\"\';&|)$*]|\Z)")
    for each in stage.chain():
        for effect in each.effects:
            if effect.kind == "copy" and _may_bring(effect, folder + slash, name):
                return False
            if effect.kind == "run" and effect.body is not None:
                text = effect.body.text if effect.body.shell is not None else " ".join(effect.body.words)
                if written.search(text):
                    return False
    return True


def _may_bring(effect: Effect, folder: str, name: str) -> bool:
    destination = effect.fields["destination"]
    assert isinstance(destination, tuple)
    path = effect.place
    if path is None:
        # what is fixed of it may tell
        head = destination[0] if destination and type(destination[0]) is str else ""
        return head[:5] not in ("/tmp/", "/opt/", "/srv/", "/etc/", "/var/", "/app/", "/home")
    place = path.rstrip("/") + "/"
    if place == folder + name + "/":
        return True
    if not folder.startswith(place) and place.removeprefix("/usr") != folder.removeprefix("/usr"):
        return False
    sources = effect.fields["sources"]
    assert isinstance(sources, tuple)
    return not all(
        isinstance(source, tuple) and type(source[-1]) is str and FILE.search(source[-1]) is not None
        for source in sources
    )
