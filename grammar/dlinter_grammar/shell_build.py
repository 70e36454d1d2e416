"""Compiles ``shell.lark`` with Lark into the plain tables that ``shell.py`` runs.

Three reductions of the table that Lark computes, all usual for LR parsers and none changing what is accepted:

- a state in which nothing but one reduction is possible is not kept; the step into it says "and reduce" instead;
- an alternative without a name and with one child only hands that child on; the state before it acts at once as the
  state behind it would;
- a token that is added to a list (``words: words WORD``) leads back to the same state, so no state need be touched.
"""

from __future__ import annotations

from pathlib import Path

from lark import Lark, Token
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Reduce

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

GRAMMAR = Path(__file__).with_name("shell.lark")
STARTS = ("script", "substitution")

_LOOPS = ("add", "skip")

_HEADER = '''"""Generated from shell.lark by ``python -m dlinter_grammar.build``. Do not edit.

A row holds pairs of symbol and action. An action is a state to go to; or ``~rule``: reduce; or
``~(rule + len(RULES))``: step over the symbol, then reduce; or ``~(2 * len(RULES))``: add the symbol to the list before
it; or one less: pass over it. A rule is the name of its alternative, its length and the symbol it makes.
"""

'''


class TokenFeed(Lexer):
    """Hands tokens that were cut before to Lark: the words of a shell cannot be cut without the shell's own rules."""

    __future_interface__ = 2

    def __init__(self, lexer_conf: object) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: object) -> Iterator[Token]:
        """The tokens themselves, which stand where the text would."""
        yield from lexer_state.text


def lark() -> Lark:
    """Lark's own parser for the same grammar, over tokens that ``shell_lexer`` cut."""
    return Lark(
        GRAMMAR.read_text(encoding="utf-8"),
        parser="lalr",
        lexer=TokenFeed,
        start=list(STARTS),
        strict=True,
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


def compile_shell() -> str:
    """The source of ``shell_tables.py``."""
    graph = _Graph(lark().parser.parser._parse_table)
    rules: dict[tuple[str, int, str], int] = {}
    symbols: dict[str, int] = {}
    numbers = {graph.start[start]: index for index, start in enumerate(STARTS)}
    encoded: list[list[tuple[str, int, int | None]]] = []
    # States are numbered in the order in which they are reached, so that the same grammar gives the same tables.
    for state in (pending := list(numbers)):
        row: list[tuple[str, int, int | None]] = []
        rule: Any
        for symbol, (reduces, found) in sorted(graph.rows[state].items()):
            target = found if reduces else graph.resolve(state, symbol)
            rule = target if reduces else graph.only_reduction(target)
            if rule is not None:
                key = (rule.alias, len(rule.expansion), str(rule.origin.name))
                number = rules.setdefault(key, len(rules))
                if rule.alias in _LOOPS and len(rule.expansion) == 2 and rule.expansion[1].is_term:
                    row.append((symbol, _LOOPS.index(rule.alias), 2))
                else:
                    row.append((symbol, number, 0 if reduces else 1))
            elif symbol not in STARTS:
                if target not in numbers:
                    numbers[target] = len(numbers)
                    pending.append(target)
                row.append((symbol, numbers[target], None))
        encoded.append(row)

    rows: dict[tuple[int, ...], int] = {}
    states: list[int] = []
    for row in encoded:
        flat: list[int] = []
        for symbol, number, kind in row:
            flat.append(symbols.setdefault(symbol, len(symbols)))
            flat.append(number if kind is None else ~(number + kind * len(rules)))
        states.append(rows.setdefault(tuple(flat), len(rows)))

    described = tuple((name, length, symbols.setdefault(origin, len(symbols))) for name, length, origin in rules)
    parts = [
        f"SYMBOLS = {tuple(symbols)!r}",
        "RULES = (\n" + "".join(f"    {rule!r},\n" for rule in described) + ")",
        f"START = {{{', '.join(f'{start!r}: {index}' for index, start in enumerate(STARTS))}}}",
        f"STATES = {tuple(states)!r}",
        "ROWS = (\n" + "".join(f"    {row!r},\n" for row in rows) + ")",
    ]
    return _HEADER + "# fmt: off\n# ruff: noqa\n\n" + "\n\n".join(parts).replace("'", '"') + "\n"


class _Graph:
    """Lark's states and the steps between them, without those that only hand a child on."""

    def __init__(self, table: Any) -> None:
        self.start: dict[str, int] = table.start_states
        self.rows: dict[int, dict[str, tuple[bool, Any]]] = {
            state: {str(symbol): (action is Reduce, target) for symbol, (action, target) in actions.items()}
            for state, actions in table.states.items()
        }
        self.merged: dict[tuple[int, tuple[tuple[str, int], ...]], int] = {}

    def resolve(self, state: int, symbol: str) -> int:
        """Where a step from *state* leads when alternatives that hand their child on are passed over.

        The state behind *symbol* hands it on as another symbol under some tokens; there it takes the actions of the
        state behind that other symbol.
        """
        target: int = self.rows[state][symbol][1]
        row = self.rows[target]
        origins = sorted({str(rule.origin.name) for reduces, rule in row.values() if reduces and _hands_on(rule)})
        if not origins:
            return target
        behind = {origin: self.resolve(state, origin) for origin in origins}
        key = (target, tuple(behind.items()))
        if key not in self.merged:
            made: dict[str, tuple[bool, Any]] = {}
            for other, (reduces, found) in row.items():
                if reduces and _hands_on(found):
                    action = self.rows[behind[str(found.origin.name)]].get(other)
                    if action is not None:
                        made[other] = action
                else:
                    made[other] = (reduces, found)
            for origin in origins:
                for other, action in self.rows[behind[origin]].items():
                    # Nothing but steps over symbols that are made further up can be missing yet.
                    if other.islower() and made.setdefault(other, action) != action:
                        raise ValueError(f"{other} leads two ways")
            self.merged[key] = len(self.rows)
            self.rows[len(self.rows)] = made
        return self.merged[key]

    def only_reduction(self, state: int) -> Any:
        """The rule that *state* reduces whatever comes, or None."""
        actions = self.rows[state].values()
        targets = {target for _, target in actions}
        return next(iter(targets)) if len(targets) == 1 and all(reduces for reduces, _ in actions) else None


def _hands_on(rule: Any) -> bool:
    return rule.alias is None and len(rule.expansion) == 1
