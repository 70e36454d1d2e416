"""npm."""

from __future__ import annotations

from dlinter import UNSAFE, Command, Copy, Findings, Fix, Run, Severity, replace, report, rule
from dlinter.packages import PackageCall, package_call
from dlinter.shell_edits import insert_words
from dlinter_grammar import regex as re
from dlinter_rules.chains import follow, redone
from dlinter_rules.common import image_of, in_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter import Instruction, Stage
    from dlinter.commands import Word

_LOCKS = ("package-lock.json", "npm-shrinkwrap.json")


def _words(command: Command, call: PackageCall) -> list[Word]:
    """The words of the sub-command."""
    return [word for word in command.args if any(word is each for each in call.words)]


@rule(
    "DL8101",
    "npm-cache-not-cleaned",
    on=Run,
    reads="family",
    mentions=("npm",),
    severity=Severity.INFO,
    profiles=(),
    aliases=("S6587", "DF055"),
)
def npm_cache_not_cleaned(run: Run) -> Findings:
    r"""Run npm cache clean --force in the RUN that installs

    npm keeps a copy of every package it downloads, which nothing in the image reads again.

    ```dockerfile bad
    FROM node:20
    COPY package.json package-lock.json ./
    RUN npm ci
    ```
    ```dockerfile unsafe
    FROM node:20
    COPY package.json package-lock.json ./
    RUN npm ci && npm cache clean --force
    ```
    It comes directly after the installation, as npm may be gone later:
    ```dockerfile bad
    FROM alpine:3.20
    RUN apk add --no-cache nodejs npm \
     && npm install -g serve@14 \
     # only node is needed from here on
     && apk del npm
    ```
    ```dockerfile unsafe
    FROM alpine:3.20
    RUN apk add --no-cache nodejs npm \
     && npm install -g serve@14 \
     && npm cache clean --force \
     # only node is needed from here on
     && apk del npm
    ```
    Another npm may not run with this version of Node.js:
    ```dockerfile bad
    FROM node:10
    RUN npm install -g npm
    ```
    A later step that installs without the network needs the cache:
    ```dockerfile bad
    FROM node:20
    RUN npm ci
    RUN npm install --prefer-offline left-pad
    ```
    ```dockerfile unsafe
    FROM node:20
    RUN npm ci
    RUN npm install --prefer-offline left-pad && npm cache clean --force
    ```
    ```dockerfile good
    FROM node:20
    RUN npm ci && npm cache clean --force
    RUN npm ci; npm cache clear -f; npm run build
    RUN npm install && rm -rf /root/.npm
    RUN npm install && npm run build && rm -rf ~/.npm/_cacache /tmp/*
    RUN --mount=type=cache,target=/root/.npm npm ci
    RUN --mount=type=cache,target=/cache npm ci --cache /cache
    RUN npm run build && npm --version && npm install --dry-run
    ```
    ```dockerfile good
    FROM node:20
    ENV npm_config_cache=/tmp/npm
    RUN --mount=type=tmpfs,target=/tmp npm ci
    ```
    The layers of a stage that only hands files on are thrown away:
    ```dockerfile good
    FROM node:20 AS build
    RUN npm ci && npm run build
    FROM nginx:1.27
    COPY --from=build /app/dist /usr/share/nginx/html
    ```
    """
    if run.stage is None or not run.file.facts.ships(run.stage) or run.scratch_mounts:
        return
    last: tuple[Command, PackageCall] | None = None
    for command in run.commands:
        call = package_call(command) if command.name == "npm" else None
        if call is not None and call.subcommand in ("install", "ci"):
            if not call.has("--cache", "--dry-run", "--package-lock-only", "--help", "-h", "--version", "-v"):
                last = command, call
        elif (call is not None and call.subcommand == "cache clean") or _removes_cache(command):
            last = None
    if last is None or run.file.facts.env(run).some(_moves_cache) or any(map(_moves_cache, _set(run))):
        return
    command, call = last
    words = _words(command, call)
    if not words:
        return
    itself = any(package.name == "npm" for package in call.packages)
    verified = any(c.name == "npm" and c.operand("cache") is not None for c in run.commands)
    edit = None if itself or verified or _needed_later(run) else follow(command, "npm cache clean --force")
    fix = None
    if edit is not None:
        fix = Fix([edit], UNSAFE, "Clean the cache", ["package-cache-off", *redone(run, [edit])])
    yield report(words[-1], fix=fix)


