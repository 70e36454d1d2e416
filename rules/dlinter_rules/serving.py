"""The port on which a container's server listens, where its command says so."""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_rules.common import certainly_runs
from dlinter_rules.started import Started, started

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from dlinter import Stage


class Server:
    """A program that serves, by its first words, with the options that give its port.

    ``default`` is the port where no option does, 0 where that is not sure; ``variables`` may give another, and so may
    what the options ``exempt`` name.
    """

    __slots__ = ("default", "exempt", "options", "variables", "words")

    def __init__(self, words: str, options: str, default: int = 0, *, variables: str = "", exempt: str = "") -> None:
        self.words = words.split()
        self.options = options.split()
        self.default = default
        self.variables = variables.split()
        self.exempt = exempt.split()


#: from the documentation of each
_SERVERS = (
    Server("uvicorn", "--port", 8000, variables="UVICORN_PORT", exempt="--uds --fd --env-file"),
    Server("gunicorn", "--bind -b"),
    Server("hypercorn", "--bind -b"),
    Server("daphne", "--port -p", 8000, exempt="-u --unix-socket -e --endpoint --fd -f"),
    Server("flask run", "--port -p"),  # .flaskenv may give another one
    Server("waitress-serve", "--port --listen"),
    Server("fastapi run", "--port", 8000),
    Server("fastapi dev", "--port", 8000),
    Server("streamlit run", "--server.port"),
    Server("python -m http.server", "", 8000),
    Server("python3 -m http.server", "", 8000),
    Server("python -m SimpleHTTPServer", "", 8000),
    Server("python manage.py runserver", "", 8000),
    Server("python3 manage.py runserver", "", 8000),
    Server("manage.py runserver", "", 8000),
    Server("php -S", "-S"),
    Server("php artisan serve", "--port", 8000, variables="SERVER_PORT"),
    Server("rails server", "-p --port"),
    Server("rails s", "-p --port"),
    Server("rackup", "-p --port"),
    Server("puma", "-p --port -b --bind", exempt="-C --config"),
    Server("thin start", "-p --port"),
    Server("http-server", "-p --port"),
    Server("hugo server", "-p --port", 1313),
    Server("next start", "-p --port"),
    Server("ng serve", "--port"),
    Server("mlflow server", "-p --port", variables="MLFLOW_PORT"),
    Server("jupyter notebook", "--port", exempt="--config"),
    Server("jupyter lab", "--port", exempt="--config"),
    Server("json-server", "--port -p"),
)
_BY_NAME: dict[str, list[Server]] = {}
for _known in sorted(_SERVERS, key=lambda server: -len(server.words)):
    _BY_NAME.setdefault(_known.words[0], []).append(_known)
#: what a file has to have for one of them to be in it
MENTIONS = tuple(sorted({server.words[0].removeprefix("python ") for server in _SERVERS}))
#: others that a script starts as well, or that stand in front
_OTHERS = re.compile(
    r"\b(?:nginx|apache2?(?:ctl)?|httpd|caddy|haproxy|traefik|supervisord|service|socat|cloudflared|ngrok|envoy)\b"
    r"|[^&>]&[^&>\d]"
)
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?-(\d+))?\})")
_PLACE = re.compile(r"(?:tcp://|http://)?(?:.*:)?(\d{1,5})/?")


class Serving:
    """A server: the ``port`` it listens on, and how it was ``started``."""

    __slots__ = ("name", "port", "started")

    def __init__(self, name: str, port: int, started: Started) -> None:
        self.name = name
        self.port = port
        self.started = started


def serving(stage: Stage) -> Serving | None:
    """The one server that a container of *stage* certainly starts; None where that is not known."""
    facts = stage.file.facts
    entrypoint = facts.entrypoint(stage)
    programs = list(started(stage))
    if any(each.command.script is not None and _OTHERS.search(each.command.script.text) for each in programs):
        return None
    if entrypoint is not None and not any(each.command.instruction is entrypoint for each in programs):
        return None
    environment = {name: value for name, value in facts.env(stage).items() if _of_image(stage, name)}
    found: list[Serving] = []
    for each in programs:
        server = _server(each)
        if server is None or not certainly_runs(each.command):
            continue
        port = _port(each, server, environment)
        if port is None or not 0 < port < 65536:
            return None
        found.append(Serving(" ".join(server.words), port, each))
    return found[0] if len(found) == 1 else None


def _of_image(stage: Stage, name: str) -> bool:
    """True for a variable that ENV sets: an argument is gone when the container starts."""
    variable = stage.file.facts.variable(name, stage)
    return variable is not None and variable.origin in ("env", "image")


def _server(each: Started) -> Server | None:
    words = [word.value for word in [each.program, *each.args]]
    words[0] = each.name
    for server in _BY_NAME.get(each.name, ()):
        if words[: len(server.words)] == server.words:
            return server
    return None


def _port(each: Started, server: Server, environment: Mapping[str, str | None]) -> int | None:
    if any(each.value(option) for option in server.exempt):
        return None
    texts = [word.value if word.value is not None else word.text for word in each.args]
    if not server.options:
        rest = [text for text in texts[len(server.words) - 1 :] if text[:1] != "-"]
        return _number(each, rest[0], environment) if rest else _default(each, server, environment)
    values: list[str] = []
    for number, text in enumerate(texts):
        name, equals, value = text.partition("=")
        if name in server.options:
            values.append(value if equals else texts[number + 1] if number + 1 < len(texts) else "")
        elif text[:2] in server.options and len(text) > 2 and text[:2] != "--":
            values.append(text[2:])
    if len(values) > 1:
        return None
    return _number(each, values[0], environment) if values else _default(each, server, environment)


def _default(each: Started, server: Server, environment: Mapping[str, str | None]) -> int | None:
    if not server.default or any(name in environment for name in server.variables):
        return None
    return None if any(word.value is None for word in each.args) else server.default


def _number(each: Started, text: str, environment: Mapping[str, str | None]) -> int | None:
    """The port in ``8000``, ``0.0.0.0:8000``, ``tcp://[::]:80`` and, in a shell, ``$PORT``."""
    text = text.strip("\"'")
    if "$" in text:
        if each.command.script is None:
            return None
        known = True

        def put(match: re.Match[str]) -> str:
            nonlocal known
            value = environment.get(match[1] or match[2], match[3])
            known = known and value is not None
            return value or ""

        text = _VARIABLE.sub(put, text)
        if not known or "$" in text:
            return None
    found = _PLACE.fullmatch(text)
    return int(found[1]) if found is not None else None
