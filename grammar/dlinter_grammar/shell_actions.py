"""What the named alternatives of ``shell.lark`` build: one function each, from the values of its symbols.

Lists grow in place while they are parsed, so that long ones cost no more than their length.
"""

from __future__ import annotations

from dlinter_grammar import regex as re

from .shell_nodes import (
    AndOr,
    Assignment,
    Compound,
    Function,
    Node,
    Operator,
    Pipeline,
    Redirect,
    Script,
    ShellWord,
    Simple,
    Statement,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .shell_lexer import Lexer

    Action = Callable[[Lexer, Sequence[Any]], Any]


def _newline(parser: Lexer, v: Sequence[Any]) -> None:
    return None


def _skip(parser: Lexer, v: Sequence[Any]) -> Any:
    return v[0]


def _second(parser: Lexer, v: Sequence[Any]) -> Any:
    return v[1]


def _empty(parser: Lexer, v: Sequence[Any]) -> Script:
    at = parser.at if parser.value is None else parser.value.start
    return Script(at, at, ())


def _block(parser: Lexer, v: Sequence[Any]) -> Script:
    statements = v[0] if type(v[0]) is list else v[1]
    return Script(statements[0].start, statements[-1].end, tuple(statements))


def _statement(parser: Lexer, v: Sequence[Any]) -> list[Statement]:
    node = v[0]
    return [Statement(node.start, node.end, node, None)]


def _next_statement(parser: Lexer, v: Sequence[Any]) -> list[Statement]:
    statements: list[Statement]
    statements, node = v
    statements.append(Statement(node.start, node.end, node, None))
    return statements


def _terminate(parser: Lexer, v: Sequence[Any]) -> list[Statement]:
    statements: list[Statement]
    statements, operator = v
    last = statements[-1]
    last.terminator = operator
    last.end = operator.end
    return statements


def _chain(parser: Lexer, v: Sequence[Any]) -> list[Any]:
    return [v[0], v[1], v[-1]]


def _extend_chain(parser: Lexer, v: Sequence[Any]) -> list[Any]:
    chain: list[Any] = v[0]
    chain.append(v[1])
    chain.append(v[-1])
    return chain


def _end_chain(parser: Lexer, v: Sequence[Any]) -> AndOr:
    chain = v[0]
    return AndOr(chain[0].start, chain[-1].end, tuple(chain[::2]), tuple(chain[1::2]))


def _piped(parser: Lexer, v: Sequence[Any]) -> Pipeline:
    pipes = v[0]
    return Pipeline(pipes[0].start, pipes[-1].end, False, tuple(pipes[::2]), tuple(pipes[1::2]))


def _prefixed(
    tokens: list[Operator], end: int, commands: tuple[Node, ...], operators: tuple[Operator, ...]
) -> Pipeline:
    bangs = sum(token.text == "!" for token in tokens)
    return Pipeline(tokens[0].start, end, bangs % 2 == 1, commands, operators, bangs < len(tokens))


def _prefixed_command(parser: Lexer, v: Sequence[Any]) -> Pipeline:
    return _prefixed(v[0], v[1].end, (v[1],), ())


def _prefixed_pipes(parser: Lexer, v: Sequence[Any]) -> Pipeline:
    return _prefixed(v[0], v[1][-1].end, tuple(v[1][::2]), tuple(v[1][1::2]))


def _prefixed_nothing(parser: Lexer, v: Sequence[Any]) -> Pipeline:
    return _prefixed(v[0], v[0][-1].end, (), ())


_WORDS = {ShellWord}


class _Clause:
    """One clause of ``case``."""

    __slots__ = ("body", "patterns")

    def __init__(self, patterns: list[ShellWord], body: Script) -> None:
        self.patterns = patterns
        self.body = body


def _simple(parser: Lexer, v: Sequence[Any]) -> Simple:
    elements: list[Any] = v[0]
    start = elements[0].start
    end = elements[-1].end
    if set(map(type, elements)) == _WORDS:
        return Simple(start, end, (), tuple(elements), ())
    assignments = tuple([element for element in elements if type(element) is Assignment])
    words = tuple([element for element in elements if type(element) is ShellWord])
    return Simple(start, end, assignments, words, tuple([element for element in elements if type(element) is Redirect]))


def _redirect(parser: Lexer, v: Sequence[Any]) -> Redirect:
    operator, target = v
    redirect = Redirect(operator.start, target.end, "", operator.text, target, None)
    if operator.text == "<<" or operator.text == "<<-":
        parser.pending.append(redirect)
    return redirect


def _redirect_fd(parser: Lexer, v: Sequence[Any]) -> Redirect:
    redirect = _redirect(parser, v[1:])
    redirect.start = v[0].start
    redirect.fd = v[0].text
    return redirect


def _one(parser: Lexer, v: Sequence[Any]) -> list[Any]:
    return [v[0]]


def _add(parser: Lexer, v: Sequence[Any]) -> list[Any]:
    items: list[Any] = v[0]
    items.append(v[-1])
    return items


def _none(parser: Lexer, v: Sequence[Any]) -> list[Any]:
    return []


def _redirected(parser: Lexer, v: Sequence[Any]) -> Compound:
    compound: Compound
    compound, redirects = v
    compound.redirects = tuple(redirects)
    compound.end = redirects[-1].end
    return compound


def _brace(parser: Lexer, v: Sequence[Any]) -> Compound:
    return Compound(v[0].start, v[2].end, "brace", (v[1],), (), None, ())


def _subshell(parser: Lexer, v: Sequence[Any]) -> Compound:
    return Compound(v[0].start, v[2].end, "subshell", (v[1],), (), None, ())


def _arith(parser: Lexer, v: Sequence[Any]) -> Compound:
    return Compound(v[0].start, v[0].end, "arith", (), (v[0],), None, ())


def _test(parser: Lexer, v: Sequence[Any]) -> Compound:
    return Compound(v[0].start, v[2].end, "test", (), tuple(v[1]), None, ())


def _loop(parser: Lexer, v: Sequence[Any]) -> Compound:
    return Compound(v[0].start, v[4].end, v[0].text, (v[1], v[3]), (), None, ())


def _group(parser: Lexer, v: Sequence[Any]) -> tuple[Script, int]:
    return v[1], v[2].end


def _for_each(parser: Lexer, v: Sequence[Any]) -> Compound:
    body, end = v[-1]
    return Compound(v[0].start, end, v[0].text, (body,), (), v[1].text, ())


def _for_in(parser: Lexer, v: Sequence[Any]) -> Compound:
    body, end = v[-1]
    words = v[3] if type(v[3]) is list else v[4]
    return Compound(v[0].start, end, v[0].text, (body,), tuple(words), v[1].text, ())


def _for_arith(parser: Lexer, v: Sequence[Any]) -> Compound:
    word: ShellWord = v[1]
    if _semicolons(word) != 2:
        raise parser.fail("for (( takes three expressions with ; between them", word.start)
    body, end = v[-1]
    return Compound(v[0].start, end, "for", (body,), (word,), None, ())


def _if(parser: Lexer, v: Sequence[Any]) -> Compound:
    return Compound(v[0].start, v[5].end, "if", (v[1], v[3], *v[4]), (), None, ())


def _if_else(parser: Lexer, v: Sequence[Any]) -> Compound:
    return Compound(v[0].start, v[7].end, "if", (v[1], v[3], *v[4], v[6]), (), None, ())


def _elif(parser: Lexer, v: Sequence[Any]) -> list[Script]:
    bodies: list[Script] = v[0]
    bodies += (v[2], v[4])
    return bodies


def _case(parser: Lexer, v: Sequence[Any]) -> Compound:
    words, bodies = next(value for value in v if type(value) is tuple)
    if type(v[-2]) is _Clause:
        words += v[-2].patterns
        bodies.append(v[-2].body)
    return Compound(v[0].start, v[-1].end, "case", tuple(bodies), (v[1], *words), None, ())


def _no_clauses(parser: Lexer, v: Sequence[Any]) -> tuple[list[ShellWord], list[Script]]:
    return [], []


def _add_clause(parser: Lexer, v: Sequence[Any]) -> tuple[list[ShellWord], list[Script]]:
    clauses: tuple[list[ShellWord], list[Script]] = v[0]
    clauses[0].extend(v[1].patterns)
    clauses[1].append(v[1].body)
    return clauses


def _clause(parser: Lexer, v: Sequence[Any]) -> _Clause:
    return _Clause(v[-3], v[-1])


def _both_terms(parser: Lexer, v: Sequence[Any]) -> list[ShellWord]:
    words: list[ShellWord] = v[0]
    words += v[2]
    return words


def _unary_term(parser: Lexer, v: Sequence[Any]) -> list[ShellWord]:
    return [v[1]]


def _binary_term(parser: Lexer, v: Sequence[Any]) -> list[ShellWord]:
    return [v[0], v[2]]


def _function(parser: Lexer, v: Sequence[Any]) -> Function:
    name = v[0]
    return Function(name.start, v[-1].end, name.text, v[-1])


def _keyword_function(parser: Lexer, v: Sequence[Any]) -> Function:
    return Function(v[0].start, v[-1].end, v[1].text, v[-1])


def _coprocess(start: int, name: str | None, command: Node) -> Compound:
    body = Script(command.start, command.end, (Statement(command.start, command.end, command, None),))
    return Compound(start, command.end, "coproc", (body,), (), name, ())


def _coproc(parser: Lexer, v: Sequence[Any]) -> Compound:
    return _coprocess(v[0].start, None, v[1])


def _named_coproc(parser: Lexer, v: Sequence[Any]) -> Compound:
    return _coprocess(v[0].start, v[1].text, v[2])


def _simple_coproc(parser: Lexer, v: Sequence[Any]) -> Compound:
    return _coprocess(v[0].start, None, _simple(parser, v[1:]))


def _semicolons(word: ShellWord) -> int:
    """How many semicolons separate expressions in ``((...))``: those outside of quotes and substitutions."""
    count = 0
    at = word.start
    for part in [*word.parts[0].parts, None]:  # type: ignore[attr-defined]
        end = word.end if part is None else part.start
        count += sum(
            found[0] == ";" for found in _QUOTED_OR_SEMICOLON.finditer(word.text, at - word.start, end - word.start)
        )
        at = word.end if part is None else part.end
    return count


_QUOTED_OR_SEMICOLON = re.compile(r"""\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*'|;""")

ACTIONS: dict[str, Action] = {
    "add_clause": _add_clause,
    "add": _add,
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
    "next_statement": _next_statement,
    "no_clauses": _no_clauses,
    "newline": _newline,
    "none": _none,
    "one": _one,
    "piped": _piped,
    "prefixed_command": _prefixed_command,
    "prefixed_nothing": _prefixed_nothing,
    "prefixed_pipes": _prefixed_pipes,
    "redirect": _redirect,
    "redirect_fd": _redirect_fd,
    "redirected": _redirected,
    "second": _second,
    "simple": _simple,
    "simple_coproc": _simple_coproc,
    "skip": _skip,
    "statement": _statement,
    "subshell": _subshell,
    "terminate": _terminate,
    "test": _test,
    "unary_term": _unary_term,
}
