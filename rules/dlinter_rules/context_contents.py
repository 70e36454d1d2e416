"""What COPY brings along from the build context that has no business in an image."""

from __future__ import annotations

from itertools import islice
from posixpath import basename

from dlinter import UNSAFE, Add, Copy, Findings, Fix, Safety, Severity, report, rule
from dlinter.context import clean
from dlinter.context.contents import CACHE, HARMFUL, HISTORY, INSTALLED, PROJECT, SECRET, Item, completed, unwanted
from dlinter.dockerignore import Ignore, PatternError
from dlinter.facts.context import sources
from dlinter.tree import Dockerfile, Run, Token
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dlinter.context import Context

#: names that a message lists before it counts
_SHOWN = 5
#: files of a folder that are looked at
_WALKED = 3000
_INSTALLERS = {
    "node_modules": ("npm", "yarn", "pnpm", "bun", "cnpm", "corepack"),
    "bower_components": ("bower",),
    "": ("pip", "pip3", "python", "python3", "poetry", "uv", "pipenv", "pdm", "virtualenv", "conda"),
}
_GIT = ("git", "go", "goreleaser", "gitversion", "xcaddy", "mage")
#: files in which a build may be told to ask git for the version
_MANIFESTS = (
    "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Makefile", "makefile", "GNUmakefile", "build.sh",
    "pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "build.rs", "Cargo.toml", "Rakefile",
    "Taskfile.yml", "CMakeLists.txt", "mix.exs", "Directory.Build.props", "version.json", "justfile", "magefile.go",
    "build.sbt", "mkdocs.yml", "mkdocs.yaml", "docusaurus.config.js", "docusaurus.config.ts", "vite.config.js",
    "vite.config.ts", "next.config.js", "next.config.mjs", "webpack.config.js", "vue.config.js", "package.json",
)  # fmt: skip
_ASKS_GIT = (
    r"setuptools[_-]scm|hatch-vcs|versioneer|\bpbr\b|setuptools-git|dunamai|versioningit|poetry-dynamic-versioning"
    r"|\bgit\s+(?:describe|rev-parse|log|status|show|tag|branch|submodule|config|ls-files)"
    r"|git-?(?:commit|version|revision|rev|describe|committers|authors|info|last|hash)|showlastupdate|simple-git"
    r"|vergen|shadow-rs|built\b.*git|\bnbgv|nerdbank|minver|sourcelink|gitversion|git_?info|grgit|axion-release|reckon"
)


def certain_context(file: Dockerfile) -> Context | None:
    """The build context of *file*, if it is certain which one that is."""
    known = file.facts.build_context
    return known.files if known.certain else None


def folders(copy: Copy | Add, context: Context) -> Iterator[tuple[Token, str]]:
    """The sources of *copy* that are folders of the context, with their paths."""
    for source, path in sources(copy):
        if path is not None and context.kind(path) == "folder":
            yield source, clean(path)


def wanted(file: Dockerfile, item: Item) -> bool:
    """True if a COPY, an ADD or a mount names *item*, or something in it."""
    for instruction in file.walk():
        paths: list[str] = []
        if isinstance(instruction, Copy | Add):
            paths = [clean(path or source.value) for source, path in sources(instruction)]
        elif isinstance(instruction, Run):
            paths = [clean(mount.source) for mount in instruction.mounts if mount.source and not mount.from_]
        if any(f"{path}/".startswith(f"{item.path}/") or basename(item.path) == basename(path) for path in paths):
            return True
    return False