def _set(run: Run) -> list[str]:
    """The variables that *run* may set."""
    names: list[str] = []
    for command in run.commands:
        names += [assignment.name for assignment in command.assignments]
        names += [word.text.partition("=")[0] for word in command.words if "=" in word.text]
        if command.name == "npm" and any(word.text == "config" for word in command.args):
            names += ["npm_config_" + word.text.partition("=")[0] for word in command.args]
    return names


def _moves_cache(name: str) -> bool:
    return "npm_config_cache" in name.lower()


def _removes_cache(command: Command) -> bool:
    if command.name not in ("rm", "find"):
        return False
    texts = [word.text.strip("\"'").rstrip("/*") for word in command.args]
    return any(".npm" in text or "_cacache" in text or text in ("/root", "~", "$HOME", "/tmp/npm") for text in texts)


#: folders in which npm has its cache, or seems to have it
_CACHES = re.compile(r"/\.(?:cache|npm)\b")


def _needed_later(run: Run) -> bool:
    assert run.stage is not None
    if _CACHES.search(run.syntax.map.text):
        return True
    facts = run.file.facts
    if facts.known(_last_need, run.stage) > run.index:
        return True
    return any(facts.known(_last_need, each) >= 0 for each in facts.descendants(run.stage))


def _last_need(stage: Stage) -> int:
    """The index of the last instruction that reads a cache of npm's or seems to; -1 if there is none."""
    return next((each.index for each in reversed(stage.instructions) if _needs_cache(each)), -1)


def _needs_cache(instruction: Instruction) -> bool:
    if isinstance(instruction, Run) and _CACHES.search(instruction.syntax.map.text):
        return True
    return any(
        command.name in ("npm", "npx") and command.option("--offline", "--prefer-offline") is not None
        for command in instruction.commands
    )


@rule(
    "DL8102",
    "npm-cache-clean-without-force",
    on=Command,
    named=("npm",),
)
def npm_cache_clean_without_force(command: Command) -> Findings:
    r"""Call npm cache clean with --force

    Since npm 5 it refuses to do anything without the option, and the step fails.

    ```dockerfile bad
    FROM node:20
    RUN npm ci && npm cache clean
    ```
    ```dockerfile unsafe
    FROM node:20
    RUN npm ci && npm cache clean --force
    ```
    ```dockerfile bad
    FROM node:20
    RUN ["npm", "cache", "clear"]
    ```
    ```dockerfile unsafe
    FROM node:20
    RUN ["npm", "cache", "clear", "--force"]
    ```
    ```dockerfile good
    FROM node:20
    RUN npm cache clean -f && npm cache verify
    RUN npm --force cache clean && npm cache clean left-pad
    ```
    Old releases of Node.js bring npm 4 or older:
    ```dockerfile good
    FROM node:6
    RUN npm install -g bower && npm cache clean
    ```
    """
    call = package_call(command)
    if call is None or call.subcommand != "cache clean" or call.has("--force", "-f") or call.operands or call.opaque:
        return
    if not in_run(command) or _old_node(command):
        return
    words = _words(command, call)
    fix = Fix([insert_words(words[-1], "--force")], UNSAFE, "Add --force", ("option-of-user:words-added=--force",))
    yield report(words[-1], fix=None if command.instruction.in_onbuild else fix)


def _old_node(command: Command) -> bool:
    """True for an image of Node.js before 8, or where npm may have been installed in an old version."""
    image = image_of(command.instruction.stage)
    if image is None or image.name != "node" or not image.version:
        return False
    major = image.version.partition(".")[0]
    return major.isdecimal() and int(major) < 8


#: options that npm ci takes as well (npm-ci(1))
_SHARED = frozenset({
    "--production", "--prod", "--only", "--omit", "--include", "--no-audit", "--no-fund", "--silent", "-s", "--quiet",
    "-q", "--ignore-scripts", "--legacy-peer-deps", "--prefer-offline", "--no-optional", "--loglevel", "--registry",
    "--unsafe-perm", "--no-progress", "--verbose", "--strict-peer-deps", "--foreground-scripts", "--cache", "--force",
    "--also",
})  # fmt: skip


