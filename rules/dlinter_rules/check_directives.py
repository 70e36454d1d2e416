"""``# check=``: directives for BuildKit's checks that do not do what they say."""

from __future__ import annotations

from dlinter import UNSAFE, Dockerfile, Edit, Findings, Fix, Severity, Token, report, rule
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.check_directive import Check

_MAYBE = re.compile(r"#\s*check\s*=", re.I)


@rule("DL1010", "check-directive-invalid", on=Dockerfile, mentions=("check",), severity=Severity.ERROR)
def check_directive_invalid(file: Dockerfile) -> Findings:
    r"""Write a check directive that BuildKit can read

    At the top of the file it stops the build, before an instruction it is passed over in silence.

    What follows a blank is cut off first, so that here an empty option is left:
    ```dockerfile bad
    # check=skip=JSONArgsRecommended; error=true
    FROM debian:12
    ```
    ```dockerfile bad
    # check=skip=all;error=maybe
    FROM debian:12
    ```
    ```dockerfile bad
    FROM debian:12
    # check=ignore=JSONArgsRecommended
    CMD date
    ```
    ```dockerfile good
    # check=skip=JSONArgsRecommended;error=true
    FROM debian:12
    # check=skip=JSONArgsRecommended
    CMD date
    ```
    """
    for check in _checks(file):
        if check.fault is not None:
            severity = None if check.instruction is None else Severity.WARNING
            yield report(_value(check), f"BuildKit refuses the check directive: {check.fault}", severity=severity)


@rule("DL1011", "check-directive-unknown-name", on=Dockerfile, mentions=("check",))
def check_directive_unknown_name(file: Dockerfile) -> Findings:
    r"""Name a check of BuildKit's

    A name that is misspelt, in another case or no check of BuildKit's is passed over in silence.

    ```dockerfile bad
    # check=skip=JsonArgsRecommended,StageNameCasing
    FROM debian:12
    CMD date
    ```
    ```dockerfile unsafe
    # check=skip=JSONArgsRecommended,StageNameCasing
    FROM debian:12
    CMD date
    ```
    Comments of dlint's own take its codes:
    ```dockerfile bad
    FROM debian:12
    # check=skip=DL3025
    CMD date
    ```
    ```dockerfile good
    # check=skip=JSONArgsRecommended;experimental=all
    FROM debian:12
    # dlint ignore=DL3025
    CMD date
    ```
    """
    for check in _checks(file):
        from dlinter.check_directive import CHECKS

        for name in _names(check):
            if ";" in name.text:
                continue
            if name.text and name.text not in CHECKS and name.text != "all":
                yield report(name, f"BuildKit has no check {name.text}{_hint(name)}", _corrected(name))
            elif name.text == "all" and check.options is not None and _is_one_of_several(check):
                yield report(
                    name, "BuildKit takes all for a name here: it means every check only where it stands alone"
                )


@rule("DL1012", "check-directive-cut-short", on=Dockerfile, mentions=("check",))
def check_directive_cut_short(file: Dockerfile) -> Findings:
    r"""Write a check directive without blanks

    BuildKit drops what comes after the first blank, and takes no more than three options.

    ```dockerfile bad
    # check=skip=JSONArgsRecommended, StageNameCasing
    FROM debian:12 AS Base
    CMD date
    ```
    ```dockerfile unsafe
    # check=skip=JSONArgsRecommended,StageNameCasing
    FROM debian:12 AS Base
    CMD date
    ```
    ```dockerfile bad
    # check=skip=JSONArgsRecommended;experimental=all;skip=StageNameCasing;error=false
    FROM debian:12
    ```
    An explanation after a blank is fine:
    ```dockerfile good
    # check=skip=JSONArgsRecommended we need a shell
    FROM debian:12
    ```
    """
    for check in _checks(file):
        if check.ignored and (check.text.endswith((",", ";", "=")) or check.ignored[0] in ",;="):
            message = f"BuildKit does not read what comes after the blank: {check.ignored}"
            written = file.text[check.start : check.end]
            fix = Fix([Edit(check.start, check.end, "".join(written.split()))], UNSAFE, "Take out the blanks")
            yield report(_value(check), message, fix)
        elif check.text.count(";") > 2:
            yield report(_value(check), "BuildKit takes three options, the fourth is read as a part of the third")


