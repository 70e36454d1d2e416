"""What surely is one word to the shell: an expansion whose value has neither blanks nor patterns in it.

Such a value is the same with quotes around it and without. Where it may also be empty, that holds only beside other
text: alone, it would vanish without quotes.
"""

from __future__ import annotations

from dlinter.proof.known import BARE, PROXIES, SHELL_KNOWN
from dlinter.tree import Arg, Env, User
from dlinter_grammar import regex as re
from dlinter_grammar.shell_nodes import (
    AndOr,
    Arithmetic,
    Assignment,
    Compound,
    Expansion,
    Function,
    Glob,
    Literal,
    Pipeline,
    ShellWord,
    Simple,
    Substitution,
    walk,
)
from dlinter_grammar.shell_nodes import Script as ScriptNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeGuard

    from dlinter.images import Image
    from dlinter.scripts import Script
    from dlinter.tree import Instruction
    from dlinter_grammar.shell_nodes import Node, Part, ShellNode
    from dlinter_grammar.shell_nodes import Script as ShellScript

#: how sure it is: not at all, one word or nothing, one word
UNSURE, PERHAPS, SURE = range(3)
#: values without blanks, quotes, backslashes and patterns
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+=,-]*")
#: builtins that may set any variable, or run what cannot be seen
_UNSEEN = frozenset({".", "source", "eval", "trap"})
#: variables to which the shell itself gives a value
_SHELLS_OWN = re.compile(
    r"PWD|OLDPWD|IFS|PPID|LINENO|RANDOM|SRANDOM|SECONDS|E?UID|GROUPS|SHLVL|REPLY|OPT(?:IND|ARG|ERR)|HOSTNAME|_|PS[0-4]"
    r"|(?:HOST|MACH|OS)TYPE|FUNCNAME|DIRSTACK|PIPESTATUS|MAPFILE|EPOCH\w+|BASH\w*|COMP_\w+|SHELLOPTS|SHELL|TERM|COLUMNS|LINES"
)
#: builtins that set variables by name otherwise than by ``name=value``
_SETTING = frozenset(
    ("builtin", "command", "declare", "getopts", "let", "local", "mapfile", "read", "readarray", "typeset", "unset")
)
_HANDING_ON = frozenset({"command", "builtin"})
_EXPORTING = frozenset({"export", "readonly"})
#: variables of official images with one value in all tags; those that are one word in the tags that set them
_ALWAYS_SET = frozenset({"CARGO_HOME", "CATALINA_HOME", "GOPATH", "HTTPD_PREFIX", "MAVEN_HOME", "RUSTUP_HOME"})
_SINGLE = frozenset(
    {"GEM_HOME", "GOLANG_VERSION", "JAVA_HOME", "JETTY_BASE", "JETTY_HOME", "NODE_VERSION", "PHP_INI_DIR"}
    | {"PYTHON_VERSION", "RUBY_VERSION", "TOMCAT_VERSION", "YARN_VERSION"}
)
_ACCOUNTS = re.compile(r"/etc/passwd|\busermod\b|\bvipw\b")
_ROOT = frozenset({"root", "0", "root:root", "0:0"})
#: commands that print one word, or nothing where they fail
_PRINTING = re.compile(
    r"(?P<always>uname(?: -[imnoprs]| --(?:machine|kernel-name|kernel-release|nodename))?"
    r"|id -[gu]"
    r"|date(?: -u| --utc)? \+(?:%[CFGHIMNSTUVYdgjmsuy]|[A-Za-z0-9_./:-])+)"
    r"|(?P<debian>nproc(?: --all)?|arch|dpkg --print-architecture"
    r"|getconf (?:_NPROCESSORS_(?:ONLN|CONF)|LONG_BIT|PAGE_?SIZE))"
    r"|id -(?:[gu]n|n[gu])|hostname(?: -[fs])?|apk --print-arch"
    r"|dpkg-architecture -q ?DEB_(?:BUILD|HOST|TARGET)_(?:ARCH|ARCH_CPU|ARCH_OS|GNU_TYPE|MULTIARCH)"
    r"|lsb_release (?:-[cr]s|-s[cr]|-[cr] -s|-s -[cr]|--(?:codename|release) --short|--short --(?:codename|release))"
    r"|rpm (?:-E|--eval) %(?:fedora|rhel|centos|dist|_arch|\{(?:fedora|rhel|centos|dist|_arch)\})"
    r"|grep -c \S+ /proc/cpuinfo"
)
#: what os-release(5) allows no blanks in
_RELEASE = frozenset({"ID", "VERSION_ID", "VERSION_CODENAME", "UBUNTU_CODENAME"})


