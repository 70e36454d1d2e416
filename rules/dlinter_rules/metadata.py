"""ENV, LABEL and MAINTAINER: what ends up in the image's configuration."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Edit, Env, Findings, Fix, Label, Maintainer, report, rule
from dlinter_rules.common import is_generated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.tree import Pair, Token

AUTHORS = "org.opencontainers.image.authors"


@rule(
    "DL4000",
    "maintainer-deprecated",
    on=Maintainer,
    profiles=("default", "hadolint"),
    aliases=("MaintainerDeprecated", "S7030", "DS-0022", "CKV_DOCKER_6"),
)
def maintainer_deprecated(maintainer: Maintainer) -> Findings:
    r"""Name the author in a label instead of MAINTAINER

    MAINTAINER is deprecated since Docker 1.13; tools read the label org.opencontainers.image.authors.

    ```dockerfile bad
    FROM debian:12
    MAINTAINER Jo Doe <jo@example.com>
    ```
    ```dockerfile fixed
    FROM debian:12
    LABEL org.opencontainers.image.authors="Jo Doe <jo@example.com>"
    ```
    Characters that mean something in a label are escaped:
    ```dockerfile bad
    FROM debian:12
    MAINTAINER Jo "$Doe" \o/
    ```
    ```dockerfile fixed
    FROM debian:12
    LABEL org.opencontainers.image.authors="Jo \"\$Doe\" \\o/"
    ```
    Quotes around the whole are no part of a name:
    ```dockerfile bad
    FROM debian:12
    maintainer "Jo Doe"
    ```
    ```dockerfile fixed
    FROM debian:12
    label org.opencontainers.image.authors="Jo Doe"
    ```
    A label that is there already would be overwritten:
    ```dockerfile bad
    FROM debian:12
    LABEL org.opencontainers.image.authors="the team"
    MAINTAINER Jo Doe
    ```
    ```dockerfile unsafe
    FROM debian:12
    LABEL org.opencontainers.image.authors="the team"
    LABEL org.opencontainers.image.authors="Jo Doe"
    ```
    ```dockerfile good
    FROM debian:12
    LABEL org.opencontainers.image.authors="Jo Doe"
    ```
    """
    yield report(maintainer.name, fix=_as_label(maintainer))


def _as_label(maintainer: Maintainer) -> Fix | None:
    value = maintainer.value
    if value is None or maintainer.syntax.comments or maintainer.stage is None or not value.text.isprintable():
        return None
    text = value.text
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in text[1:-1]:
        text = text[1:-1]
    escape = maintainer.file.escape
    for char in (escape, '"', "$"):
        text = text.replace(char, escape + char)
    if any(other is not maintainer for other in maintainer.stage.of(Maintainer)):
        # only the last one counts, as long as it is one
        return None
    keyword = "label" if maintainer.name.text.islower() else "LABEL"
    taken = any(
        pair.key.value.strip("\"'") == AUTHORS
        for label in maintainer.stage.of(Label)
        if isinstance(label, Label)
        for pair in label.pairs
    )
    edit = Edit(maintainer.start, maintainer.end, f'{keyword} {AUTHORS}="{text}"')
    return Fix([edit], UNSAFE if taken else SAFE, "Write a label", ("key-renamed",))


@rule(
    "DL2010",
    "legacy-key-value-format",
    on=(Env, Label),
    aliases=("LegacyKeyValueFormat",),
)
def legacy_key_value_format(instruction: Env | Label, *, generated: bool = True) -> Findings:
    r"""Write ENV and LABEL with an equals sign

    The form without one takes the whole rest of the line as one value, which surprises people; BuildKit warns of it.

    ```dockerfile bad
    FROM openjdk:17
    ENV JAVA_HOME /opt/java
    ENV JAVA_OPTS -Xmx1g   -server # fast
    LABEL maintainer "Jo Doe"
    ```
    ```dockerfile fixed
    FROM openjdk:17
    ENV JAVA_HOME=/opt/java
    ENV JAVA_OPTS="-Xmx1g   -server # fast"
    LABEL maintainer="Jo Doe"
    ```
    Values over several lines stay on them:
    ```dockerfile bad
    FROM php:8
    ENV PHPIZE_DEPS \
            autoconf \
            # a compiler
            gcc
    ```
    ```dockerfile fixed
    FROM php:8
    ENV PHPIZE_DEPS="autoconf \
            # a compiler
            gcc"
    ```
    ```dockerfile bad
    FROM debian:12
    ENV PROMPT a\ b
    ENV NAME 'a $B'
    ENV SIGN =
    ENV GREETING say "hello" twice
    ```
    ```dockerfile fixed
    FROM debian:12
    ENV PROMPT=a\ b
    ENV NAME='a $B'
    ENV SIGN==
    ENV GREETING="say hello twice"
    ```
    Where no quotes give the same value it is left alone, and so are triggers, which the image keeps as written;
    BuildKit warns of those in the build that runs them:
    ```dockerfile bad
    FROM debian:12
    ENV GREETING it\'s "me"
    ```
    ```dockerfile bad
    FROM debian:12
    ONBUILD ENV MODE fast
    ```
    ```dockerfile good
    FROM debian:12
    ENV A=b C="d e"
    ```
    The default profile sets the option `generated` to `false`: a file whose first comments say that it is generated is
    not the place to mend its form.
    """
    if instruction.form != "legacy" or (not generated and is_generated(instruction.file)):
        return
    pair = instruction.pairs[0]
    yield report(
        pair, f"Write {instruction.name.text} with an equals sign: {pair.key.text}=…", _modern(instruction, pair)
    )


def _modern(instruction: Env | Label, pair: Pair) -> Fix | None:
    value = pair.value
    if value is None or instruction.in_onbuild:
        return None
    if any(pair.key.end <= c.start < value.start for c in instruction.syntax.comments):
        return None
    key = pair.key.text
    if (key.isidentifier() and _PLAIN.issuperset(value.text)) or _same(instruction, pair, f"{key}={value.text}"):
        return Fix([Edit(pair.key.end, value.start, "=")], SAFE, "Add the equals sign")
    quotes = [] if instruction.syntax.comments else _places(instruction, value, '"')
    if '"' in value.text and not quotes:
        return None
    if not _same(instruction, pair, f'{key}="{value.text.replace(chr(34), "")}"'):
        return None
    first = value.start + 1 if value.start in quotes else value.start
    last = value.end - 1 if value.end - 1 in quotes else value.end
    edits = [Edit(pair.key.end, first, '="'), Edit(last, value.end, '"')]
    edits += [Edit(at, at + 1, "") for at in quotes if first <= at < last]
    return Fix(edits, SAFE, "Add the equals sign")


#: what means itself in a value
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,-")


def _places(instruction: Env | Label, value: Token, char: str) -> list[int]:
    """Where *char* stands in *value*, which has no comments inside."""
    text = instruction.file.text
    return [at for at in range(value.start, value.end) if text[at] == char]


def _same(instruction: Env | Label, pair: Pair, text: str) -> bool:
    """True if BuildKit reads *text* as one pair of the same key and, whatever its variables hold, the same value."""
    from dlinter_grammar.dockerfile import parse
    from dlinter_grammar.expand import expand, references

    assert pair.value is not None
    escape = instruction.file.escape
    head = "# escape=`\n" if escape == "`" else ""
    document = parse(f"{head}FROM scratch\nENV {text}\n")
    if document.problems or len(document.instructions) != 2:
        return False
    pairs = document.instructions[1].pairs
    if document.instructions[1].form != "pairs" or len(pairs) != 1 or pairs[0].key.text != pair.key.text:
        return False
    new, old = pairs[0].value, pair.value
    assert new is not None
    names = {name for name, *_ in references(old.text, escape)}
    for environment in ({}, {name: f"<{name} of \\ \" ' $>" for name in names}):
        before, after = expand(old.text, environment, escape), expand(new.text, environment, escape)
        if before.error is not None or after.error is not None or before.value != after.value:
            return False
    return True
