"""Dependencies installed before the code is copied."""

from __future__ import annotations

from posixpath import dirname, normpath, relpath

from dlinter import UNSAFE, Add, Command, Copy, Edit, Findings, Fix, report, rule
from dlinter.shell_edits import chain, json_string
from dlinter_grammar import regex as re
from dlinter_rules.chains import line_end, only_script
from dlinter_rules.common import program
from dlinter_rules.proven import proven

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_rules.installation_order import Plan

#: what installs, or builds and fetches what it needs
_PROGRAMS = (
    "pip", "pip3", "pip2", "python", "python3", "uv", "poetry", "pipenv", "npm", "yarn", "yarnpkg", "pnpm", "bun",
    "bundle", "bundler", "go", "cargo", "composer", "composer.phar", "php", "mvn", "mvnw", "gradle", "gradlew",
    "dotnet", "mix",
)  # fmt: skip


@rule(
    "DL5012",
    "cache-dependency-install-after-source",
    on=Command,
    named=_PROGRAMS,
    aliases=("PERF003", "DD006", "BP-002"),
)
def cache_dependency_install_after_source(command: Command) -> Findings:
    r"""Install dependencies before copying the code

    Every change of any file of the code makes the build download and install all dependencies again.

    Where the build context is not known, the command itself has to say what it reads:
    ```dockerfile bad
    FROM python:3.12
    WORKDIR /app
    COPY . .
    RUN pip install --no-cache-dir -r requirements.txt
    CMD ["python", "app.py"]
    ```
    ```dockerfile unsafe
    FROM python:3.12
    WORKDIR /app
    COPY requirements.txt .
    RUN pip install --no-cache-dir -r requirements.txt
    COPY . .
    CMD ["python", "app.py"]
    ```
    ```dockerfile bad
    FROM ruby:3.3
    WORKDIR /app
    COPY . .
    RUN bundle install
    ```
    ```dockerfile good
    FROM python:3.12
    WORKDIR /app
    COPY requirements.txt .
    RUN pip install -r requirements.txt
    COPY . .
    RUN pip install --no-deps .
    RUN pip install -r requirements.txt
    ```
    ```dockerfile good
    FROM golang:1.22
    COPY . .
    RUN go build -o /app
    ```
    Where it is, everything that the installation reads is looked at:
    ```yaml context
    requirements.txt: "-r requirements/base.txt\ngunicorn==22.0.0\n"
    requirements/base.txt: flask==3.0.0
    app/main.py: print()
    package.json: '{"name": "app", "dependencies": {"express": "4.19.2"}, "scripts": {"build": "vite build"}}'
    package-lock.json: '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "4.19.2"}}}}'
    go.mod: "module example.com/app\nrequire github.com/google/uuid v1.6.0\n"
    go.sum: ""
    main.go: package main
    ```
    ```dockerfile bad
    FROM python:3.12
    # the code
    COPY --chown=1000:1000 ./ /srv/app
    WORKDIR /srv/app

    RUN pip install --no-cache-dir --upgrade pip \
        && pip install --no-cache-dir -r requirements.txt

    CMD ["gunicorn", "app.main"]
    ```
    ```dockerfile fixed
    FROM python:3.12
    COPY --chown=1000:1000 requirements.txt /srv/app/
    COPY --chown=1000:1000 requirements/base.txt /srv/app/requirements/
    WORKDIR /srv/app

    RUN pip install --no-cache-dir --upgrade pip \
        && pip install --no-cache-dir -r requirements.txt

    # the code
    COPY --chown=1000:1000 ./ /srv/app

    CMD ["gunicorn", "app.main"]
    ```
    ```dockerfile bad
    FROM node:20
    WORKDIR /app
    COPY [".", "."]
    RUN npm ci && \
        npm run build
    ```
    ```dockerfile fixed
    FROM node:20
    WORKDIR /app
    COPY ["package.json", "package-lock.json", "./"]
    RUN npm ci
    COPY [".", "."]
    RUN npm run build
    ```
    What would be fetched in the middle of a build is fetched before it:
    ```dockerfile bad
    FROM golang:1.22
    WORKDIR /src
    COPY . .
    RUN CGO_ENABLED=0 go build -o /app
    ```
    ```dockerfile unsafe
    FROM golang:1.22
    WORKDIR /src
    COPY go.mod go.sum ./
    RUN go mod download
    COPY . .
    RUN CGO_ENABLED=0 go build -o /app
    ```
    npm install may write another lockfile, which the copy of the code would replace by the old one:
    ```dockerfile bad
    FROM node:20
    WORKDIR /app
    COPY . .
    RUN npm install
    ```
    ```dockerfile unsafe
    FROM node:20
    WORKDIR /app
    COPY package.json package-lock.json ./
    RUN npm install
    COPY . .
    ```
    What is installed on somebody's machine must not come over what was installed in the image:
    ```yaml context
    package.json: '{"name": "app", "dependencies": {"express": "4.19.2"}}'
    package-lock.json: '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "4.19.2"}}}}'
    index.js: console.log()
    node_modules/express/index.js: module.exports = {}
    .dockerignore: ".git\n"
    ```
    ```dockerfile bad
    FROM node:20
    WORKDIR /app
    COPY . .
    RUN npm ci
    ```
    ```dockerfile unsafe
    FROM node:20
    WORKDIR /app
    COPY package.json package-lock.json ./
    RUN npm ci
    COPY . .
    ```
    ```dockerignore unsafe
    .git
    node_modules
    ```
    A copy that overwrites a file of another one stays behind it:
    ```yaml context
    requirements.txt: flask==3.0.0
    deploy/requirements.txt: flask==2.0.0
    app.py: print()
    ```
    ```dockerfile bad
    FROM python:3.12
    WORKDIR /app
    COPY . .
    COPY deploy/requirements.txt .
    RUN pip install -r requirements.txt
    ```
    cargo has to be tricked, which is shown and left to you, as is the task that Gradle has for it:
    ```yaml context
    Cargo.toml: "[package]\nname = \"app\"\n[dependencies]\nserde = \"1\"\n"
    Cargo.lock: version = 3
    src/main.rs: fn main() {}
    ```
    ```dockerfile bad
    FROM rust:1.80
    WORKDIR /app
    COPY . .
    RUN cargo build --release
    ```
    ```dockerfile good
    FROM rust:1.80 AS dummy
    WORKDIR /app
    COPY Cargo.toml Cargo.lock ./
    RUN mkdir src && echo 'fn main() {}' > src/main.rs && cargo build --release
    FROM dummy
    COPY . .
    RUN touch src/main.rs && cargo build --release
    FROM rust:1.80
    WORKDIR /app
    COPY --from=dummy /app/target target
    COPY . .
    RUN cargo build --release
    ```
    A cache mount makes the repetition cheap:
    ```yaml context
    package.json: '{"name": "app"}'
    package-lock.json: '{"lockfileVersion": 3, "packages": {"": {}}}'
    index.js: console.log()
    ```
    ```dockerfile good
    FROM node:20
    WORKDIR /app
    COPY . .
    RUN --mount=type=cache,target=/root/.npm npm ci
    ```
    Where the installation needs the code, or there is no code, nothing can be gained:
    ```yaml context
    requirements.txt: -e .
    setup.py: from setuptools import setup
    package.json: '{"scripts": {"postinstall": "node build.js"}, "dependencies": {"a": "1.0.0"}}'
    build.js: console.log()
    ```
    ```dockerfile good
    FROM python:3.12
    COPY . /app
    RUN pip install -r /app/requirements.txt
    FROM node:20
    WORKDIR /app
    COPY . .
    RUN npm install
    FROM node:20
    WORKDIR /app
    COPY package.json Dockerfile* ./
    RUN npm install --ignore-scripts
    ```
    """
    stage = command.instruction.stage
    copies = (Copy, Add)
    found = [] if stage is None else stage.file.facts.of_kinds(stage, copies)
    if stage is None or not found or found[0].index >= command.instruction.index:
        return
    from dlinter_rules.installers import installs

    if not installs(command):
        return
    from dlinter_rules.installation_order import known_plans, plans

    known = stage.file.facts.once(known_plans)
    if stage.index not in known:
        known[stage.index] = list(plans(stage))
    for plan in known[stage.index]:
        if plan.command.start == command.start:
            fix = _fix(plan)
            yield report(program(plan.command), _message(plan, fix), fix)


