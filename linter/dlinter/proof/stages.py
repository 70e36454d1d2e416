"""Compares two stages: effects in order, then what the image says about itself."""

from __future__ import annotations

from dlinter.proof.body import DEFAULT_SHELL, PLAIN_SHELL, Body
from dlinter.proof.effects import Alignment
from dlinter.proof.forms import Forms
from dlinter.proof.installed import hands_command_on
from dlinter.proof.neutral import Neutral, Where
from dlinter.proof.normal import ANDOR, CMD, LITERAL, SCRIPT, commands, has_function
from dlinter.proof.programs import VERSIONED, from_package, may_become
from dlinter.proof.report import Report, plain
from dlinter.proof.shellstate import CHANGING
from dlinter.proof.state import REFUSED, Effect, Stage
from dlinter.proof.tables import listed
from dlinter.proof.words import show, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.context import Context
    from dlinter.proof.normal import Form, Word
    from dlinter.proof.words import Value

#: where the label that takes the place of MAINTAINER may be
AUTHORS = ("org.opencontainers.image.authors", "maintainer")
#: builtins and words that only a shell understands, besides those that change it
_SHELL_ONLY = listed(
    "[ : echo false test true printf pwd type kill time if for while until case select function { } ! [["
)
#: commands that leave no process behind, and nothing for the shell to do at its end
_PASSING = listed(
    "[ basename cat cd chmod chown cp date dirname echo envsubst exit export false grep hostname id ln ls mkdir mv "
    "printf pwd rm sed set sleep test touch true ulimit umask unset"
)


def compare_arguments(
    report: Report, label: str, before: dict[str, Value | None], after: dict[str, Value | None]
) -> None:
    """The ARGs of both, and their defaults."""
    for name in [*before, *[n for n in after if n not in before]]:
        if name not in after:
            report.add(f"the {label}ARG {name} is gone")
        elif name not in before:
            report.add(f"the {label}ARG {name} is new")
        elif before[name] != after[name]:
            report.add(f"the default of the {label}ARG {name} is now {show(after[name])}, before {show(before[name])}")


