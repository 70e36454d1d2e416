"""What an editor asks of a Dockerfile: pure functions over a parsed file, without any library of the protocol.

Each takes a :class:`dlinter.tree.Dockerfile`, most an offset, and gives the objects below. Every offset is a character
offset of ``file.text``, every range half-open; nothing fails on a file that cannot be built.

=================================================== ==================================================================
``hover.hover(file, offset)``                       ``Hover | None``
``completion.complete(file, offset)``               ``list[Completion]``
``navigation.definitions(file, offset)``            ``list[Definition]``
``navigation.references(file, offset)``             ``list[Occurrence]``, ``declaration=False`` leaves those out
``navigation.highlights(file, offset)``             ``list[Occurrence]``
``navigation.prepare_rename(file, offset)``         ``Name | None``
``navigation.rename(file, offset, name)``           ``list[dlinter.edits.Edit]``, or :class:`RenameError`
``symbols.symbols(file)``                           ``list[Symbol]``
``folding.folds(file)``                             ``list[Fold]``
``selection.selection(file, offset)``               ``list[Range]``, the innermost first
``links.links(file)``                               ``list[Link]``
``tokens.tokens(file, start=0, end=None)``          ``list[SemanticToken]``, in order, on one line each
``signature.signature(file, offset)``               ``Signature | None``
=================================================== ==================================================================

Texts for people are Markdown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "COMPLETION_KINDS",
    "SYMBOL_KINDS",
    "TOKEN_KINDS",
    "TOKEN_MODIFIERS",
    "Completion",
    "Definition",
    "Fold",
    "Hover",
    "Link",
    "Name",
    "Occurrence",
    "Parameter",
    "Range",
    "RenameError",
    "SemanticToken",
    "Signature",
    "Symbol",
]

#: ``Completion.kind``: the names of the protocol's CompletionItemKind in lower case
COMPLETION_KINDS = ("keyword", "property", "value", "variable", "module", "file", "folder", "constant", "reference")
#: ``Symbol.kind``: the names of the protocol's SymbolKind in lower case
SYMBOL_KINDS = ("module", "function", "variable", "constant", "property", "event", "string", "key")
#: ``SemanticToken.kind``, in the order of the legend: the protocol's standard types
TOKEN_KINDS = (
    "comment", "keyword", "operator", "string", "number", "variable", "parameter", "property", "namespace", "function",
    "macro", "class",
)  # fmt: skip
#: ``SemanticToken.modifiers``, in the order of the legend
TOKEN_MODIFIERS = ("declaration", "readonly", "deprecated", "documentation", "defaultLibrary")


@dataclass(slots=True)
class Range:
    """The half-open range ``start``-``end``."""

    start: int
    end: int


@dataclass(slots=True)
class Hover(Range):
    """What is to be said of the range: ``text`` is Markdown."""

    text: str


@dataclass(slots=True)
class Completion(Range):
    """One proposal: ``text`` takes the place of the range, which ends at the cursor or behind it.

    ``label`` is shown and, unless there is a ``filter``, filtered by; ``kind`` is one of :data:`COMPLETION_KINDS`.
    With ``snippet`` the text is in the protocol's snippet syntax and ``plain`` is what to insert where the editor has
    none. ``more`` asks the editor to complete again at once. ``order`` sorts: lower numbers first, then by label.
    ``documentation`` is Markdown.
    """

    label: str
    kind: str
    text: str
    detail: str = ""
    documentation: str = ""
    snippet: bool = False
    plain: str = ""
    more: bool = False
    order: int = 0
    deprecated: bool = False
    filter: str = ""


@dataclass(slots=True)
class Definition:
    """Where a name is defined: the name as asked for, all that defines it, and the name in there."""

    origin: Range
    target: Range
    selection: Range


@dataclass(slots=True)
class Occurrence(Range):
    """One place of a name. ``write`` is true where it is defined or set."""

    write: bool = False


@dataclass(slots=True)
class Name(Range):
    """A name that can be changed; ``text`` is what stands there."""

    text: str


class RenameError(ValueError):
    """The name cannot be changed, or not into this one; the text says why, in a sentence for the user."""


@dataclass(slots=True)
class Symbol(Range):
    """A node of the outline: ``name_start``-``name_end`` lies within the range, the ``children`` too."""

    name: str
    detail: str
    kind: str
    name_start: int
    name_end: int
    children: list[Symbol] = field(default_factory=list)
    deprecated: bool = False


@dataclass(slots=True)
class Fold(Range):
    """What can be folded: from the line of ``start`` to that of ``end``, a later one. ``kind`` is ``"comment"`` or
    ``"region"``, ``text`` what may be shown in its place ("" for the editor's own).
    """

    kind: str
    text: str = ""


@dataclass(slots=True)
class Link(Range):
    """``target`` is a URL, or the absolute path of a file if ``local``; ``tooltip`` says what it is."""

    target: str
    tooltip: str
    local: bool = False


@dataclass(slots=True)
class SemanticToken(Range):
    """A word within one line; ``kind`` is one of :data:`TOKEN_KINDS`, ``modifiers`` of :data:`TOKEN_MODIFIERS`."""

    kind: str
    modifiers: tuple[str, ...] = ()


@dataclass(slots=True)
class Parameter:
    """``start``-``end`` is its place in the signature's label."""

    start: int
    end: int
    documentation: str


@dataclass(slots=True)
class Signature:
    """How an instruction is written. ``active`` is the parameter at the cursor, None where it is at none of them."""

    label: str
    documentation: str
    parameters: list[Parameter]
    active: int | None
