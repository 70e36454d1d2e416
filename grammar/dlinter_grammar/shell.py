"""Parses shell scripts: ``parse(script)`` gives the tree of ``shell_nodes``, or raises ``ShellSyntaxError``.

``shell.lark`` defines the language, ``shell_tables.py`` is what Lark made of it, ``shell_lexer.py`` cuts the tokens.
The machine here runs the tables; one function for each named alternative of the grammar builds the nodes.
"""

from __future__ import annotations

import re

from .shell_lexer import CASE_IN, COMMAND, Lexer
from .shell_nodes import (
    AndOr,
    Assignment,
    Compound,
    Function,
    Node,
    Operator,
    Part,
    Pipeline,
    Redirect,
    Script,
    ShellSyntaxError,
    ShellWord,
    Simple,
    Statement,
    children,
    simple_commands,
    walk,
)
from .shell_tables import ROWS, RULES, START, STATES, SYMBOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Action = Callable[["Parser", list[Any]], Any]

__all__ = ["ShellSyntaxError", "children", "parse", "simple_commands", "walk"]


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
_LENGTHS = tuple(length for _, length, _ in RULES)
_ORIGINS = tuple(SYMBOLS[origin] for _, _, origin in RULES)


class Parser(Lexer):
    """One script being parsed."""

    __slots__ = ()

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
        actions = _ACTIONS
        lengths = _LENGTHS
        origins = _ORIGINS
        states = [START[start]]
        values: list[Any] = []
        push = values.append
        while True:
            kind = self.next()
            action = rows[states[-1]].get(kind)
            while True:
                if action is None:
                    raise self.unexpected(kind)
                if action >= 0:
                    states.append(action)
                    push(self.value)
                    break
                # Reduce, after a step over the token if the rule says so.
                rule = ~action
                stepped = rule >= _COUNT
                if stepped:
                    rule -= _COUNT
                    push(self.value)
                    states.append(0)
                while True:
                    length = lengths[rule]
                    build = actions[rule]
                    if build is not None:
                        if length:
                            made = build(self, values[-length:])
                            del values[-length:]
                        else:
                            made = build(self, [])
                        push(made)
                    if length:
                        del states[-length:]
                    origin = origins[rule]
                    if origin == start:
                        script: Script = values[-1]
                        return script
                    state = rows[states[-1]][origin]
                    if state >= 0:
                        states.append(state)
                        break
                    rule = ~state - _COUNT
                    states.append(0)
                if stepped:
                    break
                action = rows[states[-1]].get(kind)

    def unexpected(self, kind: str) -> ShellSyntaxError:
        """The error for the current token."""
        token = self.value
        start = 0 if token is None else token.start
        if kind == "$END":
            return self.fail("the script ends too early", start)
        text = "newline" if kind == "NEWLINE" else self.text[start : token.end if token is not None else start]
        return self.fail(f"unexpected {text}", start)


# -- what the alternatives of the grammar build -------------------------------------------------------------------


def _nothing(parser: Parser, v: list[Any]) -> None:
    return None


def _first(parser: Parser, v: list[Any]) -> Any:
    return v[0]


def _second(parser: Parser, v: list[Any]) -> Any:
    return v[1]


def _empty(parser: Parser, v: list[Any]) -> Script:
    at = parser.at if parser.value is None else parser.value.start
    return Script(at, at, ())


def _block(parser: Parser, v: list[Any]) -> Script:
    statements = v[1]
    return Script(statements[0].start, statements[-1].end, tuple(statements))


def _statement(parser: Parser, v: list[Any]) -> list[Statement]:
    node = v[0]
    return [Statement(node.start, node.end, node, None)]


def _next_statement(parser: Parser, v: list[Any]) -> list[Statement]:
    statements: list[Statement]
    statements, node = v
    statements.append(Statement(node.start, node.end, node, None))
    return statements


def _terminate(parser: Parser, v: list[Any]) -> list[Statement]:
    statements: list[Statement]
    statements, operator = v
    last = statements[-1]
    last.terminator = operator
    last.end = operator.end
    return statements


def _chain(parser: Parser, v: list[Any]) -> list[Any]:
    return [v[0], v[1], v[3]]


def _extend_chain(parser: Parser, v: list[Any]) -> list[Any]:
    chain: list[Any] = v[0]
    chain.append(v[1])
    chain.append(v[3])
    return chain


def _end_chain(parser: Parser, v: list[Any]) -> AndOr:
    chain = v[0]
    return AndOr(chain[0].start, chain[-1].end, tuple(chain[::2]), tuple(chain[1::2]))


def _prefix(parser: Parser, v: list[Any]) -> list[Any]:
    token = v[0]
    bang = token.text == "!"
    return [token.start, token.end, bang, not bang]


def _extend_prefix(parser: Parser, v: list[Any]) -> list[Any]:
    prefix: list[Any]
    prefix, token = v
    if token.text == "!":
        prefix[2] = not prefix[2]
    else:
        prefix[3] = True
    prefix[1] = token.end
    return prefix


