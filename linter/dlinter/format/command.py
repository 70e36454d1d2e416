"""``dlint format [OPTIONS] [PATHS]…``: from settings to files and exit code."""

from __future__ import annotations

import os
import sys

from dlinter.config import ConfigError
from dlinter.files import ReadError, find, read, write
from dlinter.format.formatter import FormatError, formatted
from dlinter.format.style import style_for
from dlinter.linting import Linter
from dlinter.selection import SelectionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.options import Settings
    from dlinter.source import Source

OK, CHANGED, FAILURE = 0, 1, 2
#: files from which on several processes pay off
_PARALLEL = 48
_CHUNK = 16


class Outcome:
    """What became of one file: ``before`` and ``after`` are None where ``error`` says why it could not be formatted.

    ``notes`` are mistakes of the formatter that changed nothing.
    """

    __slots__ = ("after", "before", "error", "notes", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.before: Source | None = None
        self.after: Source | None = None
        self.error: str | None = None
        self.notes: list[str] = []

    @property
    def changed(self) -> bool:
        return self.before is not None and self.after is not None and self.before.text != self.after.text


def run(settings: Settings) -> int:
    """Format what *settings* name; 0 if all is well, 1 if something is to be changed but may not, 2 after an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(settings)
    except (ConfigError, ReadError, SelectionError) as error:
        _complain(str(error))
        return FAILURE
    except BrokenPipeError:
        from dlinter.run import quiet_stdout

        quiet_stdout()
        return CHANGED


def _run(settings: Settings) -> int:
    paths = settings.paths or ["."]
    config = Linter(settings).config(settings.stdin_filename or "Dockerfile" if paths == ["-"] else "Dockerfile")
    files = list(find(paths, config.exclude, settings.force_exclude))
    if not files and not settings.quiet and not settings.paths:
        print("dlint: note: no Dockerfile found here", file=sys.stderr)
    failed = False
    changed = same = 0
    for outcome in _outcomes(settings, files):
        for note in outcome.notes:
            _complain(note)
        if outcome.error is not None:
            _complain(outcome.error)
            failed = True
            continue
        changed += outcome.changed
        same += not outcome.changed
        _show(settings, outcome)
    sys.stdout.flush()
    if not settings.quiet and files != ["-"]:
        _summary(changed, same, settings.check or settings.diff)
    if failed:
        return FAILURE
    return CHANGED if changed and (settings.check or settings.diff) else OK


def _show(settings: Settings, outcome: Outcome) -> None:
    """What goes to standard output: a diff, the names of files to be changed, or the formatted standard input."""
    assert outcome.before is not None and outcome.after is not None
    data = b""
    if settings.diff:
        from dlinter.diffs import unified

        data = unified(outcome.before, outcome.after) if outcome.changed else b""
    elif settings.check:
        data = f"{outcome.before.path}\n".encode("utf-8", "surrogateescape") if outcome.changed else b""
    elif outcome.path == "-":
        data = outcome.after.to_bytes()
    if data:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def _summary(changed: int, same: int, dry: bool) -> None:
    verbs = ("would be formatted", "already formatted") if dry else ("formatted", "left unchanged")
    counts = [(count, verb) for count, verb in zip((changed, same), verbs, strict=True) if count]
    print(", ".join(f"{count} {'file' if count == 1 else 'files'} {verb}" for count, verb in counts), file=sys.stderr)


def _complain(message: str) -> None:
    print(f"dlint: error: {message}".encode("utf-8", "replace").decode(), file=sys.stderr)


class Worker:
    """Formats files, each under the configuration that is nearest to it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.linter = Linter(settings)

    def run(self, path: str) -> Outcome:
        """Format the file at *path*, and write it unless it is only to be looked at.

        :raises dlinter.config.ConfigError: its configuration is wrong.
        """
        settings = self.settings
        outcome = Outcome(path)
        name = (settings.stdin_filename or "Dockerfile") if path == "-" else path
        style = style_for(name, self.linter.config(name))
        try:
            before = read(path, settings.stdin_filename)
            result = formatted(before, style)
            for defect in result.defects:
                where = f"{before.path}:{defect.line}" if defect.line else before.path
                outcome.notes.append(f"{where}: left as it is, this is a defect of dlint format: {defect.reason}")
            if result.source is not before and path != "-" and not (settings.check or settings.diff):
                write(path, result.source.to_bytes(), before.to_bytes())
            outcome.before, outcome.after = before, result.source
        except ReadError as error:
            outcome.error = str(error)
        except FormatError as error:
            outcome.error = f"{path}:{error.line}: not formatted: {error.reason}"
        return outcome


_worker: Worker | None = None


def _start(settings: Settings) -> None:
    global _worker
    _worker = Worker(settings)


def _work(path: str) -> Outcome:
    assert _worker is not None
    return _worker.run(path)


def _outcomes(settings: Settings, files: list[str]) -> Iterator[Outcome]:
    jobs = settings.jobs or os.cpu_count() or 1
    if jobs == 1 or len(files) < _PARALLEL:
        yield from map(Worker(settings).run, files)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(settings,)) as pool:
        yield from pool.map(_work, files, chunksize=_CHUNK)
