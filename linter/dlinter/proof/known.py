"""What is known of official images: their root, their shell, their variables (docker-library's Dockerfiles)."""

from __future__ import annotations

from dlinter.proof.state import BY_ROOT
from dlinter.proof.tables import listed
from dlinter.proof.words import text_of
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.state import Effect, Stage

_REFERENCE = re.compile(
    r"(?:docker\.io/)?(?:library/|(?:amd64|arm32v[567]|arm64v8|i386|ppc64le|riscv64|s390x)/)?"
    r"([a-z0-9][a-z0-9._-]*)(?::([\w.-]+))?(?:@sha256:[0-9a-f]+)?"
)
#: distributions by what /bin/sh is there, and official images that are built on Debian unless their tag says otherwise
_DASH = listed("debian neurodebian ubuntu")
_ASH = listed("alpine docker")
_BASH = listed("centos fedora almalinux rockylinux amazonlinux oraclelinux")
_ON_DEBIAN = listed(
    "buildpack-deps cassandra couchdb drupal elixir erlang gcc ghost golang haskell haproxy httpd iojs java joomla "
    "julia mariadb maven memcached mongo mono nextcloud nginx node openjdk owncloud perl php postgres pypy python "
    "r-base rabbitmq rails redis redmine ros ruby rust tomcat wordpress"
)
#: words of tags that tell of another distribution
_ALPINE = re.compile(r"(?:\A|[.-])alpine")
_OTHER = re.compile(
    r"\$|oracle|ol\d|busybox|windows|nanoserver|al2|corretto|ubi|onbuild-wheezy|amazonlinux|microsoft|ibm|sap"
)
#: surely a single file, and no archive
FILE = re.compile(
    r"[\w./-]*[\w-]\.(?:sh|bash|py|pl|rb|js|json|ya?ml|toml|xml|conf|cfg|ini|cnf|txt|md|html|sql|list|repo|key|pem|crt|jar|war"
    r"|properties|env|service|php|go|R)"
)
#: what puts another program into the place of /bin/sh; scripts and accounts that name it do not
_OTHER_SHELL = re.compile(
    r"(?<!#!)(?<!#! )(?<!-s )(?<!--shell )(?<!--shell=)(?<!/usr)/bin/sh(?![\w.-])(?!\s+-)|/usr/bin/sh(?![\w.-])"
    r"|\bdash/sh\b|reconfigure[^;&]*\bdash\b|binsh\b|alternatives[^;&]*\bsh\b"
)
#: official images of which it is known what /bin/sh is
SHELL_KNOWN = _DASH | _ASH | _BASH | _ON_DEBIAN
#: images that set few variables, none of them with a blank, and what is given to a build without being declared
BARE = _DASH | _ASH | listed("almalinux amazonlinux buildpack-deps centos fedora oraclelinux rockylinux") - {"docker"}
PROXIES = listed("http_proxy https_proxy ftp_proxy no_proxy all_proxy container")
#: those whose user is root with the home /root, and which set no HOME
_AS_ROOT = (_DASH | _ASH | _BASH | _ON_DEBIAN | listed("busybox mysql swift")) - listed(
    "cassandra couchdb ghost haproxy memcached mongo rabbitmq redmine"
)
#: variables with the same value in every tag, and those without a blank in any, which some tags may lack
_VARIABLES = {
    "golang": {"GOPATH": "/go"},
    "httpd": {"HTTPD_PREFIX": "/usr/local/apache2"},
    "maven": {"MAVEN_HOME": "/usr/share/maven"},
    "rust": {"CARGO_HOME": "/usr/local/cargo", "RUSTUP_HOME": "/usr/local/rustup"},
    "tomcat": {"CATALINA_HOME": "/usr/local/tomcat"},
}
_WORDS = {
    "eclipse-temurin": listed("JAVA_HOME"),
    "golang": listed("GOLANG_VERSION"),
    "gradle": listed("JAVA_HOME"),
    "java": listed("JAVA_HOME"),
    "jetty": listed("JETTY_BASE JETTY_HOME"),
    "jruby": listed("GEM_HOME JAVA_HOME"),
    "maven": listed("JAVA_HOME"),
    "node": listed("NODE_VERSION YARN_VERSION"),
    "openjdk": listed("JAVA_HOME"),
    "php": listed("PHP_INI_DIR"),
    "python": listed("PYTHON_VERSION"),
    "ruby": listed("GEM_HOME RUBY_VERSION"),
    "tomcat": listed("JAVA_HOME TOMCAT_VERSION"),
}


