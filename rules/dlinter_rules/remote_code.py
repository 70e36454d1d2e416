"""Programs from the network that nothing verifies."""

from __future__ import annotations

from posixpath import basename

from dlinter import Add, Command, Findings, Run, Severity, Stage, report, rule
from dlinter.scripts import SH_LIKE
from dlinter_grammar import regex as re
from dlinter_grammar.shell_nodes import Pipeline, Simple, Substitution, simple_commands, walk
from dlinter_rules.common import in_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.scripts import Script
    from dlinter_grammar.shell_nodes import Node

_FETCH = ("curl", "wget")
_INTERPRETERS = re.compile(r"(?:ba|da|a|z|k)?sh|python[\d.]*|perl|ruby|node|php|pwsh|gosu|su|sudo")
#: what tells a file that was changed from one that was not
_VERIFIED = re.compile(
    r"\b(?:(?:g|b2|b3|sha\d*|sha3-?\d*|md5)sum|shasum|sha(?:1|224|256|384|512)|gpgv?2?|cosign|minisign|signify|rekor-cli"
    r"|openssl|slsa-verifier|rhash|ssh-keygen|md5|checksum|digest|apk|verify|rpmkeys)\b",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(
    r"\.(?:tar(?:\.\w+)?|t[gbx]z2?|tbz|zip|gz|bz2|xz|zst|7z|deb|rpm|apk|jar|war|whl|run|bin|AppImage)$"
)
_UNPACKERS = frozenset({
    "tar", "bsdtar", "unzip", "gunzip", "bunzip2", "unxz", "7z", "7za", "7zr", "dpkg", "rpm", "gdebi", "jar", "install",
    "gzip", "bzip2", "xz",
})  # fmt: skip


@rule(
    "DL7007",
    "run-curl-pipe-shell",
    on=Run,
    mentions=("curl", "wget"),
    profiles=("cis",),
    aliases=("DF021", "DD054", "CIS-4.11"),
)
def run_curl_pipe_shell(run: Run) -> Findings:
    r"""Download a script to a file and check it before it runs

    Whoever holds the server, or the network without https, decides what the build does.

    ```dockerfile bad
    FROM debian:12
    RUN curl -fsSL https://example.com/install.sh | sh
    ```
    ```dockerfile bad
    FROM debian:12
    RUN wget -qO- https://example.com/install.py | sudo -E python3 -
    ```
    ```dockerfile bad
    FROM debian:12
    RUN sh -c "$(curl -fsSL https://example.com/install.sh)"
    ```
    ```dockerfile bad
    FROM debian:12
    SHELL ["/bin/bash", "-c"]
    RUN bash <(curl -fsSL https://example.com/install.sh)
    ```
    ```dockerfile good
    FROM debian:12
    RUN curl -fsSLO https://example.com/install.sh \
     && echo "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef  install.sh" | sha256sum -c - \
     && sh install.sh
    RUN curl -fsSL https://example.com/list.json | python3 -c 'import json, sys; print(json.load(sys.stdin))'
    RUN curl -fsSL https://example.com/app.tgz | tar -xz
    RUN version=$(curl -fsSL https://example.com/latest) && echo "$version"
    ```
    """
    for script in run.scripts:
        if script.root is None or script.dialect not in SH_LIKE:
            continue
        for node in walk(script.root):
            if isinstance(node, Pipeline):
                fetches = [number for number, each in enumerate(node.commands) if _fetches(each)]
                if fetches and any(_reads_program(each) for each in node.commands[fetches[0] + 1 :]):
                    yield report(script.token(node))
            elif isinstance(node, Simple) and _runs_substitution(node):
                yield report(script.token(node))


def _fetches(node: Node) -> bool:
    """True for ``curl URL``, and for a group whose last command that is."""
    return any(_program(simple) in _FETCH for simple in simple_commands(node))


def _program(simple: Simple) -> str:
    """The program behind sudo and env, without its folder."""
    for word in simple.words:
        text = (word.value or "").rsplit("/", 1)[-1]
        if text not in ("sudo", "env", "exec", "command", "time", "nice") and text[:1] != "-" and "=" not in text:
            return text
    return ""


def _reads_program(node: Node) -> bool:
    """True for an interpreter that runs what it reads: no script and no -c among its words."""
    if not isinstance(node, Simple):
        return False
    name = _program(node)
    if not _INTERPRETERS.fullmatch(name) or name in ("su", "gosu", "sudo"):
        return False
    at = next(number for number, word in enumerate(node.words) if (word.value or "").rsplit("/", 1)[-1] == name)
    for word in node.words[at + 1 :]:
        text = word.value if word.value is not None else word.text
        if text in ("-", "-s", "--", "/dev/stdin") or (name.endswith("sh") and text.startswith("-") and "s" in text):
            return True
        if text[:1] != "-" or re.fullmatch(r"-\w*[cenrm]\w*", text):
            return name.endswith("sh") and re.fullmatch(r"-[eux]+", text) is not None and len(node.words) == at + 2
    return True


def _runs_substitution(simple: Simple) -> bool:
    """True for ``sh -c "$(curl …)"``, ``bash <(curl …)`` and ``eval "$(curl …)"``."""
    name = _program(simple)
    if name not in ("eval", "source", ".") and not (_INTERPRETERS.fullmatch(name) and name.endswith("sh")):
        return False
    for word in simple.words:
        for part in word.parts:
            if isinstance(part, Substitution) and part.script is not None and part.kind != ">(":
                if part.kind != "<(" and name.endswith("sh") and not any(w.value == "-c" for w in simple.words):
                    continue
                if any(_program(inner) in _FETCH for inner in simple_commands(part.script)):
                    return True
    return False


@rule(
    "DL7008",
    "download-without-checksum",
    on=(Run, Add),
    mentions=("://",),
    severity=Severity.INFO,
    profiles=("cis",),
    aliases=("S6474", "CIS-4.11", "CIS-DI-0011"),
)
def download_without_checksum(instruction: Run | Add) -> Findings:
    r"""Compare a download with its checksum before it is unpacked or run

    A file that was exchanged on the server gets into the image, and nobody sees it.

    ```dockerfile bad
    FROM debian:12
    RUN curl -fsSLO https://example.com/app-1.2.tar.gz && tar -xzf app-1.2.tar.gz -C /opt
    ```
    ```dockerfile bad
    FROM debian:12
    RUN wget -O /usr/local/bin/tool https://example.com/tool && chmod +x /usr/local/bin/tool
    ```
    ```dockerfile bad
    FROM debian:12
    RUN curl -fsSL https://example.com/app.tgz | tar -xz -C /opt
    ```
    ```dockerfile bad
    FROM debian:12
    ADD https://example.com/tool.tar.gz /tmp/
    RUN tar -xf /tmp/tool.tar.gz
    ```
    ```dockerfile good
    FROM debian:12
    RUN curl -fsSLO https://example.com/app-1.2.tar.gz \
     && echo "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef  app-1.2.tar.gz" | sha256sum -c - \
     && tar -xzf app-1.2.tar.gz -C /opt
    RUN wget https://example.com/app.zip https://example.com/app.zip.asc && gpg --verify app.zip.asc && unzip app.zip
    ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/a.tgz /a
    RUN tar -xf /a
    RUN curl -fsSL https://example.com/data.json -o /srv/data.json
    ```
    """
    if isinstance(instruction, Add):
        yield from _added(instruction)
        return
    if _VERIFIED.search(instruction.syntax.map.text) or instruction.in_onbuild:
        return
    piped = {id(simple) for script in instruction.scripts for simple in _piped(script)}
    for command in instruction.commands:
        if command.name not in _FETCH or not in_run(command):
            continue
        url = next((word for word in command.args if "://" in word.text), None)
        if url is None or any("localhost" in word.text or "127.0.0.1" in word.text for word in command.args):
            continue
        name = _target(command, url.value or url.text)
        if id(command.simple) in piped or (name and _used(name, command)):
            yield report(url)


def _piped(script: Script) -> Iterator[Simple]:
    """The downloads that go into a program that unpacks."""
    for node in walk(script.root) if script.root is not None else ():
        if isinstance(node, Pipeline):
            for number, each in enumerate(node.commands[:-1]):
                following = [_program(one) for later in node.commands[number + 1 :] for one in simple_commands(later)]
                if isinstance(each, Simple) and _program(each) in _FETCH and "tar" in following:
                    yield each


def _target(command: Command, url: str) -> str:
    """The name under which the download is kept, "" if that is not known."""
    options = ("-o", "--output") if command.name == "curl" else ("-O", "--output-document")
    for number, word in enumerate(command.args):
        text = word.value if word.value is not None else word.text
        name, equals, value = text.partition("=")
        if name in options and equals:
            return basename(value)
        short = re.fullmatch(r"-[a-zA-Z]*[oO]", text)
        if (text in options or (short is not None and text[-1] == options[0][1])) and number + 1 < len(command.args):
            return basename(command.args[number + 1].text.strip("\"'"))
    if command.simple is not None:
        for redirect in command.simple.redirects:
            if redirect.operator == ">" and redirect.fd in ("", "1"):
                return basename(redirect.target.text.strip("\"'"))
    return basename(url.strip("\"'").split("?")[0])


def _used(name: str, fetch: Command) -> bool:
    """True if the file *name* is unpacked, made executable or run in the rest of the step."""
    return any(command.start > fetch.start and _executes(command, name) for command in fetch.instruction.commands)


def _executes(command: Command, name: str) -> bool:
    texts = [basename(word.text.strip("\"'")) for word in command.args]
    stem = any(_ARCHIVE.search(name) and text == name.rsplit(".", 1)[0] for text in texts)
    pattern = any("*" in text and text.rpartition("*")[2] and name.endswith(text.rpartition("*")[2]) for text in texts)
    if name not in texts and not stem and not pattern:
        return command.name == name
    if command.name == "chmod":
        return any(re.fullmatch(r"[ugoa]*\+\w*x\w*|0?[0-7]*[1357][0-7]*", word.text) for word in command.args)
    return command.name in _UNPACKERS or _INTERPRETERS.fullmatch(command.name) is not None or command.name == "java"


def _added(add: Add) -> Findings:
    if add.flag("checksum") is not None or add.stage is None:
        return
    for source in add.sources:
        if not source.value.startswith(("http://", "https://")):
            continue
        name = basename((add.destination.value if add.destination is not None else "").rstrip("."))
        name = name or basename(source.value.split("?")[0])
        later = [run for run in _runs(add.stage) if run.index > add.index]
        if not name or any(_VERIFIED.search(run.syntax.map.text) for run in later):
            continue
        if any(_executes(command, name) for run in later for command in run.commands):
            yield report(source)


def _runs(stage: Stage) -> list[Run]:
    return [each for each in stage.of(Run) if isinstance(each, Run)]
