"""Parser directives and the comments that dlint and hadolint read."""

from __future__ import annotations

from dlinter.server.features.prose import REFERENCE

#: name -> what it does
DIRECTIVES: dict[str, str] = {
    "syntax": "The image of the frontend that reads this file, such as `docker/dockerfile:1` for the newest release. "
    "Stands at the very top, before comments and blank lines.",
    "escape": "The character that continues a line and takes the meaning from the next character, a backslash or a "
    "backquote. The backquote suits Windows paths.",
    "check": "Which of BuildKit's build checks to skip, `skip=Name,Name` or `skip=all`, and with `error=true` that a "
    "finding stops the build.",
}
#: directive -> what to propose after the =, with what it means
VALUES: dict[str, dict[str, str]] = {
    "syntax": {
        "docker/dockerfile:1": "The newest stable version.",
        "docker/dockerfile:1-labs": "With features that are not stable yet.",
    },
    "escape": {"`": "For Windows paths.", "\\": "The default."},
    "check": {
        "skip=": "Checks to leave out.",
        "error=true": "A finding stops the build.",
        "experimental=": "Checks to switch on.",
    },
}
#: the options of a check directive
CHECK_OPTIONS: dict[str, str] = {
    "skip": "Checks that are left out, with commas between, or `all`.",
    "error": "With `true` a finding stops the build. At the top of the file only.",
    "experimental": "Checks that are off by themselves, or `all`.",
}
#: the words of a comment for dlint; ``hadolint`` in place of ``dlint`` is read too
PRAGMAS: dict[str, str] = {
    "ignore": "Silences rules in the instruction that follows. Say why after ` -- `.",
    "stage ignore": "Silences rules in the stage that follows or that it stands in.",
    "global ignore": "Silences rules in all of the file.",
    "shell": "Names the shell of the scripts that follow, where FROM does not tell.",
}


def url(name: str) -> str:
    """The reference of the directive *name*."""
    return REFERENCE + name
