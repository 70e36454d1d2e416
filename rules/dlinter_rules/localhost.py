"""Servers that listen where nobody outside the container can reach them."""

from __future__ import annotations

from dlinter import UNSAFE, Edit, Findings, Fix, Severity, Stage, Word, report, rule
from dlinter.shell_edits import insert_words
from dlinter_grammar import regex as re
from dlinter_rules.started import Started, started

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_LOCAL = re.compile(r"(?:\w+://)?(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)(:\d+)?/?")
#: signs that another server in the container stands in front, or that the program is not the only one
_IN_FRONT = re.compile(
    r"\b(?:nginx|apache2?(?:ctl)?|httpd|caddy|haproxy|traefik|supervisord|service|ssh|cloudflared|ngrok)\b|[^&>]&[^&>\d]"
)
#: what says to frameworks where to listen when their call does not
_VARIABLES = ("GRADIO_SERVER_NAME", "HOST")


class Server:
    """A program that serves: its ``words``, the ``options`` that say where, the ``variables`` that do, and others.

    ``default`` tells whether it listens on localhost where nothing says otherwise; ``append`` is what to add then.
    ``exempt`` are options with which that does not hold.
    """

    __slots__ = ("append", "default", "exempt", "options", "variables", "words")

    def __init__(self, words: str, options: str, *, append: str = "", variables: str = "", exempt: str = "") -> None:
        self.words = words.split()
        self.options = options.split()
        self.append = append.split()
        self.default = bool(append)
        self.variables = variables.split()
        self.exempt = exempt.split()


#: from the documentation of each: where it listens by default, and how it is told otherwise
_SERVERS = (
    Server("flask run", "--host -h", append="--host=0.0.0.0", variables="FLASK_RUN_HOST"),
    Server(
        "uvicorn", "--host", append="--host 0.0.0.0", variables="UVICORN_HOST", exempt="--uds --fd --help --version"
    ),
    Server("fastapi dev", "--host", append="--host 0.0.0.0"),
    Server("fastapi run", "--host"),
    Server("gunicorn", "--bind -b"),
    Server("hypercorn", "--bind -b", append="--bind 0.0.0.0:8000", exempt="--config -c --quic-bind --insecure-bind"),
    Server("daphne", "--bind -b", append="--bind 0.0.0.0", exempt="-u --unix-socket -e --endpoint --fd -f"),
    Server("waitress-serve", "--host --listen"),
    Server("streamlit run", "--server.address"),
    Server("mlflow server", "--host -h", append="--host 0.0.0.0", variables="MLFLOW_HOST"),
    Server("mlflow ui", "--host -h", append="--host 0.0.0.0", variables="MLFLOW_HOST"),
    Server("jupyter notebook", "--ip", exempt="--config"),
    Server("jupyter lab", "--ip", exempt="--config"),
    Server("jupyter-notebook", "--ip", exempt="--config"),
    Server("jupyter-lab", "--ip", exempt="--config"),
    Server("php artisan serve", "--host", append="--host=0.0.0.0", variables="SERVER_HOST"),
    Server("php", "-S"),
    Server("hugo server", "--bind", append="--bind 0.0.0.0"),
    Server("hugo serve", "--bind", append="--bind 0.0.0.0"),
    Server("ng serve", "--host"),
    Server("next dev", "--hostname -H"),
    Server("next start", "--hostname -H"),
    Server("nuxt dev", "--host -H"),
    Server("vite", "--host"),
    Server("vite preview", "--host"),
    Server("http-server", "-a"),
    Server("puma", "-b --bind"),
    Server("rails server", "-b --binding"),
    Server("rails s", "-b --binding"),
    Server("redis-server", "--bind"),
    Server("mongod", "--bind_ip"),
    Server("code-server", "--bind-addr --host"),
)
_BY_NAME: dict[str, list[Server]] = {}
for _known in sorted(_SERVERS, key=lambda server: -len(server.words)):
    _BY_NAME.setdefault(_known.words[0], []).append(_known)
#: what a file has to have for one of them to be in it
_MENTIONS = (*sorted({server.words[0] for server in _SERVERS}), ".py", "python", "django-admin")


