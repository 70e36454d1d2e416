"""What package parser and package instructions refuse in a single instruction, in their order."""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_grammar.gojson import is_array
from dlinter_grammar.gotext import lower, nearest, parse_duration, parse_int, quote, valid_runes
from dlinter_grammar.heredocs import parse_heredoc
from dlinter_grammar.lexer import LexError
from dlinter_grammar.mounts import check_device, check_mount_text, flag_part
from dlinter_grammar.problems import problem
from dlinter_grammar.spaces import SPACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dlinter_grammar.nodes import Flag, Instruction, Span, SyntaxProblem

    Problems = list[SyntaxProblem]

#: instruction -> flag -> type: one string, a list of strings (may repeat), or a truth value
FLAGS: dict[str, dict[str, str]] = {
    "from": {"platform": "string"},
    "run": {"mount": "list", "network": "string", "security": "string", "device": "list"},
    "copy": {
        "from": "string",
        "chown": "string",
        "chmod": "string",
        "link": "bool",
        "parents": "bool",
        "exclude": "list",
    },
    "add": {
        "chown": "string",
        "chmod": "string",
        "checksum": "string",
        "link": "bool",
        "keep-git-dir": "bool",
        "unpack": "bool",
        "exclude": "list",
    },
    "healthcheck": {
        "interval": "string",
        "timeout": "string",
        "start-period": "string",
        "start-interval": "string",
        "retries": "string",
    },
}
_WORDS = (
    "run copy from env arg add cmd label user expose workdir volume entrypoint shell healthcheck onbuild stopsignal "
    "maintainer"
)
#: in the order in which a misspelling is resolved
KEYWORDS = tuple(_WORDS.split())

_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*\Z")
_LETTERS = re.compile("[A-Za-z]+")
_PLAIN_WORDS = re.compile(r"[^\"'\\`]+\Z")


def parser_problems(instruction: Instruction, problems: Problems) -> None:
    """What the line parsers refuse, down to the instruction inside ONBUILD."""
    line = instruction.line
    inner: Instruction | None = instruction
    while inner is not None:
        keyword, form = inner.keyword, inner.form
        if keyword in ("env", "label"):
            _pair_problems(inner, line, problems)
        elif form != "json" and keyword in _JSON_KEYWORDS:
            _json_problems(inner, line, problems)
        inner = inner.inner


_JSON_KEYWORDS = frozenset(["add", "copy", "volume", "cmd", "entrypoint", "run", "shell", "healthcheck"])


def _pair_problems(instruction: Instruction, line: int, problems: Problems) -> None:
    for pair in instruction.pairs:
        if pair.value is None:
            if instruction.form == "none":
                message = f"{instruction.keyword.upper()} must have two arguments"
                problems.append(problem("missing-value", pair, line, message, f"{pair.key.text}="))
            else:
                message = f"Syntax error - can't find = in {quote(pair.key.value)}. Must be of the form: name=value"
                problems.append(problem("missing-equals", pair, line, message))
            return


def _json_problems(instruction: Instruction, line: int, problems: Problems) -> None:
    if not instruction.args or instruction.args[0].value.lstrip(SPACE)[:1] != "[":
        return
    first, last = instruction.args[0], instruction.args[-1]
    text = instruction.map.text[instruction.rest :].rstrip(SPACE)
    if instruction.kind is not None:
        text = first.text
    if is_array(text.lstrip(SPACE)):
        instruction.args.clear()
        instruction.form = "none"
        message = "when using JSON array syntax, arrays must be comprised of strings only"
        problems.append(problem("json-not-strings", (first.start, last.end), line, message))


# -- package instructions ------------------------------------------------------------------------------------------


def instruction_problems(instruction: Instruction, problems: Problems) -> None:
    """What package instructions refuse."""
    check = _CHECKS.get(instruction.keyword)
    if check is None:
        _unknown(instruction, problems)
    elif instruction.form == "none" and instruction.keyword in _JSON_KEYWORDS:
        _flags(instruction, problems)
    else:
        check(instruction, problems)


def _unknown(instruction: Instruction, problems: Problems) -> None:
    name = instruction.name
    letters = _LETTERS.match(name.text)
    if letters is not None and letters[0].lower() in KEYWORDS:
        # something is glued to it: RUN[, MAINTAINER:, FROM and a no-break space
        better: str | None = f"{letters[0]} {name.text[letters.end() :].lstrip(f':={SPACE}')}".rstrip()
    else:
        better = nearest(instruction.keyword, KEYWORDS)
        if better is not None and name.text != name.text.lower():
            better = better.upper()
    problems.append(problem("unknown-instruction", name, instruction.line, f"unknown instruction: {name.text}", better))


