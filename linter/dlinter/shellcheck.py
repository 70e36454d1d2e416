"""Runs ShellCheck over the scripts of many files at once, and makes findings of what it says.

One process reads all scripts that are not known yet; equal scripts are asked about once. Answers are kept in a
mapping that the caller may hand in, so that one that outlives the run can take its place.
"""

from __future__ import annotations

import os

from dlinter.cache import Answers, stamp
from dlinter.rule import Finding, Severity
from dlinter.shell_bodies import SHEBANGS, Body, bodies_of, disabled_in, silent
from dlinter.shell_codes import EXCLUDED, HADOLINT_EXCLUDED, SHELLCHECK, rule_of
from dlinter.shellcheck_program import locate as locate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping
    from typing import Any

    from dlinter.selection import RuleSet
    from dlinter.tree import Dockerfile

    #: what ShellCheck says of one script: the objects of its format json1
    Comments = list[dict[str, Any]]

#: scripts handed to one process: its command line must not grow too long
_AT_ONCE = 400
#: answers that stay in memory from one batch of files to the next
_REMEMBERED = 2_000
#: seconds that one process may take, per script and at least
_PATIENCE, _LEAST_PATIENCE = 2.0, 30.0


def answers(path: str, hadolint: bool = False) -> Answers:
    """The answers of the program at *path* in earlier runs."""
    return Answers(f"{stamp(path)} {HADOLINT_EXCLUDED if hadolint else EXCLUDED}")


#: codes with a fix of ours where ShellCheck proposes none
MENDED = frozenset({2028, 2035, 2046, 2155, 3037, 3046})


class ShellCheck:
    """ShellCheck for one run. ``path`` is the program, None if there is none; ``known`` holds the answers so far.

    ``missed`` says why a script could not be checked: ``"is not installed"``, ``"failed"`` or, if none was, nothing.
    """

    __slots__ = ("_bodies", "hadolint", "known", "missed", "path")

    def __init__(
        self, path: str | None = None, known: MutableMapping[str, Comments] | None = None, *, hadolint: bool = False
    ) -> None:
        self.path = path
        self.known: MutableMapping[str, Comments] = {} if known is None else known
        self.hadolint = hadolint
        self.missed = ""
        self._bodies: tuple[Dockerfile, list[Body]] | None = None

    def prepare(self, files: Iterable[Dockerfile]) -> None:
        """Ask about all scripts of *files* in one go; :meth:`findings` then need not wait."""
        if len(self.known) > _REMEMBERED:
            self.known.clear()
        self.ask(self.unknown([body for file in files for body in self._bodies_of(file)]))

    def pending(self, file: Dockerfile) -> list[str]:
        """The scripts of *file* that :meth:`findings` would have to ask about: for :meth:`ask`."""
        return self.unknown(self._bodies_of(file))

    def findings(self, file: Dockerfile, rules: RuleSet) -> list[Finding]:
        """What ShellCheck finds in *file*, as far as *rules* have it."""
        bodies = self._bodies_of(file)
        self.ask(self.unknown(bodies))
        active = {info.code: info for info in rules.rules if info.code in SHELLCHECK}
        levels = {info.severity for info in active.values()}
        # what a shell does not know is worth a word only where the shell is known, unless more was asked for
        careful = not self.hadolint and all("default" in info.profiles for info in active.values())
        found: list[Finding] = []
        for body in bodies:
            comments = self.known.get(body.text)
            if not comments:
                continue
            disabled = disabled_in(body.script)
            guessed = careful and body.text.startswith(SHEBANGS["sh"])
            seen: set[tuple[int, int, int]] = set()
            for comment in comments:
                number, severity = comment["code"], Severity[comment["level"].upper()]
                code = f"SC{number}"
                if code not in active and (code in SHELLCHECK or severity not in levels):
                    continue
                if guessed and 3000 <= number < 4000:
                    continue
                start = body.offset(comment["line"], comment["column"])
                if start is None or any(each.covers(number, body.script.at(start)) for each in disabled):
                    continue
                end = body.offset(comment["endLine"], comment["endColumn"])
                once = (number, 0, 0) if number == 1017 else (number, start, end or 0)
                if once in seen:
                    continue
                seen.add(once)
                found.append(self._finding(body, comment, rules, start, start if end is None else end, severity))
        return found

    def _finding(
        self, body: Body, comment: dict[str, Any], rules: RuleSet, start: int, end: int, severity: Severity
    ) -> Finding:
        info = rule_of(comment["code"], severity)
        first, last = body.script.span(start, max(end, min(start + 1, len(body.script.text))))
        fix = None
        if comment.get("fix") or comment["code"] in MENDED:
            from dlinter.shellcheck_fixes import fix_of

            fix = fix_of(body, comment)
        level = rules.severities.get(info.code, severity)
        return Finding(info, first, max(last, first), comment["message"], level, fix)

    def _bodies_of(self, file: Dockerfile) -> list[Body]:
        known = self._bodies
        if known is None or known[0] is not file:
            bodies = [body for body in bodies_of(file, self.hadolint) if not silent(body.script.text)]
            self._bodies = known = (file, bodies)
        return known[1]

    def unknown(self, bodies: Iterable[Body]) -> list[str]:
        """The texts of *bodies*, each once, that there is no answer for yet."""
        return list(dict.fromkeys(body.text for body in bodies if body.text not in self.known))

    def ask(self, texts: list[str]) -> None:
        """Ask the program about *texts*; may run in a thread of its own."""
        if not texts:
            return
        if self.path is None:
            self.missed = "is not installed"
            return
        for start in range(0, len(texts), _AT_ONCE):
            self._ask_some(self.path, texts[start : start + _AT_ONCE])

    def _ask_some(self, path: str, texts: list[str]) -> None:
        answers = run(path, texts, HADOLINT_EXCLUDED if self.hadolint else EXCLUDED)
        if answers is None and len(texts) > 1:
            # one of them is too much for it: find out which
            half = len(texts) // 2
            self._ask_some(path, texts[:half])
            self._ask_some(path, texts[half:])
            return
        if answers is None:
            self.missed = "failed"
            self.known.setdefault(texts[0], [])  # not for good: the next run may have more luck
            return
        for text, comments in zip(texts, answers, strict=True):
            self.known[text] = comments


