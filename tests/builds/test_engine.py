"""The comparison itself, with real builds: nothing differs between two builds of one file, and a change is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_engine import Engine
from image_compare import file_differences, setting_differences
from image_layers import files, layers_of

pytestmark = pytest.mark.builds

_FILE = """\
FROM python:3.11-slim
RUN apt-get update && apt-get install -y tree sudo && rm -rf /var/lib/apt/lists/*
RUN python -m compileall -q /usr/lib/python3/dist-packages/wheel
RUN useradd --create-home app && python -m venv --without-pip /venv
COPY a /srv/
WORKDIR /srv
CMD cat a
"""


def _differences(engine: Engine, first: str, second: str) -> list[str]:
    before, after = engine.inspect(first), engine.inspect(second)
    lines = file_differences(files(layers_of(before)), files(layers_of(after)))
    return lines + setting_differences(before, after)


def test_two_builds_of_one_file_are_the_same(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a\n")
    for tag in ("first", "second"):
        done = engine.build(_FILE, tmp_path, tag, no_cache=True)
        assert done.ok, done.log
    assert engine.inspect("first")["Id"] != engine.inspect("second")["Id"]
    assert _differences(engine, "first", "second") == []


@pytest.mark.parametrize(
    ("changed", "lines"),
    [
        ("RUN echo b > a", ["changed: /srv/a: digest"]),
        ("RUN chmod 600 a", ["changed: /srv/a: mode 420 -> 384"]),
        ("RUN chown 1:2 a", ["changed: /srv/a: uid 0 -> 1, gid 0 -> 2"]),
        ("RUN rm a && mkdir a", ["changed: /srv/a: kind 'file' -> 'folder'"]),
        ("RUN rm -r /venv/bin && mkdir /venv/bin && touch /venv/bin/b", ["gone: /venv/bin/python", "new: /venv/bin/b"]),
        ("RUN ln -s a b", ["new: /srv/b"]),
        ("RUN rm -rf /home", ["gone: /home", "gone: /home/app"]),
        ("ENV A=b", ["Env: "]),
        ("USER app", ["User: '' -> 'app'"]),
        ('ENTRYPOINT ["a"]', ["Entrypoint: None -> ['a']"]),
    ],
)
def test_a_change_is_seen(engine: Engine, tmp_path: Path, changed: str, lines: list[str]) -> None:
    (tmp_path / "a").write_text("a\n")
    for tag, text in (("first", _FILE), ("second", f"{_FILE}{changed}\n")):
        done = engine.build(text, tmp_path, tag)
        assert done.ok, done.log
    found = _differences(engine, "first", "second")
    assert all(any(line.startswith(start) for line in found) for start in lines), found
