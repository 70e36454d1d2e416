"""Versions of packages that pip, npm, gem and go install."""

from __future__ import annotations

from dlinter import Command, Copy, Findings, report, rule
from dlinter.packages import Package, package_call
from dlinter_grammar import regex as re
from dlinter_rules.common import commands_before, image_of, in_run
from dlinter_rules.versions_system import message, spelt_out, unpinned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.images import Image

#: what an environment is set up with; the newest is as good as any
_TOOLS = frozenset({"pip", "setuptools", "wheel"})
#: a bound from above, or one version
_BOUND = re.compile(r"[=~]=|<|@")


@rule(
    "DL3013",
    "pip-package-unpinned",
    on=Command,
    profiles=("hadolint",),
    aliases=("DF051", "DD028", "AC_DOCKER_0010"),
)
def pip_package_unpinned(command: Command) -> Findings:
    r"""Pin the versions of packages that pip installs

    The same file gives another image tomorrow, and a new major version of any of them can break it.

    ```dockerfile bad
    FROM python:3.12
    RUN pip install -r requirements.txt flask
    ```
    ```dockerfile bad
    FROM python:3.12
    RUN python3 -m pip install --timeout 60 'flask>=1'
    ```
    ```dockerfile bad
    FROM python:3.12
    RUN uv pip install flask
    ```
    ```dockerfile bad
    FROM python:3.12
    RUN pipx install black
    ```
    ```dockerfile bad
    FROM python:3.12
    RUN pip install git+https://example.com/app.git
    ```
    ```dockerfile good
    FROM python:3.12
    RUN pip install flask==3.0.3 'django>=4,<5' attrs~=23.1 "uvicorn[standard]==0.30" $PACKAGE app==$VERSION
    RUN pip install -r requirements.txt . ".[dev]" -e ./lib app-1.0-py3-none-any.whl https://example.com/app.tar.gz
    RUN pip install git+ssh://git@example.com/app.git@v1.2 --index-url https://example.com/simple
    RUN pip install --upgrade pip setuptools wheel && pipenv install && pipx install black==24.4
    ```
    Constraints pin what the command names:
    ```dockerfile good
    FROM python:3.12
    RUN pip install -c constraints.txt flask
    ENV PIP_CONSTRAINT=/constraints.txt
    RUN pip install flask
    ```
    """
    packages = _of_pip(command)
    if packages is None or not in_run(command):
        return
    loose = [package for package in packages if _loose(package)]
    if loose and "PIP_CONSTRAINT" not in command.instruction.file.facts.environment(command.instruction):
        yield report(loose[0].word, message(loose))


def _of_pip(command: Command) -> list[Package] | None:
    """What a call of pip, uv or pipx installs; None for anything else and where constraints are given."""
    if command.name == "pipx":
        return _of_pipx(command)
    if not command.name.startswith(("pip", "python", "pypy", "uv")):
        return None
    call = package_call(command)
    if call is None or call.manager not in ("pip", "uv") or call.has("-c", "--constraint", "--constraints"):
        return None
    return spelt_out(command, call) if call.subcommand in ("install", "pip install", "tool install") else None


def _of_pipx(command: Command) -> list[Package] | None:
    from dlinter.package_specs import package

    if command.operand("install", "run") is None:
        return None
    words = [word for word in command.args if word.text[:1] != "-"]
    return [package("pip", words[1])] if len(words) > 1 else None


def _loose(package: Package) -> bool:
    if package.kind == "vcs":
        return "@" not in (package.name or "").rsplit("/", 1)[-1]
    if package.kind != "name" or package.name is None or package.name.lower() in _TOOLS:
        return False
    return _BOUND.search((package.version or "").partition(";")[0]) is None


@rule(
    "DL3016",
    "npm-package-unpinned",
    on=Command,
    named=("npm", "yarn", "pnpm", "bun"),
    profiles=("hadolint",),
    aliases=("DD029",),
)
def npm_package_unpinned(command: Command) -> Findings:
    r"""Pin the versions of packages that npm installs

    The same file gives another image tomorrow, and a new major version of any of them can break it.

    ```dockerfile bad
    FROM node:20
    RUN npm install -g typescript @angular/cli@17
    ```
    ```dockerfile bad
    FROM node:20
    RUN npm i -g npm@latest
    ```
    ```dockerfile bad
    FROM node:20
    RUN yarn global add serve
    ```
    ```dockerfile bad
    FROM node:20
    RUN pnpm add -g example/app
    ```
    ```dockerfile good
    FROM node:20
    RUN npm install && npm ci && yarn && yarn install
    RUN npm install -g typescript@5.4.5 @angular/cli@^17 example/app#v1.2 ./local file:../app app.tgz
    RUN npm install -g $PACKAGE app@$VERSION https://example.com/app.tgz
    RUN npm run install app && npm uninstall -g yarn
    ```
    """
    call = package_call(command)
    if call is None or not in_run(command) or call.subcommand not in ("install", "add"):
        return
    loose = [package for package in spelt_out(command, call) if _npm_loose(package)]
    if loose:
        yield report(loose[0].word, message(loose))


