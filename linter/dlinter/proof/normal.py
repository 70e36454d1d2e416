"""The normal form of a shell script: what is left when layout, comments and quoting that means nothing are gone.

A word is a text where it is fixed, else a tuple of parts; commands and lists are nested tuples, so that equal meaning
is plain equality:

``(SCRIPT, ((node, background), …))``   statements one after another; a single one in the foreground is itself
``(ANDOR, (node, …), ("&&", …))``       ``a && b || c``
``(PIPE, negated, timed, (node, …), ("|", …))``
``(CMD, assignments, words, redirects)``
``(GROUP, kind, inside, variable, redirects)``   loops, branches, ``{ }``, ``( )``; words and scripts in order
``(FUNCTION, name, body, keyword)``
``(RAW, kind, text, heredocs)``         whatever is compared as it is written

The first element is a number, which no word can be.

Where one reading of a construct differs between bash and a POSIX shell, the text itself is kept, so that equality
holds for both (POSIX.1-2017 XCU 2; bash(1); dash(1)).
"""

from __future__ import annotations

from dlinter_grammar import regex as re
from dlinter_grammar.shell import parse
from dlinter_grammar.shell_nodes import (
    AndOr,
    Arithmetic,
    Array,
    Assignment,
    Compound,
    Expansion,
    Function,
    Glob,
    Literal,
    Node,
    Part,
    Pipeline,
    Redirect,
    Script,
    ShellNode,
    ShellSyntaxError,
    ShellWord,
    Simple,
    Substitution,
    walk,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    #: a nested tuple as described above
    Form = tuple[Any, ...]
    #: a fixed word, or its parts
    Word = str | Form

#: what the tuples of the normal form begin with
SCRIPT, ANDOR, PIPE, CMD, GROUP, FUNCTION, RAW, BODY = range(10, 18)
#: what the parts of a word begin with
LITERAL, GLOB, VARIABLE, SUBSTITUTION, TEXT, MATH, ARRAY, QUOTED = range(20, 28)
#: words that the shell knows by their spelling: quoted, they are read differently
_BY_SPELLING = frozenset({"export", "readonly", "local", "declare", "typeset", "alias", "command", "builtin"})
_GLOBBING = re.compile(r"[\[\]*?\\{},!^-]")


def normal(text: str) -> Form | None:
    """The normal form of the script *text*, None where it does not parse."""
    try:
        root = parse(text)
    except ShellSyntaxError:
        return None
    form = _Normal(text).script(root)
    if "alias" in text and any(command[2] and command[2][0] == "alias" for command in commands(form)):
        # an alias can turn any word into anything
        return (RAW, "alias", text, ())
    return form


class _Normal:
    """The normal forms of the nodes of one script."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    # -- lists ----------------------------------------------------------------------------------------------------

    def script(self, script: Script) -> Form:
        statements = script.statements
        if len(statements) == 1:
            terminator = statements[0].terminator
            if terminator is None or terminator.text != "&":
                return self.node(statements[0].node)
        found = []
        for statement in statements:
            terminator = statement.terminator
            found.append((self.node(statement.node), terminator is not None and terminator.text == "&"))
        return (SCRIPT, tuple(found))

    def node(self, node: Node) -> Form:
        kind = type(node)
        if kind is Simple:
            assert isinstance(node, Simple)
            return self.simple(node)
        if isinstance(node, AndOr):
            return (ANDOR, tuple([self.node(n) for n in node.items]), tuple([o.text for o in node.operators]))
        if isinstance(node, Pipeline):
            commands = tuple([self.node(n) for n in node.commands])
            return (PIPE, node.bang, node.time, commands, tuple([self.raw(o) for o in node.operators]))
        if isinstance(node, Compound):
            return self.compound(node)
        assert isinstance(node, Function)
        keyword = re.match(r"function\b", self.text[node.start : node.end])
        return (FUNCTION, node.name, self.node(node.body), keyword is not None)

    def compound(self, node: Compound) -> Form:
        if node.kind in ("test", "arith") or (node.kind == "case" and ";&" in self.text[node.start : node.end]):
            return self.verbatim(node.kind, node)
        inside: list[tuple[int, object]] = [(word.start, self.word(word)) for word in node.words]
        inside += [(body.start, (BODY, self.script(body))) for body in node.bodies]
        inside.sort(key=lambda pair: pair[0])
        kind = node.kind
        if kind in ("for", "select"):
            # without "in" the loop runs over the parameters
            start = min((body.start for body in node.bodies), default=node.end)
            header = self.text[node.start : start]
            kind += " in" if re.search(r"\bin\b", header.replace("\\\n", "")) else ""
            kind += " ((" if "((" in header else ""
        return (GROUP, kind, tuple([form for _, form in inside]), node.variable, self.redirects(node))

    def verbatim(self, kind: str, node: ShellNode) -> Form:
        """*node* as it is written, blanks aside where no quotes stand."""
        text = self.raw(node)
        if not re.search(r"[\"'\\`#<]", text):
            text = " ".join(text.split())
        return (RAW, kind, text, tuple(self.bodies(node)))

    def bodies(self, node: ShellNode) -> Iterator[str]:
        for found in walk(node):
            if isinstance(found, Redirect) and found.body is not None:
                yield self.text[found.body[0] : found.body[1]]

    def raw(self, node: ShellNode) -> str:
        return self.text[node.start : node.end].replace("\\\n", "")

    # -- commands -------------------------------------------------------------------------------------------------

    def simple(self, node: Simple) -> Form:
        words = node.words
        forms = tuple([word.text if word.value == word.text else self.word(word) for word in words])
        if words and forms[0] in _BY_SPELLING and words[0].text != words[0].value:
            forms = (((QUOTED, forms[0]),), *forms[1:])
        assigned = node.assignments
        return (
            CMD,
            tuple([self.assignment(a) for a in assigned]) if assigned else (),
            forms,
            self.redirects(node) if node.redirects else (),
        )

    def assignment(self, node: Assignment) -> Form:
        index = node.index
        if node.array is not None:
            return (node.name, node.append, index, (ARRAY, tuple([self.word(w) for w in node.array])))
        assert node.value is not None
        return (node.name, node.append, index, self.word(node.value))

    def redirects(self, node: Node) -> Form:
        found = []
        for redirect in node.redirects:
            body = None if redirect.body is None else self.text[redirect.body[0] : redirect.body[1]]
            target: object = self.word(redirect.target)
            if redirect.operator in ("<<", "<<-"):
                # the delimiter's name means nothing, but quotes in it keep the body from being expanded
                target = bool(re.search(r"[\\\"'$`]", redirect.target.text))
                body = redirect.target.text if body is None else body
            found.append((redirect.fd, redirect.operator, target, body))
        return tuple(found)

    # -- words ----------------------------------------------------------------------------------------------------

    def word(self, word: ShellWord) -> Word:
        value = word.value
        text = word.text
        if value is not None:
            if value == text:
                return text
            if "$'" in text or '$"' in text or "~" in value:
                return ((LITERAL, value, self.raw(word)),)
            return value
        bare = any(type(p) is not Literal and not p.quoted for p in word.parts)
        parts: list[Form] = []
        for part in word.parts:
            if type(part) is Literal:
                self.literal(part, bare, parts)
            else:
                parts.append(self.part(part))
        return tuple(parts)

    def literal(self, part: Literal, bare: bool, parts: list[Form]) -> None:
        """Fixed text next to something that is expanded: joined, quoted or not, where that makes no difference."""
        value = part.value
        mark = ""
        if part.quoted and self.text[part.start - 2 : part.start] in ("$'", '$"'):
            mark = self.raw(part) + "$"
        elif "~" in value or (bare and (not value or _GLOBBING.search(value))):
            mark = ("quoted" if part.quoted else "bare") + self.raw(part)
        if not mark and parts and parts[-1][0] == LITERAL and not parts[-1][2]:
            parts[-1] = (LITERAL, parts[-1][1] + value, "")
        elif value or mark:
            parts.append((LITERAL, value, mark))

    def part(self, part: Part) -> Form:
        if isinstance(part, Glob):
            return (GLOB, part.value)
        if isinstance(part, Expansion):
            scripts = tuple([self.script(s) for s in part.scripts])
            if part.name and not part.operator:
                return (VARIABLE, part.quoted, part.name, "", "", scripts)
            return (VARIABLE, part.quoted, part.name, part.operator, self.raw(part), scripts)
        if isinstance(part, Substitution):
            kind = "$(" if part.kind == "`" else part.kind
            if part.script is None:
                return (TEXT, part.quoted, part.kind, self.raw(part))
            return (SUBSTITUTION, part.quoted, kind, self.script(part.script))
        if isinstance(part, Arithmetic):
            return (MATH, part.quoted, self.raw(part), tuple([self.script(s) for s in part.scripts]))
        assert isinstance(part, Array)
        return (ARRAY, tuple([self.word(w) for w in part.words]))


def commands(form: Form) -> Iterator[Form]:
    """Every ``cmd`` in *form*, in source order, those of substitutions after the command they stand in."""
    stack = [form]
    while stack:
        top = stack.pop()
        if top and top[0] == CMD:
            yield top
        stack += [part for part in reversed(top) if type(part) is tuple]


def and_list(form: Form) -> tuple[Form, ...]:
    """The elements of ``a && b && c``; of anything else the whole."""
    if form[0] == ANDOR and all(operator == "&&" for operator in form[2]):
        return tuple(form[1])
    return (form,)


def has_function(form: object) -> bool:
    """True if *form* defines a function."""
    return type(form) is tuple and bool(form) and (form[0] == FUNCTION or any(has_function(part) for part in form))


def parts_of(form: object) -> Iterator[Form]:
    """*form* and every tuple in it."""
    stack = [form]
    while stack:
        top = stack.pop()
        if type(top) is tuple:
            yield top
            stack += reversed(top)


def shown(form: object) -> str:
    """A form in words a reader knows, roughly as it was written."""
    if type(form) is str:
        return form if form and not re.search(r"[\s\"'$&;|<>()*?#]", form) else "'" + form.replace("'", "'\\''") + "'"
    assert type(form) is tuple
    kind = form[0] if form else 0
    if kind == CMD:
        _, assigned, words, redirects = form
        pieces = [f"{a[0]}{'+=' if a[1] else '='}{shown(a[3]) if a[3] else ''}" for a in assigned]
        pieces += [shown(word) for word in words]
        pieces += [f"{fd}{op}{shown(to) if type(to) is not bool else 'EOF'}" for fd, op, to, _ in redirects]
        return " ".join(pieces)
    if kind == ANDOR:
        operators = ("", *form[2])
        return " ".join(f"{op} {shown(item)}".strip() for op, item in zip(operators, form[1], strict=True))
    if kind == SCRIPT:
        return "; ".join(shown(node) + (" &" if background else "") for node, background in form[1])
    if kind == PIPE:
        return ("! " if form[1] else "") + " | ".join(shown(item) for item in form[3])
    if kind == GROUP:
        inside = " ".join(shown(p[1]) if type(p) is tuple and p[:1] == (BODY,) else shown(p) for p in form[2])
        return f"{form[1]} {inside}"
    if kind == FUNCTION:
        return f"{form[1]}() …"
    if kind == RAW:
        return str(form[2])
    return "".join(_part_shown(part) for part in form)


def _part_shown(part: Any) -> str:
    if type(part) is not tuple or not part:
        return str(part)
    if part[0] == VARIABLE:
        text = part[4] or f"${part[2]}"
        return f'"{text}"' if part[1] else str(text)
    if part[0] == SUBSTITUTION:
        return f"$({shown(part[3])})"
    if part[0] in (LITERAL, GLOB):
        return str(part[1])
    return str(part[3] if part[0] == TEXT else part[2] if part[0] == MATH else "(…)")
