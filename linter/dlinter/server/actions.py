"""Code actions: what mends a finding, what silences it, what explains it.

What an action changes is worked out when it is chosen (``codeAction/resolve``), and at once only for clients that
cannot ask for it. No fix is handed out that did not pass the checks of the fixer, the proof among them.
"""

from __future__ import annotations

import logging

from lsprotocol import types

from dlinter.edits import HINT, SAFE, Safety, splice
from dlinter.engine import RuleFailure
from dlinter.fixer import fix, refusal
from dlinter.server.changes import Unmakeable, differences
from dlinter.server.diagnostics import diagnostic, title_of
from dlinter.server.ignores import REASON, ignores
from dlinter.shell_codes import SHELLCHECK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from dlinter.edits import Edit
    from dlinter.rule import Finding
    from dlinter.server.analysis import Analysis
    from dlinter.server.changes import EditMaker
    from dlinter.server.diagnostics import Client
    from dlinter.server.documents import Document

log = logging.getLogger(__name__)

FIX_ALL = "source.fixAll.dlint"
KINDS = (types.CodeActionKind.QuickFix, FIX_ALL)
EXPLAIN = "dlint.explain"
#: what is said of fixes that are not SAFE
WARNING = "This may change what the build does"
_SUFFIXES = {Safety.SAFE: "", Safety.UNSAFE: " (unsafe: may change the build)", Safety.HINT: " (a hint: look at it)"}


class Refused(Exception):
    """A fix that did not pass the checks; the text says why."""


