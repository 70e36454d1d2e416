"""Effects and config: what a file amounts to, and what it does not matter how it is written."""

from __future__ import annotations

import pytest
from proof_helpers import differs, same

from dlinter.proof import prove

EQUAL = [
    # layout, comments, case of keywords
    ("RUN a b\n", "run   a \\\n # why\n\n  b\n"),
    ("RUN a\n", "\n# hello\nRUN a\n"),
    ("COPY a b /c/\n", "COPY \\\n  a \\\n  b /c/\n"),
    ("EXPOSE 80 443\n", "EXPOSE 443\nEXPOSE 80/TCP\n"),
    ("LABEL a=b c=d\n", 'LABEL c="d"\nLABEL "a"=b\n'),
    ("ENV a b c\n", 'ENV a="b c"\n'),
    ("ENV a=b c=d\n", "ENV a=b\nENV c=d\n"),
    ("ENV a=1\nLABEL b=c\nRUN d\n", "LABEL b=c\nENV a=1\nRUN d\n"),
    ("ENV a $HOME\n", "ENV a=${HOME}\n"),
    ("ENV P 'a $B'\n", "ENV P='a $B'\n"),
    ("ENV V=1\nCOPY a /opt/$V/\n", "ENV V=1\nCOPY a /opt/1/\n"),
    # state that comes to the same
    ("WORKDIR /app\nCOPY a .\n", "WORKDIR /app\nCOPY a /app/\n"),
    ("USER a\nUSER b\nRUN c\n", "USER b\nRUN c\n"),
    ("CMD a\nCMD b\n", "CMD b\n"),
    ("ENTRYPOINT a\nCMD b\n", "CMD b\nENTRYPOINT a\n"),
    ("VOLUME a b\n", 'VOLUME ["a"]\nVOLUME b\n'),
    ("COPY --chown=a --from=x b /c\n", "COPY --from=x --chown=a b /c\n"),
    ("COPY --link a /b\n", "COPY --link=true a /b\n"),
    ("COPY --link=false a /b\n", "COPY a /b\n"),
    ("RUN --network=default a\n", "RUN a\n"),
    ("RUN --mount=type=cache,target=/c a\n", "RUN --mount=target=/c,type=cache a\n"),
    ("RUN --mount=src=a,dst=/c,ro a\n", "RUN --mount=type=bind,source=a,target=/c,readonly=true a\n"),
    ('RUN ["/bin/sh", "-c", "a b"]\n', "RUN a b\n"),
    ('COPY ["a", "b"]\n', "COPY a b\n"),
    ("HEALTHCHECK --interval=1s --retries=3 CMD a\n", "HEALTHCHECK --retries=3 --interval=1s CMD  a\n"),
    ("ONBUILD RUN a  b\n", "ONBUILD RUN a b\n"),
    ("ONBUILD ENV a b $C\n", 'ONBUILD ENV a="b $C"\n'),
    ("COPY <<EOF /a\nb\nEOF\n", "COPY  <<EOF  /a\nb\nEOF\n"),
]


@pytest.mark.parametrize(("before", "after"), EQUAL)
def test_equal(before: str, after: str) -> None:
    same(before, after)
    same(after, before)


