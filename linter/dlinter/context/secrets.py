"""Files that hold secrets, told by name and by what is in them."""

from __future__ import annotations

from posixpath import basename

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dlinter.context import Context

#: bytes up to which a file is looked at
_SIZE = 200_000
_PRIVATE = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=:,\s-]{100}")
_NPMRC = re.compile(rb"^[^#;\n]*:?(?:_authToken|_password|_auth)\s*=\s*(?!\$)[^\s\"'$]{8,}", re.M)
_PASSWORD = re.compile(rb"^[^#\n]*\bpassword\s*[:= ]\s*[^\s$<{]{6,}", re.M | re.I)
_URL = re.compile(rb"^https?://[^:/\s]+:[^@/\s]+@", re.M)
_AWS = re.compile(rb"^\s*aws_secret_access_key\s*=\s*[A-Za-z0-9/+]{40}\s*$", re.M)
_AUTH = re.compile(rb'"auth"\s*:\s*"[A-Za-z0-9+/=]{12,}"')
_KUBE = re.compile(rb"^\s*(?:client-key-data|token)\s*:\s*[A-Za-z0-9+/=._-]{40,}\s*$", re.M)
_ACCOUNT = re.compile(rb'"private_key"\s*:\s*"-----BEGIN')
_STATE = re.compile(rb'"(?:terraform_version|serial)"')
_HASH = re.compile(rb"^[^:\s#]+:(?:\$(?:apr1|2[aby]|5|6)\$|\{SHA\})", re.M)
_MASTER = re.compile(rb"^[0-9a-f]{32}\s*$")
#: NAME=VALUE where the name is that of a secret
_SETTING = re.compile(
    rb"^(?:export[ \t]+)?([A-Za-z_]*?(?:PASSWORD|PASSWD|PWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|SECRET_KEY"
    rb"|APP_KEY|CREDENTIALS?)(?:_[A-Z0-9]{1,12})?)[ \t]*=[ \t]*[\"']?([^\"'\s#]*)",
    re.M | re.I,
)
_NO_SECRET = re.compile(
    rb"change|your|example|sample|dummy|placeholder|insert|xxx|\*\*\*|todo|test|demo|default|local|replace|secret|passw"
    rb"|admin|root|user|postgres|mysql|mongo|redis|rabbit|guest|dev|fake|none|null|true|false|abc|123456|qwerty|/|\$|<|\{",
    re.I,
)
_PUBLIC = re.compile(rb"PUBLIC|FILE|PATH|URL|HOST|NAME|ID|LENGTH|EXPIR|TTL|TYPE|HEADER", re.I)

#: the names, in lower case, that are worth a look, with what tells a secret in such a file
_BY_NAME: tuple[tuple[str, str, Callable[[bytes], object]], ...] = (
    (r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.*\.(?:pem|key|ppk)", "private key", lambda data: _key(data)),
    (r".*\.(?:p12|pfx)", "private key", lambda data: data[:1] == b"\x30" and len(data) > 500),
    (r"\.env(?:\..*)?|.*\.env", "passwords", lambda data: _settings(data)),
    (r"\.(?:npmrc|yarnrc)", "npm token", lambda data: _NPMRC.search(data)),
    (r"\.pypirc|[._]netrc", "password", lambda data: _PASSWORD.search(data)),
    (r"\.git-credentials", "password", lambda data: _URL.search(data)),
    (r"(?:.*/)?\.aws/credentials", "AWS key", lambda data: _AWS.search(data)),
    (
        r"(?:.*/)?\.docker/config\.json|\.dockerconfigjson|\.dockercfg",
        "registry password",
        lambda data: _AUTH.search(data),
    ),
    (r"kubeconfig|(?:.*/)?\.kube/config", "cluster key", lambda data: _KUBE.search(data)),
    (
        r".*(?:service|account|credential|gcp|google|firebase|key|secret).*\.json",
        "service account",
        lambda data: _ACCOUNT.search(data),
    ),
    (r".*\.tfstate(?:\.backup)?", "Terraform state", lambda data: _STATE.search(data)),
    (r"\.htpasswd", "password hashes", lambda data: _HASH.search(data)),
    (r"master\.key", "Rails master key", lambda data: _MASTER.search(data)),
)
_KINDS = [(re.compile(pattern, re.S), kind, tell) for pattern, kind, tell in _BY_NAME]
#: one of these is in every name that is worth a look
_PARTS = (
    "id_", ".pem", ".key", ".ppk", ".p12", ".pfx", ".env", "rc", "netrc", "credentials", ".json", ".dockercfg",
    ".dockerconfigjson", "kubeconfig", ".kube/config", ".tfstate", ".htpasswd",
)  # fmt: skip
#: names of examples, and folders in which secrets are made up
_MADE_UP = re.compile(r"example|sample|template|\bdist\b|\btpl\b|default|dummy|\.(?:test|ci|testing)$")
_FOLDERS = frozenset([
    "__tests__", "demo", "doc", "docs", "e2e", "example", "examples", "fixture", "fixtures", "mocks", "sample",
    "samples", "spec", "specs", "test", "test-data", "testdata", "testing", "tests",
])  # fmt: skip


def secret(context: Context, path: str) -> str | None:
    """What the file at *path* of *context* keeps secret, in words; None if nothing is known.

    Examples and what tests bring are no secrets.
    """
    if not any(part in path.lower() for part in _PARTS):
        return None
    name = basename(path).lower()
    if _MADE_UP.search(name) or not _FOLDERS.isdisjoint(path.lower().split("/")[:-1]):
        return None
    for pattern, kind, tell in _KINDS:
        if pattern.fullmatch(name) or ("/" in pattern.pattern and pattern.fullmatch(path.lower())):
            entry = context.on_disk(path)
            if entry is None or not 0 < entry.size <= _SIZE:
                return None
            data = context.bytes_of(path)
            return kind if data is not None and tell(data) else None
    return None


def _key(data: bytes) -> bool:
    return _PRIVATE.search(data) is not None or data.startswith(b"PuTTY-User-Key-File")


def _settings(data: bytes) -> bool:
    """True if a variable called like a secret has a value that was not made up for an example."""
    return any(
        len(value) >= 12 and not _NO_SECRET.search(value) and not _PUBLIC.search(name) and len(set(value)) >= 8
        for name, value in _SETTING.findall(data)
    )
