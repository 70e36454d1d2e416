"""The application that a Python server is told to load."""

from __future__ import annotations

import ast
import warnings
from posixpath import join

from dlinter import Findings, Run, Severity, Stage, Word, report, rule
from dlinter_grammar import regex as re
from dlinter_rules.started import Started, started

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.context import Context

#: servers whose operand is ``module:attribute``
_SERVERS = ("gunicorn", "uvicorn", "hypercorn", "daphne", "waitress-serve", "granian")
#: options that say where modules are looked for
_ELSEWHERE = ("--chdir", "--pythonpath", "--app-dir", "--factory", "-c", "--config", "--paste")


@rule("DL2115", "python-application-missing", on=Stage, mentions=_SERVERS, severity=Severity.ERROR)
def python_application_missing(stage: Stage) -> Findings:
    r"""Name an application that is in the image

    The server stops at its start: it cannot import the module, or finds nothing of that name in it.

    ```yaml context
    app/main.py: |
      from fastapi import FastAPI
      application = FastAPI()
    app/__init__.py: ""
    requirements.txt: uvicorn
    ```
    ```dockerfile bad
    FROM python:3.12
    WORKDIR /srv
    COPY . .
    CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]
    ```
    ```dockerfile bad
    FROM python:3.12
    WORKDIR /srv
    COPY . .
    CMD ["gunicorn", "app.wsgi:application"]
    ```
    ```dockerfile good
    FROM python:3.12
    WORKDIR /srv
    COPY . .
    CMD ["uvicorn", "app.main:application"]
    ```
    What is installed or made in a step may be it:
    ```dockerfile good
    FROM python:3.12
    WORKDIR /srv
    COPY requirements.txt ./
    RUN pip install -r requirements.txt
    CMD ["gunicorn", "superset.app:create_app()"]
    ```
    ```dockerfile good
    FROM python:3.12
    WORKDIR /srv
    COPY . .
    RUN python setup.py build
    CMD ["gunicorn", "--chdir", "src", "wsgi:app"]
    ```
    """
    facts = stage.file.facts
    context, workdir = facts.context, facts.workdir(stage, base=True)
    if context is None or workdir is None or not facts.build_context.certain or facts.children(stage):
        return
    for each in started(stage):
        word = _application(each)
        if word is None or word.value is None:
            continue
        module, _, attribute = word.value.partition(":")
        path = _module(stage, context, join(workdir, module.replace(".", "/")))
        if path is not None:
            text = context.text(path)
            if text is not None and not _has(text, attribute):
                yield report(word, f"{path} has no {attribute}")
        elif _package(stage, context, join(workdir, module.replace(".", "/"))) and not _made(stage, module):
            yield report(word, f"There is no module {module} in what is copied to {workdir}")


def _application(each: Started) -> Word | None:
    """The word ``module:attribute``, where nothing else says where to look."""
    if each.name not in _SERVERS or any(each.value(option) for option in _ELSEWHERE):
        return None
    found = [w for w in each.args if w.value and re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", w.value)]
    return found[0] if len(found) == 1 else None


def _module(stage: Stage, context: Context, path: str) -> str | None:
    """The file of the module at *path* of the image, seen from the build context."""
    from dlinter.facts.copied import origin

    for name in (f"{path}.py", f"{path}/__init__.py"):
        found = origin(stage, name)
        if found is not None and context.kind(found) == "file":
            return found
    return None


def _package(stage: Stage, context: Context, path: str) -> bool:
    """True if the folder that should hold the module comes from the build context and has Python in it."""
    from dlinter.facts.copied import origin

    folder = path.rpartition("/")[0]
    found = origin(stage, join(folder, "__init__.py"))
    return found is not None and context.kind(found) == "file"


def _made(stage: Stage, module: str) -> bool:
    """True if a step names the module's file, or may write files that are not seen."""
    last = module.rpartition(".")[2]
    texts = [run.syntax.map.text for each in stage.file.facts.chain(stage) for run in each.of(Run)]
    return any(last in text or re.search(r"\b(?:git|curl|wget|tar|unzip|mv|cp|make|build)\b", text) for text in texts)


def _has(text: str, attribute: str) -> bool:
    """True if the module *text* may have *attribute*: only what certainly lacks it has not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return True
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.alias) and _name(node) in (attribute, "*", "globals", "exec", "setattr"):
            return True
        defined = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else ""
        if defined in (attribute, "__getattr__"):
            return True
    return False


def _name(node: ast.Name | ast.alias) -> str:
    return node.id if isinstance(node, ast.Name) else node.asname or node.name
