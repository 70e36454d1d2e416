"""yarn."""

from __future__ import annotations

from dlinter import UNSAFE, Command, Copy, Findings, Run, Severity, report, rule
from dlinter.packages import PackageCall, package_call
from dlinter.tree import Add
from dlinter_rules.common import certain, cleaned_at_the_end, image_of, program

#: options and sub-commands of yarn 2 and later
_BERRY = ("--immutable", "--immutable-cache", "--inline-builds", "--mode", "--check-cache")
_BERRY_COMMANDS = ("set", "plugin", "workspaces", "dlx")


@rule(
    "DL3060",
    "yarn-cache-not-cleaned",
    on=Run,
    mentions=("yarn",),
    severity=Severity.INFO,
    profiles=("default", "hadolint"),
    aliases=("S6587", "DF055", "DOK-P1005"),
)
def yarn_cache_not_cleaned(run: Run) -> Findings:
    r"""Run yarn cache clean in the RUN that installs

    yarn 1 keeps a copy of every package it downloads, which nothing in the image reads again.

    ```dockerfile bad
    FROM node:20
    COPY package.json yarn.lock ./
    RUN yarn install --frozen-lockfile
    ```
    ```dockerfile fixed
    FROM node:20
    COPY package.json yarn.lock ./
    RUN yarn install --frozen-lockfile && yarn cache clean
    ```
    ```dockerfile bad
    FROM node:20
    RUN yarn global add serve@14
    ```
    ```dockerfile fixed
    FROM node:20
    RUN yarn global add serve@14 && yarn cache clean
    ```
    Files that are copied may choose another yarn, whose cache is part of the installation:
    ```dockerfile bad
    FROM node:20
    COPY . .
    RUN yarn && yarn build
    ```
    ```dockerfile unsafe
    FROM node:20
    COPY . .
    RUN yarn && yarn build && yarn cache clean
    ```
    ```dockerfile good
    FROM node:20
    RUN yarn install && yarn cache clean
    RUN yarn install; yarn cache clean --all; yarn build
    RUN yarn install && rm -rf /usr/local/share/.cache/yarn
    RUN --mount=type=cache,target=/usr/local/share/.cache yarn install
    RUN --mount=type=cache,target=/yarn-cache yarn install --cache-folder /yarn-cache
    RUN yarn build && yarn --version
    ```
    ```dockerfile good
    FROM node:20
    ENV YARN_CACHE_FOLDER=/cache
    RUN --mount=type=cache,target=/cache yarn install
    ```
    Yarn 2 and later keep their cache in the project:
    ```dockerfile good
    FROM node:20
    COPY .yarn .yarn
    COPY package.json yarn.lock .yarnrc.yml ./
    RUN yarn install --immutable
    ```
    ```dockerfile good
    FROM node:20
    RUN corepack enable && yarn install
    ```
    The layers of a stage that only hands files on are thrown away:
    ```dockerfile good
    FROM node:20 AS build
    RUN yarn install && yarn build
    FROM nginx:1.27
    COPY --from=build /app/dist /usr/share/nginx/html
    ```
    """
    if run.stage is None or not run.file.facts.ships(run.stage):
        return
    last: tuple[Command, PackageCall] | None = None
    for command in run.commands:
        call = package_call(command) if command.name in ("yarn", "yarnpkg") else None
        if call is not None and call.subcommand in ("install", "add") and not call.has("--cache-folder", "--help"):
            last = command, call
        elif (call is not None and call.subcommand == "cache clean") or (last is not None and _removes(command)):
            last = None
    if last is None or last[1].has(*_BERRY) or _berry(run) or _mounted(run):
        return
    command = last[0]
    fix = cleaned_at_the_end(run, command, "yarn cache clean")
    if fix is not None and not _classic(run):
        fix = fix.marked(UNSAFE)
    yield report(program(command), fix=fix)


def _removes(command: Command) -> bool:
    return command.name in ("rm", "find") and any(
        ".cache" in word.text or "yarn" in word.text.lower() for word in command.args
    )


def _berry(run: Run) -> bool:
    """True if the file shows signs of yarn 2 or later."""
    commands = [c for other in [*run.file.facts.before(run, Run), run] for c in other.commands]
    for command in commands:
        if command.name == "corepack" or (
            command.name == "yarn" and _sub(command) in ("set", "plugin", "workspaces", "dlx")
        ):
            return True
    return any(".yarn" in source for source in _sources(run))


def _sub(command: Command) -> str | None:
    word = command.operand()
    return word.value if word is not None else None


def _sources(run: Run) -> list[str]:
    found: list[str] = []
    for copy in run.file.facts.before(run, Copy, Add):
        if isinstance(copy, (Copy, Add)):
            found += [source.value for source in copy.sources]
    return found


def _classic(run: Run) -> bool:
    """True if yarn is known to be version 1: that of the official node image, and no copied file chooses another."""
    image = image_of(run.stage)
    if image is None or image.name != "node" or not certain(run.stage):
        return False
    return all(source.rsplit("/", 1)[-1].startswith(("package", "yarn.lock")) for source in _sources(run))


def _mounted(run: Run) -> bool:
    environment = run.file.facts.environment(run)
    folder = environment.get("YARN_CACHE_FOLDER") if "YARN_CACHE_FOLDER" in environment else None
    targets = run.scratch_mounts
    return any("yarn" in target or target.endswith(".cache") or target == folder for target in targets)
