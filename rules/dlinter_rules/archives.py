"""Archives that are downloaded and unpacked."""

from __future__ import annotations

from dlinter import SAFE, UNSAFE, Command, Findings, Fix, Run, report, rule
from dlinter_rules.chains import follow
from dlinter_rules.common import unseen_script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter import Word

#: what tar and its kin take apart
_ARCHIVES = (".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".gz", ".bz2", ".xz", ".zip", ".zst", ".7z", ".tzst")


@rule(
    "DL5003",
    "archive-left-after-extract",
    on=Run,
    reads="file",
)
def archive_left_after_extract(run: Run) -> Findings:
    r"""Delete a downloaded archive in the RUN that unpacks it

    Everything is in the layer twice, once packed, and the archive is never read again.

    ```dockerfile bad
    FROM debian:12
    RUN curl -o /tmp/a.tgz https://example.com/a.tgz && tar -xzf /tmp/a.tgz -C /opt && ls /opt/a
    ```
    ```dockerfile fixed
    FROM debian:12
    RUN curl -o /tmp/a.tgz https://example.com/a.tgz && tar -xzf /tmp/a.tgz -C /opt && rm /tmp/a.tgz && ls /opt/a
    ```
    Outside of folders for temporary files someone may want to keep it:
    ```dockerfile bad
    FROM debian:12
    ARG VERSION=1.2
    WORKDIR /opt
    RUN wget "https://example.com/app-$VERSION.zip" \
        && unzip -q "app-$VERSION.zip"
    ```
    ```dockerfile unsafe
    FROM debian:12
    ARG VERSION=1.2
    WORKDIR /opt
    RUN wget "https://example.com/app-$VERSION.zip" \
        && unzip -q "app-$VERSION.zip" \
        && rm "app-$VERSION.zip"
    ```
    ```dockerfile good
    FROM debian:12
    RUN curl -fsSL https://example.com/a.tgz | tar xz -C /opt
    RUN wget https://example.com/b.tgz && tar xf b.tgz && rm b.tgz
    RUN wget https://example.com/c.tgz && tar xf c.tgz && rm -f *.tgz
    RUN cd /tmp && wget https://example.com/d.tgz && tar xf d.tgz && rm -rf /tmp/*
    RUN wget https://example.com/e.tgz && tar tf e.tgz
    RUN wget https://example.com/f.tgz && tar xf f.tgz && mv f.tgz /srv/downloads
    ```
    The layers of a stage that only hands files on are thrown away:
    ```dockerfile good
    FROM debian:12 AS fetch
    RUN curl -fsSLo /tmp/a.tgz https://example.com/a.tgz && tar -xzf /tmp/a.tgz -C /opt
    FROM debian:12-slim
    COPY --from=fetch /opt /opt
    ```
    """
    if run.stage is None or not run.file.facts.ships(run.stage) or run.scratch_mounts:
        return
    if not run.heredocs and not any(name in run.syntax.map.text for name in ("tar", "unzip")):
        return
    fetched: dict[str, Command] = {}
    for command in run.commands:
        name = _fetched_name(command)
        if name is not None:
            fetched[name] = command
        word = _unpacked(command)
        if word is None:
            continue
        plain = word.text.strip("\"'")
        if plain not in fetched or not plain.endswith(_ARCHIVES) or _used_later(run, command, plain):
            continue
        yield report(word, f"Delete {plain} once it is unpacked", _delete_archive(run, command, word, fetched[plain]))


def _fetched_name(command: Command) -> str | None:
    """The file that curl or wget makes, as written, without quotes."""
    if command.name not in ("curl", "wget") or command.script is None:
        return None
    output = ("-o", "--output") if command.name == "curl" else ("-O", "--output-document")
    for number, word in enumerate(command.args):
        text = word.text
        clustered = text[:1] == "-" and text[1:2] != "-" and text.endswith(output[0][1])
        if (clustered or text == output[1]) and number + 1 < len(command.args):
            return command.args[number + 1].text.strip("\"'")
        if text.startswith(f"{output[1]}="):
            return text.partition("=")[2].strip("\"'")
    if command.name == "curl" and command.option("-O", "--remote-name") is None:
        return None
    if command.option("-P", "--directory-prefix", "-i", "-r", "-m") is not None:
        return None
    urls = [word.text.strip("\"'") for word in command.args if "://" in word.text]
    if len(urls) != 1 or any(char in urls[0] for char in "?#*[(`"):
        return None
    return urls[0].rpartition("/")[2] or None


def _unpacked(command: Command) -> Word | None:
    """The word that names the archive which tar, unzip or 7z takes apart."""
    args = command.args
    if command.script is None or command.wrappers not in ([], ["sudo"]):
        return None
    if command.name == "unzip":
        if command.option("-l", "-t", "-p", "-v", "-Z", "-c") is not None:
            return None
        operands = [word for word in args if word.text[:1] != "-"]
        return operands[0] if operands and args[0] is not None and args[0].text[:2] not in ("-d", "-x") else None
    if command.name not in ("tar", "bsdtar") or not args:
        return None
    extracts = False
    found: Word | None = None
    for number, word in enumerate(args):
        text = word.text
        letters = text.lstrip("-") if text[:2] != "--" and (text[:1] == "-" or number == 0) else ""
        if text in ("--extract", "--get") or ("x" in letters and (number == 0 or text[:1] == "-")):
            extracts = True
        if (letters.endswith("f") or text == "--file") and number + 1 < len(args):
            found = args[number + 1]
        elif text.startswith("--file="):
            return None
        if text == "--remove-files":
            return None
    return found if extracts and found is not None and found.text != "-" else None


def _used_later(run: Run, command: Command, name: str) -> bool:
    """True if the archive is deleted, or may be used, after *command*: its name stands there, or one that fits it."""
    base = name.rpartition("/")[2]
    for other in run.commands:
        if other.start > command.start and any(_may_use(other, word, name) for word in other.args):
            return True
    assert run.stage is not None
    return any(base in other.syntax.map.text for other in run.file.instructions if other.index > run.index)


def _may_use(command: Command, word: Word, name: str) -> bool:
    text = word.text.strip("\"'")
    base = name.rpartition("/")[2]
    if base in text:
        return True
    if command.name in ("rm", "mv", "cp", "find") and ("." + base.rpartition(".")[2] in text or "*" in text):
        return True
    if command.name != "rm" or text[:1] == "-":
        return False
    folder = text.rstrip("/*")
    return not name.startswith("/") or folder in ("/tmp", "/var/tmp") or name.startswith(f"{folder}/")


def _delete_archive(run: Run, command: Command, word: Word, fetch: Command) -> Fix | None:
    if run.in_onbuild or fetch.wrappers != command.wrappers or word.text[:1] == "-" or "`" in word.text:
        return None
    if fetch.script is not command.script:
        return None
    edit = follow(command, f"rm {word.text}")
    if edit is None:
        return None
    temporary = (word.value or "").startswith(("/tmp/", "/var/tmp/"))
    following = [other for other in run.commands if other.start > command.start]
    for stage in [run.stage, *run.file.facts.descendants(run.stage)] if run.stage is not None else []:
        following += [c for i in stage.instructions if i.index > run.index for c in i.commands]
    later = any(unseen_script(c) or _vague(c, word.value or "") for c in following)
    safety = SAFE if temporary and not later and not _opaque_later(run) else UNSAFE
    names = ["archive-removed" if safety is SAFE else "option-of-user"]
    return Fix([edit], safety, f"Delete {word.text}", names)


def _vague(command: Command, path: str) -> bool:
    """True if a word with something in it that is not fixed may stand for the file at *path*."""
    folder, _, name = path.rpartition("/")
    hints = (folder, name, name.rpartition(".")[2])
    return any(word.value is None and any(hint in word.text for hint in hints) for word in command.words)


def _opaque_later(run: Run) -> bool:
    """True if a script that cannot be seen here runs later in the build."""
    assert run.stage is not None
    facts = run.file.facts
    for stage in [run.stage, *facts.descendants(run.stage)]:
        for instruction in stage.instructions:
            if not isinstance(instruction, Run) or (stage is run.stage and instruction.index <= run.index):
                continue
            if not instruction.commands or any(unseen_script(command) for command in instruction.commands):
                return True
    return False
