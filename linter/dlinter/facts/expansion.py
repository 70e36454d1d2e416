"""The words that BuildKit expands, and what comes out (instructions/commands.go, Expand; dockerfile2llb, dispatch)."""

from __future__ import annotations

from dlinter.facts.scopes import expanded
from dlinter.tree import Add, Arg, Copy, Env, Expose, From, Label, Run, Stopsignal, Token, User, Volume, Workdir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlinter.facts import Environment, Facts
    from dlinter.tree import Instruction
    from dlinter_grammar.expand import Expanded


class Expansion:
    """One word that is expanded: ``token`` where it stands (of a mount or a heredoc, the part of it), ``result`` what
    comes out, ``env`` the variables it sees and ``part`` which word of the instruction it is.

    ``part`` is ``"argument"``, ``"key"``, ``"value"``, ``"heredoc"`` or the flag as ``"--chown"``.
    """

    __slots__ = ("env", "part", "result", "token")

    def __init__(self, token: Token, part: str, env: Environment, result: Expanded) -> None:
        self.token = token
        self.part = part
        self.env = env
        self.result = result

    def __repr__(self) -> str:
        return f"Expansion({self.token!r}, {self.part!r}, {self.result!r})"

    def span(self, start: int, end: int) -> Token:
        """The part ``start``-``end`` of the word as a token of the file; all of it where the two cannot be matched."""
        token = self.token
        text = token.text[start:end]
        if token.text == token.value and token.end - token.start == len(token.text):
            return Token(token.start + start, token.start + end, text)
        return Token(token.start, token.end, token.text)


def expansions(facts: Facts, instruction: Instruction) -> Iterator[Expansion]:
    """Every word of *instruction* that BuildKit expands, in BuildKit's order."""
    escape = instruction.file.escape
    if isinstance(instruction, Arg):
        for pair in instruction.pairs:
            if pair.value is not None:
                env = facts.environment(instruction, pair.start)
                yield Expansion(pair.value, "value", env, expanded(pair.value.value, env, escape))
        return
    env = facts.environment(instruction)
    for token, part in _words(instruction):
        yield Expansion(token, part, env, expanded(token.value, env, escape))
    if isinstance(instruction, (Copy, Add)):
        sources = {token.value for token in instruction.sources}
        for heredoc in instruction.heredocs:
            if heredoc.expand and heredoc.terminated and heredoc.word.value in sources:
                body = Token(heredoc.start, heredoc.end, heredoc.content)
                yield Expansion(body, "heredoc", env, expanded(body.text, env, "\\", literal_quotes=True))


def _words(instruction: Instruction) -> Iterator[tuple[Token, str]]:
    if isinstance(instruction, From):
        if instruction.image is not None:
            yield instruction.image, "argument"
        yield from _flags(instruction, "platform")
    elif isinstance(instruction, (Env, Label)):
        for pair in instruction.pairs:
            yield pair.key, "key"
            if pair.value is not None:
                yield pair.value, "value"
    elif isinstance(instruction, (Copy, Add)):
        yield from _flags(instruction, "chown", "chmod", *(("checksum",) if isinstance(instruction, Add) else ()))
        heredocs = {heredoc.word.value for heredoc in instruction.heredocs}
        if instruction.destination is not None:
            for token in instruction.sources:
                if token.value not in heredocs:
                    yield token, "argument"
            yield instruction.destination, "argument"
    elif isinstance(instruction, Run):
        for flag in instruction.flags:
            if flag.name == "mount" and flag.value is not None and "$" in flag.value.value:
                yield from _mount_values(flag.value)
    elif isinstance(instruction, (Workdir, User, Stopsignal)):
        if instruction.value is not None:
            yield instruction.value, "argument"
    elif isinstance(instruction, (Volume, Expose)):
        for token in instruction.args:
            yield token, "argument"


def _flags(instruction: Instruction, *names: str) -> Iterator[tuple[Token, str]]:
    for name in names:
        flag = instruction.flag(name)
        if flag is not None and flag.value is not None:
            yield flag.value, f"--{name}"


def _mount_values(token: Token) -> Iterator[tuple[Token, str]]:
    """The values of a mount's options but ``from`` (parseMount)."""
    from dlinter_grammar.mounts import flag_part, split_fields

    fields = split_fields(token.value)
    if isinstance(fields, list):
        for field in fields:
            if field.value and field.key != "from":
                start, end = flag_part(token, field.end - len(field.value), field.end)
                yield Token(start, end, field.value), "--mount"
