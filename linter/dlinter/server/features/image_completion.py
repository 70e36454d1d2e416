"""Stages and images: names that the file has, official images and their tags that are still looked after."""

from __future__ import annotations

import re

from dlinter.images import Reference, canonical, lookup
from dlinter.server.features import Completion
from dlinter.tree import Onbuild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.tree import Dockerfile, Instruction

#: of each image no more versions than this
_VERSIONS = 8
_names: list[str] = []


def stages(instruction: Instruction, start: int, end: int, *, numbers: bool = False) -> Iterator[Completion]:
    """The stages before that of *instruction*, and named contexts; with *numbers* stages without a name too."""
    file, own = instruction.file, instruction.stage
    in_onbuild = isinstance(instruction.parent, Onbuild)
    for stage in reversed(file.stages):
        if own is None or (stage.index >= own.index and not in_onbuild) or stage is own:
            continue
        name = stage.name or (str(stage.index) if numbers else "")
        image = stage.base.image
        detail = f"FROM {image.value}" if image is not None else "stage"
        if name:
            yield Completion(start, end, name, "module", name, detail, f"Stage {stage.index}")
    for name in file.settings.contexts:
        yield Completion(start, end, name, "module", name, "named context")


def images(file: Dockerfile, word: str, start: int, end: int, today: str | None, rank: int = 1) -> Iterator[Completion]:
    """Names of images, or behind a colon the tags of one."""
    colon = word.rfind(":")
    if colon > word.rfind("/") and "@" not in word and "$" not in word:
        for order, (tag, detail) in enumerate(tags(word[:colon], today)):
            text = f"{word[:colon]}:{tag}"
            yield Completion(start, end, text, "value", text, detail, order=rank + order)
        return
    used = [stage.base.image.value for stage in file.stages if stage.base.image is not None]
    for name in dict.fromkeys(used):
        if name != word and ("/" in name or ":" in name) and "$" not in name:
            yield Completion(start, end, name, "reference", name, "used in this file", order=rank)
    for name in known_names():
        yield Completion(start, end, name, "reference", name, "", order=rank + 1)


def known_names() -> list[str]:
    """The images that something is known of and that are not retired, sorted."""
    if not _names:
        from dlinter.data.images import IMAGES

        _names.extend(sorted(name for name, entry in IMAGES.items() if "*" not in name and not entry.get("retired")))
    return _names


def tags(name: str, today: str | None = None) -> Iterator[tuple[str, str]]:
    """Tags of the image *name* with how long they get security updates, the newest first."""
    from dlinter.data.ends import ENDS
    from dlinter.data.images import IMAGES

    if today is None:
        from datetime import date

        today = date.today().isoformat()
    key = canonical(Reference(name))
    entry = IMAGES.get(key)
    if entry is None:
        return
    product = entry.get("product", entry.get("distro") if "self" in entry else key)
    cycles = {cycle: end for cycle, end in ENDS.get(product or "", {}).items() if end >= today}
    for cycle in sorted(cycles, key=lambda cycle: _rank(cycle, cycles[cycle]), reverse=True)[:_VERSIONS]:
        for variant in ("", *entry.get("variants", ())):
            tag = f"{cycle}-{variant}" if variant else cycle
            if _exists(key, name, tag, variant):
                yield tag, f"updates until {cycles[cycle]}"


def _rank(cycle: str, end: str) -> tuple[list[int], str]:
    """Higher versions first, code names by their end."""
    return [int(number) for number in re.findall(r"\d+", cycle)], end


def _exists(key: str, name: str, tag: str, variant: str) -> bool:
    """True if the tables show such a tag: a variant that was seen with that version, or the usual release by name."""
    from dlinter.data.images import IMAGES
    from dlinter.tags import parse, pointed

    if not variant or "self" in IMAGES[key]:
        return True
    if pointed(key, parse(tag, IMAGES[key])) is not None:
        return True
    image = lookup(Reference(f"{name}:{tag.removesuffix(f'-{variant}')}"))
    return image is not None and image.codename == variant