def _npm_loose(package: Package) -> bool:
    if package.kind == "vcs":
        return "#" not in (package.name or "")
    if package.kind != "name":
        return False
    # npm's aliases are name@npm:other@version
    version = (package.version or "@").removeprefix("@").rpartition("@")[2]
    return re.match(r"[~^=<>v]*\d|\*?x?\.", version) is None


@rule(
    "DL3028",
    "gem-unpinned",
    on=Command,
    named=("gem",),
    profiles=("hadolint",),
    aliases=("DF053", "DD030"),
)
def gem_unpinned(command: Command) -> Findings:
    r"""Pin the versions of gems

    The same file gives another image tomorrow, and a new major version of any of them can break it.

    ```dockerfile bad
    FROM ruby:3.3
    RUN gem install --no-document rails
    ```
    ```dockerfile bad
    FROM ruby:3.3
    RUN gem i bundler:2.5.10 rake
    ```
    ```dockerfile good
    FROM ruby:3.3
    RUN gem install bundler:2.5.10 && gem install rails -v 7.1 && gem install rake --version '~> 13'
    RUN gem install --no-document ./local.gem $GEM "app:$VERSION" && gem update --system
    ```
    """
    yield from unpinned(command, ("install",), lambda package: package.version is not None)


@rule(
    "DL3062",
    "go-install-unpinned",
    on=Command,
    named=("go",),
    profiles=("hadolint",),
    aliases=("DF054",),
)
def go_install_unpinned(command: Command) -> Findings:
    r"""Pin the versions of programs that go installs

    The same file gives another program tomorrow, and its newest version may need a newer Go.

    ```dockerfile bad
    FROM golang:1.22
    RUN go install example.com/tool@latest
    ```
    ```dockerfile bad
    FROM golang:1.22
    RUN go get -u example.com/tool
    ```
    ```dockerfile bad
    FROM golang:1.22
    RUN go run example.com/tool@main --flag
    ```
    ```dockerfile good
    FROM golang:1.22
    RUN go install example.com/tool@v1.2.3 && go install example.com/tool@1f3a5c7e9b0d
    RUN go install std cmd/vet ./... . && go run main.go && go run ./cmd/app -v
    RUN go install example.com/tool@$VERSION && go get -d ./...
    ```
    In a module go.mod says the version:
    ```dockerfile good
    FROM golang:1.22
    COPY go.mod go.sum ./
    RUN go install example.com/tool
    ```
    ```dockerfile bad
    FROM golang:1.10
    COPY . /go/src/app
    RUN go get example.com/tool
    ```
    """
    call = package_call(command)
    if call is None or not in_run(command):
        return
    if call.subcommand == "run":
        from dlinter.package_specs import package

        packages = [package("go", call.operands[0])] if call.operands else []
    else:
        packages = call.packages if call.subcommand in ("install", "get") else []
    loose = [each for each in packages if each.kind == "name" and _go_loose(each)]
    if loose and (any(each.version for each in loose) or call.has("-u") or not _in_module(command)):
        yield report(loose[0].word, message(loose))


def _go_loose(package: Package) -> bool:
    if "." not in (package.name or "").partition("/")[0]:
        return False  # of the standard library or the module itself
    version = (package.version or "").removeprefix("@")
    return re.fullmatch(r"v\d.*|[0-9a-f]{7,40}", version) is None


def _in_module(command: Command) -> bool:
    """True if the command may run in a module: go.mod was copied or made, or a whole folder was copied."""
    image = image_of(command.instruction.stage)
    if "GO111MODULE=off" in command.instruction.syntax.map.text or (image is not None and _before_modules(image)):
        return False
    for copy in command.instruction.file.facts.before(command.instruction, Copy):
        if isinstance(copy, Copy) and any(
            source.value.rstrip("/").endswith("go.mod") or "." not in source.value.strip("./").rsplit("/", 1)[-1]
            for source in copy.sources
        ):
            return True
    return any(
        other.name == "go" and other.operand("mod") is not None for other in commands_before(command.instruction)
    )


def _before_modules(image: Image) -> bool:
    """True for the golang image before 1.11, which brought modules."""
    numbers = (image.version or "").split(".")
    return image.name == "golang" and numbers[0] == "1" and numbers[1:2] != [] and numbers[1] in map(str, range(11))
