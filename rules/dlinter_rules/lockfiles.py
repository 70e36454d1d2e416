"""Lockfiles: copied with their manifest, and followed."""

from __future__ import annotations

from posixpath import dirname, join

from dlinter import UNSAFE, Add, Command, Copy, Edit, Findings, Fix, Severity, report, rule
from dlinter.packages import PackageCall, package_call
from dlinter.shell_edits import insert_words, json_string
from dlinter_grammar import regex as re
from dlinter_rules.chains import redone
from dlinter_rules.common import in_run, program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.commands import Word
    from dlinter.context import Context

#: the manifest of each package manager with its lockfiles, of which the first that is there counts
_LOCKS = {
    "npm": ("package.json", ("npm-shrinkwrap.json", "package-lock.json")),
    "yarn": ("package.json", ("yarn.lock",)),
    "pnpm": ("package.json", ("pnpm-lock.yaml",)),
    "bun": ("package.json", ("bun.lock", "bun.lockb")),
    "composer": ("composer.json", ("composer.lock",)),
    "bundle": ("Gemfile", ("Gemfile.lock",)),
    "pipenv": ("Pipfile", ("Pipfile.lock",)),
    "poetry": ("pyproject.toml", ("poetry.lock",)),
    "uv": ("pyproject.toml", ("uv.lock",)),
    "cargo": ("Cargo.toml", ("Cargo.lock",)),
}


@rule(
    "DL5013",
    "cache-lockfile-not-copied",
    on=Command,
    named=(
        "npm",
        "yarn",
        "yarnpkg",
        "pnpm",
        "bun",
        "composer",
        "php",
        "bundle",
        "bundler",
        "pipenv",
        "poetry",
        "uv",
        "cargo",
    ),
)
def cache_lockfile_not_copied(command: Command) -> Findings:
    r"""Copy the lockfile with the manifest

    Without it the newest versions are installed, and a cached layer keeps those of the day on which it was built.

    ```yaml context
    package.json: '{"dependencies": {"express": "^4.19.2"}}'
    package-lock.json: '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "^4.19.2"}}}}'
    server/Gemfile: source "https://rubygems.org"
    server/Gemfile.lock: GEM
    index.js: console.log()
    ```
    ```dockerfile bad
    FROM node:20
    WORKDIR /app
    COPY --chown=node:node package.json .
    RUN npm install
    COPY . .
    ```
    ```dockerfile unsafe
    FROM node:20
    WORKDIR /app
    COPY --chown=node:node package.json package-lock.json ./
    RUN npm install
    COPY . .
    ```
    ```dockerfile bad
    FROM ruby:3.3
    COPY ["server/Gemfile", "/srv/"]
    WORKDIR /srv
    RUN bundle install
    ```
    ```dockerfile unsafe
    FROM ruby:3.3
    COPY ["server/Gemfile", "server/Gemfile.lock", "/srv/"]
    WORKDIR /srv
    RUN bundle install
    ```
    ```dockerfile good
    FROM node:20
    WORKDIR /app
    COPY package*.json ./
    RUN npm install
    FROM node:20
    WORKDIR /app
    COPY . .
    RUN npm install
    FROM node:20
    WORKDIR /app
    COPY package.json .
    RUN npm install --no-package-lock
    FROM node:20
    WORKDIR /app
    COPY package.json .
    RUN npm install left-pad
    ```
    ```yaml context
    package.json: '{"dependencies": {"express": "^4.19.2"}}'
    package-lock.json: '{"lockfileVersion": 3}'
    .dockerignore: package-lock.json
    ```
    ```dockerfile good
    FROM node:20
    COPY package.json /app/
    WORKDIR /app
    RUN npm install
    ```
    """
    call = package_call(command)
    context = command.instruction.file.facts.context
    if call is None or context is None or not in_run(command) or not _project_wide(call):
        return
    if call.has("--no-package-lock", "--no-lockfile", "--skip-lock", "--no-shrinkwrap"):
        return
    found = brought(command, context)
    folder = command.instruction.file.facts.workdir(command.instruction, base=True)
    if found is None or folder is None or any(c.name == "cd" for c in command.instruction.commands):
        return
    manifest, locks = _LOCKS[call.manager]
    there = found.get(join(folder, manifest))
    if there is None or any(join(folder, lock) in found for lock in locks):
        return
    copy, source = there
    lock = next((name for name in locks if context.kind(join(dirname(source), name)) == "file"), None)
    if lock is None or any(
        lock in other.syntax.map.text for other in copy.file.instructions if other.stage is copy.stage
    ):
        return
    yield report(
        program(command), f"Copy {lock} with {manifest} at line {copy.line}: {_WITHOUT}", _with(copy, manifest, lock)
    )


