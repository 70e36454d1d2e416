"""What is made in one layer and deleted in another."""

from __future__ import annotations

from posixpath import join, normpath

from dlinter import SAFE, Add, Command, Copy, Findings, Fix, Instruction, Run, Severity, report, rule
from dlinter.shell_edits import chain, simple
from dlinter_rules.chains import joined, only_script, previous
from dlinter_rules.common import APT, LISTS, program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dlinter import Stage, Word

#: folders that are large only for what one step puts there, and that the rules of their programs look after
_CACHES = ("/var/lib/apt", "/var/cache", "/root/.cache", "/root/.npm")


@rule(
    "DL5001",
    "delete-in-later-layer",
    on=Run,
)
def delete_in_later_layer(run: Run) -> Findings:
    r"""Delete a file in the step that makes it

    What a later step deletes is hidden, not gone: it stays in the earlier layer, and everyone downloads it.

    ```dockerfile bad
    FROM debian:12
    RUN wget -O /tmp/a.tgz https://example.com/a.tgz && tar xf /tmp/a.tgz -C /opt
    RUN rm /tmp/a.tgz
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN wget -O /tmp/a.tgz https://example.com/a.tgz && tar xf /tmp/a.tgz -C /opt && rm /tmp/a.tgz
    ```
    ```dockerfile bad
    FROM debian:12
    WORKDIR /opt
    RUN set -ex; \
        curl -fsSLO https://example.com/b.tgz; \
        tar xf b.tgz
    RUN rm -rf /opt/b.tgz \
        # the build's own
        /tmp/build
    ```
    ```dockerfile fixed
    FROM debian:12
    WORKDIR /opt
    RUN set -ex; \
        curl -fsSLO https://example.com/b.tgz; \
        tar xf b.tgz \
        && rm -rf /opt/b.tgz \
        # the build's own
        /tmp/build
    ```
    A file that COPY brings is never gone:
    ```dockerfile bad
    FROM debian:12
    COPY app.deb /tmp/
    RUN dpkg -i /tmp/app.deb && rm /tmp/app.deb
    ```
    The steps between may need it:
    ```dockerfile bad
    FROM debian:12
    RUN git clone --depth 1 https://example.com/a.git /src
    RUN make -C /src install
    RUN rm -rf /src
    ```
    ```dockerfile good
    FROM debian:12
    RUN rm -rf /usr/share/doc
    RUN curl -o /tmp/a.tgz https://example.com/a.tgz && tar xf /tmp/a.tgz && rm /tmp/a.tgz
    RUN rm -rf /tmp/*
    COPY app /app
    RUN curl -o /app/b https://example.com/b && rm -f /app/b
    RUN rm -f /app/log
    ```
    What comes from a mount is in no layer:
    ```dockerfile good
    FROM debian:12
    RUN --mount=type=cache,target=/dl curl -o /dl/a.tgz https://example.com/a.tgz
    RUN --mount=type=cache,target=/dl rm /dl/a.tgz
    ```
    The layers of a stage that only hands files on are thrown away:
    ```dockerfile good
    FROM golang:1.22 AS build
    COPY . /src
    RUN cd /src && go build -o /app && rm -rf /src
    FROM scratch
    COPY --from=build /app /app
    ```
    """
    if run.stage is None or run.in_onbuild or not run.file.facts.ships(run.stage) or run.mounts:
        return
    gone = [(word, path) for word, path in _removed(run)]
    if not gone:
        return
    own = {path for _, path in _made_by_commands(run)}
    for word, path in gone:
        if path in own or path.startswith(_CACHES):
            continue
        maker = _maker(run, path)
        if maker is not None:
            what = "COPY" if isinstance(maker, Copy) else "ADD" if isinstance(maker, Add) else "the RUN"
            message = f"Delete {path} in the step that makes it: {what} at line {maker.line} keeps it in its layer"
            severity = None if isinstance(maker, Run) else Severity.INFO
            yield report(word, message, _moved(maker, run), severity=severity)
            return


def _maker(run: Run, path: str) -> Instruction | None:
    """The instruction of the stage before *run* that makes the file or folder *path*, the last one."""
    assert run.stage is not None
    makers = run.file.facts.known(_makers, run.stage).get(path, [])
    return next((other for other in reversed(makers) if other.index < run.index), None)