def official(stage: Stage) -> tuple[str, str]:
    """Name and tag of the official image at the bottom of the chain of *stage*, ``""`` where it is none.

    A tag that a variable decides is ``$``.
    """
    value = list(stage.chain())[-1].effects[0].fields["image"]
    assert isinstance(value, tuple)
    text = text_of(value)
    if text is None and value and type(value[0]) is str and ":" in value[0]:
        text = value[0].partition(":")[0] + ":_"
    match = _REFERENCE.fullmatch(text or "")
    return ("", "") if match is None else (match[1], "$" if match[2] == "_" else match[2] or "")


def system_shell(effect: Effect) -> str:
    """What /bin/sh is while *effect* runs: ``dash``, ``ash`` or ``bash``; ``""`` where that is not known."""
    stage = effect.stage
    if stage is None:
        return ""
    for other in stage.chain():
        if _first_change(other) < (effect.position if other is stage else len(other.effects)):
            return ""
    return base_shell(stage)


def _first_change(stage: Stage) -> int:
    """Which effect is the first that may put another program into the place of /bin/sh."""
    if "shell" not in stage.told:
        changes = (each.position for each in stage.effects if _changes_shell(each))
        stage.told["shell"] = next(changes, len(stage.effects))
    found: int = stage.told["shell"]
    return found


def base_shell(stage: Stage) -> str:
    """What /bin/sh is in the image at the bottom of the chain of *stage*."""
    name, tag = official(stage)
    for shell, names in (("dash", _DASH), ("ash", _ASH), ("bash", _BASH)):
        if name in names:
            return shell
    if name not in _ON_DEBIAN or _OTHER.search(tag):
        return ""
    return "ash" if _ALPINE.search(tag) else "dash"


def _changes_shell(effect: Effect) -> bool:
    """True if *effect* may put another program into the place of /bin/sh."""
    if effect.kind in ("unknown", "trigger"):
        return True
    if effect.kind == "copy":
        path, sources = effect.place, effect.fields["sources"]
        if path is None or path.endswith("/sh"):
            return True
        names = [text_of(source) for source in sources] if isinstance(sources, tuple) else [None]
        files = all(name is not None and FILE.fullmatch(name) for name in names)
        return path.rstrip("/") in ("", "/bin", "/usr", "/usr/bin") and not files
    text = "" if effect.body is None else effect.body.text + " ".join(effect.body.words)
    return _OTHER_SHELL.search(text) is not None


def debian_based(stage: Stage) -> bool:
    """True if the image is a Debian or Ubuntu: coreutils and dpkg are there, as essential packages."""
    name, tag = official(stage)
    return name in _DASH or (name in _ON_DEBIAN and not _ALPINE.search(tag) and not _OTHER.search(tag))


def usual(stage: Stage) -> bool:
    """True if the image is known to have the programs that every distribution has."""
    return official(stage)[0] in _AS_ROOT


def variable(effect: Effect, name: str) -> tuple[str, bool] | None:
    """What the official image below *effect* sets *name* to, ``x`` for what differs, and whether it surely does.

    None where that is not known.
    """
    assert effect.stage is not None
    image, _ = official(effect.stage)
    if name == "HOME":
        user = effect.fields["user"]
        root = user is None or user in BY_ROOT
        return ("/root", True) if root and image in _AS_ROOT and not _homes_changed(effect.stage) else None
    if name == "PATH":
        return ("x", True) if image in SHELL_KNOWN else None
    if image in BARE and name.lower() not in PROXIES:
        return "x", False
    value = _VARIABLES.get(image, {}).get(name)
    if value is not None:
        return value, True
    return ("x", False) if name in _WORDS.get(image, ()) else None


def _homes_changed(stage: Stage) -> bool:
    for other in stage.chain():
        for effect in other.effects:
            text = "" if effect.body is None else effect.body.text + " ".join(effect.body.words)
            if re.search(r"/etc/passwd|\busermod\b|\bvipw\b", text):
                return True
            if effect.kind == "copy" and "/etc" in repr(effect.fields["destination"]):
                return True
    return False
