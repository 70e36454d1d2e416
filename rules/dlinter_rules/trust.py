"""What is installed without being sure where it comes from."""

from __future__ import annotations

from dlinter import UNSAFE, Command, Edit, Env, Findings, Fix, Run, Severity, Word, report, rule
from dlinter.packages import package_call
from dlinter.shell_edits import delete_word
from dlinter_grammar import regex as re
from dlinter_rules.common import image_of, in_run, program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCAL = re.compile(r"https?://(?:localhost|127\.|\[::1\])")


def _words_removed(*words: Word) -> Fix | None:
    edits = [delete_word(word) for word in words]
    if any(edit is None for edit in edits):
        return None
    return Fix([e for e in edits if e is not None], UNSAFE, f"Leave out {words[0].text}", ("option-of-user",))


@rule(
    "DL7001",
    "download-insecure-tls",
    on=Command,
    named=("curl", "wget", "git", "npm", "yarn", "pip", "pip2", "pip3", "apt-get", "apt", "yum", "dnf", "export"),
    profiles=("default", "cis"),
    aliases=("CKV2_DOCKER_2", "CKV2_DOCKER_3", "CKV2_DOCKER_14", "S4830", "DD055", "DD056"),
)
def download_insecure_tls(command: Command) -> Findings:
    r"""Let the certificate of the server be checked

    Without the check anyone on the way can put another file in the place of the one that is asked for.

    ```dockerfile bad
    FROM debian:12
    RUN curl -fsSLk https://example.com/a.tgz | tar xz && wget --no-check-certificate https://example.com/b
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN curl -fsSL https://example.com/a.tgz | tar xz && wget https://example.com/b
    ```
    ```dockerfile bad
    FROM debian:12
    RUN git -c http.sslVerify=false clone https://example.com/a.git && npm config set strict-ssl false
    ```
    ```dockerfile bad
    FROM python:3.12
    RUN pip install --trusted-host index.example.com flask
    ```
    ```dockerfile unsafe
    FROM python:3.12
    RUN pip install flask
    ```
    ```dockerfile good
    FROM debian:12
    RUN curl -fsSL https://example.com/k | tar xz && curl -o k https://example.com/k
    RUN curl -k https://localhost:8443/ready
    RUN git config --global http.sslVerify true && npm config set strict-ssl true
    RUN pip install --trusted-host index.example.com -i https://index.example.com/simple flask
    HEALTHCHECK CMD curl -kf https://example.com/
    ```
    """
    if not in_run(command) or any(_LOCAL.search(word.text) for word in command.args):
        return
    name = command.name
    if name == "curl":
        yield from _curl(command)
    elif name == "wget":
        for word in command.args:
            if word.value == "--no-check-certificate":
                yield report(word, fix=_words_removed(word))
    else:
        for words in _settings(command):
            yield report(words[0], fix=_words_removed(*words) if words[0].text.startswith("--trusted") else None)


def _curl(command: Command) -> Findings:
    for word in command.args:
        text = word.value or ""
        if text == "--insecure" or text == "-k":
            yield report(word, fix=_words_removed(word))
        elif re.fullmatch(r"-[#fsSLIivgGnN0-46akOJRqlpZ]*k[#fsSLIivgGnN0-46aOJRqlpZo]*", text) and text == word.text:
            at = word.start + text.index("k")
            if word.end - word.start != len(text):
                yield report(word)
                continue
            purpose = ("option-of-user",)
            yield report(word, fix=Fix([Edit(at, at + 1, "")], UNSAFE, "Leave out k", purpose))


_NPM_OFF = ("strict-ssl=false", "--strict-ssl=false", "--no-strict-ssl")
_SAID_FALSE = re.compile(r"=[\"']?(?:false|no|0|off)[\"']?$", re.I)


def _settings(command: Command) -> Iterator[list[Word]]:
    """The words that switch the check off, of programs other than curl and wget."""
    args = command.args
    texts = [(word.value if word.value is not None else word.text) for word in args]
    hosts = {_host(text.partition("=")[2] if text.startswith("--") else text) for text in texts if "://" in text}
    for number, word in enumerate(args):
        text = texts[number]
        following = texts[number + 1].lower() if number + 1 < len(args) else ""
        if command.name.startswith("pip"):
            name, equals, host = text.partition("=")
            if name == "--trusted-host" and _host(host if equals else following) not in hosts:
                yield [word] if equals else [word, args[number + 1]]
        elif _switches_off(command.name, text, following):
            yield [word]


