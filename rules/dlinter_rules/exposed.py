"""Ports that are exposed, probed and served: they have to be the same."""

from __future__ import annotations

from dlinter import UNSAFE, Edit, Expose, Findings, Fix, Healthcheck, Stage, Word, report, rule
from dlinter_grammar import regex as re
from dlinter_rules.serving import MENTIONS, serving
from dlinter_rules.started import started

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_URL = re.compile(r"(?:https?://)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d+))?(?=[/?\"'\s]|$)")
#: what runs one program of one's own
_RUNTIME = re.compile(r"node|python[\d.]*|java|ruby|dotnet|deno|bun")


@rule("DL2128", "expose-mismatch", on=Stage, mentions=MENTIONS)
def expose_mismatch(stage: Stage) -> Findings:
    r"""Expose the port that the server listens on

    What publishes the exposed ports, and whoever reads the file, reaches nothing there.

    ```dockerfile bad
    FROM python:3.12
    EXPOSE 80
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]
    ```
    ```dockerfile unsafe
    FROM python:3.12
    EXPOSE 8000
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]
    ```
    ```dockerfile bad
    FROM python:3.12
    EXPOSE 8080 8443
    CMD uvicorn --host 0.0.0.0 app:app
    ```
    ```dockerfile bad
    FROM python:3.12
    ENV PORT=9000
    EXPOSE 8000
    CMD exec gunicorn --bind 0.0.0.0:$PORT app:app
    ```
    ```dockerfile unsafe
    FROM python:3.12
    ENV PORT=9000
    EXPOSE 9000
    CMD exec gunicorn --bind 0.0.0.0:$PORT app:app
    ```
    What stands on the command line takes precedence over gunicorn's configuration:
    ```dockerfile bad
    FROM python:3.12
    EXPOSE 80 443
    CMD ["gunicorn", "-c", "gunicorn.conf.py", "-b", ":8000", "app:app"]
    ```
    ```dockerfile good
    FROM python:3.12
    EXPOSE 8000-8010
    CMD ["gunicorn", "-b", "0.0.0.0:8001", "app:app"]
    ```
    ```dockerfile good
    FROM python:3.12
    ARG PORT
    EXPOSE $PORT
    CMD ["flask", "run", "--host", "0.0.0.0"]
    ```
    Configuration may name the port, and another server may stand in front:
    ```dockerfile good
    FROM python:3.12
    EXPOSE 80
    CMD ["gunicorn", "-c", "gunicorn.conf.py", "app:app"]
    ```
    ```dockerfile good
    FROM ruby:3.4
    EXPOSE 3000
    CMD ["puma", "-C", "config/puma.rb", "-p", "9292"]
    ```
    ```dockerfile good
    FROM python:3.12
    EXPOSE 5002
    CMD ["flask", "run", "--host", "0.0.0.0"]
    ```
    ```dockerfile good
    FROM python:3.12
    EXPOSE 80
    CMD service nginx start && gunicorn -b 127.0.0.1:8000 app:app
    ```
    """
    facts = stage.file.facts
    if facts.children(stage) or not facts.ships(stage):
        return
    ports = facts.ports(stage)
    ranges = _ranges(stage)
    if not ports or ranges is None:
        return
    server = serving(stage)
    if server is None or any(first <= server.port <= last for first, last in ranges):
        return
    expose = next(reversed(ports.values()))
    message = f"{server.name} listens on {server.port}"
    yield report(expose.args[-1] if expose.args else expose, message, _exposing(expose, server.port, len(ports)))


def _ranges(stage: Stage) -> list[tuple[int, int]] | None:
    """First and last of the TCP ports exposed, None where one of them is not known."""
    facts = stage.file.facts
    found: list[tuple[int, int]] = []
    for expose in facts.before(stage, Expose):
        for expansion in facts.expansions(expose):
            if expansion.result.words is None or ("$" in expansion.token.value and not expansion.result.words):
                return None
            for word in expansion.result.words:
                port, _, protocol = word.rpartition(":")[2].partition("/")
                first, _, last = port.partition("-")
                if not first.isdecimal() or not (last or first).isdecimal():
                    return None
                if protocol.lower() in ("", "tcp"):
                    found.append((int(first), int(last or first)))
    return found


