"""Compiles ``shell.lark`` with Lark into the plain tables that ``shell.py`` runs.

Two reductions of the table that Lark computes, both usual for LR parsers and neither changing what is accepted:

- a state in which nothing but one reduction is possible is not kept; the step into it says "and reduce" instead;
- an alternative without a name and with one child only hands that child on, so a step into it leads where the
  child's own step would.
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

_HEADER = '''"""Generated from shell.lark by ``python -m dlinter_grammar.build``. Do not edit.

A row holds pairs of symbol and action. An action is a state to go to; or ``~rule``: reduce; or
``~(rule + len(RULES))``: step over the symbol, then reduce. A rule is the name of its alternative, its length and the
symbol it makes.
"""

'''


class TokenFeed(Lexer):
    """Hands tokens that were cut before to Lark: the words of a shell cannot be cut without the shell's own rules."""

    __future_interface__ = 2

    def __init__(self, lexer_conf: object) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: object) -> Iterator[Token]:
        """The tokens themselves, which stand where the text would."""
        yield from lexer_state.text.text if hasattr(lexer_state.text, "text") else lexer_state.text


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
    table = lark().parser.parser._parse_table
    rules: dict[tuple[str | None, int, str], int] = {}
    steps: dict[int, dict[str, tuple[bool, Any]]] = {
        state: {str(symbol): (action is Reduce, target) for symbol, (action, target) in actions.items()}
        for state, actions in table.states.items()
    }
    only = {state: _only_reduction(actions) for state, actions in steps.items()}

    # States are numbered in the order in which they are reached, so that the same grammar gives the same tables.
    numbers = {table.start_states[start]: index for index, start in enumerate(STARTS)}
    symbols: dict[str, int] = {}
    rows: dict[tuple[int, ...], int] = {}
    pending = list(numbers)
    encoded: list[list[tuple[str, int | None, int]]] = []
    for state in pending:
        row: list[tuple[str, int | None, int]] = []
        for symbol, (reduces, target) in sorted(steps[state].items()):
            rule = target if reduces else only[target]
            if rule is not None:
                key = (rule.alias, len(rule.expansion), str(rule.origin.name))
                row.append((symbol, rules.setdefault(key, len(rules)), not reduces))
            elif symbol not in STARTS:
                if target not in numbers:
                    numbers[target] = len(numbers)
                    pending.append(target)
                row.append((symbol, None, numbers[target]))
        encoded.append(row)

    states: list[int] = []
    for row in encoded:
        flat: list[int] = []
        for symbol, rule, extra in row:
            flat.append(symbols.setdefault(symbol, len(symbols)))
            flat.append(extra if rule is None else ~(rule + (len(rules) if extra else 0)))
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


def _only_reduction(actions: dict[str, tuple[bool, Any]]) -> Any:
    """The rule that a state reduces whatever comes, or None."""
    targets = {target for _, target in actions.values()}
    return next(iter(targets)) if len(targets) == 1 and all(reduces for reduces, _ in actions.values()) else None
