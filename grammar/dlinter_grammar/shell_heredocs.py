"""Here-documents of a shell script (POSIX.1-2017 XCU 2.7.4; bash's make_here_document)."""

from __future__ import annotations

from dlinter_grammar import regex as re

from .shell_words import Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .shell_nodes import Redirect

_QUOTED = re.compile(r"""\\([\s\S])|\$?'([^']*)'|\$?"((?:[^"\\]|\\[\s\S])*)\"""")
_UNQUOTE_DOUBLE = re.compile(r'\\([$`"\\])')


class HereDocuments(Words):
    """Words of a script, and the bodies of its here-documents."""

    __slots__ = ("early", "nested", "pending")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        # Redirections whose bodies begin at the next line; early ones are left over from a substitution in this line.
        self.pending: list[Redirect] = []
        self.early: list[Redirect] = []
        self.nested = False  # in a substitution that a parenthesis closes

    def here_documents(self) -> None:
        """Takes the bodies of the pending here-documents off the lines that follow (make_here_document)."""
        text = self.text
        end = self.end
        at = self.at
        for redirect in self.early + self.pending:
            name = redirect.target.value or ""
            strips = redirect.operator == "<<-"
            literal = redirect.target.parts[0].quoted
            start = at
            while True:
                if at >= end:
                    redirect.body = start, end
                    break
                line = at
                at = self.line_end(at, literal)
                content = text[line:at]
                if not literal and "\\\n" in content:
                    content = content.replace("\\\n", "")
                if content == name or (strips and content.lstrip("\t") == name):
                    redirect.body = start, line
                    at = min(at + 1, end)
                    break
                if self.closes_here(content, name, strips):
                    redirect.body = start, line
                    at = line + text[line:at].index(name) + len(name)
                    break
                at = min(at + 1, end)
        self.early = []
        self.pending = []
        self.at = at

    def line_end(self, start: int, literal: bool) -> int:
        """The end of the line at *start*; a backslash joins lines unless the delimiter was quoted."""
        text = self.text
        end = start
        while True:
            found = text.find("\n", end, self.end)
            if found < 0:
                return self.end
            if literal or not _continued(text, start, found):
                return found
            end = found + 1

    def closes_here(self, line: str, name: str, strips: bool) -> bool:
        """Whether a line of the body ends it before a closing parenthesis, as in ``$(cat <<E`` ... ``E)``."""
        if not self.nested:
            return False
        if strips:
            line = line.lstrip("\t")
        return line.startswith(name) and ")" in line[len(name) :]


def delimiter(text: str) -> str:
    """*text* without its quotes: the only expansion of a here-document's delimiter."""
    return _QUOTED.sub(_unquoted, text)


def _continued(text: str, start: int, newline: int) -> bool:
    at = newline
    while at > start and text[at - 1] == "\\":
        at -= 1
    return (newline - at) % 2 == 1


def _unquoted(match: re.Match[str]) -> str:
    escaped, single, double = match.groups()
    if escaped is not None:
        return "" if escaped == "\n" else escaped
    return single if single is not None else _UNQUOTE_DOUBLE.sub(r"\1", double)
