"""Everything BuildKit refuses and dlint can tell from the text, in one table.

Three levels, from which the hundreds of the code follow:

* ``parser`` (DL11xx): the whole file is rejected (package parser)
* ``instruction`` (DL12xx): the file is read, an instruction is not (package instructions)
* ``dispatch`` (DL13xx): the build of a stage fails before anything runs (package dockerfile2llb)
"""

from __future__ import annotations

from dlinter_grammar.nodes import Span, SyntaxProblem

_P, _I, _D = "parser", "instruction", "dispatch"

#: name -> (code, level, title, why and what to do)
PROBLEMS: dict[str, tuple[str, str, str, str]] = {
    "no-instructions": (
        "DL1101",
        _P,
        "The file has no instructions",
        "A Dockerfile needs at least one instruction. A file of comments and blank lines cannot be built.",
    ),
    "duplicate-directive": (
        "DL1102",
        _P,
        "A parser directive is given twice",
        "Each of syntax, escape and check may stand once at the top of the file. Remove one of the two.",
    ),
    "invalid-escape": (
        "DL1103",
        _P,
        "The escape directive names an invalid token",
        "Only a backslash and a backquote can be the escape token.",
    ),
    "line-too-long": (
        "DL1104",
        _P,
        "A line is longer than 65535 bytes",
        "BuildKit reads lines of at most 65535 bytes. Break it with the escape token; the joined line has no limit.",
    ),
    "unterminated-heredoc": (
        "DL1105",
        _P,
        "A heredoc has no end",
        "No line consists of the heredoc's name alone, without blanks around it. BuildKit looks for heredocs even in "
        "arithmetic such as $((1 << 2)) and takes everything up to the next blank for the name: EOF) in (cat <<EOF).",
    ),
    "invalid-heredoc-name": (
        "DL1106",
        _P,
        "The name of a heredoc cannot be read",
        "Quotes and substitutions in the name of a heredoc have to be complete.",
    ),
    "json-not-strings": (
        "DL1107",
        _P,
        "A JSON array holds something that is no string",
        "What is valid JSON is read as exec form, and that takes strings only. Put quotes around each element, or, if "
        "no array was meant, write something before the bracket.",
    ),
    "missing-value": (
        "DL1108",
        _P,
        "ENV or LABEL has a name without a value",
        'Write NAME=value; an empty value is NAME= or NAME="".',
    ),
    "missing-equals": (
        "DL1109",
        _P,
        "A word of ENV or LABEL has no =",
        "The first word has an =, so every word must be name=value. A value with blanks needs quotes.",
    ),
    "unknown-instruction": (
        "DL1201",
        _I,
        "Unknown instruction",
        "The first word of a line is no instruction. Often the line before lacks its continuation character, or has "
        "something behind it.",
    ),
    "no-stage": (
        "DL1202",
        _I,
        "An instruction stands before the first FROM",
        "Before the first FROM only ARG is allowed.",
    ),
    "unknown-flag": (
        "DL1203",
        _I,
        "Unknown flag",
        "The instruction has no such flag. An argument that begins with two dashes can be given after a lone --, or in "
        "exec form.",
    ),
    "duplicate-flag": ("DL1204", _I, "A flag is given twice", "This flag takes one value. Remove one of the two."),
    "missing-flag-value": (
        "DL1205",
        _I,
        "A flag has no value",
        "Write --flag=value without blanks around the =. BuildKit does not take the next word for the value.",
    ),
    "invalid-flag-value": (
        "DL1206",
        _I,
        "A flag is neither true nor false",
        "Write --flag, --flag=true or --flag=false.",
    ),
    "missing-argument": (
        "DL1207",
        _I,
        "An instruction lacks its arguments",
        "The instruction means nothing without an argument.",
    ),
    "from-arguments": (
        "DL1208",
        _I,
        "FROM has the wrong number of arguments",
        "FROM image or FROM image AS name; nothing may follow, not even a comment.",
    ),
    "invalid-stage-name": (
        "DL1209",
        _I,
        "Invalid name of a build stage",
        "A stage name is a letter and then letters, digits, -, _ and dots; variables are not expanded.",
    ),
    "missing-destination": (
        "DL1210",
        _I,
        "COPY or ADD has no destination",
        "At least one source and the destination are needed.",
    ),
    "heredoc-destination": (
        "DL1211",
        _I,
        "A heredoc stands where the destination belongs",
        "The last argument of COPY and ADD is the destination, heredocs come before it.",
    ),
    "blank-name": (
        "DL1212",
        _I,
        "A variable or label has no name",
        "Nothing stands before the =, often because of a blank.",
    ),
    "nested-onbuild": ("DL1213", _I, "ONBUILD ONBUILD is not allowed", "A trigger cannot set a trigger."),
    "onbuild-trigger": (
        "DL1214",
        _I,
        "The instruction cannot be a trigger",
        "FROM and MAINTAINER have no meaning in a build that has begun.",
    ),
    "healthcheck-type": (
        "DL1215",
        _I,
        "HEALTHCHECK without CMD or NONE",
        "The command of a health check comes after the word CMD.",
    ),
    "healthcheck-none": ("DL1216", _I, "HEALTHCHECK NONE has arguments", "NONE takes no arguments."),
    "healthcheck-command": ("DL1217", _I, "HEALTHCHECK CMD has no command", "Write the command after CMD."),
    "invalid-duration": (
        "DL1218",
        _I,
        "Invalid duration",
        "A number with a unit (ns, us, ms, s, m, h) such as 1m30s, at least 1ms; variables are not expanded.",
    ),
    "invalid-retries": (
        "DL1219",
        _I,
        "Invalid number of retries",
        "A whole number from 0 on; variables are not expanded.",
    ),
    "shell-form": (
        "DL1220",
        _I,
        "SHELL needs a JSON array",
        'SHELL takes the exec form only: SHELL ["/bin/bash", "-c"].',
    ),
    "empty-volume": ("DL1221", _I, "An empty path of a volume", "Each volume needs a path."),
    "invalid-network": ("DL1222", _I, "Invalid network mode", "RUN --network takes default, none or host."),
    "invalid-security": ("DL1223", _I, "Invalid security mode", "RUN --security takes sandbox or insecure."),
    "invalid-csv": (
        "DL1224",
        _I,
        "The options of a mount or device cannot be read",
        "Options are separated by commas; an option in quotes must be quoted as a whole.",
    ),
    "variable-mount-from": (
        "DL1225",
        _I,
        "A variable in from= of a mount",
        "Variables are not expanded there. Write FROM $IMAGE AS name and mount from that stage.",
    ),
    "invalid-device": ("DL1226", _I, "Invalid device request", "RUN --device takes a name and the option required."),
    "no-stages": (
        "DL1301",
        _D,
        "There is nothing to build",
        "Without a FROM there is no stage.",
    ),
    "invalid-expansion": (
        "DL1302",
        _D,
        "Quotes or a substitution cannot be read",
        "A quote is not closed or a ${...} is none that BuildKit knows. To mean the character itself, escape it or put "
        "it in single quotes.",
    ),
    "blank-base": (
        "DL1303",
        _D,
        "The base image has no name",
        "The name is empty once the variables are expanded. Only ARG instructions before the first FROM count.",
    ),
    "invalid-image": (
        "DL1304",
        _D,
        "Invalid image name",
        "Image names are [host[:port]/]path[:tag][@digest]; the path is lower case. A stage can be named only by the "
        "lower-case form of its name.",
    ),
    "invalid-platform": (
        "DL1305",
        _D,
        "Invalid platform",
        "A platform is os, architecture, os/architecture or os/architecture/variant.",
    ),
    "invalid-port": (
        "DL1306",
        _D,
        "Invalid port",
        "A port is a number or a range up to 65535, with /tcp, /udp or /sctp if need be.",
    ),
    "invalid-signal": ("DL1307", _D, "Invalid signal", "A number other than 0, or a Linux name such as SIGTERM."),
    "invalid-chmod": (
        "DL1308",
        _D,
        "Invalid mode",
        "An octal number up to 07777, or a symbolic mode such as u=rwX,go=rX.",
    ),
    "copy-url": ("DL1309", _D, "COPY cannot fetch a URL", "Use ADD for a URL."),
    "copy-git": ("DL1310", _D, "COPY cannot fetch from git", "Use ADD for a git repository."),
    "invalid-git-source": ("DL1311", _D, "Invalid git source", "The query of the git URL cannot be read."),
    "invalid-checksum": (
        "DL1312",
        _D,
        "Invalid use of --checksum",
        "ADD --checksum takes algorithm:hex for a single HTTP or git source.",
    ),
    "inconsistent-git-dir": (
        "DL1313",
        _D,
        "--keep-git-dir and the source disagree",
        "The flag and the query keep-git-dir of the URL say different things.",
    ),
    "variable-from": (
        "DL1314",
        _D,
        "A variable in --from",
        "Variables are not expanded there. Write FROM $IMAGE AS name and copy from that stage.",
    ),
    "invalid-stage-index": ("DL1315", _D, "No stage has this number", "Stages are counted from 0. Names are safer."),
    "later-stage": (
        "DL1316",
        _D,
        "A stage is used before it is defined",
        "COPY --from and mounts can use stages that end before the current one begins. Move the stage up.",
    ),
    "circular-stages": ("DL1317", _D, "Stages depend on each other", "A stage needs itself, perhaps through others."),
    "invalid-mount": (
        "DL1318",
        _D,
        "Invalid mount",
        "See the reference of RUN --mount for the options of each type; the type comes first.",
    ),
    "unsupported-device": (
        "DL1319",
        _D,
        "RUN --device needs the labs frontend",
        "Put # syntax=docker/dockerfile:1-labs at the top of the file.",
    ),
    "empty-volume-value": ("DL1320", _D, "A volume is empty once its quotes are gone", "Each volume needs a path."),
}


def problem(
    name: str, span: Span | tuple[int, int], line: int, message: str, suggestion: str | None = None
) -> SyntaxProblem:
    """A problem of the kind *name*; *line* and *message* are BuildKit's, without its ``(did you mean X?)``."""
    start, end = span if isinstance(span, tuple) else (span.start, span.end)
    return SyntaxProblem(start, end, name, PROBLEMS[name][1], line, message, suggestion)
