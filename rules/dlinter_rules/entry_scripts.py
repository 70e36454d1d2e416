"""Scripts that the container starts with, followed back to the files they are copied from."""

from __future__ import annotations

from posixpath import basename, dirname, join, normpath

from dlinter import UNSAFE, Add, Cmd, Copy, Entrypoint, Findings, Fix, Severity, Stage, Word, insert_after, report, rule
from dlinter.facts.copied import placed
from dlinter.tree import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.context import Context

_STARTS = ("entrypoint", "cmd")
#: where programs without a folder are looked for, in the order of the usual PATH
_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
#: programs that start the one they are given
_INITS = ("tini", "dumb-init", "catatonit", "docker-init", "exec", "tini-static")
#: programs that make no files in folders of the application's own
_SYSTEM = frozenset([
    "add-apt-repository", "addgroup", "adduser", "apk", "apt", "apt-get", "chown", "dnf", "groupadd", "locale-gen",
    "microdnf", "mkdir", "pip", "pip3", "rm", "set", "tdnf", "true", "update-ca-certificates", "useradd", "yum",
    "zypper",
])  # fmt: skip
#: what may give a script the right to run, or change it otherwise
_CHANGES = ("chmod", "install ", "dos2unix", "\\r", "fromdos", "setfacl", "tr -d", "rsync", "find ", "unix2dos", ".sh")


class Started:
    """A program that containers of ``stage`` start by its path: the ``word`` that names it, and ``path`` in the image.

    ``source`` is the file of the context that it was copied from by ``copy``. ``direct`` is true if the kernel starts
    it, not a shell.
    """

    __slots__ = ("copy", "direct", "path", "source", "word")

    def __init__(self, word: Word, path: str, source: str, copy: Copy | Add, direct: bool) -> None:
        self.word = word
        self.path = path
        self.source = source
        self.copy = copy
        self.direct = direct


def started(stage: Stage) -> Iterator[Started]:
    """The programs from the build context that containers of *stage* start with."""
    if not any(target is stage for target in stage.file.facts.graph.targets) or stage.file.facts.windows(stage):
        return
    for word, direct in _programs(stage):
        for path in _paths(stage, word.value or ""):
            found = origin(stage, path)
            if found is not None:
                yield Started(word, path, *found, direct)
                break


def _programs(stage: Stage) -> Iterator[tuple[Word, bool]]:
    """The words that name what ENTRYPOINT and CMD start, and whether no shell comes first."""
    facts = stage.file.facts
    entrypoint, cmd = facts.entrypoint(stage), facts.cmd(stage)
    image = facts.image(stage)
    if entrypoint is not None:
        yield from _program(entrypoint)
    elif cmd is not None and (cmd.form != "json" or (image is not None and (image.entrypoint == () or image.wrapper))):
        yield from _program(cmd)


def _program(instruction: Entrypoint | Cmd) -> Iterator[tuple[Word, bool]]:
    commands = instruction.commands
    if not commands or not commands[0].words:
        return
    words = commands[0].words
    at = 0
    while at < len(words) - 1 and basename(words[at].value or "") in _INITS:
        at += 1
        while at < len(words) - 1 and words[at].text.strip("\"'").startswith("-"):
            at += 1
    if words[at].value:
        yield words[at], instruction.form == "json"


def _paths(stage: Stage, name: str) -> list[str]:
    """Where the program called *name* may lie in the image."""
    if name.startswith("/"):
        return [normpath(name)]
    if "/" in name:
        folder = stage.file.facts.workdir(stage, base=True)
        return [] if folder is None else [normpath(join(folder, name))]
    return [f"{folder}/{name}" for folder in _PATH]


def origin(stage: Stage, path: str) -> tuple[str, Copy | Add] | None:
    """The file of the context that lies at *path* of the image, with what copied it; None if that is not known."""
    context = stage.file.facts.context
    if context is None:
        return None
    for copy in stage.file.facts.before(stage, Copy, Add):
        assert isinstance(copy, Copy | Add)
        if isinstance(copy, Copy) and copy.flag("from") is not None:
            if copy.destination is not None and (copy.destination.value.endswith("/") or basename(path) in copy.text):
                return None
            continue
        for source, target in placed(copy):
            if context.kind(source) == "folder":
                inside = path[len(target) :].lstrip("/") if path.startswith(f"{target.rstrip('/')}/") else ""
                source = f"{source}/{inside}" if source else inside
                if inside and context.kind(source) == "file":
                    return source, copy
            elif path == target:
                return source, copy
    return None


