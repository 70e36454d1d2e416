"""Nodes of a shell script. Offsets are into the script text that was parsed; its TextMap leads on to the file.

Children lie within their parents, in source order, without overlap, except here-document bodies: those are ranges
further down in the script. Nodes are built by ``shell.py`` only and never changed afterwards.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any


class ShellNode:
    """A half-open range ``start``-``end`` of the script."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.start}, {self.end})"


# -- words ------------------------------------------------------------------------------------------------------


class Part(ShellNode):
    """A part of a word. ``quoted`` is true inside single or double quotes.

    The quote characters themselves belong to no part: in ``a"b"`` the second part is the range of ``b``.
    """

    __slots__ = ("quoted",)

    def __init__(self, start: int, end: int, quoted: bool) -> None:
        self.start = start
        self.end = end
        self.quoted = quoted


class Literal(Part):
    """Fixed text; ``value`` is what remains after quote and escape removal. ``""`` has one empty literal."""

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, quoted: bool, value: str) -> None:
        self.start = start
        self.end = end
        self.quoted = quoted
        self.value = value


class Glob(Part):
    """An unquoted ``*``, ``?``, ``[...]``, brace expansion, extended glob or leading ``~``; ``value`` as written.

    Where quotes or expansions stand inside (``[$x]``, ``{"a",b}``) the unquoted pieces around them are globs.
    """

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, value: str) -> None:
        self.start = start
        self.end = end
        self.quoted = False
        self.value = value


class Expansion(Part):
    """``$name`` or ``${name...}``. ``operator`` is ``""`` or what follows the name (``:-``, ``#``, ``/``, ``[``, …).

    ``name`` is ``""`` where it is no plain name (``${!x}``, ``${#x}`` have operator ``"!"`` and ``"#len"``).
    ``word`` is the text between the operator and the closing brace. ``scripts`` are the command substitutions nested
    in it, ``parts`` all expansions and substitutions in it, one level down.
    """

    __slots__ = ("name", "operator", "parts", "scripts", "word")

    def __init__(
        self,
        start: int,
        end: int,
        quoted: bool,
        name: str,
        operator: str,
        word: str,
        scripts: tuple[Script, ...],
        parts: tuple[Part, ...] = (),
    ) -> None:
        self.start = start
        self.end = end
        self.quoted = quoted
        self.name = name
        self.operator = operator
        self.word = word
        self.scripts = scripts
        self.parts = parts


class Substitution(Part):
    """``$(...)``, backquotes, ``<(...)`` or ``>(...)``: ``kind`` is ``"$("``, ``"`"``, ``"<("`` or ``">("``.

    ``script`` has true positions; None for backquotes whose body has escapes that shift them.
    """

    __slots__ = ("kind", "script")

    def __init__(self, start: int, end: int, quoted: bool, kind: str, script: Script | None) -> None:
        self.start = start
        self.end = end
        self.quoted = quoted
        self.kind = kind
        self.script = script


class Arithmetic(Part):
    """``$((...))`` or ``$[...]``; ``scripts`` are the command substitutions in it, ``parts`` all expansions in it.

    The commands ``((...))`` and ``for ((...))`` carry one too, as the only part of their only word.
    """

    __slots__ = ("parts", "scripts")

    def __init__(
        self, start: int, end: int, quoted: bool, scripts: tuple[Script, ...], parts: tuple[Part, ...] = ()
    ) -> None:
        self.start = start
        self.end = end
        self.quoted = quoted
        self.scripts = scripts
        self.parts = parts


class Array(Part):
    """``(a b c)`` after ``name=`` in an argument of ``declare``, ``export``, ``local``, ``readonly`` or ``typeset``."""

    __slots__ = ("words",)

    def __init__(self, start: int, end: int, words: tuple[ShellWord, ...]) -> None:
        self.start = start
        self.end = end
        self.quoted = False
        self.words = words


