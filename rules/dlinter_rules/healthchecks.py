"""HEALTHCHECK."""

from __future__ import annotations

from dlinter import UNSAFE, Command, Dockerfile, Findings, Fix, Healthcheck, Severity, report, rule
from dlinter.shell_edits import insert_words
from dlinter_grammar.shell_nodes import AndOr, Simple
from dlinter_rules.common import program


@rule(
    "DL3057",
    "healthcheck-missing",
    on=Dockerfile,
    severity=Severity.INFO,
    profiles=("cis",),
    aliases=("DS-0026", "CKV_DOCKER_2", "DF012", "CIS-4.6", "CIS-DI-0006", "DD012"),
)
def healthcheck_missing(file: Dockerfile) -> Findings:
    r"""Say with HEALTHCHECK how to tell that the container works

    Docker and Compose restart what fails its check; Kubernetes has probes of its own and ignores it.

    ```dockerfile bad
    FROM nginx:1.27
    COPY site /usr/share/nginx/html
    ```
    Only the image that is built counts, with what it takes over from its parent stages:
    ```dockerfile good
    FROM golang:1.22 AS build
    RUN go build -o /app
    FROM debian:12 AS base
    HEALTHCHECK CMD ["/app", "check"]
    FROM base
    COPY --from=build /app /app
    ```
    ```dockerfile good
    FROM nginx:1.27
    HEALTHCHECK NONE
    ```
    """
    for stage in file.facts.graph.targets:
        if file.facts.healthcheck(stage) is None:
            yield report(stage.base)


@rule("DL2130", "healthcheck-always-passes", on=Healthcheck)
def healthcheck_always_passes(healthcheck: Healthcheck) -> Findings:
    r"""Let the health check fail when the server does

    What always succeeds tells nothing: the container counts as healthy whatever happens in it.

    ```dockerfile bad
    FROM nginx:1.27
    HEALTHCHECK CMD curl --fail http://localhost/ || true
    ```
    ```dockerfile bad
    FROM nginx:1.27
    HEALTHCHECK CMD curl --fail http://localhost/; exit 0
    ```
    ```dockerfile bad
    FROM nginx:1.27
    HEALTHCHECK CMD ["echo", "ok"]
    ```
    Without `--fail` curl is content with any answer, that of a broken server too:
    ```dockerfile bad
    FROM nginx:1.27
    HEALTHCHECK CMD curl -s http://localhost/ || exit 1
    ```
    ```dockerfile unsafe
    FROM nginx:1.27
    HEALTHCHECK CMD curl --fail -s http://localhost/ || exit 1
    ```
    ```dockerfile good
    FROM nginx:1.27
    HEALTHCHECK CMD curl -sf http://localhost/ || exit 1
    ```
    ```dockerfile good
    FROM nginx:1.27
    HEALTHCHECK CMD curl -s http://localhost/ | grep -q ready
    ```
    ```dockerfile good
    FROM nginx:1.27
    HEALTHCHECK CMD test "$(curl -s -o /dev/null -w '%{http_code}' http://localhost/)" = 200
    ```
    ```dockerfile good
    FROM nginx:1.27
    HEALTHCHECK NONE
    ```
    """
    script = healthcheck.scripts[0] if healthcheck.scripts else None
    commands = healthcheck.commands
    if not commands or healthcheck.in_onbuild:
        return
    if script is None or script.root is None:
        if len(commands) == 1 and commands[0].name in _SUCCEEDING:
            yield report(program(commands[0]), f"{commands[0].name} always succeeds")
        elif len(commands) == 1:
            yield from _content(commands[0])
        return
    statements = script.root.statements
    last = statements[-1].node if statements else None
    if isinstance(last, AndOr) and last.operators[-1].text == "||":
        if _succeeds(last.items[-1]) and not any(_ends(item) for item in last.items):
            yield report(script.token(last.items[-1]), "With this it always succeeds: write || exit 1")
        elif len(statements) == 1 and len(last.items) == 2 and _fails(last.items[-1]):
            yield from _content(commands[0])
    elif last is not None and _succeeds(last) and not any(command.name in _DECIDING for command in commands):
        if len(statements) == 1 or len(commands) == len(statements):
            yield report(script.token(last), "With this it always succeeds")
    elif len(commands) == 1 and isinstance(last, Simple):
        yield from _content(commands[0])


_SUCCEEDING = frozenset({"true", ":", "echo", "printf"})
#: what can end a script before its end, or choose between two
_DECIDING = frozenset({"set", "test", "[", "[[", "if", "case", "trap"})


def _succeeds(node: object) -> bool:
    """True for ``true``, ``exit 0`` and ``echo``."""
    if not isinstance(node, Simple) or not node.words:
        return False
    texts = [word.value for word in node.words]
    return texts[0] in _SUCCEEDING or texts == ["exit", "0"]


def _fails(node: object) -> bool:
    return isinstance(node, Simple) and [w.value for w in node.words] in (
        ["exit", "1"],
        ["exit"],
        ["false"],
        ["kill", "1"],
    )


def _ends(node: object) -> bool:
    """True for what ends the script with a failure."""
    texts = [word.value for word in node.words] if isinstance(node, Simple) else []
    return len(texts) == 2 and texts[0] == "exit" and texts[1] != "0"


def _content(command: Command) -> Findings:
    """curl without --fail."""
    if command.name != "curl" or command.wrappers or command.option("-f", "--fail", "--fail-with-body") is not None:
        return
    urls = [word for word in command.args if word.text.strip("\"'").startswith(("http", "localhost", "127.0.0.1", "$"))]
    if len(urls) != 1 or command.option("-w", "--write-out", "-K", "--config", "--unix-socket", "-T") is not None:
        return
    fix = Fix([insert_words(program(command), "--fail")], UNSAFE, "Add --fail", ("option-of-user:words-added=--fail",))
    message = "curl succeeds with any answer, an error of the server too: add --fail"
    yield report(program(command), message, fix, severity=Severity.INFO)
