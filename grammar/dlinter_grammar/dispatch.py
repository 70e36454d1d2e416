"""What package dockerfile2llb refuses in a single instruction and can be told without the values of variables."""

from __future__ import annotations

from dlinter_grammar.gotext import nearest, quote, valid_runes
from dlinter_grammar.images import digest_fault
from dlinter_grammar.lexer import Lexer, LexError, process_word
from dlinter_grammar.mounts import check_device, dispatch_fault, flag_part, parse_mount
from dlinter_grammar.problems import problem
from dlinter_grammar.values import SIGNALS, chmod_fault, git_source, is_http_source, port_fault, signal_fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dlinter_grammar.nodes import Flag, Heredoc, Instruction, SyntaxProblem, Token

    Problems = list[SyntaxProblem]


class Dispatcher:
    """Checks the instructions of a file whose escape token is *escape*; what it finds goes to *problems*."""

    def __init__(self, escape: str, problems: Problems) -> None:
        self.escape = escape
        self.problems = problems
        self._special = f"'\"{escape}$"

    def check(self, instruction: Instruction) -> None:
        """Check what stands in the instruction itself."""
        check = _CHECKS.get(instruction.keyword)
        if check is not None:
            check(self, instruction)

    def word(self, token: Token, line: int) -> str | None:
        """The text of *token* without quotes; None if it depends on variables or cannot be read, which is reported."""
        text = token.value
        if not any(char in text for char in self._special):
            return valid_runes(text.removeprefix("\ufeff"))
        try:
            result = process_word(text, self.escape)
        except LexError as error:
            self.problems.append(problem("invalid-expansion", token, line, str(error)))
            return None
        # an escaped or quoted dollar counts as a variable here: nothing is guessed
        return None if "$" in text else result

    def _words(self, tokens: list[Token], line: int) -> list[str | None]:
        return [self.word(token, line) for token in tokens]

    def _report(self, name: str, token: Token, line: int, message: str | None, suggestion: str | None = None) -> None:
        if message is not None:
            self.problems.append(problem(name, token, line, message, suggestion))

    def _pairs(self, instruction: Instruction) -> None:
        for pair in instruction.pairs:
            if instruction.keyword != "arg":
                self.word(pair.key, instruction.line)
            if pair.value is not None:
                self.word(pair.value, instruction.line)

    def _text(self, instruction: Instruction) -> None:
        self._words(instruction.args, instruction.line)

    def _volume(self, instruction: Instruction) -> None:
        words = self._words(instruction.args, instruction.line)
        for token, word in zip(instruction.args, words, strict=True):
            if word == "" and token.value:
                message = "VOLUME specified can not be an empty string"
                self._report("empty-volume-value", token, instruction.line, message)

    def _stopsignal(self, instruction: Instruction) -> None:
        for token in instruction.args:
            word = self.word(token, instruction.line)
            message = None if word is None else signal_fault(word)
            if word is not None and message is not None:
                name = "".join(word.upper().split()).removeprefix("SIG")
                better = nearest(name, SIGNALS) if len(name) > 3 and name not in SIGNALS else name
                better = better if better in SIGNALS else None
                self._report("invalid-signal", token, instruction.line, message, better and f"SIG{better}")

    def _expose(self, instruction: Instruction) -> None:
        # the parser stage sorts them, and so the first one to fail is the first in that order
        for token in sorted(instruction.args, key=lambda token: token.value):
            if "$" in token.value:
                self.word(token, instruction.line)
                continue
            try:
                words = Lexer(token.value, self.escape).words()
            except LexError:
                self.word(token, instruction.line)
                continue
            faults = [fault for text, _, _ in words if (fault := port_fault(text)) is not None]
            if faults:
                self._report("invalid-port", token, instruction.line, faults[0])
                return

    def _run(self, instruction: Instruction) -> None:
        for flag in instruction.flags:
            if flag.name == "mount" and flag.value is not None:
                self._mount(flag, flag.value, instruction.line)
        for flag in instruction.flags:
            if flag.name == "device" and flag.value is not None and check_device(flag.value.value) is None:
                message = "device feature is only supported in Dockerfile frontend 1.14.0-labs or later"
                self.problems.append(problem("unsupported-device", flag, instruction.line, message))
                break

    def _mount(self, flag: Flag, value: Token, line: int) -> None:
        mount = parse_mount(value.value, self.escape)
        fault = mount.fault
        if fault is not None:
            if fault.name != "invalid-csv":
                at = flag_part(value, fault.start, fault.end)
                self.problems.append(problem(fault.name, at, line, fault.message, fault.suggestion))
            return
        message = dispatch_fault(mount)
        if message is not None:
            field = mount.field("source" if mount.type == "ssh" else "target")
            at = flag_part(value, field.start, field.end) if field is not None else (value.start, value.end)
            self.problems.append(problem("invalid-mount", at, line, message))

    def _copy(self, instruction: Instruction) -> None:
        line = instruction.line
        flags = {flag.name: flag.value for flag in instruction.flags if flag.value is not None}
        values = {name: self.word(flags[name], line) for name in ("chown", "chmod", "checksum") if name in flags}
        chmod = values.get("chmod")
        if chmod:
            self._report("invalid-chmod", flags["chmod"], line, chmod_fault(chmod))
        words = self._words(instruction.args, line)
        sources = list(zip(instruction.args[:-1], words[:-1], strict=True))
        bodies = {heredoc.word.value: heredoc for heredoc in instruction.heredocs}
        for heredoc in bodies.values():
            self._heredoc(heredoc, line)
        sources = [(token, word) for token, word in sources if token.value not in bodies]
        checksum = values.get("checksum") if instruction.keyword == "add" else None
        if checksum:
            self._checksum(flags["checksum"], checksum, [word for _, word in sources], line)
        for token, word in sources:
            if word is not None:
                self._source(instruction, token, word, line)

    def _heredoc(self, heredoc: Heredoc, line: int) -> None:
        """Bodies of COPY and ADD are expanded, quotes being plain text."""
        if not heredoc.expand or "$" not in heredoc.content:
            return
        content = heredoc.content
        if heredoc.chomp:
            content = "".join(part.lstrip("\t") for part in content.splitlines(keepends=True))
        try:
            Lexer(content, quotes=False, strict=True).result()
        except LexError as error:
            message = f"failed to process {quote(content)}: {error}"
            self.problems.append(problem("invalid-expansion", (heredoc.start, heredoc.end), line, message))

    def _checksum(self, token: Token, checksum: str, sources: list[str | None], line: int) -> None:
        message = None
        if len(sources) != 1:
            message = "checksum can't be specified for multiple sources"
        elif sources[0] is not None:
            if is_http_source(sources[0]):
                message = digest_fault(checksum)
            elif git_source(sources[0]) is None:
                message = "checksum requires HTTP(S) or Git sources"
        self._report("invalid-checksum", token, line, message)

    def _source(self, instruction: Instruction, token: Token, word: str, line: int) -> None:
        copy = instruction.keyword == "copy"
        git = git_source(word)
        if git is None:
            if copy and is_http_source(word):
                self._report("copy-url", token, line, "source can't be a URL for COPY")
        elif git.fault is not None:
            self._report("invalid-git-source", token, line, git.fault)
        elif copy:
            self._report("copy-git", token, line, "source can't be a git ref for COPY")
        else:
            for flag in instruction.flags:
                if flag.name == "keep-git-dir" and git.keep_git_dir is not None:
                    keep = flag.value is None or flag.value.value.lower() == "true"
                    if keep != git.keep_git_dir:
                        message = "inconsistent keep-git-dir configuration"
                        self.problems.append(problem("inconsistent-git-dir", flag, line, message))


_CHECKS: dict[str, Callable[[Dispatcher, Instruction], None]] = {
    "add": Dispatcher._copy,
    "arg": Dispatcher._pairs,
    "copy": Dispatcher._copy,
    "env": Dispatcher._pairs,
    "expose": Dispatcher._expose,
    "label": Dispatcher._pairs,
    "run": Dispatcher._run,
    "stopsignal": Dispatcher._stopsignal,
    "user": Dispatcher._text,
    "volume": Dispatcher._volume,
    "workdir": Dispatcher._text,
}
