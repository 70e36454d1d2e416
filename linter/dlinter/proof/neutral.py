"""The neutral changes: a closed list of what may differ between two builds, each under a condition checked here.

A name is admitted by whoever asks for the proof; that it applies is shown from the two builds alone. Every function
answers with the name of the change, or ``""`` where it cannot be shown.
"""

from __future__ import annotations

from dlinter.proof.accounts import known_by_number, options_of
from dlinter.proof.body import DEFAULT_SHELL, PLAIN_SHELL
from dlinter.proof.build import Build
from dlinter.proof.calls import (
    Call,
    removal,
    unconditional,
)
from dlinter.proof.later import lists_needed, mentions_logs, package_cache_needed, wget_is_gnu
from dlinter.proof.leftovers import archive_done_with, defeats_mount
from dlinter.proof.lists import fetched
from dlinter.proof.mounts import cache_mounted, mounted_over
from dlinter.proof.normal import CMD
from dlinter.proof.numbering import first_number
from dlinter.proof.packages import named_again
from dlinter.proof.present import still_there
from dlinter.proof.purpose import PURPOSE, Purpose
from dlinter.proof.spelling import dot_is_source, no_option
from dlinter.proof.state import BY_ROOT
from dlinter.proof.tables import (
    ASKS,
    CACHE_OFF,
    CLEANERS,
    FAMILIES,
    GNU_ONLY,
    NOT_ASKING,
    QUIET,
    REMOVABLE,
    SAME_TOOL,
    YES,
    listed,
)
from dlinter.proof.words import text_of
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from dlinter.proof.body import Body
    from dlinter.proof.normal import Form, Word
    from dlinter.proof.state import Effect, Stage
    from dlinter_grammar.nodes import Document

#: what any fix may declare
NEUTRAL = listed(
    "layer-border package-lists-removed package-cache-off lists-refreshed-together answer-yes log-noise same-tool "
    "key-renamed direct-pid1 add-is-copy copied-again step-moved-up owner-in-copy mode-in-copy deleted-in-place "
    "same-directory cache-mount archive-removed checksum-spaced lists-fetched mount-locked mounted-cache-kept "
    "package-named-again packages-sorted shell-makes-way comment-set-apart lastlog-untouched "
    "root-by-number user-by-number account-numbered written-directly one-word-quoted cd-cannot-fail echo-as-printf "
    "glob-no-option dot-is-source set-then-exported"
)
#: root, with its group or without, by name and by number
ROOT = (("root", "0"), ("root:root", "0:0"), ("root:0", "0:0"))
_ACCOUNTS = re.compile(r"/etc/(?:passwd|group)|\b(?:user|group)(?:mod|del)\b.*\broot\b|\bdel(?:user|group)\b.*\broot\b")


class Where:
    """Where in a RUN two commands that are compared stand.

    ``fatal`` is 2 if their failure is the failure of the RUN, 1 if only the failure of the command itself is (``set
    -e``), 0 if it is ignored. ``piped`` is true where something may be written to their input, ``captured`` is 1
    where their output may be read, 2 where what they write to standard error may be, too; ``inner`` is true in a
    script that is a word of another; ``tail`` is true at the end of the RUN. ``before`` and ``after`` are the RUNs;
    None in CMD, ENTRYPOINT and HEALTHCHECK, and for what ONBUILD leaves.
    """

    __slots__ = ("after", "before", "captured", "errexit", "fatal", "inner", "piped", "tail")

    def __init__(self, before: Effect | None, after: Effect | None, errexit: bool) -> None:
        self.before = before
        self.after = after
        self.fatal = 2
        self.errexit = errexit
        self.piped = False
        self.captured = 0
        self.inner = False
        self.tail = True

    def part(self, fatal: int, tail: bool = False, piped: bool = False, captured: int = 0) -> Where:
        """The place of a part of it."""
        found = Where(self.before, self.after, self.errexit)
        found.fatal = fatal
        found.piped = self.piped or piped
        found.captured = max(self.captured, captured)
        found.inner = self.inner
        found.tail = self.tail and tail
        return found