def _host(address: str) -> str:
    """The host of a URL or of ``host:port``, in lower case."""
    rest = address.lower().partition("://")[2] or address.lower()
    return rest.partition("/")[0].rpartition("@")[2].partition(":")[0]


def _switches_off(program: str, text: str, following: str) -> bool:
    lower = text.lower()
    said = _SAID_FALSE.search(lower) is not None
    match program:
        case "git":
            off = following in ("false", "0", "no", "off")
            return (lower == "http.sslverify" and off) or (lower.startswith("http.sslverify=") and said)
        case "npm" | "yarn":
            return lower in _NPM_OFF or (lower == "strict-ssl" and following == "false")
        case "apt-get" | "apt":
            return said and re.search(r"acquire::https::.*verify-(?:peer|host)=", lower) is not None
        case "yum" | "dnf":
            return said and "sslverify=" in lower
        case _:
            return _VARIABLES.match(text) is not None


_VARIABLES = re.compile(r"(?:GIT_SSL_NO_VERIFY=.|NODE_TLS_REJECT_UNAUTHORIZED=[\"']?0|PYTHONHTTPSVERIFY=[\"']?0)")


@rule(
    "DL7002",
    "tls-check-switched-off",
    on=Env,
    mentions=("node_tls", "pythonhttpsverify", "git_ssl", "strict_ssl"),
    profiles=("default", "cis"),
    aliases=("CKV2_DOCKER_5", "CKV2_DOCKER_6"),
)
def tls_check_switched_off(env: Env) -> Findings:
    r"""Do not switch the check of certificates off for the whole image

    Everything that runs in the image, the finished program too, then talks to whoever answers.

    ```dockerfile bad
    FROM node:20
    ENV NODE_TLS_REJECT_UNAUTHORIZED=0
    ```
    ```dockerfile bad
    FROM debian:12
    ENV GIT_SSL_NO_VERIFY true
    ```
    ```dockerfile good
    FROM node:20
    ENV NODE_TLS_REJECT_UNAUTHORIZED=1 NODE_EXTRA_CA_CERTS=/etc/ssl/company.pem
    ```
    """
    for pair in env.pairs:
        name = pair.key.value
        value = (pair.value.value if pair.value is not None else "").strip("\"'").lower()
        switched = name in ("NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY") and value == "0"
        switched = switched or (name == "GIT_SSL_NO_VERIFY" and value in ("1", "true", "yes", "on"))
        switched = switched or (name.lower() == "npm_config_strict_ssl" and value == "false")
        if switched:
            yield report(pair)


@rule(
    "DL7003",
    "apt-unauthenticated",
    on=Command,
    named=("apt-get", "apt", "aptitude"),
    profiles=("default", "cis"),
    aliases=("CKV2_DOCKER_8", "CKV2_DOCKER_11", "CIS-4.11", "CIS-DI-0011"),
)
def apt_unauthenticated(command: Command) -> Findings:
    r"""Let apt check the signatures of packages

    Packages are installed as root; without the check they may come from anyone.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y --allow-unauthenticated curl
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    ```
    ```dockerfile bad
    FROM ubuntu:20.04
    RUN apt-get update && apt-get install --force-yes curl && apt-get -y --force-yes install git
    ```
    ```dockerfile unsafe
    FROM ubuntu:20.04
    RUN apt-get update && apt-get install -y curl && apt-get -y install git
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get -o Acquire::AllowInsecureRepositories=true update
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get update && apt-get install -y --no-allow-unauthenticated --allow-downgrades curl
    ```
    """
    call = package_call(command)
    if call is None or not in_run(command):
        return
    for option in call.options:
        word = next((w for w in command.args if w is option.word), None)
        if word is None:
            continue
        if option.name in ("--allow-unauthenticated", "--allow-insecure-repositories") and option.value is None:
            yield report(word, fix=_words_removed(word))
        elif option.name == "--force-yes":
            if call.has("-y", "--yes", "--assume-yes"):
                yield report(word, fix=_words_removed(word))
            elif word.text == "--force-yes" and command.script is not None:
                edit = Edit(word.start, word.end, "-y")
                purpose = ("option-of-user",)
                yield report(word, fix=Fix([edit], UNSAFE, "Write -y", purpose))
            else:
                yield report(word)
        elif option.name in ("-o", "--option") and option.value is not None and _INSECURE.match(option.value):
            yield report(word)


