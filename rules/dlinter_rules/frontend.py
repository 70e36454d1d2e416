"""The frontend that ``# syntax=`` names, and directives that stand where none is read."""

from __future__ import annotations

from dlinter import UNSAFE, Dockerfile, Edit, Findings, Fix, Severity, Token, report, rule
from dlinter_grammar import regex as re
from dlinter_grammar.directives import detect_directive, parse_directive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_IMAGE = re.compile(
    r"(?:docker\.io/)?docker/dockerfile(?:-upstream)?:(\d+)\.(\d+)(?:\.\d+)?(?:-rc\d+)?(-labs|-experimental)?"
)
#: instruction and flag -> first stable minor version of docker/dockerfile:1, and the first with the labs channel
#: (BuildKit's frontend/dockerfile/docs/reference.md and the notes of its releases)
_FLAGS: dict[tuple[str, str], tuple[int, int]] = {
    ("run", "mount"): (2, 0),
    ("run", "network"): (3, 1),
    ("run", "security"): (20, 1),
    ("run", "device"): (99, 14),
    ("copy", "chmod"): (2, 2),
    ("copy", "link"): (4, 4),
    ("copy", "exclude"): (19, 7),
    ("copy", "parents"): (20, 7),
    ("add", "chmod"): (2, 2),
    ("add", "link"): (4, 4),
    ("add", "checksum"): (6, 5),
    ("add", "keep-git-dir"): (6, 1),
    ("add", "exclude"): (19, 7),
    ("add", "unpack"): (17, 17),
    ("healthcheck", "start-interval"): (6, 6),
}
_HEREDOC = (4, 3)
_SECRET_ENV = (10, 10)
_SYMBOLIC = (14, 14)


@rule("DL2131", "syntax-directive-too-old", on=Dockerfile, mentions=("syntax",), severity=Severity.ERROR)
def syntax_directive_too_old(file: Dockerfile) -> Findings:
    r"""Name a frontend that knows what the file uses

    The frontend reads the file, whatever BuildKit is installed, and an old one refuses what came after it.

    ```dockerfile bad
    # syntax=docker/dockerfile:1.2
    FROM debian:12
    RUN <<EOF
    apt-get update
    EOF
    ```
    ```dockerfile unsafe
    # syntax=docker/dockerfile:1
    FROM debian:12
    RUN <<EOF
    apt-get update
    EOF
    ```
    ```dockerfile bad
    # syntax=docker/dockerfile:1.4
    FROM debian:12
    ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/a.tgz /
    ```
    ```dockerfile unsafe
    # syntax=docker/dockerfile:1
    FROM debian:12
    ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/a.tgz /
    ```
    ```dockerfile bad
    # syntax=docker/dockerfile:1.9
    FROM node:22
    RUN --mount=type=secret,id=token,env=TOKEN npm ci
    ```
    ```dockerfile unsafe
    # syntax=docker/dockerfile:1
    FROM node:22
    RUN --mount=type=secret,id=token,env=TOKEN npm ci
    ```
    ```dockerfile bad
    # syntax=docker/dockerfile:1.7
    FROM node:22
    COPY --parents packages/*/package.json ./
    ```
    ```dockerfile unsafe
    # syntax=docker/dockerfile:1
    FROM node:22
    COPY --parents packages/*/package.json ./
    ```
    ```dockerfile good
    # syntax=docker/dockerfile:1.7-labs
    FROM node:22
    COPY --parents --exclude=*.md packages ./
    ```
    ```dockerfile good
    # syntax=docker/dockerfile:1.3-labs
    FROM debian:12
    RUN --mount=type=cache,target=/root/.cache <<EOF
    apt-get update
    EOF
    ```
    ```dockerfile good
    # syntax=docker/dockerfile:1
    FROM debian:12
    COPY --link --chmod=u+x run /
    ```
    """
    value = detect_directive(file.text, "syntax")
    found = None if value is None else _IMAGE.fullmatch(value.split(" ")[0])
    directive = next((each for each in file.document.directives if each.name.value == "syntax"), None)
    if found is None or directive is None or found[1] != "1":
        return
    minor, labs = int(found[2]), bool(found[3])
    newest: tuple[int, Token, str] | None = None
    for at, what, (stable, early) in _uses(file):
        if minor < (early if labs else stable) and (newest is None or stable > newest[0]):
            newest = stable, at, what
    if newest is not None:
        stable, at, what = newest
        wanted = "docker/dockerfile:1-labs" if stable == 99 else "docker/dockerfile:1"
        since = "in the labs channel alone" if stable == 99 else f"since 1.{stable}"
        message = f"docker/dockerfile:1.{minor} refuses {what}, which is there {since}: write {wanted}"
        fix = Fix([Edit(directive.value.start, directive.value.end, wanted)], UNSAFE, f"Write {wanted}")
        yield report(at, message, fix)


def _uses(file: Dockerfile) -> Iterator[tuple[Token, str, tuple[int, int]]]:
    """What the file uses that not every frontend knows: where, its name, and since when."""
    for instruction in file.instructions:
        for flag in instruction.flags:
            token = Token(flag.start, flag.end, flag.name)
            since = _FLAGS.get((instruction.keyword, flag.name))
            if since is not None:
                yield token, f"{instruction.name.text} --{flag.name}", since
            value = flag.value.value if flag.value is not None else ""
            if flag.name == "chmod" and re.fullmatch(r"[ugoa]*[-+=][-+=,rwxXstugoa]*", value):
                yield token, f"--chmod={value}", _SYMBOLIC
            if flag.name == "mount" and _secret_env(value):
                yield token, "a secret with env=", _SECRET_ENV
        if instruction.heredocs:
            word = instruction.heredocs[0].word
            yield Token(word.start, word.end, ""), "a heredoc", _HEREDOC


def _secret_env(mount: str) -> bool:
    options = mount.split(",")
    return "type=secret" in options and any(option.startswith("env=") for option in options)


@rule("DL2132", "directive-not-first", on=Dockerfile, mentions=("syntax", "escape"))
def directive_not_first(file: Dockerfile) -> Findings:
    r"""Begin the file with its parser directives

    Behind a comment, a blank line or an instruction they are ordinary comments and have no effect.

    ```dockerfile bad
    # The web server

    # syntax=docker/dockerfile:1
    FROM debian:12
    ```
    ```dockerfile bad
    FROM mcr.microsoft.com/windows/servercore:ltsc2022
    # escape=`
    ```
    ```dockerfile good
    # syntax=docker/dockerfile:1
    # escape=`
    # The web server, syntax=docker/dockerfile:1 is needed
    FROM debian:12
    ```
    A first line that names an interpreter is allowed, and a remark is none:
    ```dockerfile good
    #!/usr/bin/env docker-build
    # syntax=docker/dockerfile:1
    FROM debian:12
    # syntax = see the manual
    RUN true
    ```
    """
    for comment in file.comments:
        line = file.text[comment.start : comment.end]
        directive = parse_directive(line, comment.start, 0)
        if directive is None or any(each.start == directive.start for each in file.document.directives):
            continue
        name, value = directive.name.value, directive.value.value
        if name == "syntax" and re.fullmatch(r"[\w.-]+(?::\d+)?(?:/[\w.-]+)+(?::[\w.-]+)?(?:@\S+)?", value):
            if detect_directive(file.text, "syntax") is None:
                yield report(comment, "This comment names no frontend: only the first lines of a file can")
        elif name == "escape" and value in ("`", "\\") and value != file.escape:
            yield report(comment, "This comment changes nothing: only the first lines of a file can")