class OneWord:
    """What is known of the expansions in one script."""

    __slots__ = (
        "_asked", "_changing", "_ordinary", "_setting", "_sure", "commands", "functions", "instruction", "lists",
        "parts", "root", "script",
    )  # fmt: skip

    def __init__(self, script: Script, root: ShellScript) -> None:
        self.script = script
        self.root = root
        self.instruction: Instruction = script.instruction
        self._asked: set[str] = set()
        self._sure: dict[str, int] = {}
        #: what may give a variable its value
        self._setting: list[Assignment | Compound | Arithmetic | Expansion | Simple] = []
        #: the parts of all words with their word, by place
        self.parts: dict[tuple[int, int], tuple[ShellWord, Part]] = {}
        self.commands: list[Simple] = []
        self.lists: list[ShellScript] = []
        for node in walk(root):
            if isinstance(node, ShellWord):
                self.parts.update({(part.start, part.end): (node, part) for part in node.parts})
            elif type(node) is Simple:
                self.commands.append(node)
            elif isinstance(node, ScriptNode):
                self.lists.append(node)
            if _may_set(node):
                self._setting.append(node)
        self.functions = any(type(node) is Function for node in walk(root))
        #: substitutions in which any variable may be set
        self._changing: list[Substitution] = []
        self._ordinary = not self.functions and not _unseen(root, self._changing)

    def of(self, part: Part) -> int:
        """How sure it is that *part* is one word."""
        if self.instruction.keyword != "run" or "IFS" in self.instruction.file.text:
            return UNSURE
        if isinstance(part, Substitution):
            return UNSURE if part.script is None or part.kind[:1] in "<>" else self.printed(part.script)
        if not isinstance(part, Expansion) or part.operator:
            return UNSURE
        if part.name in ("?", "#", "$"):
            return SURE
        return self.variable(part.name)

    def value(self, word: ShellWord) -> int:
        """How sure it is that the value of *word*, as it is assigned, is one word."""
        found = PERHAPS
        for part in word.parts:
            if type(part) is Literal:
                if _PLAIN.fullmatch(part.value) is None:
                    return UNSURE
                sure = SURE if part.value else PERHAPS
            else:
                sure = self.of(part)
            if sure == UNSURE:
                return UNSURE
            found = max(found, sure)
        return found

    # -- variables ------------------------------------------------------------------------------------------------

    def variable(self, name: str) -> int:
        """How sure it is that the variable *name* holds one word, wherever the script uses it."""
        if not self._ordinary or not name.isidentifier() or _SHELLS_OWN.fullmatch(name):
            return UNSURE
        if any(_mentions(self.script.text, name, each.start, each.end) for each in self._changing):
            return UNSURE
        if name in self._asked:
            # what it was before: all that it becomes is made of words, if this is one
            return self._inherited(name)
        if name in self._sure:
            return self._sure[name]
        self._asked.add(name)
        try:
            found = self._found(name)
        finally:
            self._asked.discard(name)
        if not self._asked:
            self._sure[name] = found
        return found

    def _found(self, name: str) -> int:
        values = list(self._values(name))
        if None in values:
            return UNSURE
        if values:
            found = min(self.value(word) for word in values if word is not None)
            known = self._loops(name) or self._set_first(name)
            return found if known else min(found, self._inherited(name))
        return self._inherited(name)

    def _values(self, name: str) -> Iterator[ShellWord | None]:
        """What the script assigns to *name*; None for what cannot be told."""
        text = self.script.text
        for node in self._setting:
            if type(node) is Assignment and node.name == name:
                yield None if node.append or node.index is not None or node.array is not None else node.value
            elif isinstance(node, Compound) and node.variable == name:
                yield from node.words if node.kind == "for" and node.words else (None,)
            elif (
                (
                    isinstance(node, Compound)
                    and node.kind in ("test", "arith")
                    and _mentions(text, name, node.start, node.end)
                )
                or (isinstance(node, Arithmetic) and _mentions(text, name, node.start, node.end))
                or (
                    isinstance(node, Expansion)
                    and node.operator in ("=", ":=")
                    and _mentions(text, name, node.start, node.end)
                )
            ):
                yield None
            elif isinstance(node, Simple) and node.words and len(node.words) > 1:
                program = node.words[0].value
                setting = program in _SETTING or (program == "printf" and node.words[1].value == "-v")
                if setting and any(_mentions(word.text, name) for word in node.words[1:]):
                    yield None
                elif program in _EXPORTING and any(word.text.startswith(name + "=") for word in node.words[1:]):
                    yield self._exported(node, name)

    def _exported(self, node: Simple, name: str) -> ShellWord | None:
        """The value in ``export name=value``, where nothing splits it."""
        for word in node.words[1:]:
            first = word.parts[0] if word.parts else None
            if not isinstance(first, Literal) or not first.value.startswith(name + "="):
                continue
            value = Literal(first.start, first.end, True, first.value[len(name) + 1 :])
            return ShellWord(word.start, word.end, word.text, (value, *word.parts[1:]))
        return None

    def _loops(self, name: str) -> bool:
        """True if *name* is used within loops over it only."""
        inside: list[ShellNode] = []
        for node in self._setting:
            if isinstance(node, Compound) and node.variable == name and node.kind == "for":
                inside += node.bodies
        if not inside:
            return False
        return all(
            any(body.start <= node.start and node.end <= body.end for body in inside) for node in self._uses(name)
        )

    def _uses(self, name: str) -> Iterator[ShellNode]:
        """Wherever *name* is read, or set in passing."""
        for node in walk(self.root):
            if type(node) is Assignment and node.name == name:
                yield node
            reading = isinstance(node, (Expansion, Arithmetic)) or (isinstance(node, Substitution) and not node.script)
            if reading and _mentions(self.script.text, name, node.start, node.end):
                yield node

    def _set_first(self, name: str) -> bool:
        """True if the script sets *name* before all else that has to do with it, whatever comes of other commands."""
        text = self.script.text
        for statement in self.root.statements:
            node = statement.node
            items: Sequence[Node] = node.items if isinstance(node, AndOr) else (node,)
            for number, item in enumerate(items):
                if _sets(item, name):
                    if statement.terminator is not None and statement.terminator.text == "&":
                        return False
                    plain = not isinstance(node, AndOr) or all(operator.text == "&&" for operator in node.operators)
                    return not number or (plain and not _mentions(text, name, statement.end))
                if _mentions(text, name, item.start, item.end):
                    return False
        return False

    def _inherited(self, name: str) -> int:
        """How sure it is of a variable that the script does not set."""
        facts = self.instruction.file.facts
        found = facts.variable(name, self.instruction)
        stage = self.instruction.stage
        if stage is None or self.instruction.in_onbuild:
            return UNSURE
        mounts = [flag for flag in self.instruction.flags if flag.name == "mount" and flag.value is not None]
        if any("env" in flag.value.value for flag in mounts if flag.value is not None):
            return UNSURE  # a secret may be in it
        image = known_image(self.instruction)
        official = "" if image is None else image.name
        if name == "HOME" and found is None:
            return SURE if self._as_root() else UNSURE
        if found is not None and found.origin == "env" and found.node is not None:
            text = found.node.value.value if found.node.value is not None else ""
            if "$" not in text:
                return SURE if found.value and _PLAIN.fullmatch(found.value) else UNSURE
            return SURE if name == "PATH" and official in SHELL_KNOWN and self._longer_path() else UNSURE
        if name == "PATH":
            inside = found is None or found.origin in ("image", "builder")
            return SURE if inside and official in SHELL_KNOWN else UNSURE
        if found is None or (found.origin == "image" and official in BARE):
            declared = facts.environment(self.instruction).declared(name)
            return PERHAPS if official in BARE and name.lower() not in PROXIES and not declared else UNSURE
        if found.origin != "image" or image is None or "/" in image.name:
            return UNSURE
        return SURE if name in _ALWAYS_SET else PERHAPS if name in _SINGLE else UNSURE

    def _longer_path(self) -> bool:
        """True if every ENV of the file that sets PATH adds plain folders to what it was."""
        for env in self.instruction.file.walk():
            if isinstance(env, (Arg, Env)):
                for pair in env.pairs:
                    if pair.key.value == "PATH":
                        text = "$" if pair.value is None or isinstance(env, Arg) else pair.value.value
                        text = text.replace("${PATH}", "").replace("$PATH", "").strip("\"'")
                        if _PLAIN.fullmatch(text) is None:
                            return False
        return True

    def _as_root(self) -> bool:
        """True if root runs the script, whose home is /root."""
        file = self.instruction.file
        image = known_image(self.instruction)
        if image is None or image.user not in _ROOT or "HOME" in image.env or self._foreign():
            return False
        users = [each for each in file.walk() if isinstance(each, User)]
        if any(each.value is None or "$" in each.value.value for each in users):
            return False
        user = file.facts.user(self.instruction)
        return user in _ROOT and _ACCOUNTS.search(file.text) is None

    def _foreign(self) -> bool:
        """True if the stage is not built on an official image under its own name."""
        stage = self.instruction.stage
        base = None if stage is None else self.instruction.file.facts.base(stage)
        return base is None or not base.official

    # -- substitutions --------------------------------------------------------------------------------------------

    def printed(self, script: ShellScript) -> int:
        """How sure it is that what *script* prints is one word."""
        nodes: list[Node] = []
        for statement in script.statements:
            if statement.terminator is not None and statement.terminator.text == "&":
                return UNSURE
            node = statement.node
            if isinstance(node, AndOr):
                if any(operator.text != "&&" for operator in node.operators):
                    return UNSURE
                nodes += node.items
            else:
                nodes.append(node)
        if len(nodes) == 2:
            return PERHAPS if _of_release(*nodes) else UNSURE
        if len(nodes) != 1:
            return UNSURE
        node = nodes[0]
        if isinstance(node, Pipeline) and node.commands and not node.bang and not node.time:
            return PERHAPS if _words(node.commands[-1]) == "wc -l" else UNSURE
        return self._command(_words(node) or "", script.start)

    def _command(self, words: str, at: int) -> int:
        match = _PRINTING.fullmatch(words)
        if match is None and words not in ("mktemp", "mktemp -d"):
            return UNSURE
        image = known_image(self.instruction)
        if image is None or not image.userland:
            return PERHAPS
        if match is None:
            from dlinter.folders import surely_there

            made = "TMPDIR" not in self.instruction.file.text and surely_there("/tmp", self.script, at)
            return SURE if made else PERHAPS
        if match["always"]:
            return SURE
        return SURE if match["debian"] and image.family in ("debian", "ubuntu") else PERHAPS


