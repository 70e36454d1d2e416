"""LABEL, against a schema where the settings give one."""

from __future__ import annotations

from dlinter import UNSAFE, Dockerfile, Findings, Fix, Label, Severity, replace, report, rule
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.tree import Pair

_KEY = re.compile(r"[a-z](?:[a-z0-9./_-]*[a-z0-9])?")
_RESERVED = ("com.docker.", "io.docker.", "org.dockerproject.")
#: keys in those namespaces that Docker itself asks for (extensions and Docker Desktop, docs.docker.com)
_GRANTED = ("com.docker.desktop.", "com.docker.extension.", "com.docker.image.", "com.docker.official-microsoft")
#: labels that programs read in upper case: atomic(1), podman-container-runlabel(1)
_COMMANDS = frozenset({"RUN", "INSTALL", "UNINSTALL", "UPDATE", "UPGRADE", "STOP", "DEBUG", "HELP"})


@rule(
    "DL3048",
    "label-key-invalid",
    on=Label,
    severity=Severity.STYLE,
    profiles=("hadolint",),
)
def label_key_invalid(label: Label) -> Findings:
    r"""Write label keys in lower case, in a namespace of your own

    Tools look for keys of lower-case letters, digits, dots and hyphens; com.docker and io.docker are Docker's.

    ```dockerfile bad
    FROM debian:12
    LABEL Version=1 my--label=2 -x=3 y..z=4
    ```
    ```dockerfile unsafe
    FROM debian:12
    LABEL version=1 my--label=2 -x=3 y..z=4
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL Version=1
    LABEL version=2
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL com.docker.team=a io.docker.team=b org.dockerproject.team=c
    ```
    ```dockerfile good
    FROM debian:12
    LABEL org.opencontainers.image.title=app "com.example.app-id"=1 a=b
    LABEL com.docker.desktop.extension.icon=i com.docker.extension.publisher-url=u
    ```
    Vendors choose the letters in their namespace, and some programs read labels in upper case:
    ```dockerfile good
    FROM debian:12
    ARG VENDOR=com.example
    LABEL com.example.appVersion=1 io.k8s.displayName=app $VENDOR.name=app
    LABEL RUN="podman run IMAGE" INSTALL="/usr/bin/install.sh"
    ```
    """
    for pair in label.pairs:
        key = label.file.facts.expand(pair.key, label).value if "$" not in pair.key.value else None
        if key is None or key in _COMMANDS:
            continue
        if key.startswith(_RESERVED) and not key.startswith(_GRANTED):
            yield report(pair.key, f"The namespace of {key} is Docker's: take one of your own")
        elif ".." in key or "--" in key or not _KEY.fullmatch(key.lower() if "." in key else key):
            message = f"Write the label key {key} with lower-case letters, digits, dots and hyphens"
            yield report(pair.key, message, _in_lower_case(label, pair, key))


def _in_lower_case(label: Label, pair: Pair, key: str) -> Fix | None:
    """The same key in lower case, where nothing else has it; whoever reads the label has to follow."""
    lower = key.lower()
    if pair.key.text != key or not _KEY.fullmatch(lower) or ".." in lower or "--" in lower or label.in_onbuild:
        return None
    before, (start, end) = label.text, (pair.key.start - label.start, pair.key.end - label.start)
    stage = label.stage
    if "\n" in before or stage is None:
        return None
    labels = [each for each in stage.of(Label) if isinstance(each, Label)]
    if any(other.key.value == lower for each in labels for other in each.pairs):
        return None
    after = before[:start] + lower + before[end:]
    purposes = (f"option-of-user:instruction-removed={before}", f"option-of-user:instruction-added={after}")
    return Fix([replace(pair.key, lower)], UNSAFE, f"Write {lower}", purposes)


@rule(
    "DL3049",
    "label-missing",
    on=Dockerfile,
    severity=Severity.INFO,
    profiles=("hadolint",),
    aliases=("S7028", "DD046"),
)
def label_missing(file: Dockerfile) -> Findings:
    r"""Set every label that the schema asks for

    Whoever runs many images finds them by their labels; one without them is found by nobody.

    ```yaml settings
    label-schema: {author: text, org.opencontainers.image.url: url}
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL author="Jo Doe"
    ```
    Only what ends up in the image that is built counts, labels of parent stages included:
    ```dockerfile good
    FROM golang:1.22 AS build
    RUN go build -o /app
    FROM debian:12 AS base
    LABEL "author"="Jo Doe"
    FROM base
    LABEL org.opencontainers.image.url=https://example.com/
    COPY --from=build /app /app
    ```
    ```yaml settings
    label-schema: {}
    ```
    ```dockerfile good
    FROM debian:12
    ```
    """
    schema = file.settings.label_schema
    if not schema:
        return
    for stage in file.facts.graph.targets:
        present = file.facts.labels(stage)
        for key in schema:
            if key not in present:
                yield report(stage.base, f"Set the label {key}")


