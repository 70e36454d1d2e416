"""Stages that nothing uses, and the one that is built although it should not."""

from __future__ import annotations

from dlinter import (
    Cmd,
    Dockerfile,
    Entrypoint,
    Expose,
    Findings,
    Healthcheck,
    Instruction,
    Severity,
    Stage,
    Stopsignal,
    report,
    rule,
)
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def _names(words: str) -> re.Pattern[str]:
    """What matches names with one of *words* in them, set apart by ``-``, ``_``, ``.`` or a number."""
    return re.compile(rf"(?:.*[-_.])?(?:{words})(?:[-_.].*|\d*)")


#: names of stages that make something for others
_BUILDS = _names("build|builder|builds|building|compile|compiler|deps|dependencies|dependency")
#: names of stages that check something
_CHECKS = _names("tests?|tester|testing|lint|linter|ci|checks?|audit|spec|\\w*tests?")
#: names of stages that people work with
_WORKS = _names("dev|devel|develop|development|debug|debugger|local|devcontainer")
#: names of stages that are meant to be shipped
_SHIPS = _names("prod|production|prd|release|runtime|final|deploy|live")
#: what stages are called that are nothing but the one or the other
_FOR_WORK = frozenset(["dev", "develop", "development", "debug", "local"])
_FOR_USE = frozenset(["prod", "production", "prd", "release", "runtime", "final", "deploy", "live", "main"])
#: files that may say which stage is built
_ASKING = re.compile(
    r"(?:(?:docker-)?compose.*\.ya?ml|\.gitlab-ci\.yml|azure-pipelines.*\.yml|docker-bake.*|makefile|justfile|.*\.mk"
    r"|jenkinsfile.*|taskfile\.ya?ml|package\.json|skaffold\.ya?ml|fly\.toml|\.drone\.yml|\.travis\.yml|earthfile"
    r"|.*\.sh|.*\.md|tasks\.py|cloudbuild.*\.ya?ml)",
    re.IGNORECASE,
)


def _called(stage: Stage) -> str:
    return f"stage {stage.name}" if stage.name else f"the stage at line {stage.base.line}"


def _asked_for(stage: Stage) -> bool:
    """True if a comment, or a file of the build context that builds images, names *stage* as a target."""
    if stage.name is None:
        return False
    pattern = re.compile(rf"target\b[\s:=\"']*(?:\w+:)?[\"']?{re.escape(stage.name)}\b", re.IGNORECASE)
    return any(pattern.search(text) for text in (stage.file.text, *_texts(stage.file)))


def _texts(file: Dockerfile) -> Iterator[str]:
    """The files of the build context that may say what is built."""
    context = file.facts.context
    for folder in ("", ".github/workflows", ".circleci", "scripts") if context is not None else ():
        assert context is not None
        for name in context.names(folder):
            if folder[:1] == "." or _ASKING.fullmatch(name):
                data = context.bytes_of(f"{folder}/{name}" if folder else name)
                if data is not None:
                    yield data.decode("utf-8", "replace")


def _may_be_target(stage: Stage) -> bool:
    """True if somebody may build *stage* for its own sake, as far as its name and what it starts tell."""
    name = stage.name
    if name is None:
        return False
    if _CHECKS.fullmatch(name) or _WORKS.fullmatch(name) or _SHIPS.fullmatch(name):
        return True
    return next(stage.of(Cmd, Entrypoint), None) is not None or _asked_for(stage)


def _needs_a_stage(stage: Stage) -> bool:
    return any(need.stage is not None or _meant(need.name, stage) for need in stage.file.facts.graph.needs(stage))


def _meant(name: str, stage: Stage) -> bool:
    """True if *name* may be meant for another stage: it depends on a variable, or is written in another case."""
    return "$" in name or any(name.lower() == other.name for other in stage.file.stages if other is not stage)


