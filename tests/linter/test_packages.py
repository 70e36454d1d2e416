"""Calls of package managers: sub-command, options, operands, packages."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlinter.commands import commands_of
from dlinter.data.package_managers import MANAGERS
from dlinter.packages import PackageCall, package_call
from dlinter.tree import Dockerfile, Run


class Word:
    """A word as the tree has it; one with a ``$`` has no value."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.value = None if "$" in text else text
        self.start = start
        self.end = start + len(text)


class Command:
    def __init__(self, line: str) -> None:
        words = shlex.split(line)
        self.name = words[0].rsplit("/", 1)[-1]
        self.args = [Word(text, 10 * number) for number, text in enumerate(words[1:])]


def call(line: str) -> PackageCall:
    found = package_call(Command(line))
    assert found is not None, line
    return found


def packages(line: str) -> list[tuple[str | None, str | None, str]]:
    return [(each.name, each.version, each.kind) for each in call(line).packages]


@pytest.mark.parametrize(
    ("line", "manager", "subcommand", "action"),
    [
        ("apt-get -qq -o X=y install curl", "apt-get", "install", "install"),
        ("apt full-upgrade -y", "apt", "dist-upgrade", "upgrade"),
        ("apt-get --no-install-recommends -y install a", "apt-get", "install", "install"),
        ("apk --no-cache add bash", "apk", "add", "install"),
        ("apk --virtual .deps add gcc", "apk", "add", "install"),
        ("apk cache clean", "apk", "cache clean", "clean"),
        ("yum -y install git", "yum", "install", "install"),
        ("yum -y update", "yum", "upgrade", "upgrade"),
        ("dnf in git", "dnf", "install", "install"),
        ("dnf rm git", "dnf", "remove", "remove"),
        ("yum groupinstall x", "yum", "group install", "install"),
        ("dnf group install x", "dnf", "group install", "install"),
        ("dnf module enable nodejs:16", "dnf", "module enable", None),
        ("zypper -n in git", "zypper", "install", "install"),
        ("zypper --non-interactive ref", "zypper", "refresh", "update"),
        ("pacman -Sy", "pacman", "update", "update"),
        ("pacman -Syu", "pacman", "upgrade", "upgrade"),
        ("pacman -Syu git", "pacman", "install", "install"),
        ("pacman -Scc", "pacman", "clean", "clean"),
        ("pacman -Rns git", "pacman", "remove", "remove"),
        ("pip3.8 install x", "pip", "install", "install"),
        ("python3 -m pip install x", "pip", "install", "install"),
        ("python -u -m pip --no-cache-dir install x", "pip", "install", "install"),
        ("pip cache purge", "pip", "cache purge", "clean"),
        ("uv pip install x", "uv", "pip install", "install"),
        ("uv sync --frozen", "uv", "sync", "install"),
        ("uv tool install ruff", "uv", "tool install", "install"),
        ("conda install -n base x", "conda", "install", "install"),
        ("conda env create -f x.yml", "conda", "env create", "install"),
        ("micromamba create -n x python", "micromamba", "create", "install"),
        ("npm i", "npm", "install", "install"),
        ("npm --global install x", "npm", "install", "install"),
        ("npm ci", "npm", "ci", "install"),
        ("npm cache clear --force", "npm", "cache clean", "clean"),
        ("npm run-script build", "npm", "run", None),
        ("yarn", "yarn", "install", "install"),
        ("yarn --frozen-lockfile", "yarn", "install", "install"),
        ("yarn --version", "yarn", None, None),
        ("yarn global add x", "yarn", "add", "install"),
        ("yarn cache clean", "yarn", "cache clean", "clean"),
        ("yarn build:prod --x", "yarn", None, None),
        ("pnpm i --frozen-lockfile", "pnpm", "install", "install"),
        ("bun i", "bun", "install", "install"),
        ("gem i rake", "gem", "install", "install"),
        ("gem inst rake", "gem", "install", "install"),
        ("bundle", "bundle", "install", "install"),
        ("bundler install --without a b", "bundle", "install", "install"),
        ("go mod download", "go", "mod download", "install"),
        ("go get -u -v x.org/y", "go", "get", "install"),
        ("cargo +nightly install ripgrep", "cargo", "install", "install"),
        ("cargo b --release", "cargo", "build", None),
        ("composer.phar i", "composer", "install", "install"),
        ("php /usr/bin/composer.phar require a/b", "composer", "require", "install"),
        ("composer global require a/b", "composer", "require", "install"),
        ("mvn -B package", "maven", None, None),
        ("./gradlew build", "gradle", None, None),
        ("dotnet restore x.csproj", "dotnet", "restore", "install"),
        ("dotnet tool install -g x", "dotnet", "tool install", "install"),
        ("dotnet app.dll --install", "dotnet", None, None),
        ("apt-get $OPTIONS install x", "apt-get", "install", "install"),
        ("apt-get $COMMAND", "apt-get", None, None),
    ],
)
def test_subcommand(line: str, manager: str, subcommand: str | None, action: str | None) -> None:
    found = call(line)
    assert (found.manager, found.subcommand, found.action) == (manager, subcommand, action)