def words_of(script: Script) -> OneWord:
    """What is known of the expansions in *script*, which has a tree."""
    return script.instruction.file.facts.known(_words_of, script)


def _words_of(script: Script) -> OneWord:
    assert script.root is not None
    return OneWord(script, script.root)


def _may_set(node: ShellNode) -> TypeGuard[Assignment | Compound | Arithmetic | Expansion | Simple]:
    """True if *node* may give a variable its value."""
    if isinstance(node, Compound):
        return node.variable is not None or node.kind in ("test", "arith")
    if isinstance(node, Expansion):
        return node.operator in ("=", ":=")
    if isinstance(node, Simple) and len(node.words) > 1:
        return node.words[0].value in _SETTING | _EXPORTING | {"printf"}
    return isinstance(node, (Assignment, Arithmetic))


def known_image(instruction: Instruction) -> Image | None:
    """What is known of the image below *instruction*, whatever is given from outside."""
    facts = instruction.file.facts
    if instruction.stage is None:
        return None
    base = facts.graph.root(instruction.stage).base.image
    image = facts.image(instruction)
    name, _, tag = ("", "", "") if base is None else base.value.partition(":")
    if "$" in name or ("$" in tag and (image is None or image.name not in BARE or image.name == "buildpack-deps")):
        return None
    return image


