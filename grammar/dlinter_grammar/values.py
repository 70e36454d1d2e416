"""Values of EXPOSE, STOPSIGNAL, --chmod and remote sources: why BuildKit refuses them, if it does."""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_grammar.gotext import lower, parse_bool, parse_int, quote

_NAMES = (
    "TERM INT QUIT HUP KILL USR1 USR2 WINCH STOP ABRT ALRM BUS CHLD CLD CONT FPE ILL IO IOT PIPE POLL PROF PWR SEGV "
    "STKFLT SYS TRAP TSTP TTIN TTOU URG VTALRM XCPU XFSZ RTMIN RTMAX"
)
#: Linux signals without their SIG, the usual ones first
SIGNALS = tuple(_NAMES.split())
_REAL_TIME = re.compile(r"RTM(?:IN\+(?:[1-9]|1[0-5])|AX-(?:[1-9]|1[0-4]))\Z")

_PROTOCOL = re.compile(r"([a-zA-Z0-9]+)://")
_SCP = re.compile(r"([a-zA-Z0-9_-]+)@([a-zA-Z0-9.-]+):(.*?)(?:\?(.*?))?(?:#(.*))?\Z")


def signal_fault(text: str) -> str | None:
    """STOPSIGNAL (moby/sys/signal on Linux)."""
    number, error = parse_int(text, 10, 64, signed=True)
    if not error:
        return None if number else f"invalid signal: {text}"
    name = text.upper().removeprefix("SIG")
    if name in SIGNALS or _REAL_TIME.match(name):
        return None
    return f"invalid signal: {text}"


def chmod_fault(text: str) -> str | None:
    """``--chmod``: octal, or symbolic as in BSD's setmode (dispatchCopy, dchapes-mode)."""
    not_octal = f"invalid chmod parameter: '{text}'. it should be octal string and between 0 and 07777"
    number, error = parse_int(text, 8, 32, signed=False)
    if not error:
        return None if number <= 0o7777 else not_octal
    if "0" <= text[:1] <= "9":
        if parse_int(text, 8, 16, signed=True)[1]:
            return not_octal
        return "invalid syntax"
    return None if _is_symbolic(text) else "invalid syntax"


#: clauses of who, operators and permissions
_CLAUSE = r"[augo]*(?:[-+=][rstwXxugo]*)+"
_SYMBOLIC = re.compile(rf"{_CLAUSE}(?:,{_CLAUSE})*\Z")


def _is_symbolic(text: str) -> bool:
    return _SYMBOLIC.match(text) is not None


# -- EXPOSE (dockerfile2llb/convert_expose.go) -----------------------------------------------------------------------


def port_fault(text: str) -> str | None:
    """One ``[ip:][host:]port[-port][/protocol]``."""
    parts = text.split(":")
    address, host, container = ":".join(parts[:-2]), parts[-2] if len(parts) > 1 else "", parts[-1]
    port, _, protocol = container.partition("/")
    if not port:
        return f"invalid port: {quote(text)}: no port specified"
    if lower(protocol) not in ("", "tcp", "udp", "sctp"):
        return f"invalid port: {quote(text)}: invalid proto: {protocol}"
    fault = _address_fault(address)
    if fault is not None:
        return fault
    ports = _port_range(port)
    if ports is None:
        return f"invalid containerPort: {port}"
    if host:
        hosts = _port_range(host)
        if hosts is None:
            return f"invalid hostPort: {host}"
        if ports[1] - ports[0] != hosts[1] - hosts[0] and ports[0] != ports[1]:
            return f"invalid ranges specified for container and host Ports: {port} and {host}"
    return None


def _address_fault(address: str) -> str | None:
    if not address:
        return None
    if address[0] == "[":
        end = address.find("]")
        if end < 0:
            return f"invalid IP address {address}: address {address}:: missing ']' in address"
        if end != len(address) - 1:
            reason = "too many colons in address" if address[end + 1] == ":" else "missing port in address"
            return f"invalid IP address {address}: address {address}:: {reason}"
        address = address[1:-1]
        if not address:
            return None
    return None if _is_address(address) else f"invalid IP address: {address}"