class StagePair:
    """Compares one stage."""

    __slots__ = ("after", "before", "context", "neutral", "report")

    def __init__(self, report: Report, neutral: Neutral, before: Stage, after: Stage, context: Context | None) -> None:
        self.report = report
        self.neutral = neutral
        self.before = before
        self.after = after
        self.context = context

    def compare(self) -> None:
        compare_arguments(self.report, "", self.before.arguments, self.after.arguments)
        self.environment()
        self.effects(self.before.effects, self.after.effects)
        self.settings()

    def effects(self, xs: list[Effect], ys: list[Effect]) -> None:
        """What makes layers."""
        start = 0
        while start < len(xs) and start < len(ys) and xs[start].key == ys[start].key:
            start += 1
        end, other = len(xs), len(ys)
        while end > start and other > start and xs[end - 1].key == ys[other - 1].key:
            end -= 1
            other -= 1
        if start < end or start < other:
            Alignment(self.report, self.neutral, self.context).compare(xs[start:end], ys[start:other])

    def settings(self) -> None:
        """The config but for the variables."""
        before, after = self.before, self.after
        self.labels()
        self.ports()
        if before.workdir != after.workdir and ("directory" in before.config or "directory" in after.config):
            self.setting("directory", plain(after.workdir), plain(before.workdir))
        for name in ("user", "shell", "stop signal", "health check options"):
            old, new = before.config.get(name), after.config.get(name)
            if name == "shell" and old is None and self.neutral.other_shell(PLAIN_SHELL, new):
                continue
            if name == "shell" and self.neutral.shell_given_back(old, new):
                continue
            if name == "user" and old != new and self.neutral.same_user(old, new, self.after):
                continue
            if old != new:
                self.setting(name, plain(after.config.get(name)), plain(before.config.get(name)))
        for name in ("command", "entrypoint", "health check"):
            self.command(name)

    def setting(self, name: str, new: str, old: str) -> None:
        lines = self.before.lines.get(name), self.after.lines.get(name)
        self.report.add(f"the image's {name} is now {new}, before {old}", *lines)

    def environment(self) -> None:
        old, new = self.before.environment, self.after.environment
        if list(old.items()) == list(new.items()):
            return
        for name in [*old, *[n for n in new if n not in old]]:
            lines = self.before.lines.get("ENV " + name), self.after.lines.get("ENV " + name)
            shown = "a variable" if name.startswith("\0") else name
            if name not in new:
                self.report.add(f"ENV {shown} is gone", *lines)
            elif name not in old:
                self.report.add(f"ENV {shown} is new", *lines)
            elif old[name] != new[name]:
                self.report.add(f"ENV {shown} is now {show(new[name])}, before {show(old[name])}", *lines)
        if dict(old) == dict(new):
            self.report.add("the ENV variables are in another order")

    def labels(self) -> None:
        old, new = dict(self.before.labels), dict(self.after.labels)
        author, now = self.before.config.get("author"), self.after.config.get("author")
        if author != now:
            if now is None and author is not None and self.renamed(author, old, new):
                pass
            else:
                self.setting("author", plain(now), plain(author))
        for name in [*old, *[n for n in new if n not in old]]:
            lines = self.before.lines.get("LABEL " + name), self.after.lines.get("LABEL " + name)
            if name not in new:
                self.report.add(f"the label {name} is gone", *lines)
            elif name not in old:
                self.report.add(f"the label {name} is new", *lines)
            elif old[name] != new[name]:
                self.report.add(f"the label {name} is now {show(new[name])}, before {show(old[name])}", *lines)

    def renamed(self, author: str, old: dict[str, Value], new: dict[str, Value]) -> bool:
        """MAINTAINER against a label of the same value, that was not there before; takes it out of *new*."""
        relaxed = "key-renamed" in self.neutral.assume
        quoted = author[1:-1] if len(author) > 1 and author[0] == author[-1] and author[0] in "\"'" else author
        for key in AUTHORS:
            if key in new and text_of(new[key]) in (author, quoted):
                inherited = any(key in stage.labels for stage in list(self.before.chain())[1:])
                if (key not in old and not inherited) or relaxed:
                    if not self.neutral.use("key-renamed"):
                        return False
                    old.pop(key, None)
                    del new[key]
                    return True
        return False

    def ports(self) -> None:
        old, new = self.before.ports, self.after.ports
        for port, line in old.items():
            if port not in new:
                if isinstance(port, tuple) and port[0] == REFUSED and self.neutral.use("comment-set-apart"):
                    continue
                self.report.add(f"port {plain(port)} is not exposed any more", line)
        for port, line in new.items():
            if port not in old:
                self.report.add(f"port {plain(port)} is exposed, it was not before", None, line)

    # -- CMD, ENTRYPOINT, HEALTHCHECK ------------------------------------------------------------------------------

    def command(self, name: str) -> None:
        old, new = self.before.config.get(name), self.after.config.get(name)
        if old is None and new is None:
            return
        if isinstance(old, Body) and isinstance(new, Body):
            if old.key == new.key:
                return
            shells = old.shell == new.shell or self.neutral.shell_given_back(old.shell, new.shell)
            if name != "health check" and (self.direct(name, old, new) or (shells and self.makes_way(old, new))):
                return
            if name == "health check" and {old.shell, new.shell} == {DEFAULT_SHELL, PLAIN_SHELL}:
                # the engine asks the container for a shell, which has none of the image's (moby's daemon/health.go)
                shells = True
            alike = shells and old.alone == new.alone
            if alike and Forms(self.neutral).same(old.form, new.form, Where(None, None, False)):
                return
        shown = [each.shown() if isinstance(each, Body) else "nothing" for each in (new, old)]
        if isinstance(old, Body) and isinstance(new, Body) and shown[0] == shown[1]:
            old_way, new_way = ("words" if b.shell is None else f"a script of {plain(b.shell)}" for b in (old, new))
            if old_way != new_way:
                shown = [f"{shown[0]} as {new_way}", f"{shown[1]} as {old_way}"]
        self.setting(name, *shown)

    def direct(self, name: str, old: Body, new: Body) -> bool:
        """``CMD a b`` against ``CMD ["a", "b"]``: nothing in it needs a shell, no ENTRYPOINT gets other words."""
        if "direct-pid1" not in self.neutral.admitted or old.shell is None or old.given or not new.given:
            return False
        relaxed = "direct-pid1" in self.neutral.assume
        if (
            old.alone
            or old.shell[-2:] != ("/bin/sh", "-c")
            or len(old.shell) > 3
            or (old.shell[0] != "" and self.chosen())
        ):
            return False
        form = old.form
        if form[0] != CMD or form[1] or form[3] or form[2] != new.given:
            return False
        program = form[2][0]
        if program in CHANGING or (program in _SHELL_ONLY and not _printed(form[2])) or "=" in program or not program:
            return False
        sure = name != "entrypoint" and self.known_without_entrypoint() and not self.needs_shell(program)
        return (sure or relaxed) and self.neutral.use("direct-pid1")

    def makes_way(self, old: Body, new: Body) -> bool:
        """``sh -c 'a b'`` against ``sh -c 'exec a b'``: the last command is no part of the shell, which is done."""
        if old.shell is None or old.alone or new.alone or has_function(old.form):
            return False
        rest, a = _last(old.form)
        if rest and any(command[2] and command[2][0] not in _PASSING for command in commands(rest)):
            return False
        other, b = _last(new.form)
        if rest != other or a[0] != CMD or b[0] != CMD or (rest and a[1]):
            return False
        words = a[2]
        if not words or b[2] != ("exec", *words) or a[1] != b[1] or a[3] != b[3]:
            return False
        program = words[0]
        if type(program) is not str:
            return _is_path(program) and self.neutral.use("shell-makes-way")
        if not program or program in CHANGING or program in _SHELL_ONLY or program[:1] == "-" or "=" in program:
            return False
        return self.neutral.use("shell-makes-way")

    def chosen(self) -> bool:
        """True if a SHELL instruction is in force."""
        return any("shell" in stage.config for stage in self.after.chain())

    def known_without_entrypoint(self) -> bool:
        stages = list(self.after.chain())
        if any("entrypoint" in stage.config for stage in stages):
            return False
        return hands_command_on(self.after)

    def needs_shell(self, program: str) -> bool:
        """True if *program* may be a script without ``#!``, which a shell runs and the kernel does not."""
        if "/" in program:
            return not from_package(program, self.after)
        if "." in program and not VERSIONED.fullmatch(program):
            return True
        for stage in self.after.chain():
            for effect in stage.effects:
                if effect.kind == "copy" and _brings(effect, program):
                    return True
        return False