@rule(
    "DL3050",
    "label-superfluous",
    on=Label,
    severity=Severity.INFO,
    profiles=("hadolint",),
)
def label_superfluous(label: Label) -> Findings:
    r"""Leave out labels that the schema does not know

    With strict labels a key outside the schema is a mistake, most often a misspelt one.

    ```yaml settings
    label-schema: {author: text}
    strict-labels: true
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL author="Jo Doe" autor="Jo Doe"
    ```
    ```dockerfile good
    FROM debian:12
    LABEL author="Jo Doe" "author"=Jo
    ```
    Without a schema there is nothing to be strict about:
    ```yaml settings
    strict-labels: true
    ```
    ```dockerfile good
    FROM debian:12
    LABEL author="Jo Doe"
    ```
    """
    settings = label.file.settings
    if not settings.strict_labels or not settings.label_schema:
        return
    for pair in label.pairs:
        key = label.file.facts.expand(pair.key, label).value
        if key is not None and key not in settings.label_schema:
            yield report(pair.key, f"The schema has no label {key}")


def _typed(label: Label, kind: str | None) -> Iterator[tuple[Pair, str, str]]:
    """The pairs of the schema's keys of this *kind* (None: any) with key and value, as far as they are known."""
    schema = label.file.settings.label_schema
    if not schema:
        return
    for pair in label.pairs:
        key = label.file.facts.expand(pair.key, label).value
        if key is None or key not in schema or (kind is not None and schema[key] != kind) or pair.value is None:
            continue
        result = label.file.facts.expand(pair.value, label)
        if result.value is not None and not result.unset:
            yield pair, key, result.value


@rule(
    "DL3051",
    "label-empty",
    on=Label,
    profiles=("hadolint",),
)
def label_empty(label: Label) -> Findings:
    r"""Give every label of the schema a value

    A label without a value says nothing, and tools show it as if it were there.

    ```yaml settings
    label-schema: {author: text}
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL author=""
    ```
    ```dockerfile good
    FROM debian:12
    ARG AUTHOR
    LABEL author=$AUTHOR other=""
    ```
    """
    for pair, key, value in _typed(label, None):
        if not value.strip():
            yield report(pair, f"Give the label {key} a value")


@rule(
    "DL3052",
    "label-invalid-url",
    on=Label,
    profiles=("hadolint",),
)
def label_invalid_url(label: Label) -> Findings:
    r"""Write a whole URL into a label of type url

    Tools make a link of it, and that needs the scheme and the host.

    ```yaml settings
    label-schema: {org.opencontainers.image.url: url}
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL org.opencontainers.image.url="example.com/app"
    ```
    ```dockerfile good
    FROM debian:12
    ARG HOST
    LABEL org.opencontainers.image.url="https://example.com/app"
    LABEL org.opencontainers.image.url="https://$HOST/"
    LABEL org.opencontainers.image.url=mailto:jo@example.com
    ```
    """
    for pair, key, value in _typed(label, "url"):
        if value.strip() and not _URL.fullmatch(value):
            yield report(pair, f"The label {key} is no URL")


_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^\s/?#]+)?[^\s<>\"{}|\\^`]*(?<!:)")


@rule(
    "DL3053",
    "label-invalid-time",
    on=Label,
    profiles=("hadolint",),
)
def label_invalid_time(label: Label) -> Findings:
    r"""Write the time in a label of type rfc3339 as RFC 3339 says

    A day without a time, or a time without a zone, means something else in every place.

    ```yaml settings
    label-schema: {org.opencontainers.image.created: rfc3339}
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL org.opencontainers.image.created="2024-02-30 10:00"
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL org.opencontainers.image.created="2024-02-30T10:00:00Z"
    ```
    ```dockerfile good
    FROM debian:12
    ARG CREATED
    LABEL org.opencontainers.image.created="2024-02-29T10:00:00.5+01:00"
    LABEL org.opencontainers.image.created="$CREATED"
    ```
    """
    for pair, key, value in _typed(label, "rfc3339"):
        if value.strip() and not _is_time(value):
            yield report(pair, f"The label {key} is no time such as 2024-02-29T10:00:00Z")