def _exposing(expose: Expose, port: int, count: int) -> Fix | None:
    """The port in the place of the only one that is exposed."""
    token = expose.args[0] if expose.args else None
    if token is None or count != 1 or len(expose.args) != 1 or not token.text.isdecimal() or expose.in_onbuild:
        return None
    return Fix([Edit(token.start, token.end, str(port))], UNSAFE, f"Write {port}", ("option-of-user",))


@rule("DL2129", "healthcheck-wrong-port", on=Healthcheck)
def healthcheck_wrong_port(healthcheck: Healthcheck) -> Findings:
    r"""Probe the port that the server listens on

    The container is never healthy, and what waits for it never starts.

    ```dockerfile bad
    FROM python:3.12
    EXPOSE 8000
    HEALTHCHECK CMD curl -f http://localhost:8080/health || exit 1
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]
    ```
    ```dockerfile bad
    FROM node:22
    EXPOSE 3000
    HEALTHCHECK CMD ["wget", "-q", "--spider", "http://127.0.0.1/"]
    CMD ["node", "server.js"]
    ```
    ```dockerfile good
    FROM node:22
    EXPOSE 3000
    HEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1
    CMD ["node", "server.js"]
    ```
    Where the file does not tell, the port may be right, and scripts may start several servers:
    ```dockerfile good
    FROM mariadb:11
    EXPOSE 3306
    HEALTHCHECK CMD curl -f http://localhost:8080/ || exit 1
    ENTRYPOINT ["start.sh"]
    ```
    ```dockerfile good
    FROM alpine:3.20
    EXPOSE 8080
    HEALTHCHECK CMD curl -f http://localhost:5000/ || exit 1
    CMD (flask run > /dev/null 2>&1) & (python3 server.py)
    ```
    ```dockerfile good
    FROM nginx:1.27
    HEALTHCHECK CMD curl -f http://localhost:8080/ || exit 1
    ```
    ```dockerfile good
    FROM python:3.12
    ENV ADMIN_PORT=9000
    EXPOSE 8000
    HEALTHCHECK CMD curl -f http://localhost:9000/ || exit 1
    CMD ["python", "server.py"]
    ```
    """
    stage = healthcheck.stage
    if stage is None or healthcheck.in_onbuild or stage.file.facts.healthcheck(stage) is not healthcheck:
        return
    facts = stage.file.facts
    ranges = _ranges(stage)
    probed = list(_probed(healthcheck))
    if len({port for _, port in probed}) != 1 or facts.children(stage):
        return
    word, port = probed[0]
    server = serving(stage)
    if server is not None:
        if server.port != port and not any(first <= port <= last for first, last in ranges or ()):
            yield report(word, f"{server.name} listens on {server.port}, this asks {port}")
        return
    if not ranges or any(first <= port <= last for first, last in ranges) or _mentioned(healthcheck, port):
        return
    programs = list(started(stage))
    if len(programs) != 1 or not _RUNTIME.fullmatch(programs[0].name):
        return
    image = facts.image(stage)
    if image is None or str(port) in image.ports or f"{port}/tcp" in image.ports:
        return
    exposed = ", ".join(str(first) for first, _ in ranges)
    yield report(word, f"Nothing in this file listens on {port}: it exposes {exposed}")


def _probed(healthcheck: Healthcheck) -> Iterator[tuple[Word, int]]:
    """The ports of the container itself that curl and wget ask."""
    for command in healthcheck.commands:
        if command.name not in ("curl", "wget"):
            continue
        for word in command.args:
            text = word.value if word.value is not None else word.text
            found = _URL.match(text.strip("\"'"))
            if found is not None and ("://" in text or found[1] or word is command.args[-1]):
                yield word, int(found[1]) if found[1] else 443 if text.startswith("https") else 80


def _mentioned(healthcheck: Healthcheck, port: int) -> bool:
    """True if another instruction of the image has the number in it, or a web server is on the usual port."""
    number = re.compile(rf"(?<!\d){port}(?!\d)")
    file, stage = healthcheck.file, healthcheck.stage
    chain = () if stage is None else file.facts.chain(stage)
    others = [*file.preamble, *(each for step in chain for each in step.instructions if each is not healthcheck)]
    if port in (80, 443) and any(server in each.text.lower() for each in others for server in _WEB_SERVERS):
        return True
    return any(number.search(each.syntax.map.text) for each in others)


_WEB_SERVERS = ("nginx", "apache", "httpd", "caddy", "haproxy", "traefik", "php")