def _drawn_up(file: Dockerfile) -> bool:
    """True for a template, of which the stages are not known, and a list of images that nothing is done with."""
    return "{{" in file.text or "{%" in file.text or all(len(stage.instructions) == 1 for stage in file.stages)


def _named_elsewhere(stage: Stage) -> bool:
    """True if a FROM may mean *stage*: by a variable, or as an image that was made of it and published."""
    images = [other.base.image.value for other in stage.file.stages if other.base.image is not None]
    return any("$" in image or (stage.name and f":{image.lower()}".endswith(f":{stage.name}")) for image in images)


@rule("DL5102", "stage-unused", on=Dockerfile, aliases=("no-unreachable-stages",))
def stage_unused(file: Dockerfile) -> Findings:
    r"""Remove a stage that no image needs, or copy from it what was meant

    BuildKit leaves it out, so it only misleads; the older builder spends the time to build it.

    ```dockerfile bad
    FROM node:22 AS build-assets
    RUN npm run build
    FROM golang:1.23 AS build
    RUN go build -o /app
    FROM gcr.io/distroless/static-debian12
    COPY --from=build /app /app
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk add --no-cache curl
    FROM golang:1.23 AS build
    RUN go build -o /app
    FROM gcr.io/distroless/static-debian12
    COPY --from=build /app /app
    ```
    A name may be there for `--target`: only stages that sound like a part of the build are reported, and none that a
    comment, a compose file, a bake file or a script beside the Dockerfile names.
    ```dockerfile good
    FROM golang:1.23 AS build
    RUN go build -o /app
    FROM build AS test
    RUN go test ./...
    FROM gcr.io/distroless/static-debian12
    COPY --from=build /app /app
    ```
    ```dockerfile good
    # docker build --target client-build .
    FROM golang:1.23 AS client-build
    RUN go build -o /client ./client
    FROM golang:1.23 AS build
    RUN go build -o /app
    FROM gcr.io/distroless/static-debian12
    COPY --from=build /app /app
    ```
    ```dockerfile good
    ARG ARCH=amd64
    FROM golang:1.23 AS build-amd64
    FROM arm32v6/golang:1.23-alpine AS build-arm32v6
    FROM build-${ARCH} AS build
    RUN go build -o /app
    FROM scratch
    COPY --from=build /app /app
    ```
    ```dockerfile good
    FROM debian:12 AS deps
    RUN apt-get update && apt-get install -y gcc
    FROM example.com/app:deps AS build
    RUN gcc -o /app main.c
    FROM debian:12
    COPY --from=build /app /app
    ```
    ```yaml context
    .github/workflows/ci.yml: |
      - uses: docker/build-push-action@v6
        with:
          target: deps
    go.mod: module example.com/app
    ```
    ```dockerfile good
    FROM golang:1.23 AS deps
    RUN go mod download
    FROM golang:1.23 AS build
    COPY . .
    RUN go build -o /app
    FROM gcr.io/distroless/static-debian12
    COPY --from=build /app /app
    ```
    """
    graph = file.facts.graph
    if file.settings.targets or len(file.stages) < 2 or not _needs_a_stage(file.stages[-1]) or _drawn_up(file):
        return
    for stage in graph.unused():
        if graph.reached(stage) or _may_be_target(stage) or _named_elsewhere(stage):
            continue
        if stage.name is None or _BUILDS.fullmatch(stage.name):
            yield report(stage.base.alias or stage.base, f"Nothing uses {_called(stage)}")