def _runs(stage: Stage, copy: Copy | Add) -> Iterator[Run]:
    """The RUN instructions that come after *copy* in the chain of *stage*."""
    for run in stage.file.facts.before(stage, Run):
        if isinstance(run, Run) and run.start > copy.start:
            yield run


def _changed_since(stage: Stage, start: Started) -> bool:
    """True if a later step may have changed the file or its mode."""
    name = basename(start.path)
    for run in _runs(stage, start.copy):
        text = run.syntax.map.text
        if name in text or any(word in text for word in _CHANGES):
            return True
    return False


def _data(context: Context | None, path: str) -> bytes | None:
    return None if context is None else context.read(path)


@rule("DL6024", "copy-entrypoint-not-executable", on=Stage, mentions=_STARTS, severity=Severity.ERROR)
def copy_entrypoint_not_executable(stage: Stage) -> Findings:
    r"""Make executable what the container starts with

    Without the right to run it the container ends at once with «permission denied».

    COPY keeps the mode, and in a fresh checkout that is the one in git's index:
    ```yaml context
    run.sh: {text: "#!/bin/sh\nexec app\n", mode: 0o644}
    good.sh: {text: "#!/bin/sh\nexec app\n", mode: 0o755}
    ```
    ```dockerfile bad
    FROM debian:12
    COPY run.sh /usr/local/bin/
    ENTRYPOINT ["run.sh"]
    ```
    ```dockerfile unsafe
    FROM debian:12
    COPY --chmod=755 run.sh /usr/local/bin/
    ENTRYPOINT ["run.sh"]
    ```
    ```dockerfile bad
    FROM debian:12
    WORKDIR /app
    COPY . .
    CMD ./run.sh
    ```
    ```dockerfile good
    FROM debian:12
    COPY good.sh /app/run.sh
    ENTRYPOINT ["/app/run.sh"]
    ```
    ```dockerfile good
    FROM debian:12
    COPY run.sh /app/run.sh
    RUN chmod +x /app/*.sh
    ENTRYPOINT ["/app/run.sh"]
    ```
    ```dockerfile good
    FROM debian:12
    COPY --chmod=0755 run.sh /app/run.sh
    ENTRYPOINT ["/app/run.sh"]
    ```
    ```dockerfile good
    FROM debian:12
    COPY run.sh /app/run.sh
    ENTRYPOINT ["sh", "/app/run.sh"]
    ```
    """
    context = stage.file.facts.context
    for start in started(stage):
        if context is None or start.copy.flag("chmod") is not None or _changed_since(stage, start):
            continue
        mode = context.modes([start.source]).get(start.source, 0o755)
        if mode & 0o111:
            continue
        fix = None
        sources = start.copy.sources
        if isinstance(start.copy, Copy) and len(sources) == 1 and context.kind(sources[0].value) == "file":
            flag = "option-of-user:flag=--chmod=755"
            fix = Fix([insert_after(start.copy.name, " --chmod=755")], UNSAFE, "Copy it with --chmod=755", (flag,))
        yield report(
            start.word, f"Make {start.source} executable: the container starts it, and git has it as 100644", fix
        )


