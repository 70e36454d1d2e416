"""What is known of one version of a document: its tree and its findings, found once."""

from __future__ import annotations

import logging
from time import thread_time

from dlinter.engine import Dispatcher, RuleFailure
from dlinter.selection import RuleSet
from dlinter.source import Source
from dlinter.tree import Dockerfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.incremental import Earlier
    from dlinter.rule import Finding
    from dlinter.server.workspaces import Plan

log = logging.getLogger(__name__)


class Analysis:
    """One text under one plan. ``file`` is its tree; nothing here fails, whatever the text.

    *earlier* is what was said of the version before; it is told what is said of this one.
    """

    __slots__ = ("_complete", "_earlier", "_own", "_quick", "cost", "dispatcher", "file", "plan")

    def __init__(self, text: str, path: str, plan: Plan, earlier: Earlier | None = None) -> None:
        self.plan = plan
        self._earlier = earlier
        self.dispatcher = plan.dispatcher
        self.file = Dockerfile(Source(text, path), settings=plan.settings)
        #: seconds of processor time that its rules took, 0 before they ran
        self.cost = 0.0
        self._own: list[Finding] | None = None
        self._quick: list[Finding] | None = None
        self._complete: list[Finding] | None = None

    @property
    def pending(self) -> list[str]:
        """The scripts that ShellCheck has not been asked about yet; none once :attr:`findings` is complete."""
        shellcheck = self.dispatcher.shellcheck
        if shellcheck is None or shellcheck.path is None or self._complete is not None:
            return []
        return shellcheck.pending(self.file)

    @property
    def findings(self) -> list[Finding]:
        """The findings; those of ShellCheck are among them as soon as nothing is :attr:`pending`."""
        if not self.plan.options.enable:
            return []
        if self._complete is None and not self.pending:
            self._complete = self._completed(self.dispatcher)
        if self._complete is not None:
            return self._complete
        if self._quick is None:
            self._quick = self._completed(self.dispatcher.without_shellcheck())
        return self._quick

    def _completed(self, dispatcher: Dispatcher) -> list[Finding]:
        if self._own is None:
            started = thread_time()
            self._own = self._checked()
            self.cost = thread_time() - started
        return dispatcher.completed(self.file, self._own)

    def _checked(self) -> list[Finding]:
        """What the rules say; a rule that fails is left out, and logged."""
        dispatcher = self.dispatcher
        while True:
            try:
                return dispatcher.own(self.file, self._earlier)
            except RuleFailure as error:
                log.exception("%s", error)
                dispatcher = _without(dispatcher, error.code)


def _without(dispatcher: Dispatcher, code: str) -> Dispatcher:
    rules = dispatcher.rules
    left = [info for info in rules.rules if info.code != code]
    return Dispatcher(RuleSet(left, rules.severities, rules.options, rules.profile), pragmas=dispatcher.pragmas)
