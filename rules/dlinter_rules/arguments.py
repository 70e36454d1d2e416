"""Arguments that another variable of the same name gets in the way of."""

from __future__ import annotations

from dlinter import UNSAFE, Arg, Edit, Env, Findings, Fix, Run, Stage, report, rule
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter import Instruction
    from dlinter.tree import Pair

#: what differs between the platforms of a build (frontend/dockerfile/dockerfile2llb/platform.go, defaultArgs)
_AUTOMATIC = frozenset({"TARGETARCH", "TARGETOS", "TARGETPLATFORM", "TARGETVARIANT"})


@rule("DL2125", "arg-shadows-env", on=Stage, mentions=("arg ",))
def arg_shadows_env(stage: Stage) -> Findings:
    r"""Give ARG and ENV of one name one value: ENV NAME=$NAME

    An ENV below ARG overrides what --build-arg gave; an ARG below ENV holds for the build, not for the container.

    ```dockerfile bad
    FROM node:22
    ARG PORT=3000
    ENV PORT=3000
    ```
    ```dockerfile bad
    FROM debian:12
    ENV MODE=production
    ARG MODE=development
    RUN ./configure
    ```
    ```dockerfile good
    FROM node:22
    ARG PORT=3000
    ENV PORT=$PORT
    ARG VERSION
    ENV VERSION=${VERSION:-1}
    ```
    What stands between the two may need the one:
    ```dockerfile good
    FROM debian:12
    ARG DEBIAN_FRONTEND=noninteractive
    RUN apt-get update && apt-get install -y curl
    ENV DEBIAN_FRONTEND=dialog
    ```
    ```dockerfile good
    FROM debian:12
    ENV MODE=production
    ARG MODE=production
    ARG VERSION=1
    ENV TAG=v$VERSION VERSION=2
    ```
    """
    args: dict[str, Arg] = {}
    envs: dict[str, Pair] = {}
    for instruction in stage.instructions:
        if isinstance(instruction, Arg):
            for pair in instruction.pairs:
                earlier = envs.get(pair.key.value)
                if earlier is not None and _differ(pair, earlier, instruction):
                    line = stage.file.source.position(earlier.start)[0]
                    message = f"The build sees this value, the container that of ENV in line {line}: take another name"
                    yield report(pair, message)
                args[pair.key.value] = instruction
        elif isinstance(instruction, Env):
            text = instruction.syntax.map.text
            for name in [name for name in args if re.search(rf"\$\{{?{re.escape(name)}\b", text)]:
                del args[name]
            for pair in instruction.pairs:
                arg = args.pop(pair.key.value, None)
                if arg is not None and pair.value is not None:
                    name = pair.key.value
                    yield report(
                        pair, f"--build-arg {name} has no effect: write {name}=${name}, or leave ARG {name} out"
                    )
                envs[pair.key.value] = pair
        elif isinstance(instruction, Run) or instruction.in_onbuild:
            args.clear()
        else:
            text = instruction.syntax.map.text
            args = {name: arg for name, arg in args.items() if name not in text}


def _differ(pair: Pair, env: Pair, instruction: Instruction) -> bool:
    """True if the default of an ARG is known to be another value than that of an ENV before it."""
    if pair.value is None or env.value is None or "$" in pair.value.value or "$" in env.value.value:
        return False
    facts = instruction.file.facts
    return facts.expand(pair.value, instruction).value != facts.expand(env.value, instruction).value


@rule("DL2126", "arg-redefines-predefined", on=Arg, mentions=("targetarch", "targetos", "targetp", "targetv"))
def arg_redefines_predefined(arg: Arg) -> Findings:
    r"""Declare the platform's arguments without a value

    BuildKit sets them for each platform that is built; a default takes the place of that, for every platform.

    The old builder without BuildKit leaves them empty, so this needs a look:
    ```dockerfile bad
    FROM --platform=$BUILDPLATFORM golang:1.24
    ARG TARGETARCH=amd64
    RUN GOARCH=$TARGETARCH go build -o /app
    ```
    ```dockerfile unsafe
    FROM --platform=$BUILDPLATFORM golang:1.24
    ARG TARGETARCH
    RUN GOARCH=$TARGETARCH go build -o /app
    ```
    ```dockerfile good
    ARG TARGETPLATFORM
    FROM debian:12
    ARG TARGETARCH
    ARG TARGETVARIANT=${TARGETVARIANT}
    RUN echo $TARGETARCH
    ```
    It is the same for most platforms, or what builds:
    ```dockerfile good
    ARG BUILDPLATFORM=linux/amd64
    FROM --platform=$BUILDPLATFORM debian:12
    ARG TARGETOS=linux
    ```
    """
    for pair in arg.pairs:
        name = pair.key.value
        if name in _AUTOMATIC and pair.value is not None and pair.value.value not in ("", "linux"):
            if "$" in pair.value.value:
                continue
            message = f"Every platform gets {name}={pair.value.value}: leave the value out"
            fix = Fix([Edit(pair.key.end, pair.end, "")], UNSAFE, f"Write ARG {name}")
            yield report(pair, message, None if arg.in_onbuild else fix)
