"""``--since REV``: the lines that differ from a revision of the git repository that a file lies in."""

from __future__ import annotations

import os
import subprocess

from dlinter.config import ConfigError
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.source import Source

_HUNK = re.compile(rb"^@@ -[0-9,]+ \+(\d+)(?:,(\d+))? @@", re.M)
_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames", "--inter-hunk-context=0")


class SinceError(ConfigError):
    """The changes since a revision cannot be told; the text says why."""


class Changes:
    """What changed since *rev*, or since the commit where the branch of *rev* and ours parted."""

    def __init__(self, rev: str) -> None:
        self.rev = rev
        self._repositories: dict[str, _Repository] = {}

    def touch(self, path: str) -> bool:
        """Whether the file at *path* has changed lines.

        :raises SinceError: it lies in no repository, or the revision is unknown there.
        """
        lines = self._of(path)
        return lines is None or bool(lines)

    def ranges(self, path: str, source: Source) -> list[tuple[int, int]] | None:
        """The changed lines of the file at *path* as ranges of characters in *source*; None for the whole file.

        :raises SinceError: it lies in no repository, or the revision is unknown there.
        """
        lines = self._of(path)
        if lines is None:
            return None
        starts = [*source.starts, len(source.text)]
        last = len(starts) - 1
        return [(starts[min(first - 1, last)], starts[min(first - 1 + count, last)]) for first, count in lines]

    def _of(self, path: str) -> list[tuple[int, int]] | None:
        if path == "-":
            raise SinceError("--since needs files; what comes from standard input has no history")
        real = os.path.realpath(path)
        top = os.path.dirname(real)
        while not os.path.exists(os.path.join(top, ".git")):
            top, below = os.path.dirname(top), top
            if top == below:
                raise SinceError(f"--since needs a git repository, and {path} lies in none")
        if top not in self._repositories:
            self._repositories[top] = _Repository(top, self.rev)
        return self._repositories[top].lines(os.path.relpath(real, top).replace(os.sep, "/"))


class _Repository:
    """The work tree at *top* and what differs in it from *rev*."""

    def __init__(self, top: str, rev: str) -> None:
        self.top = top
        self._lines: dict[str, list[tuple[int, int]] | None] = {}
        commit = self._commit(rev)
        try:
            self.base = _git(top, "merge-base", commit, "HEAD").strip().decode()
        except SinceError:
            self.base = commit  # no common history, or none that a shallow clone knows of
        self._tracked = set(_names(_git(top, "ls-files", "-z")))
        #: changed file -> what it was called at the revision, None where there was none
        self._before: dict[str, str | None] = {}
        fields = iter(_names(_git(top, *_DIFF, "--raw", "-z", self.base)))
        for field in fields:
            status = field.rpartition(" ")[2]
            name = old = next(fields)
            if status[0] in "RC":
                name = next(fields)
            self._before[name] = None if status[0] == "A" else old

    def _commit(self, rev: str) -> str:
        if not rev or rev.startswith("-"):
            raise SinceError(f"--since takes a revision such as origin/main, not {rev!r}")
        try:
            return _git(self.top, "rev-parse", "--verify", "--quiet", f"{rev}^{{commit}}").strip().decode()
        except SinceError as error:
            if str(error) != _SILENT:
                raise
            advice = "a shallow clone has the last commit only: fetch more, on GitHub with fetch-depth: 0"
            raise SinceError(f"--since: {self.top} has no revision {rev!r} ({advice})") from None

    def lines(self, name: str) -> list[tuple[int, int]] | None:
        """First and number of the lines of the file *name* that changed, None for all of them."""
        if name not in self._tracked:
            return None
        if name not in self._before:
            return []
        if name not in self._lines:
            old = self._before[name]
            self._lines[name] = None if old is None else self._hunks(old, name)
        return self._lines[name]

    def _hunks(self, old: str, new: str) -> list[tuple[int, int]]:
        names = dict.fromkeys((old, new))
        diff = _git(self.top, "--literal-pathspecs", *_DIFF, "--unified=0", "--text", self.base, "--", *names)
        found = [(int(hunk[1]), int(hunk[2] or 1)) for hunk in _HUNK.finditer(diff)]
        return [(first, count) for first, count in found if count]


_SILENT = "git failed"
#: what a hook or a user may have set for other repositories, and for diffs that people read
_FOREIGN = frozenset((
    "GIT_DIR", "GIT_WORK_TREE", "GIT_DIFF_OPTS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
))  # fmt: skip


def _names(data: bytes) -> list[str]:
    return [os.fsdecode(name) for name in data.split(b"\0") if name]


def _git(top: str, *words: str) -> bytes:
    """What ``git words…`` prints in the work tree at *top*.

    :raises SinceError: git is missing, or fails.
    """
    environment = {key: value for key, value in os.environ.items() if key not in _FOREIGN}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "--no-pager", *words], cwd=top, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            check=False,
        )  # fmt: skip
    except OSError as error:
        raise SinceError(f"--since needs git, which cannot be run: {error.strerror or error}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise SinceError(f"--since: git {words[0]} in {top}: {said}" if said else _SILENT)
    return done.stdout