def _flag_name(flag: Flag) -> Span | tuple[int, int]:
    if flag.value is None or flag.value.start <= flag.start:
        return flag
    return flag.start, flag.value.start - 1


def _flags(instruction: Instruction, problems: Problems) -> None:
    """BFlags.Parse."""
    if not instruction.flags:
        return
    known = FLAGS.get(instruction.keyword, {})
    line = instruction.line
    used = set()
    for flag in instruction.flags:
        name, value = f"--{flag.name}", flag.value
        kind = known.get(flag.name)
        if kind is None:
            better = nearest(flag.name, known)
            at = _flag_name(flag)
            problems.append(problem("unknown-flag", at, line, f"unknown flag: {name}", better and f"--{better}"))
            continue
        if flag.name in used and kind != "list":
            problems.append(problem("duplicate-flag", flag, line, f"duplicate flag specified: {name}"))
            continue
        used.add(flag.name)
        if kind == "bool":
            if value is not None and not value.value:
                message = f"missing a value on flag: {name}"
                problems.append(problem("missing-flag-value", flag, line, message, name))
            elif value is not None and value.value.lower() not in ("true", "false"):
                message = f"expecting boolean value for flag {name}, not: {value.value}"
                problems.append(problem("invalid-flag-value", value, line, message))
        elif value is None:
            problems.append(problem("missing-flag-value", flag, line, f"missing a value on flag: {name}"))


def _missing(instruction: Instruction, problems: Problems, count: str) -> None:
    message = f"{instruction.keyword.upper()} requires {count} argument"
    problems.append(problem("missing-argument", instruction.name, instruction.line, message))


def _check_pairs(instruction: Instruction, problems: Problems) -> None:
    if instruction.keyword != "arg":
        _flags(instruction, problems)
    if not instruction.pairs:
        _missing(instruction, problems, "at least one")
    for pair in instruction.pairs:
        if not pair.key.value and pair.value is not None:
            message = f"{instruction.keyword.upper()} names can not be blank"
            problems.append(problem("blank-name", pair, instruction.line, message))
            break


def _check_text(instruction: Instruction, problems: Problems) -> None:
    if not instruction.args:
        _missing(instruction, problems, "exactly one")
    if instruction.keyword != "stopsignal":
        _flags(instruction, problems)


def _check_from(instruction: Instruction, problems: Problems) -> None:
    args, line = instruction.args, instruction.line
    if len(args) == 3 and args[1].value.casefold() == "as":
        if not _STAGE_NAME.match(lower(args[2].value)):
            message = (
                f"invalid name for build stage: {quote(args[2].value)}, "
                "name can't start with a number or contain symbols"
            )
            problems.append(problem("invalid-stage-name", args[2], line, message))
    elif len(args) != 1:
        at = (args[1].start, args[-1].end) if args else instruction.name
        problems.append(problem("from-arguments", at, line, "FROM requires either one or three arguments"))
    _flags(instruction, problems)


def _check_copy(instruction: Instruction, problems: Problems) -> None:
    keyword = instruction.keyword.upper()
    args, line = instruction.args, instruction.line
    if len(args) < 2:
        message = (
            f"{keyword} requires at least two arguments, but only one was provided. Destination could not be determined"
        )
        problems.append(problem("missing-destination", args[0] if args else instruction.name, line, message))
    _flags(instruction, problems)
    if len(args) >= 2 and "<<" in args[-1].value:
        try:
            heredoc = parse_heredoc(args[-1].value, args[-1])
        except LexError:
            heredoc = None
        if heredoc is not None:
            message = f"{keyword} cannot accept a heredoc as a destination"
            problems.append(problem("heredoc-destination", args[-1], line, message))


def _check_command(instruction: Instruction, problems: Problems) -> None:
    _flags(instruction, problems)


def _check_run(instruction: Instruction, problems: Problems) -> None:
    if not instruction.flags:
        return
    _flags(instruction, problems)
    line = instruction.line
    for name in ("device", "mount", "network", "security"):
        for flag in instruction.flags:
            value = flag.value
            if flag.name != name or value is None:
                continue
            found = None
            if name == "device":
                found = check_device(value.value)
            elif name == "mount":
                found = check_mount_text(value.value)
            elif name == "network" and value.value not in ("default", "none", "host"):
                problems.append(problem("invalid-network", value, line, f"invalid network mode {quote(value.value)}"))
            elif name == "security" and value.value not in ("insecure", "sandbox"):
                problems.append(problem("invalid-security", value, line, f"security {quote(value.value)} is not valid"))
            if found is not None:
                at = flag_part(value, found.start, found.end)
                problems.append(problem(found.name, at, line, found.message, found.suggestion))