class Actions:
    """The code actions of one version of a document."""

    def __init__(
        self,
        document: Document,
        analysis: Analysis,
        maker: EditMaker,
        client: Client,
        *,
        opened: Mapping[str, Document],
        lazy: bool,
        explain: bool,
    ) -> None:
        self.document = document
        self.analysis = analysis
        self.maker = maker
        self.client = client
        #: every document of the editor by URI
        self.opened = opened
        #: whether the client asks for edits later
        self.lazy = lazy
        #: whether it can show a page
        self.explain = explain

    def all(self, start: int, end: int, only: Iterable[str] | None) -> list[types.CodeAction]:
        """The actions for the range, of the kinds in *only* and below."""
        found: list[types.CodeAction] = []
        findings = [f for f in self.analysis.findings if f.start <= end and start <= max(f.end, f.start)]
        if _wanted(types.CodeActionKind.QuickFix, only):
            found += self._fixes(findings)
            found += self._same_rule(findings)
            found += self._comments(findings)
            found += self._explanations(findings)
        if _wanted(FIX_ALL, only):
            found += self._fix_all()
        return found

    def edit(self, data: dict[str, Any]) -> types.WorkspaceEdit | None:
        """What the action with this *data* changes, None if nothing.

        :raises Refused: it would not be right, or the client cannot make it.
        """
        try:
            return self._edit(data)
        except RuleFailure as error:
            log.exception("%s", error)
            raise Refused(str(error)) from error

    def _edit(self, data: dict[str, Any]) -> types.WorkspaceEdit | None:
        if data["action"] != "fix":
            return self._made(*self._fixed(frozenset([data["code"]]) if data["action"] == "rule" else None))
        for finding in self.analysis.findings:
            if [finding.code, finding.start, finding.end, finding.message] == data["finding"]:
                if finding.fix is None:
                    break
                warning = "" if finding.fix.needs is SAFE else WARNING
                return self._made(self._checked(finding), finding.fix.others, warning)
        raise Refused("the finding is no longer there")

    def _made(
        self, edits: list[Edit], others: Iterable[tuple[str, str]], warning: str = ""
    ) -> types.WorkspaceEdit | None:
        others = list(others)
        if not edits and not others:
            return None
        made = self.maker.make(self.document, edits, warning)
        try:
            for path, text in others:
                self.maker.add(made, path, text, self.document.encoding, self.opened)
        except Unmakeable as error:
            raise Refused(str(error)) from None
        return made

    def _checked(self, finding: Finding) -> list[Edit]:
        fix = finding.fix
        assert fix is not None
        analysis = self.analysis
        if fix.safety is not HINT:
            dispatcher = analysis.dispatcher
            if finding.code not in SHELLCHECK:
                dispatcher = dispatcher.without_shellcheck()
            reason = refusal(analysis.file, analysis.findings, [finding], dispatcher)
            if reason is not None:
                raise Refused(reason)
        return list(fix.edits)

    def _fixed(self, only: frozenset[str] | None) -> tuple[list[Edit], list[tuple[str, str]]]:
        """What all SAFE fixes together change, in the document and in other files."""
        file = self.analysis.file
        result = fix(file.source, self.analysis.dispatcher.without_shellcheck(), SAFE, only, settings=file.settings)
        for refused in result.refused:
            log.warning("fix of %s %s withheld: %s", refused.code, refused.name, refused.reason)
        if not result.applied and result.refused:
            raise Refused(result.refused[0].reason)
        changed = differences(file.text, result.source.text)
        assert splice(file.text, changed) == result.source.text
        return changed, list(result.settings.amendments.items())

    def _action(
        self, title: str, kind: str, data: dict[str, Any], about: Iterable[Finding], *, preferred: bool | None = None
    ) -> types.CodeAction | None:
        action = types.CodeAction(
            title=title, kind=kind, is_preferred=preferred, diagnostics=[*map(self._diagnostic, about)] or None
        )
        if self.lazy:
            action.data = {"uri": self.document.uri, "version": self.document.version, **data}
            return action
        try:
            action.edit = self.edit(data)
        except Refused as error:
            log.warning("%s: %s", title, error)
        return action if action.edit is not None else None

    def _diagnostic(self, finding: Finding) -> types.Diagnostic:
        return diagnostic(self.document, self.analysis, finding, self.client)

    def _fixes(self, findings: list[Finding]) -> Iterator[types.CodeAction]:
        fixable = [f for f in findings if f.fix is not None]
        for finding in sorted(fixable, key=lambda f: f.fix.needs if f.fix is not None else 0):
            assert finding.fix is not None
            safety = finding.fix.needs
            data = {"action": "fix", "finding": [finding.code, finding.start, finding.end, finding.message]}
            action = self._action(
                title_of(finding) + _SUFFIXES[safety], types.CodeActionKind.QuickFix, data, [finding],
                preferred=safety is SAFE,
            )  # fmt: skip
            if action is not None:
                yield action

    def _same_rule(self, findings: list[Finding]) -> Iterator[types.CodeAction]:
        """One action for all findings of a rule, where there are several."""
        for code in dict.fromkeys(f.code for f in findings if _safe(f)):
            same = [f for f in self.analysis.findings if f.code == code and _safe(f)]
            if len(same) > 1:
                title = f"Fix all {len(same)} of {code} {same[0].rule.name}"
                data = {"action": "rule", "code": code}
                action = self._action(title, types.CodeActionKind.QuickFix, data, same, preferred=False)
                if action is not None:
                    yield action

    def _fix_all(self) -> Iterator[types.CodeAction]:
        safe = [f for f in self.analysis.findings if _safe(f)]
        if safe and self.analysis.plan.options.fix_all:
            action = self._action("Fix everything that is safe to fix", FIX_ALL, {"action": "all"}, ())
            if action is not None:
                yield action

    def _comments(self, findings: list[Finding]) -> Iterator[types.CodeAction]:
        if not self.analysis.plan.options.comment_actions or not self.analysis.dispatcher.pragmas:
            return
        for finding in _once(findings):
            for what, edit in ignores(self.analysis.file, finding):
                text = edit.text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")
                yield types.CodeAction(
                    title=f"Ignore {finding.code} for {what}",
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[self._diagnostic(finding)],
                    is_preferred=False,
                    edit=self.maker.make_snippet(self.document, edit, text.replace(REASON, "${1:why}"))
                    if REASON in edit.text
                    else self.maker.make(self.document, [edit]),
                )

    def _explanations(self, findings: list[Finding]) -> Iterator[types.CodeAction]:
        if not self.explain:
            return
        for finding in _once(findings):
            title = f"Explain {finding.code} {finding.rule.name}"
            yield types.CodeAction(
                title=title,
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[self._diagnostic(finding)],
                is_preferred=False,
                command=types.Command(title=title, command=EXPLAIN, arguments=[finding.code]),
            )


def _safe(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.needs is SAFE


def _once(findings: list[Finding]) -> list[Finding]:
    """The first finding of each rule."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.code, finding)
    return list(first.values())


def _wanted(kind: str, only: Iterable[str] | None) -> bool:
    """True if an action of *kind* is asked for: that kind or one above it."""
    return only is None or any(not each or kind == each or kind.startswith(f"{each}.") for each in only)
