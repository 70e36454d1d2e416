"""Rebuild ``tags.toml`` and ``ends.toml`` from clones of public repositories; see docs/base-images.md.

``python -m dlinter.data.collect OFFICIAL_IMAGES REPOSITORIES ENDOFLIFE DISTRO_INFO`` where

- OFFICIAL_IMAGES is a clone of docker-library/official-images with its history,
- REPOSITORIES is a pattern of clones of the repositories that it names, such as ``/clones/{owner}/{name}``;
  those that are missing cost some tags their distribution,
- ENDOFLIFE is a clone of endoflife-date/endoflife.date,
- DISTRO_INFO is the folder of the Debian package distro-info-data, ``/usr/share/distro-info``.
"""

from __future__ import annotations

import csv
import datetime
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

HERE = Path(__file__).parent

#: official images whose tags are worth following, by use in public Dockerfiles
IMAGES = [
    "python", "node", "golang", "ruby", "php", "openjdk", "java", "nginx", "maven", "buildpack-deps", "docker",
    "postgres", "tomcat", "mysql", "httpd", "wordpress", "mongo", "redis", "elixir", "composer", "gradle", "rust",
    "haproxy", "mariadb", "rabbitmq", "perl", "gcc", "haskell", "erlang", "cassandra", "drupal", "bash", "julia",
    "pypy", "ghost", "eclipse-temurin", "amazoncorretto", "adoptopenjdk", "memcached", "clojure", "swift", "dart",
    "hylang", "swipl", "groovy", "nats", "redmine", "ros",
]  # fmt: skip
DISTROS = ["debian", "ubuntu", "alpine", "centos", "fedora", "oraclelinux", "amazonlinux"]

#: variants that nobody builds on for long
PRERELEASE = re.compile(r"(?:^|-)(?:alpha|beta|rc|ea|test|edge|experimental|chakracore)\b")

#: our product -> product of endoflife.date
PRODUCTS = {
    "almalinux": "almalinux", "alpine": "alpine-linux", "amazoncorretto": "amazon-corretto",
    "amazonlinux": "amazon-linux", "cassandra": "apache-cassandra", "centos": "centos",
    "centos-stream": "centos-stream", "composer": "composer", "consul": "consul", "couchdb": "apache-couchdb",
    "docker": "docker-engine", "dotnet": "dotnet", "drupal": "drupal", "eclipse-temurin": "eclipse-temurin",
    "elasticsearch": "elasticsearch", "elixir": "elixir", "erlang": "erlang", "fedora": "fedora", "golang": "go",
    "gradle": "gradle", "haproxy": "haproxy", "joomla": "joomla", "kibana": "kibana", "logstash": "logstash",
    "mariadb": "mariadb", "maven": "apache-maven", "memcached": "memcached", "mongo": "mongodb", "mysql": "mysql",
    "neo4j": "neo4j", "nextcloud": "nextcloud", "nginx": "nginx", "node": "nodejs", "opensuse": "opensuse",
    "oraclelinux": "oracle-linux", "perl": "perl", "photon": "vmware-photon", "php": "php", "postgres": "postgresql",
    "python": "python", "rabbitmq": "rabbitmq", "redis": "redis", "rhel": "rhel", "rockylinux": "rocky-linux",
    "ruby": "ruby", "solr": "solr", "tomcat": "tomcat", "wordpress": "wordpress",
}  # fmt: skip


# -- where a tag points ----------------------------------------------------------------------------------------------


class Entry:
    """A build of an official image: its tags, the repository, commit, folder and name of its Dockerfile."""

    __slots__ = ("commit", "file", "folder", "repository", "tags", "windows")

    def __init__(self, tags: list[str], repository: str, commit: str, folder: str, file: str, windows: bool) -> None:
        self.file = file
        self.tags = tags
        self.repository = repository
        self.commit = commit
        self.folder = folder
        self.windows = windows


