"""What ShellCheck is asked about one script, and the way from its answers back to the file.

ShellCheck gets the script as the shell does, after BuildKit joined the lines, below a head that says which shell it
is and which variables are set: ``#!/bin/dash``, ``export NAME=1``. The value 1 tells it that the variable has no
blanks in it, as hadolint does (``Hadolint/Shell.hs``).
"""

from __future__ import annotations

from dlinter.images import lookup
from dlinter.tree import Healthcheck, Run
from dlinter_grammar import regex as re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlinter.scripts import Script
    from dlinter.tree import Comment, Dockerfile

#: shebangs that ShellCheck reads (``shellForExecutable`` in ``src/ShellCheck/Data.hs``), by our name of the shell
SHEBANGS = {
    "sh": "#!/bin/sh",
    "dash": "#!/bin/dash",
    "ash": "#!/bin/busybox sh",
    "busybox": "#!/bin/busybox sh",
    "bash": "#!/bin/bash",
    "rbash": "#!/bin/bash",
    "ksh": "#!/bin/ksh",
    "mksh": "#!/bin/ksh",
}
#: set by the builder without being declared (BuildKit's proxy arguments; hadolint's ``defaultShellOpts``)
PROXIES = tuple(f"{kind}_PROXY" for kind in ("HTTP", "HTTPS", "FTP", "NO", "ALL"))
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_REFERENCE = re.compile(r"\$\{?[#!]?([A-Za-z_][A-Za-z0-9_]*)")
_DIRECTIVE = re.compile(r"[ \t]*#[ \t]*shellcheck[ \t]")
_DISABLE = re.compile(r"#\s*shellcheck\s(?:.*\s)?disable=(\S+)")


class Body:
    """One script for ShellCheck: ``text`` is what it reads, ``head`` the number of lines before the script's own."""

    __slots__ = ("head", "script", "starts", "text")

    def __init__(self, script: Script, shell: Sequence[str], names: Sequence[str]) -> None:
        self.script = script
        text = script.text
        lines = [shell[0]]
        first = text.lstrip("\t")
        if first.startswith("#!"):
            # the shebang is already above; a second one would be a finding
            at = len(text) - len(first)
            text = text[: at + 1] + " " + text[at + 2 :]
        for line in text.split("\n"):
            if _DIRECTIVE.match(line):
                lines.append(line.strip())  # before the first command it holds for the whole script
            elif line.strip() and line.lstrip()[0] != "#":
                break
        lines += [*shell[1:], *(f"export {name}=1" for name in names)]
        self.head = len(lines)
        self.text = "\n".join(lines) + "\n" + text
        self.starts = [0]
        for at, char in enumerate(text):
            if char == "\n":
                self.starts.append(at + 1)

    def offset(self, line: int, column: int) -> int | None:
        """The offset in the script of ShellCheck's 1-based *line* and *column*; None in the head."""
        line -= self.head + 1
        if not 0 <= line < len(self.starts):
            return None if line < 0 else len(self.script.text)
        return min(self.starts[line] + column - 1, len(self.script.text))


def bodies_of(file: Dockerfile, hadolint: bool = False) -> list[Body]:
    """The scripts of *file* that ShellCheck can read.

    Those of RUN, ONBUILD RUN and HEALTHCHECK in any form. With *hadolint* only what hadolint looks at, the shell form
    of RUN, and ``/bin/sh`` is taken for a shell that knows no more than POSIX asks for.
    """
    found: list[Body] = []
    for instruction in file.walk():
        if not isinstance(instruction, (Run,) if hadolint else (Run, Healthcheck)):
            continue
        for script in instruction.scripts:
            if hadolint and script.quoting == "json":
                continue
            lines = shell_lines(script, hadolint)
            if lines and script.text.strip():
                found.append(Body(script, lines, names_of(script, hadolint)))
    return found


def names_of(script: Script, declared: bool = False) -> list[str]:
    """The variables set when the script starts that matter for it, sorted: of ENV and ARG in scope, and the proxies.

    Those are the ones it names, and what a name that is not set may be a misspelling of.
    With *declared* only those that the file sets; else also those that the base image or the builder is known to set.
    """
    used = set(_REFERENCE.findall(script.text))
    if not used:
        return []
    environment = script.instruction.file.facts.env(script.instruction)
    names = {name for name in environment if _NAME.fullmatch(name)}
    if declared:
        names = {name for name in names if getattr(environment.variable(name), "node", None) is not None}
    for proxy in PROXIES:
        names.update((proxy, proxy.lower()))
    known = names & used
    for name in used - names:
        known.update(each for each in names if _near(name, each))
    return sorted(known)


def _near(name: str, other: str) -> bool:
    """False where more than two letters differ, letter case aside: what ShellCheck takes for no misspelling.

    (``checkUnassignedReferences`` in ``src/ShellCheck/Analytics.hs``; one letter changes at most two of the sets.)
    """
    return abs(len(name) - len(other)) <= 2 and len(set(name.lower()) ^ set(other.lower())) <= 4


def shell_lines(script: Script, posix: bool = False) -> list[str]:
    """The first lines for ShellCheck: the shell that runs the script, with its options; none if it cannot read it."""
    words = shell_words(script)
    name, options = "", []
    for number, word in enumerate(words):
        last = word.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
        if last in ("env", "busybox") or word.startswith("-"):
            continue
        name = last
        options = words[number + 1 :]
        break
    if name == "sh" and not posix:
        name = _sh(script)
    if name not in SHEBANGS:
        return []
    # ShellCheck looks for an e anywhere in the options (``containsSetE``), so that pipefail has to stand elsewhere
    clusters = [word for word in options if re.fullmatch(r"-[a-zA-Z]+", word)]
    errexit = "errexit" in options or any("e" in word for word in clusters)
    found = [SHEBANGS[name] + (" -e" if errexit else "")]
    return [*found, "set -o pipefail"] if "pipefail" in options else found


