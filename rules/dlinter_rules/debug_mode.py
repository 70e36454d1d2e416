"""Images that ship a program in debug mode."""

from __future__ import annotations

from dlinter import Env, Findings, Stage, report, rule
from dlinter_grammar import regex as re
from dlinter_rules.common import certainly_runs
from dlinter_rules.python_programs import rewritten, servings_of
from dlinter_rules.started import Started, started

#: variables that switch a framework's debug mode on, with the values that do (documentation of each)
_VARIABLES = {
    "FLASK_DEBUG": ("1", "true", "True", "on"),
    "FLASK_ENV": ("development",),
    "DJANGO_DEBUG": ("1", "true", "True", "on"),
    "APP_DEBUG": ("1", "true", "True"),
    "RAILS_ENV": ("development",),
    "RACK_ENV": ("development",),
    "NODE_ENV": ("development", "dev"),
    "ASPNETCORE_ENVIRONMENT": ("Development",),
}
#: names of files and stages that are made for developers
_FOR_DEVELOPERS = re.compile(
    r"(?:^|[\W_])(?:dev(?:el|elop|elopment|container)?|debug(?:ger)?|tests?|testing|local|ci)(?:$|[\W_])"
)
_JDWP = re.compile(r"(?:-agentlib:|-Xrun)jdwp\b.*\baddress=(?:\*|0\.0\.0\.0):")
_INSPECT = re.compile(r"--inspect(?:-brk)?=0\.0\.0\.0(?::\d+)?")


@rule(
    "DL7006",
    "debug-mode-enabled",
    on=Stage,
    mentions=("debug", "development", "_env", "--inspect", "jdwp", ".py", "python"),
)
def debug_mode_enabled(stage: Stage) -> Findings:
    r"""Ship the program with its debug mode off

    Debuggers let whoever reaches them run code, and debug pages show configuration and source.

    ```dockerfile bad
    FROM python:3.12
    ENV FLASK_DEBUG=1
    CMD ["flask", "run", "--host=0.0.0.0"]
    ```
    ```dockerfile bad
    FROM node:22
    CMD ["node", "--inspect=0.0.0.0:9229", "server.js"]
    ```
    ```dockerfile bad
    FROM eclipse-temurin:21
    CMD ["java", "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005", "-jar", "/app.jar"]
    ```
    ```dockerfile bad
    FROM python:3.12
    CMD ["flask", "--app", "app", "run", "--debug"]
    ```
    ```yaml context
    app.py: |
      from flask import Flask
      app = Flask(__name__)
      if __name__ == "__main__":
          app.run(host="0.0.0.0", debug=True)
    ```
    ```dockerfile bad
    FROM python:3.12
    COPY app.py /srv/
    CMD ["python", "/srv/app.py"]
    ```
    ```python unsafe
    from flask import Flask
    app = Flask(__name__)
    if __name__ == "__main__":
        app.run(host="0.0.0.0")
    ```
    A server that imports the application does not run that line:
    ```dockerfile good
    FROM python:3.12
    COPY app.py /srv/
    WORKDIR /srv
    CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
    ```
    ```dockerfile good
    FROM node:22
    ENV NODE_ENV=production FLASK_DEBUG=0
    CMD ["node", "--inspect=127.0.0.1", "server.js"]
    ```
    ```dockerfile good
    FROM eclipse-temurin:21
    CMD if [ -n "$DEBUG" ]; then java -agentlib:jdwp=transport=dt_socket,server=y,address=*:5005 -jar /app.jar; fi
    ```
    Stages and files for developers are what they say:
    ```dockerfile good
    FROM node:22 AS dev
    ENV NODE_ENV=development
    CMD ["npm", "run", "dev"]
    ```
    ```dockerfile good
    FROM node:22 AS build
    ENV NODE_ENV=development
    RUN npm ci && npm run build
    FROM nginx:1.27
    COPY --from=build /app/dist /usr/share/nginx/html
    ```
    """
    facts = stage.file.facts
    name = f"{stage.file.path.rsplit('/', 1)[-1]} {stage.name or ''}".lower()
    if facts.children(stage) or _FOR_DEVELOPERS.search(name) or not facts.ships(stage):
        return
    if facts.cmd(stage) is None and facts.entrypoint(stage) is None:
        return
    final = facts.env(stage)
    for env in stage.of(Env):
        assert isinstance(env, Env)
        for pair in env.pairs:
            key = pair.key.value
            if pair.value is not None and final.get(key) in _VARIABLES.get(key, ()):
                yield report(pair, f"{key}={final.get(key)} switches debug mode on in what is shipped")
    for each in started(stage):
        yield from _flags(each)
        for found, serving in servings_of(stage, each):
            if serving.debug:
                message = (
                    f"{serving.name} in line {serving.line} of {found.path} runs in debug mode: leave debug=True out"
                )
                yield report(found.word, message, rewritten(stage, found, serving, "without_debug", "Leave debug out"))


def _flags(each: Started) -> Findings:
    if not certainly_runs(each.command):
        return
    for word in each.args:
        text = word.value or word.text
        if (each.name in ("node", "nodejs", "nodemon") and _INSPECT.fullmatch(text)) or _JDWP.search(text):
            yield report(word, "This lets whoever reaches the port run code in the container")
        elif each.name == "flask" and text == "--debug":
            yield report(word, "Leave --debug out: its console runs code for whoever reaches it")