@rule("DL6025", "copy-script-crlf", on=Stage, mentions=_STARTS, severity=Severity.ERROR)
def copy_script_crlf(stage: Stage) -> Findings:
    r"""Give scripts Unix line ends and a first line that names their interpreter

    The kernel looks for an interpreter called «sh␍» and the container ends with «no such file or directory».

    ```yaml context
    dos.sh: {text: "#!/bin/sh\r\nexec app\r\n", mode: 0o755}
    bare.sh: {text: "exec app\n", mode: 0o755}
    good.sh: {text: "#!/bin/sh\nexec app\n", mode: 0o755}
    program: {text: "\x7fELF", mode: 0o755}
    ```
    ```dockerfile bad
    FROM debian:12
    COPY dos.sh /app/
    ENTRYPOINT ["/app/dos.sh"]
    ```
    ```dockerfile bad
    FROM debian:12
    COPY bare.sh /app/
    ENTRYPOINT ["/app/bare.sh"]
    ```
    ```dockerfile good
    FROM debian:12
    COPY good.sh program /app/
    ENTRYPOINT ["/app/good.sh"]
    CMD ["/app/program"]
    ```
    A shell reads a script without that line itself, and a step may mend the line ends:
    ```dockerfile good
    FROM debian:12
    COPY bare.sh dos.sh /app/
    RUN sed -i 's/\r$//' /app/dos.sh
    ENTRYPOINT /app/bare.sh
    ```
    """
    context = stage.file.facts.context
    for start in started(stage):
        data = _data(context, start.source)
        if not data or _changed_since(stage, start):
            continue
        first = data.split(b"\n", 1)[0]
        if first.startswith(b"#!") and first.endswith(b"\r"):
            yield report(start.word, f"Give {start.source} Unix line ends (.gitattributes: *.sh text eol=lf)")
        elif start.direct and data.startswith(b"\xef\xbb\xbf#!"):
            yield report(start.word, f"Remove the byte order mark of {start.source}: the kernel wants #! first")
        elif start.direct and start.path.endswith((".sh", ".bash")) and not data.startswith((b"#!", b"\x7fELF")):
            yield report(
                start.word, f"Begin {start.source} with #! and its interpreter: the kernel starts it, not a shell"
            )


@rule("DL6026", "entrypoint-script-missing", on=Stage, mentions=_STARTS, severity=Severity.ERROR)
def entrypoint_script_missing(stage: Stage) -> Findings:
    r"""Copy the script that the container starts with

    Without it the container ends at once with «no such file or directory».

    ```yaml context
    app.py: ""
    bin/start.sh: "#!/bin/sh\n"
    hidden.sh: "#!/bin/sh\n"
    .dockerignore: hidden.sh
    ```
    ```dockerfile bad
    FROM debian:12
    WORKDIR /app
    COPY . .
    ENTRYPOINT ["/app/start.sh"]
    ```
    ```dockerfile bad
    FROM debian:12
    WORKDIR /app
    COPY . .
    ENTRYPOINT ["/app/hidden.sh"]
    ```
    ```dockerfile good
    FROM debian:12
    WORKDIR /app
    COPY . .
    ENTRYPOINT ["/app/bin/start.sh"]
    ```
    ```dockerfile good
    FROM debian:12
    COPY . /app
    RUN /app/configure
    ENTRYPOINT ["/app/start.sh"]
    ```
    ```dockerfile good
    FROM acme/base
    COPY app.py /app/
    ENTRYPOINT ["/start.sh"]
    ```
    """
    file = stage.file
    context = file.facts.build_context
    if context.files is None or not context.certain or not any(each is stage for each in file.facts.graph.targets):
        return
    for word, _ in _programs(stage):
        name = word.value or ""
        paths = _paths(stage, name) if "/" in name and name.endswith(".sh") else []
        for path in paths:
            found = _should_bring(stage, context.files, path)
            if found is None or origin(stage, path) is not None:
                continue
            line = context.files.ignored(found) if context.files.on_disk(found) is not None else None
            place = basename(context.files.ignore_path)
            why = "there is none" if line is None else f"{line.text} in {place} leaves it out"
            yield report(word, f"Copy the script that the container starts with, {found} of the build context: {why}")


def _should_bring(stage: Stage, context: Context, path: str) -> str | None:
    """The file of the context that would lie at *path*, if one folder alone can bring it; None if anything else can."""
    facts = stage.file.facts
    found: str | None = None
    copies = [copy for copy in facts.before(stage, Copy, Add) if isinstance(copy, Copy | Add)]
    for copy in copies:
        if isinstance(copy, Copy) and copy.flag("from") is not None:
            target = facts.expand(copy.destination, copy).value if copy.destination is not None else None
            if target is None or not target.startswith("/") or path.startswith(normpath(target).rstrip("/") + "/"):
                return None
            continue
        for source, target in placed(copy):
            if context.kind(source) == "folder" and dirname(path) == target:
                found = f"{source}/{basename(path)}" if source else basename(path)
        if len(placed(copy)) < len(copy.sources):
            return None
    runs = [run for run in facts.before(stage, Run) if isinstance(run, Run)]
    return found if all(_harmless(run, path) for run in runs) else None


def _harmless(run: Run, path: str) -> bool:
    """True if *run* cannot have made the file at *path*: it installs packages of the system and the like."""
    names = {command.name for command in run.commands}
    return bool(names) and names <= _SYSTEM and basename(path) not in run.syntax.map.text and not run.heredocs