@pytest.mark.parametrize(
    "line", ["curl -O x", "python app.py", "python -m http.server", "python", "php index.php", "pipx install x"]
)
def test_no_call(line: str) -> None:
    assert package_call(Command(line)) is None


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("apt-get install -qqyt stable x", [("-q", None), ("-q", None), ("-y", None), ("-t", "stable")]),
        ("apt-get install -tstable x", [("-t", "stable")]),
        ("apt-get -o=A::B=1 install x", [("-o", "A::B=1")]),
        ("apt-get -q=2 install x", [("-q", "2")]),
        ("apt-get install --target-release=stable x", [("--target-release", "stable")]),
        ("apk add -t .deps --repository URL x", [("-t", ".deps"), ("--repository", "URL")]),
        ("apk add --virt .deps x", [("--virtual", ".deps")]),
        ("yum --enablerepo=epel -y -d 0 install x", [("--enablerepo", "epel"), ("-y", None), ("-d", "0")]),
        ("zypper install -t pattern x", [("-t", "pattern")]),
        ("pip install -U --index-url URL -rreq.txt", [("-U", None), ("--index-url", "URL"), ("-r", "req.txt")]),
        ("conda clean -tipsy", [("-t", None), ("-i", None), ("-p", None), ("-s", None), ("-y", None)]),
        ("npm install --registry URL --loglevel=warn x", [("--registry", "URL"), ("--loglevel", "warn")]),
        ("npm install --progress false x", [("--progress", "false")]),
        ("npm install -gq x", [("-g", None), ("-q", None)]),
        ("go build -ldflags='-s -w' -o app --tags netgo .", [("-ldflags", "-s -w"), ("-o", "app"), ("-tags", "netgo")]),
        ("mvn -pl a,b -Dx=1 -Pprod -T4 -q package",
         [("-pl", "a,b"), ("-D", "x=1"), ("-P", "prod"), ("-T", "4"), ("-q", None)]),
        ("gradle build -x test -Pv=1 --no-daemon", [("-x", "test"), ("-P", "v=1"), ("--no-daemon", None)]),
        ("dotnet publish -c Release -o out /p:X=1", [("-c", "Release"), ("-o", "out"), ("-p", "X=1")]),
        ("pacman -Sy --noconfirm x", [("-S", None), ("-y", None), ("--noconfirm", None)]),
        ("bundle install -j$N", [("-j", None)]),
        ("yarn global add x", [("--global", None)]),
    ],
)  # fmt: skip
def test_options(line: str, options: list[tuple[str, str | None]]) -> None:
    found = call(line)
    assert [(option.name, option.value) for option in found.options] == options
    assert all(option.known for option in found.options)


