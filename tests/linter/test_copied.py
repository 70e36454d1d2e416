"""Where a path in the image comes from."""

from __future__ import annotations

import pytest

from dlinter.context import Context, Memory
from dlinter.facts.copied import origin
from dlinter.settings import FileSettings
from dlinter.tree import Dockerfile

FILES = {"app.py": "", "src/main.py": "", "src/web/x.py": "", "Dockerfile": ""}


@pytest.mark.parametrize(
    ("lines", "path", "wanted"),
    [
        ("WORKDIR /app\nCOPY . .", "/app/app.py", "app.py"),
        ("WORKDIR /app\nCOPY . .", "/app/src/web/../main.py", "src/main.py"),
        ("WORKDIR /app\nCOPY . .", "/app/none.py", None),
        ("WORKDIR /app\nCOPY . .", "/application/app.py", None),
        ("COPY app.py /srv/", "/srv/app.py", "app.py"),
        ("COPY app.py /srv/other.py", "/srv/other.py", "app.py"),
        ("COPY app.py /srv/other.py", "/srv/app.py", None),
        ("COPY src /srv", "/srv/main.py", "src/main.py"),
        ("COPY src/ /srv/src/\nWORKDIR /srv", "/srv/src/main.py", "src/main.py"),
        ("COPY *.py Dockerfile /", "/app.py", "app.py"),
        ("COPY . /", "/src/main.py", "src/main.py"),
        ("COPY . /srv\nCOPY --from=x /srv /srv", "/srv/app.py", None),
        ("COPY --from=x /srv /srv\nCOPY . /srv", "/srv/app.py", "app.py"),
        ("ARG D\nCOPY . $D", "/srv/app.py", None),
    ],
)
def test_origin(lines: str, path: str, wanted: str | None) -> None:
    settings = FileSettings(files=Context(Memory(FILES), named=True))
    file = Dockerfile(f"FROM debian:12\n{lines}\nCMD x\n", settings=settings)
    assert origin(file.instructions[-1], path) == wanted