def _makers(stage: Stage) -> dict[str, list[Instruction]]:
    """The instructions of *stage* that make a file or folder, by path."""
    found: dict[str, list[Instruction]] = {}
    for other in stage.instructions:
        paths: Iterable[str] = ()
        if isinstance(other, Run):
            paths = () if other.mounts else [path for _, path in _made_by_commands(other)]
        elif isinstance(other, (Copy, Add)):
            paths = _made_by_copy(other)
        for path in dict.fromkeys(paths):
            found.setdefault(path, []).append(other)
    return found


def _made_by_copy(copy: Copy | Add) -> Iterator[str]:
    """The paths that a COPY or ADD certainly makes: files in a folder, or the destination itself."""
    destination = copy.destination
    if destination is None or "$" in destination.value:
        return
    folder = copy.file.facts.workdir(copy) or ("/" if destination.value.startswith("/") else None)
    if folder is None:
        return
    place = normpath(join(folder, destination.value))
    many = len(copy.sources) > 1 or destination.value.endswith(("/", "/.", "."))
    for source in copy.sources:
        name = source.value.rstrip("/").rpartition("/")[2]
        if any(char in source.value for char in "*?[$") or name in ("", ".", ".."):
            continue
        if many and not source.value.endswith("/") and "." in name:
            yield normpath(join(place, name))
        elif not many and place not in ("/", "/tmp", folder):
            yield place


def _made_by_commands(run: Run) -> list[tuple[Command, str]]:
    """The absolute paths of files and folders that commands of the RUN download."""
    folder = run.file.facts.workdir(run)
    found: list[tuple[Command, str]] = []
    for command in run.commands:
        if command.name in ("cd", "pushd"):
            target = command.args[0].value if command.args else None
            absolute = target is not None and (target.startswith("/") or folder is not None)
            folder = normpath(join(folder or "/", target)) if target is not None and absolute else None
            continue
        made = downloaded(command)
        if made is not None and (made.startswith("/") or folder is not None):
            found.append((command, normpath(join(folder or "/", made))))
    return found


def downloaded(command: Command) -> str | None:
    """The file or folder that curl, wget or git clone makes, as far as it is fixed text."""
    args = command.args
    if command.name == "git":
        clone = command.operand("clone")
        operands = [word.value for word in args if word.text[:1] != "-"]
        if clone is None or len(operands) != 3 or command.option("-b", "--branch", "--depth", "-c") is not None:
            return operands[-1] if clone is not None and _last_is_folder(args) else None
        return operands[2]
    if command.name not in ("curl", "wget"):
        return None
    output = "-o" if command.name == "curl" else "-O"
    long = "--output" if command.name == "curl" else "--output-document"
    for number, word in enumerate(args):
        text = word.text
        clustered = text[:1] == "-" and text[1:2] != "-" and text.endswith(output[1])
        if (clustered or text == long) and number + 1 < len(args):
            value = args[number + 1].value
            return value if value not in ("-", "/dev/null", "/dev/stdout") else None
        if text.startswith((f"{long}=", output)) and word.value is not None and text[:2] != "--":
            return word.value[2:] or None
        if text.startswith(f"{long}=") and word.value is not None:
            return word.value.partition("=")[2]
    if command.name == "curl" and command.option("-O", "--remote-name") is None:
        return None
    if command.option("-P", "--directory-prefix", "-i", "--output-dir", "--content-disposition", "-r", "-m", "-J"):
        return None
    urls = [word.value for word in args if word.value is not None and "://" in word.value]
    if len(urls) != 1 or any(char in urls[0] for char in "?#*[{"):
        return None
    name = urls[0].split("://", 1)[1].rpartition("/")
    return name[2] if name[0] and name[2] else None


def _last_is_folder(args: list[Word]) -> bool:
    """True if the last word of ``git clone`` is the folder: a path behind the repository's address."""
    if len(args) < 3 or args[-1].text[:1] == "-" or args[-2].value is None:
        return False
    return "://" in (args[-2].value or "") and "://" not in args[-1].text