@rule("DL1013", "check-directive-without-effect", on=Dockerfile, mentions=("check",))
def check_directive_without_effect(file: Dockerfile) -> Findings:
    r"""Put a check directive where BuildKit reads it

    One that is indented, comes second or asks for what cannot be had there changes nothing.

    ```dockerfile bad
    FROM debian:12
      # check=skip=JSONArgsRecommended
    CMD date
    ```
    Some checks look at the file as a whole, so that only a directive at the top can skip them:
    ```dockerfile bad
    FROM debian:12
    # check=skip=ConsistentInstructionCasing
    run date
    ```
    The same is true of `error`:
    ```dockerfile bad
    FROM debian:12
    # check=error=true
    RUN date
    ```
    An experimental check is off unless it is asked for, and then it cannot be skipped:
    ```dockerfile bad
    # check=skip=InvalidDefinitionDescription
    FROM debian:12
    ```
    ```dockerfile bad
    FROM debian:12
    CMD date
    # check=skip=JSONArgsRecommended
    ```
    ```dockerfile good
    # syntax=docker/dockerfile:1
    # check=skip=ConsistentInstructionCasing;error=true
    FROM debian:12

    # The shell is wanted.
    # check=skip=JSONArgsRecommended
    CMD date
    ```
    """
    if _MAYBE.search(file.text) is None:
        return
    from dlinter.check_directive import EXPERIMENTAL, WHOLE_FILE, Checks

    for useless in Checks(file).useless:
        yield report(useless, f"BuildKit does not read this check directive: {useless.reason}")
    for check in _checks(file):
        options = check.options
        if options is None:
            continue
        if check.instruction is not None and options.error:
            yield report(_value(check), "error=true has an effect at the top of the file only")
        for name in _names(check):
            if check.instruction is not None and name.text in WHOLE_FILE:
                yield report(name, f"{name.text} can be skipped at the top of the file only")
            elif name.text in EXPERIMENTAL and name.text in options.skip:
                yield report(name, f"{name.text} is experimental: it runs only if asked for, and skip does not stop it")


def _checks(file: Dockerfile) -> list[Check]:
    if _MAYBE.search(file.text) is None:
        return []
    from dlinter.check_directive import Checks

    checks = Checks(file)
    return [*([checks.top] if checks.top is not None else ()), *checks.inline.values()]


def _value(check: Check) -> Token:
    return Token(check.start, check.end, check.text)


def _names(check: Check) -> Iterator[Token]:
    """The names of checks in the directive, as tokens of the file."""
    if check.options is None:
        return
    start = check.start
    for part in check.text.split(";", 2):
        key, _, names = part.partition("=")
        at = start + len(key) + 1
        if key.strip() in ("skip", "experimental"):
            for name in names.split(","):
                yield Token(at, at + len(name), name)
                at += len(name) + 1
        start += len(part) + 1


def _is_one_of_several(check: Check) -> bool:
    options = check.options
    assert options is not None
    return "all" in options.skip or "all" in options.experimental


def _near(name: Token) -> str | None:
    from dlinter.check_directive import CHECKS
    from dlinter_grammar.gotext import nearest

    by_lower = {each.lower(): each for each in sorted(CHECKS)}
    found = name.text.lower() if name.text.lower() in by_lower else nearest(name.text.lower(), by_lower)
    return by_lower[found] if found is not None else None


def _hint(name: Token) -> str:
    near = _near(name)
    return f"; did you mean {near}?" if near is not None else ""


def _corrected(name: Token) -> Fix | None:
    near = _near(name)
    if near is None:
        return None
    return Fix([Edit(name.start, name.end, near)], UNSAFE, f"Write {near}")
