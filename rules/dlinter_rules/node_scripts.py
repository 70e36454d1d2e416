"""The scripts of package.json: what the container starts, and what builds need."""

from __future__ import annotations

from posixpath import join

from dlinter import UNSAFE, Command, Edit, Findings, Fix, Severity, Stage, report, rule
from dlinter.packages import package_call
from dlinter.shell_edits import insert_words, json_string
from dlinter_grammar import regex as re
from dlinter_rules.common import certainly_runs, image_of, in_run, program
from dlinter_rules.python_programs import file_at
from dlinter_rules.started import Started, started

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter import Instruction
    from dlinter.packages import PackageCall

_MANAGERS = ("npm", "yarn", "pnpm")
#: programs of build scripts with the packages that bring them
_BRING = {
    "tsc": ("typescript",),
    "vite": ("vite",),
    "webpack": ("webpack", "webpack-cli"),
    "ng": ("@angular/cli",),
    "rollup": ("rollup",),
    "tsup": ("tsup",),
    "esbuild": ("esbuild",),
    "parcel": ("parcel", "parcel-bundler"),
    "nest": ("@nestjs/cli",),
    "vue-cli-service": ("@vue/cli-service",),
    "react-scripts": ("react-scripts",),
    "gulp": ("gulp", "gulp-cli"),
    "grunt": ("grunt", "grunt-cli"),
    "babel": ("@babel/cli", "babel-cli"),
    "swc": ("@swc/cli",),
    "tailwindcss": ("tailwindcss", "@tailwindcss/cli"),
    "sass": ("sass",),
    "next": ("next",),
    "nuxt": ("nuxt",),
    "astro": ("astro",),
    "turbo": ("turbo",),
    "rimraf": ("rimraf",),
    "cross-env": ("cross-env",),
}


def manifest(stage: Stage, folder: str | None) -> dict[str, object] | None:
    """``package.json`` in *folder* of the image, as it lies in the build context; None if that is not known."""
    import json

    found = None if folder is None else file_at(stage, join(folder, "package.json"))
    try:
        table = None if found is None else json.loads(found[1])
    except ValueError:
        return None
    return table if isinstance(table, dict) else None


def names(table: dict[str, object] | None, key: str) -> dict[str, str]:
    """The texts in the member *key* of a manifest."""
    found = None if table is None else table.get(key)
    return {name: text for name, text in found.items() if isinstance(text, str)} if isinstance(found, dict) else {}


@rule(
    "DL8108",
    "npm-start-as-entrypoint",
    on=Stage,
    mentions=("npm", "yarn", "pnpm"),
    severity=Severity.INFO,
    profiles=(),
)
def npm_start_as_entrypoint(stage: Stage) -> Findings:
    r"""Start the program itself instead of npm start

    npm and a shell stay in memory above it, and signals to stop may not reach it.

    The script in package.json says what to start; other lines of it would not run:
    ```yaml context
    package.json: '{"scripts": {"start": "node server.js --port 80", "serve": "NODE_ENV=production node server.js"}}'
    ```
    ```dockerfile bad
    FROM node:22
    WORKDIR /app
    COPY . .
    CMD ["npm", "start"]
    ```
    ```dockerfile unsafe
    FROM node:22
    WORKDIR /app
    COPY . .
    CMD ["node", "server.js", "--port", "80"]
    ```
    ```dockerfile bad
    FROM node:22
    WORKDIR /app
    COPY . .
    CMD npm run serve
    ```
    ```dockerfile bad
    FROM node:22
    WORKDIR /app
    COPY . .
    ENTRYPOINT ["npm"]
    CMD ["start"]
    ```
    ```dockerfile good
    FROM node:22
    WORKDIR /app
    COPY . .
    CMD ["node", "server.js"]
    ```
    ```dockerfile good
    FROM node:22
    WORKDIR /app
    COPY . .
    RUN npm run start -- --check
    CMD ["npm", "--version"]
    ```
    """
    if stage.file.facts.children(stage):
        return
    for each in started(stage):
        name = _script_name(each)
        if name is None:
            continue
        script = names(manifest(stage, stage.file.facts.workdir(stage, base=True)), "scripts").get(name)
        what = script if script is not None and len(script) < 60 else f"the program of the script {name}"
        message = f"Start {what} itself: {each.name} and a shell stay above it"
        yield report(each.program, message, _written_out(stage, each, script))


def _script_name(each: Started) -> str | None:
    """``start`` of ``npm start`` and ``npm run start``."""
    if each.name not in _MANAGERS or not certainly_runs(each.command):
        return None
    words = [word.value for word in each.args]
    if words[:1] == ["start"] and len(words) == 1:
        return "start"
    if words[:1] in (["run"], ["run-script"]) and len(words) == 2:
        return words[1]
    return None


