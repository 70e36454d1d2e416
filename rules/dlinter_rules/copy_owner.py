"""Owner and mode of what COPY brings."""

from __future__ import annotations

from posixpath import join, normpath

from dlinter import HINT, UNSAFE, Add, Command, Copy, Edit, Findings, Fix, Run, Severity, Stage, Word, report, rule
from dlinter.shell_edits import delete_instruction
from dlinter_grammar import regex as re
from dlinter_rules.chains import only_command, previous


def _place(copy: Copy | Add) -> str | None:
    """Where a copy goes, as an absolute path."""
    target = copy.destination
    if target is None or "$" in target.value or copy.heredocs:
        return None
    if target.value.startswith("/"):
        return normpath(target.value)
    folder = copy.file.facts.workdir(copy)
    return normpath(join(folder, target.value)) if folder is not None else None


def _brought(copy: Copy | Add) -> str | None:
    """The absolute path of the one thing that is copied: the destination, or the file in that folder."""
    place = _place(copy)
    if place is None or copy.destination is None:
        return None
    if not copy.destination.value.endswith(("/", ".")):
        return place
    name = copy.sources[0].value.rstrip("/").rpartition("/")[2] if len(copy.sources) == 1 else ""
    if "." not in name.strip(".") or any(char in name for char in "*?[$"):
        return place
    return normpath(join(place, name))


def _changed(run: Run) -> tuple[Command, bool, Word, Word] | None:
    """The one chown or chmod that *run* consists of: with -R or not, the owner or mode, the path."""
    command = only_command(run)
    if command is None or command.name not in ("chown", "chmod") or command.wrappers or run.mounts:
        return None
    words = list(command.args)
    recursive = bool(words) and words[0].text in ("-R", "-Rf", "-fR", "--recursive")
    if recursive:
        words = words[1:]
    if len(words) != 2 or words[1].value is None or words[0].text[:1] == "-":
        return None
    return command, recursive, words[0], words[1]


def _merged(copy: Copy | Add, run: Run, flag: str) -> Fix | None:
    removed = delete_instruction(run)
    if removed is None or not copy.sources:
        return None
    at = copy.name.end
    return Fix([Edit(at, at, f" {flag}"), removed], UNSAFE, f"Write {flag}", ("option-of-user",))


@rule(
    "DL6001",
    "copy-chown-merge",
    on=Run,
    mentions=("chown",),
    severity=Severity.INFO,
    aliases=("layered-ownership-change",),
)
def copy_chown_merge(run: Run) -> Findings:
    r"""Give the owner to COPY --chown

    A step of its own that changes the owner puts a second copy of every file into the image.

    Only someone who knows the files and the base image can say that both are equal:
    ```dockerfile bad
    FROM node:20
    COPY app /app
    RUN chown -R node:node /app
    ```
    ```dockerfile unsafe
    FROM node:20
    COPY --chown=node:node app /app
    ```
    ```dockerfile bad
    FROM node:20
    WORKDIR /srv
    COPY --from=build /out .
    RUN chown -R 1000:1000 /srv
    ```
    ```dockerfile unsafe
    FROM node:20
    WORKDIR /srv
    COPY --chown=1000:1000 --from=build /out .
    ```
    Without a group chown leaves the group, COPY does not:
    ```dockerfile bad
    FROM node:20
    COPY app /app
    RUN chown -R node /app
    ```
    ```dockerfile good
    FROM node:20
    COPY --chown=node:node app /app
    RUN chown -R node:node /app
    COPY a /a
    RUN chown -R node:node /b
    COPY b /b
    ENV C=1
    RUN chown -R node:node /b
    ```
    """
    copy = previous(run)
    found = _changed(run)
    if found is None or not isinstance(copy, (Copy, Add)) or copy.flag("chown") is not None:
        return
    command, recursive, owner, path = found
    if command.name != "chown" or path.value is None or not path.value.startswith("/"):
        return
    place, thing = _place(copy), _brought(copy)
    target = normpath(path.value)
    if target not in (place, thing) or (target == place and not recursive and place != thing):
        return
    flag = f"--chown={owner.text}"
    plain = re.fullmatch(r"\w[\w-]*:\w[\w-]*", owner.text, re.ASCII) is not None
    unpacked = isinstance(copy, Add) and any(_UNPACKED.search(source.value) for source in copy.sources)
    plain = plain and not unpacked and copy.flag("link") is None
    yield report(path, fix=_merged(copy, run, flag) if plain else None)