#: what to do by hand
_BY_HAND = {
    "cargo": "Build the dependencies, with cargo-chef or behind dummy sources,",
    "gradle": "Copy the build scripts, and fetch the dependencies,",
    "gradlew": "Copy the build scripts, and fetch the dependencies,",
}


def _message(plan: Plan, fix: Fix | None) -> str:
    line = plan.copies[0].line
    names = [source.rpartition("/")[2] for source in (plan.manifests or {}).values()]
    if not names:
        what = _BY_HAND.get(plan.command.name, "Install the dependencies")
    elif len(names) <= 3:
        what = (
            f"Copy {' and '.join(names) if len(names) < 3 else f'{names[0]}, {names[1]} and {names[2]}'}, and install,"
        )
    else:
        what = f"Copy {names[0]} and the other manifests, and install,"
    message = f"{what} before the {plan.copies[0].name.text} at line {line}: every change of the code repeats it"
    if plan.doubts and (fix is None or fix.safety is UNSAFE) and plan.manifests:
        message += f" (look first: {plan.doubts[0]})"
    return message


def _fix(plan: Plan) -> Fix | None:
    """The rewrite: SAFE where the proof says that nothing changes."""
    edits = _edits(plan)
    if edits is None:
        from dlinter_rules.build_sketches import sketch

        return sketch(plan)
    title = "Install the dependencies first"
    neutral: list[str] = []
    if not plan.doubts and not plan.fetch:
        neutral = ["step-moved-up"]
        neutral += ["copied-again"] if plan.manifests else []
        neutral += ["layer-border"] if plan.split else []
    if not plan.ignored:
        return proven(plan.last.file, edits, title, neutral)
    settings = plan.last.file.settings
    old = settings.dockerignore or ""
    lines = [old if old.endswith("\n") or not old else f"{old}\n", *(f"{path}\n" for path in plan.ignored)]
    title += f", and leave {plan.ignored[0]} out of the build context"
    return proven(plan.last.file, edits, title, (), [(settings.ignore_path, "".join(lines))])