def _written_out(stage: Stage, each: Started, script: str | None) -> Fix | None:
    """The words of *script*, if it is one plain command of node's."""
    instruction = each.command.instruction
    if script is None or not re.fullmatch(r"node(?: [\w@%+=:,./-]+)+", script) or "$" in script:
        return None
    scripts = names(manifest(stage, stage.file.facts.workdir(stage, base=True)), "scripts")
    if any(f"{prefix}{_script_name(each)}" in scripts for prefix in ("pre", "post")):
        return None
    words = script.split()
    written = ", ".join(json_string(word) for word in words) if instruction.form == "json" else script
    if (instruction.form == "json") != (each.command.script is None) or each.last.end > instruction.end:
        return None
    return Fix([Edit(each.program.start, each.last.end, written)], UNSAFE, f"Write {script}")


@rule(
    "DL8109",
    "node-env-production-before-build",
    on=Command,
    named=_MANAGERS,
    severity=Severity.ERROR,
)
def node_env_production_before_build(command: Command) -> Findings:
    r"""Install the dependencies that the build needs

    With NODE_ENV=production the package manager leaves devDependencies out, and the build misses its tools.

    ```yaml context
    package.json: '{"scripts": {"build": "tsc -p ."}, "devDependencies": {"typescript": "^5"}}'
    package-lock.json: "{}"
    ```
    ```dockerfile bad
    FROM node:22
    ENV NODE_ENV=production
    WORKDIR /app
    COPY . .
    RUN npm ci
    RUN npm run build
    ```
    ```dockerfile unsafe
    FROM node:22
    ENV NODE_ENV=production
    WORKDIR /app
    COPY . .
    RUN npm ci --include=dev
    RUN npm run build
    ```
    ```dockerfile bad
    FROM node:22
    WORKDIR /app
    COPY . .
    RUN npm ci --omit=dev && npm run build
    ```
    ```dockerfile good
    FROM node:22
    ENV NODE_ENV=production
    WORKDIR /app
    COPY . .
    RUN npm ci --include=dev && npm run build
    ```
    ```dockerfile good
    FROM node:22
    WORKDIR /app
    COPY . .
    RUN npm ci && npm run build
    ENV NODE_ENV=production
    ```
    A tool may come from somewhere else:
    ```dockerfile good
    FROM node:22
    ENV NODE_ENV=production
    WORKDIR /app
    COPY . .
    RUN npm install -g typescript && npm ci && npm run build
    ```
    """
    instruction = command.instruction
    stage = instruction.stage
    call = package_call(command)
    if call is None or stage is None or not _installs_project(call) or not in_run(command) or command.assignments:
        return
    without = _without_dev(call, instruction)
    folder = instruction.file.facts.workdir(instruction, base=True)
    if not without or not certainly_runs(command) or instruction.file.facts.context is None:
        return
    table = manifest(stage, folder)
    needed = names(table, "devDependencies")
    others = {**names(table, "dependencies"), **names(table, "optionalDependencies")}
    for later, script in _later_scripts(command, folder, names(table, "scripts")):
        tool = script.split(maxsplit=1)[0] if script.strip() else ""
        packages = _BRING.get(tool, ())
        missing = next((package for package in packages if package in needed), None)
        if missing is None or any(package in others for package in packages) or _elsewhere(command, packages, later):
            continue
        message = f"{tool} of {missing}, which line {later.instruction.line} needs, is a dev dependency and left out"
        yield report(program(command), message, _with_dev(command, call))
        return


def _installs_project(call: PackageCall) -> bool:
    wanted = call.subcommand in ("install", "ci") or (call.manager == "yarn" and call.subcommand is None)
    return wanted and not call.operands and not call.has("-g", "--global") and not call.opaque


def _without_dev(call: PackageCall, instruction: Instruction) -> bool:
    """True if the call leaves devDependencies out."""
    if call.has("--include", "--also", "--dev", "-D"):
        return False
    option = call.option("--production", "--prod", "-P", "--omit", "--only")
    if option is not None:
        if option.name in ("--omit", "--only"):
            return option.value in (("dev",) if option.name == "--omit" else ("prod", "production"))
        return option.value != "false"
    variable = instruction.file.facts.variable("NODE_ENV", instruction)
    return variable is not None and variable.origin == "env" and variable.value == "production"


def _later_scripts(command: Command, folder: str | None, scripts: dict[str, str]) -> Iterator[tuple[Command, str]]:
    """The scripts of the same folder that steps after *command* certainly run."""
    stage = command.instruction.stage
    assert stage is not None
    for instruction in stage.instructions:
        if instruction.index < command.instruction.index or instruction.keyword != "run":
            continue
        if instruction.file.facts.workdir(instruction, base=True) != folder:
            continue
        for other in instruction.commands:
            if other.start <= command.start or other.name not in _MANAGERS or not certainly_runs(other):
                continue
            words = [word.value for word in other.args]
            name = words[1] if words[:1] in (["run"], ["run-script"]) and len(words) > 1 else None
            if name is None and other.name != "npm" and words and words[0] in scripts:
                name = words[0]
            if name in scripts:
                yield other, scripts[name or ""]