def git(repository: str, *words: str) -> str:
    done = subprocess.run(["git", "-C", repository, *words], capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace")


def entries(text: str) -> Iterator[tuple[str, Entry]]:
    """The tags of a library file with what they build; tags shared with Windows mean the Linux image."""
    if not re.search(r"^Tags:", text, re.M):
        for found in re.finditer(r"^([\w.+-]+):\s+(?:git|https?)://(\S+?)@(\S+)(?:[ \t]+(\S+))?\s*$", text, re.M):
            yield found[1], Entry([found[1]], found[2], found[3], found[4] or "", "Dockerfile", False)
        return
    shared: list[tuple[str, Entry]] = []
    defaults: dict[str, str] = {}
    seen = set()
    for paragraph in re.split(r"\n\s*\n", re.sub(r"(?m)^#.*\n?", "", text)):
        fields: dict[str, str] = {}
        key = ""
        for line in paragraph.splitlines():
            if line[:1] in " \t":
                fields[key] = f"{fields.get(key, '')} {line.strip()}"
            else:
                key, _, value = line.partition(":")
                fields[key] = value.strip()
        if "Tags" not in fields:
            defaults = defaults or fields
            continue
        fields = {**defaults, **fields}
        commits = [value for name, value in fields.items() if name.endswith("GitCommit")]
        folder = fields.get("amd64-Directory") or fields.get("Directory", "")
        file = fields.get("amd64-File") or fields.get("File", "Dockerfile")
        tags = [tag.strip() for tag in fields["Tags"].split(",")]
        entry = Entry(tags, fields.get("GitRepo", ""), fields.get("GitCommit") or (commits or [""])[0],
                      folder, file, "windows" in fields.get("Architectures", ""))  # fmt: skip
        for tag in tags:
            seen.add(tag)
            yield tag, entry
        shared += [(tag.strip(), entry) for tag in fields.get("SharedTags", "").split(",") if tag.strip()]
    for tag, entry in shared:
        if tag not in seen and not entry.windows:
            yield tag, entry


class History:
    """The states of every tag over time, from the history of official-images."""

    def __init__(self, clone: str, names: list[str]) -> None:
        #: image -> tag -> [(first day, entry)]
        self.states: dict[str, dict[str, list[tuple[str, Entry]]]] = {}
        #: (image, tag) -> the day on which it left the library
        self.left: dict[tuple[str, str], str] = {}
        for name in names:
            self.states[name] = self._read(clone, name)

    def _read(self, clone: str, name: str) -> dict[str, list[tuple[str, Entry]]]:
        log = git(clone, "log", "--reverse", "--first-parent", "-m", "--raw", "--no-renames", "--no-abbrev",
                  "--format=@%cs", "--", f"library/{name}")  # fmt: skip
        day = ""
        states: dict[str, list[tuple[str, Entry]]] = {}
        live: set[str] = set()
        for line in log.splitlines():
            if line.startswith("@"):
                day = line[1:]
            elif line.startswith(":"):
                blob = line.split()[3]
                now = set()
                for tag, entry in entries(git(clone, "cat-file", "blob", blob)) if blob.strip("0") else ():
                    now.add(tag)
                    self.left.pop((name, tag), None)
                    states.setdefault(tag, []).append((day, entry))
                for tag in live - now:
                    self.left[name, tag] = day
                live = now
        return states

    def at(self, name: str, tag: str, day: str) -> Entry | None:
        """What *tag* meant on *day* (ISO 8601), or last before it."""
        found = None
        for first, entry in self.states.get(name, {}).get(tag, ()):
            if first > day:
                break
            found = entry
        return found


class Resolver:
    """Finds the distribution under a tag of an official image."""

    def __init__(self, history: History, clones: str, info: str) -> None:
        self.history = history
        self.clones = clones
        self.debian = {row["series"]: row["version"] for row in rows(info, "debian")}
        self.ubuntu = {row["series"]: row["version"].split()[0] for row in rows(info, "ubuntu")}
        names = "|".join([*self.debian, *self.ubuntu])
        self.token = re.compile(
            rf"(?<![a-z])(?P<name>{names})(?![a-z])|alpine[-/]?(?P<alpine>\d+\.\d+)|(?P<windows>nanoserver|windowsserver)"
            r"|(?<![a-z])(?:oraclelinux|oracle|ol)(?P<oraclelinux>\d+)(?![\d.])|(?<![a-z])al(?P<amazonlinux>20\d\d|2)(?!\d)"
        )
        self.files: dict[tuple[str, str], str] = {}

    def told(self, text: str) -> str:
        """``distro:release`` as *text*, a tag or folder, tells; ``""`` if it does not."""
        found = self.token.search(text)
        if found is None:
            return ""
        kind = found.lastgroup or ""
        if kind != "name":
            return f"{kind}:{found[kind]}"
        name = found["name"]
        return f"debian:{name}" if name in self.debian else f"ubuntu:{self.ubuntu[name]}"

    def distro(self, name: str, tag: str, day: str, depth: int = 0) -> str:
        """``distro:release`` of an image as it was built last before *day*; ``""`` if that is not known."""
        told = self.told(tag)
        entry = self.history.at(name, tag, day)
        if name in DISTROS:
            tags = [tag, *(entry.tags if entry else ())]
            if name in ("debian", "ubuntu"):
                return told or next(filter(None, map(self.told, tags)), "")
            number = next((t for t in tags if re.fullmatch(r"\d+(\.\d+)?(-slim)?", t)), "").removesuffix("-slim")
            return f"{name}:{number}" if number else ""
        if told or entry is None:
            return told
        told = self.told(entry.folder) or next(filter(None, map(self.told, entry.tags)), "")
        if told or depth > 5:
            return told
        base = self.base(entry)
        found = re.fullmatch(r"(?:docker\.io/)?(?:library/)?([a-z0-9_.-]+)(?::([\w.-]+))?", base)
        if found is None:
            return "windows:" if base.startswith("mcr.microsoft.com/windows") else ""
        return self.distro(found[1], found[2] or "latest", min(day, self.history.left.get((name, tag), day)), depth + 1)

    def base(self, entry: Entry) -> str:
        """The image that the last stage of the entry's Dockerfile is built from."""
        found = re.search(r"github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?$", entry.repository)
        if found is None:
            return ""
        clone = self.clones.format(owner=found[1], name=found[2])
        path = f"{entry.commit}:{entry.folder.strip('./')}/{entry.file}".replace(":/", ":")
        if not os.path.isdir(clone):
            return ""
        if (clone, path) not in self.files:
            self.files[clone, path] = git(clone, "cat-file", "blob", path)
        text = self.files[clone, path]
        arguments = dict(re.findall(r"(?m)^ARG\s+(\w+)=(\S+)", text))
        stages: dict[str, str] = {}
        base = ""
        for image, stage in re.findall(r"(?mi)^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", text):
            image = re.sub(r"\$\{?(\w+)\}?", lambda m: arguments.get(m[1], m[0]), image)
            base = stages.get(image, image)
            stages[stage] = base
        return base


# -- tables ----------------------------------------------------------------------------------------------------------


def intervals(known: dict[tuple[int, ...], str]) -> str:
    """``first-last=value`` for runs of versions with one value; versions of different length apart."""
    parts = []
    for length in sorted({len(version) for version in known}):
        run: list[tuple[int, ...]] = []
        versions = sorted(version for version in known if len(version) == length)
        for number, version in enumerate(versions):
            run.append(version)
            if number + 1 == len(versions) or known[versions[number + 1]] != known[version]:
                first, last = (".".join(map(str, each)) for each in (run[0], run[-1]))
                if known[version]:
                    parts.append(f"{first if first == last else f'{first}-{last}'}={known[version]}")
                run = []
    return " ".join(parts)


def tag_tables(history: History, resolver: Resolver, today: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Per image the variants (a tag without its version) with :func:`intervals` of the distributions below them."""
    for name in IMAGES:
        variants: dict[str, dict[tuple[int, ...], str]] = defaultdict(dict)
        for tag in history.states[name]:
            version, _, variant = tag.partition("-")
            if not version[:1].isdigit():
                version, variant = "", "" if tag == "latest" else tag
            if resolver.told(tag) or (version and not re.fullmatch(r"\d+(?:[._u+]+\d+)*", version)):
                continue
            distro = resolver.distro(name, tag, history.left.get((name, tag), today))
            variants[variant][tuple(map(int, re.findall(r"\d+", version)))] = distro
        table = {}
        for variant, known in variants.items():
            rare = name != "java" and len(known) < 3 and any(map(str.isdigit, variant))
            if any(known.values()) and not rare and not PRERELEASE.search(variant):
                table[variant] = intervals(known)
        yield name, table


def rows(folder: str, distro: str) -> list[dict[str, str]]:
    with open(Path(folder, f"{distro}.csv"), encoding="utf-8", newline="") as file:
        return [{key: value or "" for key, value in row.items()} for row in csv.DictReader(file)]


def ends(clone: str, info: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Per product the last day of free security support of each release line (ISO 8601)."""
    yield "debian", {r["series"]: r["eol-lts"] or r["eol"] for r in rows(info, "debian") if r["eol"]}
    yield "ubuntu", {r["version"].split()[0]: r["eol"] for r in rows(info, "ubuntu") if r["eol"]}
    for name, product in sorted(PRODUCTS.items()):
        text = git(clone, "show", f"HEAD:products/{product}.md")
        if not text:
            print(f"no product {product}", file=sys.stderr)
            continue
        front = YAML(typ="safe", pure=True).load(text.split("\n---", 1)[0].removeprefix("---"))
        known = {
            str(r["releaseCycle"]): str(r["eol"]) for r in front["releases"] if isinstance(r["eol"], datetime.date)
        }
        yield name, known


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write(path: Path, head: str, tables: Iterator[tuple[str, dict[str, str]]]) -> None:
    lines = [head]
    for name, table in tables:
        lines += ["", f"[{quoted(name)}]", *(f"{quoted(key)} = {quoted(value)}" for key, value in table.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(official: str, clones: str, endoflife: str, info: str) -> None:
    history = History(official, [*IMAGES, *DISTROS])
    today = git(official, "log", "-1", "--format=%cs").strip()
    head = f'# Made by dlinter.data.collect; do not edit.\ndate = "{today}"\n'
    source = f"docker-library/official-images {git(official, 'rev-parse', '--short=12', 'HEAD').strip()}"
    resolver = Resolver(history, clones, info)
    write(HERE / "tags.toml", f'{head}source = "{source}"', tag_tables(history, resolver, today))
    day = git(endoflife, "log", "-1", "--format=%cs").strip()
    commit = git(endoflife, "rev-parse", "--short=12", "HEAD").strip()
    source = f"endoflife-date/endoflife.date {commit}; debian and ubuntu: distro-info-data"
    head = f'# Made by dlinter.data.collect; do not edit.\ndate = "{day}"\nsource = "{source}"'
    write(HERE / "ends.toml", head, ends(endoflife, info))


if __name__ == "__main__":
    main(*sys.argv[1:])
