"""COPY and ADD."""

from __future__ import annotations

from dlinter import UNSAFE, Add, Findings, Fix, Severity, replace, report, rule
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
    ```dockerfile bad
    FROM python:3.12
    add . /app
    ```
    ```dockerfile unsafe
    FROM python:3.12
    copy . /app
    ```
    ```dockerfile good
    FROM python:3.12
    ADD app.tar.gz /app/
    ADD https://example.com/key.asc /tmp/
    ADD git@github.com:example/app.git /src
    ADD --unpack=true layer.bin /
    ADD $SOURCE /app/
    ADD *.tgz /app/
    COPY . /app
    ```
    """
    if not add.sources or add.heredocs:
        return
    if any(flag.name in ("checksum", "unpack", "keep-git-dir") for flag in add.flags):
        return
    if any(_needs_add(source, add.file.escape) for source in add.sources):
        return
    word = "COPY" if add.name.text[0].isupper() else "copy"
    yield report(add.name, fix=Fix([replace(add.name, word)], UNSAFE, f"Write {word}", ("add-is-copy",)))


def _needs_add(source: Token, escape: str) -> bool:
    """True for what only ADD can do, or may do: archives, URLs, git repositories, and variables."""
    text = source.value.strip("\"'").lower()
    if "$" in text or "://" in text or text.startswith("git@") or ".git#" in text or text.endswith(".git"):
        return True
    return text.rstrip("*").endswith(_ARCHIVES)