def test_an_unknown_option_takes_no_word() -> None:
    found = call("apt-get install --frobnicate curl")
    assert [(option.name, option.known) for option in found.options] == [("--frobnicate", False)]
    assert [each.name for each in found.packages] == ["curl"]


def test_words_of_an_option() -> None:
    found = call("bundle install --without test dev --jobs=4")
    without, jobs = found.options
    assert [word.text for word in without.words] == ["--without", "test", "dev"]
    assert [word.text for word in jobs.words] == ["--jobs=4"]
    assert found.operands == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("apt-get install a=1:2.3-4 b/stretch c:i386 ./d.deb lamp^",
         [("a", "=1:2.3-4", "name"), ("b", "/stretch", "name"), ("c:i386", None, "name"), ("./d.deb", None, "file"),
          ("lamp^", None, "group")]),
        ("apt-get install $X y", [(None, None, "unknown"), ("y", None, "name")]),
        ("apk add a=1.2-r0 b~3 'c>4' d@edge .v",
         [("a", "=1.2-r0", "name"), ("b", "~3", "name"), ("c", ">4", "name"), ("d", "@edge", "name"),
          (".v", None, "virtual")]),
        ("apk add a@edge=1.2", [("a", "@edge=1.2", "name")]),
        ("apk del .deps", [(".deps", None, "virtual")]),
        ("yum install git-2.1.0 git-2.1.0-1.el7 java-1.8.0-openjdk glibc.i686 php72-php @dev x.rpm https://x/y.rpm",
         [("git", "2.1.0", "name"), ("git", "2.1.0-1.el7", "name"), ("java-1.8.0-openjdk", None, "name"),
          ("glibc.i686", None, "name"), ("php72-php", None, "name"), ("@dev", None, "group"), ("x.rpm", None, "file"),
          ("https://x/y.rpm", None, "url")]),
        ("yum groupinstall 'Development Tools'", [("Development Tools", None, "group")]),
        ("zypper in 'a>=1.2' b", [("a", ">=1.2", "name"), ("b", None, "name")]),
        ("pip install a==1 'b[x]>=2,<3' c~=4 d . ./e f/g h.whl https://x/y.tgz git+https://x/y@z 'k @ https://x/y'",
         [("a", "==1", "name"), ("b[x]", ">=2,<3", "name"), ("c", "~=4", "name"), ("d", None, "name"),
          (".", None, "local"), ("./e", None, "local"), ("f/g", None, "local"), ("h.whl", None, "file"),
          ("https://x/y.tgz", None, "url"), ("git+https://x/y@z", None, "vcs"), ("k", "@ https://x/y", "name")]),
        ("pip install -r req.txt -e . x -c con.txt",
         [("req.txt", None, "requirements"), (".", None, "local"), ("x", None, "name")]),
        ("pip install --requirement=req.txt", [("req.txt", None, "requirements")]),
        ("pip install -r $FILE", [(None, None, "requirements")]),
        ("conda install a=1.2 b==3 'c>=4' conda-forge::d 'e[version=1]'",
         [("a", "=1.2", "name"), ("b", "==3", "name"), ("c", ">=4", "name"), ("conda-forge::d", None, "name"),
          ("e", None, "name")]),
        ("npm install a@1 @b/c @b/d@^2 ./e f/g git+ssh://x h.tgz https://x/y",
         [("a", "@1", "name"), ("@b/c", None, "name"), ("@b/d", "@^2", "name"), ("./e", None, "local"),
          ("f/g", None, "vcs"), ("git+ssh://x", None, "vcs"), ("h.tgz", None, "file"), ("https://x/y", None, "url")]),
        ("yarn global add a@1", [("a", "@1", "name")]),
        ("gem install a -v 1.2 b:3", [("a", "1.2", "name"), ("b", ":3", "name")]),
        ("gem install nokogiri -- --use-system-libraries", [("nokogiri", None, "name")]),
        ("go get x.org/y@v1 ./... .", [("x.org/y", "@v1", "name"), ("./...", None, "local"), (".", None, "local")]),
        ("go build -o app main.go", [("main.go", None, "file")]),
        ("cargo install a@1 --version 2 b", [("a", "@1", "name"), ("b", "2", "name")]),
        ("composer require a/b:^1 c/d ^2 e/f", [("a/b", ":^1", "name"), ("c/d", "^2", "name"), ("e/f", None, "name")]),
        ("composer create-project a/b dir 1.0", [("a/b", None, "name")]),
        ("dotnet tool install -g x --version 1.2", [("x", "1.2", "name")]),
        ("npm run build -- x", []),
        ("bundle exec rake install", []),
        ("yarn install", []),
        ("uv add 'a>=1' --group dev", [("a", ">=1", "name")]),
        ("uv pip install -r req.txt", [("req.txt", None, "requirements")]),
    ],
)  # fmt: skip
def test_packages(line: str, expected: list[tuple[str | None, str | None, str]]) -> None:
    assert packages(line) == expected