def _edits(plan: Plan) -> list[Edit] | None:
    if plan.manifests is None:
        return None
    lines = _manifest_lines(plan)
    if lines is None:
        return None
    file, run = plan.last.file, plan.last
    text = file.text
    end = line_end(text)
    edits: list[Edit] = []
    moved = ""
    for number, copy in enumerate(plan.copies):
        start, close = _with_comments(copy)
        if text[file.source.line_start(copy.start) : copy.start].strip() or copy.syntax.blanks:
            return None
        piece = text[start:close]
        moved += piece if piece.endswith("\n") else piece + end
        put = "".join(line + end for line in lines) if not number else ""
        blank = re.compile(r"[ \t]*\r?\n").match(text, close)
        if not put and blank and re.search(r"\n[ \t]*\r?\n$", text[:start]):
            # of the blank lines on both sides one is enough
            close = blank.end()
        edits.append(Edit(start, close, put))
    first = run.syntax.prev_comments[0].start if run.syntax.prev_comments else run.start
    gap = end if re.search(r"\n[ \t]*\r?\n[ \t]*$", text[:first]) else ""
    if plan.fetch:
        return [*edits, *_fetched(plan, moved, gap, end)]
    if plan.split:
        found = _divided(plan, moved, gap, end)
        return None if found is None else [*edits, found]
    at = run.syntax.close
    if text[at - 1] != "\n":
        return [*edits, Edit(at, at, end + gap + moved.removesuffix(end))]
    return [*edits, Edit(at, at, gap + moved)]