class Neutral:
    """Decides for one pair of builds. ``used`` collects the names of the changes that were needed."""

    __slots__ = ("admitted", "after", "assume", "before", "purpose", "used")

    def __init__(self, before: Build, after: Build, admitted: frozenset[str], assume: frozenset[str]) -> None:
        self.before = before
        self.after = after
        self.admitted = admitted
        self.assume = assume
        self.purpose = Purpose(admitted)
        self.used: list[str] = []

    @classmethod
    def between(
        cls,
        before: str | Document,
        after: str | Document,
        admitted: frozenset[str],
        assume: frozenset[str],
        touched: tuple[Collection[int], Collection[int]] = ((), ()),
    ) -> Neutral:
        """For two files; instructions that were added, taken out or touched on purpose are left out of both."""
        purpose = Purpose(admitted)
        old = Build(before, purpose.removed.values(), touched[0])
        new = Build(after, purpose.added.values(), touched[1])
        found = cls(old, new, admitted, assume)
        found.used += [name for name, text in purpose.added.items() if text in new.dropped]
        found.used += [name for name, text in purpose.removed.items() if text in old.dropped]
        return found

    def use(self, name: str) -> bool:
        """Note that *name* was needed, if it is admitted."""
        if name and (name in self.admitted or name.startswith(PURPOSE)):
            self.used.append(name)
            return True
        return False

    def other_shell(self, old: object, new: object) -> bool:
        """True if a SHELL was added on purpose, so that *new* takes the place of /bin/sh."""
        if old not in (DEFAULT_SHELL, PLAIN_SHELL) or new not in self.purpose.shells:
            return False
        assert isinstance(new, tuple)
        return self.use(f"{PURPOSE}shell={' '.join(new)}")

    def shell_given_back(self, old: object, new: object) -> bool:
        """True if /bin/sh is back after a SHELL that was added on purpose."""
        return old in (DEFAULT_SHELL, None) and new == PLAIN_SHELL and bool(self.purpose.shells)

    def same_user(self, old: object, new: object, stage: Stage, effect: Effect | None = None) -> bool:
        """True if a user of *effect* in *stage* is called by its number: root's, a known one; others on purpose.

        None for *effect*: it is the user of the containers.
        """
        names = tuple(text_of(user) if isinstance(user, tuple) else None for user in (old, new))
        if names in ROOT and "root-by-number" in self.admitted and not _roots_changed(self.after):
            return self.use("root-by-number")
        if "user-by-number" in self.admitted and known_by_number(stage, effect, *names):
            return self.use("user-by-number")
        return names in self.purpose.users and self.use(f"{PURPOSE}same-user={names[0]}=>{names[1]}")

    # -- words ----------------------------------------------------------------------------------------------------

    def extra_word(self, before: Form, command: Form, index: int, where: Where) -> str:
        """The change that the word at *index* of *command* is, which *before* lacks."""
        words = command[2]
        word = words[index]
        if type(word) is not str or word[:1] != "-":
            return ""
        call = Call(words)
        name = call.name
        if word == "--force" and name == "npm" and call.operands[:2] in (("cache", "clean"), ("cache", "clear")):
            # npm 5 and later refuse without it
            fatal = where.fatal or "package-cache-off" in self.assume
            return "package-cache-off" if fatal and "package-cache-off" in self.admitted else ""
        if (
            word in ("-l", "--no-log-init")
            and "lastlog-untouched" in self.admitted
            and self._unlogged(call, index, where)
        ):
            return "lastlog-untouched"
        if word in self.purpose.options and call.takes(index) and name in ASKS | {"apk": ()}:
            return f"{PURPOSE}package-option={word}"
        if "answer-yes" in self.admitted and self._answers(call, command, index, where):
            return "answer-yes"
        if "package-cache-off" in self.admitted and self._cache_off(call, index, where):
            return "package-cache-off"
        if "log-noise" in self.admitted and self._quiet(call, command, index, where):
            return "log-noise"
        if word == "--with-new-pkgs" and index == call.sub_at + 1 and (call.name, call.sub) == ("apt-get", "upgrade"):
            # what apt does by itself
            return "same-tool" if "same-tool" in self.admitted and Call(before[2]).name == "apt" else ""
        return ""

    def numbered(self, words: tuple[Word, ...], index: int, where: Where) -> int:
        """How many words at *index* give an account the number that it gets anyway."""
        if "account-numbered" not in self.admitted or where.after is None:
            return 0
        if words[index : index + 1] not in (("-u",), ("--uid",)) or index != Call(words).at + 1:
            return 0
        options, names = options_of(Call((*words[:index], *words[index + 2 :])))
        if options is None or {"-u", "--uid"} & options.keys() or not names or index + 1 >= len(words):
            return 0
        if words[index + 1] != (first_number(where.after, words, names[-1])[0] or None):
            return 0
        return 2 if self.use("account-numbered") else 0

    def _unlogged(self, call: Call, index: int, where: Where) -> bool:
        """``useradd -l``: the logs of logins have no entry for someone who never logged in (useradd(8))."""
        if call.name != "useradd" or index != call.at + 1 or call.words[index] not in ("-l", "--no-log-init"):
            return False
        if where.after is None or call.has(frozenset({"-R", "--root", "-P", "--prefix"})):
            return False
        return not mentions_logs(self.after, where.after)

    def _answers(self, call: Call, command: Form, index: int, where: Where) -> bool:
        """``-y`` where the program would have asked, got no answer, and so failed the build."""
        word = call.words[index]
        # zypper takes this one before the sub-command
        early = call.name == "zypper" and word in ("-n", "--non-interactive") and index == call.at + 1
        if call.sub not in ASKS.get(call.name, ()):
            return False
        if not early and (word not in YES.get(call.name, ()) or not call.takes(index)):
            return False
        if call.has(NOT_ASKING):
            return False
        fed = any(operator[:1] == "<" for _, operator, _, _ in command[3])
        if "xargs" not in call.wrappers and (where.piped or fed):
            return False
        return where.fatal > 0 or "answer-yes" in self.assume

    def _cache_off(self, call: Call, index: int, where: Where) -> bool:
        word = call.words[index]
        assert type(word) is str
        if call.sub not in CACHE_OFF.get((call.name, word), ()) or not call.takes(index) or where.after is None:
            return False
        if call.has(frozenset({"--cache-dir", "--no-network", "--root", "-p"})):
            return False
        if cache_mounted(where.after, call.name):
            return False
        return "package-cache-off" in self.assume or not package_cache_needed(self.after, where.after, call.name)

    def _quiet(self, call: Call, command: Form, index: int, where: Where) -> bool:
        word = call.words[index]
        assert type(word) is str
        if index <= call.at or "--" in call.words[call.at : index]:
            return False
        if index - 1 not in (call.at, call.sub_at):
            # directly behind the program or the sub-command, so that it is nobody's value
            return False
        if call.name in ("wget", "curl", "git"):
            # they speak on standard error
            if where.captured > 1 or _errors_kept(command[3]):
                return False
            if (
                call.has(frozenset({"-o", "-a", "--output-file", "--append-output", "--stderr"}))
                and call.name != "curl"
            ):
                return False
        elif where.captured or any(">" in operator for _, operator, _, _ in command[3]):
            return False
        if call.name == "wget" and word in GNU_ONLY:
            return where.after is not None and wget_is_gnu(self.after, where.after)
        return word in QUIET.get(call.name, ())

    def lost_word(self, command: Form, index: int, other: Form, where: Where) -> str:
        """The change that the loss of the word at *index* of *command* is, which became *other*."""
        call = Call(command[2])
        word = command[2][index]
        run = where.after
        if "package-named-again" in self.admitted and where.before is not None:
            body = run.body if run is not None and where.fatal == 2 else None
            if named_again(command[2], index, other[2], body):
                return "package-named-again"
        if "mounted-cache-kept" in self.admitted and run is not None and defeats_mount(run, call, index):
            return "mounted-cache-kept"
        if "package-cache-off" in self.admitted and call.name == "apk" and call.sub in ("add", "upgrade"):
            after = Call(other[2])
            if word in ("-U", "--update", "--update-cache") and after.has(frozenset({"--no-cache"})):
                return "package-cache-off"
        return ""

    def other_word(self, before: Form, after: Form, index: int, other_index: int) -> str:
        """The change that one word instead of another is."""
        old, new = before[2][index], after[2][other_index]
        if type(old) is not str or type(new) is not str:
            return ""
        if (old, new) in self.purpose.words:
            return f"{PURPOSE}word={old}=>{new}"
        if (old, new) == ("full-upgrade", "dist-upgrade") and "same-tool" in self.admitted:
            call, changed = Call(before[2]), Call(after[2])
            named = (call.name, changed.name) == ("apt", "apt-get")
            return "same-tool" if named and (call.sub_at, changed.sub_at) == (index, other_index) else ""
        if "same-tool" in self.admitted and old.rpartition("/")[2] == "apt" and new == old + "-get":
            call, changed = Call(before[2]), Call(after[2])
            # apt has given up the patterns that apt-get still takes as regular expressions
            if old_sub(call) == "upgrade" and not changed.has(frozenset({"--with-new-pkgs"})):
                return ""
            plain = all(type(w) is str and not set(w) & set("?~^*[]$") for w in call.operands if w[:1] != "-")
            if call.at == index and changed.at == other_index and old_sub(call) == changed.sub in SAME_TOOL and plain:
                return "same-tool"
        return ""

    def other_spelling(self, before: Form, after: Form, index: int, other_index: int, where: Where) -> str:
        """The change that another spelling of a word is, which means the same at *where*."""
        if "glob-no-option" in self.admitted and index == other_index and no_option(before[2], after[2], index, where):
            return "glob-no-option"
        if "dot-is-source" in self.admitted and index == other_index == 0 and dot_is_source(before, after, where):
            return "dot-is-source"
        return ""

    # -- commands -------------------------------------------------------------------------------------------------

    def extra_command(self, form: Form, where: Where) -> str:
        """The change that the command *form* is, which only the build after has in its and-list."""
        if form[0] != CMD:
            return ""
        for text in self.purpose.commands_added:
            if _same_text(form, text):
                return f"{PURPOSE}command-added={text}"
        if form[1] or form[3] or where.after is None or not where.fatal:
            return ""
        if "package-lists-removed" in self.admitted and self._lists_removed(form, where):
            return "package-lists-removed"
        call = Call(form[2])
        if "archive-removed" in self.admitted and archive_done_with(self.after, where.after, call):
            return "archive-removed"
        if "lists-fetched" in self.admitted and where.fatal == 2 and fetched(self.after, where.after, call):
            return "lists-fetched"
        off = "package-cache-off" in self.admitted
        if off and (self._cleaned(form, where) or self._lists_removed(form, where, apt=False)):
            return "package-cache-off"
        return ""

    def _lists_removed(self, form: Form, where: Where, apt: bool = True) -> bool:
        targets = removal(form[2])
        run = where.after
        if not targets or not where.tail or where.fatal < 2 or run is None or run.body is None or run.body.alone:
            return False
        families = {REMOVABLE.get(target, "") for target in targets}
        if "" in families or mounted_over(run, targets) or (not apt and "apt" in families):
            return False
        relaxed = "package-lists-removed" in self.assume
        if not relaxed and any(command[2] and command[2][0] == "trap" for command in _all(run.body)):
            return False
        wrappers = Call(form[2]).wrappers
        for family in families:
            if not _privileged(run, family, wrappers):
                return False
            if wrappers and not still_there(run.body, None, Call(("sudo", "x"))):
                return False
            if lists_needed(self.after, run, family, relaxed):
                return False
        return True

    def _cleaned(self, form: Form, where: Where) -> bool:
        call = Call(form[2])
        run = where.after
        words = (call.name, *call.operands)
        if words not in CLEANERS or run is None or cache_mounted(run, call.name):
            return False
        families = [family for family, members in FAMILIES.items() if call.name in members]
        calls = [c for c in unconditional(run.body) if c.sub not in ("clean", "cache", "clear-cache", "clearcache")]
        kin = [c for c in calls if c.wrappers == call.wrappers and _kin(c.name, call.name, families)]
        if not kin or not still_there(run.body, kin[-1], call):
            return False
        return not package_cache_needed(self.after, run, call.name)

    def lost_command(self, form: Form, where: Where) -> str:
        """The change that the loss of the command *form* is."""
        if form[0] != CMD:
            return ""
        for text in self.purpose.commands_removed:
            if _same_text(form, text):
                return f"{PURPOSE}command-removed={text}"
        if form[1] or form[3] or where.after is None:
            return ""
        call = Call(form[2])
        run = where.after
        if "mounted-cache-kept" in self.admitted and where.fatal and defeats_mount(run, call):
            return "mounted-cache-kept"
        if "package-cache-off" not in self.admitted:
            return ""
        if (call.name, call.operands) == ("apk", ("update",)) and not call.wrappers:
            # apk add fetches the index by itself, with --no-cache always
            calls = [c for c in unconditional(run.body) if c.name == "apk"]
            fetching = frozenset({"--no-cache", "-U", "--update", "--update-cache"})
            fetched = bool(calls) and all((c.sub == "add" and c.has(fetching)) or c.sub == "del" for c in calls)
            if fetched and not cache_mounted(run, "apk") and not package_cache_needed(self.after, run, "apk"):
                return "package-cache-off"
        targets = removal(form[2], whole=False)
        if targets and all(REMOVABLE.get(target) == "apk" for target in targets):
            calls = [c for c in unconditional(run.body) if c.name == "apk"]
            if calls and all(
                c.sub in ("add", "del") and (c.sub == "del" or c.has(frozenset({"--no-cache"}))) for c in calls
            ):
                return "package-cache-off"
        return ""