def _last(form: Form) -> tuple[Form, Form]:
    """What runs in a script ahead of the node that ends it, and that node; a job in the background ends nothing."""
    if form[0] == SCRIPT:
        rest, last = _last(form[1][-1][0])
        return ((SCRIPT, form[1][:-1], rest), last) if not any(job for _, job in form[1]) else ((), form)
    if form[0] == ANDOR:
        return (ANDOR, form[1][:-1], form[2]), form[1][-1]
    return (), form


def _is_path(word: Word) -> bool:
    """True for a word with variables and a slash of its own: no builtin."""
    return type(word) is tuple and any(part[0] == LITERAL and "/" in part[1] for part in word)


def _brings(effect: Effect, program: str) -> bool:
    """True if a copy is known to bring a file of the name *program*."""
    fields = effect.fields
    names = [fields["destination"], *fields["sources"]]  # type: ignore[misc]
    for value in names:
        if isinstance(value, tuple):
            for part in value:
                if type(part) is str and may_become(part.rpartition("/")[2], program):
                    return True
    return False


def _printed(words: tuple[Word, ...]) -> bool:
    """True for echo with a text that every echo prints as it is, and for true and false."""
    if words[0] in ("true", "false"):
        return len(words) == 1
    texts = [word for word in words if type(word) is str]
    return words[0] == "echo" and len(texts) == len(words) and not any("\\" in w or w[:1] == "-" for w in texts)
