"""The command ``dlint context``."""

from __future__ import annotations

import json
import os
import sys

from dlinter.context.sent import measured, table
from dlinter.dockerignore import Ignore, PatternError
from dlinter.linting import Linter
from dlinter.options import Settings
from dlinter.project import Projects
from dlinter.project.settings import file_settings


def run_context(path: str, context: str | None, format: str) -> int:
    """Print what the build of *path*, a Dockerfile or its folder, sends; the exit code.

    :raises dlinter.config.ConfigError: the configuration is wrong.
    """
    settings = Settings()
    settings.context = context
    dockerfile = os.path.join(path, "Dockerfile") if os.path.isdir(path) else path
    if not os.path.isdir(path) and not os.path.exists(path):
        return _complain(f"{path}: No such file or directory")
    if context is not None and not os.path.isdir(context):
        return _complain(f"{context}: is no folder; --context takes the one that docker build is given")
    known = file_settings(dockerfile, Linter(settings).config(dockerfile), Projects())
    try:
        Ignore(known.dockerignore or "")
    except PatternError as error:
        return _complain(f"{known.ignore_path}: the builder refuses it: {error}")
    sent = measured(known)
    if sent is None:
        return _complain(f"{path}: has no build context")
    if format == "json":
        print(json.dumps(sent.as_json(), indent=2, ensure_ascii=True))
    else:
        print(table(sent), end="")
    return 0


def _complain(message: str) -> int:
    print(f"dlint: error: {message}", file=sys.stderr)
    return 1
