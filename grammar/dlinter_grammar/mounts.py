"""The values of RUN --mount and RUN --device (instructions/commands_runmount.go, commands_rundevice.go)."""

from __future__ import annotations

from dlinter_grammar.gotext import nearest, parse_bool, parse_int, quote
from dlinter_grammar.lexer import LexError, process_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_grammar.nodes import Token

TYPES = ("bind", "cache", "tmpfs", "secret", "ssh")
SHARING = ("shared", "private", "locked")
_WORDS = (
    "type from source target readonly id sharing required size mode uid gid src dst destination ro rw readwrite env"
)
KEYS = tuple(_WORDS.split())
_ALIASES = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly", "rw": "readwrite"}
_UNITS = {"k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40, "p": 2**50}


class Fault:
    """A reason to refuse a value: ``start``-``end`` is the place in it, ``name`` a key of PROBLEMS."""

    __slots__ = ("end", "message", "name", "start", "suggestion")

    def __init__(self, name: str, start: int, end: int, message: str, suggestion: str | None = None) -> None:
        self.name = name
        self.start = start
        self.end = end
        self.message = message
        self.suggestion = suggestion

    def __repr__(self) -> str:
        return f"Fault({self.name!r}, {self.start}, {self.end}, {self.message!r})"


class Field:
    """``key=value`` or ``key`` at ``start``-``end`` of the value; ``key`` lower case, ``value`` None without ``=``."""

    __slots__ = ("end", "key", "start", "text", "value")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start = start
        self.end = end
        self.text = text
        key, equals, value = text.partition("=")
        self.key = key.lower()
        self.value = value if equals else None


class Mount:
    """One ``--mount``. What is not given is None; what holds a variable is as written.

    ``type`` is one of :data:`TYPES` (``"bind"`` unless given), or the text with its variable. ``size`` is in bytes,
    ``mode`` a number. ``readonly`` follows the default of the type. ``fault`` is what BuildKit refuses first, or None;
    the other attributes then hold what was read before it. ``fields`` has the place of each option.
    """

    __slots__ = (
        "env",
        "fault",
        "fields",
        "from_",
        "gid",
        "id",
        "mode",
        "readonly",
        "required",
        "sharing",
        "size",
        "source",
        "target",
        "type",
        "uid",
    )

    def __init__(self) -> None:
        self.type = "bind"
        self.from_: str | None = None
        self.source: str | None = None
        self.target: str | None = None
        self.readonly = True
        self.id: str | None = None
        self.sharing: str | None = None
        self.required = False
        self.size: int | None = None
        self.mode: int | None = None
        self.uid: int | None = None
        self.gid: int | None = None
        self.env: str | None = None
        self.fields: list[Field] = []
        self.fault: Fault | None = None

    def field(self, name: str) -> Field | None:
        """The last field that sets *name* (``"target"`` also finds ``dst=``)."""
        for field in reversed(self.fields):
            if _ALIASES.get(field.key, field.key) == name:
                return field
        return None


def split_fields(value: str) -> list[Field] | Fault:
    """The comma-separated fields of *value*, or why it is no CSV (go-csvvalue)."""
    if value.endswith("\n"):
        value = value[:-2] if value.endswith("\r\n") else value[:-1]
    if not value:
        return Fault("invalid-csv", 0, 0, "EOF")
    fields = []
    position = 0
    while True:
        if value.startswith('"', position):
            end, text = _quoted_field(value, position + 1)
            if text is None:
                return _csv_fault(value, end, 'extraneous or missing " in quoted-field')
        else:
            end = value.find(",", position)
            end = len(value) if end < 0 else end
            text = value[position:end]
            if '"' in text:
                return _csv_fault(value, position + text.index('"'), 'bare " in non-quoted-field')
        fields.append(Field(position, end, text))
        if end == len(value):
            return fields
        position = end + 1


def _quoted_field(value: str, position: int) -> tuple[int, str | None]:
    """The end and the text of the field whose opening quote ends at *position*; the place of the fault and None."""
    pieces = []
    while True:
        quote_at = value.find('"', position)
        if quote_at < 0:
            return position, None
        pieces.append(value[position:quote_at])
        following = value[quote_at + 1 : quote_at + 2]
        if following in ("", ","):
            return quote_at + 1, "".join(pieces)
        if following != '"':
            return quote_at, None
        pieces.append('"')
        position = quote_at + 2


def _csv_fault(value: str, at: int, reason: str) -> Fault:
    """csv.ParseError counts columns in bytes."""
    column = len(value[:at].encode("utf-8", "surrogatepass")) + 1
    return Fault("invalid-csv", at, min(at + 1, len(value)), f"parse error on line 1, column {column}: {reason}")


def check_mount_text(value: str) -> Fault | None:
    """What is refused before variables are expanded: the form, and a variable in ``from``."""
    fields = split_fields(value)
    if isinstance(fields, Fault):
        fields.message = f"failed to parse csv mounts: {fields.message}"
        return fields
    for field in fields:
        if field.key == "from" and field.value and "$" in field.value[:-1]:
            message = "'from' doesn't support variable expansion, define alias stage instead"
            return Fault("variable-mount-from", field.start, field.end, message)
    return None


def parse_mount(value: str, escape: str = "\\") -> Mount:
    """The mount that *value*, a flag's value without quotes, describes. Values with a ``$`` are not judged."""
    mount = Mount()
    fields = split_fields(value)
    if isinstance(fields, Fault):
        fields.message = f"failed to parse csv mounts: {fields.message}"
        mount.fault = fields
        return mount
    mount.fields = fields
    explicit = False
    for field in fields:
        fault = _set_option(mount, field, escape)
        if fault is not None:
            name = "invalid-expansion" if fault.startswith("failed to process") else "invalid-mount"
            mount.fault = Fault(name, field.start, field.end, fault, _suggest(field, fault))
            return mount
        explicit = explicit or field.key in ("readonly", "ro", "readwrite", "rw")
    if not explicit:
        mount.readonly = mount.type not in ("cache", "tmpfs")
    if mount.type in TYPES:
        name, message = _inconsistency(mount)
        if message:
            at = mount.field(name)
            start, end = (at.start, at.end) if at is not None else (0, len(value))
            mount.fault = Fault("invalid-mount", start, end, message)
    return mount


def _set_option(mount: Mount, field: Field, escape: str) -> str | None:
    """Take over one field; the message if BuildKit refuses it."""
    key, value = field.key, field.value
    if value is None:
        return _set_switch(mount, field)
    if "$" in value:
        _keep_variable(mount, key, value)
        return None if key in KEYS else f"unexpected key '{key}' in '{field.text}'"
    try:
        value = process_word(value, escape)
    except LexError as error:
        return str(error)
    match _ALIASES.get(key, key):
        case "type":
            if value.lower() not in TYPES:
                return f"unsupported mount type {quote(value)}"
            mount.type = value.lower()
        case "from":
            mount.from_ = value
        case "source":
            mount.source = value
        case "target":
            mount.target = value
        case "id":
            mount.id = value
        case "env":
            mount.env = value
        case "sharing":
            if value.lower() not in SHARING:
                return f"unsupported sharing value {quote(value)}"
            mount.sharing = value.lower()
        case "readonly" | "readwrite" as name:
            truth = parse_bool(value)
            if truth is None:
                return f"invalid value for {key}: {value}"
            mount.readonly = truth == (name == "readonly")
        case "required":
            if mount.type in ("bind", "cache", "tmpfs"):
                return f"unexpected key '{key}' for mount type '{mount.type}'"
            truth = parse_bool(value)
            if truth is None:
                return f"invalid value for {key}: {value}"
            mount.required = truth
        case "size":
            if mount.type in TYPES and mount.type != "tmpfs":
                return f"unexpected key '{key}' for mount type '{mount.type}'"
            mount.size = _bytes(value)
            if mount.size is None:
                return f"invalid value for {key}: {value}"
        case "mode" | "uid" | "gid" as name:
            number, failure = parse_int(value, 8 if name == "mode" else 10, 32, signed=False)
            if failure:
                return f"invalid value {value} for {name}"
            setattr(mount, name, number)
        case _:
            return f"unexpected key '{key}' in '{field.text}'"
    return None


def _set_switch(mount: Mount, field: Field) -> str | None:
    """A field without ``=``."""
    match field.key:
        case "readonly" | "ro":
            mount.readonly = True
        case "readwrite" | "rw":
            mount.readonly = False
        case "required":
            if mount.type in ("bind", "cache", "tmpfs"):
                return f"unexpected key 'required' for mount type '{mount.type}'"
            mount.required = True
        case _:
            return f"invalid field '{field.text}' must be a key=value pair"
    return None


def _keep_variable(mount: Mount, key: str, value: str) -> None:
    name = {"from": "from_"}.get(key, _ALIASES.get(key, key))
    if name in ("type", "from_", "source", "target", "id", "env", "sharing"):
        setattr(mount, name, value)


def _suggest(field: Field, message: str) -> str | None:
    better: str | None = None
    if message.startswith("unsupported mount type") and field.value is not None:
        better = nearest(field.value.lower(), TYPES)
    elif message.startswith("unsupported sharing") and field.value is not None:
        better = nearest(field.value.lower(), SHARING)
    elif message.startswith("unexpected key") and " in " in message:
        better = nearest(field.key, KEYS)
        return better and f"{better}={field.value}"
    elif message.startswith("invalid field") and field.key != field.key.strip():
        return field.text.strip() or None
    return better and f"{field.text.partition('=')[0]}={better}"


def _inconsistency(mount: Mount) -> tuple[str, str]:
    """The option that does not go with the others and the message, both empty if all is well."""
    kind = mount.type
    if kind in ("bind", "tmpfs"):
        for name in ("mode", "uid", "gid"):
            if getattr(mount, name) is not None:
                return name, f"{name} not allowed for {quote(kind)} type mounts"
    if kind == "secret":
        if mount.from_:
            return "from", "secret mount should not have a from"
        if mount.sharing:
            return "sharing", "secret mount should not define sharing"
        if not mount.source and not mount.target and not mount.id:
            return "type", "invalid secret mount. one of source, target required"
        if mount.source and mount.id:
            return "id", "both source and id can't be set"
    if mount.sharing and kind != "cache":
        return "sharing", f"invalid cache sharing set for {kind} mount"
    return "", ""


def dispatch_fault(mount: Mount) -> str | None:
    """What is refused when the mount is made: a source for ssh, the root as target (convert_runmount.go).

    A relative target is joined to the working directory; that this is the root is not seen here.
    """
    if mount.fault is not None or mount.type not in TYPES:
        return None
    if mount.type == "ssh":
        return "ssh does not support source" if mount.source else None
    if mount.type == "secret":
        return None
    target = mount.target or ""
    if "$" in target:
        return None
    return 'invalid mount target "/"' if target == "/" else None


def _bytes(text: str) -> int | None:
    """units.RAMInBytes."""
    last = max((text.rfind(char) for char in "0123456789. "), default=-1)
    if last < 0:
        return None
    number = text[:last] if text[last] == " " else text[: last + 1]
    suffix = text[last + 1 :].lower()
    try:
        # what Go's ParseFloat takes and Python's does not, or the other way round, has no place here
        size = float(number) if number and "_" not in number and number == number.strip() else -1.0
    except ValueError:
        return None
    if not 0 <= size < float("inf"):
        return None
    if not suffix or suffix == "b":
        return int(size)
    if suffix[0] in _UNITS and suffix[1:] in ("", "b", "ib"):
        return int(size * _UNITS[suffix[0]])
    return None


def check_device(value: str) -> Fault | None:
    """ParseDevice: a name, bare or as ``name=``, and ``required``."""
    fields = split_fields(value)
    if isinstance(fields, Fault):
        fields.message = f"failed to parse csv devices: {fields.message}"
        return fields
    name = ""
    for field in fields:
        message = None
        if field.key == "required":
            if field.value is not None and parse_bool(field.value) is None:
                message = f"invalid value for required: {field.value}"
        elif field.key == "name" and field.value is not None:
            if name:
                message = f"device name already set to {name}"
            name = field.value
        elif not name:
            name = field.text
        elif field.value is None:
            message = f"invalid field '{field.text}' must be a key=value pair"
        else:
            message = f"unexpected key '{field.key}' in '{field.text}'"
        if message is not None:
            return Fault("invalid-device", field.start, field.end, message)
    return None


def flag_part(token: Token, start: int, end: int) -> tuple[int, int]:
    """The place in the file of ``token.value[start:end]``; all of the token if quotes or line ends are in between."""
    if token.text == token.value and token.end - token.start == len(token.text):
        return token.start + start, token.start + max(end, start)
    return token.start, token.end