def _words(node: Node) -> str | None:
    """The words of a simple command with nothing to expand, whose errors alone may go elsewhere."""
    if not isinstance(node, Simple) or node.assignments:
        return None
    for redirect in node.redirects:
        if (redirect.fd, redirect.operator, redirect.target.value) != ("2", ">", "/dev/null"):
            return None
    values = [word.value for word in node.words]
    if any(value is None or " " in value for value in values):
        return None
    return " ".join(value for value in values if value is not None)


def _of_release(first: Node, second: Node) -> bool:
    """``. /etc/os-release; echo "$ID"``."""
    if _words(first) not in (". /etc/os-release", "source /etc/os-release"):
        return False
    if not isinstance(second, Simple) or second.assignments or second.redirects or len(second.words) != 2:
        return False
    printed = second.words[1].parts
    if second.words[0].value != "echo" or len(printed) != 1:
        return False
    part = printed[0]
    return isinstance(part, Expansion) and not part.operator and part.name in _RELEASE


def _sets(node: Node, name: str) -> bool:
    """True if *node* does nothing but set variables, *name* among them."""
    if not isinstance(node, Simple) or node.redirects:
        return False
    if not node.words:
        return any(assignment.name == name for assignment in node.assignments)
    if node.words[0].value != "export":
        return False
    return any(word.text.startswith(name + "=") for word in node.words[1:])