def _elsewhere(command: Command, packages: tuple[str, ...], until: Command) -> bool:
    """True if another step before *until* may bring one of *packages*, or devDependencies."""
    for instruction in command.instruction.file.instructions:
        for other in instruction.commands if instruction.keyword == "run" else ():
            if other is command or other.start >= until.start or other.name not in (*_MANAGERS, "npx", "corepack"):
                continue
            call = package_call(other)
            if any(word.text.strip("\"'").lstrip("^").startswith(packages) for word in other.args):
                return True
            if call is not None and _installs_project(call) and not _without_dev(call, instruction):
                return True
    return False


def _with_dev(command: Command, call: PackageCall) -> Fix | None:
    if call.manager != "npm" or not call.words or command.script is None or call.options:
        return None
    word = next(each for each in command.args if any(each is one for one in call.words))
    return Fix([insert_words(word, "--include=dev")], UNSAFE, "Add --include=dev", ("option-of-user",))


@rule(
    "DL8110",
    "npm-dev-dependencies",
    on=Command,
    named=("npm",),
    severity=Severity.INFO,
    profiles=(),
)
def npm_dev_dependencies(command: Command) -> Findings:
    r"""Leave devDependencies out of what ships: npm ci --omit=dev

    Compilers and test tools are often most of node_modules, and they run with the rights of the program.

    ```dockerfile bad
    FROM node:22
    WORKDIR /app
    COPY package.json package-lock.json ./
    RUN npm ci
    COPY . .
    CMD ["node", "server.js"]
    ```
    ```dockerfile unsafe
    FROM node:22
    WORKDIR /app
    COPY package.json package-lock.json ./
    RUN npm ci --omit=dev
    COPY . .
    CMD ["node", "server.js"]
    ```
    A build may need them, and so do stages that are thrown away:
    ```dockerfile good
    FROM node:22 AS build
    RUN npm ci
    FROM node:22
    RUN npm ci && npm run build
    ```
    ```dockerfile good
    FROM node:22
    ENV NODE_ENV=production
    RUN npm ci && npm install -g serve
    ```
    ```dockerfile good
    FROM node:22
    RUN npm ci
    RUN npm prune --omit=dev
    CMD ["node", "server.js"]
    ```
    ```dockerfile good
    FROM node:22 AS dev
    RUN npm ci
    CMD ["npm", "run", "dev"]
    ```
    ```dockerfile good
    FROM node:22
    RUN git clone https://example.com/app.git && cd app && npm install
    CMD ["node", "app/server.js"]
    ```
    """
    instruction = command.instruction
    stage = instruction.stage
    call = package_call(command)
    if (
        call is None
        or stage is None
        or not in_run(command)
        or not _installs_project(call)
        or _without_dev(call, instruction)
    ):
        return
    facts = instruction.file.facts
    if not facts.ships(stage) or facts.children(stage) or call.has("--include", "--also", "--dev", "--only", "--omit"):
        return
    if command.assignments or not _runs_node(stage) or _builds(instruction, stage):
        return
    table = manifest(stage, facts.workdir(instruction, base=True)) if facts.context is not None else None
    if table is not None and not names(table, "devDependencies"):
        return
    words = [word for word in command.args if any(word is each for each in call.words)]
    if not words or any(each.name in ("cd", "git") and each.start < command.start for each in instruction.commands):
        return
    image = image_of(stage)
    major = (image.version or "").partition(".")[0] if image is not None and image.name == "node" else ""
    fix = None
    if major.isdecimal() and int(major) >= 16 and not instruction.in_onbuild:
        fix = Fix([insert_words(words[0], "--omit=dev")], UNSAFE, "Add --omit=dev", ("option-of-user",))
    yield report(words[0], fix=fix)


def _runs_node(stage: Stage) -> bool:
    """True if the container starts node and no tool that may be a dev dependency."""
    programs = list(started(stage))
    return any(each.name in ("node", "npm") for each in programs) and not any(
        re.search(r"dev|test|watch|nodemon|ts-node|tsx|build", word.text)
        for each in programs
        for word in [each.program, *each.args]
    )


def _builds(instruction: Instruction, stage: Stage) -> bool:
    """True if a step may need devDependencies, or takes them away again."""
    for other in stage.instructions:
        if other.keyword == "run" and other.index >= instruction.index:
            for command in other.commands:
                words = [word.value for word in command.args]
                if command.name in ("npx", "yarn", "pnpm", "tsc", "make", "ng", "gulp", "grunt", "webpack", "bower"):
                    return True
                if command.name == "npm" and words[:1] and words[0] not in ("ci", "install", "i", "cache", "config"):
                    return True
                if command.name == "rm" and any("node_modules" in word.text for word in command.args):
                    return True
    return False