@rule("DL5103", "multi-stage-without-copy-from", on=Dockerfile, aliases=("DD066",))
def multi_stage_without_copy_from(file: Dockerfile) -> Findings:
    r"""Copy what the last stage needs out of the stages before it

    A second FROM begins with nothing but its own image: all that was done before it is thrown away.

    ```dockerfile bad
    FROM node:22 AS build
    WORKDIR /app
    COPY . .
    RUN npm ci && npm run build
    FROM nginx:1.27
    COPY dist /usr/share/nginx/html
    ```
    ```dockerfile bad
    FROM python:3.12
    FROM node:22
    COPY . /app
    RUN pip install -r /app/requirements.txt
    ```
    ```dockerfile good
    FROM node:22 AS build
    WORKDIR /app
    COPY . .
    RUN npm ci && npm run build
    FROM nginx:1.27
    COPY --from=build /app/dist /usr/share/nginx/html
    ```
    ```dockerfile good
    FROM golang:1.23 AS server
    RUN go build -o /server ./server
    CMD ["/server"]
    FROM golang:1.23 AS client
    RUN go build -o /client ./client
    CMD ["/client"]
    ```
    ```dockerfile good
    FROM alpine:3.20 AS BASE
    RUN apk add --no-cache python3
    FROM BASE AS PROD
    CMD ["python3"]
    ```
    A list of images, and a template of files:
    ```dockerfile good
    # versions for the bot that updates them
    FROM python:3.13
    FROM node:22
    ```
    ```dockerfile good
    FROM golang:1.23
    RUN go build -o /app
    FROM {{ image }}
    RUN true
    ```
    """
    if file.settings.targets or len(file.stages) < 2 or _needs_a_stage(file.stages[-1]) or _drawn_up(file):
        return
    last, earlier = file.stages[-1], file.stages[:-1]
    if any(_may_be_target(stage) for stage in earlier) or last.base.image is None:
        return
    if len(earlier) == 1 or not any(_needs_a_stage(stage) for stage in earlier):
        what = f"{_called(earlier[0])} does" if len(earlier) == 1 else "the stages before it do"
        yield report(last.base, f"Copy from the stages that are there: nothing that {what} is in the image")


@rule("DL5104", "stage-final-is-builder", on=Dockerfile, profiles=())
def stage_final_is_builder(file: Dockerfile) -> Findings:
    r"""Put the stage that is shipped last

    Without `--target` the last stage is the image, and this one is called like a part of the build.

    ```dockerfile bad
    FROM python:3.12 AS app
    COPY . /app
    CMD ["python", "/app/main.py"]
    FROM app AS test
    RUN python -m pytest /app
    ```
    ```dockerfile good
    FROM python:3.12 AS base
    COPY . /app
    FROM base AS test
    RUN python -m pytest /app
    FROM base AS app
    CMD ["python", "/app/main.py"]
    ```
    ```dockerfile good
    FROM python:3.12 AS app
    COPY . /app
    CMD ["python", "/app/main.py"]
    FROM app AS test
    CMD ["python", "-m", "pytest", "/app"]
    ```
    """
    last = file.stages[-1] if len(file.stages) > 1 else None
    if last is None or last.name is None or file.settings.targets or _for_work(file):
        return
    if not (_CHECKS.fullmatch(last.name) or _BUILDS.fullmatch(last.name)) or next(last.of(Cmd, Entrypoint), None):
        return
    other = next((s for s in file.stages[:-1] if next(s.of(Cmd, Entrypoint), None)), None)
    if other is not None and last.base.alias is not None and not _asked_for(other):
        yield report(last.base.alias, f"The image is stage {last.name}, but {_called(other)} has what is started")


@rule("DL5105", "stage-named-dev-is-default", on=Dockerfile, profiles=())
def stage_named_dev_is_default(file: Dockerfile) -> Findings:
    r"""Put the stage that is shipped last, and the one to develop with before it

    Without `--target` the last stage is the image, so whoever forgets it ships what was made for development.

    ```dockerfile bad
    FROM node:22 AS production
    COPY . /app
    CMD ["node", "/app/main.js"]
    FROM production AS development
    CMD ["npx", "nodemon", "/app/main.js"]
    ```
    ```dockerfile good
    FROM node:22 AS development
    COPY . /app
    CMD ["npx", "nodemon", "/app/main.js"]
    FROM development AS production
    CMD ["node", "/app/main.js"]
    ```
    ```dockerfile good
    FROM node:22 AS base
    FROM base AS dev
    CMD ["npm", "run", "dev"]
    ```
    """
    last = file.stages[-1] if len(file.stages) > 1 else None
    if last is None or last.name is None or file.settings.targets or _for_work(file):
        return
    if last.name not in _FOR_WORK or last.base.alias is None:
        return
    other = next((s for s in file.stages[:-1] if s.name in _FOR_USE), None)
    if other is not None and not _asked_for(other):
        yield report(last.base.alias, f"The image is stage {last.name}, not {other.name}")


