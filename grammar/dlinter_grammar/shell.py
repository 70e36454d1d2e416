"""Parses shell scripts: ``parse(script)`` gives the tree of ``shell_nodes``, or raises ``ShellSyntaxError``.

``shell.lark`` defines the language, ``shell_tables.py`` is what Lark made of it, ``shell_lexer.py`` cuts the tokens.
The machine here runs the tables; ``shell_actions.py`` builds the nodes.
"""

from __future__ import annotations

from .dialects import dialect, explicit_powershell
from .shell_actions import ACTIONS
from .shell_lexer import Lexer
from .shell_nodes import Script, ShellSyntaxError, children, simple_commands, walk
from .shell_positions import COMMAND
from .shell_tables import ROWS, RULES, START, STATES, SYMBOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .shell_actions import Action

__all__ = [
    "ShellSyntaxError",
    "children",
    "dialect",
    "explicit_powershell",
    "parse",
    "simple_commands",
    "walk",
]


def parse(script: str) -> Script:
    """The tree of *script*, whose offsets are into it. Accepts what ``bash -n`` accepts.

    Raises ShellSyntaxError, and nothing else, where the script does not parse. Time is linear in the length.
    """
    return Parser(script).whole()


class _Rows(dict[int, dict[str, int]]):
    """The rows of the table by state, made when first needed."""

    def __missing__(self, state: int) -> dict[str, int]:
        row = ROWS[STATES[state]]
        made = self[state] = {SYMBOLS[row[i]]: row[i + 1] for i in range(0, len(row), 2)}
        return made


_rows = _Rows()
_COUNT = len(RULES)
_ADD = ~(2 * _COUNT)


class Parser(Lexer):
    """One script being parsed."""

    __slots__ = ()

    rules: tuple[tuple[int, str, Action], ...] = tuple(
        (length, SYMBOLS[origin], ACTIONS[name]) for name, length, origin in RULES
    )
    """Length, symbol and action of each alternative of the grammar."""

    def whole(self) -> Script:
        """The tree of the whole text."""
        script = self.run("script")
        script.start = 0
        script.end = len(self.text)
        return script

    def block(self, start: int, end: int | None = None) -> Script:
        saved = self.position, self.after_target, self.subject, self.value, self.pending, self.early, self.nested
        outer_end = self.end
        self.at = start
        self.position = COMMAND
        self.pending = []
        self.early = []
        if end is None:
            self.nested = True
            script = self.run("substitution")
            script.end = self.at - 1
        else:
            self.nested = False
            self.end = end
            script = self.run("script")
            script.end = end
        script.start = start
        left = self.early + self.pending
        self.end = outer_end
        self.position, self.after_target, self.subject, self.value, self.pending, self.early, self.nested = saved
        self.early += left
        return script

    def validate(self, body: str, offset: int) -> None:
        inner = Parser(body)
        inner.depth = self.depth
        try:
            inner.whole()
        except ShellSyntaxError as error:
            raise self.fail(error.message, offset) from None

    def run(self, start: str) -> Script:
        """Runs the machine from the start symbol *start*."""
        rows = _rows
        rules = self.rules
        one = ACTIONS["one"]
        token = self.next
        states = [START[start]]
        values: list[Any] = []
        row = rows[states[0]]
        while True:
            kind = token()
            action = row.get(kind)
            while True:
                if action is None:
                    raise self.unexpected(kind)
                if action >= 0:
                    states.append(action)
                    values.append(self.value)
                    row = rows[action]
                    break
                if action == _ADD:
                    values[-1].append(self.value)
                    break
                if action < _ADD:
                    break
                # Reduce, after a step over the token if the action says so. Such a step needs no state of its own.
                stepped = action < -_COUNT
                if stepped:
                    action += _COUNT
                    values.append(self.value)
                stateless = stepped
                while True:
                    length, origin, build = rules[~action]
                    if length == 1:
                        # half of all reductions make a list of one: not worth a call
                        values[-1] = [values[-1]] if build is one else build(self, (values[-1],))
                        if not stateless:
                            del states[-1]
                    elif length:
                        values[-length:] = (build(self, values[-length:]),)
                        del states[stateless - length :]
                    else:
                        values.append(build(self, ()))
                    if origin == start:
                        script: Script = values[-1]
                        return script
                    action = rows[states[-1]][origin]
                    if action >= 0:
                        states.append(action)
                        break
                    action += _COUNT
                    stateless = True
                row = rows[action]
                if stepped:
                    break
                action = row.get(kind)

    def unexpected(self, kind: str) -> ShellSyntaxError:
        """The error for the current token."""
        token = self.value
        start = 0 if token is None else token.start
        if kind == "$END":
            return self.fail("the script ends too early", start)
        text = "newline" if kind == "NEWLINE" else self.text[start : token.end if token is not None else start]
        return self.fail(f"unexpected {text}", start)