def _is_address(text: str) -> bool:
    """net.ParseIP, which takes no zones."""
    from ipaddress import ip_address

    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _port_range(text: str) -> tuple[int, int] | None:
    start, dash, end = text.partition("-")
    first = _port_number(start)
    if first is None:
        return None
    if not dash or start == end:
        return first, first
    last = _port_number(end)
    if last is None or last < first:
        return None
    return first, last


def _port_number(text: str) -> int | None:
    number, error = parse_int(text, 10, 64, signed=True)
    return None if error or not 0 <= number <= 65535 else number


# -- sources of ADD and COPY (dfgitutil/git_ref.go, util/gitutil/git_url.go) -----------------------------------------


class GitSource:
    """A source that is a git repository: ``query`` its options, ``fault`` why they are refused, or None."""

    __slots__ = ("fault", "query")

    def __init__(self, query: dict[str, list[str]]) -> None:
        self.query = query
        self.fault = _query_fault(query)

    @property
    def keep_git_dir(self) -> bool | None:
        """What the query ``keep-git-dir`` says."""
        values = self.query.get("keep-git-dir")
        if values is None:
            return None
        return parse_bool(values[0]) if values[0] else True

    @property
    def checksum(self) -> str | None:
        """What the query ``checksum`` or ``commit`` says."""
        values = self.query.get("checksum") or self.query.get("commit")
        return values[0] if values else None


def git_source(text: str) -> GitSource | None:
    """The git repository that *text* names, or None. ``github.com/x/y`` without a scheme is a path here."""
    if ":" not in text:
        return None
    protocol = _PROTOCOL.match(text)
    if protocol is not None:
        scheme = protocol[1].lower()
        if scheme not in ("http", "https", "ssh", "git"):
            return None
        rest, _, _ = text[protocol.end() :].partition("#")
        rest, _, query = rest.partition("?")
        host, slash, path = rest.partition("/")
        if any(char < " " or char == "\x7f" for char in text) or " " in host:
            return None
        if scheme in ("http", "https") and not (slash and path.endswith(".git")):
            return None
        return GitSource(_parse_query(query))
    match = _SCP.match(text)
    if match is None:
        return None
    return GitSource(_parse_query(match[4] or ""))


def is_http_source(text: str) -> bool:
    """Whether BuildKit would download *text*."""
    return text.startswith(("http://", "https://")) and git_source(text) is None


def _parse_query(query: str) -> dict[str, list[str]]:
    """url.ParseQuery."""
    from urllib.parse import unquote_plus

    result: dict[str, list[str]] = {}
    for part in query.split("&"):
        if part and ";" not in part:
            key, _, value = part.partition("=")
            result.setdefault(unquote_plus(key), []).append(unquote_plus(value))
    return result


def _query_fault(query: dict[str, list[str]]) -> str | None:
    """loadQuery. BuildKit goes through the keys in random order; here in the order of the text."""
    for key, values in query.items():
        value = values[0]
        if len(values) > 1:
            return f"query {quote(key)} has multiple values"
        if not value and key not in ("submodules", "keep-git-dir", "fetch-by-commit"):
            return f"query {quote(key)} has no value"
        if key in ("submodules", "keep-git-dir", "fetch-by-commit"):
            if value and parse_bool(value) is None:
                return f"invalid {key} value: {quote(value)}"
        elif key == "mtime":
            if value not in ("checkout", "commit"):
                return f'invalid mtime value: {quote(value)} (must be "checkout" or "commit")'
        elif key not in ("ref", "tag", "branch", "subdir", "checksum", "commit"):
            return f"unexpected query {quote(key)}"
    if "tag" in query and "branch" in query:
        return "branch conflicts with tag"
    return None