def _check_healthcheck(instruction: Instruction, problems: Problems) -> None:
    kind, line = instruction.kind, instruction.line
    if kind is None:
        _missing(instruction, problems, "at least one")
        return
    name = valid_runes(kind.value).upper()
    if name == "NONE":
        if instruction.args:
            at = (instruction.args[0].start, instruction.args[-1].end)
            problems.append(problem("healthcheck-none", at, line, "HEALTHCHECK NONE takes no arguments"))
        return
    _flags(instruction, problems)
    if name != "CMD":
        message = f"Unknown type {quote(name)} in HEALTHCHECK (try CMD)"
        problems.append(problem("healthcheck-type", kind, line, message, f"CMD {kind.text}"))
    elif not instruction.args:
        problems.append(problem("healthcheck-command", kind, line, "Missing command after HEALTHCHECK CMD"))
    for name in ("interval", "timeout", "start-period", "start-interval", "retries"):
        flag = next((flag for flag in reversed(instruction.flags) if flag.name == name and flag.value), None)
        if flag is None or flag.value is None or not flag.value.value:
            continue
        if name == "retries":
            _check_retries(flag, line, problems)
            continue
        duration, message = parse_duration(flag.value.value)
        if not message and duration and duration < 10**6:
            message = f"Interval {quote(name)} cannot be less than 1ms"
        if message:
            suggestion = f"{flag.value.value}s" if message.startswith("time: missing unit") else None
            problems.append(problem("invalid-duration", flag.value, line, message, suggestion))


def _check_retries(flag: Flag, line: int, problems: Problems) -> None:
    assert flag.value is not None
    text = flag.value.value
    number, error = parse_int(text, 10, 32, signed=True)
    if error:
        message = f"strconv.ParseInt: parsing {quote(text)}: {error}"
        problems.append(problem("invalid-retries", flag.value, line, message))
    elif number < 0:
        problems.append(problem("invalid-retries", flag.value, line, f"--retries cannot be negative ({number})"))


def _check_shell(instruction: Instruction, problems: Problems) -> None:
    _flags(instruction, problems)
    args = instruction.args
    if not args:
        _missing(instruction, problems, "at least one")
    elif instruction.form != "json":
        suggestion = None
        if _PLAIN_WORDS.match(args[0].text):
            suggestion = "[" + ", ".join(f'"{word}"' for word in args[0].text.split()) + "]"
        message = "SHELL requires the arguments to be in JSON form"
        problems.append(problem("shell-form", args[0], instruction.line, message, suggestion))


def _check_words(instruction: Instruction, problems: Problems) -> None:
    """EXPOSE and VOLUME."""
    if not instruction.args:
        _missing(instruction, problems, "at least one")
    _flags(instruction, problems)
    if instruction.keyword == "volume":
        for token in instruction.args:
            if not token.value.strip(SPACE):
                message = "VOLUME specified can not be an empty string"
                problems.append(problem("empty-volume", token, instruction.line, message))
                break


def _check_onbuild(instruction: Instruction, problems: Problems) -> None:
    inner, line = instruction.inner, instruction.line
    if inner is None:
        _missing(instruction, problems, "at least one")
    _flags(instruction, problems)
    if inner is None:
        return
    name = inner.name.value.strip(SPACE).upper()
    if name == "ONBUILD":
        message = "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"
        problems.append(problem("nested-onbuild", inner.name, line, message))
    elif name in ("MAINTAINER", "FROM"):
        message = f"{name} isn't allowed as an ONBUILD trigger"
        problems.append(problem("onbuild-trigger", inner.name, line, message))


_CHECKS: dict[str, Callable[[Instruction, Problems], None]] = {
    "add": _check_copy,
    "arg": _check_pairs,
    "cmd": _check_command,
    "copy": _check_copy,
    "entrypoint": _check_command,
    "env": _check_pairs,
    "expose": _check_words,
    "from": _check_from,
    "healthcheck": _check_healthcheck,
    "label": _check_pairs,
    "maintainer": _check_text,
    "onbuild": _check_onbuild,
    "run": _check_run,
    "shell": _check_shell,
    "stopsignal": _check_text,
    "user": _check_text,
    "volume": _check_words,
    "workdir": _check_text,
}
