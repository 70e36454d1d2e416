"""echo with tee against echo with a file: what is the same, and what is not."""

from __future__ import annotations

import pytest
from proof_helpers import differs, same

SAME = [
    ("RUN echo a | tee b\n", "RUN echo a > b\n"),
    ("RUN echo a 'b c' | tee -a /d/e >/dev/null\n", "RUN echo a 'b c' >> /d/e\n"),
    ('RUN a && echo "$B ${C}" $(d || e) `f` | tee --append "g h" && i\n', None),
    ("RUN set -ex; echo a | tee ~/b; c\n", "RUN set -ex; echo a > ~/b; c\n"),
    ("RUN if a; then echo b | tee c; fi\n", "RUN if a; then echo b > c; fi\n"),
    ("RUN echo a | tee b || c\n", "RUN echo a > b || c\n"),
    ("RUN echo a | tee b && echo c | tee d\n", "RUN echo a > b && echo c > d\n"),
]


@pytest.mark.parametrize(("before", "after"), SAME)
def test_the_same_file(before: str, after: str | None) -> None:
    after = before.replace('| tee --append "g h"', '>> "g h"') if after is None else after
    same(before, after, "written-directly")
    differs(before, after, "log-noise")


OTHER = [
    ("RUN echo a | tee b\n", "RUN echo a >> b\n"),
    ("RUN echo a | tee -a b\n", "RUN echo a > b\n"),
    ("RUN echo a | tee b\n", "RUN echo a > c\n"),
    ("RUN echo a | tee b\n", "RUN echo b > b\n"),
    ("RUN echo a | tee b c\n", "RUN echo a > b\n"),
    ("RUN echo a | tee b > c\n", "RUN echo a > b\n"),
    ("RUN echo a | tee b | c\n", "RUN echo a > b | c\n"),
    ("RUN c $(echo a | tee b)\n", "RUN c $(echo a > b)\n"),
    ("RUN { echo a | tee b; } > c\n", "RUN { echo a > b; } > c\n"),
    ("RUN ! echo a | tee b\n", "RUN ! echo a > b\n"),
    ("RUN echo a |& tee b\n", "RUN echo a > b\n"),
    ("RUN cat a | tee b\n", "RUN cat a > b\n"),
    ("RUN printf a | tee b\n", "RUN printf a > b\n"),
    ("RUN echo a | sudo tee b\n", "RUN echo a > b\n"),
    ("RUN echo a | tee -i b\n", "RUN echo a > b\n"),
    ("RUN echo a | tee $B\n", "RUN echo a > $B\n"),
    ("RUN echo a | tee /dev/stderr\n", "RUN echo a > /dev/stderr\n"),
    ("RUN echo a | tee -\n", "RUN echo a > -\n"),
    ("RUN echo ${A:?} | tee b\n", "RUN echo ${A:?} > b\n"),
    ("RUN echo ${A:=1} | tee b\n", "RUN echo ${A:=1} > b\n"),
    ("RUN echo ${A/b/c} | tee b\n", "RUN echo ${A/b/c} > b\n"),
    ("RUN echo $((1/A)) | tee b\n", "RUN echo $((1/A)) > b\n"),
    ("RUN echo $(cat /a/b) | tee ./b\n", "RUN echo $(cat /a/b) > ./b\n"),
    ("RUN set -u; echo $A | tee b\n", "RUN set -u; echo $A > b\n"),
    ("RUN set -C; echo a | tee b\n", "RUN set -C; echo a > b\n"),
    ("RUN set -o noclobber; echo a | tee b\n", "RUN set -o noclobber; echo a > b\n"),
    ("RUN exec > c; echo a | tee b\n", "RUN exec > c; echo a > b\n"),
    ("RUN tee() { c; }; echo a | tee b\n", "RUN tee() { c; }; echo a > b\n"),
    ('SHELL ["/bin/bash", "-uc"]\nRUN echo $A | tee b\n', 'SHELL ["/bin/bash", "-uc"]\nRUN echo $A > b\n'),
    ("CMD echo a | tee b\n", "CMD echo a > b\n"),
]


@pytest.mark.parametrize(("before", "after"), OTHER)
def test_something_else(before: str, after: str) -> None:
    differs(before, after, "written-directly")
