"""Instructions: how each is written, what it does, what to propose for it."""

from __future__ import annotations

from dataclasses import dataclass

from dlinter.server.features.prose import REFERENCE


@dataclass(slots=True)
class Form:
    """One way to write an instruction: ``label``, and of each part in it, in order, what it means."""

    label: str
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Text:
    """``text`` says what it is for, ``heading`` is its place in the reference, ``snippet`` what to propose."""

    text: str
    heading: str
    snippet: str
    forms: tuple[Form, ...]

    @property
    def url(self) -> str:
        return REFERENCE + self.heading


_FLAGS = ("[OPTIONS]", "Flags, each `--name=value`, before everything else.")
_EXEC = (
    ("executable", "The program; no shell looks at it, so variables are not expanded."),
    ("parameter", "One argument. Strings of a JSON array, in double quotes."),
)
_SHELL = (("command", "A command line for the shell in force, `/bin/sh -c` unless SHELL says otherwise."),)

INSTRUCTIONS: dict[str, Text] = {
    "from": Text(
        "Begins a build stage on a base image, on an earlier stage or on nothing (`scratch`). "
        "The name after `AS` is how later instructions refer to the stage.",
        "from",
        "FROM ${1:image}:${2:tag}",
        (
            Form(
                "FROM [--platform=platform] image [AS name]",
                (
                    ("[--platform=platform]", "The platform of the image, such as `linux/arm64` or `$BUILDPLATFORM`."),
                    ("image", "`name[:tag][@digest]`, an earlier stage, or `scratch`. Only ARGs before FROM are seen."),
                    ("[AS name]", "A name for the stage: letters, digits and `-_.`, a letter first."),
                ),
            ),
        ),
    ),
    "run": Text(
        "Runs a command while the image is built and keeps what it changed as a new layer.",
        "run",
        "RUN ${1:command}",
        (
            Form("RUN [OPTIONS] command", (_FLAGS, *_SHELL)),
            Form('RUN [OPTIONS] ["executable", "parameter", ...]', (_FLAGS, *_EXEC)),
            Form(
                "RUN [OPTIONS] <<EOF",
                (_FLAGS, ("<<EOF", "A script over several lines, up to a line that is the name alone.")),
            ),
        ),
    ),
    "cmd": Text(
        "Says what a container runs unless it is told otherwise; with an ENTRYPOINT in exec form, which arguments that "
        "gets. Only the last one of a stage counts.",
        "cmd",
        'CMD ["${1:executable}"]',
        (
            Form('CMD ["executable", "parameter", ...]', _EXEC),
            Form("CMD command", _SHELL),
        ),
    ),
    "label": Text(
        "Adds metadata to the image as pairs of key and value. Keys commonly begin with a reversed domain name, those "
        "of general use with `org.opencontainers.image.`.",
        "label",
        'LABEL ${1:key}="${2:value}"',
        (
            Form(
                "LABEL key=value ...",
                (
                    ("key", "Letters, digits and `.-_/`, such as `org.opencontainers.image.source`."),
                    ("value", "Any text; quotes around one with blanks."),
                    ("...", "Further pairs."),
                ),
            ),
        ),
    ),
    "maintainer": Text(
        "Names the author of the image. Deprecated: a label `org.opencontainers.image.authors` can be looked up.",
        "maintainer-deprecated",
        "MAINTAINER ${1:name}",
        (Form("MAINTAINER name", (("name", "All of the rest of the line."),)),),
    ),
    "expose": Text(
        "Documents the ports that the program in the container listens on. Nothing is published by it: that is for "
        "`docker run --publish`.",
        "expose",
        "EXPOSE ${1:8080}",
        (
            Form(
                "EXPOSE port[/protocol] ...",
                (
                    ("port", "A port or a range such as `8000-8010`."),
                    ("[/protocol]", "`tcp` (the default), `udp` or `sctp`."),
                    ("...", "Further ports."),
                ),
            ),
        ),
    ),
    "env": Text(
        "Sets environment variables for the instructions that follow, for stages built on this one and for containers. "
        "A value that only the build needs is better an ARG.",
        "env",
        "ENV ${1:NAME}=${2:value}",
        (
            Form(
                "ENV NAME=value ...",
                (
                    ("NAME", "The variable. The others of the same instruction do not see it yet."),
                    ("value", "The text, `$NAME` expanded; quotes around one with blanks."),
                    ("...", "Further pairs."),
                ),
            ),
        ),
    ),
    "add": Text(
        "Copies files and folders of the build context, and also fetches URLs and Git repositories and unpacks local "
        "archives. For plain files COPY says more clearly what happens.",
        "add",
        "ADD ${1:source} ${2:destination}",
        (
            Form(
                "ADD [OPTIONS] source ... destination",
                (
                    _FLAGS,
                    ("source", "A path in the build context, with wildcards, a URL, a Git address or `<<EOF`."),
                    ("...", "Further sources; the destination has to end in `/` then."),
                    ("destination", "A path in the image; relative ones begin at WORKDIR."),
                ),
            ),
            Form(
                'ADD [OPTIONS] ["source", ..., "destination"]',
                (_FLAGS, ("source", "A path with blanks can be written in this form."), ("destination", "Where to.")),
            ),
        ),
    ),
    "copy": Text(
        "Copies files and folders of the build context, of another stage or of an image into the stage's filesystem.",
        "copy",
        "COPY ${1:source} ${2:destination}",
        (
            Form(
                "COPY [OPTIONS] source ... destination",
                (
                    _FLAGS,
                    ("source", "A path in the build context (or in `--from`), with wildcards, or `<<EOF`."),
                    ("...", "Further sources; the destination has to end in `/` then."),
                    ("destination", "A path in the image; relative ones begin at WORKDIR."),
                ),
            ),
            Form(
                'COPY [OPTIONS] ["source", ..., "destination"]',
                (_FLAGS, ("source", "A path with blanks can be written in this form."), ("destination", "Where to.")),
            ),
        ),
    ),
    "entrypoint": Text(
        "Fixes the program of the container; what CMD or the command line of `docker run` gives become its arguments, "
        "in exec form only.",
        "entrypoint",
        'ENTRYPOINT ["${1:executable}"]',
        (
            Form('ENTRYPOINT ["executable", "parameter", ...]', _EXEC),
            Form("ENTRYPOINT command", _SHELL),
        ),
    ),
    "volume": Text(
        "Marks paths as mount points for data from outside the container. What later instructions of the build change "
        "there may be lost.",
        "volume",
        "VOLUME ${1:/data}",
        (
            Form("VOLUME path ...", (("path", "An absolute path in the image."), ("...", "Further paths."))),
            Form('VOLUME ["path", ...]', (("path", "An absolute path in the image, in double quotes."),)),
        ),
    ),
    "user": Text(
        "Sets the user, and perhaps the group, that the following RUN, CMD and ENTRYPOINT instructions run as.",
        "user",
        "USER ${1:name}",
        (
            Form(
                "USER user[:group]",
                (
                    ("user", "A name that exists in the image, or a number."),
                    ("[:group]", "A group's name or number; without it the user's own, or root for a number."),
                ),
            ),
        ),
    ),
    "workdir": Text(
        "Sets the working directory of the instructions that follow and of the container, and makes it if it is not "
        "there.",
        "workdir",
        "WORKDIR ${1:/app}",
        (
            Form(
                "WORKDIR path",
                (("path", "All of the rest of the line; a relative path begins at the directory in force."),),
            ),
        ),
    ),
    "arg": Text(
        "Declares a variable that `docker build --build-arg` can set. It exists from here to the end of the stage, not "
        "in the container; before the first FROM only FROM sees it.",
        "arg",
        "ARG ${1:NAME}",
        (
            Form(
                "ARG NAME[=default] ...",
                (
                    ("NAME", "The variable. Without a default it takes that of an ARG before the first FROM."),
                    ("[=default]", "What holds if nothing is given."),
                    ("...", "Further variables."),
                ),
            ),
        ),
    ),
    "onbuild": Text(
        "Stores an instruction that runs first thing in every stage that is built on this image.",
        "onbuild",
        "ONBUILD ",
        (Form("ONBUILD INSTRUCTION", (("INSTRUCTION", "Any instruction but FROM, MAINTAINER and ONBUILD."),)),),
    ),
    "stopsignal": Text(
        "Sets the signal that asks the container's program to end.",
        "stopsignal",
        "STOPSIGNAL ${1:SIGTERM}",
        (Form("STOPSIGNAL signal", (("signal", "A name such as `SIGQUIT`, or a number."),)),),
    ),
    "healthcheck": Text(
        "Tells how to find out whether a container still works: exit status 0 is healthy, 1 is not. `NONE` switches "
        "off the check of the base image.",
        "healthcheck",
        "HEALTHCHECK CMD ${1:command}",
        (
            Form("HEALTHCHECK [OPTIONS] CMD command", (_FLAGS, ("CMD", "The command follows."), *_SHELL)),
            Form("HEALTHCHECK NONE", (("NONE", "No check, even if the base image brings one."),)),
        ),
    ),
    "shell": Text(
        "Replaces the shell that runs the shell form of RUN, CMD, ENTRYPOINT and HEALTHCHECK from here on.",
        "shell",
        'SHELL ["${1:/bin/bash}", "${2:-o}", "${3:pipefail}", "${4:-c}"]',
        (Form('SHELL ["executable", "parameter", ...]', _EXEC),),
    ),
}

#: the words that HEALTHCHECK takes before its command
HEALTHCHECK_KINDS = {
    "CMD": "The command that tells whether the container works.",
    "NONE": "Switches off the check that the base image brings.",
}