def shown(items: Sequence[Item]) -> str:
    """The paths of *items*, a few of them."""
    bases = [basename(item.path) for item in items]
    names: dict[str, None] = {}
    for item in items:
        count = bases.count(basename(item.path))
        again = item.kind != SECRET and count > 2
        what = f"{count} times" if again else item.what
        names[f"{basename(item.path) if again else item.path}{f' ({what})' if what else ''}"] = None
    more = len(names) - _SHOWN
    return ", ".join(list(names)[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def ignoring(file: Dockerfile, items: Iterable[Item], safety: Safety = UNSAFE) -> Fix:
    """The fix that has the ignore file leave out *items*."""
    settings = file.settings
    text = completed(settings.dockerignore, items)
    title = f"{'Create' if settings.dockerignore is None else 'Complete'} {basename(settings.ignore_path)}"
    return Fix([], safety, title, others=[(settings.ignore_path, text)])


def harmful(copy: Copy | Add, context: Context, folder: str) -> list[Item]:
    """What *copy* brings from *folder* that nobody wants in an image."""
    excluded = _excluded(copy)
    found = [item for item in unwanted(context, folder) if item.kind in HARMFUL and not wanted(copy.file, item)]
    return [
        item
        for item in found
        if excluded.match(item.path[len(folder) :].lstrip("/")) is None and useless(copy, context, item)
    ]


def _excluded(copy: Copy | Add) -> Ignore:
    values = [flag.value.value for flag in copy.flags if flag.name == "exclude" and flag.value is not None]
    try:
        return Ignore("\n".join(values))
    except PatternError:
        return Ignore("")


def useless(copy: Copy | Add, context: Context, item: Item) -> bool:
    """False where something may need *item*: git itself, an image that installs nothing anew, a RUN that names it."""
    if item.kind == PROJECT:
        return not any(basename(item.path) in run.syntax.map.text for run in copy.file.walk() if isinstance(run, Run))
    if item.kind not in (HISTORY, INSTALLED) or copy.stage is None:
        return True
    if item.kind == HISTORY:
        programs = {command.name for run in copy.file.walk() for command in run.commands}
        return programs.isdisjoint(_GIT) and not mounts_all(copy.file) and not _asks_git(copy.file, context)
    runs = [run for stage in copy.file.facts.chain(copy.stage) for run in stage.of(Run)]
    programs = {command.name for run in runs for command in run.commands}
    return not programs.isdisjoint(_INSTALLERS.get(basename(item.path), _INSTALLERS[""]))


def mounts_all(file: Dockerfile) -> bool:
    """True if a RUN has the whole context before it: no one knows what it reads of it."""
    mounts = [mount for run in file.walk() if isinstance(run, Run) for mount in run.mounts]
    return any(mount.type == "bind" and not mount.from_ and not clean(mount.source or "") for mount in mounts)


def _asks_git(file: Dockerfile, context: Context) -> bool:
    """True if something that is built may ask git what version it is, or which files there are."""
    names = [*_MANIFESTS, *(name for name in context.names() if name.endswith((".gemspec", ".csproj", ".podspec")))]
    texts = [context.text(name) or "" for name in names if context.on_disk(name) is not None]
    texts += [run.syntax.map.text for run in file.walk() if isinstance(run, Run)]
    return any(re.search(_ASKS_GIT, text, re.I) for text in texts)


@rule("DL6014", "copy-whole-context-leaks", on=(Copy, Add), severity=Severity.WARNING)
def copy_whole_context_leaks(copy: Copy | Add) -> Findings:
    r"""Keep what has no business in the image out of the build context

    Secrets, history and local installations end up in a layer that everyone who gets the image can read.

    The files are those that are there, after `.dockerignore`:
    ```yaml context
    .git/HEAD: "ref: refs/heads/main"
    .env: {text: "DB_PASSWORD=kX9vQ2mLp81zRt\n", untracked: true}
    tracked.env: "DB_PASSWORD=kX9vQ2mLp81zRt\n"
    app.py: "print()"
    requirements.txt: flask
    .venv/pyvenv.cfg: {text: home = /usr/bin, untracked: true}
    .venv/lib/flask.py: {text: "", untracked: true}
    tests/key.env: {text: "DB_PASSWORD=kX9vQ2mLp81zRt\n", untracked: true}
    ```
    ```dockerfile bad
    FROM python:3.12
    COPY . /app
    RUN pip install -r /app/requirements.txt
    ```
    ```dockerignore unsafe
    .env
    .git
    .venv
    ```
    What another step needs may stay: git, or an installation that is not made anew. So does what git tracks:
    ```dockerfile good
    FROM python:3.12 AS build
    COPY . /app
    RUN pip install -r /app/requirements.txt
    FROM python:3.12
    COPY --from=build /app /app
    COPY app.py .env /app/
    ```
    ```yaml context
    .git/HEAD: "ref: refs/heads/main"
    node_modules/left-pad/index.js: {text: "", untracked: true}
    package.json: "{}"
    ```
    ```dockerfile good
    FROM node:20
    COPY . /app
    RUN git describe > /app/version
    CMD ["node", "/app"]
    ```
    ```dockerfile good
    FROM node:20
    COPY --exclude=.git . /app
    ```
    ```yaml context
    .git/HEAD: "ref: refs/heads/main"
    package.json: '{"scripts": {"build": "VERSION=$(git rev-parse HEAD) vite build"}}'
    ```
    ```dockerfile good
    FROM node:20
    COPY . /app
    RUN npm run build
    ```
    ```yaml context
    .git/HEAD: "ref: refs/heads/main"
    app.gemspec: spec.files = `git ls-files`
    ```
    ```dockerfile good
    FROM ruby:3.3
    COPY . /app
    RUN bundle install
    ```
    ```dockerfile good
    FROM python:3.12
    RUN pip install mkdocs-git-revision-date-localized-plugin
    COPY . /app
    ```
    ```yaml context
    .git/HEAD: "ref: refs/heads/main"
    node_modules/left-pad/index.js: {text: "", untracked: true}
    .dockerignore: |
      .git
      node_modules
    package.json: "{}"
    ```
    ```dockerfile good
    FROM node:20
    COPY . /app
    RUN npm install
    ```
    """
    file = copy.file
    if copy.in_onbuild or copy.stage is None or not file.facts.ships(copy.stage):
        return
    context = certain_context(file)
    if context is None:
        return
    for source, folder in folders(copy, context):
        items = harmful(copy, context, folder)
        if not items:
            continue
        kinds = {item.kind for item in items}
        severity = Severity.ERROR if SECRET in kinds else Severity.INFO if kinds == {CACHE} else Severity.WARNING
        items.sort(key=lambda item: HARMFUL.index(item.kind))
        message = f"Keep out of the build context: {shown(items)}"
        yield report(source, message, ignoring(file, items), severity=severity)


@rule(
    "DL6015",
    "copy-of-secret-file",
    on=(Copy, Add),
    severity=Severity.ERROR,
    profiles=("default", "cis"),
    aliases=("CIS-4.10",),
)
def copy_of_secret_file(copy: Copy | Add) -> Findings:
    r"""Give secrets to a RUN with --mount=type=secret, and to containers when they start

    A copied secret stays in its layer for everyone who gets the image, even if a later step deletes it.

    ```yaml context
    .npmrc: "//registry.npmjs.org/:_authToken=npm_A1b2C3d4E5f6G7h8\n"
    plain/.npmrc: "registry=https://registry.npmjs.org\n"
    env/.npmrc: "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n"
    cert.pem: "-----BEGIN CERTIFICATE-----\n"
    package.json: "{}"
    ```
    ```dockerfile bad
    FROM node:20
    COPY package.json .npmrc /app/
    ```
    ```dockerfile good
    FROM node:20
    COPY plain/.npmrc /app/
    COPY env/.npmrc cert.pem /app/
    FROM node:20 AS other
    COPY package.json /app/
    ```
    Where the files are not known, names tell that cannot mean anything else:
    ```dockerfile bad
    FROM alpine:3.20
    COPY id_rsa /root/.ssh/id_rsa
    ```
    ```dockerfile good
    FROM alpine:3.20 AS build
    COPY id_rsa /root/.ssh/id_rsa
    FROM alpine:3.20
    COPY id_rsa.pub /root/.ssh/authorized_keys
    COPY --from=build /root/.ssh/id_rsa /nothing/
    ```
    """
    if copy.in_onbuild or copy.stage is None or not copy.file.facts.ships(copy.stage):
        return
    context = copy.file.facts.context
    for source, path in sources(copy):
        if path is None:
            continue
        path = clean(path)
        if context is not None and context.kind(path) == "file":
            from dlinter.context.secrets import secret

            what = secret(context, path)
            if what is not None:
                yield report(source, f"Keep {path} out of the image: it holds a secret ({what})")
        elif _secret_by_name(path):
            yield report(source, f"Keep {path} out of the image: by its name it holds a secret")


#: files that are secrets whatever is in them
_SECRETS = ("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".git-credentials", ".netrc")
_MADE_UP = r"(?:^|[/._-])(?:tests?|testing|fixtures?|examples?|samples?|demo|insecure|dummy|fake|vagrant)(?:[/._-]|$)"


def _secret_by_name(path: str) -> bool:
    if basename(path) not in _SECRETS and not path.endswith(".aws/credentials"):
        return False
    return re.search(_MADE_UP, path, re.I) is None


@rule("DL6016", "large-file-in-context-copied", on=(Copy, Add), severity=Severity.INFO, profiles=())
def large_file_in_context_copied(copy: Copy | Add, *, megabytes: int = 50) -> Findings:
    r"""Fetch large files when they are needed instead of copying them

    A large file is sent to the builder, stored in the layer and sent to every registry and machine again.

    ```yaml context
    model.bin: {size: 80000000}
    small.bin: {size: 1000}
    data/more.bin: {size: 90000000}
    ```
    ```dockerfile bad
    FROM python:3.12
    COPY model.bin /app/
    ```
    ```dockerfile bad
    FROM python:3.12
    COPY data /app/
    ```
    ```dockerfile good
    FROM python:3.12 AS build
    COPY model.bin /app/
    FROM python:3.12
    COPY small.bin /app/
    ```
    """
    context = certain_context(copy.file)
    if context is None or copy.in_onbuild or copy.stage is None or not copy.file.facts.ships(copy.stage):
        return
    for source, path in sources(copy):
        if path is None:
            continue
        large: dict[str, int] = {}
        for match in context.matches(path):
            entry = context.entry(match)
            if entry is not None and entry.kind == "file":
                large[match] = entry.size
            else:
                large |= {name: found.size for name, found in islice(context.walk(match), _WALKED)}
        names = sorted((name for name, size in large.items() if size >= megabytes * 1_000_000), key=lambda n: -large[n])
        if names:
            listed = ", ".join(f"{name} ({large[name] // 1_000_000} MB)" for name in names[:_SHOWN])
            yield report(source, f"Fetch large files when they are needed: {listed}")


@rule("DL6017", "copy-dockerfile-or-ci", on=(Copy, Add), severity=Severity.INFO, profiles=())
def copy_dockerfile_or_ci(copy: Copy | Add) -> Findings:
    r"""Keep Dockerfiles and pipelines out of the build context

    Nothing in the image reads them, yet every edit of a pipeline makes the step and all after it run again.

    ```yaml context
    Dockerfile: FROM python:3.12
    .github/workflows/test.yml: "on: push"
    app.py: "print()"
    ```
    ```dockerfile bad
    FROM python:3.12
    COPY . /app
    ```
    ```dockerignore unsafe
    .github
    Dockerfile
    .dockerignore
    ```
    ```dockerfile good
    FROM python:3.12
    COPY app.py /app/
    ```
    ```yaml context
    Dockerfile: FROM python:3.12
    .dockerignore: |
      Dockerfile
      .dockerignore
    app.py: "print()"
    ```
    ```dockerfile good
    FROM python:3.12
    COPY . /app
    ```
    """
    file = copy.file
    context = certain_context(file)
    if context is None or copy.in_onbuild or copy.stage is None or not file.facts.graph.reached(copy.stage):
        return
    for source, folder in folders(copy, context):
        items = [item for item in unwanted(context, folder) if item.kind == PROJECT and "/" not in item.path]
        items = [item for item in items if not wanted(file, item) and useless(copy, context, item)]
        if items and not folder:
            yield report(source, f"Keep out of the build context: {shown(items)}", ignoring(file, items))
