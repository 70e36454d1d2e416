"""ENV."""

from __future__ import annotations

from dlinter import UNSAFE, Edit, Env, Findings, Fix, Severity, report, rule
from dlinter_rules.chains import line_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.tree import Pair


@rule(
    "DL3044",
    "env-self-reference-same-instruction",
    on=Env,
    severity=Severity.ERROR,
    profiles=("default", "hadolint"),
    aliases=("DF062",),
)
def env_self_reference(env: Env) -> Findings:
    r"""Use a variable only in instructions after the ENV that sets it

    All values of an ENV are made before any is set, so the variable is empty there.

    ```dockerfile bad
    FROM debian:12
    ENV HOME_DIR=/opt/app CONFIG=$HOME_DIR/etc
    ```
    ```dockerfile unsafe
    FROM debian:12
    ENV HOME_DIR=/opt/app
    ENV CONFIG=$HOME_DIR/etc
    ```
    ```dockerfile bad
    FROM debian:12
    ENV VERSION=1.2 \
        NAME=app \
        URL="https://example.com/${VERSION:-1}" \
        FILE=${NAME}.tgz
    ```
    ```dockerfile unsafe
    FROM debian:12
    ENV VERSION=1.2 \
        NAME=app
    ENV URL="https://example.com/${VERSION:-1}" \
        FILE=${NAME}.tgz
    ```
    A variable of another stage is none of this one:
    ```dockerfile bad
    FROM debian:12 AS one
    ENV A=1
    FROM debian:12
    ENV A=2 B=$A
    ```
    ```dockerfile unsafe
    FROM debian:12 AS one
    ENV A=1
    FROM debian:12
    ENV A=2
    ENV B=$A
    ```
    Where the old value is there, or no variable is meant, it is as it should be:
    ```dockerfile good
    FROM debian:12
    ARG A=0
    ENV A=1 B=$A
    ENV C=1 D=\$C E='$C'
    ENV PATH=/opt/bin:$PATH LD_LIBRARY_PATH=$PATH
    ENV F=$F:1 G=$F
    ```
    """
    if env.form != "pairs" or env.in_onbuild:
        return
    for number, pair, name in _early(env):
        message = f"{name} is not set yet where {pair.key.text} uses it: move {pair.key.text} into an ENV of its own"
        yield report(pair, message, _split(env, number))
        return


def _early(env: Env) -> Iterator[tuple[int, Pair, str]]:
    """The pairs that refer to a variable which only this ENV sets, with their number and its name."""
    from dlinter_grammar.expand import references

    escape = env.file.escape
    environment = env.file.facts.environment(env)
    used = [[] if p.value is None else [name for name, *_ in references(p.value.value, escape)] for p in env.pairs]
    # whoever extends a variable knows that the base image sets it
    extended = {p.key.value for p, names in zip(env.pairs, used, strict=True) if p.key.value in names}
    own = {p.key.value for p in env.pairs} - extended - _INHERITED
    for number, (pair, names) in enumerate(zip(env.pairs, used, strict=True)):
        for name in names:
            if name in own and name not in environment:
                yield number, pair, name
                break


#: what every image or container has
_INHERITED = {"PATH", "HOME", "HOSTNAME", "TERM"}


def _split(env: Env, number: int) -> Fix | None:
    """A new ENV from pair *number* on, if what it needs is set before it."""
    from dlinter_grammar.expand import references

    pairs = env.pairs
    value = pairs[number].value
    if number == 0 or value is None:
        return None
    before = {pair.key.value for pair in pairs[:number]}
    after = {pair.key.value for pair in pairs[number:]}
    names = {name for name, *_ in references(value.value, env.file.escape)}
    if not names & before or names & (after - before):
        return None
    start, end = pairs[number - 1].end, pairs[number].start
    if any(start <= comment.start < end for comment in env.syntax.comments):
        return None
    text = env.file.text
    line = text[env.file.source.line_start(env.start) : env.start]
    edit = Edit(start, end, f"{line_end(text)}{line if not line.strip() else ''}{env.name.text} ")
    return Fix([edit], UNSAFE, f"Begin a new ENV at {pairs[number].key.text}", ("option-of-user",))
