"""Go."""

from __future__ import annotations

from dlinter import UNSAFE, Add, Command, Copy, Findings, Fix, Severity, replace, report, rule
from dlinter_grammar import regex as re
from dlinter_grammar.nodes import Span
from dlinter_rules.common import certain, certainly_runs, commands_before, failure_ends, image_of, in_run, program


@rule("DL8701", "go-get-to-install-binary", on=Command, named=("go",), severity=Severity.ERROR)
def go_get_to_install_binary(command: Command) -> Findings:
    r"""Install programs with go install PACKAGE@VERSION

    Since Go 1.18 go get changes the go.mod of a module and installs nothing; outside a module it fails.

    ```dockerfile bad
    FROM golang:1.22
    RUN go get -u github.com/example/tool
    ```
    ```dockerfile unsafe
    FROM golang:1.22
    RUN go install github.com/example/tool@latest
    ```
    ```dockerfile bad
    FROM golang:alpine
    RUN apk add --no-cache git && go get github.com/example/tool@v1.2 github.com/example/other
    ```
    ```dockerfile good
    FROM golang:1.22
    WORKDIR /app
    COPY go.mod ./
    RUN go get github.com/example/library
    ```
    ```dockerfile good
    FROM golang:1.22
    RUN mkdir app && cd app && go mod init example.com/app && go get github.com/example/library
    RUN go install github.com/example/tool@latest
    ```
    ```dockerfile good
    FROM golang:1.16
    RUN go get github.com/example/tool
    ```
    ```dockerfile good
    FROM golang:1.22
    ENV GO111MODULE=off
    RUN go get github.com/example/tool
    ```
    """
    instruction = command.instruction
    get = command.operand("get")
    image = image_of(instruction.stage)
    if get is None or not in_run(command) or command.assignments or not certain(instruction.stage) or image is None:
        return
    if (
        image.name != "golang"
        or not _since_18(image.version)
        or not (certainly_runs(command) and failure_ends(command))
    ):
        return
    facts = instruction.file.facts
    if "GO111MODULE" in facts.env(instruction) or next(facts.before(instruction, Copy, Add), None) is not None:
        return
    earlier = [other for other in instruction.commands if other.start < command.start] + list(
        commands_before(instruction)
    )
    if any(each.name in ("cd", "git", "tar", "export", "pushd") or _makes_module(each) for each in earlier):
        return
    if getattr(instruction, "mounts", ()):
        return
    packages = [word for word in command.args if word is not get and word.text[:1] != "-"]
    if packages:
        yield report(
            program(command),
            "go get installs nothing since Go 1.18 and fails outside a module: write go install",
            _installed(command),
        )


def _since_18(version: str | None) -> bool:
    """True for Go 1.18 and later, and for a tag that moves."""
    found = re.match(r"(\d+)(?:\.(\d+))?", version or "")
    return found is None or found[2] is None or (int(found[1]), int(found[2])) >= (1, 18)


def _makes_module(command: Command) -> bool:
    return command.name == "go" and command.operand("mod", "work") is not None


def _installed(command: Command) -> Fix | None:
    """``go install`` with a version, options of go get left out."""
    texts = [word.value for word in command.args]
    if None in texts or command.script is None or any(text in ("-d", "-t") for text in texts):
        return None
    packages = [text for text in texts[1:] if text is not None and text[:1] != "-"]
    rest = [text for text in texts[1:] if text is not None and text[:1] == "-" and text not in ("-u", "-v")]
    if texts[0] != "get" or rest or any("..." in text for text in packages) or len(packages) != 1:
        return None
    package = packages[0] if "@" in packages[0] else f"{packages[0]}@latest"
    verbose = "-v " if "-v" in texts else ""
    whole = Span(command.args[0].start, command.args[-1].end)
    return Fix([replace(whole, f"install {verbose}{package}")], UNSAFE, "Write go install", ("option-of-user",))
