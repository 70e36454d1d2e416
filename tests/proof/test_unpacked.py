"""ADD against COPY where nothing is known of the files but what the Dockerfile does with them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from proof_helpers import differs, same

ADD = "FROM debian:12 AS first\nADD a /x/b\n"
SHOWN = [
    f"{ADD}RUN /x/b\n",
    f"{ADD}RUN c && /x/b --now && d\n",
    f"{ADD}RUN sudo -u me /x/b\n",
    f"{ADD}WORKDIR /x\nRUN ./b\n",
    f"{ADD}WORKDIR /x\nRUN bash -ex b\n",
    f'{ADD}RUN ["/x/b", "c"]\n',
    f"{ADD}RUN {{ c; /x/b; }}\n",
    f"{ADD}RUN set -e; c && /x/b; d\n",
    f"{ADD}RUN cat /x/b > /c\n",
    f"{ADD}RUN cp /x/b /c\n",
    f"{ADD}RUN sed -i s/a/b/ /x/b\n",
    f"{ADD}RUN dpkg -i /x/b\n",
    f"{ADD}RUN tar -C /opt -xf /x/b\n",
    f"{ADD}RUN pip3 install --quiet -r /x/b\n",
    f"{ADD}RUN perl /x/b\n",
    f"{ADD}RUN rm -f /x/b\n",
    f"{ADD}RUN chmod +x /x/b && ls -l /x && mkdir /c && mv /c /d && rm -rf /var/lib/apt/lists/* $C/d\nRUN /x/b\n",
    f"{ADD}RUN find / -name b && find /x -exec chmod a+r {{}} + && find /opt -delete\nRUN /x/b\n",
    f"{ADD}COPY . /x/\nRUN /x/b\n",
    f'{ADD}CMD ["/x/b"]\n',
    f'{ADD}CMD ["c"]\nENTRYPOINT ["tini", "-g", "--", "/x/b"]\n',
    f'{ADD}ENTRYPOINT ["dumb-init"]\nCMD ["/x/b"]\n',
    f"{ADD}CMD /x/b && c\n",
    f'{ADD}ENTRYPOINT ["/bin/bash", "-c", "exec /x/b"]\n',
    f"{ADD}FROM first\nCMD /x/b\n",
    "FROM me/image\nADD a /x/b\nENTRYPOINT /x/b\n",
    'FROM redis:7\nADD a /x/b\nCMD ["/x/b"]\n',
    "FROM a\nADD b/c /d/\nCOPY b/c/e/f /g\n",
    "FROM a\nADD b c /d/\nCOPY b/c c/d /g/\n",
    "FROM nginx:1\nCOPY a b /etc/nginx/\nWORKDIR /etc/nginx\nADD a /etc/nginx/nginx.conf\n",
    "FROM a\nRUN apt-get install -y nginx && apt-get clean\nRUN b\nADD a /etc/nginx/nginx.conf\n",
    "FROM ubuntu:14.04 AS c\nRUN b\nFROM c\nADD a /root/.bashrc\n",
]
HIDDEN = [
    ADD,
    f"{ADD}RUN chmod +x /x/b && test -e /x/b && ls /x/b && mv /x/b /c\n",
    # a folder that is read as a script is empty
    f"{ADD}RUN sh /x/b\nRUN . /x/b\n",
    # what fails need not matter
    f"{ADD}RUN /x/b || true\n",
    f"{ADD}RUN /x/b; c\n",
    f"{ADD}RUN /x/b &\n",
    f"{ADD}RUN set -e; /x/b && c; d\n",
    f"{ADD}RUN /x/b | c\n",
    f"{ADD}RUN ! /x/b\n",
    f"{ADD}RUN if c; then /x/b; fi\n",
    f"{ADD}RUN c && sh -c '/x/b; d'\n",
    # another file may lie there by then
    f"{ADD}RUN rm -rf /x && c\nRUN /x/b\n",
    f"{ADD}RUN rm -rf /x/*\nRUN /x/b\n",
    f"{ADD}RUN rm -rf $C\nRUN /x/b\n",
    f"{ADD}RUN cd / && rm -r x\nRUN /x/b\n",
    f"{ADD}RUN mv /x /c\nRUN /x/b\n",
    f"{ADD}RUN find / -name b -delete\nRUN /x/b\n",
    f"{ADD}RUN c | xargs rm -rf\nRUN /x/b\n",
    f"{ADD}RUN unknown --file=/x/b\nRUN /x/b\n",
    f"{ADD}COPY --link c /x/b\nRUN /x/b\n",
    f"{ADD}RUN --mount=type=bind,target=/x /x/b\n",
    # what takes folders
    f"{ADD}RUN cp -r /x/b /c\n",
    f"{ADD}RUN cp -at /c /x/b\n",
    f"{ADD}RUN cp c /x/b\n",
    f"{ADD}RUN dpkg -iR /x/b\n",
    f"{ADD}RUN gzip -r /x/b\n",
    f"{ADD}RUN perl -pi -e s/a/b/ /x/b\n",
    f"{ADD}RUN unzip /x/b\n",
    f"{ADD}RUN python3 /x/b\n",
    f"{ADD}RUN sed s/a/b/ /x/b\n",
    f"{ADD}RUN tar -cf c /x/b\n",
    f"{ADD}RUN bash -c /x/b\nRUN bash c /x/b\n",
    f"{ADD}RUN rm -d /x/b\n",
    # what the container starts is not it
    f"{ADD}CMD c && /x/b\n",
    f"{ADD}CMD /x/b || c\n",
    f"{ADD}CMD /x/b; c\n",
    f'{ADD}ENTRYPOINT ["c"]\nCMD ["/x/b"]\n',
    f'{ADD}CMD ["sh", "/x/b"]\n',
    f'{ADD}CMD ["/x/b/c"]\n',
    f'{ADD}CMD ["/x/b"]\nFROM c\nCMD ["d"]\n',
    f'{ADD}CMD ["/x/b"]\nFROM first\nCMD ["d"]\n',
    'FROM me/image\nADD a /x/b\nCMD ["/x/b"]\n',
    'FROM nats:2\nADD a /x/b\nCMD ["/x/b"]\n',
    # an archive may hold a file of its own name
    "FROM debian:12\nADD b /x/\nRUN /x/b\n",
    "FROM debian:12\nADD a b /x/\nRUN /x/b\n",
    "FROM debian:12\nWORKDIR /x\nADD b .\nRUN /x/b\n",
    "FROM debian:12\nADD $A /x/b\nRUN /x/b\n",
    "FROM debian:12\nADD *.sh /x/b\nRUN /x/b\n",
    # no folder of this context, or no folder at all
    "FROM a\nADD b /d/\nCOPY --from=c b/c /g\n",
    "FROM a\nADD b /d/\nCOPY b/* /g/\n",
    "FROM a\nADD b /d/\nCOPY b/ /g/\n",
    "FROM a\nADD b /d/\nFROM c\nCOPY b/c /g\n",
    "FROM a\nADD b c /d/\nCOPY b/c /g\n",
    # the file may be gone, or never have come
    "FROM me/nginx\nADD a /etc/nginx/nginx.conf\n",
    "FROM nginx:1\nRUN rm /etc/nginx/nginx.conf\nADD a /etc/nginx/nginx.conf\n",
    "FROM nginx:1\nRUN mv /etc/nginx /b\nADD a /etc/nginx/nginx.conf\n",
    "FROM nginx:1\nCOPY --link a /etc/nginx\nADD a /etc/nginx/nginx.conf\n",
    "FROM nginx:1\nADD --link a /etc/nginx/nginx.conf\n",
    "FROM a\nRUN apt-get install -y nginx || b\nADD a /etc/nginx/nginx.conf\n",
    "FROM a\nRUN apt-get install -y nginx && rm /etc/nginx/nginx.conf\nADD a /etc/nginx/nginx.conf\n",
    "FROM a\nRUN apt-get install -y nginx\nRUN apt-get purge -y nginx\nADD a /etc/nginx/nginx.conf\n",
]


@pytest.mark.parametrize("before", SHOWN)
def test_what_is_used_as_a_file_is_no_archive(before: str) -> None:
    same(before, before.replace("ADD", "COPY"), "add-is-copy", base="")
    differs(before, before.replace("ADD", "COPY"), base="")


@pytest.mark.parametrize("before", HIDDEN)
def test_what_may_be_an_archive_stays_added(before: str) -> None:
    differs(before, before.replace("ADD", "COPY"), "add-is-copy", base="")


@pytest.mark.parametrize(
    "command",
    [
        "cat d", "cp d e", "head d", "md5sum d", "sha256sum d", "wc d", "tee d", "truncate -s 0 d", "rm d", "rm -f d",
        "sed -i s/a/b/ d", "gzip d", "gunzip d", "tar -xf d", "tar xzf d", "perl d", "bash d", "./d", "dpkg -i d",
    ],
)  # fmt: skip
def test_programs_fail_at_a_folder(tmp_path: Path, command: str) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d/f").write_text("echo\n")
    done = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert done.returncode not in (0, 127), done.stderr


def test_a_shell_takes_a_folder_for_an_empty_script(tmp_path: Path) -> None:
    assert subprocess.run(["dash", str(tmp_path)], check=False).returncode == 0