@rule(
    "DL8103",
    "npm-install-instead-of-ci",
    on=Command,
    named=("npm",),
    severity=Severity.INFO,
    aliases=("DF031", "DD010"),
)
def npm_install_instead_of_ci(command: Command) -> Findings:
    r"""Install what the lockfile says with npm ci

    npm install may change the lockfile instead of following it, so two builds need not be the same.

    npm ci fails where the lockfile does not fit package.json, so this needs a look:
    ```dockerfile bad
    FROM node:20
    WORKDIR /app
    COPY package.json package-lock.json ./
    RUN npm install --omit=dev
    ```
    ```dockerfile unsafe
    FROM node:20
    WORKDIR /app
    COPY package.json package-lock.json ./
    RUN npm ci --omit=dev
    ```
    ```dockerfile good
    FROM node:20
    COPY package.json package-lock.json ./
    RUN npm ci && npm install -g serve@14
    RUN npm install left-pad
    RUN cd tools && npm install --prefix client
    ```
    The build context tells what a copy brings, and whether the lockfile fits:
    ```yaml context
    package.json: '{"dependencies": {"express": "^4.19.2"}}'
    package-lock.json: '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "^4.19.2"}}}}'
    old/package.json: '{"dependencies": {"express": "^5.0.0"}}'
    old/package-lock.json: '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "^4.19.2"}}}}'
    none/package.json: '{}'
    ```
    ```dockerfile bad
    FROM node:20
    WORKDIR /app
    COPY package*.json ./
    RUN npm install
    WORKDIR /old
    COPY old .
    RUN npm install
    ```
    ```dockerfile unsafe
    FROM node:20
    WORKDIR /app
    COPY package*.json ./
    RUN npm ci
    WORKDIR /old
    COPY old .
    RUN npm install
    ```
    Without a lockfile there is nothing to follow:
    ```dockerfile good
    FROM node:20
    WORKDIR /app
    COPY none .
    RUN npm install
    ```
    ```dockerfile good
    FROM node:20
    COPY package.json ./
    RUN npm install
    ```
    """
    instruction = command.instruction
    call = package_call(command)
    if call is None or call.subcommand != "install" or call.operands or call.opaque or not in_run(command):
        return
    if instruction.stage is None or any(option.name not in _SHARED for option in call.options):
        return
    words = _words(command, call)
    if len(words) != 1 or not _lock_copied(command):
        return
    if any(other.name == "cd" for other in instruction.commands if other.start < command.start):
        return
    word = words[0]
    purpose = (f"option-of-user:word={word.text}=>ci",)
    text = "ci" if command.script is not None else '"ci"'
    if _fits(command) is False:
        yield report(word, "Bring the lockfile up to date and write npm ci: it does not fit package.json")
        return
    fix = Fix([replace(word, text)], UNSAFE, "Write npm ci", purpose)
    yield report(word, fix=None if instruction.in_onbuild else fix)


def _fits(command: Command) -> bool | None:
    """True if the lockfile fits package.json, None where that is not known."""
    if command.instruction.file.facts.context is None:
        return None
    from dlinter_rules.lockfiles import in_sync

    return in_sync(command)


def _lock_copied(command: Command) -> bool:
    """True if the lockfile is copied in this stage, by its name or as the context tells."""
    instruction = command.instruction
    assert instruction.stage is not None
    context = instruction.file.facts.context
    folder = instruction.file.facts.workdir(instruction, base=True)
    if context is not None and folder is not None:
        from dlinter_rules.lockfiles import brought

        found = brought(command, context)
        if found is not None:
            there = any(f"{folder.rstrip('/')}/{lock}" in found for lock in _LOCKS)
            return there and f"{folder.rstrip('/')}/package.json" in found
    for other in instruction.stage.preceding(instruction):
        if isinstance(other, Copy) and any(s.value.rpartition("/")[2] in _LOCKS for s in other.sources):
            return True
        if any(each.name in ("npm", "yarn", "pnpm") for each in other.commands):
            return False
    return False
