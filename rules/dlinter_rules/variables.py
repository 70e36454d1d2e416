"""Variables that are used where they are not set."""

from __future__ import annotations

from dlinter import UNSAFE, Edit, Findings, Fix, From, Instruction, Severity, Token, insert_after, report, rule
from dlinter.tree import Add, Arg, Copy, Env, Label, Run, Stopsignal, User, Volume, Workdir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.facts import Facts
    from dlinter.facts.expansion import Expansion
    from dlinter.rule import Report
    from dlinter_grammar.expander import Reference


@rule(
    "DL2007",
    "base-image-arg-undefined",
    on=From,
    reads="file",
    mentions=("$",),
    profiles=("default", "cis"),
    aliases=("UndefinedArgInFrom",),
)
def base_image_arg_undefined(base: From) -> Findings:
    r"""Declare the ARG that FROM uses before the first FROM

    FROM sees no other variables; an undeclared one is empty, and --build-arg cannot set it.

    ```dockerfile bad
    ARG VARIANT=-slim
    FROM debian:12${VARINAT}
    ```
    ```dockerfile unsafe
    ARG VARIANT=-slim
    FROM debian:12${VARIANT}
    ```
    What a stage declares is the stage's own:
    ```dockerfile bad
    FROM golang:1.22 AS build
    ARG RELEASE=12
    FROM debian:${RELEASE:-11}
    ```
    ```dockerfile good
    ARG VERSION
    FROM --platform=$BUILDPLATFORM debian:${VERSION:-12}
    ```
    """
    facts = base.file.facts
    for expansion in facts.expansions(base):
        env = facts.global_environment
        for name in expansion.result.unset:
            if env.declared(name):
                continue
            reference = _first(expansion, name)
            at = expansion.span(reference.start, reference.end)
            message = f"Declare ARG {name} before the first FROM"
            near = _nearest(name, [each for each in env if env.declared(each)] or list(env))
            fix = None
            late = _declared_in_stage(base, name)
            if near is not None:
                message += f"; did you mean {near}?"
                fix = _renamed(at, name, near)
            elif late is not None:
                message += f": the one in line {late} belongs to its stage"
            yield report(at, message, fix, severity=None if reference.has_default else Severity.ERROR)


def _declared_in_stage(base: From, name: str) -> int | None:
    for stage in base.file.stages:
        for arg in stage.of(Arg):
            if isinstance(arg, Arg) and any(pair.key.value == name for pair in arg.pairs):
                return arg.line
    return None


@rule(
    "DL2014",
    "base-image-arg-empty-default",
    on=From,
    mentions=("$",),
    profiles=("default",),
    aliases=("InvalidDefaultArgInFrom",),
)
def base_image_arg_empty_default(base: From) -> Findings:
    r"""Give the ARG of a base image a default that works

    Without --build-arg the name of the image would be empty or wrong, and the build would fail.

    ```dockerfile bad
    ARG VERSION
    FROM debian:$VERSION
    ```
    ```dockerfile bad
    ARG REGISTRY
    FROM ${REGISTRY}/debian:12
    ```
    ```dockerfile good
    ARG VERSION=12
    ARG REGISTRY
    FROM debian:$VERSION
    FROM ${REGISTRY:+$REGISTRY/}debian:12
    FROM example/app:$TARGETARCH
    ```
    """
    from dlinter_grammar.expand import expand
    from dlinter_grammar.images import image_fault

    image = base.image
    if image is None or "$" not in image.value:
        return
    facts = base.file.facts
    result = expand(image.value, facts.default_environment, base.file.escape)
    # what nobody declares is another rule's business
    if result.value is None or any(not facts.global_environment.declared(name) for name in result.unset):
        return
    if not result.value or image_fault(result.value) is not None:
        env = facts.default_environment
        names = ", ".join(dict.fromkeys(r.name for r in result.references if not env.get(r.name))) or "of the image"
        shown = result.value or "nothing"
        yield report(image, f"Give ARG {names} a default: without --build-arg the base image would be {shown}")