def _unseen(root: ShellScript, changing: list[Substitution]) -> bool:
    """True if a command of *root* may set any variable; those in substitutions are *changing* them alone."""
    substitutions: list[Substitution] = []
    found = False
    for node in walk(root):
        if isinstance(node, Substitution):
            substitutions.append(node)
        elif isinstance(node, Simple) and node.words:
            program = node.words[0].value
            if program in _HANDING_ON and len(node.words) > 1:
                program = node.words[1].value
            if program in _UNSEEN or (program is None and "/" not in node.words[0].text):
                around = [each for each in substitutions if each.start <= node.start < each.end]
                changing += around[:1]
                found = found or not around
    return found


def kept(word: ShellWord, part: Part) -> bool:
    """True if *word* is a word even where *part* of it is empty."""
    return any(type(each) is Glob or (type(each) is Literal and each.value) for each in word.parts if each is not part)


def _mentions(text: str, name: str, start: int = 0, end: int | None = None) -> bool:
    """True if *name* stands in ``text[start:end]``, not as part of a longer name."""
    end = len(text) if end is None else end
    at = text.find(name, start, end)
    while at >= 0:
        around = text[at - 1 : at] + text[at + len(name) : at + len(name) + 1]
        if not any(char.isalnum() or char == "_" for char in around):
            return True
        at = text.find(name, at + 1, end)
    return False
