"""Users by their numbers: what makes a number certain, and what takes the certainty away."""

from __future__ import annotations

import pytest
from proof_helpers import differs, proof, same

from dlinter.proof import NEUTRAL

MADE = "RUN useradd -u 1500 app\n"

CERTAIN = [
    (f"{MADE}USER app:app\nWORKDIR /srv\n", "USER app:app", "USER 1500:1500"),
    (f"{MADE}USER app\nRUN a\n", "USER app", "USER 1500"),
    ("RUN set -e; adduser --uid=1500 --home /srv app; a\nUSER app\nRUN a\n", "USER app", "USER 1500"),
    ('RUN ["useradd", "-u", "7", "app"]\nUSER app\n', "USER app", "USER 7"),
    ("RUN (groupadd -g 70 app && useradd -mu7 -g app app)\nUSER app:app\n", "USER app:app", "USER 7:70"),
    ("RUN groupadd -g 7 b && useradd -u 7 -g b app\nUSER app\nWORKDIR /srv\n", "USER app", "USER 7"),
    ("RUN useradd -mu 7 -g b app\nUSER app\nWORKDIR /home/app\n", "USER app", "USER 7"),
    ("RUN yes | adduser --uid 7 --gid 8 app\nUSER app\nWORKDIR /home/app\n", "USER app", "USER 7"),
    ("RUN useradd -u 7 app\nWORKDIR /srv/app\nUSER app\nWORKDIR /srv\n", "USER app", "USER 7"),
    ("RUN adduser -DHu 7 app\nUSER app:app\nWORKDIR /srv\n", "USER app:app", "USER 7:7"),
    (f"{MADE}RUN usermod -aG sudo app && useradd -u 8 b\nCOPY a.sh /\nUSER app\n", "USER app", "USER 1500"),
    (f"{MADE}COPY a /etc/b/\nADD c.json d.py /etc/\nUSER app\n", "USER app", "USER 1500"),
]


@pytest.mark.parametrize(("text", "old", "new"), CERTAIN)
def test_a_number_that_is_given(text: str, old: str, new: str) -> None:
    same(text, text.replace(old, new), "user-by-number")
    differs(text, text.replace(old, new), *(name for name in NEUTRAL if name != "user-by-number"))
    differs(text, text.replace(old, new + "0"), "user-by-number")


UNSURE = [
    "RUN useradd -u 1500 app || true\nUSER app\n",
    "RUN useradd -u 1500 app; a\nUSER app\n",
    "RUN set -e; useradd -u 1500 app && a; b\nUSER app\n",
    "RUN if a; then useradd -u 1500 app; fi\nUSER app\n",
    "RUN useradd -u 1500 app &\nUSER app\n",
    "RUN useradd -u 1500 app | tee a\nUSER app\n",
    "RUN adduser -SDu 1500 app\nUSER app\nWORKDIR /srv\n",
    "RUN adduser -SDu 1500 app\nUSER app:app\n",
    "RUN ! useradd -u 1500 app\nUSER app\n",
    "RUN adduser --uid 1500 --gid 8 --no-create-home app\nUSER app\nWORKDIR /home/app\n",
    "RUN sudo useradd -u 1500 app\nUSER app\n",
    "RUN useradd -ou 1500 app\nUSER app\n",
    "RUN useradd -R /b -u 1500 app\nUSER app\n",
    "RUN useradd -u 1500 other\nUSER app\n",
    "RUN useradd -c app -u 1500 other\nUSER app\n",
    "RUN useradd -u $ID app\nUSER app\n",
    "USER app\nRUN a\nUSER root\nRUN useradd -u 1500 app\n",
    f"{MADE}RUN usermod -u 7 app\nUSER app\n",
    f"{MADE}RUN usermod -u 7 $A\nUSER app\n",
    f"{MADE}RUN userdel app && adduser app\nUSER app\n",
    f"{MADE}RUN sed -i s/1500/7/ /etc/passwd\nUSER app\n",
    f"{MADE}COPY a /\nUSER app\n",
    f"{MADE}COPY . /etc\nUSER app\n",
    f"{MADE}ADD a.tar.gz /\nUSER app\n",
    f"{MADE}COPY a /etc/passwd\nUSER app\n",
    f"{MADE}COPY --from=b /etc /etc\nUSER app\n",
    f"{MADE}ONBUILD RUN usermod -u 7 app\nUSER app\n",
    f"RUN ./b.sh\n{MADE}USER app\nWORKDIR /srv\n",
    f"RUN groupadd b\n{MADE}USER app:app\n",
    "RUN groupadd -g 8 b && useradd -u 1500 -g b app\nUSER app\nWORKDIR /srv\n",
    "RUN fixuid; useradd -u 1500 app && fixuid\nUSER app\n",
]


@pytest.mark.parametrize("text", UNSURE)
def test_a_number_that_may_be_another(text: str) -> None:
    number = "1500:1500" if ":app" in text else "1500"
    after = text.replace("USER app:app", f"USER {number}").replace("USER app", f"USER {number}")
    differs(text, after, "user-by-number")


