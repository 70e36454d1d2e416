"""COPY and ADD."""

from __future__ import annotations

import posixpath

from dlinter import SAFE, UNSAFE, Add, Findings, Fix, Severity, replace, report, rule
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.tree import Token

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
    """True if no source is an archive, whatever it is called: it is the context's root, or the context shows it."""
    if all(posixpath.normpath(source.value) in (".", "/", "//") for source in add.sources):
        return True
    known = add.file.facts.build_context
    if not known.certain or known.files is None or any("$" in source.value for source in add.sources):
        return False
    from dlinter.context.answers import answers

    files = answers(known.files)
    return all(files.plain(source.value) for source in add.sources)


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