def shell_words(script: Script) -> list[str]:
    """The words of the shell that runs the script: its shebang's, those of an exec form, or SHELL's."""
    if script.quoting == "heredoc":
        first = script.text.lstrip("\t")
        if first.startswith("#!"):
            return first[2:].split("\n", 1)[0].split()
    instruction = script.instruction
    if script.quoting == "json":
        words: list[str] = []
        for token in instruction.args:
            if token.start >= script.start - 1:
                break
            words.append(token.value)
        return words
    return list(instruction.file.facts.shell(instruction))


def _sh(script: Script) -> str:
    """What ``/bin/sh`` is in the image: dash, ash or bash; plain sh where that is not known."""
    stage = script.instruction.stage
    base = None if stage is None else script.instruction.file.facts.base(stage)
    image = None if base is None else lookup(base)
    return (image.sh if image is not None else None) or "sh"


# -- nothing to say ---------------------------------------------------------------------------------------------

#: programs for which ShellCheck has no check of its own (``commandChecks`` in ``src/ShellCheck/Checks/Commands.hs``)
_PLAIN = (
    "a2enmod|add-apt-repository|addgroup|adduser|apk|apt|apt-get|apt-mark|bundle|cargo|chown|composer|conda|cmake|"
    "configure|corepack|curl|dnf|docker-php-ext-configure|docker-php-ext-enable|docker-php-ext-install|dotnet|dpkg|gem|"
    "git|go|gradle|groupadd|install|java|ldconfig|locale-gen|make|microdnf|mvn|node|npm|npx|pecl|php|pip|pip3|pnpm|"
    "poetry|python|python3|rustup|tar|touch|update-ca-certificates|update-rc.d|useradd|usermod|uv|wget|yarn|yum|zypper|"
    "\\./gradlew|\\./mvnw|\\./configure"
)
_WORD = r"[A-Za-z0-9_./:@%+,-][A-Za-z0-9_./:=@%+,-]*"
_LISTS = r"rm(?: +-[rf]+)+(?: +/(?:var/(?:lib/apt/lists|cache/[a-z]+|lib/[a-z]+)|tmp)/\*)+"
_SIMPLE = rf"(?:(?:{_PLAIN})(?: +(?!(?:do|done|then|fi|elif|else|esac)\b){_WORD})*|{_LISTS})"
_SILENT = re.compile(rf"[ \t\n]*{_SIMPLE}(?: *(?:&&|;) *{_SIMPLE})* *;?[ \t\n]*")


def silent(text: str) -> bool:
    """True if ShellCheck surely has nothing to say: plain words, plain programs, no expansion and no quotes."""
    return _SILENT.fullmatch(text) is not None


# -- comments ---------------------------------------------------------------------------------------------------


class Disabled:
    """``# shellcheck disable=…`` in a line between continued lines: ``codes`` are silent in ``start``-``end``."""

    __slots__ = ("codes", "end", "start")

    def __init__(self, start: int, end: int, codes: str) -> None:
        self.start = start
        self.end = end
        self.codes = [word.strip().upper() for word in codes.split(",")]

    def covers(self, number: int, offset: int) -> bool:
        return self.start <= offset < self.end and any(_matches(word, number) for word in self.codes)


def _matches(word: str, number: int) -> bool:
    first, _, last = word.replace("SC", "").partition("-")
    if first == "ALL":
        return True
    return first.isdecimal() and (last or first).isdecimal() and int(first) <= number <= int(last or first)


def disabled_in(script: Script) -> list[Disabled]:
    """What comments in the script's instruction, or right above it, tell ShellCheck to leave out.

    Like a directive in a script: before the first command it holds for all of it, else for the next command, with
    everything in that if it is a loop, a condition or a function.
    """
    instruction = script.instruction
    file = instruction.file
    found: list[Disabled] = []
    if "shellcheck" not in file.text:
        return found
    outer = instruction.parent if instruction.in_onbuild else instruction
    comments = [*_above(file, outer.start if outer is not None else instruction.start), *instruction.syntax.comments]
    for comment in comments:
        match = _DISABLE.match(comment.text.lstrip())
        if match is not None:
            start, end = _range(script, comment.end)
            found.append(Disabled(start, end, match[1]))
    return found


def _above(file: Dockerfile, start: int) -> list[Comment]:
    """The comments in the lines directly above the instruction that begins at *start*."""
    found: list[Comment] = []
    line = file.source.line(start)
    for comment in reversed(file.document.comments):
        if comment.start < start and comment.line >= line - 1 - len(found):
            found.append(comment)
    return found


def _range(script: Script, after: int) -> tuple[int, int]:
    from dlinter_grammar.shell_nodes import Node, Statement, walk

    if script.root is None or not script.root.statements or after <= script.at(script.root.statements[0].start):
        return script.start, script.end
    best: tuple[int, int] | None = None
    for node in walk(script.root):
        if isinstance(node, Node) and not isinstance(node, Statement):
            start, end = script.span(node.start, node.end)
            if start >= after and (best is None or start < best[0] or (start == best[0] and end > best[1])):
                best = (start, end)
    return best or (after, after)