class ShellWord(ShellNode):
    """A word with its parts. ``text`` as written; ``value`` its text after quote removal, None unless all literal."""

    __slots__ = ("parts", "text", "value")

    def __init__(self, start: int, end: int, text: str, parts: tuple[Part, ...]) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.parts = parts
        value: str | None = ""
        for part in parts:
            if type(part) is not Literal:
                value = None
                break
            value = value + part.value if value else part.value
        self.value = value


class Assignment(ShellNode):
    """``name=value``, ``name+=value`` or ``name=(...)``. ``index`` is the text between brackets, or None.

    ``value`` is an empty word in ``name=`` and None where ``array`` holds the elements instead.
    """

    __slots__ = ("append", "array", "index", "name", "value")

    def __init__(
        self,
        start: int,
        end: int,
        name: str,
        value: ShellWord | None,
        append: bool,
        index: str | None,
        array: tuple[ShellWord, ...] | None,
    ) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.value = value
        self.append = append
        self.index = index
        self.array = array


class Redirect(ShellNode):
    """``2>&1``, ``<file``, ``<<EOF``. ``body`` is the range of the here-document in the script, or None.

    ``fd`` is the text before the operator (``"2"``, ``"{x}"`` or ``""``). A body that the script ends before it begins
    is None; one without its delimiter runs to the end of the script. The delimiter's line is not in it.
    """

    __slots__ = ("body", "fd", "operator", "target")

    def __init__(
        self, start: int, end: int, fd: str, operator: str, target: ShellWord, body: tuple[int, int] | None
    ) -> None:
        self.start = start
        self.end = end
        self.fd = fd
        self.operator = operator
        self.target = target
        self.body = body


# -- commands ---------------------------------------------------------------------------------------------------


class Node(ShellNode):
    """Anything that runs. ``redirects`` is empty for lists and pipelines."""

    __slots__ = ("redirects",)

    def __init__(self, start: int, end: int, redirects: tuple[Redirect, ...] = ()) -> None:
        self.start = start
        self.end = end
        self.redirects = redirects


class Simple(Node):
    """A simple command: assignments, words and redirections in any order of appearance."""

    __slots__ = ("assignments", "words")

    def __init__(
        self,
        start: int,
        end: int,
        assignments: tuple[Assignment, ...],
        words: tuple[ShellWord, ...],
        redirects: tuple[Redirect, ...],
    ) -> None:
        self.start = start
        self.end = end
        self.redirects = redirects
        self.assignments = assignments
        self.words = words


class Pipeline(Node):
    """``! a | b |& c``. A pipeline of one command without ``!`` is handed out as the command itself.

    ``bang`` is false for ``! !``; ``time`` is true after ``time``, with no commands where none follow.
    """

    __slots__ = ("bang", "commands", "operators", "time")

    def __init__(
        self,
        start: int,
        end: int,
        bang: bool,
        commands: tuple[Node, ...],
        operators: tuple[ShellNode, ...],
        time: bool = False,
    ) -> None:
        self.start = start
        self.end = end
        self.redirects = ()
        self.bang = bang
        self.commands = commands
        self.time = time
        self.operators = operators


class AndOr(Node):
    """``a && b || c``: ``operators[i]`` (with ``text``) stands between ``items[i]`` and ``items[i + 1]``."""

    __slots__ = ("items", "operators")

    def __init__(self, start: int, end: int, items: tuple[Node, ...], operators: tuple[Operator, ...]) -> None:
        self.start = start
        self.end = end
        self.redirects = ()
        self.items = items
        self.operators = operators


class Operator(ShellNode):
    """``&&``, ``||``, ``;``, ``&``, ``|``, ``|&`` or a newline, as ``text``."""

    __slots__ = ("text",)

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start = start
        self.end = end
        self.text = text


class Statement(Node):
    """One element of a list with what ends it: ``;``, ``&``, a newline, or None at the end of the list.

    Its range includes the terminator.
    """

    __slots__ = ("node", "terminator")

    def __init__(self, start: int, end: int, node: Node, terminator: Operator | None) -> None:
        self.start = start
        self.end = end
        self.redirects = ()
        self.node = node
        self.terminator = terminator