def _removed(run: Run) -> Iterator[tuple[Word, str]]:
    """The words of rm with the absolute paths that they name."""
    folder = run.file.facts.workdir(run)
    for command in run.commands:
        if command.name in ("cd", "pushd"):
            target = command.args[0].value if command.args else None
            absolute = target is not None and (target.startswith("/") or folder is not None)
            folder = normpath(join(folder or "/", target)) if target is not None and absolute else None
        if command.name != "rm" or command.wrappers not in ([], ["sudo"]):
            continue
        for word in command.args:
            path = word.value
            if path is None or path[:1] == "-" or not path:
                continue
            if path.startswith("/") or folder is not None:
                yield word, normpath(join(folder or "/", path))


def _moved(maker: Instruction, run: Run) -> Fix | None:
    """*run* at the end of *maker*, where it does nothing but remove absolute paths."""
    script = only_script(run)
    if not isinstance(maker, Run) or previous(run) is not maker or script is None:
        return None
    elements = chain(script)
    commands = run.commands
    if elements is None or len(elements) != len(commands):
        return None
    for command in commands:
        if command.name != "rm" or command.wrappers or command.simple is None or command.simple.redirects:
            return None
        if command.assignments or not any(simple(element) is command.simple for element in elements):
            return None
        operands = [word.text for word in command.args if word.text[:1] != "-"]
        if not all(text.startswith("/") and not set(text) & set("$`") for text in operands):
            return None
    edit = joined(maker, run)
    return Fix([edit], SAFE, "Delete it where it is made", ("deleted-in-place", "layer-border")) if edit else None


@rule(
    "DL5002",
    "apt-lists-removed-in-other-layer",
    on=Run,
    mentions=("apt",),
)
def apt_lists_removed_in_other_layer(run: Run) -> Findings:
    r"""Delete apt's package lists in the RUN that fetched them, a later one saves nothing

    The lists stay in the layer of the earlier step, and everyone downloads them.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && apt-get install -y curl
    RUN apt-get clean && rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && apt-get clean && rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update \
     && apt-get install -y curl
    COPY app /app
    RUN rm -rf /var/lib/apt/lists/*
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
    RUN rm -rf /var/lib/apt/lists/*
    RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
    ```
    The lists of the base image are not this file's:
    ```dockerfile good
    FROM example.com/base
    RUN rm -rf /var/lib/apt/lists/*
    ```
    """
    if run.stage is None or run.in_onbuild or not run.file.facts.ships(run.stage) or run.scratch_mounts:
        return
    words = [word for command in run.commands if command.name == "rm" for word in command.args if _lists(word)]
    if not words or any(_updates(command) for command in run.commands):
        return
    for other in reversed(run.stage.instructions):
        if other.index >= run.index or not isinstance(other, Run):
            continue
        if any(_lists(word) for command in other.commands if command.name in ("rm", "find") for word in command.args):
            return
        if any(_updates(command) for command in other.commands):
            if not other.scratch_mounts:
                yield report(words[0], fix=_cleaned(other, run))
            return


def _updates(command: Command) -> bool:
    return command.name in APT and command.operand("update") is not None


def _lists(word: Word) -> bool:
    return word.text.startswith(LISTS) or word.text.rstrip("/*") == "/var/lib/apt"


def _cleaned(maker: Run, run: Run) -> Fix | None:
    """*run* at the end of *maker*, where it only cleans up."""
    script = only_script(run)
    if previous(run) is not maker or script is None:
        return None
    elements = chain(script)
    if elements is None or len(elements) != len(run.commands):
        return None
    for command in run.commands:
        if command.wrappers or command.simple is None or command.assignments:
            return None
        if program(command).value != command.name:
            return None
        if command.name == "rm":
            operands = [word.text for word in command.args if word.text[:1] != "-"]
            if not all(text.startswith("/") and not set(text) & set("$`") for text in operands):
                return None
        elif command.name not in ("apt-get", "apt") or command.operand("clean", "autoclean", "autoremove") is None:
            return None
    edit = joined(maker, run)
    names = ("layer-border", "deleted-in-place")
    return Fix([edit], SAFE, "Delete them where they are fetched", names) if edit is not None else None