@rule("DL2114", "server-bound-to-localhost", on=Stage, mentions=_MENTIONS, severity=Severity.ERROR)
def server_bound_to_localhost(stage: Stage) -> Findings:
    r"""Let the server listen on all addresses of the container

    A container has a localhost of its own, so a server that listens there answers nobody, published port or not.

    ```dockerfile bad
    FROM python:3.12
    EXPOSE 5000
    CMD ["flask", "run"]
    ```
    ```dockerfile unsafe
    FROM python:3.12
    EXPOSE 5000
    CMD ["flask", "run", "--host=0.0.0.0"]
    ```
    ```dockerfile bad
    FROM python:3.12
    EXPOSE 8000
    CMD uvicorn app.main:app --host 127.0.0.1 --port 8000
    ```
    ```dockerfile unsafe
    FROM python:3.12
    EXPOSE 8000
    CMD uvicorn app.main:app --host 0.0.0.0 --port 8000
    ```
    ```dockerfile bad
    FROM python:3.12
    EXPOSE 8000
    ENTRYPOINT ["python", "manage.py"]
    CMD ["runserver", "8000"]
    ```
    ```dockerfile unsafe
    FROM python:3.12
    EXPOSE 8000
    ENTRYPOINT ["python", "manage.py"]
    CMD ["runserver", "0.0.0.0:8000"]
    ```
    ```dockerfile bad
    FROM python:3.12
    EXPOSE 8000
    CMD ["gunicorn", "-b", "127.0.0.1:8000", "app:app"]
    ```
    ```dockerfile unsafe
    FROM python:3.12
    EXPOSE 8000
    CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
    ```
    ```dockerfile bad
    FROM php:8.3-cli
    EXPOSE 80
    CMD php -S localhost:80 -t public
    ```
    ```dockerfile unsafe
    FROM php:8.3-cli
    EXPOSE 80
    CMD php -S 0.0.0.0:80 -t public
    ```
    ```dockerfile good
    FROM python:3.12
    EXPOSE 5000
    ENV FLASK_RUN_HOST=0.0.0.0
    CMD ["flask", "run"]
    ```
    ```dockerfile good
    FROM python:3.12
    EXPOSE 8000
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--reload"]
    ```
    The program itself is looked at where it lies in the build context:
    ```yaml context
    app.py: |
      from flask import Flask
      app = Flask(__name__)
      if __name__ == "__main__":
          app.run(port=5000)
    server.py: |
      import uvicorn
      from fastapi import FastAPI
      app = FastAPI()
      def main():
          uvicorn.run(app, host="127.0.0.1")
      main()
    fine.py: |
      import os
      from flask import Flask
      app = Flask(__name__)
      app.run(host=os.environ["ADDRESS"])
    ```
    ```dockerfile bad
    FROM python:3.12
    WORKDIR /app
    COPY . .
    EXPOSE 5000
    CMD ["python", "app.py"]
    ```
    ```python unsafe
    from flask import Flask
    app = Flask(__name__)
    if __name__ == "__main__":
        app.run(port=5000, host="0.0.0.0")
    ```
    ```dockerfile bad
    FROM python:3.12
    WORKDIR /app
    COPY . .
    EXPOSE 5000
    CMD python -m server
    ```
    ```python unsafe
    import uvicorn
    from fastapi import FastAPI
    app = FastAPI()
    def main():
        uvicorn.run(app, host="0.0.0.0")
    main()
    ```
    ```dockerfile good
    FROM python:3.12
    COPY . /app
    EXPOSE 5000
    CMD ["python", "/app/fine.py"]
    ```
    Without a port exposed it may be meant for the container alone, or for the host's network:
    ```dockerfile good
    FROM python:3.12
    CMD ["flask", "run"]
    ```
    ```dockerfile good
    FROM python:3.12
    EXPOSE 8000
    ENTRYPOINT ["uvicorn", "app:app"]
    CMD ["--host", "0.0.0.0"]
    ```
    ```dockerfile good
    FROM python:3.12
    EXPOSE 8000
    CMD ["sh", "-c", "flask run --host $HOST"]
    ```
    Another server may stand in front of it:
    ```dockerfile good
    FROM python:3.12
    EXPOSE 80
    CMD service nginx start && gunicorn -b 127.0.0.1:8080 app:app
    ```
    """
    facts = stage.file.facts
    if not facts.ports(stage) or facts.children(stage):
        return
    environment = facts.env(stage)
    programs = list(started(stage))
    if any(each.command.script is not None and _IN_FRONT.search(each.command.script.text) for each in programs):
        return
    for each in programs:
        if each.name in ("python", "python3", "django-admin") or each.name == "manage.py":
            yield from _django(each)
        yield from _python(stage, each)
        found = _server(each, environment)
        if found is None:
            continue
        server, at, value = found
        if at is None:
            message = f"{' '.join(server.words)} listens on localhost: nothing outside the container reaches it"
            fix = Fix(
                [insert_words(each.last, *server.append)], UNSAFE, f"Add {' '.join(server.append)}", ("option-of-user",)
            )
            yield report(each.program, message, fix)
        else:
            message = f"{value} is the container itself: nothing outside reaches it there"
            yield report(at, message, _replaced(at, value))


