"""What RUN, CMD, ENTRYPOINT and HEALTHCHECK hand over: words to run, or a script and the shell that reads it."""

from __future__ import annotations

from dlinter.proof.normal import normal, shown
from dlinter_grammar.shell import dialect, explicit_powershell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.normal import Form
    from dlinter_grammar.nodes import Heredoc, Instruction

#: first element of the form of an exec form and of a script that is compared as it is written
EXEC, VERBATIM = 18, 19
#: BuildKit's own shell, where the base image may have set another one
DEFAULT_SHELL = ("", "/bin/sh", "-c")
#: the same where the base image is known to have none
PLAIN_SHELL = ("/bin/sh", "-c")
WINDOWS_SHELL = ("cmd", "/S", "/C")


class Body:
    """A command. ``shell`` is None for an exec form, whose words are ``words``; ``text`` is the script otherwise.

    ``alone`` is true where a heredoc is the whole command, so that its lines are the script. Two bodies with the same
    ``key`` are the same; so are two with the same ``form`` and shell.
    """

    __slots__ = ("_form", "alone", "given", "key", "quoting", "shell", "text", "words")

    def __init__(
        self,
        shell: tuple[str, ...] | None,
        text: str,
        words: tuple[str, ...],
        alone: bool = False,
        quoting: bool = False,
    ) -> None:
        self.shell = shell
        self.text = text
        self.words = words
        #: the words of an exec form, also of one that hands a script to a shell
        self.given = words
        self.alone = alone
        self.quoting = quoting
        self.key = (shell, text, words, alone, quoting)
        self._form: Form | None = None

    @property
    def form(self) -> Form:
        """The normal form of the script, or the words as they are."""
        if self._form is None:
            found: Form | None
            if self.shell is None:
                found = (EXEC, self.words)
            elif self.readable:
                found = normal(self.text) or (VERBATIM, self.text)
            else:
                found = (VERBATIM, self.text)
            self._form = found
        return self._form

    def verbatim(self) -> None:
        """Compare it as it is written from now on."""
        if self.shell is not None:
            self._form = (VERBATIM, self.text)

    @property
    def readable(self) -> bool:
        """True if a POSIX shell or bash reads the script."""
        if self.shell is None or explicit_powershell(self.text):
            return False
        if self.alone and self.text.startswith("#!"):
            line = self.text[2:].partition("\n")[0].split()
            return dialect(line) in ("sh", "bash")
        shell = self.shell[1:] if self.shell[:1] == ("",) else self.shell
        last = shell[-1] if shell else ""
        if dialect(shell) not in ("sh", "bash") or last[:1] != "-" or last[-1:] != "c":
            return False
        return all(
            word[:1] in "-+" or word in ("pipefail", "errexit", "nounset") for word in shell[1:] if word != "bash"
        )

    @property
    def errexit(self) -> bool:
        """True if the shell itself is started with ``-e``."""
        words = self.shell or ()
        return any(w[:1] == "-" and w[:2] != "--" and "e" in w for w in words[1:]) or "errexit" in words

    def __repr__(self) -> str:
        return f"Body({self.shown()!r})"

    def shown(self) -> str:
        """The command in one line."""
        text = "[" + ", ".join(f'"{word}"' for word in self.words) + "]" if self.shell is None else shown(self.form)
        if self.shell is not None and self.form[0] == VERBATIM:
            text = " ".join(self.text.split())
        return text if len(text) <= 120 else text[:117] + "..."


def body_of(instruction: Instruction, shell: tuple[str, ...], source: str) -> Body:
    """What *instruction* hands over where *shell* is in force; *source* is the text of the file."""
    if instruction.form == "json":
        return _exec(tuple([token.value for token in instruction.args]))
    text = instruction.args[0].text if instruction.args else ""
    heredocs = instruction.heredocs
    if not heredocs:
        return Body(shell, text, ())
    if len(heredocs) == 1 and heredocs[0].word.text.strip() == text.strip() and instruction.keyword == "run":
        # BuildKit never expands the body, but the quotes in its name are kept apart all the same
        return Body(shell, content(heredocs[0], source), (), True, heredocs[0].expand)
    return Body(shell, text + "\n" + source[heredocs[0].start : heredocs[-1].close], ())


def content(heredoc: Heredoc, source: str) -> str:
    """The body of a heredoc as it is used: without leading tabs after ``<<-``."""
    text = source[heredoc.start : heredoc.end]
    if not heredoc.chomp:
        return text
    return "\n".join([line.lstrip("\t") for line in text.split("\n")])


def _exec(words: tuple[str, ...]) -> Body:
    """An exec form; that of a shell with one script is the script."""
    if len(words) >= 3 and words[0].rpartition("/")[2] in ("sh", "bash", "ash", "dash"):
        found = Body(words[:-1], words[-1], ())
        if found.readable:
            found.given = words
            return found
    return Body(None, "", words)
