"""Checksums."""

from __future__ import annotations

from dlinter import SAFE, Edit, Findings, Fix, Run, Token, report, rule
from dlinter_grammar import regex as re
from dlinter_grammar.shell_nodes import Pipeline, Simple, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.scripts import Script

#: programs that read lines of a checksum, two characters and a file name
_CHECKERS = frozenset({
    "md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "sha3sum", "shasum", "gsha256sum",
})  # fmt: skip
#: families of images whose programs are BusyBox's
_BUSYBOX = frozenset({"alpine", "busybox", "wolfi"})
_LINE = re.compile(r"((?:[0-9A-Fa-f]{32,128}|\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\}))( )(?![ *\t])([^\s\\]+)(?:\\n)?")


@rule("DL2111", "run-checksum-single-space", on=Run)
def run_checksum_single_space(run: Run) -> Findings:
    r"""Put two blanks between the checksum and the file name

    BusyBox wants them and finds no checksum otherwise, so the step fails on Alpine.

    ```dockerfile bad
    FROM alpine:3.20
    ARG SHA=d41d8cd98f00b204e9800998ecf8427e
    RUN wget https://example.com/a.tgz \
        && echo "$SHA a.tgz" | md5sum -c -
    ```
    ```dockerfile fixed
    FROM alpine:3.20
    ARG SHA=d41d8cd98f00b204e9800998ecf8427e
    RUN wget https://example.com/a.tgz \
        && echo "$SHA  a.tgz" | md5sum -c -
    ```
    ```dockerfile bad
    FROM alpine:3.20
    RUN echo ${SHA} a.tgz | sha256sum -c
    ```
    ```dockerfile good
    FROM alpine:3.20
    RUN echo "$SHA  a.tgz" | sha256sum -c -
    RUN echo "$SHA *a.tgz" | sha256sum -c -
    RUN echo "$SHA a.tgz" | sha256sum
    RUN echo "$SHA a.tgz" > sums
    ```
    GNU's programs take one blank:
    ```dockerfile good
    FROM debian:12
    RUN echo "$SHA a.tgz" | sha256sum -c -
    ```
    """
    image = run.file.facts.image(run)
    if image is None or image.family not in _BUSYBOX:
        return
    for script in run.scripts:
        if script.root is None:
            continue
        for node in walk(script.root):
            if isinstance(node, Pipeline):
                for first, second in zip(node.commands, node.commands[1:], strict=False):
                    if isinstance(first, Simple) and isinstance(second, Simple) and _checks(second):
                        yield from _line(run, script, first)


def _checks(simple: Simple) -> bool:
    texts = [word.text for word in simple.words]
    if not texts or texts[0].rpartition("/")[2] not in _CHECKERS or len(texts) < 2:
        return False
    return any(text == "--check" or (text[:1] == "-" and text[1:2] != "-" and "c" in text) for text in texts[1:])


def _line(run: Run, script: Script, echo: Simple) -> Findings:
    words = echo.words
    if not words or words[0].text not in ("echo", "printf") or echo.redirects:
        return
    operands = [word for word in words[1:] if word.text not in ("-n", "-e", "-ne", "-en")]
    if len(operands) == 1 or (len(operands) == 3 and words[0].text == "printf"):
        word = operands[0]
        inner = word.text[1:-1]
        if len(word.text) < 2 or word.text[0] not in "\"'" or word.text[0] in inner or word.text[-1] != word.text[0]:
            return
        if words[0].text == "printf" and len(operands) == 3:
            at = inner.find("%s %s") + 2
            if inner not in ("%s %s", "%s %s\\n"):
                return
        else:
            match = _LINE.fullmatch(inner)
            if match is None or (word.text[0] == "'" and "$" in inner):
                return
            at = match.start(2)
        offset = script.at(word.start + 1 + at)
        edits = [Edit(offset, offset, " ")]
        fix = None if run.in_onbuild else Fix(edits, SAFE, "Put two blanks there", ("checksum-spaced",))
        yield report(script.token(word), fix=fix)
    elif len(operands) == 2 and words[0].text == "echo" and _LINE.fullmatch(f"{operands[0].text} {operands[1].text}"):
        start, end = script.span(operands[0].start, operands[1].end)
        yield report(Token(start, end, ""))
