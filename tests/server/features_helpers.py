"""A Dockerfile with a cursor in it, and what to ask of it."""

from __future__ import annotations

from dlinter.edits import Edit
from dlinter.settings import DEFAULTS, FileSettings
from dlinter.tree import Dockerfile

#: the day that the tests take for today, so that ends of life stay where they are
TODAY = "2026-08-22"


def at(text: str, settings: FileSettings = DEFAULTS) -> tuple[Dockerfile, int]:
    """*text* without its ``|``, and where that stood."""
    offset = text.index("|")
    return Dockerfile(text[:offset] + text[offset + 1 :], settings=settings), offset


def place(text: str, marker: str, number: int = 0) -> int:
    """The offset of occurrence *number* of *marker*."""
    offset = -1
    for _ in range(number + 1):
        offset = text.index(marker, offset + 1)
    return offset


def edited(file: Dockerfile, edits: list[Edit]) -> str:
    """The text after *edits*."""
    text = file.text
    for edit in sorted(edits, key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


WEB = """\
# syntax=docker/dockerfile:1
ARG PYTHON=3.12
FROM python:${PYTHON}-slim AS base
ARG PYTHON
ENV APP_HOME=/srv/app \\
    PIP_NO_CACHE_DIR=1
WORKDIR $APP_HOME

FROM base AS wheels
# what has to be compiled
RUN --mount=type=cache,target=/root/.cache/pip,sharing=locked \\
    # headers
    apt-get update && apt-get install -y --no-install-recommends gcc "libpq-dev=${PYTHON}" && \\
    for package in a b; do echo "$package"; done
COPY requirements.txt ./
RUN pip wheel -r requirements.txt -w "$APP_HOME/wheels"

FROM base
COPY --from=wheels ${APP_HOME}/wheels /wheels/
COPY --from=1 /etc/pip.conf /etc/
RUN <<EOF
set -eu
pip install /wheels/*.whl
echo "installed into ${APP_HOME}"
EOF
EXPOSE 8000/tcp
USER nobody
HEALTHCHECK --interval=30s CMD curl -f "http://localhost:8000$APP_HOME" || exit 1
CMD exec gunicorn --chdir "$APP_HOME" app:app
"""
