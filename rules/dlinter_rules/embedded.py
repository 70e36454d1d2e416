"""Programs and data written into the Dockerfile itself: Python, JSON, YAML and TOML."""

from __future__ import annotations

import sys
from functools import partial

from dlinter import Add, Command, Copy, Findings, Instruction, Run, Severity, report, rule
from dlinter.tree import Heredoc, Token
from dlinter_grammar import regex as re
from dlinter_rules.common import image_of, program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dlinter.scripts import Script

    #: from a place in the text to its place in the file
    Place = Callable[[int], int]

#: statements that are Python 2 and nothing else
_PYTHON2 = re.compile(r"(?:^|[;:])\s*(?:(?:print|exec)\s+[^\s(=.,]|except\s+\w+\s*,\s*\w+\s*:|raise\s+\w+\s*,)", re.M)
#: names of JSON files in which comments are allowed
_COMMENTED = re.compile(
    r"(?:ts|js)config[\w.-]*\.json|\.?eslintrc.*|settings\.json|devcontainer\.json|.*\.jsonc|.*\.code-.*"
)
#: marks of a text that something else fills in before it is read
_TEMPLATE = re.compile(r"\{\{|\{%|<%|\$\{|@@|^\s*#\s*(?:if|include)\b", re.M)


@rule(
    "DL2112",
    "embedded-python-invalid",
    on=(Command, Copy, Run),
    named=("python", "python3", "python3.8", "python3.9", "python3.10", "python3.11", "python3.12", "python3.13"),
    mentions=("python", "<<"),
    severity=Severity.ERROR,
)
def embedded_python_invalid(node: Command | Copy | Run) -> Findings:
    r"""Write Python that Python can read

    A program in a here-document or behind -c is compiled only when it runs: at the end of a long build, or later.

    ```dockerfile bad
    FROM python:3.12
    RUN python3 -c 'import sys; print(sys.version'
    ```
    ```dockerfile bad
    FROM python:3.12
    RUN python - <<'EOF'
    import os
    for name in os.environ
        print(name)
    EOF
    ```
    ```dockerfile bad
    FROM python:3.12
    COPY <<'EOF' /app/main.py
    def main():
    print("hello")
    EOF
    CMD ["python", "-c", "import app; app.run(")]
    ```
    ```dockerfile bad
    FROM python:3.12
    RUN <<EOF
    #!/usr/bin/env python3
    print("a"
    EOF
    ```
    ```dockerfile good
    FROM python:3.12
    RUN python3 -c 'import sys; print(sys.version)' && python -c "import $MODULE"
    RUN python - <<EOF
    print("$HOME")
    EOF
    COPY <<'EOF' /app/main.py
    def main():
        print("hello")
    EOF
    COPY <<EOF /etc/motd
    def main(:
    EOF
    ```
    Python 2 is another language:
    ```dockerfile good
    FROM centos:7
    RUN python -c 'print "hello"' && python -c 'import sys; print [sys.version]'
    ```
    """
    if isinstance(node, Copy):
        for heredoc, name in _files(node):
            if name.endswith(".py") and not (heredoc.expand and "$" in heredoc.content):
                text, place = _body(node, heredoc)
                yield from _python(node, text, place, certain=True)
    elif isinstance(node, Run):
        for script in node.scripts:
            first = script.text.lstrip("\t").split("\n", 1)[0]
            if script.dialect == "other" and re.match(r"#!\s*/\S*(?:python3|env\s+python3)", first):
                yield from _python(node, script.text, script.at, certain=True)
    else:
        yield from _called(node)


def _called(command: Command) -> Findings:
    """The program behind ``-c``, or in the here-document that ``python -`` reads."""
    certain = program(command).text.rsplit("/", 1)[-1] != "python" or _is_3(command.instruction)
    for number, word in enumerate(command.args):
        if word.text[:1] != "-":
            return
        if word.value == "-" or word.value is None:
            break
        if re.fullmatch(r"-[A-Zbdisuvx]*c", word.value):
            if number + 1 < len(command.args):
                yield from _quoted(command, number + 1, certain)
            return
        if word.value in ("-m", "-W", "-X", "-h", "-V", "--version", "--help"):
            return
    script = command.script
    if script is None or command.simple is None:
        return
    for redirect in command.simple.redirects:
        if redirect.operator in ("<<", "<<-") and redirect.fd in ("", "0") and redirect.body is not None:
            body = script.text[slice(*redirect.body)]
            literal = set(redirect.target.text) & set("'\"\\")
            if redirect.operator == "<<" and (literal or not set(body) & set("$`\\")):
                yield from _python(command, body, partial(_from, script, redirect.body[0]), certain)


def _from(script: Script, start: int, offset: int) -> int:
    return script.at(start + offset)


def _quoted(command: Command, number: int, certain: bool) -> Findings:
    word = command.args[number]
    text = word.value
    if text is None:
        return
    if word.shell is None:
        exact = isinstance(word.text, str) and word.end - word.start == len(text) + 2
        place: Place = (lambda offset: word.start + 1 + offset) if exact else (lambda _: word.start)
    else:
        script = command.script
        assert script is not None
        inner = word.shell.text[1:-1] == text and word.shell.text[:1] in "'\""
        first = word.shell.start + 1
        place = (lambda offset: script.at(first + offset)) if inner else (lambda _: word.start)
    yield from _python(command, text, place, certain)


