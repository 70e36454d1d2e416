"""Instructions that are read otherwise than they are meant."""

from __future__ import annotations

from dlinter import (
    UNSAFE,
    Add,
    Cmd,
    Copy,
    Edit,
    Entrypoint,
    Findings,
    Fix,
    Instruction,
    Run,
    Severity,
    Token,
    Volume,
    replace,
    report,
    rule,
)
from dlinter_grammar import regex as re

_ITEM = re.compile(r"\s*(?:\"((?:[^\"\\]|\\.)*)\"|'([^'\"\\]*)'|“([^”\"\\]*)”)\s*")


@rule("DL2104", "json-form-invalid", on=(Add, Cmd, Copy, Entrypoint, Run, Volume), severity=Severity.ERROR)
def json_form_invalid(instruction: Instruction) -> Findings:
    r"""Write the array as JSON: double quotes, and commas only between

    What is no JSON is given to a shell as it stands, brackets and quotes included, and no such program exists.

    ```dockerfile bad
    FROM debian:12
    CMD ['nginx', '-g', 'daemon off;']
    ```
    ```dockerfile unsafe
    FROM debian:12
    CMD ["nginx", "-g", "daemon off;"]
    ```
    ```dockerfile bad
    FROM debian:12
    ENTRYPOINT ["/app", "--port", "80",]
    ```
    ```dockerfile unsafe
    FROM debian:12
    ENTRYPOINT ["/app", "--port", "80"]
    ```
    ```dockerfile bad
    FROM debian:12
    CMD ["python" "app.py"]
    ```
    ```dockerfile bad
    FROM debian:12
    COPY ['a', '/b/']
    ```
    ```dockerfile unsafe
    FROM debian:12
    COPY ["a", "/b/"]
    ```
    ```dockerfile good
    FROM debian:12
    RUN [ -f /etc/passwd ] && echo yes
    RUN ["echo", "it's"]
    RUN [[ "$A" == "b" ]] || true
    CMD [ "$A" = "b" ] && run
    VOLUME ["/data"]
    COPY [a]file /
    ```
    """
    if instruction.form == "json" or instruction.heredocs or instruction.in_onbuild:
        return
    text = instruction.syntax.map.text
    rest = text[instruction.syntax.rest :].strip()
    if not rest.startswith("[") or not rest[1:].lstrip().startswith(("'", '"', "“", "”", "]")):
        return
    at = text.index(rest, instruction.syntax.rest)
    if re.search(r"\][ \t]+#", rest):
        return
    if isinstance(instruction, (Run, Cmd, Entrypoint)) and (rest[:2] == "[[" or not _array(rest)):
        return
    place = Token(*instruction.syntax.map.span(at, at + len(rest)), rest)
    words = _strings(rest)
    fix = None
    if words and all(words) and "\n" not in instruction.file.text[place.start : place.end]:
        from dlinter.shell_edits import json_string

        wanted = "[" + ", ".join(json_string(word) for word in words) + "]"
        fix = Fix([replace(place, wanted)], UNSAFE, "Write it as JSON", ("option-of-user",))
    yield report(place, fix=fix)


def _array(text: str) -> bool:
    """True if *text* can only be meant as an array: a test ends in a bracket that stands alone."""
    if not text.endswith("]"):
        return False
    inner = text[1:-1].strip()
    return "," in inner or re.fullmatch(r"(?:\"[^\"]*\"\s*)+|'[^']*'|“[^”]*”", inner) is not None


def _strings(text: str) -> list[str] | None:
    """The strings of an array in any quotes, with a comma too many perhaps."""
    if not text.endswith("]"):
        return None
    inner = text[1:-1]
    found: list[str] = []
    at = 0
    while at < len(inner):
        match = _ITEM.match(inner, at)
        if match is None:
            return found if found and not inner[at:].strip() else None
        if "\\" in (match[1] or ""):
            return None
        found.append(next(group for group in match.groups() if group is not None))
        at = match.end()
        if at < len(inner):
            if inner[at] != ",":
                return None
            at += 1
    return found


#: words that only a shell understands
_OPERATORS = frozenset({"&&", "||", "|", ";", ">", ">>", "<", "2>&1", "&", "2>", "2>/dev/null", ">/dev/null", "&>"})
_SHELLS = re.compile(r"(?:^|.*[/\\])(?:ba|da|a|z|k|c|tc|fi)?sh(?:\.exe)?$|(?i:.*(?:powershell|pwsh|cmd)(?:\.exe)?)$")
_VARIABLE = re.compile(r"(?<!\\)\$(?:[A-Z_][A-Z0-9_]+|\{[A-Za-z_]\w*\})")
#: programs that take such words as they are
_OWN = frozenset({
    "awk", "sed", "envsubst", "perl", "find", "expr", "test", "[", "env", "confd", "supervisord", "su", "eval", "-c",
    "-lc", "-ec", "-exc", "-xc",
})  # fmt: skip