def _is_time(text: str) -> bool:
    from datetime import datetime

    if not re.fullmatch(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", text):
        return False
    try:
        datetime.fromisoformat(re.sub(r"\.\d+", "", text).replace(":60", ":59").upper())
    except ValueError:
        return False
    return True


@rule(
    "DL3054",
    "label-invalid-spdx",
    on=Label,
    profiles=("hadolint",),
)
def label_invalid_spdx(label: Label) -> Findings:
    r"""Name the license in a label of type spdx as SPDX does

    License scanners know the names of the SPDX list and no others.

    ```yaml settings
    label-schema: {org.opencontainers.image.licenses: spdx}
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL org.opencontainers.image.licenses="Apache License 2"
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL org.opencontainers.image.licenses="MIT OR"
    ```
    ```dockerfile good
    FROM debian:12
    LABEL org.opencontainers.image.licenses=MIT
    LABEL org.opencontainers.image.licenses="MIT OR (Apache-2.0 AND GPL-2.0-only WITH Classpath-exception-2.0)"
    LABEL org.opencontainers.image.licenses="LicenseRef-Example"
    ```
    """
    from dlinter_rules.spdx import valid

    for pair, key, value in _typed(label, "spdx"):
        if value.strip() and not valid(value):
            yield report(pair, f"The label {key} is no SPDX license expression")


@rule(
    "DL3055",
    "label-invalid-git-hash",
    on=Label,
    profiles=("hadolint",),
)
def label_invalid_git_hash(label: Label) -> Findings:
    r"""Write a commit's hash into a label of type hash

    Only a hash says which source an image was made of; names of branches and tags move.

    ```yaml settings
    label-schema: {org.opencontainers.image.revision: hash}
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL org.opencontainers.image.revision=main
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL org.opencontainers.image.revision=abc12
    ```
    Abbreviations have seven letters or more, and new repositories hashes of 64:
    ```dockerfile good
    FROM debian:12
    ARG REVISION
    LABEL org.opencontainers.image.revision=43c572f1272b
    LABEL org.opencontainers.image.revision=43c572f1272b6b3171dd1db9e41b7027128ce080
    LABEL org.opencontainers.image.revision=af22b3b5b5a5b2a5b0c3c7a2f2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5
    LABEL org.opencontainers.image.revision=$REVISION
    ```
    """
    for pair, key, value in _typed(label, "hash"):
        if value.strip() and not re.fullmatch(r"[0-9a-f]{7,40}|[0-9a-f]{64}", value):
            yield report(pair, f"The label {key} is no commit hash")


@rule(
    "DL3056",
    "label-invalid-semver",
    on=Label,
    profiles=("hadolint",),
)
def label_invalid_semver(label: Label) -> Findings:
    r"""Write a semantic version into a label of type semver

    Tools compare versions by their three numbers.

    ```yaml settings
    label-schema: {org.opencontainers.image.version: semver}
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL org.opencontainers.image.version=1.2
    ```
    ```dockerfile good
    FROM debian:12
    ARG VERSION
    LABEL org.opencontainers.image.version=1.2.3-rc.1+build.5
    LABEL org.opencontainers.image.version=v1.2.3
    LABEL org.opencontainers.image.version=$VERSION
    ```
    """
    for pair, key, value in _typed(label, "semver"):
        if value.strip() and not _SEMVER.fullmatch(value):
            yield report(pair, f"The label {key} is no semantic version such as 1.2.3")


_NUMBER = r"(?:0|[1-9]\d*)"
_PRE = rf"(?:{_NUMBER}|\d*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = re.compile(
    rf"v?{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_PRE}(?:\.{_PRE})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)


@rule(
    "DL3058",
    "label-invalid-email",
    on=Label,
    profiles=("hadolint",),
)
def label_invalid_email(label: Label) -> Findings:
    r"""Write a mail address into a label of type email

    Whoever finds trouble in the image wants to write to someone.

    ```yaml settings
    label-schema: {maintainer: email}
    ```
    ```dockerfile bad
    FROM debian:12
    LABEL maintainer="Jo Doe"
    ```
    ```dockerfile good
    FROM debian:12
    ARG MAIL
    LABEL maintainer=jo.doe+docker@example.com
    LABEL maintainer="$MAIL"
    ```
    """
    for pair, key, value in _typed(label, "email"):
        if value.strip() and not re.fullmatch(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+", value):
            yield report(pair, f"The label {key} is no mail address")