@pytest.mark.parametrize(
    ("line", "yes"),
    [
        ("apt-get install x", False),
        ("apt-get -y install x", True),
        ("apt-get install -qqy x", True),
        ("apt-get install -qq x", True),
        ("apt-get install -q x", False),
        ("apt-get install -q=2 x", True),
        ("apt-get install --assume-yes x", True),
        ("apt-get install -o APT::Get::Assume-Yes=true x", True),
        ("apt-get install -o APT::Get::Assume-Yes=false x", False),
        ("apt-get install --force-yes x", False),
        ("yum install x -y", True),
        ("zypper -n install x", True),
        ("zypper install -y x", True),
        ("zypper install x", False),
        ("pacman -S --noconfirm x", True),
        ("pacman -Sy x", False),
        ("conda install --yes x", True),
    ],
)
def test_assumes_yes(line: str, yes: bool) -> None:
    found = call(line)
    assert found.asks
    assert found.assumes_yes is yes


def test_asks() -> None:
    assert not call("apt-get update").asks
    assert not call("apk add x").asks
    assert not call("npm install").asks


def test_quiet_and_opaque() -> None:
    assert call("npm install --silent").quiet
    assert not call("npm install").quiet
    assert call("apt-get $OPTIONS install x").opaque
    assert not call("apt-get install x").opaque


def test_real_commands() -> None:
    text = (
        "FROM debian\nRUN apt-get update && sudo /usr/bin/apt-get install -y --no-install-recommends \\\n"
        "    # why\n    curl=7.* \"$EXTRA\" \\\n && python3 -m pip install 'a>1' $(cat list)\n"
    )
    run = next(each for each in Dockerfile(text).instructions if isinstance(each, Run))
    found = [each for each in map(package_call, commands_of(run)) if each is not None]
    assert [each.manager for each in found] == ["apt-get", "apt-get", "pip"]
    curl, extra = found[1].packages
    assert text[curl.word.start : curl.word.end] == "curl=7.*"
    assert (curl.name, curl.version, curl.kind) == ("curl", "=7.*", "name")
    assert extra.kind == "unknown"
    assert [each.name for each in found[2].packages] == ["a", None]
    words = found[1].words
    assert [text[word.start : word.end] for word in words] == ["install"]


WORDS = "install add -y --yes -x --a=b --a -- $X . ./a a=1 @a/b -qqy -S i run cache clean"


@given(
    st.sampled_from(sorted(MANAGERS)),
    st.lists(st.sampled_from(WORDS.split(" "))),
)
def test_every_word_is_accounted_for(manager: str, words: list[str]) -> None:
    """No word is lost or counted twice: it belongs to the sub-command, an option or the operands."""
    program = {"maven": "mvn"}.get(manager, manager)
    found = call(shlex.join([program, *words]))
    held = {id(word) for word in [*found.words, *found.operands]}
    held |= {id(word) for option in found.options for word in option.words}
    lost = [word.text for word in found.command.args if id(word) not in held]
    assert set(lost) <= {"--"} or manager in ("gem", "bundle")
