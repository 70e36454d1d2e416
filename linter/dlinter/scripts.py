"""The shell scripts inside instructions, with the way back from their offsets to the file's."""

from __future__ import annotations

from dlinter.tree import Cmd, Entrypoint, Healthcheck, Heredoc, Instruction, Node, Run
from dlinter_grammar.dialects import dialect as dialect_of
from dlinter_grammar.dialects import explicit_powershell
from dlinter_grammar.nodes import TextMap, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_grammar.shell_nodes import Script as ShellScript
    from dlinter_grammar.shell_nodes import ShellNode, ShellSyntaxError

#: trees of scripts by text, and how many are kept
_PARSED: dict[str, tuple[ShellScript | None, ShellSyntaxError | None]] = {}
_MOST = 1024
SH_LIKE = frozenset({"sh", "bash"})
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})


class Script(Node):
    """One script. ``root`` is None where it is not sh-like or does not parse (``error`` then says why).

    ``dialect`` is ``"sh"``, ``"bash"``, ``"powershell"``, ``"cmd"`` or ``"other"``. ``quoting`` tells how text has to
    be escaped to stand in it: ``""`` plain, ``"heredoc"`` a heredoc's body, ``"json"`` inside a JSON string,
    ``"'"`` or ``'"'`` inside a quoted word of another script.
    """

    __slots__ = ("base", "dialect", "error", "instruction", "map", "quoting", "root", "text")

    def __init__(
        self, text: str, text_map: TextMap, base: int, instruction: Instruction, dialect: str, quoting: str
    ) -> None:
        self.text = text
        self.map = text_map
        self.base = base
        start, end = text_map.span(base, base + len(text))
        super().__init__(start, end, instruction)
        self.instruction = instruction
        self.dialect = dialect
        self.quoting = quoting
        self.root: ShellScript | None = None
        self.error: ShellSyntaxError | None = None
        if dialect in SH_LIKE:
            self.root, self.error = parsed(text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range in the file of ``text[start:end]``."""
        return self.map.span(self.base + start, self.base + end)

    def at(self, offset: int) -> int:
        """The file offset of the character of the script at *offset*."""
        return self.map.at(self.base + offset)

    def token(self, node: ShellNode) -> Token:
        """*node* as a token of the file."""
        start, end = self.span(node.start, node.end)
        return Token(start, end, self.text[node.start : node.end])


def parsed(text: str) -> tuple[ShellScript | None, ShellSyntaxError | None]:
    """The tree of a script, or why it has none. Trees are never changed, so equal scripts share one."""
    found = _PARSED.get(text)
    if found is None:
        from dlinter_grammar.shell import ShellSyntaxError, parse

        try:
            found = parse(text), None
        except ShellSyntaxError as error:
            found = None, error.with_traceback(None)
        if len(_PARSED) >= _MOST:
            _PARSED.clear()
        _PARSED[text] = found
    return found


def scripts_of(instruction: Instruction) -> list[Script]:
    """The scripts that *instruction* hands to a shell by itself: shell form, heredoc script, ``["sh", "-c", …]``."""
    if not isinstance(instruction, (Run, Cmd, Entrypoint, Healthcheck)):
        return []
    if isinstance(instruction, Healthcheck) and (instruction.kind is None or instruction.kind.text.lower() != "cmd"):
        return []
    if instruction.form == "json":
        return _exec_form(instruction)
    if instruction.form != "shell" or not instruction.args:
        return []
    dialect = instruction.file.facts.dialect(instruction)
    alone = _lone_heredoc(instruction)
    if alone is not None:
        return [_heredoc_script(instruction, alone, dialect)]
    argument = instruction.args[0]
    if explicit_powershell(argument.text):
        dialect = "powershell"
    syntax = instruction.syntax
    base = len(syntax.map.text.rstrip()) - len(argument.text)
    if syntax.map.text[base : base + len(argument.text)] != argument.text:
        base = syntax.map.text.rindex(argument.text)
    if not syntax.heredocs or dialect not in SH_LIKE:
        return [Script(argument.text, syntax.map, base, instruction, dialect, "")]
    return [_with_bodies(instruction, argument, base, dialect)]


def _lone_heredoc(instruction: Instruction) -> Heredoc | None:
    """The heredoc that is the whole command (``RUN <<EOF``), so that its body is the script."""
    heredocs = instruction.heredocs
    if isinstance(instruction, Run) and len(heredocs) == 1:
        word = heredocs[0].word
        if word.text.strip() == instruction.args[0].text.strip():
            return heredocs[0]
    return None


def _heredoc_script(instruction: Instruction, heredoc: Heredoc, dialect: str) -> Script:
    text = instruction.file.text[heredoc.start : heredoc.end]
    first = text.lstrip("\t") if heredoc.chomp else text
    if first.startswith("#!"):
        words = first[2:].split("\n", 1)[0].split()
        if words and words[0].rsplit("/", 1)[-1] == "env":
            words = [word for word in words[1:] if not word.startswith("-")]
        dialect = dialect_of(words) if words else "other"
    return Script(text, TextMap(text, (0,), (heredoc.start,)), 0, instruction, dialect, "heredoc")


def _with_bodies(instruction: Instruction, argument: Token, base: int, dialect: str) -> Script:
    """The line and the heredoc bodies after it, as the shell receives them."""
    syntax = instruction.syntax
    heredocs = syntax.heredocs
    body_start, body_end = heredocs[0].start, heredocs[-1].close
    line = argument.text + "\n"
    offsets: list[int] = []
    sources: list[int] = []
    for offset, source in zip(syntax.map.offsets, syntax.map.sources, strict=True):
        if offset <= base:
            offsets, sources = [0], [source + base - offset]
        elif offset < base + len(argument.text):
            offsets.append(offset - base)
            sources.append(source)
    offsets.append(len(line))
    sources.append(body_start)
    text = line + instruction.file.text[body_start:body_end]
    return Script(text, TextMap(text, offsets, sources), 0, instruction, dialect, "")


def _exec_form(instruction: Instruction) -> list[Script]:
    """The script of ``["sh", "-c", "script"]``."""
    words = instruction.args
    for number, word in enumerate(words[1:], 1):
        if word.value[:1] in "-+" and not word.value.startswith("--") and "c" in word.value:
            name = words[0].value.rsplit("/", 1)[-1]
            if number + 1 < len(words) and name in _SHELLS and number <= 4:
                return [_json_script(instruction, words[number + 1], dialect_of([w.value for w in words[:number]]))]
        elif word.value[:1] not in "-+" and word.value != "pipefail":
            break
    return []


def _json_script(instruction: Instruction, word: Token, dialect: str) -> Script:
    """The decoded text of a JSON string, mapped to the file character by character where escapes shift it."""
    syntax = instruction.syntax
    base = _offset_of(instruction, word)
    if "\\" not in word.text:
        return Script(word.value, syntax.map, base + 1, instruction, dialect, "json")
    offsets: list[int] = []
    sources: list[int] = []
    at, done = 1, 0
    raw = word.text
    while at < len(raw) - 1:
        offsets.append(done)
        sources.append(syntax.map.at(base + at))
        if raw[at] != "\\":
            at += 1
        elif raw[at + 1] == "u":
            high = raw[at + 2 : at + 6].lower()
            at += 6
            if "d800" <= high < "dc00" and raw[at : at + 2] == "\\u":
                at += 6
        else:
            at += 2
        done += 1
    if not offsets:
        offsets, sources = [0], [word.start + 1]
    return Script(word.value, TextMap(word.value, offsets, sources), 0, instruction, dialect, "json")


def _offset_of(instruction: Instruction, word: Token) -> int:
    """Where *word* stands in the instruction's logical text."""
    offset = 0
    text_map = instruction.syntax.map
    for piece, source in zip(text_map.offsets, text_map.sources, strict=True):
        if source <= word.start:
            offset = piece + word.start - source
    return offset