@rule(
    "DL2008",
    "undefined-variable",
    on=(Add, Arg, Copy, Env, Label, Run, Stopsignal, User, Volume, Workdir),
    profiles=("default", "cis"),
    aliases=("UndefinedVar",),
)
def undefined_variable(instruction: Instruction, *, exact: bool = False) -> Findings:
    r"""Set the variable before it is used

    A variable that no ARG or ENV before it sets is empty, without an error.

    ```dockerfile bad
    FROM debian:12
    ENV APP_HOME=/srv/app
    WORKDIR $APP_HOEM
    ```
    ```dockerfile unsafe
    FROM debian:12
    ENV APP_HOME=/srv/app
    WORKDIR $APP_HOME
    ```
    An ARG before FROM is there for FROM alone:
    ```dockerfile bad
    ARG VERSION=12
    FROM debian:${VERSION}
    LABEL version="$VERSION"
    ```
    ```dockerfile unsafe
    ARG VERSION=12
    FROM debian:${VERSION}
    ARG VERSION
    LABEL version="$VERSION"
    ```
    ```dockerfile bad
    FROM debian:12
    COPY app $TARGET
    ARG TARGET=/srv
    ```
    What extends a variable that is not set leaves an empty entry, which means the current directory:
    ```dockerfile bad
    FROM debian:12
    ENV LD_LIBRARY_PATH=/opt/lib:$LD_LIBRARY_PATH
    ENV PYTHONPATH "${PYTHONPATH}:/opt/app"
    ```
    ```dockerfile unsafe
    FROM debian:12
    ENV LD_LIBRARY_PATH=/opt/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    ENV PYTHONPATH "${PYTHONPATH:+$PYTHONPATH:}/opt/app"
    ```
    BuildKit's variables are not a shell's, and those of a running container are not there yet:
    ```dockerfile bad
    FROM debian:12
    ENV PS1="$$ " GOPATH=$HOME/go
    ```
    What a base image sets is known of many, and nothing is said of the others:
    ```dockerfile good
    FROM registry.example.com/base:1
    WORKDIR $APP_HOME
    ENV PYTHONPATH=$PYTHONPATH:/app
    ```
    Whoever gives a default has thought of it, and an ENV that uses what it sets itself is DL3044's business. With the
    option `exact` both are reported, as BuildKit does:
    ```dockerfile good
    FROM debian:12
    ARG VERSION
    ENV PREFIX=/opt BIN=$PREFIX/bin
    ENV PATH=/opt/bin:$PATH HOST=${HOST:-localhost} LD_LIBRARY_PATH=/opt/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    LABEL version=$VERSION price='$5' cost=\$5
    RUN echo $ANYTHING
    ```
    """
    from dlinter.facts.scopes import NOT_IN_ENVIRONMENT

    if instruction.stage is None or instruction.in_onbuild:
        return
    if "$" not in instruction.syntax.map.text and not instruction.heredocs:
        return
    facts = instruction.file.facts
    own = _own(instruction)
    for expansion in facts.expansions(instruction):
        for name in expansion.result.unset:
            reference = _first(expansion, name)
            if (
                expansion.env.declared(name)
                or name in NOT_IN_ENVIRONMENT
                or (not exact and _excused(own, expansion, name))
            ):
                continue
            at = expansion.span(reference.start, reference.end)
            cause, fix = _cause(facts, instruction, expansion, reference)
            if cause:
                yield report(at, cause, fix)
            elif facts.complete(instruction.stage):
                yield _unset(instruction, expansion, reference, at)


def _own(instruction: Instruction) -> dict[str, int]:
    """What an ENV sets itself, with the end of the first pair that does."""
    found: dict[str, int] = {}
    for pair in instruction.syntax.pairs if isinstance(instruction, Env) else ():
        found.setdefault(pair.key.value, pair.end)
    return found


def _excused(own: dict[str, int], expansion: Expansion, name: str) -> bool:
    """True if nobody is surprised that the name is not set, or another rule says so."""
    return _within_default(expansion, name) or own.get(name, expansion.token.end) <= expansion.token.start


