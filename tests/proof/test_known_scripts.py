"""Scripts that are known, and what steps leave to one another where more is known than the steps say."""

from __future__ import annotations

import pytest
from proof_helpers import differs, same

LISTS = "package-lists-removed"
BORDER = "layer-border"
GET = "RUN apt-get update && apt-get install -y a"
CLEAN = f"{GET} && rm -rf /var/lib/apt/lists/*"
NODE = "https://deb.nodesource.com/setup_20.x"

HARMLESS = [
    f"RUN curl -sL {NODE} | bash -\nRUN apt-get install -y nodejs",
    f"RUN curl -sL {NODE} | sudo -E bash - && apt-get install -y nodejs",
    f'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsSL {NODE} | bash -\nRUN apt-get install -y nodejs',
    f"RUN set -o pipefail && wget -qO- {NODE} | bash - && apt-get install -y nodejs",
    "RUN python3 /tmp/get-pip.py && php composer-setup.php",
    "RUN . /etc/os-release && . venv/bin/activate",
    "RUN bash Miniconda3-latest-Linux-x86_64.sh -b && /opt/conda/bin/conda install a",
    "RUN /venv/bin/pip install -r a.txt && /etc/init.d/postgresql start",
    "RUN curl https://sh.rustup.rs -sSf | sh -s -- -y",
]
UNKNOWN = [
    f"RUN curl -fsSL {NODE} | bash -\nRUN apt-get install -y nodejs",
    f"RUN wget -qO- {NODE} | bash -\nRUN apt-get install -y nodejs",
    f"RUN curl -sL {NODE} | bash - || true\nRUN apt-get install -y nodejs",
    f"RUN if a; then curl -sL {NODE} | bash -; fi\nRUN apt-get install -y nodejs",
    f"RUN curl -sL {NODE} -o b | bash -s c\nRUN apt-get install -y nodejs",
    f"RUN curl -sLo a {NODE} | bash -\nRUN apt-get install -y nodejs",
    f"RUN curl -sL {NODE} > a | bash -\nRUN apt-get install -y nodejs",
    f"RUN set -o pipefail && wget {NODE} | bash - && apt-get install -y nodejs",
    f"RUN curl -sL {NODE} | tee a\nRUN apt-get install -y nodejs",
    f"RUN curl -sL {NODE} | bash a.sh\nRUN apt-get install -y nodejs",
    f"RUN curl -sL https://example.com/{NODE} | bash -\nRUN apt-get install -y nodejs",
    f"RUN curl -sL https://example.com {NODE} | bash -\nRUN apt-get install -y nodejs",
    f"RUN apt-get install -y b && curl -sL {NODE} | bash -",
    "RUN python3 /tmp/setup_all.py",
    "RUN . ./install",
    "RUN bash install.sh",
    "RUN /opt/tool/bin/install",
    "RUN curl https://example.com/install.sh | sh",
]


@pytest.mark.parametrize("later", HARMLESS)
def test_known_scripts_do_without_the_lists(later: str) -> None:
    same(f"{GET}\n{later}\n", f"{CLEAN}\n{later}\n", LISTS)


@pytest.mark.parametrize("later", UNKNOWN)
def test_other_scripts_may_need_the_lists(later: str) -> None:
    differs(f"{GET}\n{later}\n", f"{CLEAN}\n{later}\n", LISTS)


JOINED = [
    ("FROM debian:12\nENV A=/opt/a\n", "$A/b.sh", "c"),
    ("FROM debian:12\nARG A\n", '"$A/b.sh"', "c"),
    ("FROM debian:12\n", "systemctl enable a", "c"),
    ("FROM python:3.12\n", "pip install --upgrade pip", "pip install a"),
    ("FROM node:20\nUSER root\n", "npm install -g npm", "npm install -g a"),
]
APART = [
    ("FROM debian:12\nARG A=/opt/a\n", "$A/b.sh", "c"),
    ('FROM debian:12\nENV A="cd /opt"\n', "$A/b.sh", "c"),
    ("FROM debian:12\nENV A=/opt/a\n", "$A", "c"),
    ("FROM debian:12\nENV A=/opt/a\n", "${A:=/b}/b.sh", "c"),
    ("FROM debian:12\n", "systemctl enable --now a", "c"),
    ("FROM debian:12\n", "systemctl start a", "c"),
    ("FROM debian:12\n", "pip install --upgrade pip", "pip install a"),
    ("FROM python:3.12\nUSER a\n", "pip install --upgrade pip", "pip install a"),
    ("FROM python:3.12\nENV PATH=/root/.local/bin:$PATH\n", "pip install --upgrade pip", "pip install a"),
    ("FROM python:3.12\n", "pip install --user --upgrade pip", "pip install a"),
    ("FROM python:3.12\n", "npm install -g npm", "npm install -g a"),
]


@pytest.mark.parametrize(("base", "first", "second"), JOINED)
def test_steps_that_leave_nothing_to_the_next(base: str, first: str, second: str) -> None:
    same(f"RUN {first}\nRUN {second}\n", f"RUN {first} && {second}\n", BORDER, base=base)


@pytest.mark.parametrize(("base", "first", "second"), APART)
def test_steps_that_may_leave_something_to_the_next(base: str, first: str, second: str) -> None:
    differs(f"RUN {first}\nRUN {second}\n", f"RUN {first} && {second}\n", BORDER, base=base)