DIFFERENT = [
    ("RUN a\n", "", "RUN at line 2 is gone: `a`"),
    ("", "RUN a\n", "RUN at line 2 is new: `a`"),
    ("RUN a\n", "RUN b\n", "RUN at line 2 now runs `b`, before it ran `a`"),
    ("RUN a\nRUN b\n", "RUN b\nRUN a\n", "comes at another place"),
    (
        "USER a\nRUN b\nUSER c\n",
        "RUN b\nUSER a\nUSER c\n",
        "RUN at line 2 now runs as the base image's user, before as a",
    ),
    ("WORKDIR /opt\nRUN a\n", "WORKDIR /srv\nRUN a\n", "RUN at line 3 now runs in /srv, before it ran in /opt"),
    ("ENV A=1\nRUN b\n", "RUN b\nENV A=1\n", "A is not set any more"),
    ("ENV A=1\nRUN b\n", "ENV A=2\nRUN b\n", "ENV A is now 2, before 1"),
    ("ARG A=1\nRUN b\n", "ARG A=2\nRUN b\n", "the default of the ARG A is now 2, before 1"),
    ("ARG A\nRUN b\n", "RUN b\nARG A\n", "RUN at line 2 sees other variables: A is not set any more"),
    ("ARG A=1\nENV A=2\nRUN a\n", "ENV A=2\nARG A=1\nRUN a\n", "sees other variables"),
    ("ENV A=1 B=2\n", "ENV B=2 A=1\n", "another order"),
    ('SHELL ["/bin/bash", "-c"]\nRUN a\n', "RUN a\n", "is now read by the shell"),
    ('SHELL ["/bin/bash", "-c"]\nCMD a\n', 'CMD a\nSHELL ["/bin/bash", "-c"]\n', "the image's command"),
    ("COPY a /b\n", "COPY a /b/\n", "now writes to /b"),
    ("COPY a b /c/\n", "COPY b a /c/\n", "now copies b a, before a b"),
    ("COPY --chown=a b /c\n", "COPY b /c\n", "has lost the flag --chown=a"),
    ("COPY b /c\n", "COPY --chmod=755 b /c\n", "has the new flag --chmod=755"),
    ("COPY b /c\n", "ADD b /c\n", "was COPY before"),
    ("COPY --exclude=false b /c\n", "COPY b /c\n", "--exclude"),
    ("COPY --from=a b /c\n", "COPY --from=d b /c\n", "--from"),
    ("WORKDIR /a\nCOPY b c\n", "WORKDIR /d\nCOPY b c\n", "COPY at line 3 now writes to /d/c, before to /a/c"),
    ("ENV V=1\nCOPY a /$V\n", "ENV V=2\nCOPY a /$V\n", "now writes to /2"),
    ("COPY a /$V\n", "ENV V=2\nCOPY a /$V\n", "now writes to /2"),
    ("COPY <<EOF /a\nb\nEOF\n", "COPY <<EOF /a\nb \nEOF\n", "heredoc"),
    ("COPY <<EOF /a\n$b\nEOF\n", "COPY <<'EOF' /a\n$b\nEOF\n", "COPY"),
    ("ARG b=1\nCOPY <<EOF /a\n$b\nEOF\n", "ARG b=2\nCOPY <<EOF /a\n$b\nEOF\n", "COPY"),
    ("RUN cat <<EOF > a\n  b\nEOF\n", "RUN cat <<EOF > a\nb\nEOF\n", "heredoc"),
    ("RUN <<EOF\na\nEOF\n", "RUN <<EOF\na \nEOF\n", "RUN"),
    ("RUN <<EOF bash\na\nEOF\n", "RUN <<EOF\na\nEOF\n", "RUN"),
    ("RUN --mount=type=cache,target=/c a\n", "RUN a\n", "other mounts"),
    ("RUN --network=none a\n", "RUN a\n", "lost the flag --network"),
    ("RUN --security=insecure a\n", "RUN a\n", "lost the flag --security"),
    ('RUN ["a", "$B"]\n', "RUN a $B\n", "RUN"),
    ('SHELL ["/bin/bash", "-c"]\nRUN ["/bin/sh", "-c", "a"]\n', 'SHELL ["/bin/bash", "-c"]\nRUN a\n', "shell"),
    ("EXPOSE 80\n", "EXPOSE 80/udp\n", "port 80/tcp is not exposed any more"),
    ("EXPOSE $P\n", "", "port ${P} is not exposed any more"),
    ("VOLUME /a\nRUN b\n", "RUN b\nVOLUME /a\n", ""),
    ("LABEL a=b\n", "LABEL a=c\n", "the label a is now c, before b"),
    ("LABEL a=b\n", "", "the label a is gone"),
    ("LABEL a='$B'\n", 'LABEL a="$B"\n', "the label a"),
    ("MAINTAINER a\n", "MAINTAINER b\n", "author"),
    ("CMD a\n", "CMD a b\n", "the image's command is now a b, before a"),
    ("CMD a\n", "ENTRYPOINT a\n", "entrypoint"),
    ("CMD a\n", "", "command is now nothing"),
    ("STOPSIGNAL 9\n", "", "stop signal"),
    ("HEALTHCHECK CMD a\n", "HEALTHCHECK NONE\n", "health check"),
    ("HEALTHCHECK --interval=1s CMD a\n", "HEALTHCHECK CMD a\n", "health check"),
    ("ONBUILD RUN a\n", "RUN a\n", "ONBUILD at line 2 became RUN"),
    ("ONBUILD RUN a\n", "ONBUILD RUN b\n", "ONBUILD"),
    ("ONBUILD COPY a b\n", "ONBUILD ADD a b\n", "ONBUILD"),
    ("WORKDIR /a\nWORKDIR b\n", "WORKDIR /a/b\n", "WORKDIR"),
    ("FOO a\n", "FOO b\n", ""),
    ("FROM scratch\nCOPY --from=0 a b\n", "FROM scratch\nCOPY --from=x a b\n", "--from"),
]


