"""RUN instructions joined: with blanks behind them, and with the removal of apt's lists at the end."""

from __future__ import annotations

from dlinter.catalogue import known_rules
from dlinter.edits import Safety
from dlinter.engine import Dispatcher
from dlinter.fixer import fix
from dlinter.selection import select
from dlinter.source import Source


def mended(text: str, *codes: str) -> str:
    rules = select([info for info in known_rules() if info.code in codes], "hadolint")
    result = fix(Source(text), Dispatcher(rules), Safety.SAFE)
    assert not result.refused
    return result.source.text


def test_blanks_behind_a_step_are_no_comment() -> None:
    assert mended("FROM debian:12\nRUN touch a  \nRUN touch b\t\n", "DL3059") == (
        "FROM debian:12\nRUN touch a \\\n    && touch b\t\n"
    )
    kept = "FROM debian:12\nRUN touch a  # b\nRUN touch c\n"
    assert mended(kept, "DL3059") == kept


def test_a_login_shell_begins_anew_with_each_step() -> None:
    text = 'FROM debian:12\nSHELL ["/bin/bash", "--login", "-c"]\nRUN touch a\nRUN touch b\n'
    assert mended(text, "DL3059") == text
    assert mended(text.replace("--login", "-e"), "DL3059") != text


def test_lists_are_removed_where_the_last_reader_is() -> None:
    text = "FROM debian:12\nRUN apt-get update \n\n# more\nRUN apt-get install -y a && rm -rf /var/lib/apt/lists/*\n"
    assert mended(text, "DL3009") == (
        "FROM debian:12\nRUN apt-get update \\\n    # more\n"
        "    && apt-get install -y a && rm -rf /var/lib/apt/lists/*\n"
    )


def test_steps_stay_apart_that_cannot_be_joined() -> None:
    for behind in (
        "COPY a /\nRUN apt-get install -y b",  # something in between
        "RUN --network=none apt-get install -y b",  # other flags
        "RUN apt-get install -y b; true",  # no pure list
        "RUN apt-get install -y b && pip install c",  # something that takes long
        "RUN apt-get install -y b\nCMD /start.sh",  # what is started may need them
        "RUN apt-get install -y b\nRUN ./setup.sh",
    ):
        text = f"FROM debian:12\nRUN apt-get update && apt-get install -y a\n{behind}\n"
        assert mended(text, "DL3009") == text


def test_stages_on_top_count() -> None:
    head = "FROM debian:12 AS base\nRUN apt-get update && apt-get install -y a\nRUN php composer-setup.php\n"
    clean = head.replace("-y a", "-y a && rm -rf /var/lib/apt/lists/*")
    assert mended(head + "FROM base\nRUN make\n", "DL3009") == head + "FROM base\nRUN make\n"
    assert mended(head + "FROM base\nRUN ls\n", "DL3009") == clean + "FROM base\nRUN ls\n"
