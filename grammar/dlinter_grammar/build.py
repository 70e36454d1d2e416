"""``python -m dlinter_grammar.build``: compile the Lark grammars into the modules that run without Lark.

Lark builds the LALR(1) table and, for each parser state, the list of terminals to look for; both are written out as
plain data. ``--check`` writes nothing and fails if a module is stale.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from re import _parser
from typing import TYPE_CHECKING, Any, cast

from lark import Lark
from lark.parsers.lalr_analysis import Shift

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lark.grammar import Rule
    from lark.lexer import ContextualLexer

HERE = Path(__file__).parent
ESCAPES = ("\\", "`")

_INSTRUCTIONS = (
    "add arg cmd copy entrypoint env expose from healthcheck label maintainer onbuild run shell stopsignal unknown "
    "user volume workdir"
)
INSTRUCTIONS = _INSTRUCTIONS.split()
ARGUMENTS = ["check", "command", "names", "paths", "settings", "text", "trigger", "words"]


def dockerfile_lark(escape: str = "\\", *, strict: bool = False) -> Lark:
    """Lark's own engine on ``dockerfile.lark`` for one escape token."""
    source = (HERE / "dockerfile.lark").read_text("utf-8")
    return Lark(
        source.replace("␛", "\\\\" if escape == "\\" else escape),
        parser="lalr",
        lexer="contextual",
        start=[*INSTRUCTIONS, *ARGUMENTS],
        maybe_placeholders=False,
        strict=strict,
    )


class Tables:
    """The plain data of one compiled grammar."""

    def __init__(self, lark: Lark) -> None:
        # Lark types none of its insides
        engine = cast("Any", lark.parser).parser
        table = engine._parse_table
        lexer: ContextualLexer = cast("Any", lark.parser).lexer
        self.rules: list[tuple[str, int, str, bool, bool, tuple[int, ...] | None]] = []
        self.patterns: dict[str, str] = {}
        self.starts: dict[str, str] = {}
        self.scanners: list[tuple[str, ...]] = []
        self._known: dict[Rule, int] = {}
        states = _numbered(table)
        self.rows: list[dict[str, int]] = []
        for actions in states:
            row: dict[str, int] = {}
            for name, (action, target) in sorted(table.states[actions].items(), key=lambda item: str(item[0])):
                row[str(name)] = states[target] if action is Shift else ~self._rule(target)
            self.rows.append(row)
        self.state_scanners = [self._scanner(lexer.lexers[state]) for state in states]
        self.first_states = {str(name): states[state] for name, state in sorted(table.start_states.items())}
        self.last_states = {str(name): states[state] for name, state in sorted(table.end_states.items())}
        self.ignored = sorted(str(name) for name in lark.ignore_tokens)

    def _rule(self, rule: Rule) -> int:
        """The number of *rule*: (origin, length, kind, inlined into its parent, replaced by an only child, kept)."""
        if rule not in self._known:
            self._known[rule] = len(self.rules)
            kept = tuple(i for i, symbol in enumerate(rule.expansion) if not getattr(symbol, "filter_out", False))
            origin = str(rule.origin.name)
            if rule.options.expand1 and len(rule.expansion) != 1:
                raise AssertionError("the machine knows ?rules of one symbol only")
            self.rules.append(
                (
                    origin,
                    len(rule.expansion),
                    str(rule.alias or origin),
                    origin.startswith("_"),
                    bool(rule.options.expand1),
                    None if len(kept) == len(rule.expansion) else kept,
                )
            )
        return self._known[rule]

    def _scanner(self, lexer: Any) -> int:
        """The number of the terminals, in the order in which Lark tries them, that *lexer* knows."""
        if lexer.scanner._mres and (lexer.callback or len(lexer.scanner._mres) > 1):
            raise AssertionError("the machine knows no callbacks")
        terminals = tuple(str(terminal.name) for terminal in lexer.scanner.terminals)
        for terminal in lexer.scanner.terminals:
            pattern = terminal.pattern.to_regexp()
            self.patterns[str(terminal.name)] = pattern
            self.starts[str(terminal.name)] = first_characters(pattern)
        if terminals not in self.scanners:
            self.scanners.append(terminals)
        return self.scanners.index(terminals)


def first_characters(pattern: str) -> str:
    """The ASCII characters with which a match of *pattern* can begin."""
    parsed = _parser.parse(pattern)
    return "".join(char for char in map(chr, range(128)) if _begins(list(parsed), char)[0])


def _begins(items: list[Any], char: str) -> tuple[bool, bool]:
    """Whether a match of the parsed expression can begin with *char*, and whether it can be empty."""
    for kind, argument in items:
        name = str(kind)
        if name in ("AT", "ASSERT", "ASSERT_NOT"):
            continue
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            minimum, _, body = argument
            begins, empty = _begins(list(body), char)
            empty = empty or minimum == 0
        elif name == "SUBPATTERN":
            begins, empty = _begins(list(argument[-1]), char)
        elif name == "BRANCH":
            branches = [_begins(list(branch), char) for branch in argument[1]]
            begins, empty = any(begin for begin, _ in branches), any(blank for _, blank in branches)
        elif name in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
            begins, empty = _is_first(name, argument, char), False
        else:
            raise AssertionError(f"{name} in a terminal")
        if begins or not empty:
            return begins, False
    return False, True


