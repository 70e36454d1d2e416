"""``dlint config``: the settings that hold for a file, and where each comes from."""

from __future__ import annotations

import json

from dlinter.config_keys import KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.config import Config


def describe(config: Config, path: str) -> str:
    """Every setting in YAML with its origin as a comment."""
    rows: list[tuple[str, str]] = []
    for key in KEYS:
        if key.name == "per-path":
            continue
        value = getattr(config, key.attribute)
        rows.append((f"{key.name}: {_shown(value)}", config.origins.get(key.attribute, "default")))
    width = min(max(len(text) for text, _ in rows), 60)
    lines = [f"# settings for {path}"]
    lines += [f"{text:<{width}}  # {origin}" for text, origin in rows]
    return "".join(f"{line}\n" for line in lines)


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    return "null" if value is None else json.dumps(value)
