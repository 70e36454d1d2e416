"""Nodes of a shell script. Offsets are into the script text that was parsed; its TextMap leads on to the file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


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
    """A part of a word. ``quoted`` is true inside single or double quotes."""

    __slots__ = ("quoted",)

    def __init__(self, start: int, end: int, quoted: bool) -> None:
        super().__init__(start, end)
        self.quoted = quoted


class Literal(Part):
    """Fixed text; ``value`` is what remains after quote and escape removal."""

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, quoted: bool, value: str) -> None:
        super().__init__(start, end, quoted)
        self.value = value


class Glob(Part):
    """An unquoted ``*``, ``?``, ``[...]``, brace expansion, extended glob or leading ``~``; ``value`` as written."""

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, value: str) -> None:
        super().__init__(start, end, False)
        self.value = value


class Expansion(Part):
    """``$name`` or ``${name...}``. ``operator`` is ``""`` or what follows the name (``:-``, ``#``, ``/``, ``[``, …).

    ``name`` is ``""`` where it is no plain name (``${!x}``, ``${#x}`` have operator ``"!"`` and ``"#len"``).
    ``scripts`` are the command substitutions nested in its word.
    """

    __slots__ = ("name", "operator", "scripts", "word")

    def __init__(
        self, start: int, end: int, quoted: bool, name: str, operator: str, word: str, scripts: tuple[Script, ...]
    ) -> None:
        super().__init__(start, end, quoted)
        self.name = name
        self.operator = operator
        self.word = word
        self.scripts = scripts


class Substitution(Part):
    """``$(...)``, backquotes, ``<(...)`` or ``>(...)``: ``kind`` is ``"$("``, ``"`"``, ``"<("`` or ``">("``.

    ``script`` has true positions; None for backquotes whose body has escapes that shift them.
    """

    __slots__ = ("kind", "script")

    def __init__(self, start: int, end: int, quoted: bool, kind: str, script: Script | None) -> None:
        super().__init__(start, end, quoted)
        self.kind = kind
        self.script = script


class Arithmetic(Part):
    """``$((...))``; ``scripts`` are the command substitutions in it."""

    __slots__ = ("scripts",)

    def __init__(self, start: int, end: int, quoted: bool, scripts: tuple[Script, ...]) -> None:
        super().__init__(start, end, quoted)
        self.scripts = scripts


class ShellWord(ShellNode):
    """A word with its parts. ``text`` as written; ``value`` its text after quote removal, None unless all literal."""

    __slots__ = ("parts", "text", "value")

    def __init__(self, start: int, end: int, text: str, parts: tuple[Part, ...]) -> None:
        super().__init__(start, end)
        self.text = text
        self.parts = parts
        value: str | None = ""
        for part in parts:
            if type(part) is Literal and value is not None:
                value += part.value
            else:
                value = None
        self.value = value


class Assignment(ShellNode):
    """``name=value``, ``name+=value`` or ``name=(...)``. ``index`` is the text between brackets, or None."""

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
        super().__init__(start, end)
        self.name = name
        self.value = value
        self.append = append
        self.index = index
        self.array = array


class Redirect(ShellNode):
    """``2>&1``, ``<file``, ``<<EOF``. ``body`` is the range of the here-document in the script, or None.

    ``fd`` is the text before the operator (``"2"``, ``"{x}"`` or ``""``).
    """

    __slots__ = ("body", "fd", "operator", "target")

    def __init__(
        self, start: int, end: int, fd: str, operator: str, target: ShellWord, body: tuple[int, int] | None
    ) -> None:
        super().__init__(start, end)
        self.fd = fd
        self.operator = operator
        self.target = target
        self.body = body


# -- commands ---------------------------------------------------------------------------------------------------


class Node(ShellNode):
    """Anything that runs. ``redirects`` is empty for lists and pipelines."""

    __slots__ = ("redirects",)

    def __init__(self, start: int, end: int, redirects: tuple[Redirect, ...] = ()) -> None:
        super().__init__(start, end)
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
        super().__init__(start, end, redirects)
        self.assignments = assignments
        self.words = words


class Pipeline(Node):
    """``! a | b |& c``. A pipeline of one command without ``!`` is handed out as the command itself."""

    __slots__ = ("bang", "commands", "operators")

    def __init__(
        self, start: int, end: int, bang: bool, commands: tuple[Node, ...], operators: tuple[ShellNode, ...]
    ) -> None:
        super().__init__(start, end)
        self.bang = bang
        self.commands = commands
        self.operators = operators


class AndOr(Node):
    """``a && b || c``: ``operators[i]`` (with ``text``) stands between ``items[i]`` and ``items[i + 1]``."""

    __slots__ = ("items", "operators")

    def __init__(self, start: int, end: int, items: tuple[Node, ...], operators: tuple[Operator, ...]) -> None:
        super().__init__(start, end)
        self.items = items
        self.operators = operators


class Operator(ShellNode):
    """``&&``, ``||``, ``;``, ``&``, ``|``, ``|&`` or a newline, as ``text``."""

    __slots__ = ("text",)

    def __init__(self, start: int, end: int, text: str) -> None:
        super().__init__(start, end)
        self.text = text


class Statement(Node):
    """One element of a list with what ends it: ``;``, ``&``, a newline, or None at the end of the list."""

    __slots__ = ("node", "terminator")

    def __init__(self, start: int, end: int, node: Node, terminator: Operator | None) -> None:
        super().__init__(start, end)
        self.node = node
        self.terminator = terminator


class Script(ShellNode):
    """A list of statements: the whole script, or the body of a group, a branch or a substitution."""

    __slots__ = ("statements",)

    def __init__(self, start: int, end: int, statements: tuple[Statement, ...]) -> None:
        super().__init__(start, end)
        self.statements = statements


class Compound(Node):
    """``{ }``, ``( )``, ``for``, ``select``, ``while``, ``until``, ``if``, ``case``, ``[[ ]]`` and ``(( ))``.

    ``kind`` is ``"brace" "subshell" "for" "select" "while" "until" "if" "case" "test" "arith"``; ``bodies`` are the
    scripts inside in source order (conditions included); ``words`` the words outside the bodies (those of ``in``,
    the subject of ``case`` and its patterns, the operands of ``[[``); ``variable`` the name that for/select sets.
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
        super().__init__(start, end, redirects)
        self.kind = kind
        self.bodies = bodies
        self.words = words
        self.variable = variable


class Function(Node):
    """``name() compound`` or ``function name compound``."""

    __slots__ = ("body", "name")

    def __init__(self, start: int, end: int, name: str, body: Node) -> None:
        super().__init__(start, end)
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
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: ShellNode) -> Iterator[ShellNode]:
    """The direct children of *node* in source order."""
    raise NotImplementedError