def _roots_changed(build: Build) -> bool:
    """True if an account or group called root may not be number 0 (passwd(5)): something changes it, or the files."""
    return any(_ACCOUNTS.search(each.map.text) for each in build.document.instructions)


def old_sub(call: Call) -> str:
    """The sub-command of apt-get for that of apt (apt(8))."""
    return {"full-upgrade": "dist-upgrade"}.get(call.sub, call.sub)


def _errors_kept(redirects: Form) -> bool:
    """True if standard error goes anywhere but to where the RUN's goes, or to /dev/null."""
    dropped = ("", ">", "/dev/null", None) in redirects
    for fd, operator, target, _ in redirects:
        if (fd == "2" or operator[:1] == "&") and target != "/dev/null" and not (target == "1" and dropped):
            return True
    return False


def _kin(name: str, cleaner: str, families: list[str]) -> bool:
    return name == cleaner or any(name in FAMILIES[family] for family in families)


def _same_text(form: Form, text: str) -> bool:
    from dlinter.proof.normal import normal

    return normal(text) == form


def _all(body: Body) -> Iterator[Form]:
    from dlinter.proof.normal import commands

    return commands(body.form)


def _privileged(run: Effect, family: str, wrappers: tuple[str, ...]) -> bool:
    """True if *run* may remove the files of *family* with *wrappers*: it wrote them in the same way."""
    if wrappers not in ((), ("sudo",)):
        return False
    if not wrappers and run.fields["user"] in BY_ROOT:
        return True
    return any(c.name in FAMILIES[family] and c.wrappers == wrappers for c in unconditional(run.body))