def _within_default(expansion: Expansion, name: str) -> bool:
    """True if every use of *name* gives a default, or stands in the text for the case that it is set."""
    safe: list[tuple[int, int]] = []
    for reference in expansion.result.references:
        if reference.name == name:
            if reference.has_default:
                safe.append((reference.start, reference.end))
            elif not any(start < reference.start and reference.end <= end for start, end in safe):
                return False
    return True


def _cause(
    facts: Facts, instruction: Instruction, expansion: Expansion, reference: Reference
) -> tuple[str, Fix | None]:
    """Why the name is not set, as far as the file tells, and what mends it."""
    name = reference.name
    stage = instruction.stage
    assert stage is not None
    if not (name[:1] == "_" or name[:1].isalpha()):
        return f"Write \\${name} for a dollar sign: ${name} is a variable that nothing sets", None
    if facts.global_environment.declared(name) or name in facts.global_environment:
        arg = Fix([insert_after(stage.base, f"\nARG {name}")], UNSAFE, f"Declare ARG {name} in the stage")
        return f"Repeat ARG {name} in this stage: what stands before the first FROM is seen by FROM alone", arg
    if isinstance(instruction, Env) and any(pair.key.value == name for pair in instruction.pairs):
        return "", None
    for other in stage.instructions:
        if other.index <= instruction.index or not isinstance(other, (Env, Arg)):
            continue
        if any(pair.key.value == name for pair in other.pairs):
            return f"Set {name} before it is used: {other.name.text} in line {other.line} comes too late", None
    return "", None


def _unset(instruction: Instruction, expansion: Expansion, reference: Reference, at: Token) -> Report:
    """The finding where all that is known is that nothing sets the name."""
    name = reference.name
    if name in _AT_RUN_TIME:
        return report(at, f"Write out {name}: it is set in a running container, not here")
    fix = _guarded(instruction, expansion, reference, at)
    if fix is not None:
        message = f"{name} is not set before, and the empty entry it leaves means the current directory"
        return report(at, message, fix, severity=Severity.INFO)
    facts = instruction.file.facts
    near = _nearest(name, [each for each in expansion.env if _in_file(facts, instruction, each)])
    if near is not None:
        return report(at, f"Set {name} before it is used; did you mean {near}?", _renamed(at, name, near))
    return report(at, f"Set {name} before it is used")


#: set by the runtime or the shell, not by images
_AT_RUN_TIME = frozenset({"HOME", "HOSTNAME", "PWD", "USER", "LOGNAME", "SHELL"})


def _guarded(instruction: Instruction, expansion: Expansion, reference: Reference, at: Token) -> Fix | None:
    """``${X:+:$X}`` for ``:$X`` where an ENV extends X as a list."""
    name = reference.name
    pairs = instruction.pairs if isinstance(instruction, Env) else []
    pair = next((pair for pair in pairs if pair.value and pair.value.start == expansion.token.start), None)
    if pair is None or pair.key.value != name or reference.operator or at.end - at.start != len(at.text):
        return None
    text = instruction.file.text
    if text[at.start - 1] == ":" and text[at.end : at.end + 1] != ":":
        edit = Edit(at.start - 1, at.end, f"${{{name}:+:${name}}}")
    elif text[at.end : at.end + 1] == ":":
        edit = Edit(at.start, at.end + 1, f"${{{name}:+${name}:}}")
    else:
        return None
    return Fix([edit], UNSAFE, f"Leave out the entry where {name} is not set")


def _in_file(facts: Facts, instruction: Instruction, name: str) -> bool:
    variable = facts.variable(name, instruction)
    return variable is not None and variable.node is not None


def _first(expansion: Expansion, name: str) -> Reference:
    return next(reference for reference in expansion.result.references if reference.name == name)


def _nearest(name: str, options: list[str]) -> str | None:
    from dlinter_grammar.gotext import nearest

    # each comparison costs the product of both lengths
    return nearest(name, sorted(options)) if len(name) > 3 and len(options) <= 50 else None


def _renamed(at: Token, name: str, near: str) -> Fix | None:
    """*near* instead of *name* in a reference that stands in the file as it is read."""
    if at.end - at.start != len(at.text):
        return None
    start = at.start + at.text.index(name)
    return Fix([Edit(start, start + len(name), near)], UNSAFE, f"Write {near}")