def changed(before: str, after: str, *names: str) -> bool:
    return not proof(before, after, *names, base="").same


GIVEN = [
    ("node:20", "node", "1000", True), ("node:20-alpine", "node:node", "1000:1000", True),
    ("node:20", "www-data", "33", True), ("node:20-alpine", "www-data", "33", False),
    ("debian:12", "www-data:www-data", "33:33", True), ("debian", "nobody", "65534", True),
    ("debian:12", "nobody:nobody", "65534:65534", False), ("alpine:3.20", "nobody:nobody", "65534:65534", True),
    ("python:3.12-alpine", "daemon", "2", True), ("python:3.12", "daemon", "1", True),
    ("centos:7", "nobody", "65534", False), ("fedora", "daemon", "2", False), ("a/debian", "daemon", "1", False),
    ("node:6.3.1", "node", "1000", False), ("node:6-slim", "node", "1000", True), ("node", "node", "1000", True),
    ("node:0.12", "node", "1000", False), ("node@sha256:0", "node", "1000", False),
    ("jboss/wildfly:8.1", "jboss", "1000", False), ("gradle:3.3", "gradle", "1000", False),
    ("openjdk:17", "daemon", "1", False), ("$A", "daemon", "1", False), ("jboss/wildfly", "jboss", "1000", True),
]  # fmt: skip


@pytest.mark.parametrize(("image", "name", "number", "equal"), GIVEN)
def test_accounts_of_images(image: str, name: str, number: str, equal: bool) -> None:
    before = f"ARG A\nFROM {image}\nUSER {name}\nRUN a\n"
    assert changed(before, before.replace(f"USER {name}", f"USER {number}"), "user-by-number") is not equal
    later = before.replace("USER", f"RUN usermod -u 5 {name.partition(':')[0]}\nUSER")
    assert changed(later, later.replace(f"USER {name}", f"USER {number}"), "user-by-number")


FIRST = [
    ("debian:12", "apt-get update && useradd {}app", "1000"),
    ("debian:12", "groupadd b && useradd {}-m -g b app", "1000"),
    ("node:20", "useradd {}app", "1001"),
    ("alpine:3.20", "apk add a && adduser {}-D app", "1000"),
    ("ubuntu:22.04", "sh -c 'mkdir /b' && adduser {}--gecos '' app", "1000"),
    ("centos:7", "yum install -y b && tar xf c -C /srv && useradd {}app", "1000"),
]


@pytest.mark.parametrize(("image", "script", "number"), FIRST)
def test_the_number_of_the_first_account(image: str, script: str, number: str) -> None:
    text = f"FROM {image}\nRUN {script}\nUSER app\nWORKDIR /srv\n"
    before, after = text.format(""), text.format(f"-u {number} ").replace("USER app", f"USER {number}")
    assert changed(before, after, "account-numbered", "user-by-number") is ("groupadd" in script)
    plain = text.replace("WORKDIR /srv\n", "")
    before, after = plain.format(""), plain.format(f"-u {number} ").replace("USER app", f"USER {number}")
    assert not changed(before, after, "account-numbered", "user-by-number")
    assert changed(before, after, "user-by-number")
    assert changed(before, after.replace(number, "1002"), "account-numbered", "user-by-number")


NOT_FIRST = [
    ("debian:12", "useradd b && useradd {}app"),
    ("debian:12", "./prepare.sh && useradd {}app"),
    ("debian:12", "curl https://a | bash && useradd {}app"),
    ("debian:12", "apt-get install -y ./b.deb && useradd {}app"),
    ("debian:12", "echo UID_MIN 500 >> /etc/login.defs && useradd {}app"),
    ("debian:12", "tar xf a.tar && useradd {}app"),
    ("debian:12", "useradd {}-r app"),
    ("debian:12", "useradd {}--uid $B app"),
    ("debian:12", "useradd {}-mu 1000 app"),
    ("debian:12", "useradd {}-K UID_MIN=500 app"),
    ("debian:12", "groupadd b && adduser {}app"),
    ("debian:12", "adduser {}--system app"),
    ("alpine:3.20", "addgroup b && adduser {}-D app"),
    ("alpine:3.20", "adduser {}-S app"),
    ("ubuntu:24.04", "useradd {}app"),
    ("node:5.1", "useradd {}app"),
    ("ubuntu", "useradd {}app"),
    ("centos:6", "useradd {}app"),
    ("a/debian", "useradd {}app"),
    ("debian:$A", "useradd {}app"),
]


@pytest.mark.parametrize(("image", "script"), NOT_FIRST)
def test_the_number_of_an_account_that_is_not_the_first(image: str, script: str) -> None:
    text = f"ARG A=12\nFROM {image}\nRUN {script}\nUSER app\n"
    after = text.format("-u 1000 ").replace("USER app", "USER 1000")
    assert changed(text.format(""), after, "account-numbered", "user-by-number")
    copied = text.replace("RUN", "COPY . /\nRUN")
    assert changed(copied.format(""), copied.format("-u 1000 "), "account-numbered")