#: what ADD may unpack or fetch
_UNPACKED = re.compile(r"\.(?:tar|t?[gx]z|t?bz2?|zst|zip)\b|[$*?:]", re.I)


@rule("DL6002", "copy-chmod-merge", on=Run, mentions=("chmod",), severity=Severity.INFO, profiles=())
def copy_chmod_merge(run: Run) -> Findings:
    r"""Give the mode to COPY --chmod

    A step of its own that changes the mode puts a second copy of the file into the image.

    COPY gives the mode to folders too, so this is for a single file:
    ```dockerfile bad
    FROM debian:12
    COPY run.sh /run.sh
    RUN chmod 755 /run.sh
    ```
    ```dockerfile unsafe
    FROM debian:12
    COPY --chmod=755 run.sh /run.sh
    ```
    What +x makes of it depends on the mode that the file has:
    ```dockerfile bad
    FROM debian:12
    COPY --chown=app run.sh /usr/local/bin/
    RUN chmod +x /usr/local/bin/run.sh
    ```
    ```dockerfile good
    FROM debian:12
    COPY --chmod=755 run.sh /
    RUN chmod +x /run.sh
    COPY app /app
    RUN chmod -R 755 /app
    COPY a.sh b.sh /
    RUN chmod +x /a.sh
    ```
    """
    copy = previous(run)
    found = _changed(run)
    if found is None or not isinstance(copy, (Copy, Add)) or copy.flag("chmod") is not None:
        return
    command, recursive, mode, path = found
    if command.name != "chmod" or recursive or len(copy.sources) != 1 or path.value is None:
        return
    name = copy.sources[0].value.rpartition("/")[2]
    if normpath(path.value) != _brought(copy) or not path.value.startswith("/") or "." not in name.strip("."):
        return
    octal = re.fullmatch(r"0?[0-7]{3}", mode.text)
    if octal is None and mode.text not in ("+x", "a+x", "ugo+x"):
        return
    fix = _merged(copy, run, f"--chmod={mode.text if octal else '755'}")
    if fix is not None and octal is None:
        fix = fix.marked(HINT)
    yield report(path, fix=fix)


@rule("DL5004", "chown-recursive-duplicates-layer", on=Stage, mentions=("chown", "chmod"), severity=Severity.INFO)
def chown_recursive(stage: Stage) -> Findings:
    r"""Copy files with their owner and mode instead of changing both in a later step

    chown -R and chmod -R write every file again, so it is in the image twice.

    ```dockerfile bad
    FROM node:20
    WORKDIR /app
    COPY . .
    RUN npm ci && chown -R node /app
    ```
    ```dockerfile good
    FROM node:20
    WORKDIR /app
    COPY --chown=node . .
    RUN npm ci && chown -R node /app/node_modules
    ```
    A step that makes the files may say whose they are:
    ```dockerfile good
    FROM debian:12
    RUN mkdir /data && chown -R www-data /data
    RUN tar xf /a.tgz -C /opt && chown -R app /opt
    ```
    The layers of a stage that only hands files on are thrown away:
    ```dockerfile good
    FROM node:20 AS build
    COPY . /app
    RUN chown -R node /app && npm ci
    FROM nginx:1.27
    COPY --from=build /app/dist /usr/share/nginx/html
    ```
    """
    if not stage.file.facts.ships(stage):
        return
    copies: list[tuple[str, Copy | Add]] = []
    for instruction in stage.instructions:
        if isinstance(instruction, (Copy, Add)):
            place = _place(instruction)
            if place is not None and place != "/":
                copies.append((place, instruction))
        if not isinstance(instruction, Run):
            continue
        for command in instruction.commands:
            word = _recursive(command)
            if word is None:
                continue
            target = normpath(word.value or "")
            inside = [copy for place, copy in copies if place == target or place.startswith(f"{target}/")]
            flag = "chown" if command.name == "chown" else "chmod"
            inside = [copy for copy in inside if copy.flag(flag) is None]
            if inside and not (previous(instruction) is inside[-1] and _changed(instruction) is not None):
                message = f"Write --{flag} at line {inside[-1].line}: {flag} -R puts every file into the image twice"
                yield report(word, message)


def _recursive(command: Command) -> Word | None:
    """The path that ``chown -R`` or ``chmod -R`` goes through, if it is an absolute one."""
    if command.name not in ("chown", "chmod"):
        return None
    if command.option("-R", "--recursive") is None:
        return None
    operands = [word for word in command.args if word.text[:1] != "-"]
    if len(operands) < 2:
        return None
    path = operands[1].value
    return operands[1] if path is not None and path.startswith("/") and path.strip("/") else None