def _python(stage: Stage, each: Started) -> Findings:
    """What the program that Python runs says in its source."""
    from dlinter_rules.python_programs import rewritten, servings_of

    environment = stage.file.facts.env(stage)
    for found, serving in servings_of(stage, each):
        if serving.local and not any(name in environment for name in _VARIABLES):
            where = f"line {serving.line} of {found.path}"
            what = "by default" if serving.host is None else f"({serving.host})"
            message = f"{serving.name} in {where} listens on localhost {what}: nothing outside the container reaches it"
            yield report(
                found.word, message, rewritten(stage, found, serving, "listening_everywhere", "Listen on 0.0.0.0")
            )


def _server(each: Started, environment: Mapping[str, str | None]) -> tuple[Server, Word | None, str] | None:
    """The server that *each* is, if it listens on localhost: with the word that says so, if one does, and its text."""
    for server in _BY_NAME.get(each.name, ()):
        operands = [word.value for word in each.args if word.text.strip("\"'")[:1] != "-"]
        if operands[: len(server.words) - 1] != server.words[1:]:
            continue
        if any(each.value(option) for option in server.exempt):
            return None
        found = each.value(*server.options)
        if found is not None:
            word, value = found
            if value is None or not _LOCAL.fullmatch(value):
                return None
            return server, _holding(each, word, value), value
        dynamic = any(word.value is None for word in each.args)
        if not server.default or dynamic or any(name in environment for name in server.variables):
            return None
        return server, None, ""
    return None


def _holding(each: Started, option: Word, value: str) -> Word:
    """The word that holds *value*: the option itself, or the one behind it."""
    at = next(number for number, word in enumerate(each.args) if word is option)
    return option if value in (option.value or "") else each.args[at + 1]


def _replaced(word: Word, value: str) -> Fix | None:
    """*value* in *word* with the address of every interface in its place."""
    at = word.text.find(value)
    found = _LOCAL.fullmatch(value)
    if at < 0 or found is None:
        return None
    host = value[: found.start(1)] if found[1] else value
    host = host.rstrip("/").rsplit("//", 1)[-1]
    shift = word.start + (1 if word.end - word.start == len(word.text) + 2 else 0) + at + value.index(host)
    return Fix([Edit(shift, shift + len(host), "0.0.0.0")], UNSAFE, "Listen on 0.0.0.0", ("option-of-user",))


def _django(each: Started) -> Findings:
    """``manage.py runserver [[ADDRESS:]PORT]``: 127.0.0.1 unless an address is given (django-admin)."""
    words = [each.program, *each.args]
    names = [(word.value or "").rsplit("/", 1)[-1] for word in words]
    if "runserver" not in names[1:3] or (names[0].startswith("python") and names[1] != "manage.py"):
        return
    at = names.index("runserver")
    rest = words[at + 1 :]
    if any(word.value is None for word in rest):
        return
    place = next((word for word in rest if word.text.strip("\"'")[:1] != "-"), None)
    message = "runserver listens on localhost: nothing outside the container reaches it"
    if place is None:
        fix = Fix([insert_words(words[at], "0.0.0.0:8000")], UNSAFE, "Add 0.0.0.0:8000", ("option-of-user",))
        yield report(words[at], message, fix)
    elif place.value is not None and place.value.isdecimal():
        start = place.start + (1 if place.end - place.start == len(place.text) + 2 else 0)
        fix = Fix([Edit(start, start, "0.0.0.0:")], UNSAFE, f"Write 0.0.0.0:{place.value}", ("option-of-user",))
        yield report(place, message, fix)
    elif place.value is not None and _LOCAL.fullmatch(place.value):
        yield report(place, message, _replaced(place, place.value))