@pytest.mark.parametrize(("before", "after", "says"), DIFFERENT)
def test_different(before: str, after: str, says: str) -> None:
    differs(before, after, says=says)
    differs(after, before)


def test_every_stage_counts() -> None:
    before = "FROM a AS x\nRUN b\nFROM c\n"
    assert not prove(before, "FROM a AS x\nRUN d\nFROM c\n").same
    assert not prove(before, "FROM c\n").same


def test_state_is_inherited() -> None:
    after = "FROM a AS x\nWORKDIR /{}\nENV A=1\nUSER u\nFROM x\nRUN b\n"
    found = prove(after.format("y"), after.format("z"))
    text = [str(d) for d in found.differences]
    assert "RUN at line 6 now runs in /z, before it ran in /y (in stage 1)" in text


def test_names_of_stages() -> None:
    before = "FROM a AS build\nFROM c\nCOPY --from=build /a /b\n"
    assert prove(before, "FROM a AS BUILD\nFROM c\nCOPY --from=Build /a /b\n", ()).same
    assert prove(before, "FROM a AS build\nFROM c\nCOPY --from=0 /a /b\n", ()).same
    renamed = before.replace("build", "made")
    assert not prove(before, renamed).same, "someone may ask for the target by its name"
    assert prove(before, renamed, (), targets=()).same
    assert not prove(before, renamed, (), targets=["build"]).same
    assert not prove(before, before.replace("AS build", "AS made"), targets=()).same


def test_bases() -> None:
    assert not prove("FROM a\n", "FROM b\n").same
    assert not prove("FROM a\n", "FROM --platform=linux/arm64 a\n").same
    assert prove("FROM --platform=$TARGETPLATFORM a\n", "FROM a\n", ()).same
    assert not prove("ARG V=1\nFROM a:$V\n", "ARG V=2\nFROM a:$V\n").same
    assert not prove("ARG V=1\nFROM a:$V\n", "ARG V=1\nFROM a:1\n").same, "a build argument may say otherwise"
    assert not prove("FROM a AS x\nFROM x\n", "FROM a AS y\nFROM x\n", targets=()).same


def test_directives() -> None:
    assert not prove("# syntax=a\nFROM b\n", "# syntax=c\nFROM b\n").same
    assert not prove("# check=skip=all\nFROM b\n", "\n# check=skip=all\nFROM b\n").same
    assert not prove("# check=skip=all\nFROM b\n", " # check=skip=all\nFROM b\n").same
    assert not prove("# escape=`\nFROM b\n", "FROM b\n").same
    assert prove("# syntax=a\n# check=b\nFROM b\n", "#check=b\n#Syntax = a\nFROM b\n", ()).same
    assert prove("#!/x\n# check=skip=all\nFROM b\n", "# check=skip=all\nFROM b\n", ()).same


def test_escape_token() -> None:
    assert prove("# escape=`\nFROM b\nRUN a `\n  b\n", "# escape=`\nFROM b\nRUN a b\n").same is False, "cmd reads it"
    assert prove("# escape=`\nFROM b\nENV a=`$b\n", "# escape=`\nFROM b\nENV a='$b'\n", ()).same


def test_what_no_posix_shell_reads_is_compared_as_text() -> None:
    shell = 'SHELL ["powershell", "-Command"]\n'
    differs(shell + "RUN a  'b'\n", shell + "RUN a b\n")
    same(shell + "RUN a b\n", shell + "RUN a\\\n b\n")
    differs("RUN a (\n", "RUN a  (\n")


def test_large_values_stay_small() -> None:
    text = "ENV A0=x\n" + "".join(f"ENV A{n + 1}=$A{n}$A{n}\n" for n in range(200))
    same(text + "RUN a\n", text + "RUN  a\n")
    differs(text + "RUN a\n", text.replace("A0=x", "A0=y") + "RUN a\n")


def test_comments_if_asked_for() -> None:
    assert prove("# a\nFROM b\n", "FROM b\n").same
    found = prove("# a\nFROM b\n", "FROM b\n", comments=True)
    assert [str(d) for d in found.differences] == ["the comment at line 1 is gone: # a"]
    assert prove("# a\nFROM b\n", "FROM b\n# a\n", comments=True).same
    pragma = "FROM b\n# hadolint ignore=DL3008\nRUN a\nCMD c\n"
    found = prove(pragma, "FROM b\nRUN a\n# hadolint ignore=DL3008\nCMD c\n", comments=True)
    assert "stands at another instruction now" in str(found.differences[0])
