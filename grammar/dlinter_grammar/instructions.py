"""A logical line to an :class:`Instruction`: keyword, flags and arguments with their places."""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_grammar.dockerfile_tables import AFTER_KEYWORD
from dlinter_grammar.flags import read_flag, scan_flags, utf8
from dlinter_grammar.gojson import decode_string
from dlinter_grammar.gotext import lower, valid_runes
from dlinter_grammar.machine import Branch, Leaf, Machine
from dlinter_grammar.nodes import Instruction, Pair, TextMap, Token
from dlinter_grammar.spaces import BYTE_SPACE, SPACE

#: keyword -> start symbol of its arguments; ``healthcheck`` and ``onbuild`` read theirs in two steps
ARGUMENTS = {
    "add": "paths",
    "arg": "names",
    "cmd": "command",
    "copy": "paths",
    "entrypoint": "command",
    "env": "settings",
    "expose": "words",
    "from": "words",
    "healthcheck": "check",
    "label": "settings",
    "maintainer": "text",
    "onbuild": "trigger",
    "run": "command",
    "shell": "command",
    "stopsignal": "text",
    "user": "text",
    "volume": "paths",
    "workdir": "text",
}
_FORMS = {
    "check": "shell",
    "command": "shell",
    "names": "pairs",
    "paths": "words",
    "settings": "pairs",
    "text": "text",
    "trigger": "none",
    "words": "words",
}
#: BuildKit reads ONBUILD ONBUILD ONBUILD ... to the end, then refuses it; here it is not read deeper than this
MAX_ONBUILD = 8

_KEYWORD = re.compile(r"[^ \t\v\f\r]*")
_BLANKS = re.compile(r"[ \t\v\f\r]*")
_MACHINES: dict[str, Machine] = {}


def machine(escape: str) -> Machine:
    """The machine for an escape token."""
    if escape not in _MACHINES:
        _MACHINES[escape] = Machine(escape)
    return _MACHINES[escape]


def read_instruction(text_map: TextMap, line: int, escape: str, position: int = 0, depth: int = 0) -> Instruction:
    """The instruction that begins at *position* of the logical line."""
    text = text_map.text
    end = len(text.rstrip(SPACE))
    found = _KEYWORD.match(text, position, max(end, position))
    assert found is not None
    after = found.end()
    start, stop = text_map.span(position, after)
    instruction = Instruction(
        start, text_map.span(position, len(text))[1], Token(start, stop, found[0]), line, text_map
    )
    keyword = instruction.keyword
    if not text.isascii():
        instruction.keyword = keyword = lower(found[0])
    blanks = _BLANKS.match(text, after, max(end, after))
    assert blanks is not None
    rest = blanks.end()
    if text.isascii() or (
        found[0].isascii()
        and text[rest : rest + 1].isascii()
        and text[rest : rest + 2] != "--"
        and keyword != "healthcheck"
    ):
        name = keyword if keyword in AFTER_KEYWORD and keyword != "unknown" else "unknown"
        tree = machine(escape).instruction(text, name, position, after, end)
        _fill(instruction, tree, after, end, escape, depth)
    else:
        _read_bytewise(instruction, rest, end, escape, depth)
    return instruction


def _fill(instruction: Instruction, tree: Branch, after: int, end: int, escape: str, depth: int) -> None:
    """Take over the children of the instruction's tree: the keyword, flags, ``--``, arguments."""
    text_map = instruction.map
    arguments: Branch | None = None
    for child in tree.children:
        if type(child) is Branch:
            if child.kind == "flag":
                leaf = child.children[0]
                assert type(leaf) is Leaf
                after = leaf.end
                instruction.flags.append(read_flag(text_map, leaf.start, leaf.end, escape))
            else:
                arguments = child
        elif type(child) is Leaf and child.kind == "DASHES":
            after = child.end
    blanks = _BLANKS.match(text_map.text, after, end)
    assert blanks is not None
    if blanks.end() < end:
        instruction.rest = blanks.end()
    _arguments(instruction, arguments, end, escape, depth)


