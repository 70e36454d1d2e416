"""Make ``images.py``, ``tags.py`` and ``ends.py`` of the TOML files beside them; see docs/base-images.md.

``python -m dlinter.data.refresh [FILE]`` reads FILE (``images.toml``) and, from its folder, ``tags.toml`` and
``ends.toml``, and writes the three modules. ``--check`` writes nothing and exits with 1 if one of them is not fresh.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
HEAD = '"""{}\n\nMade by dlinter.data.refresh of {}, as of {}; do not edit.\n"""\n\n# ruff: noqa: E501\n# fmt: off\n'
HEAD += "from __future__ import annotations\n\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n    from typing import Any\n"

#: keys whose words are separated by spaces
WORDS = {
    "managers", "present", "absent", "unknown", "moving", "archived", "variants", "same", "ports", "unsure", "ignore",
    "releases",
}  # fmt: skip
#: keys with words ``name=value``
PAIRS = {"numbers", "words"}
PLAIN = {
    "source", "family", "sh", "userland", "tag", "distro", "release", "base", "user", "workdir", "product", "retired",
    "successor", "tags_of",
}  # fmt: skip
LISTS = {"cmd", "entrypoint", "shell"}
FLAGS = {"self", "plain", "lean", "wrapper", "name_tells"}


def fields(name: str, table: dict[str, Any]) -> dict[str, Any]:
    """A table with its lists as tuples; raises ValueError for a key that is not known."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        if key in WORDS:
            found[key] = tuple(value.split())
        elif key in PAIRS:
            found[key] = dict(pair.split("=") for pair in value.split())
        elif key in PLAIN or key in FLAGS or key in ("env", "tags"):
            found[key] = value
        elif key in LISTS:
            found[key] = tuple(value)
        elif key == "when" and isinstance(value, dict):
            found[key] = {token: fields(f"{name}.when.{token}", inner) for token, inner in value.items()}
        elif key == "when":
            found[key] = tuple(fields(name, inner) for inner in value)
        else:
            raise ValueError(f"{name}: unknown key {key!r}")
    return found


def lines(name: str, kind: str, tables: dict[str, Any]) -> list[str]:
    """The source of a dictionary, one entry a line."""
    return ["", f"{name}: dict[str, {kind}] = {{", *(f"    {key!r}: {value!r}," for key, value in tables.items()), "}"]


def modules(file: Path) -> dict[str, str]:
    """The text of each module by its name, from *file* and the two files beside it."""
    main, tags, ends = (
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in (file, file.with_name("tags.toml"), file.with_name("ends.toml"))
    )
    distros = {name: fields(name, table) for name, table in main["distro"].items()}
    images = {name: fields(name, table) for name, table in main["image"].items()}
    aliases = {alias: name for name, table in images.items() for alias in table.pop("same", ())}
    for name in [*images, *aliases.values()]:
        if images[name].get("distro", "debian") not in distros:
            raise ValueError(f"{name}: unknown distro")
    more = main.get("ends", {})
    known = {key: {**table, **more.get(key, {})} for key, table in ends.items() if isinstance(table, dict)}
    mined = {key: table for key, table in tags.items() if isinstance(table, dict)}
    return {
        "images": "\n".join([
            HEAD.format("What is known of base images and their distributions.", file.name, main["date"]),
            f"DATE = {main['date']!r}",
            *lines("DISTROS", "dict[str, Any]", distros),
            *lines("IMAGES", "dict[str, Any]", images),
            *lines("ALIASES", "str", aliases),
        ]) + "\n",
        "tags": "\n".join([
            HEAD.format("The distributions under the tags of official images.", "tags.toml", tags["date"]),
            f"#: {tags['source']}",
            *lines("TAGS", "dict[str, str]", mined)[1:],
        ]).replace("\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n    from typing import Any\n", "") + "\n",
        "ends": "\n".join([
            HEAD.format("The last days of free security support.", "ends.toml", ends["date"]),
            f"#: {ends['source']}",
            *lines("ENDS", "dict[str, str]", known)[1:],
        ]).replace("\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n    from typing import Any\n", "") + "\n",
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    paths = [each for each in arguments if each != "--check"]
    stale = 0
    for name, text in modules(Path(paths[0]) if paths else HERE / "images.toml").items():
        path = HERE / f"{name}.py"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale = 1
            if not check:
                path.write_text(text, encoding="utf-8")
            print(f"{'stale' if check else 'written'}: {path.name}")
    return stale if check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