def _is_first(name: str, argument: Any, char: str) -> bool:
    if name == "ANY":
        return char != "\n"
    if name == "LITERAL":
        return bool(argument == ord(char))
    if name == "NOT_LITERAL":
        return bool(argument != ord(char))
    negate, inside = False, False
    for kind, value in argument:
        match str(kind):
            case "NEGATE":
                negate = True
            case "LITERAL":
                inside = inside or value == ord(char)
            case "RANGE":
                inside = inside or value[0] <= ord(char) <= value[1]
            case "CATEGORY" if str(value) == "CATEGORY_SPACE":
                inside = inside or char.isspace()
            case other:
                raise AssertionError(f"{other} {value} in a set of characters")
    return inside != negate


def _numbered(table: Any) -> dict[int, int]:
    """Lark's states in the order of a walk from the start symbols. Lark's own order is that of sets."""
    numbers: dict[int, int] = {}
    queue = [state for _, state in sorted(table.start_states.items())]
    for state in queue:
        if state not in numbers:
            numbers[state] = len(numbers)
            actions = sorted(table.states[state].items(), key=lambda item: str(item[0]))
            queue += [target for _, (action, target) in actions if action is Shift]
    return numbers


def compile_dockerfile() -> str:
    """The source of ``dockerfile_tables.py``."""
    tables = {escape: Tables(dockerfile_lark(escape, strict=True)) for escape in ESCAPES}
    first = tables[ESCAPES[0]]
    for other in tables.values():
        if (other.rows, other.rules, other.state_scanners) != (first.rows, first.rules, first.state_scanners):
            raise AssertionError("the escape token must not change the structure")
    begin_with_blank = {name for name, starts in first.starts.items() if " " in starts}
    if not begin_with_blank <= set(first.ignored):
        raise AssertionError("the machine skips blanks")
    after_keyword = {}
    for name in INSTRUCTIONS:
        [(_, state)] = [entry for entry in first.rows[first.first_states[name]].items() if entry[0].isupper()]
        after_keyword[name] = state
    lines = [
        '"""Generated from dockerfile.lark by ``python -m dlinter_grammar.build``. Do not edit."""',
        "# fmt: off",
        "# ruff: noqa",
        "#: state -> symbol -> next state, or ~rule to reduce",
        *_assign("ROWS", "tuple[dict[str, int], ...]", first.rows),
        "#: rule -> (origin, length, kind, inlined, replaced by an only child, children kept or None for all)",
        *_assign("RULES", "tuple[tuple[str, int, str, bool, bool, tuple[int, ...] | None], ...]", first.rules),
        "#: state -> number of its scanner",
        f"STATE_SCANNERS: tuple[int, ...] = {tuple(first.state_scanners)!r}",
        "#: scanner -> terminals in the order in which they are tried",
        *_assign("SCANNERS", "tuple[tuple[str, ...], ...]", first.scanners),
        "#: escape token -> terminal -> pattern, ASCII characters with which it can begin",
        "TERMINALS: dict[str, dict[str, tuple[str, str]]] = {",
        *(
            line
            for escape, other in tables.items()
            for line in (
                f"    {escape!r}: {{",
                *(
                    f"        {name!r}: ({pattern!r}, {other.starts[name]!r}),"
                    for name, pattern in other.patterns.items()
                ),
                "    },",
            )
        ),
        "}",
        "#: start symbol -> first state, last state",
        f"STARTS: dict[str, int] = {first.first_states!r}",
        f"ENDS: dict[str, int] = {first.last_states!r}",
        "#: instruction -> state after its keyword",
        f"AFTER_KEYWORD: dict[str, int] = {after_keyword!r}",
        f"IGNORED: frozenset[str] = frozenset({first.ignored!r})",
    ]
    return "\n".join(lines) + "\n"


def _assign(name: str, annotation: str, items: Iterable[object]) -> list[str]:
    return [f"{name}: {annotation} = (", *(f"    {item!r}," for item in items), ")"]


def modules() -> dict[Path, str]:
    """Each generated module and what it should hold."""
    result = {HERE / "dockerfile_tables.py": compile_dockerfile()}
    try:
        shell = import_module("dlinter_grammar.shell_build")
    except ModuleNotFoundError as error:
        if error.name != "dlinter_grammar.shell_build":
            raise
    else:
        result[HERE / "shell_tables.py"] = shell.compile_shell()
    return result


def main(arguments: list[str]) -> int:
    """Write the generated modules, or with ``--check`` compare: 1 if one is stale."""
    stale = 0
    for path, source in modules().items():
        if path.exists() and path.read_text("utf-8") == source:
            continue
        if "--check" in arguments:
            print(f"{path.name} is stale: run python -m dlinter_grammar.build")
            stale = 1
        else:
            path.write_text(source, "utf-8")
            print(f"wrote {path.name}")
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