def _for_work(file: Dockerfile) -> bool:
    """True if the name of the file says that it is for development or for tests."""
    return re.search(r"dev|test|debug|local|ci", file.path.rpartition("/")[2], re.IGNORECASE) is not None or (
        ".devcontainer" in file.path
    )


@rule("DL5106", "runtime-metadata-in-discarded-stage", on=Stage, reads="file", severity=Severity.INFO)
def runtime_metadata_in_discarded_stage(stage: Stage) -> Findings:
    r"""Say how the image runs in the stage that becomes the image

    What a stage says about ports, health and what is started does not come along with COPY --from.

    ```dockerfile bad
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    RUN go build -o /app
    EXPOSE 8080
    FROM gcr.io/distroless/base-debian12
    COPY --from=build /app /app
    CMD ["/app"]
    ```
    ```dockerfile bad
    FROM node:22
    COPY . .
    RUN npm ci && npm run build
    CMD ["npm", "start"]
    FROM nginx:1.27
    COPY --from=0 /dist /usr/share/nginx/html
    ```
    ```dockerfile good
    FROM golang:1.23 AS build
    WORKDIR /src
    COPY . .
    RUN go build -o /app
    FROM gcr.io/distroless/base-debian12
    COPY --from=build /app /app
    EXPOSE 8080
    CMD ["/app"]
    ```
    What a stage with a name starts may be there to build something:
    ```dockerfile good
    FROM golang:1.23 AS build
    RUN go build -o /app
    CMD ["/bin/bash"]
    FROM gcr.io/distroless/base-debian12
    COPY --from=build /app /app
    ENTRYPOINT ["/app"]
    ```
    A stage that may be a target of its own, and one that the last is built on, are left alone:
    ```dockerfile good
    FROM node:22 AS development
    COPY . .
    CMD ["npm", "run", "dev"]
    FROM development AS build
    EXPOSE 80
    RUN npm run build
    FROM build
    CMD ["npm", "start"]
    ```
    """
    graph = stage.file.facts.graph
    if len(stage.file.stages) < 2 or graph.ships(stage) or stage.file.settings.targets or not graph.reached(stage):
        return
    if stage.name is not None and (not _BUILDS.fullmatch(stage.name) or _asked_for(stage)):
        return
    if stage.name is not None and (_WORKS.fullmatch(stage.name) or _CHECKS.fullmatch(stage.name)):
        return
    if any(graph.reached(child) is False for child in graph.children(stage)):
        # tests and tools that are built on it may want it
        return
    for instruction, kinds in _lost(stage):
        if stage.name is None or next(stage.file.facts.before(stage.file.stages[-1], *kinds), None) is None:
            yield report(instruction, f"{instruction.name.text.upper()} of {_called(stage)} is not in the image")


def _lost(stage: Stage) -> Iterator[tuple[Instruction, tuple[type[Instruction], ...]]]:
    """What *stage* says about an image, the first of each kind, with the kinds that say the same.

    A stage with a name may be run while building.
    """
    for kinds in ((Cmd, Entrypoint), (Expose,), (Healthcheck,), (Stopsignal,)):
        instruction = next(stage.of(*kinds), None)
        if instruction is not None and (stage.name is None or Cmd not in kinds):
            yield instruction, kinds