def _with_comments(copy: Copy | Add) -> tuple[int, int]:
    """The lines of *copy* with the comments that speak of it."""
    file = copy.file
    start = file.source.line_start(copy.start)
    for comment in reversed(copy.syntax.prev_comments):
        body = file.text[comment.start : comment.end]
        if file.text[comment.end : start].strip() or re.search(r"(?i)instal|depend|require|package|pip|npm|yarn", body):
            break
        if file.text[comment.end : start].count("\n") > 1:
            break
        start = file.source.line_start(comment.start)
    return start, copy.syntax.close


def _fetched(plan: Plan, moved: str, gap: str, end: str) -> list[Edit]:
    """The command that fetches, and the copies, directly before the RUN."""
    run = plan.last
    start = run.file.source.line_start(run.start)
    if run.syntax.prev_comments:
        start = run.file.source.line_start(run.syntax.prev_comments[0].start)
    return [Edit(start, start, f"{run.name.text} {plan.fetch}{end}{gap}{moved}{gap}")]


def _divided(plan: Plan, moved: str, gap: str, end: str) -> Edit | None:
    """The RUN as two, with the copies between."""
    run = plan.last
    script = only_script(run)
    nodes = chain(script) if script is not None else None
    if script is None or nodes is None or run.flags:
        return None
    left = script.span(nodes[plan.split - 1].start, nodes[plan.split - 1].end)[1]
    right = script.at(nodes[plan.split].start)
    if any(left <= comment.start < right for comment in run.syntax.comments):
        return None
    return Edit(left, right, f"{end}{gap}{moved}{gap}{run.name.text} ")


def _manifest_lines(plan: Plan) -> list[str] | None:
    """The instructions that copy the manifests, in the manner of the copy of the code."""
    assert plan.manifests is not None
    lines: list[str] = []
    groups: dict[tuple[int, str], list[str]] = {}
    for place, source in plan.manifests.items():
        number = next((n for n, copy in enumerate(plan.copies) if _brings(copy, place, source)), None)
        if number is None or re.search(r"[\s*?\[\]\\$\"'#]", source):
            return None
        dotted = any(word.value.startswith("./") and word.value != "./" for word in plan.copies[number].sources)
        groups.setdefault((number, dirname(place)), []).append(f"./{source}" if dotted else source)
    for (number, folder), sources in groups.items():
        line = _line(plan.copies[number], sources, folder)
        if line is None:
            return None
        lines.append(line)
    return lines


def _brings(copy: Copy | Add, place: str, source: str) -> bool:
    target = _target(copy)
    return target is not None and place.startswith(target.rstrip("/") + "/")


def _target(copy: Copy | Add) -> str | None:
    """The absolute destination of *copy*."""
    if copy.destination is None:
        return None
    facts = copy.file.facts
    value = facts.expand(copy.destination, copy).value
    folder = facts.workdir(copy, base=True) or "/"
    return None if value is None else normpath(value if value.startswith("/") else f"{folder}/{value}")


def _line(copy: Copy | Add, sources: list[str], folder: str) -> str | None:
    file = copy.file
    assert copy.destination is not None
    written = copy.destination.value
    below = relpath(folder, _target(copy) or "/")
    base = written.rstrip("/") or ("/" if written.startswith("/") else ".")
    if below != ".":
        base = below if base == "." else f"{base.rstrip('/')}/{below}"
        base = f"./{base}" if written.startswith(("./", ".")) and not base.startswith(("/", ".", "$")) else base
    alone = written == "." and below == "." and len(sources) == 1
    target = "." if alone else base.rstrip("/") + "/"
    head = " ".join([copy.name.text, *(file.text[flag.start : flag.end] for flag in copy.flags)])
    if any("\n" in file.text[flag.start : flag.end] for flag in copy.flags):
        return None
    if copy.form == "json":
        return f"{head} [{', '.join(json_string(word) for word in [*sources, target])}]"
    return f"{head} {' '.join([*sources, target])}"
