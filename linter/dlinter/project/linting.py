"""Lints and mends the Dockerfiles that stand in a compose file, at their places in it."""

from __future__ import annotations

from dlinter.engine import RuleFailure
from dlinter.files import ReadError, read, write
from dlinter.linting import Linter, Outcome
from dlinter.output import FileReport
from dlinter.project import ProjectError
from dlinter.project.settings import inline_settings
from dlinter.rule import Finding, Severity
from dlinter.scope import EVERYTHING
from dlinter.source import Source
from dlinter.tree import Dockerfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.project import Build
    from dlinter.project.inline import Inline


def run(linter: Linter, path: str) -> Outcome:
    """What becomes of the compose or bake file at *path*; problems with it end up in the outcome.

    :raises dlinter.config.ConfigError: its configuration is wrong.
    :raises SelectionError: a rule or profile does not exist.
    """
    outcome = Outcome(path)
    try:
        source = original = read(path)
        config = linter.config(path)
        scope = linter.scope(path, source, config)
        # a fix may not go beyond what is reported, and here places in the Dockerfile are not those in the file
        if scope.whole and (linter.settings.fix or linter.settings.diff) and path.lower().endswith((".yaml", ".yml")):
            source = _fixed(linter, source, outcome)
        everything = _findings(linter, source)
        findings = scope.reported(source, everything)
        outcome.count(scope, source, everything, linter.dispatcher(config))
        if source.text != original.text:
            outcome.original, outcome.fixed_source = original, source
            if not linter.settings.diff:
                write(path, source.to_bytes(), original.to_bytes())
    except (ReadError, ProjectError) as error:
        outcome.error = str(error)
        return outcome
    except RuleFailure as error:
        outcome.error = f"{path}: {error}"
        outcome.internal = True
        return outcome
    outcome.report = FileReport(source, findings)
    level = linter.settings.fail_level or config.fail_level
    outcome.failing = level != "none" and any(finding.severity >= Severity[level.upper()] for finding in findings)
    return outcome


def _inlines(linter: Linter, source: Source) -> list[tuple[Build, Inline]]:
    """The Dockerfiles in *source*, each once, in their order."""
    if not source.path.lower().endswith((".yaml", ".yml")):
        return [(build, build.inline) for build in linter.projects.builds(source.path) if build.inline is not None]
    from dlinter.project.compose import inlines

    return inlines(source.text, source.path)


def _findings(linter: Linter, source: Source) -> list[Finding]:
    config = linter.config(source.path)
    dispatcher = linter.dispatcher(config)
    found: list[Finding] = []
    for build, inline in _inlines(linter, source):
        file = Dockerfile(Source(inline.text, source.path), settings=inline_settings(build, config))
        found += [inline.finding(finding, source.text) for finding in dispatcher.findings(file)]
    if source.path.lower().endswith((".yaml", ".yml")):
        from dlinter.project.wiring import findings

        found += findings(linter.projects.builds(source.path), dispatcher.rules)
    return sorted(found, key=lambda finding: (finding.start, finding.end, finding.rule.code))


def _fixed(linter: Linter, source: Source, outcome: Outcome) -> Source:
    """*source* with its Dockerfiles mended, the last first so that the places of the others hold."""
    config = linter.config(source.path)
    dispatcher = linter.dispatcher(config)
    text = source.text
    inlines = _inlines(linter, source)
    wanted = [inline.text for _, inline in inlines]
    for number, (build, inline) in reversed(list(enumerate(inlines))):
        if inline.indent is None:
            continue
        own = Outcome(source.path)
        settings = inline_settings(build, config)
        fixed = linter.fixed(Source(inline.text, source.path), dispatcher, settings, EVERYTHING, own)[0]
        if not own.others:
            wanted[number] = fixed.text
            text = text[: inline.start] + inline.written(fixed.text) + text[inline.end :]
            outcome.applied += own.applied
            outcome.refused += own.refused
    after = Source(text, source.path, source.encoding)
    if [inline.text for _, inline in _inlines(linter, after)] != wanted:
        raise ProjectError(f"{source.path}: would not be read as meant after the fixes; nothing was written")
    return after
