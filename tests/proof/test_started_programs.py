"""Programs that are started without a shell: those of packages, and what a script may have put there."""

from __future__ import annotations

import pytest
from proof_helpers import differs, same

SAME = [
    "CMD /usr/sbin/apache2ctl -D FOREGROUND\n",
    "RUN apt-get install apache2 && ls /usr/sbin/apache3 /usr/sbin.d\nCMD /usr/sbin/apache2ctl\n",
    "COPY start.sh supervisord.conf /\nCOPY a /opt/\nCOPY . /usr/src/app\nCMD /usr/bin/supervisord -n\n",
    "COPY supervisord.conf /etc/\nCMD supervisord -n\n",
    "ADD https://a/$B /tmp/$B\nCMD /usr/bin/a\n",
    "COPY gunicorn.ini.py /\nCMD gunicorn a\n",
    "CMD python3.5 run.py\n",
    "CMD /usr/bin/python3.5 run.py\n",
    "CMD echo 'a  b' c\n",
    "CMD true\n",
]
OTHER = [
    "CMD /usr/local/bin/a\n",
    "CMD ./a\n",
    "CMD /usr/bin/a.sh\n",
    "CMD a.sh\n",
    "RUN echo b > /usr/bin/a\nCMD /usr/bin/a\n",
    "RUN cp a /usr/bin\nCMD /usr/bin/a\n",
    "RUN curl -o /bin/$A b\nCMD /usr/bin/a\n",
    "RUN mv b /bin/ && c\nCMD /usr/bin/a\n",
    "COPY a /usr/bin/a\nCMD /usr/bin/a\n",
    "COPY a /usr/bin/\nCMD /usr/bin/a\n",
    "COPY . /\nCMD /usr/bin/a\n",
    "COPY --from=b /usr /usr\nCMD /usr/bin/a\n",
    "COPY b $C\nCMD /usr/bin/a\n",
    "COPY b /usr/$C\nCMD /usr/bin/a\n",
    "COPY b.tar /\nCMD /usr/bin/a\n",
    "COPY a /b/\nCMD a\n",
    "COPY a.py /b/\nCMD a\n",
    "CMD echo -n a\n",
    "CMD echo 'a\\tb'\n",
    "CMD echo $A\n",
    "CMD test a\n",
    "ENTRYPOINT /usr/bin/a\n",
]


def as_words(text: str) -> str:
    head, keyword, command = text.rstrip("\n").rpartition("CMD " if "CMD" in text else "ENTRYPOINT ")
    words = ["a  b" if word == "'a" else word for word in command.split() if word != "b'"]
    return f"{head}{keyword}[{', '.join(chr(34) + word + chr(34) for word in words)}]\n"


@pytest.mark.parametrize("text", SAME)
def test_started_alike(text: str) -> None:
    same(text, as_words(text), "direct-pid1")


@pytest.mark.parametrize("text", OTHER)
def test_may_be_a_script(text: str) -> None:
    differs(text, as_words(text), "direct-pid1")


def test_a_health_check_runs_with_sh() -> None:
    old, new = "HEALTHCHECK CMD a $B\n", 'HEALTHCHECK CMD ["/bin/sh", "-c", "a $B"]\n'
    same(old, new, base="FROM a/b\n")
    differs(old, new.replace("/bin/sh", "/bin/bash"), base="FROM a/b\n")
    differs(old, new, base="FROM mcr.microsoft.com/windows/nanoserver\n")
    differs(old.replace("HEALTHCHECK ", ""), new.replace("HEALTHCHECK ", ""), base="FROM a/b\n")
