"""Which language a command is in: what the words of ``SHELL`` say, and commands that say so themselves."""

from __future__ import annotations

from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_DIALECTS = {
    "sh": "sh",
    "ash": "sh",
    "dash": "sh",
    "bash": "bash",
    "rbash": "bash",
    "powershell": "powershell",
    "pwsh": "powershell",
    "cmd": "cmd",
}
_RUNNERS = frozenset(("busybox", "env"))
_POWERSHELL = re.compile(r"""\s*@?(["']?)(?:[^\s"']*[\\/])?(?:powershell|pwsh)(?:\.exe)?\1(?=\s|\Z)""", re.IGNORECASE)


def dialect(words: Sequence[str]) -> str:
    """``"sh"``, ``"bash"``, ``"powershell"``, ``"cmd"`` or ``"other"`` from the words of a SHELL instruction.

    Paths, upper case and ``.exe`` do not matter; ``env bash`` and ``busybox sh`` are looked through.
    """
    for word in words:
        name = word.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
        if name not in _RUNNERS:
            if name.startswith("-") or "=" in name:
                continue
            return _DIALECTS.get(name, "other")
    return "other"


def explicit_powershell(command: str) -> bool:
    """Whether the command starts PowerShell itself, so that the rest of its text is no shell script."""
    return _POWERSHELL.match(command) is not None