class Script(ShellNode):
    """A list of statements: the whole script, or the body of a group, a branch or a substitution.

    The range of a whole script or a substitution is all of its text, that of other bodies their statements.
    """

    __slots__ = ("statements",)

    def __init__(self, start: int, end: int, statements: tuple[Statement, ...]) -> None:
        self.start = start
        self.end = end
        self.statements = statements


class Compound(Node):
    """``{ }``, ``( )``, ``for``, ``select``, ``while``, ``until``, ``if``, ``case``, ``[[ ]]``, ``(( ))``, ``coproc``.

    ``kind`` is ``"brace" "subshell" "for" "select" "while" "until" "if" "case" "test" "arith" "coproc"``; ``bodies``
    are the scripts inside in source order (conditions included); ``words`` the words outside the bodies (those of
    ``in``, the subject of ``case`` and its patterns, the operands of ``[[``, the text of ``((``); ``variable`` the name
    that for, select or coproc sets.
    """

    __slots__ = ("bodies", "kind", "variable", "words")

    def __init__(
        self,
        start: int,
        end: int,
        kind: str,
        bodies: tuple[Script, ...],
        words: tuple[ShellWord, ...],
        variable: str | None,
        redirects: tuple[Redirect, ...],
    ) -> None:
        self.start = start
        self.end = end
        self.redirects = redirects
        self.kind = kind
        self.bodies = bodies
        self.words = words
        self.variable = variable


class Function(Node):
    """``name() compound`` or ``function name compound``."""

    __slots__ = ("body", "name")

    def __init__(self, start: int, end: int, name: str, body: Node) -> None:
        self.start = start
        self.end = end
        self.redirects = ()
        self.name = name
        self.body = body


class ShellSyntaxError(Exception):
    """The script does not parse; ``offset`` is into the script, ``message`` a sentence for the user."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def walk(node: ShellNode) -> Iterator[ShellNode]:
    """*node* and everything in it in source order: words, parts, redirections and nested scripts too."""
    stack = [children(node)]
    yield node
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        else:
            yield child
            stack.append(children(child))


def children(node: ShellNode) -> Iterator[ShellNode]:
    """The direct children of *node* in source order."""
    return iter(_CHILDREN[type(node)](node))


def simple_commands(node: ShellNode) -> Iterator[Simple]:
    """Every simple command in *node* in source order, however deep: in branches, functions and substitutions too."""
    for found in walk(node):
        if type(found) is Simple:
            yield found


def and_list(script: Script) -> list[Node] | None:
    """The elements of a script that is one pure ``a && b && c``, or a single command; None for every other."""
    if len(script.statements) != 1:
        return None
    statement = script.statements[0]
    if statement.terminator is not None and statement.terminator.text == "&":
        return None
    node = statement.node
    if isinstance(node, AndOr):
        return list(node.items) if all(operator.text == "&&" for operator in node.operators) else None
    return [node]


def _sorted(*groups: tuple[ShellNode, ...]) -> list[ShellNode]:
    return sorted([child for group in groups for child in group], key=_start)


def _start(node: ShellNode) -> int:
    return node.start


_CHILDREN: dict[type, Callable[[Any], Sequence[ShellNode]]] = {
    Literal: lambda node: (),
    Glob: lambda node: (),
    Operator: lambda node: (),
    Expansion: lambda node: node.parts,
    Substitution: lambda node: () if node.script is None else (node.script,),
    Arithmetic: lambda node: node.parts,
    Array: lambda node: node.words,
    ShellWord: lambda node: node.parts,
    Assignment: lambda node: (node.value,) if node.array is None else node.array,
    Redirect: lambda node: (node.target,),
    Simple: lambda node: _sorted(node.assignments, node.words, node.redirects),
    Pipeline: lambda node: _sorted(node.commands, node.operators),
    AndOr: lambda node: _sorted(node.items, node.operators),
    Statement: lambda node: (node.node,) if node.terminator is None else (node.node, node.terminator),
    Script: lambda node: node.statements,
    Compound: lambda node: _sorted(node.words, node.bodies, node.redirects),
    Function: lambda node: (node.body,),
}
