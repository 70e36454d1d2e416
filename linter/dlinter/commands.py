"""The commands that instructions run: a name and words, whatever is wrapped around them."""

from __future__ import annotations

from dlinter.scripts import Script
from dlinter.tree import Instruction, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlinter_grammar.shell_nodes import Assignment, ShellWord, Simple

#: Programs that run the program given to them, with those of their options that take a value in the next word.
#: sudo(8), env(1), nice(1), timeout(1), xargs(1), stdbuf(1), setpriv(1), chroot(1), gosu, su-exec, tini.
WRAPPERS: dict[str, tuple[str, int]] = {
    "sudo": ("-u -g -h -p -C -c -D -R -r -t -T -U --user --group --host --prompt --chdir --chroot --role --type", 0),
    "env": ("-u -C -S --unset --chdir --split-string", 0),
    "exec": ("-a", 0),
    "command": ("", 0),
    "builtin": ("", 0),
    "busybox": ("", 0),
    "nice": ("-n --adjustment", 0),
    "ionice": ("-c -n -p --class --classdata", 0),
    "nohup": ("", 0),
    "time": ("-f -o --format --output", 0),
    "timeout": ("-s -k --signal --kill-after", 1),
    "stdbuf": ("-i -o -e --input --output --error", 0),
    "xargs": ("-a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-procs --max-lines --replace", 0),
    "gosu": ("", 1),
    "su-exec": ("", 1),
    "eatmydata": ("", 0),
    "fakeroot": ("", 0),
    "retry": ("-t -d --times --delay", 0),
}


class Word(Node):
    """One word of a command. ``value`` is its text after quote removal, None where it has an expansion or a glob."""

    __slots__ = ("shell", "text", "value")

    def __init__(
        self, start: int, end: int, text: str, value: str | None, parent: Node, shell: ShellWord | None = None
    ) -> None:
        super().__init__(start, end, parent)
        self.text = text
        self.value = value
        self.shell = shell

    def __repr__(self) -> str:
        return f"Word({self.text!r})"


class Command(Node):
    """A simple command of a script, or an exec form.

    ``words`` are all its words; ``name`` is the program that does the work, without its folder, looked for behind
    ``sudo``, ``env``, ``exec`` and their like (``wrappers`` names them), ``""`` where it is not fixed text. ``args``
    are the words after that name. ``script`` is None for an exec form.
    """

    __slots__ = ("args", "instruction", "known", "name", "script", "simple", "words", "wrappers")

    def __init__(
        self,
        instruction: Instruction,
        words: Sequence[Word],
        script: Script | None = None,
        simple: Simple | None = None,
    ) -> None:
        super().__init__(words[0].start, words[-1].end, instruction)
        self.instruction = instruction
        self.words = list(words)
        self.script = script
        self.simple = simple
        self.wrappers: list[str] = []
        #: what others found out about the command, by who did
        self.known: dict[str, object] = {}
        at = self._unwrap()
        name = self.words[at].value if at < len(self.words) else None
        self.name = name.rsplit("/", 1)[-1] if name else ""
        self.args = self.words[at + 1 :]
        for word in words:
            word.parent = self

    def _unwrap(self) -> int:
        """The index of the word that names the program behind wrappers."""
        at = 0
        words = self.words
        while at < len(words):
            value = words[at].value
            name = value.rsplit("/", 1)[-1] if value else ""
            if name not in WRAPPERS:
                return at
            options, operands = WRAPPERS[name]
            valued = options.split()
            after = at + 1
            while after < len(words):
                text = words[after].value or words[after].text
                if text == "--":
                    after += 1
                    break
                if text in valued:
                    after += 2
                elif text[:1] == "-" or (name in ("env", "sudo") and "=" in text.lstrip("=")):
                    after += 1
                else:
                    break
            after += operands
            if after >= len(words):
                return at
            self.wrappers.append(name)
            at = after
        return at

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """The assignments before the command (``A=b make``)."""
        return self.simple.assignments if self.simple is not None else ()

    def operand(self, *names: str) -> Word | None:
        """The first argument that is no option, if it is fixed text and one of *names* (any, if none are given)."""
        for word in self.args:
            if word.text[:1] != "-":
                return word if word.value is not None and (not names or word.value in names) else None
        return None

    def option(self, *names: str) -> Word | None:
        """The first argument that is one of these options: ``--long``, ``--long=value``, or ``-x`` also in a cluster.

        Words after ``--`` are no options.
        """
        shorts = {name[1] for name in names if len(name) == 2 and name[0] == "-"}
        for word in self.args:
            text = word.value if word.value is not None else word.text
            if text == "--":
                break
            if text[:1] != "-" or len(text) < 2:
                continue
            if text.split("=", 1)[0] in names:
                return word
            if text[1] != "-" and shorts and not shorts.isdisjoint(text[1:].split("=", 1)[0]):
                return word
        return None


def commands_of(instruction: Instruction) -> list[Command]:
    """Every command of *instruction* in source order; those of ``sh -c`` and ``sh <<EOF`` follow that command."""
    found: list[Command] = []
    if instruction.form == "json" and instruction.keyword in ("run", "cmd", "entrypoint", "healthcheck"):
        words = [Word(t.start, t.end, t.value, t.value, instruction) for t in instruction.args]
        if words:
            found.append(Command(instruction, words))
    for script in instruction.scripts:
        _collect(script, found)
    return found


def _collect(script: Script, found: list[Command]) -> None:
    if script.root is None:
        return
    from dlinter_grammar.shell import simple_commands

    for simple in simple_commands(script.root):
        if not simple.words:
            continue
        words = [Word(*script.span(w.start, w.end), w.text, w.value, script.instruction, w) for w in simple.words]
        command = Command(script.instruction, words, script, simple)
        found.append(command)
        nested = _nested(command)
        if nested is not None:
            _collect(nested, found)


def _nested(command: Command) -> Script | None:
    """The script of ``sh -c '…'``, where it is one quoted word without escapes, or of ``sh <<EOF``."""
    if command.name not in ("sh", "bash", "ash", "dash"):
        return None
    assert command.script is not None
    for number, word in enumerate(command.args):
        text = word.value
        if text is None or text[:1] not in "-+":
            return None
        if "c" in text[1:] and text[1:2] != "-":
            rest = command.args[number + 1 :]
            return _quoted(command, rest[0]) if rest else None
        if text.endswith("o") and text[1:2] != "-" and number + 2 == len(command.args):
            break
    return _here(command)


def _here(command: Command) -> Script | None:
    """The here-document that a shell without arguments reads its commands from."""
    outer = command.script
    if outer is None or command.simple is None:
        return None
    for redirect in command.simple.redirects:
        if redirect.operator in ("<<", "<<-") and redirect.fd in ("", "0") and redirect.body is not None:
            start, end = redirect.body
            dialect = "bash" if command.name == "bash" else "sh"
            return Script(outer.text[start:end], outer.map, outer.base + start, command.instruction, dialect, "heredoc")
    return None


def _quoted(command: Command, word: Word) -> Script | None:
    shell, outer = word.shell, command.script
    if shell is None or outer is None or shell.value is None or len(shell.parts) != 1:
        return None
    from dlinter_grammar.shell_nodes import Literal

    quote = shell.text[:1]
    part = shell.parts[0]
    if quote not in "'\"" or type(part) is not Literal or shell.text[1:-1] != part.value:
        return None
    dialect = "bash" if command.name == "bash" else "sh"
    inner = outer.quoting if outer.quoting == "json" else quote
    return Script(part.value, outer.map, outer.base + shell.start + 1, command.instruction, dialect, inner)