@rule("DL2105", "run-exec-form-shell-syntax", on=(Run, Cmd, Entrypoint), severity=Severity.ERROR)
def run_exec_form_shell_syntax(instruction: Run | Cmd | Entrypoint) -> Findings:
    r"""Let a shell run what needs one: the array form has none

    The words go to the program as they stand, so it gets a dollar sign, or && as its argument.

    ```dockerfile bad
    FROM debian:12
    CMD ["java", "-jar", "$APP_JAR", "--port=${PORT}"]
    ```
    ```dockerfile unsafe
    FROM debian:12
    CMD ["sh", "-c", "exec java -jar \"$APP_JAR\" \"--port=${PORT}\""]
    ```
    ```dockerfile bad
    FROM debian:12
    RUN ["apt-get", "update", "&&", "apt-get", "install", "-y", "curl"]
    ```
    ```dockerfile good
    FROM debian:12
    CMD ["sh", "-c", "exec java -jar $APP_JAR"]
    CMD ["/bin/bash", "-lc", "a && b", "$0"]
    RUN ["sed", "-i", "s/$HOME/x/", "/a"]
    CMD ["grep", "a$", "/b"]
    CMD ["/entry", "awk", "{print $1}"]
    CMD ["tini", "--", "bash", "-c", "a && b $PORT"]
    CMD ["-c", "a | b $PORT"]
    ```
    """
    if instruction.form != "json" or instruction.in_onbuild or len(instruction.args) < 2:
        return
    values = [word.value for word in instruction.args]
    entry = instruction.file.facts.entrypoint(instruction) if isinstance(instruction, Cmd) else None
    started = [word.value for word in entry.args] if entry is not None and entry.form == "json" else []
    if any(_SHELLS.match(value) or value.rpartition("/")[2] in _OWN for value in [*started, *values]):
        return
    if instruction.stage is not None and instruction.file.facts.windows(instruction.stage):
        return
    operators = [word for word in instruction.args[1:] if word.value in _OPERATORS]
    if operators:
        yield report(operators[0], f"Let a shell run this: the array form hands {operators[0].value} to the program")
        return
    variables = [word for word in instruction.args if _VARIABLE.search(word.value)]
    if variables:
        name = _VARIABLE.search(variables[0].value)
        assert name is not None
        message = f"Let a shell run this: the array form does not replace {name[0]}"
        yield report(variables[0], message, _shelled(instruction))


def _shelled(instruction: Run | Cmd | Entrypoint) -> Fix | None:
    """The same through ``sh -c``, each word in quotes that keep it one word."""
    words = []
    for word in instruction.args:
        value = word.value
        if _VARIABLE.search(value):
            if any(char in value for char in '"`\\') or value.count("$") != len(_VARIABLE.findall(value)):
                return None
            words.append(f'"{value}"')
        elif re.fullmatch(r"[\w@%+=:,./-]+", value, re.ASCII):
            words.append(value)
        elif "'" in value or not value:
            return None
        else:
            words.append(f"'{value}'")
    if words[0] == "exec" or "=" in words[0]:
        return None
    if isinstance(instruction, Cmd):
        stage = instruction.stage
        if stage is None or instruction.file.facts.entrypoint(stage) is not None:
            return None
    if isinstance(instruction, Entrypoint):
        # what follows as arguments would be lost
        return None
    begin = "exec " if isinstance(instruction, Cmd) else ""
    start, end = instruction.args[0].start, instruction.args[-1].end
    from dlinter.shell_edits import json_string

    text = f'"sh", "-c", {json_string(begin + " ".join(words))}'
    return Fix([Edit(start, end, text)], UNSAFE, "Run it with sh -c", ("option-of-user",))


_KEYWORD = re.compile(
    r"(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|STOPSIGNAL|USER|VOLUME|"
    r"WORKDIR)[ \t]+\S"
)


@rule(
    "DL2106",
    "continuation-swallows-instruction",
    on=(Add, Copy, Run, Cmd, Entrypoint, Volume),
    severity=Severity.ERROR,
)
def continuation_swallows_instruction(instruction: Instruction) -> Findings:
    r"""Take out the line continuation: the next instruction is read as a part of this one

    The line before ends in an escape character, so the keyword becomes an argument.

    ```dockerfile bad
    FROM debian:12
    RUN apt-get update \
        && apt-get install -y curl \
    COPY app /app
    ```
    ```dockerfile unsafe
    FROM debian:12
    RUN apt-get update \
        && apt-get install -y curl
    COPY app /app
    ```
    ```dockerfile bad
    FROM debian:12
    RUN apt-get update && \
    RUN apt-get install -y curl
    ```
    ```dockerfile good
    FROM debian:12
    RUN apt-get update \
        && echo "\
    LABEL the text goes on" \
        && make \
        RUN=1 \
        ENV production
    ```
    """
    if instruction.in_onbuild or instruction.syntax.blanks or instruction.heredocs:
        return
    file = instruction.file
    text = file.text
    at = text.find("\n", instruction.start, instruction.end)
    while at >= 0:
        match = _KEYWORD.match(text, at + 1, instruction.end)
        if match is not None and not _inside_quotes(instruction, at + 1):
            word = Token(at + 1, at + 1 + len(match[0].split()[0]), match[0].split()[0])
            message = f"Take out the {file.escape} on the line before: this {word.text} is read as an argument"
            yield report(word, message, _cut(instruction, at))
            return
        at = text.find("\n", at + 1, instruction.end)


def _inside_quotes(instruction: Instruction, offset: int) -> bool:
    text = instruction.file.text[instruction.start : offset]
    lines = [line for line in text.split("\n") if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\.", "", "\n".join(lines))
    return joined.count('"') % 2 == 1 or joined.count("'") % 2 == 1


def _cut(instruction: Instruction, at: int) -> Fix | None:
    """Without the escape character at the end of the line that ends at *at*."""
    file = instruction.file
    start = file.source.line_start(at)
    line = file.text[start:at].rstrip("\r")
    if line.lstrip().startswith("#"):
        return None
    kept = line.rstrip(" \t")[:-1].rstrip(" \t")
    if not kept or kept.endswith(("&&", "||", "|", ";", ",")):
        return None
    edits = [Edit(start + len(kept), start + len(line), "")]
    from dlinter_rules.chains import redone

    return Fix(edits, UNSAFE, f"Take out the {file.escape}", redone(instruction, edits, 2))