def _read_bytewise(instruction: Instruction, position: int, end: int, escape: str, depth: int) -> None:
    """The way of a line with non-ASCII characters among or just behind its flags."""
    text_map = instruction.map
    text = text_map.text
    instruction.flags, position, left = scan_flags(text_map, position, end, escape)
    if not left:
        position = end - len(text[position:end].lstrip(SPACE))
    if position < end or left:
        instruction.rest = position
    arguments: Branch | None = None
    if position < end and instruction.keyword in ARGUMENTS:
        if instruction.keyword == "healthcheck":
            position = _read_check(instruction, position, end, left)
            if position < end:
                # parseJSON skips blanks that the split byte by byte has left
                bracket = end - len(text[position:end].lstrip(SPACE))
                arguments = machine(escape).arguments(text, "command", bracket, end)
                if arguments.kind != "json":
                    arguments = machine(escape).arguments(text, "command", position, end)
        else:
            arguments = machine(escape).arguments(text, ARGUMENTS[instruction.keyword], position, end)
    _arguments(instruction, arguments, end, escape, depth)
    if left and instruction.args:
        instruction.args[0].value = left + instruction.args[0].value


def _read_check(instruction: Instruction, position: int, end: int, left: str) -> int:
    """Read the word behind HEALTHCHECK byte by byte (parseHealthConfig); the offset of what follows it."""
    text = instruction.map.text
    if not left and utf8(text[position])[0] in BYTE_SPACE:
        return end
    kind: list[str] = [left]
    at = position
    ended = False
    while at < end:
        data = utf8(text[at])
        spaces = [byte in BYTE_SPACE for byte in data]
        if ended and not spaces[0]:
            break
        if not ended and True in spaces:
            ended = True
            kind.append(data[: spaces.index(True)].decode("utf-8", "surrogateescape"))
            stop = at + (len(data) > 1)
        elif not ended:
            kind.append(text[at])
        at += 1
    if not ended:
        stop = at
    span = instruction.map.span(position, stop)
    instruction.kind = Token(*span, text[position:stop], "".join(kind))
    return at


def _arguments(instruction: Instruction, tree: Branch | None, end: int, escape: str, depth: int) -> None:
    symbol = ARGUMENTS.get(instruction.keyword)
    if symbol is None:
        return
    instruction.form = _FORMS[symbol]
    if symbol == "trigger":
        if tree is not None and depth < MAX_ONBUILD:
            instruction.inner = read_instruction(instruction.map, instruction.line, escape, instruction.rest, depth + 1)
        return
    if tree is None:
        return
    if tree.kind == "check":
        kind, *rest = tree.children
        instruction.kind = _token(instruction.map, kind)
        if not rest:
            return
        assert type(rest[0]) is Branch
        tree = rest[0]
    if tree.kind in ("settings", "names"):
        _pairs(instruction, tree, end, escape)
        return
    if tree.kind == "json":
        instruction.form = "json"
        for leaf in tree.children:
            token = _token(instruction.map, leaf)
            token.value = decode_string(token.text)
            instruction.args.append(token)
        return
    instruction.args = [_token(instruction.map, leaf) for leaf in tree.children]


def _token(text_map: TextMap, leaf: Leaf | Branch) -> Token:
    assert type(leaf) is Leaf
    start, end = text_map.span(leaf.start, leaf.end)
    return Token(start, end, text_map.text[leaf.start : leaf.end])


def _pairs(instruction: Instruction, tree: Branch, end: int, escape: str) -> None:
    text_map = instruction.map
    text = text_map.text
    for child in tree.children:
        if type(child) is not Branch:
            continue
        first, last = child.children[0], child.children[-1]
        start, stop = first.start, last.end  # type: ignore[union-attr]
        key, value = Token(*text_map.span(start, stop), text[start:stop]), None
        if child.kind == "legacy":
            instruction.form = "none"
            if last is not first:
                instruction.form = "legacy"
                key, value = _token(text_map, first), _token(text_map, last)
        else:
            if child.kind == "pair":
                equals = text.index("=", start, stop)
                key = Token(*text_map.span(start, equals), text[start:equals])
                value_at = text_map.at(equals) + 1
                value = Token(value_at, value_at, "")
                if equals + 1 < stop:
                    value = Token(*text_map.span(equals + 1, stop), text[equals + 1 : stop])
            if stop == end and text[stop - 1] == escape and _ends_with_lone_escape(text[start:stop], escape):
                (value or key).value = (value or key).text[:-1]
            if not text.isascii():
                # parseWords writes rune by rune
                key.value = valid_runes(key.value)
                if value is not None:
                    value.value = valid_runes(value.value)
        instruction.pairs.append(Pair(*text_map.span(start, stop), key, value))


def _ends_with_lone_escape(word: str, escape: str) -> bool:
    """Whether parseWords drops the escape token at the end of *word*: it has nothing to escape."""
    quote = ""
    i = 0
    while i < len(word):
        char = word[i]
        if char == escape and quote != "'":
            i += 1
            if i == len(word):
                return True
        elif quote:
            if char == quote:
                quote = ""
        elif char in "'\"":
            quote = char
        i += 1
    return False
