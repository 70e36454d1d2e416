"""Flags, their values, and the options of mounts."""

from __future__ import annotations

from dlinter.server.features import Completion
from dlinter.server.features.image_completion import images, stages
from dlinter.server.features.prose import mounts
from dlinter.server.features.prose.flags import FLAGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.server.features.cursor import Cursor
    from dlinter.server.features.prose.flags import Text

#: what to propose behind ``--mount=``
_WHOLE = {
    "type=cache,target=": "A folder that lasts from build to build",
    "type=bind,source=": "Something of the build context or a stage, not copied",
    "type=secret,id=": "A secret",
    "type=ssh": "The SSH agent",
    "type=tmpfs,target=": "A folder in memory",
}


def complete_flag(cursor: Cursor, today: str | None) -> Iterator[Completion]:
    """The flags of the instruction, or behind an ``=`` the values of one."""
    about = FLAGS.get(cursor.instruction.keyword, {})
    name, equals, value = cursor.word.partition("=")
    if equals:
        flag = about.get(name[2:])
        if flag is not None:
            yield from _values(cursor, name[2:], flag, value, today)
        return
    given = {
        flag.name for flag in cursor.instruction.flags if not flag.start <= cursor.offset <= flag.end
    }  # fmt: skip
    end = cursor.end("=")
    bare = cursor.file.text[end : end + 1] != "="
    for order, (name, flag) in enumerate(about.items()):
        if name in given and flag.kind != "list":
            continue
        text = f"--{name}=" if flag.kind != "bool" and bare else f"--{name}"
        notes = f"since Dockerfile {flag.since}" if flag.since else ""
        yield Completion(
            cursor.start, end, f"--{name}", "property", text, notes, f"{flag.text}\n\n[--{name}]({flag.url})",
            more=text.endswith("="), order=100 + order if not cursor.word else order,
        )  # fmt: skip


def _values(cursor: Cursor, name: str, flag: Text, value: str, today: str | None) -> Iterator[Completion]:
    start = cursor.offset - len(value)
    if name == "mount":
        yield from _mount(cursor, value, today)
    elif name == "from":
        yield from stages(cursor.instruction, start, cursor.end(), numbers=True)
        yield from images(cursor.file, value, start, cursor.end(), today, rank=10)
    else:
        for order, (each, meaning) in enumerate((flag.values or {}).items()):
            yield Completion(start, cursor.end(), each, "value", each, meaning, order=order)


# -- mounts ------------------------------------------------------------------------------------------------------------


def _mount(cursor: Cursor, value: str, today: str | None) -> Iterator[Completion]:
    """Options behind a comma, values behind ``key=``."""
    fields = value.split(",")
    field = fields[-1]
    options = dict(each.partition("=")[::2] for each in fields[:-1])
    kind = options.get("type", "bind").lower()
    key, equals, part = field.partition("=")
    if equals:
        start = cursor.offset - len(part)
        yield from _option_values(cursor, mounts.ALIASES.get(key.lower(), key.lower()), part, start, kind, today)
        return
    start, end = cursor.offset - len(field), cursor.end(",=")
    if len(fields) == 1:
        for order, (text, meaning) in enumerate(_WHOLE.items()):
            label = text.partition(",")[0]
            yield Completion(start, cursor.end(","), label, "property", text, meaning, order=order, more=True)
    given = {mounts.ALIASES.get(each.lower(), each.lower()) for each in options}
    bare = cursor.file.text[end : end + 1] != "="
    for order, (name, option) in enumerate(mounts.OPTIONS.items(), len(_WHOLE)):
        if name in given or kind not in option.types or (name == "type" and len(fields) == 1):
            continue
        text = name if option.switch or not bare else f"{name}="
        default = option.default.get(kind, option.default.get("", ""))
        yield Completion(
            start, end, name, "property", text, f"default {default}" if default else "",
            f"{option.text}\n\n[--mount]({mounts.url(kind)})", more=text.endswith("="), order=order,
        )  # fmt: skip


def _option_values(
    cursor: Cursor, key: str, part: str, start: int, kind: str, today: str | None
) -> Iterator[Completion]:
    end = cursor.end(",")
    if key == "type":
        for order, (name, meaning) in enumerate(mounts.TYPES.items()):
            yield Completion(start, end, name, "value", name, "", meaning, order=order)
    elif key == "from":
        yield from stages(cursor.instruction, start, end)
        yield from images(cursor.file, part, start, end, today, rank=10)
    elif key == "target" and kind == "cache":
        for order, (path, user) in enumerate(mounts.CACHES.items()):
            yield Completion(start, end, path, "folder", path, user, order=order)
    else:
        option = mounts.OPTIONS.get(key)
        for order, name in enumerate(option.values if option is not None else ()):
            yield Completion(start, end, name, "value", name, order=order)
