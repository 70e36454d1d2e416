"""What docs/editors.md tells people to paste, and a machine to paste it into."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "editors.md"
DOCKERFILE = "from debian:12\nRUN apt-get update && apt-get install --no-install-recommends  curl\nMAINTAINER me\n"
#: seconds for an editor to do everything, on a busy machine too
PATIENCE = 240


def block(heading: str, mentions: str) -> str:
    """The first fenced block below *heading* that *mentions* something."""
    section = re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)
    (text,) = [each for each in section if each.startswith(f"{heading}\n")]
    blocks = re.findall(r"^```\w+\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return next(each for each in blocks if mentions in each)


def machine(folder: Path) -> dict[str, str]:
    """The environment of somebody at home in *folder*, who has installed dlint; there is a Dockerfile, too."""
    programs = folder / "bin"
    programs.mkdir()
    program = programs / "dlint"
    sources = os.pathsep.join(str(ROOT / name) for name in ("linter", "grammar", "rules"))
    program.write_text(f'#!/bin/sh\nPYTHONPATH={sources} exec {sys.executable} -m dlinter "$@"\n')
    program.chmod(0o755)
    (folder / "Dockerfile").write_text(DOCKERFILE)
    (folder / ".git").mkdir()
    homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "STATE", "CACHE", "DATA")}
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **homes, "HOME": str(folder), "PATH": path, "TERM": "xterm"}


def outcome(command: list[str], folder: Path, environment: dict[str, str]) -> Any:
    """What the editor left in ``result.json``."""
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE
    )
    result = folder / "result.json"
    assert result.exists(), done.stdout + done.stderr
    return json.loads(result.read_text())
