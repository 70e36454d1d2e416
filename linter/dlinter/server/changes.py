"""Edits of the file as the protocol's edits, and the smallest set of them that leads from one text to another."""

from __future__ import annotations

from difflib import SequenceMatcher

from lsprotocol import types

from dlinter.edits import Edit
from dlinter.server.diagnostics import range_of
from dlinter.server.documents import Document, uri_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: lines that differ up to which they are compared one by one
_COMPARED = 4000


class Unmakeable(Exception):
    """A change that the client cannot make; the text says why."""


class EditMaker:
    """Makes workspace edits of the kind that the client takes: for a version of the document, with annotations, with
    snippets, each where it is known.
    """

    __slots__ = ("annotations", "creates", "snippets", "versions")

    def __init__(self, capabilities: types.WorkspaceEditClientCapabilities | None = None) -> None:
        self.versions = bool(capabilities and capabilities.document_changes)
        self.annotations = bool(self.versions and capabilities and capabilities.change_annotation_support)
        operations = capabilities.resource_operations if self.versions and capabilities else None
        self.creates = types.ResourceOperationKind.Create in (operations or ())
        self.snippets = bool(self.versions and capabilities and capabilities.snippet_edit_support)

    def make(self, document: Document, edits: Iterable[Edit], warning: str = "") -> types.WorkspaceEdit:
        """*edits* of *document*; with a *warning* the user is asked before they are made, if the client can ask."""
        lines = document.lines
        if not self.versions:
            return types.WorkspaceEdit(changes={document.uri: text_edits(document, edits)})
        asked = self.annotations and bool(warning)
        made: list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit] = []
        for edit in edits:
            place = range_of(lines, edit.start, edit.end)
            if asked:
                made.append(types.AnnotatedTextEdit("unsafe", place, edit.text))
            else:
                made.append(types.TextEdit(place, edit.text))
        return types.WorkspaceEdit(
            document_changes=[self._of_version(document, made)],
            change_annotations={"unsafe": types.ChangeAnnotation(warning, needs_confirmation=True)} if asked else None,
        )

    def add(
        self, made: types.WorkspaceEdit, path: str, text: str, encoding: str, opened: Mapping[str, Document]
    ) -> None:
        """Let *made* also give the file at *path* the *text*; *opened* are the documents of the editor.

        :raises Unmakeable: the file has unsaved changes, or is missing and the client makes no files.
        """
        uri = uri_of(path)
        before = _content(path)
        document = opened.get(uri)
        if document is not None and document.text != before:
            raise Unmakeable(f"{path} has changes that are not saved")
        if before is None and not self.creates:
            raise Unmakeable(f"{path} is missing, and the editor cannot make files")
        other = document or Document(uri, before or "", None, encoding)
        edits = text_edits(other, differences(other.text, text))
        if made.changes is not None:
            made.changes = {**made.changes, uri: edits}
            return
        creation = [types.CreateFile(uri=uri)] if before is None else []
        made.document_changes = [*(made.document_changes or ()), *creation, self._of_version(other, edits)]

    def make_snippet(self, document: Document, edit: Edit, snippet: str) -> types.WorkspaceEdit:
        """*edit* with *snippet* instead of its text, where the client takes snippets."""
        if not self.snippets:
            return self.make(document, [edit])
        place = range_of(document.lines, edit.start, edit.end)
        made = types.SnippetTextEdit(range=place, snippet=types.StringValue(snippet))
        return types.WorkspaceEdit(document_changes=[self._of_version(document, [made])])

    def _of_version(
        self,
        document: Document,
        edits: Sequence[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit],
    ) -> types.TextDocumentEdit:
        name = types.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=document.version)
        return types.TextDocumentEdit(text_document=name, edits=edits)


def _content(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except OSError:
        return None


def text_edits(document: Document, edits: Iterable[Edit]) -> list[types.TextEdit]:
    """*edits* with ranges of the protocol."""
    return [types.TextEdit(range_of(document.lines, edit.start, edit.end), edit.text) for edit in edits]


def differences(before: str, after: str) -> list[Edit]:
    """Edits that make *after* of *before* and leave lines that are equal alone, so that cursors stay where they are."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    top = 0
    while top < min(len(old), len(new)) and old[top] == new[top]:
        top += 1
    bottom = 0
    while bottom < min(len(old), len(new)) - top and old[-1 - bottom] == new[-1 - bottom]:
        bottom += 1
    offset = sum(map(len, old[:top]))
    old, new = old[top : len(old) - bottom], new[top : len(new) - bottom]
    if max(len(old), len(new)) > _COMPARED:
        return [Edit(offset, offset + sum(map(len, old)), "".join(new))]
    starts = [offset]
    for line in old:
        starts.append(starts[-1] + len(line))
    found: list[Edit] = []
    for kind, first, last, first_new, last_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            text = "".join(new[first_new:last_new])
            found.append(_narrowed(Edit(starts[first], starts[last], text), "".join(old[first:last])))
    return found


def _narrowed(edit: Edit, old: str) -> Edit:
    """*edit*, which replaces *old*, without the beginning and the end that stay as they are."""
    new = edit.text
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    # a position cannot stand between the two characters of one line end
    if old[head - 1 : head] == "\r" and (old[head : head + 1] == "\n" or new[head : head + 1] == "\n"):
        head -= 1
    if tail and old[-tail] == "\n" and (old[-tail - 1 : -tail] == "\r" or new[-tail - 1 : -tail] == "\r"):
        tail -= 1
    return Edit(edit.start + head, edit.end - tail, new[head : len(new) - tail])
