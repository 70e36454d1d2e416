"""RUN parted at ``cd``: what is set for one part is not lost for the next."""

from __future__ import annotations

import pytest

from dlinter.catalogue import known_rules
from dlinter.edits import Safety
from dlinter.engine import Dispatcher
from dlinter.fixer import fix
from dlinter.selection import select
from dlinter.source import Source

DISPATCHER = Dispatcher(select([info for info in known_rules() if info.code == "DL3003"], "hadolint"))
HEAD = 'FROM debian:12\nSHELL ["/bin/bash", "-c"]\nWORKDIR /x\n'


def mended(run: str) -> str:
    result = fix(Source(HEAD + run), DISPATCHER, Safety.UNSAFE)
    assert not result.refused
    return result.source.text.removeprefix(HEAD)


def test_options_ahead_of_all_parts_are_given_to_each() -> None:
    assert mended("RUN set -o pipefail && cd /a && ls | sort && cd /b && ls | sort\n") == (
        "WORKDIR /a\nRUN set -o pipefail && ls | sort\nWORKDIR /b\nRUN set -o pipefail && ls | sort\nWORKDIR /x\n"
    )


@pytest.mark.parametrize("setting", ["set -o pipefail", "set -euxo pipefail", "export A=b", "umask 077"])
def test_what_a_part_sets_for_the_next_keeps_them_together(setting: str) -> None:
    run = f"RUN cd /a && {setting} && ls | sort && cd /b && ls | sort\n"
    assert mended(run) == run