def _python(node: Command | Copy | Run, text: str, place: Place, certain: bool) -> Findings:
    """The syntax error of the Python program *text*, if it has one that any Python 3 has."""
    import ast
    import warnings

    if not text.strip() or (not certain and _PYTHON2.search(text)):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        if error.lineno is None or _newer(error.msg, text):
            return
        lines = text.split("\n")
        line = min(error.lineno, len(lines))
        column = max(min((error.offset or 1) - 1, len(lines[line - 1]) - 1), 0)
        at = place(sum(len(each) + 1 for each in lines[: line - 1]) + column)
        yield report(Token(at, at + 1, ""), f"Python cannot read this: {error.msg}")
    except (ValueError, MemoryError, RecursionError):
        return


def _newer(message: str, text: str) -> bool:
    """True if a later Python than the one that looks may accept it."""
    if "f-string" in message:
        return sys.version_info < (3, 12)
    if "multiple exception types" in message:
        return sys.version_info < (3, 14)
    return (
        sys.version_info < (3, 12) and re.search(r"^\s*(?:type\s+\w+.*=|(?:def|class)\s+\w+\[)", text, re.M) is not None
    )


def _is_3(instruction: Instruction) -> bool:
    """True if the command ``python`` is Python 3 for certain: in the official image of one."""
    image = image_of(instruction.stage)
    base = instruction.file.facts.base(instruction.stage) if instruction.stage is not None else None
    if image is None or base is None or not base.official or base.path != "python":
        return False
    return base.tag is None or not re.match(r"2(?:\D|$)", base.tag)


@rule("DL2113", "copied-data-invalid", on=(Copy, Add), mentions=("<<",), severity=Severity.ERROR)
def copied_data_invalid(copy: Copy | Add) -> Findings:
    r"""Write JSON, YAML and TOML that can be read

    A mistake in a here-document that becomes a file shows only when a program in the container reads that file.

    ```dockerfile bad
    FROM nginx:1.27
    COPY <<EOF /etc/app/config.json
    {
      "port": 80,
    }
    EOF
    ```
    ```dockerfile bad
    FROM nginx:1.27
    COPY <<'EOF' /etc/app/config.yaml
    server:
      port: 80
     host: example.com
    EOF
    ```
    ```dockerfile bad
    FROM nginx:1.27
    COPY <<config.toml /etc/app/
    [server
    port = 80
    config.toml
    ```
    ```dockerfile good
    FROM nginx:1.27
    COPY <<EOF /etc/app/config.json
    {"port": 80}
    EOF
    COPY <<EOF /etc/app/later.json
    {"port": $PORT}
    EOF
    COPY <<'EOF' /etc/app/template.yaml
    server: {{ server }}
    EOF
    COPY <<'EOF' /app/tsconfig.json
    {
      // the compiler's own JSON
      "strict": true,
    }
    EOF
    COPY <<EOF /etc/nginx/nginx.conf
    events {}
    EOF
    ```
    """
    for heredoc, name in _files(copy):
        text, place = _body(copy, heredoc)
        if not text.strip() or (heredoc.expand and "$" in text) or _TEMPLATE.search(text):
            continue
        found: tuple[int, str] | None = None
        if name.endswith(".json") and not _COMMENTED.fullmatch(name):
            found = _json(text)
        elif name.endswith((".yaml", ".yml")):
            found = _yaml(text)
        elif name.endswith(".toml"):
            found = _toml(text)
        if found is not None:
            offset = min(found[0], len(text.rstrip("\n")) - 1)
            at = place(max(offset, 0))
            kind = {"json": "JSON", "toml": "TOML"}.get(name.rsplit(".", 1)[-1], "YAML")
            yield report(Token(at, at + 1, ""), f"This is no {kind}: {found[1]}")


def _json(text: str) -> tuple[int, str] | None:
    import json

    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.pos, error.msg[:1].lower() + error.msg[1:]
    except RecursionError:
        pass
    return None


def _yaml(text: str) -> tuple[int, str] | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        for _ in YAML(typ="safe", pure=True).parse(text):
            pass
    except MarkedYAMLError as error:
        mark = error.problem_mark
        return (0 if mark is None else mark.index), error.problem or "it cannot be read"
    except (YAMLError, ValueError, RecursionError):
        return 0, "it cannot be read"
    return None


def _toml(text: str) -> tuple[int, str] | None:
    import tomllib

    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _, where = str(error).partition(" (at ")
        found = re.match(r"line (\d+), column (\d+)", where)
        if found is None:
            return len(text), message[:1].lower() + message[1:]
        before = sum(len(line) + 1 for line in text.split("\n")[: int(found[1]) - 1])
        return before + int(found[2]) - 1, message[:1].lower() + message[1:]
    return None


def _files(copy: Copy | Add) -> list[tuple[Heredoc, str]]:
    """The here-documents that *copy* makes files of, each with the name of its file, without folders."""
    destination = copy.destination
    if destination is None:
        return []
    target = destination.value
    found = []
    for heredoc in copy.heredocs:
        name = heredoc.name if target.endswith(("/", ".")) or len(copy.sources) > 1 else target
        found.append((heredoc, name.rsplit("/", 1)[-1].lower()))
    return found


def _body(copy: Copy | Add, heredoc: Heredoc) -> tuple[str, Place]:
    """What the file will hold, with the way back: the tabs that ``<<-`` takes away are not in it."""
    raw = copy.file.text[heredoc.start : heredoc.end]
    if not heredoc.chomp:
        return raw, lambda offset: heredoc.start + offset
    starts: list[tuple[int, int]] = []
    at = done = 0
    lines: list[str] = []
    for line in raw.split("\n"):
        kept = line.lstrip("\t")
        starts.append((done, heredoc.start + at + len(line) - len(kept)))
        lines.append(kept)
        at += len(line) + 1
        done += len(kept) + 1

    def place(offset: int) -> int:
        begin, source = max(pair for pair in starts if pair[0] <= offset)
        return source + offset - begin

    return "\n".join(lines), place
