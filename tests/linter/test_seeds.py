"""Whole files through the default profile: the obvious findings, none that is silly, and what --fix makes of them."""

from __future__ import annotations

import pytest

from dlinter.catalogue import known_rules
from dlinter.context import Context, Memory
from dlinter.edits import Safety
from dlinter.engine import Dispatcher
from dlinter.fixer import fix
from dlinter.selection import select
from dlinter.settings import FileSettings
from dlinter.source import Source
from dlinter.tree import Dockerfile

DISPATCHER = Dispatcher(select(known_rules()))

PYTHON = """\
FROM python:3.9-slim
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
EXPOSE 80
ENV NAME World
CMD python app.py
"""
PYTHON_FIXED = """\
FROM python:3.9-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir -r requirements.txt
EXPOSE 80
ENV NAME=World
CMD ["python", "app.py"]
"""
NGINX = """\
FROM ubuntu:20.04
RUN apt-get update
RUN apt-get install -y nginx
"""
NGINX_FIXED = """\
FROM ubuntu:20.04
RUN apt-get update && apt-get install -y nginx && rm -rf /var/lib/apt/lists/*
"""
GOLANG = """\
FROM golang:1.17 as builder
WORKDIR /app
COPY . .
RUN go build -o myapp
FROM alpine:latest
COPY --from=builder /app/myapp /myapp
CMD ["/myapp"]
"""
GOLANG_FIXED = GOLANG.replace(" as ", " AS ")

SEEDS = [
    pytest.param(PYTHON, {"pip-cache-kept", "legacy-key-value-format", "cmd-shell-form"}, PYTHON_FIXED, id="python"),
    pytest.param(NGINX, {"apt-update-alone", "apt-lists-not-removed"}, NGINX_FIXED, id="nginx"),
    pytest.param(GOLANG, {"from-as-casing", "base-image-latest-tag"}, GOLANG_FIXED, id="golang"),
]


@pytest.mark.parametrize(("text", "names", "fixed"), SEEDS)
def test_findings(text: str, names: set[str], fixed: str) -> None:
    found = DISPATCHER.findings(Dockerfile(text))
    assert {finding.rule.name for finding in found} >= names
    assert len(found) <= len(names) + 2, found


@pytest.mark.parametrize(("text", "names", "fixed"), SEEDS)
def test_fix(text: str, names: set[str], fixed: str) -> None:
    result = fix(Source(text), DISPATCHER)
    assert result.source.text == fixed
    assert result.refused == []
    assert fix(result.source, DISPATCHER).source.text == fixed


APP = """\
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(host="0.0.0.0", port=80)
"""
SERVER = """\
package main

import "net/http"

func main() { http.ListenAndServe(":8080", nil) }
"""
APPS = [
    pytest.param(
        PYTHON,
        {"app.py": APP, "requirements.txt": "Flask==3.0.3\n"},
        PYTHON_FIXED.replace(
            "COPY . .\nRUN pip install --no-cache-dir -r requirements.txt\n",
            "COPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\n",
        ),
        None,
        id="python",
    ),
    pytest.param(NGINX, {"index.html": "<h1>hello</h1>\n"}, NGINX_FIXED, None, id="nginx"),
    pytest.param(
        GOLANG,
        {"go.mod": "module example.com/myapp\n\ngo 1.17\n", "go.sum": "", "main.go": SERVER},
        GOLANG_FIXED,
        "COPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o myapp\n",
        id="golang",
    ),
]


@pytest.mark.parametrize(("text", "files", "fixed", "unsafe"), APPS)
def test_fix_beside_an_application(text: str, files: dict[str, str], fixed: str, unsafe: str | None) -> None:
    settings = FileSettings(files=Context(Memory({**files, "Dockerfile": text})))
    result = fix(Source(text), DISPATCHER, settings=settings)
    assert (result.source.text, result.refused) == (fixed, [])
    assert fix(result.source, DISPATCHER, settings=settings).source.text == fixed
    more = fix(Source(text), DISPATCHER, Safety.UNSAFE, settings=settings)
    assert more.refused == []
    assert unsafe is None or unsafe in more.source.text