def _pipeline(parser: Parser, v: list[Any]) -> Pipeline:
    pipes = v[0]
    return Pipeline(pipes[0].start, pipes[-1].end, False, tuple(pipes[::2]), tuple(pipes[1::2]))


def _prefixed_command(parser: Parser, v: list[Any]) -> Pipeline:
    (start, _, bang, time), command = v
    return Pipeline(start, command.end, bang, (command,), (), time)


def _prefixed_pipeline(parser: Parser, v: list[Any]) -> Pipeline:
    (start, _, bang, time), pipes = v
    return Pipeline(start, pipes[-1].end, bang, tuple(pipes[::2]), tuple(pipes[1::2]), time)


def _prefixed_nothing(parser: Parser, v: list[Any]) -> Pipeline:
    start, end, bang, time = v[0]
    return Pipeline(start, end, bang, (), (), time)


# A simple command in the making: its first and its last element, assignments, words, redirections.


def _first_word(parser: Parser, v: list[Any]) -> list[Any]:
    word = v[0]
    return [word, word, [], [word], []]


def _first_assignment(parser: Parser, v: list[Any]) -> list[Any]:
    assignment = v[0]
    return [assignment, assignment, [assignment], [], []]


def _first_redirect(parser: Parser, v: list[Any]) -> list[Any]:
    redirect = v[0]
    return [redirect, redirect, [], [], [redirect]]


def _next_word(parser: Parser, v: list[Any]) -> list[Any]:
    command: list[Any]
    command, word = v
    command[1] = word
    command[3].append(word)
    return command


def _next_assignment(parser: Parser, v: list[Any]) -> list[Any]:
    command: list[Any]
    command, assignment = v
    command[1] = assignment
    command[2].append(assignment)
    return command


def _next_redirect(parser: Parser, v: list[Any]) -> list[Any]:
    command: list[Any]
    command, redirect = v
    command[1] = redirect
    command[4].append(redirect)
    return command


def _simple(parser: Parser, v: list[Any]) -> Simple:
    first, last, assignments, words, redirects = v[0]
    return Simple(first.start, last.end, tuple(assignments), tuple(words), tuple(redirects))


def _redirect(parser: Parser, v: list[Any]) -> Redirect:
    operator, target = v
    redirect = Redirect(operator.start, target.end, "", operator.text, target, None)
    if operator.text == "<<" or operator.text == "<<-":
        parser.pending.append(redirect)
    return redirect


def _redirect_fd(parser: Parser, v: list[Any]) -> Redirect:
    redirect = _redirect(parser, v[1:])
    redirect.start = v[0].start
    redirect.fd = v[0].text
    return redirect


def _one(parser: Parser, v: list[Any]) -> list[Any]:
    return [v[0]]


def _add(parser: Parser, v: list[Any]) -> list[Any]:
    items: list[Any] = v[0]
    items.append(v[-1])
    return items


def _none(parser: Parser, v: list[Any]) -> list[Any]:
    return []


def _redirected(parser: Parser, v: list[Any]) -> Compound:
    compound: Compound
    compound, redirects = v
    compound.redirects = tuple(redirects)
    compound.end = redirects[-1].end
    return compound


def _brace(parser: Parser, v: list[Any]) -> Compound:
    return Compound(v[0].start, v[2].end, "brace", (v[1],), (), None, ())


def _subshell(parser: Parser, v: list[Any]) -> Compound:
    return Compound(v[0].start, v[2].end, "subshell", (v[1],), (), None, ())


def _arith(parser: Parser, v: list[Any]) -> Compound:
    return Compound(v[0].start, v[0].end, "arith", (), (v[0],), None, ())


def _test(parser: Parser, v: list[Any]) -> Compound:
    return Compound(v[0].start, v[2].end, "test", (), tuple(v[1]), None, ())


def _loop(parser: Parser, v: list[Any]) -> Compound:
    return Compound(v[0].start, v[4].end, v[0].text, (v[1], v[3]), (), None, ())


def _group(parser: Parser, v: list[Any]) -> tuple[Script, int]:
    return v[1], v[2].end


def _for_each(parser: Parser, v: list[Any]) -> Compound:
    body, end = v[-1]
    return Compound(v[0].start, end, v[0].text, (body,), (), v[1].text, ())


def _for_in(parser: Parser, v: list[Any]) -> Compound:
    body, end = v[-1]
    return Compound(v[0].start, end, v[0].text, (body,), tuple(v[4]), v[1].text, ())


def _for_arith(parser: Parser, v: list[Any]) -> Compound:
    word: ShellWord = v[1]
    if _semicolons(word) != 2:
        raise parser.fail("for (( takes three expressions with ; between them", word.start)
    body, end = v[-1]
    return Compound(v[0].start, end, "for", (body,), (word,), None, ())


def _if(parser: Parser, v: list[Any]) -> Compound:
    return Compound(v[0].start, v[5].end, "if", (v[1], v[3], *v[4]), (), None, ())


def _if_else(parser: Parser, v: list[Any]) -> Compound:
    return Compound(v[0].start, v[7].end, "if", (v[1], v[3], *v[4], v[6]), (), None, ())


