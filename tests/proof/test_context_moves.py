"""Steps that move ahead of copies: what the files of the build context must say for that."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dlinter.context import Context, Memory
from dlinter.context.answers import answers
from dlinter.proof import prove

BOTH = ("copied-again", "step-moved-up")
LOCK = {
    "lockfileVersion": 3,
    "packages": {"": {"dependencies": {"a": "1.0.0"}}, "node_modules/a": {"version": "1.0.0"}},
}
NODE = {
    "package.json": json.dumps({"name": "app", "dependencies": {"a": "1.0.0"}}),
    "package-lock.json": json.dumps(LOCK),
    "index.js": "",
}
PYTHON = {"requirements.txt": "flask==3.0.0\n", "app.py": "", "lib/util.py": ""}
RUBY = {
    "Gemfile": 'source "https://rubygems.org"\nruby "3.3.0"\ngem "rack", "~> 3.0"\n',
    "Gemfile.lock": "GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (3.0.0)\n",
    "app.rb": "",
}
PHP = {
    "composer.json": "{}",
    "composer.lock": json.dumps({"packages": [{"name": "a/b", "type": "library"}]}),
    "index.php": "",
}


def told(files: dict[str, Any], before: str, after: str, *names: str) -> bool:
    """True if the proof accepts the change, seeing *files*."""
    context = Context(Memory(files), files.get(".dockerignore"))
    base = "FROM debian:12\nWORKDIR /app\n"
    admitted = (*BOTH, "layer-border", *names)
    return prove(base + before, base + after, admitted, context=answers(context)).same


def package(**more: object) -> dict[str, Any]:
    """A Node.js project whose package.json says *more*."""
    return {**NODE, "package.json": json.dumps({"name": "app", "dependencies": {"a": "1.0.0"}, **more})}


def locked(path: str, **entry: object) -> dict[str, Any]:
    """The same with one more package in the lockfile."""
    return {**NODE, "package-lock.json": json.dumps({**LOCK, "packages": {**LOCK["packages"], path: entry}})}  # type: ignore[dict-item]


PIP = (
    "COPY . .\nRUN pip install -r requirements.txt\n",
    "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n",
)
NPM = (
    "COPY . .\nRUN npm ci\n",
    "COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n",
)
BUNDLE = (
    "ENV BUNDLE_DEPLOYMENT=1\nCOPY . .\nRUN bundle install\n",
    "ENV BUNDLE_DEPLOYMENT=1\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\nCOPY . .\n",
)
YARN = {"package.json": '{"dependencies": {"a": "1.0.0"}}', "yarn.lock": "", "index.js": ""}
YARN_INSTALL = (
    "COPY . .\nRUN yarn install --frozen-lockfile --ignore-scripts\n",
    "COPY package.json yarn.lock ./\nRUN yarn install --frozen-lockfile --ignore-scripts\nCOPY . .\n",
)
BUN = {"package.json": '{"dependencies": {"a": "1.0.0"}}', "bun.lock": "", "index.js": ""}
BUN_INSTALL = (
    "COPY . .\nRUN bun install --frozen-lockfile\n",
    "COPY package.json bun.lock ./\nRUN bun install --frozen-lockfile\nCOPY . .\n",
)
PIPENV = {"Pipfile": "", "Pipfile.lock": '{"default": {"a": {"version": "==1"}}}', "app.py": ""}
PIPENV_INSTALL = (
    "COPY . .\nRUN pipenv install --system --deploy\n",
    "COPY Pipfile Pipfile.lock ./\nRUN pipenv install --system --deploy\nCOPY . .\n",
)
COMPOSER = (
    "COPY . .\nRUN composer install --no-scripts --no-autoloader\n",
    "COPY composer.json composer.lock ./\nRUN composer install --no-scripts --no-autoloader\nCOPY . .\n",
)
APT = (
    "COPY . .\nRUN apt-get update && apt-get install -y curl\n",
    "RUN apt-get update && apt-get install -y curl\nCOPY . .\n",
)


def swapped(pair: tuple[str, str], *changes: tuple[str, str]) -> tuple[str, str]:
    """*pair* with texts replaced on both sides."""
    before, after = pair
    for old, new in changes:
        before, after = before.replace(old, new), after.replace(old, new)
    return before, after


def led(pair: tuple[str, str], text: str) -> tuple[str, str]:
    """*pair* with one more instruction in front."""
    return f"{text}\n{pair[0]}", f"{text}\n{pair[1]}"


GOOD: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("pip", PYTHON, PIP),
    ("npm", NODE, NPM),
    ("bundler", RUBY, BUNDLE),
    ("composer", PHP, COMPOSER),
    ("yarn", YARN, YARN_INSTALL),
    ("bun", BUN, BUN_INSTALL),
    ("pnpm", {**BUN, "pnpm-lock.yaml": ""},
     swapped(BUN_INSTALL, ("bun.lock", "pnpm-lock.yaml"), ("bun install", "pnpm install --ignore-scripts"))),
    ("pipenv", PIPENV, PIPENV_INSTALL),
    ("uv", PYTHON, swapped(PIP, ("pip install", "uv pip install --system"))),
    ("apt", PYTHON, APT),
    ("a folder elsewhere", PYTHON, swapped(APT, ("-y curl", "-y curl && mkdir -p /srv/log"))),
    ("apk", PYTHON, swapped(APT, ("apt-get update && apt-get install -y curl", "apk add --no-cache curl"))),
    ("owner", PYTHON, swapped(PIP, ("COPY", "COPY --chown=app:app"))),
    ("added", PYTHON, swapped(PIP, ("COPY", "ADD"))),
    ("absolute", PYTHON, swapped(PIP, (" .\n", " /app/\n"))),
    ("several", PYTHON, swapped(PIP, ("RUN pip", "RUN pip install --upgrade pip && apt-get update\nRUN pip"))),
    ("environment between", PYTHON, swapped(PIP, ("RUN pip", "ENV A=b\nUSER app\nRUN pip"))),
    ("hidden modules", {**NODE, "node_modules/a/index.js": "", ".dockerignore": "node_modules\n"}, NPM),
    ("harmless script", locked("node_modules/fsevents", hasInstallScript=True), NPM),
    ("no scripts at all", package(scripts={"postinstall": "node x.js"}),
     swapped(NPM, ("npm ci", "npm ci --ignore-scripts"))),
    ("script that is none", package(scripts={"test": "jest", "build": "vite build", "postinstall": ""}), NPM),
    ("install without lockfile", {k: v for k, v in NODE.items() if "lock" not in k},
     swapped(NPM, ("npm ci", "npm install --ignore-scripts"), ("json package-lock.json ./", "json ./"))),
    (
        "included requirements",
        {**PYTHON, "requirements.txt": "-r base/r.txt\n-c c.txt\n", "base/r.txt": "a", "c.txt": "a"},
        (PIP[0],
         "COPY requirements.txt c.txt ./\nCOPY base/r.txt base/\nRUN pip install -r requirements.txt\nCOPY . .\n"),
    ),
    (
        "the first half of a RUN", NODE,
        ("COPY . .\nRUN npm ci && npm run build\n",
         "COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n"),
    ),
    (
        "manifests that were copied before", PYTHON,
        ("COPY requirements.txt .\nCOPY . .\nRUN pip install -r requirements.txt\n",
         "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"),
    ),
    (
        "only the code moves", PYTHON,
        ("COPY lib lib\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
         "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY lib lib\n"),
    ),
    (
        "a working directory made in between", PYTHON,
        ("COPY . /srv\nWORKDIR /srv\nRUN pip install -r requirements.txt\n",
         "COPY requirements.txt /srv/\nWORKDIR /srv\nRUN pip install -r requirements.txt\nCOPY . /srv\n"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "pair"), [row[1:] for row in GOOD], ids=[row[0] for row in GOOD])
def test_what_may_move(files: dict[str, Any], pair: tuple[str, str]) -> None:
    assert told(files, *pair)
    assert not prove(
        "FROM a\nWORKDIR /app\n" + pair[0], "FROM a\nWORKDIR /app\n" + pair[1], (*BOTH, "layer-border")
    ).same


BAD: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    # what the installation reads
    ("editable", {**PYTHON, "requirements.txt": "-e .\n"}, PIP),
    ("editable after a package", {**PYTHON, "requirements.txt": "flask\n--editable=./lib\n"}, PIP),
    ("local folder", {**PYTHON, "requirements.txt": "./lib\n"}, PIP),
    ("local folder without dot", {**PYTHON, "requirements.txt": "lib/sub\n"}, PIP),
    ("local archive", {**PYTHON, "requirements.txt": "vendor/a-1.0-py3-none-any.whl\n"}, PIP),
    ("file url", {**PYTHON, "requirements.txt": "a @ file:///app/lib\n"}, PIP),
    ("local index", {**PYTHON, "requirements.txt": "--find-links wheels\nflask\n"}, PIP),
    ("included file", {**PYTHON, "requirements.txt": "-r more.txt\n", "more.txt": "six"}, PIP),
    ("constraint", {**PYTHON, "requirements.txt": "-c more.txt\nsix\n", "more.txt": "six<2"}, PIP),
    ("included file that is generated", {**PYTHON, "requirements.txt": "-r more.txt\n"}, PIP),
    ("variable in a file", {**PYTHON, "requirements.txt": "${LIB}\n"}, PIP),
    ("no such file", {"app.py": ""}, PIP),
    ("the project itself", {**PYTHON, "setup.py": ""},
     swapped(PIP, ("-r requirements.txt", ". -r requirements.txt"))),
    ("a module of Python", {**PYTHON, "typing.py": ""}, swapped(PIP, ("pip install", "python -m pip install"))),
    ("a module on the path", {**PYTHON, "lib/json.py": ""},
     led(PIP, "ENV PYTHONPATH=/app/lib")),
    ("settings of pip", PYTHON, swapped(PIP, ("RUN pip", "ENV PIP_CONSTRAINT=/app/c.txt\nRUN pip"))),
    ("settings in a home", {**PYTHON, ".config/pip/pip.conf": ""}, PIP),
    ("a virtual environment in the code", {**PYTHON, "env/bin/pip": ""}, led(PIP, "ENV PATH=/app/env/bin:$PATH")),
    ("an environment that is filled", {**PYTHON, ".venv/x": ""}, led(PIP, "ENV PATH=/app/.venv/bin:$PATH")),
    ("an active environment", {**PYTHON, "env/x": ""}, led(PIP, "ENV VIRTUAL_ENV=/app/env")),
    ("pip of an environment", {**PYTHON, "env/x": ""}, swapped(PIP, ("RUN pip", "RUN env/bin/pip"))),
    ("an unknown option", PYTHON, swapped(PIP, ("pip install", "pip install --surprise"))),
    ("a folder of wheels", PYTHON, swapped(PIP, ("pip install", "pip install -f wheels"))),
    ("another place", PYTHON, swapped(PIP, ("pip install", "pip install -t $HOME/x"))),
    ("wheels beside the code", PYTHON, swapped(PIP, ("pip install", "pip wheel"))),
    ("a variable among packages", PYTHON, swapped(PIP, ("pip install", "pip install $MORE"))),
    ("another sub-command", PYTHON, swapped(PIP, ("pip install -r", "pip hash"))),
    ("settings of uv", PYTHON,
     swapped(led(PIP, "ENV UV_CONSTRAINT=/app/lib/util.py"), ("pip install", "uv pip install"))),
    ("uv's own file", {**PYTHON, "uv.toml": ""}, swapped(PIP, ("pip install", "uv pip install --system"))),
    ("uv's environment", {**PYTHON, ".venv/x": ""}, swapped(PIP, ("pip install", "uv pip install"))),
    ("an option of a file", {**PYTHON, "requirements.txt": "--surprise\nflask\n"}, PIP),
    ("variable argument", PYTHON, swapped(PIP, ("-r requirements.txt", "-r $FILE"))),
    ("a module on the path", {**PYTHON, "lib/json.py": ""}, led(PIP, "ENV PYTHONPATH=/app/lib:$PYTHONPATH")),
    ("argument by default", PYTHON, led(PIP, "ARG PYTHONPATH=x")),
    ("postinstall", package(scripts={"postinstall": "node build.js"}), NPM),
    ("prepare", package(scripts={"prepare": "tsc"}), NPM),
    ("husky", package(scripts={"prepare": "husky install"}), NPM),
    ("patches", {**package(scripts={"postinstall": "patch-package"}), "patches/a.patch": ""}, NPM),
    ("file dependency", package(dependencies={"a": "file:./lib"}), NPM),
    ("link dependency", package(devDependencies={"a": "link:../lib"}), NPM),
    ("folder dependency", package(dependencies={"a": "./lib"}), NPM),
    ("override", package(overrides={"b": {"c": "file:c"}}), NPM),
    ("workspaces", {**package(workspaces=["packages/*"]), "packages/a/package.json": "{}"}, NPM),
    ("workspaces as a table", package(workspaces={"packages": ["packages/*"]}), NPM),
    ("native code", {**NODE, "binding.gyp": ""}, NPM),
    ("settings that are not copied", {**NODE, ".npmrc": "legacy-peer-deps=true"}, NPM),
    ("a script of a package", locked("node_modules/husky", hasInstallScript=True), NPM),
    ("prisma", {**package(dependencies={"@prisma/client": "5.0.0"}), "prisma/schema.prisma": ""}, NPM),
    ("linked package", locked("node_modules/b", link=True, resolved="b"), NPM),
    ("old lockfile", {**NODE, "package-lock.json": '{"lockfileVersion": 1, "dependencies": {}}'}, NPM),
    ("shrinkwrap", {**NODE, "npm-shrinkwrap.json": "{}"}, NPM),
    ("project above", {"app/" + k: v for k, v in NODE.items()} | {"package.json": '{"workspaces": ["app"]}'},
     ("COPY . .\nRUN cd app && npm ci\n",
      "COPY app/package.json app/package-lock.json ./app/\nRUN cd app && npm ci\nCOPY . .\n")),
    ("a local program", NODE, swapped(NPM, ("npm ci", "npm install -g ./lib && npm ci"))),
    ("another project", NODE, swapped(NPM, ("npm ci", "npm ci --prefix lib"))),
    ("an option that is new", NODE, swapped(NPM, ("npm ci", "npm ci --surprise"))),
    ("scripts without a lockfile", {k: v for k, v in NODE.items() if "lock" not in k},
     swapped(NPM, ("npm ci", "npm install"), ("package.json package-lock.json ./", "package.json ./"))),
    ("npm ci without a lockfile", {k: v for k, v in NODE.items() if "lock" not in k},
     swapped(NPM, ("npm ci", "npm ci --ignore-scripts"), ("package.json package-lock.json ./", "package.json ./"))),
    ("patches that are there", {**package(scripts={"postinstall": "patch-package"}), "patches/a.patch": ""},
     (NPM[0], "COPY patches/a.patch patches/\n" + NPM[1])),
    ("prisma without a schema", package(dependencies={"@prisma/client": "5.0.0"}), NPM),
    ("yarn's settings change", {**YARN, ".yarnrc.yml": ""},
     swapped(YARN_INSTALL, ("RUN ", "RUN yarn config set a b && "), ("yarn.lock ./", "yarn.lock .yarnrc.yml ./"))),
    ("yarn of the project", {**YARN, ".yarn/releases/yarn.cjs": "", ".yarnrc.yml": ""},
     swapped(YARN_INSTALL, ("yarn.lock ./", "yarn.lock .yarnrc.yml ./"))),
    ("scripts of yarn's packages", YARN, swapped(YARN_INSTALL, (" --ignore-scripts", ""))),
    ("trusted packages of bun", {**BUN, "package.json": '{"trustedDependencies": ["a"]}'}, BUN_INSTALL),
    ("settings of bun", {**BUN, "bunfig.toml": ""}, BUN_INSTALL),
    ("another tool of bundler", RUBY, swapped(BUNDLE, ("bundle install", "bundle install && bundle exec rake"))),
    ("settings of bundler", {**RUBY, ".bundle/config": ""},
     swapped(BUNDLE, ("bundle install", "bundle config set --local a b && bundle install"),
             ("COPY Gemfile", "COPY .bundle/config .bundle/\nCOPY Gemfile"))),
    ("options of ruby", RUBY, led(BUNDLE, "ENV RUBYOPT=-r/app/app.rb")),
    ("another Gemfile", RUBY, swapped(BUNDLE, ("bundle install", "bundle install --gemfile=lib/Gemfile"))),
    ("a bundle somewhere", RUBY, led(BUNDLE, "ENV BUNDLE_PATH=$HOME/lib")),
    ("a bundle in the code", {**RUBY, "lib/a.rb": ""},
     swapped(BUNDLE, ("bundle install", "bundle install --path lib"))),
    ("no Gemfile", {"app.rb": "", "Gemfile.lock": ""}, swapped(BUNDLE, ("Gemfile Gemfile.lock", "Gemfile.lock"))),
    ("gem build", RUBY, swapped(BUNDLE, ("bundle install", "gem build && bundle install"))),
    ("a local gem", RUBY, swapped(BUNDLE, ("bundle install", "gem install ./a.gem && bundle install"))),
    ("a gem file", RUBY, swapped(BUNDLE, ("bundle install", "gem install -g && bundle install"))),
    ("composer's other commands", PHP, swapped(COMPOSER, ("RUN ", "RUN composer dump-autoload && "))),
    ("composer's variables", PHP, led(COMPOSER, "ENV COMPOSER_VENDOR_DIR=/app/lib")),
    ("composer elsewhere", PHP, swapped(COMPOSER, ("install", "install -d lib"))),
    ("no composer.json", {"index.php": "", "composer.lock": PHP["composer.lock"]},
     swapped(COMPOSER, ("composer.json composer.lock", "composer.lock"))),
    ("composer's folders", {**PHP, "composer.json": '{"config": {"vendor-dir": "lib"}}'}, COMPOSER),
    ("a program somewhere", PYTHON, swapped(APT, ("apt-get update", "/opt/x/echo"))),
    ("corepack", NODE, swapped(NPM, ("npm ci", "corepack install && npm ci"))),
    ("a folder that is not known", NODE, swapped(NPM, ("npm ci", "cd $X && npm ci"))),
    ("a removal that is not known", PYTHON, swapped(APT, ("-y curl", "-y curl && rm -rf $X/y"))),
    ("a removal here", {**PYTHON, "log": ""}, swapped(APT, ("-y curl", "-y curl && rm log"))),
    ("a folder at home", PYTHON, swapped(APT, ("-y curl", "-y curl && mkdir ~/x"))),
    ("a folder of the code", PYTHON, swapped(APT, ("-y curl", "-y curl && mkdir -p lib"))),
    ("another sub-command of apt", PYTHON, swapped(APT, ("install -y curl", "source curl"))),
    ("a variable package", PYTHON, swapped(APT, ("-y curl", "-y $MORE"))),
    ("an option with a value", {**PYTHON, "requirements.txt": "--surprise x\nflask\n"}, PIP),
    ("what pipenv does", PIPENV, swapped(PIPENV_INSTALL, ("RUN ", "RUN pipenv run x && "))),
    ("no lockfile of pipenv", {"Pipfile": "", "app.py": ""},
     swapped(PIPENV_INSTALL, ("Pipfile Pipfile.lock", "Pipfile"))),
    ("a folder in Pipfile.lock", {**PIPENV, "Pipfile.lock": '{"default": {"a": {"path": "."}}}'}, PIPENV_INSTALL),
    ("pipenv's lockfile is written", PIPENV, swapped(PIPENV_INSTALL, (" --deploy", ""))),
    ("pipenv's environment", {**PIPENV, ".venv/x": ""}, PIPENV_INSTALL),
    ("pipenv's variables", PIPENV, led(PIPENV_INSTALL, "ENV PIPENV_PIPFILE=/app/lib/Pipfile")),
    ("a pip of pipenv", PIPENV, swapped(PIPENV_INSTALL, ("--deploy", "--deploy -r lib/r.txt"))),
    ("a folder that somebody else may use", {**PYTHON, "base/r.txt": "six", "requirements.txt": "-r base/r.txt"}, PIP),
    ("a directory that is not known", PYTHON, led(PIP, "WORKDIR $X")),
    ("a directory in between that is not known", PYTHON,
     swapped(PIP, (" .\n", " /srv/\n"), ("RUN pip", "WORKDIR /srv/$X\nRUN pip"))),
    ("a copy to a place that is not known", PYTHON,
     ("COPY . .\nCOPY --from=x /r $X\nRUN pip install -r requirements.txt\n",
      "COPY requirements.txt .\nCOPY --from=x /r $X\nRUN pip install -r requirements.txt\nCOPY . .\n")),
    ("halves with another user", NODE, ("COPY . .\nRUN npm ci && npm test\n",
     "COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nUSER a\nRUN npm test\n")),
    ("halves as words", NODE, ('COPY . .\nRUN ["npm", "ci"]\n',
     'COPY package.json package-lock.json ./\nRUN ["npm"]\nCOPY . .\nRUN ["ci"]\n')),
    ("only words", NODE, swapped(NPM, ("npm ci", '["npm", "ci"]'))),
    ("the name of a file or folder", PYTHON,
     ("COPY . /srv\nRUN pip install -r /srv/requirements.txt\n",
      "COPY requirements.txt /srv\nRUN pip install -r /srv/requirements.txt\nCOPY . /srv\n")),
    ("broken manifest", {**NODE, "package.json": "{"}, NPM),
    ("node options", NODE, swapped(NPM, ("RUN npm", "ENV NODE_OPTIONS=--require=/app/index.js\nRUN npm"))),
    ("a variable of a step", NODE, swapped(NPM, ("npm ci", "NODE_OPTIONS=--require=./x.js npm ci"))),
    ("a path of a step", {**NODE, "bin/npm": ""}, swapped(NPM, ("npm ci", "PATH=/app/bin:$PATH npm ci"))),
    ("a program that is another's", NODE, swapped(NPM, ("npm ci", "conda env update"))),
    ("a subshell", NODE, swapped(NPM, ("npm ci", "(npm ci)"))),
    ("a script that does not parse", NODE, swapped(NPM, ("npm ci", "npm ci && )"))),
    ("an or-list", NODE, swapped(NPM, ("npm ci", "npm ci || true"))),
    ("a background job", NODE, swapped(NPM, ("npm ci", "npm ci &"))),
    ("bash reads a file", NODE, led(swapped(NPM, ("RUN", 'SHELL ["/bin/bash", "-c"]\nRUN')), "ENV BASH_ENV=/app/x.sh")),
    ("a build", NODE, swapped(NPM, ("npm ci", "npm ci && npm run build"))),
    ("a tool that is copied", {**NODE, "npm": ""}, swapped(NPM, ("npm ci", "./npm ci"))),
    ("tools on the path", {**NODE, "bin/npm": ""}, led(NPM, "ENV PATH=/app/bin:$PATH")),
    ("tools on a known path", {**NODE, "bin/npm": ""}, led(NPM, "ENV PATH=/app/bin:/bin")),
    ("gemspec", {**RUBY, "Gemfile": 'source "https://rubygems.org"\ngemspec\n'}, BUNDLE),
    ("path of a gem", {**RUBY, "Gemfile": 'gem "a", path: "lib"\n'}, BUNDLE),
    ("ruby version file", {**RUBY, "Gemfile": 'ruby file: ".ruby-version"\n', ".ruby-version": "3.3.0"}, BUNDLE),
    ("a Gemfile that reads", {**RUBY, "Gemfile": 'ruby File.read("v").strip\n'}, BUNDLE),
    ("a Gemfile that is evaluated", {**RUBY, "Gemfile": 'eval_gemfile "other"\n'}, BUNDLE),
    ("a Gemfile that computes", {**RUBY, "Gemfile": 'Dir["gems/*"].each { |g| gem g }\n'}, BUNDLE),
    ("path in the lockfile", {**RUBY, "Gemfile.lock": "PATH\n  remote: .\n"}, BUNDLE),
    ("composer scripts", PHP, swapped(COMPOSER, (" --no-scripts", ""))),
    ("autoloader", PHP, swapped(COMPOSER, (" --no-autoloader", ""))),
    ("composer plugin", {**PHP, "composer.lock": '{"packages": [{"type": "composer-plugin"}]}'}, COMPOSER),
    ("composer path", {**PHP, "composer.json": '{"repositories": [{"type": "path", "url": "lib"}]}'}, COMPOSER),
    ("local package", {**PYTHON, "a.deb": ""}, swapped(APT, ("-y curl", "-y ./a.deb"))),
    ("a file of names", PYTHON, swapped(APT, ("-y curl", "-y $(cat packages.txt)"))),
    ("an option with a file", PYTHON, swapped(APT, ("-y curl", "-y -c /app/apt.conf curl"))),
    ("a script", PYTHON, swapped(APT, ("apt-get update", "./prepare.sh"))),
    ("a pipe", PYTHON, swapped(APT, ("-y curl", "-y curl | tee log"))),
    ("a redirection", PYTHON, swapped(APT, ("-y curl", "-y curl > /app/log"))),
    ("a list", PYTHON, swapped(APT, (" && ", "; "))),
    ("system folders", {"sources.list": ""}, swapped(APT, ("COPY . .", "COPY . /etc/apt/"))),
    ("everything", {"etc/apt/sources.list": ""}, swapped(APT, ("COPY . .", "COPY . /"))),
    ("preloaded", PYTHON, led(APT, "ENV LD_PRELOAD=/app/x.so")),
    # what it writes
    ("modules in the context", {**NODE, "node_modules/a/index.js": ""}, NPM),
    ("lockfile that is written", NODE, swapped(NPM, ("npm ci", "npm install --ignore-scripts"))),
    ("lockfile of ruby that is written", RUBY, swapped(BUNDLE, ("ENV BUNDLE_DEPLOYMENT=1\n", ""))),
    ("vendor in the context", {**PHP, "vendor/a.php": ""}, COMPOSER),
    ("bundle in the context", {**RUBY, "vendor/bundle/a": ""}, BUNDLE),
    ("target folder", PYTHON, swapped(PIP, ("pip install", "pip install -t lib"))),
    ("checkout beside the code",
     {**PYTHON, "requirements.txt": "-e git+https://example.com/a#egg=a\n", "src/a": ""}, PIP),
    ("environment in the context", {**PYTHON, "venv/bin/pip": ""}, swapped(PIP, ("RUN pip", "RUN /app/venv/bin/pip"))),
    ("a folder that is removed", PYTHON, swapped(APT, ("-y curl", "-y curl && rm -rf /app/lib"))),
    # what lies between
    ("a script between", PYTHON, swapped(PIP, ("RUN pip", "RUN ./x.sh\nRUN pip"))),
    ("a cache mount", PYTHON, swapped(PIP, ("RUN pip", "RUN --mount=type=bind,target=/x pip"))),
    ("a shell that is another", PYTHON, swapped(PIP, ("RUN pip", 'SHELL ["/bin/tcsh", "-c"]\nRUN pip'))),
    (
        "the user changes", PYTHON,
        ("COPY . .\nRUN pip install -r requirements.txt\nUSER app\n",
         "USER app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"),
    ),
    (
        "another user than before", PYTHON,
        ("COPY . .\nUSER app\nRUN pip install -r requirements.txt\n",
         "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nUSER app\n"),
    ),
    (
        "another directory", PYTHON,
        ("COPY . .\nRUN pip install -r requirements.txt\n",
         "WORKDIR /srv\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nWORKDIR /app\nCOPY . .\n"),
    ),
    (
        "a copy over it", PYTHON,
        ("COPY . .\nCOPY --from=x /r /app/requirements.txt\nRUN pip install -r requirements.txt\n",
         "COPY requirements.txt .\nCOPY --from=x /r /app/requirements.txt\n"
         "RUN pip install -r requirements.txt\nCOPY . .\n"),
    ),
    (
        "changed before", PYTHON,
        ("COPY requirements.txt .\nRUN x\nCOPY . .\nRUN pip install -r requirements.txt\n",
         "COPY requirements.txt .\nRUN x\nRUN pip install -r requirements.txt\nCOPY . .\n"),
    ),
    (
        "a folder with another owner", PYTHON,
        ("COPY --chown=app . /srv\nWORKDIR /srv\nRUN apt-get update\n",
         "WORKDIR /srv\nRUN apt-get update\nCOPY --chown=app . /srv\n"),
    ),
    (
        "a folder that has its owner from the copy", PYTHON,
        ("COPY --chown=app . /srv/app\nRUN mkdir -p /srv/log && apt-get update\n",
         "RUN mkdir -p /srv/log && apt-get update\nCOPY --chown=app . /srv/app\n"),
    ),
    (
        "a directory that has its owner from the copy", PYTHON,
        ("COPY --chown=app . /srv/app\nWORKDIR /srv/log\nRUN apt-get update\n",
         "WORKDIR /srv/log\nRUN apt-get update\nCOPY --chown=app . /srv/app\n"),
    ),
    # what is copied first
    ("too little", {**PYTHON, "c.txt": ""}, swapped(PIP, ("-r requirements.txt", "-r requirements.txt -c c.txt"))),
    ("nothing", PYTHON, (PIP[0], "RUN pip install -r requirements.txt\nCOPY . .\n")),
    ("another owner", PYTHON, (PIP[0], PIP[1].replace("COPY r", "COPY --chown=app r"))),
    ("another mode", PYTHON, (PIP[0], PIP[1].replace("COPY r", "COPY --chmod=600 r"))),
    ("another place", PYTHON, (PIP[0], PIP[1].replace("requirements.txt .", "requirements.txt /srv/"))),
    ("another name", {**PYTHON, "dev.txt": "x"},
     (PIP[0], PIP[1].replace("requirements.txt .", "dev.txt ./requirements.txt"))),
    ("a file that nothing brings later", PYTHON,
     ("COPY lib .\nRUN pip install -r requirements.txt\n",
      "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY lib .\n")),
    ("a variable source", PYTHON, ("ARG R\n" + PIP[0], "ARG R\n" + PIP[1].replace("COPY requirements.txt", "COPY $R"))),
    ("a link", {**PYTHON, "requirements.txt": {"link": "r.txt"}, "r.txt": "x"}, PIP),
    ("left out", {**PYTHON, ".dockerignore": "requirements.txt\n"}, PIP),
    ("with parents", PYTHON, swapped(PIP, ("COPY", "COPY --parents"))),
    ("with something left out", PYTHON, swapped(PIP, ("COPY . .", "COPY --exclude=*.txt . ."))),
    ("a variable place", PYTHON, swapped(PIP, ("COPY . .", "COPY . $X"))),
    (
        "an archive that is unpacked", {"a.txt": b"\x1f\x8b\x08", "app.py": ""},
        ("ADD . .\nRUN pip install -r a.txt\n", "ADD a.txt ./\nRUN pip install -r a.txt\nADD . .\n"),
    ),
    # two halves that are none
    ("a half with state", NODE, ("COPY . .\nRUN cd /app && npm ci && npm test\n",
     "COPY package.json package-lock.json ./\nRUN cd /app && npm ci\nCOPY . .\nRUN npm test\n")),
    ("halves in another order", NODE, ("COPY . .\nRUN npm ci && npm test\n",
     "COPY package.json package-lock.json ./\nRUN npm test\nCOPY . .\nRUN npm ci\n")),
    ("a half that reads", NODE, ("COPY . .\nRUN npm run x && npm ci && npm test\n",
     "COPY package.json package-lock.json ./\nRUN npm run x && npm ci\nCOPY . .\nRUN npm test\n")),
]  # fmt: skip


@pytest.mark.parametrize(("files", "pair"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_may_not_move(files: dict[str, Any], pair: tuple[str, str]) -> None:
    assert not told(files, *pair)
