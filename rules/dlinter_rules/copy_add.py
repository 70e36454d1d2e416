"""COPY and ADD."""

from __future__ import annotations

import posixpath

from dlinter import SAFE, UNSAFE, Add, Findings, Fix, Severity, replace, report, rule
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.build import Build
    from dlinter.tree import Dockerfile, Token

_ARCHIVES = (
    ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".gz", ".bz2",
    ".xz", ".zst", ".lzma", ".tar.lz", ".tlz", ".tar.z",
)  # fmt: skip


@rule(
    "DL3020",
    "add-instead-of-copy",
    on=Add,
    severity=Severity.ERROR,
    profiles=("default", "hadolint", "cis"),
    aliases=("DS-0005", "CKV_DOCKER_4", "S7023", "CIS-4.9"),
    reads="family",
)
def add_instead_of_copy(add: Add) -> Findings:
    r"""Copy files with COPY

    ADD unpacks archives and fetches URLs; where neither is wanted, COPY does only what it says.

    ADD looks at a file's content, not at its name, so only someone who knows the files can say that both are equal:
    ```dockerfile bad
    FROM python:3.12
    ADD --chown=app src/ requirements.txt /app/
    ```
    ```dockerfile unsafe
    FROM python:3.12
    COPY --chown=app src/ requirements.txt /app/
    ```
    The root of the build context is a folder, and folders are never unpacked:
    ```dockerfile bad
    FROM python:3.12
    add --chown=1000:1000 ./ /app
    ```
    ```dockerfile fixed
    FROM python:3.12
    copy --chown=1000:1000 ./ /app
    ```
    ```dockerfile bad
    FROM python:3.12
    ADD . app.conf /app/
    ```
    ```dockerfile unsafe
    FROM python:3.12
    COPY . app.conf /app/
    ```
    ```dockerfile bad
    FROM python:3.12
    ARG JAR=app.jar
    ADD .git target/$JAR conf/${NAME}.conf /app/
    ```
    ```dockerfile unsafe
    FROM python:3.12
    ARG JAR=app.jar
    COPY .git target/$JAR conf/${NAME}.conf /app/
    ```
    ```dockerfile good
    FROM python:3.12
    ADD app.tar.gz /app/
    ADD https://example.com/key.asc /tmp/
    ADD git@github.com:example/app.git /src
    ADD --unpack=true layer.bin /
    ADD $SOURCE target/$JAR /app/
    ADD *.tgz layers/${NAME}.tar /app/
    ADD https://example.com/1.patch patches/2.patch /app/
    COPY . /app
    ```
    An archive would become a folder in place of its destination. A file that is run or read there is none, and neither
    is a folder out of which something else is copied:
    ```dockerfile bad
    FROM debian:12
    ADD start.sh /start.sh
    ADD requirements.txt /tmp/requirements.txt
    ADD conf /etc/app
    COPY conf/app.ini /etc/app.ini
    RUN chmod +x /start.sh && pip install --no-cache-dir -r /tmp/requirements.txt
    CMD ["/start.sh"]
    ```
    ```dockerfile fixed
    FROM debian:12
    COPY start.sh /start.sh
    COPY requirements.txt /tmp/requirements.txt
    COPY conf /etc/app
    COPY conf/app.ini /etc/app.ini
    RUN chmod +x /start.sh && pip install --no-cache-dir -r /tmp/requirements.txt
    CMD ["/start.sh"]
    ```
    A shell reads a folder as if it were empty, and what is in a folder may come out of an archive:
    ```dockerfile bad
    FROM debian:12
    ADD start.sh /opt/start.sh
    ADD tools /opt/tools
    RUN sh /opt/start.sh
    CMD ["/opt/tools/run"]
    ```
    ```dockerfile unsafe
    FROM debian:12
    COPY start.sh /opt/start.sh
    COPY tools /opt/tools
    RUN sh /opt/start.sh
    CMD ["/opt/tools/run"]
    ```
    Where it is certain which folder the build context is, the files in it tell:
    ```yaml context
    src/main.py: "print()"
    requirements.txt: flask
    app.conf: ""
    ```
    ```dockerfile bad
    FROM python:3.12
    ADD --chown=app src/ requirements.txt *.conf /app/
    ```
    ```dockerfile fixed
    FROM python:3.12
    COPY --chown=app src/ requirements.txt *.conf /app/
    ```
    """
    if not add.sources or add.heredocs:
        return
    if any(flag.name in ("checksum", "unpack", "keep-git-dir") for flag in add.flags):
        return
    if any(_needs_add(source, add) for source in add.sources):
        return
    word = "COPY" if add.name.text[0].isupper() else "copy"
    purpose = "option-of-user" if any("$" in source.value for source in add.sources) else "add-is-copy"
    safety = SAFE if _plain(add) else UNSAFE
    fix = None if add.in_onbuild else Fix([replace(add.name, word)], safety, f"Write {word}", (purpose,))
    yield report(add.name, fix=fix)


def _plain(add: Add) -> bool:
    """True if no source is an archive, whatever it is called: it is the context's root, or the context shows it.

    Where the files are not known, the rest of the file may show it.
    """
    if all(posixpath.normpath(source.value) in (".", "/", "//") for source in add.sources):
        return True
    if any("$" in source.value for source in add.sources) or add.in_onbuild:
        return False
    known = add.file.facts.build_context
    if not known.certain or known.files is None:
        return _told(add) and _shown(add)
    from dlinter.context.answers import answers

    files = answers(known.files)
    return all(files.plain(source.value) for source in add.sources)


def _told(add: Add) -> bool:
    """True if the file says more about a source or its place than that it is added: only then is it worth a look."""
    from dlinter.proof.tables import FILES

    place = add.destination
    if place is None or len(add.sources) > 1 or place.value.endswith("/"):
        return any(add.file.text.count(source.value.rstrip("/") + "/") > 1 for source in add.sources)
    name = place.value.rpartition("/")[2]
    if place.value in FILES or (name not in ("", ".") and add.file.text.count(name) > add.text.count(name)):
        return True
    return add.file.text.count(add.sources[0].value.rstrip("/") + "/") > 0


def _shown(add: Add) -> bool:
    """True if the proof finds that what is added is used as a file, or that files are taken out of it."""
    from dlinter.proof.unpacked import files_alone

    build = add.file.facts.once(_build)
    effects = build.stages[add.stage.index].effects if add.stage is not None else []
    return any(files_alone(build, effect) for effect in effects if effect.line == add.line)


def _build(file: Dockerfile) -> Build:
    from dlinter.proof.build import Build

    return Build(file.document)


def _needs_add(source: Token, add: Add) -> bool:
    """True for what only ADD can do, or may do: archives, URLs, git repositories, and some variables."""
    result = add.file.facts.expand(source, add)
    known = result.value is not None and not result.unset
    text = (result.value if known and result.value is not None else source.value).strip("\"'").lower()
    if "://" in text or text.startswith("github.com/") or _SCP.match(text):
        return True
    if known or "$" not in text:
        return text.rstrip("*").endswith(_ARCHIVES)
    # behind a folder of the context, and with the ending of a plain file, the variable cannot change what it is
    last = text.rsplit("/", 1)[-1]
    ending = last.rpartition("}")[2] if "}" in last else last if "$" not in last else ""
    return text[0] == "$" or "." not in ending or ending.endswith(_ARCHIVES)


#: user@host:path, a git repository (BuildKit, util/gitutil)
_SCP = re.compile(r"[\w.-]+@[\w.-]+:")