def _elif(parser: Parser, v: list[Any]) -> list[Script]:
    bodies: list[Script] = v[0]
    bodies += (v[2], v[4])
    return bodies


def _case(parser: Parser, v: list[Any]) -> Compound:
    words, bodies = v[4]
    if len(v) == 7:
        words += v[5][0]
        bodies.append(v[5][1])
    return Compound(v[0].start, v[-1].end, "case", tuple(bodies), (v[1], *words), None, ())


def _no_clauses(parser: Parser, v: list[Any]) -> tuple[list[ShellWord], list[Script]]:
    return [], []


def _add_clause(parser: Parser, v: list[Any]) -> tuple[list[ShellWord], list[Script]]:
    clauses: tuple[list[ShellWord], list[Script]] = v[0]
    patterns, body = v[1]
    clauses[0].extend(patterns)
    clauses[1].append(body)
    return clauses


def _clause(parser: Parser, v: list[Any]) -> tuple[list[ShellWord], Script]:
    return v[-3], v[-1]


def _both_terms(parser: Parser, v: list[Any]) -> list[ShellWord]:
    words: list[ShellWord] = v[0]
    words += v[2]
    return words


def _unary_term(parser: Parser, v: list[Any]) -> list[ShellWord]:
    return [v[1]]


def _binary_term(parser: Parser, v: list[Any]) -> list[ShellWord]:
    return [v[0], v[2]]


def _function(parser: Parser, v: list[Any]) -> Function:
    name = v[0]
    return Function(name.start, v[4].end, name.text, v[4])


def _keyword_function(parser: Parser, v: list[Any]) -> Function:
    return Function(v[0].start, v[-1].end, v[1].text, v[-1])


def _coprocess(start: int, name: str | None, command: Node) -> Compound:
    body = Script(command.start, command.end, (Statement(command.start, command.end, command, None),))
    return Compound(start, command.end, "coproc", (body,), (), name, ())


def _coproc(parser: Parser, v: list[Any]) -> Compound:
    return _coprocess(v[0].start, None, v[1])


def _named_coproc(parser: Parser, v: list[Any]) -> Compound:
    return _coprocess(v[0].start, v[1].text, v[2])


def _simple_coproc(parser: Parser, v: list[Any]) -> Compound:
    return _coprocess(v[0].start, None, _simple(parser, v[1:]))


def _semicolons(word: ShellWord) -> int:
    """How many semicolons separate expressions in ``((...))``: those outside of quotes and substitutions."""
    count = 0
    at = word.start
    for part in [*word.parts[0].parts, None]:  # type: ignore[attr-defined]
        end = word.end if part is None else part.start
        count += sum(found[0] == ";" for found in _QUOTED_OR_SEMICOLON(word.text, at - word.start, end - word.start))
        at = word.end if part is None else part.end
    return count


_QUOTED_OR_SEMICOLON = re.compile(r"""\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*'|;""").finditer

_NAMED: dict[str, Action] = {
    "add_clause": _add_clause,
    "add_pattern": _add,
    "add_redirect": _add,
    "add_word": _add,
    "arith": _arith,
    "binary_term": _binary_term,
    "block": _block,
    "both_terms": _both_terms,
    "brace": _brace,
    "case": _case,
    "chain": _chain,
    "clause": _clause,
    "coproc": _coproc,
    "elif_": _elif,
    "empty": _empty,
    "end_chain": _end_chain,
    "extend_chain": _extend_chain,
    "extend_pipes": _extend_chain,
    "extend_prefix": _extend_prefix,
    "first": _first,
    "first_assignment": _first_assignment,
    "first_redirect": _first_redirect,
    "first_word": _first_word,
    "for_arith": _for_arith,
    "for_each": _for_each,
    "for_in": _for_in,
    "function": _function,
    "group": _group,
    "if_": _if,
    "if_else": _if_else,
    "keyword_function": _keyword_function,
    "loop": _loop,
    "named_coproc": _named_coproc,
    "next_assignment": _next_assignment,
    "next_redirect": _next_redirect,
    "next_statement": _next_statement,
    "next_word": _next_word,
    "no_bodies": _none,
    "no_clauses": _no_clauses,
    "no_words": _none,
    "nothing": _nothing,
    "one_redirect": _one,
    "one_word": _one,
    "pipeline": _pipeline,
    "pipes": _chain,
    "prefix": _prefix,
    "prefixed_command": _prefixed_command,
    "prefixed_nothing": _prefixed_nothing,
    "prefixed_pipeline": _prefixed_pipeline,
    "redirect": _redirect,
    "redirect_fd": _redirect_fd,
    "redirected": _redirected,
    "second": _second,
    "simple": _simple,
    "simple_coproc": _simple_coproc,
    "statement": _statement,
    "subshell": _subshell,
    "terminate": _terminate,
    "test": _test,
    "unary_term": _unary_term,
}
_ACTIONS = tuple(None if name is None else _NAMED[name] for name, _, _ in RULES)