def run(path: str, texts: list[str], excluded: Iterable[int]) -> list[Comments] | None:
    """What the program at *path* says of each of *texts*; None if it fails or takes too long."""
    from dlinter.json_text import value
    from dlinter.programs import output

    command = [path, "--format=json1", "--norc", "--exclude=" + ",".join(f"SC{number}" for number in excluded)]
    # its options would change what it prints, and a build does not depend on who looks at it
    environment = {name: text for name, text in os.environ.items() if name != "SHELLCHECK_OPTS"}
    patience = max(_LEAST_PATIENCE, _PATIENCE * len(texts))
    folder = None
    try:
        if len(texts) == 1:
            printed = output([*command, "-"], _bytes(texts[0]), environment, patience)
            return None if printed is None else [value(printed)["comments"]]
        folder = _folder()
        names = [os.path.join(folder, str(number)) for number in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            with open(name, "wb") as file:
                file.write(_bytes(text))
        printed = output([*command, *names], b"", environment, patience)
        found: list[Comments] = [[] for _ in texts]
        for comment in [] if printed is None else value(printed)["comments"]:
            found[int(os.path.basename(comment.pop("file")))].append(comment)
        return None if printed is None else found
    except (OSError, ValueError, KeyError):
        return None
    finally:
        if folder is not None:
            _remove(folder)


def _folder() -> str:
    """A new folder for files that nobody else may read."""
    path = os.path.join(os.environ.get("TMPDIR") or "/tmp", f"dlint-{os.urandom(8).hex()}")
    try:
        os.mkdir(path, 0o700)
    except OSError:
        from tempfile import mkdtemp

        return mkdtemp(prefix="dlint-")
    return path


def _remove(folder: str) -> None:
    try:
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
        os.rmdir(folder)
    except OSError:
        pass


def _bytes(text: str) -> bytes:
    """*text* in UTF-8, one character for each, also for bytes that are none (lone surrogates here)."""
    return text.encode("utf-8", "replace")
