"""What rules mend of what only the hadolint profile has them report."""

from __future__ import annotations

import pytest

from dlinter.catalogue import known_rules
from dlinter.engine import Dispatcher
from dlinter.fixer import fix
from dlinter.selection import select
from dlinter.source import Source

DISPATCHER = Dispatcher(select(known_rules(), "hadolint"))


def fixed(text: str) -> str:
    result = fix(Source(text), DISPATCHER)
    assert not result.refused
    return result.source.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('RUN echo "deb $A main" | tee /etc/b.list > /dev/null\n', 'RUN echo "deb $A main" > /etc/b.list\n'),
        ("RUN a && echo b \\\n    | tee -a /c && d\n", "RUN a && echo b \\\n    >> /c && d\n"),
        ("RUN echo a | tee b; echo c | tee ~/d\n", "RUN echo a > b; echo c > ~/d\n"),
        ("RUN echo a | \\\n    tee b\n", None),
        ("RUN echo a | tee b && c | d\n", None),
        ("RUN printf a | tee b\n", None),
        ("RUN echo a | tee b | c\n", None),
        ("RUN echo ${A:?} | tee b\n", None),
        ("ONBUILD RUN echo a | tee b\n", None),
    ],
)
def test_echo_and_tee(before: str, after: str | None) -> None:
    base = "FROM debian:12.1\n"
    assert fixed(base + before) == base + (before if after is None else after)


@pytest.mark.parametrize(
    ("before", "test"),
    [
        ("FROM a/b:1.2\nRUN apk add --no-cache curl=8\n", "curl -f $A || exit 1"),
        ("FROM a/b:1.2\nRUN chmod 755 /c\n", "/c"),
        ("FROM a/b:1.2\nCOPY c.json /etc/c/\n", "c || exit 1"),
        ("FROM a/b:1.2\nRUN mkdir c\n", None),
    ],
)
def test_health_checks_run_with_sh(before: str, test: str | None) -> None:
    shell = f"HEALTHCHECK CMD {test or 'curl -f $A || exit 1'}\n"
    after = shell if test is None else f'HEALTHCHECK CMD ["/bin/sh", "-c", "{test}"]\n'
    assert fixed(before + shell) == before + after