_INSECURE = re.compile(
    r"(?:Acquire::AllowInsecureRepositories|APT::Get::AllowUnauthenticated)=[\"']?(?:true|1|yes)", re.I
)


@rule("DL7004", "apt-key-deprecated", on=Command, named=("apt-key",), severity=Severity.INFO)
def apt_key_deprecated(command: Command) -> Findings:
    r"""Put the key into /etc/apt/keyrings and name it in the source with signed-by

    A key of apt-key may sign for every repository, and Debian 13 and Ubuntu 24.10 have no such program any more.

    ```dockerfile bad
    FROM debian:12
    RUN curl -fsSL https://example.com/key.asc | apt-key add -
    ```
    ```dockerfile bad
    FROM debian:13
    RUN apt-key adv --keyserver keyserver.ubuntu.com --recv-keys 0123456789ABCDEF
    ```
    ```dockerfile good
    FROM debian:12
    RUN curl -fsSL https://example.com/key.asc -o /etc/apt/keyrings/example.asc
    RUN apt-key list
    ```
    """
    if not in_run(command) or command.operand("add", "adv") is None:
        return
    image = image_of(command.instruction.stage)
    gone = False
    if image is not None and image.explicit and image.release and image.distro in ("debian", "ubuntu"):
        numbers = [int(part) for part in image.release.split(".") if part.isdigit()]
        gone = numbers >= ([13] if image.distro == "debian" else [24, 10]) and bool(numbers)
    if gone:
        assert image is not None and image.distro is not None
        message = f"Put the key into /etc/apt/keyrings: {image.distro.capitalize()} {image.release} has no apt-key"
        yield report(program(command), message, severity=Severity.ERROR)
    else:
        yield report(program(command))


_DEAD = re.compile(r"(?:[\w-]+\.)*sks-keyservers\.net|keys\.gnupg\.net|(?:[\w-]+\.)?pool\.sks-keyservers\.net")


@rule("DL7005", "run-dead-keyserver", on=Run, mentions=("sks-keyservers", "gnupg.net"), severity=Severity.ERROR)
def run_dead_keyserver(run: Run) -> Findings:
    r"""Ask a key server that still runs

    The pool of sks-keyservers.net was given up in 2021, and keys.gnupg.net led there: the key is not found.

    ```dockerfile bad
    FROM debian:12
    RUN gpg --keyserver ha.pool.sks-keyservers.net --recv-keys 0123456789ABCDEF
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN gpg --keyserver keyserver.ubuntu.com --recv-keys 0123456789ABCDEF
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-key adv --keyserver hkp://p80.pool.sks-keyservers.net:80 --recv-keys 0123456789ABCDEF
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-key adv --keyserver hkp://keyserver.ubuntu.com:80 --recv-keys 0123456789ABCDEF
    ```
    One of several that are tried in turn does no harm:
    ```dockerfile good
    FROM debian:12
    RUN for server in ha.pool.sks-keyservers.net keyserver.ubuntu.com; do \
        gpg --keyserver "$server" --recv-keys 0123456789ABCDEF && break; \
        done
    RUN gpg --keyserver ha.pool.sks-keyservers.net --recv-keys 0123456789ABCDEF \
        || gpg --keyserver keyserver.ubuntu.com --recv-keys 0123456789ABCDEF
    RUN gpg --keyserver keys.openpgp.org --recv-keys 0123456789ABCDEF
    ```
    """
    commands = run.commands
    servers = [word for command in commands if command.name in _ASKING for word in _server(command)]
    alive = any(not _DEAD.search(word.text) for word in servers)
    if alive and "||" in run.syntax.map.text:
        return
    for word in servers:
        match = _DEAD.search(word.text)
        if match is None:
            continue
        fix = None
        if word.end - word.start == len(word.text) and not run.in_onbuild:
            edit = Edit(word.start + match.start(), word.start + match.end(), "keyserver.ubuntu.com")
            fix = Fix([edit], UNSAFE, "Ask keyserver.ubuntu.com", ("option-of-user",))
        yield report(word, fix=fix)


_ASKING = frozenset({"gpg", "gpg2", "apt-key", "pacman-key"})


def _server(command: Command) -> Iterator[Word]:
    for number, word in enumerate(command.args):
        if word.text == "--keyserver" and number + 1 < len(command.args):
            yield command.args[number + 1]
        elif word.text.startswith("--keyserver="):
            yield word