_WITHOUT = "without it the newest versions are installed"


def _project_wide(call: PackageCall) -> bool:
    """True if the call installs what the manifest of the project says."""
    wanted = {"cargo": ("build", "install")}.get(call.manager, ("install", "sync", "ci"))
    return call.manager in _LOCKS and call.subcommand in wanted and not call.operands and not call.has("-g", "--global")


def brought(command: Command, context: Context) -> dict[str, tuple[Copy | Add, str]] | None:
    """The files that copies in the same stage bring before *command*, by their place; None where that is not known."""
    from dlinter.context.answers import placed
    from dlinter_rules.installation_order import copied

    stage, index = command.instruction.stage, command.instruction.index
    found: dict[str, tuple[Copy | Add, str]] = {}
    for other in stage.instructions if stage is not None else ():
        if isinstance(other, (Copy, Add)) and other.index < index:
            here = copied(other) if other.flag("from") is None and not other.heredocs else None
            brought = None if here is None else placed(context, here)
            if brought is None:
                return None
            found.update((place, (other, source)) for place, source in brought.items())
    return found


def in_sync(command: Command) -> bool | None:
    """True if npm's lockfile asks for what package.json asks for, None where one of them is not known."""
    import json

    instruction = command.instruction
    context = instruction.file.facts.context
    found = brought(command, context) if context is not None else None
    folder = instruction.file.facts.workdir(instruction, base=True)
    if context is None or not found or folder is None:
        return None
    texts = [
        context.text(found[path][1])
        for path in (join(folder, "package.json"), _lock_of(found, folder))
        if path in found
    ]
    try:
        tables = [json.loads(text) for text in texts if text is not None]
        wanted, locked = tables[0], tables[1]["packages"][""]
        return all(
            (wanted.get(kind) or {}) == (locked.get(kind) or {})
            for kind in ("dependencies", "devDependencies", "optionalDependencies")
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _lock_of(found: dict[str, tuple[Copy | Add, str]], folder: str) -> str:
    return next((path for name in _LOCKS["npm"][1] if (path := join(folder, name)) in found), "")


def _with(copy: Copy | Add, manifest: str, lock: str) -> Fix | None:
    """The lockfile as one more source."""
    source = next((s for s in copy.sources if s.value.rpartition("/")[2] == manifest), None)
    target = copy.destination
    if source is None or target is None or source.text.strip('"') != source.value:
        return None
    written = source.value.removesuffix(manifest) + lock
    place = target.value
    if copy.form == "json":
        edits = [Edit(source.end, source.end, f", {json_string(written)}")]
    else:
        edits = [Edit(source.end, source.end, f" {written}")]
    if place.rpartition("/")[2] == manifest:
        place = place.removesuffix(manifest) or "./"
    elif place == ".":
        place = "./"
    elif not place.endswith("/"):
        place += "/"
    if place != target.value:
        edits.append(Edit(target.start, target.end, json_string(place) if copy.form == "json" else place))
    return Fix(edits, UNSAFE, f"Copy {lock}", redone(copy, edits))


def unlocked(command: Command, manager: str, options: tuple[str, ...]) -> Word | None:
    """The word behind which an option has to stand, where *command* may install something else than its lockfile says.

    That is a lockfile that is copied before; None where there is none, or one of *options* is given already.
    """
    call = package_call(command)
    instruction = command.instruction
    if call is None or call.manager != manager or not in_run(command) or not _project_wide(call) or call.opaque:
        return None
    context = instruction.file.facts.context
    if (
        context is None
        or instruction.in_onbuild
        or call.has(*options)
        or "CI" in instruction.file.facts.env(instruction)
    ):
        return None
    if command.assignments or any(other.name == "cd" for other in instruction.commands if other.start < command.start):
        return None
    folder = instruction.file.facts.workdir(instruction, base=True)
    found = brought(command, context)
    if folder is None or not found or not any(join(folder, lock) in found for lock in _LOCKS[manager][1]):
        return None
    words = [word for word in command.args if any(word is each for each in call.words)]
    return words[-1] if words else program(command)


def following(word: Word, option: str) -> Fix:
    return Fix([insert_words(word, option)], UNSAFE, f"Add {option}", [f"option-of-user:words-added={option}"])


@rule("DL8104", "yarn-immutable", on=Command, named=("yarn", "yarnpkg"), severity=Severity.INFO)
def yarn_immutable(command: Command) -> Findings:
    r"""Install what the lockfile says: yarn install --frozen-lockfile, --immutable since yarn 2

    Otherwise yarn changes a lockfile that does not fit the manifest, and nobody sees that two builds are not the same.

    ```yaml context
    package.json: '{"dependencies": {"express": "^4.19.2"}}'
    yarn.lock: "# yarn lockfile v1"
    berry/package.json: '{"packageManager": "yarn@4.5.0"}'
    berry/yarn.lock: "__metadata:"
    ```
    ```dockerfile bad
    FROM node:20
    WORKDIR /app
    COPY package.json yarn.lock ./
    RUN yarn install --production && yarn cache clean
    WORKDIR /berry
    COPY berry .
    RUN yarn
    ```
    ```dockerfile unsafe
    FROM node:20
    WORKDIR /app
    COPY package.json yarn.lock ./
    RUN yarn install --frozen-lockfile --production && yarn cache clean
    WORKDIR /berry
    COPY berry .
    RUN yarn install --immutable
    ```
    ```dockerfile good
    FROM node:20
    WORKDIR /app
    COPY package.json yarn.lock ./
    RUN yarn install --frozen-lockfile && yarn add left-pad && yarn build
    FROM node:20
    WORKDIR /app
    COPY package.json ./
    RUN yarn install
    ```
    """
    word = unlocked(command, "yarn", ("--frozen-lockfile", "--immutable", "--immutable-cache", "--no-lockfile"))
    if word is None:
        return
    option = "--immutable" if _berry(command) else "--frozen-lockfile"
    if word is program(command):
        if command.script is None:
            yield report(word)
            return
        fix = Fix(
            [insert_words(word, "install", option)],
            UNSAFE,
            f"Write install {option}",
            [f"option-of-user:words-added=install {option}"],
        )
        yield report(word, fix=fix)
        return
    yield report(word, fix=following(word, option))


def _berry(command: Command) -> bool:
    """True for yarn 2 and later, as the project says."""
    instruction = command.instruction
    context = instruction.file.facts.context
    found = (brought(command, context) if context is not None else None) or {}
    folder = instruction.file.facts.workdir(instruction, base=True) or "/"
    if join(folder, ".yarnrc.yml") in found:
        return True
    manifest = found.get(join(folder, "package.json"))
    text = context.text(manifest[1]) if context is not None and manifest is not None else None
    return re.search(r'"packageManager"\s*:\s*"yarn@[2-9]', text or "") is not None


@rule("DL8105", "pnpm-frozen-lockfile", on=Command, named=("pnpm",), severity=Severity.INFO)
def pnpm_frozen_lockfile(command: Command) -> Findings:
    r"""Install what the lockfile says with pnpm install --frozen-lockfile

    pnpm does so by itself only where CI is set; in a build it may install something else and change the lockfile.

    ```yaml context
    package.json: '{"dependencies": {"express": "^4.19.2"}}'
    pnpm-lock.yaml: "lockfileVersion: '9.0'"
    ```
    ```dockerfile bad
    FROM node:20
    WORKDIR /app
    COPY package.json pnpm-lock.yaml ./
    RUN corepack enable && pnpm i --prod
    ```
    ```dockerfile unsafe
    FROM node:20
    WORKDIR /app
    COPY package.json pnpm-lock.yaml ./
    RUN corepack enable && pnpm i --frozen-lockfile --prod
    ```
    ```dockerfile good
    FROM node:20
    ENV CI=1
    WORKDIR /app
    COPY package.json pnpm-lock.yaml ./
    RUN pnpm install
    FROM node:20
    WORKDIR /app
    COPY package.json pnpm-lock.yaml ./
    RUN pnpm install --frozen-lockfile && pnpm add left-pad
    ```
    """
    names = ("--frozen-lockfile", "--no-frozen-lockfile", "--lockfile-only", "--fix-lockfile", "--no-lockfile")
    word = unlocked(command, "pnpm", names)
    if word is not None:
        yield report(word, fix=following(word, "--frozen-lockfile"))


@rule("DL8106", "bun-frozen", on=Command, named=("bun",), severity=Severity.INFO)
def bun_frozen(command: Command) -> Findings:
    r"""Install what the lockfile says with bun install --frozen-lockfile

    Otherwise bun changes a lockfile that does not fit the manifest, and nobody sees that two builds are not the same.

    ```yaml context
    package.json: '{"dependencies": {"express": "^4.19.2"}}'
    bun.lock: "{}"
    ```
    ```dockerfile bad
    FROM oven/bun:1
    WORKDIR /app
    COPY package.json bun.lock ./
    RUN bun install --production
    ```
    ```dockerfile unsafe
    FROM oven/bun:1
    WORKDIR /app
    COPY package.json bun.lock ./
    RUN bun install --frozen-lockfile --production
    ```
    ```dockerfile good
    FROM oven/bun:1
    WORKDIR /app
    COPY package.json bun.lock ./
    RUN bun install --frozen-lockfile && bun add left-pad && bun run build
    ```
    """
    word = unlocked(command, "bun", ("--frozen-lockfile", "--no-save", "--lockfile-only", "--yarn"))
    if word is not None:
        yield report(word, fix=following(word, "--frozen-lockfile"))


@rule("DL8107", "uv-sync-frozen", on=Command, named=("uv",), severity=Severity.INFO)
def uv_sync_frozen(command: Command) -> Findings:
    r"""Install what the lockfile says with uv sync --locked

    Otherwise uv makes a new lockfile where the old one does not fit, and nobody sees that two builds are not the same.

    ```yaml context
    pyproject.toml: "[project]\nname = 'app'"
    uv.lock: version = 1
    ```
    ```dockerfile bad
    FROM python:3.12
    WORKDIR /app
    COPY pyproject.toml uv.lock ./
    RUN uv sync --no-dev --no-install-project
    ```
    ```dockerfile unsafe
    FROM python:3.12
    WORKDIR /app
    COPY pyproject.toml uv.lock ./
    RUN uv sync --locked --no-dev --no-install-project
    ```
    ```dockerfile good
    FROM python:3.12
    WORKDIR /app
    COPY pyproject.toml uv.lock ./
    RUN uv sync --frozen && uv pip install left-pad
    FROM python:3.12
    ENV UV_FROZEN=1
    WORKDIR /app
    COPY pyproject.toml uv.lock ./
    RUN uv sync
    ```
    """
    environment = command.instruction.file.facts.env(command.instruction)
    word = unlocked(command, "uv", ("--frozen", "--locked", "--upgrade", "-U"))
    if word is not None and not {"UV_FROZEN", "UV_LOCKED"} & set(environment):
        yield report(word, fix=following(word, "--locked"))
